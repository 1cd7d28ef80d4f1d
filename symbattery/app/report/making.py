"""The main job: every sector derived and verified, the paper checked, all of it written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sympy import S, sympify

from numerics import charging
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.storage import files
from numerics.storage.chunks import STORE, ChunkStore
from numerics.storage.fingerprints import Record, code_fingerprint
from numerics.storage.processes import Lost, WorkFailed, cores
from numerics.storage.runs import Job, Results, run
from symbattery.app.catalogue import PARTS, SECTORS, Sector
from symbattery.app.report.merits import merits
from symbattery.app.report.rendering import Contents, document, page
from symbattery.model.exact_model import substituted
from symbattery.output.data.formula_json import document as as_record
from symbattery.output.data.formula_json import formula_set
from symbattery.output.data.srepr import parse
from symbattery.output.latex import document as tex
from symbattery.output.pictures import pictures, saved
from symbattery.paper import ledger as claims_ledger
from symbattery.paper.figures import FIGURES, FigureSpec, produce, share_missing
from symbattery.paper.figures.drawing import write
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.verification import verify

__all__ = ["FILE", "PARTS", "Report", "derived", "report", "sector_plot"]

FILE = "formulas.json"
_DATA = "figures"
_FIGURES: dict[str, tuple[FigureSpec, ...]] = {
    "figures": tuple(one for name in FIGURES if name.isdigit() for one in FIGURES[name]),
    "beyond": (*FIGURES["beyond"], *FIGURES["open"]),
    "maps": FIGURES["maps"],
}
# What the parts take on one core of 2025.
_SECONDS = {"formulas": 25, "ledger": 34, "figures": 55, "beyond": 19, "maps": 95}
_QUANTITIES = {
    "energy": r"$E(t)/\omega_0$",
    "ergotropy": r"$\mathcal{E}(t)/\omega_0$",
    "power": r"$P(t)/(g\omega_0)$",
}
_STYLES = (
    ("blue solid", "blue crosses"),
    ("orange dashed", "orange diamonds"),
    ("green dotted", "green squares"),
)


@dataclass(frozen=True)
class Report:
    """A report that was made: records of its parts, its files, and what could not be done, and why.

    ``written`` does not hold the files of the figures.
    """

    formulas: tuple[Record, ...]
    ledger: tuple[Record, ...]
    written: tuple[Path, ...]
    notices: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """All is verified to nine tenths of the digits, and every claim has a verdict."""
        verified = [made["verification"] for made in self.formulas]
        return all(one["digits"] >= 0.9 * one["digits_asked"] for one in verified) and not any(
            "failure" in one for one in self.ledger
        )


def report(
    output: str | Path,
    digits: int = 50,
    parts: Sequence[str] = PARTS,
    *,
    processes: int | None = None,
    executor: Executor | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Make the parts, and show them in ``report.html`` and, where TeX is there, ``report.pdf``.

    What is finished stays in the folder ``store`` there: an interrupted report goes on where it
    stopped.

    Parameters
    ----------
    output : path
        A folder; made if it is not there.
    digits : int
        Of the verification of the formulas.
    parts : sequence of str
        Some of ``PARTS``; they are made in that order, the quickest first.
    processes : int, optional
        As many as there are cores.
    executor : concurrent.futures.Executor, optional
        As for :func:`numerics.sweep`, in place of processes; its workers see the folder.
    tell : callable
        Called with words on what comes, and on what has been made, as soon as it is.

    Raises
    ------
    InvalidArgument
        The folder cannot be written, or another argument is not one of the above.
    """
    checks.digits(digits)
    if isinstance(parts, str) or not parts or any(part not in PARTS for part in parts):
        raise invalid("parts", f"be some of {', '.join(PARTS)}", parts)
    drawn = [path.name for sector in SECTORS for path in pictures(Path(), sector.name)]
    data = (FILE, claims_ledger.FILE)
    folder = files.output_folder(output, ("report.tex", "report.pdf", "report.html", *data, *drawn))
    tell(_prospect([part for part in PARTS if part in parts], folder, digits, processes or cores()))
    formulas: list[Record] = []
    ledger: list[Record] = []
    if "formulas" in parts:
        formulas, new = derived(folder, digits, processes, executor=executor)
        tell(f"{_table(formulas)}\n\n{_counted('formulas', len(formulas), new)}")
    if "ledger" in parts:
        ledger, new = claims_ledger.cached_records(folder, None, processes, executor=executor)
        tell(f"{_counted('claims', len(ledger), new)} {claims_ledger.summary(ledger)}")
    figures = {part: some for part, some in _FIGURES.items() if part in parts}
    for some in figures.values():
        made = produce(some, folder / _DATA, processes, executor=executor, store=folder / STORE)
        number = made.computed + made.reused
        tell(_counted(f"tables of {len(some)} figures", number, made.computed))
    contents = Contents(folder, folder / _DATA, tuple(formulas), tuple(ledger), **figures)
    written, notices = _written(contents)
    written += [folder / name for name, some in zip(data, (formulas, ledger), strict=True) if some]
    return Report(contents.formulas, contents.ledger, tuple(written), tuple(notices))


