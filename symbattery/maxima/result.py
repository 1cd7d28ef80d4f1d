"""The statement of a largest value: its size, its time, its sense and its condition."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, S
from sympy.logic.boolalg import Boolean

from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import LatexRepr
from symbattery.dynamics.closed_form import ClosedForm

__all__ = ["Maximum", "needs_charging", "needs_number"]


@dataclass(frozen=True)
class Maximum(LatexRepr):
    """A largest value, where it is taken, and under which condition.

    Attributes
    ----------
    value : Expr
        In the unit of the frequency (energy) or of frequency times coupling (power).
    time : Expr or None
        When it is reached for the first time; None where it is approached but never reached.
    kind : str
        ``"supremum"`` over all times, ``"first peak"``, or ``"window"``.
    condition : Boolean
        On the parameters.
    otherwise : Maximum or None
        What holds where the condition does not.
    enclosure : tuple or None
        Proven bounds on the time, of a window and wherever it is not exact.
    approximate : Expr or None
        The value to 30 digits, where it is given by an equation.
    """

    value: Expr
    time: Expr | None
    kind: str
    condition: Boolean = S.true
    otherwise: Maximum | None = None
    enclosure: tuple[Expr, ...] | None = None
    approximate: Expr | None = None

    @property
    def attained(self) -> bool:
        """True where some time reaches the value."""
        return self.time is not None


def needs_charging(solution: ClosedForm) -> None:
    """Refuse a battery that may lose energy: then the sign of each part is not known."""
    if any(branch.excited != 0 for branch in solution.branches):
        raise UnsolvedError(
            "maxima are derived for a battery that starts empty; numerics.charge has the maxima of "
            "every start"
        )


def needs_number(solution: ClosedForm, name: str) -> None:
    """Refuse a sum with as many frequencies as terms, and damped waves."""
    if solution.is_open:
        raise UnsolvedError(
            f"`{name}` is derived for closed batteries: with noise numerics.charge has the maxima"
        )
    if solution.sector_sums:
        raise UnsolvedError(
            f"`{name}` needs a number of charger {solution.model.charger.quanta}, but this start "
            "is a sum over them: solve with a number in the model or the start, or ask "
            "numerics.charge"
        )
