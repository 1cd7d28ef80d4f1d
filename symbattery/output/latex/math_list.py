r"""Emitted LaTeX as a list of atoms, the way TeX sees it: what is wide, and where it may break.

Only what :mod:`symbattery.output.latex.results` writes is read: symbols with scripts, fractions, roots,
binomials, ``\left…\right`` pairs, braces, words and cases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

__all__ = ["Node", "parse", "source", "tokens"]

_TOKEN = re.compile(
    r"\\begin\{[a-z*]+\}|\\end\{[a-z*]+\}|\\[a-zA-Z]+\*?|\\.|\d+\.\d+|\d+|[^\s\\]", re.S
)
_BINARY = frozenset("+-*") | {r"\pm", r"\mp", r"\times", r"\cdot", r"\wedge", r"\vee", r"\circ"}
_BINARY |= {r"\land", r"\lor"}
_RELATIONS = frozenset("=<>") | {
    *(r"\leq", r"\geq", r"\neq", r"\le", r"\ge", r"\equiv", r"\simeq", r"\approx", r"\sim"),
    *(r"\to", r"\in", r"\rightarrow"),
}
_OPERATORS = frozenset(
    rf"\{name}"
    for name in (
        *("sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh"),
        *("tanh", "log", "ln", "exp", "max", "min", "sum", "prod"),
    )
)
_SPACES = frozenset({r"\,", r"\;", r"\:", r"\!", r"\quad", r"\qquad", "\\ ", "~"})
_CLASSES = {
    **dict.fromkeys(_BINARY, "bin"),
    **dict.fromkeys(_RELATIONS, "rel"),
    **dict.fromkeys(_OPERATORS, "op"),
    **dict.fromkeys(("(", "[", r"\lfloor", r"\lceil", r"\lvert", r"\{"), "open"),
    **dict.fromkeys((")", "]", r"\rfloor", r"\rceil", r"\rvert", r"\}"), "close"),
    **dict.fromkeys((",", ";"), "punct"),
    **dict.fromkeys(_SPACES, "space"),
}
_FONTS = frozenset(
    rf"\{name}" for name in (*("mathrm", "mathcal", "mathbf", "mathit", "mathsf", "boldsymbol"),)
)
_ACCENTS = frozenset(rf"\{name}" for name in ("tilde", "hat", "bar", "vec", "dot", "ddot", "check"))


@dataclass(frozen=True)
class Node:
    r"""One atom.

    Attributes
    ----------
    kind : str
        ``"atom"``, ``"group"``, ``"frac"``, ``"binom"``, ``"sqrt"``, ``"pair"``, ``"text"``,
        ``"font"``, ``"accent"``, ``"cases"``, or ``"ending"`` (one end of a pair that may be
        broken).
    tex : str
        The token of an atom, the words of a text, the delimiters of a pair, a font or an accent.
    parts : tuple of tuples of Node
        What is inside: numerator and denominator, the radicand, the rows of cases, ….
    sub, sup : tuple of Node or None
        The scripts.
    """

    kind: str
    tex: str = ""
    parts: tuple[tuple[Node, ...], ...] = ()
    sub: tuple[Node, ...] | None = None
    sup: tuple[Node, ...] | None = None

    @property
    def family(self) -> str:
        """The class of the atom, which decides the spaces around it."""
        if self.kind in ("frac", "pair"):
            return "inner"
        if self.kind == "ending":
            return "open" if self.tex in ("(", "[", r"\lfloor", "|(") else "close"
        return _CLASSES.get(self.tex, "ord") if self.kind == "atom" else "ord"


def tokens(latex: str) -> list[str]:
    """The tokens of LaTeX; a number is one token, and so are the words of a ``\\text``."""
    found: list[str] = []
    place = 0
    while place < len(latex):
        if latex.startswith(r"\text{", place):
            end = latex.index("}", place)
            found.append(latex[place : end + 1])
            place = end + 1
            continue
        match = _TOKEN.match(latex, place)
        if match is None:
            place += 1
            continue
        found.append(match[0])
        place = match.end()
    return found


class _Reader:
    def __init__(self, latex: str) -> None:
        self.tokens = tokens(latex)
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        if not token:
            raise ValueError("the formula ends too early")
        self.place += 1
        return token

    def until(self, *ends: str) -> tuple[Node, ...]:
        row: list[Node] = []
        while self.peek() not in ends:
            row.append(self.scripted())
        return tuple(row)

    def argument(self) -> tuple[Node, ...]:
        if self.peek() != "{":
            return (self.nucleus(),)
        self.take()
        row = self.until("}")
        self.take()
        return row

    def scripted(self) -> Node:
        node = self.nucleus()
        while self.peek() in ("_", "^"):
            script = self.take()
            row = self.argument()
            node = replace(node, sub=row) if script == "_" else replace(node, sup=row)
        return node

    def nucleus(self) -> Node:
        token = self.take()
        if token == "{":
            row = self.until("}")
            self.take()
            return Node("group", parts=(row,))
        if token in (r"\frac", r"\binom"):
            return Node(token[1:], parts=(self.argument(), self.argument()))
        if token == r"\sqrt":
            return Node("sqrt", parts=(self.argument(),))
        if token in _FONTS:
            return Node("font", token, (self.argument(),))
        if token in _ACCENTS:
            return Node("accent", token, (self.argument(),))
        if token.startswith(r"\text{"):
            return Node("text", token[6:-1])
        if token == r"\left":
            left = self.take()
            row = self.until(r"\right")
            self.take()
            return Node("pair", f"{left} {self.take()}", (row,))
        if token == r"\begin{cases}":
            rows = []
            while True:
                rows.append(self.until("&", r"\\", r"\end{cases}"))
                if self.take() == r"\end{cases}":
                    return Node("cases", parts=tuple(rows))
        return Node("atom", token)


def parse(latex: str) -> tuple[Node, ...]:
    """The atoms of a formula.

    Raises
    ------
    ValueError
        Braces or pairs are not closed.
    """
    reader = _Reader(latex)
    return reader.until("")


def source(row: Sequence[Node]) -> str:
    """LaTeX of a row of atoms."""
    return " ".join(_sources(row))


def _sources(row: Sequence[Node]) -> Iterator[str]:
    for node in row:
        text = _nucleus(node)
        if node.sub is not None:
            text += f"_{{{source(node.sub)}}}"
        if node.sup is not None:
            text += f"^{{{source(node.sup)}}}"
        yield text


def _nucleus(node: Node) -> str:
    inside = [source(part) for part in node.parts]
    if node.kind == "group":
        return f"{{{inside[0]}}}"
    if node.kind in ("frac", "binom"):
        return rf"\{node.kind}{{{inside[0]}}}{{{inside[1]}}}"
    if node.kind == "sqrt":
        return rf"\sqrt{{{inside[0]}}}"
    if node.kind in ("font", "accent"):
        return f"{node.tex}{{{inside[0]}}}"
    if node.kind == "text":
        return rf"\text{{{node.tex}}}"
    if node.kind == "pair":
        left, right = node.tex.split(" ")
        return rf"\left{left}{inside[0]}\right{right}"
    if node.kind == "cases":
        cells = iter(inside)
        rows = [f"{value} & {next(cells)}" for value in cells]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
    return node.tex
