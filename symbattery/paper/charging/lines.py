"""Fig. 3: the straight lines of P_max against E_max."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper.charging.rows import CHAINS, RATIOS, chain_points
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Above, Claim, Number, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["LINES"]


def _slope(x: Any, y: Any) -> float:
    """Of the straight line through points by least squares, with an intercept."""
    x, y = np.asarray(x) - np.mean(x), np.asarray(y) - np.mean(y)
    return float((x @ y) / (x @ x))


def _line(ratio: int, until: float = 0.0) -> Callable[[Context], float]:
    return lambda c: _slope(land.energies(c, ratio, 0.0, until), land.powers(c, ratio))


def _line_again(ratio: int, until: float = 0.0) -> Callable[[Context], float]:
    return lambda _: _slope(*chain_points(ratio, until))


def _through_origin(ratio: int) -> Callable[[Context], float]:
    """The slope of the line through the origin, by least squares."""

    def compute(c: Context) -> float:
        e, p = land.energies(c, ratio), land.powers(c, ratio)
        return float((e @ p) / (e @ e))

    return compute


def _through_origin_again(_: Context) -> float:
    e, p = map(np.array, chain_points(1))
    return float((e @ p) / (e @ e))


def _all_points(c: Context, ratio: int) -> tuple[Any, Any]:
    e = np.concatenate([land.energies(c, ratio, a) for a in land.ANISOTROPIES])
    p = np.concatenate([land.powers(c, ratio, a) for a in land.ANISOTROPIES])
    return e, p


def _correlation(c: Context) -> float:
    """The smallest correlation of E_max and P_max over the four panels, every γ."""
    return min(float(np.corrcoef(*_all_points(c, r))[0, 1]) for r in RATIOS)


def _common_correlation(c: Context) -> float:
    """The correlation of E_max and P_max over all points of the four panels together."""
    panels = [_all_points(c, r) for r in RATIOS]
    e, p = (np.concatenate([panel[i] for panel in panels]) for i in (0, 1))
    return float(np.corrcoef(e, p)[0, 1])


def _slope_steps(c: Context) -> float:
    slopes = [_line(r)(c) for r in RATIOS]
    return float(np.diff(slopes).min())


def _departure(c: Context) -> float:
    """By how much the distance of γ = 1 from the line of γ = 0 grows, at least, panel to panel."""

    def distance(ratio: int) -> float:
        slope, e, p = _line(ratio)(c), land.energies(c, ratio), land.powers(c, ratio)
        line = np.mean(p) + slope * (land.energies(c, ratio, 1.0) - np.mean(e))
        return float(np.abs(land.powers(c, ratio, 1.0) - line).max())

    return float(np.diff([distance(r) for r in RATIOS]).min())


def _tilt(c: Context) -> float:
    """By how much the slopes of γ = 1 and γ = 0 part, at least, from panel to panel."""

    def gap(ratio: int) -> float:
        own = _slope(land.energies(c, ratio, 1.0), land.powers(c, ratio, 1.0))
        return abs(own - _line(ratio)(c))

    return float(np.diff([gap(r) for r in RATIOS]).min())


LINES = (
    Claim(
        "II.slope-1",
        "Sec. II, Fig. 3(a)",
        "slope of P_max against E_max for N/M = 1",
        Number("1.002"),
        Reading("least squares, γ = 0, M = 1…10, first peaks", _line(1)),
    ),
    Claim(
        "II.slope-10",
        "Sec. II, Fig. 3(d)",
        "slope of P_max against E_max for N/M = 10",
        Number("1.307"),
        Reading("least squares, γ = 0, M = 1…10, first peaks", _line(10)),
        (Reading("largest E in gt ≤ 10", _line(10, 10.0)),),
        witness=Reading(CHAINS, _line_again(10)),
        instead=Reading("least squares, γ = 0, M = 1…10, first peaks", _line(10)),
        sources=(
            Reading("largest E in gt ≤ 3.2 (N/M = 1 still gives 1.002)", _line(10, 3.2)),
            Reading("largest E in gt ≤ 3", _line(10, 3.0)),
        ),
    ),
    Claim(
        "fig-3.proportional",
        "Sec. II, Fig. 3",
        "E_max and P_max are proportional, with 1.002 for N/M = 1",
        Number("1.002"),
        Reading("line through the origin; γ = 0, M = 1…10, first peaks", _through_origin(1)),
        (Reading("any straight line: slope with an intercept", _line(1)),),
        witness=Reading(CHAINS, _through_origin_again),
    ),
    Claim(
        "fig-3.slopes",
        "Sec. II, Fig. 3",
        "the slope grows with N/M = 1, 2, 3, 10",
        Above(),
        Reading("smallest step; γ = 0, first peaks", _slope_steps),
    ),
    Claim(
        "fig-3.linear",
        "Sec. II, Fig. 3",
        "E_max and P_max follow one line in each panel: correlation above 0.97",
        Above("0.97"),
        Reading("smallest of the panels, all γ, first peaks", _correlation),
    ),
    Claim(
        "fig-3.same-line",
        "Sec. II, Fig. 3",
        "it is almost the same line irrespective of N/M: correlation above 0.97 over all panels",
        Above("0.97"),
        Reading("all panels, all γ, first peaks", _common_correlation),
    ),
    Claim(
        "fig-3.departure",
        "Sec. II, Fig. 3",
        "γ = 1 departs more from the main line as N/M grows",
        Above(),
        Reading(
            "largest distance from the line of γ = 0, smallest step between panels", _departure
        ),
        (Reading("difference of the slopes of γ = 1 and γ = 0, smallest step", _tilt),),
    ),
)
