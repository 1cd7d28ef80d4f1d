"""The paper, checked: every statement of Huangfu and Jing (2021) that can be computed."""

from symbattery.paper.claim import Claim, Outcome, Reading, Verdict, evaluate
from symbattery.paper.sections import claims

__all__ = ["Claim", "Outcome", "Reading", "Verdict", "claims", "evaluate"]
