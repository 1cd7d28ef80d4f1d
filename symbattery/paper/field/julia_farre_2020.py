"""S. Julià-Farré et al., arXiv 1811.04005: bounds of capacity and power."""

from __future__ import annotations

import numpy as np

from numerics.model.models import CavityCharger, ClassicalDrive, Model, SpinCharger
from symbattery.paper.claim import Above, Below, Claim, Number
from symbattery.paper.field.statement import OURS, Charge, Paper, judged

__all__ = ["JULIA_FARRE_2020"]

_TIMES = np.linspace(0.05, 3, 119)
_INTERACTING = ClassicalDrive(4, cell_longitudinal=0.05)
_MODELS: tuple[Model, ...] = (
    SpinCharger(4, 6), CavityCharger(5), SpinCharger(2, 3, 0.4, 1, 0.6), _INTERACTING
)  # fmt: skip


def _over_separable(charge: Charge, model: Model) -> float:
    """The largest Var H_B over Mω₀²/4, the largest of cells that are not entangled."""
    return float(charge(model).energy_variance(_TIMES).max()) / (model.cells / 4)


JULIA_FARRE_2020 = Paper(
    "1811.04005", "S. Julià-Farré et al.",
    "Bounds on the capacity and power of quantum batteries",
    "$M$ cells, charged by spins, a cavity, or a classical field with interactions between "
    "the cells "
    r"(Lipkin, Meshkov and Glick); $I_E$ is the Fisher information of the populations of $H_B$",
    (
        Claim("1811.04005.power", "abstract",
            r"the power obeys $\dot E^2 \le I_E\,\mathrm{Var}\,H_B$", Below("1e-9"),
            judged(r"largest $\dot E^2/(I_E\,\mathrm{Var}\,H_B) - 1$; spins, cavity, "
                "anisotropic spins, "
                r"interacting cells; $gt \le 3$",
                lambda charge: max(
                    float(charge(model).speed_ratio(_TIMES).max()) - 1 for model in _MODELS))),
        Claim("1811.04005.saturated", "abstract",
            "there are models that saturate it", Number("1.00"),
            judged("smallest ratio of cells that a classical field drives each by itself, $M = "
                "1$, 5",
                lambda charge: min(float(charge(ClassicalDrive(m)).speed_ratio(_TIMES).min())
                    for m in (1, 5)))),
        Claim("1811.04005.separable", OURS,
            r"without entanglement of the cells $\mathrm{Var}\,H_B \le M\omega_0^2/4$, which "
            "is reached",
            Number("1.00"), judged("largest ratio of both, the same cells, $M = 5$",
                lambda charge: _over_separable(charge, ClassicalDrive(5)))),
        Claim("1811.04005.entangled", OURS,
            "entangled cells exceed that", Above("1"),
            judged(r"largest ratio, four interacting cells, $\kappa_2 = 0.05\,g$",
                lambda charge: _over_separable(charge, _INTERACTING))),
    ),
)  # fmt: skip
