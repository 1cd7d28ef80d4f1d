"""Sec. II: the numbers of the text, and what is said about Figs. 2, 3 and 4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from symbattery.paper import landscape as land
from symbattery.paper.claims import Above, Below, Claim, Number, Reading
from symbattery.paper.context import Context
from symbattery.paper.direct import chain_curve, first_top, power_of, spin_hops, top

__all__ = ["CHARGING"]

_FROM_TWO, _FROM_THREE = slice(1, None), slice(2, None)
_RATIOS = (1, 2, 3, 10)
_LARGE = (10, 100)


def _slope(x: Any, y: Any) -> float:
    """Of the straight line through points by least squares, with an intercept."""
    x, y = np.asarray(x) - np.mean(x), np.asarray(y) - np.mean(y)
    return float((x @ y) / (x @ x))


def _line(ratio: int, until: float = 0.0) -> Callable[[Context], float]:
    return lambda c: _slope(land.energies(c, ratio, 0.0, until), land.powers(c, ratio))


def _chain_points(ratio: int, until: float = 0.0) -> tuple[list[float], list[float]]:
    """The points of the isotropic landscape from written-down chains."""
    e, p = [], []
    for m in land.SIZES:
        curve = chain_curve(spin_hops(m, ratio * m))
        end = 3.0 / np.sqrt(ratio)
        e.append(top(curve, 0, until, 8000)[1] if until else first_top(curve, end, 600)[1])
        p.append(top(power_of(curve), 1e-3, end, 2000)[1] / float(np.sqrt(ratio * m)))
    return e, p


def _line_again(ratio: int, until: float = 0.0) -> Callable[[Context], float]:
    return lambda _: _slope(*_chain_points(ratio, until))


def _all_points(c: Context, ratio: int) -> tuple[Any, Any]:
    e = np.concatenate([land.energies(c, ratio, a) for a in land.ANISOTROPIES])
    p = np.concatenate([land.powers(c, ratio, a) for a in land.ANISOTROPIES])
    return e, p


def _correlation(c: Context) -> float:
    """The smallest correlation of E_max and P_max over the four panels, every γ."""
    return min(float(np.corrcoef(*_all_points(c, r))[0, 1]) for r in _RATIOS)


def _slope_steps(c: Context) -> float:
    slopes = [_line(r)(c) for r in _RATIOS]
    return float(np.diff(slopes).min())


def _sampled(gamma: float, step: float, until: float) -> Callable[[Context], float]:
    """The largest E/ω₀ at M = N = 10 on a time grid of gt."""
    times = np.arange(0.0, until + 1e-9, step) / land.COUPLING
    return lambda c: float(c.charge(land.spins(10, 1, gamma)).energy(times).max())


def _sampled_power(step: float) -> Callable[[Context], float]:
    times = np.arange(step, 1.0, step) / land.COUPLING
    unit = land.COUPLING * np.sqrt(10)
    return lambda c: float(c.charge(land.spins(10)).power(times).max() / unit)


def _truncated(value: float, digits: int) -> float:
    return float(np.floor(value * 10**digits) / 10**digits)


# Against the cavity -------------------------------------------------------------------------------


def _photons_e(c: Context) -> Any:
    return np.array([land.cavity_first(c, m) for m in land.SIZES])


def _photons_p(c: Context) -> Any:
    return np.array([land.cavity_power(c, m) for m in land.SIZES])


def _photons_p_rescaled(c: Context) -> Any:
    """P/(√N g̃ω₀) with N = M photons."""
    return _photons_p(c) / np.sqrt(land.SIZES)


def _emitted_e(c: Context) -> Any:
    return np.array([land.emission_first(c, m) for m in land.SIZES])


def _emitted_p(c: Context) -> Any:
    return np.array([land.emission_power(c, m) for m in land.SIZES])


def _again_e(_: Context) -> Any:
    return np.array([land.photon_first(m) for m in land.SIZES])


def _again_p(_: Context) -> Any:
    return np.array([land.photon_power(m) for m in land.SIZES])


Row = Callable[[Context], Any]


def _apart(mine: Callable[[Context, int], Any], other: Row) -> Callable[[Context], float]:
    """Largest relative distance from the cavity's points, N/M = 10 and 100, M = 2…10."""

    def compute(c: Context) -> float:
        cavity = other(c)
        return max(float(np.abs(mine(c, r) / cavity - 1)[_FROM_TWO].max()) for r in _LARGE)

    return compute


