"""G. Watanabe et al., arXiv 2606.10054: the law of asymptotic freedom."""

from __future__ import annotations

from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import dicke, fock
from symbattery.paper.claim import Below, Claim
from symbattery.paper.field.statement import (
    OURS,
    Charge,
    Paper,
    judged,
    locked,
    mean_coherent,
    peak,
    slope,
)

__all__ = ["WATANABE_2026"]

_SIZES = (2, 4, 8, 16, 32)


def _cavity(charge: Charge, size: int) -> float:
    return locked(charge, CavityCharger(size), fock(size))


def _coherent(charge: Charge, size: int) -> float:
    return locked(charge, CavityCharger(size), mean_coherent(size))


def _pure(charge: Charge, size: int) -> float:
    """From N³ charger spins, (M + N)/2 of them up: nearly a rotation."""
    chargers = size**3
    return locked(charge, SpinCharger(size, chargers), dicke(0, (size + chargers) // 2))


def _quanta(charge: Charge) -> float:
    """The largest energy that is locked at a first peak, in ω₀."""
    found = []
    for size in _SIZES:
        for start in (fock(size), mean_coherent(size)):
            model = CavityCharger(size)
            stored = peak(charge, model, start).value
            found.append(locked(charge, model, start) * stored)
    return max(found)


WATANABE_2026 = Paper(
    "2606.10054", "G. Watanabe et al.",
    "Scaling law of asymptotic freedom in collective charging of quantum batteries",
    "$N$ cells in symmetric states; $W$ is the ergotropy by all unitaries on the $2^N$ states "
    "at the "
    "first peak of $E$, $R = W/E$",
    (
        Claim("2606.10054.number", "abstract",
            "$1 - R$ vanishes at least as fast as $N^{-1}$: $N(1 - R)$ is bounded", Below("1.2"),
            judged("largest for $N = 2$, 4, 8, 16, 32; Tavis–Cummings, from $N$ photons",
                lambda charge: max(m * _cavity(charge, m) for m in _SIZES)),
            compared=(judged("$N(1 - R)$ at $N = 64$", lambda charge: 64 * _cavity(charge, 64)),)),
        Claim("2606.10054.coherent", "abstract",
            "whatever the details: also from a coherent charger", Below("1.2"),
            judged("largest $N(1 - R)$ for $N = 2$, 4, 8, 16, 32; Tavis–Cummings, $N$ photons on "
                "average", lambda charge: max(m * _coherent(charge, m) for m in _SIZES)),
            compared=(judged("$N(1 - R)$ at $N = 64$",
                lambda charge: 64 * _coherent(charge, 64)),)),
        Claim("2606.10054.faster", "abstract",
            "where the battery becomes pure the law is faster", Below("-1.5"),
            judged("slope from $N = 4$ to 8; $N^3$ charger spins, half of all spins up",
                lambda charge: slope(lambda m: _pure(charge, m), 4, 8))),
        Claim("2606.10054.bound", OURS,
            "finite $N$ has rigorous bounds: at most one quantum is locked", Below("1"),
            judged(r"largest $E - W$ in $\omega_0$, $N = 2$, 4, 8, 16, 32, number and coherent "
                "states",
                _quanta)),
    ),
)  # fmt: skip
