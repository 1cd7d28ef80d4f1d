"""A. R. Hogan and A. M. Martin, arXiv 2210.01355: a quench of the coupling in the Dicke model."""

from __future__ import annotations

import math
from functools import partial

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.paper.claim import Claim, Number
from symbattery.paper.field.statement import Charge, Paper, judged, power, slope

__all__ = ["QUENCH_2022"]


def _scaled(charge: Charge, cells: int, photons: int = 1) -> float:
    """P_max with g/√N, from so many photons for each cell."""
    return power(charge, CavityCharger(cells, 1 / math.sqrt(cells)), fock(photons * cells))


def _unscaled(charge: Charge, cells: int) -> float:
    return power(charge, CavityCharger(cells))


def _photons(charge: Charge, photons: int) -> float:
    return _scaled(charge, 10, photons)


QUENCH_2022 = Paper(
    "2210.01355", "A. R. Hogan and A. M. Martin",
    "Quench dynamics in the Jaynes–Cummings–Hubbard and Dicke models",
    r"$N$ cells in their ground states, one cavity with $m$ photons for each cell, rotating terms; "
    r"$P_{\max}$ is the largest $E/t$",
    (
        Claim("2210.01355.linear", "abstract",
            r"the largest power grows as $N$: no more than in parallel", Number("1.00"),
            judged(r"slope from $N = 40$ to 80, $m = 1$, coupling $g/\sqrt N$",
                lambda charge: slope(partial(_scaled, charge), 40, 80)),
            (judged("coupling $g$ not divided", lambda charge: slope(
                partial(_unscaled, charge), 40, 80)),)),
        Claim("2210.01355.photons", "abstract",
            r"it grows as $m^{1/2}$", Number("0.5"),
            judged("slope from $m = 8$ to 16, $N = 10$",
                lambda charge: slope(partial(_photons, charge), 8, 16)),
            compared=(judged("from $m = 1$ to 2",
                lambda charge: slope(partial(_photons, charge), 1, 2)),)),
    ),
)  # fmt: skip
