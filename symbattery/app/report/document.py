r"""The report as one LaTeX document."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from numerics.storage.cache import Record
from symbattery.app.catalogue import SECTORS
from symbattery.app.report.contents import SECTIONS, TITLE, Contents, Row, Said, row, summary
from symbattery.app.report.words import latex, text
from symbattery.output.latex.document import Part, paragraph
from symbattery.paper.figures.table_tasks import FigureSpec
from symbattery.paper.ledger.claim import Verdict
from symbattery.verification import Certification

__all__ = ["document"]

_OPENING = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern}
\usepackage{microtype}
\usepackage{amsmath}
\usepackage{array}
\usepackage{booktabs}
\usepackage{longtable}
\usepackage{graphicx}
\usepackage{xcolor}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage[hidelinks,bookmarksnumbered]{hyperref}
\definecolor{holds}{HTML}{1B6E3C}
\definecolor{reading}{HTML}{8A5A00}
\definecolor{fails}{HTML}{B3202C}
\definecolor{unknown}{HTML}{6B3FA0}
\allowdisplaybreaks
\raggedbottom
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setlength{\LTpre}{6pt}
\setlength{\LTpost}{6pt}
\setcounter{tocdepth}{2}
% A heading with less than this much room below it begins a page.
\newcommand{\room}[1]{\par\ifdim\pagetotal>\dimexpr\pagegoal-#1\relax\clearpage\fi}
"""

_COLOURS = {
    Verdict.HOLDS: "holds",
    Verdict.READING: "reading",
    Verdict.FAILS: "fails",
    Verdict.UNKNOWN: "unknown",
}
# Points of the text's 455: where, statement, printed, verdict, and four times two gaps between.
_LEDGER = r"@{}>{\raggedright\arraybackslash}p{52pt}>{\raggedright\arraybackslash}p{267pt}" + (
    r">{\raggedright\arraybackslash}p{42pt}>{\raggedright\arraybackslash}p{54pt}@{}"
)


def document(contents: Contents) -> str:
    """The document, which finds its pictures from the folder of the report."""
    body = "\n".join(_body(contents))
    return (
        f"{_OPENING}\\hypersetup{{pdftitle={{{TITLE}}}}}\n\\begin{{document}}\n\\title{{{TITLE}}}\n"
        f"\\author{{made by {text(contents.made_by)}}}\n\\date{{}}\n\\maketitle\n\\raggedright\n"
        f"{body}\n\\end{{document}}\n"
    )


def _body(contents: Contents) -> Iterator[str]:
    yield (
        "A battery of $M$ cells is charged by $N$ spins, or by a cavity. The system and the "
        "statements are those of Y.~Huangfu and J.~Jing, \\emph{High-capacity and high-power "
        "collective charging with spin chargers} (2021). $\\hbar=1$; energies in $\\omega_0$, "
        "times in $1/g$."
    )
    if contents.ledger:
        yield rf"\textbf{{{summary(contents.ledger)}}}"
    yield r"{\small\setlength{\parskip}{0pt}\tableofcontents}" + "\n" + r"\clearpage"
    if contents.formulas:
        yield from _formulas(contents)
    if contents.ledger:
        yield from _ledger(contents.ledger)
    for title, sheets in (
        ("The figures of the paper, computed anew", contents.figures),
        ("Beyond the paper", contents.beyond),
    ):
        if sheets:
            yield rf"\clearpage\section{{{title}}}"
            yield from (_figure(sheet, contents) for sheet in sheets)


def _formulas(contents: Contents) -> Iterator[str]:
    yield r"\section{Formulas}"
    yield (
        "Derived, and compared with independent evolutions at random parameters; a number of "
        "digits says on how many all exact routes agree."
    )
    for sector in SECTORS:
        yield from (_formula(m) for m in contents.formulas if m["sector"] == sector.name)
        yield _picture(
            contents.folder / f"{sector.name}.pdf",
            contents,
            rf"\textbf{{{text(sector.title)}.}} Stored energy and average power: closed forms as "
            "lines, numerics as markers.",
        )


def _formula(made: Record) -> str:
    tested = made["verification"]
    lines = [
        rf"\subsection{{{text(made['title'])}}}",
        rf"{{\small Verified to {tested['digits']} of {tested['digits_asked']} digits; "
        rf"{latex(str(Certification(**tested['certification'])))}.}}" + "\n",
        *(paragraph(Part(*pair)) for pair in made["shown"]["derived"]),
    ]
    if made["shown"]["printed"]:
        lines.append(r"\subsubsection*{As printed in the paper}")
        lines += [paragraph(Part(*pair)) for pair in made["shown"]["printed"]]
    return "\n".join(lines)


def _ledger(ledger: tuple[Record, ...]) -> Iterator[str]:
    yield r"\clearpage\section{The ledger of claims}"
    yield (
        f"{summary(ledger)} Every verdict is computed: a printed number holds if the result rounds "
        "to its digits. Below each statement stands what was computed for it."
    )
    for section, records in groupby(ledger, key=lambda record: record["section"]):
        yield rf"\room{{120pt}}\subsection{{{SECTIONS[section]}}}"
        yield rf"\begin{{longtable}}{{{_LEDGER}}}"
        head = (
            r"\textbf{Where} & \textbf{What the paper says} & \textbf{Printed} & \textbf{Verdict}"
        )
        yield rf"\toprule {head} \\ \midrule \endhead \bottomrule \endfoot"
        yield "\n\\addlinespace[3pt]\n".join(_row(row(record)) for record in records)
        yield r"\end{longtable}"


def _row(entry: Row) -> str:
    statement = entry.says
    for said in entry.computed:
        # What does not give the printed value is in the data.
        if said.label != "does not give it":
            statement += rf" \newline {{\footnotesize {_said(said)}}}"
    verdict = rf"\textcolor{{{_COLOURS[entry.verdict]}}}{{{entry.verdict.value}}}"
    return rf"{entry.where} & {statement} & {entry.printed} & {verdict} \\"


def _said(said: Said) -> str:
    return rf"\emph{{{said.label}:}} {_breakable(said.value)} ({said.words})"


def _breakable(value: str) -> str:
    """Typewriter text that may end a line after an operator."""
    if not value.startswith(r"\texttt"):
        return value
    for sign in "*+-(/":
        value = value.replace(sign, sign + r"\allowbreak{}")
    return value


def _figure(sheet: FigureSpec, contents: Contents) -> str:
    kind, _, rest = sheet.name.partition("-")
    name = f"Figure {rest}" if kind == "figure" else rest.replace("-", " ").capitalize()
    caption = rf"\textbf{{{name}.}} {latex(sheet.caption)}"
    listed = rf"\phantomsection\addcontentsline{{toc}}{{subsection}}{{{name}}}"
    return _picture(contents.pictures / f"{sheet.name}.pdf", contents, caption, listed)


def _picture(path: Path, contents: Contents, caption: str, listed: str = "") -> str:
    """A picture where it is spoken of, its caption on the same page."""
    shown = path.relative_to(contents.folder).as_posix()
    # Wider ones, of two columns, have to shrink a little.
    scaled = r"\ifdim\wd0>\linewidth\resizebox{\linewidth}{!}{\usebox0}\else\usebox0\fi"
    return (
        f"\n\\begin{{minipage}}{{\\linewidth}}{listed}\\centering\n"
        rf"\setbox0\hbox{{\includegraphics{{{shown}}}}}{scaled}"
        "\\par\\smallskip\n\\begin{minipage}{0.9\\linewidth}\\small " + caption + "\\end{minipage}"
        "\n\\end{minipage}\\par\\bigskip\n"
    )
