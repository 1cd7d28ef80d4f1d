r"""Prose with formulas between dollars, ``$E_{\max}/\omega_0$ at $g_1 \gg g$``, for every output.

It is the form in which statements and captions are written: :func:`latex` makes it safe for a
document, :func:`plain` shows it where there is nothing but text, and
:mod:`symbattery.output.mathml` reads the LaTeX for pages.
"""

from __future__ import annotations

import re
from html.entities import html5
from unicodedata import normalize

__all__ = ["latex", "plain"]

_FORMULA = re.compile(r"\$([^$]+)\$")
_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "–": "--", "—": "---",
        "’": "'", "“": "``", "”": "''", "…": r"\dots{}",
    }
    | {c: f"\\{c}" for c in "%&#_$"}
)  # fmt: skip

_BELOW = dict(zip("0123456789+−±kmn", "₀₁₂₃₄₅₆₇₈₉₊₋±ₖₘₙ", strict=True))
_ABOVE = dict(zip("0123456789+−xyzBCn*†′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ˣʸᶻᴮᶜⁿ*†′", strict=True))
# Commands that HTML knows by another name, or not at all.
_SIGNS = {
    "to": "→", "cdot": "·", "dots": "…", "infty": "∞", "sum": "Σ", "varphi": "φ", "phi": "φ",
    "lbrace": "{", ",": " ", "%": "%", "{": "{", "}": "}",
}  # fmt: skip
_FUNCTIONS = ("arcsin", "sin", "cos", "tan", "ln", "sup", "max", "min")
_COMMAND = re.compile(r"\\([A-Za-z]+|.) ?(?=([A-Za-z\\]?))")
_GROUP = r"\{((?:[^{}]|\{[^{}]*\})*)\}"


def latex(prose: str) -> str:
    """The prose as LaTeX: what is not a formula loses its special meaning.

    Raises
    ------
    ValueError
        A character outside of the formulas has no LaTeX.
    """
    parts = prose.split("$")
    for i, text in enumerate(parts):
        if i % 2 == 0:
            parts[i] = normalize("NFC", text).translate(_ESCAPED)
            if strange := re.search(r"[^\0-\u024f]|[\x80-\xbf]", parts[i]):
                raise ValueError(f"no LaTeX is known for {strange[0]!r} in {prose!r}")
    return "".join(f"${text}$" if i % 2 else text for i, text in enumerate(parts))


def plain(prose: str) -> str:
    """The prose as text, its formulas in Unicode."""
    return _FORMULA.sub(lambda formula: _unicode(formula[1]), prose)


def _unicode(formula: str) -> str:
    """A formula on one line of text."""
    formula = formula.replace("-", "−")
    formula = re.sub(r"\\(?:mathrm|text)" + _GROUP, r"\1", formula)
    formula = re.sub(r"\\sqrt" + _GROUP, _root, formula)
    formula = formula.replace(r"\tfrac{1}{2}", "½").replace(r"\tfrac12", "½")
    formula = re.sub(r"\\tilde" + _GROUP, "\\1\u0303", formula)
    formula = _COMMAND.sub(_sign, formula)
    return re.sub(rf"([_^])(?:{_GROUP}|(.))", _script, formula)


def _root(match: re.Match[str]) -> str:
    return f"√{match[1]}" if len(match[1]) == 1 else f"√({match[1]})"


def _sign(match: re.Match[str]) -> str:
    """A command with the space after it, which ends its name or sets it apart."""
    name, following = match[1], match[2]
    if name in _FUNCTIONS:
        return name + match[0][len(name) + 1 :]
    shown = _SIGNS.get(name) or html5[f"{name};"]
    space = match[0].endswith(" ") and not (shown.isalpha() and following)
    return f"{shown} " if space else shown


def _script(match: re.Match[str]) -> str:
    """An index or a power, in letters of that height if there are such."""
    text = match[2] if match[2] is not None else match[3]
    known = _BELOW if match[1] == "_" else _ABOVE
    if all(c in known for c in text):
        return "".join(known[c] for c in text)
    return f"{match[1]}{text}"
