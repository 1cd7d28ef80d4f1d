"""J.-X. Liu et al., arXiv 2205.11074: work extraction from the central-spin battery."""

from __future__ import annotations

from functools import partial

import numpy as np

from numerics.model.models import SpinCharger
from numerics.model.states import InitialState, dicke
from symbattery.paper.claim import Above, Below, Claim, Number
from symbattery.paper.field.statement import Charge, Paper, judged, locked, peak, power, slope

__all__ = ["LIU_2022"]

_LOW, _HIGH = 400, 800
_SWEPT = ((2, 20), (3, 12))
_FAST = "from $N_c = 400$ to 800, half of the charger spins up"


def _half(cells: int, chargers: int) -> tuple[SpinCharger, InitialState]:
    return SpinCharger(cells, chargers), dicke(0, chargers // 2)


def _late_growth(charge: Charge, cells: int, chargers: int = 8) -> float:
    """The mean growth of W after the largest entropy less that before, up to the first peak."""
    battery = charge(*_half(cells, chargers))
    times = np.linspace(0, peak(charge, *_half(cells, chargers)).time, 201)
    work = battery.ergotropy(times)
    turn = int(np.argmax(battery.entropy(times)))
    return float((work[-1] - work[turn]) / (times[-1] - times[turn]) - work[turn] / times[turn])


def _common_change(charge: Charge, first: int, cells: int, chargers: int) -> float:
    """The largest common change of W and S at the first peak from m to m + 1, m ≤ (M + N)/2."""
    rows = []
    for up in range(first, (cells + chargers) // 2 + 1):
        which = SpinCharger(cells, chargers), dicke(0, up)
        battery, time = charge(*which), peak(charge, *which).time
        rows.append((battery.ergotropy(time), battery.entropy(time)))
    changes = np.diff(rows, axis=0)
    alike = changes.prod(axis=1) > 1e-20
    return float(np.abs(changes[alike]).min(axis=1).max()) if alike.any() else 0.0


def _time(charge: Charge, cells: int, chargers: int) -> float:
    return float(peak(charge, *_half(cells, chargers)).time)


def _exponent(charge: Charge, cells: int) -> float:
    return slope(partial(_time, charge, cells), _LOW, _HIGH)


def _over_cavity(charge: Charge, chargers: int, cells: int = 2) -> float:
    """P_max from half of the spins up, over that from as many up as cells."""
    few = power(charge, SpinCharger(cells, chargers), dicke(0, cells))
    return power(charge, *_half(cells, chargers)) / few


def _extracted(charge: Charge, sizes: range, chargers: int) -> float:
    return min(1 - locked(charge, *_half(m, chargers)) for m in sizes)


LIU_2022 = Paper(
    "2205.11074", "J.-X. Liu et al.",
    "Entanglement and work extraction in the central-spin quantum battery",
    "$N_b$ cells, $N_c$ charger spins in a symmetric state, resonant exchange; $W$ is the "
    "ergotropy "
    "by all unitaries on the cells, $S$ the entropy of the battery, the end of charging the first "
    "peak of $E$",
    (
        Claim("2205.11074.slow", "abstract",
            "$W$ grows slowly before $S$ is largest, and fast afterwards", Above(),
            judged("growth per time after less before, smallest of $N_b = 1$, 2; $N_c = 8$, "
                "half up",
                lambda charge: min(_late_growth(charge, m) for m in (1, 2)))),
        Claim("2205.11074.slow-several", "abstract", "so it is for several cells", Above(),
            judged(r"smallest of $N_b = 3 \dots 6$, $N_c = 20$, half up",
                lambda charge: min(_late_growth(charge, m, 20) for m in range(3, 7)))),
        Claim("2205.11074.inverse", "abstract",
            "at the end of charging $W$ and $S$ are inversely related", Below("0"),
            judged("largest common change in the same sense from $m$ to $m + 1$ of the charger "
                r"spins up, $1 \le m \le (N_b + N_c)/2$; $N_b$, $N_c = 2$, 20 and 3, 12",
                lambda charge: max(_common_change(charge, 1, *s) for s in _SWEPT)),
            (judged(r"with quanta enough for all cells, $N_b \le m \le (N_b + N_c)/2$",
                lambda charge: max(_common_change(charge, s[0], *s) for s in _SWEPT)),)),
        Claim("2205.11074.time", "abstract",
            r"from the unpolarised Dicke state the time of charging falls as $N_c^{-1}$",
            Number("-1.00"), judged(f"slope of the time of the first peak, $N_b = 2$; {_FAST}",
                lambda charge: _exponent(charge, 2))),
        Claim("2205.11074.universal", "abstract", "universally: whatever $N_b$", Number("0.00"),
            judged("largest difference of that slope from the one of $N_b = 1$, $N_b = 2 "
                rf"\dots 4$; {_FAST}",
                lambda charge: max(
                    abs(_exponent(charge, m) - _exponent(charge, 1)) for m in (2, 3, 4)))),
        Claim("2205.11074.power", "abstract",
            r"its power exceeds that of the Tavis–Cummings limit by a factor $\sqrt{N_c}$",
            Number("0.50"),
            judged(rf"slope of the ratio of $P_{{\max}}$ to that with $m = N_b = 2$; {_FAST}",
                lambda charge: slope(lambda n: _over_cavity(charge, n), _LOW, _HIGH))),
        Claim("2205.11074.extracted", "abstract",
            "that state also gives much extractable work: $W/E = 1.00$", Number("1.00"),
            judged(r"smallest, $N_b = 1 \dots 4$, $N_c = 80$",
                lambda charge: _extracted(charge, range(1, 5), 80))),
    ),
)  # fmt: skip
