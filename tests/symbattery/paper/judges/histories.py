"""E(t) from ladder matrices: a walk from the start to every state that H reaches.

Nothing is assumed to be conserved: the walk finds it. Matrix elements are those of angular
momentum, ⟨m ± 1|J±|m⟩² = j(j + 1) − m(m ± 1), with ω₀ = 1; times are gt. Where the states are many,
the largest power comes from Runge–Kutta steps.
"""

import itertools
import math
from functools import cache, cached_property

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.sparse import coo_matrix


def ladder(spins, up, step):
    """⟨m + step|J±|m⟩ of spin j = spins/2 with ``up`` spins up; 0 beyond the ends."""
    # In integers, 2j and 2m: j(j + 1) and m(m ± 1) are nearly equal for large spins.
    twice_j, twice_m = spins, 2 * up - spins
    return math.sqrt(max(0, twice_j * (twice_j + 2) - twice_m * (twice_m + 2 * step)) / 4)


def collective(cells, chargers, gamma, coupling, g1=0, g2=0, mode=False):
    """Moves between states (cells up, charger spins up or photons), and their own energies."""

    def charger(c, step):
        if mode:
            return math.sqrt(c + (step > 0)) * (c + step <= chargers)
        return ladder(chargers, c, step)

    def moves(state):
        k, c = state
        for up, other, strength in ((1, -1, 1), (-1, 1, 1), (1, 1, gamma), (-1, -1, gamma)):
            size = coupling * strength * ladder(cells, k, up) * charger(c, other)
            if size:
                yield (k + up, c + other), size

    def level(state):
        k, c = state
        return k + c + 2 * coupling * (g2 * k * (cells - k) + g1 * c * (chargers - c))

    return moves, level


def single_cells(chargers, coupling):
    """The same at γ = 0 with every cell by itself: states (tuple of cells, charger spins up)."""

    def moves(state):
        bits, c = state
        for i, bit in enumerate(bits):
            step = -1 if bit == 0 else 1
            size = coupling * ladder(chargers, c, step)
            if size:
                yield ((*bits[:i], 1 - bit, *bits[i + 1 :]), c + step), size

    return moves, lambda state: sum(state[0]) + state[1]


def reach(start, moves, level):
    """Every state that is reached, and H between them (sparse); the start comes first."""
    order, entries, waiting = {start: 0}, {}, [start]
    while waiting:
        state = waiting.pop()
        entries[order[state], order[state]] = level(state) - level(start)
        for other, size in moves(state):
            if other not in order:
                order[other] = len(order)
                waiting.append(other)
            entries[order[other], order[state]] = size
    places = np.array(list(entries)).T
    return list(order), coo_matrix((list(entries.values()), places), (len(order),) * 2).tocsr()


