r"""Pulses: couplings g(t), and their areas :math:`\int_0^tg\,dt'`.

A pulse is expanded in Chebyshev polynomials on intervals that are halved until the expansion has
converged: its areas are exact but for rounding, and so are the times at which it changes its sign.
Steps and kinks are found by halving; a detail that is shorter than a thousandth
of the latest time may be missed where it lies between all nodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import chebyshev

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.problem import Problem
from numerics.model.resources import Floats

__all__ = ["Pulse", "Window", "require_resonance"]

_DEGREE = 16
# Intervals to begin with, and at most.
_FIRST, _MOST = 64, 2**12
# What an expansion may leave out of the area of |g|, and the spacing of doubles.
_LEFT_OUT, _EPSILON = 1e-17, 2.0**-52
# Between the nodes: there the expansion is tried.
_TRIED = np.array([-0.9718, -0.3371, 0.1537, 0.8113])
_MUST = "be a function from a time to a finite real number"


@dataclass(frozen=True)
class Window:
    """The expansions of a pulse between 0 and a time, of either sign.

    Attributes
    ----------
    edges : array (P + 1,)
        The ends of the intervals, from 0 on.
    coefficients : array (P, D)
        Of the Chebyshev series of g in each interval.
    areas : array (P + 1,)
        The areas from 0 to each edge.
    error : float
        A bound on what the expansions leave out of an area, with its rounding.
    """

    edges: Floats
    coefficients: Floats
    areas: Floats
    error: float

    def _places(self, times: Floats) -> tuple[np.ndarray, Floats, Floats]:
        """The intervals of some times, the places in [−1, 1], and half their lengths."""
        direction = 1.0 if self.edges[-1] >= 0 else -1.0
        interval = np.searchsorted(direction * self.edges, direction * times, side="right") - 1
        interval = np.clip(interval, 0, len(self.coefficients) - 1)
        left, half = self.edges[interval], np.diff(self.edges)[interval] / 2
        return interval, np.clip((times - left) / half - 1, -1, 1), half

    def area(self, times: Floats) -> Floats:
        """The areas up to some times within the window."""
        interval, x, half = self._places(times)
        whole = chebyshev.chebint(self.coefficients, lbnd=-1, axis=1)[interval].T
        return self.areas[interval] + half * chebyshev.chebval(x, whole, tensor=False)

    @property
    def turns(self) -> Floats:
        """The times at which the area is largest or least on its way, with both ends."""
        found = list(self.edges)
        for left, right, series in zip(
            self.edges[:-1], self.edges[1:], self.coefficients, strict=True
        ):
            if np.any(series) and np.abs(series[1:]).sum() >= abs(series[0]):
                roots = chebyshev.chebroots(series)
                inside = roots.real[(np.abs(roots.imag) < 1e-8) & (np.abs(roots.real) < 1)]
                found += list(left + (right - left) * (inside + 1) / 2)
        return np.array(sorted(found, key=abs))

    def first(self, area: float) -> float:
        """The first time at which an area is reached, one that is.

        Raises
        ------
        ValueError
            It is not.
        """
        turns, sign = self.turns, -1.0 if area < 0 else 1.0

        def reached(times: Floats) -> np.ndarray:
            return sign * (self.area(times) - area) >= -self.error

        found = np.flatnonzero(reached(turns))
        if not len(found):
            raise ValueError(f"an area of {area} is not reached")
        low, high = float(turns[max(found[0] - 1, 0)]), float(turns[found[0]])
        while (middle := (low + high) / 2) not in (low, high):
            low, high = (low, middle) if reached(np.array([middle]))[0] else (middle, high)
        return high


@dataclass(frozen=True)
class Pulse:
    """A coupling that depends on time.

    Attributes
    ----------
    function : callable
        g(t): from a time to a finite real number.
    """

    function: Callable[[float], Any]

    def __post_init__(self) -> None:
        if not callable(self.function):
            raise invalid("coupling", _MUST, self.function)
        self.values(np.zeros(1))

    def values(self, times: Floats) -> Floats:
        """The coupling at some times.

        Raises
        ------
        InvalidArgument
            The function does not give finite real numbers.
        """
        found = []
        for time in times.tolist():
            try:
                value = self.function(time)
            except Exception as error:
                raise InvalidArgument(
                    f"`coupling` must {_MUST}, but raises {error!r} at {time}"
                ) from error
            value = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
            found.append(checks.number("coupling", value, f"{_MUST} (here at {time})"))
        return np.array(found, dtype=np.float64)

    def areas(self, times: Floats) -> Floats:
        """The areas from 0 to some times (T,), of either sign; raises as `window`."""
        result = np.zeros(len(times))
        for chosen in (times > 0, times < 0):
            if np.any(chosen):
                latest = times[chosen][np.argmax(np.abs(times[chosen]))]
                result[chosen] = self.window(float(latest)).area(times[chosen])
        return result

    def window(self, until: float) -> Window:
        """The expansions between 0 and a time.

        Raises
        ------
        InvalidArgument
            The function does not give finite real numbers, or its intervals do not converge.
        """
        nodes = chebyshev.chebpts2(_DEGREE + 1)
        analysis = np.linalg.inv(chebyshev.chebvander(nodes, _DEGREE))
        places = np.concatenate([nodes, _TRIED])
        done: dict[float, tuple[float, Floats, float]] = {}
        waiting = np.linspace(0.0, until, _FIRST + 1)
        intervals = list(zip(waiting[:-1].tolist(), waiting[1:].tolist(), strict=True))
        size, made = 0.0, 0
        while intervals:
            made += len(intervals)
            if made > _MOST:
                must = "be smooth but for some steps and kinks: it takes too many intervals"
                raise InvalidArgument(f"`coupling` must {must} up to the time {until:g}")
            ends = np.array(intervals)
            middle, half = ends.mean(axis=1), np.diff(ends, axis=1)[:, 0] / 2
            values = self.values((middle[:, None] + half[:, None] * places).ravel())
            values = values.reshape(len(intervals), -1)
            series = values[:, : _DEGREE + 1] @ analysis.T
            tried = chebyshev.chebval(_TRIED, series.T)
            off = np.abs(tried - values[:, _DEGREE + 1 :]).max(axis=1)
            off = np.maximum(off, np.abs(series[:, -2:]).max(axis=1))
            largest = np.abs(values).max(axis=1)
            if not size:
                size = float(np.abs(half) @ largest) or 1.0
            # Within rounding of the values and of their times, or too short to matter.
            slopes = np.abs(series) @ np.arange(_DEGREE + 1.0) / np.abs(half)
            noise = _EPSILON * (8 * largest + 2 * np.abs(middle) * slopes)
            fine = np.minimum(off - noise, off * np.abs(half) - _LEFT_OUT * size)
            fine = np.where(np.abs(half) <= 4 * np.spacing(np.abs(middle)), 0.0, fine)
            halved: list[tuple[float, float]] = []
            for i, (left, right) in enumerate(intervals):
                if fine[i] <= 0:
                    lost = float(2 * min(off[i], 2 * largest[i]) * abs(half[i]))
                    done[left] = right, series[i], lost
                else:
                    halved += [(left, float(middle[i])), (float(middle[i]), right)]
            intervals = halved
        starts = sorted(done, key=abs)
        edges = np.array([*starts, done[starts[-1]][0]])
        coefficients = np.array([done[left][1] for left in starts])
        parts = np.diff(edges) / 2 * _whole(coefficients)
        areas = np.concatenate([[0.0], np.cumsum(parts.astype(np.longdouble))]).astype(np.float64)
        error = sum(done[left][2] for left in starts) + 4 * _EPSILON * float(np.abs(parts).sum())
        return Window(edges, coefficients, areas, error)


def _whole(series: Floats) -> Floats:
    """The integrals of Chebyshev series over [−1, 1], (P,)."""
    n = np.arange(0, series.shape[1], 2)
    result: Floats = series[:, ::2] @ (2 / (1 - n**2.0))
    return result


def require_resonance(problem: Problem[Any], coupling: Any) -> None:
    """Refuse a model whose motion depends on more than the area of a pulse.

    ``coupling`` is that of the model as it was given.

    Raises
    ------
    InvalidArgument
        The model has a coupling of its own, or is not on resonance.
    """
    if coupling is not None:
        must = "be left open in the model where it is given as a function of time"
        raise invalid("coupling", must, coupling)
    if not (problem.chained and problem.parameters.chiral):
        raise InvalidArgument(
            "`coupling` must be constant, or constant on intervals (numerics.schedule), off "
            "resonance, with crosstalk or groups of spins and where `anisotropy` is not 0: only "
            "on resonance does the charging depend on nothing but the area of g(t)"
        )
