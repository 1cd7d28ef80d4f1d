"""A. Jad et al., arXiv 2603.10415: a speed limit of the ergotropy of the Dicke battery."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from numerics.model.models import CavityCharger, Model
from numerics.model.states import InitialState, fock
from symbattery.paper.claim import Below, Claim, Number
from symbattery.paper.field.statement import Charge, Paper, judged, mean_coherent, mean_squeezed

__all__ = ["JAD_2026"]

_STRENGTH, _MEAN, _SOON = 0.1, 3, 0.01
_SIZES = (2, 6)
_TIMES = np.linspace(0.1, 6, 30)
Build = Callable[[int], Model]


def _dicke(cells: int) -> Model:
    return CavityCharger(cells, _STRENGTH / math.sqrt(cells), 1, 1)


def _unscaled(cells: int) -> Model:
    return CavityCharger(cells, _STRENGTH, 1, 1)


def _rotating(cells: int) -> Model:
    return CavityCharger(cells, _STRENGTH / math.sqrt(cells))


def _ratio(charge: Charge, model: Model, start: InitialState, time: float) -> float:
    """ε over (4/N) λ² n̄ t²."""
    work = float(charge(model, start).ergotropy(time))
    return work / (4 * _STRENGTH**2 * _MEAN * time**2)


def _soon(charge: Charge, build: Build, start: InitialState) -> float:
    """The ratio at short times, of N = 6."""
    return _ratio(charge, build(6), start, _SOON)


def _most(charge: Charge, build: Build, start: InitialState, sizes: tuple[int, ...]) -> float:
    """The largest ratio less 1 over the times."""
    return max(_ratio(charge, build(m), start, t) for m in sizes for t in _TIMES) - 1


def _early(charge: Charge, due: float) -> float:
    """1 − ratio at the time when ε is due by the bound."""
    found = []
    for cells in _SIZES:
        time = math.sqrt(due * cells / (4 * _STRENGTH**2 * _MEAN))
        found.append(1 - _ratio(charge, _dicke(cells), mean_coherent(_MEAN), time))
    return max(found)


JAD_2026 = Paper(
    "2603.10415", "A. Jad et al.",
    "Tight Quantum Speed Limit for Ergotropy Charging in the N-Qubit Dicke Battery",
    r"$H = \omega_0 b^\dagger b + \omega_0 S_z + (\lambda/\sqrt N)(b + b^\dagger)(S_+ + S_-)$, "
    r"$\lambda = 0.1\,\omega_0$, coherent field with $\bar n = 3$ photons and a real amplitude, "
    r"$\epsilon$ the ergotropy over $N\omega_0$ by all unitaries",
    (
        Claim("2603.10415.short", "abstract",
            r"$\epsilon(t) = (4/N) \lambda^2 \bar n t^2$ at short times: their ratio is 1.00",
            Number("1.00"), judged("$N = 6$, $\\omega_0 t = 0.01$",
                lambda charge: _soon(charge, _dicke, mean_coherent(_MEAN))),
            (judged(r"coupling $\lambda$, not divided by $\sqrt N$",
                lambda charge: _soon(charge, _unscaled, mean_coherent(_MEAN))),
                judged("rotating terms only",
                    lambda charge: _soon(charge, _rotating, mean_coherent(_MEAN)))),
            compared=(judged("from three photons: no work at this order",
                lambda charge: _soon(charge, _dicke, fock(_MEAN))),)),
        Claim("2603.10415.bound", "abstract",
            r"the first time $\epsilon$ is reached obeys $\tau \ge \sqrt{N \epsilon}/"
            r"(2 \lambda \sqrt{\bar n})$: $\epsilon$ is never above that parabola", Below("1e-6"),
            judged(r"largest excess of $\epsilon$, relative, $N = 2$, 6, $\omega_0 t \le 6$",
                lambda charge: _most(charge, _dicke, mean_coherent(_MEAN), _SIZES)),
            (judged(r"coupling $\lambda$, not divided by $\sqrt N$",
                lambda charge: _most(charge, _unscaled, mean_coherent(_MEAN), _SIZES)),)),
        Claim("2603.10415.protocols", "abstract",
            "all protocols obey it: number and squeezed states as well", Below("1e-6"),
            judged(r"largest excess, $N = 2$, $\omega_0 t \le 6$",
                lambda charge: max(_most(charge, _dicke, start(_MEAN), (2,))
                    for start in (fock, mean_squeezed)))),
        Claim("2603.10415.tight", "abstract",
            r"it is saturated within 1 % at small $\epsilon$", Below("0.01"),
            judged(r"largest shortfall, $N = 2$, 6, when $\epsilon = 0.01$ is due",
                lambda charge: _early(charge, 1e-2)),
            (judged(r"when $\epsilon = 0.0001$ is due", lambda charge: _early(charge, 1e-4)),)),
    ),
)  # fmt: skip
