"""A. Crescente et al., arXiv 2009.09791: two-photon charging of a Dicke battery."""

from __future__ import annotations

import math
from functools import partial

from numerics.model.models import CavityCharger
from numerics.model.oscillator_models import TwoPhotonCharger
from symbattery.paper.claim import Above, Claim, Number
from symbattery.paper.field.statement import Charge, Paper, judged, peak, power, slope

__all__ = ["CRESCENTE_2020"]

_BETWEEN = "slope from $N = 100$ to 200, two photons for each cell"


def _power(charge: Charge, cells: int) -> float:
    return power(charge, TwoPhotonCharger(cells))


def _energy(charge: Charge, cells: int) -> float:
    return float(peak(charge, TwoPhotonCharger(cells)).value)


def _variance(charge: Charge, cells: int) -> float:
    """At the time of the largest power."""
    model = TwoPhotonCharger(cells)
    return float(charge(model).energy_variance(charge.extremum("max_power", model, None).time))


def _deviation(charge: Charge, cells: int) -> float:
    return math.sqrt(_variance(charge, cells))


def _one_photon(charge: Charge, cells: int) -> float:
    return power(charge, CavityCharger(cells))


CRESCENTE_2020 = Paper(
    "2009.09791", "A. Crescente et al.",
    "Ultrafast charging in a two-photon Dicke quantum battery",
    r"$N$ cells, resonant exchange of pairs of photons, $g\,(b^2 S_+ + \mathrm{h.c.})$, without "
    "counter-rotating terms; $2N$ photons",
    (
        Claim("2009.09791.energy", "abstract",
            "the largest stored energy grows as $N$", Number("1.0"),
            judged(f"first peak; {_BETWEEN}",
                lambda charge: slope(partial(_energy, charge), 100, 200))),
        Claim("2009.09791.fluctuations", "abstract",
            "the fluctuations of the energy grow as $N$", Number("1.0"),
            judged(f"the variance when $P$ is largest; {_BETWEEN}",
                lambda charge: slope(partial(_variance, charge), 100, 200)),
            (judged("the standard deviation then",
                lambda charge: slope(partial(_deviation, charge), 100, 200)),)),
        Claim("2009.09791.power", "abstract",
            "the average power grows as $N^2$", Number("2.00"),
            judged(rf"$P_{{\max}}$; {_BETWEEN}",
                lambda charge: slope(partial(_power, charge), 100, 200))),
        Claim("2009.09791.faster", "abstract",
            "faster than from single photons", Above(),
            judged("that exponent less the one of $N$ single photons",
                lambda charge: slope(partial(_power, charge), 100, 200)
                - slope(partial(_one_photon, charge), 100, 200)),
            compared=(judged("the exponent of $N$ single photons",
                lambda charge: slope(partial(_one_photon, charge), 100, 200)),)),
    ),
)  # fmt: skip
