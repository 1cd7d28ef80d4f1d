"""L. Peng et al., arXiv 2103.07828: bounds of the power of central-spin batteries."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from sympy import sin, sqrt

from numerics.model.models import CavityCharger, ClassicalDrive, SpinCharger
from numerics.model.oscillator_models import CoupledOscillators
from numerics.model.states import InitialState, dicke, fock
from symbattery.api import solve
from symbattery.paper.claim import Above, Below, Claim, Context, Number, Reading, Zero
from symbattery.paper.field.statement import (
    OURS,
    Charge,
    Paper,
    engine,
    judge,
    judged,
    peak,
    power,
    slope,
    steps,
)
from symbattery.paper.judges.brute import Brute
from symbattery.symbols import N, g, omega_0, t

__all__ = ["PENG_2021"]

_BATHS = (1, 4, 16, 64, 256)


def _full(charge: Charge, cells: int, bath: int) -> float:
    return power(charge, SpinCharger(cells, bath))


def _few_up(charge: Charge, cells: int, bath: int) -> float:
    """With as many bath spins up as cells."""
    return power(charge, SpinCharger(cells, bath), dicke(0, cells))


def _outside(charge: Charge) -> float:
    """The largest distance of the exponents, N_B = 8 to 16, from [1/2, 3/2]."""
    found = [slope(partial(_full, charge, bath=n), 8, 16) for n in _BATHS]
    return max(0.0, *(0.5 - alpha for alpha in found), *(alpha - 1.5 for alpha in found))


def _smallest_growth(charge: Charge) -> float:
    return steps(slope(partial(_full, charge, bath=n), 8, 16) for n in _BATHS[:-1])


def _instantaneous(charge: Charge) -> float:
    """The largest dE/dt/(√N g N_B^(3/2)) on the way to the first peak."""
    which = SpinCharger(20, 2000), dicke(0, 20)
    times = np.linspace(0, peak(charge, *which).time, 401)
    return float(charge(*which).instantaneous_power(times).max()) / math.sqrt(2000) / 20**1.5


def _constant(charge: Charge, initial: InitialState, cells: int = 20) -> float:
    """P_max/(√N g N_B^(3/2)) from N = 2000 bath spins."""
    return power(charge, SpinCharger(cells, 2000), initial) / math.sqrt(2000) / cells**1.5


def _largest_constant(charge: Charge) -> float:
    return max(_constant(charge, dicke(0, cells), cells) for cells in (1, 2, 5, 10, 20))


def _energy(_: Context) -> Any:
    return solve(SpinCharger(1, N)).explicit().energy - omega_0 * sin(sqrt(N) * g * t) ** 2


def _energy_again(_: Context) -> float:
    """The largest deviation for one to six bath spins."""
    times = [0.2, 0.9, 2.3]
    return max(
        abs(Brute(SpinCharger(1, n)).energy(x) - math.sin(math.sqrt(n) * x) ** 2)
        for n in range(1, 7) for x in times
    )  # fmt: skip


def _rate(_: Context) -> Any:
    """sin² x/x is largest where 2x = tan x: of the derived largest power, over √N gω₀."""
    return float((solve(SpinCharger(1, N)).max_power().value / (sqrt(N) * g * omega_0)).evalf())


PENG_2021 = Paper(
    "2103.07828", "L. Peng et al.",
    "Lower and upper bounds of quantum battery power in multiple central spin systems",
    r"$N_B$ central spins, $N$ bath spins, exchange $A = g$, field $B = \omega_0$; $P_{\max}$ "
    "is the "
    "largest $E/t$; the state of the bath at the start is not in the text",
    (
        Claim("2103.07828.bounds", "abstract",
            r"$P_{\max} \sim N_B^\alpha$ with $\tfrac{1}{2} \le \alpha \le \tfrac{3}{2}$",
            Below("1e-9"),
            judged(r"largest $\alpha$ beyond them, from $N_B = 8$ to 16, bath of $N = 1$, 4, "
                "16, 64, "
                "256 spins, all up", _outside)),
        Claim("2103.07828.small", "abstract",
            r"$\alpha = \tfrac{1}{2}$ for a bath of the order of one spin", Number("0.50"),
            judged("from $N_B = 20$ to 40, $N = 1$",
                lambda charge: slope(lambda m: _full(charge, m, 1), 20, 40))),
        Claim("2103.07828.grows", "abstract",
            r"$\alpha$ depends on the number of bath spins: it grows with it", Above(),
            judged("smallest step along $N = 1$, 4, 16, 64; from $N_B = 8$ to 16, bath all up",
                _smallest_growth)),
        Claim("2103.07828.large", "abstract",
            r"$\alpha = \tfrac{3}{2}$ for $N \gg N_B$", Number("1.5"),
            judged("from $N_B = 10$ to 20, $N = 2000$, all up",
                lambda charge: slope(lambda m: _full(charge, m, 2000), 10, 20)),
            (judged("$N_B$ of the bath spins up",
                lambda charge: slope(lambda m: _few_up(charge, m, 2000), 10, 20)),),
            compared=(judged("all up, from $N_B = 40$ to 80: it goes on growing",
                lambda charge: slope(lambda m: _full(charge, m, 2000), 40, 80)),)),
        Claim("2103.07828.constant", "abstract",
            r"in that limit the upper bound is $P_{\max} = 0.72\,BA\sqrt N\,N_B^{3/2}$",
            Number("0.72"),
            judged("$N_B = 20$ of $N = 2000$ bath spins up",
                lambda charge: _constant(charge, dicke(0, 20))),
            (judged("all of them up", lambda charge: _constant(charge, dicke(0, 2000))),
                judged("$N_B = 20$ up, largest $dE/dt$ up to the first peak", _instantaneous),
                judged("a bound that holds at every size, and one spin attains: the largest of "
                    "$N_B = 1$, 2, 5, 10, 20 of $N = 2000$ bath spins up",
                    _largest_constant)),
            sources=(Reading("$N_B$ quanta from one oscillator to another at that coupling, of "
                "which "
                r"none gets lost: $\max\,\sin^2 x/x$",
                lambda c: power(engine(c), CoupledOscillators(), fock(20)) / 20,
                again=lambda c: power(judge(c), ClassicalDrive(1))),)),
        Claim("2103.07828.cavity", "abstract",
            "the power grows with $N_B$ as that of the Tavis–Cummings battery: exponents "
            "differ by "
            "0.00", Number("0.00"),
            judged("from $N_B = 10$ to 20; $N_B$ of 2000 bath spins up, $N_B$ photons",
                lambda charge: slope(lambda m: _few_up(charge, m, 2000), 10, 20)
                - slope(lambda m: power(charge, CavityCharger(m)), 10, 20)),
            (judged("2000 bath spins all up, $N_B$ photons",
                lambda charge: slope(lambda m: _full(charge, m, 2000), 10, 20)
                - slope(lambda m: power(charge, CavityCharger(m)), 10, 20)),)),
        Claim("2103.07828.one-energy", "abstract",
            r"of one central spin the energy has a closed form for any $N$", Zero(),
            Reading(r"derived, less $\omega_0\,\sin^2(\sqrt N\,gt)$; bath all up",
                _energy, again=_energy_again)),
        Claim("2103.07828.one-power", OURS,
            "so has its power, whose largest value is $0.72$ of the unit $AB\\sqrt N$",
            Number("0.72"), Reading(r"derived, $P_{\max}/(\sqrt N\,g\omega_0)$",
                _rate, again=lambda c: power(judge(c), SpinCharger(1, 7)) / math.sqrt(7))),
    ),
)  # fmt: skip
