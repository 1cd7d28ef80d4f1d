"""Sec. II, Figs. 3 and 4: ten cells, the lines of P_max against E_max, and the cost of γ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.claim import Above, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import landscape as land

__all__ = ["ANISOTROPY"]

_FIG_3_A = "Sec. II, Fig. 3(a)"
_FIG_3_D = "Sec. II, Fig. 3(d)"
_FIG_3 = "Sec. II, Fig. 3"


def _sampled(gamma: float, step: float, until: float) -> Compute:
    """The largest E/ω₀ at M = N = 10 on a time grid of gt."""
    times = np.arange(0.0, until + 1e-9, step) / land.COUPLING
    return lambda c: float(c.charge(land.spins(10, 1, gamma)).energy(times).max())


def _sampled_power(step: float) -> Compute:
    times = np.arange(step, 1.0, step) / land.COUPLING
    unit = land.COUPLING * np.sqrt(10)
    return lambda c: float(c.charge(land.spins(10)).power(times).max() / unit)


def _truncated(value: float, digits: int) -> float:
    return float(np.floor(value * 10**digits) / 10**digits)


def _slope(x: Any, y: Any) -> float:
    """Of the straight line through points by least squares, with an intercept."""
    x, y = np.asarray(x) - np.mean(x), np.asarray(y) - np.mean(y)
    return float((x @ y) / (x @ x))


def _line(ratio: int, until: float = 0.0) -> Compute:
    return lambda c: _slope(land.energies(c, ratio, 0.0, until), land.powers(c, ratio))


def _line_again(ratio: int, until: float = 0.0) -> Compute:
    return lambda _: _slope(*land.chain_points(ratio, until))


def _through_origin(ratio: int) -> Compute:
    """The slope of the line through the origin, by least squares."""

    def compute(c: Context) -> float:
        e, p = land.energies(c, ratio), land.powers(c, ratio)
        return float((e @ p) / (e @ e))

    return compute


def _through_origin_again(_: Context) -> float:
    e, p = map(np.array, land.chain_points(1))
    return float((e @ p) / (e @ e))


def _all_points(c: Context, ratio: int) -> tuple[Any, Any]:
    e = np.concatenate([land.energies(c, ratio, a) for a in land.ANISOTROPIES])
    p = np.concatenate([land.powers(c, ratio, a) for a in land.ANISOTROPIES])
    return e, p


def _correlation(c: Context) -> float:
    """The smallest correlation of E_max and P_max over the four panels, every γ."""
    return min(float(np.corrcoef(*_all_points(c, r))[0, 1]) for r in land.RATIOS)


def _common_correlation(c: Context) -> float:
    """The correlation of E_max and P_max over all points of the four panels together."""
    panels = [_all_points(c, r) for r in land.RATIOS]
    e, p = (np.concatenate([panel[i] for panel in panels]) for i in (0, 1))
    return float(np.corrcoef(e, p)[0, 1])


def _slope_steps(c: Context) -> float:
    slopes = [_line(r)(c) for r in land.RATIOS]
    return float(np.diff(slopes).min())


def _departure(c: Context) -> float:
    """By how much the distance of γ = 1 from the line of γ = 0 grows, at least, panel to panel."""

    def distance(ratio: int) -> float:
        slope, e, p = _line(ratio)(c), land.energies(c, ratio), land.powers(c, ratio)
        line = np.mean(p) + slope * (land.energies(c, ratio, 1.0) - np.mean(e))
        return float(np.abs(land.powers(c, ratio, 1.0) - line).max())

    return float(np.diff([distance(r) for r in land.RATIOS]).min())


def _tilt(c: Context) -> float:
    """By how much the slopes of γ = 1 and γ = 0 part, at least, from panel to panel."""

    def gap(ratio: int) -> float:
        own = _slope(land.energies(c, ratio, 1.0), land.powers(c, ratio, 1.0))
        return abs(own - _line(ratio)(c))

    return float(np.diff([gap(r) for r in land.RATIOS]).min())


def _gamma_steps(
    of: Callable[[Context, int, float], Any], ratios: tuple[int, ...] = land.RATIOS
) -> Compute:
    """The smallest fall from one γ to the next, M = 2…10."""

    def compute(c: Context) -> float:
        falls = (
            -np.diff([of(c, r, a)[1:] for a in land.ANISOTROPIES], axis=0).max() for r in ratios
        )
        return float(min(falls))

    return compute


def _gamma_e(until: float) -> Callable[[Context, int, float], Any]:
    return lambda c, r, a: land.energies(c, r, a, until)


def _loss(value: Callable[..., float], **more: Any) -> Callable[[Context, int], float]:
    """1 − (γ = 1)/(γ = 0) at M = 10."""
    return lambda c, ratio: (
        1 - value(c, 10, ratio=ratio, gamma=1.0, **more) / value(c, 10, ratio=ratio, **more)
    )


def _considerable(c: Context) -> float:
    """The smaller of the losses of E and P at N/M = 10 and γ = 1."""
    return min(_loss(land.first)(c, 10), _loss(land.power)(c, 10))


def _power_suffers_more(c: Context) -> float:
    return _loss(land.power)(c, 1) - _loss(land.first)(c, 1)


def _power_suffers_again(c: Context) -> float:
    e = [land.direct_first(c, 10, 1, a) for a in (0.0, 1.0)]
    p = [land.direct_power(c, 10, 1, a) for a in (0.0, 1.0)]
    return (1 - p[1] / p[0]) - (1 - e[1] / e[0])


def _power_suffers_in_window(c: Context) -> float:
    return _loss(land.power)(c, 1) - (1 - land.within(c, 10, 10, 1, 1.0) / land.within(c, 10, 10))


ANISOTROPY = (
    Claim("fig-3a.energy-0", _FIG_3_A,
        r"$E_{\max}/\omega_0$ at $M = N = 10$, $\gamma = 0$", Number("9.76"),
        Reading("first peak of $E$", lambda c: land.first(c, 10)),
        readings=(Reading(r"largest $E$ in $gt \le 10$", lambda c: land.within(c, 10, 10)),)),
    Claim("fig-3a.power-0", _FIG_3_A,
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $M = N = 10$, $\gamma = 0$", Number("9.24"),
        Reading("global maximum of $P$", lambda c: land.power(c, 10)),
        witness=Reading(land.WHOLE, lambda c: land.direct_power(c, 10)),
        instead=Reading("global maximum of $P$", lambda c: land.power(c, 10)),
        sources=(Reading("cut off after two decimals", lambda c: _truncated(land.power(c, 10), 2)),
            Reading("largest $P$ on a grid of $gt$ with step 0.01", _sampled_power(0.01)),
            Reading("largest $P$ on a grid of $gt$ with step 0.02", _sampled_power(0.02)))),
    Claim("fig-3a.energy-1", _FIG_3_A,
        r"$E_{\max}/\omega_0$ at $M = N = 10$, $\gamma = 1$", Number("7.48"),
        Reading("first peak of $E$", lambda c: land.first(c, 10, 1, 1.0)),
        readings=(Reading(r"largest $E$ in $gt \le 10$", lambda c: land.within(c, 10, 10, 1, 1.0)),
            Reading(r"largest $E$ in $gt \le 100$", lambda c: land.within(c, 10, 100, 1, 1.0))),
        witness=Reading(land.WHOLE, lambda c: land.direct_first(c, 10, 1, 1.0)),
        instead=Reading(r"largest $E$ in $gt \le 10$, the window of the 9.76",
            lambda c: land.direct_within(c, 10, 10, 1, 1.0)),
        sources=(Reading(r"$g/\omega_0 = 0.2$ in place of 0.1, $gt \le 10$",
                lambda c: land.within(c, 10, 10, 1, 1.0, 0.2)),
            Reading("a grid of $gt$ with step 0.25", _sampled(1.0, 0.25, 10))),
        compared=(Reading(r"the 9.76 of $\gamma = 0$ on that grid", _sampled(0.0, 0.25, 10)),)),
    Claim("fig-3a.power-1", _FIG_3_A,
        r"$P_{\max}/(\sqrt N\,g\omega_0)$ at $M = N = 10$, $\gamma = 1$", Number("6.67"),
        Reading("global maximum of $P$", lambda c: land.power(c, 10, 1, 1.0))),
    Claim("II.slope-1", _FIG_3_A,
        r"slope of $P_{\max}$ against $E_{\max}$ for $N/M = 1$", Number("1.002"),
        Reading(r"least squares, $\gamma = 0$, $M = 1 \dots 10$, first peaks", _line(1))),
    Claim("II.slope-10", _FIG_3_D,
        r"slope of $P_{\max}$ against $E_{\max}$ for $N/M = 10$", Number("1.307"),
        Reading(r"least squares, $\gamma = 0$, $M = 1 \dots 10$, first peaks", _line(10)),
        (Reading(r"largest $E$ in $gt \le 10$", _line(10, 10.0)),),
        witness=Reading(land.CHAINS, _line_again(10)),
        instead=Reading(r"least squares, $\gamma = 0$, $M = 1 \dots 10$, first peaks", _line(10)),
        sources=(Reading(r"largest $E$ in $gt \le 3.2$", _line(10, 3.2)),
            Reading(r"largest $E$ in $gt \le 3$", _line(10, 3.0))),
        compared=(Reading(
            r"the slope for $N/M = 1$, largest $E$ in $gt \le 3.2$", _line(1, 3.2)),)),
    Claim("fig-3.proportional", _FIG_3,
        r"$E_{\max}$ and $P_{\max}$ are proportional, with 1.002 for $N/M = 1$",
        Number("1.002"),
        Reading(
            r"line through the origin; $\gamma = 0$, $M = 1 \dots 10$, first peaks",
            _through_origin(1)),
        (Reading("any straight line: slope with an intercept", _line(1)),),
        witness=Reading(land.CHAINS, _through_origin_again)),
    Claim("fig-3.slopes", _FIG_3, "the slope grows with $N/M = 1$, 2, 3, 10", Above(),
        Reading(r"smallest step; $\gamma = 0$, first peaks", _slope_steps)),
    Claim("fig-3.linear", _FIG_3,
        r"$E_{\max}$ and $P_{\max}$ follow one line in each panel: correlation above 0.97",
        Above("0.97"),
        Reading(r"smallest of the panels, all $\gamma$, first peaks", _correlation)),
    Claim("fig-3.same-line", _FIG_3,
        "it is almost the same line irrespective of $N/M$: correlation above 0.97 over all panels",
        Above("0.97"), Reading(r"all panels, all $\gamma$, first peaks", _common_correlation)),
    Claim("fig-3.departure", _FIG_3,
        r"$\gamma = 1$ departs more from the main line as $N/M$ grows", Above(),
        Reading(r"largest distance from the line of $\gamma = 0$, smallest step between panels",
            _departure),
        (Reading(
            r"difference of the slopes of $\gamma = 1$ and $\gamma = 0$, smallest step", _tilt),)),
    Claim("fig-3.energy-falls", _FIG_3,
        r"a smaller $\gamma$ yields a higher $E_{\max}$, in every panel",
        Above(),
        Reading(
            rf"smallest fall along $\gamma$, $M = 2 \dots 10$; {land.FIRST}",
            _gamma_steps(_gamma_e(0.0)))),
    Claim("fig-3.power-falls", _FIG_3,
        r"a smaller $\gamma$ yields a higher $P_{\max}$, in every panel", Above(),
        Reading(r"smallest fall along $\gamma$, $M = 2 \dots 10$", _gamma_steps(land.powers))),
    Claim("fig-3d.smaller", _FIG_3_D,
        r"for $N/M = 10$ both maxima are considerably smaller at $\gamma = 1$ (by a fifth at "
        "least)",
        Above("0.2"), Reading(f"loss at $M = 10$; {land.FIRST}", _considerable)),
    Claim("fig-4a.monotonic", "Sec. II, Fig. 4(a)",
        r"$E_{\max}$ falls with $\gamma$ at $N = M$", Above(),
        Reading(f"smallest fall; {land.FIRST}", _gamma_steps(_gamma_e(0.0), (1,))),
        (Reading(r"largest $E$ in $gt \le 10$", _gamma_steps(_gamma_e(10.0), (1,))),)),
    Claim("fig-4b.monotonic", "Sec. II, Fig. 4(b)",
        r"$P_{\max}$ falls with $\gamma$ at $N = M$", Above(),
        Reading("smallest fall", _gamma_steps(land.powers, (1,)))),
    Claim("fig-4.power-suffers", "Sec. II, Fig. 4",
        "anisotropy harms the power more than the energy", Above(),
        Reading(rf"difference of the relative losses, $M = 10$, $\gamma = 1$; {land.FIRST}",
            _power_suffers_more),
        (Reading(r"largest $E$ in $gt \le 10$", _power_suffers_in_window),),
        witness=Reading(land.WHOLE, _power_suffers_again)),
)  # fmt: skip
