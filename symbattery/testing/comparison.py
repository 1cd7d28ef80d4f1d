"""A simulation against exact values; where they differ, the hypothesis that explains it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model, brief
from numerics.model.noise import Noise
from numerics.model.options import separated
from numerics.model.problem import doubles
from numerics.model.states import InitialState
from numerics.observables.table import OBSERVABLES
from symbattery.testing.hypotheses import FITTED, HYPOTHESES
from symbattery.testing.simulation import Simulation, System

__all__ = ["assert_matches"]

# Solvers with their usual tolerances are off by less, relative to the largest value.
_NEARLY = 1e-3
# So many pairs of hypotheses are tried at most, and none after so many seconds.
_MOST_PAIRS, _SECONDS = 3000, 20.0
# So many of them may fit by chance, where curves have so many parameters.
_BY_CHANCE, _PARAMETERS = 0.01, 4

_STRICT = '(QuTiP\'s is strict enough with options={"atol": 1e-10, "rtol": 1e-8}.)'

_Named = tuple[str, str]


def assert_matches(
    times: Any,
    values: Any,
    model: Model,
    start: InitialState | None = None,
    quantity: str = "energy",
    *,
    atol: Any = 1e-6,
    noise: Iterable[Noise] = (),
    **options: Any,
) -> None:
    """An assertion that a simulation gives what ``numerics.charge`` does, or how it is off.

    Where it fails, the hypotheses of :data:`HYPOTHESES` are tried one after the other: another
    clock, a factor in the values or in the coupling, crosstalk counted once, another start, another
    energy, another quantity. The message names the first that fits within the tolerance. Where none
    does, two at once are tried: at most 3000 pairs, and none after 20 s.

    Parameters
    ----------
    times : real, or array of reals
        In 1/energy (in 1/g where the coupling is open), counted from the start.
    values : array
        Those of the simulation, of the shape that ``quantity`` has at these times.
    model : Model, such as SpinCharger
    start : state, optional
        The ideal one if left out.
    quantity : str
        A method of :class:`numerics.Charging`, perhaps with options: "ergotropy(sense=local)".
    atol : positive
        The largest deviation that is allowed, in the unit of the quantity.
    noise : sequence, optional
        Of `loss`, `pump`, `dephasing` and `bath`.
    **options
        Those of the quantity.

    Raises
    ------
    AssertionError
        The values deviate.
    InvalidArgument
        An argument is not what it must be.
    """
    name, given = separated(quantity, "quantity")
    if name not in OBSERVABLES:
        raise invalid("quantity", f"be one of {', '.join(OBSERVABLES)}", quantity)
    allowed = float(checks.positive_number("atol", atol))
    at = checks.times_array(times)
    if not at.size:
        raise invalid("times", "have at least one time", times)
    problem = doubles(model, start, noise)
    asked = System(problem.model, problem.initial, problem.noise)
    simulation = Simulation(at, np.empty(0), asked, asked, name, {**given, **options})
    exact = simulation.exact()
    simulation = replace(simulation, values=_read(values, exact, allowed))
    off = simulation.deviation()
    if off <= allowed:
        return
    __tracebackhide__ = True
    explained = _explained(simulation, allowed, off)
    what = f"{quantity} of {brief(problem.model)} from {brief(problem.initial)}"
    np.testing.assert_allclose(
        simulation.values, exact, rtol=0, atol=allowed,
        err_msg=f"{what}\n{explained}",
    )  # fmt: skip


def _read(values: Any, exact: npt.NDArray[Any], allowed: float) -> npt.NDArray[Any]:
    """The values of the simulation, real where the exact ones are."""
    must = "be numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise invalid("values", f"{must} in an array", values) from None
    if np.ma.is_masked(values) or array.dtype.kind not in "iufc":
        raise invalid("values", f"{must}, none of them masked", values)
    if array.shape != exact.shape:
        raise invalid("values", f"have the shape {exact.shape} at these times", array.shape)
    if array.dtype.kind == "c" and exact.dtype.kind != "c":
        if np.any(np.abs(array.imag) > allowed):
            raise invalid("values", "be real", values)
        array = array.real
    return array


def _explained(simulation: Simulation, allowed: float, off: float) -> str:
    """The first hypothesis that fits, or the first two, or those that nearly do."""
    small = _NEARLY * float(np.max(np.abs(simulation.exact())))
    pairs = off > small and _telling(simulation, allowed)
    one = _first(_alone(simulation), allowed)
    if one.off <= allowed:
        return f"The first hypothesis that fits (to {one.off:.1g}) is {one.text}"
    two = _first(_pairs(simulation) if pairs else (), allowed)
    if two.off <= allowed:
        return f"No single hypothesis fits; the first two that do (to {two.off:.1g}) are {two.text}"
    for number, found in (("one", one), ("two", two)):
        if found.off <= small < off and _telling(simulation, found.off):
            return (
                f"No hypothesis fits, but {number} nearly (to {found.off:.1g}): {found.text}\n"
                f"Is what is left a solver's tolerance? {_STRICT}"
            )
    tried = f", nor do two at once ({two.tried} pairs were tried)" * bool(two.tried)
    names = ", ".join(hypothesis.name for hypothesis in HYPOTHESES)
    loose = f"\nThe deviation is small, at most {off:.1g}: that of a solver's tolerance? {_STRICT}"
    return f"No hypothesis fits (of {names}){tried}.{loose * (off <= small)}"


class _Fit(NamedTuple):
    """The deviation under hypotheses, their names and meanings, and how many were tried."""

    off: float
    text: str
    tried: int


def _first(tries: Iterable[tuple[str, str, Simulation]], allowed: float) -> _Fit:
    """The first that fits, or else one of the best."""
    off, text, tried = math.inf, "", 0
    for names, meaning, changed in tries:
        tried += 1
        # A number that is fitted is always a little nearer than one that has a reason.
        if (rest := changed.deviation()) < off / 2 or rest <= allowed:
            off, text = rest, f"{names}:\n  {meaning}"
        if off <= allowed:
            break
    return _Fit(off, text, tried)


def _telling(simulation: Simulation, allowed: float) -> bool:
    """The values are so many, and so sharp, that hardly any of all pairs fits by chance."""
    size = np.abs(simulation.values)
    different = min(np.count_nonzero(size > allowed), _PARAMETERS)
    if not different or not np.all(np.isfinite(size)):
        return False
    return bool(_MOST_PAIRS * (2 * allowed / size.max()) ** different < _BY_CHANCE)


def _alone(simulation: Simulation) -> Iterator[tuple[str, str, Simulation]]:
    """The name of each hypothesis with a meaning, and the simulation under it."""
    for hypothesis in HYPOTHESES:
        for meaning, changed in hypothesis.applied(simulation):
            yield hypothesis.name, meaning, changed


def _pairs(simulation: Simulation) -> Iterator[tuple[str, str, Simulation]]:
    """Two hypotheses at once: their names and meanings, and the simulation under both."""
    end = monotonic() + _SECONDS
    for (first, meaning), (second, also), both in islice(_combined(simulation), _MOST_PAIRS):
        if monotonic() > end:
            return
        yield f"{first} and {second}", f"{meaning}, and\n  {also}", both


def _combined(simulation: Simulation) -> Iterator[tuple[_Named, _Named, Simulation]]:
    """Each pair of hypotheses, with name and meaning, and the simulation under both.

    The system changes first, so that all that is read from it shares what is computed.
    """
    rows = [hypothesis for hypothesis in HYPOTHESES if hypothesis is not FITTED]
    for i, first in enumerate(rows):
        for meaning, changed in first.applied(simulation):
            other = changed.system is not simulation.system
            for j, second in enumerate(rows):
                # Once, not in either order.
                if j == i or (j < i and not other):
                    continue
                for also, both in second.applied(changed):
                    another = both.system is not changed.system
                    if (other and not another) or (other == another and i < j):
                        yield (first.name, meaning), (second.name, also), both