def _prospect(parts: Sequence[str], folder: Path, digits: int, processes: int) -> str:
    """The parts to come, and about how long they take; what is there takes no time."""

    def missing(part: str) -> float:
        if part == "formulas":
            return ChunkStore(folder / STORE, _programs(digits)).share_missing()
        if part == "ledger":
            return claims_ledger.share_missing(folder)
        return share_missing(_FIGURES[part], folder / STORE)

    seconds = {part: _SECONDS[part] * missing(part) / processes for part in parts}
    there = [part for part in parts if not seconds[part]]
    said = [f"Already there: {', '.join(there)}."] if there else []
    come = [f"{part} {_duration(seconds[part])}" for part in parts if part not in there]
    if come:
        whole = _duration(sum(seconds.values()))
        words = f"about {whole} on {processes} core{'s' * (processes > 1)}"
        said.insert(0, f"To come: {', '.join(come)}: {words}.")
    return " ".join(said)


def _duration(seconds: float) -> str:
    """A time to one digit or two, as no machine is like another."""
    if seconds < 90:
        return f"{5 * max(1, round(seconds / 5))} s"
    return f"{round(seconds / 60)} min"


def _programs(digits: int) -> dict[str, str]:
    """The keys of all formulas, in the order of the sectors, and their program."""
    entries = (entry for sector in SECTORS for entry in sector.entries)
    return {f"{entry.title}, {digits} digits": code_fingerprint() for entry in entries}


