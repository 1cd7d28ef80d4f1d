r"""Emitted LaTeX as TeX sees it: a list of atoms, and the box that it is typeset in.

What this package writes is read: symbols with scripts, fractions, roots, binomials,
``\left…\right`` pairs, braces, words and cases. The width of every sign at the three sizes of
mathematics (10, 7 and 5 pt) was measured once with pdflatex for Computer Modern; fractions, roots,
scripts, brackets and the spaces between the classes of atoms follow The TeXbook, Appendix G.
Heights, which only choose among the sizes of brackets, are rougher.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

__all__ = ["FONTS_AND_ACCENTS", "Atom", "box", "bracket_size", "glue", "parse", "source", "width"]

_THIN, _MEDIUM, _THICK = 5 / 3, 20 / 9, 25 / 9
_SPACES = {r"\,": _THIN, r"\:": _MEDIUM, r"\;": _THICK, r"\!": -_THIN}
_SPACES |= {r"\quad": 10.0, r"\qquad": 20.0, "\\ ": 3.33, "~": 3.33}
_FONTS = ("mathrm", "mathcal", "mathbf", "mathit", "mathsf", "boldsymbol")
_ACCENTS = ("tilde", "hat", "bar", "vec", "dot", "ddot", "check")
FONTS_AND_ACCENTS = frozenset(rf"\{name}" for name in (*_FONTS, *_ACCENTS))
_ARGUMENTS = {r"\frac": 2, r"\binom": 2, **dict.fromkeys((r"\sqrt", r"\operatorname"), 1)}
_ARGUMENTS |= dict.fromkeys(FONTS_AND_ACCENTS, 1)
_SIGNS = {
    "bin": r"+ - * \pm \mp \times \cdot \wedge \vee \circ \land \lor",
    "rel": r"= < > \leq \geq \neq \le \ge \equiv \simeq \approx \sim \to \in \rightarrow",
    "op": r"\sin \cos \tan \cot \sec \csc \arcsin \arccos \arctan \sinh \cosh \tanh \log \ln \exp"
    r" \max \min \sum \prod",
    "open": r"( [ \lfloor \lceil \lvert \{",
    "close": r") ] \rfloor \rceil \rvert \}",
    "punct": ", ;",
}
_CLASSES = {sign: name for name, signs in _SIGNS.items() for sign in signs.split()}
_CLASSES |= dict.fromkeys(_SPACES, "space")


@dataclass(frozen=True)
class Atom:
    r"""One atom.

    Attributes
    ----------
    kind : str
        ``"sign"``, ``"command"`` (a group in braces if it has no name), ``"pair"``, ``"text"``,
        ``"cases"``, or ``"ending"``: one end of a pair that may be broken.
    tex : str
        The sign or the command, the words of a text, the two delimiters of a pair; the size, the
        side and the delimiter of an ending.
    parts : tuple of tuples of Atom
        What is inside: numerator and denominator, the radicand, the cells of cases, ….
    sub, sup : tuple of Atom or None
        The scripts.
    """

    kind: str
    tex: str = ""
    parts: tuple[tuple[Atom, ...], ...] = ()
    sub: tuple[Atom, ...] | None = None
    sup: tuple[Atom, ...] | None = None

    @property
    def is_group(self) -> bool:
        """True where the atom is a row in braces."""
        return self.kind == "command" and not self.tex

    @property
    def spacing(self) -> str:
        """The class of the atom, which decides the spaces around it."""
        if self.kind == "ending":
            return "open" if " left " in self.tex else "close"
        if self.kind == "pair" or self.tex == r"\frac":
            return "inner"
        return _CLASSES.get(self.tex, "ord") if self.kind == "sign" else "ord"


# LaTeX read and written

# A number is one token, and so are the words of a \text.
_TOKEN = re.compile(
    r"\\text\{[^}]*\}|\\(?:begin|end)\{[a-z*]+\}|\\[a-zA-Z]+\*?|\\.|\d+\.\d+|\d+|[^\s\\]", re.S
)


class _Reader:
    def __init__(self, latex: str) -> None:
        self.waiting = ["", *reversed(_TOKEN.findall(latex))]

    def take(self) -> str:
        if len(self.waiting) == 1:
            raise ValueError("the formula ends too early")
        return self.waiting.pop()

    def until(self, *ends: str) -> tuple[Atom, ...]:
        row = []
        while self.waiting[-1] not in ends:
            row.append(self.scripted())
        return tuple(row)

    def argument(self) -> tuple[Atom, ...]:
        atom = self.nucleus()
        return atom.parts[0] if atom.is_group else (atom,)

    def scripted(self) -> Atom:
        atom = self.nucleus()
        while self.waiting[-1] in ("_", "^"):
            below = self.take() == "_"
            if (atom.sub if below else atom.sup) is not None:
                raise ValueError("an atom has two scripts in one place")
            row = self.argument()
            atom = replace(atom, sub=row) if below else replace(atom, sup=row)
        return atom

    def nucleus(self) -> Atom:
        token = self.take()
        if token == "{":
            row = self.until("}")
            self.take()
            return Atom("command", parts=(row,))
        if token in _ARGUMENTS:
            return Atom("command", token, tuple(self.argument() for _ in range(_ARGUMENTS[token])))
        if token.startswith(r"\text{"):
            return Atom("text", token[6:-1])
        if token == r"\left":
            left = self.take()
            row = self.until(r"\right")
            self.take()
            return Atom("pair", f"{left} {self.take()}", (row,))
        if token == r"\begin{cases}":
            cells = []
            while token != r"\end{cases}":
                cells.append(self.until("&", r"\\", r"\end{cases}"))
                token = self.take()
            return Atom("cases", parts=tuple(cells))
        return Atom("sign", token)


def parse(latex: str) -> tuple[Atom, ...]:
    """The atoms of a formula.

    Raises
    ------
    ValueError
        Braces or pairs are not closed, or a symbol has two indices or two powers.
    """
    return _Reader(latex).until("")


def source(row: Sequence[Atom]) -> str:
    """LaTeX of a row of atoms."""
    return " ".join(map(_atom_source, row))


def _atom_source(atom: Atom) -> str:
    inside, text = [source(part) for part in atom.parts], atom.tex
    if atom.kind == "command":
        text += "".join(f"{{{part}}}" for part in inside)
    elif atom.kind == "text":
        text = rf"\text{{{text}}}"
    elif atom.kind == "pair":
        left, right = text.split(" ")
        text = rf"\left{left}{inside[0]}\right{right}"
    elif atom.kind == "cases":
        rows = map(" & ".join, zip(inside[::2], inside[1::2], strict=True))
        text = r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"
    for sign, script in (("_", atom.sub), ("^", atom.sup)):
        text += "" if script is None else f"{sign}{{{source(script)}}}"
    return text


# The widths of signs

# In text, script and scriptscript style, and what is as wide; then letters of text.
_MATHS = r"""
    5.29 4.34 3.87 a; 4.29 3.52 3.17 b; 4.33 3.57 3.25 c; 5.2 4.16 3.7 d; 4.66 3.79 3.39 e; 5.97
    4.68 4.01 f; 5.13 4.15 3.68 g; 5.76 4.68 4.14 h \kappa \upsilon; 3.45 2.83 2.67 i; 4.69 3.71
    3.24 j; 5.52 4.42 3.87 k; 3.18 2.57 2.4 l; 8.78 7.1 6.14 m; 6 4.94 4.4 n; 4.85 3.95 3.51 o;
    5.03 4.12 3.7 p; 4.82 3.92 3.47 q; 4.79 3.93 3.53 r; 4.69 3.77 3.35 s; 3.61 3.02 2.82 t; 5.72
    4.73 4.23 u; 5.21 4.25 3.79 v; 7.43 5.97 5.18 w; 5.72 4.53 3.96 x; 5.26 4.31 3.83 y; 5.09 4.11
    3.63 z; 7.5 6.01 5.18 A; 8.09 6.38 5.42 B; 7.86 6.23 5.32 C G; 8.56 6.75 5.72 D; 7.96 6.26 5.29
    E; 7.82 6.15 5.2 F; 9.12 7.08 5.92 H N; 5.18 4.09 3.52 I; 6.51 5.08 4.34 J; 9.21 7.21 6.03 K;
    6.81 5.49 4.78 L; 10.79 8.38 6.97 M; 7.91 6.3 5.41 O Q; 7.81 6.17 5.24 P; 7.67 6.06 5.16 R;
    6.71 5.29 4.53 S; 7.23 5.8 5.03 T; 7.92 6.2 5.26 U; 8.06 6.44 5.53 V; 10.83 8.6 7.26 W; 9.07
    7.1 5.95 X; 8.03 6.42 5.51 Y; 7.54 5.94 5.06 Z; 5 3.99 3.4 0 1 2 3 4 5 6 7 8 9; 7.78 6.14 5.14
    + = \Theta \Upsilon \Psi \neq; 7.78 6.25 5.42 - < > \pm \mp \times \leq \geq \le \ge \equiv
    \simeq \approx \sim; 3.89 3.12 2.71 ( ); 2.83 2.26 2.01 [; 2.78 2.26 2.01 ] ! :; 2.78 2.38 2.29
    , . | \cdot \lvert \rvert \vert; 5 4.1 3.68 / \lbrace \rbrace \circ \{ \}; 2.81 2.7 2.7 '; 6.43
    5.2 4.57 \alpha; 6.18 4.89 4.21 \beta; 5.73 4.63 4.08 \gamma; 4.82 3.89 3.43 \delta; 4.06 3.33
    3.07 \epsilon; 4.66 3.78 3.37 \varepsilon; 5.11 4.09 3.6 \zeta; 5.32 4.37 3.9 \eta; 4.97 4.02
    3.56 \theta; 5.91 4.83 4.28 \vartheta; 3.54 2.96 2.75 \iota; 5.83 4.74 4.2 \lambda; 6.03 4.86
    4.25 \mu; 5.58 4.48 3.91 \nu; 4.84 3.88 3.42 \xi; 6.06 4.93 4.34 \pi; 8.56 6.86 5.9 \varpi;
    5.17 4.15 3.63 \rho \varrho; 6.07 4.89 4.26 \sigma; 4.43 3.61 3.26 \varsigma; 5.5 4.5 3.99
    \tau; 5.96 4.81 4.21 \phi; 6.54 5.26 4.59 \varphi; 6.26 5 4.32 \chi; 6.87 5.54 4.83 \psi; 6.58
    5.29 4.61 \omega; 6.25 4.94 4.15 \Gamma; 8.33 6.57 5.49 \Delta; 6.94 5.47 4.56 \Lambda; 6.67
    5.28 4.44 \Xi; 7.5 5.9 4.9 \Pi; 7.22 5.71 4.79 \Sigma \Phi \Omega; 5.76 4.57 3.86 \hbar; 4.17
    3.35 2.99 \ell; 10 7.97 6.81 \infty \to \rightarrow; 5.86 4.7 4.09 \partial; 4.44 3.67 3.33
    \dagger \lfloor \rfloor \lceil \rceil; 2.75 2.31 2.2 \prime; 6.67 5.39 4.72 \in \wedge \vee
    \land \lor; 14.44 10.56 10.56 \sum; 12.78 9.44 9.44 \prod; 12.35 9.85 8.51 \sin; 13.39 10.71
    9.2 \cos; 14.52 11.53 9.86 \tan; 13.33 10.67 9.17 \cot; 12.83 10.28 8.85 \sec \csc; 25.71 20.52
    17.67 \arcsin; 26.75 21.38 18.37 \arccos; 27.88 22.19 19.03 \arctan; 17.91 14.27 12.26 \sinh;
    19.02 15.13 12.95 \cosh; 20.07 15.94 13.61 \tanh; 12.91 10.26 8.82 \log; 8.41 6.68 5.76 \ln;
    15.28 12.17 10.38 \exp; 18.77 14.77 12.47 \max; 16.74 13.25 11.25 \min; 11.67 7.12 6.88 \dots
    \ldots \cdots
