r"""The branches of an ergotropy: the means of populations of which it is the largest.

Of symmetric cells they are :math:`f_k=\omega_0[\sum_{l\ge1}(l-1)p_l+p_k-p_0]` for all unitaries,
and :math:`\omega_0\sum_l(l-\pi(l))p_l` with all permutations for the symmetric ones. Each moves
like an energy that has other weights of the levels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations, product
from typing import Any

from sympy import Add, Expr, Integer, Max, Min, Rational, S, ilcm, sin, sqrt

from symbattery.core.expressions import UnsolvedError, factored
from symbattery.dynamics import single_frequency
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.waves import Waves, reduced, time_unit, waves
from symbattery.observables.battery import Battery
from symbattery.observables.intervals import WAVE, level_polynomials
from symbattery.observables.quantities import Request
from symbattery.observables.table import Observable
from symbattery.symbols import t

__all__ = ["WeightedMean", "branches", "in_numbers", "line"]

_MOST_PERMUTED = 4


@dataclass(frozen=True)
class WeightedMean:
    """A mean of the populations: the motion, with whole weights in place of its levels.

    Attributes
    ----------
    motion : ClosedForm
    share : Rational
        What the weights are to be multiplied by.
    """

    motion: ClosedForm
    share: Rational

    @property
    def offset(self) -> Expr:
        """The mean at the time 0, but for the share."""
        return Add(*(b.weight * b.chain.levels[b.chain.start] for b in self.motion.branches))

    @property
    def most(self) -> Expr:
        """A bound on the mean, but for the share."""
        return Add(*(b.weight * max(b.chain.levels) for b in self.motion.branches))

    @property
    def is_constant(self) -> bool:
        """All levels of a chain have the same weight."""
        return all(len(set(chain.levels)) == 1 for chain in self.motion.sectors)

    @property
    def has_single_frequencies(self) -> bool:
        """Each start has one frequency, or does not move."""
        return all(len(c.levels) == 1 or c.has_one_frequency for c in self.motion.sectors)

    @property
    def polynomials(self) -> list[tuple[Expr, tuple[Expr, Expr, Expr]]]:
        """For each start the rate of φ, and the coefficients of 1, s and s² in s = sin²φ."""
        return [
            (rate, (b.weight * a[0], b.weight * a[1], b.weight * a[2]))
            for b in self.motion.branches
            for rate, a in [line(b.chain)]
        ]

    def waves(self, digits: int) -> Waves:
        """The motion as a sum of squared sines."""
        return waves(self.motion, digits)

    def written(self, solution: ClosedForm) -> tuple[Expr, Mapping[Expr, Expr]]:
        """The mean as a function of t in `time_unit`, and the definitions it is written in.

        ``solution`` has the numbers of excited cells as its levels.
        """
        unit = time_unit(self.motion)
        if self.has_single_frequencies:
            squares = [(sin(rate / unit * t) ** 2, a) for rate, a in self.polynomials]
            return Add(*(a + b * s + c * s**2 for s, (a, b, c) in squares)), {}
        plain = reduced(solution, unit)
        parts = (
            b.weight * w * p
            for b, moved in zip(plain.branches, self.motion.branches, strict=True)
            for w, p in zip(moved.chain.levels, plain.level_populations(b.chain), strict=True)
        )
        return Add(*parts), plain.definitions


def line(chain: Any) -> tuple[Expr, list[Expr]]:
    """The rate of φ, and the coefficients of 1, s and s² of the mean of the levels of a chain."""
    if len(chain.levels) == 1:
        return S.One, [S(chain.levels[0]), S.Zero, S.Zero]
    populations, rate = level_polynomials(chain)
    total = Add(*(w * p for w, p in zip(chain.levels, populations, strict=True))).expand()
    return rate, [factored(total.coeff(WAVE, n)) for n in range(3)]


def branches(solution: ClosedForm, request: Request) -> list[WeightedMean]:
    """The branches of a row, none of them below another one at all times.

    Raises
    ------
    InvalidArgument, UnsolvedError
        The row has no closed form for this start, or is not the largest of some means.
    """
    if request.row.weight is not None:
        return [_of_weight(solution, request.row)]
    battery = Battery(solution, name=request.row.name)
    assert request.row.function is not None
    formula = S(request.row.function(battery, **request.options))
    names = battery.populations
    if request.options.get("sense") == "symmetric" and formula != 0:
        some = battery.reduced(request.options["cells"])
        levels = range(max(some.populations) + 1)
        if len(levels) > _MOST_PERMUTED + 1:
            battery.refuse("maximum", f"be asked of at most {_MOST_PERMUTED} sorted populations")
        orders = permutations(levels)
        every = [some.mean({k: k - to[k] for k in some.populations}) for to in orders]
    else:
        every = _means(formula, request.name)
    if not formula.free_symbols <= set(names.values()):
        raise _not_of_means(request.name)
    found = {
        tuple(mean.xreplace({s: Integer(k == at) for k, s in names.items()}) for at in names)
        for mean in every
    }
    kept = [w for w in found if not any(v != w and _is_above(v, w) for v in found)]
    whole = ilcm(1, *(weight.q for weights in kept for weight in weights))
    result = []
    # The one that reaches most leads: what the others cannot reach is soon left out.
    for weights in sorted(kept, reverse=True, key=max):
        of_cells = {k: int(w * whole) for k, w in zip(names, weights, strict=True)}
        parts = tuple(
            replace(b, chain=replace(b.chain, levels=tuple(of_cells[k] for k in b.cells)))
            for b in solution.branches
        )
        result.append(WeightedMean(replace(solution, branches=parts), Rational(1, whole)))
    return result


def _of_weight(solution: ClosedForm, row: Observable) -> WeightedMean:
    """The mean of a weight, less that at the start."""
    gains = [
        [row.weighed(k) - row.weighed(b.cells[b.chain.start]) for k in b.cells]
        for b in solution.branches
    ]
    if not all(gain.is_Rational for one in gains for gain in one):
        raise UnsolvedError(
            f"a maximum of {row.name} is derived for weights that are whole numbers or fractions; "
            "numerics.charge has that of any"
        )
    whole = ilcm(1, *(gain.q for one in gains for gain in one))
    parts = tuple(
        replace(b, chain=replace(b.chain, levels=tuple(int(gain * whole) for gain in one)))
        for b, one in zip(solution.branches, gains, strict=True)
    )
    return WeightedMean(replace(solution, branches=parts), Rational(1, whole))


def _is_above(one: Sequence[Expr], other: Sequence[Expr]) -> bool:
    return all(a >= b for a, b in zip(one, other, strict=True))


def _means(formula: Expr, name: str) -> list[Expr]:
    """The means of which a formula is the largest."""
    if not formula.has(Max, Min):
        return [formula]
    if formula.is_Add:
        every = product(*(_means(part, name) for part in formula.args))
        return list(dict.fromkeys(Add(*parts) for parts in every))
    number, rest = formula.as_coeff_Mul()
    if isinstance(rest, Max if number > 0 else Min):
        return [mean for part in rest.args for mean in _means(number * part, name)]
    raise _not_of_means(name)


def _not_of_means(name: str) -> UnsolvedError:
    return UnsolvedError(
        f"no maximum is derived for {name} of this start, which is not the largest of some means "
        "of the populations; numerics.charge has it"
    )


def in_numbers(solution: ClosedForm, every: list[WeightedMean]) -> tuple[list[WeightedMean], Expr]:
    """The branches with times in ``1/unit``, and this unit: `time_unit`, or the only rate.

    Raises
    ------
    UnsolvedError
        Symbols remain.
    """
    try:
        return every, time_unit(solution)
    except UnsolvedError:
        if len(solution.branches) > 1 or not solution.sectors[0].has_one_frequency:
            raise
    rate = sqrt(single_frequency.frequency_squared(solution.sectors[0]))
    model, result = replace(solution.model, coupling=S.One), []
    for mean in every:
        (branch,) = mean.motion.branches
        chain = replace(
            branch.chain,
            hops_squared=tuple(factored(hop / rate**2) for hop in branch.chain.hops_squared),
            diagonal=tuple(factored(a / rate) for a in branch.chain.diagonal),
        )
        motion = replace(mean.motion, model=model, branches=(replace(branch, chain=chain),))
        time_unit(motion)
        result.append(replace(mean, motion=motion))
    return result, rate
