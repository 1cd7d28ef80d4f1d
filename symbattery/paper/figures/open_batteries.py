"""Beyond the paper: batteries with loss and dephasing, in time, over rates and by size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from types import MappingProxyType

import numpy as np
import scipy

from numerics import Charging, SpinCharger, charge, dephasing, loss
from numerics.model.noise import Noise
from numerics.sweeps.points import Point
from symbattery.paper.figures.maxima import IDEAL
from symbattery.paper.figures.plots import (
    DOUBLE,
    Axis,
    Curve,
    Field,
    FigureSpec,
    Panel,
    Plot,
    Tables,
)
from symbattery.paper.figures.tables import Column, Floats, TableKind, TableTask

__all__ = ["IN_TIME", "KINDS", "MAP", "SHARE", "SURVIVING", "noise", "rate_at_share"]

KINDS: Mapping[str, tuple[Callable[..., Noise], tuple[str, ...]]] = MappingProxyType(
    {
        "loss": (loss, ("cells", "chargers")),
        "dephasing": (dephasing, ("cells", "chargers")),
        "loss of the cells": (loss, ("cells",)),
        "loss of the charger": (loss, ("chargers",)),
    }
)
"""Noise of every spin of some sides, at one rate."""

_METHOD = "numerics, double precision, permutation-symmetric Liouville blocks, with g = omega_0 = 1"
_FIRST = f"{_METHOD}; first local maximum, certified between samples"


def noise(kind: str, rate: float) -> tuple[Noise, ...]:
    """The noise of a kind; none at the rate 0."""
    of, sides = KINDS[kind]
    return tuple(of(side, rate) for side in sides) if rate else ()


def _point(
    cells: int,
    chargers: int,
    channels: tuple[Noise, ...],
    times: tuple[float, ...] | None = None,
) -> Point:
    return Point(SpinCharger(cells, chargers), noise=channels, times=times)


# E(t) ---------------------------------------------------------------------------------------------

_POINTS, _RATE = 201, 0.5
# The end in gt of each size, somewhat beyond the first minimum.
_UNTIL = {2: 2.5, 10: 0.8, 20: 0.48}


def curves(noisy: Charging, times: Floats) -> Floats:
    """The rows at some times."""
    work = (noisy.ergotropy(times, sense=sense) for sense in ("full", "local"))
    closed = charge(noisy.model).energy(times)
    return np.column_stack((times, noisy.energy(times), *work, closed))


_TIME = TableKind(
    "E(t) of an open battery, N = M",
    _METHOD,
    (
        Column("gt", "1", "time, times g"),
        Column("E", "omega_0", "stored energy"),
        Column("W", "omega_0", "ergotropy, by all unitaries"),
        Column("W_local", "omega_0", "ergotropy, by rotations of each cell"),
        Column("E_closed", "omega_0", "stored energy without noise"),
    ),
    curves,
)


def _time_task(kind: str, cells: int) -> TableTask:
    parameters = (
        ("M, N", str(cells)),
        ("gamma", "0"),
        IDEAL,
        (f"{kind} of every spin", f"at {_RATE:g} g"),
    )
    times = tuple(np.linspace(0, _UNTIL[cells], _POINTS).tolist())
    point = _point(cells, cells, noise(kind, _RATE), times)
    return _TIME.task(f"beyond-open-{kind}-{cells}", parameters, [((), point)])


def _plot_times(tables: Tables) -> Plot:
    curves = (
        ("$E$ without noise", "E_closed", "blue dot-dashed"),
        ("stored energy $E$", "E", "black solid"),
        (r"ergotropy $\mathcal{E}$", "W", "orange dashed"),
        (r"$\mathcal{E}_{\mathrm{local}}$", "W_local", "green dotted"),
    )

    def panel(letter: str, kind: str, cells: int) -> Panel:
        table = tables[f"beyond-open-{kind}-{cells}"]
        return Panel(
            f"({letter}) $M=N={cells}$, {kind}",
            Axis("$gt$", (0, _UNTIL[cells])),
            # One label for a row of panels.
            Axis(r"$E,\ \mathcal{E}\ /(M\omega_0)$" if letter in "ad" else "", (0, 1.03)),
            tuple(Curve(text, table["gt"], table[name] / cells, s) for text, name, s in curves),
        )

    shown = zip("abcdef", product(("loss", "dephasing"), _UNTIL), strict=True)
    panels = tuple(panel(letter, *which) for letter, which in shown)
    return Plot(panels, columns=3, width=DOUBLE, height=4.8, legend_columns=4)


IN_TIME = FigureSpec(
    "beyond-open-in-time",
    tuple(_time_task(*which) for which in product(("loss", "dephasing"), _UNTIL)),
    _plot_times,
    caption=rf"Energy and ergotropy of open batteries, $N = M$: every spin (a) to (c) loses "
    rf"excitations, (d) to (f) is dephased, at the rate ${_RATE:g}\,g$. The same rate takes less "
    r"from a larger battery, which is charged sooner. $\mathcal{E}$ by all unitaries on the "
    r"battery, $\mathcal{E}_{\mathrm{local}}$ by rotations of each cell.",
    title="Noise in time",
)

# Maps ---------------------------------------------------------------------------------------------

_SIZE = 5
_RATES = tuple(0.15 * i for i in range(9))
_PAIRS = {
    "sides": ("loss of the cells", "loss of the charger"),
    "kinds": ("loss", "dephasing"),
}


def peak(noisy: Charging) -> tuple[float, float, float]:
    """The first peak, its time, and the ergotropy there."""
    top = noisy.first_peak()
    return top.value, top.time, float(noisy.ergotropy(top.time))


_MAP = TableKind(
    "E_max over two rates, N = M",
    _FIRST,
    (
        Column("x", "g", "rate of the first kind"),
        Column("y", "g", "rate of the second kind"),
        Column("E_max", "omega_0", "first local maximum of the stored energy"),
        Column("t_E", "1/g", "its time"),
        Column("W", "omega_0", "ergotropy at t_E, by all unitaries"),
    ),
    peak,
)


def _map_task(name: str, kinds: tuple[str, str]) -> TableTask:
    parameters = (
        ("M, N", str(_SIZE)),
        ("gamma", "0"),
        IDEAL,
        ("kinds", f"{kinds[0]}, {kinds[1]}; of every spin"),
        ("rates", f"0 ... {_RATES[-1]:g} g, {len(_RATES)} of each"),
    )
    points = (
        ((x, y), _point(_SIZE, _SIZE, (*noise(kinds[0], x), *noise(kinds[1], y))))
        for x, y in product(_RATES, repeat=2)
    )
    return _MAP.task(f"beyond-open-map-{name}", parameters, points)


def _plot_map(tables: Tables) -> Plot:
    rates: Floats = np.array(_RATES)
    levels = {"E_max": (0.5, 0.6, 0.7, 0.8, 0.9), "W": (0.2, 0.4, 0.6, 0.8)}
    labels = {"E_max": r"$E_{\max}/(M\omega_0)$", "W": r"$\mathcal{E}/(M\omega_0)$ at the peak"}

    def panel(letter: str, column: str, name: str) -> Panel:
        table = tables[f"beyond-open-map-{name}"]
        values = np.reshape(table[column], (len(rates), -1)).T / _SIZE
        field = Field(labels[column], rates, rates, values, levels[column])
        x, y = (Axis(f"{kind}, rate$/g$") for kind in _PAIRS[name])
        return Panel(f"({letter})", x, y, (), field)

    shown = zip("abcd", product(levels, _PAIRS), strict=True)
    panels = tuple(panel(letter, *which) for letter, which in shown)
    return Plot(panels, columns=2, width=DOUBLE, height=5.2)


MAP = FigureSpec(
    "beyond-open-map",
    tuple(_map_task(*pair) for pair in _PAIRS.items()),
    _plot_map,
    caption=rf"Largest energy (first peak) of $M = N = {_SIZE}$, and its ergotropy there, (a), (c) "
    "over the loss of the cells and of the charger spins, (b), (d) over loss and dephasing of "
    "every spin. The charger's loss costs more than that of the cells: it begins full.",
    title="Maps of rates of noise",
)

# By size ------------------------------------------------------------------------------------------

SHARE = 0.9
# The rate that the search begins with.
_GUESS = 0.05
_SIZES = (1, 2, 3, 4, 5, 6, 8, 10)
_FEW, _CHARGERS = 5, (*range(5, 11), 12)
_LOSSES = {0.0: "black solid", 0.05: "blue dot-dashed", 0.2: "orange dashed", 0.5: "green dotted"}


def rate_at_share(noisy: Charging) -> float:
    """The rate in g of all noise at which the first peak is ``SHARE`` of a full charge."""
    model = noisy.model

    def excess(rate: float) -> float:
        changed = [replace(one, rate=abs(rate)) for one in noisy.noise] if rate else []
        return charge(model, noise=changed).first_peak().value / model.cells - SHARE

    return float(scipy.optimize.newton(excess, _GUESS, x1=2 * _GUESS, tol=1e-12, rtol=1e-10))


def heights(noisy: Charging) -> tuple[float, float]:
    """E_max and P_max."""
    return noisy.first_peak().value, noisy.max_power().value


_SHARES = TableKind(
    f"rates at which E_max falls to {SHARE:g} of a full charge, N = M",
    _FIRST,
    (
        Column("M", "1", "number of cells, and of charger spins"),
        *(Column(kind, "g", "the rate of each of these spins") for kind in KINDS),
    ),
    rate_at_share,
)
_BY_CHARGER = TableKind(
    "E_max and P_max with loss of every spin, by the number of charger spins",
    f"{_FIRST}; every largest power is global",
    (
        Column("rate", "g", "of the loss"),
        Column("N", "1", "number of charger spins"),
        Column("E_max", "omega_0", "first local maximum of the stored energy"),
        Column("P_max", "g omega_0", "largest average power, over all times"),
    ),
    heights,
)


def _share_task() -> TableTask:
    parameters = (("M, N", f"{_SIZES[0]} ... {_SIZES[-1]}"), ("gamma", "0"), IDEAL)
    points = (
        # The rate of each kind, after the size.
        ((cells,) if kind == next(iter(KINDS)) else (), _point(cells, cells, noise(kind, _GUESS)))
        for cells, kind in product(_SIZES, KINDS)
    )
    return _SHARES.task("beyond-open-rates", parameters, points)


def _charger_task() -> TableTask:
    spins = f"{_CHARGERS[0]} ... {_CHARGERS[-1]}"
    parameters = (("M", str(_FEW)), ("N", spins), ("gamma", "0"), IDEAL)
    points = (
        ((rate, chargers), _point(_FEW, chargers, noise("loss", rate)))
        for rate, chargers in product(_LOSSES, _CHARGERS)
    )
    return _BY_CHARGER.task("beyond-open-chargers", parameters, points)


def _plot_surviving(tables: Tables) -> Plot:
    shares, charger = tables["beyond-open-rates"], tables["beyond-open-chargers"]
    styles = ("black circles", "orange diamonds", "green squares", "blue crosses")
    upper = Panel(
        "(a)",
        Axis("$M=N$", (0.5, 10.5)),
        Axis(r"rate$/g$ at $E_{\max}=0.9\,M\omega_0$", (0, 0.85)),
        tuple(
            Curve(kind, shares["M"], shares[kind], style)
            for kind, style in zip(KINDS, styles, strict=True)
        ),
    )

    def curve(rate: float, style: str) -> Curve:
        here = charger["rate"] == rate
        energy = charger["E_max"][here] / _FEW
        return Curve(rf"$\Gamma={rate:g}\,g$", charger["N"][here], energy, style)

    lower = Panel(
        "(b)",
        Axis("charger spins $N$", (_CHARGERS[0], _CHARGERS[-1])),
        Axis(r"$E_{\max}/(M\omega_0)$", (0.6, 1.0)),
        tuple(curve(rate, style) for rate, style in _LOSSES.items()),
    )
    return Plot((upper, lower), columns=2, width=DOUBLE, height=3.2, legend_columns=4)


SURVIVING = FigureSpec(
    "beyond-open-surviving",
    (_share_task(), _charger_task()),
    _plot_surviving,
    caption=rf"(a) The rates at which the first peak of $N = M$ falls to {SHARE:g} of a full "
    rf"charge. (b) The first peak of $M = {_FEW}$ cells against the number of charger spins, with "
    "loss of every spin at the rate $\\Gamma$: the stronger it is, the larger is the best charger.",
    title="What survives noise",
)
