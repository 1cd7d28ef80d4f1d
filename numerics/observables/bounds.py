r"""Bounds on E, P and the Fisher information by the mean field of a chain, and for γ ≠ 0.

On a chain with the hops h, the energies :math:`\Delta_k` of its sites, 0 at the start, and K
excited cells (Cauchy and Schwarz for any factors :math:`a_{k+1}b_k=h_k^2`, and the conserved
:math:`\langle V\rangle=-\langle\Delta\rangle`; then Jensen with the least concave functions above
a and b, and the largest convex one below Δ)

.. math:: \langle\dot K\rangle^2+\langle\Delta\rangle^2=4\Big|\sum_kh_kc_k^*c_{k+1}\Big|^2
   \le4\langle a_K\rangle\langle b_K\rangle\quad\Rightarrow\quad
   |\langle\dot K\rangle|\le v(\langle K\rangle),

so that no chain charges faster than its mean field, :math:`\dot K=v(K)`. Between two corners
:math:`v^2` is a quadratic polynomial, and the solution is made of cosh or cos. With γ ≠ 0, all
spins up and all cells down, :math:`\langle K\rangle\le\sinh^2\theta` with
:math:`\dot\theta=g\sqrt{MN}(1+|\gamma|\tanh\theta)`. ``derivations/bounds_of_charging.py`` proves
both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import scipy

from numerics.dynamics.concave_bounds import least_concave
from numerics.model.checks import as_given, invalid, times_array
from numerics.model.models import Model
from numerics.model.problem import Problem, doubles, require_size
from numerics.model.resources import Floats
from numerics.model.side_states import Level
from numerics.model.states import InitialState
from numerics.sectors.chains import chains
from numerics.sectors.energy_moments import energy_variances
from numerics.sectors.starts import starts

__all__ = ["energy_bound", "fisher_information_bound", "power_bound"]

# Newton's method for θ rises to the root from below, and doubles its digits.
_STEPS = 60
# The part of the first step where a power that only falls is that at t = 0.
_TINY = 1e-6
# Relative to the largest energy, and to the place of the largest power, which is stationary.
_ROUNDING, _PLACE = 1e-14, 1e-9
_BELOW_ONE = 1 - 2.0**-53


@dataclass(frozen=True)
class _MeanField:
    """K(t) from one start, by the corners between which the square of its speed is quadratic."""

    gained: Floats  # K − K(0) at the corners
    squares: Floats
    # Half the first and the second derivative of the square, after each corner.
    forces: Floats
    curvatures: Floats
    times: Floats

    @classmethod
    def of(cls, first: float, a: Floats, b: Floats, energies: Floats) -> _MeanField:
        """From ``first``, with both factors and the energies (L,), 0 at the start, of all sites.

        As :math:`\\langle V\\rangle=-\\langle\\Delta\\rangle`, the square is
        :math:`4ab-\\Delta^2` with the largest convex function below Δ, where it is positive.
        """
        levels = np.arange(float(len(a))) - first
        (i, below), (j, above), (k, under) = (least_concave(levels, f) for f in (a, b, -energies))
        corners = np.unique(np.concatenate([[0.0], i, j, k]))
        corners = corners[corners >= 0]
        away = -np.interp(corners, k, under)
        away[np.abs(away) < _ROUNDING * np.max(np.abs(energies))] = 0
        rises = np.flatnonzero((away[:-1] < 0) & (away[1:] > 0))
        if len(rises):
            n = rises[0].item()
            zero = corners[n] - away[n] * np.diff(corners)[n] / (away[n + 1] - away[n])
            corners, away = np.insert(corners, n + 1, zero), np.insert(away, n + 1, 0)
        away = np.maximum(away, 0)
        low, high = np.interp(corners, i, below), np.interp(corners, j, above)
        squares, width = 4 * low * high - away**2, np.diff(corners)
        curvatures = (4 * np.diff(low) * np.diff(high) - np.diff(away) ** 2) / width**2
        # Not by differences of squares, which lose all digits where Δ is large.
        forces = 2 * (low[:-1] * np.diff(high) + high[:-1] * np.diff(low))
        forces = (forces - away[:-1] * np.diff(away)) / width
        beyond = np.flatnonzero(squares < 0)
        if len(beyond):
            # The turning point; the speed is a concave function of K, which never gets beyond it.
            n = beyond[0].item() - 1
            start, force, curvature = (float(x[n]) for x in (squares, forces, curvatures))
            root = math.sqrt(max(force**2 - curvature * start, 0.0))
            turn = start / (root - force) if force < 0 else (force + root) / -curvature
            corners = np.append(corners[: n + 1], corners[n] + turn)
            squares = np.append(squares[: n + 1], 0.0)
            forces, curvatures = forces[: n + 1], curvatures[: n + 1]
            if corners[-1] <= corners[-2]:
                corners, squares = corners[:-1], squares[:-1]
                forces, curvatures = forces[:-1], curvatures[:-1]
        speeds = np.sqrt(squares)
        steps = map(
            _passage,
            np.diff(corners).tolist(),
            curvatures.tolist(),
            (speeds[1:] + speeds[:-1]).tolist(),
        )
        return cls(corners, squares, forces, curvatures, np.cumsum([0.0, *steps]))

    def gains(self, times: Floats) -> Floats:
        """K − K(0)."""
        if len(self.gained) == 1:
            return np.zeros_like(times)
        i = np.clip(np.searchsorted(self.times, times, side="right") - 1, 0, len(self.forces) - 1)
        s = np.minimum(times, self.times[-1]) - self.times[i]
        half = np.sqrt(self.curvatures[i] + 0j) * s / 2
        sinhc = np.divide(np.sinh(half), half, out=np.ones_like(half), where=half != 0)
        moved = np.sqrt(self.squares[i]) * s * sinhc * np.cosh(half)
        moved += self.forces[i] * (s * sinhc) ** 2 / 2
        return self.gained[i] + np.clip(moved.real, 0, np.diff(self.gained)[i])

    @property
    def power(self) -> float:
        """The largest (K − K(0))/t: at t = 0, or where t times the speed is K − K(0).

        The speed is a concave function of K, as a² − b² has a concave root for a concave and a
        convex b: it falls below K/t once.
        """
        gains, speeds = self.gained, np.sqrt(self.squares)
        late = np.flatnonzero(self.times * speeds < gains)
        if not len(late):
            return float(speeds[0])
        n = int(late[0])
        time, gain, width = (
            self.times[n - 1].item(),
            gains[n - 1].item(),
            np.diff(gains)[n - 1].item(),
        )
        square, force, curvature = (
            x[n - 1].item() for x in (self.squares, self.forces, self.curvatures)
        )

        def at(x: float) -> tuple[float, float]:
            """The time and the speed at a distance from the corner."""
            speed = math.sqrt(max(square + 2 * force * x + curvature * x**2, 0.0))
            return time + _passage(x, curvature, math.sqrt(square) + speed), speed

        def missing(x: float) -> float:
            return math.prod(at(x)) - gain - x

        low = 0.0 if n > 1 else width * _TINY
        if missing(low) <= 0:
            return math.sqrt(square)
        x = scipy.optimize.brentq(missing, low, width, xtol=_PLACE * width)
        return (gain + x) / at(x)[0]


def _passage(width: float, curvature: float, speeds: float) -> float:
    """The integral of 1/√q over a width, q quadratic with the second derivative 2·curvature.

    ``speeds`` is the sum of √q at both ends.
    """
    rate = math.sqrt(abs(curvature))
    if curvature > 0:
        return 2 * math.atanh(min(rate * width / speeds, _BELOW_ONE)) / rate
    return 2 * math.atan2(rate * width, speeds) / rate if curvature else 2 * width / speeds


def _problem(model: Any, initial: Any) -> Problem[float]:
    """The problem, if bounds are known.

    Raises
    ------
    InvalidArgument
        They are not.
    """
    problem = doubles(model, initial)
    require_size("coupling", problem.parameters.coupling)
    if problem.grouped:
        raise invalid("model", "have equal spins on each side for this bound", problem.model)
    if not problem.charger.distinguishable:
        raise invalid("model", "have a charger, but no drive, for this bound", problem.model)
    return problem


def _mean_fields(problem: Problem[float]) -> Iterator[tuple[float, list[_MeanField]]]:
    """The weight of each start that moves, and its mean fields by two pairs of factors."""
    if not problem.parameters.coupling:
        return
    for stack in chains(problem, starts(problem)):
        own = stack.diagonal[stack.sectors] - stack.energies[:, None]
        if stack.vectors is not None:
            # What the coupling has of the energy at the start is not known to be 0.
            own = np.zeros_like(own)
        of_starts = zip(
            stack.weights, stack.sectors.tolist(), stack.means.tolist(), own, strict=True
        )
        for weight, sector, mean, energies in of_starts:
            hops = np.abs(stack.hops[sector])
            pairs = (
                (np.pad(hops, (1, 0)), np.pad(hops, (0, 1))),
                (
                    np.arange(float(stack.length)),
                    np.pad(hops**2 / np.arange(1, stack.length), (0, 1)),
                ),
            )
            signs = (energies, -energies) if np.any(energies) else (energies,)
            yield (
                float(weight),
                [_MeanField.of(mean, a, b, e) for (a, b), e in product(pairs, signs)],
            )


@dataclass(frozen=True)
class _CounterRotating:
    """All cells down and all charger spins up, at any γ."""

    cells: float
    rate: float  # g√(MN)
    anisotropy: float

    @classmethod
    def of(cls, problem: Problem[float]) -> _CounterRotating:
        (first, *others) = problem.branches()
        full, top = problem.battery.top, problem.charger.top
        if full is None or top is None:
            words = "be 0 for this bound, unless there are cells and charger spins"
            raise invalid("anisotropy", words, problem.parameters.anisotropy)
        if others or first.battery != Level(0) or first.charger != Level(top):
            must = "have all cells down and all charger spins up for this bound with `anisotropy`"
            raise invalid("initial", must, problem.initial)
        p, cells = problem.parameters, float(full)
        return cls(cells, abs(p.coupling) * math.sqrt(cells * float(top)), abs(p.anisotropy))

    def elapsed(self, angle: Any) -> Any:
        """The time of θ, times g√(MN): the integral of 1/(1 + γ tanh θ)."""
        rest, share = 1 - self.anisotropy, -np.expm1(-2 * np.asarray(angle)) / 2
        tail = -np.log1p(-rest * share) / rest if rest else share
        return (angle + self.anisotropy * tail) / (1 + self.anisotropy)

    @property
    def full(self) -> float:
        """The time when all cells are excited, times g√(MN)."""
        return float(self.elapsed(math.asinh(math.sqrt(self.cells))))

    def excited(self, times: Floats) -> Floats:
        """sinh² θ, up to all cells."""
        wanted = np.minimum(self.rate * times, self.full)
        angle = wanted
        for _ in range(_STEPS):
            step = (wanted - self.elapsed(angle)) * (1 + self.anisotropy * np.tanh(angle))
            angle = angle + step
            if np.all(np.abs(step) <= 1e-15 * angle):
                break
        return np.minimum(np.sinh(angle) ** 2, self.cells)


def energy_bound(model: Model, times: Any, initial: InitialState | None = None) -> Any:
    r"""The bound on E(t) by the mean field of each start.

    It is at most :math:`\omega_0\sinh^2(g\sqrt{MN}\,t)` for N spins that are all up, and
    :math:`\omega_0\mu\sin^2(g\sqrt{\max(M,n)}\,t)` up to its top for n photons, μ = min(M, n).

    Parameters
    ----------
    model : model with cells
        At γ = 0 with any detuning, crosstalk and longitudinal coupling; γ ≠ 0 with charger spins.
    times : real, or array of reals
    initial : state, optional
        Any at γ = 0; otherwise all cells down and all charger spins up.

    Returns
    -------
    array of the shape of ``times``
        In units of ``frequency``.

    Raises
    ------
    InvalidArgument
        The bound is not known of this model or start, or ``times`` are not finite real numbers.
    """
    problem, t = _problem(model, initial), np.abs(times_array(times))
    if not problem.conserved:
        gained = _CounterRotating.of(problem).excited(t)
        return as_given("times", times, problem.parameters.frequency * gained)
    gained = np.zeros_like(t)
    for weight, fields in _mean_fields(problem):
        gained = gained + weight * np.min([field.gains(t) for field in fields], axis=0)
    return as_given("times", times, problem.parameters.frequency * gained)


def power_bound(model: Model, initial: InitialState | None = None) -> float:
    r"""The bound on P: the largest power of the mean field, or their mean for a mixture.

    It is at most :math:`\mu\omega_0g\sqrt{MN}/\mathrm{arsinh}\sqrt\mu` for N spins that are all up,
    μ = min(M, N), and :math:`0.72462\,\omega_0g\mu\sqrt{\max(M,n)}` for n photons.

    Parameters
    ----------
    model, initial
        As for `energy_bound`.

    Raises
    ------
    InvalidArgument
        As for `energy_bound`.
    """
    problem = _problem(model, initial)
    if not problem.conserved:
        motion = _CounterRotating.of(problem)
        return problem.parameters.frequency * motion.cells * motion.rate / motion.full
    most = sum(w * min(field.power for field in fields) for w, fields in _mean_fields(problem))
    return problem.parameters.frequency * most


def fisher_information_bound(model: Model, initial: InitialState | None = None) -> float:
    r"""The bound :math:`4\sum_bw_b\mathrm{Var}_bH` on the Fisher information of all populations.

    The mean quantum Fisher information of the starts b, which no time changes. For all cells down
    and all charger spins up it is :math:`4g^2MN` at every γ, detuning and crosstalk; at γ = 0, on
    resonance and without crosstalk each Dicke start has it at all times.

    Parameters
    ----------
    model : model
    initial : state, optional
        A mixture of levels of both sides.

    Returns
    -------
    float
        In units of 1/time².

    Raises
    ------
    InvalidArgument
        ``initial`` has superpositions of levels.
    """
    problem = doubles(model, initial)
    require_size("coupling", problem.parameters.coupling)
    start = starts(problem)
    if start.superposed:
        raise invalid("initial", "be a mixture of levels for this bound", problem.initial)
    return 4 * float(start.weight @ energy_variances(problem, start))
