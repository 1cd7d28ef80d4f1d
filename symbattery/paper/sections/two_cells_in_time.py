"""App. A, Figs. 8 and 9: two cells in time; and Sec. V, the conclusion."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.linalg import eigh_tridiagonal
from sympy import Rational, S, expand_trig, pi, sin, sqrt

from numerics.model.models import CavityCharger, Model, SpinCharger
from symbattery.api import solve, two_cells
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading, Zero
from symbattery.paper.judges import direct
from symbattery.paper.judges import landscape as land
from symbattery.paper.sections.two_cells import printed_a7
from symbattery.symbols import N, g, omega_0, t

__all__ = ["IN_TIME"]

_FIG_8 = "App. A, Fig. 8"
_FIG_9 = "App. A, Fig. 9"
_TEXT = "Sec. V, text"
_RATE = sqrt(2 * (3 * N - 2)) * g
_NUMBERS = (*range(2, 41), 60, 100, 200)


def _peak_energy(chargers: int) -> Compute:
    """The first peak of E/ω₀."""
    return lambda c: c.first_peak(SpinCharger(2, chargers, 1))


def _largest_power(chargers: int, route: land.Route = None) -> Compute:
    """P_max/(√N gω₀)."""
    return lambda c: land.power(c, 2, chargers / 2, route=route)


def _periodic(_: Context) -> Any:
    """E(t + 2π/(ξg)) − E(t), any N."""
    energy = two_cells().explicit().energy
    return expand_trig(energy.subs(t, t + 2 * pi / _RATE).expand()) - expand_trig(energy)


def _mean(hops: direct.Floats) -> float:
    """The mean of E/ω₀ over all times: Σ k |modes|⁴, for frequencies that all differ."""
    _, modes = eigh_tridiagonal(np.zeros(3), np.sqrt(hops))
    return float(np.arange(3) @ (modes**2 @ modes[0] ** 2))


def _mean_excess(other: direct.Floats) -> float:
    """The smallest mean of E/ω₀ of the spins, N = 2, 20, 200, less that of another chain."""
    return min(_mean(direct.spin_hops(2, n)) for n in (2, 20, 200)) - _mean(other)


def _excess_at_peak(c: Context) -> float:
    """The smallest E/ω₀ at first peaks, N = 2, 20, 200, less that of two photons then."""

    def of(chargers: int) -> float:
        best = c.charge(SpinCharger(2, chargers, 1)).first_peak()
        other = c.charge(CavityCharger(2, 1)).energy(float(np.sqrt(chargers)) * best.time)
        return float(best.value - other)

    return min(map(of, (2, 20, 200)))


def _mean_excess_again(c: Context) -> float:
    """From closed forms over one period."""
    spins = (
        4 * n / (3 * n - 2) / 2 + 4 * n * (n - 2) / (3 * n - 2) ** 2 * 3 / 8 for n in (2, 20, 200)
    )
    # ½ of |c₁|² = ⅔ sin²(√6 g̃t), and ⅜ of |c₂|² = (8/9) sin⁴(√6 g̃t/2), twice.
    return min(spins) - (1 / 3 + 2 / 3)


def _ripples(c: Context) -> float:
    """The smallest growth of the number of maxima of P in gt ≤ 10 along N = 2, 20, 200."""
    times = np.linspace(1e-3, 10.0, 40_001)

    def count(chargers: int) -> int:
        p = c.charge(SpinCharger(2, chargers, 1)).power(times)
        return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

    return float(np.diff([count(k) for k in (2, 20, 200)]).min())


def _decay(c: Context) -> float:
    """The largest share of P_max that P still reaches in 50 ≤ gt ≤ 60."""
    times = np.linspace(50.0, 60.0, 20_001)
    models: list[Model] = [*(SpinCharger(2, n, 1) for n in (2, 20, 200)), CavityCharger(2, 1)]
    return max(float(c.charge(one).power(times).max() / c.max_power(one)) for one in models)


IN_TIME = (
    Claim("fig-8a", "App. A, Fig. 8(a)", r"$E_{\max}/\omega_0$ at $N = 2$", Number("2"),
        Reading("first peak", _peak_energy(2))),
    Claim("fig-8b", "App. A, Fig. 8(b)", r"$E_{\max}/\omega_0$ at $N = 20$", Number("1.81"),
        Reading("first peak", _peak_energy(20))),
    Claim("fig-8c", "App. A, Fig. 8(c)", r"$E_{\max}/\omega_0$ at $N = 200$", Number("1.78"),
        Reading("first peak", _peak_energy(200))),
    Claim("fig-8d", "App. A, Fig. 8(d)",
        r"$E_{\max}/\omega_0 - 16/9$ of the cavity is 0.00", Number("0.00"),
        Reading("first peak, two photons", lambda c: land.cavity_first(c, 2) - 16 / 9)),
    Claim("fig-8.faster", _FIG_8, r"the time of $E_{\max}$ shrinks with $N$", Above(),
        Reading(r"smallest fall, $N = 2 \dots 200$",
            lambda _: direct.smallest_fall(
                np.pi / np.sqrt(2 * (3 * k - 2)) for k in range(2, 201)))),
    Claim("fig-8.approach", _FIG_8, r"$E_{\max}$ falls towards the cavity's as $N$ grows", Above(),
        Reading(r"smallest fall, $N = 2 \dots 200$",
            lambda _: direct.smallest_fall(printed_a7(S(k)) for k in range(2, 201)))),
    Claim("fig-8.capacity", _FIG_8, "a finite charger stores more than the cavity", Above(),
        Reading(r"smallest $E_{\max}/\omega_0 - 16/9$, $N = 2 \dots 200$",
            lambda _: float(min(printed_a7(S(k)) for k in range(2, 201)) - Rational(16, 9)))),
    Claim("fig-8.capacity-mean", _FIG_8,
        "in terms of $E(t)$ as well a finite charger stores more than the cavity", Above(),
        Reading(r"smallest mean of $E/\omega_0$ over all times, $N = 2$, 20, 200, less that of two "
            "photons", lambda _: _mean_excess(direct.photon_hops(2))),
        (Reading(r"smallest $E/\omega_0$ at the first peak, less that of two photons at that time",
                _excess_at_peak),
            Reading(rf"means; {land.EMITS}", lambda _: _mean_excess(direct.emission_hops(2)))),
        witness=Reading("closed forms over one period", _mean_excess_again),
        compared=(Reading(
                r"mean of $E/\omega_0$ at $N = 20$", lambda _: _mean(direct.spin_hops(2, 20))),
            Reading("two photons", lambda _: _mean(direct.photon_hops(2))),
            Reading("$N = 2$", lambda _: _mean(direct.spin_hops(2, 2))))),
    Claim("fig-8.sinusoid", _FIG_8, "$E(t)$ is sinusoidal", Zero(),
        Reading(r"$E(t) - E_{\max}\,\sin^2(\xi gt/2)$, any $N$",
            lambda _: two_cells().explicit().energy
                - printed_a7(N) * omega_0 * sin(_RATE * t / 2) ** 2),
        (Reading(r"periodic: $E(t + 2\pi/(\xi g)) - E(t)$, any $N$", _periodic),)),
    Claim("fig-9a", "App. A, Fig. 9(a)",
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $N = 2$", Number("1.45", "≈"),
        Reading("global maximum", _largest_power(2))),
    Claim("fig-9c", "App. A, Fig. 9(c)",
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $N = 200$", Number("1.53"),
        Reading("global maximum", _largest_power(200))),
    Claim("fig-9d", "App. A, Fig. 9(d)",
        r"$P_{\max}$ of $N = 200$ is close to that of the cavity: they differ by "
        r"$0.0\,\tilde g\omega_0$", Number("0.0"),
        Reading(r"two photons, $P_{\max}/(\tilde g\omega_0)$",
            lambda c: land.cavity_power(c, 2) - _largest_power(200)(c)),
        (Reading(r"two photons, $P_{\max}/(\sqrt 2\,\tilde g\omega_0)$",
                lambda c: land.cavity_power(c, 2) / np.sqrt(2) - _largest_power(200)(c)),
            Reading(land.EMITS, lambda c: land.cavity_power(c, 2, direct.emission_hops)
                    - _largest_power(200)(c))),
        witness=Reading("written-down chains",
            lambda c: land.cavity_power(c, 2, direct.photon_hops)
                - _largest_power(200, land.chain)(c)),
        compared=(Reading(r"$P_{\max}/(\tilde g\omega_0)$ of the cavity with two photons",
                lambda c: land.cavity_power(c, 2)),)),
    Claim("fig-9.decay", _FIG_9,
        "$P$ decays with time, for spins and cavity alike: to a twentieth at $gt = 50$",
        Below("0.05"),
        Reading(
            r"largest share of $P_{\max}$ in $50 \le gt \le 60$, $N = 2$, 20, 200 and two photons",
            _decay)),
    Claim("fig-9.ripples", _FIG_9, "more charger spins, more fluctuations", Above(),
        Reading(r"number of maxima of $P$ in $gt \le 10$, smallest growth along $N = 2$, 20, 200",
            _ripples)),
    Claim("fig-9.trade-off", "App. A, Figs. 8 and 9",
        r"$E_{\max}$ and $P_{\max}$ change oppositely with $N$", Above(),
        Reading("from $N = 2$ to $N = 20$",
            lambda c: min(_peak_energy(2)(c) - _peak_energy(20)(c),
                _largest_power(20)(c) - _largest_power(2)(c)))),
    Claim("V.full", _TEXT,
        r"a full charge is reached for $N = M$: $E_{\max}/(M\omega_0) = 1.00$", Number("1.00"),
        Reading(r"smallest first peak, $M = 1 \dots 10$",
            lambda c: float(min(land.first(c, m) / m for m in land.SIZES))),
        (Reading("supremum over all times, $M = 1$, 2, 3: approached, never reached for $M = 3$",
            lambda _: min(float(solve(SpinCharger(m, m)).maximum("supremum").value / omega_0) / m
                for m in (1, 2, 3))),),
        witness=Reading("written-down chains",
            lambda c: min(land.chain_energies(c, 1) / land.SIZES))),
    Claim("V.cavity", _TEXT, "a full charge is beyond the cavity's reach", Above(),
        Reading(
            r"smallest $1 - E/(M\omega_0)$ in $\tilde g t \le 200$, $M = 2 \dots 6$, $M$ photons",
            lambda c: min(1 - c.max_energy(CavityCharger(m, 1), 200.0) / m for m in range(2, 7)))),
    Claim("V.larger", _TEXT, r"a larger $N$ always gives a higher $P_{\max}$", Above(),
        Reading(
            r"two cells, $P_{\max}/(\sqrt N\,g\omega_0)$, smallest step along $N = 2 \dots 200$",
            lambda c: direct.smallest_step(_largest_power(k)(c) for k in _NUMBERS)),
        (Reading(r"$P_{\max}/(g\omega_0)$, without $\sqrt N$",
            lambda c: direct.smallest_step(_largest_power(k)(c) * k**0.5 for k in range(2, 41))),),
        witness=Reading("written-down chains",
            lambda c: direct.smallest_step(_largest_power(k, land.chain)(c) for k in _NUMBERS)),
        instead=Reading(r"the $N$ at which $P_{\max}/(\sqrt N\,g\omega_0)$ is largest",
            lambda c: float(max(range(2, 61), key=lambda k: _largest_power(k)(c))))),
)  # fmt: skip
