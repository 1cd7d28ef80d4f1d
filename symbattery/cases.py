r"""The solvable sectors of Huangfu and Jing (2021), by name."""

from __future__ import annotations

from typing import Any

from numerics.model import checks
from numerics.model.checks import InvalidArgument
from numerics.model.models import SpinCharger
from numerics.model.states import dicke, product
from symbattery.core.errors import UnsolvedError
from symbattery.dynamics.closed_form import Solution, solve
from symbattery.model import symbols

__all__ = ["single_cell", "thermal_charger", "two_cells"]


def single_cell(chargers: Any = symbols.N, *, excited: Any = None, anisotropy: Any = 0) -> Solution:
    r"""One cell charged by :math:`N` spins of which :math:`m` are up.

    With a number of charger spins every :math:`\gamma` is solved: the levels
    :math:`|0,N\rangle,|1,N-1\rangle,|0,N-2\rangle,\dots` form a chain. For one charger spin the
    pair terms :math:`\gamma\,\sigma^\pm\tau^\pm` have no matrix element in the sector of
    :math:`|0,1\rangle`: :math:`\gamma` drops out, and :math:`e(t)=\omega_0\sin^2 gt` (Huangfu and
    Jing, below Eq. (12)).

    Parameters
    ----------
    chargers : int or symbol
        :math:`N`.
    excited : int or symbol, optional
        :math:`m`; all of them if left out.
    anisotropy : real or symbol
        :math:`\gamma`; other than 0 for a number of charger spins only.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    UnsolvedError
        ``anisotropy`` other than 0 with a symbolic number of charger spins.
    """
    return _charged(1, chargers, excited, anisotropy)


def two_cells(chargers: Any = symbols.N, *, excited: Any = None) -> Solution:
    r"""Two cells charged by :math:`N` spins of which :math:`m` are up, at :math:`\gamma=0`.

    All up (:math:`m=N`), the energy equals Eq. (A6) of Huangfu and Jing, in a form that keeps its
    digits at small :math:`gt`. Their Eq. (A7) for the largest energy holds for :math:`N\ge2`; for
    :math:`N=1` it gives 0, whereas :math:`E_{\max}=\omega_0`, and the time it names is then a
    minimum.

    Parameters
    ----------
    chargers : int or symbol
        :math:`N`.
    excited : int or symbol, optional
        :math:`m`; all of them if left out. Best is :math:`m=\lfloor N/2\rfloor+1`
        (:meth:`Solution.best_excited`).

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return _charged(2, chargers, excited, 0)


def _charged(cells: int, chargers: Any, excited: Any, anisotropy: Any) -> Solution:
    model = SpinCharger(cells, chargers, anisotropy=anisotropy)
    if excited is None:
        return solve(model)
    checks.positive_integer("excited", excited, symbolic=True)
    if (excited > model.chargers) == True:  # noqa: E712
        raise InvalidArgument(
            f"`excited` must be at most `chargers` = {model.chargers}, but is {excited}"
        )
    return solve(model, dicke(0, excited))


def thermal_charger(
    *, cells: Any = 2, chargers: Any = 2, thermal: Any = 1, population: Any = symbols.p_1
) -> Solution:
    r"""One or two cells charged by :math:`N` spins of which the last ``thermal`` ones are thermal.

    Each thermal spin is excited with ``population``, the other charger spins are up, the cells
    down, and the product state is taken as written. The default is the case of Eq. (16) of Huangfu
    and Jing: two cells, two charger spins, the second one thermal with :math:`p_1+p_0=1`.

    Eq. (17) as printed has :math:`p_0` where :math:`p_0/2` results. It belongs to the collective
    state :math:`|m=0\rangle`; the product state :math:`|10\rangle` is half singlet, and the
    singlet stays dark.

    Parameters
    ----------
    cells : 1 or 2
    chargers : int or symbol
        :math:`N`.
    thermal : int or symbol
        How many of the charger spins are thermal, 1 to ``chargers``. With a symbol :math:`N` either
        a number, and the result has finitely many frequencies, or :math:`N`: a sum over
        :math:`(j,m)`, which is kept as an unevaluated ``Sum``.
    population : real in [0, 1] or symbol
        Excited population of a thermal spin.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    UnsolvedError
        ``thermal`` is a symbol other than ``chargers``.
    """
    if checks.positive_integer("cells", cells) > 2:
        raise checks.invalid("cells", "be 1 or 2", cells)
    spins = checks.positive_integer("chargers", chargers, symbolic=True)
    hot = checks.positive_integer("thermal", thermal, symbolic=True)
    if (hot > spins) == True:  # noqa: E712
        raise InvalidArgument(f"`thermal` must be at most `chargers` = {spins}, but is {hot}")
    if checks.is_symbolic(hot) and hot != spins:
        raise UnsolvedError(f"`thermal` must be a number or `chargers` = {spins}, but is {hot}")
    checks.probability("population", population, symbolic=True)
    start = product([0] * cells, [(1, spins - hot), (population, hot)])
    return solve(SpinCharger(cells, spins), start)
