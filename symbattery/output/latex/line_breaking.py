r"""Formulas on as many lines as their width asks for.

Where a line may end: before a relation, before a remark, before a sign of a sum, and between two
factors (the next line then begins with ``\times``), at first outside of brackets, then within. A
pair of brackets that is broken gets the same size (``\Bigl … \Bigr``) on both of its lines. What
has no such place is rewritten: a wide fraction as :math:`\frac1d[\dots]`, a wide root as
:math:`[\dots]^{1/2}`. Among all ways to break the one of least cost is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from symbattery.output.latex.math_list import Atom, box, bracket_size, glue, parse, source, width

__all__ = ["Row", "aligned", "display", "lines"]

_MARGIN = 6.0
_RULE = 2.5
_INDENT = 10.0
_TIMES = 7.78 + 20 / 9
_LONG_HEAD = 0.3
_SIZES = ("", "big", "Big", "bigg", "Bigg", "Bigg")
# What it costs to end a line there.
_RELATION, _REMARK, _SIGN, _BRACKET, _FACTOR, _DEEPER = 0.0, 5.0, 10.0, 35.0, 60.0, 40.0
_TORN = 90.0
# Words that stand with what follows them.
_LEADING = ("at ", "for ")
_NOWHERE = float("inf")


@dataclass(frozen=True)
class Row:
    """One equation: what is aligned on the left, and what may be broken."""

    head: str
    body: str


# Wide fractions and roots in another form


def _signs(*signs: str) -> tuple[Atom, ...]:
    return tuple(Atom("sign", sign) for sign in signs)


def _fraction(*parts: tuple[Atom, ...]) -> Atom:
    return Atom("command", r"\frac", parts)


def _bracketed(row: tuple[Atom, ...], *exponent: str) -> Atom:
    return Atom("pair", "[ ]", (row,), sup=_signs(*exponent) or None)


def _has_signs(row: Sequence[Atom]) -> bool:
    return any(atom.tex in ("+", "-") for atom in row[1:])


def _grouped(row: tuple[Atom, ...]) -> tuple[Atom, ...]:
    """The row as a factor: in brackets if it is a sum."""
    return (_bracketed(row),) if _has_signs(row) else row


def _split_fraction(atom: Atom, most: float) -> tuple[Atom, ...]:
    """A wide fraction as a product of narrower ones, or a factor before brackets."""
    above, below = atom.parts
    most -= _RULE
    one = _signs("1")
    wide = [part for part in below if box((part,), 1).width > most]
    if wide and not _has_signs(below):
        narrow = tuple(part for part in below if part not in wide)
        head = (_fraction(above, narrow),) if narrow else _grouped(above)
        return (*head, *map(_inverse, wide))
    if box(below, 1).width > most:
        if _has_signs(below):
            return (*_grouped(above), _bracketed(below, "-", "1"))
        first, *others = _chunks(below, most)
        return (_fraction(above, first), *(_fraction(one, chunk) for chunk in others))
    chunks = _chunks(above, most)
    if _has_signs(above) or len(chunks) == 1:
        return (_fraction(one, below), *_grouped(above))
    if box(chunks[0], 1).width > most:
        chunks = [one, *chunks]
    return (_fraction(chunks[0], below), *(part for chunk in chunks[1:] for part in chunk))


def _inverse(atom: Atom) -> Atom:
    """One over a factor, with an exponent."""
    if atom.tex == r"\sqrt":
        return _bracketed(atom.parts[0], *"-1/2")
    if atom.kind == "pair":
        return replace(atom, sup=(*_signs("-"), *(atom.sup or _signs("1"))))
    return _bracketed((atom,), "-", "1")


def _chunks(row: Sequence[Atom], most: float) -> list[tuple[Atom, ...]]:
    """A product in parts that are not wider than ``most``, as far as its factors allow."""
    chunks: list[tuple[Atom, ...]] = [()]
    for atom in row:
        if chunks[-1] and box((*chunks[-1], atom), 1).width > most:
            chunks.append(())
        chunks[-1] = (*chunks[-1], atom)
    return chunks


def _simpler(row: Sequence[Atom], most: float) -> Iterator[Atom]:
    """The row without fractions and roots wider than ``most``."""
    for atom in row:
        if atom.tex not in (r"\frac", r"\sqrt") or box((atom,)).width <= most:
            yield atom
        elif atom.tex == r"\sqrt":
            yield _bracketed(atom.parts[0], *"1/2")
        else:
            split = _split_fraction(atom, most)
            yield from _simpler(split, most) if split != (atom,) else split


# Where a line may end


@dataclass(frozen=True)
class _Item:
    """An atom, or one end of a pair (by its number); a line that ends before it has a cost."""

    atom: Atom
    cost: float
    depth: int
    factor: bool = False
    pair: int | None = None


class _Items:
    """A row in parts: pairs beyond ``open_beyond`` are opened, fractions beyond ``most`` split."""

    def __init__(self, row: Sequence[Atom], most: float, open_beyond: float) -> None:
        self.most, self.open_beyond = most, open_beyond
        self.items: list[_Item] = []
        self.remark = False
        self._add_row(row, 0)

    def _add_row(self, row: Sequence[Atom], depth: int) -> None:
        before: Atom | None = None
        since_sign = 0.0
        for atom in _simpler(row, self.most):
            cost, factor = self._cost(before, atom, depth, since_sign)
            size = box((atom,)).width
            inner = atom.parts[0] if atom.is_group else ()
            if inner and inner[0].kind == "pair" and size > self.open_beyond:
                # The argument of a function stays with its name.
                self._add(inner[0], _NOWHERE, depth, False)
            else:
                self._add(atom, cost, depth, factor)
            self.remark = self.remark or atom.kind == "text" or atom.tex in (r"\quad", r"\qquad")
            if atom.spacing in ("bin", "rel"):
                since_sign = 0.0
            elif not atom.tex[:1].isdigit():
                since_sign += size
            before = atom

    def _add(self, atom: Atom, cost: float, depth: int, factor: bool) -> None:
        if atom.kind != "pair" or box((atom,)).width <= self.open_beyond:
            self.items.append(_Item(atom, cost, depth, factor))
            return
        (inside,) = atom.parts
        size, pair = bracket_size(box(inside)), len(self.items)
        left, right = atom.tex.split(" ")
        opening = Atom("ending", f"{size} left {left}")
        closing = replace(atom, kind="ending", tex=f"{size} right {right}", parts=())
        self.items.append(_Item(opening, cost, depth, factor, pair))
        self._add_row(inside, depth + 1)
        self.items.append(_Item(closing, _NOWHERE, depth, pair=pair))

    def _cost(
        self, before: Atom | None, atom: Atom, depth: int, since_sign: float
    ) -> tuple[float, bool]:
        """The cost of ending a line here, and True where it ends between two factors."""
        here, deeper = atom.spacing, _DEEPER * depth
        if before is None:
            # Before a relation that opens the row too.
            return (_NOWHERE if self.items or here != "rel" else _RELATION), False
        if before.spacing in ("bin", "rel", "op", "open"):
            return _NOWHERE, False
        if before.spacing == "punct":
            return (_REMARK if here == "space" else _SIGN) + deeper, False
        if atom.tex in (r"\quad", r"\qquad"):
            return _REMARK + deeper, False
        torn = _TORN if self.remark else 0.0
        if here == "rel" and len(self.items) > 1 and self.items[-2].atom.kind == "text":
            # "at t = …" is one thing.
            return _NOWHERE, False
        if here in ("rel", "bin"):
            return torn + (_RELATION if here == "rel" else _SIGN) + deeper, False
        if before.kind == "text" and before.tex in _LEADING:
            return _NOWHERE, False
        # What follows a remark's words may not be torn from them.
        factors = ("ord", "inner", "op")
        if here not in factors or before.spacing not in factors or atom.is_group:
            return _NOWHERE, False
        if "text" in (before.kind, atom.kind):
            return (100.0 + deeper if atom.kind != "text" else _NOWHERE), False
        if since_sign < 12:
            return _NOWHERE, False
        # Better before a bracket than within it.
        outer = atom.kind == "pair" and depth == 0
        return (_BRACKET if outer else _FACTOR) + torn + deeper, True


# The best lines


def _broken(items: Sequence[_Item], first: float, most: float) -> tuple[list[int], float]:
    """The items that lines begin with, and the cost, which is high if a line is too wide."""

    def outside(atom: Atom, side: str) -> str:
        """The class of an atom, seen from where a pair that it ends does not reach."""
        return "inner" if atom.kind == "ending" and atom.spacing == side else atom.spacing

    between = [0.0]
    for one, two in pairwise(item.atom for item in items):
        between.append(glue(outside(one, "close"), outside(two, "open")))
    sums = [0.0]
    for item, space in zip(items, between, strict=True):
        sums.append(sums[-1] + box((item.atom,)).width + space)
    count = len(items)
    best: list[tuple[float, int]] = [(_NOWHERE, 0)] * count + [(0.0, count)]
    for start in range(count - 1, -1, -1):
        item = items[start]
        if start and item.cost == _NOWHERE:
            continue
        room = first if start == 0 else most - _INDENT - (_INDENT if item.depth else 0.0)
        room -= _TIMES if start and item.factor else 0.0
        for end in range(start + 1, count + 1):
            if end < count and items[end].cost == _NOWHERE:
                continue
            size = sums[end] - sums[start] - (between[start] if start else 0.0)
            excess = max(0.0, size - room)
            if excess and best[start][0] < _NOWHERE:
                break
            ragged = 25 * (1 - size / room) ** 2 + items[end].cost if end < count else 0.0
            cost = ragged + excess * 1e4 + 8 + best[end][0]
            if cost < best[start][0]:
                best[start] = (cost, end)
            if excess:
                break
    starts, place = [], 0
    while place < count:
        starts.append(place)
        place = best[place][1]
    return starts, best[0][0]


def _written(items: Sequence[_Item], starts: Sequence[int]) -> list[str]:
    texts = []
    for start, end in pairwise([*starts, len(items)]):
        line = items[start:end]
        ends = Counter(item.pair for item in line)
        words = [r"\qquad" if line[0].depth else r"\quad"] if start else []
        words += [r"\times"] * (start > 0 and line[0].factor)
        for item in line:
            atom = item.atom
            if atom.kind == "ending":
                size, side, sign = atom.tex.split(" ")
                larger = "" if size == "0" else rf"\{_SIZES[int(size)]}{side[0]}"
                command = rf"\{side}" if ends[item.pair] == 2 else larger
                atom = replace(atom, kind="sign", tex=command + sign)
            words.append(source((atom,)))
        texts.append(" ".join(words))
    return texts


def lines(body: str, most: float, first: float | None = None) -> list[str]:
    """A formula on lines of at most ``most`` points, the first one of at most ``first``."""
    row = parse(body)
    first = most if first is None else first
    if box(row).width <= first:
        return [source(row)]
    best: tuple[float, list[str]] = (_NOWHERE, [])
    for share, opened in ((0.98, 0.5), (0.8, 0.35), (0.6, 0.25), (0.45, 0.15), (0.3, 0.1)):
        items = _Items(row, share * most, opened * most).items
        starts, cost = _broken(items, first, most)
        if cost < best[0]:
            best = (cost, _written(items, starts))
        if best[0] < 5000:
            break
    return best[1]


# Displays


def _is_long(row: Row, most: float) -> bool:
    """True where the head is too wide to be aligned."""
    return width(row.head) > _LONG_HEAD * most


def aligned(rows: Sequence[Row], most: float, environment: str = "aligned") -> str:
    """Rows in an environment, no line wider than ``most`` points; long heads on their own lines."""
    column = max((width(row.head) for row in rows if not _is_long(row, most)), default=0.0)
    cells = []
    for row in rows:
        head, body = ("", f"{row.head} {row.body}") if _is_long(row, most) else (row.head, row.body)
        first, *others = lines(body, most - _MARGIN - column)
        cells += [f"{head} & {first}".lstrip(), *(f"& {line}" for line in others)]
    body = " \\\\\n".join(cells)
    return f"\\begin{{{environment}}}\n{body}\n\\end{{{environment}}}"


def display(rows: Sequence[Row], most: float) -> str:
    """Rows as displays of their own, which may go over pages; long heads are not aligned."""

    def block(numbered: tuple[int, Row]) -> int:
        number, row = numbered
        return number if _is_long(row, most) else -1

    blocks = ([row for _, row in group] for _, group in groupby(enumerate(rows), block))
    return "".join(aligned(group, most, "align*") + "\n" for group in blocks)
