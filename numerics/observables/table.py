r"""The table of observables: each a function of what the engines yield, with its symbol and source.

Engines yield the excitations gained, to full relative accuracy, the populations
:math:`p_k(t)`, the probabilities of :math:`k=0\dots M` excited cells, and the amplitudes, from
which a `Battery` makes its density matrix. A new observable is one function of these, or the weight
:math:`w(k)` of a mean of the populations, and one row, which `register` adds;
:class:`numerics.Charging` offers it by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model.checks import InvalidArgument, invalid
from numerics.model.options import Need, Option, check_row, checked, separated
from numerics.model.problem import Parameters
from numerics.model.resources import Floats, Integers, require, slices
from numerics.observables.battery import Battery

__all__ = [
    "OBSERVABLES",
    "TAKEN",
    "Observable",
    "Pace",
    "average",
    "derivative",
    "evaluated",
    "named",
    "register",
]

# Numbers in the populations that are worked out together.
_CHUNK = 2**24

Pace = Callable[[Floats, Floats, Floats], Floats]
"""A factor (T,) of the times t, the areas ∫g dt up to them, and g(t)."""


def derivative(order: int) -> Pace:
    """The pace of a derivative by time, or of a product of these."""
    return lambda times, areas, couplings: couplings**order


def average(times: Floats, areas: Floats, couplings: Floats) -> Floats:
    """The pace of what is divided by the time."""
    return np.divide(areas, times, out=np.zeros_like(times), where=times != 0)


@dataclass(frozen=True)
class Observable:
    r"""One row of the table; exactly one of ``weight`` and ``function`` is given.

    Attributes
    ----------
    name, symbol, unit : str
        The method of `Charging`, LaTeX, and the unit in words.
    definition : str
        A noun phrase, for docstrings.
    source : str
        The equation or paper that it is from.
    function : callable, optional
        From a `Battery`, and the options as keywords, to an array whose first axis is time.
    options : tuple of Option
        The keywords of the method.
    by_populations : bool
        The function needs the populations, so that times are taken in portions.
    needs : frozenset of Need
        The conditions without which the function has no value.
    symmetric : tuple of str
        The sides, "battery" and "charger", whose spins must start alike.
    linear : bool
        The mean of a diagonal operator, or more of these: its long-time mean is that of the
        dephased state.
    pace : callable, optional
        The factor that a coupling g(t) brings, compared with the coupling 1 at the time ∫g dt.
    weight : callable, optional
        :math:`w(k)` of an array of numbers k of excited cells: the row is the mean of :math:`w`,
        less that at the start. Its long-time mean and its maxima are known.
    order : int
        The power of the frequency that the mean of a weight is multiplied by.
    """

    name: str
    symbol: str
    unit: str
    definition: str
    source: str
    function: Callable[..., npt.NDArray[Any]] | None = None
    options: tuple[Option, ...] = ()
    by_populations: bool = True
    linear: bool = False
    pace: Pace | None = None
    symmetric: tuple[str, ...] = ()
    needs: frozenset[Need] = frozenset()
    weight: Callable[[Integers], Any] | None = None
    order: int = 1

    def __post_init__(self) -> None:
        if (self.weight is None) == (self.function is None):
            raise InvalidArgument(
                f"`weight` or `function` must be given for {self.name}, and not both"
            )
        if self.weight is not None:
            if self.options:
                raise invalid("options", f"be left out beside the weight of {self.name}", "given")
            object.__setattr__(self, "linear", True)

    def weights(self, battery: Battery, cells: Integers) -> Floats:
        """The weights of numbers of excited cells, less their mean at the start."""
        there, first = map(self._weighed, (cells, battery.first_cells))
        return battery.frequency**self.order * (there - battery.start.weight @ first)

    def _weighed(self, cells: Integers) -> Floats:
        assert self.weight is not None
        must = f"give one finite real number for each number of excited cells in {self.name}"
        # A copy: what changes its argument changes no level of the battery.
        given = self.weight(cells.copy())
        try:
            found = np.asarray(given)
        except ValueError:
            found = np.asarray(None)
        if found.dtype.kind not in "biuf" or found.shape not in ((), cells.shape):
            raise invalid("weight", must, given)
        if not np.all(np.isfinite(found)):
            raise invalid("weight", must, given)
        return np.broadcast_to(found.astype(np.float64), cells.shape)

    def values(self, battery: Battery, **options: Any) -> npt.NDArray[Any]:
        """The values at the times (T,) of a battery, (T, …)."""
        if self.function is not None:
            return self.function(battery, **options)
        cells, p = battery.occupied
        return np.asarray(p @ self.weights(battery, cells))

    @property
    def docstring(self) -> str:
        """The docstring of the method."""
        options = "".join(f"        {o.name}\n            {o.meaning}\n" for o in self.options)
        return f"""{self.definition}

        .. math:: {self.symbol}

        Parameters
        ----------
        times : real, or array of reals
            In 1/energy (in 1/g where the coupling is open), of either sign.
{options}
        Returns
        -------
        array whose first axes are those of ``times``
            In units of {self.unit}.

        Raises
        ------
        InvalidArgument
            ``times`` are not finite real numbers, an option has a value that it cannot have, or the
            start is one for which the observable is not known.
        PrecisionError
            A time is so late that double precision cannot hold the phases.
        ConservationError
            A propagation has changed the norm or the energy.
        CutoffError
            A cavity with γ ≠ 0 would need more photons than can be afforded.
        TooLargeError
            The result does not fit into memory.

        Notes
        -----
        {self.source}
        """


def evaluated(row: Observable, battery: Battery, **options: Any) -> npt.NDArray[Any]:
    """The observable at the times (T,) of a battery, in portions that fit into memory.

    Raises
    ------
    TooLargeError
        The result does not.
    PrecisionError
        It is too large for a double.
    """
    battery.require_known(row.name, row.needs, options)
    times = battery.times
    if not len(times):
        # The shape and the kind of number are those at any time.
        return row.values(replace(battery, times=np.zeros(1)), **options)[:0]
    width = max(1, _CHUNK // battery.numbers) if row.by_populations else len(times)
    if width >= len(times):
        return row.values(battery, **options)
    result = None
    for part in slices(len(times), width):
        values = row.values(replace(battery, times=times[part]), **options)
        if result is None:
            shape = (len(times), *values.shape[1:])
            require(8 * int(np.prod(shape)), f"`{row.name}` at {len(times)} times")
            result = np.empty(shape, dtype=values.dtype)
        result[part] = values
    assert result is not None
    return result


OBSERVABLES: dict[str, Observable] = {}
"""The rows by name."""

# Of tables of sweeps.
_COLUMNS = {"cells", "chargers", "noise", "start", "time", "times", "error"}
_COLUMNS |= {spot.name for spot in fields(Parameters)}

TAKEN: set[str] = set()
"""The names that objects with the rows as methods have besides these."""


def named(
    quantity: Any, options: Mapping[str, Any], cells: int | None = None
) -> tuple[Observable, dict[str, Any]]:
    """The row of a text such as ``"ergotropy(sense=local)"``, and its options, checked.

    ``cells`` is the number that there are, where that is known.

    Raises
    ------
    InvalidArgument
        No observable, an unknown option, one that is given twice, or a value it cannot have.
    """
    name, given = separated(quantity, "quantity")
    if name not in OBSERVABLES:
        raise invalid("quantity", f"be one of {', '.join(OBSERVABLES)}", quantity)
    for twice in given.keys() & options.keys():
        raise invalid(twice, f"be given once, in `quantity` = {quantity!r} or beside it", options)
    row = OBSERVABLES[name]
    return row, checked(name, row.options, {**given, **options}, cells)


def register(row: Observable) -> Observable:
    """Add a row to the table.

    Raises
    ------
    InvalidArgument
        As for `check_row`.
    """
    check_row(row.name, row.order, {*OBSERVABLES, *TAKEN, *_COLUMNS})
    OBSERVABLES[row.name] = row
    return row
