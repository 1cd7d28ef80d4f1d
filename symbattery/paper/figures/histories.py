"""Stored energy and average power against time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from numerics import CavityCharger, SpinCharger, charge
from numerics.model.models import Model
from numerics.model.states import InitialState
from symbattery.paper.figures.maxima import limit_chain
from symbattery.paper.figures.table_tasks import TableTask
from symbattery.paper.figures.tables import Column, Head

__all__ = ["benchmark_history", "history"]

_POINTS = 1001
_METHOD = "numerics, double precision, with g = omega_0 = 1 (at gamma = 0 energies in omega_0 "
_METHOD += "against g t depend on neither)"
_COLUMNS = (
    Column("gt", "1", "time, times g"),
    Column("E", "omega_0", "stored energy"),
    Column("P", "g omega_0", "average power E/t"),
)


def _times(until: float) -> np.ndarray:
    return np.linspace(0, until, _POINTS)


def rows(model: Model, initial: InitialState | None, until: float) -> Iterator[Sequence[float]]:
    """Rows for 0 ≤ gt ≤ ``until``."""
    charging, times = charge(model, initial), _times(until)
    yield from zip(times, charging.energy(times), charging.power(times), strict=True)


def limit_rows(cells: int, coupling: float, until: float) -> Iterator[Sequence[float]]:
    r"""Rows for the limit of many charger spins at :math:`\tilde g` = ``coupling``."""
    times = _times(until)
    energy = limit_chain(cells).excitation(coupling * times)
    power = np.divide(energy, times, out=np.zeros_like(energy), where=times > 0)
    yield from zip(times, energy, power, strict=True)


def history(
    name: str, model: SpinCharger, start: str, until: float, initial: InitialState | None = None
) -> TableTask:
    """E(t) and P(t) of a spin charger; ``start`` says the initial state in words."""
    parameters = (
        ("M", str(model.cells)),
        ("N", str(model.chargers)),
        ("gamma", "0"),
        ("g_1/g", f"{float(model.charger_crosstalk):g}"),
        ("initial state", start),
        ("g t", f"0 ... {until:g} in {_POINTS} points"),
    )
    head = Head(name, "E(t) and P(t), spin charger", parameters, _METHOD, _COLUMNS)
    return TableTask(head, rows, (model, initial, until))


def benchmark_history(name: str, cells: int, reading: str, until: float) -> TableTask:
    """E(t) and P(t) of the cavity benchmark with N = M, in one of its two readings."""
    start = {
        "photons": f"empty battery and {cells} photons",
        "limit": "N to infinity of Eq. (3): full battery and empty cavity, E is what it emits",
    }[reading]
    coupling = float(np.sqrt(cells))
    parameters = (
        ("M", str(cells)),
        ("gamma", "0"),
        ("coupling of the cavity", f"sqrt({cells}) g"),
        ("initial state", start),
        ("g t", f"0 ... {until:g} in {_POINTS} points"),
    )
    head = Head(name, "E(t) and P(t), cavity", parameters, _METHOD, _COLUMNS)
    if reading == "limit":
        return TableTask(head, limit_rows, (cells, coupling, until))
    return TableTask(head, rows, (CavityCharger(cells, coupling=coupling), None, until))
