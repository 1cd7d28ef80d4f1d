r"""The second route to a number: plain matrices, nothing shared with either engine.

- :func:`chain_curve`: the hops of a sector, written down, and its tridiagonal matrix;
- :func:`collective_curve`: ladder matrices of both collective spins (or a mode) in their full
  product space, whatever is conserved;
- :func:`pauli_curve`: Pauli matrices on all :math:`2^{M+N}` states.

Each gives E(t) in units of ω₀. A peak is found by sampling and zooming in, not by slopes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import eigh_tridiagonal
from scipy.sparse import csr_matrix, diags, identity, kron
from scipy.sparse.linalg import expm_multiply

from symbattery.paper.judges.pauli import Floats, embedded

__all__ = [
    "Curve", "Floats", "chain_curve", "chain_states", "collective_curve", "collective_power",
    "emission_hops", "evolution", "first_top", "pauli_curve", "pauli_states", "photon_hops",
    "power_of", "smallest_fall", "smallest_step", "spin_hops", "top", "top_power",
]  # fmt: skip

Curve = Callable[[Floats], Floats]
States = Callable[[Floats], npt.NDArray[np.complex128]]
_ZOOM = 32
_WIDTH = 1e-8


def spin_hops(cells: int, chargers: int, up: int | None = None) -> Floats:
    """Squared hops in units of g², from k = 0 cells excited and ``up`` (all) charger spins up."""
    up = chargers if up is None else up
    k = np.arange(min(cells, up), dtype=float)
    return (k + 1) * (cells - k) * (up - k) * (chargers - up + k + 1)


def photon_hops(cells: int) -> Floats:
    """Squared hops of cells charged by as many photons."""
    k = np.arange(cells, dtype=float)
    return (k + 1) * (cells - k) ** 2


def emission_hops(cells: int) -> Floats:
    """Squared hops of full cells that emit into an empty cavity, k of them emptied."""
    k = np.arange(cells, dtype=float)
    return (k + 1) * (cells - k) * (k + 1)


def _moved(values: Floats, modes: Floats, start: Any) -> States:
    weights = modes.T @ start
    return lambda times: modes @ (np.exp(-1j * np.outer(values, times)) * weights[:, None])


def evolution(matrix: Floats, start: Any) -> States:
    """exp(−iHt)|start⟩ of a real symmetric matrix: a column for each time."""
    values, modes = np.linalg.eigh(matrix)
    return _moved(values, modes, start)


def chain_states(hops_squared: Floats, diagonal: Floats | None = None) -> States:
    """The amplitudes of a chain that starts at its first level: a column for each time."""
    size = len(hops_squared) + 1
    levels = np.zeros(size) if diagonal is None else diagonal
    values, modes = eigh_tridiagonal(levels, np.sqrt(hops_squared))
    return _moved(values, modes, np.eye(size)[0])


def chain_curve(hops_squared: Floats, diagonal: Floats | None = None) -> Curve:
    """E(t)/ω₀ = Σ k |c_k|² of a chain that starts at its first level."""
    states = chain_states(hops_squared, diagonal)
    return lambda times: np.arange(len(hops_squared) + 1) @ np.abs(states(times)) ** 2


def _lowering(top: int, photons: bool = False) -> csr_matrix:
    c = np.arange(1.0, top + 1)
    return diags(np.sqrt(c if photons else c * (top - c + 1)), 1).tocsr()


def _matrix(cells: int, chargers: int, coupling: float, gamma: float, photons: bool) -> csr_matrix:
    """H with ω₀ = 1; a mode is cut at ``chargers`` photons."""
    down = _lowering(cells)
    half = kron(gamma * down + down.T, _lowering(chargers, photons))
    number = kron(diags(np.arange(cells + 1.0)), identity(chargers + 1))
    number = number + kron(identity(cells + 1), diags(np.arange(chargers + 1.0)))
    return (number + coupling * (half + half.T)).tocsr()


def collective_curve(cells: int, chargers: int, coupling: float, gamma: float) -> Curve:
    """E/ω₀ as a function of ω₀t, by diagonalising the whole product of two collective spins."""
    count = np.repeat(np.arange(cells + 1.0), chargers + 1)
    matrix = _matrix(cells, chargers, coupling, gamma, False).toarray()
    states = evolution(matrix, np.eye(len(count))[chargers])

    def curve(times: Floats) -> Floats:
        parts = np.array_split(times, max(1, len(times) // 64))
        return np.concatenate([count @ np.abs(states(some)) ** 2 for some in parts])

    return curve


def collective_power(
    cells: int, chargers: int, coupling: float, gamma: float, around: float, cutoff: int = 0
) -> float:
    """The local maximum of E/(ω₀²t) near ω₀t = ``around``, by Krylov steps of the whole product.

    With a ``cutoff`` the charger is a mode that starts with ``chargers`` photons.
    """
    size = cutoff or chargers
    matrix = _matrix(cells, size, coupling, gamma, bool(cutoff))
    state = np.zeros(matrix.shape[0], dtype=complex)
    state[chargers] = 1.0
    count = np.repeat(np.arange(cells + 1.0), size + 1)
    times = around * np.linspace(0.97, 1.03, 9)
    # The shift takes the large common phase out.
    matrix = matrix - matrix.diagonal().mean() * identity(matrix.shape[0])
    begin = expm_multiply(-1j * times[0] * matrix, state)
    states = expm_multiply(-1j * matrix, begin, start=0.0, stop=times[-1] - times[0], num=9)
    power = (np.abs(states) ** 2 @ count) / times
    # Through nine samples of a smooth hill: a polynomial is exact to ten digits here.
    x = (times - around) / around
    fit = np.polynomial.Polynomial.fit(x, power, 8)
    return top(lambda s: fit(s), float(x[0]), float(x[-1]), 200)[1]


def pauli_curve(
    cells: int,
    chargers: int,
    starts: Sequence[tuple[float, Any]],
    charger_crosstalk: float = 0.0,
    cell_crosstalk: float = 0.0,
) -> Curve:
    """E/ω₀ as a function of gt in the rotating frame, from Eqs. (13) and (14) term by term.

    Each start is a probability and a vector on all spins, cells first, |1⟩ = (1, 0).
    """
    moved = pauli_states(cells, chargers, charger_crosstalk, cell_crosstalk)
    spins = cells + chargers
    battery = 0.5 * sum(embedded("z", k, spins).astype(float).diagonal() for k in range(cells))
    evolved = [(weight, vector, moved(vector)) for weight, vector in starts]

    def energy(times: Floats) -> Floats:
        return np.sum([
            weight * battery @ (np.abs(states(times)) ** 2 - np.abs(vector)[:, None] ** 2)
            for weight, vector, states in evolved
        ], axis=0)  # fmt: skip

    return energy


def pauli_states(
    cells: int, chargers: int, charger_crosstalk: float = 0.0, cell_crosstalk: float = 0.0
) -> Callable[[Any], States]:
    """The evolution of any vector on all spins, in gt."""
    spins = cells + chargers
    one = {a: [embedded(a, i, spins).astype(complex) for i in range(spins)] for a in "xy"}
    strength = np.ones((spins, spins))
    strength[:cells, :cells], strength[cells:, cells:] = cell_crosstalk, charger_crosstalk
    strength[cells:, :cells] = 0.0
    total = np.zeros((2**spins, 2**spins), dtype=complex)
    for i, j in permutations(range(spins), 2):
        total += strength[i, j] / 2 * sum(one[a][i] @ one[a][j] for a in "xy")
    return lambda vector: evolution(total.real, vector)


def power_of(curve: Curve) -> Curve:
    """P = E/t."""
    return lambda times: curve(times) / times


def _zoom(curve: Curve, left: float, right: float) -> tuple[float, float]:
    while right - left > _WIDTH * max(1.0, abs(right)):
        times = np.linspace(left, right, _ZOOM)
        i = int(np.argmax(curve(times)))
        left, right = times[max(0, i - 1)], times[min(_ZOOM - 1, i + 1)]
    time = (left + right) / 2
    return time, float(curve(np.array([time]))[0])


def top(curve: Curve, begin: float, end: float, samples: int) -> tuple[float, float]:
    """Time and height of the largest value in [begin, end]."""
    times = np.linspace(begin, end, samples)
    i = int(np.argmax(curve(times)))
    return _zoom(curve, times[max(0, i - 1)], times[min(samples - 1, i + 1)])


def top_power(curve: Curve, begin: float, end: float, samples: int) -> float:
    """The largest P = E/t in [begin, end]."""
    return top(power_of(curve), begin, end, samples)[1]


def first_top(curve: Curve, end: float, samples: int) -> tuple[float, float]:
    """Time and height of the first local maximum after 0, seen on so many samples."""
    times = np.linspace(0.0, end, samples)
    values = curve(times)
    inner = (values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])
    if not inner.any():
        raise ValueError(f"no maximum is seen up to {end}")
    i = int(np.flatnonzero(inner)[0]) + 1
    return _zoom(curve, times[i - 1], times[i + 1])


def smallest_step(values: Iterable[Any]) -> float:
    """The smallest step from one value, or row of values, to the next."""
    return float(np.diff(list(values), axis=0).min())


def smallest_fall(values: Iterable[Any]) -> float:
    """The smallest fall from one value, or row of values, to the next."""
    return smallest_step([-one for one in values])
