r"""Open batteries: the motion of a Liouville block by its Taylor series, step by step.

With :math:`\|A\|\le\Lambda` a step h = θ/Λ has the terms :math:`v_n=hAv_{n-1}/n`, and what follows
the last of K is at most :math:`\|v_K\|\,\frac{\theta}{K+1}/(1-\frac{\theta}{K+2})`. Within a step
means are polynomials in the time, which are kept; the states are not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy

from numerics.dynamics.interface import Bounds, Moments, Wave
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import Floats, TooLargeError, require, require_time
from numerics.sectors.liouville import Labels, Liouville, ends, keys
from numerics.sectors.starts import Levels

__all__ = ["OpenEvolution", "SteadyState"]

# θ: the terms grow to e^θ before they fall, and as many digits are lost to rounding.
_STEP = 4.0
_MOST_TERMS = 100
# What may be left out of all means in one step.
_NEGLIGIBLE = 1e-17
# Of one entry of the generator in one product, and products in a step.
_SECONDS, _OVERHEAD, _PRODUCTS = 2e-9, 2e-5, 32


class _Series(NamedTuple):
    """The coefficients (K + 1, F) of the means in one step, and what is left out of the state."""

    means: npt.NDArray[Any]
    left: float


@dataclass(frozen=True)
class OpenEvolution:
    """The motion of a Liouville block; it has no waves.

    Attributes
    ----------
    block : Liouville
    """

    block: Liouville
    _steps: list[_Series] = field(default_factory=list, repr=False)
    _state: list[npt.NDArray[Any]] = field(default_factory=list, repr=False)

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

    @cached_property
    def _means(self) -> scipy.sparse.csr_array:
        """Rows for the excited cells, the charger's excitations, and the battery's state."""
        block, labels = self.block, self.battery
        (kept,), (diagonal,) = np.nonzero(self._traced), np.nonzero(block.diagonal)
        shape = ends(labels)
        own = keys(shape, labels)
        order = np.argsort(own)
        rows = 2 + order[np.searchsorted(own[order], keys(shape, block.battery.chosen(kept)))]
        places = (
            np.concatenate([0 * diagonal, 1 + 0 * diagonal, rows]),
            np.concatenate([diagonal, diagonal, kept]),
        )
        values = [block.excited[diagonal], block.quanta[diagonal], np.ones(len(kept))]
        size = 2 + len(own), len(block.start)
        return scipy.sparse.coo_array((np.concatenate(values), places), shape=size).tocsr()

    @cached_property
    def _first(self) -> npt.NDArray[Any]:
        """The means at the start."""
        return np.asarray(self._means @ self.block.start)

    # Steps

    @property
    def _duration(self) -> float:
        # Where nothing moves one step is as long as can be.
        return _STEP / max(self.bandwidth, 1e-300)

    def _advance(self) -> None:
        """One more step."""
        if not self._state:
            self._state.append(self.block.start)
        term = state = self._state[0]
        coefficients = [self._means @ term]
        step = self._duration
        enough = _NEGLIGIBLE / math.sqrt(max(1, int(np.count_nonzero(self.block.diagonal))))
        for n in range(1, _MOST_TERMS):
            term = (self.block.generator @ term) * (step / n)
            state = state + term
            coefficients.append(self._means @ term)
            left = float(np.linalg.norm(term)) * _STEP / (n + 1)
            if n >= _STEP and left <= enough * (1 - _STEP / (n + 2)):
                break
        self._steps.append(_Series(np.array(coefficients), left))
        self._state[0] = state

    def _evaluated(self, times: Floats, rows: slice, derivative: int = 0) -> npt.NDArray[Any]:
        """Some means since the start (F, T), or a derivative by time of them."""
        if np.any(times < 0):
            raise invalid("times", "not be negative for an open battery", float(times.min()))
        step = self._duration
        number = (times / step).astype(np.int64)
        self._reach(int(number.max(initial=0)), float(times.max(initial=0.0)))
        first = self._first[rows]
        result = np.zeros((len(first), len(times)), dtype=self._steps[0].means.dtype)
        for n in np.unique(number).tolist():
            (here,) = np.nonzero(number == n)
            series = self._steps[n].means[:, rows].copy()
            # At the start nothing is left to cancel.
            series[0] = 0 if n == 0 else series[0] - first
            for _ in range(derivative):
                series = series[1:] * (np.arange(1, len(series)) / step)[:, None]
            inside = times[here] / step - n
            result[:, here] = np.polynomial.polynomial.polyval(inside, series)
        return result

    def _reach(self, last: int, time: float) -> None:
        """All steps up to a time."""
        missing = last + 1 - len(self._steps)
        product = self.block.generator.nnz * _SECONDS + _OVERHEAD
        seconds = missing * _PRODUCTS * product
        elements = len(self.block.start)
        what = f"An open battery with {elements} elements of its state, up to `times` = {time:.6g},"
        require_time(seconds, what, "earlier times would do")
        require(missing * _PRODUCTS * self._means.shape[0] * self._first.itemsize, what)
        for _ in range(missing):
            self._advance()

    # The interface of all dynamics

    def excitation(self, times: Floats) -> Floats:
        return np.real(self._evaluated(times, slice(0, 1))[0])

    def charged(self, times: Floats) -> Floats:
        """The excitations that the charger has gained."""
        return np.real(self._evaluated(times, slice(1, 2))[0])

    def moments(self, times: Floats) -> Moments:
        gain, slope, curvature = (
            np.real(self._evaluated(times, slice(0, 1), n)[0]) for n in range(3)
        )
        return Moments(gain, slope, curvature, np.abs(gain) + 2 * self._first[0])

    def state(self, times: Floats) -> npt.NDArray[Any]:
        r"""The elements :math:`\rho_{kk'}` of `battery`, (B, T)."""
        x = self._evaluated(times, slice(2, None)) + self._first[2:, None]
        phases = np.array([1, -1j, -1, 1j])[(self.battery.ket - self.battery.bra) % 4]
        return x * phases[:, None] if np.any(phases != 1) else np.real(x)

    def populations(self, times: Floats, count: int) -> Floats:
        diagonal = self.battery.ket == self.battery.bra
        return np.real(self.state(times)[diagonal])

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of ``excitation`` from truncated series, rounding apart."""
        number = (times / self._duration).astype(np.int64)
        self._reach(int(number.max(initial=0)), float(times.max(initial=0.0)))
        left = np.cumsum([step.left for step in self._steps])
        # No evolution of a state increases its trace norm.
        size = math.sqrt(np.count_nonzero(self.block.diagonal)) * float(self.block.excited.max())
        return np.asarray(size * left[number], dtype=np.float64)

    def waves(self, times: Floats) -> Iterator[Wave]:
        raise InvalidArgument("an open battery has no amplitudes")


