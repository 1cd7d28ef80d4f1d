"""Judges of open batteries: counts of single-spin elements in place of total spins.

A state that permutations leave alone says how many cells, and how many charger spins, have which of
the four elements |ket⟩⟨bra|. Such a count moves as a population does: each spin by itself, or a
cell and a charger spin together. From the start a walk finds every count that is reached.
"""

import math
from functools import cache

import numpy as np
import scipy
from scipy.optimize import brentq, newton

from tests.symbattery.paper.judges.register import judges

# Bits of an element: 2 for a ket that is up, 1 for a bra.
KET, BRA = 2, 1
CELLS, CHARGERS = 0, 1
LOSS_OF_CELLS, LOSS_OF_CHARGERS = ("loss", CELLS), ("loss", CHARGERS)
LOSS, DEPHASING = (LOSS_OF_CELLS, LOSS_OF_CHARGERS), (("phase", CELLS), ("phase", CHARGERS))


def changed(counts, old, new):
    """The counts with one element replaced."""
    each = list(counts)
    each[old] -= 1
    each[new] += 1
    return tuple(each)


def exchanged(state):
    """What −i[H, ρ] leads to, times i to the coherence of the cells, which makes it real."""
    cells, chargers = state
    for bit in (KET, BRA):
        for x, y in np.ndindex(4, 4):
            if cells[x] and chargers[y] and (x ^ y) & bit:
                up = 1 if y & bit else -1
                turned = {KET: -1j * 1j**up, BRA: 1j * 1j**-up}[bit].real
                there = changed(cells, x, x ^ bit), changed(chargers, y, y ^ bit)
                yield there, turned * cells[x] * chargers[y]


def damped(state, kind, side):
    """What D[σ⁻] or D[σᶻ/2] of each spin leads to."""
    counts = state[side]
    if kind == "phase":
        yield state, -(counts[KET] + counts[BRA]) / 2
        return
    yield state, -(2 * counts[KET | BRA] + counts[KET] + counts[BRA]) / 2
    if counts[KET | BRA]:
        there = list(state)
        there[side] = changed(counts, KET | BRA, 0)
        yield tuple(there), counts[KET | BRA]


@cache
def walked(cells, chargers, noise):
    """All counts that are reached, and the parts of the generator: of H and of the noise."""
    start = ((cells, 0, 0, 0), (0, 0, 0, chargers))
    places, waiting, parts = {start: 0}, [start], ([], [])
    while waiting:
        state = waiting.pop()
        moves = [(0, move) for move in exchanged(state)]
        moves += [(1, move) for each in noise for move in damped(state, *each)]
        for part, (there, size) in moves:
            if there not in places:
                places[there] = len(places)
                waiting.append(there)
            parts[part].append((places[there], places[state], size))
    shape = len(places), len(places)
    made = []
    for part in parts:
        rows, columns, sizes = np.array(part).T if part else np.zeros((3, 0))
        entries = sizes, (rows.astype(int), columns.astype(int))
        made.append(scipy.sparse.coo_array(entries, shape=shape).tocsr())
    return places, made


class History:
    """E(t) in steps, each with its Taylor series."""

    def __init__(self, cells, chargers, noise, rate):
        self.cells = cells
        self.places, (own, lost) = walked(cells, chargers, noise)
        self.generator = own + rate * lost
        self.step = 4 / abs(self.generator).sum(axis=0).max()
        here = [a[KET | BRA] * (not any((a[1], a[2], b[1], b[2]))) for a, b in self.places]
        self.excited = np.array(here, dtype=float)

    def series(self, state):
        """The terms of the series of the state, in units of a step."""
        terms = [state]
        while np.abs(terms[-1]).sum() > 1e-17:
            terms.append(self.generator @ terms[-1] * (self.step / len(terms)))
        return np.array(terms)

    def top(self, slope):
        """The first time at which ``slope``, of E's polynomial and the time, falls through 0."""
        state, begin = np.zeros(len(self.places)), 0.0
        state[0] = 1
        while True:
            terms = self.series(state)
            energy = np.polynomial.Polynomial(terms @ self.excited)

            def sign(x, energy=energy, begin=begin):
                return slope(energy(x), energy.deriv()(x) / self.step, begin + x * self.step)

            grid = np.linspace(0, 1, 5)
            values = [sign(x) for x in grid]
            for one, other, low, high in zip(values, values[1:], grid, grid[1:], strict=False):
                if one > 0 >= other:
                    x = brentq(sign, low, high, xtol=1e-14)
                    at = x ** np.arange(len(terms)) @ terms
                    return begin + x * self.step, energy(x), at
            state, begin = terms.sum(axis=0), begin + self.step

    def extracted(self, state):
        """What all unitaries take out, by the eigenvalues of a Johnson scheme on each level."""
        shares = {}
        for (cells, chargers), place in self.places.items():
            if not (chargers[1] or chargers[2]):
                turned = 1j ** (cells[BRA] - cells[KET])
                shares[cells] = shares.get(cells, 0) + (turned * state[place]).real
        size, found, mean = self.cells, [], 0.0
        for k in range(size + 1):
            mean += k * shares.get((size - k, 0, 0, k), 0)
            for kind in range(min(k, size - k) + 1):
                value = 0.0
                for i in range(min(k, size - k) + 1):
                    counts = (size - k - i, i, i, k - i)
                    arranged = math.factorial(size) / math.prod(map(math.factorial, counts))
                    value += shares.get(counts, 0) / arranged * eberlein(size, k, i, kind)
                copies = math.comb(size, kind) - (math.comb(size, kind - 1) if kind else 0)
                found += [value] * copies
        levels = np.repeat(np.arange(size + 1), [math.comb(size, k) for k in range(size + 1)])
        return mean - np.sort(found)[::-1] @ levels


