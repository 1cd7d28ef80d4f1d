r"""Prose with formulas between dollars, ``$E_{\max}/\omega_0$ at $g_1 \gg g$``, for every output.

It is the form in which statements and captions are written: :func:`latex` makes it safe for a
document, :func:`plain` shows it where there is nothing but text, and
:mod:`symbattery.output.mathml` reads the LaTeX for pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.entities import html5
from unicodedata import category, normalize

__all__ = ["latex", "plain", "scientific"]

_ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$", "–": "--", "—": "---",
        "’": "'", "“": "``", "”": "''", "…": r"\dots{}",
    }
    | {c: f"\\{c}" for c in "%&#_$"}
)  # fmt: skip

# Neither ASCII nor a Latin letter.
_STRANGE = re.compile(r"[^\0-\x7f\xc0-\xd6\xd8-\xf6\xf8-\u024f]")
_BELOW = dict(zip("0123456789+−±kmn", "₀₁₂₃₄₅₆₇₈₉₊₋±ₖₘₙ", strict=True))
_ABOVE = dict(zip("0123456789+−xyzBCn*†′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ˣʸᶻᴮᶜⁿ*†′", strict=True))
# Commands that HTML knows by another name, or not at all; the others are in its table.
_SIGNS = {
    "to": "→", "cdot": "·", "dots": "…", "infty": "∞", "sum": "Σ", "varphi": "φ", "phi": "φ",
    ",": " ",
}  # fmt: skip
_ACCENTS = {"tilde": "\u0303", "bar": "\u0304", "dot": "\u0307"}
_FUNCTIONS = ("arcsin", "sin", "cos", "tan", "ln", "sup", "max", "min")
# A word or a number, which needs no parentheses as an index or a power.
_WORD = re.compile(r"[\w.]+")
# Between a function and its neighbours, until both are known.
_APART = "\u2061"
# A space that only ends the name of a command belongs to it.
_TOKEN = re.compile(r"\\[A-Za-z]+(?: (?=[A-Za-z0-9|]))?|\\?.")


def latex(prose: str) -> str:
    """The prose as LaTeX: what is not a formula loses its special meaning.

    Raises
    ------
    ValueError
        A character outside of the formulas has no LaTeX.
    """
    parts = prose.split("$")
    parts[::2] = [normalize("NFC", text).translate(_ESCAPED) for text in parts[::2]]
    if strange := _STRANGE.search("".join(parts[::2])):
        raise ValueError(f"no LaTeX is known for {strange[0]!r} in {prose!r}")
    return "$".join(parts)


def plain(prose: str) -> str:
    """The prose as text, its formulas in Unicode on one line.

    Raises
    ------
    KeyError
        A command that is not known.
    """
    parts = prose.split("$")
    parts[1::2] = [_spaced(_group(iter(_TOKEN.findall(formula)))) for formula in parts[1::2]]
    return "".join(parts)


def scientific(number: str) -> str:
    """A decimal number in LaTeX, with a power of ten if it has one."""
    mantissa, _, exponent = number.partition("e")
    if not exponent:
        return number
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


def _spaced(text: str) -> str:
    text = re.sub("‖ *(.*?) *‖", r"‖\1‖", text)
    text = re.sub(rf"(?<=\w){_APART}(?=[a-z])| *{_APART} *(?=[A-Za-zα-ω0-9√])", " ", text)
    return text.replace(_APART, "").strip()


def _group(tokens: Iterator[str]) -> str:
    """Everything up to the end of a group."""
    return "".join(_item(token, tokens) for token in iter(lambda: next(tokens, "}"), "}"))


def _argument(tokens: Iterator[str]) -> str:
    token = next(tokens)
    return _item(next(tokens) if token == " " else token, tokens).strip(f" {_APART}")


def _item(token: str, tokens: Iterator[str]) -> str:
    """A sign, a group, or a command with what it applies to."""
    name = token[1:].strip() or token[1:]
    if token == "{":
        return _group(tokens)
    if token in "_^":
        known, text = _BELOW if token == "_" else _ABOVE, _argument(tokens)
        if set(text) <= known.keys():
            return "".join(known[c] for c in text)
        return token + (text if len(text) == 1 or _WORD.fullmatch(text) else f"({text})")
    if len(token) == 1:
        return token.replace("-", "−")
    if name == "mathrm":
        return _argument(tokens)
    if name == "mathcal":
        return html5[f"{_argument(tokens)}scr;"]
    if name == "sqrt":
        of = _argument(tokens)
        return f"√{of}" if len(of) == 1 else f"√({of})"
    if name in _ACCENTS:
        return _argument(tokens) + _ACCENTS[name]
    if name in ("tfrac", "frac"):
        above, below = _argument(tokens), _argument(tokens)
        if (above, below) == ("1", "2"):
            return "½"
        return "/".join(f"({s})" if re.search(r"[ +−]|\w\w", s) else s for s in (above, below))
    if name in _FUNCTIONS:
        return f"{_APART}{name}{_APART}"
    shown = _SIGNS.get(name) or html5[f"{name};"]
    # Signs of relations and operations keep their distance.
    return (
        f"{shown} " if token.endswith(" ") and (shown in "…·" or category(shown) == "Sm") else shown
    )
