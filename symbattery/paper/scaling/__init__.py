"""Sec. III: the collective advantage η, and its exponent β."""

from symbattery.paper.scaling.advantage import ADVANTAGE
from symbattery.paper.scaling.exponents import EXPONENTS

__all__ = ["SCALING"]

SCALING = (
    *ADVANTAGE,
    *EXPONENTS,
)
