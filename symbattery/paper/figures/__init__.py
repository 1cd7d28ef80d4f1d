"""The figures of the paper, computed anew: data first, then pictures of them."""

from symbattery.paper.figures.production import Produced, produce
from symbattery.paper.figures.sheets import SHEETS, chosen

__all__ = ["SHEETS", "Produced", "chosen", "produce"]
