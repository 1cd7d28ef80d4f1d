r"""Prose with formulas in Unicode ("E_max/ω₀ at g₁ ≫ g") as LaTeX with ``$…$``.

A formula is found by its grammar: quantities, numbers, roots, kets and brackets, joined by
operators or side by side. What is not a formula is text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

__all__ = ["latex", "text"]

_GREEK = {
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\epsilon", "ζ": r"\zeta",
    "η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu",
    "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi",
    "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega", "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta",
    "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\sum", "Φ": r"\Phi", "Ψ": r"\Psi",
    "Ω": r"\Omega",
}  # fmt: skip
_BELOW = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ₖₘₙ", "0123456789+-kmn", strict=True))
_ABOVE = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ˣʸᶻᴮᶜⁿ", "0123456789+-xyzBCn", strict=True))
_LETTERS = set("MNEPJHTLgmtkljcbnpezuw")
# Letters side by side that are a product, and no word.
_PRODUCTS = ("gt", "Mg", "Ng", "tP", "bb")
_FUNCTIONS = {
    "sin": r"\sin", "cos": r"\cos", "ln": r"\ln", "sup": r"\sup", "max": r"\max", "min": r"\min",
}  # fmt: skip
_CONSTANTS = {"½": r"\tfrac{1}{2}", "∞": r"\infty"}
_OPERATORS = {
    "=": "=", "<=": r"\le", ">=": r"\ge", "+": "+", "−": "-", "-": "-", "±": r"\pm", "·": r"\cdot",
    "/": "/", "<": "<", ">": ">", "≤": r"\le", "≥": r"\ge", "≫": r"\gg", "≪": r"\ll", "→": r"\to",
    "≈": r"\approx", "∝": r"\propto", "×": r"\times", "≠": r"\ne", "≃": r"\simeq", "≡": r"\equiv",
    "…": r"\dots",
}  # fmt: skip
_SIGNS = {"†": r"\dagger", "*": "*", "′": r"\prime"}
_BRACKETS = {"(": ")", "[": "]"}
# What a text may hold besides ASCII; everything else has to be in a formula.
_TEXT = {
    "–": "--", "—": "---", "’": "'", "“": "``", "”": "''", "…": r"\dots{}", "×": r"$\times$",
    "→": r"$\to$", "≤": r"$\le$", "≥": r"$\ge$", "±": r"$\pm$", "−": "$-$", "·": r"$\cdot$",
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": "$<$", ">": "$>$", "|": "$|$",
} | {c: "\\" + c for c in "%&#_$"}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e(-?\d+))?")
_WORD = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class _Found:
    """A formula up to a position; ``sure`` if it cannot be a word or a number of plain text."""

    latex: str
    end: int
    sure: bool


def _dressed(source: str, end: int, core: str, sure: bool) -> _Found:
    """Tilde, dagger, prime, indices and powers after a quantity."""
    if source[end : end + 1] == "\u0303":
        core, end, sure = rf"\tilde{{{core}}}", end + 1, True
    below = above = ""
    while end < len(source):
        c = source[end]
        if c in _BELOW:
            below += _BELOW[c]
        elif c in _ABOVE:
            above += _ABOVE[c]
        elif c in _SIGNS:
            above += _SIGNS[c]
        elif c == "±":
            below += r"\pm"
        elif c == "_" and (name := re.match(r"[A-Za-z]+|\d+", source[end + 1 :])):
            end += name.end()
            below += name[0] if len(name[0]) == 1 else rf"\mathrm{{{name[0]}}}"
        elif c == "^" and (name := re.match(r"[A-Za-zβ]|-?\d+", source[end + 1 :])):
            end += name.end()
            above += _GREEK.get(name[0], name[0])
        else:
            break
        end += 1
    sure = sure or bool(below or above)
    core += f"_{{{below}}}" if below else ""
    core += f"^{{{above}}}" if above else ""
    return _Found(core, end, sure)


def _enclosed(source: str, at: int) -> _Found | None:
    """A bracket with formulas in it, separated by commas."""
    close = _BRACKETS[source[at]]
    inside: list[str] = []
    end = at + 1
    while found := _formula(source, end):
        inside.append(found.latex)
        end = found.end
        if source[end : end + 1] == close:
            body = source[at] + ", ".join(inside) + close
            after = _dressed(source, end + 1, body, False)
            plain = len(inside) == 1 and re.fullmatch(r"[a-z0-9.]+", inside[0]) is not None
            return _Found(after.latex, after.end, not plain)
        if source[end : end + 2] != ", ":
            return None
        end += 2
    return None


def _ket(source: str, at: int) -> _Found | None:
    """|m = N/2⟩, |00⟩, |00, m = −2⟩, |c|², |up⟩."""
    if match := re.compile(r"\|([^|⟩]{1,16})⟩").match(source, at):
        items = []
        for item in match[1].split(", "):
            found = _formula(item, 0)
            whole = found is not None and found.end == len(item)
            items.append(found.latex if found and whole else rf"\mathrm{{{item}}}")
        return _dressed(source, match.end(), "|" + ", ".join(items) + r"\rangle", True)
    if match := re.compile(r"\|([^|⟩ ]{1,8})\|").match(source, at):
        found = _formula(match[1], 0)
        if found is not None and found.end == len(match[1]):
            return _dressed(source, match.end(), f"|{found.latex}|", True)
    return None


# Pairs of brackets that show what they are around: norms and means.
_AROUND = {"‖": ("‖", r"\Vert ", r" \Vert"), "⟨": ("⟩", r"\langle ", r"\rangle")}


def _around(source: str, at: int) -> _Found | None:
    """‖H‖, ⟨H_B⟩."""
    close, left, right = _AROUND[source[at]]
    end = source.find(close, at + 1)
    if end < 0:
        return None
    found = _formula(source[at + 1 : end], 0)
    if found is None or found.end != end - at - 1:
        return None
    return _dressed(source, end + 1, left + found.latex + right, True)


def _root(source: str, at: int) -> _Found | None:
    if source[at + 1 : at + 2] == "(":
        found = _enclosed(source, at + 1)
        return found and _Found(rf"\sqrt{{{found.latex[1:-1]}}}", found.end, True)
    under = _atom(source, at + 1)
    return under and _Found(rf"\sqrt{{{under.latex}}}", under.end, True)


def _named(source: str, at: int) -> _Found | None:
    """A function, a quantity, or letters that are a product."""
    match = _WORD.match(source, at)
    if match is None or (at and source[at - 1].isalpha() and source[at - 1].isascii()):
        return None
    word, end = match[0], match.end()
    if word in _FUNCTIONS:
        head = _dressed(source, end, _FUNCTIONS[word], False)
        start = head.end + (source[head.end : head.end + 1] == " ")
        if of := _term(source, start):
            return _Found(f"{head.latex} {of.latex}", of.end, True)
        return head if head.sure else None
    if word == "d" and (of := _named(source, end + 1)) and of.latex.startswith("\\ln"):
        return _Found(rf"d{of.latex}", of.end, True)
    if word in _PRODUCTS or (len(word) == 1 and word in _LETTERS):
        found = _dressed(source, end, word[-1], True)
        return _Found(word[:-1] + found.latex, found.end, True)
    found = _dressed(source, end, rf"\mathrm{{{word}}}", False)
    return found if found.sure else None


def _atom(source: str, at: int) -> _Found | None:
    c = source[at : at + 1]
    if not c:
        return None
    if c == "|":
        return _ket(source, at)
    if c in _AROUND:
        return _around(source, at)
    if c == "√":
        return _root(source, at)
    if c in _BRACKETS:
        return _enclosed(source, at)
    if c in _GREEK:
        return _dressed(source, at + 1, _GREEK[c], True)
    if c in _CONSTANTS:
        return _Found(_CONSTANTS[c], at + 1, True)
    if number := _NUMBER.match(source, at):
        if source[number.end() : number.end() + 1].isalpha() and source[number.end()] not in "gtMN":
            follows = source[number.end()]
            if follows.isascii():
                return None
        core = number[0]
        if number[1]:
            mantissa = core[: core.index("e")]
            core = (rf"{mantissa}\cdot" if mantissa != "1" else "") + f"10^{{{int(number[1])}}}"
        return _dressed(source, number.end(), core, bool(number[1]))
    return _named(source, at)


def _term(source: str, at: int) -> _Found | None:
    """Atoms side by side, with no space between them or with one between quantities."""
    found = _atom(source, at)
    while found:
        following, space = _atom(source, found.end), " "
        if following is None and source[found.end : found.end + 1] == " ":
            following, space = _factor(source, found), r"\, "
        if following is None:
            return found
        sure = found.sure or following.sure
        found = _Found(f"{found.latex}{space}{following.latex}", following.end, sure)
    return found


def _factor(source: str, before: _Found) -> _Found | None:
    """A quantity after a space; after a number, it has to be in units of ω₀."""
    if source[before.end + 1 : before.end + 2] in ("(", "[", "|"):
        return None
    found = _atom(source, before.end + 1)
    if found is None or not found.sure:
        return None
    rest = _term(source, before.end + 1)
    unit = rest is not None and r"\omega" in rest.latex
    return found if before.sure or unit else None


def _operator(source: str, at: int) -> tuple[str, int] | None:
    """An operator with the spaces around it, and where it ends."""
    match = re.compile(r" ?(<=|>=|[^\w\s]) ?").match(source, at)
    if match is None or match[1] not in _OPERATORS:
        return None
    if match[1] == "-" and not match[0].startswith(" "):
        return None  # a hyphen
    return _OPERATORS[match[1]], match.end()


def _signed(source: str, at: int) -> _Found | None:
    """A term, a sign or a relation before it if there is one."""
    first = _operator(source, at) if source[at : at + 1] not in (" ", "/") else None
    if first is None:
        return _term(source, at)
    found = _term(source, first[1])
    return found and _Found(f"{first[0]} {found.latex}", found.end, True)


def _formula(source: str, at: int) -> _Found | None:
    """Terms joined by operators."""
    found = _signed(source, at)
    while found and (operator := _operator(source, found.end)):
        following = _signed(source, operator[1])
        if following is None:
            break
        found = _Found(f"{found.latex} {operator[0]} {following.latex}", following.end, True)
    return found


def text(source: str) -> str:
    """Plain text for LaTeX.

    Raises
    ------
    ValueError
        It has a character for which there is no LaTeX.
    """
    out = []
    for c in normalize("NFC", source):
        c = _TEXT.get(c, c)
        if not c.isascii() and not c.isalpha():
            raise ValueError(f"no LaTeX is known for {c!r} in {source!r}")
        out.append(rf"${_GREEK[c]}$" if c in _GREEK else c)
    return "".join(out)


def latex(source: str) -> str:
    """Prose as LaTeX, its formulas between ``$``.

    Raises
    ------
    ValueError
        It has a character for which there is no LaTeX.
    """
    out: list[str] = []
    plain = ""
    at = 0
    while at < len(source):
        found = _formula(source, at)
        if found and found.sure:
            out += [text(plain), f"${found.latex}$"]
            plain, at = "", found.end
            continue
        # A word, a number, or a bracket such as (a), whole; or one sign.
        word = _WORD.match(source, at)
        end = found.end if found else word.end() if word else at + 1
        plain += source[at:end]
        at = end
    return "".join([*out, text(plain)])
