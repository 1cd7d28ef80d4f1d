"""``symbattery report``: all of it, in one folder."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import Any

__all__ = ["add", "run"]

_INTERRUPTED = 130


def _number(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text


def add(commands: Any) -> None:
    """Add the command to the parser's."""
    make = commands.add_parser(
        "report", help="formulas, ledger of claims and figures as one PDF and one HTML page"
    )
    make.add_argument("--output", required=True, metavar="DIR", help="folder for the files")
    make.add_argument("--digits", type=_number, default=50, metavar="D", help="default 50")
    make.add_argument(
        "--parts", nargs="+", metavar="PART",
        help="formulas (seconds), ledger, figures, beyond (minutes); default: all",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Make the report; what an interruption leaves is used the next time."""
    from symbattery.app.report import PARTS, report

    try:
        made = report(
            arguments.output,
            arguments.digits,
            PARTS if arguments.parts is None else arguments.parts,
            tell=partial(print, end="\n\n", flush=True),
        )
    except KeyboardInterrupt:
        again = "the same command goes on from there"
        print(f"symbattery: interrupted; what is finished is kept, {again}", file=sys.stderr)
        return _INTERRUPTED
    for notice in made.notices:
        print(f"Note: {notice}")
    print("Written: " + ", ".join(str(path) for path in made.written))
    return 0 if made.complete else 1
