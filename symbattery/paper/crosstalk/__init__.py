"""Sec. IV: crosstalk among the spins, and initial states that are not ideal."""

from symbattery.paper.crosstalk.cells import CELLS
from symbattery.paper.crosstalk.chargers import CHARGERS
from symbattery.paper.crosstalk.starts import STARTS
from symbattery.paper.crosstalk.system_size import SYSTEM_SIZE

__all__ = ["CROSSTALK"]

CROSSTALK = (
    *CHARGERS,
    *CELLS,
    *SYSTEM_SIZE,
    *STARTS,
)
