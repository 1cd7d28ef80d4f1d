"""The commands ``claims``, ``figure``, ``report`` and ``explorer``: what takes plots or minutes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from tqdm import tqdm

from numerics.model import checks
from numerics.model.checks import invalid
from symbattery.app.explorer import write_explorer
from symbattery.app.report import PARTS
from symbattery.app.report import report as make_report
from symbattery.paper.claim import Claim, Outcome
from symbattery.paper.entries import entry, heading
from symbattery.paper.field import PAPERS
from symbattery.paper.figures import chosen, produce
from symbattery.paper.ledger import (
    SEED,
    claims_of,
    in_words,
    paper_of,
    record,
    run,
    to_json,
)
from symbattery.paper.sections import BEYOND, SECTIONS
from symbattery.paper.sections import claims as every_claim

__all__ = ["claims", "explorer", "figure", "report"]


def claims(arguments: argparse.Namespace) -> int:
    """Print the ledger; the exit code is 1 if a claim could not be computed.

    An interruption prints what is finished.
    """
    checks.digits(arguments.digits)
    if arguments.processes is not None:
        checks.positive_integer("processes", arguments.processes)
    papers = [SEED, *PAPERS] if "all" in arguments.paper else list(dict.fromkeys(arguments.paper))
    wanted = claims_of(papers)
    if arguments.section is not None:
        checks.choice("section", arguments.section, SECTIONS)
        if set(papers) != {SEED}:
            raise invalid(
                "section", f"be left open for papers other than {SEED}", arguments.section
            )
        wanted = every_claim(arguments.section)
    done: dict[str, Outcome] = {}
    running = run(wanted, arguments.processes)
    try:
        for outcome in tqdm(running, total=len(wanted), disable=None, leave=False):
            done[outcome.claim.identifier] = outcome
    finally:
        outcomes = [done[claim.identifier] for claim in wanted if claim.identifier in done]
        _print(outcomes, wanted, papers, arguments)
    return 1 if any(outcome.failure for outcome in outcomes) else 0


def _print(
    outcomes: Sequence[Outcome],
    wanted: Sequence[Claim],
    papers: Sequence[str],
    arguments: argparse.Namespace,
) -> None:
    if arguments.json:
        print(to_json(outcomes))
        return
    colour = sys.stdout.isatty()
    # The one that the package is about needs no heading where it is alone.
    last = SEED if list(papers) == [SEED] else ""
    for outcome in outcomes:
        if (key := paper_of(outcome.claim.identifier)) != last:
            print(heading(key), end="\n\n")
        last = key
        print(entry(outcome, arguments.digits, colour), end="\n\n")
    others = [key for key in papers if key != SEED]
    several = f"{len(others)} other papers" if SEED in papers else f"{len(others)} papers"
    names = {"": "of the paper", BEYOND: "beyond the paper"}
    names["other"] = f"of {others[0]}" if len(others) == 1 else f"of {several}"
    for kind, name in names.items():
        asked = sum(_kind(claim) == kind for claim in wanted)
        done = [record(outcome) for outcome in outcomes if _kind(outcome.claim) == kind]
        if asked:
            print(f"{len(done)} of {asked} statements {name}: {in_words(done)}")


def _kind(claim: Claim) -> str:
    """Of the paper that the package is about, beyond it, or of another paper."""
    if paper_of(claim.identifier) != SEED:
        return "other"
    return BEYOND if claim.section == BEYOND else ""


def figure(arguments: argparse.Namespace) -> int:
    """Compute and draw figures; what an interruption leaves is used the next time."""
    made = produce(chosen(arguments.figures), arguments.output)
    print(f"{made.computed} tables computed, {made.reused} already there")
    print("Written: " + ", ".join(str(path) for path in made.written))
    return 0


def report(arguments: argparse.Namespace) -> int:
    """Make the report; what an interruption leaves is used the next time."""
    made = make_report(
        arguments.output,
        arguments.digits,
        PARTS if arguments.parts is None else arguments.parts,
        tell=partial(print, end="\n\n", flush=True),
    )
    for notice in made.notices:
        print(f"Note: {notice}")
    print("Written: " + ", ".join(str(path) for path in made.written))
    return 0 if made.complete else 1


def explorer(arguments: argparse.Namespace) -> int:
    """Write the page of the explorer."""
    print(write_explorer(arguments.output))
    return 0
