r"""LaTeX documents of solutions: what was solved, the formulas, and what the paper prints.

A PDF is made of them where a TeX engine is installed.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.resources import files
from pathlib import Path
from string import Template
from subprocess import DEVNULL, PIPE, STDOUT, TimeoutExpired, run
from typing import Any, NamedTuple

from sympy import S

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.sides import HALF, Side
from numerics.model.states import InitialState, Mixture
from numerics.storage.files import write_file
from symbattery import symbols
from symbattery.core.latex_dispatch import aslatex
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.observables.table import described
from symbattery.output.latex.equations import shown
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.results import checked, compared, displays
from symbattery.output.latex.typesetting import WIDTHS, Typesetting
from symbattery.printed_formulas import Comparison, comparisons

__all__ = [
    "Part", "TexError", "description", "document", "engine", "page", "paragraph", "parts",
    "section", "typeset", "write",
]  # fmt: skip


class Page(NamedTuple):
    """A document class: its packages and its date, and the width of a line in points."""

    opening: str
    packages: str
    date: str
    width: float


# A line between the margins of an A4 page, in points.
_TEXT = 455.0
_ARTICLE = r"\usepackage[a4paper,margin=25mm]{geometry}" + "\n", r"\date{}"
# revtex4-2 knows authors only within the document.
_REVTEX = "", r"\noaffiliation"
_PRA = r"\documentclass[aps,pra,10pt,%scolumn]{revtex4-2}"
_PAGES = {
    ("article", 1): Page(r"\documentclass{article}", *_ARTICLE, _TEXT),
    ("article", 2): Page(r"\documentclass[twocolumn]{article}", *_ARTICLE, 222.0),
    ("revtex", 1): Page(_PRA % "one", *_REVTEX, WIDTHS["revtex"]),
    ("revtex", 2): Page(_PRA % "two", *_REVTEX, WIDTHS["revtex-column"]),
}
_CONTINUED = re.compile(r"(?: \\\\\n& \\q?quad[^\n]*?(?= \\\\\n|\n|\Z))+")
_MOST_TOGETHER = 12
_TEMPLATE = files("symbattery.output.latex") / "templates" / "document.tex"


# What was solved

Inline = Callable[[Any], str]
_STARTS = {
    "Dicke": "the symmetric state with {excited_cells} excited cells and"
    " {excited_chargers} excited charger spins",
    "Fock": "{photons} photons and {excited_cells} excited cells",
    "Product": "the product state with excited populations ({cell_populations}) of the cells and "
    "({charger_populations}) of the charger spins",
}
_FIELDS = {
    "cell_population": "cells with excited population",
    "charger_population": "charger spins with excited population",
    "cell_inverse_temperature": "cells at inverse temperature",
    "charger_inverse_temperature": "charger spins at inverse temperature",
}
_COUPLINGS = (
    ("coupling", "coupling", symbols.g),
    ("frequency", "frequency", symbols.omega_0),
    ("charger_crosstalk", "crosstalk of the charger spins", 0),
    ("cell_crosstalk", "crosstalk of the cells", 0),
    ("longitudinal", "longitudinal coupling", 0),
    ("charger_longitudinal", "longitudinal coupling of the charger spins", 0),
    ("cell_longitudinal", "longitudinal coupling of the cells", 0),
)


def _populations(value: Any, inline: Inline) -> str:
    """A value, or one for each spin, a pair being that of several spins."""
    if not isinstance(value, tuple):
        return inline(value)
    return ", ".join(
        f"{inline(p[0])} for each of {inline(p[1])} spins" if isinstance(p, tuple) else inline(p)
        for p in value
    )


def _start(initial: InitialState, inline: Inline) -> str:
    if isinstance(initial, Mixture):
        weighted = (f"{_start(s, inline)} (weight {inline(weight)})" for weight, s in initial.parts)
        return "a mixture of " + "; ".join(weighted)
    kind = type(initial).__name__
    given = {name: v for name, v in vars(initial).items() if v is not None}
    fields = {name: _populations(value, inline) for name, value in given.items()}
    if kind == "Dicke" and len(fields) == 1:
        return "the symmetric state with {excited_cells} excited cells".format(**fields)
    if kind in _STARTS:
        return _STARTS[kind].format(**fields)
    named = (f"{_FIELDS.get(name, name)} {text}" for name, text in fields.items())
    return f"a {kind.lower()} state: {', '.join(named)}"


def description(solution: ClosedForm, printer: AuthorPrinter) -> str:
    """The problem that was solved, in one sentence of LaTeX."""

    def inline(value: Any) -> str:
        return f"${printer.authored(S(value))}$"

    model, gamma = solution.model, S(solution.model.anisotropy)
    battery, charger = model.battery, model.charger
    cells, sign = map(printer.doprint, (symbols.M, symbols.gamma))

    def spins(number: str, noun: str, side: Side) -> str:
        return f"{number} {noun}" + ("" if side.spin == HALF else f" of spin {inline(side.spin)}")

    details = [
        f"a {battery.noun}"
        if battery.top is None
        else spins(f"${cells}={model.number_of_cells}$", "cells", battery),
        f"a {charger.noun}{' mode' if charger.quanta == 'photons' else ''}"
        if charger.spin is None
        else spins(inline(charger.members), "charger spins", charger),
    ]
    if "anisotropy" in dict(model.values()):
        anisotropy = (
            f"any anisotropy {inline(gamma)}" if gamma.free_symbols else f"${sign}={gamma}$"
        )
        details.append(anisotropy)
    if model.frequencies[0] != model.frequencies[1]:
        details.append(f"charger frequency {inline(model.charger_frequency)}")
    for name, words, usual in _COUPLINGS:
        value = getattr(model, name)
        if value != usual:
            details.append(f"{words} {inline(value)}")
    for one in solution.noise:
        words = f"{'collective ' * one.collective}{one.name} of the {one.side}"
        heat = getattr(one, "temperature", None)
        at = "" if heat is None else f" and the temperature {inline(heat)}"
        details.append(f"{words} with the rate {inline(one.rate)}{at}")
    held = ", ".join(map(inline, solution.assumptions))
    under = f" Assumed: {held}." if held else ""
    return f"{', '.join(details)}, starting from {_start(solution.initial, inline)}.{under}\n"


# Sections


class Part(NamedTuple):
    """A paragraph of a section: a heading (it may be empty), and text or displays, in LaTeX."""

    heading: str
    body: str


class Parts(NamedTuple):
    """The content of a section: the derivation, and the formulas that the paper prints."""

    derived: list[Part]
    printed: list[Part]


_HEADINGS = {
    "definitions": "Named quantities",
    "amplitudes": "Amplitudes, in the frame that rotates with the energy of the start",
    "energy": "Stored energy",
    "power": "Average charging power",
    "maximum": "Largest stored energy",
    "max_power": "Largest average power",
}


def parts(solution: ClosedForm, *, names: Any = None, width: float = _TEXT) -> Parts:
    """The system, its formulas, and the printed ones; ``names`` as for ``aslatex``."""
    setting = checked(solution, names, width)
    derived = [Part("", description(solution, setting.printer()))]
    for name, body in displays(solution, names=names, width=width).items():
        heading = _HEADINGS.get(name) or described(name).title
        if body:
            derived.append(Part(f"{heading}.", body))
        elif name in ("maximum", "max_power"):
            derived.append(Part(f"{heading}.", "No closed form is derived for this case.\n"))
    printed = [_printed(comparison, setting) for comparison in comparisons(solution)]
    return Parts(derived, printed)


def _printed(comparison: Comparison, setting: Typesetting) -> Part:
    printer = setting.printer()
    verdict = "agrees" if comparison.agrees else "does not agree"
    if comparison.agrees and comparison.condition != S.true:
        verdict += rf" for ${printer.doprint(comparison.condition)}$"
    remark = comparison.remark.split("$")
    remark[1::2] = map(printer.renamed, remark[1::2])
    return Part(
        f"{comparison.reference}, ${printer.renamed(comparison.quantity)}$: {verdict}.",
        "$".join(remark) + "\n" + shown(compared(comparison, setting), setting),
    )


def paragraph(part: Part) -> str:
    """A part with its heading in bold, and a line of its own where displays follow."""
    if not part.heading:
        return part.body
    return rf"\textbf{{{part.heading}}}" + ("\n" if part.body.startswith("\\") else " ") + part.body


def section(solution: ClosedForm, title: str, *, names: Any = None, width: float = _TEXT) -> str:
    """One section: :func:`parts` under their headings."""
    both = parts(solution, names=names, width=width)
    lines = [rf"\section*{{{title}}}", *map(paragraph, both.derived)]
    if both.printed:
        lines.append(r"\subsection*{As printed by Huangfu and Jing (2021)}")
        lines.append("The printed formulas, set beside the derived ones.\n")
        lines += map(paragraph, both.printed)
    return "\n".join(lines)


# Documents


def page(document: Any, columns: Any) -> Page:
    """The page of a document class.

    Raises
    ------
    InvalidArgument
        Neither ``"article"`` nor ``"revtex"``, or not 1 or 2 columns.
    """
    if not isinstance(document, str) or document not in ("article", "revtex"):
        raise invalid("document", "be 'article', 'revtex' or None", document)
    if checks.positive_integer("columns", columns) > 2:
        raise invalid("columns", "be 1 or 2", columns)
    return _PAGES[document, int(columns)]


def document(
    sections: Iterable[str], title: str = "Closed forms", kind: str = "article", columns: int = 1
) -> str:
    """A standalone document of ``sections``."""
    template = Template(_TEMPLATE.read_text("utf-8"))
    fields = page(kind, columns)._asdict()
    body = _CONTINUED.sub(_together, "\n".join(sections))
    return template.substitute(fields, title=title, body=body)


def _together(lines: re.Match[str]) -> str:
    """The lines of one formula, which no end of a column may part unless there are too many."""
    text = lines[0]
    few = text.count("\n") <= _MOST_TOGETHER
    return text.replace(" \\\\\n", " \\\\*\n") if few else text


def write(
    path: str | Path,
    solution: ClosedForm,
    title: str = "Closed form",
    *,
    document_class: str | None = "article",
    columns: int = 1,
    names: Any = None,
) -> Path:
    """Write the LaTeX of one solution to ``path``.

    Parameters
    ----------
    path : path
    solution : ClosedForm
    title : str
    document_class : {"article", "revtex", None}
        A document that compiles, or (None) its displays alone, for ``\\input`` in a manuscript
        that uses amsmath.
    columns : {1, 2}
        Which also decides the width of the lines.
    names : mapping of Symbol to str, optional
        As for :func:`symbattery.aslatex`.

    Raises
    ------
    InvalidArgument
        ``path`` cannot be written, or any other argument is not one of the above.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise invalid("path", "be the path of a file", path)
    if Path(path).is_dir():
        raise InvalidArgument(f"`path` must be a file, but is the folder {str(path)!r}")
    width = page("revtex" if document_class is None else document_class, columns).width
    if document_class is None:
        text = aslatex(solution, names=names, width=width)
    else:
        body = section(solution, title, names=names, width=width)
        text = document([body], title, document_class, columns)
    write_file(path, text)
    return Path(path)


