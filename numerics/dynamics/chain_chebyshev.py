r"""Chains propagated along their sites by Chebyshev recurrences: no eigenvectors.

With :math:`\psi_k=(-i)^{k-s}\varphi_k` and a diagonal a the motion is
:math:`\dot\varphi=(A-ia)\varphi`, :math:`(A\varphi)_k=b_{k-1}\varphi_{k-1}-b_k\varphi_{k+1}`, and

.. math:: e^{(A-ia)t}=J_0(Rt)+2\sum_{n\ge1}J_n(Rt)\,U_n,\qquad U_{n+1}=U_{n-1}+\tfrac2R(A-ia)\,U_n.

Without a diagonal all is real and each :math:`U_n` lives on one parity of sites. Scaled by
:math:`s_{j+1}/s_j=b_{2j}/b_{2j+1}` on even sites, the amplitudes on odd sites change by plain
differences; only even sites need products.

Many chains may lie in one array one after another, where no hop leads from one to the next. A
single one is worked on only where its wave has come to (amplitudes above 1e-24): the front moves by
one site in a time :math:`1/2b_k`, and what the rest would have received is bounded by what was seen
at the edge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.bessel_series import bessel
from numerics.model.resources import Floats, Integers
from numerics.sectors.chains import Chains

__all__ = ["ChiralRecurrence", "DetunedRecurrence"]

# Radians of one expansion: larger ones save few orders, smaller ones follow the front closely.
_RADIANS = 4096.0
# Amplitudes that may be taken for zero at the front, and what may leak beyond it in one step.
_FRONT, _LEAK = 1e-24, 1e-17
_TAIL = 1e-18
# Short chains have no front worth following; it may advance by this part of what it has covered.
_SHORT, _ADVANCE, _MARGIN = 256, 0.5, 16


ChainAmplitudes = tuple[Integers, Integers, npt.NDArray[np.complex128], Floats]
"""The numbers and sites (S,) of some starts, amplitudes (S, L), and energies at the sites."""


def _amplitudes(stack: Chains, phi: npt.NDArray[Any]) -> ChainAmplitudes:
    """ψ of φ (S, L)."""
    phase = np.array([1, -1j, -1, 1j])[(np.arange(stack.length) - stack.sites[:, None]) % 4]
    numbers = np.broadcast_to(stack.numbers, stack.sites.shape)
    return numbers, stack.sites, phase * phi, stack.energies


def _series(radians: float) -> tuple[Floats, float]:
    """The coefficients (2 − δ_n0) J_n as far as they count, and the sum of the others."""
    terms = 2 * bessel(np.array([radians]))[:, 0]
    orders = int(np.flatnonzero(np.abs(terms) > _TAIL)[-1]) + 1
    terms[0] /= 2
    return terms[:orders], float(np.sum(np.abs(terms[orders:])))


@dataclass(frozen=True)
class _Window:
    """Pairs of sites from ``low`` to ``high``, and the chain's norm there."""

    low: int
    high: int
    radius: float


