r"""Names that a user gives to symbols: LaTeX of a closed set of commands, each name once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sympy import Symbol

from numerics.model.checks import invalid
from symbattery.output.latex.math_list import Node, parse, source

__all__ = ["checked_names", "distinct", "symbol_name"]

_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta"),
    *("vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "varpi", "rho", "varrho", "sigma"),
    *("varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta"),
    *("Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "hbar", "ell"),
)
_SIGNS = {rf"\{name}" for name in (*_GREEK, "dagger", "prime", "ast", "star", "pm", "circ")}
_WRAPPERS = {"font", "accent"}
_ALLOWED = re.compile(r"[A-Za-z0-9\\{}_^', +*-]*")
_LONGEST = 60
# What formulas print for constants and functions of their own.
_RESERVED = {"i", "e", r"\pi"}


def _as_symbol(key: Any) -> str:
    if isinstance(key, Symbol):
        return str(key.name)
    if isinstance(key, str) and key:
        return key
    raise invalid("names", "map symbols (or their names)", key)


def _is_letter(node: Node) -> bool:
    if node.kind in _WRAPPERS:
        return all(_is_letter(inner) or inner.tex.isdigit() for inner in node.parts[0])
    single = len(node.tex) == 1 and node.tex.isascii() and node.tex.isalpha()
    return node.kind == "atom" and (single or node.tex in _SIGNS)


def _is_script(row: Iterable[Node]) -> bool:
    return all(
        node.tex in ("+", "-", "*", ",", "'")
        or node.tex.isdigit()
        or _is_letter(node)
        or (node.kind == "group" and _is_script(node.parts[0]))
        for node in row
    ) and all(_is_script(script) for node in row for script in (node.sub, node.sup) if script)


_DOUBLE = re.compile(
    r"(\^|_)(?:\{[^{}]*\}|\\[a-zA-Z]+|[^\\{])\s*\1|'\s*\^|\^\s*(?:\{[^{}]*\}|.)\s*'"
)


def _canonical(text: str) -> str | None:
    """The name as it is printed; None if it is no name in LaTeX."""
    if not _ALLOWED.fullmatch(text) or len(text) > _LONGEST or _DOUBLE.search(text):
        return None
    if re.search(r"\\(?![A-Za-z])", text):
        return None
    primed = re.sub(r"('+)", lambda m: "^{" + r"\prime " * len(m[1]) + "}", text)
    try:
        row = parse(primed)
    except ValueError:
        return None
    row = row[0].parts[0] if len(row) == 1 and row[0].kind == "group" else row
    if len(row) != 1 or not _is_letter(row[0]) or row[0].tex in ("'", r"\prime", r"\pm", r"\circ"):
        return None
    if not all(_is_script(s) for s in (row[0].sub, row[0].sup) if s is not None):
        return None
    if any(s == () for s in (row[0].sub, row[0].sup)):
        return None
    found = source(row)
    return found if found.count("{") == found.count("}") else None


def checked_names(names: Any) -> dict[str, str]:
    r"""A map from the names of symbols to their LaTeX.

    Parameters
    ----------
    names : mapping of Symbol (or its name) to str, or None
        A name is one letter, Greek letter, accent or font (``\mathrm{abc}``) with scripts.

    Raises
    ------
    InvalidArgument
        No mapping, a key that is no symbol, or a value that is not such a name.
    """
    if names is None:
        return {}
    if not isinstance(names, Mapping):
        raise invalid("names", "be a mapping of symbols to LaTeX", names)
    found: dict[str, str] = {}
    for key, value in names.items():
        name = _as_symbol(key)
        text = _canonical(value.strip()) if isinstance(value, str) else None
        if not text or text in _RESERVED:
            raise invalid(f"names[{name}]", r"be a name in LaTeX such as \lambda_{0}", value)
        if found.get(name, text) != text:
            raise invalid(f"names[{name}]", "be given once", value)
        found[name] = text
    return found


def symbol_name(text: str) -> str:
    """One spelling for names that look the same: λ_1 and λ_{1}."""
    return re.sub(r"[\s{}]", "", text)


def distinct(printed: Mapping[str, str], reserved: Iterable[str] = ()) -> None:
    """Refuse two symbols with one name.

    Raises
    ------
    InvalidArgument
        Two symbols, or a symbol and a quantity of ``reserved``, would look the same.
    """
    seen = {symbol_name(text): f"the quantity {text}" for text in reserved}
    for symbol, text in printed.items():
        look = symbol_name(text)
        if look in seen:
            raise invalid(f"names[{symbol}]", f"differ from the name of {seen[look]}", text)
        seen[look] = symbol
