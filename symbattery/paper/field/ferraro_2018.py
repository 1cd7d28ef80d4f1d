"""D. Ferraro et al., arXiv 1707.04930: collective charging in one cavity."""

from __future__ import annotations

import math
from functools import partial

from numerics.model.models import CavityCharger
from symbattery.paper.claim import Claim, Number
from symbattery.paper.field.statement import Charge, Paper, judged, power, slope

__all__ = ["FERRARO_2018"]


def _advantage(charge: Charge, cells: int) -> float:
    """The power over that of as many cells with a cavity and a photon each."""
    return power(charge, CavityCharger(cells)) / (cells * power(charge, CavityCharger(1)))


def _scaled(charge: Charge, cells: int) -> float:
    """The same with g/√N in the common cavity."""
    return _advantage(charge, cells) / math.sqrt(cells)


def _dicke(charge: Charge, coupling: float, cells: int) -> float:
    """With counter-rotating terms."""
    many, one = (CavityCharger(m, coupling, 1, 1) for m in (cells, 1))
    return power(charge, many) / (cells * power(charge, one))


FERRARO_2018 = Paper(
    "1707.04930", "D. Ferraro et al.",
    "High-power collective charging of a solid-state quantum battery",
    "$N$ cells in one cavity with $N$ photons, $g$ fixed, against $N$ cavities with one cell "
    "and one "
    r"photon each; $P_{\max}$ is the largest $E/t$",
    (
        Claim("1707.04930.advantage", "abstract",
            r"the power of collective charging over the parallel one grows as $\sqrt N$",
            Number("0.50"), judged("slope from $N = 40$ to 80, rotating terms",
                lambda charge: slope(partial(_advantage, charge), 40, 80))),
        Claim("1707.04930.dicke", "abstract",
            "so it does with counter-rotating terms", Number("0.5"),
            judged(r"slope from $N = 4$ to 8, $g = 0.001\,\omega_0$",
                lambda charge: slope(partial(_dicke, charge, 0.001), 4, 8)),
            (judged(r"slope from $N = 8$ to 16, $g = 0.1\,\omega_0$",
                lambda charge: slope(partial(_dicke, charge, 0.1), 8, 16)),)),
        Claim("1707.04930.scaled", "secondary text",
            r"with $g/\sqrt N$ no advantage remains", Number("0.00"),
            judged("slope of that ratio from $N = 40$ to 80",
                lambda charge: slope(partial(_scaled, charge), 40, 80))),
    ),
)  # fmt: skip
