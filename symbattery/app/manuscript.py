r"""The command ``new``: a manuscript in RevTeX with formulas, values and a figure of one sector.

``paper.tex`` is the author's; ``formula.tex``, ``macros.tex`` and the figure stand beside it.
"""

from __future__ import annotations

import argparse
import re
import shlex
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from string import Template
from typing import Any

from sympy import S

from numerics.charging import charge
from numerics.model.checks import invalid
from numerics.storage import files
from symbattery.api import Solution
from symbattery.app.formula_commands import solution_of
from symbattery.core.latex_dispatch import aslatex
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.model.exact_model import substituted
from symbattery.output.latex.document import description
from symbattery.output.latex.results import checked
from symbattery.output.latex.tables import macros
from symbattery.output.rich_display import Example, example
from symbattery.paper.figures.drawing import write
from symbattery.paper.figures.plots import Axis, Curve, Panel, Plot
from symbattery.symbols import g, omega_0

__all__ = ["new"]

_ESCAPED = {**{one: rf"\{one}" for one in "%#&_"}, **{one: rf"\{one}{{}}" for one in "^~"}}

_PAPER = Template(
    r"""\documentclass[aps,pra,10pt,twocolumn,nobalancelastpage]{revtex4-2}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath}
\usepackage{graphicx}
\input{macros}
\begin{document}
\title{$title}
\author{A. Author}
\noaffiliation
\begin{abstract}
Exact results on a quantum battery with \(M=\cellnumber\).
\end{abstract}
\maketitle

\section{Model}
$model

\section{Results}
Exactly, with the definitions that come first,
\input{formula}
$values
$figure
\end{document}
"""
)
_FIGURE = Template(
    r"""The stored energy is shown in Fig.~\ref{fig:energy}.
\begin{figure}[t]
\includegraphics[width=\columnwidth]{energy}
\caption{\label{fig:energy}Stored energy$numbers.}
\end{figure}"""
)


def new(arguments: argparse.Namespace) -> int:
    """Write a manuscript to a folder that has none."""
    title, folder = _title(arguments.title), Path(arguments.output)
    paper = folder / "paper.tex"
    if paper.exists():
        raise invalid("output", "be a folder without a paper.tex, which is yours", str(folder))
    solution = solution_of(arguments)
    made = example(solution)
    values = _values(solution, made)
    files.output_folder(folder, ("paper.tex", "formula.tex", "macros.tex"))
    written = [paper, folder / "formula.tex", folder / "macros.tex"]
    files.write_file(written[1], aslatex(solution, width="revtex-column"))
    files.write_file(written[2], macros(values))
    if made is not None:
        about, command = f"Stored energy, {solution!r}", "symbattery new"
        written += write(_plot(solution, made), folder, "energy", about, command)
    text = _PAPER.substitute(
        title=title,
        model=f"We consider {description(solution, checked(solution, None, None).printer())}",
        values="\n".join(
            Template(text).substitute(numbers=_numbers(made))
            for name, text in _SENTENCES.items()
            if name in values
        ),
        figure="" if made is None else _FIGURE.substitute(numbers=_numbers(made)),
    )
    # Last, so that it is there only with all that it needs.
    files.write_file(paper, text)
    print("Written: " + ", ".join(map(str, written)))
    print(f"To compile: cd {shlex.quote(str(folder))} && pdflatex paper.tex")
    return 0


def _title(text: str) -> str:
    """A title in LaTeX, with the characters escaped that are none of words or mathematics."""
    title = " ".join(text.split())
    # A backslash belongs to the character behind it.
    tokens = re.findall(r"\\.|.", title)
    depths = list(accumulate({"{": 1, "}": -1}.get(token, 0) for token in tokens))
    if tokens[-1:] in ([], ["\\"]) or min(depths) < 0 or depths[-1] or tokens.count("$") % 2:
        must = "be a text with dollars and braces in pairs, and no backslash at its end"
        raise invalid("title", must, text)
    inside = accumulate(token == "$" for token in tokens)
    return "".join(
        token if dollars % 2 else _ESCAPED.get(token, token)
        for token, dollars in zip(tokens, inside, strict=True)
    )


def _values(solution: Solution, made: Example | None) -> dict[str, Any]:
    """The number of cells, maxima in closed form, and the first peak for the numbers of the figure.

    By the names of their macros.
    """
    values: dict[str, Any] = {"cellnumber": solution.model.number_of_cells}
    known = set(solution.parameters.values())
    for name, largest in (("Emax", solution.maximum), ("Pmax", solution.max_power)):
        # Not every sector has them without a root that is only defined by an equation.
        with suppress(ValueError):
            maximum = largest()
            if not maximum.value.has(ImplicitRoot, NamedExpression):
                values[name] = maximum
    if made is not None:
        units = {s: S.One for s in (g, omega_0) if s in known}
        put = {**made.numbers, **units}
        model, start = substituted(solution.model, put), substituted(solution.initial, put)
        with suppress(ValueError):
            peak = charge(model, start).first_peak()
            values |= {"Epeak": peak.value, "tpeak": peak.time}
    return values


_SENTENCES = {
    "Emax": r"The largest energy is \Emax.",
    "Pmax": r"The largest average power is \Pmax.",
    "tpeak": r"In units of \(g\) and \(\omega_0\) the first peak$numbers is \(E=\Epeak\), "
    r"at \(t=\tpeak\).",
}


def _numbers(made: Example | None) -> str:
    numbers = {} if made is None else made.numbers
    given = ", ".join(f"${aslatex(symbol)}={aslatex(v)}$" for symbol, v in numbers.items())
    return f" for {given}" if given else ""


def _plot(solution: Solution, made: Example) -> Plot:
    x = "$gt$" if "coupling" in solution.parameters else "$t$"
    y = r"$E/\omega_0$" if "frequency" in solution.parameters else "$E$"
    curve = Curve("", made.times, made.energy, "blue solid")
    panel = Panel("", Axis(x, (0, float(made.times[-1]))), Axis(y, (0, None)), (curve,))
    return Plot((panel,), height=2.3)