# PDF

_SECONDS = 120
_WARNING = re.compile(
    r"^(?:(?:LaTeX|Package|Class|pdfTeX)\b.*?[Ww]arning|(?:Over|Under)full |Missing character).*$",
    re.M,
)


class TexError(ValueError):
    """The TeX engine refused the document; the message holds its first complaint."""


class Typeset(NamedTuple):
    """A PDF and the warnings of the run that made it."""

    path: Path
    warnings: tuple[str, ...]


def engine() -> str | None:
    """The TeX engine on this machine, or None."""
    return shutil.which("pdflatex")


def typeset(source: Path, program: str, runs: int = 2) -> Typeset:
    """Compile ``source`` to a PDF beside it.

    References settle in the second run; with a table of contents, in the third.

    Raises
    ------
    TexError
        The engine failed.
    """
    target = source.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape"]
        command += [f"-output-directory={folder}", source.name]
        for _ in range(runs):
            try:
                ended = run(
                    command, cwd=source.parent, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT,
                    timeout=_SECONDS, check=False, encoding="utf-8", errors="replace",
                )  # fmt: skip
            except TimeoutExpired:
                raise TexError(f"{program} did not finish {source.name} in {_SECONDS} s") from None
        if ended.returncode:
            complaint = re.search("^!+ *(.*)", ended.stdout, re.M)
            raise TexError(
                f"{program} failed on {source.name}: {complaint[1] if complaint else ''}"
            )
        write_file(target, (Path(folder) / target.name).read_bytes())
    return Typeset(target, tuple(_WARNING.findall(ended.stdout)))
