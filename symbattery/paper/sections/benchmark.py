"""Sec. II, Figs. 2 and 4: spins against the cavity, and more charger spins for the same battery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Reading
from symbattery.paper.judges import landscape as land

__all__ = ["BENCHMARK"]

_FIG_2 = "Sec. II, Fig. 2"
_FIG_4_A = "Sec. II, Fig. 4(a)"


Row = Callable[[Context], Any]

FROM_TWO, FROM_THREE = slice(1, None), slice(2, None)
_CLOSE = Below("0.01")
_M_PHOTONS = "cavity with $M$ photons"
_EMITS = r"full cells that emit into an empty cavity: $N \to \infty$ of the spins"

# E_max and P_max of M = 1…10: M photons, the limit of the spins, and photons by the second route.
_photon_energies, _photon_powers = land.row(land.cavity_first), land.row(land.cavity_power)
_emitted_energies, _emitted_powers = land.row(land.emission_first), land.row(land.emission_power)
_photon_energies_again = land.row(land.photon_first)
_photon_powers_again = land.row(land.photon_power)


def _rescaled_photon_powers(c: Context) -> Any:
    """P/(√N g̃ω₀) with N = M photons."""
    return _photon_powers(c) / np.sqrt(land.SIZES)


def _apart(mine: Callable[[Context, int], Any], other: Row) -> Compute:
    """Largest relative distance from the cavity's points, N/M = 10 and 100, M = 2…10."""

    def compute(c: Context) -> float:
        cavity = other(c)
        return max(float(np.abs(mine(c, r) / cavity - 1)[FROM_TWO].max()) for r in (10, 100))

    return compute


def _chain_energies(_: Context, ratio: int) -> Any:
    return land.chain_points(ratio)[0]


def _chain_powers(_: Context, ratio: int) -> Any:
    return land.chain_points(ratio)[1]


def _gain(ratio: int, other: Row, part: slice) -> Compute:
    """The smallest E_max of the spins over that of the cavity, less 1."""
    return lambda c: float((land.energies(c, ratio) / other(c))[part].min() - 1)


def _growth(ratio: int, other: Row, part: slice) -> Compute:
    """The smallest step, from one M to the next, by which E_max exceeds the cavity's."""
    return lambda c: float(np.diff((land.energies(c, ratio) - other(c))[part]).min())


def _growth_again(ratio: int) -> Compute:
    return lambda c: float(
        np.diff((land.chain_points(ratio)[0] - _photon_energies_again(c))[FROM_TWO]).min()
    )


def _coincidence(other: Row) -> Compute:
    """Largest relative distance of E_max at γ = 0.2, N = M from the cavity's, M = 2…10."""
    return lambda c: float(np.abs(land.energies(c, 1, 0.2) / other(c) - 1)[FROM_TWO].max())


def _coincidence_again(c: Context) -> float:
    mine = np.array([land.direct_first(c, m, 1, 0.2) for m in land.SIZES])
    return float(np.abs(mine / _photon_energies_again(c) - 1)[FROM_TWO].max())


def _coincidence_at_ten(c: Context) -> float:
    return land.first(c, 10, 1, 0.2) / land.cavity_first(c, 10) - 1


def _departure(c: Context) -> float:
    """Largest relative distance of E_max at N = M from the cavity's, M = 2…10."""
    return float(np.abs(land.energies(c, 1) / _photon_energies(c) - 1)[FROM_TWO].max())


def _power_apart(ratio: int, other: Row) -> Compute:
    """Largest relative distance of the powers, M = 2…10."""
    return lambda c: float(np.abs(land.powers(c, ratio) / other(c) - 1)[FROM_TWO].max())


def _power_loss(other: Row, part: slice, largest: bool) -> Compute:
    def compute(c: Context) -> float:
        loss = 1 - (land.powers(c) / other(c))[part]
        return float(loss.max() if largest else loss.min())

    return compute


def _between(low: Compute, high: Compute, most: float) -> Row:
    """Positive where ``low`` is positive and ``high`` below ``most``."""
    return lambda c: min(low(c), most - high(c))


