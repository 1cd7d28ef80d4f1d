"""What the page and the document show, whatever the form: in words, numbers and LaTeX."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numerics.storage.cache import Record
from numerics.storage.code_fingerprint import code_fingerprint
from symbattery.app.report.words import latex, text
from symbattery.paper.claim import Verdict
from symbattery.paper.figures import FigureSpec

__all__ = ["TITLE", "Contents", "Row", "Said", "row"]

TITLE = "Quantum batteries with spin chargers: what is exact, and what of the paper holds"
_DIGITS, _LONGEST = 6, 60


@dataclass(frozen=True)
class Contents:
    """The parts that were made.

    Attributes
    ----------
    formulas, ledger : tuple of dict
        As they are kept; empty where the part was not asked for.
    figures, beyond : tuple of FigureSpec
    folder : Path
        Where the files of the report are.
    pictures : Path
        Where the pictures of the figures are.
    """

    folder: Path
    pictures: Path
    formulas: tuple[Record, ...] = ()
    ledger: tuple[Record, ...] = ()
    figures: tuple[FigureSpec, ...] = ()
    beyond: tuple[FigureSpec, ...] = ()

    @property
    def made_by(self) -> str:
        """The program."""
        return f"symbattery {code_fingerprint()}"


@dataclass(frozen=True)
class Said:
    """A result with what it is of, both in LaTeX; ``label`` says what it is good for."""

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
    holds : Said
        What holds: the result, the one of the reading under which the claim holds, or what holds
        instead.
    origin : Said, optional
        The calculation that gives what is printed.
    computed : tuple of Said
        Everything that was computed.
    """

    identifier: str
    section: str
    where: str
    says: str
    printed: str
    verdict: Verdict
    holds: Said
    origin: Said | None
    computed: tuple[Said, ...]


def _value(result: Any, vanishes: bool) -> str:
    """A result in LaTeX."""
    if vanishes:
        return "$0$"
    if result is None:
        return "--"
    if isinstance(result, int | float):
        mantissa, _, exponent = f"{result:.{_DIGITS}g}".partition("e")
        power = rf"\cdot 10^{{{int(exponent)}}}" if exponent else ""
        return f"${mantissa}{power}$"
    if result.startswith("Matrix"):
        return r"a matrix that is not $0$"
    shown = result if len(result) <= _LONGEST else result[: _LONGEST - 3] + "..."
    return rf"\texttt{{{text(shown)}}}"


def row(record: Record) -> Row:
    """A record of the ledger, ready to be shown."""
    verdict = Verdict(record["verdict"])
    _, where = record["where"].split(", ", 1)
    exact = record["printed"] == "equal"

    def said(label: str, one: Record, agrees: bool = False) -> Said:
        return Said(label, _value(one["result"], exact and agrees), latex(one["words"]))

    computed: list[Said] = []
    origin = None
    if "failure" in record:
        holds = Said("not computed", "--", text(record["failure"]))
    else:
        holds = said("as it stands", record["plain"], verdict is Verdict.HOLDS)
        computed.append(holds)
        read = [said("or", one, one["agrees"]) for one in record["readings"]]
        agreeing = [i for i, one in enumerate(record["readings"]) if one["agrees"]]
        if verdict is Verdict.READING:
            read[agreeing[0]] = holds = said("so read", record["readings"][agreeing[0]], True)
        computed += read
        if "witness" in record:
            computed.append(said("second route", record["witness"]))
        if verdict is Verdict.FAILS and "instead" in record:
            holds = said("what holds", record["instead"])
            computed.append(holds)
        given = [
            said("gives what is printed" if one["agrees"] else "does not give it", one)
            for one in record["sources"]
        ]
        computed += given
        found = [
            one for one, source in zip(given, record["sources"], strict=True) if source["agrees"]
        ]
        origin = found[0] if found and verdict is not Verdict.HOLDS else None
    return Row(
        record["identifier"],
        record["section"],
        latex(where),
        latex(record["says"]),
        latex(record["printed"]),
        verdict,
        holds,
        origin,
        tuple(computed),
    )
