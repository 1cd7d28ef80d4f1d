r"""Extractable work: ergotropy in several senses, locked energy, capacity, and its fluctuations.

With :math:`n_k=\sum_{l<k}\binom Ml` slots below level k the passive energy is
:math:`\omega_0\sum_{k\ge1}T_{2^M-n_k}`, :math:`T_n` the sum of the n smallest eigenvalues, and the
ergotropy what sorting exchanges across each boundary between levels: sums of what cannot be
negative, in which nothing cancels. Of cells in their symmetric levels there are M + 1 eigenvalues
:math:`p_k`, which fill the two lowest levels, so that the ergotropy is
:math:`\omega_0[\sum_{k\ge2}(k-1)p_k+\max_kp_k-p_0]`.
"""

from __future__ import annotations

from itertools import accumulate

from sympy import Expr, Piecewise, Rational, S, sqrt
from sympy.logic.boolalg import And

from numerics.model import checks
from symbattery.observables.battery import Battery, hypergeometric
from symbattery.observables.correlations import coherence
from symbattery.observables.forms import (
    Largest,
    Least,
    exchanged,
    others,
    quotient,
    smallest_sum,
    variance_of,
)

__all__ = [
    "capacity",
    "ergotropy",
    "extractable_fraction",
    "locked_energy",
    "passive_energy",
    "work_variance",
]

# Formulas of sorted eigenvalues grow like the cube of the number of levels.
_MOST_SORTED = 5
_SORTED = f"be asked of at most {_MOST_SORTED} excitations where eigenvalues are sorted"


def ergotropy(
    battery: Battery, sense: str = "full", cells: int | None = None, part: str | None = None
) -> Expr:
    """The largest mean work that unitaries extract from the battery, or from some of its cells."""
    battery.require_invariant()
    if part is not None and sense in ("local", "daemonic"):
        raise checks.invalid("sense", "be full or symmetric for a part of the ergotropy", sense)
    if battery.has_coherences:
        work = _of_pure_state(battery, sense, cells)
        if part is None:
            return work
        rest = _of_populations(battery, sense, cells)
        return rest if part == "incoherent" else work - rest
    # Else the state has no coherences between numbers of excitations.
    return S.Zero if part == "coherent" else _of_populations(battery, sense, cells)


def _of_pure_state(battery: Battery, sense: str, cells: int | None) -> Expr:
    """The ergotropy of cells in a pure state: all that they hold, or what one rotation takes."""
    battery.require_pure()
    whole = battery.cells
    if sense == "local" or (cells == 1 and whole > 1):
        return Rational(cells or whole, whole) * _by_rotation(battery)
    if cells not in (None, whole):
        battery.refuse("cells", "be 1 or all of them where these have coherences")
    return battery.excited


def _by_rotation(battery: Battery) -> Expr:
    r""":math:`\langle S_z\rangle+|\langle S\rangle|`, in which nothing cancels."""
    battery.require_halves("sense")
    up = battery.mean({k: Rational(2 * k - battery.cells, 2) for k in battery.populations})
    across = coherence(battery) ** 2
    length = sqrt(up**2 + across)
    if not battery.computed:
        return up + length
    return Piecewise((across / (length - up), up < 0), (up + length, True))


def _of_populations(battery: Battery, sense: str, cells: int | None) -> Expr:
    """The ergotropy of a state that is diagonal in the levels."""
    if sense == "daemonic":
        return _daemonic(battery, cells)
    if sense == "local":
        battery.require_halves("sense")
        share = S(cells or battery.cells) / battery.cells
        above = battery.mean({k: 2 * k - battery.cells for k in battery.populations})
        return share * Largest(S.Zero, above)
    some = battery.reduced(cells)
    if sense == "symmetric":
        some.require_symmetric()
        return _sorted_gain(some, *_symmetric(some))
    if some.nearly_fits:
        beyond = some.mean({k: max(k - 1, 0) for k in some.populations})
        ground = some.populations.get(0, S.Zero)
        return beyond + Largest(S.Zero, *(p - ground for k, p in some.populations.items() if k))
    return _sorted_gain(some, *_full(some))


def _daemonic(battery: Battery, cells: int | None) -> Expr:
    """The ergotropy once the excitations of the charger, and thus of the cells, are known."""
    battery.require_pure()
    battery.require_exchange()
    if cells is not None:
        battery.require_halves("cells")
    whole = battery.cells
    if cells in (None, whole):
        return battery.excited
    battery.require_number()
    weights = {}
    for k in battery.populations:
        chances = [hypergeometric(whole, cells, k, r) for r in range(cells + 1)]
        mean = sum((r * chance for r, chance in enumerate(chances)), S.Zero)
        weights[k] = mean - 1 + max(chances)
    return battery.mean(weights)


_Levels = list[dict[Expr, int]]


