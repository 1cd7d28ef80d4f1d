"""All claims, in the order of the paper."""

from __future__ import annotations

from symbattery.paper.claims import Claim
from symbattery.paper.appendix import APPENDIX
from symbattery.paper.charging import CHARGING
from symbattery.paper.crosstalk import CROSSTALK
from symbattery.paper.equations import EQUATIONS
from symbattery.paper.scaling import SCALING

__all__ = ["GROUPS", "claims"]

# Each group can be computed on its own: claims of one group share what is costly.
GROUPS: dict[str, tuple[Claim, ...]] = {
    "equations": EQUATIONS,
    "charging": CHARGING,
    "scaling": SCALING,
    "crosstalk": CROSSTALK,
    "appendix": APPENDIX,
}


def claims() -> tuple[Claim, ...]:
    """Every claim."""
    return tuple(claim for group in GROUPS.values() for claim in group)
