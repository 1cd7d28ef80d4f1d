r"""Formulas on as many lines as their width asks for.

Where a line may end: before a relation, before a remark, before a sign of a sum, and between two
factors (the next line then begins with ``\times``), at first outside of brackets, then within. A
pair of brackets that is broken gets the same size (``\Bigl … \Bigr``) on both of its lines. What
has no such place is rewritten: a wide fraction as :math:`\frac1d[\dots]`, a wide root as
:math:`[\dots]^{1/2}`. Among all ways to break the one of least cost is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.output.latex.math_list import Node, parse, source
from symbattery.output.latex.widths import box, glue, sized

__all__ = ["WIDTHS", "Row", "aligned", "display", "lines", "width_in_points"]

WIDTHS = {"revtex-column": 246.0, "revtex": 510.0, "article-column": 229.5, "article": 345.0}
"""The width of a column of revtex4-2 and of article at 10 pt, in points."""

_NARROWEST = 120.0
_MARGIN = 6.0
_RULE = 2.5
_INDENT = 10.0
_TIMES = 7.78 + 20 / 9
_SIZED = (r"", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\Bigg")
# What it costs to end a line there.
_RELATION, _REMARK, _SIGN, _BRACKET, _FACTOR, _DEEPER = 0.0, 5.0, 10.0, 35.0, 60.0, 40.0
_TORN = 90.0
_NOWHERE = float("inf")


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


@dataclass(frozen=True)
class Row:
    """One equation: what is aligned on the left, and what may be broken."""

    head: str
    body: str

    @classmethod
    def of(cls, equation: str) -> Row:
        """An equation split at its first relation."""
        row = parse(equation)
        place = next((i for i, node in enumerate(row) if node.family == "rel"), 0)
        return cls(source(row[:place]), source(row[place:]))


# Where a line may end


@dataclass(frozen=True)
class _Piece:
    """Atoms that stay together; ``cost`` is that of a line that ends before them."""

    row: tuple[Node, ...]
    cost: float
    depth: int
    factor: bool = False
    opens: int | None = None
    closes: int | None = None


def _has_signs(row: Sequence[Node]) -> bool:
    return any(node.tex in ("+", "-") for node in row[1:])


def _scripts(node: Node) -> dict[str, Any]:
    return {"sub": node.sub, "sup": node.sup}


def _grouped(row: tuple[Node, ...]) -> tuple[Node, ...]:
    """The row as a factor: in brackets if it is a sum."""
    return (Node("pair", "[ ]", (row,)),) if _has_signs(row) else row


def _split_fraction(node: Node, most: float) -> tuple[Node, ...]:
    """A wide fraction as a product of narrower ones, or a factor before brackets."""
    above, below = node.parts
    most -= _RULE
    one = (Node("atom", "1"),)
    wide = [part for part in below if box((part,), 1).width > most]
    if wide and not _has_signs(below):
        narrow = tuple(part for part in below if part not in wide)
        head = (Node("frac", parts=(above, narrow)),) if narrow else _grouped(above)
        return (*head, *(_inverse(part) for part in wide))
    if box(below, 1).width > most:
        if _has_signs(below):
            inverse = Node("pair", "[ ]", (below,), sup=(Node("atom", "-"), Node("atom", "1")))
            return (*_grouped(above), inverse)
        chunks = _chunks(below, most)
        first = Node("frac", parts=(above, chunks[0]))
        return (first, *(Node("frac", parts=(one, chunk)) for chunk in chunks[1:]))
    if _has_signs(above):
        return (Node("frac", parts=(one, below)), *_grouped(above))
    chunks = _chunks(above, most)
    if len(chunks) == 1:
        return (Node("frac", parts=(one, below)), *above)
    if box(chunks[0], 1).width > most:
        chunks = [one, *chunks]
    head, rest = chunks[0], [node for chunk in chunks[1:] for node in chunk]
    return (Node("frac", parts=(head, below)), *rest)


def _inverse(node: Node) -> Node:
    """One over a factor, with an exponent."""
    minus = Node("atom", "-")
    if node.kind == "sqrt":
        return Node("pair", "[ ]", node.parts, sup=(minus, *(Node("atom", s) for s in "1/2")))
    if node.kind == "pair":
        return replace(node, sup=(minus, *(node.sup or (Node("atom", "1"),))))
    return Node("pair", "[ ]", ((node,),), sup=(minus, Node("atom", "1")))


def _chunks(row: Sequence[Node], most: float) -> list[tuple[Node, ...]]:
    """A product in parts that are not wider than ``most``, as far as its factors allow."""
    chunks: list[tuple[Node, ...]] = [()]
    for node in row:
        if chunks[-1] and box((*chunks[-1], node), 1).width > most:
            chunks.append(())
        chunks[-1] = (*chunks[-1], node)
    return chunks


class _Pieces:
    """Cuts a row; pairs wider than ``open_beyond`` are opened, fractions beyond ``most`` split."""

    def __init__(self, most: float, open_beyond: float) -> None:
        self.most, self.open_beyond = most, open_beyond
        self.found: list[_Piece] = []
        self.pairs: list[tuple[str, int]] = []
        self.remark = False

    def simpler(self, row: Sequence[Node]) -> Iterator[Node]:
        for node in row:
            if node.kind == "frac" and box((node,)).width > self.most:
                split = _split_fraction(node, self.most)
                yield from self.simpler(split) if split != (node,) else split
            elif node.kind == "sqrt" and box((node,)).width > self.most:
                half = tuple(Node("atom", sign) for sign in "1/2")
                yield Node("pair", "[ ]", node.parts, sup=half)
            else:
                yield node

    def cut(self, row: Sequence[Node], depth: int) -> None:
        before: Node | None = None
        since_sign = 0.0
        for node in self.simpler(row):
            cost, factor = self.cost(before, node, depth, since_sign)
            inner = node.parts[0] if node.parts else ()
            wide = box((node,)).width > self.open_beyond
            if node.kind == "group" and inner and inner[0].kind == "pair" and wide:
                # The argument of a function stays with its name.
                self.put(inner[0], _NOWHERE, depth, False)
            else:
                self.put(node, cost, depth, factor)
            self.remark = self.remark or node.kind == "text" or node.tex in (r"\quad", r"\qquad")
            if node.family in ("bin", "rel"):
                since_sign = 0.0
            elif not node.tex[:1].isdigit():
                since_sign += box((node,)).width
            before = node

    def cost(
        self, before: Node | None, node: Node, depth: int, since_sign: float
    ) -> tuple[float, bool]:
        deeper = _DEEPER * depth
        here = node.family
        if before is None:
            # Before a relation that opens the row too.
            return (_NOWHERE if self.found or here != "rel" else _RELATION), False
        if before.family in ("bin", "rel", "op", "open"):
            return _NOWHERE, False
        if before.family == "punct":
            return (_REMARK if node.family == "space" else _SIGN) + deeper, False
        if node.tex in (r"\quad", r"\qquad"):
            return _REMARK + deeper, False
        torn = _TORN if self.remark else 0.0
        if here == "rel":
            return torn + _RELATION + deeper, False
        if here == "bin":
            return torn + _SIGN + deeper, False
        if before.family == "space":
            # What follows a remark's words may not be torn from them.
            return _NOWHERE, False
        factors = ("ord", "inner", "op")
        if here not in factors or before.family not in factors or node.kind == "group":
            return _NOWHERE, False
        if "text" in (before.kind, node.kind):
            return (100.0 + deeper if node.kind != "text" else _NOWHERE), False
        if since_sign < 12:
            return _NOWHERE, False
        # Better before a bracket than within it.
        outer = node.kind == "pair" and depth == 0
        return (_BRACKET if outer else _FACTOR) + torn + deeper, True

    def put(self, node: Node, cost: float, depth: int, factor: bool) -> None:
        if node.kind != "pair" or box((node,)).width <= self.open_beyond:
            self.found.append(_Piece((node,), cost, depth, factor))
            return
        inside = node.parts[0]
        size = sized(box(inside))
        left, right = node.tex.split(" ")
        key = len(self.pairs)
        self.pairs.append((node.tex, size))
        mark = (Node("atom", str(size)),)
        opening = Node("ending", left, (mark,))
        closing = Node("ending", right, (mark,), **_scripts(node))
        self.found.append(_Piece((opening,), cost, depth, factor, opens=key))
        self.cut(inside, depth + 1)
        self.found.append(_Piece((closing,), _NOWHERE, depth, closes=key))


# The best lines


def _broken(pieces: Sequence[_Piece], first: float, most: float) -> tuple[list[int], float]:
    """Where the lines begin, and by how much the widest is too wide."""
    widths = [box(piece.row).width for piece in pieces]
    between = [0.0]
    for one, two in pairwise(pieces):
        left, right = one.row[-1], two.row[0]
        inner = [
            "inner" if node.kind == "ending" and node.family == side else node.family
            for node, side in ((left, "close"), (right, "open"))
        ]
        between.append(glue(inner[0], inner[1]))
    sums = [0.0]
    for width, space in zip(widths, between, strict=True):
        sums.append(sums[-1] + width + space)
    count = len(pieces)
    best: list[tuple[float, int]] = [(_NOWHERE, 0)] * count + [(0.0, count)]
    for start in range(count - 1, -1, -1):
        if start and pieces[start].cost == _NOWHERE:
            continue
        piece = pieces[start]
        room = first if start == 0 else most - _INDENT - (_INDENT if piece.depth else 0.0)
        room -= _TIMES if start and piece.factor else 0.0
        for end in range(start + 1, count + 1):
            if end < count and pieces[end].cost == _NOWHERE:
                continue
            width = sums[end] - sums[start] - (between[start] if start else 0.0)
            excess = width - room
            if excess > 0 and best[start][0] < _NOWHERE:
                break
            ragged = 0.0 if end == count else 25 * (1 - width / room) ** 2
            cost = ragged + max(0.0, excess) * 1e4 + 8
            cost += pieces[end].cost if end < count else 0.0
            cost += best[end][0]
            if cost < best[start][0]:
                best[start] = (cost, end)
            if excess > 0:
                break
    starts, place = [], 0
    while place < count:
        starts.append(place)
        place = best[place][1]
    return starts, best[0][0]


def _written(cut: _Pieces, starts: Sequence[int]) -> list[str]:
    line_of = {}
    for place in range(len(cut.found)):
        line_of[place] = sum(start <= place for start in starts)
    ends: dict[int, list[int]] = {}
    for i, piece in enumerate(cut.found):
        for key in (piece.opens, piece.closes):
            if key is not None:
                ends.setdefault(key, []).append(line_of[i])
    whole = {key for key, (opened, closed) in ends.items() if opened == closed}
    texts: list[list[str]] = [[] for _ in starts]
    for i, piece in enumerate(cut.found):
        line = texts[line_of[i] - 1]
        if i in starts and i:
            deep = r"\qquad" if piece.depth else r"\quad"
            line.append(rf"{deep} \times" if piece.factor else deep)
        line.append(_delimited(cut, piece, whole))
    return [" ".join(line) for line in texts]


def _delimited(cut: _Pieces, piece: _Piece, whole: set[int]) -> str:
    key = piece.opens if piece.opens is not None else piece.closes
    if key is None:
        return source(piece.row)
    (node,) = piece.row
    opening = piece.opens is not None
    if key in whole:
        return source(
            (replace(node, kind="atom", tex=(r"\left" if opening else r"\right") + node.tex),)
        )
    size = _SIZED[cut.pairs[key][1]]
    command = f"{size}{'l' if opening else 'r'}" if size else ""
    return source((replace(node, kind="atom", tex=command + node.tex),))


def lines(body: str, most: float, first: float | None = None) -> list[str]:
    """A formula on lines of at most ``most`` points, the first one of at most ``first``."""
    row = parse(body)
    first = most if first is None else first
    if box(row).width <= first:
        return [source(row)]
    best: tuple[float, list[str]] | None = None
    for share, opened in ((0.98, 0.5), (0.8, 0.35), (0.6, 0.25), (0.45, 0.15), (0.3, 0.1)):
        cut = _Pieces(share * most, opened * most)
        cut.cut(row, 0)
        starts, cost = _broken(cut.found, first, most)
        if best is None or cost < best[0]:
            best = (cost, _written(cut, starts))
        if best[0] < 5000:
            break
    assert best is not None
    return best[1]


# Displays

_LONG_HEAD = 0.3


def _cells(rows: Sequence[Row], most: float) -> list[str]:
    """The lines of an alignment, long heads on lines of their own."""
    heads = [box(parse(row.head)).width if row.head else 0.0 for row in rows]
    short = [h for h in heads if h <= _LONG_HEAD * most]
    column = max(short, default=0.0)
    room = most - _MARGIN - column
    found = []
    for row, head in zip(rows, heads, strict=True):
        if head <= _LONG_HEAD * most:
            first, *others = lines(row.body, room)
            found.append(f"{row.head} & {first}".lstrip())
        else:
            first, *others = lines(f"{row.head} {row.body}", room)
            found.append(f"& {first}")
        found += [f"& {line}" for line in others]
    return found


def aligned(rows: Sequence[Row], most: float, environment: str = "aligned") -> str:
    """Rows in an environment, no line wider than ``most`` points."""
    body = " \\\\\n".join(_cells(rows, most))
    return f"\\begin{{{environment}}}\n{body}\n\\end{{{environment}}}"


def display(rows: Sequence[Row], most: float) -> str:
    """Rows as displays of their own, which may go over pages; long heads are not aligned."""
    groups: list[list[Row]] = []
    was_long = None
    for row in rows:
        is_long = bool(row.head) and box(parse(row.head)).width > _LONG_HEAD * most
        if is_long != was_long or is_long:
            groups.append([])
        groups[-1].append(row)
        was_long = is_long
    return "".join(aligned(group, most, "align*") + "\n" for group in groups)
