"""A simulation against exact values; where they differ, the hypothesis that explains it."""

from __future__ import annotations

from collections.abc import Iterable
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
from symbattery.testing.hypotheses import HYPOTHESES
from symbattery.testing.simulation import Simulation

__all__ = ["assert_matches"]

# Solvers with their usual tolerances are off by less, relative to the largest value.
_NEARLY = 1e-3


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
    energy, another quantity. The message names the first that fits within the tolerance.

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
    simulation = Simulation(
        at, np.empty(0), problem.model, problem.initial, problem.noise, name, {**given, **options}
    )
    exact = simulation.exact()
    simulation = simulation.having(_read(values, exact, allowed))
    off = simulation.deviation(exact)
    if off <= allowed:
        return
    __tracebackhide__ = True
    what = f"{quantity} of {brief(problem.model)} from {brief(problem.initial)}"
    np.testing.assert_allclose(
        simulation.values, exact, rtol=0, atol=allowed,
        err_msg=f"{what}\n{_explained(simulation, allowed)}{_loose(off, exact)}",
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


def _loose(off: float, exact: npt.NDArray[Any]) -> str:
    """A hint where values are nearly right."""
    if off > _NEARLY * np.max(np.abs(exact)):
        return ""
    return (
        f"\nThe deviation is small, at most {off:.1g}: that of a solver's tolerance? (QuTiP's is"
        ' strict enough with options={"atol": 1e-10, "rtol": 1e-8}.)'
    )


def _explained(simulation: Simulation, allowed: float) -> str:
    for hypothesis in HYPOTHESES:
        for candidate in hypothesis.candidates(simulation):
            off = simulation.deviation_of(candidate)
            if off <= allowed:
                return (
                    f"The first hypothesis that fits (to {off:.1g}) is {hypothesis.name}:\n"
                    f"  {candidate.meaning}"
                )
    names = ", ".join(hypothesis.name for hypothesis in HYPOTHESES)
    return f"No hypothesis fits (of {names})."
