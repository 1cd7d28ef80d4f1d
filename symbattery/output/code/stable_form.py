"""The form of a solution that double precision computes best."""

from __future__ import annotations

from dataclasses import replace

from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.solve import from_branches
from symbattery.sectors.chains import Chain

__all__ = ["stable"]

_CUBIC = 3


def stable(solution: ClosedForm) -> ClosedForm:
    """The same solution with named roots in place of the radicals of cubics and quartics.

    The cosines of a cubic lose half the digits of frequencies that are close to each other or
    small, and Euler's radicals cancel; roots found on their polynomial keep all but the last digit.
    """
    if solution.form == "roots" or not any(_degree(chain) >= _CUBIC for chain in solution.motions):
        return solution
    found = from_branches(
        type(solution),
        solution.model,
        solution.initial,
        solution.branches,
        "roots",
        solution.sector_sums,
    )
    return replace(found, conditions=solution.conditions)


def _degree(chain: Chain) -> int:
    """Of the equation for the frequencies (chiral) or levels."""
    return len(chain.levels) // 2 if chain.is_chiral else len(chain.levels)
