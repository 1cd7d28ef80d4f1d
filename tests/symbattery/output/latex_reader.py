r"""Reads emitted LaTeX back as numbers, so that an error of the printer cannot hide.

A recursive-descent reader of the subset that this package writes: sums and products, fractions,
roots, powers, named symbols, functions, binomials, sums over indices, cases, brackets of any size,
and formulas broken over lines. It shares no code with the printer or the layout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import mpmath

__all__ = ["Equation", "Formula", "equations_of", "read"]

Values = Mapping[str, Any]
Evaluator = Callable[[Values], Any]

_TOKEN = re.compile(
    r"\\begin\{cases\}|\\end\{cases\}|\\text\{[^}]*\}|\\[a-zA-Z]+|\\.|\d+\.\d+|\d+|[^\s]"
)
_SIZES = r"\left", r"\right", *(rf"\{s}{e}" for s in ("big", "Big", "bigg", "Bigg") for e in "lr")
_OPEN = {"(": ")", "[": "]", r"\{": r"\}", r"\lvert": r"\rvert", r"\lfloor": r"\rfloor"}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    **{rf"\{name}": getattr(mpmath, name) for name in ("sin", "cos", "tan", "exp")},
    **{rf"\arc{name}": getattr(mpmath, f"a{name}") for name in ("sin", "cos", "tan")},
    r"\log": mpmath.log,
    r"\ln": mpmath.log,
}
_RELATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(mpmath.almosteq(a, b)),
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    r"\leq": lambda a, b: a <= b,
    r"\geq": lambda a, b: a >= b,
    r"\neq": lambda a, b: a != b,
}
_ENDS = {")", "]", r"\}", "}", r"\rfloor", r"\rvert", "&", r"\\", r"\end{cases}", ",", ""}
_ENDS |= set(_RELATIONS)


@dataclass(frozen=True)
class Formula:
    """What was read: a function of the values of its symbols."""

    evaluate: Evaluator

    def __call__(self, values: Values) -> Any:
        return self.evaluate(values)


@dataclass(frozen=True)
class Equation:
    """One equation of a display, its lines joined: head, relation, value and remarks as LaTeX."""

    head: str
    relation: str
    value: str
    tail: str


def _clean(latex: str) -> list[str]:
    bars = re.sub(r"\\(left|right|[bB]igg?[lr])\|", _bar, latex)
    found = [token for token in _TOKEN.findall(bars) if token not in _SIZES]
    return [token for token in found if token not in (r"\,", r"\quad", r"\qquad", r"\times")]


def _bar(match: re.Match[str]) -> str:
    return r" \lvert " if match[1] == "left" or match[1].endswith("l") else r" \rvert "


class _Reader:
    def __init__(self, latex: str, names: Iterable[str]) -> None:
        self.tokens = _clean(latex)
        self.place = 0
        spelled = {name: _clean(name) for name in names}
        # The longest name first: x_{10} before x.
        self.names = sorted(spelled.items(), key=lambda pair: -len(pair[1]))

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, expected: str | None = None) -> str:
        token = self.peek()
        if not token or (expected is not None and token != expected):
            rest = " ".join(self.tokens[self.place : self.place + 8])
            raise ValueError(f"expected {expected or 'more'} at {rest!r}")
        self.place += 1
        return token

    # sums and products

    def total(self) -> Evaluator:
        terms: list[tuple[int, Evaluator]] = []
        while True:
            sign = 1
            while self.peek() in ("+", "-"):
                sign *= -1 if self.take() == "-" else 1
            terms.append((sign, self.product()))
            if self.peek() not in ("+", "-"):
                return lambda v: sum(sign * term(v) for sign, term in terms)

    def product(self) -> Evaluator:
        factors: list[Evaluator] = []
        inverse: list[Evaluator] = []
        while self.peek() not in _ENDS and self.peek() not in ("+", "-"):
            if self.peek() == "/":
                self.take()
                inverse.append(self.power())
            else:
                factors.append(self.power())
        if not factors:
            raise ValueError(f"a factor is missing before {self.peek()!r}")

        def evaluate(values: Values) -> Any:
            value = mpmath.mpf(1)
            for factor in factors:
                value = value * factor(values)
            for factor in inverse:
                value = value / factor(values)
            return value

        return evaluate

    def power(self) -> Evaluator:
        base = self.primary()
        while self.peek() == "^":
            self.take()
            base = _raised(base, self.argument())
        return base

    def argument(self) -> Evaluator:
        if self.peek() == "{":
            self.take()
            inner = self.total()
            self.take("}")
            return inner
        return self.primary()

    # what stands for itself

    def named(self) -> str | None:
        for name, spelled in self.names:
            if self.tokens[self.place : self.place + len(spelled)] == spelled:
                self.place += len(spelled)
                return name
        return None

    def primary(self) -> Evaluator:
        name = self.named()
        if name is not None:
            return self.symbol(name)
        token = self.take()
        if token[0].isdigit():
            return lambda v: mpmath.mpf(token)
        if token in _OPEN:
            inner = self.total()
            self.take(_OPEN[token])
            if token == r"\lvert":
                return lambda v: abs(inner(v))
            return inner if token != r"\lfloor" else lambda v: mpmath.floor(inner(v))
        if token == "{":
            self.place -= 1
            return self.argument()
        if token == r"\frac":
            above, below = self.argument(), self.argument()
            return lambda v: above(v) / below(v)
        if token == r"\binom":
            above, below = self.argument(), self.argument()
            return lambda v: mpmath.binomial(above(v), below(v))
        if token == r"\sqrt":
            inner = self.argument()
            return lambda v: mpmath.sqrt(inner(v))
        if token in _FUNCTIONS:
            return self.function(_FUNCTIONS[token])
        if token == r"\min":
            several = self.arguments()
            return lambda v: min(inner(v) for inner in several)
        if token == r"\sum":
            return self.summed()
        if token == r"\begin{cases}":
            return self.cases()
        if token == r"\mathbf":
            return self.indicator()
        constants = {r"\pi": lambda v: +mpmath.pi, "i": lambda v: mpmath.mpc(0, 1)}
        constants["e"] = lambda v: +mpmath.e
        if token in constants:
            return constants[token]
        raise ValueError(f"{token!r} is no part of a formula")

    def symbol(self, name: str) -> Evaluator:
        """A symbol, or a named function of its arguments, with its power before them."""
        start = self.place
        exponent: Evaluator | None = None
        if self.peek() == "^":
            self.take()
            exponent = self.argument()
        if self.tokens[self.place : self.place + 2] != ["{", "("]:
            self.place = start
            return lambda v: v[name]
        several = self.arguments()

        def applied(values: Values) -> Any:
            return values[name](*(inner(values) for inner in several))

        return applied if exponent is None else _raised(applied, exponent)

    def arguments(self) -> list[Evaluator]:
        braced = self.peek() == "{"
        if braced:
            self.take()
        self.take("(")
        found = [self.total()]
        while self.peek() == ",":
            self.take()
            found.append(self.total())
        self.take(")")
        if braced:
            self.take("}")
        return found

    def function(self, of: Callable[[Any], Any]) -> Evaluator:
        exponent: Evaluator | None = None
        if self.peek() == "^":
            self.take()
            exponent = self.argument()
        (inner,) = self.arguments()

        def plain(values: Values) -> Any:
            return of(inner(values))

        return plain if exponent is None else _raised(plain, exponent)

    def summed(self) -> Evaluator:
        self.take("_")
        self.take("{")
        index = self.named() or self.take()
        self.take("=")
        first = self.total()
        self.take("}")
        self.take("^")
        last = self.argument()
        known = dict(self.names)
        if index not in known:
            self.names = [(index, _clean(index)), *self.names]
        term = self.product()

        def evaluate(values: Values) -> Any:
            numbers = range(int(first(values)), int(last(values)) + 1)
            return mpmath.fsum(term({**values, index: mpmath.mpf(i)}) for i in numbers)

        return evaluate

    def indicator(self) -> Evaluator:
        for expected in ("{", "1", "}", "_", "{"):
            self.take(expected)
        holds = self.condition()
        self.take("}")
        return lambda v: mpmath.mpf(1 if holds(v) else 0)

    def cases(self) -> Evaluator:
        rows: list[tuple[Evaluator, Callable[[Values], bool]]] = []
        while True:
            value = self.total()
            self.take("&")
            rows.append((value, self.condition()))
            if self.take() == r"\end{cases}":
                break

        def evaluate(values: Values) -> Any:
            return next(value(values) for value, holds in rows if holds(values))

        return evaluate

    def condition(self) -> Callable[[Values], bool]:
        while self.peek().startswith(r"\text") or self.peek() in (r"\:", "~", r"\ "):
            words = self.take()
            if "otherwise" in words:
                return lambda v: True
        left = self.total()
        holds = _RELATIONS[self.take()]
        right = self.total()
        return lambda v: holds(left(v), right(v))


def _raised(base: Evaluator, exponent: Evaluator) -> Evaluator:
    def evaluate(values: Values) -> Any:
        power = exponent(values)
        if isinstance(power, mpmath.mpf) and power == int(power):
            return base(values) ** int(power)
        return mpmath.power(base(values), power)

    return evaluate


def read(latex: str, names: Iterable[str]) -> Formula:
    """The formula that ``latex`` states.

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
    found = reader.total()
    if reader.peek():
        raise ValueError(f"the formula goes on: {' '.join(reader.tokens[reader.place :])[:60]!r}")
    return Formula(found)


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
