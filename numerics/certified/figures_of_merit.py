"""Figures of merit with a proven radius: what is not linear in the populations."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from flint import arb

from numerics.certified.battery_state import entropy_of, extracted, negativity_of, purity_of
from numerics.certified.energies import enclosed
from numerics.certified.exact import Exact, exact, exact_problem, working
from numerics.certified.results import Enclosure
from numerics.certified.weighted_states import Ensemble
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model
from numerics.model.options import ORDER, SENSE, checked
from numerics.model.permutations import require_symmetric
from numerics.model.problem import Problem
from numerics.model.side_states import Superposed
from numerics.model.states import InitialState

__all__ = ["energy_variance", "entropy", "ergotropy", "negativity", "purity"]

# Digits of the populations.
_MOST = 4000
_BOTH = ("battery", "charger")

_Value = Callable[[Ensemble, arb | None, Problem[Exact]], arb]


def _of_state(
    name: str,
    sides: tuple[str, ...],
    value: _Value,
    model: Model,
    time: Any,
    digits: Any,
    initial: InitialState | None,
    floats: bool,
    *,
    power: int = 0,
    spare: Callable[[int], int] = lambda digits: 0,
) -> Enclosure:
    """The enclosure of a function of the state, in the unit of the frequency to a power."""
    problem = exact_problem(model, initial, floats=floats)
    if "charger" in sides and not problem.charger.distinguishable:
        raise invalid("quantity", f"be one that a {problem.charger.noun} has", name)
    require_symmetric(problem, name, sides)
    # Without the phases between sectors there is no state.
    every = (state for branch in problem.branches() for state in branch[1:])
    if name != "energy_variance" and any(isinstance(state, Superposed) for state in every):
        raise invalid("initial", f"be no superposition for a proven `{name}`", problem.initial)
    asked = checks.digits(digits)

    def values(here: Ensemble, around: arb | None) -> tuple[list[tuple[arb, arb]], arb]:
        with working(2 * here.bits + 64):
            enclosure = here.frequency**power * value(here, around, problem)
        # The parts of the radius do not come apart in what is not linear.
        return [(enclosure, enclosure.rad())], here.unit**power

    (enclosure,) = enclosed(
        problem, exact("time", time, floats=floats), asked, values, spare=spare(asked)
    )
    return enclosure


def ergotropy(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    sense: str = "full",
    *,
    floats: bool = False,
) -> Enclosure:
    """The ergotropy at a time, with a proven radius.

    Parameters
    ----------
    model, time, digits, initial, floats
        As for `numerics.certified.energy`.
    sense : {"full", "symmetric", "local", "daemonic"}
        As for ``numerics.charge(...).ergotropy``.

    Returns
    -------
    Enclosure
        In the unit of ``frequency``; ``remainder`` is the whole radius.

    Raises
    ------
    InvalidArgument
        As for `numerics.certified.energy`, an unknown sense, or cells that start with different
        populations.
    CutoffError, TooLargeError
        As for `numerics.certified.energy`.
    """
    sense = checked("ergotropy", (SENSE,), {"sense": sense})["sense"]
    value = partial(extracted, sense=sense)
    problem = exact_problem(model, initial, floats=floats)
    if sense == "local" and problem.battery.spins is None:
        raise invalid("model", "have a battery of spins-1/2 for this sense", problem.model)
    name = f"ergotropy(sense={sense})"
    return _of_state(name, ("battery",), value, model, time, digits, initial, floats, power=1)


def energy_variance(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> Enclosure:
    """The variance of the stored energy at a time, with a proven radius.

    Parameters
    ----------
    model, time, digits, initial, floats
        As for `numerics.certified.energy`; the radius is at most ``10**-digits`` (M ω0)².

    Returns
    -------
    Enclosure
        In the squared unit of ``frequency``; ``remainder`` is the whole radius.

    Raises
    ------
    InvalidArgument, CutoffError, TooLargeError
        As for `numerics.certified.energy`.
    """

    def value(here: Ensemble, around: arb | None, problem: Problem[Exact]) -> arb:
        p = [value for value, _ in here.populations(around)]
        first, second = (sum((k**n * q for k, q in enumerate(p)), arb(0)) for n in (1, 2))
        return second - first * first

    return _of_state("energy_variance", (), value, model, time, digits, initial, floats, power=2)


def entropy(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    order: Any = 1,
    *,
    floats: bool = False,
) -> Enclosure:
    """The entropy of the battery's state at a time, with a proven radius, in nats.

    Parameters
    ----------
    model, time, digits, initial, floats
        As for `numerics.certified.energy`; the radius is at most ``10**-digits``.
    order : positive, or infinity
        Rényi's; 1 is von Neumann's.

    Returns
    -------
    Enclosure
        ``remainder`` is the whole radius.

    Raises
    ------
    InvalidArgument
        As for `numerics.certified.energy`, an order that is none, or cells that start with
        different populations.
    CutoffError, TooLargeError
        As for `numerics.certified.energy`.
    """
    order = checked("entropy", (ORDER,), {"order": order})["order"]
    value, spare = partial(entropy_of, order=order), partial(_spare, order)
    return _of_state(
        "entropy", ("battery",), value, model, time, digits, initial, floats, spare=spare
    )


def _spare(order: Any, digits: int) -> int:
    """The digits of populations that an entropy needs beyond its own."""
    if order in (1, math.inf):
        return 0
    order = Fraction(order)
    # λ^order vanishes so much slower than λ, and a logarithm is divided by 1 − order.
    slower = math.ceil(digits * max(Fraction(0), 1 / order - 1) / 2)
    less = abs(1 - order)
    spare = slower + abs(less.numerator.bit_length() - less.denominator.bit_length()) // 3
    if digits + spare > _MOST:
        must = f"be larger or farther from 1, so that {_MOST} digits do for {digits} of the entropy"
        raise invalid("order", must, float(order))
    return spare


def purity(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> Enclosure:
    """The purity Tr ρ² of the battery's state at a time, with a proven radius.

    Parameters
    ----------
    model, time, digits, initial, floats
        As for `numerics.certified.energy`; the radius is at most ``10**-digits``.

    Returns
    -------
    Enclosure
        ``remainder`` is the whole radius.

    Raises
    ------
    InvalidArgument
        As for `numerics.certified.energy`, or cells that start with different populations.
    CutoffError, TooLargeError
        As for `numerics.certified.energy`.
    """
    return _of_state("purity", ("battery",), purity_of, model, time, digits, initial, floats)


def negativity(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> Enclosure:
    """The negativity of battery and charger at a time, with a proven radius.

    Parameters
    ----------
    model, time, digits, initial, floats
        As for `numerics.certified.energy`; the radius is at most ``10**-digits``.

    Returns
    -------
    Enclosure
        ``remainder`` is the whole radius.

    Raises
    ------
    InvalidArgument
        As for `numerics.certified.energy`, or spins of one side that start with different
        populations.
    CutoffError, TooLargeError
        As for `numerics.certified.energy`.
    """
    return _of_state("negativity", _BOTH, negativity_of, model, time, digits, initial, floats)
