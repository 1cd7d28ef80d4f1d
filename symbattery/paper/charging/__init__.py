"""Sec. II: the numbers of the text, and what is said about Figs. 2, 3 and 4."""

from symbattery.paper.charging.anisotropy import ANISOTROPY
from symbattery.paper.charging.benchmark_energy import BENCHMARK_ENERGY
from symbattery.paper.charging.benchmark_power import BENCHMARK_POWER
from symbattery.paper.charging.charger_size import CHARGER_SIZE
from symbattery.paper.charging.lines import LINES
from symbattery.paper.charging.ten_cells import TEN_CELLS

__all__ = ["CHARGING"]

CHARGING = (
    *BENCHMARK_ENERGY,
    *BENCHMARK_POWER,
    *CHARGER_SIZE,
    *TEN_CELLS,
    *LINES,
    *ANISOTROPY,
)