def _isotropic_e(c: Context, ratio: int) -> Any:
    return land.energies(c, ratio)


def _isotropic_p(c: Context, ratio: int) -> Any:
    return land.powers(c, ratio)


def _chains_e(_: Context, ratio: int) -> Any:
    return np.array(_chain_points(ratio)[0])


def _chains_p(_: Context, ratio: int) -> Any:
    return np.array(_chain_points(ratio)[1])


def _gain(ratio: int, other: Row, part: slice) -> Callable[[Context], float]:
    """The smallest E_max of the spins over that of the cavity, less 1."""
    return lambda c: float((land.energies(c, ratio) / other(c))[part].min() - 1)


def _growth(ratio: int, other: Row, part: slice) -> Callable[[Context], float]:
    """The smallest step, from one M to the next, by which E_max exceeds the cavity's."""
    return lambda c: float(np.diff((land.energies(c, ratio) - other(c))[part]).min())


def _power_apart(ratio: int, other: Row) -> Callable[[Context], float]:
    """Largest relative distance of the powers, M = 2…10."""
    return lambda c: float(np.abs(land.powers(c, ratio) / other(c) - 1)[_FROM_TWO].max())


def _power_loss(other: Row, part: slice, largest: bool) -> Callable[[Context], float]:
    def compute(c: Context) -> float:
        loss = 1 - (land.powers(c) / other(c))[part]
        return float(loss.max() if largest else loss.min())

    return compute


def _between(low: Callable[[Context], float], high: Callable[[Context], float], most: float) -> Row:
    """Positive where ``low`` is positive and ``high`` below ``most``."""
    return lambda c: min(low(c), most - high(c))


def _slightly_lower(other: Row, part: slice) -> Callable[[Context], float]:
    return _between(_power_loss(other, part, False), _power_loss(other, part, True), 0.15)


def _slightly_lower_again(c: Context) -> float:
    loss = 1 - (np.array(_chain_points(1)[1]) / _again_p(c))[_FROM_THREE]
    return float(min(loss.min(), 0.15 - loss.max()))


def _gain_again(ratio: int, part: slice) -> Callable[[Context], float]:
    return lambda c: float((np.array(_chain_points(ratio)[0]) / _again_e(c))[part].min() - 1)


def _growth_again(ratio: int, part: slice) -> Callable[[Context], float]:
    def compute(c: Context) -> float:
        return float(np.diff((np.array(_chain_points(ratio)[0]) - _again_e(c))[part]).min())

    return compute


# By size of the charger ---------------------------------------------------------------------------

_SEQUENCE = (1, 2, 10, 100)


def _steps(of: Callable[[Context, int], Any], sign: int) -> Callable[[Context], float]:
    """The smallest step up (down for sign −1) along N/M = 1, 2, 10, 100, M = 2…10."""

    def compute(c: Context) -> float:
        rows = np.array([of(c, r)[_FROM_TWO] for r in _SEQUENCE])
        return float((sign * np.diff(rows, axis=0)).min())

    return compute


# By anisotropy ------------------------------------------------------------------------------------


