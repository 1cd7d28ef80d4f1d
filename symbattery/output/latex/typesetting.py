r"""The typesetting of formulas: the names that a user gives to symbols, and the width of a line.

A name is LaTeX of a closed set of commands, and no two symbols may have the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from sympy import Symbol

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.output.latex.math_list import FONTS_AND_ACCENTS, Atom, parse, source
from symbattery.output.latex.printer import AuthorPrinter

__all__ = ["WIDTHS", "Typesetting", "checked_names", "distinct", "width_in_points"]

WIDTHS = {"revtex-column": 246.0, "revtex": 510.0, "article-column": 229.5, "article": 345.0}
"""The width of a column of revtex4-2 and of article at 10 pt, in points."""

_NARROWEST = 120.0
_ONE_LINE = 1e9
_LETTERS = r"""
    \alpha \beta \gamma \delta \epsilon \varepsilon \zeta \eta \theta \vartheta \iota \kappa \lambda
    \mu \nu \xi \varpi \rho \varrho \sigma \varsigma \tau \upsilon \phi \varphi \chi \psi \omega
    \Gamma \Delta \Theta \Lambda \Xi \Pi \Sigma \Upsilon \Phi \Psi \Omega \hbar \ell \dagger \prime
    \ast \star \pm \circ
"""
_SIGNS = frozenset(_LETTERS.split())
_ALLOWED = re.compile(r"(?:[A-Za-z0-9{}_^', +*()-]|\\(?=[A-Za-z])){0,60}")
# {\rm c} is \mathrm{c}.
_SWITCH = re.compile(r"\{\\(rm|bf|it|sf|cal)(?![A-Za-z]) *([A-Za-z0-9]+) *\}")
# What formulas print for constants and functions of their own.
_RESERVED = {"i", "e", r"\pi"}


@dataclass(frozen=True)
class Typesetting:
    """LaTeX by the names of symbols, and the width of a line in points (None for one long line).

    No symbol may be given a name of ``reserved``; ``known`` are symbols that may be named though a
    formula does not have them.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    width: float | None = None
    reserved: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()

    @classmethod
    def checked(
        cls, names: Any, width: Any, reserved: tuple[str, ...] = (), known: Iterable[str] = ()
    ) -> Typesetting:
        """From the arguments of a user; see :func:`checked_names`, :func:`width_in_points`."""
        return cls(checked_names(names), width_in_points(width), reserved, frozenset(known))

    @property
    def line(self) -> float:
        """The width of a line, in points; no formula reaches it where there is to be one line."""
        return self.width or _ONE_LINE

    def printer(self, roots: Mapping[OrderedRoot, str] | None = None) -> AuthorPrinter:
        """A printer with these names."""
        return AuthorPrinter(self.names, roots)


def width_in_points(width: Any) -> float | None:
    """A width by name or in points; None for formulas on one line.

    Raises
    ------
    InvalidArgument
        Neither a name nor a number of at least 120 points.
    """
    if width is None:
        return None
    if isinstance(width, str):
        checks.choice("width", width, tuple(WIDTHS))
        return WIDTHS[width]
    size = float(checks.positive_number("width", width))
    if not _NARROWEST <= size <= 10_000:
        raise invalid("width", f"be from {_NARROWEST:g} to 10000 points, or a name", width)
    return size


def checked_names(names: Any) -> dict[str, str]:
    r"""A map from the names of symbols to their LaTeX.

    Parameters
    ----------
    names : mapping of Symbol (or its name) to str, or None
        A name is one letter, Greek letter, accent or font (``\mathrm{abc}``, ``\text{abc}``) with
        scripts, which may have brackets in them.

    Raises
    ------
    InvalidArgument
        No mapping, a key that is no symbol, or a value that is not such a name.
    """
    if names is None:
        return {}
    if not isinstance(names, Mapping):
        raise invalid("names", "be a mapping of symbols to LaTeX", names)
    checked: dict[str, str] = {}
    for key, value in names.items():
        name = key.name if isinstance(key, Symbol) else key
        if not isinstance(name, str) or not name:
            raise invalid("names", "map symbols (or their names)", key)
        text = _canonical(value.strip()) if isinstance(value, str) else None
        if not text or text in _RESERVED:
            raise invalid(f"names[{name}]", r"be a name in LaTeX such as \lambda_{0}", value)
        if checked.setdefault(name, text) != text:
            raise invalid(f"names[{name}]", "be given once", value)
    return checked


def _canonical(text: str) -> str | None:
    """The name as it is printed; None if it is no name in LaTeX."""
    if not _ALLOWED.fullmatch(text):
        return None
    text = _SWITCH.sub(r"{\\math\1{\2}}", text)
    try:
        row = parse(re.sub("'+", lambda m: "^{" + r"\prime " * len(m[0]) + "}", text))
    except ValueError:
        return None
    row = row[0].parts[0] if len(row) == 1 and row[0].is_group else row
    if len(row) != 1 or not _is_letter(row[0]) or row[0].tex in (r"\prime", r"\pm", r"\circ"):
        return None
    scripts = [script for script in (row[0].sub, row[0].sup) if script is not None]
    if not all(script and _is_script(script) for script in scripts):
        return None
    return source(row)


def _is_letter(atom: Atom) -> bool:
    if atom.tex in FONTS_AND_ACCENTS:
        return all(_is_letter(inner) or inner.tex.isdigit() for inner in atom.parts[0])
    if atom.kind == "text":
        return re.fullmatch("[A-Za-z0-9 -]+", atom.tex) is not None
    single = len(atom.tex) == 1 and atom.tex.isascii() and atom.tex.isalpha()
    return atom.kind == "sign" and (single or atom.tex in _SIGNS)


def _is_script(row: Sequence[Atom]) -> bool:
    signs = [atom.tex for atom in row]
    depths = [*accumulate((sign == "(") - (sign == ")") for sign in signs)]
    return (
        (min(depths) == depths[-1] == 0)
        and all(
            atom.tex in ("+", "-", "*", ",", "(", ")")
            or atom.tex.isdigit()
            or _is_letter(atom)
            or (atom.is_group and _is_script(atom.parts[0]))
            for atom in row
        )
        and all(_is_script(script) for atom in row for script in (atom.sub, atom.sup) if script)
    )


def distinct(printed: Mapping[str, str], reserved: Iterable[str] = ()) -> None:
    r"""Refuse two symbols with one name; ``λ_1`` and ``λ_{1}`` are the same.

    Raises
    ------
    InvalidArgument
        Two symbols, or a symbol and a quantity of ``reserved``, would look the same.
    """

    def bare(text: str) -> str:
        return re.sub(r"[\s{}]", "", text)

    seen = {bare(text): f"the quantity {text}" for text in reserved}
    for symbol, text in printed.items():
        if bare(text) in seen:
            raise invalid(f"names[{symbol}]", f"differ from the name of {seen[bare(text)]}", text)
        seen[bare(text)] = symbol
