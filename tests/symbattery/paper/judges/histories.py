"""E(t) from ladder matrices: a walk from the start to every state that H reaches.

Nothing is assumed to be conserved: the walk finds it. Matrix elements are those of angular
momentum, ⟨m ± 1|J±|m⟩² = j(j + 1) − m(m ± 1), with ω₀ = 1; times are gt. Where the states are many,
the largest power comes from Runge–Kutta steps.
"""

import math
from functools import cache

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.sparse import coo_matrix


def ladder(spins, up, step):
    """⟨m + step|J±|m⟩ of spin j = spins/2 with ``up`` spins up; 0 beyond the ends."""
    # In integers, 2j and 2m: j(j + 1) and m(m ± 1) are nearly equal for large spins.
    twice_j, twice_m = spins, 2 * up - spins
    return math.sqrt(max(0, twice_j * (twice_j + 2) - twice_m * (twice_m + 2 * step)) / 4)


def photon(count, step):
    """⟨n + 1|b†|n⟩ or ⟨n − 1|b|n⟩."""
    return math.sqrt(count + 1 if step > 0 else count)


def collective(cells, chargers, gamma, coupling, g1, g2, mode):
    """Moves between states (cells up, charger spins up or photons), and their own energies."""

    def charger(c, step):
        return photon(c, step) if mode else ladder(chargers, c, step)

    def moves(state):
        k, c = state
        for up, other, strength in ((1, -1, 1), (-1, 1, 1), (1, 1, gamma), (-1, -1, gamma)):
            size = coupling * strength * ladder(cells, k, up) * charger(c, other)
            if size and not (mode and c + other > chargers):
                yield (k + up, c + other), size

    def level(state):
        k, c = state
        shifts = coupling * (g2 * 2 * k * (cells - k) + (not mode) * g1 * 2 * c * (chargers - c))
        return k + c + shifts

    return moves, level


def single_cells(cells, chargers, coupling):
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
    order, rows, columns, entries = {start: 0}, [], [], []
    waiting = [start]
    while waiting:
        state = waiting.pop()
        for other, size in moves(state):
            if other not in order:
                order[other] = len(order)
                waiting.append(other)
            rows.append(order[other])
            columns.append(order[state])
            entries.append(size)
    shift = level(start)
    for state, i in order.items():
        rows.append(i)
        columns.append(i)
        entries.append(level(state) - shift)
    return list(order), coo_matrix((entries, (rows, columns)), (len(order),) * 2).tocsr()


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
        e = np.concatenate(
            [self.energy(some) for some in np.array_split(times, 1 + samples // 4000)]
        )
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

    def __init__(self, states, matrix, coupling, excited):
        self.states, self.coupling = states, coupling
        self.values, self.modes = np.linalg.eigh(matrix.toarray())
        self.count = np.array([excited(state) for state in states], dtype=float)

    def amplitudes(self, times):
        phases = np.exp(-1j * np.outer(self.values, np.asarray(times) / self.coupling))
        return self.modes @ (phases * self.modes[0][:, None])

    def energy(self, times):
        found = np.abs(self.amplitudes(np.atleast_1d(times))) ** 2
        return (self.count - self.count[0]) @ found

    def slope(self, time):
        phases = np.exp(-1j * self.values * time / self.coupling) * self.modes[0]
        here = self.modes @ phases
        moving = self.modes @ (-1j * self.values / self.coupling * phases)
        return float(2 * (self.count * (here.conj() * moving).real).sum())


@cache
def spins(cells, chargers, gamma=0.0, coupling=0.1, g1=0.0, g2=0.0, up=None, excited=0):
    """Of cells and charger spins; g₁ and g₂ in units of g."""
    start = (excited, chargers if up is None else up)
    states, matrix = reach(start, *collective(cells, chargers, gamma, coupling, g1, g2, False))
    return History(states, matrix, coupling, lambda state: state[0])


@cache
def cavity(cells, photons=None, gamma=0.0, coupling=1.0, climb=0, excited=0):
    """Of cells and a mode that starts with M photons and holds ``climb`` more."""
    photons = cells if photons is None else photons
    top = photons + excited + climb
    states, matrix = reach((excited, photons), *collective(cells, top, gamma, coupling, 0, 0, True))
    return History(states, matrix, coupling, lambda state: state[0])


class Emission(Peaks):
    """What full cells give to an empty cavity, as a history of it."""

    def __init__(self, cells):
        self.history = cavity(cells, 0, excited=cells)

    def energy(self, times):
        return -self.history.energy(times)

    def slope(self, time):
        return -self.history.slope(time)


@cache
def flipped(cells, chargers):
    """One cell is up at the start, the others are down; all charger spins up."""
    start = ((1, *[0] * (cells - 1)), chargers)
    states, matrix = reach(start, *single_cells(cells, chargers, 1.0))
    return History(states, matrix, 1.0, lambda state: sum(state[0]))


class Mixed(Peaks):
    """A mixture of histories with weights."""

    def __init__(self, *parts):
        self.parts = parts

    def energy(self, times):
        return sum(weight * history.energy(times) for weight, history in self.parts)

    def slope(self, time):
        return sum(weight * history.slope(time) for weight, history in self.parts)


def _largest(states, matrix, coupling, end, samples):
    """P/(gω₀) at its maximum in gt ≤ ``end``, from a polynomial through samples around it."""
    start = np.zeros(len(states), dtype=complex)
    start[0] = 1
    count = np.array([k for k, _ in states]) - states[0][0]
    times = np.linspace(0, end / coupling, samples)[1:]
    solved = solve_ivp(
        lambda t, psi: -1j * (matrix @ psi), (0, times[-1]), start, "DOP853", times,
        rtol=1e-9, atol=1e-11,
    )  # fmt: skip
    power = np.abs(count @ np.abs(solved.y) ** 2) / (times * coupling)
    i = int(np.argmax(power))
    assert 6 <= i < len(times) - 6
    around = slice(i - 6, i + 7)
    x = np.linspace(-1, 1, 13)
    hill = np.polynomial.Polynomial.fit(x, power[around], 10)
    tops = [r.real for r in hill.deriv().roots() if abs(r.imag) < 1e-9 and abs(r.real) < 0.5]
    return max(float(hill(one)) for one in tops)


@cache
def spin_power(cells, gamma=0.0, coupling=0.1):
    """P_max/(gω₀) of M = N cells and charger spins."""
    # Without γ the maximum comes near gt = (1.5 + ln 4M)/(2M), and at γ = 1 up to twice as late.
    late = 3.2 if gamma == 1 else 1.7
    end = late * (1.5 + math.log(4 * cells)) / (2 * cells)
    if gamma == 0 or cells <= 30:
        return spins(cells, cells, gamma, coupling).power(end)[1]
    states, matrix = reach((0, cells), *collective(cells, cells, gamma, coupling, 0, 0, False))
    return _largest(states, matrix, coupling, end, round(130 * late))


@cache
def cavity_power(cells, gamma=0.0, coupling=1.0, climb=0, excited=0):
    """P_max/(g̃ω₀) of M photons, or what M full cells emit."""
    photons = 0 if excited else cells
    moves = collective(cells, photons + excited + climb, gamma, coupling, 0, 0, True)
    states, matrix = reach((excited, photons), *moves)
    return _largest(states, matrix, coupling, 4 / math.sqrt(cells), 160)


def exponent(power, low, high):
    """The slope of ln(P_max/M) against ln M between two sizes."""
    return math.log(power(high) / power(low)) / math.log(high / low) - 1
