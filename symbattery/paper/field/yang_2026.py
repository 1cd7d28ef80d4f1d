"""H.-Y. Yang et al., arXiv 2606.11557: mirror symmetry of the best central-spin battery."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.linalg import eigvalsh_tridiagonal
from sympy import Symbol

from numerics.model.models import SpinCharger
from numerics.model.states import dicke
from numerics.model.superpositions import spin_coherent
from symbattery.model.ladders import Spin
from symbattery.paper.claim import Above, Claim, Context, Number, Reading, Zero
from symbattery.paper.field.statement import Charge, Paper, engine, judge, judged, peak, power
from symbattery.paper.judges import direct
from symbattery.paper.judges.brute import Brute
from symbattery.symbols import M, N

__all__ = ["YANG_2026"]

_SIZES = ((2, 10), (4, 20), (6, 60))
# Of these every m is tried.
_SWEPT = ((2, 10), (4, 20), (10, 10))
Height = Callable[[int, int, int], float]
_K = Symbol("k", integer=True, nonnegative=True)


def _hop(k: Any) -> Any:
    """The squared hop from k to k + 1 cells, from m = (M + N)/2 charger spins up."""
    return Spin(M).raised(k) * Spin(N).lowered((M + N) / 2 - k)


def _asymmetry(_: Context) -> Any:
    return (_hop(_K) - _hop(M - 1 - _K)).expand()


def _asymmetry_again(_: Context) -> float:
    """The same of hops in numbers."""
    return max(
        float(np.ptp(hops - hops[::-1]))
        for m, n in _SIZES for hops in [direct.spin_hops(m, n, (m + n) // 2)]
    )  # fmt: skip


def _best(height: Height, cells: int, chargers: int) -> int:
    """The best m."""
    return max(range(1, chargers + 1), key=lambda up: height(cells, chargers, up))


def _off_centre(height: Height) -> float:
    """The largest distance of the best m from (M + N)/2."""
    return max(abs(_best(height, m, n) - (m + n) / 2) for m, n in _SWEPT)


def _power(charge: Charge) -> Height:
    return lambda m, n, up: power(charge, SpinCharger(m, n), dicke(0, up))


def _energy(charge: Charge) -> Height:
    return lambda m, n, up: float(peak(charge, SpinCharger(m, n), dicke(0, up)).value)


def _norm(cells: int, chargers: int, up: int) -> float:
    """The largest eigenvalue of the chain: that of the power operator, i[H, H_B]."""
    hops = np.sqrt(direct.spin_hops(cells, chargers, up))
    return float(eigvalsh_tridiagonal(np.zeros(len(hops) + 1), hops)[-1])


def _norm_again(cells: int, chargers: int, up: int) -> float:
    return Brute(SpinCharger(cells, chargers), dicke(0, up)).width / 2


def _room(charge: Charge, norm: Height) -> float:
    """The smallest share by which the norm exceeds P_max, over all m; M = 4, N = 20."""
    return min(norm(4, 20, up) / _power(charge)(4, 20, up) - 1 for up in range(1, 21))


def _product(charge: Charge, of: str) -> float:
    """The smallest share of the best Dicke state's, from spins all along one direction."""

    def share(cells: int, chargers: int) -> float:
        model, up = SpinCharger(cells, chargers), (cells + chargers) // 2
        starts = dicke(0, up), spin_coherent(2 * math.acos(math.sqrt(up / chargers)))
        heights = [
            power(charge, model, start) if of == "power" else peak(charge, model, start).value
            for start in starts
        ]
        return float(heights[1] / heights[0])

    return min(share(*size) for size in _SIZES)


YANG_2026 = Paper(
    "2606.11557", "H.-Y. Yang et al.",
    "Emergent mirror symmetry in the optimization of the central-spin quantum battery",
    r"$M$ cells and $N$ charger spins in a symmetric state with $m$ up, resonant exchange",
    (
        Claim("2606.11557.bound", "abstract",
            "a property of the effective Hamiltonian bounds the average power", Above(),
            Reading(r"its largest eigenvalue: smallest $\omega_0\Vert H \Vert/P_{\max} - 1$ over "
                "$m$, $M = 4$, $N = 20$", lambda c: _room(engine(c), _norm),
                again=lambda c: _room(judge(c), _norm_again))),
        Claim("2606.11557.same", "abstract",
            "it is largest at one $m$, which the mirror symmetry below wants to be $(M + N)/2$",
            Number("0"),
            Reading(r"distance of that $m$, of $\Vert H \Vert$; $M$, $N = 2$, 10; 4, 20; 10, 10",
                lambda _: _off_centre(_norm), again=lambda _: _off_centre(_norm_again)),
            compared=(judged(
                r"the best $m$ of $P_{\max}$ itself, which may be lower, at $M = N = 10$",
                lambda charge: _best(_power(charge), 10, 10)),)),
        Claim("2606.11557.energy", "abstract",
            "a second property, the build-up of energy, is largest at the same $m$", Number("0"),
            judged("distance of the best $m$, of the first peak of $E$; the same sizes",
                lambda charge: _off_centre(_energy(charge)))),
        Claim("2606.11557.mirror", "abstract",
            "there the effective tridiagonal Hamiltonian is mirror symmetric", Zero(),
            Reading(r"squared hops, $h_k^2 - h_{M-1-k}^2$ at $m = (M + N)/2$, any $M$ and $N$",
                _asymmetry, again=_asymmetry_again)),
        Claim("2606.11557.product-energy", "abstract",
            "product states with that mean number of excitations come close to the best energy "
            "(within 2 %)", Above("0.98"),
            judged("smallest share of the first peak, $M$, $N = 2$, 10; 4, 20; 6, 60",
                lambda charge: _product(charge, "energy"))),
        Claim("2606.11557.product-power", "abstract",
            "and to the best power (within 5 %)", Above("0.95"),
            judged(r"smallest share of $P_{\max}$, the same sizes",
                lambda charge: _product(charge, "power"))),
    ),
)  # fmt: skip
