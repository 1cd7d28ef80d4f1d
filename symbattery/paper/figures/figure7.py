"""Fig. 7: energy and power in time from states that are not ideal, M = 2 and N = 4."""

from __future__ import annotations

from symbattery import SpinCharger, dicke, mixture, product
from symbattery.paper.figures.figure6 import stacked
from symbattery.paper.figures.histories import history
from symbattery.paper.figures.plots import Plot
from symbattery.paper.figures.table_tasks import FigureSpec, Tables

__all__ = ["SHEET"]

UNTIL = 5.0
# Eq. (19): l − 1 charger spins up, in a Dicke state; Eq. (21): one cell up, whichever.
CHARGERS = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
CELLS = mixture(
    [
        (0.6, dicke(0, 4)),
        (0.2, product([1, 0], [1, 1, 1, 1])),
        (0.2, product([0, 1], [1, 1, 1, 1])),
    ]
)
STATES = {
    "ideal": ("ideal", None, "Eq. (4): all cells down, all charger spins up", "black solid"),
    "chargers": (
        "non-ideal chargers",
        CHARGERS,
        "Eq. (19): p_0 = 0.6, p_1 = p_2 = p_3 = p_4 = 0.1, Dicke states of the charger",
        "red dotted",
    ),
    "cells": (
        "non-empty battery",
        CELLS,
        "Eq. (21): p_0 = 0.6, p_1 = p_2 = 0.2, product states of the cells",
        "blue dot-dashed",
    ),
}


def _plate(tables: Tables) -> Plot:
    curves = ((f"figure-7-{key}", label, look) for key, (label, _, _, look) in STATES.items())
    return stacked(tables, tuple(curves), columns=2)


CAPTION = (
    "Energy and power in time for M = 2, N = 4 at γ = 0, from the ideal start and from the "
    "mixtures of Eqs. (19) and (21)."
)
SHEET = FigureSpec(
    "figure-7",
    tuple(
        history(f"figure-7-{key}", SpinCharger(2, 4), start, UNTIL, initial)
        for key, (_, initial, start, _) in STATES.items()
    ),
    _plate,
    caption=CAPTION,
)
