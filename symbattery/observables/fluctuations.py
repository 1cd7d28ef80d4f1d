r"""Fluctuations of energy, power and work, and the speed of the charging.

Moments about the mean are written in differences of levels, :math:`k-\langle K\rangle=\sum_l
(k-l)p_l`, in which nothing cancels. The Fisher information of the populations,
:math:`\sum_k\dot p_k^2/p_k`, is constant for a pure start on a chain with a constant diagonal: the
amplitudes are real up to constant phases, so that it is :math:`4\sum_k|\dot c_k|^2=4\langle
H^2\rangle=4(h_{k_0}^2+h_{k_0-1}^2)`.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, I, S, cos, exp, sin

from symbattery.observables.battery import Battery
from symbattery.observables.forms import quotient, variance_of

__all__ = [
    "energy_kurtosis",
    "energy_skewness",
    "fano_factor",
    "fisher_information",
    "instantaneous_power",
    "power_variance",
    "speed_ratio",
    "switching_work",
    "variance",
    "work_characteristic",
]


def variance(battery: Battery) -> Expr:
    r"""The variance of the number of excited cells, :math:`\sum_{k<l}(k-l)^2p_kp_l`."""
    return variance_of({k: k for k in battery.populations}, battery.populations)


def _central_moment(battery: Battery, order: int) -> Expr:
    """The mean of (K - ⟨K⟩)^n, of an energy that varies."""
    every = battery.populations
    if len(every) == 1:
        battery.refuse("initial", "lead to several numbers of excited cells for these cumulants")
    away = {k: battery.mean({m: k - m for m in every}) for k in every}
    return battery.mean({k: value**order for k, value in away.items()})


def energy_skewness(battery: Battery) -> Expr:
    """The third cumulant of the stored energy over the cubed standard deviation."""
    return _central_moment(battery, 3) / variance(battery) ** S("3/2")


def energy_kurtosis(battery: Battery) -> Expr:
    """The fourth cumulant of the stored energy over the squared variance."""
    return _central_moment(battery, 4) / variance(battery) ** 2 - 3


def fano_factor(battery: Battery) -> Expr:
    """The variance of the number of excited cells over its mean, 1 where both vanish."""
    limit = int(battery.start == {0})
    return quotient(variance(battery), battery.excited, limit, battery.computed)


def instantaneous_power(battery: Battery) -> Expr:
    """The derivative of the stored energy by time."""
    return battery.power


def power_variance(battery: Battery) -> Expr:
    """The variance of the power operator i[H, H_B]."""
    battery.require_closed()
    return battery.power_squared - battery.power**2


def switching_work(battery: Battery) -> Expr:
    """The gain of the bare energies of battery and charger."""
    return battery.bare


def work_characteristic(battery: Battery, u: Any = 1) -> Expr:
    """The mean of exp(iuW) for the work W done on the cells by the charging."""
    phase = S(u) * battery.frequency
    if battery.computed:
        waves = {w: cos(w * phase) + I * sin(w * phase) for w in battery.gains}
    else:
        waves = {w: exp(I * w * phase) for w in battery.gains}
    return sum((p * waves[w] for w, p in battery.gains.items()), S.Zero)


def fisher_information(battery: Battery) -> Expr:
    """The Fisher information of the populations about the time."""
    battery.require_closed()
    solution = battery.solution
    if solution.is_pure and len(battery.levels) == len(solution.sectors[0].levels):
        chain = solution.sectors[0]
        if chain.is_chiral:
            return 4 * sum(chain.hops_squared[max(chain.start - 1, 0) : chain.start + 1], S.Zero)
    total = S.Zero
    for k, rate in battery.rates.items():
        limit = 0 if k in battery.start else 4 * battery.curvatures[k]
        total += quotient(rate**2, battery.populations[k], limit, battery.computed)
    return total


def speed_ratio(battery: Battery) -> Expr:
    """The squared power over its bound, Fisher information times variance of the energy."""
    battery.require_closed()
    limit: Any = 0
    if len(battery.start) == 1:
        (first,) = battery.start
        curvatures = battery.curvatures
        slope = sum((2 * k * a for k, a in curvatures.items()), S.Zero)
        dispersion = sum(((k - first) ** 2 * a for k, a in curvatures.items()), S.Zero)
        total = sum((4 * a for k, a in curvatures.items() if k != first), S.Zero)
        limit = quotient(slope**2, total * dispersion, 0, True)
    below = fisher_information(battery) * variance(battery)
    return quotient(battery.power**2, below, limit, battery.computed)
