"""Figs. 6 to 9: stored energy and average power against time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from numerics import Charging, SpinCharger, dicke, mixture, product
from numerics.model.states import InitialState
from numerics.sweeps.points import Point
from symbattery.paper.figures.maxima import (
    IDEAL,
    cavity_point,
    limit_chain,
    limit_populations,
    limit_work,
)
from symbattery.paper.figures.plots import DOUBLE, Axis, Curve, FigureSpec, Panel, Plot, Tables
from symbattery.paper.figures.tables import Column, Floats, TableKind, TableTask

__all__ = ["FIGURE_6", "FIGURE_7", "FIGURE_8", "FIGURE_9", "four_panels", "two_cell_tasks"]

_POINTS = 1001
_METHOD = (
    "numerics, double precision, with g = omega_0 = 1 (at gamma = 0 energies in omega_0 "
    "against g t depend on neither)"
)
_COLUMNS = (
    Column("gt", "1", "time, times g"),
    Column("E", "omega_0", "stored energy"),
    Column("P", "g omega_0", "average power E/t"),
    Column("W", "omega_0", "ergotropy, by all unitaries"),
    Column("W_local", "omega_0", "ergotropy, by rotations of each cell"),
)


def _times(until: float) -> tuple[float, ...]:
    return tuple(np.linspace(0, until, _POINTS).tolist())


def curves(charging: Charging, times: Floats) -> Floats:
    """The rows at some times."""
    work = (charging.ergotropy(times, sense=sense) for sense in ("full", "local"))
    return np.column_stack((times, charging.energy(times), charging.power(times), *work))


def limit_curves(emitting: Charging, times: Floats) -> Floats:
    r"""The rows for the limit of many charger spins at :math:`\tilde g=\sqrt M g`."""
    cells = emitting.model.cells
    scaled = float(np.sqrt(cells)) * times
    energy = limit_chain(cells).excitation(scaled)
    power = np.divide(energy, times, out=np.zeros_like(energy), where=times > 0)
    work = limit_work(limit_populations(emitting, scaled))
    return np.column_stack((times, energy, power, *work))


_SPINS = TableKind("E(t) and P(t), spin charger", _METHOD, _COLUMNS, curves)
_CAVITIES = {
    "photons": TableKind("E(t) and P(t), cavity", _METHOD, _COLUMNS, curves),
    "limit": TableKind("E(t) and P(t), cavity", _METHOD, _COLUMNS, limit_curves),
}


def _span(until: float) -> tuple[str, str]:
    return "g t", f"0 ... {until:g} in {_POINTS} points"


def _spin_task(
    name: str,
    model: SpinCharger,
    until: float,
    start: str = IDEAL[1],
    initial: InitialState | None = None,
) -> TableTask:
    """E(t) and P(t) of a spin charger; ``start`` says the initial state in words."""
    parameters = (
        ("M", str(model.cells)),
        ("N", str(model.chargers)),
        ("gamma", "0"),
        ("g_1/g", f"{float(model.charger_crosstalk):g}"),
        ("initial state", start),
        _span(until),
    )
    return _SPINS.task(name, parameters, [((), Point(model, initial, times=_times(until)))])


def _benchmark_task(name: str, cells: int, reading: str, until: float) -> TableTask:
    """E(t) and P(t) of the cavity benchmark with N = M, in one of its two readings."""
    start = {
        "photons": f"empty battery and {cells} photons",
        "limit": "N to infinity of Eq. (3): full battery and empty cavity, E is what it emits",
    }[reading]
    parameters = (
        ("M", str(cells)),
        ("gamma", "0"),
        ("coupling of the cavity", f"sqrt({cells}) g"),
        ("initial state", start),
        _span(until),
    )
    point = replace(cavity_point(cells, reading, float(np.sqrt(cells))), times=_times(until))
    return _CAVITIES[reading].task(name, parameters, [((), point)])


# Figs. 6 and 7 ------------------------------------------------------------------------------------

_STYLES_6 = {"0.1": "black solid", "1": "blue dot-dashed", "10": "red dotted"}
# Eq. (19): l − 1 charger spins up, in a Dicke state; Eq. (21): one cell up, whichever.
_CHARGERS = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
_CELLS = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])
_STATES = {
    "ideal": ("ideal", None, "Eq. (4): all cells down, all charger spins up", "black solid"),
    "chargers": (
        "non-ideal chargers",
        _CHARGERS,
        "Eq. (19): p_0 = 0.6, p_1 = p_2 = p_3 = p_4 = 0.1, Dicke states of the charger",
        "red dotted",
    ),
    "cells": (
        "non-empty battery",
        _CELLS,
        "Eq. (21): p_0 = 0.6, p_1 = p_2 = 0.2, product states of the cells",
        "blue dot-dashed",
    ),
}


def _stacked(tables: Tables, curves: Sequence[tuple[str, str, str]], columns: int) -> Plot:
    """E(t) above P(t) of some tables, each with a label and a line style."""
    x = Axis("$gt$", (0, float(tables[curves[0][0]]["gt"][-1])))
    panels = tuple(
        Panel(
            f"({panel})",
            x,
            Axis(label, (0, None)),
            tuple(Curve(text, tables[t]["gt"], tables[t][name], s) for t, text, s in curves),
        )
        for panel, name, label in (
            ("a", "E", r"$E(t)/\omega_0$"),
            ("b", "P", r"$P(t)/(g\,\omega_0)$"),
        )
    )
    return Plot(panels, height=4.2, legend_columns=columns, share_x=True)


def _plot_6(tables: Tables) -> Plot:
    curves = [(f"figure-6-g1-{ratio}", f"$g_1/g={ratio}$", s) for ratio, s in _STYLES_6.items()]
    return _stacked(tables, curves, columns=3)


def _plot_7(tables: Tables) -> Plot:
    curves = [(f"figure-7-{key}", label, style) for key, (label, _, _, style) in _STATES.items()]
    return _stacked(tables, curves, columns=2)


FIGURE_6 = FigureSpec(
    "figure-6",
    tuple(
        _spin_task(f"figure-6-g1-{ratio}", SpinCharger(2, 4, charger_crosstalk=float(ratio)), 5.0)
        for ratio in _STYLES_6
    ),
    _plot_6,
    caption=r"Energy and power in time for $M = 2$, $N = 4$ at $\gamma = 0$, with crosstalk $g_1$ "
    "among the charger spins.",
)
FIGURE_7 = FigureSpec(
    "figure-7",
    tuple(
        _spin_task(f"figure-7-{key}", SpinCharger(2, 4), 5.0, start, initial)
        for key, (_, initial, start, _) in _STATES.items()
    ),
    _plot_7,
    caption=r"Energy and power in time for $M = 2$, $N = 4$ at $\gamma = 0$, from the ideal start "
    "and from the mixtures of Eqs. (19) and (21).",
)

# Figs. 8 and 9 ------------------------------------------------------------------------------------

_UNTIL = 2.5
_NUMBERS = {"a": 2, "b": 20, "c": 200}


def two_cell_tasks(figure: str) -> tuple[TableTask, ...]:
    """The tables of Fig. 8, or of Fig. 9."""
    return (
        *(_spin_task(f"{figure}-{key}", SpinCharger(2, n), _UNTIL) for key, n in _NUMBERS.items()),
        *(_benchmark_task(f"{figure}-d-{r}", 2, r, _UNTIL) for r in ("photons", "limit")),
    )


def four_panels(figure: str, tables: Tables, column: str, label: str) -> Plot:
    """One column of the tables, the power in units of √N g ω₀."""
    x, y = Axis("$gt$", (0, _UNTIL)), Axis(label, (0, 2.08 if column == "E" else 1.95))

    def curve(key: str, text: str, style: str) -> Curve:
        table, number = tables[f"{figure}-{key}"], _NUMBERS.get(key, 2)
        unit = number**0.5 if column == "P" else 1.0
        return Curve(text, table["gt"], table[column] / unit, style)

    panels = [
        Panel(f"({key}) $N={number}$", x, y, (curve(key, "spin charger", "blue solid"),))
        for key, number in _NUMBERS.items()
    ]
    benchmark = (
        curve("d-photons", "TC, two photons", "red dot-dashed"),
        curve("d-limit", r"TC, from $N\to\infty$", "grey solid"),
    )
    panels.append(Panel(r"(d) TC, $\tilde g=\sqrt{2}\,g$", x, y, benchmark))
    return Plot(tuple(panels), columns=2, width=DOUBLE, height=4.2, legend_columns=3)


def _two_cells(figure: str, column: str, label: str, what: str) -> FigureSpec:
    return FigureSpec(
        figure,
        two_cell_tasks(figure),
        lambda tables: four_panels(figure, tables, column, label),
        caption=rf"{what} of two cells in time at $\gamma = 0$: $N = 2$, 20 and 200 charger spins "
        "in panels (a) to (c), a cavity in (d) in both readings.",
    )


FIGURE_8 = _two_cells("figure-8", "E", r"$E(t)/\omega_0$", "Energy")
FIGURE_9 = _two_cells("figure-9", "P", r"$P(t)/(\sqrt{N}\,g\,\omega_0)$", "Average power")