@dataclass(frozen=True)
class ChiralRecurrence:
    """Weighted starts, each in a chain of its own without diagonal; sites 2j and 2j + 1 are pair j.

    States have the shape (2, n): even and odd sites of all n pairs.
    """

    inner: Floats  # hops within a pair, (n,)
    outer: Floats  # and to the next one, 0 where a chain ends
    scale: Floats  # of either kind of site, (2, n); 0 where there is no site
    gains: Floats  # weighted k − s, (2, n)
    force: Floats  # 2F_k
    currents: Floats  # 2b_k within a pair, and to the next
    weights: Floats  # of the start, (2, n)
    rows: Integers  # among all `levels`, (2, n)
    start: Integers  # parity and pair of each start, (2, S)
    stacks: tuple[Chains, ...]

    @classmethod
    def of(cls, stacks: Sequence[Chains]) -> ChiralRecurrence:
        """All starts of some stacks of chains."""
        columns = zip(*(_laid_out(stack) for stack in stacks), strict=True)
        inner, outer, scale, gains, force, weights, rows = (
            np.concatenate(column, axis=-1) for column in columns
        )
        start, before = [], 0
        for stack in stacks:
            pairs = stack.length // 2 + 1
            first = before + np.arange(len(stack.sites)) * pairs
            start.append(np.stack([stack.sites % 2, first + stack.sites // 2]))
            before += len(stack.sites) * pairs
        return cls(
            inner,
            outer,
            scale,
            gains,
            force,
            2 * weights * np.stack([inner, outer]),
            weights,
            rows.astype(np.int64),
            np.concatenate(start, axis=1),
            tuple(stacks),
        )

    @property
    def pairs(self) -> int:
        return len(self.inner)

    @property
    def radius(self) -> float:
        """A bound on the norms of all chains."""
        return self._window(0, self.pairs).radius

    def initial(self) -> Floats:
        """The state at time 0."""
        state = np.zeros((2, self.pairs))
        state[self.start[0], self.start[1]] = 1
        return state

    def moments(self, state: Floats) -> Floats:
        """The four moments (4,): E' = 2 Σ bₖ φₖ φₖ₊₁."""
        even, odd = state
        squares = state**2
        current = float(self.currents[0] @ (even * odd))
        current += float(self.currents[1, :-1] @ (odd[:-1] * even[1:]))
        energy, absolute_gain = (
            float(np.vdot(g, squares)) for g in (self.gains, np.abs(self.gains))
        )
        return np.array([energy, current, float(np.vdot(self.force, squares)), absolute_gain])

    def density(self, state: Floats) -> Floats:
        """|ψ|² on every site."""
        return state**2

    def amplitudes(self, state: Floats) -> Iterator[ChainAmplitudes]:
        """ψ, stack by stack."""
        before = 0
        for stack in self.stacks:
            starts, length = len(stack.sites), stack.length
            after = before + starts * (length // 2 + 1)
            phi = state[:, before:after].reshape(2, starts, -1).transpose(1, 2, 0)
            # The sizes of all hops are taken: where they are negative, so is every other site.
            sign = np.where(stack.hops[stack.sectors, :1] < 0, -1.0, 1.0)
            odd = (np.arange(length) - stack.sites[:, None]) % 2
            yield _amplitudes(stack, phi.reshape(starts, -1)[:, :length] * np.where(odd, sign, 1.0))
            before = after

    def conserved(self, state: Floats) -> tuple[float, float]:
        """Squared norm of the state and of H on it, all chains together."""
        even, odd = state
        on_odd = self.inner * even
        on_odd[:-1] -= self.outer[:-1] * even[1:]
        on_even = self.inner * odd
        on_even[1:] -= self.outer[:-1] * odd[:-1]
        energy = float(np.vdot(on_odd, on_odd) + np.vdot(on_even, on_even))
        return float(np.vdot(state, state)), energy

    def evolved(self, state: Floats, time: float) -> tuple[Floats, float]:
        """The state after ``time`` of either sign, and a bound on the norm of what is left out."""
        left, error = abs(time), 0.0
        while left > 0:
            window, step = self._next(state, left)
            whole = window.low == 0 and window.high == self.pairs
            if whole and step >= left and window.radius * left > 2 * _RADIANS:
                after, lost = self._strides(state, window, float(np.copysign(left, time)))
                return after, error + lost
            radians = min(window.radius * step, _RADIANS)
            last = step >= left and radians < _RADIANS
            step = left if last else radians / window.radius
            margin = _MARGIN
            while True:
                after, lost = self._step(state, window, float(np.copysign(step, time)))
                if lost <= _LEAK * np.sqrt(self.start.shape[1]):
                    break
                # The front was faster than expected: give it more room.
                margin *= 4
                window = self._window(window.low - margin, window.high + margin)
            state, left, error = after, 0.0 if last else left - step, error + lost
        return state, error

    def _window(self, low: int, high: int) -> _Window:
        low, high = max(low, 0), min(high, self.pairs)
        inner, outer = self.inner[low:high], self.outer[low:high]
        sums = inner + outer
        sums[1:] = np.maximum(sums[1:], outer[:-1] + inner[1:])
        return _Window(low, high, max(float(np.max(sums)), np.finfo(float).tiny))

    def _next(self, state: Floats, left: float) -> tuple[_Window, float]:
        """The part of the chain reached after one step, and its time (at most ``left``)."""
        if self.start.shape[1] > 1 or self.pairs < _SHORT:
            return self._window(0, self.pairs), left
        occupied = np.flatnonzero(np.max(np.abs(state), axis=0) > _FRONT)
        low, high, start = int(occupied[0]), int(occupied[-1]), int(self.start[1, 0])
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = 1 / (2 * self.inner) + 1 / (2 * self.outer)
        upward = np.cumsum(crossing[high:])
        downward = np.cumsum(crossing[:low][::-1])
        # How far it may go is in proportion to how far it has come, on either side.
        for times, covered in ((upward, high - start), (downward, start - low)):
            room = 2 * _MARGIN + int(_ADVANCE * covered)
            if room < len(times):
                left = min(left, float(times[room]))
        above = high + int(np.searchsorted(upward, left))
        below = low - int(np.searchsorted(downward, left))
        margin = _MARGIN + int(2 * np.cbrt(above - below))
        return self._window(below - margin, above + margin + 1), left

    def _strides(self, state: Floats, window: _Window, time: float) -> tuple[Floats, float]:
        """Several equal steps τ over the whole chain, with half the work from the second on.

        φ(t+τ) is −φ(t−τ) + 2 cos on the even sites, φ(t−τ) + 2 sin on the odd ones, of the even
        part of φ(t) alone. What is left out grows with the number of steps at most.
        """
        count = int(np.ceil(window.radius * abs(time) / _RADIANS))
        before = state
        now, lost = self._step(state, window, time / count)
        for _ in range(count - 1):
            after = 2 * self._step(now, window, time / count, (0,))[0]
            after[0] -= before[0]
            after[1] += before[1]
            before, now = now, after
        return now, count**2 * lost

    def _step(
        self, state: Floats, window: _Window, time: float, parities: tuple[int, ...] = (0, 1)
    ) -> tuple[Floats, float]:
        """The state after one expansion, from its parts on sites of some parities."""
        part = slice(window.low, window.high)
        terms, tail = _series(window.radius * abs(time))
        ratio = 2 / window.radius
        inner, outer = (ratio * self.inner[part]) ** 2, (ratio * self.outer[part]) ** 2
        scale = self.scale[:, part] * np.array([[1.0], [ratio]])
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = np.where(scale > 0, state[:, part] / scale, 0.0)
        signed = terms.copy()
        if time < 0:
            signed[1::2] *= -1
        sums = np.zeros_like(scaled)
        sources = [parity for parity in parities if np.any(scaled[parity])]
        edges = np.zeros((len(terms), 2))
        for parity in sources:
            edges += _expand(scaled[parity], parity, inner, outer, signed, sums)
        after = np.zeros_like(state)
        after[:, part] = sums * scale
        lost = tail * float(np.sqrt(self.start.shape[1]))
        if window.low > 0 or window.high < self.pairs:
            outside = state[:, : window.low], state[:, window.high :]
            lost += sum(float(np.linalg.norm(rest)) for rest in outside)
            lost += self._leaked(window, abs(time), terms, edges, scale)
        return after, lost

    def _leaked(
        self, window: _Window, time: float, terms: Floats, edges: Floats, scale: Floats
    ) -> float:
        r"""Duhamel's bound on what should have left: ∫ b |φ| at the edges of the window.

        At all times up to z, |J_n| ≤ J_n(z) where n > z, and ≤ 1 elsewhere.
        """
        beyond = np.arange(len(terms)) > window.radius * time
        low, high = np.where(beyond, np.abs(terms), 2.0) @ edges
        lost = 0.0
        if window.low > 0:
            lost += float(self.outer[window.low - 1] * low * scale[0, 0])
        if window.high < self.pairs:
            lost += float(self.outer[window.high - 1] * high * scale[1, -1])
        return time * lost


def _expand(
    vector: Floats, parity: int, inner: Floats, outer: Floats, terms: Floats, sums: Floats
) -> Floats:
    """Add Σ terms_n U_n of a vector on the sites of one parity.

    Returns
    -------
    array (n, 2)
        |U_n| at the lowest even and at the highest odd site.
    """
    now = np.zeros_like(sums)
    now[parity] = vector
    even, odd = now
    term = np.empty_like(even)
    edges = np.zeros((len(terms), 2))
    sums[parity] += terms[0] * vector
    # Views made once: in short chains their making would count.
    later_even, later_term, earlier_odd = even[1:], term[:-1], odd[:-1]
    before, daxpy = outer[:-1], scipy.linalg.blas.daxpy
    for n, coefficient in enumerate(terms.tolist()[1:], start=1):
        target = (parity + n) % 2
        if target:
            daxpy(even, odd)
            daxpy(later_even, earlier_odd, a=-1.0)
            edges[n, 1] = odd[-1]
        else:
            np.multiply(inner, odd, out=term)
            daxpy(term, even, a=-1.0)
            np.multiply(before, earlier_odd, out=later_term)
            daxpy(later_term, later_even)
            edges[n, 0] = even[0]
        if n == 1:
            now[target] /= 2
        daxpy(now[target], sums[target], a=coefficient)
    return np.abs(edges)


def _laid_out(stack: Chains) -> tuple[Floats, ...]:
    """Inner and outer hops, scaling, gains, forces, weights and rows, start by start.

    Every chain has a pair more than its even number of sites would fill, so that the difference
    on its last site is not taken with the next chain.
    """
    starts, length = len(stack.sites), stack.length
    pairs = length // 2 + 1

    def paired(values: Floats) -> Floats:
        """(S, L) as (2, S·pairs)."""
        padded = np.pad(values, ((0, 0), (0, 2 * pairs - values.shape[1])))
        return padded.reshape(starts, pairs, 2).transpose(2, 0, 1).reshape(2, -1)

    inner, outer = paired(np.abs(stack.hops[stack.sectors]))
    weights = stack.weights[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(outer > 0, inner / outer, 1.0).reshape(starts, pairs)
    scale = np.cumprod(np.hstack([np.ones((starts, 1)), ratio[:, :-1]]), axis=1).ravel()
    return (
        inner,
        outer,
        np.stack([scale, inner * scale]),
        paired(weights * stack.gains),
        paired(2 * weights * stack.force[stack.sectors]),
        np.tile(np.repeat(stack.weights, pairs), (2, 1)),
        paired(stack.rows.astype(float)),
    )


@dataclass(frozen=True)
class DetunedRecurrence:
    """Weighted starts, each in a chain of its own; states (2, n): real and imaginary parts."""

    diagonal: Floats  # of all matrices one after another, (n,)
    hops: Floats  # to the next site, 0 where a chain ends
    gains: Floats  # weighted k − s
    force: Floats  # 2F_k
    currents: Floats  # 2b_k
    detuned: Floats  # 2e_k
    weights: Floats  # of the start
    rows: Integers  # among all `levels`
    start: Integers  # positions, (S,)
    stacks: tuple[Chains, ...]

    @classmethod
    def of(cls, stacks: Sequence[Chains]) -> DetunedRecurrence:
        """All starts of some stacks of chains."""
        columns, start, before = [], [], 0
        for stack in stacks:
            mine, weights = stack.sectors, stack.weights[:, None]
            hops, detuned = (
                np.pad(band, ((0, 0), (0, 1)))[mine] for band in (stack.hops, stack.detuned)
            )
            parts = (
                stack.diagonal[mine],
                hops,
                weights * stack.gains,
                2 * weights * stack.force[mine],
                2 * weights * hops,
                2 * weights * detuned,
                np.broadcast_to(weights, hops.shape),
                stack.rows,
            )
            columns.append([part.ravel() for part in parts])
            start.append(before + np.arange(len(mine)) * stack.length + stack.sites)
            before += len(mine) * stack.length
        joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
        own = {"start": np.concatenate(start), "stacks": tuple(stacks)}
        return cls(*joined, **own)  # type: ignore[arg-type]  # 8 columns

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
        (re, im), density = state, self.density(state)
        real = re[:-1] * re[1:] + im[:-1] * im[1:]
        imag = re[:-1] * im[1:] - im[:-1] * re[1:]
        curvature = self.force @ density - self.detuned[:-1] @ imag
        energy, absolute_gain = self.gains @ density, np.abs(self.gains) @ density
        return np.array([energy, self.currents[:-1] @ real, curvature, absolute_gain])

    def density(self, state: Floats) -> Floats:
        """|ψ|² on every site."""
        return np.sum(state**2, axis=0)

    def amplitudes(self, state: Floats) -> Iterator[ChainAmplitudes]:
        """ψ, stack by stack."""
        before = 0
        for stack in self.stacks:
            after = before + len(stack.sites) * stack.length
            phi = (state[0] + 1j * state[1])[before:after]
            yield _amplitudes(stack, phi.reshape(len(stack.sites), -1))
            before = after

    def conserved(self, state: Floats) -> tuple[float, float]:
        """Squared norm of the state and of H on it, all chains together."""
        applied = np.zeros_like(state)
        _add_product(state, self.diagonal, self.hops[:-1], applied)
        return float(np.vdot(state, state)), float(np.vdot(applied, applied))

    def evolved(self, state: Floats, time: float) -> tuple[Floats, float]:
        """The state after ``time`` of either sign, and a bound on the norm of what is left out."""
        steps = max(1, int(np.ceil(self.radius * abs(time) / _RADIANS)))
        terms, tail = _series(self.radius * abs(time) / steps)
        if time < 0:
            terms[1::2] *= -1
        ratio = 2 / self.radius
        diagonal, hops = ratio * self.diagonal, ratio * self.hops[:-1]
        for _ in range(steps):
            total, now, before = terms[0] * state, state.copy(), np.zeros_like(state)
            for n, coefficient in enumerate(terms[1:], start=1):
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
