r"""Entropies, entanglement and coherence, of the battery with the charger and of single spins.

A state of one total spin on either side is entangled by itself, and the multiplicities add nothing
to it: the negativity is the sum of those of all pairs (j, J).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from functools import singledispatch
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import invalid
from numerics.model.options import BETWEEN, ORDER, Need
from numerics.model.resources import Floats, require, require_time
from numerics.observables.amplitudes import Complex
from numerics.observables.battery import Battery
from numerics.observables.ergotropy import eigenvalues, eigenvectors
from numerics.observables.reduced import reduced
from numerics.observables.table import Observable

__all__ = [
    "ROWS",
    "by_transposition",
    "cost",
    "entropy",
    "negativity",
    "purity",
    "require_transposed",
]

_BOTH = ("battery", "charger")
# Of the largest eigenvalue.
_ROUNDING = 1e-15
# Seconds of the eigenvalues of an n-dimensional matrix: n³ times this, at least the second.
_SECONDS, _LEAST = 1e-8, 1e-5


def _weights(battery: Battery, name: str) -> tuple[Floats, Floats]:
    """The eigenvalues (T, R) of the battery's state times their multiplicities (R,)."""
    battery.require_symmetric(name)
    if battery.diagonal:
        counts = [
            np.full(part.stop - part.start, float(count))
            for (_, part), count in zip(
                battery.levels.irreps, _multiplicities(battery), strict=True
            )
        ]
        return battery.rows, np.concatenate(counts)
    if battery.pure:
        # Squares of singular values: small ones keep their digits.
        return battery.schmidt**2, np.ones(battery.schmidt.shape[1])
    found = eigenvalues(battery.irreps)
    if battery.problem.charger.distinguishable:
        return found.weight, found.multiplicity
    # Of driven mixtures most are zero; roots of what rounding makes of them would be large.
    least = _ROUNDING * found.weight.max(axis=1, keepdims=True)
    return np.where(found.weight > least, found.weight, 0.0), found.multiplicity


def _multiplicities(battery: Battery) -> list[int]:
    side = battery.problem.battery
    try:
        return [int(float(side.multiplicity(int(size)))) for size in battery.levels.spin]
    except OverflowError:
        must = "leave a battery whose multiplicities are doubles (of some 1000 cells at most)"
        raise invalid("initial", must, battery.problem.initial) from None


def entropy(battery: Battery, order: Any = 1) -> Floats:
    """Rényi's entropy of an order, in nats; von Neumann's for 1."""
    weight, count = _weights(battery, "entropy")
    size = weight / count
    place = size.argmax(axis=1)[:, None]
    largest = np.take_along_axis(size, place, axis=1)
    rest = weight.copy()
    np.put_along_axis(rest, place, 0.0, axis=1)
    multiple = count[place[:, 0]]
    # ln λ of the largest: 1 − λ is the sum of all others, which loses nothing.
    with np.errstate(divide="ignore"):
        top = np.where(
            multiple == 1, np.log1p(-np.minimum(rest.sum(axis=1), 0.5)), np.log(largest[:, 0])
        )
        top = np.where((multiple == 1) & (rest.sum(axis=1) > 0.5), np.log(largest[:, 0]), top)
    logs = np.log(np.where(rest > 0, size, 1.0))
    if order == math.inf:
        return -top
    power, less = float(order), float(1 - order)
    if less == 0:
        return -(rest * logs).sum(axis=1) - largest[:, 0] * multiple * top
    if abs(less) < 0.5:
        # Σλ^α − 1, of terms that have one sign.
        beyond = (rest * np.expm1(-less * logs)).sum(axis=1)
        beyond += largest[:, 0] * multiple * np.expm1(-less * top)
        return np.log1p(beyond) / less
    others = (count * (np.where(rest > 0, size, 0.0) / largest) ** power).sum(axis=1)
    return (power * top + np.log(multiple) + np.log1p(others / multiple)) / less


def purity(battery: Battery) -> Floats:
    """Tr ρ²."""
    weight, count = _weights(battery, "purity")
    return (weight**2 / count).sum(axis=1)


def _schmidt(battery: Battery) -> Floats:
    battery.require_pure("schmidt_number")
    return 1 / purity(battery)


def negativity(battery: Battery) -> Floats:
    """The sum of the sizes of the negative eigenvalues of the partial transpose."""
    battery.require_symmetric("negativity", _BOTH)
    if battery.pure:
        if battery.diagonal:
            return _pairs(np.sqrt(battery.rows))
        return _pairs(battery.schmidt)
    if battery.start.superposed and len(np.unique(battery.start.charger_spin)) > 1:
        must = "be pure, or in one ladder of the charger, for `negativity`"
        raise invalid("initial", must, battery.problem.initial)
    return by_transposition(battery)


