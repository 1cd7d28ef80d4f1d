"""Sec. IV and Fig. 7: initial states that are not ideal, and the harm by size of the system."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.model.models import SpinCharger
from numerics.model.states import Dicke, InitialState, dicke, mixture, product
from symbattery.api import two_cells
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import direct
from symbattery.paper.judges.pauli import numbers, total
from symbattery.paper.sections.crosstalk import IDEAL, PAULI, STATES, crosstalk_model
from symbattery.symbols import omega_0

__all__ = ["BATTERY", "CHARGER", "STARTS"]

_TEXT = "Sec. IV, text"
_FIG_7_A = "Sec. IV, Fig. 7(a)"
_FIG_7_B = "Sec. IV, Fig. 7(b)"
_FIG_7 = "Sec. IV, Fig. 7"
_SIZES = (2, 3, 4, 6, 8)


def _charger_start(cells: int) -> InitialState:
    """Eq. (19), 0.6 of it ideal and 0.4/N in each |Ψ_l⟩, N = 2M."""
    n = 2 * cells
    return mixture([(0.6, dicke(0, n)), *((0.4 / n, dicke(0, up)) for up in range(n))])


def _battery_start(cells: int) -> InitialState:
    """One cell flipped with probability 0.4, N = 2M."""
    up = [1] * (2 * cells)
    return mixture([(0.6, dicke(0, 2 * cells)), (0.4, product([1] + [0] * (cells - 1), up))])


CHARGER = _charger_start(2)
_CHARGER_PRODUCT = mixture(
    [(0.6, dicke(0, 4)), *((0.1, product([0, 0], [1] * up + [0] * (4 - up))) for up in range(4))]
)
BATTERY = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])
_BATTERY_DICKE = mixture([(0.6, dicke(0, 4)), (0.4, dicke(1, 4))])


def _harm(value: str, cells: int, chargers: int) -> Compute:
    """1 − E_max/E_max(g₁ = 0), or of another value, at g₁/g = 0.1."""

    def compute(c: Context) -> float:
        most = getattr(c, value)
        ideal = most(SpinCharger(cells, chargers, 1))
        return 1 - most(crosstalk_model(0.1, cells, chargers)) / ideal

    return compute


def _declines(value: str, chargers: Callable[[int], int]) -> Compute:
    """The smallest fall of the loss at g₁/g = 0.1 along the sizes, N a function of M."""
    return lambda c: direct.smallest_fall(_harm(value, m, chargers(m))(c) for m in _SIZES)


def _declines_chain(highest: Callable[[direct.Curve, float], float]) -> Compute:
    """The same for N = 2M from written-down chains."""

    def most(m: int, g1: float) -> float:
        k, n = np.arange(m + 1.0), 2 * m
        levels = g1 * 2 * k * (n - k)
        return highest(direct.chain_curve(direct.spin_hops(m, n), levels), 6.0 / m)

    return lambda _: direct.smallest_fall(1 - most(m, 0.1) / most(m, 0.0) for m in _SIZES)


def _share(
    value: str, initial: InitialState, *window: float, model: SpinCharger = IDEAL
) -> Compute:
    """A maximum over that of the ideal start: first peaks, largest E in a window, or largest P."""
    return lambda c: getattr(c, value)(model, *window, initial) / getattr(c, value)(model, *window)


def _start_declines(
    value: str, start: Callable[[int], InitialState], sizes: tuple[int, ...] = _SIZES
) -> Compute:
    """The smallest fall of the loss from a start of N = 2M along the sizes."""
    return lambda c: direct.smallest_fall(
        1 - _share(value, start(m), model=SpinCharger(m, 2 * m, 1))(c) for m in sizes
    )


def _charger_share_again(_: Context) -> float:
    """Fig. 7, non-ideal chargers, from collective chains."""
    weights = {4: 0.6, 1: 0.1, 2: 0.1, 3: 0.1}
    curves = {up: direct.chain_curve(direct.spin_hops(2, 4, up)) for up in weights}

    def mixed(times: direct.Floats) -> direct.Floats:
        return np.sum([weights[up] * curve(times) for up, curve in curves.items()], axis=0)

    return direct.first_top(mixed, 2.0, 2000)[1] / direct.first_top(curves[4], 2.0, 2000)[1]


def _battery_share_again(_: Context) -> float:
    """Fig. 7, non-empty batteries, with Pauli matrices on 64 states."""
    weights = {0b110000: 0.6, 0b010000: 0.2, 0b100000: 0.2}
    starts = [(weight, STATES[down]) for down, weight in weights.items()]
    return direct.first_top(direct.pauli_curve(2, 4, starts), 2.0, 2000)[1] / (48 / 25)


def _worse(value: str) -> Compute:
    return lambda c: _share(value, CHARGER)(c) - _share(value, BATTERY)(c)


def _exact_top(up: int) -> float:
    return float(two_cells(4, excited_chargers=up).maximum().value / omega_0)


def _ergotropy(*weights: float) -> float:
    """Mean energy in ω₀ less that of the passive state: larger weights on lower levels."""
    levels = [-1, 0, 0, 1]
    return float(np.dot(weights, levels) - np.dot(sorted(weights, reverse=True), levels))


def _single_ergotropy_again(_: Context) -> float:
    """By the best unitary, which takes |01⟩ to |00⟩: the difference of their energies."""
    levels = numbers(total("z", (0, 1), 2) / 2).diagonal()
    return float(levels[0b10] - levels[0b11])


def _by_size(
    identifier: str,
    harm: str,
    symbol: str,
    value: str,
    highest: Callable[[direct.Curve, float], float],
) -> Claim:
    """The decline of the loss of a maximum by crosstalk."""
    return Claim(identifier, _TEXT, f"{harm} declines with the size", Above(),
        Reading(
            rf"smallest fall of the loss of {symbol}, $g_1/g = 0.1$, $N = 2M$, $M = 2$, 3, 4, 6, 8",
            _declines(value, lambda m: 2 * m)),
        (Reading("$N = M$", _declines(value, lambda m: m)),
            Reading("more cells with the charger of the example, $N = 4$ at every $M$",
                _declines(value, lambda m: 4))),
        witness=Reading("written-down chains", _declines_chain(highest)),
        instead=Reading(f"loss of {symbol} at $M = 8$, $N = 16$", _harm(value, 8, 16)),
        compared=(Reading(f"loss of {symbol} at $M = 2$, $N = 4$", _harm(value, 2, 4)),
            Reading("at $M = 8$, $N = 4$", _harm(value, 8, 4))),
    )  # fmt: skip


STARTS = (
    _by_size("IV.size", "the harm of crosstalk", r"$E_{\max}$", "first_peak",
        lambda curve, end: direct.first_top(curve, end, 2000)[1]),
    _by_size("IV.size-power", "the harm of crosstalk to the power", r"$P_{\max}$", "max_power",
        lambda curve, end: direct.top_power(curve, 1e-3, end, 2000)),
    Claim("IV.size-charger", _TEXT, "the harm of a charger that is not full declines with the size",
        Above(),
        Reading(
            r"smallest fall of the loss of $E_{\max}$, first peaks, $p_0 = 0.6$ and $0.4/N$ each, "
            "$N = 2M$, $M = 2$, 3, 4, 6, 8", _start_declines("first_peak", _charger_start)),
        (Reading(r"loss of $P_{\max}$", _start_declines("max_power", _charger_start)),)),
    Claim("IV.size-start", _TEXT, "the harm of a non-ideal start declines with the size", Above(),
        Reading(
            r"smallest fall of the loss of $E_{\max}$, one flipped cell with probability 0.4, "
            r"$N = 2M$, $M = 2 \dots 6$",
            _start_declines("first_peak", _battery_start, (2, 3, 4, 5, 6)))),
    Claim("fig-7a.charger", _FIG_7_A, r"$E_{\max}$ with non-ideal chargers over the ideal one",
        Number("0.84", "about"),
        Reading("first peaks, the states of Eq. (18)", _share("first_peak", CHARGER)),
        (Reading(r"largest $E$ in $gt \le 60$", _share("max_energy", CHARGER, 60.0)),),
        witness=Reading("written-down chains", _charger_share_again),
        sources=(Reading("cut off after two decimals",
                lambda c: float(np.floor(100 * _share("first_peak", CHARGER)(c)) / 100)),
            Reading(r"product states in place of $|m\rangle$",
                _share("first_peak", _CHARGER_PRODUCT)))),
    Claim("fig-7b.charger", _FIG_7_B, r"$P_{\max}$ with non-ideal chargers over the ideal one",
        Number("0.88", "about"), Reading("global maxima", _share("max_power", CHARGER))),
    Claim("fig-7a.battery", _FIG_7_A, r"$E_{\max}$ with non-empty batteries over the ideal one",
        Number("0.70", "about"),
        Reading("first peaks, the product states of Eq. (20)", _share("first_peak", BATTERY)),
        (Reading(r"largest $E$ in $gt \le 10$", _share("max_energy", BATTERY, 10.0)),
            Reading(r"largest $E$ in $gt \le 60$", _share("max_energy", BATTERY, 60.0))),
        witness=Reading(PAULI, _battery_share_again),
        instead=Reading("first peaks", _share("first_peak", BATTERY)),
        sources=(
            Reading(r"symmetric states in place of $|01\rangle$ and $|10\rangle$",
                _share("first_peak", _BATTERY_DICKE)),)),
    Claim("fig-7b.battery", _FIG_7_B, r"$P_{\max}$ with non-empty batteries over the ideal one",
        Number("0.72", "about"), Reading("global maxima", _share("max_power", BATTERY))),
    Claim("fig-7a.worse", _FIG_7_A, "non-empty batteries store less than non-ideal chargers give",
        Above(), Reading("difference of the shares, first peaks", _worse("first_peak"))),
    Claim("fig-7b.worse", _FIG_7_B,
        r"non-empty batteries lose more of $P_{\max}$ than non-ideal chargers do", Above(),
        Reading("difference of the shares", _worse("max_power"))),
    Claim("fig-7.dark", _FIG_7, r"$|00, m = -2\rangle$ stores nothing", Below("0"),
        Reading(r"largest $E$ in $gt \le 60$", lambda c: c.max_energy(IDEAL, 60.0, Dicke(0, 0)))),
    Claim("fig-7.half", _FIG_7, r"$|00, m = -1\rangle$ impedes full charging", Above("0.5"),
        Reading(r"2 $-$ largest $E/\omega_0$ in $gt \le 60$",
            lambda c: 2 - c.max_energy(IDEAL, 60.0, Dicke(0, 1)))),
    Claim("fig-7.others", _FIG_7,
        r"$|\Psi_1^C\rangle$ and $|\Psi_2^C\rangle$ are what impedes it: $|00, m = 0\rangle$ and "
        r"$|00, m = 1\rangle$ store no less than ideal", Below("0"),
        Reading(r"ideal $E_{\max}/\omega_0$ less the smaller of theirs, closed forms",
            lambda _: _exact_top(4) - min(_exact_top(3), _exact_top(2)))),
    Claim("fig-7.asynchronous", _FIG_7,
        r"charging from $|00\rangle$ is not synchronous with that from $|01\rangle$",
        Above(), Reading("difference of the times of the first peaks, in $1/g$",
            lambda c: c.charge(IDEAL).first_peak().time
                - c.charge(IDEAL, product([1, 0], [1] * 4)).first_peak().time)),
    Claim("IV.passive", _TEXT, "the non-ideal states are passive: no work can be extracted",
        Below("0"), Reading(r"work in $\omega_0$ from the battery $|01\rangle$ of Eq. (20)",
            lambda _: _ergotropy(0, 1, 0, 0)),
        (Reading("from the whole mixture of Fig. 7, two cells",
            lambda _: _ergotropy(0.6, 0.2, 0.2, 0)),),
        witness=Reading(r"swap to $|00\rangle$", _single_ergotropy_again)),
)  # fmt: skip
