"""Whether the harm declines with the size of the system."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from numerics.model.models import SpinCharger
from numerics.model.states import dicke, mixture, product
from symbattery.paper.crosstalk.ideal import Compute, crosstalk_model
from symbattery.paper.judges.direct import (
    chain_curve,
    first_top,
    power_of,
    spin_hops,
    top,
)
from symbattery.paper.ledger.claim import Above, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["SYSTEM_SIZE"]

_SIZES = (2, 3, 4, 6, 8)


def _size_loss(cells: int, g1: float, ratio: int = 2) -> Compute:
    """1 − E_max/E_max(g₁ = 0) with N = ratio · M, first peaks."""
    return lambda c: (
        1
        - c.first_peak(crosstalk_model(g1, cells, ratio * cells))
        / c.first_peak(SpinCharger(cells, ratio * cells, 1))
    )


def _power_loss(cells: int, g1: float, ratio: int = 2) -> Compute:
    """1 − P_max/P_max(g₁ = 0) with N = ratio · M."""
    return lambda c: (
        1
        - c.max_power(crosstalk_model(g1, cells, ratio * cells))
        / c.max_power(SpinCharger(cells, ratio * cells, 1))
    )


def _declines(loss: Callable[..., Compute], ratio: int) -> Compute:
    """The smallest fall of the loss at g₁/g = 0.1 along the sizes."""
    return lambda c: float(-np.diff([loss(m, 0.1, ratio)(c) for m in _SIZES]).max())


def _power_declines_chain(_: Context) -> float:
    def loss(m: int) -> float:
        k, n, end = np.arange(m + 1.0), 2 * m, 6.0 / m
        curves = (chain_curve(spin_hops(m, n), g1 * 2 * k * (n - k)) for g1 in (0.1, 0.0))
        slowed, bare = (top(power_of(curve), 1e-3, end, 2000)[1] for curve in curves)
        return 1 - slowed / bare

    return float(-np.diff([loss(m) for m in _SIZES]).max())


def _charger_declines(value: str) -> Compute:
    """The smallest fall of the loss from Eq. (19), 0.6 of it ideal and 0.4/N in each |Ψ_l⟩."""

    def compute(c: Context) -> float:
        def loss(m: int) -> float:
            n, model = 2 * m, SpinCharger(m, 2 * m, 1)
            start = mixture([(0.6, dicke(0, n)), *((0.4 / n, dicke(0, up)) for up in range(n))])
            most = getattr(c, value)
            return float(1 - most(model, initial=start) / most(model))

        return float(-np.diff([loss(m) for m in _SIZES]).max())

    return compute


def _size_declines_chain(_: Context) -> float:
    def loss(m: int) -> float:
        k, n = np.arange(m + 1.0), 2 * m
        levels = 0.1 * 2 * k * (n - k)
        end = 6.0 / m
        bare = first_top(chain_curve(spin_hops(m, n)), end, 2000)[1]
        return 1 - first_top(chain_curve(spin_hops(m, n), levels), end, 2000)[1] / bare

    return float(-np.diff([loss(m) for m in _SIZES]).max())


def _start_declines(c: Context) -> float:
    """The smallest fall of the loss of E_max from one flipped cell, probability 0.4, N = 2M."""

    def loss(m: int) -> float:
        model, up = SpinCharger(m, 2 * m, 1), [1] * (2 * m)
        start = mixture([(0.6, dicke(0, 2 * m)), (0.4, product([1] + [0] * (m - 1), up))])
        return 1 - c.first_peak(model, start) / c.first_peak(model)

    return float(-np.diff([loss(m) for m in (2, 3, 4, 5, 6)]).max())


SYSTEM_SIZE = (
    Claim(
        "IV.size",
        "Sec. IV, text",
        "the harm of crosstalk declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of E_max, g₁/g = 0.1, N = 2M, M = 2, 3, 4, 6, 8",
            _declines(_size_loss, 2),
        ),
        (Reading("N = M", _declines(_size_loss, 1)),),
        witness=Reading("written-down chains", _size_declines_chain),
        instead=Reading(
            "loss of E_max at M = 8, N = 16 (M = 2, N = 4: 0.007259)", _size_loss(8, 0.1)
        ),
    ),
    Claim(
        "IV.size-power",
        "Sec. IV, text",
        "the harm of crosstalk to the power declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of P_max, g₁/g = 0.1, N = 2M, M = 2, 3, 4, 6, 8",
            _declines(_power_loss, 2),
        ),
        (Reading("N = M", _declines(_power_loss, 1)),),
        witness=Reading("written-down chains", _power_declines_chain),
        instead=Reading(
            "loss of P_max at M = 8, N = 16 (M = 2, N = 4: 0.005996)", _power_loss(8, 0.1)
        ),
    ),
    Claim(
        "IV.size-charger",
        "Sec. IV, text",
        "the harm of a charger that is not full declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of E_max, first peaks, p₀ = 0.6 and 0.4/N each, N = 2M, "
            "M = 2, 3, 4, 6, 8",
            _charger_declines("first_peak"),
        ),
        (Reading("loss of P_max", _charger_declines("max_power")),),
    ),
    Claim(
        "IV.size-start",
        "Sec. IV, text",
        "the harm of a non-ideal start declines with the size",
        Above(),
        Reading(
            "smallest fall of the loss of E_max, one flipped cell with probability 0.4, N = 2M, "
            "M = 2…6",
            _start_declines,
        ),
    ),
)
