"""All claims, section by section, in the order of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbattery.paper.claim import Claim
from symbattery.paper.sections.advantage import ADVANTAGE
from symbattery.paper.sections.anisotropy import ANISOTROPY
from symbattery.paper.sections.benchmark import BENCHMARK
from symbattery.paper.sections.crosstalk import CROSSTALK
from symbattery.paper.sections.exponents import EXPONENTS
from symbattery.paper.sections.extractable import EXTRACTABLE
from symbattery.paper.sections.model import MODEL
from symbattery.paper.sections.open_batteries import OPEN
from symbattery.paper.sections.operators import OPERATORS
from symbattery.paper.sections.starts import STARTS
from symbattery.paper.sections.two_cells import TWO_CELLS
from symbattery.paper.sections.two_cells_in_time import IN_TIME

__all__ = ["BEYOND", "GROUPS", "SECTIONS", "claims"]

BEYOND = "beyond"
"""The section whose statements are not the paper's."""

SECTIONS: Mapping[str, str] = MappingProxyType(
    {
        "I": "Section I: introduction",
        "II": "Section II: charging",
        "III": "Section III: scaling",
        "IV": "Section IV: crosstalk and other starts",
        "V": "Section V: conclusion",
        "A": "Appendix: two cells",
        BEYOND: "Beyond the paper: work and noise",
    }
)

# Claims of one group share what is costly; the longest comes first.
GROUPS: Mapping[str, tuple[Claim, ...]] = MappingProxyType(
    {
        "scaling": (*ADVANTAGE, *EXPONENTS),
        "charging": (*BENCHMARK, *ANISOTROPY),
        "equations": (*MODEL, *OPERATORS),
        "crosstalk": (*CROSSTALK, *STARTS),
        "appendix": (*TWO_CELLS, *IN_TIME),
        "extractable": EXTRACTABLE,
        "open": OPEN,
    }
)
_READ = ("equations", "charging", "scaling", "crosstalk", "appendix", "extractable", "open")


def claims(section: str | None = None) -> tuple[Claim, ...]:
    """Every claim, or those of one section."""
    everything = (claim for name in _READ for claim in GROUPS[name])
    by_section = sorted(everything, key=lambda claim: list(SECTIONS).index(claim.section))
    return tuple(c for c in by_section if section is None or c.section == section)
