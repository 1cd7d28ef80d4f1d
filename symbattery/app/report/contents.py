"""The contents of a report, whatever its form: records, and claims as rows of LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numerics.storage.cache import Record
from symbattery.output.prose import latex
from symbattery.paper.claim import Verdict
from symbattery.paper.figures import FigureSpec

__all__ = ["Contents", "Result", "Row", "certification", "row"]

_DIGITS, _LONGEST = 6, 60
_RELATIONS = {"": "", ">": "> ", "<=": r"\le "}


@dataclass(frozen=True)
class Contents:
    """The parts that were made.

    Attributes
    ----------
    folder, pictures : Path
        Of the files of the report, and of the pictures of its figures.
    formulas, ledger : tuple of dict
        Records; empty where the part was not asked for.
    figures, beyond : tuple of FigureSpec
    """

    folder: Path
    pictures: Path
    formulas: tuple[Record, ...] = ()
    ledger: tuple[Record, ...] = ()
    figures: tuple[FigureSpec, ...] = ()
    beyond: tuple[FigureSpec, ...] = ()


@dataclass(frozen=True)
class Result:
    """A result and the words that define it, both in LaTeX; ``label`` says what it is good for."""

    label: str
    value: str
    words: str


@dataclass(frozen=True)
class Row:
    """A claim as a row of the ledger; prose in LaTeX.

    Attributes
    ----------
    identifier, section : str
    where, says, printed : str
    verdict : Verdict
    holds : Result
        The result, the one of the reading under which the claim holds, or what holds instead.
    origin : Result, optional
        The calculation that gives what is printed.
    computed : tuple of Result
        Everything that was computed.
    """

    identifier: str
    section: str
    where: str
    says: str
    printed: str
    verdict: Verdict
    holds: Result
    origin: Result | None
    computed: tuple[Result, ...]


def _scientific(number: str) -> str:
    """A decimal number in LaTeX, with a power of ten if it has one."""
    mantissa, _, exponent = number.partition("e")
    if not exponent:
        return number
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


def _printed(text: str) -> str:
    """The printed side of a claim: "equal", a number, or a bound with its relation."""
    if text == "equal":
        return text
    relation, _, number = text.rpartition(" ")
    return f"${_RELATIONS[relation]}{_scientific(number)}$"


def _value(result: Any, vanishes: bool) -> str:
    """A result in LaTeX."""
    if vanishes:
        return "$0$"
    if result is None:
        return "--"
    if isinstance(result, int | float):
        return f"${_scientific(f'{result:.{_DIGITS}g}')}$"
    if result.startswith("Matrix"):
        return r"a matrix that is not $0$"
    shown = result if len(result) <= _LONGEST else result[: _LONGEST - 3] + "..."
    return rf"\texttt{{{latex(shown)}}}"


def row(record: Record) -> Row:
    """A record of the ledger, ready to be shown."""
    verdict = Verdict(record["verdict"])
    exact = record["printed"] == "equal"

    def result(label: str, one: Record, agrees: bool = False) -> Result:
        return Result(label, _value(one["result"], exact and agrees), latex(one["words"]))

    computed: list[Result] = []
    origin = None
    if "failure" in record:
        reason = record["failure"].replace("$", "").encode("ascii", "backslashreplace").decode()
        holds = Result("not computed", "--", latex(reason))
    else:
        holds = result("as it stands", record["plain"], verdict is Verdict.HOLDS)
        computed.append(holds)
        for one in record["readings"]:
            # The first reading that agrees is the one under which the claim holds.
            chosen = one["agrees"] and verdict is Verdict.READING and holds is computed[0]
            computed.append(result("so read" if chosen else "or", one, one["agrees"]))
            holds = computed[-1] if chosen else holds
        if "witness" in record:
            computed.append(result("second route", record["witness"]))
        if verdict is Verdict.FAILS and "instead" in record:
            holds = result("what holds", record["instead"])
            computed.append(holds)
        for one in record["sources"]:
            label = "gives what is printed" if one["agrees"] else "does not give it"
            computed.append(result(label, one))
            if origin is None and one["agrees"] and verdict is not Verdict.HOLDS:
                origin = computed[-1]
        computed += [result("beside it", one) for one in record.get("compared", ())]
    return Row(
        record["identifier"],
        record["section"],
        latex(record["where"].split(", ", 1)[1]),
        latex(record["says"]),
        _printed(record["printed"]),
        verdict,
        holds,
        origin,
        tuple(computed),
    )


def certification(tested: Record) -> str:
    """The proof of a formula, in LaTeX."""
    points, inside = tested["points"], tested["inside"]
    if tested["obstacle"]:
        return f"not certified: {latex(tested['obstacle'])}"
    radius = _scientific(f"{tested['radius']:.1e}")
    balls = rf"proven balls of radius ${radius}\,M\omega_0$ at most"
    if inside == points:
        return f"certified: inside {balls}, at all {points} points"
    return f"not certified: outside {balls}, at {points - inside} of {points}"
