r"""Chains with a diagonal, propagated as real and imaginary parts along the chain.

With :math:`\psi_k=(-i)^{k-s}\varphi_k` and a diagonal a,
:math:`\dot\varphi=(A-ia)\varphi`, where A is real (:mod:`numerics.dynamics.chain_chebyshev`), and

.. math:: U_{n+1}=U_{n-1}+\tfrac2R(A-ia)\,U_n .

Many chains may lie in one array one after another, where no hop leads from one to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from numerics.dynamics.bessel_series import bessel
from numerics.model.arrays import Floats, Integers
from numerics.sectors.chains import Chains

__all__ = ["DetunedStream"]

_RADIANS = 4096.0
_TAIL = 1e-18


@dataclass(frozen=True)
class DetunedStream:
    """Weighted starts, each in a chain of its own; states (2, n): real and imaginary parts.

    Parameters
    ----------
    diagonal, hops : arrays (n,)
        The matrices one after another; ``hops`` to the next site, 0 where a chain ends.
    gains, force, currents, detuned : arrays (n,)
        Weighted k − s, 2F_k, 2b_k and 2e_k.
    start : array of integers (S,)
        Positions of the starts.
    """

    diagonal: Floats
    hops: Floats
    gains: Floats
    force: Floats
    currents: Floats
    detuned: Floats
    start: Integers

    @classmethod
    def of(cls, stacks: Sequence[Chains]) -> DetunedStream:
        """All starts of some stacks of chains."""
        columns: list[list[Floats]] = [[] for _ in range(6)]
        start, before = [], 0
        for stack in stacks:
            mine, weights = stack.sectors, stack.weights[:, None]
            hops = np.pad(stack.hops, ((0, 0), (0, 1)))[mine]
            detuned = np.pad(stack.detuned, ((0, 0), (0, 1)))[mine]
            parts = (
                stack.diagonal[mine],
                hops,
                weights * stack.gains,
                2 * weights * stack.force[mine],
                2 * weights * hops,
                2 * weights * detuned,
            )
            for column, part in zip(columns, parts, strict=True):
                column.append(part.ravel())
            start.append(before + np.arange(len(mine)) * stack.length + stack.sites)
            before += len(mine) * stack.length
        diagonal, hops, gains, force, currents, detuned = map(np.concatenate, columns)
        return cls(diagonal, hops, gains, force, currents, detuned, np.concatenate(start))

    @property
    def radius(self) -> float:
        """A bound on the norms of all chains."""
        sums = np.abs(self.diagonal) + np.abs(self.hops)
        sums[1:] += np.abs(self.hops[:-1])
        return float(np.max(sums))

    def initial(self) -> Floats:
        """The state at time 0."""
        state = np.zeros((2, len(self.hops)))
        state[0, self.start] = 1
        return state

    def moments(self, state: Floats) -> Floats:
        """The four moments (4,): E' = 2 Σ b Re φ*φ, E'' = 2 Σ F|φ|² − 2 Σ e Im φ*φ."""
        (re, im), density = state, np.sum(state**2, axis=0)
        real = re[:-1] * re[1:] + im[:-1] * im[1:]
        imag = re[:-1] * im[1:] - im[:-1] * re[1:]
        curvature = self.force @ density - self.detuned[:-1] @ imag
        energy, absolute_gain = self.gains @ density, np.abs(self.gains) @ density
        return np.array([energy, self.currents[:-1] @ real, curvature, absolute_gain])

    def conserved(self, state: Floats) -> tuple[float, float]:
        """Squared norm of the state and of H on it, all chains together."""
        applied = np.zeros_like(state)
        _add_product(state, self.diagonal, self.hops[:-1], applied)
        return float(np.vdot(state, state)), float(np.vdot(applied, applied))

    def evolved(self, state: Floats, time: float) -> tuple[Floats, float]:
        """The state after ``time`` of either sign, and a bound on the norm of what is left out."""
        steps = max(1, int(np.ceil(self.radius * abs(time) / _RADIANS)))
        radians = self.radius * abs(time) / steps
        terms = 2 * bessel(np.array([radians]))[:, 0]
        terms[0] /= 2
        orders = int(np.flatnonzero(np.abs(terms) > _TAIL)[-1]) + 1
        tail = float(np.sum(np.abs(terms[orders:])))
        if time < 0:
            terms[1::2] *= -1
        ratio = 2 / self.radius
        diagonal, hops = ratio * self.diagonal, ratio * self.hops[:-1]
        for _ in range(steps):
            total, now, before = terms[0] * state, state.copy(), np.zeros_like(state)
            for n, coefficient in enumerate(terms[1:orders], start=1):
                _add_product(now, diagonal, hops, before)
                now, before = before, now
                if n == 1:
                    now /= 2
                total += coefficient * now
            state = total
        return state, steps * tail * float(np.sqrt(len(self.start)))


def _add_product(state: Floats, diagonal: Floats, hops: Floats, total: Floats) -> None:
    """Add (A − ia) on a state."""
    total[:, 1:] += hops * state[:, :-1]
    total[:, :-1] -= hops * state[:, 1:]
    total[0] += diagonal * state[1]
    total[1] -= diagonal * state[0]
