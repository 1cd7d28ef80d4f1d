r"""E(t) with its slope and curvature, and what proves that none of its peaks is missed.

Times are in 1/g and energies in ω₀. The bounds on :math:`|E''|` and :math:`|E'''|` are those of
:mod:`symbattery.maxima.peaks`, with the parameters as symbols: from the hops of a chain without a
diagonal, and otherwise term by term, because :math:`\sin^2\varphi t` has derivatives of at most
:math:`(2\varphi)^n/2`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Abs, Add, Expr, Integer, Min, S
from sympy.logic.boolalg import Boolean

from symbattery.api import Solution
from symbattery.core.errors import UnsolvedError
from symbattery.maxima.peaks import ehrenfest_bounds, sine_bounds
from symbattery.maxima.result import Maximum
from symbattery.model.symbols import t
from symbattery.observables.table import quantities
from symbattery.output.code.program import fixed_values
from symbattery.output.code.statements import Assign, Names, Statement, straight
from symbattery.sectors.chains import Chain

__all__ = ["Curve", "Supremum", "curve", "units"]


@dataclass(frozen=True)
class Supremum:
    """The largest E of all times, and when it is first reached, where ``condition`` holds."""

    condition: Boolean
    value: Expr
    time: Expr


@dataclass(frozen=True)
class Curve:
    """E(t) of one solution as straight-line programs.

    Attributes
    ----------
    constants, body : tuple of Assign
        What does not move, and what does.
    energy, slope, curvature : Expr
        E, E', E'' in the names of both.
    curvature_bounds, third_derivative_bounds : tuple of Expr
        The largest of each bounds ``|E''|`` and ``|E'''|``; nothing moves where there are none.
    ceiling : Expr
        E is never larger.
    suprema : tuple of Supremum
        The first whose condition holds; none where it is no closed form.
    """

    constants: tuple[Assign, ...]
    body: tuple[Assign, ...]
    energy: Expr
    slope: Expr
    curvature: Expr
    curvature_bounds: tuple[Expr, ...]
    third_derivative_bounds: tuple[Expr, ...]
    ceiling: Expr
    suprema: tuple[Supremum, ...]


def curve(solution: Solution) -> Curve:
    """The curve of a pure start with one chain."""
    put: dict[Expr, Expr] = dict(fixed_values(solution, units(solution)))
    (chain,) = solution.sectors
    definitions = {s: v.subs(put) for s, v in solution.plain_definitions.items()}
    energy = quantities(solution)["energy"].xreplace(put).doit()
    curvature_bounds, third_derivative_bounds, ceiling = _bounds(energy, chain, put)
    tops = tuple(_suprema(solution))
    parts = (
        *(energy.diff(t, order) for order in range(3)),
        *curvature_bounds, *third_derivative_bounds, ceiling,
        *(part.subs(put) for top in tops for part in (top.value, top.time)),
    )  # fmt: skip
    body, named = straight(parts, definitions, Names())
    constants, moving = _apart(body)
    rest = iter(named)
    E, slope, curvature = (next(rest) for _ in range(3))
    return Curve(
        constants, moving, E, slope, curvature,
        tuple(next(rest) for _ in curvature_bounds),
        tuple(next(rest) for _ in third_derivative_bounds), next(rest),
        tuple(Supremum(top.condition, next(rest), next(rest)) for top in tops),
    )  # fmt: skip


def units(solution: Solution) -> dict[str, int]:
    """1 for the coupling and the frequency: times in 1/g, energies in ω₀."""
    return {name: 1 for name in ("coupling", "frequency") if name in solution.parameters}


def _bounds(
    energy: Expr, chain: Chain, put: dict[Expr, Expr]
) -> tuple[tuple[Expr, ...], tuple[Expr, ...], Expr]:
    """What bounds |E''| and |E'''|, and E."""
    most = Integer(chain.levels[-1])
    if energy == 0:
        return (), (), most
    if chain.is_chiral:
        return *ehrenfest_bounds([hop.subs(put) for hop in chain.hops_squared]), most
    energy = energy.expand()
    second, third = sine_bounds(energy)
    sizes = (term.as_independent(t)[0] for term in Add.make_args(energy))
    return (second,), (third,), Min(most, Add(*((size + Abs(size)) / 2 for size in sizes)))


def _suprema(solution: Solution) -> Iterator[Supremum]:
    """The closed forms of the supremum in the parameters, if there are any."""
    try:
        here: Maximum | None = solution.maximum("supremum")
    except UnsolvedError:
        return
    while here is not None:
        if here.time is None:
            return
        last = here.otherwise is None
        yield Supremum(S.true if last else here.condition, here.value, here.time)
        here = here.otherwise


def _apart(body: list[Statement]) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
    """Statements that do not depend on time, and those that do."""
    moved, constants, moving = {t}, [], []
    for statement in body:
        assert isinstance(statement, Assign)
        if statement.number is None and statement.value.free_symbols & moved:
            moved.add(statement.name)
            moving.append(statement)
        else:
            constants.append(statement)
    return tuple(constants), tuple(moving)
