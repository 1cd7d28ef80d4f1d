r"""Starts with coherences: every side in one pure state of its symmetric ladder, or at a level.

A superposition of numbers of photons, of Dicke states, or the product of equal spin states. Each
side has amplitudes :math:`a_n` over its levels; a start of two such sides is one pure state.

The pure Gaussian states of a mode, :math:`D(\alpha)S(\xi)|0\rangle` with :math:`\xi=re^{i\phi}`,
are annihilated by :math:`\cosh r\,(a-\alpha)+e^{i\phi}\sinh r\,(a^\dagger-\alpha^*)`, so that

.. math:: \sqrt{n+1}\,a_{n+1}=\beta a_n-\tau\sqrt n\,a_{n-1},\qquad
    \tau=e^{i\phi}\tanh r,\quad\beta=\alpha+\tau\alpha^*.

**The tail.** With :math:`b=|\beta|/\sqrt{n+1}` and :math:`q^2=bq+|\tau|`, a bound
:math:`|a_m|\le Aq^m` for m = n − 1 and n holds for all later m. Where q < 1 the weight beyond n is
therefore at most :math:`A^2q^{2n+2}/(1-q^2)`: amplitudes are cut where its root is ``tolerance``.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from numbers import Complex, Rational, Real
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import Floats
from numerics.model.side_states import Branch, Level, Primitive, Superposed, Value
from numerics.model.sides import Side
from numerics.model.states import InitialState, Mixture, System

__all__ = [
    "Amplitudes",
    "Bloch",
    "Gaussian",
    "Superposition",
    "coherent",
    "components",
    "photon_distribution",
    "spin_coherent",
    "squeezed",
    "superposition",
]

Vector = npt.NDArray[np.complex128]

# Amplitudes of more photons would take more sectors than can be followed.
_MOST_PHOTONS = 100_000
_LARGE = 1e100
# What is left out of the amplitudes unless a state says otherwise: nothing that doubles show.
_TOLERANCE = 1e-16


def components(value: Any) -> tuple[Any, Any]:
    """The real and the imaginary part of a number of any kind, as exact as it is."""
    if isinstance(value, Complex) and not isinstance(value, Real):
        return value.real, value.imag
    split = getattr(value, "as_real_imag", None)
    return (value, 0) if split is None or isinstance(value, Real) else split()


def _described(label: str, field: str, value: Any) -> Iterator[Value]:
    real, imag = components(value)
    yield Value(label, field, real)
    if imag != 0:
        yield Value(label, field, imag)


def _without_tails(first: int, amplitudes: Vector, tolerance: float) -> tuple[int, Vector]:
    """Normalised amplitudes without their ends, whose norm is at most ``tolerance``."""
    weights = np.abs(amplitudes) ** 2
    weights /= weights.sum()
    low = int(np.searchsorted(np.cumsum(weights), tolerance**2 / 2, side="right"))
    high = int(np.searchsorted(np.cumsum(weights[::-1]), tolerance**2 / 2, side="right"))
    rest = amplitudes[low : len(amplitudes) - high]
    return first + low, rest / np.linalg.norm(rest)


@dataclass(frozen=True)
class Amplitudes(Superposed):
    """Amplitudes of the levels 0, 1, …, up to a common factor."""

    amplitudes: tuple[Any, ...]

    def __post_init__(self) -> None:
        must = "be a sequence of amplitudes"
        given = checks.entries("amplitudes", self.amplitudes, must)
        exact = tuple(checks.exactly(f"amplitudes[{n}]", value) for n, value in enumerate(given))
        size = max((abs(checks.complex_number(f"amplitudes[{n}]", v)) for n, v in enumerate(exact)),
                   default=0.0)  # fmt: skip
        if size == 0:
            raise invalid("amplitudes", f"{must}, not all of them 0", given)
        object.__setattr__(self, "amplitudes", exact)

    def expanded(self, side: Side) -> tuple[int, Vector]:
        every = np.array([checks.complex_number("", value) for value in self.amplitudes])
        every /= np.abs(every).max()
        occupied = np.flatnonzero(every)
        rest = every[occupied[0] : occupied[-1] + 1]
        return int(occupied[0]), rest / np.linalg.norm(rest)

    def check(self, name: str, side: Side) -> None:
        most = len(self.amplitudes) - 1
        if side.top is not None and (most > side.top) == True:  # noqa: E712
            must = f"have at most {side.top + 1} amplitudes, of the levels 0 … {side.top}"
            raise invalid(name, must, self.amplitudes)

    def values(self, label: str) -> Iterator[Value]:
        for n, value in enumerate(self.amplitudes):
            yield from _described(f"{label}[{n}]", "amplitude", value)


@dataclass(frozen=True)
class Bloch(Superposed):
    r"""All spins of a side in :math:`\cos\frac\theta2|1\rangle+e^{i\varphi}\sin\frac\theta2|0\rangle`.

    Up for θ = 0, down for θ = π; the angles are those of the Bloch sphere.
    """  # noqa: E501

    theta: Any
    phi: Any = 0

    def __post_init__(self) -> None:
        for name in ("theta", "phi"):
            value = checks.exactly(name, getattr(self, name))
            checks.real(name, value, symbolic=True)
            object.__setattr__(self, name, value)

    def expanded(self, side: Side) -> tuple[int, Vector]:
        n, theta, phi = int(side.top), float(self.theta), float(self.phi)
        up, down = math.cos(theta / 2), math.sin(theta / 2)
        # cos(π/2) is no zero in doubles.
        if min(abs(up), abs(down)) < _TOLERANCE:
            return (n, np.ones(1, complex)) if abs(up) > abs(down) else (0, np.ones(1, complex))
        k = np.arange(n + 1.0)
        steps = np.log((n - k[:-1]) / (k[:-1] + 1)) / 2 + math.log(abs(up / down))
        logs = np.concatenate([[0.0], np.cumsum(steps)])
        phases = np.exp(-1j * ((k * phi) % (2 * math.pi))) * np.sign(up * down) ** k
        sizes: Floats = np.exp(logs - logs.max())
        return _without_tails(0, sizes * phases, _TOLERANCE)

    def check(self, name: str, side: Side) -> None:
        if side.spin is None:
            raise invalid(name, f"be a state of photons or levels for a {side.noun}", self)

    def values(self, label: str) -> Iterator[Value]:
        yield Value(f"{label}.theta", "theta", self.theta)
        yield Value(f"{label}.phi", "phi", self.phi)


@dataclass(frozen=True)
class Gaussian(Superposed):
    """A displaced squeezed vacuum of a mode: displacement α, squeezing r and its angle φ."""

    displacement: Any
    squeezing: Any = 0
    angle: Any = 0
    tolerance: Any = _TOLERANCE

    def __post_init__(self) -> None:
        for name in ("displacement", "squeezing", "angle"):
            value = checks.exactly(name, getattr(self, name))
            object.__setattr__(self, name, value)
            check = checks.complex_number if name == "displacement" else checks.real
            check(name, value, symbolic=True)
        checks.positive_number("tolerance", self.tolerance)
        if not self.tolerance < 1:
            raise invalid("tolerance", "be less than 1", self.tolerance)

    def expanded(self, side: Side) -> tuple[int, Vector]:
        alpha, r = checks.complex_number("displacement", self.displacement), float(self.squeezing)
        tau = cmath.exp(1j * float(self.angle)) * math.tanh(r)
        beta, allowed = alpha + tau * alpha.conjugate(), float(self.tolerance) ** 2 / 2
        mean = abs(alpha) ** 2 + math.sinh(min(abs(r), 100.0)) ** 2
        if mean > _MOST_PHOTONS:
            raise invalid("initial", f"have at most {_MOST_PHOTONS} photons", mean)
        found, sizes = [1 + 0j, beta], 1 + abs(beta) ** 2
        for n in range(1, 2 * _MOST_PHOTONS):
            now, before = found[n], found[n - 1]
            b = abs(beta) / math.sqrt(n + 1)
            q = (b + math.sqrt(b * b + 4 * abs(tau))) / 2
            if q < 1:
                edge = max(abs(now), abs(before) * q)
                if edge**2 * q * q <= allowed * (1 - q * q) * sizes:
                    break
            found.append((beta * now - tau * math.sqrt(n) * before) / math.sqrt(n + 1))
            sizes += abs(found[-1]) ** 2
            if sizes > _LARGE:
                unit = math.sqrt(sizes)
                found, sizes = [value / unit for value in found], 1.0
        else:
            raise invalid("initial", f"have at most {2 * _MOST_PHOTONS} numbers of photons", self)
        every = np.array(found)
        # Of a squeezed vacuum every other amplitude is exactly 0.
        return _without_tails(0, every, float(self.tolerance) / math.sqrt(2))

    def check(self, name: str, side: Side) -> None:
        if side.top is not None or side.quanta != "photons":
            raise invalid(name, f"be a state of spins or levels for a {side.noun}", self)

    def values(self, label: str) -> Iterator[Value]:
        yield from _described(f"{label}.displacement", "displacement", self.displacement)
        for name in ("squeezing", "angle"):
            yield Value(f"{label}.{name}", name, getattr(self, name))


def _one_side(name: str, value: Any) -> Primitive:
    """A level, amplitudes of levels, or another pure state of a side."""
    if isinstance(value, Superposed | Level):
        return value
    if np.iterable(value) and not isinstance(value, str | bytes):
        try:
            return Amplitudes(value)  # type: ignore[arg-type]  # any iterable: it becomes a tuple
        except InvalidArgument as error:
            raise InvalidArgument(str(error).replace("`amplitudes", f"`{name}", 1)) from None
    return Level(checks.non_negative_integer(name, value, symbolic=True))


@dataclass(frozen=True)
class Superposition(InitialState):
    """Cells and charger each in a pure state of the symmetric ladder."""

    charger: Any
    excited_cells: Any = 0

    def __post_init__(self) -> None:
        for name in ("charger", "excited_cells"):
            object.__setattr__(self, name, _one_side(name, getattr(self, name)))

    def branches(self, model: System) -> Iterator[Branch]:
        yield Branch((), self.excited_cells, self.charger)

    def check(self, model: System) -> None:
        for name, side in (("excited_cells", model.battery), ("charger", model.charger)):
            state = getattr(self, name)
            if not side.distinguishable and state != Level(0):
                raise invalid(f"initial.{name}", f"be 0 for a {side.noun}", state)
            if isinstance(state, Superposed):
                state.check(f"initial.{name}", side)
            elif side.top is not None and (state.level > side.top) == True:  # noqa: E712
                raise invalid(f"initial.{name}", f"be at most {side.top}", state.level)

    def values(self, label: str = "initial") -> Iterator[Value]:
        for name in ("charger", "excited_cells"):
            state = getattr(self, name)
            if isinstance(state, Superposed):
                yield from state.values(f"{label}.{name}")
            else:
                yield Value(f"{label}.{name}", name, state.level)


def _root(value: Any) -> Any:
    """The square root, exact where there is an exact one."""
    if isinstance(value, Rational):
        above, below = (math.isqrt(int(n)) for n in (value.numerator, value.denominator))
        if above**2 == value.numerator and below**2 == value.denominator:
            return Fraction(above, below)
    # SymPy keeps roots.
    return value ** Fraction(1, 2) if hasattr(value, "as_real_imag") else math.sqrt(value)


def coherent(
    amplitude: Any = None,
    *,
    mean_photons: Any = None,
    excited_cells: Any = 0,
    tolerance: Any = _TOLERANCE,
) -> Superposition:
    r"""A cavity in the coherent state :math:`|\alpha\rangle`, or of ``mean_photons`` = |α|².

    Parameters
    ----------
    amplitude : number
        α, real or complex.
    mean_photons : number
        In its place; then α is positive.
    excited_cells : int, sequence of numbers, or Bloch
        The cells: a symmetric level, amplitudes of the levels 0, 1, …, or spins along a direction.
    tolerance : positive
        The largest norm of the amplitudes that are left out.

    Raises
    ------
    InvalidArgument
        Neither α nor the mean, or both; or no such number.
    """
    if (amplitude is None) == (mean_photons is None):
        given = "neither is" if amplitude is None else f"both are: {amplitude} and {mean_photons}"
        raise InvalidArgument(
            f"`coherent` must be given an `amplitude` or `mean_photons`, but {given}"
        )
    if amplitude is None:
        mean = checks.exactly("mean_photons", mean_photons)
        checks.non_negative("mean_photons", mean, symbolic=True)
        amplitude = _root(mean)
    return Superposition(Gaussian(amplitude, tolerance=tolerance), excited_cells)


def squeezed(
    squeezing: Any,
    angle: Any = 0,
    *,
    displacement: Any = 0,
    excited_cells: Any = 0,
    tolerance: Any = _TOLERANCE,
) -> Superposition:
    r"""A cavity in a squeezed vacuum that may be displaced.

    The state :math:`D(\alpha)S(re^{i\phi})|0\rangle` has
    :math:`|\alpha|^2+\sinh^2r` photons on average, and with φ = 0 the least noise in
    :math:`a+a^\dagger`.

    Parameters
    ----------
    squeezing, angle : real
        r and φ.
    displacement : number
        α, real or complex.
    excited_cells, tolerance
        As for `coherent`.

    Raises
    ------
    InvalidArgument
        No such number.
    """
    return Superposition(Gaussian(displacement, squeezing, angle, tolerance), excited_cells)


def spin_coherent(theta: Any, phi: Any = 0, *, excited_cells: Any = 0) -> Superposition:
    r"""Charger spins that all point along (θ, φ) of the Bloch sphere: up for θ = 0.

    ``spin_coherent(0, excited_cells=Bloch(theta, phi))`` has such cells, and full charger spins.

    Raises
    ------
    InvalidArgument
        No real angles.
    """
    return Superposition(Bloch(theta, phi), excited_cells)


def superposition(charger: Any, *, excited_cells: Any = 0) -> Superposition:
    r"""A pure product state, each side with amplitudes over its levels: Dicke or Fock states.

    Parameters
    ----------
    charger, excited_cells : int, sequence of numbers, or Bloch
        A level, the amplitudes of the levels 0, 1, … up to a common factor, or spins that all
        point along one direction.

    Raises
    ------
    InvalidArgument
        Neither a level nor amplitudes, or amplitudes that are all 0.
    """
    return Superposition(charger, excited_cells)


def photon_distribution(probabilities: Iterable[Any], *, excited_cells: Any = 0) -> Mixture:
    """A mixture of 0, 1, … photons with these probabilities, and the cells as of `coherent`.

    Raises
    ------
    InvalidArgument
        Numbers that are no probabilities, or do not sum to 1 (up to 1e-9, as of `mixture`).
    """
    given = checks.entries("probabilities", probabilities, "be a sequence of probabilities")
    for n, value in enumerate(given):
        checks.probability(f"probabilities[{n}]", checks.exactly("probabilities", value))
    parts = [
        (value, Superposition(n, excited_cells)) for n, value in enumerate(given) if value != 0
    ]
    if not parts:
        raise invalid("probabilities", "sum to 1", given)
    return Mixture(tuple(parts))