"""
_TEXT = """
    2.78 il,.;:' 3.06 fj 3.33 - 3.61 I 3.89 t() 3.92 r 3.94 s 4.44 cez 5 ago0123456789/ 5.14 J 5.28
    kqvxy 5.56 bdhnpuS 6.11 Z 6.25 L 6.53 F 6.81 EP 7.08 B 7.22 wCT 7.36 R 7.5 AHNUVXY 7.64 D 7.78
    KOQ 7.85 G 8.33 m 9.17 M 10.28 W
"""
_WIDTHS = {
    sign: tuple(map(float, sizes))
    for *sizes, signs in (entry.split(maxsplit=3) for entry in _MATHS.split(";"))
    for sign in signs.split()
}
_LETTERS = {
    a: float(size) for size, letters in re.findall(r"(\S+)\s+(\S+)", _TEXT) for a in letters
}
_WIDEST = (10.83, 8.6, 7.26)
# Styles: display, text, script, scriptscript.
_SCALES = (1.0, 1.0, 0.8, 0.68)
# After the class of the row, before that of the column: 1 thin, 2 medium, 3 thick; those marked
# with a minus sign are left out in scripts.
_ORDER = ("ord", "op", "bin", "rel", "open", "close", "punct", "inner")
_ROWS = """
     0  1 -2 -3  0  0  0 -1
     1  1  0 -3  0  0  0 -1
    -2 -2  0  0 -2  0  0 -2
    -3 -3  0  0 -3  0  0 -3
     0  0  0  0  0  0  0  0
     0  1 -2 -3  0  0  0 -1
    -1 -1  0 -1 -1 -1 -1 -1
    -1  1 -2 -3 -1  0 -1 -1
