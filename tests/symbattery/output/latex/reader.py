r"""Emitted LaTeX read back as numbers, so that an error of the printer cannot hide.

A recursive-descent reader of the subset that the package writes: sums and products, fractions,
roots, powers, named symbols, functions, binomials, sums over indices, cases, brackets of any size,
and formulas broken over lines. A formula becomes an expression of Python, evaluated by mpmath. No
code is shared with the printer or the layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath

__all__ = ["Equation", "Formula", "equations_of", "read"]

Formula = Callable[[Mapping[str, Any]], Any]

_TOKEN = re.compile(
    r"\\begin\{cases\}|\\end\{cases\}|\\text\{[^}]*\}|\\[a-zA-Z]+|\\.|\d+\.\d+|\d+|[^\s]"
)
_SIZES = {r"\left", r"\right", *(rf"\{s}{e}" for s in ("big", "Big", "bigg", "Bigg") for e in "lr")}
_SKIPPED = _SIZES | {r"\,", r"\quad", r"\qquad", r"\times"}
_BRACKETS = {
    "(": ("(", ")"),
    "[": ("(", "]"),
    r"\{": ("(", r"\}"),
    r"\lvert": ("abs(", r"\rvert"),
    r"\lfloor": ("floor(", r"\rfloor"),
}
_ARGUMENTS = {
    r"\frac": "(({})/({}))",
    r"\binom": "binomial({}, {})",
    r"\sqrt": "sqrt({})",
}
_FUNCTIONS = {
    **{rf"\{name}": name for name in ("sin", "cos", "tan", "exp", "ln", "min")},
    **{rf"\arc{name}": f"a{name}" for name in ("sin", "cos", "tan")},
    r"\log": "ln",
}
_CONSTANTS = {r"\pi": "pi", "i": "mpc(0, 1)", "e": "e"}
_RELATIONS = {"<": "<", ">": ">", r"\leq": "<=", r"\geq": ">=", r"\neq": "!=", "=": "=="}
_ENDS = {"", "}", "&", r"\\", r"\end{cases}", ",", *_RELATIONS, *(e for _, e in _BRACKETS.values())}


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, mpmath.mpf) and exponent == int(exponent):
        return base ** int(exponent)
    return mpmath.power(base, exponent)


def _summed(term: Callable[[Any], Any], first: Any, last: Any) -> Any:
    return mpmath.fsum(term(mpmath.mpf(i)) for i in range(int(first), int(last) + 1))


def _tokens(latex: str) -> list[str]:
    def bar(match: re.Match[str]) -> str:
        return r" \lvert " if match[1] == "left" or match[1].endswith("l") else r" \rvert "

    bars = re.sub(r"\\(left|right|[bB]igg?[lr])\|", bar, latex)
    return [token for token in _TOKEN.findall(bars) if token not in _SKIPPED]


class _Reader:
    """Python source of LaTeX; the names of symbols become identifiers."""

    def __init__(self, latex: str, names: Iterable[str]) -> None:
        self.tokens = _tokens(latex)
        self.place = 0
        self.identifiers: dict[str, str] = {}
        self.spelled: list[tuple[list[str], str]] = []
        for name in names:
            self.identify(name)

    def identify(self, name: str) -> str:
        identifier = self.identifiers.setdefault(name, f"x{len(self.identifiers)}")
        # The longest name first: x_{10} before x.
        self.spelled.append((_tokens(name), identifier))
        self.spelled.sort(key=lambda pair: -len(pair[0]))
        return identifier

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        """The next token; or those that are expected, and no others."""
        token = ""
        for wanted in expected or ("",):
            token = self.peek()
            if not token or (wanted and token != wanted):
                rest = " ".join(self.tokens[self.place : self.place + 8])
                raise ValueError(f"expected {wanted or 'more'} at {rest!r}")
            self.place += 1
        return token

    def total(self) -> str:
        terms = ""
        while True:
            sign = "+"
            while self.peek() in ("+", "-"):
                sign += self.take()
            terms += f"{sign}{self.product()}"
            if self.peek() not in ("+", "-"):
                return f"({terms})"

    def product(self) -> str:
        factors = ""
        while self.peek() not in _ENDS and self.peek() not in ("+", "-"):
            operator = "/" if self.peek() == "/" and self.take() else "*"
            factors += operator + self.raised(self.primary())
        if not factors.startswith("*"):
            raise ValueError(f"a factor is missing before {self.peek()!r}")
        return factors[1:]

    def raised(self, base: str) -> str:
        while self.peek() == "^" and self.take():
            base = f"power({base}, {self.argument()})"
        return base

    def argument(self) -> str:
        if self.peek() != "{":
            return self.primary()
        self.take()
        inner = self.total()
        self.take("}")
        return inner

    def named(self) -> str | None:
        for spelled, identifier in self.spelled:
            if self.tokens[self.place : self.place + len(spelled)] == spelled:
                self.place += len(spelled)
                return identifier
        return None

    def primary(self) -> str:
        if name := self.named():
            return self.applied(name)
        if self.peek() == "{":
            return self.argument()
        token = self.take()
        if token[0].isdigit():
            return f"mpf({token!r})"
        if token in _CONSTANTS:
            return _CONSTANTS[token]
        if token in _BRACKETS:
            opening, closing = _BRACKETS[token]
            inner = self.total()
            self.take(closing)
            return f"{opening}{inner})"
        if token in _ARGUMENTS:
            form = _ARGUMENTS[token]
            return form.format(*(self.argument() for _ in range(form.count("{}"))))
        if token in _FUNCTIONS:
            return self.applied(_FUNCTIONS[token], function=True)
        if token == r"\sum":
            return self.summed()
        if token == r"\begin{cases}":
            return self.cases()
        if token == r"\mathbf":
            self.take("{", "1", "}", "_", "{")
            condition = self.condition()
            self.take("}")
            return f"mpf({condition})"
        raise ValueError(f"{token!r} is no part of a formula")

    def applied(self, name: str, function: bool = False) -> str:
        """A function of its arguments, with its power before them; or a symbol."""
        start = self.place
        power = self.argument() if self.peek() == "^" and self.take() else ""
        if not function and self.tokens[self.place : self.place + 2] != ["{", "("]:
            self.place = start
            return name
        braced = self.peek() == "{" and bool(self.take())
        self.take("(")
        arguments = [self.total()]
        while self.peek() == "," and self.take():
            arguments.append(self.total())
        self.take(")", *("}",) * braced)
        value = f"{name}({', '.join(arguments)})"
        return f"power({value}, {power})" if power else value

    def summed(self) -> str:
        self.take("_", "{")
        index = self.named() or self.identify(self.take())
        self.take("=")
        first = self.total()
        self.take("}", "^")
        last = self.argument()
        return f"summed(lambda {index}: {self.product()}, {first}, {last})"

    def cases(self) -> str:
        text = ""
        while True:
            value = self.total()
            self.take("&")
            text += f"{value} if {self.condition()} else "
            if self.take() == r"\end{cases}":
                return f"({text}None)"

    def condition(self) -> str:
        while self.peek().startswith(r"\text") or self.peek() in (r"\:", "~", r"\ "):
            if "otherwise" in self.take():
                return "True"
        left = self.total()
        relation = _RELATIONS[self.take()]
        right = self.total()
        return f"almosteq({left}, {right})" if relation == "==" else f"({left} {relation} {right})"


def read(latex: str, names: Iterable[str]) -> Formula:
    """The formula that ``latex`` states, a function of the values of its symbols.

    Parameters
    ----------
    latex : str
        One expression; line breaks, alignment and indents do not matter.
    names : iterable of str
        The symbols and functions as they are written.

    Raises
    ------
    ValueError
        It is not in the subset.
    """
    text = re.sub(r"\\(?:begin|end)\{(?:aligned|align\*)\}", " ", latex)
    if r"\begin{cases}" not in text:
        text = text.replace(r"\\", " ").replace("&", " ")
    reader = _Reader(text, names)
    code = compile(reader.total(), "<LaTeX>", "eval")
    if reader.peek():
        raise ValueError(f"the formula goes on: {' '.join(reader.tokens[reader.place :])[:60]!r}")

    def evaluate(values: Mapping[str, Any]) -> Any:
        given = {x: values[name] for name, x in reader.identifiers.items() if name in values}
        return eval(code, {**vars(mpmath), "power": _power, "summed": _summed, **given})

    return evaluate


@dataclass(frozen=True)
class Equation:
    """One equation of a display, its lines joined: head, relation, value and remarks as LaTeX."""

    head: str
    relation: str
    value: str
    tail: str


_RELATION = re.compile(r"\\equiv|\\simeq|(?<![\\a-zA-Z])=")


def equations_of(display: str) -> list[Equation]:
    """The equations of a display; a line that begins with an indent continues the one before."""
    joined: list[str] = []
    for block in re.findall(r"\\begin\{align\w*\*?\}(.*?)\\end\{align\w*\*?\}", display, re.S):
        for line in re.split(r"\\\\\s*\n", block):
            _, _, text = line.partition("& ")
            indent = re.match(r"\s*\\q(?:q)?uad(?![a-z])", text)
            if indent and joined and line.strip().startswith("&"):
                joined[-1] += " " + text[indent.end() :]
            else:
                joined.append(line.replace("& ", " ", 1).strip())
    return [_equation(text) for text in joined]


def _equation(text: str) -> Equation:
    match = _RELATION.search(text)
    if match is None:
        raise ValueError(f"no relation in {text[:60]!r}")
    head, value = text[: match.start()].strip(), text[match.end() :].strip()
    remark = re.search(r",?\s*\\quad", value)
    end = remark.start() if remark else len(value)
    return Equation(head, match[0], value[:end].strip(), value[end:].strip())
