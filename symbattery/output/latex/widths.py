r"""How wide a formula is when typeset: TeX's rules for Computer Modern at 10 pt.

The width of every sign at the three sizes of mathematics (10, 7 and 5 pt) was measured once with
pdflatex; fractions, roots, scripts, brackets and the spaces between the classes of atoms follow
The TeXbook, Appendix G. Heights, which only choose among the sizes of brackets, are rougher.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from symbattery.output.latex.math_list import Node, parse

__all__ = ["Box", "box", "glue", "points", "sized"]

_MATHS = r"""
    a 5.29 4.34 3.87; b 4.29 3.52 3.17; c 4.33 3.57 3.25; d 5.2 4.16 3.7; e 4.66 3.79 3.39;
    f 5.97 4.68 4.01; g 5.13 4.15 3.68; h 5.76 4.68 4.14; i 3.45 2.83 2.67; j 4.69 3.71 3.24;
    k 5.52 4.42 3.87; l 3.18 2.57 2.4; m 8.78 7.1 6.14; n 6 4.94 4.4; o 4.85 3.95 3.51;
    p 5.03 4.12 3.7; q 4.82 3.92 3.47; r 4.79 3.93 3.53; s 4.69 3.77 3.35; t 3.61 3.02 2.82;
    u 5.72 4.73 4.23; v 5.21 4.25 3.79; w 7.43 5.97 5.18; x 5.72 4.53 3.96; y 5.26 4.31 3.83;
    z 5.09 4.11 3.63; A 7.5 6.01 5.18; B 8.09 6.38 5.42; C 7.86 6.23 5.32; D 8.56 6.75 5.72;
    E 7.96 6.26 5.29; F 7.82 6.15 5.2; G 7.86 6.23 5.32; H 9.12 7.08 5.92; I 5.18 4.09 3.52;
    J 6.51 5.08 4.34; K 9.21 7.21 6.03; L 6.81 5.49 4.78; M 10.79 8.38 6.97; N 9.12 7.08 5.92;
    O 7.91 6.3 5.41; P 7.81 6.17 5.24; Q 7.91 6.3 5.41; R 7.67 6.06 5.16; S 6.71 5.29 4.53;
    T 7.23 5.8 5.03; U 7.92 6.2 5.26; V 8.06 6.44 5.53; W 10.83 8.6 7.26; X 9.07 7.1 5.95;
    Y 8.03 6.42 5.51; Z 7.54 5.94 5.06; 0 5 3.99 3.4; 1 5 3.99 3.4; 2 5 3.99 3.4; 3 5 3.99 3.4;
    4 5 3.99 3.4; 5 5 3.99 3.4; 6 5 3.99 3.4; 7 5 3.99 3.4; 8 5 3.99 3.4; 9 5 3.99 3.4;
    + 7.78 6.14 5.14; - 7.78 6.25 5.42; = 7.78 6.14 5.14; < 7.78 6.25 5.42; > 7.78 6.25 5.42;
    ( 3.89 3.12 2.71; ) 3.89 3.12 2.71; [ 2.83 2.26 2.01; ] 2.78 2.26 2.01; , 2.78 2.38 2.29;
    . 2.78 2.38 2.29; ! 2.78 2.26 2.01; / 5 4.1 3.68; | 2.78 2.38 2.29; ' 2.81 2.7 2.7;
    : 2.78 2.26 2.01; \alpha 6.43 5.2 4.57; \beta 6.18 4.89 4.21; \gamma 5.73 4.63 4.08;
    \delta 4.82 3.89 3.43; \epsilon 4.06 3.33 3.07; \varepsilon 4.66 3.78 3.37;
    \zeta 5.11 4.09 3.6; \eta 5.32 4.37 3.9; \theta 4.97 4.02 3.56; \vartheta 5.91 4.83 4.28;
    \iota 3.54 2.96 2.75; \kappa 5.76 4.68 4.14; \lambda 5.83 4.74 4.2; \mu 6.03 4.86 4.25;
    \nu 5.58 4.48 3.91; \xi 4.84 3.88 3.42; \pi 6.06 4.93 4.34; \varpi 8.56 6.86 5.9;
    \rho 5.17 4.15 3.63; \varrho 5.17 4.15 3.63; \sigma 6.07 4.89 4.26; \varsigma 4.43 3.61 3.26;
    \tau 5.5 4.5 3.99; \upsilon 5.76 4.68 4.14; \phi 5.96 4.81 4.21; \varphi 6.54 5.26 4.59;
    \chi 6.26 5 4.32; \psi 6.87 5.54 4.83; \omega 6.58 5.29 4.61; \Gamma 6.25 4.94 4.15;
    \Delta 8.33 6.57 5.49; \Theta 7.78 6.14 5.14; \Lambda 6.94 5.47 4.56; \Xi 6.67 5.28 4.44;
    \Pi 7.5 5.9 4.9; \Sigma 7.22 5.71 4.79; \Upsilon 7.78 6.14 5.14; \Phi 7.22 5.71 4.79;
    \Psi 7.78 6.14 5.14; \Omega 7.22 5.71 4.79; \hbar 5.76 4.57 3.86; \ell 4.17 3.35 2.99;
    \infty 10 7.97 6.81; \partial 5.86 4.7 4.09; \dagger 4.44 3.67 3.33; \prime 2.75 2.31 2.2;
    \pm 7.78 6.25 5.42; \mp 7.78 6.25 5.42; \times 7.78 6.25 5.42; \cdot 2.78 2.38 2.29;
    \leq 7.78 6.25 5.42; \geq 7.78 6.25 5.42; \neq 7.78 6.14 5.14; \le 7.78 6.25 5.42;
    \ge 7.78 6.25 5.42; \equiv 7.78 6.25 5.42; \simeq 7.78 6.25 5.42; \approx 7.78 6.25 5.42;
    \sim 7.78 6.25 5.42; \to 10 7.97 6.81; \in 6.67 5.39 4.72; \wedge 6.67 5.39 4.72;
    \vee 6.67 5.39 4.72; \land 6.67 5.39 4.72; \lor 6.67 5.39 4.72; \rightarrow 10 7.97 6.81;
    \sum 14.44 10.56 10.56; \prod 12.78 9.44 9.44; \sin 12.35 9.85 8.51; \cos 13.39 10.71 9.2;
    \tan 14.52 11.53 9.86; \cot 13.33 10.67 9.17; \sec 12.83 10.28 8.85; \csc 12.83 10.28 8.85;
    \arcsin 25.71 20.52 17.67; \arccos 26.75 21.38 18.37; \arctan 27.88 22.19 19.03;
    \sinh 17.91 14.27 12.26; \cosh 19.02 15.13 12.95; \tanh 20.07 15.94 13.61;
    \log 12.91 10.26 8.82; \ln 8.41 6.68 5.76; \exp 15.28 12.17 10.38; \max 18.77 14.77 12.47;
    \min 16.74 13.25 11.25; \lfloor 4.44 3.67 3.33; \rfloor 4.44 3.67 3.33; \lceil 4.44 3.67 3.33;
    \rceil 4.44 3.67 3.33; \lvert 2.78 2.38 2.29; \rvert 2.78 2.38 2.29; \lbrace 5 4.1 3.68;
    \rbrace 5 4.1 3.68; \vert 2.78 2.38 2.29; \dots 11.67 7.12 6.88; \ldots 11.67 7.12 6.88;
    \cdots 11.67 7.12 6.88; \circ 5 4.1 3.68; \{ 5 4.1 3.68; \} 5 4.1 3.68;
