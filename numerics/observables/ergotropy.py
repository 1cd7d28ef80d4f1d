r"""Extractable work: the ergotropy in several senses, and what is locked in the battery.

The eigenvalues λ of the battery's state, in decreasing order, are put on the levels of the battery
in increasing order: on all :math:`2^M` ("full"), or on the levels of each irrep by itself
("symmetric": permutation-invariant unitaries). An eigenvalue of :math:`\rho_j` with weight P occurs
:math:`d_j` times as :math:`P/d_j`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import singledispatch
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model.checks import InvalidArgument, invalid
from numerics.model.options import CELLS, PART, SENSE, Need
from numerics.model.resources import Floats, TooLargeError, require
from numerics.model.sides import Side
from numerics.observables.amplitudes import Irrep
from numerics.observables.battery import Battery
from numerics.observables.reduced import reduced
from numerics.observables.table import Observable

__all__ = [
    "ROWS",
    "Spectrum",
    "check_ergotropy",
    "conditional",
    "eigenvalues",
    "eigenvectors",
    "ergotropy",
]

# Binomials of more spins are no doubles.
_MOST = 1000
# Eigenvalues that differ by less than this share of the larger one are equal.
_EQUAL = 1e-11


class Spectrum(NamedTuple):
    """The eigenvalues of a battery's state, with their multiplicities included.

    Attributes
    ----------
    weight : array (T, R)
        Each times its multiplicity.
    multiplicity : array (R,)
    mean, square : arrays (T, R)
        ⟨K⟩ and ⟨K²⟩ in the eigenvector.
    irrep : array (R,)
        The number of the irrep.
    """

    weight: Floats
    multiplicity: Floats
    mean: Floats
    square: Floats
    irrep: npt.NDArray[np.int64]


def eigenvectors(state: npt.NDArray[Any]) -> tuple[Floats, npt.NDArray[Any]]:
    """Eigenvalues (T, K), not negative, and eigenvectors (T, K, K) of density matrices.

    Levels of different parity are apart where nothing connects them.
    """
    size = state.shape[1]
    apart = size > 1 and not np.any(state[:, ::2, 1::2])
    values, vectors = np.zeros(state.shape[:2]), np.zeros_like(state)
    for part in (slice(0, None, 2), slice(1, None, 2)) if apart else (slice(None),):
        levels, inside = np.linalg.eigh(state[:, part, part])
        values[:, part], vectors[:, part, part] = np.maximum(levels, 0), inside
    return values, vectors


def _of_definite_energy(
    values: Floats, vectors: npt.NDArray[Any], cells: Floats
) -> npt.NDArray[Any]:
    """The eigenvectors, of degenerate eigenvalues those of different mean energies."""
    order = np.argsort(values, axis=1)
    ascending = np.take_along_axis(values, order, axis=1)
    # Rounding is a share of the trace: of smaller ones it hides which are equal.
    near = (np.diff(ascending, axis=1) < _EQUAL) & (ascending[:, 1:] > _EQUAL)
    for time in np.flatnonzero(near.any(axis=1)):
        for group in np.split(order[time], np.flatnonzero(~near[time]) + 1):
            inside = vectors[time][:, group]
            energies = inside.conj().T @ (cells[:, None] * inside)
            vectors[time][:, group] = inside @ np.linalg.eigh(energies)[1]
    return vectors


def eigenvalues(irreps: Sequence[Irrep]) -> Spectrum:
    """The eigenvalues of a state, irrep by irrep."""
    every: list[tuple[Floats, Floats, Floats, Floats]] = []
    for irrep in irreps:
        cells = irrep.cells.astype(np.float64)
        if irrep.state.ndim == 2:
            weight = irrep.populations
            mean, square = (np.broadcast_to(c, weight.shape) for c in (cells, cells**2))
        else:
            weight, vectors = eigenvectors(irrep.state)
            density = np.abs(_of_definite_energy(weight, vectors, cells)) ** 2
            mean, square = (np.einsum("tki,k->ti", density, c) for c in (cells, cells**2))
        copies = np.full(len(cells), float(irrep.multiplicity))
        every.append((weight, copies, mean, square))
    labels = [np.full(len(irrep.cells), number) for number, irrep in enumerate(irreps)]
    columns = (np.hstack(column) for column in zip(*every, strict=True))
    return Spectrum(*columns, irrep=np.concatenate(labels))  # type: ignore[misc]  # 4 columns


class Filling(NamedTuple):
    """The mean, and the mean square, of the level that each eigenvalue is put on, (T, R)."""

    mean: Floats
    square: Floats


def _slots(battery: Side, needed: float) -> tuple[Floats, Floats]:
    """The levels from below, and how many states each has, until there are enough."""
    levels: list[float] = []
    counts: list[float] = []
    total = 0.0
    while total < needed and (battery.top is None or len(levels) <= int(battery.top)):
        counts.append(float(battery.degeneracy(len(levels))))
        levels.append(float(len(levels)))
        total += counts[-1]
    return np.array(levels), np.array(counts)


def _filled(spectrum: Spectrum, levels: Floats, slots: Floats) -> Filling:
    """The eigenvalues in decreasing order on levels in the order given."""
    order = _decreasing(spectrum.weight / spectrum.multiplicity, spectrum.mean)
    count = spectrum.multiplicity[order]
    end = np.cumsum(count, axis=1)
    edges = np.concatenate([[0.0], np.cumsum(slots)])
    result = []
    for power in (1, 2):
        total = np.concatenate([[0.0], np.cumsum(slots * levels**power)])
        inside = (np.interp(end, edges, total) - np.interp(end - count, edges, total)) / count
        mine = np.empty_like(inside)
        np.put_along_axis(mine, order, inside, axis=1)
        result.append(mine)
    return Filling(*result)


def _decreasing(size: Floats, mean: Floats) -> npt.NDArray[np.int64]:
    """The order of decreasing eigenvalues; equal ones are in the order of their energies.

    Of all unitaries that extract the most this one has the least variance.
    """
    order = np.argsort(-size, axis=1)
    sizes = np.take_along_axis(size, order, axis=1)
    # Of many cells all are small: what counts is by which share they differ.
    before = np.hstack([sizes[:, :1], sizes[:, :-1]])
    group = np.cumsum(before - sizes > _EQUAL * before, axis=1)
    within = np.lexsort((np.take_along_axis(mean, order, axis=1), group), axis=1)
    return np.take_along_axis(order, within, axis=1)


def _symmetric_filling(spectrum: Spectrum, irreps: Sequence[Irrep], battery: Side) -> Filling:
    """The levels of each irrep are filled by its own eigenvalues."""
    mean, square = np.empty_like(spectrum.mean), np.empty_like(spectrum.mean)
    for number, irrep in enumerate(irreps):
        mine = spectrum.irrep == number
        columns = (spectrum.weight, spectrum.mean, spectrum.square)
        weight, own, own_square = (column[:, mine] for column in columns)
        once = np.ones(weight.shape[1])
        part = Spectrum(weight, once, own, own_square, spectrum.irrep[mine])
        levels = float(battery.bottom(irrep.size)) + np.arange(float(weight.shape[1]))
        filling = _filled(part, levels, np.ones(len(levels)))
        mean[:, mine], square[:, mine] = filling
    return Filling(mean, square)


def filling(irreps: Sequence[Irrep], battery: Side, sense: str) -> tuple[Spectrum, Filling]:
    """The eigenvalues of a state, and the levels of its passive state in a sense.

    Raises
    ------
    TooLargeError
        Mixed states of so many cells that their multiplicities are no doubles.
    """
    cells = int(battery.members)
    if len(irreps) > 1 and cells * math.log2(int(battery.top) // cells + 1) > _MOST:
        raise TooLargeError(
            f"The ergotropy of a battery in several total spins can be had for 2^{_MOST} states at "
            f"most ({_MOST} spins-1/2), but there are {cells} `cells`"
        )
    spectrum = eigenvalues(irreps)
    if sense == "symmetric":
        return spectrum, _symmetric_filling(spectrum, irreps, battery)
    return spectrum, _filled(spectrum, *_slots(battery, float(spectrum.multiplicity.sum())))


def _by_unitaries(irreps: Sequence[Irrep], battery: Side, sense: str) -> Floats:
    """⟨K⟩ minus that of the passive state, (T,)."""
    if sense == "full" and _is_symmetric(irreps, battery):
        return _by_largest(irreps[0])
    spectrum, levels = filling(irreps, battery, sense)
    return np.einsum("ti,ti->t", spectrum.weight, spectrum.mean - levels.mean)


def _is_symmetric(irreps: Sequence[Irrep], battery: Side) -> bool:
    """True for a diagonal state of the one irrep of the largest spin."""
    (first, *others) = irreps
    return not others and battery.spins == first.size and first.state.ndim == 2


def _by_largest(irrep: Irrep) -> Floats:
    """Σ (k − 1) p_k + max p_k: all eigenvalues but the largest fit on the first level."""
    p, cells = irrep.populations, irrep.cells.astype(np.float64)
    none = p[:, 0] if cells[0] == 0 else 0.0
    return p @ np.maximum(cells - 1, 0) + (p.max(axis=1) - none)


def _by_rotation(irreps: Sequence[Irrep], battery: Side) -> Floats:
    """⟨S_z⟩ + |⟨S⟩|: one rotation of all cells; nothing cancels in it."""
    z, minus = np.zeros(len(irreps[0].state)), np.zeros(len(irreps[0].state), dtype=complex)
    for irrep in irreps:
        z += irrep.populations @ (irrep.cells - battery.spins / 2).astype(np.float64)
        if irrep.state.ndim == 3:
            level = irrep.cells[:-1] - battery.bottom(irrep.size)
            hop = np.sqrt(battery.irrep(irrep.size).raising(level).astype(np.float64))
            minus += np.einsum("tkk,k->t", irrep.state[:, 1:, :-1], hop)
    length = np.hypot(z, np.abs(minus))
    below = np.divide(np.abs(minus) ** 2, length - z, out=np.zeros_like(z), where=z < 0)
    return np.where(z < 0, below, z + length)


def _dephased(irreps: Sequence[Irrep]) -> list[Irrep]:
    """The state without coherences between different numbers of excited cells."""
    return [irrep._replace(state=irrep.populations) for irrep in irreps]


@singledispatch
def conditional(battery: Battery) -> list[list[Irrep]]:
    """The states of the battery that belong to each number of excitations of the charger.

    Their traces are the probabilities of these numbers.
    """
    start, levels = battery.start, battery.levels
    count = len(battery.times)
    rows = {int(levels.spin[i]): part for i, part in levels.irreps}
    diagonal = battery.diagonal
    states: dict[int, dict[int, npt.NDArray[Any]]] = {}
    sizes = {spin: part.stop - part.start for spin, part in rows.items()}
    each = count * sum(k if diagonal else 2 * k * k for k in sizes.values())
    for motion in battery.motions():
        psi, window = motion.wave.psi, motion.wave.window
        for number, weight, one, quanta in zip(
            motion.wave.numbers, motion.weight, psi, _each(motion.quanta, len(psi)), strict=True
        ):
            spin = int(start.cell_spin[number])
            first = int(levels.least[np.flatnonzero(levels.spin == spin)[0]])
            for outcome in np.unique(quanta).tolist():
                if outcome not in states:
                    require(8 * each * (len(states) + 1), "The states after a measurement")
                    shape = (lambda k: (count, k)) if diagonal else (lambda k: (count, k, k))
                    states[outcome] = {
                        s: np.zeros(shape(k), dtype=float if diagonal else complex)
                        for s, k in sizes.items()
                    }
                target = states[outcome][spin]
                if diagonal:
                    (site,) = np.flatnonzero(quanta == outcome)
                    moved = site - int(motion.wave.sites[list(motion.wave.numbers).index(number)])  # type: ignore[index]
                    place = int(start.cell_level[number]) + moved - first
                    target[window, place] += weight * np.abs(one[site]) ** 2
                else:
                    column = one[:, np.flatnonzero(quanta[0] == outcome)[0]].T
                    target[window] += weight * column[:, :, None] * column[:, None].conj()
    return [
        [
            Irrep(s, battery.problem.battery.multiplicity(s), levels.cells[rows[s]], state)
            for s, state in outcome.items()
        ]
        for outcome in states.values()
    ]


def _each(values: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    return np.broadcast_to(values, (count, *values.shape[1:]))


def require_top(battery: Side, name: str) -> None:
    """Refuse a battery whose energies have no end.

    Raises
    ------
    InvalidArgument
    """
    if battery.top is None:
        raise InvalidArgument(
            f"`{name}` must be asked of a battery with a highest level, but it is a {battery.noun}"
        )


def check_ergotropy(battery: Battery, sense: str, cells: int | None) -> None:
    """Refuse what has no ergotropy of a kind.

    Raises
    ------
    InvalidArgument
        The cells start with different populations, or are no spins.
    """
    battery.require_symmetric(f"ergotropy(sense={sense})")
    if battery.problem.battery.spins is None and (sense == "local" or cells is not None):
        raise invalid("model", "have a battery of spins-1/2 for this sense", battery.problem.model)


def ergotropy(
    battery: Battery, sense: str, cells: int | None = None, part: str | None = None
) -> Floats:
    """The ergotropy, shape (T,).

    Raises
    ------
    InvalidArgument
        The cells start with different populations, or no sense of this kind has such a part.
    """
    check_ergotropy(battery, sense, cells)
    side = battery.problem.battery
    if sense == "daemonic" and cells is None and part is None and battery.pure:
        return battery.frequency * battery.excited
    if sense == "full" and cells is None and part is None and _by_schmidt(battery):
        return battery.frequency * battery.excited - _locked(battery, "full")
    states = conditional(battery) if sense == "daemonic" else [battery.irreps]
    total = np.zeros(len(battery.times))
    for irreps in states:
        some = irreps if cells is None else reduced(irreps, side, cells)
        ladder = side if cells is None else side.irrep(cells)
        if part is None or part == "coherent":
            total += _extracted(some, ladder, sense)
        if part is not None:
            sign = 1 if part == "incoherent" else -1
            total += sign * _extracted(_dephased(some), ladder, sense)
    return battery.frequency * total


def _extracted(irreps: Sequence[Irrep], battery: Side, sense: str) -> Floats:
    if sense == "local":
        return _by_rotation(irreps, battery)
    return _by_unitaries(irreps, battery, "full" if sense == "daemonic" else sense)


def _by_schmidt(battery: Battery) -> bool:
    """True where only the largest Schmidt coefficient matters."""
    # A battery of several groups may have more eigenvalues than the two lowest levels hold.
    one = battery.problem.battery.spins is not None and not battery.problem.grouped
    return not battery.diagonal and battery.pure and one


def _charge(battery: Battery, cells: int | None) -> Floats:
    """The energy of some cells above all of them down."""
    share = 1.0 if cells is None else cells / float(battery.problem.battery.top)
    return battery.frequency * share * battery.excited


def _locked(battery: Battery, sense: str, cells: int | None = None) -> Floats:
    battery.require_symmetric("locked_energy")
    known = _by_schmidt(battery) or (
        battery.diagonal and _is_symmetric(battery.irreps, battery.problem.battery)
    )
    if sense == "full" and cells is None and known:
        # All but the largest, without a difference from 1.
        p = battery.rows.copy() if battery.diagonal else battery.schmidt**2
        np.put_along_axis(p, p.argmax(axis=1)[:, None], 0.0, axis=1)
        return battery.frequency * p.sum(axis=1)
    return _charge(battery, cells) - ergotropy(battery, sense, cells)


def _fraction(battery: Battery, sense: str) -> Floats:
    battery.require_symmetric(f"extractable_fraction(sense={sense})")
    work, stored = ergotropy(battery, sense), _charge(battery, None)
    return np.divide(work, stored, out=np.zeros_like(work), where=stored > 0)


def _passive(battery: Battery) -> Floats:
    battery.require_symmetric("passive_energy")
    side = battery.problem.battery
    return _locked(battery, "full") - battery.frequency * float(side.top or 0) / 2


def _capacity(battery: Battery) -> Floats:
    battery.require_symmetric("capacity")
    side = battery.problem.battery
    require_top(side, "capacity")
    if _by_schmidt(battery) or _is_symmetric(battery.irreps, side):
        return battery.frequency * float(side.top) - 2 * _locked(battery, "full")
    spectrum, least = filling(battery.irreps, side, "full")
    levels, slots = _slots(side, float(spectrum.multiplicity.sum()))
    most = _filled(spectrum, float(side.top) - levels, slots)
    return battery.frequency * np.einsum("ti,ti->t", spectrum.weight, most.mean - least.mean)


def _work_variance(battery: Battery) -> Floats:
    battery.require_symmetric("work_variance")
    if _is_symmetric(battery.irreps, battery.problem.battery):
        # All but the most probable level, of equal ones the lowest, are put on the first level.
        cells, p = battery.occupied
        place = np.argmax(p >= p.max(axis=1, keepdims=True) * (1 - _EQUAL), axis=1)
        most, k = p[np.arange(len(p)), place], cells[place] - battery.excited
        variance = battery.central_moments[0] + most * (1 - most) + 2 * most * k
        return battery.frequency**2 * variance
    spectrum, levels = filling(battery.irreps, battery.problem.battery, "full")
    # H_B − U†H_BU, with U the unitary that takes each eigenvector to its level.
    square = spectrum.square + levels.square - 2 * spectrum.mean * levels.mean
    mean = np.einsum("ti,ti->t", spectrum.weight, spectrum.mean - levels.mean)
    return battery.frequency**2 * (np.einsum("ti,ti->t", spectrum.weight, square) - mean**2)


_ALLAHVERDYAN = (
    "A. E. Allahverdyan, R. Balian and Th. M. Nieuwenhuizen, Europhys. Lett. 67, 565 (2004)"
)
_CELLS = ("battery",)
_Rows = tuple[str, str, str, Callable[..., Floats], str, tuple[Any, ...]]

ROWS = (
    Observable(
        "ergotropy",
        r"\mathcal E=\mathrm{Tr}\,\rho H_B-\min_U\mathrm{Tr}\,U\rho U^\dagger H_B",
        "``frequency``",
        "The ergotropy: the largest work that unitaries of a kind can extract.",
        f"{_ALLAHVERDYAN}; daemonic: G. Francica et al., npj Quantum Inf. 3, 12 (2017).",
        ergotropy,
        (SENSE, CELLS, PART),
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "locked_energy",
        r"\omega_0\langle K\rangle-\mathcal E",
        "``frequency``",
        "The energy above all cells down that no unitary of a kind can extract.",
        f"The energy that the ergotropy leaves; {_ALLAHVERDYAN}.",
        _locked,
        (SENSE, CELLS),
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "extractable_fraction",
        r"\mathcal E/(\omega_0\langle K\rangle)",
        "1",
        "The ergotropy over the energy above all cells down; 0 for an empty battery.",
        "G. M. Andolina et al., Phys. Rev. Lett. 122, 047702 (2019).",
        _fraction,
        (SENSE,),
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "passive_energy",
        r"\mathrm{Tr}\,\rho^\downarrow H_B",
        "``frequency``",
        "The energy of the passive state, with the bare Hamiltonian of traceless spins.",
        _ALLAHVERDYAN + ".",
        _passive,
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "capacity",
        r"\max_U\mathrm{Tr}\,U\rho U^\dagger H_B-\min_U\mathrm{Tr}\,U\rho U^\dagger H_B",
        "``frequency``",
        "The capacity: the energies that unitaries can reach lie so far apart.",
        "X. Yang et al., Phys. Rev. Lett. 131, 030402 (2023).",
        _capacity,
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "work_variance",
        r"\mathrm{Var}\,(H_B-U^\dagger H_BU)",
        "``frequency``, squared",
        "The variance of the work that the full ergotropic unitary U extracts.",
        "The operator of the work; U takes every eigenvector of the state to a level.",
        _work_variance,
        symmetric=_CELLS,
        needs=frozenset({Need.FREQUENCY}),
    ),
)