# Of Λ: so small a rate of a stop at random leaves what the battery comes to.
_SLOW = 1e-5
_MOST_ELEMENTS = 30_000
_MOST_SOLVED, _STEADY = 60, 1e-13


@dataclass(frozen=True)
class SteadyState(OpenEvolution):
    r"""The mean over all times in place of the motion: what an open battery comes to.

    :math:`\epsilon(\epsilon-A)^{-1}` is the mean over times that end at random with the rate
    :math:`\epsilon`; applied again and again it leaves what does not move.
    """

    @cached_property
    def _gained(self) -> npt.NDArray[Any]:
        block, trace = self.block, self.block.diagonal
        size = len(block.start)
        if size > _MOST_ELEMENTS:
            raise TooLargeError(
                f"a steady state is known of at most {_MOST_ELEMENTS} elements, but this open "
                f"battery has {size}; `energy` at late times may do"
            )
        shift = _SLOW * self.bandwidth
        matrix = shift * scipy.sparse.eye_array(size, format="csc") - block.generator.tocsc()
        solve = scipy.sparse.linalg.splu(matrix).solve
        state: npt.NDArray[Any] = block.start.astype(matrix.dtype)
        for _ in range(_MOST_SOLVED):
            last, state = state, shift * solve(state)
            state = state / np.sum(state[trace])
            if float(np.sum(np.abs(state - last))) <= _STEADY:
                break
        return np.asarray(self._means @ state) - self._first

    def _evaluated(self, times: Floats, rows: slice, derivative: int = 0) -> npt.NDArray[Any]:
        gained = np.zeros_like(self._gained) if derivative else self._gained
        return np.repeat(gained[rows, None], len(times), axis=1)
