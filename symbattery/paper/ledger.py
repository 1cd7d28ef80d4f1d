"""The ledgers: every claim computed, side by side in processes; table, JSON and summary.

``python -m symbattery.paper.ledger`` computes all of them anew, keeps them in ``docs/claims.json``
and, of other papers, ``docs/field.json``, and writes summaries into the README, with all that does
not hold into ``docs/deviations.md``, and paper by paper into ``docs/field.md``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sympy import MatrixBase, simplify

from numerics.storage import files, runs
from numerics.storage.chunks import STORE, ChunkStore
from numerics.storage.fingerprints import Record, code_fingerprint
from numerics.storage.processes import Lost
from numerics.storage.runs import Job, Results
from symbattery.core.latex_dispatch import aslatex
from symbattery.output.prose import plain
from symbattery.paper.claim import (
    Claim,
    Number,
    Outcome,
    Printed,
    Reading,
    Verdict,
    Zero,
    evaluate,
)
from symbattery.paper.entries import shown
from symbattery.paper.field import PAPERS
from symbattery.paper.sections import BEYOND, GROUPS, claims

__all__ = [
    "BEGIN", "END", "FIELD", "FILE", "SEED", "blocks", "by_paper", "cached_records", "claims_of",
    "counts", "failing", "in_words", "of_the_paper", "paper_of", "record", "run", "share_missing",
    "stored", "summary", "to_json", "update",
]  # fmt: skip

SEED = "2109.00687"
"""The number on arXiv of the paper that the package began with."""
FILE, FIELD = "claims.json", "field.json"
BEGIN, END = "<!-- claims: generated -->", "<!-- claims: end -->"
# All records depend on it; each depends on the modules that compute its claim besides.
_FORM = ("symbattery.paper.claim",)

_GROUPS = {**GROUPS, **{key: paper.claims for key, paper in PAPERS.items()}}


def claims_of(papers: Iterable[str]) -> tuple[Claim, ...]:
    """The claims of some papers, by their numbers on arXiv."""
    return tuple(
        claim for key in papers for claim in (claims() if key == SEED else PAPERS[key].claims)
    )


def paper_of(identifier: str) -> str:
    """The number of the paper that a claim is from."""
    return next((key for key in PAPERS if identifier.startswith(f"{key}.")), SEED)


def _group(
    chosen: Mapping[str, None], name: str, form: Callable[[Outcome], Any]
) -> Iterator[Results]:
    """The outcomes of claims of a group in some form; what these share is computed once."""
    for outcome in evaluate(claim for claim in _GROUPS[name] if claim.identifier in chosen):
        yield {outcome.claim.identifier: form(outcome)}


def _jobs(chosen: AbstractSet[str], form: Callable[[Outcome], Any]) -> Iterator[Job]:
    for name, group in _GROUPS.items():
        mine = [claim.identifier for claim in group if claim.identifier in chosen]
        if mine:
            yield Job(dict.fromkeys(mine), _group, (name, form))


def _bare(outcome: Outcome) -> Outcome:
    """Without its claim: functions do not travel."""
    return replace(outcome, claim=None)  # type: ignore[arg-type]


def _storable(outcome: Outcome) -> Record:
    """The record; that of a claim that could not be computed is not stored."""
    return {**record(outcome), **({"again": True} if outcome.failure else {})}


def run(some: Iterable[Claim], processes: int | None = None) -> Iterator[Outcome]:
    """The outcomes of registered claims, in the order in which they are done.

    Parameters
    ----------
    some : iterable of Claim
        From :func:`claims_of`.
    processes : int, optional
        As many as there are cores, by default; each group of claims stays in one process.
    """
    known = {claim.identifier: claim for claim in some}
    for done in runs.run(
        "claims", dict.fromkeys(known, ""), partial(_jobs, form=_bare), processes=processes,
        progress=False,
    ):  # fmt: skip
        for identifier, one in done.items():
            claim, lost = known[identifier], isinstance(one, Lost)
            yield Outcome(claim, failure=one.reason) if lost else replace(one, claim=claim)


def _programs(some: Iterable[Claim]) -> dict[str, str]:
    return {one.identifier: code_fingerprint(*_FORM, *one.modules) for one in some}


def share_missing(folder: Path) -> float:
    """The share of the claims that are not in the store of a folder."""
    return ChunkStore(folder / STORE, _programs(claims())).share_missing()


def cached_records(
    output: str | Path,
    chosen: Iterable[Claim] | None = None,
    processes: int | None = None,
    *,
    executor: Executor | None = None,
) -> tuple[list[Record], int]:
    """The records of claims, by default of all, as they are stored or computed now.

    Each is stored as it is finished, in the folder ``store``; ``claims.json`` has all of them. A
    claim that could not be computed is tried again the next time.

    Parameters
    ----------
    output : path
        A folder; made if it is not there.
    chosen : iterable of Claim, optional
    processes, executor
        As for :func:`numerics.sweep`.

    Returns
    -------
    records, computed
        In the order of the claims, and how many are new.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    wanted = {one.identifier: one for one in (claims() if chosen is None else chosen)}
    folder, programs = files.output_folder(output, (FILE,)), _programs(wanted.values())
    running = runs.run(
        "the claims of the paper", programs, partial(_jobs, form=_storable), folder / STORE,
        processes=processes, executor=executor, unit="claim",
    )  # fmt: skip
    found = next(running)
    new = len(wanted) - len(found)
    for done in running:
        for name, one in done.items():
            lost = isinstance(one, Lost)
            found[name] = record(Outcome(wanted[name], failure=one.reason)) if lost else one
            found[name].pop("again", None)
    records = {name: {**found[name], "program": programs[name]} for name in wanted}
    content = {"symbattery": code_fingerprint(*_FORM), "claims": records}
    files.write_file(folder / FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return list(records.values()), new


def _serialised(printed: Printed, value: Any) -> Any:
    """A number, or prose with the formula; 0 for a difference that vanishes."""
    if value is None:
        return None
    if isinstance(printed, Zero) and printed.agrees(value):
        return 0.0
    if isinstance(value, MatrixBase):
        return rf"a ${value.rows} \times {value.cols}$ matrix that is not $0$"
    try:
        return float(value)
    except TypeError:
        return f"${aslatex(simplify(value))}$"


def record(outcome: Outcome) -> Record:
    """Everything about one claim that JSON can hold."""
    claim = outcome.claim

    def calculation(reading: Reading, value: Any) -> Record:
        return {"words": reading.words, "result": _serialised(claim.printed, value)}

    def calculations(readings: Sequence[Reading], values: Sequence[Any]) -> list[Record]:
        return [
            {**calculation(reading, value), "agrees": claim.printed.agrees(value)}
            for reading, value in zip(readings, values, strict=True)
        ]

    out: Record = {
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
    out["plain"], *out["readings"] = calculations(
        (claim.plain, *claim.readings), (outcome.result, *outcome.readings)
    )
    out["sources"] = calculations(claim.sources, outcome.sources)
    for name in ("witness", "instead"):
        if (reading := getattr(claim, name)) is not None:
            out[name] = calculation(reading, getattr(outcome, name))
    if claim.compared:
        out["compared"] = list(map(calculation, claim.compared, outcome.compared))
    out["routes_agree"] = outcome.routes_agree
    return out


def to_json(outcomes: Iterable[Outcome]) -> str:
    """The ledger as JSON."""
    return json.dumps([record(outcome) for outcome in outcomes], indent=2, ensure_ascii=False)


def counts(records: Iterable[Mapping[str, Any]]) -> dict[Verdict, int]:
    """The number of claims with each verdict, from their records."""
    verdicts = [one["verdict"] for one in records]
    return {verdict: verdicts.count(verdict.value) for verdict in Verdict}


def of_the_paper(records: Iterable[Record]) -> list[Record]:
    """The records of what the paper says, without what is beyond it."""
    return [one for one in records if one["section"] != BEYOND]


def summary(records: Sequence[Record]) -> str:
    """The number of claims of the paper that hold, as a sentence.

    Parameters
    ----------
    records : sequence of mappings
        As :func:`record` makes them.
    """
    paper = of_the_paper(records)
    return f"Of {len(paper)} statements of the paper {in_words(paper)}."


def in_words(records: Iterable[Mapping[str, Any]]) -> str:
    """The numbers of claims that hold and do not, as the end of a sentence."""
    number = counts(records)
    unknown = number[Verdict.UNKNOWN]
    return (
        f"{number[Verdict.HOLDS]} hold as they stand, {number[Verdict.READING]} under a stated "
        f"reading, and {number[Verdict.FAILS]} "
        + ("does not" if number[Verdict.FAILS] == 1 else "do not")
        + (f"; {unknown} could not be computed" if unknown else "")
    )


def failing(records: Iterable[Record], digits: int = 6) -> str:
    """The claims of the paper that do not hold, as a table in Markdown; formulas in Unicode."""
    lines = [
        "| where | what the paper says | printed | what holds | what gives the printed value |",
        "|---|---|---|---|---|",
    ]
    for one in of_the_paper(records):
        if one["verdict"] == Verdict.FAILS.value:
            origin = next((s["words"] for s in one["sources"] if s["agrees"]), "")
            results = (one.get("instead", one["plain"]), *one.get("compared", ()))
            holds = "; ".join(f"{shown(r['result'], digits)} ({r['words']})" for r in results)
            where = one["where"].split(", ", 1)[1]
            cells = (where, one["says"], one["printed"], holds, origin)
            lines.append("| " + " | ".join(plain(c).replace("|", "\\|") for c in cells) + " |")
    return "\n".join(lines)


def by_paper(records: Iterable[Record]) -> str:
    """The number of claims of each verdict for each of the other papers, as a table in Markdown."""
    verdicts = (Verdict.HOLDS, Verdict.READING, Verdict.FAILS)
    lines = [
        "| paper | statements | hold | under a reading | do not |",
        "|---|---|---|---|---|",
    ]
    of = {key: [one for one in records if paper_of(one["identifier"]) == key] for key in PAPERS}
    for key, some in of.items():
        number = counts(some)
        paper = f"{PAPERS[key].authors or PAPERS[key].title}, [{key}](https://arxiv.org/abs/{key})"
        cells = (paper, *map(str, (len(some), *(number[one] for one in verdicts))))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def stored(root: Path, name: str = FILE) -> list[Record]:
    """The records of a checkout: of the paper, or of ``FIELD``."""
    records: list[Record] = json.loads((root / "docs" / name).read_text("utf-8"))
    return records


def blocks(records: Sequence[Record], field: Sequence[Record]) -> dict[str, str]:
    """The text between two comments, these included, of each page that has such."""
    texts = {"README.md": summary(records)}
    texts["docs/deviations.md"] = f"{summary(records)}\n\n{failing(records)}"
    words = summary(field).replace("of the paper", f"of {len(PAPERS)} papers")
    texts["docs/field.md"] = f"{words}\n\n{by_paper(field)}"
    return {page: f"{BEGIN}\n{text}\n{END}" for page, text in texts.items()}


def _rounded(value: Any) -> Any:
    """Ten digits: what is beyond them may differ from machine to machine."""
    if isinstance(value, float):
        return float(f"{value:.10g}") if abs(value) > 1e-12 else 0.0
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return [_rounded(entry) for entry in value] if isinstance(value, list) else value


def update(root: Path) -> None:
    """Compute every claim, and write the records and the pages of a checkout."""
    ledgers = {FILE: claims(), FIELD: claims_of(PAPERS)}
    every = [claim for ledger in ledgers.values() for claim in ledger]
    done = {outcome.claim.identifier: outcome for outcome in run(every)}
    for name, ledger in ledgers.items():
        records = [_rounded(record(done[claim.identifier])) for claim in ledger]
        text = json.dumps(records, indent=1, ensure_ascii=False) + "\n"
        files.write_file(root / "docs" / name, text)
    for page, block in blocks(*(stored(root, name) for name in ledgers)).items():
        before, rest = (root / page).read_text("utf-8").split(BEGIN)
        files.write_file(root / page, before + block + rest.split(END)[1])


if __name__ == "__main__":
    update(Path(__file__).parents[2])
