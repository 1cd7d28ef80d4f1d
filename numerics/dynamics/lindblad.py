r"""Open batteries: the motion of a Liouville block by its Taylor series, step by step.

With :math:`\|A\|\le\Lambda` a step h = θ/Λ has the terms :math:`v_n=hAv_{n-1}/n`, and what follows
the last of K is at most :math:`\|v_K\|\,\frac{\theta}{K+1}/(1-\frac{\theta}{K+2})`. Within a step
means are polynomials in the time, which are kept; the states are not. Small blocks leap over many
steps by powers :math:`e^{2^pAh}` of the matrix, so that large rates cost little.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.conservation import PrecisionError, refuse_late
from numerics.dynamics.interface import Bounds, Moments, Wave
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import Floats, TooLargeError, require, require_time
from numerics.sectors.lindblad_terms import Labels
from numerics.sectors.liouville import Liouville, ends, keys
from numerics.sectors.starts import Levels

__all__ = [
    "EXCHANGE",
    "EXCITED",
    "PAIRED",
    "TRACE",
    "Array",
    "Functional",
    "OpenEvolution",
    "SteadyState",
]

# θ: the terms grow to e^θ before they fall, and as many digits are lost to rounding.
_STEP = 4.0
_MOST_TERMS = 100
# What may be left out of all means in one step.
_NEGLIGIBLE = 1e-17
# Of one entry of the generator in one product, and products in a step.
_SECONDS, _OVERHEAD, _PRODUCTS = 2e-9, 2e-5, 32
# Elements of a block that leaps, and seconds of a product of matrices: D³ times this.
_MOST_LEAPING, _SECONDS_OF_MATRICES = 1000, 2e-10

EXCITED, QUANTA, TRACE, EXCHANGE, PAIRED = range(5)
"""Means that are kept: of cells and charger, of 1, and (but for a factor i) of S₊J₋ and S₊J₊."""

Array = npt.NDArray[Any]
Functional = tuple[npt.NDArray[np.int64], Array]
"""The elements that a mean sums, and the factor of each."""


@dataclass(frozen=True)
class OpenEvolution:
    """The motion of a Liouville block; it has no waves.

    Attributes
    ----------
    block : Liouville
    origin : array, optional
        The means that gains count from; those of the block's start if left out.
    """

    block: Liouville
    origin: Array | None = None
    # Polynomials of the means in steps by number, the state that was reached last, and powers.
    _series: dict[int, Array] = field(default_factory=dict, repr=False)
    _last: dict[int, Array] = field(default_factory=dict, repr=False)
    _powers: list[Array] = field(default_factory=list, repr=False)

    @cached_property
    def bandwidth(self) -> float:
        """Λ, a bound on the norm of the generator."""
        sizes = abs(self.block.generator)
        return math.sqrt(float(sizes.sum(axis=0).max()) * float(sizes.sum(axis=1).max()))

    @cached_property
    def bounds(self) -> Bounds:
        observable: npt.NDArray[Any] = np.where(self.block.diagonal, self.block.excited, 0)
        norms = [float(self.block.excited.max())]
        for _ in range(3):
            observable = self.block.generator.T @ observable
            norms.append(self.block.norm(observable))
        return Bounds(norms[0], norms[2], norms[3])

    @cached_property
    def most_curved(self) -> float:
        r"""At least :math:`\|A^2\rho\|_1` of the start, which no time increases."""
        generator = self.block.generator
        return float(np.sum(np.abs(generator @ (generator @ self.block.start))))

    # What is kept of a state

    @cached_property
    def battery(self) -> Labels:
        """The elements of the battery's state, irrep by irrep, those of decreasing spin first."""
        size, ket, bra = np.unique(np.stack(self.block.battery.chosen(self._traced)), axis=1)
        order = np.argsort(-size, kind="stable")
        return Labels(size[order], ket[order], bra[order])

    @cached_property
    def _traced(self) -> npt.NDArray[np.bool_]:
        """True for the elements that the trace over the charger sums."""
        return self.block.charger.ket == self.block.charger.bra

    @cached_property
    def levels(self) -> Levels:
        """The levels of the battery that may have a probability."""
        labels = self.battery.chosen(self.battery.ket == self.battery.bra)
        spin, index = np.unique(-labels.size, return_inverse=True)
        least, most = labels.ket.max() + 0 * spin, 0 * spin
        np.minimum.at(least, index.ravel(), labels.ket)
        np.maximum.at(most, index.ravel(), labels.ket)
        return Levels(-spin, least, most, self.block.problem.battery.bottom(-spin))

    @property
    def _scalars(self) -> list[Functional]:
        """The means that come before those of the battery's state."""
        block = self.block
        (diagonal,) = np.nonzero(block.diagonal)
        ones = np.ones(len(diagonal))
        numbers = [(diagonal, f) for f in (block.excited[diagonal], block.quanta[diagonal], ones)]
        return [*numbers, block.exchange(-1), block.exchange(1)]

    @cached_property
    def _means(self) -> scipy.sparse.csr_array:
        """A row for each mean that is kept, the battery's state last."""
        labels, scalars = self.battery, self._scalars
        (kept,) = np.nonzero(self._traced)
        shape = ends(labels)
        own = keys(shape, labels)
        order = np.argsort(own)
        state = order[np.searchsorted(own[order], keys(shape, self.block.battery.chosen(kept)))]
        rows = [np.full(len(columns), row) for row, (columns, _) in enumerate(scalars)]
        places = (
            np.concatenate([*rows, len(scalars) + state]),
            np.concatenate([*(columns for columns, _ in scalars), kept]),
        )
        values = np.concatenate([*(factors for _, factors in scalars), np.ones(len(kept))])
        size = len(scalars) + len(own), len(self.block.start)
        return scipy.sparse.coo_array((values, places), shape=size).tocsr()

    @property
    def _states(self) -> slice:
        """The rows of the battery's state."""
        return slice(self._means.shape[0] - len(self.battery.size), None)

    @cached_property
    def _origin(self) -> Array:
        return np.asarray(self._means @ self.block.start) if self.origin is None else self.origin

    # Steps

    @property
    def _duration(self) -> float:
        # Where nothing moves one step is as long as can be.
        return _STEP / max(self.bandwidth, 1e-300)

    def _terms(self, state: Array) -> Iterator[Array]:
        """The terms of one step, until what is left cannot be seen in any mean."""
        enough = _NEGLIGIBLE / math.sqrt(max(1, int(np.count_nonzero(self.block.diagonal))))
        yield state
        for n in range(1, _MOST_TERMS):
            state = (self.block.generator @ state) * (self._duration / n)
            yield state
            left = float(np.linalg.norm(state)) * _STEP / (n + 1)
            if n >= _STEP and left <= enough * (1 - _STEP / (n + 2)):
                return

    def _state_at(self, number: int, leaps: bool) -> Array:
        """The state at the beginning of a step."""
        begin, state = next(iter(self._last.items()), (0, self.block.start))
        if begin > number:
            begin, state = 0, self.block.start
        if leaps:
            power = 0
            while ahead := (number - begin) >> power:
                if power == len(self._powers):
                    last = self._powers[-1] if self._powers else None
                    step = self._duration * self.block.generator.toarray()
                    self._powers.append(scipy.linalg.expm(step) if last is None else last @ last)
                if ahead & 1:
                    state = self._powers[power] @ state
                power += 1
        else:
            for n in range(begin, number):
                state = self._expanded(n, state)
        self._last.clear()
        self._last[number] = state
        return state

    def _expanded(self, number: int, state: Array) -> Array:
        """The state after a step, whose means are kept."""
        coefficients, total = [], np.zeros_like(state)
        for term in self._terms(state):
            coefficients.append(self._means @ term)
            total = total + term
        self._series[number] = np.array(coefficients)
        return total

    def _leaps(self, steps: int, wanted: int) -> bool:
        """True where powers of the matrix are faster than so many steps."""
        size = len(self.block.start)
        return size <= _MOST_LEAPING and self._seconds(steps, wanted, True) < self._seconds(
            steps, wanted, False
        )

    def _seconds(self, steps: int, wanted: int, leaps: bool) -> float:
        step = _PRODUCTS * (self.block.generator.nnz * _SECONDS + _OVERHEAD)
        if not leaps:
            return steps * step
        size, bits = len(self.block.start), steps.bit_length()
        new = max(0, bits + 10 - len(self._powers))
        return new * size**3 * _SECONDS_OF_MATRICES + wanted * (
            step + bits * (size**2 * 1e-9 + _OVERHEAD)
        )

    def _reach(self, times: Floats) -> npt.NDArray[np.int64]:
        """The step of each time, whose means are kept from now on."""
        if np.any(times < 0):
            raise invalid("times", "not be negative for an open battery", float(times.min()))
        time = float(times.max(initial=0.0))
        refuse_late(self.bandwidth / 2, time)
        number = (times / self._duration).astype(np.int64)
        missing = [n for n in np.unique(number).tolist() if n not in self._series]
        if missing:
            begin = next(iter(self._last), 0)
            steps = missing[-1] + 1 - (begin if begin <= missing[0] else 0)
            leaps = self._leaps(steps, len(missing))
            what = f"An open battery with {len(self.block.start)} elements of its state"
            what = f"{what}, up to `times` = {time:.6g},"
            seconds = self._seconds(steps, len(missing), leaps)
            require_time(seconds, what, "earlier times would do")
            kept = len(missing) if leaps else steps
            require(kept * _PRODUCTS * self._means.shape[0] * self._origin.itemsize, what)
            for n in missing:
                if n not in self._series:
                    after = self._expanded(n, self._state_at(n, leaps))
                    self._last.clear()
                    self._last[n + 1] = after
        return number

    def _evaluated(self, times: Floats, rows: slice, derivative: int = 0) -> Array:
        """Some means since the origin (F, T), or a derivative by time of them."""
        step, number, first = self._duration, self._reach(times), self._origin[rows]
        result = np.zeros((len(first), len(times)), dtype=self._origin.dtype)
        for n in np.unique(number).tolist():
            (here,) = np.nonzero(number == n)
            series = self._series[n][:, rows].copy()
            series[0] = series[0] - first
            for _ in range(derivative):
                series = series[1:] * (np.arange(1, len(series)) / step)[:, None]
            inside = times[here] / step - n
            result[:, here] = np.polynomial.polynomial.polyval(inside, series)
        return result

    def reach(self, times: Floats) -> OpenEvolution:
        """A motion whose block is large enough for some times."""
        return self

    def whole(self, times: Floats) -> Iterator[tuple[npt.NDArray[np.int64], Array]]:
        """The state of battery and charger: some of the times, and its elements (D, ·) there."""
        number = self._reach(times)
        steps = np.unique(number).tolist()
        leaps = self._leaps(steps[-1] if steps else 0, len(steps))
        for n in steps:
            (here,) = np.nonzero(number == n)
            inside = times[here] / self._duration - n
            state = self._state_at(n, leaps)
            total = np.zeros((len(state), len(here)), dtype=state.dtype)
            for power, term in enumerate(self._terms(state)):
                total += term[:, None] * inside**power
            yield here, total

    # The interface of all dynamics

    def _scalar(self, times: Floats, row: int, derivative: int = 0) -> Array:
        return self._evaluated(times, slice(row, row + 1), derivative)[0]

    def excitation(self, times: Floats) -> Floats:
        return np.real(self._scalar(times, EXCITED))

    def charged(self, times: Floats) -> Floats:
        """The excitations that the charger has gained."""
        return np.real(self._scalar(times, QUANTA))

    def exchange(self, times: Floats, row: int) -> Array:
        """⟨S₊J₋⟩ or ⟨S₊J₊⟩."""
        return 1j * (self._scalar(times, row) + self._origin[row])

    def moments(self, times: Floats) -> Moments:
        gain, slope, curvature = (np.real(self._scalar(times, EXCITED, n)) for n in range(3))
        return Moments(gain, slope, curvature, np.abs(gain) + 2 * np.real(self._origin[EXCITED]))

    def state(self, times: Floats) -> Array:
        r"""The elements :math:`\rho_{kk'}` of `battery`, (B, T)."""
        rows = self._states
        x = self._evaluated(times, rows) + self._origin[rows, None]
        phases = self.block.phases(self.battery)
        return x * phases[:, None] if np.any(phases != 1) else np.real(x)

    def populations(self, times: Floats, count: int) -> Floats:
        diagonal = self.battery.ket == self.battery.bra
        return np.real(self.state(times)[diagonal])

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of ``excitation`` from truncated series, rounding apart."""
        # No evolution of a state increases its trace norm.
        steps = (times / self._duration).astype(np.int64) + 1
        return np.asarray(steps * _NEGLIGIBLE * float(self.block.excited.max()), dtype=np.float64)

    @property
    def steady(self) -> OpenEvolution:
        """The mean over all times in place of the motion."""
        return SteadyState(self.block, self._origin)

    def waves(self, times: Floats) -> Iterator[Wave]:
        raise InvalidArgument("an open battery has no amplitudes")


# Of Λ: so small a rate of a stop at random leaves what the battery comes to; the smaller one is for
# what comes to rest slowly.
_SLOW = (1e-5, 1e-8)
_MOST_ELEMENTS = 30_000
# What may change in the end, and at most where rounding goes on changing what is conserved.
_MOST_SOLVED, _STEADY, _ROUNDING = 100, 1e-13, 1e-10
# The least rate or coupling, of Λ.
_WEAKEST = 1e-8


@dataclass(frozen=True)
class SteadyState(OpenEvolution):
    r"""The mean over all times in place of the motion: what an open battery comes to.

    :math:`\epsilon(\epsilon-A)^{-1}` is the mean over times that end at random with the rate
    :math:`\epsilon`; applied again and again it leaves what does not move.
    """

    @cached_property
    def _state(self) -> Array:
        block, trace = self.block, self.block.diagonal
        size = len(block.start)
        if size > _MOST_ELEMENTS:
            raise TooLargeError(
                f"a steady state is known of at most {_MOST_ELEMENTS} elements, but this open "
                f"battery has {size}; `energy` at late times may do"
            )
        generator = block.generator.tocsc().astype(block.start.dtype)
        problem = block.problem
        rates = [abs(problem.parameters.coupling), *(float(one.rate) for one in problem.noise)]
        weakest = min((rate for rate in rates if rate), default=math.inf)
        # The slowest process has a rate of the square of the ratio of both.
        for slow in _SLOW if weakest > _WEAKEST * self.bandwidth else ():
            shift = slow * max(self.bandwidth, 1e-300)
            matrix = shift * scipy.sparse.eye_array(size, format="csc") - generator
            solve = scipy.sparse.linalg.splu(matrix).solve
            state, change = block.start, math.inf
            for _ in range(_MOST_SOLVED):
                last, state = state, shift * solve(state)
                state = state / np.sum(state[trace])
                before, change = change, float(np.sum(np.abs(state - last)))
                if change <= _STEADY or (before <= _ROUNDING and change > before / 2):
                    return np.asarray(state)
        raise PrecisionError(
            "this open battery comes to rest too slowly, against its fastest rate, for its "
            "steady state in double precision; `energy` at late times may do"
        )

    @cached_property
    def _gained(self) -> Array:
        return np.asarray(self._means @ self._state) - self._origin

    def topmost(self, most: int) -> float:
        """The probability of so many excitations of both sides together."""
        own, other = self.block.totals
        top = self.block.diagonal & (np.maximum(own, other) >= most)
        return abs(float(np.sum(np.real(self._state[top]))))

    def whole(self, times: Floats) -> Iterator[tuple[npt.NDArray[np.int64], Array]]:
        yield np.arange(len(times)), np.repeat(self._state[:, None], len(times), axis=1)

    def _evaluated(self, times: Floats, rows: slice, derivative: int = 0) -> Array:
        gained = np.zeros_like(self._gained) if derivative else self._gained
        return np.repeat(gained[rows, None], len(times), axis=1)
