r"""The batteries that the explorer offers, and E(t) of each of their closed forms in JavaScript.

A form with symbols holds where its chain has all its levels. Fewer charger spins up (or photons)
than cells make a shorter chain, with a form of its own: together they leave no gap. With each goes
what proves that none of its peaks is missed: the bounds on :math:`|E''|` and :math:`|E'''|` of
:mod:`symbattery.maxima.waves`, with the parameters as symbols, from the hops of a chain without a
diagonal, and otherwise term by term, because :math:`\sin^2\varphi t` has derivatives of at most
:math:`(2\varphi)^n/2`. Times are in 1/g and energies in ω₀.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain as chained
from typing import Any

from sympy import Abs, Add, And, Expr, Ge, Gt, Integer, Le, Min, S, Symbol
from sympy.logic.boolalg import Boolean

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, dicke, fock
from symbattery.api import Solution, solve
from symbattery.core.expressions import UnsolvedError
from symbattery.maxima.result import Maximum
from symbattery.maxima.waves import force_bounds, sine_bounds
from symbattery.output.code.documentation import samples
from symbattery.output.code.languages import LANGUAGES
from symbattery.output.code.program import Program, fixed_values, program
from symbattery.output.code.statements import Assign, Names, Statement, straight
from symbattery.output.code.writer import Writer
from symbattery.sectors.chains import Chain
from symbattery.symbols import N, g_1, m, n, t

__all__ = ["Battery", "Case", "batteries", "emitted", "h", "units"]

# Charger spins down at the start.
h = Symbol("h", integer=True, nonnegative=True)

_LARGEST = 4
# The symbols of the closed forms are positive; those of a condition may vanish.
_COUNTS = {symbol: Symbol(symbol.name, integer=True) for symbol in (N, m, n)}
# Three levels with a diagonal are a cubic; beyond, no formula is short enough to be read.
_LARGEST_CROSSTALK = 2
_CALL = "solve(SpinCharger({cells}, {{chargers}}{options}), dicke(0, {{excited_chargers}}))"
_CROSSED = ', coupling=1, frequency=1, charger_crosstalk="{charger_crosstalk}"'
# What the page sets, by field name.
PARAMETERS: Mapping[str, str] = {
    "N": "chargers", "m": "excited_chargers", "n": "photons", "g_1": "charger_crosstalk",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One closed form, and where it holds.

    Attributes
    ----------
    key : str
        Unique among all cases.
    solution, computed : Solution
        Numbers are computed from the second: the same, in m and the spins down h = N − m where both
        N and m are open. Terms in powers of these cancel, and a large charger loses all digits.
    where : str
        In LaTeX: the case among those of its battery.
    condition : Boolean
        On N, m, n and g₁; the first case of a battery whose condition holds is meant.
    call : str
        Python of the same case in numbers, with fields ``{chargers}``, … to fill.
    """

    key: str
    solution: Solution
    computed: Solution
    where: str
    condition: Boolean
    call: str


@dataclass(frozen=True)
class Battery:
    """A number of cells, charged by a cavity or by spins, with or without forms with crosstalk."""

    key: str
    cells: int
    cavity: bool
    crosstalk: bool
    cases: tuple[Case, ...]


def batteries() -> tuple[Battery, ...]:
    """One to four cells, charged by N spins of which m are up, or by a cavity with n photons."""
    every = range(1, _LARGEST + 1)
    return (*map(_charged_by_spins, every), *map(_charged_by_cavity, every))


def _charged_by_spins(cells: int) -> Battery:
    crosstalk = cells <= _LARGEST_CROSSTALK
    cases = []
    for crossed in (True, False) if crosstalk else (False,):
        model = SpinCharger(cells, N, charger_crosstalk=g_1 if crossed else 0)
        call = _CALL.format(cells=cells, options=_CROSSED if crossed else "")
        for excited in (N, *range(cells), m):
            where, condition = _exactly(m, excited)
            if crossed:
                where, condition = rf"{where}, g_1 \neq 0", And(condition, Gt(g_1**2, 0))
            key = f"spins-{cells}-{'crosstalk-' if crossed else ''}"
            start = None if excited is N else dicke(0, excited)
            key += "all" if excited is N else str(excited)
            cases.append(_case(key, model, start, where, condition, call))
    return Battery(f"spins-{cells}", cells, False, crosstalk, tuple(cases))


def _charged_by_cavity(cells: int) -> Battery:
    call = f"solve(CavityCharger({cells}), fock({{photons}}))"
    model = CavityCharger(cells)
    cases = [
        _case(f"cavity-{cells}-{photons}", model, fock(photons), *_exactly(n, photons), call)
        for photons in (*range(cells), n)
    ]
    return Battery(f"cavity-{cells}", cells, True, False, tuple(cases))


def _exactly(symbol: Symbol, value: Any) -> tuple[str, Boolean]:
    """That ``symbol`` has this value, in LaTeX and as a condition; at least 1 if left open."""
    if value is symbol:
        return rf"{symbol} \geq 1", Ge(_COUNTS[symbol], 1)
    return f"{symbol} = {value}", And(Ge(_COUNTS[symbol], value), Le(_COUNTS[symbol], value))


def _case(
    key: str, model: Model, start: InitialState | None, where: str, condition: Boolean, call: str
) -> Case:
    solution = computed = solve(model, start)
    if {"chargers", "excited_chargers"} <= solution.parameters.keys():
        computed = solve(replace(model, chargers=m + h), start)
    assumptions = (assumption.xreplace(_COUNTS) for assumption in solution.assumptions)
    whole = And(condition.xreplace(_COUNTS), *assumptions)
    return Case(key, solution, computed, where, whole, call)


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
        [p.xreplace(put).doit() for p in _populations(solution)],
        *_bounds(energy, chain, put),
        *((value.subs(put), time.subs(put)) for _, value, time in tops),
    )
    definitions = {s: v.subs(put) for s, v in solution.plain_definitions.items()}
    body, named = straight(tuple(chained(*groups)), definitions, Names())
    constants, moving = _apart(body)
    parameters = {name: s for name, s in solution.parameters.items() if name not in fixed}
    made = Program("curve", parameters, (*constants, *moving), tuple(named))
    writer = Writer(LANGUAGES["javascript"], made)
    rest = map(writer.text, named)
    values, populations, second, third, ceiling, *suprema = (
        [next(rest) for _ in group] for group in groups
    )
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
        "populations": populations,
        "curvature_bounds": second,
        "third_derivative_bounds": third,
        "ceiling": ceiling[0],
        "supremum": supremum,
        "arguments": ["t", *single.arguments],
        "tolerance": f"{checked.tolerance:.1e}",
        "checks": writer.rows(checked),
    }


def _populations(solution: Solution) -> list[Expr]:
    """The probabilities of 0 … M excited cells."""
    cells = int(solution.model.battery.top)
    return [S(solution.populations.get(k, 0)) for k in range(cells + 1)]


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
    moved = {t}
    parts: tuple[list[Assign], list[Assign]] = [], []
    for statement in body:
        assert isinstance(statement, Assign)
        moves = statement.number is None and bool(statement.value.free_symbols & moved)
        moved |= {statement.name} if moves else set()
        parts[moves].append(statement)
    return tuple(parts[0]), tuple(parts[1])
