"""The main job: derive every sector, verify it, and write it all down."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sympy import S
from tqdm import tqdm

from symbattery import files, tex
from symbattery.catalogue import SECTORS, Sector
from symbattery.emit.data import record
from symbattery.emit.document import document, section
from symbattery.figures import save, sector_figure
from symbattery.solutions import Solution
from symbattery.verify import Verification, verify

__all__ = ["Line", "Report", "report", "table"]


@dataclass(frozen=True)
class Line:
    """One verified solution."""

    title: str
    solution: Solution
    verification: Verification


@dataclass(frozen=True)
class Report:
    """What :func:`report` made.

    Attributes
    ----------
    lines : tuple of Line
        One for each solution, in the order of the document.
    written : tuple of Path
        The files.
    notices : tuple of str
        What could not be done, and why.
    """

    lines: tuple[Line, ...]
    written: tuple[Path, ...]
    notices: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(
            [
                table(self.lines),
                "",
                *(f"Note: {notice}" for notice in self.notices),
                "Written: " + ", ".join(str(path) for path in self.written),
            ]
        )


def table(lines: tuple[Line, ...]) -> str:
    """What was verified, and to how many digits."""
    width = max(len(line.title) for line in lines)
    head = f"{'derived and verified':{width}}  {'digits':>6}  {'double':>8}  paper"
    rows = []
    for line in lines:
        compared = line.solution.comparisons()
        wrong = [c.reference for c in compared if not c.agrees]
        partly = [f"{c.reference} for {c.condition}" for c in compared if c.condition != S.true]
        paper = "agrees" + "".join(f", {where}" for where in dict.fromkeys(partly))
        if wrong:
            paper = f"{', '.join(dict.fromkeys(wrong))} differs"
        double = next(r for r in line.verification.routes if not r.exact)
        rows.append(
            f"{line.title:{width}}  {line.verification.digits:>6}  {double.deviation:>8.0e}  "
            + (paper if compared else "-")
        )
    rule = "-" * max(len(row) for row in [head, *rows])
    legend = (
        "digits: on which closed form, its amplitudes and an independent mpmath evolution agree\n"
        "double: largest deviation of the numerical engine, in units of M*omega_0"
    )
    return "\n".join([head, rule, *rows, "", legend])


def _steps(sector: Sector) -> int:
    return len(sector.entries) + 1


def _sector(
    sector: Sector, digits: int, folder: Path, bar: tqdm[Any], written: list[Path]
) -> Iterator[Line]:
    for entry in sector.entries:
        bar.set_description(entry.title)
        solution = entry.derive()
        yield Line(entry.title, solution, verify(solution, digits=digits))
        bar.update()
    bar.set_description(f"figure: {sector.title}")
    written += save(sector_figure(sector), folder, sector.name)
    bar.update()


def report(output: str | Path, digits: int = 50) -> Report:
    """Derive and verify every sector; write formulas, document and figures to ``output``.

    Parameters
    ----------
    output : path
        A folder; made if it is not there.
    digits : int
        Of the verification.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    names = [f"{sector.name}{suffix}" for sector in SECTORS for suffix in (".pdf", ".png")]
    folder = files.output_folder(output, ("formulas.tex", "formulas.pdf", "formulas.json", *names))
    written: list[Path] = []
    lines: list[Line] = []
    total = sum(_steps(sector) for sector in SECTORS) + 1
    with tqdm(total=total, disable=None, leave=False) as bar:
        for sector in SECTORS:
            lines += _sector(sector, digits, folder, bar, written)
        bar.set_description("document")
        source = folder / "formulas.tex"
        sections = [section(line.solution, line.title) for line in lines]
        files.write_text(source, document(sections, "Closed forms of the solvable sectors"))
        data = folder / "formulas.json"
        files.write_text(data, json.dumps(_data(lines), indent=2, ensure_ascii=False) + "\n")
        written = [source, data, *written]
        notices = _pdf(source, written)
        bar.update()
    return Report(tuple(lines), tuple(written), tuple(notices))


def _pdf(source: Path, written: list[Path]) -> list[str]:
    program = tex.engine()
    if program is None:
        return [f"no TeX engine (pdflatex) is installed, so {source.name} was not made into a PDF"]
    try:
        made = tex.typeset(source, program)
    except tex.TexError as error:
        return [str(error)]
    written.insert(1, made.path)
    return [f"{source.name}: {warning}" for warning in made.warnings]


def _data(lines: list[Line]) -> dict[str, Any]:
    return {
        "symbattery": version("symbattery"),
        "formulas": [
            {
                "title": line.title,
                **record(line.solution),
                "verification": {
                    "digits_asked": line.verification.digits_asked,
                    "digits": line.verification.digits,
                    "routes": [vars(route) for route in line.verification.routes],
                    "certified": line.verification.certification.holds,
                    "certification": str(line.verification.certification),
                },
            }
            for line in lines
        ],
    }
