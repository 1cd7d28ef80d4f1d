"""Judges of the claims, by subject."""

from tests.symbattery.paper.judges import extractable, operators, scaling, starts, two_cells  # noqa: F401
