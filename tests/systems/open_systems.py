r"""Open batteries by brute force: the Liouvillian on all :math:`4^{M+N}` elements of the state.

Jumps are Pauli matrices of single spins, or their sums; nothing is shared with the engine.
"""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import scipy

from numerics.model.models import SpinCharger
from tests.systems import oracle

JUMPS = {"loss": oracle.LOWER, "pump": oracle.RAISE, "dephasing": oracle.Z / 2}

Channel = tuple[str, str, float, bool]
"""Kind, side, rate, collective."""


def _kron(left, right):
    return scipy.sparse.kron(scipy.sparse.csr_array(left), scipy.sparse.csr_array(right), "csr")


@lru_cache(maxsize=32)
def liouvillian(model: SpinCharger, channels: tuple[Channel, ...]) -> scipy.sparse.csr_array:
    """The generator for states written row after row."""
    spins = model.cells + model.chargers
    places = {"cells": range(model.cells), "chargers": range(model.cells, spins)}
    hamiltonian, one = oracle.hamiltonian(model), np.eye(2**spins)
    total = -1j * (_kron(hamiltonian, one) - _kron(one, hamiltonian.T))
    for kind, side, rate, collective in channels:
        jumps = [oracle.site(JUMPS[kind], i, spins) for i in places[side]]
        for jump in [sum(jumps)] if collective else jumps:
            number = jump.conj().T @ jump
            anti = _kron(number, one) + _kron(one, number.T)
            total = total + rate * (_kron(jump, jump.conj()) - anti / 2)
    return total


def evolved(
    model: SpinCharger, channels: Iterable[Channel], start: np.ndarray, time: float
) -> np.ndarray:
    """The state of all spins at a time."""
    generator = time * liouvillian(model, tuple(channels))
    vector = scipy.sparse.linalg.expm_multiply(generator, start.astype(complex).ravel(), traceA=0)
    return vector.reshape(start.shape)


def figures(model: SpinCharger, state: np.ndarray) -> dict[str, np.ndarray | float]:
    """The figures of merit of the cells, with ω0 = 1 as the unit of energy."""
    cells, rest = 2**model.cells, 2**model.chargers
    own = np.einsum("aibi->ab", state.reshape(cells, rest, cells, rest))
    ups = np.array([model.cells - i.bit_count() for i in range(cells)])
    charged = np.array([model.chargers - i.bit_count() for i in range(rest)])
    shares, levels = np.real(np.diag(own)), np.linalg.eigvalsh((own + own.conj().T) / 2)[::-1]
    mean, some = float(shares @ ups), levels[levels > 1e-15]
    both = state.reshape(cells, rest, cells, rest)
    turned = both.transpose(0, 3, 2, 1).reshape(state.shape)
    spins = model.cells + model.chargers
    flips = [oracle.site(oracle.RAISE, i, spins) for i in range(spins)]
    exchange = sum(flips[: model.cells]) @ sum(flips[model.cells :]).conj().T
    # After a measurement of the charger, each outcome with its own unitary.
    after = [np.einsum("aibi->ab", both[:, charged == n][..., charged == n]) for n in set(charged)]
    passive = [np.linalg.eigvalsh(one)[::-1] @ np.sort(ups) for one in after]
    own_flips = [oracle.site(oracle.RAISE, i, model.cells) for i in range(model.cells)]
    other = np.real(np.diag(state)).reshape(cells, rest).sum(axis=0)
    return {
        "excited": mean,
        "charged": float(other @ charged),
        "populations": np.bincount(ups, shares),
        "energy_variance": float(shares @ ups**2 - mean**2),
        "ergotropy": mean - float(levels @ np.sort(ups)),
        "capacity": float(levels @ (np.sort(ups)[::-1] - np.sort(ups))),
        "entropy": float(-(some @ np.log(some))),
        "purity": float(some @ some),
        "negativity": -np.minimum(np.linalg.eigvalsh(turned), 0).sum(),
        "coherence": abs(np.trace(state @ exchange)),
        "daemonic": mean - sum(passive),
        "quantum_fisher_information": _fisher(own, sum(own_flips)),
    }


def _fisher(state: np.ndarray, raising: np.ndarray) -> float:
    """Of rotations about x."""
    values, vectors = np.linalg.eigh(state)
    element = np.abs(vectors.conj().T @ (raising + raising.conj().T) @ vectors / 2) ** 2
    both, apart = values[:, None] + values, values[:, None] - values
    shares = np.divide(apart**2, both, out=np.zeros_like(both), where=both > 1e-14)
    return float(2 * np.sum(shares * element))
