r"""Bounds on E and P in closed form, at γ = 0, on resonance and without crosstalk, cells down.

K counts excited cells, and :math:`\ddot K=2(h_K^2-h_{K-1}^2)`, a polynomial in K, for the hops h.
N spins, all up: :math:`\langle\ddot K\rangle\le2g^2MN(2\langle K\rangle+1)`, so that K stays below
the solution of the equality, :math:`\sinh^2(g\sqrt{MN}\,t)`. A cavity with n photons:
:math:`\langle\ddot K\rangle\le2g^2Mn-g^2(M+n+2)\langle K\rangle`. The lesson ``speed_of_charging``
of the course proves both.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from numerics.model.checks import InvalidArgument, as_given, invalid, times_array
from numerics.model.models import Model
from numerics.model.problem import INTERACTIONS, Problem, doubles
from numerics.model.resources import Floats
from numerics.model.states import InitialState, Level

__all__ = ["energy_bound", "power_bound"]


def _ideal(model: Any, initial: Any) -> tuple[Problem[float], float]:
    """The problem, and the number of charger excitations, if a bound is known.

    Raises
    ------
    InvalidArgument
        None is.
    """
    problem = doubles(model, initial)
    p, words = problem.parameters, "for this bound"
    for name, value in (
        ("anisotropy", p.anisotropy),
        *((name, getattr(p, name)) for name in INTERACTIONS),
    ):
        if value:
            raise InvalidArgument(f"`{name}` must be 0 {words}, but is {value:g}")
    if p.detuning:
        raise InvalidArgument(
            f"`charger_frequency` must be that of the cells {words}, but is {p.charger_frequency:g}"
        )
    if not problem.charger.distinguishable:
        raise invalid("model", f"have a charger {words}, but no drive", problem.model)
    (first, *others) = problem.branches()
    charger = problem.charger
    if problem.battery.top is None or (charger.top is None and not charger.linear):
        raise invalid("model", f"have cells, and charger spins or a cavity, {words}", problem.model)
    full = isinstance(first.charger, Level) and (
        charger.top is None or int(first.charger.level) == int(charger.top)
    )
    if others or first.battery != Level(0) or not full:
        raise InvalidArgument(
            f"`initial` must have all cells down, and all charger spins up or a definite number of "
            f"photons, {words}, but is {problem.initial}"
        )
    return problem, float(first.charger.level)  # type: ignore[union-attr]


def energy_bound(model: Model, times: Any, initial: InitialState | None = None) -> Any:
    r"""The bound on E(t): :math:`\omega_0\min(M,N,\sinh^2(g\sqrt{MN}\,t))`.

    For a cavity with n photons :math:`\omega_0\min(M,n,\frac{4Mn}{M+n+2}\sin^2(\frac g2
    \sqrt{M+n+2}\,t))`, with the sine at its top from there on.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With γ = 0, resonant and without crosstalk.
    times : real, or array of reals
    initial : state, optional
        The ideal one; for a cavity any Fock state with the cells down.

    Returns
    -------
    array of the shape of ``times``
        In units of ``frequency``.

    Raises
    ------
    InvalidArgument
        The bound is not known of this model or start, or ``times`` are not finite real numbers.
    """
    problem, quanta = _ideal(model, initial)
    g, cells = abs(problem.parameters.coupling), float(problem.battery.top)
    t = np.abs(times_array(times))
    most = min(cells, quanta)
    if problem.charger.top is None:
        rate = cells + quanta + 2
        angle = np.minimum(g * math.sqrt(rate) * t / 2, math.pi / 2)
        gained: Floats = 4 * cells * quanta / rate * np.sin(angle) ** 2
    else:
        reach = g * math.sqrt(cells * quanta) * t
        # From here on more than there is.
        gained = np.sinh(np.minimum(reach, math.asinh(math.sqrt(most)) + 1)) ** 2
    return as_given("times", times, problem.parameters.frequency * np.minimum(gained, most))


def power_bound(model: Model, initial: InitialState | None = None) -> float:
    r"""The bound on P: :math:`\mu\omega_0g\sqrt{MN}/\mathrm{arsinh}\sqrt\mu`, μ = min(M, N).

    For a cavity with n photons :math:`\omega_0g\sqrt{\mu Mn}`, μ = min(M, n): no cavity has more
    than :math:`\sqrt M` times the power of one cell with one photon each.

    Parameters
    ----------
    model, initial
        As for `energy_bound`.

    Raises
    ------
    InvalidArgument
        As for `energy_bound`.
    """
    problem, quanta = _ideal(model, initial)
    g, cells = abs(problem.parameters.coupling), float(problem.battery.top)
    most = min(cells, quanta)
    if not most:
        return 0.0
    rate = problem.parameters.frequency * g * math.sqrt(cells * quanta)
    if problem.charger.top is None:
        return rate * math.sqrt(most)
    return most * rate / math.asinh(math.sqrt(most))