def eberlein(size, k, i, kind):
    """The eigenvalue, on functions of ``kind``, of pairs of k-subsets that differ in i places."""
    return sum(
        (-1) ** s
        * math.comb(kind, s)
        * math.comb(k - kind, i - s)
        * math.comb(size - k - kind, i - s)
        for s in range(i + 1)
    )


@cache
def peak(cells, chargers, noise, rate):
    """The first peak of E/(Mω0), with what is locked there."""
    history = History(cells, chargers, noise, rate)
    _, energy, state = history.top(lambda energy, slope, time: slope)
    return energy / cells, energy - history.extracted(state)


@cache
def power(cells, chargers, noise, rate):
    """The first maximum of E/t."""
    history = History(cells, chargers, noise, rate)
    time, energy, _ = history.top(lambda energy, slope, time: slope * time - energy)
    return energy / time


def root(excess, near):
    return newton(excess, near, x1=near * 1.05, tol=1e-11)


def falls_to(noise, near):
    return root(lambda rate: peak(10, 10, noise, rate)[0] - 0.9, near)


def eta(cells, rate):
    return power(cells, cells, LOSS, rate) / power(1, 1, LOSS, rate) / cells


def twice(cells, rate):
    return peak(cells, 2 * cells, LOSS, rate)[0] - peak(cells, cells, LOSS, rate)[0]


judges({
    "beyond.open-full": lambda: peak(10, 10, LOSS, 0.1)[0],
    "beyond.open-full: compared 0": lambda: falls_to(LOSS, 0.1),
    "beyond.open-full: compared 1": lambda: falls_to((LOSS_OF_CELLS,), 0.3),
    "beyond.open-full: compared 2": lambda: falls_to((LOSS_OF_CHARGERS,), 0.15),
    "beyond.open-full: compared 3": lambda: falls_to(DEPHASING, 0.8),
    "beyond.open-sizes": lambda: np.diff([
        peak(m, m, LOSS, 0.1)[0] / peak(m, m, LOSS, 0.0)[0] for m in range(1, 11)]).min(),
    "beyond.open-power": lambda: min(
        np.diff([power(m, n, LOSS, rate) for n in chargers]).min()
        for m, chargers in ((2, (2, 3, 4, 8)), (5, (5, 8))) for rate in (0.1, 1, 10)),
    "beyond.open-energy": lambda: min(twice(m, 0.1) for m in range(2, 6)),
    "beyond.open-energy: compared 0": lambda: root(lambda rate: twice(2, rate), 0.05),
    "beyond.open-energy: compared 1": lambda: root(lambda rate: twice(5, rate), 0.08),
    "beyond.open-advantage": lambda: min(eta(m, 1.0) - eta(m, 0.0) for m in range(2, 11)),
    "beyond.open-advantage: compared 0": lambda: eta(10, 1.0),
    "beyond.open-advantage: compared 1": lambda: eta(10, 0.0),
    "beyond.open-locked": lambda: peak(10, 10, LOSS, 0.5)[1],
    "beyond.open-locked: compared 0": lambda: peak(10, 10, DEPHASING, 0.5)[1],
    "beyond.open-locked: compared 1": lambda:
        root(lambda rate: peak(10, 10, LOSS, rate)[1] - 1, 0.3),
})  # fmt: skip
