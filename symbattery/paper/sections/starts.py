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
from symbattery.paper.sections.crosstalk import IDEAL, PAULI, basis_state, crosstalk_model
from symbattery.symbols import omega_0

__all__ = ["STARTS"]

_TEXT = "Sec. IV, text"
_FIG_7_A = "Sec. IV, Fig. 7(a)"
_FIG_7_B = "Sec. IV, Fig. 7(b)"
_FIG_7 = "Sec. IV, Fig. 7"


_SIZES = (2, 3, 4, 6, 8)


def _harm(value: str, cells: int, ratio: int) -> Compute:
    """1 − E_max/E_max(g₁ = 0), or of another value, at g₁/g = 0.1 with N = ratio · M."""

    def compute(c: Context) -> float:
        most, n = getattr(c, value), ratio * cells
        return 1 - most(crosstalk_model(0.1, cells, n)) / most(SpinCharger(cells, n, 1))

    return compute


def _smallest_fall(loss: Callable[[int], float], sizes: tuple[int, ...] = _SIZES) -> float:
    return float(-np.diff([loss(m) for m in sizes]).max())


def _declines(value: str, ratio: int) -> Compute:
    """The smallest fall of the loss at g₁/g = 0.1 along the sizes."""
    return lambda c: _smallest_fall(lambda m: _harm(value, m, ratio)(c))


def _declines_chain(highest: Callable[[direct.Curve, float], float]) -> Compute:
    """The same for N = 2M from written-down chains."""

    def loss(m: int) -> float:
        k, n = np.arange(m + 1.0), 2 * m
        curves = (
            direct.chain_curve(direct.spin_hops(m, n), g1 * 2 * k * (n - k)) for g1 in (0.1, 0.0)
        )
        slowed, bare = (highest(curve, 6.0 / m) for curve in curves)
        return 1 - slowed / bare

    return lambda _: _smallest_fall(loss)


def _charger_declines(value: str) -> Compute:
    """The smallest fall of the loss from Eq. (19), 0.6 of it ideal and 0.4/N in each |Ψ_l⟩."""

    def compute(c: Context) -> float:
        def loss(m: int) -> float:
            n, model, most = 2 * m, SpinCharger(m, 2 * m, 1), getattr(c, value)
            start = mixture([(0.6, dicke(0, n)), *((0.4 / n, dicke(0, up)) for up in range(n))])
            return float(1 - most(model, initial=start) / most(model))

        return _smallest_fall(loss)

    return compute


def _start_declines(c: Context) -> float:
    """The smallest fall of the loss of E_max from one flipped cell, probability 0.4, N = 2M."""

    def loss(m: int) -> float:
        model, up = SpinCharger(m, 2 * m, 1), [1] * (2 * m)
        start = mixture([(0.6, dicke(0, 2 * m)), (0.4, product([1] + [0] * (m - 1), up))])
        return 1 - c.first_peak(model, start) / c.first_peak(model)

    return _smallest_fall(loss, (2, 3, 4, 5, 6))


_CHARGER = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
_CHARGER_PRODUCT = mixture(
    [(0.6, dicke(0, 4)), *((0.1, product([0, 0], [1] * up + [0] * (4 - up))) for up in range(4))]
)

_BATTERY = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])
_BATTERY_DICKE = mixture([(0.6, dicke(0, 4)), (0.4, dicke(1, 4))])


def _energy_share(initial: InitialState, until: float = 0.0) -> Compute:
    """E_max over that of the ideal start, both first peaks or both in gt ≤ ``until``."""

    def compute(c: Context) -> float:
        if until:
            return c.max_energy(IDEAL, until, initial) / c.max_energy(IDEAL, until)
        return c.first_peak(IDEAL, initial) / c.first_peak(IDEAL)

    return compute


def _power_share(initial: InitialState) -> Compute:
    return lambda c: c.max_power(IDEAL, initial) / c.max_power(IDEAL)


def _charger_curve() -> direct.Curve:
    """Fig. 7, non-ideal chargers, from collective chains."""
    parts = [(0.6, 4), *((0.1, up) for up in (1, 2, 3))]
    curves = [(w, direct.chain_curve(direct.spin_hops(2, 4, up))) for w, up in parts]
    return lambda times: sum(w * curve(times) for w, curve in curves)  # type: ignore[return-value]


