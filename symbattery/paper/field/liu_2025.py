"""F. Liu et al., arXiv 2502.07513: entanglement and transport in the central-spin battery."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.model.models import SpinCharger
from symbattery.paper.claim import Above, Below, Claim
from symbattery.paper.field.statement import Charge, Paper, judged, peak

__all__ = ["LIU_2025"]

_CELLS = range(2, 7)


def _share(charge: Charge, cells: int, chargers: int) -> float:
    """The capacity: the first peak of E over Mω₀."""
    return float(peak(charge, SpinCharger(cells, chargers)).value) / cells


def _entropy(charge: Charge, cells: int, chargers: int) -> float:
    """The entanglement at that time."""
    model = SpinCharger(cells, chargers)
    return float(charge(model).entropy(peak(charge, model).time))


def _both_rise(charge: Charge, first: Callable[[int], int]) -> float:
    """The largest of the smaller changes, where both change alike from N to N + 1 ≤ 3M."""

    def alike(cells: int, chargers: int) -> float:
        changes = [of(charge, cells, chargers + 1) - of(charge, cells, chargers)
            for of in (_share, _entropy)]  # fmt: skip
        return min(map(abs, changes)) if np.prod(changes) > 1e-20 else 0.0

    return max(alike(m, n) for m in _CELLS for n in range(first(m), 3 * m))


def _correlation(charge: Charge) -> float:
    """The largest over M of the correlation of both, M ≤ N ≤ 3M."""

    def of(cells: int) -> float:
        rows = [[of(charge, cells, n) for n in range(cells, 3 * cells + 1)]
            for of in (_share, _entropy)]  # fmt: skip
        return float(np.asarray(np.corrcoef(rows))[0, 1])

    return max(map(of, _CELLS))


def _best(charge: Charge) -> float:
    """The largest distance of the best N from M."""
    return max(
        abs(max(range(1, 3 * m + 1), key=lambda n: _share(charge, m, n)) - m) for m in _CELLS
    )


def _short_of_best(charge: Charge) -> float:
    return max(
        max(_share(charge, m, n) for n in range(1, 3 * m + 1)) - _share(charge, m, m)
        for m in _CELLS
    )


def _least_entropy(charge: Charge, last: int, first: int = 0) -> float:
    """The entropy at N = M less the smallest, for N from ``first`` (M for 0) on, M ≤ ``last``."""
    return max(
        _entropy(charge, m, m) - min(_entropy(charge, m, n) for n in range(first or m, 3 * m + 1))
        for m in range(2, last + 1)
    )


def _least_entangled(charge: Charge, cells: int) -> int:
    return min(range(cells, 3 * cells + 1), key=lambda n: _entropy(charge, cells, n))


def _non_monotonic(charge: Charge) -> float:
    """The smaller of the rise up to N = M and of the fall to N = 3M, of the share of the quanta."""
    return min(
        min(_share(charge, m, m) - _share(charge, m, n) * m / min(m, n) for n in (m // 2, 3 * m))
        for m in _CELLS if m > 4
    )  # fmt: skip


LIU_2025 = Paper(
    "2502.07513", "F. Liu et al.",
    "Entanglement and energy transportation in the central-spin quantum battery",
    "$N_b$ cells, all $N_c$ charger spins up, resonant exchange; the capacity is the first "
    "peak of "
    r"$E$ over $N_b\omega_0$, the entanglement the entropy of the battery then; $N_b = 2 \dots 6$ "
    "where nothing else is said",
    (
        Claim("2502.07513.inverse", "abstract",
            "capacity and entanglement are inversely related for all sizes", Below("0"),
            judged("largest common change from $N_c$ to $N_c + 1$ in the same sense, "
                r"$1 \le N_c \le 3N_b$", lambda charge: _both_rise(charge, lambda m: 1)),
            (judged(r"$N_b \le N_c \le 3N_b$", lambda charge: _both_rise(charge, lambda m: m)),
                judged(r"as a trend: largest correlation of both, $N_b \le N_c \le 3N_b$",
                    _correlation),
                judged("from $N_c = N_b + 1$ on",
                    lambda charge: _both_rise(charge, lambda m: m + 1))),
            compared=(judged("capacity at $N_b = 5$, $N_c = 6$",
                lambda charge: _share(charge, 5, 6)),
                judged("at $N_c = 5$", lambda charge: _share(charge, 5, 5)),
                judged("entanglement at $N_c = 6$", lambda charge: _entropy(charge, 5, 6)),
                judged("at $N_c = 5$", lambda charge: _entropy(charge, 5, 5)))),
        Claim("2502.07513.optimal", "abstract",
            "the transport is optimal at $N_c = N_b$", Below("0"),
            judged(r"largest distance of the best $N_c \le 3N_b$ from $N_b$", _best),
            (judged("capacity short of the best one (by less than 0.01)",
                lambda charge: max(0.0, _short_of_best(charge) - 0.01)),)),
        Claim("2502.07513.entanglement", "abstract",
            "the entanglement is smallest there", Below("1e-9"),
            judged(r"excess over the smallest, $1 \le N_c \le 3N_b$, $N_b = 2 \dots 20$",
                lambda charge: _least_entropy(charge, 20, 1)),
            (judged(r"among chargers that can fill the battery, $N_c \ge N_b$, $N_b = 2 \dots 20$",
                lambda charge: _least_entropy(charge, 20)),
                judged(r"among these, $N_b = 2 \dots 13$",
                    lambda charge: _least_entropy(charge, 13))),
            compared=(judged("the $N_c$ of the smallest one among these at $N_b = 14$",
                lambda charge: _least_entangled(charge, 14)),)),
        Claim("2502.07513.efficiency", "abstract",
            "the efficiency of the transport is not monotonic in the ratio of the sizes", Above(),
            judged(r"smallest excess at $N_c = N_b$ over $N_c = \tfrac{1}{2}N_b$ and $3N_b$, "
                r"$E_{\max}$ over $\min(N_b, N_c)\,\omega_0$, $N_b = 5$, 6", _non_monotonic)),
    ),
)  # fmt: skip
