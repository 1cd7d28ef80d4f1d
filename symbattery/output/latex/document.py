r"""A LaTeX document of solutions: what was solved, the formulas, and what the paper prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sympy import S

from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import SpinCharger
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from numerics.storage.files import write_text
from symbattery.core.latex_dispatch import aslatex
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model import symbols
from symbattery.output.latex.line_breaking import WIDTHS
from symbattery.output.latex.results import displays
from symbattery.printed_formulas import Comparison, comparisons

__all__ = ["Part", "Parts", "document", "page", "paragraph", "parts", "section", "write"]

_PREAMBLE = r"""\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath}
\usepackage{booktabs}
"""

_BODY = r"""\allowdisplaybreaks
\raggedbottom
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
"""


@dataclass(frozen=True)
class Page:
    """A document class with its options, and the width of a line in points."""

    opening: str
    width: float


_ARTICLE = "\\usepackage[a4paper,margin=25mm]{geometry}\n"
_PAGES = {
    ("article", 1): Page("\\documentclass{article}\n" + _PREAMBLE + _ARTICLE, 455.0),
    ("article", 2): Page("\\documentclass[twocolumn]{article}\n" + _PREAMBLE + _ARTICLE, 222.0),
    ("revtex", 1): Page(
        "\\documentclass[aps,pra,10pt,onecolumn]{revtex4-2}\n" + _PREAMBLE, WIDTHS["revtex"]
    ),
    ("revtex", 2): Page(
        "\\documentclass[aps,pra,10pt,twocolumn]{revtex4-2}\n" + _PREAMBLE, WIDTHS["revtex-column"]
    ),
}

_HEADINGS = (
    ("definitions", "Named quantities"),
    ("amplitudes", "Amplitudes, in the frame that rotates with the energy of the start"),
    ("energy", "Stored energy"),
    ("power", "Average charging power"),
    ("maximum", "Largest stored energy"),
    ("max_power", "Largest average power"),
)


Inline = Callable[[Any], str]


def _inline(names: Any) -> Inline:
    return lambda value: f"${aslatex(S(value), names=names)}$"


def _population(value: Any, inline: Inline) -> str:
    if not isinstance(value, tuple):
        return inline(value)
    population, count = value
    return f"{inline(population)} for each of {inline(count)} spins"


def _start(initial: InitialState, inline: Inline) -> str:
    if isinstance(initial, Dicke):
        return (
            f"the symmetric state with {inline(initial.excited_cells)} excited cells and "
            f"{inline(initial.excited_chargers)} excited charger spins"
        )
    if isinstance(initial, Fock):
        return (
            f"{inline(initial.photons)} photons and {inline(initial.excited_cells)} excited cells"
        )
    if isinstance(initial, Product):
        cells = ", ".join(_population(p, inline) for p in initial.cell_populations)
        chargers = ", ".join(_population(p, inline) for p in initial.charger_populations)
        return (
            f"the product state with excited populations ({cells}) of the cells and ({chargers}) "
            "of the charger spins"
        )
    if isinstance(initial, Thermal):
        sides = (
            ("cells with excited population", initial.cell_population),
            ("charger spins with excited population", initial.charger_population),
            ("cells at inverse temperature", initial.cell_inverse_temperature),
            ("charger spins at inverse temperature", initial.charger_inverse_temperature),
        )
        named = [f"{words} {inline(value)}" for words, value in sides if value is not None]
        return "a thermal state: " + ", ".join(named)
    assert isinstance(initial, Mixture)
    parts = [f"{_start(part, inline)} (weight {inline(weight)})" for weight, part in initial.parts]
    return "a mixture of " + "; ".join(parts)


def description(solution: ClosedForm, names: Any = None) -> str:
    """What was solved, in one sentence of LaTeX."""
    model, inline = solution.model, _inline(names)
    charger = (
        f"{inline(model.chargers)} charger spins"
        if isinstance(model, SpinCharger)
        else "a cavity mode"
    )
    gamma = S(model.anisotropy)
    anisotropy = f"any anisotropy {inline(gamma)}" if gamma.free_symbols else rf"$\gamma={gamma}$"
    details = [f"$M={model.cells}$ cells", charger, anisotropy]
    if model.charger_frequency != model.frequency:
        details.append(f"charger frequency {inline(model.charger_frequency)}")
    for name, words, usual in (
        ("coupling", "coupling", symbols.g),
        ("frequency", "frequency", symbols.omega_0),
        ("charger_crosstalk", "crosstalk of the charger spins", 0),
        ("cell_crosstalk", "crosstalk of the cells", 0),
    ):
        value = getattr(model, name, usual)
        if value != usual:
            details.append(f"{words} {inline(value)}")
    held = [inline(assumption) for assumption in solution.assumptions]
    under = f" Assumed: {', '.join(held)}." if held else ""
    return f"{', '.join(details)}, starting from {_start(solution.initial, inline)}.{under}\n"


def _verdict(comparison: Comparison) -> str:
    if not comparison.agrees:
        return "does not agree"
    if comparison.condition != S.true:
        return rf"agrees for ${aslatex(comparison.condition)}$"
    return "agrees"


@dataclass(frozen=True)
class Part:
    """A paragraph of a section: a heading (it may be empty), and text or displays, in LaTeX."""

    heading: str
    body: str


@dataclass(frozen=True)
class Parts:
    """What stands in a section: what was derived, and what the paper prints."""

    derived: tuple[Part, ...]
    printed: tuple[Part, ...]


def parts(solution: ClosedForm, *, names: Any = None, width: float = 455.0) -> Parts:
    """The system, its formulas, and the printed ones.

    Parameters
    ----------
    solution
    names : mapping of Symbol to str, optional
        As for :func:`symbattery.output.latex.results.aslatex`.
    width : float
        Of a line, in points.
    """
    derived = [Part("", description(solution, names))]
    stated = displays(solution, names=names, width=width)
    for name, heading in _HEADINGS:
        if stated[name]:
            derived.append(Part(f"{heading}.", stated[name]))
        elif name in ("maximum", "max_power"):
            derived.append(Part(f"{heading}.", "No closed form is derived for this case.\n"))
    printed = [
        Part(
            f"{comparison.reference}, ${comparison.quantity}$: {_verdict(comparison)}.",
            f"{comparison.remark}\n" + aslatex(comparison, names=names, width=width),
        )
        for comparison in comparisons(solution)
    ]
    return Parts(tuple(derived), tuple(printed))


def section(solution: ClosedForm, title: str, *, names: Any = None, width: float = 455.0) -> str:
    """One section: :func:`parts` under their headings."""
    both = parts(solution, names=names, width=width)
    lines = [rf"\section*{{{title}}}", *map(paragraph, both.derived)]
    if both.printed:
        lines.append(
            r"\subsection*{As printed by Huangfu and Jing (2021)}"
            "\nThe printed formulas, set beside the derived ones.\n"
        )
        lines += map(paragraph, both.printed)
    return "\n".join(lines)


def paragraph(part: Part) -> str:
    """A part with its heading in bold, and a line of its own where displays follow."""
    if not part.heading:
        return part.body
    return rf"\textbf{{{part.heading}}}" + ("\n" if part.body.startswith("\\") else " ") + part.body


def page(document: Any, columns: Any) -> Page:
    """The page of a document class.

    Raises
    ------
    InvalidArgument
        Neither ``"article"`` nor ``"revtex"``, or not 1 or 2 columns.
    """
    if document not in ("article", "revtex"):
        raise invalid("document", "be 'article', 'revtex' or None", document)
    if columns not in (1, 2) or isinstance(columns, bool):
        raise invalid("columns", "be 1 or 2", columns)
    return _PAGES[document, columns]


def document(
    sections: Iterable[str], title: str = "Closed forms", kind: str = "article", columns: int = 1
) -> str:
    """A standalone document of ``sections``."""
    body = "\n".join(sections)
    # revtex4-2 knows authors only within the document.
    head = "\\begin{document}\n" + rf"\title{{{title}}}" + "\n\\author{derived by symbattery}\n"
    head += "\\date{}\n" if kind == "article" else "\\noaffiliation\n"
    return (
        f"{page(kind, columns).opening}{_BODY}{head}\\maketitle\n\\raggedright\n{body}\n"
        "\\end{document}\n"
    )


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
        As for :func:`symbattery.output.latex.results.aslatex`.

    Raises
    ------
    InvalidArgument
        ``path`` cannot be written, or any other argument is not one of the above.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise invalid("path", "be the path of a file", path)
    target = Path(path)
    if target.is_dir():
        raise InvalidArgument(f"`path` must be a file, but is the folder {str(target)!r}")
    width = page(document_class or "revtex", columns).width
    if document_class is None:
        text = aslatex(solution, names=names, width=width)
    else:
        body = section(solution, title, names=names, width=width)
        text = document([body], title, document_class, columns)
    write_text(target, text)
    return target