def _gamma_steps(
    of: Callable[[Context, int, float], Any], ratios: tuple[int, ...] = _RATIOS
) -> Callable[[Context], float]:
    """The smallest fall from one γ to the next, M = 2…10."""

    def compute(c: Context) -> float:
        falls = (
            -np.diff([of(c, r, a)[_FROM_TWO] for a in land.ANISOTROPIES], axis=0).max()
            for r in ratios
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


def _departure(c: Context) -> float:
    """By how much the distance of γ = 1 from the line of γ = 0 grows, at least, panel to panel."""

    def distance(ratio: int) -> float:
        slope, e, p = _line(ratio)(c), land.energies(c, ratio), land.powers(c, ratio)
        line = np.mean(p) + slope * (land.energies(c, ratio, 1.0) - np.mean(e))
        return float(np.abs(land.powers(c, ratio, 1.0) - line).max())

    return float(np.diff([distance(r) for r in _RATIOS]).min())


def _tilt(c: Context) -> float:
    """By how much the slopes of γ = 1 and γ = 0 part, at least, from panel to panel."""

    def gap(ratio: int) -> float:
        own = _slope(land.energies(c, ratio, 1.0), land.powers(c, ratio, 1.0))
        return abs(own - _line(ratio)(c))

    return float(np.diff([gap(r) for r in _RATIOS]).min())


def _power_suffers_more(c: Context) -> float:
    return _loss(land.power)(c, 1) - _loss(land.first)(c, 1)


def _power_suffers_again(c: Context) -> float:
    e = [land.direct_first(c, 10, 1, a) for a in (0.0, 1.0)]
    p = [land.direct_power(c, 10, 1, a) for a in (0.0, 1.0)]
    return (1 - p[1] / p[0]) - (1 - e[1] / e[0])


def _power_suffers_in_window(c: Context) -> float:
    return _loss(land.power)(c, 1) - (1 - land.within(c, 10, 10, 1, 1.0) / land.within(c, 10, 10))


def _coincidence(other: Row) -> Callable[[Context], float]:
    """Largest relative distance of E_max at γ = 0.2, N = M from the cavity's, M = 2…10."""
    return lambda c: float(np.abs(land.energies(c, 1, 0.2) / other(c) - 1)[_FROM_TWO].max())


def _coincidence_again(c: Context) -> float:
    mine = np.array([land.direct_first(c, m, 1, 0.2) for m in land.SIZES])
    return float(np.abs(mine / _again_e(c) - 1)[_FROM_TWO].max())


def _coincidence_at_ten(c: Context) -> float:
    return land.first(c, 10, 1, 0.2) / land.cavity_first(c, 10) - 1


_CLOSE = Below("0.01")
_M_PHOTONS = "cavity with M photons"
_EMITS = "full cells that emit into an empty cavity: N → ∞ of the spins"
_FIRST = "first peaks"
_CHAINS = "tridiagonal matrices, written down"
_WHOLE = "whole product of both collective spins"


def _ten(text: str, **more: Any) -> Claim:
    return Claim(printed=Number(text), where="Sec. II, Fig. 3(a)", **more)


CHARGING = (
    _ten(
        "9.76",
        identifier="fig-3a.energy-0",
        says="E_max/ω₀ at M = N = 10, γ = 0",
        plain=Reading("first peak of E", lambda c: land.first(c, 10)),
        readings=(Reading("largest E in gt ≤ 10", lambda c: land.within(c, 10, 10)),),
    ),
    _ten(
        "9.24",
        identifier="fig-3a.power-0",
        says="P_max/(√N gω₀) at M = N = 10, γ = 0",
        plain=Reading("global maximum of P", lambda c: land.power(c, 10)),
        witness=Reading(_WHOLE, lambda c: land.direct_power(c, 10)),
        instead=Reading("global maximum of P", lambda c: land.power(c, 10)),
        sources=(
            Reading("cut off after two decimals", lambda c: _truncated(land.power(c, 10), 2)),
            Reading("largest P on a grid of gt with step 0.01", _sampled_power(0.01)),
            Reading("largest P on a grid of gt with step 0.02", _sampled_power(0.02)),
        ),
    ),
    _ten(
        "7.48",
        identifier="fig-3a.energy-1",
        says="E_max/ω₀ at M = N = 10, γ = 1",
        plain=Reading("first peak of E", lambda c: land.first(c, 10, 1, 1.0)),
        readings=(
            Reading("largest E in gt ≤ 10", lambda c: land.within(c, 10, 10, 1, 1.0)),
            Reading("largest E in gt ≤ 100", lambda c: land.within(c, 10, 100, 1, 1.0)),
        ),
        witness=Reading(_WHOLE, lambda c: land.direct_first(c, 10, 1, 1.0)),
        instead=Reading(
            "largest E in gt ≤ 10, the window of the 9.76",
            lambda c: land.direct_within(c, 10, 10, 1, 1.0),
        ),
        sources=(
            Reading(
                "g/ω₀ = 0.2 in place of 0.1, gt ≤ 10", lambda c: land.within(c, 10, 10, 1, 1.0, 0.2)
            ),
            Reading(
                "a grid of gt with step 0.25 (9.76 would be 9.26 on it)", _sampled(1.0, 0.25, 10)
            ),
        ),
    ),
    _ten(
        "6.67",
        identifier="fig-3a.power-1",
        says="P_max/(√N gω₀) at M = N = 10, γ = 1",
        plain=Reading("global maximum of P", lambda c: land.power(c, 10, 1, 1.0)),
    ),
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
        witness=Reading(_CHAINS, _line_again(10)),
        instead=Reading("least squares, γ = 0, M = 1…10, first peaks", _line(10)),
        sources=(
            Reading("largest E in gt ≤ 3.2 (N/M = 1 still gives 1.002)", _line(10, 3.2)),
            Reading("largest E in gt ≤ 3", _line(10, 3.0)),
        ),
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
        "fig-2.coincide-energy",
        "Sec. II, Fig. 2",
        "E_max of the spins coincides with the cavity's for N/M ≥ 10 (within 1 %)",
        _CLOSE,
        Reading(f"{_M_PHOTONS}; {_FIRST}", _apart(_isotropic_e, _photons_e)),
        witness=Reading(_CHAINS, _apart(_chains_e, _again_e)),
        instead=Reading(
            f"largest relative distance, {_M_PHOTONS}", _apart(_isotropic_e, _photons_e)
        ),
        sources=(
            Reading(
                f"{_EMITS} (largest distance, N/M = 10 and 100)", _apart(_isotropic_e, _emitted_e)
            ),
            Reading(
                f"{_EMITS}, N/M = 100 only",
                lambda c: float(np.abs(land.energies(c, 100) / _emitted_e(c) - 1).max()),
            ),
        ),
    ),
    Claim(
        "fig-2.coincide-power",
        "Sec. II, Fig. 2",
        "P_max of the spins coincides with the cavity's for N/M ≥ 10 (within 1 %)",
        _CLOSE,
        Reading(f"{_M_PHOTONS}, P/(g̃ω₀)", _apart(_isotropic_p, _photons_p)),
        (Reading(f"{_M_PHOTONS}, P/(√M g̃ω₀)", _apart(_isotropic_p, _photons_p_rescaled)),),
        witness=Reading(_CHAINS, _apart(_chains_p, _again_p)),
        instead=Reading(
            f"largest relative distance, {_M_PHOTONS}, P/(√M g̃ω₀)",
            _apart(_isotropic_p, _photons_p_rescaled),
        ),
        sources=(Reading(_EMITS, _apart(_isotropic_p, _emitted_p)),),
    ),
    Claim(
        "fig-2.twice-energy",
        "Sec. II, Fig. 2",
        "for N/M = 2 E_max becomes gradually larger than the cavity's as M grows",
        Above(),
        Reading(
            f"smallest step of the difference, M = 2…10; {_M_PHOTONS}; {_FIRST}",
            _growth(2, _photons_e, _FROM_TWO),
        ),
        (Reading(_EMITS, _growth(2, _emitted_e, _FROM_TWO)),),
        witness=Reading(_CHAINS, _growth_again(2, _FROM_TWO)),
    ),
    Claim(
        "fig-2.twice-power",
        "Sec. II, Fig. 2",
        "for N/M = 2 P_max is nearly that of the cavity (within 2 %)",
        Below("0.02"),
        Reading(f"{_M_PHOTONS}, P/(g̃ω₀)", _power_apart(2, _photons_p)),
        (
            Reading(f"{_M_PHOTONS}, P/(√M g̃ω₀)", _power_apart(2, _photons_p_rescaled)),
            Reading(_EMITS, _power_apart(2, _emitted_p)),
        ),
    ),
    Claim(
        "fig-2.same-energy",
        "Sec. II, Fig. 2",
        "for N = M and M ≥ 3 E_max is higher than the cavity's",
        Above(),
        Reading(f"smallest excess; {_M_PHOTONS}; {_FIRST}", _gain(1, _photons_e, _FROM_THREE)),
    ),
    Claim(
        "fig-2.same-power",
        "Sec. II, Fig. 2",
        "for N = M and M ≥ 3 P_max is a little lower than the cavity's (by at most 15 %)",
        Above(),
        Reading(
            f"{_M_PHOTONS}, P/(g̃ω₀): room to 0 and 15 %", _slightly_lower(_photons_p, _FROM_THREE)
        ),
        (
            Reading(f"{_M_PHOTONS}, P/(√M g̃ω₀)", _slightly_lower(_photons_p_rescaled, _FROM_THREE)),
            Reading(_EMITS, _slightly_lower(_emitted_p, _FROM_THREE)),
        ),
        witness=Reading(_CHAINS, _slightly_lower_again),
    ),
    Claim(
        "fig-2.larger-power",
        "Sec. II, Fig. 2",
        "at fixed M a larger charger has a larger P_max",
        Above(),
        Reading("smallest step along N/M = 1, 2, 10, 100, M = 2…10", _steps(_isotropic_p, 1)),
        witness=Reading(_CHAINS, _steps(_chains_p, 1)),
        instead=Reading(
            "P_max(N = 20)/P_max(N = 200) of two cells, each over √N g: the largest is in between",
            lambda c: land.power(c, 2, 10) / land.power(c, 2, 100),
        ),
    ),
    Claim(
        "fig-2.smaller-energy",
        "Sec. II, Fig. 2",
        "at fixed M a larger charger has a smaller E_max",
        Above(),
        Reading(
            f"smallest step down along N/M = 1, 2, 10, 100; {_FIRST}", _steps(_isotropic_e, -1)
        ),
    ),
    Claim(
        "fig-3.energy-falls",
        "Sec. II, Fig. 3",
        "a smaller γ yields a higher E_max, in every panel",
        Above(),
        Reading(f"smallest fall along γ, M = 2…10; {_FIRST}", _gamma_steps(_gamma_e(0.0))),
    ),
    Claim(
        "fig-3.power-falls",
        "Sec. II, Fig. 3",
        "a smaller γ yields a higher P_max, in every panel",
        Above(),
        Reading("smallest fall along γ, M = 2…10", _gamma_steps(land.powers)),
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
    Claim(
        "fig-3d.smaller",
        "Sec. II, Fig. 3(d)",
        "for N/M = 10 both maxima are considerably smaller at γ = 1 (by a fifth at least)",
        Above("0.2"),
        Reading(f"loss at M = 10; {_FIRST}", _considerable),
    ),
    Claim(
        "fig-4a.above",
        "Sec. II, Fig. 4(a)",
        "the isotropic spin charger surpasses the cavity in E_max",
        Above(),
        Reading(
            f"smallest excess, M = 2…10; {_M_PHOTONS}; {_FIRST}", _gain(1, _photons_e, _FROM_TWO)
        ),
    ),
    Claim(
        "fig-4a.grows",
        "Sec. II, Fig. 4(a)",
        "the more so the larger M",
        Above(),
        Reading(
            f"smallest step of the difference; {_M_PHOTONS}; {_FIRST}",
            _growth(1, _photons_e, _FROM_TWO),
        ),
        (Reading(_EMITS, _growth(1, _emitted_e, _FROM_TWO)),),
        witness=Reading(_CHAINS, _growth_again(1, _FROM_TWO)),
    ),
    Claim(
        "fig-4a.monotonic",
        "Sec. II, Fig. 4(a)",
        "E_max falls with γ at N = M",
        Above(),
        Reading(f"smallest fall; {_FIRST}", _gamma_steps(_gamma_e(0.0), (1,))),
        (Reading("largest E in gt ≤ 10", _gamma_steps(_gamma_e(10.0), (1,))),),
    ),
    Claim(
        "fig-4b.monotonic",
        "Sec. II, Fig. 4(b)",
        "P_max falls with γ at N = M",
        Above(),
        Reading("smallest fall", _gamma_steps(land.powers, (1,))),
    ),
    Claim(
        "fig-4b.below",
        "Sec. II, Fig. 4(b)",
        "the isotropic spin charger is slightly below the cavity in P_max (by at most 15 %)",
        Above(),
        Reading(f"M = 2…10; {_M_PHOTONS}, P/(g̃ω₀)", _slightly_lower(_photons_p, _FROM_TWO)),
        (
            Reading(f"{_M_PHOTONS}, P/(√M g̃ω₀)", _slightly_lower(_photons_p_rescaled, _FROM_TWO)),
            Reading(_EMITS, _slightly_lower(_emitted_p, _FROM_TWO)),
        ),
    ),
    Claim(
        "fig-4.power-suffers",
        "Sec. II, Fig. 4",
        "anisotropy harms the power more than the energy",
        Above(),
        Reading(f"difference of the relative losses, M = 10, γ = 1; {_FIRST}", _power_suffers_more),
        (Reading("largest E in gt ≤ 10", _power_suffers_in_window),),
        witness=Reading(_WHOLE, _power_suffers_again),
    ),
    Claim(
        "fig-4a.coincide",
        "Sec. II, Fig. 4(a)",
        "at γ = 0.2 the spins reach almost the E_max of the cavity (within 1 %)",
        _CLOSE,
        Reading(f"M = 2…10; {_M_PHOTONS}; {_FIRST}", _coincidence(_photons_e)),
        (Reading(_EMITS, _coincidence(_emitted_e)),),
        witness=Reading(_WHOLE, _coincidence_again),
        instead=Reading("relative distance at M = 10", _coincidence_at_ten),
    ),
)
