r"""A LaTeX document of solutions: what was solved, the formulas, and what the paper prints."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sympy import Expr, S

from numerics.checks import InvalidArgument, invalid
from numerics.models import SpinCharger
from numerics.states import Dicke, Fock, Mixture, Product, Thermal
from symbattery import symbols
from symbattery.emit.latex import aslatex, equations
from symbattery.files import write_text

if TYPE_CHECKING:
    from numerics.states import InitialState
    from symbattery.printed import Comparison
    from symbattery.solutions import Solution

__all__ = ["document", "section", "write"]

_PREAMBLE = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{amsmath}
\usepackage[a4paper,margin=25mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\allowdisplaybreaks
"""

# About what a display of this page holds, in glyphs of the typeset formula.
_GLYPHS_PER_LINE = 62

_HEADINGS = (
    ("definitions", "Named quantities"),
    ("amplitudes", "Amplitudes, in the frame that rotates with the energy of the start"),
    ("energy", "Stored energy"),
    ("power", "Average charging power"),
    ("maximum", "Largest stored energy"),
    ("max_power", "Largest average power"),
)


def _glyphs(latex: str) -> int:
    """A rough width of typeset mathematics: numerators and denominators share their place."""
    text = re.sub(r"\\text\{([^}]*)\}", r"\1", latex)
    previous = ""
    while text != previous:
        previous = text
        text = re.sub(
            r"\\frac\{([^{}]*)\}\{([^{}]*)\}", lambda f: max(f[1], f[2], key=_glyphs_flat), text
        )
        text = re.sub(r"\{([^{}]*)\}", r"\1", text)
    return _glyphs_flat(text)


