"""Sec. II, Figs. 2 and 4: spins against the cavity, and more charger spins for the same battery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Reading
from symbattery.paper.judges import direct
from symbattery.paper.judges import landscape as land

__all__ = ["BENCHMARK"]

_FIG_2 = "Sec. II, Fig. 2"
_FIG_4_A = "Sec. II, Fig. 4(a)"

Row = Callable[[Context], Any]
# One quantity of the spins for M = 1…10, by N/M.
Rows = Callable[[Context, int], Any]

FROM_TWO, FROM_THREE = slice(1, None), slice(2, None)
# What is nearer than this is almost the same, and what is farther departs significantly.
_TWENTIETH = "0.05"
_CROSSING = range(9, 14)
_M_PHOTONS = "cavity with $M$ photons"
_PLAIN_UNIT = rf"{_M_PHOTONS}, $P/(\tilde g\omega_0)$"
_ROOT_UNIT = rf"{_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$"

# E_max and P_max of M = 1…10: M photons, the limit of the spins, and photons by the second route.
_photon_energies, _photon_powers = land.row(land.cavity_first), land.row(land.cavity_power)
_emitted_energies = land.row(land.cavity_first, direct.emission_hops)
_emitted_powers = land.row(land.cavity_power, direct.emission_hops)
_photon_energies_again = land.row(land.cavity_first, direct.photon_hops)
_photon_powers_again = land.row(land.cavity_power, direct.photon_hops)


def _rescaled_photon_powers(c: Context) -> Any:
    """P/(√N g̃ω₀) with N = M photons."""
    return _photon_powers(c) / np.sqrt(land.SIZES)


def _distance(mine: Any, cavity: Any) -> float:
    """The largest relative distance from the cavity's points, M = 2…10."""
    return float(np.abs(mine / cavity - 1)[FROM_TWO].max())


def _apart(mine: Rows, other: Row, ratios: tuple[int, ...] = (10, 100)) -> Compute:
    """The largest relative distance from the cavity's points over some N/M."""
    return lambda c: max(_distance(mine(c, r), other(c)) for r in ratios)


def _gain(part: slice) -> Compute:
    """The smallest E_max of the spins over that of the cavity, less 1, N = M."""
    return lambda c: float((land.energies(c) / _photon_energies(c))[part].min() - 1)


def _window_growth(c: Context) -> float:
    """The same for N = M photons and spins, each with the largest E in gt ≤ 10."""
    excess = land.energies(c, 1, until=10.0) - land.row(land.cavity_within, 10.0)(c)
    return direct.smallest_step(excess[FROM_TWO])


def _growth(ratio: int, other: Row, mine: Rows = land.energies) -> Compute:
    """The smallest step, from one M to the next, by which E_max exceeds the cavity's."""
    return lambda c: direct.smallest_step((mine(c, ratio) - other(c))[FROM_TWO])


def _coincidence(other: Row, **route: Any) -> Compute:
    """The largest relative distance of E_max at γ = 0.2, N = M from the cavity's."""
    return lambda c: _distance(land.energies(c, 1, 0.2, **route), other(c))


def _ahead(cells: int) -> Compute:
    """E_max at γ = 0.2 over that of the cavity, less 1."""
    return lambda c: land.first(c, cells, 1, 0.2) / land.cavity_first(c, cells) - 1


def _near_crossing(c: Context) -> float:
    """The largest relative distance where the energies cross."""
    return max(abs(_ahead(m)(c)) for m in _CROSSING)


def _slightly_lower(other: Row, part: slice, mine: Rows = land.powers) -> Compute:
    """Room of the loss of power to 0 and to 15 %, whichever is smaller, N = M."""

    def compute(c: Context) -> float:
        loss = 1 - (mine(c, 1) / other(c))[part]
        return float(min(loss.min(), 0.15 - loss.max()))

    return compute


def _steps(of: Rows, smallest: Callable[[Any], float] = direct.smallest_step) -> Compute:
    """The smallest step along N/M = 1, 2, 10, 100, M = 2…10."""
    return lambda c: smallest(of(c, r)[FROM_TWO] for r in (1, 2, 10, 100))


