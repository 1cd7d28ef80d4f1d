"""Appendix A: two cells, in closed form; and the conclusion."""

from symbattery.paper.appendix.charger_size import CHARGER_SIZE
from symbattery.paper.appendix.closed_forms import CLOSED_FORMS
from symbattery.paper.appendix.conclusion import CONCLUSION
from symbattery.paper.appendix.matrices import MATRICES

__all__ = ["APPENDIX"]

APPENDIX = (
    *MATRICES,
    *CLOSED_FORMS,
    *CHARGER_SIZE,
    *CONCLUSION,
)
