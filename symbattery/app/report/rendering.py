"""The report as one HTML page that needs nothing but itself, and as one LaTeX document."""

from __future__ import annotations

from base64 import b64encode
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from numerics.storage.cache import code_fingerprint
from symbattery.app.catalogue import SECTORS
from symbattery.app.report.contents import Contents, certification, row
from symbattery.output.latex.document import Part, paragraph
from symbattery.output.mathml import html
from symbattery.output.prose import latex, plain
from symbattery.paper.claim import Verdict
from symbattery.paper.figures import FigureSpec
from symbattery.paper.ledger import counts, summary
from symbattery.paper.sections import SECTIONS

__all__ = ["document", "page"]

_TITLE = "Quantum batteries with spin chargers: what is exact, and what of the paper holds"
_CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.READING: "reading",
    Verdict.FAILS: "fails",
    Verdict.UNKNOWN: "unknown",
}
_LOADER = PackageLoader("symbattery.app.report", "templates")
_FOR_LATEX = {
    "block_start_string": "<%", "block_end_string": "%>", "variable_start_string": "<<",
    "variable_end_string": ">>", "comment_start_string": "<#", "comment_end_string": "#>",
}  # fmt: skip


def _environment(**options: Any) -> Environment:
    return Environment(
        loader=_LOADER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True, **options,
    )  # fmt: skip


def _markup(text: str) -> Markup:
    return Markup(html(text))


def page(contents: Contents) -> str:
    """The HTML page."""
    environment = _environment(autoescape=True)
    environment.filters |= {"html": _markup, "data": _data}
    environment.globals["own"] = lambda name: Markup(_LOADER.get_source(environment, name)[0])
    return _rendered(environment, "page.html", contents)


def document(contents: Contents) -> str:
    """The LaTeX document, which finds its pictures from the folder of the report."""
    environment = _environment(**_FOR_LATEX)
    environment.filters |= {
        "breakable": _breakable,
        "paragraph": lambda pair: paragraph(Part(*pair)),
        "relative": lambda path: path.relative_to(contents.folder).as_posix(),
    }
    return _rendered(environment, "document.tex", contents)


def _rendered(environment: Environment, template: str, contents: Contents) -> str:
    environment.filters |= {
        "latex": latex, "plain": plain, "name": _name, "certification": certification,
    }  # fmt: skip
    chapters = (
        ("figures", "The figures of the paper, computed anew", contents.figures),
        ("beyond", "Beyond the paper", contents.beyond),
    )
    rows = [row(record) for record in contents.ledger]
    by_section = groupby(rows, key=lambda one: SECTIONS[one.section])
    return environment.get_template(template).render(
        contents=contents,
        title=_TITLE,
        made_by=f"symbattery {code_fingerprint()}",
        sectors=SECTORS,
        sections=SECTIONS,
        by_section=[(name, list(some)) for name, some in by_section],
        chapters=[chapter for chapter in chapters if chapter[2]],
        rows=rows,
        counts=counts(contents.ledger),
        summary=summary(contents.ledger),
        classes=_CLASSES,
    )


def _name(figure: FigureSpec) -> str:
    """The name of a figure in headings."""
    kind, _, rest = figure.name.partition("-")
    return f"Figure {rest}" if kind == "figure" else rest.replace("-", " ").capitalize()


def _data(path: Path) -> str:
    """A picture as the address of itself."""
    return f"data:image/png;base64,{b64encode(path.read_bytes()).decode('ascii')}"


def _breakable(value: str) -> str:
    """Typewriter text that may end a line after an operator."""
    if not value.startswith(r"\texttt"):
        return value
    for sign in "*+-(/":
        value = value.replace(sign, sign + r"\allowbreak{}")
    return value
