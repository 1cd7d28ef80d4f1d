"""Judges of the claims, by subject."""

from tests.symbattery.paper.judges import (  # noqa: F401
    bosons,
    conclusion,
    crosstalk,
    interaction,
    landscapes,
    one_cell,
    scaling,
    starts,
    two_cells,
)