def _charger_share_again(_: Context) -> float:
    ideal = direct.first_top(direct.chain_curve(direct.spin_hops(2, 4)), 2.0, 2000)[1]
    return direct.first_top(_charger_curve(), 2.0, 2000)[1] / ideal


def _battery_share_again(_: Context) -> float:
    """Fig. 7, non-empty batteries, with Pauli matrices on 64 states."""
    weights = {0b110000: 0.6, 0b010000: 0.2, 0b100000: 0.2}
    starts = [(weight, basis_state(down)) for down, weight in weights.items()]
    return direct.first_top(direct.pauli_curve(2, 4, starts), 2.0, 2000)[1] / (48 / 25)


def _truncated_share(c: Context) -> float:
    return float(np.floor(100 * _energy_share(_CHARGER)(c)) / 100)


def _worse(share: Callable[[InitialState], Compute]) -> Compute:
    return lambda c: share(_CHARGER)(c) - share(_BATTERY)(c)


def _shortfall(up: int) -> Compute:
    """2 − the largest E/ω₀ in gt ≤ 60 with so many charger spins up."""
    return lambda c: 2 - c.max_energy(IDEAL, 60.0, Dicke(0, up))


def _impeded_by_others(_: Context) -> float:
    """The ideal E_max/ω₀ less the smaller one of |00, m = 0⟩ and |00, m = 1⟩, closed forms."""
    ideal, *others = (
        two_cells(4, excited_chargers=up).maximum().value / omega_0 for up in (4, 3, 2)
    )
    return float(ideal - min(others))


def _time_apart(c: Context) -> float:
    """The lead in gt of the first peak of E from |01⟩ over that from |00⟩."""
    ideal = c.charge(IDEAL).first_peak().time
    return ideal - c.charge(IDEAL, product([1, 0], [1] * 4)).first_peak().time


def _ergotropy(weights: list[float], energies: list[float]) -> float:
    """Mean energy less that of the passive state: larger weights on lower levels."""
    mean = float(np.dot(weights, energies))
    return mean - float(np.dot(sorted(weights, reverse=True), sorted(energies)))


def _single_ergotropy(_: Context) -> float:
    """Of |01⟩, in ω₀."""
    return _ergotropy([0, 1, 0, 0], [-1, 0, 0, 1])


def _single_ergotropy_again(_: Context) -> float:
    """By the best unitary, which takes |01⟩ to |00⟩: the difference of their energies."""
    levels = numbers(total("z", (0, 1), 2) / 2).diagonal()
    return float(levels[0b10] - levels[0b11])


def _battery_ergotropy(_: Context) -> float:
    """Of the two cells in the mixture of Fig. 7."""
    return _ergotropy([0.6, 0.2, 0.2, 0], [-1, 0, 0, 1])


