"""The paper, checked: every statement of Huangfu and Jing (2021) that can be computed."""

from symbattery.paper.ledger.claim import Claim, Outcome, Reading, Verdict, evaluate
from symbattery.paper.ledger.registry import claims

__all__ = ["Claim", "Outcome", "Reading", "Verdict", "claims", "evaluate"]
