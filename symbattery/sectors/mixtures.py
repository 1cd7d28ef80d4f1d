r"""Initial states as mixtures of pure starts |k, c⟩, exactly: one side, one primitive at a time.

A collective Hamiltonian does not see which spin is which, so independent spins may be symmetrised:
with :math:`P(n)` the probability of :math:`n` excited spins, every arrangement of them counts
alike, and of the :math:`\binom{N}{n}` arrangements :math:`d_j=\binom{N}{N/2-j}-
\binom{N}{N/2-j-1}` belong to the total spin :math:`j`. The weight of :math:`(j,n)` is therefore
:math:`P(n)\,d_j/\binom{N}{n}` for :math:`j\ge|n-N/2|`. Of a symbolic number of spins these are the
sums of :mod:`symbattery.sectors.charger_ensembles`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from itertools import product
from math import prod
from typing import Any

from sympy import (
    Add,
    Expr,
    S,
    Symbol,
    binomial,
    conjugate,
    cos,
    exp,
    expand,
    expand_func,
    factorial,
    sin,
)
from sympy.logic.boolalg import Boolean

from numerics.model.checks import is_symbolic
from numerics.model.problem import Problem
from numerics.model.side_states import Boltzmann, Branch, Independent, Level, Superposed
from numerics.model.sides import Side
from numerics.model.superpositions import Amplitudes, Bloch, Gaussian, components
from symbattery.core.expressions import UnsolvedError, convolved, exact, factored
from symbattery.core.finite_sums import Endless
from symbattery.model.ladders import Ladder, ladder
from symbattery.model.ladders import multiplicity as copies
from symbattery.sectors.chains import check_effort
from symbattery.sectors.charger_ensembles import (
    Photons,
    SideEnsemble,
    SpinsUp,
    ThermalSpins,
    at_least,
    indices,
    multiplicity,
    photon_index,
)

# For each start of a mixture.
_SECONDS = 3e-3
_MANY = 10**6

__all__ = ["SideStart", "Start", "excited_spins", "irreps", "mixture", "side_starts", "starts"]


@dataclass(frozen=True)
class SideStart:
    """One level of one irrep of a side, with its probability.

    Attributes
    ----------
    weight : Expr
    ladder : Ladder
    level : Expr
        Counted from the bottom of the irrep.
    bottom : int or Expr
        Excitations there.
    conditions : tuple of Boolean
        What the parameters must satisfy for the irrep to be there.
    """

    weight: Expr
    ladder: Ladder
    level: Expr
    bottom: Any = 0
    conditions: tuple[Boolean, ...] = ()


@dataclass(frozen=True)
class Start:
    """One pure start of an irrep pair, with its probability."""

    weight: Expr
    battery: SideStart
    charger: SideStart


def excited_spins(populations: Sequence[Expr], up: int = 0) -> dict[int, Expr]:
    """The probability of each number of excited spins (Poisson-binomial), beside those ``up``.

    Equal populations are taken together, so that the result stays in factors p^i (1-p)^(n-i).
    """
    total: dict[int, Expr] = {up: S.One}
    for p, count in Counter(populations).items():
        single = {i: binomial(count, i) * p**i * (1 - p) ** (count - i) for i in range(count + 1)}
        total = convolved(total, {i: weight for i, weight in single.items() if weight != 0})
    return total


def irreps(spins: int, excited: int) -> dict[int, Expr]:
    """The share of each irrep, by size 2j, among the arrangements with ``excited`` spins up."""
    return {
        size: multiplicity(S(spins), S((spins - size) // 2)) / binomial(spins, excited)
        for size in range(abs(2 * excited - spins), spins + 1, 2)
    }


# One side


_SideStarts = list[SideStart | SideEnsemble]


@singledispatch
def side_starts(primitive: Any, side: Side, taken: set[str]) -> _SideStarts:
    """The levels of one side in a primitive state; ``taken`` are names no index must have.

    Raises
    ------
    UnsolvedError
        A state for which no closed form is derived.
    """
    kind = type(primitive).__name__
    raise UnsolvedError(
        f"`initial` must be made of states of a side that closed forms are derived for, but has a "
        f"{kind}: symbattery.sectors.mixtures.side_starts.register takes one"
    )


def _at(weight: Expr, side: Side, quanta: Expr) -> SideStart:
    """So many quanta, in the ladder that has them."""
    size, level = side.place(quanta)
    return SideStart(weight, ladder(side.irrep(size)), level)


@side_starts.register
def _(primitive: Level, side: Side, taken: set[str]) -> _SideStarts:
    return [_at(S.One, side, exact(primitive.level))]


@side_starts.register
def _(primitive: Boltzmann, side: Side, taken: set[str]) -> _SideStarts:
    exponent = exact(primitive.inverse_temperature) * exact(primitive.frequency)
    if side.spins is not None:
        return side_starts(Independent(((1 / (1 + exp(exponent)), side.spins),)), side, taken)
    if side.top is None:
        ratio, n = exp(-exponent), photon_index(taken)
        photons = Photons((1 - ratio) * exp(-n * exponent), n, Endless(ratio, 0))
        return [SideEnsemble(S.One, side, photons)]
    if is_symbolic(side.top):
        raise UnsolvedError(f"the top of a thermal {side.noun} must be a number, but is {side.top}")
    members, top = int(side.members), int(side.top)
    count = (top // 2 + 1) * (top - top // 2 + 1)
    what = f"a mixture of {members} {side.noun}, with {count} starts,"
    check_effort(_SECONDS * count, "initial", what, "fewer of them may do")
    # Of each member, whatever the others do.
    total = Add(*(exp(-k * exponent) for k in range(top // members + 1))) ** members
    return [
        SideStart(
            number * exp(-excited * exponent) / total,
            ladder(side.irrep(S(top - 2 * bottom))),
            S(excited - bottom),
            bottom,
        )
        for excited in range(top + 1)
        for bottom in range(min(excited, top - excited) + 1)
        if (number := copies(side, bottom))
    ]


@side_starts.register
def _(primitive: Gaussian, side: Side, taken: set[str]) -> _SideStarts:
    # The coupling moves no coherence between numbers of excitations into populations.
    if exact(primitive.squeezing) != 0:
        raise UnsolvedError(
            "`squeezing` must be 0 for the closed forms of a cavity, but is "
            f"{primitive.squeezing}; numerics.charge takes it"
        )
    alpha = exact(primitive.displacement)
    mean, n = expand(alpha * conjugate(alpha)), photon_index(taken)
    if mean == 0:
        return [SideStart(S.One, ladder(side), S.Zero)]
    probability = exp(-mean) * mean**n / factorial(n)
    return [SideEnsemble(S.One, side, Photons(probability, n, Endless(mean, 1)))]


@side_starts.register
def _(primitive: Independent, side: Side, taken: set[str]) -> _SideStarts:
    groups = [(exact(p), count) for p, count in primitive.groups]
    if any(is_symbolic(count) for _, count in groups):
        return _grouped(groups, side, taken)
    spins = sum(int(count) for _, count in groups)
    up, down = (sum(int(count) for p, count in groups if p == known) for known in (1, 0))
    # As many starts as irreps with each number of excited spins; far too many have no exact sum.
    count = spins - up - down + 1
    if count < _MANY:
        count = sum(min(n, spins - n) + 1 for n in range(up, up + count))
    what = f"a mixture of {spins} spins, with {count} starts,"
    instead = "a symbolic number of charger spins makes it one sum"
    check_effort(_SECONDS * count, "initial", what, instead)
    certain = (0, 1)
    populations = [p for p, count in groups if p not in certain for _ in range(int(count))]
    return [
        SideStart(
            weight * share,
            ladder(side.irrep(S(size))),
            S(excited - (spins - size) // 2),
            (spins - size) // 2,
        )
        for excited, weight in excited_spins(populations, up).items()
        for size, share in irreps(spins, excited).items()
    ]


def _grouped(groups: Sequence[tuple[Expr, Any]], side: Side, taken: set[str]) -> _SideStarts:
    """A symbolic number of independent spins."""
    counts: dict[Expr, Expr] = {}
    for p, count in groups:
        counts[p] = counts.get(p, S.Zero) + count
    up, down = counts.pop(S.One, S.Zero), counts.pop(S.Zero, S.Zero)
    k, c = indices(taken)
    if up == down == 0 and len(counts) == 1:
        ((p, spins),) = counts.items()
        return [SideEnsemble(S.One, side, ThermalSpins(spins, p, k, c))]
    if any(is_symbolic(count) for count in counts.values()):
        raise UnsolvedError(
            "`charger_populations` must be one population for all charger spins, or have a number "
            "of spins that are neither up nor down, for a sum with a symbolic number of spins; "
            "solve with a number of charger spins instead"
        )
    others = [p for p, count in counts.items() for _ in range(int(count))]
    spins = up + down + len(others)
    return [
        start
        for extra, weight in excited_spins(others).items()
        for start in _definite(weight, side, spins, up + extra, k)
    ]


def _definite(
    weight: Expr, side: Side, spins: Expr, excited: Expr, k: Symbol
) -> Iterator[SideStart | SideEnsemble]:
    """``excited`` of ``spins`` spins up: finitely many irreps where few are up, or few down."""
    few = next((int(n) for n in (excited, spins - excited) if n.is_Integer), None)
    if few is None:
        yield SideEnsemble(weight, side, SpinsUp(spins, excited, k))
        return
    held = (at_least(spins, 2 * few),) if few else ()
    for i in range(few + 1):
        share = factored(expand_func(multiplicity(spins, S(i)) / binomial(spins, few)))
        yield SideStart(weight * share, ladder(side.irrep(spins - 2 * i)), excited - i, i, held)


@side_starts.register
def _(primitive: Amplitudes, side: Side, taken: set[str]) -> _SideStarts:
    squares = [
        sum((exact(part) ** 2 for part in components(value)), S.Zero).expand()
        for value in primitive.amplitudes
    ]
    total = Add(*squares)
    return [_at(w / total, side, S(k)) for k, w in enumerate(squares) if w != 0]


@side_starts.register
def _(primitive: Bloch, side: Side, taken: set[str]) -> _SideStarts:
    if is_symbolic(side.spins):
        raise UnsolvedError(
            "`chargers` must be a number for spin-coherent charger spins, whose superposition has "
            "as many terms as spins"
        )
    n, half = int(side.spins), exact(primitive.theta) / 2
    p, q = cos(half) ** 2, sin(half) ** 2
    check_effort(_SECONDS * n, "initial", f"a superposition of {n} levels", "fewer spins may do")
    every = ((k, binomial(n, k) * p**k * q ** (n - k)) for k in range(n + 1))
    return [SideStart(weight, ladder(side), S(k)) for k, weight in every if weight != 0]


# Both sides


def mixture(
    problem: Problem[Expr], taken: set[str]
) -> tuple[list[Start], list[tuple[Ladder, SideEnsemble]]]:
    """The initial state of a problem: its pure starts, and its sums over irreps of the charger.

    These go with an irrep of the cells, which is at its bottom.

    Parameters
    ----------
    problem : Problem
    taken : set of str
        Names that a summation index must not have.

    Raises
    ------
    UnsolvedError
        A state for which no closed form, or no sum of a symbolic number of spins, is derived.
    """
    pure: list[Start] = []
    summed: list[tuple[Ladder, SideEnsemble]] = []
    for branch in problem.branches():
        _require_apart(branch, problem)
        factor = prod(map(exact, branch.weights), start=S.One)
        cells = _cells(problem, branch.battery, taken)
        charger = side_starts(branch.charger, problem.charger, taken)
        for own, other in product(cells, charger):
            weight = factor * (own.weight * other.weight)
            if isinstance(other, SideStart):
                level = exact(problem.charger_level(own.level, other.level))
                pure.append(Start(weight, own, replace(other, level=level)))
            elif weight != 0:
                if own.level != 0:
                    raise UnsolvedError(
                        "`chargers` must be a number where cells may be excited at the start: with "
                        "a symbol the sum over (j, m) is derived for cells that start empty"
                    )
                summed.append((own.ladder, replace(other, weight=weight)))
    return pure, summed


def _require_apart(branch: Branch, problem: Problem[Expr]) -> None:
    """Refuse superpositions whose parts meet in one sector.

    Raises
    ------
    UnsolvedError
    """
    superposed = [isinstance(state, Superposed) for state in (branch.battery, branch.charger)]
    apart = problem.parameters.anisotropy == 0 and problem.charger.distinguishable
    if all(superposed) or (any(superposed) and not apart):
        raise UnsolvedError(
            "`initial` must be a superposition on one side only, with `anisotropy` 0, for a sum "
            "over sectors, but its parts meet in one sector here: numerics.charge evolves them"
        )


def _cells(problem: Problem[Expr], primitive: Any, taken: set[str]) -> list[SideStart]:
    """The battery, of which each irrep must have a number of levels."""
    counts = [n for _, n in primitive.groups] if isinstance(primitive, Independent) else []
    cells = problem.battery.spins
    if isinstance(primitive, Independent | Boltzmann) and is_symbolic(cells):
        raise UnsolvedError(
            f"`cells` must be a number for a thermal state, but is {cells}: the sum over "
            "(j, m) has as many terms as cells"
        )
    if any(map(is_symbolic, counts)):
        raise UnsolvedError("`cell_populations` must have a number of cells in every pair")
    return [s for s in side_starts(primitive, problem.battery, taken) if isinstance(s, SideStart)]


def starts(problem: Problem[Expr]) -> list[Start]:
    """The pure starts of which the initial state is a mixture, with their exact probabilities.

    Raises
    ------
    UnsolvedError
        A thermal or product state of a symbolic number of spins.
    """
    pure, summed = mixture(problem, set())
    if summed and problem.charger.top is None:
        raise UnsolvedError(
            f"`initial` must be a finite mixture here, but is {problem.initial}: its sum over "
            f"{problem.charger.quanta} does not end"
        )
    if summed:
        raise UnsolvedError(
            "`chargers` must be a number for a thermal or product state, but is "
            f"{problem.charger.top}: the sum over (j, m) has as many terms as spins"
        )
    return pure
