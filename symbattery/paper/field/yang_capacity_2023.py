"""X. Yang et al., arXiv 2302.09905: the capacity of a quantum battery."""

from __future__ import annotations

import numpy as np

from numerics.model.models import ClassicalDrive, Model, SpinCharger
from symbattery.paper.claim import Above, Below, Claim
from symbattery.paper.field.statement import OURS, Charge, Paper, judged

__all__ = ["YANG_CAPACITY_2023"]

_TIMES = np.linspace(0.0, 2.0, 81)


def _change(charge: Charge, model: Model) -> float:
    """The largest |C(t) − C(0)|."""
    found = charge(model).capacity(_TIMES)
    return float(np.abs(found - found[0]).max())


def _with_entropy(charge: Charge) -> float:
    """The largest step of C along a growing entropy."""
    battery = charge(SpinCharger(3, 4))
    entropy = battery.entropy(_TIMES)
    order = np.argsort(entropy)
    return float(np.diff(np.array(battery.capacity(_TIMES))[order]).max())


def _one_cell(charge: Charge) -> float:
    """The largest |C² − ω₀²(2 Tr ρ² − 1)| of one cell."""
    battery = charge(SpinCharger(1, 3))
    purity = (battery.populations(_TIMES) ** 2).sum(axis=1)
    return float(np.abs(battery.capacity(_TIMES) ** 2 - (2 * purity - 1)).max())


def _correlation(charge: Charge) -> float:
    """Of C and S along the charging, of three cells."""
    battery = charge(SpinCharger(3, 4))
    return float(np.corrcoef(battery.capacity(_TIMES), battery.entropy(_TIMES))[0, 1])


YANG_CAPACITY_2023 = Paper(
    "2302.09905", "X. Yang et al.",
    "The battery capacity of energy-storing quantum systems",
    r"$C$ is the energy between the best and the worst that unitaries on all $2^M$ states of the "
    r"cells reach; $gt \le 2$",
    (
        Claim("2302.09905.unitary", "abstract",
            "$C$ does not depend on the energy: unitary charging keeps it", Below("1e-9"),
            judged(r"largest change in $\omega_0$, five cells in a classical field",
                lambda charge: _change(charge, ClassicalDrive(5)))),
        Claim("2302.09905.spectrum", "abstract",
            "it depends on the spectrum of the state alone, which a charger changes", Above("0.1"),
            judged("largest change, three cells and four charger spins",
                lambda charge: _change(charge, SpinCharger(3, 4)))),
        Claim("2302.09905.one-cell", OURS,
            r"it is linked to the entropy: of one cell $C^2 = \omega_0^2 (2\,\mathrm{Tr} "
            r"\rho^2 - 1)$",
            Below("1e-9"), judged("largest difference, three charger spins", _one_cell)),
        Claim("2302.09905.entropy", "abstract",
            "the larger the entropy, the smaller $C$", Below("0"),
            judged("largest step of $C$ along growing entropy, three cells, four charger spins",
                _with_entropy),
            (judged("their correlation along the charging", _correlation),)),
    ),
)  # fmt: skip