"""
_GLUE = dict(zip(product(_ORDER, _ORDER), map(int, _ROWS.split()), strict=True))
# Brackets: height plus depth up to which a size is taken, and widths of ( and of [.
_BRACKETS = (
    (10.0, 3.89, 2.83), (12.0, 4.59, 4.17), (18.0, 5.98, 4.73), (24.0, 7.37, 5.28),
    (30.0, 7.92, 5.84), (1e9, 8.76, 6.67),
)  # fmt: skip
_LIMITS = (r"\sum", r"\prod")
# Signs by their heights and depths.
_TALL = {*"()[]|", r"\lfloor", r"\rfloor"}
_DEEP = {*"gjpqy,", r"\xi", r"\lambda", r"\varphi", r"\beta", r"\gamma", r"\mu", r"\rho"}
_LOW = {
    *"acegmnopqrsuvwxyz", r"\alpha", r"\gamma", r"\omega", r"\varphi", r"\pi", r"\tau", r"\sigma",
    r"\kappa", r"\mu", r"\eta", r"\epsilon", r"\nu", r"\rho",
}  # fmt: skip


class Box(NamedTuple):
    """Width, height and depth in points."""

    width: float
    height: float
    depth: float


def glue(left: str, right: str, style: int = 0) -> float:
    """The space between atoms of two classes."""
    size = _GLUE.get((left, right), 0)
    return 0.0 if size < 0 and style > 1 else (0.0, _THIN, _MEDIUM, _THICK)[abs(size)]


def box(row: Sequence[Atom], style: int = 0) -> Box:
    """The size of a row of atoms in a style: 0 display, 1 text, 2 script, 3 scriptscript."""
    width = height = depth = 0.0
    before = ""
    for atom in row:
        inner, here = _box(atom, style), atom.spacing
        if here == "space":
            width += inner.width
            continue
        # A sign with nothing before it is no operator.
        if here == "bin" and before in ("", "bin", "op", "rel", "open", "punct"):
            here = "ord"
        width += glue(before, here, style) + inner.width
        height, depth = max(height, inner.height), max(depth, inner.depth)
        before = here
    return Box(width, height, depth)


def width(latex: str) -> float:
    """The width of a formula in display style, in points."""
    return box(parse(latex)).width


def bracket_size(inside: Box) -> int:
    r"""The bracket around a box: 0 for plain, up to 4 (``\Bigg``), 5 beyond."""
    full = 2 * max(inside.height - 2.5, inside.depth + 2.5)
    wanted = max(0.901 * full, full - 5)
    return next(i for i, (size, *_) in enumerate(_BRACKETS) if wanted <= size)


def _bracket(size: int, sign: str, style: int = 0) -> float:
    """The width of one bracket."""
    _, curved, square = _BRACKETS[size]
    if sign == ".":
        return 1.2
    wide = square if sign in "[]" else curved if sign in "()" else max(4.45, square)
    return wide * _SCALES[style if size == 0 else 0]


@lru_cache(maxsize=65536)
def _box(atom: Atom, style: int) -> Box:
    inner = _nucleus_box(atom, style)
    if atom.sub is None and atom.sup is None:
        return inner
    below, above = (box(s or (), min(3, max(2, style + 1))) for s in (atom.sub, atom.sup))
    if atom.tex in _LIMITS and style == 0:
        return Box(
            max(inner.width, below.width, above.width),
            inner.height + 3 + above.height + above.depth,
            inner.depth + 3 + below.height + below.depth,
        )
    up = max(4.13 if style == 0 else 3.6, inner.height - 3.9) if atom.sup else 0.0
    down = max(1.5 if not atom.sup else 2.5, inner.depth + 0.5) if atom.sub else 0.0
    return Box(
        inner.width + max(below.width, above.width) + 0.5,
        max(inner.height, up + above.height),
        max(inner.depth, down + below.depth),
    )


def _nucleus_box(atom: Atom, style: int) -> Box:
    if atom.kind == "command":
        return _command_box(atom, style)
    if atom.kind == "text":
        width = sum(_LETTERS.get(c, 7.5 if c != " " else 3.34) for c in atom.tex)
        return Box(width, 7.0, 2.0)
    if atom.kind == "pair":
        inner = box(atom.parts[0], style)
        size = bracket_size(inner)
        around = sum(_bracket(size, sign, style) for sign in atom.tex.split(" "))
        tall = max(_BRACKETS[size][0] if size < 5 else 0.0, inner.height + inner.depth)
        height, depth = max(inner.height, tall / 2 + 2.5), max(inner.depth, tall / 2 - 2.5)
        return Box(inner.width + around, height, depth)
    if atom.kind == "ending":
        number, _, sign = atom.tex.split(" ")
        return Box(_bracket(int(number), sign), 0.0, 0.0)
    if atom.kind == "cases":
        cells = [box(part, 1) for part in atom.parts]
        values, remarks = cells[::2], cells[1::2]
        wide = max(c.width for c in values) + max((c.width for c in remarks), default=0.0)
        tall = sum(max(14.0, v.height + v.depth + 3) for v in values)
        return Box(wide + 10 + 10.3, tall / 2 + 2.5, tall / 2 - 2.5)
    return _sign_box(atom.tex, style)


def _command_box(atom: Atom, style: int) -> Box:
    scale = _SCALES[style]
    if atom.tex in (r"\frac", r"\binom"):
        above, below = (box(part, min(3, style + 1)) for part in atom.parts)
        wide = max(above.width, below.width)
        if atom.tex == r"\binom":
            return Box(wide + (14.75 if style == 0 else 9.2), 14.5 * scale, 9.5 * scale)
        up, down, gap = (6.77, 6.86, 1.4) if style == 0 else (3.94, 3.45, 0.6)
        up = max(up * scale, 2.5 * scale + gap + above.depth)
        down = max(down * scale, below.height + gap - 2.5 * scale)
        return Box(wide + 2.4, up + above.height, down + below.depth)
    inner = box(atom.parts[0], style)
    if atom.tex == r"\sqrt":
        gap = 2.2 if style == 0 else 1.1
        sign = 8.34 * scale if inner.height + inner.depth + gap <= 10 else 10.0
        return Box(inner.width + sign, inner.height + gap + 0.8, max(inner.depth, 0.9))
    if not atom.tex:
        return inner
    wider = 1.2 if atom.tex[1:] in _FONTS else 1.0
    return Box(inner.width * wider + 0.5, inner.height + 2, inner.depth)


def _sign_box(sign: str, style: int) -> Box:
    size, scale = max(style - 1, 0), _SCALES[style]
    wide = _SPACES.get(sign, _WIDTHS.get(sign, _WIDEST)[size])
    if sign in _SPACES:
        return Box(wide, 0.0, 0.0)
    if sign[:1].isdigit():
        return Box(sum(_WIDTHS[c][size] for c in sign), 6.5 * scale, 0.0)
    if sign in _LIMITS:
        return Box(wide, *((9.5, 4.5) if style == 0 else (7.5, 2.5)))
    deep = 2.5 if sign in _TALL else 2.0 if sign in _DEEP else 0.1
    high = 7.5 if sign in _TALL else 4.4 if sign in _LOW else 7.0
    return Box(wide, high * scale, deep * scale)
