"""Judges of the appendix and Sec. V: two cells, with mpmath and on all states."""

import math
from functools import cache

import mpmath
import numpy as np
from scipy.linalg import expm
from scipy.optimize import minimize

from numerics.model.models import SpinCharger
from tests.symbattery.paper.judges.histories import cavity, emission, ladder, spins
from tests.symbattery.paper.judges.operators import (
    MANY,
    cavity_hamiltonian,
    collective,
    commutator,
    free,
    interaction,
    parts,
)
from tests.symbattery.paper.judges.register import GAMMA, OMEGA, XI, G, N, T, judge, judges
from tests.systems import oracle


def four(a, b):
    """(A2) or (A4), as printed."""
    return np.array([[0, a, a, 0], [a, 0, 0, b], [a, 0, 0, b], [0, b, b, 0]])


def between_four(whole, rows):
    """A matrix on four product states: cells, and a vector of the charger."""
    rows = [np.kron(oracle.basis_vector(bits), v) / math.sqrt(v @ v) for bits, v in rows]
    return np.array([[a @ whole @ b for b in rows] for a in rows])


@judge("eq-A1.rotating-wave")
def _():
    """The mean of H₁ over a turn of the frame: the rest turns with ±2ω₀."""
    turns = [expm(1j * angle * free(2, 3) / OMEGA) for angle in np.arange(4) * np.pi / 4]
    return sum(u @ interaction(2, 3, GAMMA) @ u.conj().T for u in turns) / 4 - collective(0)


@judge("eq-A2")
def _():
    """H₁ between |11⟩, |10⟩, |01⟩, |00⟩ with symmetric states of five charger spins."""
    up = zip(((1, 1), (1, 0), (0, 1), (0, 0)), (N - 2, N - 1, N - 1, N), strict=True)
    rows = [(bits, oracle.dicke_vector(N, k)) for bits, k in up]
    return between_four(interaction(2, N) / G, rows) - four(math.sqrt(2 * N - 2), math.sqrt(N))


def photon_states():
    """(A4) in units of g̃ from the whole H of two cells and a mode, |00, 2⟩ first as printed."""
    rows = zip(((0, 0), (0, 1), (1, 0), (1, 1)), np.eye(3)[[2, 1, 1, 0]], strict=True)
    found = between_four(cavity_hamiltonian(2, 2) / G, list(rows))
    return found - found[0, 0] * np.eye(4)


def limit_of_a2():
    """(A2)/√N on |11⟩, |10⟩, |01⟩, |00⟩: symmetric steps of two cells and very many spins."""
    steps = (ladder(2, k, 1) * ladder(MANY, MANY - k, -1) / math.sqrt(2 * MANY) for k in (1, 0))
    return four(*steps)


def printed_a7(n):
    return 16 * n * (n - 1) / (3 * n - 2) ** 2


def printed_a6(time):
    square, c = XI**2, np.cos(XI * G * time)
    return (
        (square + 4) * OMEGA / (9 * square**2)
        * ((square - 8) * c - (7 * square - 8)) * (c - 1)
    )  # fmt: skip


@cache
def amplitudes():
    """exp(−iH_It) of the printed (A2) on |λ₄⟩, to 30 digits."""
    with mpmath.workdps(30):
        h = mpmath.matrix(four(mpmath.sqrt(2 * N - 2), mpmath.sqrt(N)).tolist())
        moved = mpmath.expm(-1j * G * T * h)
        return [complex(moved[i, 3]) for i in range(4)]


def printed_a5(square, angle):
    """The amplitudes c₁, |c₂| and c₄ at ξ² and ξgt."""
    root = math.sqrt(2 * (square + 4) * (square - 2))
    return (
        -2 * root / (3 * square) * math.sin(angle / 2) ** 2,
        math.sqrt((square + 4) / (6 * square)) * math.sin(angle),
        ((square + 4) * math.cos(angle) + 2 * (square - 2)) / (3 * square),
    )


HERE = printed_a5(XI**2, XI * G * T)


