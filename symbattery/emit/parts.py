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

from symbattery.implicit import ImplicitRoot
from symbattery.roots import OrderedRoot

__all__ = ["named_parts"]

Measure = Callable[[Expr], float]

# A formula beyond so many lines gets names; a part is worth a name from these shares of a line on.
_MANY_LINES = 2.5
_RADICAND, _REPEATED, _OTHER = 0.6, 0.5, 0.9
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
    found: list[tuple[Symbol, Expr, str]] = []
    rejected: set[Expr] = set()
    while len(found) < _MOST:
        wide = [v for v in values if measure(v) > _MANY_LINES * most]
        candidates = _candidates(wide, [*values, *(v for _, v, _ in found)])
        ordered = sorted(candidates, key=lambda part: (part.count_ops(), str(part)))
        chosen = None
        for part in ordered:
            if part in rejected or part in values or part.free_symbols & bound:
                continue
            if measure(part) > _worth(candidates[part]) * most:
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
    kinds = Counter(kind for *_, kind in found)
    alone = {s: _symbol(stems[k], k) for s, _, k in found if kinds[k] == 1}
    return (
        {alone.get(s, s): v.xreplace(alone) for s, v, _ in found},
        [v.xreplace(alone) for v in values],
    )