"""
_TEXT = r"""
    a 5 b 5.56 c 4.44 d 5.56 e 4.44 f 3.06 g 5 h 5.56 i 2.78 j 3.06 k 5.28 l 2.78 m 8.33 n 5.56
    o 5 p 5.56 q 5.28 r 3.92 s 3.94 t 3.89 u 5.56 v 5.28 w 7.22 x 5.28 y 5.28 z 4.44 A 7.5 B 7.08
    C 7.22 D 7.64 E 6.81 F 6.53 G 7.85 H 7.5 I 3.61 J 5.14 K 7.78 L 6.25 M 9.17 N 7.5 O 7.78
    P 6.81 Q 7.78 R 7.36 S 5.56 T 7.22 U 7.5 V 7.5 W 10.28 X 7.5 Y 7.5 Z 6.11 0 5 1 5 2 5 3 5 4 5
    5 5 6 5 7 5 8 5 9 5 , 2.78 . 2.78 ; 2.78 : 2.78 ( 3.89 ) 3.89 - 3.33 ' 2.78 / 5
"""

_THIN, _MEDIUM, _THICK = 5 / 3, 20 / 9, 25 / 9
_SPACES = {
    r"\,": _THIN,
    r"\:": _MEDIUM,
    r"\;": _THICK,
    r"\!": -_THIN,
    r"\quad": 10.0,
    r"\qquad": 20.0,
    "\\ ": 3.33,
    "~": 3.33,
}
# After the class of the row, before that of the column: 1 thin, 2 medium, 3 thick; those marked
# with a minus sign are left out in scripts.
_ORDER = ("ord", "op", "bin", "rel", "open", "close", "punct", "inner")
_TABLE = (
    (0, 1, -2, -3, 0, 0, 0, -1),
    (1, 1, 0, -3, 0, 0, 0, -1),
    (-2, -2, 0, 0, -2, 0, 0, -2),
    (-3, -3, 0, 0, -3, 0, 0, -3),
    (0, 0, 0, 0, 0, 0, 0, 0),
    (0, 1, -2, -3, 0, 0, 0, -1),
    (-1, -1, 0, -1, -1, -1, -1, -1),
    (-1, 1, -2, -3, -1, 0, -1, -1),
)
_SIZES = (0.0, _THIN, _MEDIUM, _THICK)
# Brackets: height plus depth from which a size is taken, and widths of ( and of [.
_BRACKETS: tuple[tuple[float, float, float], ...]
_BRACKETS = ((10.0, 3.89, 2.83), (12.0, 4.59, 4.17), (18.0, 5.98, 4.73), (24.0, 7.37, 5.28))
_BRACKETS += ((30.0, 7.92, 5.84), (1e9, 8.76, 6.67))
_SIZED = ("", "big", "Big", "bigg", "Bigg", "Bigg")


@dataclass(frozen=True)
class Box:
    """Width, height and depth in points."""

    width: float
    height: float
    depth: float


def _table(text: str) -> dict[str, tuple[float, ...]]:
    found = {}
    for entry in text.replace("\n", " ").split(";"):
        if entry.strip():
            name, *sizes = entry.split()
            found[name] = tuple(map(float, sizes))
    return found


_WIDTHS = _table(_MATHS)
_LETTERS = {a: float(b) for a, b in zip(*[iter(_TEXT.split())] * 2, strict=True)}
_WIDEST = (10.83, 8.6, 7.26)
_SCALES = (1.0, 0.8, 0.68)
# Styles: display, text, script, scriptscript.
_SIZE_OF = (0, 0, 1, 2)


def glue(left: str, right: str, style: int = 0) -> float:
    """The space between atoms of two classes."""
    if left not in _ORDER or right not in _ORDER:
        return 0.0
    size = _TABLE[_ORDER.index(left)][_ORDER.index(right)]
    return 0.0 if size < 0 and style > 1 else _SIZES[abs(size)]


def _classes(row: Sequence[Node]) -> list[str]:
    """The classes of a row; a sign with nothing before it is no operator."""
    found: list[str] = []
    before = "open"
    for node in row:
        here = node.family
        if here == "bin" and before in ("bin", "op", "rel", "open", "punct"):
            here = "ord"
        found.append(here)
        if here != "space":
            before = here
    return found


def box(row: Sequence[Node], style: int = 0) -> Box:
    """The size of a row of atoms in a style: 0 display, 1 text, 2 script, 3 scriptscript."""
    width = height = depth = 0.0
    before = ""
    for node, here in zip(row, _classes(row), strict=True):
        inner = _box(node, style)
        if here == "space":
            width += inner.width
            continue
        width += glue(before, here, style) + inner.width
        height, depth = max(height, inner.height), max(depth, inner.depth)
        before = here
    return Box(width, height, depth)


def points(latex: str) -> float:
    """The width of a formula in display style, in points."""
    return box(parse(latex)).width


def sized(inside: Box) -> int:
    """Which size of bracket goes around a box: 0 for plain, up to 4 (``\\Bigg``), 5 beyond."""
    full = 2 * max(inside.height - 2.5, inside.depth + 2.5)
    wanted = max(0.901 * full, full - 5)
    return next(i for i, (size, *_) in enumerate(_BRACKETS) if wanted <= size)


def bracket(size: int, sign: str, style: int = 0) -> float:
    """The width of one bracket."""
    _, round_, square = _BRACKETS[size]
    if sign == ".":
        return 1.2
    scale = _SCALES[_SIZE_OF[style]] if size == 0 else 1.0
    if sign in "[]":
        return square * scale
    return (round_ if sign in "()" else max(4.45, square)) * scale


@lru_cache(maxsize=65536)
def _box(node: Node, style: int) -> Box:
    inner = _nucleus(node, style)
    if node.sub is None and node.sup is None:
        return inner
    smaller = min(3, max(2, style + 1))
    below = box(node.sub or (), smaller)
    above = box(node.sup or (), smaller)
    if node.kind == "atom" and node.tex in (r"\sum", r"\prod") and style == 0:
        return Box(
            max(inner.width, below.width, above.width),
            inner.height + 3 + above.height + above.depth,
            inner.depth + 3 + below.height + below.depth,
        )
    up = max(4.13 if style == 0 else 3.6, inner.height - 3.9) if node.sup else 0.0
    down = max(1.5 if not node.sup else 2.5, inner.depth + 0.5) if node.sub else 0.0
    return Box(
        inner.width + max(below.width, above.width) + 0.5,
        max(inner.height, up + above.height),
        max(inner.depth, down + below.depth),
    )


def _nucleus(node: Node, style: int) -> Box:
    size = _SIZE_OF[style]
    scale = _SCALES[size]
    if node.kind == "text":
        return Box(sum(_LETTERS.get(c, 7.5 if c != " " else 3.34) for c in node.tex), 7.0, 2.0)
    if node.kind == "frac":
        within = min(3, style + 1)
        above, below = (box(part, within) for part in node.parts)
        up, down = (6.77, 6.86) if style == 0 else (3.94, 3.45)
        gap = 1.4 if style == 0 else 0.6
        up = max(up * scale, 2.5 * scale + gap + above.depth)
        down = max(down * scale, below.height + gap - 2.5 * scale)
        return Box(max(above.width, below.width) + 2.4, up + above.height, down + below.depth)
    if node.kind == "binom":
        above, below = (box(part, min(3, style + 1)) for part in node.parts)
        paren = 14.75 if style == 0 else 9.2
        return Box(max(above.width, below.width) + paren, 14.5 * scale, 9.5 * scale)
    if node.kind == "sqrt":
        inner = box(node.parts[0], style)
        gap = 2.2 if style == 0 else 1.1
        total = inner.height + inner.depth + gap
        sign = 8.34 * scale if total <= 10 else 10.0
        return Box(inner.width + sign, inner.height + gap + 0.8, max(inner.depth, 0.9))
    if node.kind == "pair":
        inner = box(node.parts[0], style)
        left, right = node.tex.split(" ")
        of = sized(inner)
        around = bracket(of, left, style) + bracket(of, right, style)
        tall = max(_BRACKETS[of][0] if of < 5 else 0.0, inner.height + inner.depth)
        return Box(
            inner.width + around,
            max(inner.height, tall / 2 + 2.5),
            max(inner.depth, tall / 2 - 2.5),
        )
    if node.kind == "ending":
        return Box(bracket(int(node.parts[0][0].tex), node.tex), 0.0, 0.0)
    if node.kind == "cases":
        cells = [box(part, 1) for part in node.parts]
        values, remarks = cells[::2], cells[1::2]
        wide = max(c.width for c in values) + max((c.width for c in remarks), default=0.0)
        tall = sum(max(14.0, v.height + v.depth + 3) for v in values)
        return Box(wide + 10 + 10.3, tall / 2 + 2.5, tall / 2 - 2.5)
    if node.kind in ("group", "font", "accent"):
        inner = box(node.parts[0], style)
        if node.kind == "group":
            return inner
        wide = 1.2 if node.kind == "font" else 1.0
        return Box(inner.width * wide + 0.5, inner.height + 2, inner.depth)
    if node.family == "space":
        return Box(_SPACES[node.tex], 0.0, 0.0)
    if node.tex[:1].isdigit():
        return Box(sum(_WIDTHS.get(c, (2.78,) * 3)[size] for c in node.tex), 6.5 * scale, 0.0)
    width = _WIDTHS.get(node.tex, _WIDEST)[size]
    if node.tex in (r"\sum", r"\prod"):
        return Box(width, 9.5 if style == 0 else 7.5, 4.5 if style == 0 else 2.5)
    tall = node.tex in ("(", ")", "[", "]", "|", r"\lfloor", r"\rfloor")
    deep = 2.5 if tall else 2.0 if node.tex in _DEEP else 0.1
    high = 7.5 if tall else 4.4 if node.tex in _LOW else 7.0
    return Box(width, high * scale, deep * scale)


_DEEP = frozenset("gjpqy,") | {r"\xi", r"\lambda", r"\varphi", r"\beta", r"\gamma", r"\mu", r"\rho"}
_LOW = frozenset("acegmnopqrsuvwxyz") | {
    *(r"\alpha", r"\gamma", r"\omega", r"\varphi", r"\pi", r"\tau", r"\sigma", r"\kappa", r"\mu"),
    *(r"\eta", r"\epsilon", r"\nu", r"\rho"),
}