def _slightly_lower(other: Row, part: slice) -> Compute:
    return _between(_power_loss(other, part, False), _power_loss(other, part, True), 0.15)


def _slightly_lower_again(c: Context) -> float:
    loss = 1 - (land.chain_points(1)[1] / _photon_powers_again(c))[FROM_THREE]
    return float(min(loss.min(), 0.15 - loss.max()))


_SEQUENCE = (1, 2, 10, 100)


def _steps(of: Callable[[Context, int], Any], sign: int) -> Compute:
    """The smallest step up (down for sign −1) along N/M = 1, 2, 10, 100, M = 2…10."""

    def compute(c: Context) -> float:
        rows = np.array([of(c, r)[FROM_TWO] for r in _SEQUENCE])
        return float((sign * np.diff(rows, axis=0)).min())

    return compute


def _plain_powers(c: Context, ratio: int) -> Any:
    return land.powers(c, ratio) * np.sqrt(ratio * np.array(land.SIZES))


BENCHMARK = (
    Claim("fig-2.coincide-energy", _FIG_2,
        r"$E_{\max}$ of the spins coincides with the cavity's for $N/M \ge 10$ (within 1 %)",
        _CLOSE,
        Reading(f"{_M_PHOTONS}; {land.FIRST}", _apart(land.energies, _photon_energies)),
        witness=Reading(land.CHAINS, _apart(_chain_energies, _photon_energies_again)),
        instead=Reading(f"largest relative distance, {_M_PHOTONS}",
            _apart(land.energies, _photon_energies)),
        sources=(Reading(f"{_EMITS} (largest distance, $N/M = 10$ and 100)",
                _apart(land.energies, _emitted_energies)),
            Reading(f"{_EMITS}, $N/M = 100$ only",
                lambda c: float(np.abs(land.energies(c, 100) / _emitted_energies(c) - 1).max())))),
    Claim("fig-2.departs", _FIG_2,
        "at small $N/M$ the spins depart significantly from the cavity (by a twentieth at least)",
        Above("0.05"),
        Reading(rf"largest relative distance of $E_{{\max}}$, $N = M$; {_M_PHOTONS}; {land.FIRST}",
            _departure)),
    Claim("fig-2.twice-energy", _FIG_2,
        r"for $N/M = 2$ $E_{\max}$ becomes gradually larger than the cavity's as $M$ grows",
        Above(),
        Reading(rf"smallest step of the difference, $M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}",
            _growth(2, _photon_energies, FROM_TWO)),
        (Reading(_EMITS, _growth(2, _emitted_energies, FROM_TWO)),),
        witness=Reading(land.CHAINS, _growth_again(2))),
    Claim("fig-2.same-energy", _FIG_2,
        r"for $N = M$ and $M \ge 3$ $E_{\max}$ is higher than the cavity's",
        Above(),
        Reading(f"smallest excess; {_M_PHOTONS}; {land.FIRST}",
            _gain(1, _photon_energies, FROM_THREE))),
    Claim("fig-4a.above", _FIG_4_A,
        r"the isotropic spin charger surpasses the cavity in $E_{\max}$",
        Above(),
        Reading(rf"smallest excess, $M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}",
            _gain(1, _photon_energies, FROM_TWO))),
    Claim("fig-4a.grows", _FIG_4_A, "the more so the larger $M$", Above(),
        Reading(f"smallest step of the difference; {_M_PHOTONS}; {land.FIRST}",
            _growth(1, _photon_energies, FROM_TWO)),
        (Reading(_EMITS, _growth(1, _emitted_energies, FROM_TWO)),),
        witness=Reading(land.CHAINS, _growth_again(1))),
    Claim("fig-4a.coincide", _FIG_4_A,
        r"at $\gamma = 0.2$ the spins reach almost the $E_{\max}$ of the cavity (within 1 %)",
        _CLOSE,
        Reading(rf"$M = 2 \dots 10$; {_M_PHOTONS}; {land.FIRST}", _coincidence(_photon_energies)),
        (Reading(_EMITS, _coincidence(_emitted_energies)),),
        witness=Reading(land.WHOLE, _coincidence_again),
        instead=Reading("relative distance at $M = 10$", _coincidence_at_ten)),
    Claim("fig-2.coincide-power", _FIG_2,
        r"$P_{\max}$ of the spins coincides with the cavity's for $N/M \ge 10$ (within 1 %)",
        _CLOSE,
        Reading(rf"{_M_PHOTONS}, $P/(\tilde g\omega_0)$", _apart(land.powers, _photon_powers)),
        (Reading(
            rf"{_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$",
            _apart(land.powers, _rescaled_photon_powers)),),
        witness=Reading(land.CHAINS, _apart(_chain_powers, _photon_powers_again)),
        instead=Reading(
            rf"largest relative distance, {_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$",
            _apart(land.powers, _rescaled_photon_powers)),
        sources=(Reading(_EMITS, _apart(land.powers, _emitted_powers)),)),
    Claim("fig-2.twice-power", _FIG_2,
        r"for $N/M = 2$ $P_{\max}$ is nearly that of the cavity (within 2 %)", Below("0.02"),
        Reading(rf"{_M_PHOTONS}, $P/(\tilde g\omega_0)$", _power_apart(2, _photon_powers)),
        (Reading(
            rf"{_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$",
            _power_apart(2, _rescaled_photon_powers)),
            Reading(_EMITS, _power_apart(2, _emitted_powers)))),
    Claim("fig-2.same-power", _FIG_2,
        r"for $N = M$ and $M \ge 3$ $P_{\max}$ is a little lower than the cavity's (by at most 15 "
        "%)", Above(),
        Reading(rf"{_M_PHOTONS}, $P/(\tilde g\omega_0)$: room to 0 and 15 %",
            _slightly_lower(_photon_powers, FROM_THREE)),
        (Reading(rf"{_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$",
                _slightly_lower(_rescaled_photon_powers, FROM_THREE)),
            Reading(_EMITS, _slightly_lower(_emitted_powers, FROM_THREE))),
        witness=Reading(land.CHAINS, _slightly_lower_again)),
    Claim("fig-4b.below", "Sec. II, Fig. 4(b)",
        r"the isotropic spin charger is slightly below the cavity in $P_{\max}$ (by at most 15 %)",
        Above(),
        Reading(
            rf"$M = 2 \dots 10$; {_M_PHOTONS}, $P/(\tilde g\omega_0)$",
            _slightly_lower(_photon_powers, FROM_TWO)),
        (Reading(
            rf"{_M_PHOTONS}, $P/(\sqrt M\,\tilde g\omega_0)$",
            _slightly_lower(_rescaled_photon_powers, FROM_TWO)),
            Reading(_EMITS, _slightly_lower(_emitted_powers, FROM_TWO)))),
    Claim("fig-2.larger-power", _FIG_2,
        r"at fixed $M$ a larger charger has a larger $P_{\max}$", Above(),
        Reading(
            r"smallest step along $N/M = 1$, 2, 10, 100, $M = 2 \dots 10$", _steps(land.powers, 1)),
        (Reading(r"$P_{\max}/(g\omega_0)$, without $\sqrt N$", _steps(_plain_powers, 1)),),
        witness=Reading(land.CHAINS, _steps(_chain_powers, 1)),
        instead=Reading(
            r"$P_{\max}(N = 20)/P_{\max}(N = 200)$ of two cells, each over $\sqrt N\,g$: the "
            "largest is in between",
            lambda c: land.power(c, 2, 10) / land.power(c, 2, 100))),
    Claim("fig-2.smaller-energy", _FIG_2, r"at fixed $M$ a larger charger has a smaller $E_{\max}$",
        Above(),
        Reading(f"smallest step down along $N/M = 1$, 2, 10, 100; {land.FIRST}",
            _steps(land.energies, -1))),
)  # fmt: skip
