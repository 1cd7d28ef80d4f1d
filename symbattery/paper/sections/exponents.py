"""Sec. III and Fig. 5: the exponent β of the collective advantage."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from sympy import limit

from numerics.model.models import CavityCharger, SpinCharger
from symbattery.limits.large_battery import LargeBattery
from symbattery.paper.claim import Above, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import direct
from symbattery.paper.judges import landscape as land

__all__ = ["EXPONENTS", "KRYLOV", "chain_power", "krylov_power", "spin_power"]

_FIG_5 = "Sec. III, Fig. 5"
_TEXT = "Sec. III, text"

_FITTED = range(30, 101, 10)
_FIT = rf"fit of $\ln\eta$ over $M = {_FITTED[0]}$, ${_FITTED[1]} \dots {_FITTED[-1]}$"
_FASTEST = r"of the largest $dE/dt$ in place of $P_{\max}$"
_CENTRAL = r"$d\ln\eta/d\ln M$ over $M \pm 1$, $N = M$, global $P_{\max}$"
KRYLOV = "Krylov steps in the whole product of both spins"
# Photons above the start that the counter-rotating terms get to climb to.
_CLIMB = 200


def spin_power(c: Context, cells: int, gamma: float) -> float:
    """P_max/ω₀ of M = N at g/ω₀ = 0.1."""
    return c.max_power(land.spins(cells, 1, gamma))


def krylov_power(c: Context, cells: int, gamma: float) -> float:
    """The same in the whole product space, near the time the engine names."""
    around = c.charge(land.spins(cells, 1, gamma)).max_power().time
    return direct.collective_power(cells, cells, land.COUPLING, gamma, around)


def chain_power(hops: direct.Floats, scale: float) -> float:
    """The largest P/g of a chain; its time is a few times 1/scale."""
    return direct.top_power(direct.chain_curve(hops), 1e-2 / scale, 15.0 / scale, 600)


def _slope(power: Callable[[Context, int], float], low: int, high: int) -> Compute:
    """The slope of ln η = ln(P_max/M) + const between two sizes."""
    return lambda c: float(np.log(power(c, high) / power(c, low)) / np.log(high / low) - 1)


def _central(power: Callable[[Context, int], float], cells: int) -> Compute:
    """The exponent d ln η/d ln M, by the central difference over M ± 1."""
    return _slope(power, cells - 1, cells + 1)


def _chord(low: int, high: int, gamma: float = 0.0) -> Compute:
    return _slope(lambda c, m: spin_power(c, m, gamma), low, high)


def _fit(gamma: float) -> Compute:
    """The slope of a straight line through ln η against ln M."""

    def compute(c: Context) -> float:
        powers = [spin_power(c, m, gamma) for m in _FITTED]
        return float(np.polyfit(np.log(_FITTED), np.log(powers), 1)[0] - 1)

    return compute


def _fastest(c: Context, cells: int) -> float:
    """The largest dE/dt on the way to the first peak."""
    battery = c.charge(SpinCharger(cells, cells))
    times = np.linspace(0.0, battery.first_peak().time, 1001)
    best = int(np.argmax(battery.instantaneous_power(times)))
    # A parabola through the top is right to ten digits on such a grid.
    close = np.linspace(times[best - 1], times[best + 1], 1001)
    return float(battery.instantaneous_power(close).max())


def _beta(cells: int, gamma: float = 0.0) -> Compute:
    return _chord(cells - 1, cells + 1, gamma)


def _dicke_beta(cells: int, coupling: float) -> Compute:
    """The Dicke battery, γ = 1, with M photons."""
    return _central(lambda c, m: c.max_power(CavityCharger(m, coupling, 1, 1.0)), cells)


def _dicke_power_again(c: Context, cells: int) -> float:
    around = c.charge(CavityCharger(cells, land.COUPLING, 1, 1.0)).max_power().time
    return direct.collective_power(cells, cells, land.COUPLING, 1.0, around, cells + _CLIMB)


def _asymptote(_: Context) -> float:
    """The limit of β of the law 1 − 1/(u + ln 4M), whose root z = e^(−u) tends to a number.

    At z → 0 the law's condition is met for M → ∞: β = 1 − f′/f with f′ → 0 and f → 1.
    """
    law = LargeBattery()
    height, slope = (law._curve(order).expression for order in (0, 1))
    return float(limit(1 - slope / height, height.free_symbols.pop(), 0))


def _anisotropic(text: str, gamma: float) -> Claim:
    return Claim(f"fig-5.beta-{gamma:g}", _FIG_5,
        rf"$\beta$ at $M = 100$ for $\gamma = {gamma:g}$", Number(text, "≈"),
        Reading(_CENTRAL, _beta(100, gamma)), (Reading(_FIT, _fit(gamma)),),
        witness=Reading(KRYLOV, _central(lambda c, m: krylov_power(c, m, gamma), 100)),
        sources=tuple(
            Reading(f"slope of the chord from $M = {low}$ to 100", _chord(low, 100, gamma))
            for low in (10, 20, 25, 30, 40, 50)),
    )  # fmt: skip


EXPONENTS = (
    Claim("III.beta-20", _TEXT,
        r"$\beta$ at $M = 20$, $\gamma = 0$", Number("0.81", "≈"), Reading(_CENTRAL, _beta(20))),
    Claim("III.beta-100", _TEXT, r"$\beta$ at $M = 100$, $\gamma = 0$", Number("0.87", "≈"),
        Reading(_CENTRAL, _beta(100))),
    Claim("III.beta-1000", _TEXT, r"$\beta$ at $M = 1000$, $\gamma = 0$", Number("0.99", "≈"),
        Reading(_CENTRAL, _beta(1000)), witness=Reading(land.CHAINS,
            _central(lambda _, m: chain_power(direct.spin_hops(m, m), 1.5 * m), 1000)),
        instead=Reading(_CENTRAL, _beta(1000)),
        sources=(Reading(r"law $1 - 1/(u^* + \ln 4M)$",
                lambda _: float(LargeBattery().exponent(1000).evalf(15))),
            Reading("slope of the chord from $M = 100$ to 1000", _chord(100, 1000)),
            Reading(f"exponent {_FASTEST}", _central(_fastest, 1000))),
        compared=tuple(
            Reading(f"at $M = {m}$, exponent {_FASTEST}", _central(_fastest, m))
            for m in (20, 100))),
    Claim("III.beta-grows", _TEXT, r"$\beta$ grows with $M$", Above(),
        Reading("smallest step along $M = 10$, 20, 50, 100, 200, 500, 1000",
            lambda c: direct.smallest_step(
                _beta(m)(c) for m in (10, 20, 50, 100, 200, 500, 1000)))),
    Claim("III.beta-limit", _TEXT, r"$\beta$ tends to a value near one", Number("1.0"),
        Reading("limit of the law of large batteries", _asymptote)),
    _anisotropic("0.84", 0.2),
    _anisotropic("0.79", 0.6),
    _anisotropic("0.48", 1.0),
    Claim("fig-5.beta-0", _FIG_5, r"$\beta$ at $M = 100$ for $\gamma = 0$", Number("0.87", "≈"),
        Reading(_CENTRAL, _beta(100)),
        compared=(Reading(f"{_FIT}, as for the other $\\gamma$", _fit(0.0)),)),
    Claim("fig-5.beta-falls", _FIG_5, r"$\beta$ at $M = 100$ falls with $\gamma$", Above(),
        Reading("smallest fall",
            lambda c: direct.smallest_fall(_beta(100, a)(c) for a in land.ANISOTROPIES))),
    Claim("III.beta-cavity", _TEXT, r"$\beta$ of the Tavis–Cummings battery", Number("0.5"),
        Reading("$M = 100$, $M$ photons", _central(land.cavity_power, 100)),
        sources=(
            # At g̃ = √N g, N = M, the power has √M in it.
            Reading(r"full cells that emit into an empty cavity, $\tilde g$ fixed",
                _central(lambda _, m: chain_power(direct.emission_hops(m), m**0.5), 100)),)),
    Claim("III.beta-dicke", _TEXT, r"$\beta$ of the Dicke battery", Number("0.5"),
        Reading(r"$M = 20$, $\gamma = 1$, $g/\omega_0 = 0.1$, $M$ photons",
            _dicke_beta(20, land.COUPLING)),
        (Reading(r"$M = 40$ in place of $M \gg 1$", _dicke_beta(40, land.COUPLING)),
            Reading(r"weak coupling, $g/\omega_0 = 0.001$, $M = 20$", _dicke_beta(20, 0.001))),
        witness=Reading("Krylov steps in the product of cells and mode",
            _central(_dicke_power_again, 20))),
    Claim("III.superior", _TEXT,
        r"$\beta$ of the isotropic spin charger is above the cavity's", Above(),
        Reading("$M = 100$", lambda c: _beta(100)(c) - _central(land.cavity_power, 100)(c))),
)  # fmt: skip