def _pairs(roots: Floats) -> Floats:
    """Σ of the products of all pairs; nothing cancels in it."""
    before = np.cumsum(roots, axis=1)
    return np.einsum("tk,tk->t", roots[:, 1:], before[:, :-1])


Starts = dict[tuple[int, int], list[tuple[float, Any, Any, Complex]]]
"""By irreps of both sides: weight, levels k and c (L,), and amplitudes (L, T) of each start."""


def _by_irreps(battery: Battery) -> Starts:
    """All starts by their irreps."""
    start, result, size = battery.start, defaultdict(list), 0
    parts: dict[int, list[tuple[Any, Any, Any, Complex]]] = defaultdict(list)
    weights: dict[int, float] = {}
    for motion in battery.motions():
        size += motion.wave.psi.nbytes
        require(2 * size, "The amplitudes of all starts")
        shape = motion.wave.psi.shape[:-1]
        k, c = (
            np.broadcast_to(level, shape).reshape(shape[0], -1) for level in (motion.k, motion.c)
        )
        psi = motion.wave.psi.reshape(shape[0], -1, motion.wave.psi.shape[-1])
        for i, number in enumerate(motion.wave.numbers.tolist()):
            weights[number] = float(motion.weight[i])
            parts[number].append((motion.wave.window, k[i], c[i], psi[i]))
    for number, found in parts.items():
        key = int(start.cell_spin[number]), int(start.charger_spin[number])
        _, k, c, first = found[0]
        whole = np.zeros((len(first), len(battery.times)), dtype=np.complex128)
        for window, _, _, some in found:
            whole[:, window] = some
        result[key].append((weights[number], k, c, whole))
    return result


@singledispatch
def by_transposition(battery: Battery) -> Floats:
    """The negativity by blocks of the partial transpose: |k c⟩⟨k′ c′| goes to |k c′⟩⟨k′ c|."""
    result = np.zeros(len(battery.times))
    every = _by_irreps(battery)
    require_transposed(sum(_cost(starts, battery) for starts in every.values()), battery)
    for starts in every.values():
        for matrix in _transposed(starts, battery.diagonal):
            values = np.linalg.eigvalsh(matrix)
            result -= np.minimum(values, 0).sum(axis=1)
    return result


def require_transposed(seconds: float, battery: Battery) -> None:
    """Refuse a negativity that takes so many seconds at each time, and too many in all."""
    total = len(battery.times) * seconds
    require_time(total, "The negativity of this mixed state", "fewer cells or times would do")


def cost(size: int) -> float:
    """The seconds that the eigenvalues of a matrix take."""
    return max(_LEAST, _SECONDS * float(size) ** 3)