@judge("eq-A5.norm")
def _():
    angles = ((2, 0.3), (3, 1.1), (50, 2.9))
    found = (printed_a5(2 * (3 * n - 2), angle) for n, angle in angles)
    return max(abs(c1**2 + 2 * c2**2 + c4**2 - 1) for c1, c2, c4 in found)


@judge("eq-A6")
def _():
    times = np.linspace(0, 5, 9)
    found = oracle.energy(SpinCharger(2, N, G, OMEGA), None, times)
    return np.abs(found - printed_a6(times)).max()


@judge("eq-A7.forms")
def _():
    squares = [2 * (3 * n - 2) for n in range(2, 60)]
    first = [16 * (s**2 + 2 * s - 8) / (9 * s**2) for s in squares]
    return max(abs(a - printed_a7(n)) for n, a in enumerate(first, 2))


@judge("eq-A7.range")
def _():
    """The first peak is the largest: E is even in time about it, so there is no other."""
    highest = [spins(2, n).within(7 / math.sqrt(n), 2001) for n in range(2, 21)]
    return max(abs(e - printed_a7(n)) for n, e in enumerate(highest, 2))


# Figs. 8 and 9 ------------------------------------------------------------------------------------


@cache
def tops():
    """Times and heights of the first peaks, N = 2…200."""
    return np.transpose([spins(2, n).first(2 / math.sqrt(n), 60) for n in range(2, 201)])


def scaled_power(n):
    return spins(2, n).power(2 / math.sqrt(n))[1] / math.sqrt(n)


def mean(history, square=6):
    """Of E over a period 2π/ξ: exact for the few waves there are."""
    return history.energy(np.arange(64) * 2 * math.pi / math.sqrt(square) / 64).mean()


def spin_mean(n):
    return mean(spins(2, n), 2 * (3 * n - 2))


def smallest_mean():
    return min(map(spin_mean, (2, 20, 200)))


def excess_at_peak():
    """The smallest E/ω₀ at first peaks less that of two photons at the same time."""
    peaks = [(n, *spins(2, n).first(end)) for n, end in ((2, 2.0), (20, 0.5), (200, 0.2))]
    return min(top - cavity(2).energy(np.array([math.sqrt(n) * t]))[0] for n, t, top in peaks)


@judge("fig-9.decay")
def _():
    times = np.linspace(50.0, 60.0, 20_001)
    histories = [*((spins(2, n), 2 / math.sqrt(n)) for n in (2, 20, 200)), (cavity(2), 2.0)]
    return max((one.energy(times) / times).max() / one.power(end)[1] for one, end in histories)


def ripples(n):
    """The number of times at which tE′ − E turns negative."""
    times = np.linspace(1e-3, 10.0, 30_001)
    energies = spins(2, n).energy(times)
    signs = times * np.gradient(energies, times, edge_order=2) - energies > 0
    return np.sum(signs[:-1] & ~signs[1:])


