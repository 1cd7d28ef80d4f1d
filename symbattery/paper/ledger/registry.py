"""All claims, in the order of the paper."""

from __future__ import annotations

from collections.abc import Iterable

from symbattery.paper.appendix import APPENDIX
from symbattery.paper.charging import CHARGING
from symbattery.paper.crosstalk import CROSSTALK
from symbattery.paper.equations import EQUATIONS
from symbattery.paper.ledger.claim import Claim
from symbattery.paper.scaling import SCALING

__all__ = ["GROUPS", "SECTIONS", "claims", "ordered"]

SECTIONS = ("I", "II", "III", "IV", "V", "A")

# Claims of one group share what is costly; the longest comes first.
GROUPS: dict[str, tuple[Claim, ...]] = {
    "scaling": SCALING,
    "charging": CHARGING,
    "equations": EQUATIONS,
    "crosstalk": CROSSTALK,
    "appendix": APPENDIX,
}
_READ = ("equations", "charging", "scaling", "crosstalk", "appendix")


def claims(section: str | None = None) -> tuple[Claim, ...]:
    """Every claim, or those of one section."""
    everything = (claim for name in _READ for claim in GROUPS[name])
    by_section = sorted(everything, key=lambda claim: SECTIONS.index(claim.section))
    return tuple(c for c in by_section if section is None or c.section == section)


def ordered(some: Iterable[Claim]) -> tuple[Claim, ...]:
    """Some of the claims in the order of the paper."""
    wanted = {claim.identifier for claim in some}
    return tuple(claim for claim in claims() if claim.identifier in wanted)
