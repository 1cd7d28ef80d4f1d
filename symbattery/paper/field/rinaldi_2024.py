"""D. Rinaldi et al., arXiv 2412.15339: which state of a cavity charges one cell best."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.paper.claim import Above, Claim
from symbattery.paper.field.statement import (
    Charge,
    Paper,
    judged,
    mean_coherent,
    mean_squeezed,
    peak,
    power,
)

__all__ = ["RINALDI_2024"]

_MODEL = CavityCharger(1)
_MEANS = (1, 2, 4)


def _ahead(of: Callable[[Any], float], start: Any) -> float:
    """The smallest of a quantity from a number state less that from another."""
    return min(of(fock(mean)) - of(start(mean)) for mean in _MEANS)


def _certainty(charge: Charge) -> Callable[[Any], float]:
    """Less the variance of the energy at the first peak."""

    def of(start: Any) -> float:
        time = peak(charge, _MODEL, start).time
        return -float(charge(_MODEL, start).energy_variance(time))

    return of


def _power(charge: Charge) -> Callable[[Any], float]:
    return lambda start: power(charge, _MODEL, start)


def _energy(charge: Charge) -> Callable[[Any], float]:
    return lambda start: float(peak(charge, _MODEL, start).value)


_WHERE = r"smallest difference, $\bar n = 1$, 2, 4"

RINALDI_2024 = Paper(
    "2412.15339", "D. Rinaldi et al.",
    "Reliable quantum advantage in quantum battery charging",
    r"One cell, resonant Jaynes–Cummings coupling, $\bar n$ photons on average",
    (
        Claim("2412.15339.power-coherent", "abstract",
            "a number state charges with more average power than a coherent one", Above(),
            judged(rf"$P_{{\max}}$, {_WHERE}",
                lambda charge: _ahead(_power(charge), mean_coherent))),
        Claim("2412.15339.power-squeezed", "abstract", "and than a squeezed one", Above(),
            judged(rf"$P_{{\max}}$, {_WHERE}",
                lambda charge: _ahead(_power(charge), mean_squeezed))),
        Claim("2412.15339.fluctuations", "abstract",
            "the same with less fluctuation of the energy", Above(),
            judged(f"variances at the first peak, {_WHERE}, of both",
                lambda charge: min(_ahead(_certainty(charge), start)
                    for start in (mean_coherent, mean_squeezed)))),
        Claim("2412.15339.efficiency", "abstract",
            "and with a larger efficiency", Above(),
            judged(f"energy stored from as many photons, first peak, {_WHERE}, of both",
                lambda charge: min(_ahead(_energy(charge), start)
                    for start in (mean_coherent, mean_squeezed)))),
    ),
)  # fmt: skip
