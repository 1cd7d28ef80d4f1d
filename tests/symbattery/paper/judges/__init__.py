"""Judges of the claims, by subject."""

from tests.symbattery.paper.judges import (  # noqa: F401
    extractable,
    open_batteries,
    operators,
    scaling,
    starts,
    two_cells,
)
