r"""How high the first peak of E is, for many chains side by side.

A search compares thousands of chains. Here all of them are carried along together, each in its own
time. With :math:`\psi_k=(-i)^k\varphi_k` the motion is real,
:math:`\dot\varphi_k=b_{k-1}\varphi_{k-1}-b_k\varphi_{k+1}=(A\varphi)_k`, and with :math:`R` a bound
on the norm of :math:`A`

.. math:: e^{At}=J_0(Rt)+2\sum_{n\ge1}J_n(Rt)\,U_n,\qquad U_{n+1}=U_{n-1}+\tfrac2R A\,U_n.

The first fall of E is found on samples, a sixteenth of the time of a classical passage apart, which
is no proof: what is published is computed once more by :mod:`numerics`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import jv

from symbattery.paper.figures.tables import Floats

__all__ = ["first_peak_heights"]

Integers = npt.NDArray[np.intp]

_SAMPLES, _CLOSE, _TAIL = 16, 1e-8, 1e-17


def _hops(cells: Integers, chargers: Integers, excited: Integers) -> Floats:
    r"""Hops (B, L − 1) at g = 1: :math:`b_k^2=(k+1)(M-k)(m-k)(N-m+k+1)`; 0 past the end."""
    k = np.arange(int(np.max(np.minimum(cells, excited))))
    m, ups = cells[:, None], excited[:, None]
    squares = (k + 1) * (m - k) * (ups - k) * (chargers[:, None] - ups + k + 1)
    return np.sqrt(np.where(k < np.minimum(m, ups), squares, 0).astype(np.float64))


@dataclass(frozen=True, eq=False)
class _Chains:
    """B chains of L sites in arrays (B, L − 1), scaled by R; ``step`` is the time of a sample."""

    hops: Floats
    step: Floats

    @classmethod
    def of(cls, hops: Floats) -> _Chains:
        padded = np.pad(hops, ((0, 0), (1, 1)))
        scaled = hops / (padded[:, :-1] + padded[:, 1:]).max(axis=1)[:, None]
        with np.errstate(divide="ignore"):
            passage = np.where(scaled > 0, 0.5 / scaled, 0).sum(axis=1)
        return cls(scaled, passage / _SAMPLES)

    def at(self, chosen: npt.NDArray[np.bool_]) -> _Chains:
        return _Chains(self.hops[chosen], self.step[chosen])

    def moved(self, state: Floats) -> Floats:
        """A φ / R."""
        out = np.empty_like(state)
        out[:, -1] = 0
        np.multiply(self.hops, state[:, 1:], out=out[:, :-1])
        np.negative(out, out=out)
        out[:, 1:] += self.hops * state[:, :-1]
        return out

    def after(self, state: Floats, times: Floats) -> Floats:
        """Each state a while later."""
        orders = np.arange(2 + int(np.max(times)) + 40)
        series = 2 * jv(orders[:, None], times)
        last = int(np.flatnonzero(np.max(np.abs(series), axis=1) > _TAIL)[-1])
        before, now = state, self.moved(state)
        total = series[0][:, None] / 2 * before + series[1][:, None] * now
        for factor in series[2 : last + 1]:
            following = self.moved(now)
            following *= 2
            following += before
            before, now = now, following
            total += factor[:, None] * now
        return total

    def moments(self, state: Floats) -> tuple[Floats, Floats, Floats]:
        """E, E' and E'' in the scaled time."""
        squares = state**2
        current = 2 * self.hops * state[:, :-1] * state[:, 1:]
        force = np.diff(np.pad(self.hops**2, ((0, 0), (1, 1))), axis=1)
        energy = squares @ np.arange(float(state.shape[1]))
        return energy, current.sum(axis=1), 2 * np.sum(force * squares, axis=1)


def _summits(chains: _Chains, state: Floats, begin: tuple[Floats, Floats]) -> Floats:
    """E where E' vanishes within one step after ``state``; ``begin`` is E' there and a step later.

    Newton steps, kept inside, until the time is known to the square root of a rounding: E is flat.
    """
    heights = np.empty(len(state))
    low, high = np.zeros_like(chains.step), chains.step.copy()
    time = chains.step * begin[0] / (begin[0] - begin[1])
    left = np.arange(len(state))
    while len(left):
        energy, slope, max_second_derivative = chains.moments(chains.after(state, time))
        heights[left] = energy
        low, high = np.where(slope > 0, time, low), np.where(slope > 0, high, time)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = time - slope / max_second_derivative
        inside = (max_second_derivative < 0) & (low < newton) & (newton < high)
        nearer = np.where(inside, newton, (low + high) / 2)
        on = np.abs(nearer - time) > _CLOSE * chains.step
        left, chains, state, time = left[on], chains.at(on), state[on], nearer[on]
        low, high = low[on], high[on]
    return heights


def first_peak_heights(cells: Integers, chargers: Integers, excited: Integers) -> Floats:
    """E at its first local maximum, for arrays (B,) of M, N and m, in the unit of the frequency.

    All cells begin down and m ≥ 1 of N charger spins up, in a Dicke state; γ = 0.
    """
    chains = _Chains.of(_hops(cells, chargers, excited))
    heights = np.empty(len(cells))
    state = np.zeros((len(cells), chains.hops.shape[1] + 1))
    state[:, 0] = 1
    slope = np.zeros(len(cells))
    left = np.arange(len(cells))
    while len(left):
        later = chains.after(state, chains.step)
        after = chains.moments(later)[1]
        falls = after < 0
        if np.any(falls):
            heights[left[falls]] = _summits(
                chains.at(falls), state[falls], (slope[falls], after[falls])
            )
        rest = ~falls
        left, chains, state, slope = left[rest], chains.at(rest), later[rest], after[rest]
    return heights
