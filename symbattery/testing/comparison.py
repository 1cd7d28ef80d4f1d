"""A simulation against exact values; where they differ, the hypothesis that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from time import monotonic
from typing import Any

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
    model : SpinCharger, CavityCharger or ClassicalDrive
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
    pairs = _telling(simulation, allowed) and not _nearly(off, exact)
    explained = _explained(simulation, allowed, pairs)
    what = f"{quantity} of {brief(problem.model)} from {brief(problem.initial)}"
    np.testing.assert_allclose(
        simulation.values, exact, rtol=0, atol=allowed,
        err_msg=f"{what}\n{explained}{_loose(off, exact)}",
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


def _nearly(off: float, exact: npt.NDArray[Any]) -> bool:
    return off <= _NEARLY * float(np.max(np.abs(exact)))


def _loose(off: float, exact: npt.NDArray[Any]) -> str:
    """A hint where values are nearly right."""
    if not _nearly(off, exact):
        return ""
    return (
        f"\nThe deviation is small, at most {off:.1g}: that of a solver's tolerance? (QuTiP's is"
        ' strict enough with options={"atol": 1e-10, "rtol": 1e-8}.)'
    )


def _explained(simulation: Simulation, allowed: float, pairs: bool) -> str:
    """The first hypothesis that fits, or the first two."""
    for hypothesis in HYPOTHESES:
        for meaning, changed in hypothesis.applied(simulation):
            off = changed.deviation()
            if off <= allowed:
                name = hypothesis.name
                return f"The first hypothesis that fits (to {off:.1g}) is {name}:\n  {meaning}"
    names = ", ".join(hypothesis.name for hypothesis in HYPOTHESES)
    none = f"No hypothesis fits (of {names})"
    tried, end = 0, monotonic() + _SECONDS
    for first, second, changed in islice(_pairs(simulation), _MOST_PAIRS if pairs else 0):
        if monotonic() > end:
            break
        tried += 1
        off = changed.deviation()
        if off <= allowed:
            return (
                f"No single hypothesis fits; the first two that do (to {off:.1g}) are "
                f"{first[0]} and {second[0]}:\n  {first[1]}, and\n  {second[1]}"
            )
    return f"{none}{f', nor do two at once ({tried} pairs were tried)' * bool(tried)}."


def _telling(simulation: Simulation, allowed: float) -> bool:
    """The values are so many, and so sharp, that hardly any of all pairs fits by chance."""
    size = np.abs(simulation.values)
    different = min(np.count_nonzero(size > allowed), _PARAMETERS)
    if not different or not np.all(np.isfinite(size)):
        return False
    return bool(_MOST_PAIRS * (2 * allowed / size.max()) ** different < _BY_CHANCE)


def _pairs(simulation: Simulation) -> Iterator[tuple[_Named, _Named, Simulation]]:
    """Two hypotheses at once, each with its name and meaning, and the simulation under both.

    The system changes first, so that all that is read from it shares what is computed.
    """
    rows = [hypothesis for hypothesis in HYPOTHESES if hypothesis is not FITTED]
    for i, first in enumerate(rows):
        for meaning, changed in first.applied(simulation):
            other = changed.system is not simulation.system
            for j, second in enumerate(rows):
                # Each pair once.
                if j == i or (j < i and not other):
                    continue
                for also, both in second.applied(changed):
                    another = both.system is not changed.system
                    if (other and not another) or (other == another and i < j):
                        yield (first.name, meaning), (second.name, also), both
