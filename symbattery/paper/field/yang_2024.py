"""H.-Y. Yang et al., arXiv 2411.01175: regimes of optimal storage in the central-spin battery."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState, dicke, fock
from symbattery.paper.claim import Above, Below, Claim, Number
from symbattery.paper.field.statement import (
    DOUBLED,
    Charge,
    Paper,
    fitted,
    judged,
    nearer,
    peak,
    slope,
)

__all__ = ["YANG_2024"]

_FEW, _FEW_EXCITED = (SpinCharger(2, 8000), dicke(0, 100)), (SpinCharger(200, 2000), dicke(0, 2))
_MANY_CELLS = (SpinCharger(2000, 200), dicke(0, 2))
_SHARES, _CHARGERS = (0.25, 0.5, 0.75), 800
_SIZES = (10, 20, 40, 80, 160)
# Into how many parts charger and excitations are divided among so many cells.
Parts = Callable[[int], tuple[int, int]]


def _stored(charge: Charge, model: SpinCharger, initial: InitialState) -> float:
    """The first peak over what could be stored."""
    most = min(model.cells, initial.excited_chargers)  # type: ignore[attr-defined]
    return float(peak(charge, model, initial).value) / most


def _least_of_shares(charge: Charge) -> float:
    model = SpinCharger(2, _CHARGERS)
    return min(_stored(charge, model, dicke(0, round(k * _CHARGERS))) for k in _SHARES)


def _from_cavity(
    charge: Charge, spins: tuple[Model, InitialState], cavity: tuple[Model, InitialState], sign: int
) -> float:
    """The largest |E − E of the cavity| over E_max, up to twice the time of the first peak."""
    best = peak(charge, *spins)
    times = np.linspace(0, 2 * best.time, 101)
    one, other = charge(*spins).energy(times), charge(*cavity).energy(times)
    return float(np.abs(one - sign * other).max() / best.value)


def _distances(charge: Charge) -> float:
    """Of the three regimes; of the third the battery is the mode, and empties in the mirror."""
    few = CavityCharger(2, math.sqrt(8000)), fock(100)
    excited = CavityCharger(200, math.sqrt(2000)), fock(2)
    mirrored = CavityCharger(200, math.sqrt(2000)), fock(0, excited_cells=2)
    return max(
        _from_cavity(charge, _FEW, few, 1),
        _from_cavity(charge, _FEW_EXCITED, excited, 1),
        _from_cavity(charge, _MANY_CELLS, mirrored, -1),
    )


def _fourth(charge: Charge) -> float:
    half = _CHARGERS // 2
    cavity = CavityCharger(2, math.sqrt(_CHARGERS)), fock(half)
    return _from_cavity(charge, (SpinCharger(2, _CHARGERS), dicke(0, half)), cavity, 1)


def _speed_up(charge: Charge, cells: int, chargers: int, up: int, parts: tuple[int, int]) -> float:
    """The time of one cell, with such parts of the charger and of what is up, over that of all."""
    one = peak(charge, SpinCharger(1, chargers // parts[0]), dicke(0, up // parts[1])).time
    return float(one / peak(charge, SpinCharger(cells, chargers), dicke(0, up)).time)


def _speed_up_slope(chargers: int, up: int, of: Parts, low: int = 2) -> Callable[[Charge], float]:
    """The exponent of the speed-up from ``low`` cells to twice as many."""
    return lambda charge: slope(lambda m: _speed_up(charge, m, chargers, up, of(m)), low, 2 * low)


def _speed_ups(chargers: int, up: int, sizes: str) -> dict[str, Any]:
    """The text does not say what a cell that is charged by itself is given."""
    slopes = partial(_speed_up_slope, chargers, up)
    return {
        "plain": judged(
            f"slope from $N_b = 2$ to 4, {sizes}; parallel cells share charger and excitations "
            "equally", slopes(lambda m: (m, m))),
        "readings": (
            judged("each with $N_c$ spins of its own, $m/N_b$ of them up",
                slopes(lambda m: (1, m))),
            judged("each with such a charger of its own, $m$ of $N_c$ spins up",
                slopes(lambda m: (1, 1)))),
        "compared": (
            judged("equal shares, slope from $N_b = 4$ to 8", slopes(lambda m: (m, m), 4)),),
    }  # fmt: skip


def _enhancement(sizes: range) -> Callable[[Charge], float]:
    """A fit of the speed-up of as many cells, charger spins and excitations."""
    return lambda charge: fitted(lambda m: _equal(charge, m), sizes)


def _equal(charge: Charge, size: int) -> float:
    """The speed-up of as many cells, charger spins and excitations, over pairs."""
    return float(peak(charge, SpinCharger(1, 1)).time / peak(charge, SpinCharger(size, size)).time)


YANG_2024 = Paper(
    "2411.01175", "H.-Y. Yang et al.",
    "Optimal energy storage and collective charging speedup in the central-spin quantum battery",
    r"$N_b$ cells and $N_c$ charger spins in symmetric states, $m$ of the latter up, resonant "
    r"exchange; largest energies are first peaks",
    (
        Claim("2411.01175.few-cells", "abstract",
            r"for $N_b \ll m \ll N_c$ the battery is charged fully: $E_{\max}/(N_b\omega_0) = "
            "1.00$",
            Number("1.00"), judged("$N_b = 2$, $m = 100$, $N_c = 8000$",
                lambda charge: _stored(charge, *_FEW))),
        Claim("2411.01175.few-excitations", "abstract",
            r"for $m \ll N_b \ll N_c$ storage is optimal: $E_{\max}/(m\omega_0) = 1.00$",
            Number("1.00"), judged("$m = 2$, $N_b = 200$, $N_c = 2000$",
                lambda charge: _stored(charge, *_FEW_EXCITED))),
        Claim("2411.01175.many-cells", "abstract",
            r"for $m \ll N_c \ll N_b$ as well", Number("1.00"),
            judged("$m = 2$, $N_c = 200$, $N_b = 2000$",
                lambda charge: _stored(charge, *_MANY_CELLS))),
        Claim("2411.01175.fixed-share", "abstract",
            r"for $N_b \ll m = kN_c$, $0 < k < 1$, the battery is charged fully", Number("1.00"),
            judged(r"smallest $E_{\max}/(N_b\omega_0)$, $k = \tfrac{1}{4}$, $\tfrac{1}{2}$, "
                r"$\tfrac{3}{4}$, $N_b = 2$, $N_c = 800$", _least_of_shares),
            compared=(judged("at $k = 1$, which is left out",
                lambda charge: _stored(charge, SpinCharger(2, _CHARGERS), dicke(0, _CHARGERS))),)),
        Claim("2411.01175.cavity", "abstract",
            "the first three regimes are those of Tavis–Cummings batteries (to 2 % of "
            r"$E_{\max}$)", Below("0.02"),
            judged(r"largest $|E - E_{\mathrm{TC}}|/E_{\max}$, the sizes above, two peaks long",
                _distances)),
        Claim("2411.01175.no-cavity", "abstract",
            "the fourth regime is not (by a tenth at least)", Above("0.1"),
            judged(r"$N_b = 2$, $m = N_c/2 = 400$; $m$ photons, $\tilde g = \sqrt{N_c}\,g$",
                _fourth)),
        Claim("2411.01175.speed-up", "abstract",
            r"for $N_b \ll m \ll N_c$ collective charging is faster than parallel charging by "
            r"$N_b^{1.00}$; what a cell by itself is given is not said", Number("1.00"),
            **_speed_ups(8000, 160, "$m = 160$, $N_c = 8000$")),
        Claim("2411.01175.speed-up-share", "abstract",
            r"for $N_b \ll m = kN_c$ by the same factor", Number("1.00"),
            **_speed_ups(800, 400, "$m = N_c/2 = 400$")),
        Claim("2411.01175.equal", "abstract",
            r"for $N_b = m = N_c$ the stored fraction tends to 1: what is missing falls by a "
            "tenth at least when $N_b$ is doubled", DOUBLED,
            judged(r"largest ratio of $1 - E_{\max}/(N_b\omega_0)$ to the one before, $N_b = 10$, "
                "20, 40, 80, 160",
                lambda charge: nearer(
                    1 - peak(charge, SpinCharger(m, m)).value / m for m in _SIZES)),
            compared=(judged("at $N_b = 160$",
                lambda charge: peak(charge, SpinCharger(160, 160)).value / 160),)),
        Claim("2411.01175.exponent", "abstract",
            r"for $N_b = m = N_c$ the collective enhancement grows as $N_b^{0.8264}$; the range "
            "of the fit is not in the text",
            Number("0.8264"),
            judged(r"fit of $1/t$ of the first peak, $N_b = 10, 20 \dots 100$",
                _enhancement(range(10, 101, 10))),
            (judged(r"fit over $N_b = 25, 45 \dots 225$, a range that was searched for",
                _enhancement(range(25, 226, 20))),),
            compared=(judged(r"fit over $N_b = 1, 2 \dots 100$", _enhancement(range(1, 101))),
                judged(r"fit over $N_b = 10, 20 \dots 200$", _enhancement(range(10, 201, 10))),
                judged(r"fit over $N_b = 20, 40 \dots 200$", _enhancement(range(20, 201, 20))),
                judged("slope from $N_b = 10$ to 20",
                lambda charge: slope(lambda m: _equal(charge, m), 10, 20)),
                judged("slope from $N_b = 150$ to 300: it goes on growing",
                lambda charge: slope(lambda m: _equal(charge, m), 150, 300)))),
    ),
)  # fmt: skip
