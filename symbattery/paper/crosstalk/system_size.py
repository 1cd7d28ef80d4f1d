"""Whether the harm declines with the size of the system."""

from __future__ import annotations

import numpy as np

from numerics.models import SpinCharger
from numerics.states import dicke, mixture, product
from symbattery.paper.claims import Above, Claim, Reading
from symbattery.paper.context import Context
from symbattery.paper.crosstalk.ideal import Compute, crosstalk_model
from symbattery.paper.direct import (
    chain_curve,
    first_top,
    spin_hops,
)

__all__ = ["SYSTEM_SIZE"]


def _size_loss(cells: int, g1: float) -> Compute:
    """1 − E_max/E_max(g₁ = 0) with N = 2M, first peaks."""
    return lambda c: (
        1
        - c.first_peak(crosstalk_model(g1, cells, 2 * cells))
        / c.first_peak(SpinCharger(cells, 2 * cells, 1))
    )


def _size_declines(c: Context) -> float:
    """The smallest fall of the loss at g₁/g = 0.1 along M = 2, 3, 4, 6, 8 with N = 2M."""
    return float(-np.diff([_size_loss(m, 0.1)(c) for m in (2, 3, 4, 6, 8)]).max())


def _size_declines_chain(_: Context) -> float:
    def loss(m: int) -> float:
        k, n = np.arange(m + 1.0), 2 * m
        levels = 0.1 * 2 * k * (n - k)
        end = 6.0 / m
        bare = first_top(chain_curve(spin_hops(m, n)), end, 2000)[1]
        return 1 - first_top(chain_curve(spin_hops(m, n), levels), end, 2000)[1] / bare

    return float(-np.diff([loss(m) for m in (2, 3, 4, 6, 8)]).max())


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
            _size_declines,
        ),
        witness=Reading("written-down chains", _size_declines_chain),
        instead=Reading(
            "loss of E_max at M = 8, N = 16 (M = 2, N = 4: 0.007259)", _size_loss(8, 0.1)
        ),
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
