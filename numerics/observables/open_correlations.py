r"""Entanglement with the charger, and work after a measurement of it, in open systems.

Both need the whole block of battery and charger. In a pair of irreps (j, J) the partial transpose
takes :math:`|k\,c\rangle\langle k'c'|` to :math:`|k\,c'\rangle\langle k'c|`. Where the number of
excitations has no coherences, :math:`k-c'=k'-c` numbers blocks of it; copies of j and J add
nothing. Neither entanglement nor work minds the turn of the battery alone that :math:`i^{k-k'}` and
the laboratory frame are.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model.resources import Floats, Integers, require
from numerics.observables.amplitudes import Irrep
from numerics.observables.correlations import by_transposition, cost, require_transposed
from numerics.observables.ergotropy import conditional
from numerics.observables.open_battery import OpenBattery
from numerics.sectors.lindblad_terms import Labels
from numerics.sectors.liouville import Liouville

__all__: list[str] = []


class _Block(NamedTuple):
    """A block of the partial transpose: elements of the state, and their places."""

    elements: Integers
    rows: Integers
    columns: Integers
    size: int


def _blocks(block: Liouville) -> list[_Block]:
    """All blocks of more than one row; what is alone is a probability."""
    own, other = block.battery, block.charger
    apart = own.ket - own.bra + other.ket - other.bra
    width = int(max(other.ket.max(), other.bra.max())) + 1
    number, rows, columns = own.ket - other.bra, own.ket, own.bra
    if np.any(apart):
        number = np.zeros_like(number)
        rows, columns = own.ket * width + other.bra, own.bra * width + other.ket
    keys = np.stack([own.size, other.size, number])
    _, place = np.unique(keys, axis=1, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    ends = np.flatnonzero(np.diff(place.ravel()[order])) + 1
    result = []
    for elements in np.split(order, ends):
        used, index = np.unique(
            np.concatenate([rows[elements], columns[elements]]), return_inverse=True
        )
        row, column = np.split(index.ravel(), 2)
        if len(used) > 1:
            result.append(_Block(elements, row, column, len(used)))
    return result


@by_transposition.register
def _by_transposition(battery: OpenBattery) -> Floats:
    motion = battery.evolution.reach(battery.times)
    blocks = _blocks(motion.block)
    require_transposed(sum(cost(block.size) for block in blocks), battery)
    result = np.zeros(len(battery.times))
    for here, state in motion.whole(battery.times):
        for elements, rows, columns, size in blocks:
            matrix = np.zeros((len(here), size, size), dtype=state.dtype)
            matrix[:, rows, columns] = state[elements].T
            result[here] -= np.minimum(np.linalg.eigvalsh(matrix), 0.0).sum(axis=1)
    return result


@conditional.register
def _conditional(battery: OpenBattery) -> list[list[Irrep]]:
    motion = battery.evolution.reach(battery.times)
    block, levels, count = motion.block, battery.levels, len(battery.times)
    (traced,) = np.nonzero(block.charger.ket == block.charger.bra)
    own, quanta = block.battery.chosen(traced), block.quanta[traced]
    outcomes = np.unique(quanta)
    width = (levels.most - levels.least + 1) ** (1 if battery.diagonal else 2)
    require(16 * count * len(outcomes) * int(width.sum()), "The states after a measurement")
    values = np.zeros((len(traced), count), dtype=block.start.dtype)
    for here, state in motion.whole(battery.times):
        values[:, here] = state[traced]
    if battery.diagonal:
        values = np.real(values)
    return [
        [
            _irrep(battery, place, part, own, values, quanta == outcome)
            for place, part in levels.irreps
        ]
        for outcome in outcomes
    ]


def _irrep(
    battery: OpenBattery,
    place: int,
    part: slice,
    own: Labels,
    values: npt.NDArray[Any],
    chosen: npt.NDArray[np.bool_],
) -> Irrep:
    """The state in one irrep of the battery, beside one outcome."""
    levels, size = battery.levels, int(battery.levels.spin[place])
    (here,) = np.nonzero(chosen & (own.size == size))
    ket, bra = (column[here] - int(levels.least[place]) for column in (own.ket, own.bra))
    width = part.stop - part.start
    total = np.zeros((width, width, values.shape[1]), dtype=values.dtype)
    # Irreps of the charger with as many excitations add up.
    np.add.at(total, (ket, bra), values[here])
    state = np.moveaxis(total, 2, 0)
    if battery.diagonal:
        state = np.einsum("tkk->tk", state)
    count = battery.problem.battery.multiplicity(size)
    return Irrep(size, count, levels.cells[part], state)