judges({
    "eq-A1": lambda: interaction(2, 3) - collective(0),
    # The coupling is what is off the diagonal, the excitations are the diagonal; three cells.
    "eq-A3": lambda: commutator(*parts(cavity_hamiltonian(3, 5))),
    "eq-A4": lambda: photon_states() - four(math.sqrt(2), 1),
    "eq-A4.equivalent": lambda: limit_of_a2() - photon_states()[::-1, ::-1],
    "eq-A4.equivalent: reading 0": lambda: np.round(limit_of_a2() - photon_states(), 9),
    "eq-A5.c1": lambda: HERE[0] - amplitudes()[0],
    "eq-A5.c2": lambda: sum(abs(-1j * HERE[1] - amplitudes()[i]) for i in (1, 2)),
    "eq-A5.c4": lambda: HERE[2] - amplitudes()[3],
    "eq-A6.amplitudes": lambda:
        OMEGA * (abs(amplitudes()[0]) ** 2 - abs(amplitudes()[3]) ** 2 + 1) - printed_a6(T),
    "eq-A7": lambda: OMEGA * (printed_a7(N) - spins(2, N).first(2.0)[1]),
    "eq-A7.time": lambda: (math.pi / XI - tops()[0][N - 2]) / G,
    "eq-A7.limit": lambda: spins(2, MANY).first(2e-6, 100)[1] - 16 / 9,
    "eq-A7.benchmark": lambda: cavity(2).within(2 * math.pi / math.sqrt(6)) - 16 / 9,
    "fig-8a": lambda: spins(2, 2).first(2.0)[1],
    "fig-8b": lambda: spins(2, 20).first(0.5)[1],
    "fig-8c": lambda: spins(2, 200).first(0.2)[1],
    "fig-8d": lambda: round(cavity(2).first(2.0)[1] - 16 / 9, 11),
    "fig-8.faster": lambda: -np.diff(tops()[0]).max(),
    "fig-8.approach": lambda: -np.diff(tops()[1]).max(),
    "fig-8.capacity": lambda: tops()[1].min() - cavity(2).first(2.0)[1],
    "fig-8.capacity-mean": lambda: smallest_mean() - mean(cavity(2)),
    "fig-8.capacity-mean: compared 0": lambda: spin_mean(20),
    "fig-8.capacity-mean: compared 1": lambda: mean(cavity(2)),
    "fig-8.capacity-mean: compared 2": lambda: spin_mean(2),
    "fig-8.capacity-mean: reading 0": lambda: excess_at_peak(),
    "fig-8.capacity-mean: reading 1": lambda: smallest_mean() - mean(emission(2)),
    "fig-8.sinusoid": lambda: oracle.energy(SpinCharger(2, N, G, OMEGA), None, T)
        - OMEGA * printed_a7(N) * math.sin(XI * G * T / 2) ** 2,
    "fig-8.sinusoid: reading 0": lambda:
        np.subtract(*spins(2, N).energy([T * G, T * G + 2 * math.pi / XI])),
    "fig-9a": lambda: scaled_power(2),
    "fig-9c": lambda: scaled_power(200),
    "fig-9d": lambda: cavity(2).power(2.0)[1] - scaled_power(200),
    "fig-9d: reading 0": lambda: cavity(2).power(2.0)[1] / math.sqrt(2) - scaled_power(200),
    "fig-9d: compared 0": lambda: cavity(2).power(2.0)[1],
    "fig-9d: reading 1": lambda: emission(2).power(2.0)[1] - scaled_power(200),
    "fig-9.ripples": lambda: np.diff([ripples(n) for n in (2, 20, 200)]).min(),
    "fig-9.trade-off": lambda:
        min(tops()[1][0] - tops()[1][18], scaled_power(20) - scaled_power(2)),
})  # fmt: skip


def supremum(size):
    """The largest E over all phases of the eigenvalues in ± pairs, as if they ran independently."""
    history = spins(size, size)
    modes, pairs = history.spectrum[1], (size + 1) // 2

    def energy(phases):
        turned = np.concatenate([phases, [0.0] * ((size + 1) % 2), -phases[::-1]])
        moved = modes @ (np.exp(-1j * turned) * modes[0])
        return -history.count @ np.abs(moved) ** 2

    starts = np.random.default_rng(5).uniform(0, 2 * np.pi, (20, pairs))
    return max(-minimize(energy, start, tol=1e-14).fun for start in starts)


judges({
    "V.full": lambda: min(spins(m, m).first(2.0, 600)[1] / m for m in range(1, 11)),
    "V.full: reading 0": lambda: min(supremum(size) / size for size in (1, 2, 3)),
    "V.cavity": lambda: min(1 - cavity(m).within(200.0, 100_001) / m for m in range(2, 7)),
    "V.larger": lambda: np.diff([scaled_power(n) for n in (*range(2, 41), 60, 100, 200)]).min(),
    "V.larger: reading 0": lambda:
        np.diff([scaled_power(n) * math.sqrt(n) for n in range(2, 41)]).min(),
})  # fmt: skip
