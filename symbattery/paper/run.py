"""The whole ledger: groups of claims side by side in processes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from numerics.storage.processes import Lost, Task, cores, survivors
from symbattery.paper.ledger.claim import Claim, Outcome, evaluate
from symbattery.paper.ledger.registry import GROUPS, ordered

__all__ = ["run"]

Found = tuple[str, Outcome]


def _group(name: str, chosen: frozenset[str]) -> Iterator[Found]:
    """The outcomes of a group, without their claims: functions do not travel."""
    claims = [claim for claim in GROUPS[name] if claim.identifier in chosen]
    for outcome in evaluate(claims):
        yield outcome.claim.identifier, replace(outcome, claim=None)  # type: ignore[arg-type]


def run(claims: Iterable[Claim], processes: int | None = None) -> Iterator[Outcome]:
    """The outcomes of registered claims, in the order in which they are done.

    Parameters
    ----------
    claims : iterable of Claim
        From :func:`symbattery.paper.ledger.claim`.
    processes : int, optional
        As many as there are cores, by default; each group of claims stays in one process.
    """
    known = {claim.identifier: claim for claim in claims}
    if (processes or cores()) == 1:
        yield from evaluate(ordered(known.values()))
        return
    members = {
        name: [claim.identifier for claim in group if claim.identifier in known]
        for name, group in GROUPS.items()
    }
    needed = [name for name, identifiers in members.items() if identifiers]
    tasks: list[Task[Found]] = [Task(_group, (name, frozenset(known))) for name in needed]
    for number, found in survivors(tasks, processes):
        if isinstance(found, Lost):
            # One process must not take the others with it.
            for identifier in members[needed[number]]:
                if identifier in known:
                    yield Outcome(known.pop(identifier), failure=found.reason)
        else:
            identifier, outcome = found
            yield replace(outcome, claim=known.pop(identifier))