def _glyphs_flat(text: str) -> int:
    text = re.sub(r"\\(left|right|quad|displaystyle)\b", " ", text)
    return len(re.sub(r"\s|[\^_{}]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


def _split(latex: str, separator: str) -> list[str]:
    """Split outside of all brackets; the separator stays with the part it opens."""
    parts, depth, start = [], 0, 0
    brackets = r"\\(?:begin|end)\{cases\}|\\left|\\right|[{}()\[\]]|"
    for match in re.finditer(brackets + separator, latex):
        token = match[0]
        if token.endswith("{cases}"):
            depth += 1 if token.startswith(r"\begin") else -1
        elif token in "{([":
            depth += 1
        elif token in "})]":
            depth -= 1
        elif token not in (r"\left", r"\right"):
            if depth == 0 and match.start() > start:
                parts.append(latex[start : match.start()].strip())
                start = match.start()
            # A separator may open a bracket itself.
            depth += sum(token.count(b) for b in "{([") - sum(token.count(b) for b in "})]")
    return [*parts, latex[start:].strip()]


def _lines(equation: str) -> list[str]:
    """An equation on as many lines as it needs: before remarks, then signs, then brackets."""
    pieces = [equation]
    for separator in (r"(?<!^)\\quad", r" [+-] ", r" \\left\[| = "):
        pieces = [
            part
            for piece in pieces
            for part in (
                _split(piece, separator)
                if _glyphs(piece) > _GLYPHS_PER_LINE and not _is_remark(piece)
                else [piece]
            )
        ]
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if _glyphs(lines[-1] + piece) <= _GLYPHS_PER_LINE:
            lines[-1] += " " + piece
        else:
            lines.append(piece)
    return lines


def _is_remark(piece: str) -> bool:
    return piece.startswith(r"\quad\text")


def _continued(line: str) -> str:
    """A line that opens with a bracket multiplies the one above."""
    return rf"\times {line}" if line.startswith(r"\left[") else line


def display(rows: Sequence[str]) -> str:
    """Equations as one aligned display, long ones broken at their signs."""
    if not rows:
        return ""
    written = []
    for row in rows:
        first, *others = _lines(row)
        written.append(rf"&{first}")
        written += [rf"&\qquad {_continued(line)}" for line in others]
    return "\\begin{align*}\n" + " \\\\\n".join(written) + "\n\\end{align*}\n"


def _inline(value: Expr | int) -> str:
    return f"${aslatex(S(value))}$"


def _population(value: Any) -> str:
    if not isinstance(value, tuple):
        return _inline(value)
    population, count = value
    return f"{_inline(population)} for each of {_inline(count)} spins"


def _start(initial: InitialState) -> str:
    if isinstance(initial, Dicke):
        return (
            f"the symmetric state with {_inline(initial.cells)} excited cells and "
            f"{_inline(initial.chargers)} excited charger spins"
        )
    if isinstance(initial, Fock):
        return f"{_inline(initial.photons)} photons and {_inline(initial.cells)} excited cells"
    if isinstance(initial, Product):
        cells = ", ".join(map(_population, initial.cell_populations))
        chargers = ", ".join(map(_population, initial.charger_populations))
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
        named = [f"{words} {_inline(value)}" for words, value in sides if value is not None]
        return "a thermal state: " + ", ".join(named)
    assert isinstance(initial, Mixture)
    parts = [f"{_start(part)} (weight {_inline(weight)})" for weight, part in initial.parts]
    return "a mixture of " + "; ".join(parts)


def description(solution: Solution) -> str:
    """What was solved, in one sentence of LaTeX."""
    model = solution.model
    charger = (
        f"${aslatex(S(model.chargers))}$ charger spins"
        if isinstance(model, SpinCharger)
        else "a cavity mode"
    )
    gamma = S(model.anisotropy)
    anisotropy = rf"any $\gamma={aslatex(gamma)}$" if gamma.free_symbols else rf"$\gamma={gamma}$"
    details = [f"$M={model.cells}$ cells", charger, anisotropy.replace(r"=\gamma", "")]
    if model.charger_frequency != model.frequency:
        details.append(f"charger frequency ${aslatex(S(model.charger_frequency))}$")
    for name, words, usual in (
        ("coupling", "coupling", symbols.g),
        ("frequency", "frequency", symbols.omega_0),
        ("charger_crosstalk", "crosstalk of the charger spins", 0),
        ("cell_crosstalk", "crosstalk of the cells", 0),
    ):
        value = getattr(model, name, usual)
        if value != usual:
            details.append(f"{words} ${aslatex(S(value))}$")
    held = [f"${aslatex(assumption)}$" for assumption in solution.assumptions]
    under = f" Assumed: {', '.join(held)}." if held else ""
    return f"{', '.join(details)}, starting from {_start(solution.initial)}.{under}\n"


def _verdict(comparison: Comparison) -> str:
    if not comparison.agrees:
        return "does not agree"
    if comparison.condition != S.true:
        return rf"agrees for ${aslatex(comparison.condition)}$"
    return "agrees"


def _comparison_text(comparison: Comparison) -> str:
    name = comparison.quantity
    verdict = _verdict(comparison)
    head = rf"\textbf{{{comparison.reference}}}, ${name}$: {verdict}. {comparison.remark}"
    rows = [rf"\text{{printed: }} {name} = {comparison.as_printed}"]
    if not comparison.agrees or comparison.remark:
        rows.append(rf"\text{{derived: }} {name} = {aslatex(comparison.derived)}")
    return head + "\n" + display(rows)


def section(solution: Solution, title: str) -> str:
    """One section: the system, its formulas, and the printed ones beside them."""
    parts = [rf"\section*{{{title}}}", description(solution)]
    for name, heading in _HEADINGS:
        rows = equations(solution, name)
        if rows:
            parts.append(rf"\textbf{{{heading}.}}" + "\n" + display(rows))
        elif name in ("maximum", "max_power"):
            parts.append(rf"\textbf{{{heading}.}} No closed form is derived for this case." + "\n")
    compared = solution.comparisons()
    if compared:
        parts.append(
            r"\subsection*{As printed by Huangfu and Jing (2021)}"
            "\nThe printed formulas, set beside the derived ones.\n"
        )
        parts += [_comparison_text(comparison) for comparison in compared]
    return "\n".join(parts)


def document(sections: Iterable[str], title: str = "Closed forms") -> str:
    """A standalone article of ``sections``."""
    body = "\n".join(sections)
    return (
        f"{_PREAMBLE}\\title{{{title}}}\n\\date{{}}\n\\author{{derived by symbattery}}\n"
        f"\\begin{{document}}\n\\maketitle\n{body}\n\\end{{document}}\n"
    )


def write(path: str | Path, solution: Solution, title: str = "Closed form") -> Path:
    """Write the document of one solution to ``path``.

    Raises
    ------
    InvalidArgument
        ``path`` cannot be written.
    """
    if not isinstance(path, str | Path) or not str(path):
        raise invalid("path", "be the path of a file", path)
    target = Path(path)
    if target.is_dir():
        raise InvalidArgument(f"`path` must be a file, but is the folder {str(target)!r}")
    text = document([section(solution, title)], title)
    write_text(target, text)
    return target
