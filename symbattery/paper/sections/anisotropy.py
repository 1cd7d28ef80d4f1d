"""Sec. II, Figs. 3 and 4: ten cells, the lines of P_max against E_max, and the cost of γ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.claim import Above, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import landscape as land
from symbattery.paper.judges.direct import smallest_fall, smallest_step

__all__ = ["ANISOTROPY"]

_FIG_3_A = "Sec. II, Fig. 3(a)"
_FIG_3 = "Sec. II, Fig. 3"


def _sampled(gamma: float, step: float, until: float) -> Compute:
    """The largest E/ω₀ at M = N = 10 on a time grid of gt."""
    times = np.arange(0.0, until + 1e-9, step) / land.COUPLING
    return lambda c: float(c.charge(land.spins(10, 1, gamma)).energy(times).max())


def _sampled_power(step: float) -> Compute:
    times = np.arange(step, 1.0, step) / land.COUPLING
    unit = land.COUPLING * np.sqrt(10)
    return lambda c: float(c.charge(land.spins(10)).power(times).max() / unit)


def _points(c: Context, ratio: int, gamma: float = 0.0, until: float = 0.0) -> tuple[Any, Any]:
    """E_max and P_max of M = 1…10."""
    return land.energies(c, ratio, gamma, until), land.powers(c, ratio, gamma)


def _slope(x: Any, y: Any) -> float:
    """Of the straight line through points by least squares, with an intercept."""
    return _through_origin(x - np.mean(x), y - np.mean(y))


def _through_origin(x: Any, y: Any) -> float:
    """The slope of the line through the origin, by least squares."""
    return float((x @ y) / (x @ x))


def _line(ratio: int, until: float = 0.0, gamma: float = 0.0) -> Compute:
    return lambda c: _slope(*_points(c, ratio, gamma, until))


def _correlation(c: Context, *ratios: int) -> float:
    """The correlation of E_max and P_max over all points of some panels together, every γ."""
    points = [_points(c, r, a) for r in ratios for a in land.ANISOTROPIES]
    return float(np.corrcoef(*np.concatenate(points, axis=1))[0, 1])


def _distance(c: Context, ratio: int) -> float:
    """The largest distance of γ = 1 from the line of γ = 0."""
    (e, p), (e_1, p_1) = (_points(c, ratio, gamma) for gamma in (0.0, 1.0))
    return float(np.abs(p_1 - np.mean(p) - _slope(e, p) * (e_1 - np.mean(e))).max())


def _gamma_falls(
    of: Callable[..., Any], ratios: tuple[int, ...] = land.RATIOS, **more: float
) -> Compute:
    """The smallest fall from one γ to the next, M = 2…10."""
    return lambda c: min(
        smallest_fall(of(c, r, a, **more)[1:] for a in land.ANISOTROPIES) for r in ratios
    )


def _loss(c: Context, value: Callable[..., float], ratio: int = 1, **more: Any) -> float:
    """1 − (γ = 1)/(γ = 0) at M = 10."""
    return 1 - value(c, 10, ratio=ratio, gamma=1.0, **more) / value(c, 10, ratio=ratio, **more)


ANISOTROPY = (
    Claim("fig-3a.energy-0", _FIG_3_A,
        r"$E_{\max}/\omega_0$ at $M = N = 10$, $\gamma = 0$", Number("9.76", "≈"),
        Reading("first peak of $E$", lambda c: land.first(c, 10)),
        readings=(Reading(land.WINDOW, lambda c: land.within(c, 10, 10)),)),
    Claim("fig-3a.power-0", _FIG_3_A,
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $M = N = 10$, $\gamma = 0$", Number("9.24", "≈"),
        Reading("global maximum of $P$", lambda c: land.power(c, 10)),
        witness=Reading(land.WHOLE, lambda c: land.power(c, 10, route=land.whole)),
        sources=(
            Reading("cut off after two decimals",
                lambda c: float(np.floor(100 * land.power(c, 10)) / 100)),
            Reading("largest $P$ on a grid of $gt$ with step 0.01", _sampled_power(0.01)),
            Reading("largest $P$ on a grid of $gt$ with step 0.02", _sampled_power(0.02)))),
    Claim("fig-3a.energy-1", _FIG_3_A,
        r"$E_{\max}/\omega_0$ at $M = N = 10$, $\gamma = 1$", Number("7.48", "≈"),
        Reading("first peak of $E$", lambda c: land.first(c, 10, 1, 1.0)),
        readings=(Reading(land.WINDOW, lambda c: land.within(c, 10, 10, 1, 1.0)),
            Reading(r"largest $E$ in $gt \le 100$", lambda c: land.within(c, 10, 100, 1, 1.0))),
        witness=Reading(land.WHOLE, lambda c: land.first(c, 10, 1, 1.0, land.whole)),
        instead=Reading(r"largest $E$ in $gt \le 10$, the window of the 9.76",
            lambda c: land.within(c, 10, 10, 1, 1.0, route=land.whole)),
        sources=(Reading(r"$g/\omega_0 = 0.2$ in place of 0.1, $gt \le 10$",
                lambda c: c.max_energy(land.spins(10, 1, 1.0, 0.2), 10 / 0.2)),
            Reading("a grid of $gt$ with step 0.25", _sampled(1.0, 0.25, 10))),
        compared=(Reading(r"the 9.76 of $\gamma = 0$ on that grid", _sampled(0.0, 0.25, 10)),)),
    Claim("fig-3a.power-1", _FIG_3_A,
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $M = N = 10$, $\gamma = 1$", Number("6.67", "≈"),
        Reading("global maximum of $P$", lambda c: land.power(c, 10, 1, 1.0))),
    Claim("II.slope-1", _FIG_3_A,
        r"slope of $P_{\max}$ against $E_{\max}$ for $N/M = 1$", Number("1.002"),
        Reading(r"least squares, $\gamma = 0$, $M = 1 \dots 10$, first peaks", _line(1)),
        (Reading(land.WINDOW, _line(1, 10.0)),)),
    Claim("II.slope-10", "Sec. II, Fig. 3(d)",
        r"slope of $P_{\max}$ against $E_{\max}$ for $N/M = 10$", Number("1.307"),
        Reading(r"least squares, $\gamma = 0$, $M = 1 \dots 10$, first peaks", _line(10)),
        (Reading(land.WINDOW, _line(10, 10.0)),
            Reading(r"largest $E$ in $gt \le 3.2$, which gives 1.002 for $N/M = 1$ as well",
                _line(10, 3.2))),
        witness=Reading(land.CHAINS,
            lambda c: _slope(land.chain_energies(c, 10), land.chain_powers(c, 10))),
        sources=(Reading(r"largest $E$ in $gt \le 3$", _line(10, 3.0)),),
        compared=(Reading(
            r"the slope for $N/M = 1$, largest $E$ in $gt \le 3.2$", _line(1, 3.2)),)),
    Claim("fig-3.proportional", _FIG_3,
        r"$E_{\max}$ and $P_{\max}$ are proportional, with 1.002 for $N/M = 1$", Number("1.002"),
        Reading(r"line through the origin; $\gamma = 0$, $M = 1 \dots 10$, first peaks",
            lambda c: _through_origin(*_points(c, 1))),
        (Reading("any straight line: slope with an intercept", _line(1)),),
        witness=Reading(land.CHAINS,
            lambda c: _through_origin(land.chain_energies(c, 1), land.chain_powers(c, 1)))),
    Claim("fig-3.slopes", _FIG_3, "the slope grows with $N/M = 1$, 2, 3, 10", Above(),
        Reading(r"smallest step; $\gamma = 0$, first peaks",
            lambda c: smallest_step(_line(r)(c) for r in land.RATIOS))),
    Claim("fig-3.linear", _FIG_3,
        r"$E_{\max}$ and $P_{\max}$ follow one line in each panel: correlation above 0.97",
        Above("0.97"),
        Reading(r"smallest of the panels, all $\gamma$, first peaks",
            lambda c: min(_correlation(c, r) for r in land.RATIOS))),
    Claim("fig-3.same-line", _FIG_3,
        "it is almost the same line irrespective of $N/M$: correlation above 0.97 over all panels",
        Above("0.97"),
        Reading(r"all panels, all $\gamma$, first peaks", lambda c: _correlation(c, *land.RATIOS))),
    Claim("fig-3.departure", _FIG_3,
        r"$\gamma = 1$ departs more from the main line as $N/M$ grows", Above(),
        Reading(r"largest distance from the line of $\gamma = 0$, smallest step between panels",
            lambda c: smallest_step(_distance(c, r) for r in land.RATIOS)),
        (Reading(r"difference of the slopes of $\gamma = 1$ and $\gamma = 0$, smallest step",
            lambda c: smallest_step(abs(_line(r, gamma=1.0)(c) - _line(r)(c))
                for r in land.RATIOS)),)),
    Claim("fig-3.energy-falls", _FIG_3,
        r"a smaller $\gamma$ yields a higher $E_{\max}$, in every panel", Above(),
        Reading(rf"smallest fall along $\gamma$, $M = 2 \dots 10$; {land.FIRST}",
            _gamma_falls(land.energies)),
        (Reading(f"{land.WINDOW}, $N = M$", _gamma_falls(land.energies, (1,), until=10.0)),)),
    Claim("fig-3.power-falls", _FIG_3,
        r"a smaller $\gamma$ yields a higher $P_{\max}$, in every panel", Above(),
        Reading(r"smallest fall along $\gamma$, $M = 2 \dots 10$", _gamma_falls(land.powers))),
    Claim("fig-3d.smaller", "Sec. II, Fig. 3(d)",
        r"for $N/M = 10$ both maxima are considerably smaller at $\gamma = 1$ (by a fifth at "
        "least)", Above("0.2"), Reading(f"loss at $M = 10$; {land.FIRST}",
            lambda c: min(_loss(c, land.first, 10), _loss(c, land.power, 10)))),
    Claim("fig-4a.monotonic", "Sec. II, Fig. 4(a)",
        r"$E_{\max}$ falls with $\gamma$ at $N = M$", Above(),
        Reading(f"smallest fall; {land.FIRST}", _gamma_falls(land.energies, (1,))),
        (Reading(land.WINDOW, _gamma_falls(land.energies, (1,), until=10.0)),)),
    Claim("fig-4b.monotonic", "Sec. II, Fig. 4(b)",
        r"$P_{\max}$ falls with $\gamma$ at $N = M$", Above(),
        Reading("smallest fall", _gamma_falls(land.powers, (1,)))),
    Claim("fig-4.power-suffers", "Sec. II, Fig. 4",
        "anisotropy harms the power more than the energy", Above(),
        Reading(rf"difference of the relative losses, $M = 10$, $\gamma = 1$; {land.FIRST}",
            lambda c: _loss(c, land.power) - _loss(c, land.first)),
        (Reading(land.WINDOW,
            lambda c: _loss(c, land.power) - _loss(c, land.within, until=10)),),
        witness=Reading(land.WHOLE,
            lambda c: _loss(c, land.power, route=land.whole)
                - _loss(c, land.first, route=land.whole))),
)  # fmt: skip