BENCHMARK = (
    Claim("fig-2.coincide-energy", _FIG_2,
        r"$E_{\max}$ of the spins coincides with the cavity's for $N/M \ge 10$ (within 2 %)",
        Below("0.02"),
        Reading(f"{_M_PHOTONS}; {land.FIRST}", _apart(land.energies, _photon_energies)),
        (Reading(f"{land.EMITS}; $N/M = 10$ and 100", _apart(land.energies, _emitted_energies)),),
        witness=Reading(land.CHAINS, _apart(land.chain_energies, _photon_energies_again)),
        compared=(Reading(f"{land.EMITS}, $N/M = 100$ only",
                _apart(land.energies, _emitted_energies, (100,))),)),
    Claim("fig-2.departs", _FIG_2,
        "at small $N/M$ the spins depart significantly from the cavity (by a twentieth at least)",
        Above(_TWENTIETH),
        Reading(rf"largest relative distance of $E_{{\max}}$, $N = M$; {_M_PHOTONS}; {land.FIRST}",
            _apart(land.energies, _photon_energies, (1,)))),
    Claim("fig-2.twice-energy", _FIG_2,
        r"for $N/M = 2$ $E_{\max}$ becomes gradually larger than the cavity's as $M$ grows",
        Above(),
        Reading(rf"smallest step of the difference, $M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}",
            _growth(2, _photon_energies)),
        (Reading(land.EMITS, _growth(2, _emitted_energies)),),
        witness=Reading(land.CHAINS, _growth(2, _photon_energies_again, land.chain_energies))),
    Claim("fig-2.same-energy", _FIG_2,
        r"for $N = M$ and $M \ge 3$ $E_{\max}$ is higher than the cavity's", Above(),
        Reading(f"smallest excess; {_M_PHOTONS}; {land.FIRST}", _gain(FROM_THREE))),
    Claim("fig-4a.above", _FIG_4_A,
        r"the isotropic spin charger surpasses the cavity in $E_{\max}$", Above(),
        Reading(rf"smallest excess, $M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}",
            _gain(FROM_TWO))),
    Claim("fig-4a.grows", _FIG_4_A, "the more so the larger $M$", Above(),
        Reading(f"smallest step of the difference; {_M_PHOTONS}; {land.FIRST}",
            _growth(1, _photon_energies)),
        (Reading(land.EMITS, _growth(1, _emitted_energies)),
            Reading(f"{land.WINDOW}; {_M_PHOTONS}", _window_growth)),
        witness=Reading(land.CHAINS, _growth(1, _photon_energies_again, land.chain_energies))),
    Claim("fig-4a.coincide", _FIG_4_A,
        r"at $\gamma = 0.2$ the spins reach almost the $E_{\max}$ of the cavity (within 5 %)",
        Below(_TWENTIETH),
        Reading(rf"$M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}", _coincidence(_photon_energies)),
        (Reading(rf"where the curves cross, $M = {_CROSSING[0]} \dots {_CROSSING[-1]}$",
                _near_crossing),
            Reading(land.EMITS, _coincidence(_emitted_energies))),
        witness=Reading(land.WHOLE, _coincidence(_photon_energies_again, route=land.whole)),
        compared=tuple(
            Reading(f"at $M = {m}${more}", _ahead(m))
            for m, more in ((10, ""), (11, ", where it is smallest"),
                (12, ": from here on the cavity stores more")))),
    Claim("fig-2.coincide-power", _FIG_2,
        r"$P_{\max}$ of the spins coincides with the cavity's for $N/M \ge 10$ (within 2 %)",
        Below("0.02"), Reading(_PLAIN_UNIT, _apart(land.powers, _photon_powers)),
        (Reading(_ROOT_UNIT, _apart(land.powers, _rescaled_photon_powers)),
            Reading(land.EMITS, _apart(land.powers, _emitted_powers))),
        witness=Reading(land.CHAINS, _apart(land.chain_powers, _photon_powers_again))),
    Claim("fig-2.twice-power", _FIG_2,
        r"for $N/M = 2$ $P_{\max}$ is nearly that of the cavity (within 2 %)", Below("0.02"),
        Reading(_PLAIN_UNIT, _apart(land.powers, _photon_powers, (2,))),
        (Reading(_ROOT_UNIT, _apart(land.powers, _rescaled_photon_powers, (2,))),
            Reading(land.EMITS, _apart(land.powers, _emitted_powers, (2,))))),
    Claim("fig-2.same-power", _FIG_2,
        r"for $N = M$ and $M \ge 3$ $P_{\max}$ is a little lower than the cavity's (by at most 15 "
        "%)", Above(),
        Reading(f"{_PLAIN_UNIT}: room to 0 and 15 %", _slightly_lower(_photon_powers, FROM_THREE)),
        (Reading(_ROOT_UNIT, _slightly_lower(_rescaled_photon_powers, FROM_THREE)),
            Reading(land.EMITS, _slightly_lower(_emitted_powers, FROM_THREE))),
        witness=Reading(land.CHAINS,
            _slightly_lower(_photon_powers_again, FROM_THREE, land.chain_powers))),
    Claim("fig-4b.below", "Sec. II, Fig. 4(b)",
        r"the isotropic spin charger is slightly below the cavity in $P_{\max}$ (by at most 15 %)",
        Above(),
        Reading(rf"$M = 2 \dots 10$; {_PLAIN_UNIT}", _slightly_lower(_photon_powers, FROM_TWO)),
        (Reading(_ROOT_UNIT, _slightly_lower(_rescaled_photon_powers, FROM_TWO)),
            Reading(land.EMITS, _slightly_lower(_emitted_powers, FROM_TWO)))),
    Claim("fig-2.larger-power", _FIG_2,
        r"at fixed $M$ a larger charger has a larger $P_{\max}$", Above(),
        Reading(
            r"smallest step along $N/M = 1$, 2, 10, 100, $M = 2 \dots 10$", _steps(land.powers)),
        (Reading(r"$P_{\max}/(g\omega_0)$, without $\sqrt N$",
            _steps(lambda c, r: land.powers(c, r) * np.sqrt(r * np.array(land.SIZES)))),),
        witness=Reading(land.CHAINS, _steps(land.chain_powers)),
        instead=Reading(
            r"$P_{\max}(N = 20)/P_{\max}(N = 200)$ of two cells, each over $\sqrt N\,g$: the "
            "largest is in between", lambda c: land.power(c, 2, 10) / land.power(c, 2, 100))),
    Claim("fig-2.smaller-energy", _FIG_2, r"at fixed $M$ a larger charger has a smaller $E_{\max}$",
        Above(),
        Reading(f"smallest step down along $N/M = 1$, 2, 10, 100; {land.FIRST}",
            _steps(land.energies, direct.smallest_fall))),
)  # fmt: skip
