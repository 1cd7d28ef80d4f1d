"""Claims as they are shown in a terminal, with everything that was computed for them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from sympy import MatrixBase

from symbattery.output.prose import plain
from symbattery.paper.claim import Outcome, Reading, Verdict, Zero
from symbattery.paper.field import PAPERS

__all__ = ["entry", "heading", "shown"]

_WIDTH = 100
_COLOURS = {Verdict.HOLDS: "32", Verdict.READING: "33", Verdict.FAILS: "31", Verdict.UNKNOWN: "35"}
_FIRST = (
    "Y. Huangfu and J. Jing, High-capacity and high-power collective charging with spin chargers"
)


def shown(value: Any, digits: int) -> str:
    """A number to so many digits; prose of a record as it is; a difference by whether it is 0."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value
    try:
        return f"{float(value):.{digits}g}"
    except TypeError:
        pass
    if isinstance(value, MatrixBase):
        size = f"{value.rows} × {value.cols}"
        return "0" if value.is_zero_matrix else f"differs (a {size} matrix that is not 0)"
    return "differs (a formula that is not 0)"


def _lines(outcome: Outcome, digits: int) -> Iterator[str]:
    """Everything that was computed for a claim."""
    claim, printed = outcome.claim, outcome.claim.printed

    def line(mark: str, reading: Reading, value: Any) -> str:
        exact = isinstance(printed, Zero) and printed.agrees(value)
        return f"{mark} {'0' if exact else shown(value, digits)}: {reading.words}"

    chosen = outcome.reading if outcome.verdict is Verdict.READING else None
    values = (outcome.result, *outcome.readings)
    for i, (reading, value) in enumerate(zip((claim.plain, *claim.readings), values, strict=True)):
        yield line("so read:" if i == chosen else "or:" if i else "=", reading, value)
    if outcome.verdict is not Verdict.HOLDS:
        if claim.instead is not None:
            yield f"what holds: {shown(outcome.instead, digits)}: {claim.instead.words}"
        if claim.witness is not None:
            said = "agrees" if outcome.routes_agree else "DISAGREES"
            yield f"second route {said}: {claim.witness.words}"
    if outcome.again and not outcome.routes_agree:
        yield "second route DISAGREES"
    for i in outcome.origins:
        yield line("gives what is printed:", claim.sources[i], outcome.sources[i])
    for reading, value in zip(claim.compared, outcome.compared, strict=True):
        yield f"beside it: {shown(value, digits)}: {reading.words}"


def heading(key: str) -> str:
    """A paper, and how the statements of others are read, wrapped to 100 columns."""
    paper = PAPERS.get(key)
    text = paper.name if paper else _FIRST
    model = f" {plain(paper.model)}." if paper else ""
    return textwrap.fill(f"{text} (arXiv {key}).{model}", _WIDTH)


def entry(outcome: Outcome, digits: int = 8, colour: bool = False) -> str:
    """One claim with its results, wrapped to 100 columns."""
    claim, verdict = outcome.claim, outcome.verdict
    head = verdict.value.upper()
    painted = f"\x1b[{_COLOURS[verdict]}m{head}\x1b[0m" if colour else head
    title = f"{claim.identifier}  ({claim.where})"
    rows = [title + " " * max(2, _WIDTH - len(title) - len(head)) + painted]
    computed = [f"! {outcome.failure}"] if outcome.failure else _lines(outcome, digits)
    for line in (f"{claim.says} [printed: {claim.printed}]", *computed):
        rows += textwrap.wrap(
            plain(line), _WIDTH, initial_indent="    ", subsequent_indent="      "
        )
    return "\n".join(rows)
