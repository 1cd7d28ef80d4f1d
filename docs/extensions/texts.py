"""The words of tables: results and printed values of claims, and what benchmarks printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from symbattery.output.prose import scientific
from symbattery.paper.claim import Verdict

__all__ = ["Record", "measured", "origin", "printed", "result", "shown"]

Record = Mapping[str, Any]

# "ratio 12.3", "ratio over 500", with an aim or without.
_RATIO = re.compile(r"ratio ((?:over )?[\d.]+(?:e[+-]?\d+)?(?:, aim [\d.]+)?)")


def shown(value: Any) -> str:
    """A result: a number to seven digits, or prose with a formula."""
    return f"${scientific(f'{value:.7g}')}$" if isinstance(value, float) else str(value)


def printed(text: str) -> str:
    """The printed side of a claim: "equal", a number that may be about right, or a bound."""
    relation, _, number = text.replace("<=", "≤").rpartition(" ")
    return f"{relation} ${scientific(number)}$".lstrip() if number[-1].isdigit() else text


def result(record: Record) -> str:
    """The result for a claim and the words that define it, and the numbers beside it.

    Where a reading decides, what does not agree as the words stand is said as well.
    """
    if "failure" in record:
        return str(record["failure"])
    plain = record["plain"]
    every = [(record.get("instead", plain), "")]
    if record["verdict"] == Verdict.READING.value:
        readings = (plain, *record["readings"])
        every = [(next(one for one in readings if one["agrees"]), "")]
        other = next(one for one in readings if not one["agrees"])
        every.append((other, "as it stands " if other is plain else "but "))
    every += [(one, "") for one in record.get("compared", ())]
    return "; ".join(f"{before}{shown(one['result'])}: {one['words']}" for one, before in every)


def origin(record: Record) -> str:
    """The calculation that gives the printed value."""
    return next((s["words"] for s in record.get("sources", ()) if s["agrees"]), "")


def measured(text: str) -> tuple[str, str]:
    """What a benchmark printed without its ratios, and these, one in a line."""
    ratios = [match[1] for match in _RATIO.finditer(text)]
    lines = [_RATIO.sub("", line).replace(", ;", ";").rstrip(" ,") for line in text.splitlines()]
    return "\n".join(line for line in lines if line.strip()), "\n".join(ratios)
