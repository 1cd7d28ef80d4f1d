"""Long-time means of what is linear in the populations."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, S, Sum

from numerics.model.checks import invalid
from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.long_time import mean_populations
from symbattery.observables.table import Observable, described
from symbattery.sectors.chains import Chain

__all__ = ["mean"]


def mean(solution: ClosedForm, name: str) -> Expr:
    r"""The long-time mean of a quantity, :math:`\lim_{T\to\infty}\frac1T\int_0^T`.

    It is rational in the parameters of each chain, whatever its frequencies.

    Parameters
    ----------
    solution : ClosedForm
    name : str
        ``"energy"``, another row of the table that is linear in the populations, or a population
        such as ``"p1"``. What is divided by the time has the mean 0.

    Raises
    ------
    InvalidArgument
        The solution has no quantity of that name, or it is not linear in the populations.
    UnsolvedError
        The battery is open.
    """
    if solution.is_open:
        raise UnsolvedError("`mean` is derived for closed batteries: `steady` is for open ones")
    unit = solution.model.coupling
    row = described(name)
    found = solution.by_excited_cells(lambda chain: mean_populations(chain, unit))
    levels = {f"p{k}": value for k, value in found.items()}
    if name in levels:
        return _written(levels[name])
    if not isinstance(row, Observable) or row.weight is None:
        linear = f"'energy' or another that is linear in the populations {', '.join(levels)}"
        raise invalid("name", f"be {linear}", name)
    if row.per_time:
        return S.Zero

    def gained(chain: Chain) -> Sequence[Expr]:
        means = mean_populations(chain, unit)
        return [p - 1 if k == chain.start else p for k, p in enumerate(means)]

    changes = solution.by_excited_cells(gained)
    # What is gained on all levels together is 0.
    least = row.weighed(min(changes))
    total = sum(((row.weighed(k) - least) * change for k, change in changes.items()), S.Zero)
    return _written(solution.model.frequency**row.order * total)


def _written(value: Expr) -> Expr:
    """A rational expression in factored form; sums over sectors stay as they are."""
    return value if value.has(Sum) else factored(value)
