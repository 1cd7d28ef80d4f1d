"""Appendix A: two cells, in closed form; and the conclusion."""

from symbattery.paper.appendix.average_power import AVERAGE_POWER
from symbattery.paper.appendix.closed_forms import CLOSED_FORMS
from symbattery.paper.appendix.conclusion import CONCLUSION
from symbattery.paper.appendix.matrices import MATRICES
from symbattery.paper.appendix.stored_energy import STORED_ENERGY

__all__ = ["APPENDIX"]

APPENDIX = (
    *MATRICES,
    *CLOSED_FORMS,
    *STORED_ENERGY,
    *AVERAGE_POWER,
    *CONCLUSION,
)
