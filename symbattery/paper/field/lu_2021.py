"""W. Lu et al., arXiv 2107.05248: the best state of the field of a Tavis–Cummings battery."""

from __future__ import annotations

import math

import numpy as np

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.paper.claim import Above, Below, Claim, Number
from symbattery.paper.field.statement import (
    Charge,
    Paper,
    judged,
    mean_coherent,
    mean_squeezed,
    peak,
    power,
    slope,
)

__all__ = ["LU_2021"]

_TIMES = np.linspace(0, 3, 16)
_STARTS = (mean_coherent, mean_squeezed)


def _mixed(charge: Charge, cells: int = 3, mean: float = 2.0) -> float:
    """The largest |E of a coherent field − Σ p_n E_n| over the times."""
    weights = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(30)]
    parts = [charge(CavityCharger(cells), fock(n)).energy(_TIMES) for n in range(1, 30)]
    total = np.array(weights[1:]) @ np.array(parts)
    return float(
        np.abs(total - charge(CavityCharger(cells), mean_coherent(mean)).energy(_TIMES)).max()
    )


def _ahead_in_power(charge: Charge) -> float:
    """P_max of a number state over that of the others, less 1; the smallest."""
    return min(
        power(charge, CavityCharger(cells), fock(mean))
        / power(charge, CavityCharger(cells), other(mean)) - 1
        for cells in (2, 4) for mean in (2, 4, 6) for other in _STARTS
    )  # fmt: skip


def _ahead_in_energy(charge: Charge) -> float:
    """The same of the first peak of E."""
    return min(
        float(peak(charge, CavityCharger(cells), fock(mean)).value
        / peak(charge, CavityCharger(cells), other(mean)).value) - 1
        for cells in (2, 4) for mean in (2, 4, 6) for other in _STARTS
    )  # fmt: skip


def _exponent(charge: Charge, cells: int, low: int, high: int, of: str) -> float:
    def height(photons: int) -> float:
        model, start = CavityCharger(cells), fock(photons)
        if of == "power":
            return power(charge, model, start)
        return float(peak(charge, model, start).value)

    return slope(height, low, high)


LU_2021 = Paper(
    "2107.05248", "W. Lu et al.",
    "Optimal state for a Tavis–Cummings quantum battery via Bethe ansatz method",
    r"$M$ cells in their ground state, resonant Tavis–Cummings coupling, $\bar n$ photons on "
    "average",
    (
        Claim("2107.05248.linear", "abstract",
            r"$E(t) = \sum_n p_n E_n(t)$: only the distribution of the photon number counts",
            Below("1e-9"),
            judged(r"largest difference from a coherent field, $M = 3$, $\bar n = 2$, $gt \le "
                "3$", _mixed)),
        Claim("2107.05248.best-power", "abstract",
            "one state of the field is best, in our reading the number state: in power", Above(),
            judged(r"smallest advantage over coherent and squeezed fields, $M = 2$, 4, "
                r"$\bar n = 2$, 4, 6", _ahead_in_power)),
        Claim("2107.05248.best-energy", "abstract", "and in energy", Above(),
            judged("the same of the first peak of $E$", _ahead_in_energy)),
        Claim("2107.05248.energy", "abstract",
            r"the largest stored energy is proportional to $\bar n$", Number("1.0"),
            judged(r"slope from $\bar n = 4$ to 8, $M = 40$, number states",
                lambda charge: _exponent(charge, 40, 4, 8, "energy")),
            (judged(r"from $\bar n = 80$ to 160, where the cells are full",
                lambda charge: _exponent(charge, 40, 80, 160, "energy")),)),
        Claim("2107.05248.power", "abstract",
            r"the largest average power is proportional to $\bar n$", Number("1.0"),
            judged(r"slope from $\bar n = 4$ to 8, $M = 40$, number states",
                lambda charge: _exponent(charge, 40, 4, 8, "power")),
            (judged(r"from $\bar n = 80$ to 160, where the cells are full: the square root",
                lambda charge: _exponent(charge, 40, 80, 160, "power")),)),
        Claim("2107.05248.full", "abstract",
            r"for large enough $\bar n$ the battery is charged fully: $E_{\max}/(M\omega_0) = "
            "1.00$",
            Number("1.00"), judged(r"first peak, $M = 3$, $\bar n = 200$, number state",
                lambda charge: peak(charge, CavityCharger(3), fock(200)).value / 3),
            (judged("coherent field",
                lambda charge: peak(charge, CavityCharger(3), mean_coherent(200)).value / 3),)),
    ),
)  # fmt: skip
