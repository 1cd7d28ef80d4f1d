"""The whole ledger: groups of claims side by side in processes, each outcome as it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from symbattery.paper.claims import Claim, Outcome, evaluate
from symbattery.paper.registry import GROUPS

__all__ = ["ordered", "run"]


def _group(name: str, identifiers: frozenset[str]) -> list[Outcome]:
    """The outcomes of the chosen claims of a group, stripped of what cannot travel."""
    chosen = [claim for claim in GROUPS[name] if claim.identifier in identifiers]
    return list(evaluate(chosen))