def derived(
    folder: Path,
    digits: int,
    processes: int | None = None,
    *,
    executor: Executor | None = None,
) -> tuple[list[Record], int]:
    """The records of all solutions, and how many are new; pictures of the sectors beside them.

    Each is stored as it is finished, and what is stored is not computed again; ``formulas.json``
    has all of them.
    """
    programs = _programs(digits)
    places = [(i, j) for i, sector in enumerate(SECTORS) for j in range(len(sector.entries))]

    def jobs(missing: AbstractSet[str]) -> Iterator[Job]:
        for key, place in zip(programs, places, strict=True):
            if key in missing:
                yield Job({key: place}, _entry, (digits,))
        for i, sector in enumerate(SECTORS):
            if not saved(folder, sector.name):
                yield Job({f"picture {i}": i}, _drawn, (folder,))

    running = run(
        f"the formulas, verified to {digits} digits", programs, jobs, folder / STORE,
        processes=processes, executor=executor, unit="formula",
    )  # fmt: skip
    found = next(running)
    new = len(programs) - len(found)
    for done in running:
        for lost in done.values():
            if isinstance(lost, Lost):
                raise WorkFailed(lost.reason)
        found |= done
    records = [found[key] for key in programs]
    content = {
        "symbattery": code_fingerprint(),
        "digits": digits,
        "formulas": {made["title"]: made for made in records},
    }
    files.write_file(folder / FILE, json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return records, new


def _entry(places: Mapping[str, tuple[int, int]], digits: int) -> Iterator[Results]:
    """Solutions of sectors, each with its verification and the paragraphs that show it."""
    for key, (sector, number) in places.items():
        entry = SECTORS[sector].entries[number]
        solution = entry.derive()
        verification = verify(solution, digits=digits)
        shown = tex.parts(solution)
        made = {
            "title": entry.title,
            "sector": SECTORS[sector].name,
            **as_record(formula_set(solution, verification, solution.comparisons())),
            "shown": {
                "derived": [[part.heading, part.body] for part in shown.derived],
                "printed": [[part.heading, part.body] for part in shown.printed],
                "merits": merits(SECTORS[sector]) if number == 0 else None,
            },
        }
        yield {key: made}


def _drawn(sectors: Mapping[str, int], folder: Path) -> Iterator[Results]:
    """Pictures of sectors, which are files rather than records of the store."""
    for key, number in sectors.items():
        one = SECTORS[number]
        about = f"Energy, ergotropy and power of the sector {one.name}"
        write(sector_plot(one), folder, one.name, about, "symbattery report")
        yield {key: {"again": True}}


def sector_plot(sector: Sector) -> Plot:
    """E(t), ergotropy and P(t) of the curves of a sector, in units of g and ω₀, one column wide."""
    solution = sector.derive()
    times = np.linspace(0, sector.reach, 600)
    curves: dict[str, list[Curve]] = {name: [] for name in _QUANTITIES}
    styles = zip(sector.curves.items(), _STYLES, strict=False)
    for i, ((label, values), (line, marker)) in enumerate(styles):
        put = {solution.parameters[name]: sympify(value) for name, value in values.items()}
        put |= {solution.parameters[name]: sympify(1) for name in ("coupling", "frequency")}
        model, start = substituted(solution.model, put), substituted(solution.initial, put)
        charged = charging.charge(model, start)
        # Markers of different curves at different times, so that none hides another.
        some = times[12 * (i + 1) :: 45]
        for name, drawn in curves.items():
            exact = solution.function(name, **values)(times)
            points = getattr(charged, name)(some)
            drawn += [Curve(label, times, exact, line), Curve("", some, points, marker)]
    panels = tuple(
        Panel("", Axis("$gt$", (0, sector.reach)), Axis(label, (0, None)), tuple(curves[name]))
        for name, label in _QUANTITIES.items()
    )
    return Plot(panels, height=4.9, legend_columns=len(sector.curves), share_x=True)


def _written(contents: Contents) -> tuple[list[Path], list[str]]:
    """The page and the document, and what went wrong with the latter."""
    shown, source = contents.folder / "report.html", contents.folder / "report.tex"
    files.write_file(shown, page(contents))
    files.write_file(source, document(contents))
    program = tex.engine()
    if program is None:
        return [shown, source], [
            f"no TeX engine (pdflatex) is installed, so {source.name} was not made into a PDF"
        ]
    try:
        made = tex.typeset(source, program, runs=3)
    except tex.TexError as error:
        return [shown, source], [str(error)]
    return [shown, made.path, source], [f"{source.name}: {line}" for line in made.warnings]


def _counted(what: str, number: int, new: int) -> str:
    return f"{number} {what}: {new} computed, {number - new} already there."


def _table(formulas: Sequence[Record]) -> str:
    """A table of the formulas, and of the digits to which they are verified."""
    width = max(len(made["title"]) for made in formulas)
    head = f"{'derived and verified':{width}}  {'digits':>6}  {'double':>8}  paper"
    rows = []
    for made in formulas:
        tested = made["verification"]
        double = next(route for route in tested["routes"] if not route["exact"])
        rows.append(
            f"{made['title']:{width}}  {tested['digits']:>6}  {double['deviation']:>8.0e}  "
            + _agreement(made)
        )
    rule = "-" * max(len(row) for row in [head, *rows])
    legend = (
        "digits: on which closed form, its amplitudes and proven enclosures agree\n"
        "double: largest deviation of the numerical engine, in units of M*omega_0"
    )
    return "\n".join([head, rule, *rows, "", legend])


def _agreement(made: Record) -> str:
    """The formulas of the paper that differ, or for what they agree."""
    compared = made["comparisons"]
    wrong = [c["reference"] for c in compared if not c["agrees"]]
    if wrong:
        return f"{', '.join(dict.fromkeys(wrong))} differs"
    held = [(c["reference"], parse(c["condition"])) for c in compared]
    partly = [f", {place} for {condition}" for place, condition in held if condition != S.true]
    return "agrees" + "".join(dict.fromkeys(partly)) if compared else "-"
