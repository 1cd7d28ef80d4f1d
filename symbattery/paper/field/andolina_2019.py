"""G. M. Andolina et al., arXiv 1807.08656: extractable work of Tavis–Cummings batteries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from numerics.model.models import CavityCharger
from numerics.model.states import InitialState, fock
from symbattery.paper.claim import Above, Below, Claim
from symbattery.paper.field.statement import (
    DOUBLED,
    Charge,
    Paper,
    judged,
    locked,
    mean_coherent,
    mean_squeezed,
    nearer,
    peak,
)

__all__ = ["ANDOLINA_2019"]

_SIZES = (2, 4, 8, 16)
_ONE: dict[str, Any] = {"cells": 1}
Start = Callable[[Any], InitialState]


def _locked(charge: Charge, start: Start, size: int, **options: Any) -> float:
    """1 − W/E at the first peak, from as many photons as cells on average."""
    return locked(charge, CavityCharger(size), start(size), **options)


def _when_most_entangled(charge: Charge, size: int) -> float:
    """W/E where the entropy is largest on the way to the first peak, from N photons."""
    which = CavityCharger(size), fock(size)
    battery, times = charge(*which), np.linspace(0, peak(charge, *which).time, 101)
    turn = times[int(np.argmax(battery.entropy(times)))]
    return float(battery.ergotropy(turn) / battery.energy(turn))


def _ahead(charge: Charge, other: Start, sizes: tuple[int, ...], **options: Any) -> float:
    """The smallest W/E of the coherent charger less that of another."""
    return min(
        _locked(charge, other, m, **options) - _locked(charge, mean_coherent, m, **options)
        for m in sizes
    )


def _nearer(charge: Charge, start: Start, **options: Any) -> float:
    """The largest ratio of 1 − W/E to the one before along N = 4, 8, 16, 32."""
    return nearer(_locked(charge, start, m, **options) for m in (4, 8, 16, 32))


ANDOLINA_2019 = Paper(
    "1807.08656", "G. M. Andolina et al.",
    "Extractable work, the role of correlations, and asymptotic freedom in quantum batteries",
    r"$N$ cells in a resonant cavity (Tavis–Cummings, $g$ not scaled) with $N$ photons on average; "
    "$W$ is the ergotropy at the first peak of $E$, by all unitaries on all cells, or on one",
    (
        Claim("1807.08656.charger", "abstract",
            "correlations with the charger lower $W/E$ strongly (by a fifth at least where they "
            "are largest)", Below("0.8"),
            judged(r"largest $W/E$ of $N = 1$, 2, 4, 8 where $S$ is largest, $N$ photons",
                lambda charge: max(_when_most_entangled(charge, m) for m in (1, 2, 4, 8))),
            compared=(judged("at $N = 1$: nothing", lambda charge: _when_most_entangled(charge, 1)),
                judged("at $N = 2$", lambda charge: _when_most_entangled(charge, 2)))),
        Claim("1807.08656.cells", "abstract",
            "correlations among the cells lower $W/E$ of some of them", Above(),
            judged("smallest $W/E$ of all cells less that of one cell, $N = 2$, 4, 8, 16, $N$ "
                "photons",
                lambda charge: min(
                    _locked(charge, fock, m, **_ONE) - _locked(charge, fock, m) for m in _SIZES))),
        Claim("1807.08656.coherent-number", "abstract",
            "$W/E$ from a coherent charger is larger than from a number state of the same energy",
            Above(), judged("smallest difference, all cells, $N = 4$, 8, 16",
                lambda charge: _ahead(charge, fock, (4, 8, 16))),
            (judged("all cells, $N = 4$, 8", lambda charge: _ahead(charge, fock, (4, 8))),
                judged("one cell, $N = 4$, 8, 16",
                    lambda charge: _ahead(charge, fock, (4, 8, 16), **_ONE))),
            compared=(judged("one cell of $N = 2$",
                lambda charge: _ahead(charge, fock, (2,), **_ONE)),)),
        Claim("1807.08656.coherent-squeezed", "abstract",
            "and larger than from a squeezed one", Above(),
            judged("smallest difference, all cells, $N = 2$, 4, 8",
                lambda charge: _ahead(charge, mean_squeezed, (2, 4, 8))),
            (judged("one cell", lambda charge: _ahead(charge, mean_squeezed, (2, 4, 8), **_ONE)),)),
        Claim("1807.08656.free-number", "abstract",
            r"$W/E \to 1$ for $N \to \infty$, from a number state: $1 - W/E$ falls by a tenth at "
            "least when $N$ is doubled", DOUBLED,
            judged("largest ratio to the one before, $N = 4$, 8, 16, 32, all cells",
                lambda charge: _nearer(charge, fock)),
            (judged("one cell", lambda charge: _nearer(charge, fock, **_ONE)),),
            compared=(judged("$1 - W/E$ of all cells at $N = 32$",
                lambda charge: _locked(charge, fock, 32)),)),
        Claim("1807.08656.free-coherent", "abstract",
            "and from a coherent one", DOUBLED,
            judged("largest ratio to the one before, $N = 4$, 8, 16, 32, all cells",
                lambda charge: _nearer(charge, mean_coherent)),
            (judged("one cell", lambda charge: _nearer(charge, mean_coherent, **_ONE)),),
            compared=(judged("$1 - W/E$ of all cells at $N = 32$",
                lambda charge: _locked(charge, mean_coherent, 32)),)),
    ),
)  # fmt: skip
