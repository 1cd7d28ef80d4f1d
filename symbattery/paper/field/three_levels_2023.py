"""arXiv 2308.01188: a Dicke battery of cells with three levels."""

from __future__ import annotations

from collections.abc import Callable

from numerics.model.models import CavityCharger
from numerics.model.states import InitialState, fock
from symbattery.paper.claim import Above, Claim, Number
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

__all__ = ["THREE_LEVELS_2023"]

_SIZES = (2, 4, 8)
Start = Callable[[int], InitialState]


def _model(cells: int) -> CavityCharger:
    return CavityCharger(cells, cell_spin=1)


def _extracted(charge: Charge, cells: int, start: Start) -> float:
    """W/E at the first peak, from a photon for each step of each cell."""
    return 1 - locked(charge, _model(cells), start(2 * cells))


def _stored(charge: Charge, cells: int, start: Start) -> float:
    return float(peak(charge, _model(cells), start(2 * cells)).value)


THREE_LEVELS_2023 = Paper(
    "2308.01188", "", "Three-level Dicke quantum battery",
    r"$N$ cells with three equidistant levels (spins 1) in a resonant cavity with $2N$ photons on "
    "average, without counter-rotating terms; first peaks; $W$ by all unitaries on all cells",
    (
        Claim("2308.01188.coherent", "abstract",
            "a coherent charger outperforms a number state", Above(),
            judged(r"smallest difference of $E_{\max}/(2N\omega_0)$, $N = 2$, 4, 8",
                lambda charge: min((_stored(charge, m, mean_coherent) - _stored(charge, m, fock))
                    / (2 * m) for m in _SIZES)),
            (judged("of $W/E$", lambda charge: min(
                    _extracted(charge, m, mean_coherent) - _extracted(charge, m, fock)
                    for m in _SIZES)),
                judged("of $W/E$, $N = 2$, 4", lambda charge: min(
                    _extracted(charge, m, mean_coherent) - _extracted(charge, m, fock)
                    for m in _SIZES[:2])))),
        Claim("2308.01188.squeezed", "abstract", "and a squeezed one", Above(),
            judged(r"smallest difference of $E_{\max}/(2N\omega_0)$, $N = 2$, 4",
                lambda charge: min((_stored(charge, m, mean_coherent)
                    - _stored(charge, m, mean_squeezed)) / (2 * m) for m in _SIZES[:2])),
            (judged("of $W/E$", lambda charge: min(
                    _extracted(charge, m, mean_coherent) - _extracted(charge, m, mean_squeezed)
                    for m in _SIZES[:2])),)),
        Claim("2308.01188.free", "abstract",
            r"the battery is asymptotically free, $W/E \to 1$: $1 - W/E$ falls by a tenth at least "
            "when $N$ is doubled", DOUBLED,
            judged("largest ratio to the one before, $N = 2$, 4, 8, 16, number state",
                lambda charge: nearer(1 - _extracted(charge, m, fock) for m in (2, 4, 8, 16))),
            (judged("coherent state",
                lambda charge: nearer(
                    1 - _extracted(charge, m, mean_coherent) for m in (2, 4, 8, 16))),)),
        Claim("2308.01188.ten", "abstract",
            "at $N = 10$ all of the stored energy can be extracted: $W/E = 1.0$", Number("1.0"),
            judged("number state", lambda charge: _extracted(charge, 10, fock)),
            (judged("coherent state", lambda charge: _extracted(charge, 10, mean_coherent)),)),
    ),
)  # fmt: skip
