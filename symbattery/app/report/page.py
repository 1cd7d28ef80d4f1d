"""The report as one HTML page that needs nothing but itself."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from pathlib import Path

from numerics.storage.cache import Record
from symbattery.app.catalogue import SECTORS
from symbattery.app.report.contents import (
    SECTIONS,
    TITLE,
    Contents,
    Row,
    Said,
    counted,
    row,
    summary,
)
from symbattery.app.report.words import latex
from symbattery.output.mathml import html
from symbattery.paper.figures.table_tasks import FigureSpec
from symbattery.paper.ledger.claim import Verdict
from symbattery.verification import Certification

__all__ = ["page"]

_CLASSES = {
    Verdict.HOLDS: "holds",
    Verdict.READING: "reading",
    Verdict.FAILS: "fails",
    Verdict.UNKNOWN: "unknown",
}
_COLUMNS = (
    "Where",
    "What the paper says",
    "Printed",
    "Verdict",
    "What holds",
    "What gives the printed value",
)


def _own(name: str) -> str:
    return files("symbattery.app.report").joinpath(name).read_text("utf-8")


def page(contents: Contents) -> str:
    """The page."""
    chapters = list(_chapters(contents))
    links = "".join(
        f'<li><a href="#{anchor}">{title}</a>{_nested(inner)}</li>'
        for anchor, title, inner, _ in chapters
    )
    body = "\n".join(
        f'<section id="{anchor}"><h2>{title}</h2>\n{text}</section>'
        for anchor, title, _, text in chapters
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{TITLE}</title>\n<style>\n{_own('page.css')}</style>\n</head>\n<body>\n"
        f"<header><h1>{TITLE}</h1>\n<p>{_lead(contents)}</p></header>\n"
        f'<nav aria-label="Contents"><h2>Contents</h2><ol>{links}</ol></nav>\n'
        f"<main>\n{body}\n</main>\n"
        f"<footer>Made by {escape(contents.made_by)}.</footer>\n"
        f"<script>\n{_own('page.js')}</script>\n</body>\n</html>\n"
    )


Chapter = tuple[str, str, list[tuple[str, str]], str]


def _chapters(contents: Contents) -> Iterator[Chapter]:
    """Anchor, title, places inside, and text."""
    if contents.formulas:
        places = [(f"formula-{i}", made["title"]) for i, made in enumerate(contents.formulas, 1)]
        yield "formulas", "Formulas", places, _formulas(contents)
    if contents.ledger:
        yield "ledger", "The ledger of claims", [], _ledger(contents.ledger)
    for anchor, title, sheets in (
        ("figures", "The figures of the paper, computed anew", contents.figures),
        ("beyond", "Beyond the paper", contents.beyond),
    ):
        if sheets:
            places = [(sheet.name, _named(sheet)) for sheet in sheets]
            shown = "\n".join(_figure(sheet, contents.pictures) for sheet in sheets)
            yield anchor, title, places, shown


def _nested(places: list[tuple[str, str]]) -> str:
    inner = "".join(f'<li><a href="#{anchor}">{escape(name)}</a></li>' for anchor, name in places)
    return f"<ol>{inner}</ol>" if inner else ""


def _lead(contents: Contents) -> str:
    told = (
        "A battery of <i>M</i> cells is charged by <i>N</i> spins, or by a cavity. The system and "
        "the statements are those of Y. Huangfu and J. Jing, "
        "<cite>High-capacity and high-power collective charging with spin chargers</cite> (2021). "
        "ħ = 1; energies in <i>ω</i>₀, times in 1/<i>g</i>."
    )
    if contents.ledger:
        told += f" <strong>{escape(summary(contents.ledger))}</strong>"
    return told


def _formulas(contents: Contents) -> str:
    out = [
        "<p>Derived, and compared with independent evolutions at random parameters; “digits” says "
        "on how many all exact routes agree.</p>"
    ]
    for sector in SECTORS:
        for number, made in enumerate(contents.formulas, 1):
            if made["sector"] == sector.name:
                out.append(_formula(number, made))
        out.append(
            _picture(
                contents.folder / f"{sector.name}.png",
                f"<b>{escape(sector.title)}.</b> Stored energy and average power: closed forms as "
                "lines, numerics as markers.",
                f"Stored energy and power in time: {sector.title}",
            )
        )
    return "\n".join(out)


def _formula(number: int, made: Record) -> str:
    tested = made["verification"]
    lines = [
        f'<article id="formula-{number}"><h3>{escape(made["title"])}</h3>',
        f'<p class="checked">Verified to {tested["digits"]} of {tested["digits_asked"]} digits; '
        f"{html(latex(str(Certification(**tested['certification']))))}.</p>",
        *_paragraphs(made["shown"]["derived"]),
    ]
    if made["shown"]["printed"]:
        lines.append("<h4>As printed in the paper</h4>")
        lines += _paragraphs(made["shown"]["printed"])
    return "\n".join([*lines, "</article>"])


def _paragraphs(pairs: list[list[str]]) -> Iterator[str]:
    for heading, body in pairs:
        head = f"<strong>{html(heading)}</strong> " if heading else ""
        yield f'<div class="part">{head}{html(body.strip())}</div>'


def _named(sheet: FigureSpec) -> str:
    kind, _, rest = sheet.name.partition("-")
    return f"Figure {rest}" if kind == "figure" else rest.replace("-", " ").capitalize()


def _figure(sheet: FigureSpec, folder: Path) -> str:
    files_named = ", ".join(f"<code>{piece.name}.csv</code>" for piece in sheet.table_tasks[:6])
    more = f" and {len(sheet.table_tasks) - 6} more" if len(sheet.table_tasks) > 6 else ""
    caption = (
        f"<b>{_named(sheet)}.</b> {html(latex(sheet.caption))} "
        f'<span class="data">Data: {files_named}{more}.</span>'
    )
    return _picture(folder / f"{sheet.name}.png", caption, sheet.caption, sheet.name)


def _picture(path: Path, caption: str, words: str, anchor: str = "") -> str:
    data = b64encode(path.read_bytes()).decode("ascii")
    place = f' id="{anchor}"' if anchor else ""
    return (
        f'<figure{place}><img alt="{escape(words)}" src="data:image/png;base64,{data}">'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def _ledger(ledger: tuple[Record, ...]) -> str:
    found = counted(ledger)
    boxes = "".join(
        f'<label><input type="checkbox" name="verdict" value="{_CLASSES[verdict]}" checked> '
        f'<span class="verdict {_CLASSES[verdict]}">{verdict.value}</span> {number}</label>'
        for verdict, number in found.items()
        if number
    )
    choices = "".join(f'<option value="{key}">{name}</option>' for key, name in SECTIONS.items())
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    rows = "\n".join(_row(row(record)) for record in ledger)
    return (
        f"<p>{escape(summary(ledger))} Every verdict is computed: a printed number holds if the "
        "result rounds to its digits.</p>\n"
        '<form class="filter" hidden>'
        f"<fieldset><legend>Verdict</legend>{boxes}</fieldset>"
        f'<label>Section <select name="section"><option value="">all</option>{choices}</select>'
        '</label> <label>Search <input type="search" name="words" placeholder="Fig. 5, cavity, β">'
        '</label> <output aria-live="polite"></output></form>\n'
        f'<table class="ledger"><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table>\n'
    )


def _row(entry: Row) -> str:
    kind = _CLASSES[entry.verdict]
    computed = "".join(
        f"<li><i>{escape(said.label)}:</i> {_said(said)}</li>" for said in entry.computed
    )
    cells = (
        html(entry.where),
        f"{html(entry.says)}<details><summary>computed</summary><ul>{computed}</ul></details>",
        html(entry.printed),
        f'<span class="verdict {kind}">{entry.verdict.value}</span>',
        _said(entry.holds),
        _said(entry.origin) if entry.origin else "",
    )
    columns = "".join(
        f'<td data-label="{name}">{cell}</td>' if cell else '<td class="empty"></td>'
        for name, cell in zip(_COLUMNS, cells, strict=True)
    )
    return (
        f'<tr id="claim-{escape(entry.identifier)}" data-verdict="{kind}" '
        f'data-section="{entry.section}">{columns}</tr>'
    )


def _said(said: Said) -> str:
    return f"{html(said.value)} <span>({html(said.words)})</span>"
