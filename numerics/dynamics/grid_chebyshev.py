r"""Evolution inside a large sector, by one Chebyshev recursion for many times.

From the start it takes one real vector; from a state reached before it takes two, but fewer
orders. Whichever is cheaper is done. The norm and the energy are checked on every result.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import numpy as np
import numpy.typing as npt

from numerics.dynamics.bessel_series import series
from numerics.dynamics.chebyshev_recursion import Recursion, add_series, zeros
from numerics.dynamics.conservation import check_conserved, refuse_late
from numerics.dynamics.first_order import Powers
from numerics.dynamics.interface import Bounds, Moments, Wave, add_populations
from numerics.model.resources import Floats, Integers, slices
from numerics.sectors.operator import Basis, Operator

__all__ = ["REMEMBERED", "ChebyshevPropagator", "States"]

REMEMBERED = 2**28
"""Bytes of the states that all propagators together may remember."""

# Bytes of the states worked out together.
_GROUP = 2**28
_MOST_REMEMBERED = 32
# Bytes of the moments at one time, with what holds them.
_MOMENTS = 2**9
# Orders beyond the radians that any expansion takes, roughly.
_OVERHEAD = 60


@dataclass(frozen=True)
class States:
    r"""ψ = even − i odd at some times: (T, L0) and (T, L1), with bounds on \|error of ψ\|.

    The bounds are those of the truncations; rounding comes on top.
    """

    times: Floats
    even: Floats
    odd: Floats
    error: Floats

    def __len__(self) -> int:
        return len(self.times)

    def one(self, row: int) -> States:
        """The state at one of the times, copied."""
        return States(*(column[row : row + 1].copy() for column in vars(self).values()))


@dataclass(frozen=True)
class ChebyshevPropagator:
    """Evolution of one weighted start in one large sector."""

    operator: Operator
    site: int  # the start, on the even side
    weight: float = 1.0
    remembered: int = REMEMBERED  # bytes that may be spent on remembering states
    # What each state of a side is made of, and which of all starts it is.
    bases: tuple[tuple[Basis, ...], tuple[Basis, ...]] = ((), ())
    number: int = 0
    # A superposition, normalised, (L,), in place of the one state at ``site``; where nothing folds.
    vector: npt.NDArray[np.complex128] | None = None
    # What changes: states reached so far, latest last; and moments by time.
    _known: list[States] = field(init=False, repr=False, compare=False, default_factory=list)
    _moments: dict[float, Floats] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    @property
    def bandwidth(self) -> float:
        return 2 * self.operator.radius

    @cached_property
    def bounds(self) -> Bounds:
        gain, third = (
            max(float(side.max()) for side in sides)
            for sides in (self._gains, self.operator.max_third_derivatives)
        )
        second = self.operator.max_second_derivative
        return Bounds(self.weight * gain, self.weight * second, self.weight * third)

    @property
    def third_derivative_points(self) -> tuple[Floats, Floats]:
        """The gain of each state, and what it can add to the third derivative."""
        return np.concatenate(self._gains), np.concatenate(self.operator.max_third_derivatives)

    @property
    def powers(self) -> list[Powers] | None:
        """The powers of H on the start; None for a superposition."""
        if self.vector is not None:
            return None

        def vectors() -> Iterator[tuple[Floats, Floats]]:
            vector = self._origin().even[0]
            for order in count():
                yield vector, self._gains[order % 2]
                vector = self.operator.matrices[order % 2] @ vector

        return [Powers(self.weight, vectors())]

    @property
    def range_of_gains(self) -> float:
        """The largest difference of ΔK, times the weight of the start."""
        return self.weight * float(np.ptp(np.concatenate(self._gains)))

    @property
    def _gains(self) -> tuple[Floats, Floats]:
        """K − k_s on either side."""
        even, odd = self.operator.levels
        if self.vector is not None:
            mean = np.abs(self.vector) ** 2 @ even
            return even - mean, odd - mean
        return even - even[self.site], odd - even[self.site]

    @cached_property
    def _conjugate(self) -> ChebyshevPropagator | None:
        """The motion forwards that mirrors this one backwards, where that is another one."""
        if self.vector is None or not np.any(self.vector.imag):
            return None
        return replace(self, vector=self.vector.conj(), remembered=0)

    @cached_property
    def _energy(self) -> Floats:
        """The diagonal element of H at the start."""
        if self.operator.folded:
            return np.zeros(1)
        return np.asarray(self.operator.forward.diagonal()[[self.site]], dtype=np.float64)

    @cached_property
    def _scale(self) -> float:
        """The norm in units of the amplitude of the head."""
        return 1.0 if self.vector is None else float(1 / np.abs(self.vector[self.site]))

    @property
    def _bytes(self) -> int:
        return 8 * sum(self.operator.lengths)

    def _origin(self) -> States:
        even, odd = (np.zeros((1, length)) for length in self.operator.lengths)
        if self.vector is None:
            even[0, self.site] = 1
        else:
            even[0], odd[0] = self.vector.real, -self.vector.imag
        return States(np.zeros(1), even, odd, np.zeros(1))

    def _plan(self, times: Floats) -> list[tuple[States | None, Integers]]:
        """From where (None: the start) to go to which of the times, at the least cost."""
        radius, everything = self.operator.radius, np.arange(len(times))
        anchors = np.array([0.0, *(float(known.times[0]) for known in self._known)])
        vectors = np.array([1.0, *(2.0 for _ in self._known)])
        far = radius * np.abs(times - anchors[:, None])
        costs = vectors * (far.max(axis=1) + _OVERHEAD)
        nearest = np.argmin(vectors[:, None] * (far + _OVERHEAD), axis=0)
        groups = [(i, np.flatnonzero(nearest == i)) for i in np.unique(nearest)]
        split = sum(vectors[i] * (far[i, mine].max() + _OVERHEAD) for i, mine in groups)
        if split >= costs.min():
            groups = [(int(np.argmin(costs)), everything)]
        return [(self._known[i - 1] if i else None, mine) for i, mine in groups]

    def _evolved(self, origin: States | None, times: Floats) -> tuple[States, Integers]:
        """The states at ``times``, in the order that is returned with them."""
        origin = self._origin() if origin is None else origin
        radians = self.operator.radius * (times - origin.times[0])
        order = np.argsort(np.abs(radians), kind="stable")
        terms = series(radians[order])
        even, odd = zeros(len(times), self.operator.lengths)
        # e^{−iz}(a − ib): a gives even orders to a and odd ones to b; b the reverse, with a sign.
        cut = 0.0
        for side, vector, here, there in ((0, origin.even, even, odd), (1, origin.odd, odd, even)):
            if np.any(vector):
                recursion = Recursion(self.operator, side, vector[0])
                add_series(recursion, terms, here, there, sign=-1 if side else 1)
                cut += recursion.cut
        error = origin.error + terms.tail + 2 * cut * terms.growth
        states = States(times[order], even, odd, error)
        self._check(states, float(origin.times[0]))
        return states, order

    def _check(self, states: States, begin: float) -> None:
        """Norms of all states, and the energy of the one that went furthest."""
        radius = self.operator.radius
        norms = np.einsum("tl,tl->t", states.even, states.even)
        norms += np.einsum("tl,tl->t", states.odd, states.odd)
        for row in {int(np.argmax(norms)), int(np.argmin(norms))}:
            time = float(states.times[row])
            step = f"between the times {begin:.9g} and {time:.9g}"
            check_conserved("the norm", float(norms[row]), 1.0, 1.0, radius * time, step)
        start = self._origin()
        expected = self.operator.energies(start.even[0], start.odd[0])
        found = self.operator.energies(states.even[-1], states.odd[-1])
        time = float(states.times[-1])
        step = f"between the times {begin:.9g} and {time:.9g}"
        for what, power, is_now, was in zip(
            ("the energy", "the mean square of the energy"), (1, 2), found, expected, strict=True
        ):
            check_conserved(what, is_now, was, radius**power, radius * time, step)

    def _remember(self, states: States) -> None:
        """Keep the states as far as they fit, the older ones ever more sparsely."""
        room = min(_MOST_REMEMBERED, self.remembered // self._bytes)
        new = [states.one(row) for row in range(len(states))[:: max(1, -(-len(states) // room))]]
        while len(self._known) + len(new) > room and self._known:
            del self._known[-1::-2]
        self._known.extend(new)

    def states(self, times: Floats) -> Iterator[tuple[States, Integers]]:
        r"""The states at groups of the \|times\|, each with its positions in ``times``.

        Raises
        ------
        PrecisionError
            Times too late for double precision.
        ConservationError
            A state lost its norm or its energy.
        """
        if self._conjugate is not None and np.any(times < 0):
            behind = np.flatnonzero(times < 0)
            for found, chosen in self._conjugate.states(-times[behind]):
                yield found, behind[chosen]
            ahead = np.flatnonzero(times >= 0)
            for found, chosen in self.states(times[ahead]):
                yield found, ahead[chosen]
            return
        if not len(times):
            return
        forward = np.abs(times)
        refuse_late(self.operator.radius, float(forward.max()))
        order = np.argsort(forward, kind="stable")
        for part in slices(len(times), _GROUP // self._bytes):
            chosen = order[part]
            for origin, mine in self._plan(forward[chosen]):
                found, permuted = self._evolved(origin, forward[chosen[mine]])
                if self.remembered >= self._bytes:
                    self._remember(found)
                yield found, chosen[mine[permuted]]

    def _sums(self, states: States, even: Floats, odd: Floats) -> Floats:
        """The means of a diagonal operator, given on the two sides, shape (T,)."""
        a, b = states.even, states.odd
        return np.einsum("tl,tl,l->t", a, a, even) + np.einsum("tl,tl,l->t", b, b, odd)

    def excitation(self, times: Floats) -> Floats:
        result = np.zeros(len(times))
        for states, chosen in self.states(times):
            result[chosen] = self._sums(states, *self._gains)
        return self.weight * result

    def moments(self, times: Floats) -> Moments:
        forward = np.abs(times)
        if self._conjugate is not None:
            forward = times
        # A search for one kind of peak comes by the times of another.
        new = np.array([t for t in np.unique(forward).tolist() if t not in self._moments])
        even, odd = self._gains
        found: dict[float, Floats] = {}
        for states, chosen in self.states(new):
            gained = self._sums(states, even, odd)
            moved = self._sums(states, np.abs(even), np.abs(odd))
            for row, time in enumerate(new[chosen].tolist()):
                slope_curvature = self.operator.derivatives(states.even[row], states.odd[row])
                found[time] = np.array([gained[row], *slope_curvature, moved[row]])
        known = self._moments | found
        if _MOMENTS * len(known) <= self.remembered:
            self._moments.update(found)
        result = np.array([known[t] for t in forward.tolist()]).reshape(len(times), 4).T
        # States ran forward in |t|: the slope is odd in time.
        excitation, slope, curvature, absolute_gain = self.weight * result
        return Moments(excitation, np.sign(times) * slope, curvature, absolute_gain)

    def populations(self, times: Floats, count: int) -> Floats:
        result = np.zeros((count, len(times)))
        for states, chosen in self.states(times):
            some = np.zeros((count, len(chosen)))
            for side, amplitudes in zip(self.bases, (states.even, states.odd), strict=True):
                density = amplitudes.T**2
                for basis in side:
                    weights = self.weight * basis.factor**2
                    add_populations(some, basis.rows, weights, density[basis.sites])
            result[:, chosen] += some
        return result

    def waves(self, times: Floats) -> Iterator[Wave]:
        shape = self.bases[0][0].shape
        for states, chosen in self.states(times):
            psi = np.zeros((*shape, len(chosen)), dtype=np.complex128)
            # States ran forward in |t|: ψ = a − ib.
            ahead = -np.where(times[chosen] < 0, -1.0, 1.0)
            even, odd = self.bases
            for bases, part, amplitudes in (
                (even, psi.real, states.even.T),
                (odd, psi.imag, ahead * states.odd.T),
            ):
                for basis in bases:
                    basis.place(amplitudes, part)
            psi *= self._scale
            yield Wave(np.array([self.number]), chosen, psi[None], None, self._energy)

    def norms(self, times: Floats, rim: Floats) -> Floats:
        result = np.zeros(len(times))
        for states, chosen in self.states(times):
            result[chosen] = np.sqrt(self._sums(states, rim**2, rim**2))
        return self.weight * result

    def error(self, times: Floats) -> Floats:
        """Bounds on the error of `excitation` from the truncated series, rounding apart."""
        result = np.zeros(len(times))
        moved = max(float(np.max(np.abs(gains))) for gains in self._gains)
        for states, chosen in self.states(times):
            result[chosen] = moved * states.error * (2 + states.error)
        return self.weight * result
