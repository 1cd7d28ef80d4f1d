r"""The state of some of the cells: the others are traced out, one after another.

A copy of total spin j of n spins comes from a copy of :math:`j'=j\pm1/2` of n − 1 spins, in the
share :math:`d_{j'}/d_j` of all copies. There :math:`|j,k\rangle` is

.. math:: \sqrt{\tfrac k{2j}}\,|k-1\rangle|\!\uparrow\rangle
    +\sqrt{\tfrac{2j-k}{2j}}\,|k\rangle|\!\downarrow\rangle,\qquad
    -\sqrt{\tfrac{2j-k+1}{2j+2}}\,|k\rangle|\!\uparrow\rangle
    +\sqrt{\tfrac{k+1}{2j+2}}\,|k+1\rangle|\!\downarrow\rangle

(Clebsch–Gordan), with levels counted from the bottom of each irrep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import invalid
from numerics.model.resources import Floats, require_time
from numerics.model.sides import Side
from numerics.observables.amplitudes import Irrep

__all__ = ["reduced"]

# Seconds for each element of a state that one spin is taken from.
_SECONDS = 4e-9
# So many spins are drawn from a symmetric state at once.
_FEW = 64


def reduced(irreps: Sequence[Irrep], battery: Side, cells: int) -> list[Irrep]:
    """The state of ``cells`` of the cells of a permutation-invariant state.

    Raises
    ------
    InvalidArgument
        The cells are no spins-1/2.
    TooLargeError
        It would take too long.
    """
    if battery.spins is None:
        raise invalid("cells", f"be left out for a {battery.noun}", cells)
    spins = int(battery.spins)
    if cells == spins:
        return list(irreps)
    (first, *others) = irreps
    if not others and first.size == spins and first.state.ndim == 2 and cells <= _FEW:
        return [_drawn(first, spins, cells)]
    elements = sum(irrep.state[..., 0].size * (irrep.size + 1) for irrep in irreps)
    work = elements * (spins - cells) * max(1, spins // 4)
    require_time(_SECONDS * work, f"The state of {cells} of {spins} cells", "fewer would do")
    states = {irrep.size: _whole(irrep, battery) for irrep in irreps}
    for n in range(spins, cells, -1):
        states = _traced(states, battery.irrep(n), battery.irrep(n - 1))
    left = battery.irrep(cells)
    return [
        Irrep(size, left.multiplicity(size), left.bottom(size) + np.arange(size + 1), state)
        for size, state in sorted(states.items(), reverse=True)
    ]


def _drawn(irrep: Irrep, spins: int, cells: int) -> Irrep:
    """The state of few cells of the symmetric state: draws without putting back."""
    k = irrep.cells.astype(np.float64)
    chance = np.zeros((cells + 1, len(k)))
    chance[0] = 1
    for drawn in range(cells):
        up = np.arange(drawn + 1.0)[:, None]
        before = chance[: drawn + 1] / (spins - drawn)
        chance[: drawn + 1] = before * (spins - k - (drawn - up))
        chance[1 : drawn + 2] += before * (k - up)
    return Irrep(cells, 1, np.arange(cells + 1), irrep.state @ chance.T)


def _whole(irrep: Irrep, battery: Side) -> npt.NDArray[Any]:
    """The state on all levels of the irrep."""
    first = int(irrep.cells[0]) - int(battery.bottom(irrep.size))
    pad = (first, irrep.size + 1 - len(irrep.cells) - first)
    return np.pad(irrep.state, ((0, 0), *(pad for _ in irrep.state.shape[1:])))


def _traced(
    states: dict[int, npt.NDArray[Any]], before: Side, after: Side
) -> dict[int, npt.NDArray[Any]]:
    """The states with one spin less."""
    result: dict[int, npt.NDArray[Any]] = {}
    for size, state in states.items():
        k, total = np.arange(size + 1.0), before.multiplicity(size)
        ways = (
            (size - 1, k / max(size, 1), -1, (size - k) / max(size, 1), 0),
            (size + 1, (size - k + 1) / (size + 2), 0, (k + 1) / (size + 2), 1),
        )
        for label, up, to_up, down, to_down in ways:
            if not 0 <= label <= int(after.top):
                continue
            share = after.multiplicity(label) / total
            if label not in result:
                shape = (len(state), *(label + 1 for _ in state.shape[1:]))
                result[label] = np.zeros(shape, dtype=state.dtype)
            for square, to in ((up, to_up), (down, to_down)):
                _add_shifted(result[label], share * _weighed(state, square), to)
    return result


def _weighed(state: npt.NDArray[Any], square: Floats) -> npt.NDArray[Any]:
    """A σ A† for the diagonal matrix A with these squares."""
    if state.ndim == 2:
        return state * square
    root = np.sqrt(square)
    return state * root[:, None] * root


def _add_shifted(total: npt.NDArray[Any], state: npt.NDArray[Any], by: int) -> None:
    """Add a state whose level k is level k + ``by`` of the total."""
    low, high = max(0, -by), min(state.shape[1], total.shape[1] - by)
    here, there = slice(low, high), slice(low + by, high + by)
    if state.ndim == 2:
        total[:, there] += state[:, here]
    else:
        total[:, there, there] += state[:, here, here]