def _cost(starts: list[tuple[float, Any, Any, Complex]], battery: Battery) -> float:
    """Seconds of one time."""
    k = max(int(k.max()) for _, k, _, _ in starts) + 1
    c = max(int(c.max()) for _, _, c, _ in starts) + 1
    if battery.diagonal:
        return (k + c) * cost(min(k, c))
    return 2 * cost(k * c // 2)


def _transposed(starts: list[tuple[float, Any, Any, Complex]], conserved: bool) -> Any:
    """The blocks (T, n, n) of the partial transpose in one pair of irreps."""
    count = starts[0][3].shape[1]
    size = max(int(k.max()) for _, k, _, _ in starts) + 1
    width = max(int(c.max()) for _, _, c, _ in starts) + 1
    if not conserved:
        whole = np.zeros((count, size, width, size, width), dtype=np.complex128)
        for weight, k, c, psi in starts:
            one = np.zeros((count, size, width), dtype=np.complex128)
            one[:, k, c] = psi.T
            # ⟨k c′| ρ^T |k′ c⟩ = ψ_kc ψ*_k′c′
            whole += weight * np.einsum("tkc,tld->tkdlc", one, one.conj())
        yield whole.reshape(count, size * width, size * width)
        return
    # With k + c = n the same for both, k − c′ = k′ − c: blocks of one difference q.
    for q in range(1 - width, size):
        low, high = max(0, q), min(size, width + q)
        if high - low < 2:
            continue
        block = np.zeros((count, high - low, high - low), dtype=np.complex128)
        for weight, k, c, psi in starts:
            total, lowest = int(k[0] + c[0]), int(k[0])
            # Elements (k, k′) with k + k′ = n + q; both are sites of the start.
            first = np.arange(
                max(low, lowest, total + q - int(k[-1])), min(high - 1, int(k[-1])) + 1
            )
            second = total + q - first
            inside = (second >= max(low, lowest)) & (second < high)
            first, second = first[inside], second[inside]
            product = psi[first - lowest] * psi[second - lowest].conj()
            block[:, first - low, second - low] += weight * product.T
        yield block


def _pair_correlations(battery: Battery, name: str) -> tuple[Floats, ...]:
    """Probabilities that of two cells both, one or none is excited, and their coherences."""
    battery.require_symmetric(name)
    side = battery.problem.battery
    cells = side.spins
    if cells is None or int(cells) < 2:
        raise invalid("cells", f"be at least 2 spins-1/2 for the {name} of two cells", side.top)
    pairs = float(cells) * (float(cells) - 1)
    numbers, p = battery.occupied
    k, total = numbers.astype(np.float64), float(cells)
    both, none = p @ (k * (k - 1)) / pairs, p @ ((total - k) * (total - k - 1)) / pairs
    one = 2 * (p @ (k * (total - k))) / pairs
    across, double = np.zeros(len(p)), np.zeros(len(p), dtype=np.complex128)
    for irrep in battery.irreps:
        level, ladder = irrep.cells - side.bottom(irrep.size), side.irrep(irrep.size)
        lowered = np.asarray(ladder.raising(level - 1), dtype=np.float64)
        across += irrep.populations @ (lowered - irrep.cells)
        if irrep.state.ndim == 3:
            hops = np.sqrt(lowered[2:] * lowered[1:-1])
            double += np.einsum("tkk,k->t", irrep.state[:, 2:, :-2], hops)
    return both, one, none, np.abs(across) / pairs, np.abs(double) / pairs


def _concurrence_of_any(battery: Battery) -> Floats:
    """Wootters' concurrence of two cells, from the whole state of both."""
    battery.require_symmetric("concurrence")
    root = math.sqrt(0.5)
    # The triplet and the singlet in the basis ↓↓, ↓↑, ↑↓, ↑↑.
    bases = {
        2: np.array([[1, 0, 0, 0], [0, root, root, 0], [0, 0, 0, 1]]),
        0: np.array([[0, root, -root, 0]]),
    }
    state = np.zeros((len(battery.times), 4, 4), dtype=np.complex128)
    for irrep in reduced(battery.irreps, battery.problem.battery, 2):
        basis = bases[irrep.size][irrep.cells - (2 - irrep.size) // 2]
        state += basis.T @ irrep.state @ basis
    flip = np.fliplr(np.diag([-1.0, 1.0, 1.0, -1.0]))
    # The roots of the eigenvalues of ρρ̃ are the singular values of √ρ^T σ √ρ.
    values, vectors = np.linalg.eigh(state)
    half = vectors * np.sqrt(np.maximum(values, 0))[:, None]
    sizes = np.linalg.svd(half.swapaxes(1, 2) @ flip @ half, compute_uv=False)
    return np.maximum(0.0, 2 * sizes[:, 0] - sizes.sum(axis=1))


def _concurrence(battery: Battery, between: str = "cells") -> Floats:
    for name in _BOTH if between != "cells" else ():
        side = getattr(battery.problem, name)
        if side.spins is None:
            must = f"be cells for a {name} that is no set of spins-1/2 (here a {side.noun})"
            raise invalid("between", must, between)
    if battery.start.superposed:
        _pair_correlations(battery, "concurrence")
        if between != "cells":
            must = "be cells for a superposition, in which two spins are in no X-shaped state"
            raise invalid("between", must, between)
        return _concurrence_of_any(battery)
    if between == "cells":
        both, one, none, across, double = _pair_correlations(battery, "concurrence")
        first = across - np.sqrt(both * none)
        return 2 * np.maximum(0.0, np.maximum(first, double - one / 2))
    battery.require_symmetric("concurrence", _BOTH)
    spins, cells = battery.problem.charger.spins, float(battery.problem.battery.top)
    pairs = cells * float(spins)

    def mean(value: Callable[[Any, Any], Any]) -> Floats:
        return np.clip(battery.joint_mean(value) / pairs, 0.0, None)

    both, none = (
        mean(lambda k, n: k * n),
        mean(lambda k, n: (cells - k) * (float(spins) - n)),
    )
    cell, charger = (
        mean(lambda k, n: k * (float(spins) - n)),
        mean(lambda k, n: (cells - k) * n),
    )
    across, double = np.abs(battery.exchange) / pairs, np.abs(battery.pair_creation) / pairs
    found = np.maximum(across - np.sqrt(both * none), double - np.sqrt(cell * charger))
    return 2 * np.maximum(0.0, found)


def _quantum_fisher(battery: Battery) -> Floats:
    battery.require_symmetric("quantum_fisher_information")
    total, side = np.zeros(len(battery.times)), battery.problem.battery
    if side.spin is None:
        raise invalid("model", "have a battery of spins for S_x", battery.problem.model)
    for irrep in battery.irreps:
        ladder = side.irrep(irrep.size)
        levels = np.asarray(irrep.cells - side.bottom(irrep.size))
        # Levels beyond both ends have no probability, but S_x leads to them.
        if irrep.state.ndim == 2:
            p = np.pad(irrep.populations, ((0, 0), (1, 1)))
            hop = np.asarray(ladder.raising(np.append(levels[0] - 1, levels)), dtype=np.float64)
            total += _fisher_sum(p[:, :-1], p[:, 1:]) @ hop
            continue
        values, vectors = eigenvectors(np.pad(irrep.state, ((0, 0), (1, 1), (1, 1))))
        raised = np.asarray(ladder.raising(np.append(levels[0] - 1, levels)), dtype=np.float64)
        hop = np.sqrt(raised) / 2
        applied = np.zeros_like(vectors)
        applied[:, 1:] += hop[:, None] * vectors[:, :-1]
        applied[:, :-1] += hop[:, None] * vectors[:, 1:]
        elements = np.abs(vectors.conj().swapaxes(1, 2) @ applied) ** 2
        total += 2 * np.einsum(
            "tij,tij->t", _fisher_sum(values[:, :, None], values[:, None]), elements
        )
    return total


def _fisher_sum(p: npt.NDArray[Any], q: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """(p − q)²/(p + q), and 0 where both vanish."""
    both = p + q
    return np.divide((p - q) ** 2, both, out=np.zeros_like(both), where=both > 0)


ROWS = (
    Observable(
        "entropy",
        r"S_\alpha=\ln\mathrm{Tr}\,\rho^\alpha/(1-\alpha),\quad S_1=-\mathrm{Tr}\,\rho\ln\rho",
        "nats",
        "The entropy of the battery's state, of Rényi's order α.",
        "For a pure start the entanglement of battery and charger.",
        entropy,
        (ORDER,),
        symmetric=("battery",),
    ),
    Observable(
        "purity",
        r"\mathrm{Tr}\,\rho^2",
        "1",
        "The purity of the battery's state.",
        "From the eigenvalues of all irreps.",
        purity,
        symmetric=("battery",),
    ),
    Observable(
        "schmidt_number",
        r"1/\mathrm{Tr}\,\rho^2",
        "1",
        "The effective Schmidt number of battery and charger, from a pure start.",
        "R. Grobe, K. Rzążewski and J. H. Eberly, J. Phys. B 27, L503 (1994).",
        _schmidt,
        needs=frozenset({Need.AMPLITUDES, Need.CHARGER}),
    ),
    Observable(
        "negativity",
        r"(\|\rho_{BC}^{T_B}\|_1-1)/2",
        "1",
        "The negativity of battery and charger: the sum of the sizes of negative eigenvalues.",
        "G. Vidal and R. F. Werner, Phys. Rev. A 65, 032314 (2002).",
        negativity,
        symmetric=_BOTH,
        needs=frozenset({Need.CHARGER}),
    ),
    Observable(
        "concurrence",
        r"C(\rho_2)",
        "1",
        "The concurrence of two cells, or of a cell and a charger spin.",
        "W. K. Wootters, Phys. Rev. Lett. 80, 2245 (1998); of two spins in an X-shaped state.",
        _concurrence,
        (BETWEEN,),
        needs=frozenset({Need.LADDER}),
    ),
    Observable(
        "coherence",
        r"|\langle S_+J_-\rangle|",
        "1",
        "The coherence between battery and charger that carries the power.",
        "Its imaginary part is the power over 2gω0, for γ = 0.",
        lambda battery: np.abs(battery.exchange),
        needs=frozenset({Need.LADDER, Need.COUPLING}),
    ),
    Observable(
        "quantum_fisher_information",
        r"F_Q=2\sum_{ij}\frac{(\lambda_i-\lambda_j)^2}{\lambda_i+\lambda_j}"
        r"|\langle i|S_x|j\rangle|^2",
        "1",
        "The quantum Fisher information of the battery for rotations about x.",
        "S. L. Braunstein and C. M. Caves, Phys. Rev. Lett. 72, 3439 (1994).",
        _quantum_fisher,
        needs=frozenset({Need.LADDER}),
    ),
)
