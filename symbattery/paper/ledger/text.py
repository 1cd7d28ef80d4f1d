"""The ledger of claims as a table of 100 columns, as JSON, and its summary in Markdown."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sympy import MatrixBase

from symbattery.paper.ledger.claim import Number, Outcome, Reading, Verdict, Zero

__all__ = ["counts", "entry", "record", "summary", "to_json"]

_WIDTH = 100
_COLOURS = {
    Verdict.HOLDS: "32",
    Verdict.READING: "33",
    Verdict.FAILS: "31",
    Verdict.UNKNOWN: "35",
}


def _shown(value: Any, digits: int) -> str:
    """A number to so many digits; an exact difference by whether it vanishes."""
    if value is None:
        return "-"
    try:
        return f"{float(value):.{digits}g}"
    except TypeError:
        pass
    if isinstance(value, MatrixBase):
        size = f"{value.rows} × {value.cols}"
        return "0" if value.is_zero_matrix else f"differs (a {size} matrix that is not 0)"
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _result(outcome: Outcome, value: Any, digits: int) -> str:
    if isinstance(outcome.claim.printed, Zero) and outcome.claim.printed.agrees(value):
        return "0"
    return _shown(value, digits)


def _line(outcome: Outcome, mark: str, reading: Reading, value: Any, digits: int) -> str:
    return f"{mark} {_result(outcome, value, digits)}: {reading.words}"


def entry(outcome: Outcome, digits: int = 8, colour: bool = False) -> str:
    """One claim with its results, wrapped to 100 columns."""
    claim, verdict = outcome.claim, outcome.verdict
    head = verdict.value.upper()
    painted = f"\x1b[{_COLOURS[verdict]}m{head}\x1b[0m" if colour else head
    title = f"{claim.identifier}  ({claim.where})"
    rows = [title + " " * max(2, _WIDTH - len(title) - len(head)) + painted]
    body = [f"{claim.says} [printed: {claim.printed}]"]
    if outcome.failure:
        body.append(f"! {outcome.failure}")
    else:
        body.append(_line(outcome, "=", claim.plain, outcome.result, digits))
        for i, (reading, value) in enumerate(zip(claim.readings, outcome.readings, strict=True)):
            mark = "so read:" if i == outcome.reading else "or:"
            body.append(_line(outcome, mark, reading, value, digits))
        if verdict is not Verdict.HOLDS:
            if claim.instead is not None:
                body.append(f"what holds: {_shown(outcome.instead, digits)}: {claim.instead.words}")
            if claim.witness is not None:
                said = "agrees" if outcome.routes_agree else "DISAGREES"
                body.append(f"second route {said}: {claim.witness.words}")
        for i in outcome.origins:
            body.append(
                _line(
                    outcome, "gives what is printed:", claim.sources[i], outcome.sources[i], digits
                )
            )
    for line in body:
        rows += textwrap.wrap(line, _WIDTH, initial_indent="    ", subsequent_indent="      ")
    return "\n".join(rows)


def counts(outcomes: Iterable[Outcome]) -> dict[Verdict, int]:
    """How many of each verdict."""
    found = [outcome.verdict for outcome in outcomes]
    return {verdict: found.count(verdict) for verdict in Verdict}


def _plain(value: Any) -> Any:
    """A number, or the expression as text."""
    if value is None:
        return None
    try:
        return float(value)
    except TypeError:
        return str(value)


def record(outcome: Outcome) -> dict[str, Any]:
    """Everything about one claim that JSON can hold."""
    claim = outcome.claim

    def calculations(readings: Sequence[Reading], values: Sequence[Any]) -> list[dict[str, Any]]:
        return [
            {"words": r.words, "result": _plain(v), "agrees": claim.printed.agrees(v)}
            for r, v in zip(readings, values, strict=True)
        ]

    out: dict[str, Any] = {
        "identifier": claim.identifier,
        "section": claim.section,
        "where": claim.where,
        "says": claim.says,
        "printed": str(claim.printed),
        "verdict": outcome.verdict.value,
    }
    if isinstance(claim.printed, Number):
        out["tolerance"] = float(claim.printed.tolerance)
    if outcome.failure:
        return {**out, "failure": outcome.failure}
    out["plain"] = {"words": claim.plain.words, "result": _plain(outcome.result)}
    out["readings"] = calculations(claim.readings, outcome.readings)
    out["sources"] = calculations(claim.sources, outcome.sources)
    for name, reading, value in (
        ("witness", claim.witness, outcome.witness),
        ("instead", claim.instead, outcome.instead),
    ):
        if reading is not None:
            out[name] = {"words": reading.words, "result": _plain(value)}
    out["routes_agree"] = outcome.routes_agree
    return out


def to_json(outcomes: Iterable[Outcome]) -> str:
    """The ledger as JSON."""
    return json.dumps([record(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)


def summary(records: Sequence[Mapping[str, Any]], digits: int = 6) -> str:
    """How many claims hold, and each that does not, in Markdown.

    Parameters
    ----------
    records : sequence of mappings
        As :func:`record` makes them.
    """
    verdicts = [one["verdict"] for one in records]
    found = {verdict: verdicts.count(verdict.value) for verdict in Verdict}
    unknown = found[Verdict.UNKNOWN]
    lines = [
        f"Of {len(records)} statements of the paper {found[Verdict.HOLDS]} hold as they stand, "
        f"{found[Verdict.READING]} under a stated reading, and {found[Verdict.FAILS]} do not"
        + (f"; {unknown} could not be computed." if unknown else "."),
        "",
        "| where | what the paper says | printed | what holds | what gives the printed value |",
        "|---|---|---|---|---|",
    ]
    for one in records:
        if one["verdict"] != Verdict.FAILS.value:
            continue
        origin = next((s["words"] for s in one["sources"] if s["agrees"]), "")
        result = one.get("instead", one["plain"])
        found_text = f"{_shown(result['result'], digits)} ({result['words']})"
        where = one["where"].split(", ", 1)[1]
        cells = (where, one["says"], one["printed"], found_text, origin)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)
