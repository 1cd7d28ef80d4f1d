"""Judges of the claims, by subject."""

from tests.symbattery.paper.judges import (  # noqa: F401
    advantage,
    crosstalk,
    interaction,
    landscapes,
    starts,
    two_cells,
)
