r"""The distribution of an initial state over the sectors of total spin, in any kind of arithmetic.

Every coupling is collective, so a side of :math:`n` spins s decomposes into irreps of total spin
:math:`j` with the multiplicities :math:`d_j = C(ns-j) - C(ns-j-1)`, C(k) the number of states with
k excitations (a binomial for s = 1/2), inside each of which
the *level* :math:`0..2j` counts excitations above :math:`ns-j`. A state diagonal in the spins is
a set of weights over (:math:`2j`, level) for each side. The C(k) are exact integers and only
their ratios are rounded, once; all sums run over positive terms. A sector is an irrep of each side
with a number of excitations, or where that is not conserved, with its parity.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from itertools import product
from typing import Any, Generic, TypeVar

from numerics.model.checks import InvalidArgument
from numerics.model.groups import SpinGroups
from numerics.model.problem import Problem
from numerics.model.resources import require, require_time
from numerics.model.side_states import (
    Boltzmann,
    Branch,
    Geometric,
    Groupwise,
    Independent,
    Level,
    Primitive,
)
from numerics.model.sides import Side
from numerics.model.superpositions import Amplitudes, Bloch, Gaussian, components

__all__ = [
    "Arithmetic",
    "Sectors",
    "State",
    "Term",
    "Weights",
    "basis",
    "dimension",
    "expanded",
    "extent",
    "grouped",
    "level_weights",
    "terms",
    "weight_of",
]

T = TypeVar("T")

# A thermal cavity hotter than this needs more photon numbers than can be summed in reasonable time.
_MOST_PHOTONS = 200_000
# Of one (2j, level) and its weight, whose multiplicity is an integer of as many bits as spins.
_BYTES, _SECONDS, _SECONDS_OF_BIT = 300, 1e-6, 1e-10
_FEWER = "fewer such spins would do, or all of them up or down"

Weights = dict[tuple[int, int], T]
"""The weight of each (irrep, level) of one side."""

Term = tuple[T, Weights[T], Weights[T]]
"""A weight, and those of the cells and of the charger; a state is a sum of such products."""

State = tuple[int, int]
"""The levels (k, c) of cells and charger."""

Sectors = dict[tuple[int, int, int], dict[State, T]]
"""The weight of each start, by (irrep, irrep, number of excitations or parity) and state."""


@dataclass(frozen=True)
class Arithmetic(Generic[T]):
    """The few operations that weights need, in floats or at any precision."""

    negligible: T  # the total weight that one side may lose with its least likely entries
    number: Callable[[Any], T]  # from a number of any kind
    ratio: Callable[[int, int], T]  # of two integers that may be too large for T
    exp: Callable[[T], T]
    expm1: Callable[[T], T]  # without cancellation
    cos: Callable[[T], T]


def terms(problem: Problem[Any], arithmetic: Arithmetic[T]) -> Iterator[Term[Any]]:
    """The initial state as a sum of products; each side loses at most ``negligible``."""
    for branch in problem.branches():
        share = weight_of(branch, arithmetic)
        if share != 0:
            cells = expanded("cell", problem.battery, branch.battery, arithmetic)
            yield share, cells, expanded("charger", problem.charger, branch.charger, arithmetic)


def weight_of(branch: Branch, arithmetic: Arithmetic[T]) -> T:
    """The product of the factors of its weight."""
    share: Any = arithmetic.number(1)
    for factor in branch.weights:
        share = share * arithmetic.number(factor)
    return share


def grouped(every: Iterable[Term[Any]], problem: Problem[Any]) -> Sectors[Any]:
    """The weights of a state, sector by sector."""
    sectors: Sectors[Any] = defaultdict(lambda: defaultdict(int))
    for share, cells, charger in every:
        for (cell_size, k), cell_weight in cells.items():
            for (charger_size, given), weight in charger.items():
                c = problem.charger_level(k, given)
                label = k + c if problem.conserved else (k + c) % 2
                sectors[cell_size, charger_size, label][k, c] += share * cell_weight * weight
    return {label: dict(starts) for label, starts in sectors.items()}


def basis(battery: Side, charger: Side, label: int, conserved: bool, cutoff: int) -> list[State]:
    """The states (k, c) of a sector; without a top, levels end at ``cutoff`` or the number."""
    levels, most = extent(battery, charger, label, conserved, cutoff)
    if conserved:
        return [(k, label - k) for k in levels]
    return [(k, c) for k in levels for c in range((label - k) % 2, most + 1, 2)]


def dimension(battery: Side, charger: Side, label: int, conserved: bool, cutoff: int) -> int:
    """At least the number of states of a sector, without writing them down."""
    levels, most = extent(battery, charger, label, conserved, cutoff)
    return len(levels) if conserved else (len(levels) * (most + 1) + 1) // 2


def extent(
    battery: Side, charger: Side, label: int, conserved: bool, cutoff: int
) -> tuple[range, int]:
    """The levels of the battery in a sector, and the highest of the charger."""
    end = label if conserved else cutoff
    top, most = (end if side.top is None else int(side.top) for side in (battery, charger))
    return range(max(0, label - most), min(top, label) + 1) if conserved else range(top + 1), most


def expanded(name: str, side: Side, state: Primitive, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    """The weights of one side."""
    if not isinstance(side, SpinGroups):
        return level_weights(state, name, side, arithmetic)
    if isinstance(state, Groupwise):
        return _joined(side, state.groups, arithmetic)
    raise InvalidArgument(
        "`initial` must be a state of each group (group_dicke, group_product or "
        f"group_thermal) for a {side.noun}, but has a {type(state).__name__}"
    )


@singledispatch
def level_weights(state: Any, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    """The weights of a side that is one ladder of each irrep, in a state of one kind.

    Raises
    ------
    InvalidArgument
        A state of a kind that no function is registered for.
    """
    raise InvalidArgument(
        "`initial` must be made of states of one side that this engine knows, but has one of the "
        f"kind {type(state).__name__}: numerics.sectors.irreps.level_weights.register takes one"
    )


@level_weights.register
def _(state: Level, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    size, place = side.place(state.level)
    return {(int(size), int(place)): arithmetic.number(1)}


@level_weights.register
def _(state: Independent, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    if side.spins is None:
        raise InvalidArgument(
            f"`initial` must be a state of a single ladder for a {side.noun}, but is one of spins"
        )
    numbers = [(arithmetic.number(p), int(count)) for p, count in state.groups]
    return _independent(side, [((1 - p, p), count) for p, count in numbers], arithmetic)


@level_weights.register
def _(state: Geometric, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    return _geometric(side, state.mean, arithmetic)


@level_weights.register
def _(state: Boltzmann, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    beta = state.inverse_temperature
    exponent = arithmetic.number(beta) * arithmetic.number(state.frequency)
    exponent = exponent / side.quanta_per_level
    if side.top is None:
        return _thermal_levels(f"{name}_inverse_temperature", side, beta, exponent, arithmetic)
    members = int(side.members)
    shares = _thermal_shares(int(side.top) // members, exponent, arithmetic)
    return _independent(side, [(shares, members)], arithmetic)


@level_weights.register
def _(state: Amplitudes, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    state.check("initial", side)
    squares = [
        sum(arithmetic.number(x) ** 2 for x in components(value)) for value in state.amplitudes
    ]
    total = sum(squares)
    return {side.place(k): square / total for k, square in enumerate(squares)}


@level_weights.register
def _(state: Bloch, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    state.check("initial", side)
    cosine, n = arithmetic.cos(arithmetic.number(state.theta)), int(side.top)
    return {
        (n, k): arithmetic.ratio(math.comb(n, k), 2**n)
        * ((1 + cosine) ** k * (1 - cosine) ** (n - k))
        for k in range(n + 1)
    }


@level_weights.register
def _(state: Gaussian, name: str, side: Side, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    if state.squeezing != 0:
        raise InvalidArgument(
            "`squeezing` must be 0 for the weights of photon numbers at any precision, but is "
            f"{state.squeezing}"
        )
    state.check("initial", side)
    return _poisson(side, state.displacement, arithmetic)


def _joined(
    side: SpinGroups, parts: Sequence[Primitive], arithmetic: Arithmetic[Any]
) -> Weights[Any]:
    """The weights of a side whose groups are in independent states."""
    share = arithmetic.negligible / (len(parts) + 1)
    each = replace(arithmetic, negligible=share)
    groups = [expanded("charger", *pair, each) for pair in zip(side.groups, parts, strict=True)]
    require(_BYTES * math.prod(map(len, groups)), "The starts of all groups of a side")
    weights: Weights[Any] = {}
    for combination in product(*(group.items() for group in groups)):
        whole = arithmetic.number(1)
        for _, weight in combination:
            whole = whole * weight
        weights[side.joined([key for key, _ in combination])] = whole
    return _without_negligible(weights, share)


_Groups = Sequence[tuple[Sequence[Any], int]]
"""The probabilities of the levels of one member, and the number of members that have these."""


def _independent(side: Side, groups: _Groups, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    """Groups of members, each in one of its levels by itself, symmetrised."""
    n, top = sum(count for _, count in groups), int(side.top)
    mixed, certain = [], 0
    for shares, count in groups:
        held = [level for level, share in enumerate(shares) if share != 0]
        if len(held) == 1:
            certain += held[0] * count
        else:
            mixed.append((shares, count))
    some = sum((len(shares) - 1) * count for shares, count in mixed)
    # The irreps of the arrangement that is nearest to half full.
    nearest = min(max(top // 2, certain), certain + some)
    most = min(nearest, top - nearest)
    pairs, bits = (some + 1) * (most + 1), min(top, most * top.bit_length())
    unsure = sum(count for _, count in mixed)
    what = f"A state of {n} spins, of which {unsure} are neither up nor down,"
    require(_BYTES * pairs, what)
    require_time(pairs * (_SECONDS + bits * _SECONDS_OF_BIT) + some**2 * _SECONDS, what, _FEWER)
    weights = {}
    for excited, weight in enumerate(_excitations(mixed), certain):
        if weight == 0:
            continue
        for size, level, part, whole in side.irreps(excited):
            weights[size, level] = weight * arithmetic.ratio(part, whole)
    return _without_negligible(weights, arithmetic.negligible)


def _thermal_shares(last: int, exponent: Any, arithmetic: Arithmetic[Any]) -> list[Any]:
    """Geometric weights of the levels up to a last one, each to full relative precision."""
    # Counted from the likelier end, no exponential overflows.
    steps = range(last + 1) if exponent > 0 else range(-last, 1)
    shares = [arithmetic.exp(-n * exponent) for n in steps]
    total = sum(shares)
    return [share / total for share in shares]


def _thermal_levels(
    name: str, side: Side, beta: Any, exponent: Any, arithmetic: Arithmetic[Any]
) -> Weights[Any]:
    """Geometric weights until what is left is negligible."""
    last = -math.log(float(arithmetic.negligible)) / max(float(exponent), 1e-300)
    _require_photons(name, beta, last)
    ground = -arithmetic.expm1(-exponent)
    return {side.place(n): ground * arithmetic.exp(-n * exponent) for n in range(int(last) + 2)}


def _geometric(side: Side, mean: Any, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    """Geometric weights of a mean number, until what is left is negligible."""
    number = arithmetic.number(mean)
    if number == 0:
        return {side.place(0): arithmetic.number(1)}
    ratio, last = number / (1 + number), math.log(1 / float(arithmetic.negligible))
    last *= 1 + float(number)
    _require_photons("charger_mean_photons", mean, last)
    weights = [1 / (1 + number)]
    for _ in range(int(last) + 1):
        weights.append(weights[-1] * ratio)
    return {side.place(n): weight for n, weight in enumerate(weights)}


def _poisson(side: Side, displacement: Any, arithmetic: Arithmetic[Any]) -> Weights[Any]:
    """The weights of a coherent state, until what is left is negligible."""
    mean = sum(arithmetic.number(part) ** 2 for part in components(displacement))
    weight = arithmetic.exp(-mean)
    result, estimate = {side.place(0): weight}, float(mean)
    _require_photons("displacement", displacement, estimate)
    logarithm, least = -estimate, math.log(float(arithmetic.negligible))
    for n in range(1, _MOST_PHOTONS):
        weight = weight * mean / n
        result[side.place(n)] = weight
        if estimate == 0:
            break
        logarithm += math.log(estimate / n)
        # All later ones together are less than this one, where n is twice the mean.
        if n > 2 * estimate and logarithm < least:
            break
    return _without_negligible(result, arithmetic.negligible)


def _require_photons(name: str, value: Any, last: float) -> None:
    if last > _MOST_PHOTONS:
        raise InvalidArgument(
            f"`{name}` must leave at most {_MOST_PHOTONS} photon numbers of any weight, but is "
            f"{value}, where {last:.3g} of them count"
        )


def _excitations(groups: _Groups) -> list[Any]:
    """The distribution of the number of excitations of all members; every term is positive."""
    distribution = [1]
    for shares, count in groups:
        for _ in range(count):
            rows = [[share * w for w in distribution] for share in shares]
            distribution, empty = [*rows[-1]], [0] * (len(shares) - 1)
            distribution = [*empty, *distribution]
            for i, row in enumerate(rows[:-1]):
                row = [*empty[:i], *row, *empty[i:]]
                distribution = [a + b for a, b in zip(distribution, row, strict=True)]
    return distribution


def _without_negligible(side: Weights[Any], budget: Any) -> Weights[Any]:
    """The entries without the least ones, whose weights sum to at most ``budget``."""
    lost = 0 * budget
    rest = dict(side)
    for key in sorted(side, key=lambda entry: side[entry]):
        lost += side[key]
        if lost > budget:
            break
        del rest[key]
    return rest
