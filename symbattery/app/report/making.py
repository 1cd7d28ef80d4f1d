"""The main job: every sector derived and verified, the paper checked, all of it written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.storage import files
from numerics.storage.cache import Record
from symbattery.app.catalogue import SECTORS
from symbattery.app.report import formulas
from symbattery.app.report.contents import Contents, summary
from symbattery.app.report.document import document
from symbattery.app.report.page import page
from symbattery.app.sector_figures import pictures
from symbattery.output.latex import document as tex
from symbattery.paper import records
from symbattery.paper.figures import SHEETS, produce
from symbattery.paper.figures.table_tasks import FigureSpec

__all__ = ["PARTS", "Report", "report"]

PARTS = ("formulas", "ledger", "figures", "beyond")
_DATA = "figures"
_PAPER = tuple(sheet for name, sheets in SHEETS.items() if name != "beyond" for sheet in sheets)
_BEYOND = SHEETS["beyond"]


@dataclass(frozen=True)
class Report:
    """What :func:`report` made.

    Attributes
    ----------
    formulas, ledger : tuple of dict
        The records of the parts that were asked for.
    written : tuple of Path
        The files, without those of the figures.
    notices : tuple of str
        What could not be done, and why.
    """

    formulas: tuple[Record, ...]
    ledger: tuple[Record, ...]
    written: tuple[Path, ...]
    notices: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether all is verified to nine tenths of the digits, and every claim has a verdict."""
        verified = [made["verification"] for made in self.formulas]
        return all(one["digits"] >= 0.9 * one["digits_asked"] for one in verified) and not any(
            "failure" in one for one in self.ledger
        )


def _silent(line: str) -> None:
    """Nobody is told."""


def report(
    output: str | Path,
    digits: int = 50,
    parts: Sequence[str] = PARTS,
    *,
    processes: int | None = None,
    tell: Callable[[str], None] = _silent,
) -> Report:
    """Make the parts, and show them in ``report.html`` and, where TeX is there, ``report.pdf``.

    What is finished is kept: an interrupted report goes on where it stopped.

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
    tell : callable
        Told in words what has been made, as soon as it is.

    Raises
    ------
    InvalidArgument
        The folder cannot be written, or another argument is not one of the above.
    """
    checks.positive_integer("digits", digits)
    if isinstance(parts, str) or not parts or any(part not in PARTS for part in parts):
        raise invalid("parts", f"be some of {', '.join(PARTS)}", parts)
    drawn = [path.name for sector in SECTORS for path in pictures(Path(), sector.name)]
    data = (formulas.FILE, records.FILE)
    folder = files.output_folder(output, ("report.tex", "report.pdf", "report.html", *data, *drawn))
    derived: list[Record] = []
    ledger: list[Record] = []
    if "formulas" in parts:
        derived, new = formulas.kept_formulas(folder, digits, processes)
        tell(f"{formulas.table(derived)}\n\n{_told('formulas', len(derived), new)}")
    if "ledger" in parts:
        ledger, new = records.kept_ledger(folder, processes=processes)
        tell(f"{_told('claims', len(ledger), new)} {summary(ledger)}")
    chosen: dict[str, tuple[FigureSpec, ...]] = {"figures": _PAPER, "beyond": _BEYOND}
    for part, sheets in chosen.items():
        if part in parts:
            made = produce(sheets, folder / _DATA, processes)
            tell(
                _told(f"tables of {len(sheets)} figures", made.computed + made.kept, made.computed)
            )
    contents = Contents(
        folder,
        folder / _DATA,
        tuple(derived),
        tuple(ledger),
        *(sheets if part in parts else () for part, sheets in chosen.items()),
    )
    written, notices = _shown(contents)
    written += [folder / name for name, some in zip(data, (derived, ledger), strict=True) if some]
    return Report(tuple(derived), tuple(ledger), tuple(written), tuple(notices))


def _told(what: str, number: int, new: int) -> str:
    return f"{number} {what}: {new} computed, {number - new} already there."


def _shown(contents: Contents) -> tuple[list[Path], list[str]]:
    """The page and the document."""
    shown, source = contents.folder / "report.html", contents.folder / "report.tex"
    files.write_text(shown, page(contents))
    files.write_text(source, document(contents))
    program = tex.engine()
    if program is None:
        return [shown, source], [
            f"no TeX engine (pdflatex) is installed, so {source.name} was not made into a PDF"
        ]
    try:
        made = tex.typeset(source, program, runs=3)
    except tex.TexError as error:
        return [shown, source], [str(error)]
    return [shown, made.path, source], [f"{source.name}: {told}" for told in made.warnings]
