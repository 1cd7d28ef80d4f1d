r"""Names for parts of long formulas: radicands, what is repeated, and what no line would hold.

A radicand is named :math:`D`, a repeated sum :math:`S`, any other repeated part :math:`R`, and a
denominator or an argument :math:`G`, with an index where there are several. Definitions come in
the order in which they need one another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from sympy import Add, Expr, Function, Mul, Pow, Symbol, preorder_traversal
from sympy.core.function import AppliedUndef

from symbattery.core.implicit import ImplicitRoot
from symbattery.dynamics.radicals import OrderedRoot

__all__ = ["named_parts"]

Measure = Callable[[Expr], float]
Found = list[tuple[Symbol, Expr, str]]

# A formula beyond so many lines gets names; a part is worth a name from these shares of a line on.
_MANY_LINES = 2.5
_ROOT = 0.8
_RADICAND, _REPEATED, _OTHER = 0.6, 0.4, 0.9
_STEMS = {"radicand": "DKL", "sum": "SUV", "repeated": "RWZ", "other": "GHF"}
_MOST = 60


def _walk(expression: Expr) -> Iterable[Expr]:
    """All parts but those of roots that have a name of their own."""
    walk = preorder_traversal(expression)
    for part in walk:
        if isinstance(part, OrderedRoot | ImplicitRoot | AppliedUndef):
            walk.skip()
        else:
            yield part


def _candidates(wide: Sequence[Expr], every: Sequence[Expr]) -> dict[Expr, str]:
    """Parts that may get a name, by kind."""
    found: dict[Expr, str] = {}
    counts: Counter[Expr] = Counter()
    for value in every:
        counts.update(part for part in _walk(value) if isinstance(part, Add | Mul | Pow))
    for value in wide:
        for part in _walk(value):
            if isinstance(part, Pow) and part.exp.is_Rational and not part.exp.is_Integer:
                if isinstance(part.base, Add):
                    found[part.base] = "radicand"
            elif isinstance(part, Pow) and part.exp.is_negative and isinstance(part.base, Add):
                found.setdefault(part.base, "other")
            elif isinstance(part, Function):
                for argument in part.args:
                    for inner in (argument, *Mul.make_args(argument)):
                        if isinstance(inner, Add):
                            found.setdefault(inner, "other")
            if isinstance(part, Add) and counts[part] > 1:
                found.setdefault(part, "sum")
            elif isinstance(part, Mul | Pow) and counts[part] > 1:
                found.setdefault(part, "repeated")
    return found


def _worth(kind: str) -> float:
    return {"radicand": _RADICAND, "other": _OTHER}.get(kind, _REPEATED)


def _stems(taken: set[str]) -> dict[str, str]:
    """A letter for each kind that no symbol of the formulas begins with."""
    used = {name.split("_")[0] for name in taken}
    return {
        kind: next((letter for letter in letters if letter not in used), letters[0] * 2)
        for kind, letters in _STEMS.items()
    }


def _symbol(name: str, kind: str) -> Symbol:
    return Symbol(name, positive=True) if kind == "radicand" else Symbol(name, real=True)


def _is_whole(part: Expr, values: Sequence[Expr]) -> bool:
    """Whether a formula consists of nothing but the part, or its root."""
    return part in values or any(v.is_Pow and v.base == part for v in values)


def _is_long(value: Expr, measure: Measure, most: float) -> bool:
    """Whether a formula needs many lines, or has a root that does not fit on one."""
    roots = (p for p in _walk(value) if isinstance(p, Pow) and not p.exp.is_Integer)
    return measure(value) > _MANY_LINES * most or any(
        measure(root) > _ROOT * most for root in roots if root.exp.is_Rational
    )


def named_parts(
    values: Sequence[Expr],
    measure: Measure,
    most: float,
    taken: set[str],
    bound: frozenset[Symbol] = frozenset(),
) -> tuple[dict[Symbol, Expr], list[Expr]]:
    """Definitions of parts, and the values written in them.

    Parameters
    ----------
    values : sequence of Expr
    measure : callable
        The width of an expression in points.
    most : float
        The width of a line.
    taken : set of str
        Names that are in use.
    bound : frozenset of Symbol
        Summation indices, which may not stand in a definition.
    """
    stems = _stems(taken)
    values = list(values)
    found: Found = []
    rejected: set[Expr] = set()
    long = [_is_long(value, measure, most) for value in values]
    while len(found) < _MOST:
        wide = [v for v, is_long in zip(values, long, strict=True) if is_long]
        wide = [v for v in wide if measure(v) > most]
        wide += [v for _, v, _ in found if _is_long(v, measure, most)]
        candidates = _candidates(wide, [*values, *(v for _, v, _ in found)])
        ordered = sorted(candidates, key=lambda part: (part.count_ops(), str(part)))
        chosen = None
        for part in ordered:
            if part in rejected or _is_whole(part, values) or part.free_symbols & bound:
                continue
            several = sum(value.has(part) for value in values) > 1
            least = _REPEATED if several else _worth(candidates[part])
            if measure(part) > least * most:
                chosen = part
                break
            rejected.add(part)
        if chosen is None:
            break
        kind = candidates[chosen]
        index = 1 + sum(k == kind for *_, k in found)
        symbol = _symbol(f"{stems[kind]}_{index}", kind)
        put = {chosen: symbol}
        values = [v.xreplace(put) for v in values]
        found.append((symbol, chosen, kind))
    return _numbered(found, values, stems)


def _numbered(
    found: Found, values: Sequence[Expr], stems: dict[str, str]
) -> tuple[dict[Symbol, Expr], list[Expr]]:
    """The names with indices in the order of their first use, or without one."""
    meanings = {s: (v, k) for s, v, k in found}
    order: list[Symbol] = []

    def use(value: Expr) -> None:
        for symbol in sorted(value.free_symbols & meanings.keys(), key=str):
            if symbol not in order:
                use(meanings[symbol][0])
                order.append(symbol)

    for value in values:
        use(value)
    put = {}
    for kind, stem in stems.items():
        own = [symbol for symbol in order if meanings[symbol][1] == kind]
        for i, symbol in enumerate(own, start=1):
            put[symbol] = _symbol(stem if len(own) == 1 else f"{stem}_{i}", kind)
    return (
        {put[s]: meanings[s][0].xreplace(put) for s in order},
        [value.xreplace(put) for value in values],
    )
