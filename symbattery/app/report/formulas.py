"""The first part: every sector derived, verified at many digits, and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sympy import S
from tqdm import tqdm

from numerics.storage.cache import Record, ResultCache
from numerics.storage.processes import Task, results
from symbattery.app.catalogue import SECTORS
from symbattery.app.sector_figures import save, saved, sector_figure
from symbattery.output.data.formula_json import document, formula_set
from symbattery.output.data.srepr import parse
from symbattery.output.latex.document import Part, parts
from symbattery.verification import verify

__all__ = ["FILE", "kept_formulas", "table"]

FILE = "formulas.json"


def _entry(sector: int, number: int, digits: int) -> Iterator[Record]:
    """One solution of a sector, with its verification and the paragraphs that show it."""
    entry = SECTORS[sector].entries[number]
    solution = entry.derive()
    verification = verify(solution, digits=digits)
    shown = parts(solution)
    yield {
        "title": entry.title,
        "sector": SECTORS[sector].name,
        **document(formula_set(solution, verification, solution.comparisons())),
        "shown": {"derived": _pairs(shown.derived), "printed": _pairs(shown.printed)},
    }


def _pairs(some: Sequence[Part]) -> list[list[str]]:
    return [[part.heading, part.body] for part in some]


def _drawn(sector: int, folder: Path) -> Iterator[Record]:
    save(sector_figure(SECTORS[sector]), folder, SECTORS[sector].name)
    yield {}


def kept_formulas(
    folder: Path, digits: int, processes: int | None = None
) -> tuple[list[Record], int]:
    """The records of all solutions, and how many are new; pictures beside them.

    What is in ``formulas.json`` from this program, with as many digits and with proofs if they can
    be had, is not computed again.
    """
    conditions = {"digits": digits}
    kept = ResultCache(folder / FILE, "formulas", conditions)
    titles = [entry.title for sector in SECTORS for entry in sector.entries]
    tasks = [
        Task(_entry, (i, j, digits))
        for i, sector in enumerate(SECTORS)
        for j, entry in enumerate(sector.entries)
        if entry.title not in kept.records
    ]
    new = len(tasks)
    tasks += [
        Task(_drawn, (i, folder))
        for i, sector in enumerate(SECTORS)
        if not saved(folder, sector.name)
    ]
    with tqdm(total=len(tasks), disable=None, leave=False, unit="formula") as bar:
        for _, made in results(tasks, processes):
            if made:
                bar.set_description(made["title"])
                kept.keep(made["title"], made)
            bar.update()
    return kept.ordered(titles), new


def _verdict(made: Record) -> str:
    """Whether the paper's formulas agree, and which do not."""
    compared = made["comparisons"]
    wrong = [c["reference"] for c in compared if not c["agrees"]]
    if wrong:
        return f"{', '.join(dict.fromkeys(wrong))} differs"
    held = [(c["reference"], parse(c["condition"])) for c in compared]
    partly = [f", {place} for {condition}" for place, condition in held if condition != S.true]
    return "agrees" + "".join(dict.fromkeys(partly)) if compared else "-"


def table(formulas: Sequence[Record]) -> str:
    """What was verified, and to how many digits."""
    width = max(len(made["title"]) for made in formulas)
    head = f"{'derived and verified':{width}}  {'digits':>6}  {'double':>8}  paper"
    rows = []
    for made in formulas:
        tested = made["verification"]
        double = next(route for route in tested["routes"] if not route["exact"])
        rows.append(
            f"{made['title']:{width}}  {tested['digits']:>6}  {double['deviation']:>8.0e}  "
            + _verdict(made)
        )
    rule = "-" * max(len(row) for row in [head, *rows])
    legend = (
        "digits: on which closed form, its amplitudes and an independent mpmath evolution agree\n"
        "double: largest deviation of the numerical engine, in units of M*omega_0"
    )
    return "\n".join([head, rule, *rows, "", legend])