class Peaks:
    """Maxima of anything with an energy and a slope."""

    def first(self, end, samples=400):
        """Time and height of the first maximum of E: where the slope turns negative."""
        times = np.linspace(0, end, samples)[1:]
        e = self.energy(times)
        i = int(np.flatnonzero((e[1:-1] > e[:-2]) & (e[1:-1] >= e[2:]))[0]) + 1
        time = brentq(self.slope, times[i - 1], times[i + 1], xtol=1e-13)
        return time, float(self.energy(time)[0])

    def within(self, end, samples=4001):
        """Height of the largest E up to ``end``."""
        times = np.linspace(0, end, samples)
        parts = np.array_split(times, 1 + samples // 4000)
        e = np.concatenate([self.energy(some) for some in parts])
        i = int(np.argmax(e))
        low, high = times[max(0, i - 1)], times[min(samples - 1, i + 1)]
        if i in (0, samples - 1) or self.slope(low) * self.slope(high) > 0:
            return float(e[i])
        return float(self.energy(brentq(self.slope, low, high, xtol=1e-13))[0])

    def power(self, end, samples=400):
        """Time and height of the largest E/(gω₀t): where t E′ = E."""
        times = np.linspace(0, end, samples)[1:]
        i = int(np.argmax(self.energy(times) / times))
        time = brentq(
            lambda t: t * self.slope(t) - float(self.energy(t)[0]),
            times[max(0, i - 1)], times[i + 1], xtol=1e-13,
        )  # fmt: skip
        return time, float(self.energy(time)[0]) / time


class History(Peaks):
    """E/ω₀ as a function of gt, and its slope, from all eigenvectors of H."""

    def __init__(self, start, moves, level, coupling):
        self.states, matrix = reach(start, moves, level)
        self.matrix = matrix / coupling
        self.count = np.array([np.sum(cells) for cells, _ in self.states], dtype=float)

    @cached_property
    def spectrum(self):
        return np.linalg.eigh(self.matrix.toarray())

    def amplitudes(self, times):
        values, modes = self.spectrum
        return modes @ (np.exp(-1j * np.outer(values, times)) * modes[0][:, None])

    def energy(self, times):
        found = np.abs(self.amplitudes(np.atleast_1d(times))) ** 2
        return (self.count - self.count[0]) @ found

    def slope(self, time):
        here = self.amplitudes(time)[:, 0]
        return float(2 * self.count @ (here.conj() * (self.matrix @ here)).imag)

    def power_by_steps(self, end, samples):
        """P/(gω₀) at its maximum in gt ≤ ``end``, from a polynomial through samples around it."""
        start, times = np.eye(len(self.states))[0] + 0j, np.linspace(0, end, samples)[1:]
        solved = solve_ivp(
            lambda t, psi: -1j * (self.matrix @ psi), (0, end), start, "DOP853", times,
            rtol=1e-9, atol=1e-11,
        )  # fmt: skip
        power = np.abs((self.count - self.count[0]) @ np.abs(solved.y) ** 2) / times
        i = int(np.argmax(power))
        assert 6 <= i < len(times) - 6
        hill = np.polynomial.Polynomial.fit(np.linspace(-1, 1, 13), power[i - 6 : i + 7], 10)
        tops = [r.real for r in hill.deriv().roots() if abs(r.imag) < 1e-9 and abs(r.real) < 0.5]
        return max(float(hill(one)) for one in tops)


class Mixed(Peaks):
    """A mixture of histories with weights."""

    def __init__(self, *parts):
        self.parts = parts

    def energy(self, times):
        return sum(weight * history.energy(times) for weight, history in self.parts)

    def slope(self, time):
        return sum(weight * history.slope(time) for weight, history in self.parts)


@cache
def spins(cells, chargers, gamma=0.0, coupling=0.1, g1=0.0, g2=0.0, up=None, excited=0):
    """Of cells and charger spins; g₁ and g₂ in units of g."""
    start = (excited, chargers if up is None else up)
    return History(start, *collective(cells, chargers, gamma, coupling, g1, g2), coupling)


@cache
def cavity(cells, photons=None, gamma=0.0, coupling=0.1, climb=0, excited=0):
    """Of cells and a mode that starts with M photons and holds ``climb`` more."""
    photons = cells if photons is None else photons
    moves = collective(cells, photons + excited + climb, gamma, coupling, mode=True)
    return History((excited, photons), *moves, coupling)


def emission(cells):
    """What full cells give to an empty cavity."""
    return Mixed((-1, cavity(cells, 0, excited=cells)))


@cache
def flipped(cells, chargers):
    """One cell is up at the start, the others are down; all charger spins up; γ = 0."""
    return History(((1, *[0] * (cells - 1)), chargers), *single_cells(chargers, 1.0), 1.0)


@cache
def spin_power(cells, gamma=0.0):
    """P_max/(gω₀) of M = N cells and charger spins, g/ω₀ = 0.1."""
    # Without γ the maximum comes near gt = (1.5 + ln 4M)/(2M), and at γ = 1 up to twice as late.
    late = 3.2 if gamma == 1 else 1.7
    end = late * (1.5 + math.log(4 * cells)) / (2 * cells)
    if gamma == 0 or cells <= 30:
        return spins(cells, cells, gamma).power(end)[1]
    return spins(cells, cells, gamma).power_by_steps(end, round(130 * late))


@cache
def cavity_power(cells, gamma=0.0, climb=0):
    """P_max/(g̃ω₀) of M photons, g/ω₀ = 0.1."""
    return cavity(cells, None, gamma, climb=climb).power_by_steps(4 / math.sqrt(cells), 160)


def exponent(power, low, high):
    """The slope of ln(P_max/M) against ln M between two sizes."""
    return math.log(power(high) / power(low)) / math.log(high / low) - 1


def fall(of, along):
    """The smallest fall from one to the next of some values, or rows of values."""
    return min(np.min(a - b) for a, b in itertools.pairwise(map(of, along)))


def correlation(x, y):
    x, y = x - np.mean(x), y - np.mean(y)
    return x @ y / math.sqrt((x @ x) * (y @ y))
