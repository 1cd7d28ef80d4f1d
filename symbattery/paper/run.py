"""The whole ledger: groups of claims side by side in processes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context

from symbattery.paper.claims import Claim, Outcome, evaluate
from symbattery.paper.registry import GROUPS, ordered

__all__ = ["run"]


def _group(name: str, chosen: frozenset[str]) -> list[tuple[str, Outcome]]:
    """The outcomes of a group, without their claims: functions do not travel."""
    claims = [claim for claim in GROUPS[name] if claim.identifier in chosen]
    return [(o.claim.identifier, replace(o, claim=None)) for o in evaluate(claims)]  # type: ignore[arg-type]


def run(claims: Iterable[Claim], processes: int | None = None) -> Iterator[Outcome]:
    """The outcomes of registered claims, in the order in which they are done.

    Parameters
    ----------
    claims : iterable of Claim
        From :func:`symbattery.paper.claims`.
    processes : int, optional
        As many as there are cores, by default; each group of claims stays in one process.
    """
    known = {claim.identifier: claim for claim in claims}
    processes = processes or os.cpu_count() or 1
    if processes == 1:
        yield from evaluate(ordered(known.values()))
        return
    chosen = frozenset(known)
    needed = [name for name, group in GROUPS.items() if any(c.identifier in chosen for c in group)]
    # A fresh interpreter each: nothing is shared, on every system alike.
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        jobs: dict[Future[list[tuple[str, Outcome]]], str] = {
            pool.submit(_group, name, chosen): name for name in needed
        }
        try:
            for job in as_completed(jobs):
                yield from _finished(job, jobs[job], known)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _finished(
    job: Future[list[tuple[str, Outcome]]], name: str, known: dict[str, Claim]
) -> Iterator[Outcome]:
    try:
        for identifier, outcome in job.result():
            yield replace(outcome, claim=known[identifier])
    except BrokenProcessPool as error:
        for claim in GROUPS[name]:
            if claim.identifier in known:
                yield Outcome(claim, failure=f"the process ended: {error}")
