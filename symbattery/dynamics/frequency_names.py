r"""The written form of the frequencies of a solution, and the names that some of them get.

A dimensionless frequency that an author would spell out (:math:`\sqrt{N}`, :math:`2\sqrt5`) stays
in place; a longer one is named :math:`\xi` (or :math:`\xi_1,\xi_2,\dots`), and one that carries a
unit of its own (a detuning) :math:`\Omega`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sympy import Abs, Add, Expr, Symbol, cancel, sqrt

from symbattery.core.expressions import shortest_form

__all__ = ["Names", "name_frequencies"]


@dataclass(frozen=True)
class Names:
    """The written form of every frequency, by its square, and the definitions it uses."""

    rates: Mapping[Expr, Expr] = field(default_factory=dict)
    definitions: Mapping[Symbol, Expr] = field(default_factory=dict)


def _needs_name(expression: Expr) -> bool:
    return any(part.free_symbols for part in expression.atoms(Add))


def name_frequencies(squares: Iterable[Expr], coupling: Expr) -> Names:
    """Written forms for the squared frequencies ``squares``, in units of ``coupling``."""
    distinct = list(dict.fromkeys(squares))
    speed = Abs(coupling)
    plain = {s: cancel(s / coupling**2) for s in distinct}
    scaled = [s for s in distinct if not plain[s].free_symbols & coupling.free_symbols]
    named = [s for s in scaled if _needs_name(plain[s])]
    bare = [s for s in distinct if s not in scaled]
    rates, definitions = {}, {}
    for stem, members, unit in (("xi", named, speed), ("Omega", bare, 1)):
        for i, square in enumerate(members, start=1):
            label = Symbol(stem if len(members) == 1 else f"{stem}_{i}", positive=True)
            value = plain[square] if stem == "xi" else square
            definitions[label] = sqrt(shortest_form(value) if stem == "xi" else value)
            rates[square] = label * unit
    for square in scaled:
        rates.setdefault(square, sqrt(plain[square]) * speed)
    return Names(rates, definitions)
