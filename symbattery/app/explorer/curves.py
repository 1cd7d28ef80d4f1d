r"""E(t) of each closed form in JavaScript, and what is told of the battery beside it.

With each form goes what proves that none of its peaks is missed: the bounds on :math:`|E''|` and
:math:`|E'''|` of :mod:`symbattery.maxima.waves`, with the parameters as symbols, from the hops of a
chain without a diagonal, and otherwise term by term, because :math:`\sin^2\varphi t` has
derivatives of at most :math:`(2\varphi)^n/2`. With noise they are those of the means of K, whose
derivatives are :math:`\langle\mathcal L^{\dagger n}K\rangle`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain as chained
from typing import Any

from sympy import Abs, Add, Expr, Integer, Max, Min, Piecewise, S, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from numerics.model.checks import InvalidArgument
from symbattery.api import Solution, solve
from symbattery.app.explorer.cases import Case, units
from symbattery.core.damped_waves import NearStart
from symbattery.core.expressions import UnsolvedError
from symbattery.maxima.result import Maximum
from symbattery.maxima.waves import force_bounds, sine_bounds
from symbattery.observables.quantities import quantities
from symbattery.output.code.languages import LANGUAGES
from symbattery.output.code.program import Program, fixed_values
from symbattery.output.code.statements import Assign, Names, Statement, straight
from symbattery.output.code.writer import Writer
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["QUANTITIES", "emitted"]

_JAVASCRIPT = LANGUAGES["javascript"]
# What the page sets, by the name of a symbol.
_SETTINGS: Mapping[str, str] = {
    "N": "chargers", "m": "excited_chargers", "n": "photons", "g_1": "charger_crosstalk",
}  # fmt: skip
QUANTITIES: Mapping[str, str] = {
    "ergotropy": "ergotropy",
    "local": "ergotropy(sense=local)",
    "symmetric": "ergotropy(sense=symmetric)",
    "variance": "energy_variance",
    "entropy": "entropy",
    "purity": "purity",
    "negativity": "negativity",
}
"""Functions of the populations, by the words of the page."""
# The part of the motion that is left at rest is exp(-18).
_REST = 18


@dataclass(frozen=True)
class _Bounds:
    """Bounds on a curve, for the search for its peaks.

    Attributes
    ----------
    curvature, third : sequence of Expr
        The largest of these is no less than |E''| and |E'''|; none where nothing moves.
    ceiling : Expr
        No less than E.
    last : Expr
        From this time on no peak of E can be told from rest.
    """

    curvature: Sequence[Expr]
    third: Sequence[Expr]
    ceiling: Expr
    last: Expr = S.Infinity


def emitted(case: Case) -> Mapping[str, Any]:
    """The parts of a case in JavaScript, for the template ``cases.js``.

    The constants do not move, the body does; nothing moves where there are no bounds. The supremum
    is null where it is no closed form, and so is a quantity.
    """
    solution, fixed = case.computed, units(case.computed)
    put: dict[Expr, Expr] = dict(fixed_values(solution, fixed))
    written = solution.accurate or solution
    assert isinstance(written, Solution)
    energy = written.energy.xreplace(put).doit()
    slope = energy.diff(t)
    bounds = _noise_bounds(case, put) if case.noise else _bounds(energy, solution, put)
    tops = () if case.noise else tuple(_suprema(solution))
    formulas, populations = _quantities(written, put)
    sizes = sorted({one.args[3] for one in energy.atoms(NearStart)}, key=str)
    groups: tuple[Sequence[Expr], ...] = (
        [energy, slope, slope.diff(t)],
        [p.xreplace(put).doit() for p in populations.values()],
        bounds.curvature,
        bounds.third,
        (bounds.ceiling, bounds.last),
        sizes,
        *((value.subs(put), time.subs(put)) for _, value, time in tops),
    )
    definitions = {s: v.subs(put) for s, v in written.plain_definitions.items()}
    body, named = straight(tuple(chained(*groups)), definitions, Names())
    constants, moving = _apart(body)
    parameters = {name: s for name, s in solution.parameters.items() if name not in fixed}
    made = Program("curve", parameters, (*constants, *moving), tuple(named))
    writer = Writer(_JAVASCRIPT, made)
    rest = ("Infinity" if part is S.Infinity else writer.text(part) for part in named)
    values, probabilities, second, third, limits, amplitudes, *suprema = (
        [next(rest) for _ in group] for group in groups
    )
    supremum = "null"
    for (condition, _, _), (value, time) in zip(reversed(tops), reversed(suprema), strict=True):
        here = f"{{value: {value}, time: {time}}}"
        last = condition == S.true
        supremum = here if last else f"{writer.text(condition)} ? {here} : {supremum}"
    settings = {s: _SETTINGS[s.name] for s in sorted(case.condition.atoms(Symbol), key=str)}
    return {
        "key": case.key,
        "noise": case.kind,
        "rates": case.rates,
        "settings": settings.values(),
        "holds": _JAVASCRIPT.printer(settings)(case.condition),
        "parameters": writer.arguments[1:],
        "constants": writer.block(constants),
        "body": writer.block(moving),
        "values": dict(zip(("energy", "slope", "curvature"), values, strict=True)),
        "populations": probabilities,
        "quantities": formulas,
        "curvature_bounds": second,
        "third_derivative_bounds": third,
        "ceiling": limits[0],
        "last": limits[1],
        "amplitudes": amplitudes,
        "supremum": supremum,
    }


def _quantities(
    solution: Solution, put: Mapping[Expr, Expr]
) -> tuple[Mapping[str, str], Mapping[Symbol, Expr]]:
    """Functions of the entries of p in JavaScript, and what the entries are."""
    every, found = quantities(solution), {}
    populations: dict[Symbol, Expr] = {}
    for word, name in QUANTITIES.items():
        request = every.request(name)
        assert request is not None
        try:
            found[word], own = request.reduced
        except (InvalidArgument, UnsolvedError):
            continue
        populations |= own
    names = {symbol: f"p[{i}]" for i, symbol in enumerate(populations)}
    text = _JAVASCRIPT.printer(names)
    formulas = {w: text(found[w].xreplace(put)) if w in found else "null" for w in QUANTITIES}
    return formulas, populations


def _bounds(energy: Expr, solution: Solution, put: Mapping[Expr, Expr]) -> _Bounds:
    """Those of a pure start without noise."""
    (chain,) = solution.sectors
    most = Integer(chain.levels[-1])
    if energy == 0:
        return _Bounds((), (), most)
    if chain.is_chiral:
        return _Bounds(*force_bounds([hop.subs(put) for hop in chain.hops_squared]), most)
    energy = energy.expand()
    second, third = sine_bounds(energy)
    sizes = (term.as_independent(t)[0] for term in Add.make_args(energy))
    total = Add(*((size + Abs(size)) / 2 for size in sizes))
    return _Bounds((second,), (third,), Min(most, total))


def _noise_bounds(case: Case, put: Mapping[Expr, Expr]) -> _Bounds:
    r"""Those of up to three levels with noise of one kind.

    :math:`\|\mathcal L^\dagger\|\le2\|H\|` and what the noise adds: loss of at most *x* excitations
    twice *x* times its largest rate, dephasing of single spins half of all rates. Less a constant,
    K has the norm x/2.
    """
    solution = case.computed
    chain: Chain
    (chain,) = solve(solution.model, solution.initial).sectors
    hops = Add(*chain.hops_squared).subs(put)
    most, rates = Integer(chain.levels[-1]), [one.rate for one in case.noise]
    last: Expr = S.Infinity
    if case.kind == "loss":
        added = 2 * most * Max(*rates)
    else:
        added = Add(*rates) / 2
        # Two levels with critical damping, or beyond it, are filled without a peak.
        damping = added / 2
        last = Piecewise((S.Zero, damping**2 >= 4 * hops), (_REST / damping, True))
    size = 2 * sqrt(hops) + added
    return _Bounds((most * size**2 / 2,), (most * size**3 / 2,), most, last)


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
