r"""Conservation of the norm and the energy, to be checked after any propagation.

And the times beyond which rounding alone would break that: :math:`\|H\|\,|t|` radians are known to
no better than :math:`\epsilon\|H\|\,|t|`.
"""

from __future__ import annotations

import numpy as np

from numerics.model.checks import InvalidArgument
from numerics.model.resources import Floats

__all__ = [
    "ConservationError",
    "PrecisionError",
    "check_conserved",
    "is_late",
    "latest",
    "latest_time",
    "refuse_late",
    "refuse_weak",
]

_EPS = float(np.finfo(float).eps)
_LARGEST_ERROR = 1e-9
# Eigenvectors lose elements that are smaller than this.
_WEAKEST = 1e-14
# Third powers of less are no doubles.
_LEAST = 1e-60
# Of a norm, at any time.
_ROUNDING = 1e-12


class PrecisionError(InvalidArgument):
    """Double precision cannot hold the phases at such a time."""


class ConservationError(ValueError):
    """A propagation changed what it must conserve: its result is wrong and is withheld."""


def latest_time(times: Floats) -> float:
    """The largest distance of some times from the start, 0 where there are none."""
    return float(np.max(np.abs(times), initial=0.0))


def latest(radius: float) -> float:
    """The latest time at which phases of frequencies up to ``radius`` are known."""
    return _LARGEST_ERROR / (radius * _EPS)


def is_late(radius: float, time: float) -> bool:
    """True where rounding makes energies uncertain by more than 1e-9 M ω0."""
    return radius * time * _EPS > _LARGEST_ERROR


def refuse_late(radius: float, time: float) -> None:
    """Refuse times that are too late for phases of frequencies up to ``radius``.

    Raises
    ------
    PrecisionError
        With the latest time there is.
    """
    if is_late(radius, time):
        raise PrecisionError(
            f"`times` must be at most {latest(radius):.3g} in double precision for this battery, "
            f"but reach {time:.6g}; `numerics.certified.energy` goes further, in time that grows "
            "with `time`"
        )


def refuse_weak(hop: float, energy: float) -> None:
    """Refuse a least ``hop`` that rounding of energies on the diagonal would cover.

    Raises
    ------
    PrecisionError
        With both.
    """
    if 0 < hop < _LEAST:
        raise PrecisionError(
            f"`coupling` must be stronger in double precision: it moves excitations by {hop:.3g} "
            f"and no less than {_LEAST:g} will do; choose another unit of energy"
        )
    if hop < _WEAKEST * energy:
        raise PrecisionError(
            f"`coupling` must be stronger in double precision: energies differ by {energy:.3g} by "
            f"detuning, frequency and crosstalk, while it moves excitations by {hop:.3g} only; "
            "`numerics.certified.energy` has no such limit"
        )


def check_conserved(
    what: str, reached: float, expected: float, scale: float, radians: float, step: str
) -> None:
    """Compare a conserved quantity with what it was at the start.

    One unit of error in the state would change it by ``scale``; rounding accumulates over
    ``radians``, the norm of H times the time gone by; ``step`` says which propagation this was.

    Raises
    ------
    ConservationError
        It changed by more than rounding.
    """
    allowed = (_ROUNDING + 16 * _EPS * radians) * scale
    # Written so that what is not a number fails too.
    if not abs(reached - expected) <= allowed:
        raise ConservationError(
            f"{what} changed from {expected:.15g} to {reached:.15g} {step}: the result is withheld"
        )
