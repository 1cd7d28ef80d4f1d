"""The charging of a battery: observables at any time, their maxima and means, and the state."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from numerics.dynamics.dispatch import closed_dynamics, open_dynamics, require_resolved
from numerics.dynamics.interface import BoundedDynamics
from numerics.dynamics.lindblad import OpenEvolution
from numerics.dynamics.time_average import time_average
from numerics.maxima.quantities import Search, check_search, searched
from numerics.maxima.search import NoPeakError, Peak
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model, brief
from numerics.model.noise import Noise
from numerics.model.options import CELLS, Need
from numerics.model.permutations import is_symmetric
from numerics.model.problem import checked_model, doubles
from numerics.model.pulses import Pulse, require_resonance
from numerics.model.regrouping import regrouped
from numerics.model.resources import Floats
from numerics.model.states import InitialState
from numerics.observables.amplitudes import Irrep
from numerics.observables.battery import Battery
from numerics.observables.groups import GroupedBattery
from numerics.observables.methods import RowMethods, add_rows
from numerics.observables.open_battery import OpenBattery
from numerics.observables.reduced import reduced
from numerics.observables.speed import SpeedLimits, speed_limits
from numerics.observables.table import OBSERVABLES, Observable, evaluated, named
from numerics.pulsed import PulsedCharging
from numerics.sectors.starts import levels, populations_at_rest, starts
from numerics.sketch import page, sketch

__all__ = ["Charging", "charge", "collective_advantage"]

# Numbers in the populations of the last times.
_REMEMBERED = 2**20
# Levels of a battery that is drawn where it is shown.
_SKETCHED = 60


@dataclass(frozen=True)
class Charging(RowMethods):
    """A battery being charged, ready to be evaluated at any time; made by :func:`charge`.

    The rows of :data:`numerics.observables.table.OBSERVABLES` are its methods: ``energy(times)``,
    ``power(times)``, ``populations(times)``, ``ergotropy(times, sense="local")``, and so on.
    Observables of the same times share what they are made of.
    """

    model: Model
    initial: InitialState
    _frequency: float = field(repr=False)
    _dynamics: BoundedDynamics = field(repr=False, compare=False)
    _at_start: Battery = field(repr=False, compare=False)
    # The battery at the last times asked for, as long as it is small.
    _last: list[Battery] = field(default_factory=list, repr=False, compare=False)
    noise: tuple[Noise, ...] = ()

    def __repr__(self) -> str:
        of = f"Charging of {brief(self.model)} from {brief(self.initial)}"
        return f"{of} with {', '.join(map(str, self.noise))}" if self.noise else of

    def _repr_html_(self) -> str:
        return page([html.escape(repr(self)), *self._sketched()])

    def _sketched(self) -> Iterator[str]:
        """The first peak and the largest power, and E up to twice the peak, of small batteries."""
        if self._at_start.levels.count > _SKETCHED:
            return
        try:
            peak, power = self.first_peak(), self.max_power()
        except ValueError:
            # There is none, or none that is proved.
            return
        rows = (("first peak of E", peak), ("largest P", power))
        yield html.escape("; ".join(f"{n} = {p.value:.6g} at t = {p.time:.6g}" for n, p in rows))
        times = np.linspace(0, 2 * peak.time, 201)
        yield sketch(times, self.energy(times), "t", "E")

    @property
    def _cells(self) -> int:
        return self._at_start.size - 1

    def _evaluated(self, row: Observable, times: Floats, options: Any) -> npt.NDArray[Any]:
        suited = self._suited(row.name, row.symmetric, row.needs, options)
        return evaluated(row, suited._battery(times), **options)

    def _battery(self, times: Floats) -> Battery:
        """The battery at some times; quantities of the same times share what the engines yield."""
        if self._last and np.array_equal(self._last[0].times, times):
            return self._last[0]
        battery = replace(self._at_start, times=times.copy())
        if len(times) * battery.levels.count <= _REMEMBERED:
            self._last[:] = [battery]
        return battery

    def error(self, times: Any) -> Any:
        """Bounds on what truncated series and a photon cutoff have changed in E(t).

        Rounding comes on top, and the initial weights below 1e-15 that are left out;
        :func:`numerics.certified.check` proves how many digits are right in all.

        Parameters
        ----------
        times
            As for :meth:`energy`.

        Returns
        -------
        array of the shape of ``times``
            In the unit of ``frequency``; 0 where eigenvectors are used.
        """
        t = checks.times_array(times)
        bounds = np.reshape(self._frequency * self._dynamics.error(t.ravel()), t.shape)
        return checks.as_given("times", times, bounds)

    def first_peak(self, quantity: str = "energy", **options: Any) -> Peak:
        """The first local maximum at t > 0 of E, an ergotropy, the capacity or another mean.

        For E, and what follows from it (the local ergotropy, and the daemonic one of a pure state),
        none is missed but for rounding; of the others none is that rises and falls by more than a
        few 1e-9 of the largest possible energy, or of the range of the weights of a mean.

        Parameters
        ----------
        quantity : str
            "energy", "ergotropy" or "capacity", perhaps with options: "ergotropy(sense=local)"; or
            a row of one's own that is the mean of a weight.
        **options
            Those of the quantity; the ``part`` of an ergotropy may be "incoherent" only.

        Raises
        ------
        InvalidArgument
            Nothing is proved of such a quantity, an option is not one of it, or the start is one
            for which it is not known.
        NoPeakError
            It is constant, or has no maximum within a (long) bounded search.
        PrecisionError
            The coupling is so weak, absolutely or against other energies, that rounding covers it.
        CutoffError, TooLargeError
            As for :meth:`energy`.
        """
        return self._scaled(self._search(quantity, options).first_peak())

    def maximum(self, quantity: str = "energy", *, until: Any, **options: Any) -> Peak:
        """The largest value in [0, ``until``], both ends included; the earliest of equal ones.

        Proved but for rounding as for :meth:`first_peak`; of ergotropies with kinks, where
        thousands of intervals are as high, to 1e-9 of the largest possible energy or range.

        Parameters
        ----------
        quantity, **options
            As for :meth:`first_peak`.
        until : positive
            The end of the window.

        Raises
        ------
        InvalidArgument
            As for :meth:`first_peak`; or ``until`` is not a positive finite number, or too large
            for double precision.
        CutoffError, PrecisionError, TooLargeError
            As for :meth:`first_peak`.
        """
        end = float(checks.positive_number("until", until))
        return self._scaled(self._search(quantity, options).maximum(end))

    def max_power(self, quantity: str = "energy", **options: Any) -> Peak:
        """The largest power over *all* times: what E or another quantity has gained, over t.

        (0, 0) for a battery that never gains any. No time beyond (largest possible gain)/P can
        exceed a power P already seen, so the search ends by itself and its result is the global
        maximum, proved as for :meth:`maximum`.

        Parameters
        ----------
        quantity, **options
            As for :meth:`first_peak`.

        Raises
        ------
        InvalidArgument
            As for :meth:`first_peak`.
        NoPeakError
            The search that would prove it is too long.
        CutoffError, PrecisionError, TooLargeError
            As for :meth:`first_peak`.
        """
        return self._scaled(self._search(quantity, options).max_power())

    def mean(self, quantity: str = "energy", **options: Any) -> Any:
        """The mean over all times of a linear observable, by eigenvectors.

        Energies that rounding cannot tell apart count as one.

        Parameters
        ----------
        quantity : str
            "energy", "populations", "switching_work", "work_distribution", "work_characteristic",
            or a row of one's own that is linear; the mean of what is not, as of a variance, is not
            that of the mean state.
        **options
            Those of the quantity.

        Returns
        -------
        float, or an array of the shape that the quantity has at one time

        Raises
        ------
        InvalidArgument
            The quantity is not linear, an option is not one of it, or a cavity has γ ≠ 0.
        TooLargeError
            The eigenvectors of some thousand states do not fit into memory, or take too long.
        """
        row, given = self._named(quantity, options)
        if not row.linear:
            linear = ", ".join(name for name, row in OBSERVABLES.items() if row.linear)
            raise invalid("quantity", f"be linear, one of {linear}", quantity)
        return evaluated(row, self._after_long, **given)[0]

    def steady(self, quantity: str = "energy", **options: Any) -> Any:
        """The value of any observable in the steady state of an open battery.

        Where motion never ends it is that of the mean state.

        Parameters
        ----------
        quantity, **options
            Any observable, with its options.

        Returns
        -------
        float, or an array of the shape that the quantity has at one time

        Raises
        ------
        InvalidArgument
            The battery is not open, the quantity is not known of open batteries, or an option is
            not one of it.
        TooLargeError
            The state has too many elements.
        """
        if not self._at_start.problem.noise:
            raise invalid("noise", "be there for a steady state", ())
        row, given = self._named(quantity, options)
        return evaluated(row, self._after_long, **given)[0]

    @cached_property
    def _after_long(self) -> Battery:
        """The battery in its mean state over all times."""
        first, found = self._at_start, self._dynamics
        if isinstance(found, OpenEvolution):
            return replace(first, dynamics=found.steady, times=np.zeros(1))
        mean = time_average(first.problem, first.start)
        return replace(first, dynamics=mean, times=np.zeros(1))

    def battery_state(self, times: Any) -> list[Irrep]:
        """The battery's state as blocks of total spin j, by decreasing j.

        Each block is there for all copies of j together: its trace is the probability of j, and
        each of the ``multiplicity`` copies has an equal part of it.

        Parameters
        ----------
        times
            As for :meth:`energy`.

        Returns
        -------
        list of Irrep
            With ``state`` of shape (…, K) where it is diagonal in the number of excited cells, for
            γ = 0 and no superposition, or (…, K, K), after the axes of ``times``; the K levels are
            those of ``cells``. Coherences have the phases of the laboratory frame.

        Raises
        ------
        InvalidArgument
            The cells start with different populations.
        TooLargeError
            The blocks do not fit into memory.
        """
        return self._state(times, None)

    def reduced_state(self, cells: Any, times: Any) -> list[Irrep]:
        """The state of some of the cells, any of them: blocks as of :meth:`battery_state`.

        Parameters
        ----------
        cells : int
            How many, at most all.
        times
            As for :meth:`energy`.

        Raises
        ------
        InvalidArgument
            ``cells`` is not such a number, or the cells start with different populations.
        TooLargeError
            The blocks do not fit into memory, or take too long.
        """
        return self._state(times, CELLS.check("cells", cells, self._cells))

    def _state(self, times: Any, cells: int | None) -> list[Irrep]:
        t = checks.times_array(times)
        # A state has axes of its own, and no labels.
        checks.as_given("times", times, np.empty((*t.shape, 0)))
        name = "battery_state" if cells is None else "reduced_state"
        needs = frozenset[Need]() if cells is None else frozenset({Need.LADDER})
        battery = self._suited(name, ("battery",), needs, {})._battery(t.ravel())
        battery.require_known(name, needs, {})
        battery.require_symmetric(name)
        irreps = battery.irreps
        if cells is not None:
            irreps = reduced(irreps, battery.problem.battery, cells)
        return [i._replace(state=i.state.reshape(*t.shape, *i.state.shape[1:])) for i in irreps]

    def speed_limits(self) -> SpeedLimits:
        """The time of the first peak of E, and the Mandelstam–Tamm and Margolus–Levitin bounds.

        Both are times that no evolution with this mean and variance of the energy can fall short
        of, from the start to the state at the first peak.

        Raises
        ------
        InvalidArgument
            The start is mixed.
        NoPeakError, PrecisionError, CutoffError
            As for :meth:`first_peak`.
        """
        self._at_start.require_pure("speed_limits")
        return speed_limits(replace(self._at_start, times=np.array([self.first_peak().time])))

    @cached_property
    def _grouped(self) -> Charging | None:
        """The same battery with a group for each population of its spins."""
        found = regrouped(self.model, self.initial)
        return None if found is None or self._at_start.problem.noise else charge(*found)

    def _suited(
        self, name: str, sides: tuple[str, ...], needs: frozenset[Need], options: dict[str, Any]
    ) -> Charging:
        """The battery that an observable is known of: by groups where spins start unlike."""
        if not is_symmetric(self._at_start.problem, sides):
            other = self._grouped
            if other is not None and not other._at_start.unknown(name, needs, options):
                return other
        return self

    def _named(self, quantity: Any, options: dict[str, Any]) -> tuple[Observable, dict[str, Any]]:
        return named(quantity, options, self._cells)

    def _search(self, quantity: Any, options: dict[str, Any]) -> Search:
        row, given = self._named(quantity, options)
        suited = self._suited(row.name, row.symmetric, row.needs, given)
        check_search(row, suited._at_start, given)
        return searched(row, suited._at_start, suited._searchable, given)

    @property
    def _searchable(self) -> BoundedDynamics:
        """The dynamics, unless rounding hides how E moves."""
        require_resolved(self._dynamics, self._at_start.problem)
        return self._dynamics

    def _scaled(self, peak: Peak) -> Peak:
        return Peak(peak.time, self._frequency * peak.value)


add_rows(Charging)


@overload
def charge(
    model: Model,
    initial: InitialState | None = ...,
    tolerance: Any = ...,
    noise: Iterable[Noise] = ...,
    *,
    coupling: None = ...,
) -> Charging: ...


@overload
def charge(
    model: Model,
    initial: InitialState | None = ...,
    tolerance: Any = ...,
    noise: Iterable[Noise] = ...,
    *,
    coupling: Callable[[float], Any],
) -> PulsedCharging: ...


def charge(
    model: Model,
    initial: InitialState | None = None,
    tolerance: Any = 1e-10,
    noise: Iterable[Noise] = (),
    *,
    coupling: Callable[[float], Any] | None = None,
) -> Charging | PulsedCharging:
    """Charge a battery from an initial state (the ideal one by default).

    Parameters
    ----------
    model : Model, such as SpinCharger
        With numbers in every field; what is left open is 1.
    initial : state, optional
        From `dicke`, `product`, `thermal`, `fock`, `coherent`, `squeezed`, `spin_coherent`,
        `superposition` or `mixture`.
    tolerance : positive
        The largest error of E from a photon cutoff, in units of M ω0. Only a cavity with γ ≠ 0, or
        one that noise pumps, has one; all else is exact but for rounding (and for initial weights
        below 1e-15 in total, or amplitudes of a superposition below its own ``tolerance``).
    noise : sequence, optional
        Of `loss`, `pump`, `dephasing` and `bath`.
    coupling : callable, optional
        On resonance and without noise a coupling g(t) in place of the constant one, which the model
        leaves open. All depends on its area, to double precision (:meth:`PulsedCharging.area`).

    Raises
    ------
    InvalidArgument
        No model, state or noise, a symbol in it, what does not fit the model, an energy of a size
        that double precision has no room for, or a ``coupling`` that is no function, or one off
        resonance or with noise (:func:`numerics.schedule` takes constant intervals).
    TooLargeError
        The sectors do not fit into memory, or the state takes too long to expand.
    """
    problem = doubles(model, initial, noise)
    if coupling is not None and problem.noise:
        raise invalid("noise", "be left out where `coupling` depends on time", problem.noise)
    if coupling is not None:
        pulse = Pulse(coupling)
        require_resonance(problem, problem.model.coupling)
        ahead, back = (charge(replace(model, coupling=g), initial, tolerance) for g in (1, -1))
        return PulsedCharging(problem.model, problem.initial, pulse, ahead, back)
    allowed = float(checks.positive_number("tolerance", tolerance))
    start = starts(problem)
    kind: type[Battery] = GroupedBattery if problem.grouped else Battery
    dynamics: BoundedDynamics
    if problem.noise:
        dynamics = motion = open_dynamics(problem, start, allowed)
        reached, still, kind = motion.levels, np.zeros(motion.levels.count), OpenBattery
    else:
        dynamics = closed_dynamics(problem, start, allowed)
        reached, still = levels(problem, start), populations_at_rest(problem, start)
    top = problem.battery.top
    size = int(reached.cells.max() if top is None else top) + 1
    battery = kind(problem, start, dynamics, reached, still, size, np.zeros(1))
    frequency = problem.parameters.frequency
    return Charging(
        problem.model, problem.initial, frequency, dynamics, battery, noise=problem.noise
    )


def collective_advantage(model: Model, chargers_per_cell: Any = None) -> float:
    r"""The ratio :math:`\eta = P_\max/(M\,p_\max)` of Eq. (10), from the ideal start.

    In the parallel scheme of Eq. (9) each of the M cells is charged by a charger of its own:
    ``chargers_per_cell`` spins (N/M by default), or a cavity with one photon; the coupling and
    all else stay the same. Both powers are global maxima.

    Raises
    ------
    InvalidArgument
        ``model`` is none or has a symbol, or M does not divide N and nothing else is given.
    NoPeakError
        A single cell is not charged at all.
    """
    single = checked_model(model).single_cell(chargers_per_cell)
    parallel = charge(single).max_power().value
    if parallel == 0:
        raise NoPeakError("η has no value: a single cell gains no power (`coupling` = 0)")
    return charge(model).max_power().value / (model.cells * parallel)
