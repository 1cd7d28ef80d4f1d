r"""E(t) of each closed form in JavaScript, with what proves that none of its peaks is missed.

Times are in 1/g and energies in ω₀. The bounds on :math:`|E''|` and :math:`|E'''|` are those of
:mod:`symbattery.maxima.peaks`, with the parameters as symbols: from the hops of a chain without a
diagonal, and otherwise term by term, because :math:`\sin^2\varphi t` has derivatives of at most
:math:`(2\varphi)^n/2`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain as chained
from typing import Any

from sympy import Abs, Add, Expr, Integer, Min, S, Symbol
from sympy.logic.boolalg import Boolean

from symbattery.api import Solution
from symbattery.app.explorer.batteries import Case
from symbattery.core.expressions import UnsolvedError
from symbattery.maxima.peaks import force_bounds, sine_bounds
from symbattery.maxima.result import Maximum
from symbattery.output.code.documentation import samples
from symbattery.output.code.languages import LANGUAGES
from symbattery.output.code.program import Program, fixed_values, program
from symbattery.output.code.statements import Assign, Names, Statement, straight
from symbattery.output.code.writer import Writer
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["PARAMETERS", "emitted", "units"]

# What the page sets, by field name.
PARAMETERS: Mapping[str, str] = {
    "N": "chargers", "m": "excited_chargers", "n": "photons", "g_1": "charger_crosstalk",
}  # fmt: skip


def units(solution: Solution) -> dict[str, int]:
    """1 for the coupling and the frequency: times in 1/g, energies in ω₀."""
    return {name: 1 for name in ("coupling", "frequency") if name in solution.parameters}


def emitted(case: Case) -> Mapping[str, Any]:
    """The parts of a case in JavaScript, for the template ``cases.js``.

    The start is pure, with one chain. The constants do not move, the body does; nothing moves
    where there are no bounds. The supremum is null where it is no closed form.
    """
    solution, fixed = case.computed, units(case.computed)
    put: dict[Expr, Expr] = dict(fixed_values(solution, fixed))
    (chain,) = solution.sectors
    energy = solution.energy.xreplace(put).doit()
    tops = tuple(_suprema(solution))
    groups: tuple[Sequence[Expr], ...] = (
        [energy.diff(t, order) for order in range(3)],
        *_bounds(energy, chain, put),
        *((value.subs(put), time.subs(put)) for _, value, time in tops),
    )
    definitions = {s: v.subs(put) for s, v in solution.plain_definitions.items()}
    body, named = straight(tuple(chained(*groups)), definitions, Names())
    constants, moving = _apart(body)
    parameters = {name: s for name, s in solution.parameters.items() if name not in fixed}
    made = Program("curve", parameters, (*constants, *moving), ())
    writer = Writer(LANGUAGES["javascript"], made)
    rest = map(writer.text, named)
    values, second, third, ceiling, *suprema = ([next(rest) for _ in group] for group in groups)
    supremum = "null"
    for (condition, _, _), (value, time) in zip(reversed(tops), reversed(suprema), strict=True):
        here = f"{{value: {value}, time: {time}}}"
        last = condition == S.true
        supremum = here if last else f"{writer.text(condition)} ? {here} : {supremum}"
    settings = {s: PARAMETERS[s.name] for s in sorted(case.condition.atoms(Symbol), key=str)}
    single = program(solution, "energy", fixed)
    checked = samples(solution, single, fixed)
    return {
        "key": case.key,
        "settings": settings.values(),
        "holds": LANGUAGES["javascript"].printer(settings)(case.condition),
        "parameters": writer.arguments[1:],
        "constants": writer.block(constants),
        "body": writer.block(moving),
        "values": dict(zip(("energy", "slope", "curvature"), values, strict=True)),
        "curvature_bounds": second,
        "third_derivative_bounds": third,
        "ceiling": ceiling[0],
        "supremum": supremum,
        "arguments": ["t", *single.arguments],
        "tolerance": f"{checked.tolerance:.1e}",
        "checks": writer.rows(checked),
    }


def _bounds(
    energy: Expr, chain: Chain, put: Mapping[Expr, Expr]
) -> tuple[Sequence[Expr], Sequence[Expr], Sequence[Expr]]:
    """The expressions whose largest bounds |E''|, |E'''| and E; none where nothing moves."""
    most = Integer(chain.levels[-1])
    if energy == 0:
        return (), (), (most,)
    if chain.is_chiral:
        return *force_bounds([hop.subs(put) for hop in chain.hops_squared]), (most,)
    energy = energy.expand()
    second, third = sine_bounds(energy)
    sizes = (term.as_independent(t)[0] for term in Add.make_args(energy))
    total = Add(*((size + Abs(size)) / 2 for size in sizes))
    return (second,), (third,), (Min(most, total),)


def _suprema(solution: Solution) -> Iterator[tuple[Boolean, Expr, Expr]]:
    """Condition, value and first time of the supremum, where it is a closed form.

    The first whose condition holds is meant.
    """
    try:
        here: Maximum | None = solution.maximum("supremum")
    except UnsolvedError:
        return
    while here is not None and here.time is not None:
        yield (S.true if here.otherwise is None else here.condition), here.value, here.time
        here = here.otherwise


def _apart(body: Sequence[Statement]) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
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
