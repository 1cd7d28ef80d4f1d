r"""Digits that are proven: E(t) and its peaks as enclosures, by integers and balls.

Nothing here is rounded without being accounted for. Amplitudes are propagated in fixed-point
integers with an error that is bounded beforehand (:mod:`numerics.certified.evolution`), the
truncated series is bounded by its own residual (:mod:`numerics.certified.chebyshev`), and balls
(python-flint, from the extra ``certified``) carry the rest. Numbers must be exact: strings,
Fractions, integers, mpf, or balls. The float 0.1 is refused, because it is not one tenth.

>>> import numerics
>>> model = numerics.SpinCharger(cells=2, chargers=3, coupling="0.1")
>>> print(numerics.certified.energy(model, "1/3", digits=20))
0.00666172328384138839167739634 ± 2.9e-28
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from numerics.certified.results import CertifiedPeak, Check, Enclosure, NotCertifiedError

if TYPE_CHECKING:
    from numerics.charging import Charging
    from numerics.model.models import Model
    from numerics.model.states import InitialState

__all__ = [
    "CertifiedPeak",
    "Check",
    "Enclosure",
    "MissingExtraError",
    "NotCertifiedError",
    "available",
    "check",
    "energy",
    "first_peak",
    "max_power",
]


class MissingExtraError(ImportError):
    """python-flint is not installed."""


def available() -> bool:
    """Whether python-flint is installed."""
    return find_spec("flint") is not None


def _require() -> None:
    if not available():
        raise MissingExtraError(
            "certified digits need python-flint, which is missing: install the extra `certified`, "
            "as in `pip install symbattery[certified]`"
        )


def energy(
    model: Model,
    time: Any,
    digits: Any = 50,
    initial: InitialState | None = None,
    *,
    floats: bool = False,
) -> Enclosure:
    r"""The stored energy E(t) of Eq. (7), with a proven radius.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With exact numbers; a ball (``arb``) stands for each of its values.
    time : real
        In 1/energy, exact or a ball.
    digits : positive int
        The radius is at most ``10**-digits`` M ω0 (balls in model, state or time make it as large
        as they must). At small times, where :math:`E\propto t^2`, so many digits are significant.
    initial : state, optional
        The ideal start by default.
    floats : bool
        Take floats for the binary numbers they are instead of refusing them.

    Returns
    -------
    Enclosure
        In the unit of ``frequency``.

    Raises
    ------
    MissingExtraError
        python-flint is not installed.
    InvalidArgument
        No model or state, a symbol or a float in it, or a ``time`` or ``digits`` that is none.
    CutoffError
        A cavity with γ > 0 would need more photons than can be afforded.
    """
    _require()
    from numerics.certified.energies import energy as certified

    return certified(model, time, digits, initial, floats=floats)


def first_peak(
    model: Model, digits: Any = 50, initial: InitialState | None = None, *, floats: bool = False
) -> CertifiedPeak:
    r"""The first local maximum of E at t > 0: isolated, and proven to have none before it.

    Between two times where E and its derivatives are enclosed, a bound of :math:`|E'''|` at all
    times (a norm of :math:`[H,[H,[H,K]]]`) decides whether E' can vanish; the zero itself is
    enclosed by interval Newton steps.

    Parameters
    ----------
    model, initial, floats
        As in `energy`.
    digits : positive int
        Significant digits of the time, and digits of E/(M ω0).

    Raises
    ------
    MissingExtraError, InvalidArgument
        As for `energy`; or a thermal cavity, whose photon number has no bound at the start.
    NoPeakError
        E is constant.
    NotCertifiedError
        No peak could be proven: E' and E'' vanish together, or the search is too long.
    """
    _require()
    from numerics.certified.peaks import first_peak as certified

    return certified(model, digits, initial, floats=floats)


def max_power(
    model: Model, digits: Any = 50, initial: InitialState | None = None, *, floats: bool = False
) -> CertifiedPeak:
    r"""The largest P = E/t over *all* times t > 0: isolated, and every other time excluded.

    A zero of :math:`tE'-E` is enclosed by interval Newton steps; at all other times up to
    :math:`(\text{largest possible }E)/P`, beyond which nothing can beat P, Taylor's formula with
    the bound of :math:`|E'''|` proves E(t) < Pt.

    Parameters
    ----------
    model, digits, initial, floats
        As in `first_peak`.

    Raises
    ------
    MissingExtraError, InvalidArgument
        As for `first_peak`.
    NoPeakError
        No energy is ever gained.
    NotCertifiedError
        The maximum could not be proven to be the only one, or the search is too long.
    """
    _require()
    from numerics.certified.peaks import max_power as certified

    return certified(model, digits, initial, floats=floats)


def check(charging: Charging, times: Any = None) -> Check:
    """Whether a double-precision curve is right, and to how many digits.

    Parameters
    ----------
    charging : Charging
        From `numerics.charge`; the floats in it stand for their binary values.
    times : array of reals, optional
        Taken as doubles; 33 times up to one and a half first-peak times by default.

    Raises
    ------
    MissingExtraError
        python-flint is not installed.
    InvalidArgument
        No charging, or no finite times.
    """
    _require()
    from numerics.certified.comparison import check as certified

    return certified(charging, times)
