"""``symbattery figure``: the paper's figures and what lies beyond, as pictures and data."""

from __future__ import annotations

import argparse
import sys
from typing import Any

__all__ = ["add", "run"]

_INTERRUPTED = 130


def add(commands: Any) -> None:
    """Add the command to the parser's."""
    figure = commands.add_parser("figure", help="compute and draw figures of the paper")
    figure.add_argument(
        "figures", nargs="+", metavar="FIGURE", help="2 ... 9, beyond (larger than the paper), all"
    )
    figure.add_argument("--output", required=True, metavar="DIR", help="folder for the files")


def run(arguments: argparse.Namespace) -> int:
    """Make the figures; what an interruption leaves is used the next time."""
    from symbattery.paper.figures import chosen, produce

    try:
        made = produce(chosen(arguments.figures), arguments.output)
    except KeyboardInterrupt:
        again = "the same command goes on from there"
        print(f"symbattery: interrupted; finished data are kept, {again}", file=sys.stderr)
        return _INTERRUPTED
    print(f"{made.computed} tables computed, {made.reused} already there")
    print("Written: " + ", ".join(str(path) for path in made.written))
    return 0
