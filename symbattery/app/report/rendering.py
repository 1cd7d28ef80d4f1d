"""The report as one HTML page that needs nothing but itself, and as one LaTeX document.

Both are made of the same contents: records, and claims as rows of LaTeX.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from numerics.storage.fingerprints import Record, code_fingerprint
from symbattery.app.catalogue import SECTORS, Sector
from symbattery.app.report.laws import LAWS, RESULTS
from symbattery.app.report.merits import COLUMNS
from symbattery.output.latex.document import Part, paragraph
from symbattery.output.mathml import html
from symbattery.output.prose import latex, plain, scientific
from symbattery.paper.claim import Verdict
from symbattery.paper.figures import FigureSpec
from symbattery.paper.ledger import counts, of_the_paper, summary
from symbattery.paper.sections import BEYOND, SECTIONS

__all__ = ["Contents", "certification", "document", "page"]

_TITLE = "Quantum batteries with spin chargers: what is exact, and what of the paper holds"
_CLASSES = {verdict: verdict.name.lower() for verdict in Verdict}
_LOADER = PackageLoader("symbattery.app.report", "templates")
_FOR_LATEX = {
    "block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<",
    "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>",
}  # fmt: skip
_DIGITS, _PLACES = 6, 5
# The figure of the first page.
_FRONT = "beyond-open-in-time"
_RELATIONS = {"": "$", ">": "$> ", "<=": r"$\le ", "≈": r"$\approx ", "about": "about $"}


@dataclass(frozen=True)
class Contents:
    """The parts that were made, with the folders of the report and of the pictures of its figures.

    A part that was not asked for is empty.
    """

    folder: Path
    pictures: Path
    formulas: tuple[Record, ...] = ()
    ledger: tuple[Record, ...] = ()
    figures: tuple[FigureSpec, ...] = ()
    beyond: tuple[FigureSpec, ...] = ()
    maps: tuple[FigureSpec, ...] = ()


@dataclass(frozen=True)
class _Front:
    """The picture of the first page, without the end of its name."""

    path: Path
    caption: str


@dataclass(frozen=True)
class _Result:
    """A result and the words that define it, both in LaTeX; ``label`` says what it is good for."""

    label: str
    value: str
    words: str


@dataclass(frozen=True)
class _Row:
    """A claim as a row of the ledger; prose in LaTeX.

    ``holds`` is the result, that of the reading under which the claim holds, or what holds instead;
    ``origin`` gives what is printed; ``computed`` is everything.
    """

    identifier: str
    section: str
    where: str
    says: str
    printed: str
    verdict: Verdict
    holds: _Result
    origin: _Result | None
    computed: tuple[_Result, ...]


def _printed(text: str) -> str:
    """The printed side of a claim: "equal", a number that may be about right, or a bound."""
    if text == "equal":
        return text
    relation, _, number = text.rpartition(" ")
    return f"{_RELATIONS[relation]}{scientific(number)}$"


def _value(result: Any) -> str:
    """A result in LaTeX."""
    if result is None:
        return "--"
    if isinstance(result, int | float):
        return f"${scientific(f'{result:.{_DIGITS}g}')}$"
    return latex(result)


def _row(record: Record) -> _Row:
    """A record of the ledger, ready to be shown."""
    verdict = Verdict(record["verdict"])

    def result(label: str, one: Record) -> _Result:
        return _Result(label, _value(one["result"]), latex(one["words"]))

    computed: list[_Result] = []
    origin = None
    if "failure" in record:
        reason = record["failure"].replace("$", "").encode("ascii", "backslashreplace").decode()
        holds = _Result("not computed", "--", latex(reason))
    else:
        readings = (record["plain"], *record["readings"])
        # The first reading that agrees is the one under which the claim holds.
        first = next((i for i, one in enumerate(readings) if one["agrees"]), 0)
        chosen = first if verdict is Verdict.READING else None
        for i, one in enumerate(readings):
            label = "so read" if i == chosen else "or" if i else "as it stands"
            computed.append(result(label, one))
        holds = computed[first]
        if "witness" in record:
            computed.append(result("second route", record["witness"]))
        if verdict is not Verdict.HOLDS and "instead" in record:
            computed.append(result("what holds", record["instead"]))
            if verdict is Verdict.FAILS:
                holds = computed[-1]
        for one in record["sources"]:
            label = "gives what is printed" if one["agrees"] else "does not give it"
            computed.append(result(label, one))
            if origin is None and one["agrees"] and verdict is not Verdict.HOLDS:
                origin = computed[-1]
        computed += [result("beside it", one) for one in record.get("compared", ())]
    where, says = latex(record["where"].split(", ", 1)[1]), latex(record["says"])
    return _Row(
        record["identifier"], record["section"], where, says, _printed(record["printed"]),
        verdict, holds, origin, tuple(computed),
    )  # fmt: skip


def certification(tested: Record) -> str:
    """The proof of a formula, in LaTeX."""
    points, inside = tested["points"], tested["inside"]
    if tested["obstacle"]:
        return f"not certified: {latex(tested['obstacle'])}"
    radius = scientific(f"{tested['radius']:.1e}")
    balls = rf"proven balls of radius ${radius}\,M\omega_0$ at most"
    if inside == points:
        return f"certified: inside {balls}, at all {points} points"
    return f"not certified: outside {balls}, at {points - inside} of {points}"


def _environment(**options: Any) -> Environment:
    return Environment(
        loader=_LOADER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, **options,
    )  # fmt: skip


def page(contents: Contents) -> str:
    """The HTML page."""
    environment = _environment(autoescape=True)
    environment.filters["html"] = lambda text: Markup(html(text))
    environment.filters["data"] = _data
    environment.globals["own"] = lambda name: Markup(_LOADER.get_source(environment, name)[0])
    return _rendered(environment, "page.html", contents)


def document(contents: Contents) -> str:
    """The LaTeX document, which finds its pictures from the folder of the report."""
    environment = _environment(**_FOR_LATEX)
    environment.filters |= {
        "paragraph": lambda pair: paragraph(Part(*pair)),
        "relative": lambda path: path.relative_to(contents.folder).as_posix(),
    }
    return _rendered(environment, "document.tex", contents)


def _rendered(environment: Environment, template: str, contents: Contents) -> str:
    environment.filters |= {
        "latex": latex, "plain": plain, "certification": certification,
        "places": lambda number: "--" if number is None else f"{number:.{_PLACES}f}",
    }  # fmt: skip
    chapters = (
        ("figures", "The figures of the paper, computed anew", contents.figures),
        ("beyond", "Beyond the paper", contents.beyond),
        ("maps", "Maps of batteries and chargers", contents.maps),
    )
    rows = [_row(record) for record in contents.ledger]
    by_section = groupby(rows, key=lambda one: one.section)
    return environment.get_template(template).render(
        contents=contents,
        title=_TITLE,
        made_by=f"symbattery {code_fingerprint()}",
        sectors=SECTORS,
        sections=SECTIONS,
        by_section=[(SECTIONS[key], list(some), key == BEYOND) for key, some in by_section],
        chapters=[chapter for chapter in chapters if chapter[2]],
        results=RESULTS,
        laws=LAWS,
        merits=_merits(contents),
        columns=COLUMNS,
        front=_front(contents),
        rows=rows,
        added=sum(row.section == BEYOND for row in rows),
        counts=counts(of_the_paper(contents.ledger)),
        summary=summary(contents.ledger),
        classes=_CLASSES,
    )


def _merits(contents: Contents) -> list[tuple[Sector, Record]]:
    """The figures of merit of each sector, which go with its first solution."""
    shown = ((made["sector"], made["shown"].get("merits")) for made in contents.formulas)
    sectors = {sector.name: sector for sector in SECTORS}
    return [(sectors[name], merits) for name, merits in shown if merits]


def _front(contents: Contents) -> _Front | None:
    """One of the pictures of the report, energies with loss and dephasing if it is there."""
    for figure in contents.beyond:
        if figure.name == _FRONT:
            return _Front(contents.pictures / figure.name, figure.caption)
    if not contents.formulas:
        return None
    sector = SECTORS[0]
    return _Front(contents.folder / sector.name, f"{sector.title}: energy, ergotropy and power.")


def _data(path: Path) -> str:
    """A picture as the address of itself."""
    return f"data:image/png;base64,{b64encode(path.read_bytes()).decode('ascii')}"
