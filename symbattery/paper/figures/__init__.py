"""The figures of the paper, computed anew: data first, then pictures of them."""

from symbattery.paper.figures.figure_specs import SHEETS, chosen
from symbattery.paper.figures.production import Produced, produce

__all__ = ["SHEETS", "Produced", "chosen", "produce"]
