"""The numbered equations (1) to (21), as equalities of operators or of functions of time."""

from symbattery.paper.equations.bosons import BOSONS
from symbattery.paper.equations.charger_operators import CHARGER_OPERATORS
from symbattery.paper.equations.model import MODEL
from symbattery.paper.equations.one_cell import ONE_CELL
from symbattery.paper.equations.other_starts import OTHER_STARTS
from symbattery.paper.equations.reversal import REVERSAL
from symbattery.paper.equations.thermal_spin import THERMAL_SPIN

__all__ = ["EQUATIONS"]

EQUATIONS = (
    *REVERSAL,
    *MODEL,
    *BOSONS,
    *ONE_CELL,
    *CHARGER_OPERATORS,
    *THERMAL_SPIN,
    *OTHER_STARTS,
)
