"""H.-Y. Yang et al., arXiv 2312.13444: optimal storage in the Tavis–Cummings battery."""

from __future__ import annotations

import math

import numpy as np

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.paper.claim import Below, Claim, Number
from symbattery.paper.field.statement import DOUBLED, Charge, Paper, judged, nearer, peak

__all__ = ["YANG_2023"]

_LARGE = (10, 20, 40, 80, 160)


def _stored(charge: Charge, cells: int, photons: int) -> float:
    """The first peak of E over what could be stored."""
    return float(peak(charge, CavityCharger(cells), fock(photons)).value) / min(cells, photons)


def _from_rotation(charge: Charge, cells: int, photons: int) -> float:
    """The largest distance of E from a sin² transfer, relative, two peaks long."""
    few, many = sorted((cells, photons))
    rate = math.sqrt(many - (few - 1) / 2)
    times = np.linspace(0, math.pi / rate, 101)
    found = charge(CavityCharger(cells), fock(photons)).energy(times) / few
    return float(np.abs(found - np.sin(rate * times) ** 2).max())


def _common_change(charge: Charge, photons: range) -> float:
    """The largest common change of E_max over what is full and S from n₀ to n₀ + 1, four cells."""
    rows = []
    for number in photons:
        which = CavityCharger(4), fock(number)
        battery, best = charge(*which), peak(charge, *which)
        rows.append((best.value / min(4, number), battery.entropy(best.time)))
    changes = np.diff(rows, axis=0)
    alike = changes.prod(axis=1) > 1e-20
    return float(np.abs(changes[alike]).min(axis=1).max()) if alike.any() else 0.0


YANG_2023 = Paper(
    "2312.13444", "H.-Y. Yang et al.",
    "Optimal energy storage in the Tavis–Cummings quantum battery",
    r"$N_b$ cells in a resonant cavity with $n_0$ photons; largest energies are first peaks",
    (
        Claim("2312.13444.rotation-photons", "abstract",
            r"for $n_0 \gg N_b$ the dynamics has the symmetry SU(2): $E = N_b\omega_0\,\sin^2$ "
            "(to 1 %)", Below("0.01"),
            judged("largest distance, $N_b = 2$, $n_0 = 400$",
                lambda charge: _from_rotation(charge, 2, 400))),
        Claim("2312.13444.rotation-cells", "abstract",
            r"for $N_b \gg n_0$ as well", Below("0.01"),
            judged("largest distance, $N_b = 400$, $n_0 = 2$",
                lambda charge: _from_rotation(charge, 400, 2))),
        Claim("2312.13444.optimal-photons", "abstract",
            r"storage is optimal there: $E_{\max}/(N_b\omega_0) = 1.00$ for $n_0 \gg N_b$",
            Number("1.00"), judged("$N_b = 4$, $n_0 = 400$",
                lambda charge: _stored(charge, 4, 400))),
        Claim("2312.13444.optimal-cells", "abstract",
            r"and $E_{\max}/(n_0\omega_0) = 1.00$ for $N_b \gg n_0$", Number("1.00"),
            judged("$n_0 = 4$, $N_b = 400$", lambda charge: _stored(charge, 400, 4))),
        Claim("2312.13444.equal", "summary page",
            "near $N_b = n_0$, both large, storage is near its optimum, too: what is missing falls "
            "by a tenth at least when both are doubled", DOUBLED,
            judged(r"largest ratio of $1 - E_{\max}/(N_b\omega_0)$ to the one before, $N_b = n_0 = "
                "10$, 20, 40, 80, 160",
                lambda charge: nearer(1 - _stored(charge, m, m) for m in _LARGE)),
            compared=(judged("at 160", lambda charge: _stored(charge, 160, 160)),)),
        Claim("2312.13444.entanglement", "summary page",
            "more entanglement of charger and battery goes with less stored energy", Below("0"),
            judged(r"largest common change of $E_{\max}/\min(N_b, n_0)$ and $S$ at the first peak "
                r"from $n_0$ to $n_0 + 1$, $N_b = 4$, $n_0 = 1 \dots 12$",
                lambda charge: _common_change(charge, range(1, 13))),
            (judged(r"photons enough for all cells, $n_0 = 4 \dots 12$",
                lambda charge: _common_change(charge, range(4, 13))),)),
    ),
)  # fmt: skip