STARTS = (
    Claim("IV.size", _TEXT, "the harm of crosstalk declines with the size", Above(),
        Reading(
            r"smallest fall of the loss of $E_{\max}$, $g_1/g = 0.1$, $N = 2M$, $M = 2$, 3, 4, 6, "
            "8",
            _declines("first_peak", 2)),
        (Reading("$N = M$", _declines("first_peak", 1)),),
        witness=Reading("written-down chains",
            _declines_chain(lambda curve, end: direct.first_top(curve, end, 2000)[1])),
        instead=Reading(r"loss of $E_{\max}$ at $M = 8$, $N = 16$", _harm("first_peak", 8, 2)),
        compared=(Reading(r"loss of $E_{\max}$ at $M = 2$, $N = 4$", _harm("first_peak", 2, 2)),)),
    Claim("IV.size-power", _TEXT, "the harm of crosstalk to the power declines with the size",
        Above(),
        Reading(
            r"smallest fall of the loss of $P_{\max}$, $g_1/g = 0.1$, $N = 2M$, $M = 2$, 3, 4, 6, "
            "8",
            _declines("max_power", 2)),
        (Reading("$N = M$", _declines("max_power", 1)),),
        witness=Reading("written-down chains",
            _declines_chain(lambda curve, end: direct.top_power(curve, 1e-3, end, 2000))),
        instead=Reading(r"loss of $P_{\max}$ at $M = 8$, $N = 16$", _harm("max_power", 8, 2)),
        compared=(Reading(r"loss of $P_{\max}$ at $M = 2$, $N = 4$", _harm("max_power", 2, 2)),)),
    Claim("IV.size-charger", _TEXT, "the harm of a charger that is not full declines with the size",
        Above(),
        Reading(
            r"smallest fall of the loss of $E_{\max}$, first peaks, $p_0 = 0.6$ and $0.4/N$ each, "
            "$N = 2M$, $M = 2$, 3, 4, 6, 8", _charger_declines("first_peak")),
        (Reading(r"loss of $P_{\max}$", _charger_declines("max_power")),)),
    Claim("IV.size-start", _TEXT, "the harm of a non-ideal start declines with the size", Above(),
        Reading(
            r"smallest fall of the loss of $E_{\max}$, one flipped cell with probability 0.4, "
            r"$N = 2M$, $M = 2 \dots 6$", _start_declines)),
    Claim("fig-7a.charger", _FIG_7_A, r"$E_{\max}$ with non-ideal chargers over the ideal one",
        Number("0.84"), Reading("first peaks, the states of Eq. (18)", _energy_share(_CHARGER)),
        (Reading(r"largest $E$ in $gt \le 60$", _energy_share(_CHARGER, 60.0)),),
        witness=Reading("written-down chains", _charger_share_again),
        instead=Reading("first peaks", _energy_share(_CHARGER)),
        sources=(Reading("cut off after two decimals", _truncated_share),
            Reading(r"product states in place of $|m\rangle$", _energy_share(_CHARGER_PRODUCT)))),
    Claim("fig-7b.charger", _FIG_7_B, r"$P_{\max}$ with non-ideal chargers over the ideal one",
        Number("0.88"), Reading("global maxima", _power_share(_CHARGER))),
    Claim("fig-7a.battery", _FIG_7_A, r"$E_{\max}$ with non-empty batteries over the ideal one",
        Number("0.70"),
        Reading("first peaks, the product states of Eq. (20)", _energy_share(_BATTERY)),
        (Reading(r"largest $E$ in $gt \le 10$", _energy_share(_BATTERY, 10.0)),
            Reading(r"largest $E$ in $gt \le 60$", _energy_share(_BATTERY, 60.0))),
        witness=Reading(PAULI, _battery_share_again),
        instead=Reading("first peaks", _energy_share(_BATTERY)),
        sources=(
            Reading(
                r"symmetric states in place of $|01\rangle$ and $|10\rangle$",
                _energy_share(_BATTERY_DICKE)),)),
    Claim("fig-7b.battery", _FIG_7_B, r"$P_{\max}$ with non-empty batteries over the ideal one",
        Number("0.72"), Reading("global maxima", _power_share(_BATTERY))),
    Claim("fig-7a.worse", _FIG_7_A, "non-empty batteries store less than non-ideal chargers give",
        Above(), Reading("difference of the shares, first peaks", _worse(_energy_share))),
    Claim("fig-7b.worse", _FIG_7_B,
        r"non-empty batteries lose more of $P_{\max}$ than non-ideal chargers do", Above(),
        Reading("difference of the shares", _worse(_power_share))),
    Claim("fig-7.dark", _FIG_7, r"$|00, m = -2\rangle$ stores nothing", Below("0"),
        Reading(r"largest $E$ in $gt \le 60$", lambda c: c.max_energy(IDEAL, 60.0, Dicke(0, 0)))),
    Claim("fig-7.half", _FIG_7, r"$|00, m = -1\rangle$ impedes full charging", Above("0.5"),
        Reading(r"2 $-$ largest $E/\omega_0$ in $gt \le 60$", _shortfall(1))),
    Claim("fig-7.others", _FIG_7,
        r"$|\Psi_1^C\rangle$ and $|\Psi_2^C\rangle$ are what impedes it: $|00, m = 0\rangle$ and "
        r"$|00, m = 1\rangle$ store no less than ideal",
        Below("0"),
        Reading(
            r"ideal $E_{\max}/\omega_0$ less the smaller of theirs, closed forms",
            _impeded_by_others)),
    Claim("fig-7.asynchronous", _FIG_7,
        r"charging from $|00\rangle$ is not synchronous with that from $|01\rangle$",
        Above(), Reading("difference of the times of the first peaks, in $1/g$", _time_apart)),
    Claim("IV.passive", _TEXT, "the non-ideal states are passive: no work can be extracted",
        Below("0"), Reading(
            r"work in $\omega_0$ from the battery $|01\rangle$ of Eq. (20)", _single_ergotropy),
        (Reading("from the whole mixture of Fig. 7, two cells", _battery_ergotropy),),
        witness=Reading(r"swap to $|00\rangle$", _single_ergotropy_again)),
)  # fmt: skip
