"""``symbattery claims``: the ledger on the command line."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from tqdm import tqdm

from numerics.model import checks
from symbattery.paper.claim import Outcome, Verdict
from symbattery.paper.ledger import counts, entry, record, run, to_json
from symbattery.paper.sections import SECTIONS, claims

__all__ = ["add_parser", "show"]


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def add_parser(commands: Any) -> None:
    """Add the command to the others."""
    parser = commands.add_parser("claims", help="check every statement of the paper")
    parser.add_argument("--section", choices=SECTIONS, help="only this section")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--digits", type=_number, default=8, metavar="D", help="default 8")
    parser.add_argument("--processes", type=_number, metavar="P", help="default: all cores")


def show(arguments: argparse.Namespace) -> int:
    """Print the ledger; the exit code is 1 if a claim could not be computed.

    An interruption prints what is finished.
    """
    checks.positive_integer("digits", arguments.digits)
    if arguments.processes is not None:
        checks.positive_integer("processes", arguments.processes)
    chosen = claims(arguments.section)
    done: dict[str, Outcome] = {}
    stopped = False
    hidden = not sys.stderr.isatty()
    try:
        for outcome in tqdm(
            run(chosen, arguments.processes), total=len(chosen), disable=hidden, leave=False
        ):
            done[outcome.claim.identifier] = outcome
    except KeyboardInterrupt:
        stopped = True
    outcomes = [done[claim.identifier] for claim in chosen if claim.identifier in done]
    if arguments.json:
        print(to_json(outcomes))
    else:
        colour = sys.stdout.isatty()
        for outcome in outcomes:
            print(entry(outcome, arguments.digits, colour), end="\n\n")
        found = counts(map(record, outcomes))
        told = [f"{n} {v.value}" for v, n in found.items() if n or v is not Verdict.UNKNOWN]
        print(f"{len(outcomes)} of {len(chosen)} statements: {', '.join(told)}")
    if stopped:
        return 130
    return 1 if any(outcome.failure for outcome in outcomes) else 0