def _symmetric(battery: Battery) -> tuple[_Levels, list[int]]:
    """The eigenvalues in each level, with multiplicities, and the slots of each level."""
    every = battery.populations
    # Levels above all that are reached have no part in what is sorted.
    count = max(every) + 1
    return [{every.get(k, S.Zero): 1} for k in range(count)], [1] * count


def _full(battery: Battery) -> tuple[_Levels, list[int]]:
    levels, slots = [], list(battery.slots)
    for k, count in enumerate(slots):
        held = {
            p / battery.copies(size): battery.copies(size)
            for (size, level), p in battery.blocks.items()
            if level == k
        }
        empty = count - sum(held.values())
        levels.append({**held, **({S.Zero: empty} if empty else {})})
    return levels, slots


def _check_sorted(battery: Battery, levels: _Levels) -> None:
    if len(levels) > _MOST_SORTED + 1:
        battery.refuse("cells", _SORTED)


def _sorted_gain(battery: Battery, levels: _Levels, slots: list[int]) -> Expr:
    """Σ_k of what sorting exchanges between the levels from k on and those below."""
    _check_sorted(battery, levels)
    parts = [exchanged(_merged(levels[k:]), _merged(levels[:k])) for k in range(1, len(slots))]
    return sum(parts, S.Zero)


def _sorted_energy(levels: _Levels, slots: list[int]) -> Expr:
    """The passive energy Σ_k T."""
    every, below = _merged(levels), list(accumulate(slots))
    return sum((smallest_sum(every, below[-1] - filled) for filled in below[:-1]), S.Zero)


def _merged(levels: _Levels) -> dict[Expr, int]:
    total: dict[Expr, int] = {}
    for level in levels:
        for value, count in level.items():
            total[value] = total.get(value, 0) + count
    return total


def _passive(battery: Battery) -> Expr:
    """The least energy above the ground state that unitaries on all cells leave."""
    if battery.has_coherences:
        battery.require_pure()
        return S.Zero
    if battery.nearly_fits:
        return Least(*others(_whole(battery)))
    levels, slots = _full(battery)
    _check_sorted(battery, levels)
    return _sorted_energy(levels, slots)


def _whole(battery: Battery) -> list[Expr]:
    """The probabilities that sum to 1."""
    return list(battery.populations.values())


def locked_energy(battery: Battery, sense: str = "full", cells: int | None = None) -> Expr:
    """The energy of the battery, or of some of its cells, that is no ergotropy."""
    battery.require_invariant()
    whole = battery.cells
    share = S(cells or whole) / whole
    if battery.has_coherences:
        work = _of_pure_state(battery, sense, cells)
        return S.Zero if work == battery.excited else share * battery.excited - work
    if sense == "daemonic":
        # Weight by weight: where all is extractable nothing is left.
        return (share * battery.excited - _daemonic(battery, cells)).expand()
    if sense == "local":
        battery.require_halves("sense")
        down = battery.mean({k: whole - k for k in battery.populations})
        return share * Least(battery.excited, down)
    some = battery.reduced(cells)
    if sense == "full":
        return _passive(some)
    some.require_symmetric()
    levels, slots = _symmetric(some)
    _check_sorted(some, levels)
    return _sorted_energy(levels, slots)


def extractable_fraction(battery: Battery, sense: str = "full") -> Expr:
    """The ergotropy over the energy above the ground state, 0 where there is none."""
    above = ergotropy(battery, sense)
    return quotient(above, battery.excited, 0, battery.computed)


def passive_energy(battery: Battery) -> Expr:
    """The energy of the passive state, with the bare Hamiltonian ω₀ S_z."""
    battery.require_invariant()
    return _passive(battery) - S(0 if battery.side.top is None else battery.cells) / 2


def capacity(battery: Battery) -> Expr:
    """The energy between the best and the worst unitary."""
    battery.require_invariant()
    battery.require_top()
    return battery.cells - 2 * _passive(battery)


def work_variance(battery: Battery) -> Expr:
    r"""The variance of the work of the unitary that extracts the full ergotropy.

    It takes the largest population :math:`p_*` to level 0 and the others to level 1.
    """
    battery.require_symmetric()
    if battery.has_coherences:
        # The one level that it takes the state to is the lowest.
        battery.require_pure()
        return variance_of({k: k for k in battery.populations}, battery.populations)
    if not battery.nearly_fits:
        battery.refuse(battery.name, "be asked of spins-1/2")
    every = battery.populations
    choices = []
    for largest, p in every.items():
        work = {k: k - 1 + (k == largest) for k in every}
        variance = variance_of(work, every)
        choices.append((variance, And(*(p >= q for k, q in every.items() if k != largest))))
    (value, _) = choices.pop()
    return Piecewise(*choices, (value, True))
