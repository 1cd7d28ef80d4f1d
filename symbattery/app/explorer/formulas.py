"""The formulas of a case as text: MathML for the page, LaTeX and Python to take along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from latex2mathml.converter import convert

from symbattery.app.explorer.batteries import Battery, Case, h
from symbattery.app.explorer.curves import units
from symbattery.output.code.program import program, stable
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.results import displays

__all__ = ["domain", "formula", "latex", "mathml", "python", "run", "symbattery_call"]

# Displays of a solution: in LaTeX every name is defined before its use, on the page E(t) leads.
_WRITTEN = ("definitions", "amplitudes", "energy", "maximum", "max_power")
_SHOWN = ("energy", "amplitudes", "definitions", "maximum", "max_power")
# The width of a telephone, at the size that formulas have there.
_WIDTH = "revtex-column"
_DISPLAY = re.compile(r"\\begin\{align\*\}.*?\\end\{align\*\}", re.DOTALL)
# The functions of LaTeX are set apart from what stands before them; those of MathML are not.
_TIGHT = re.compile(r"(?<=[\w}]) \\(sin|cos|tan|arcsin|arccos)\b")


def latex(case: Case, order: Sequence[str] = _WRITTEN) -> str:
    """The formulas in LaTeX; the amplitudes only where E(t) is written in them."""
    every = displays(case.solution, width=_WIDTH)
    wanted = [name for name in order if name != "amplitudes" or "c_{" in every["energy"]]
    return "".join(every[name] for name in wanted if every.get(name))


def mathml(text: str, display: str = "inline") -> str:
    """LaTeX as MathML, which a browser shows without any script."""
    return str(convert(_TIGHT.sub(r" \\,\\\1", text), display=display))


def formula(case: Case) -> str:
    """The formulas as MathML, E(t) first."""
    return "\n".join(mathml(text, "block") for text in _DISPLAY.findall(latex(case, _SHOWN)))


def domain(case: Case) -> str:
    """For which parameters this form was derived, in HTML."""
    printer = AuthorPrinter()
    rows = case.solution.assumptions
    held = [printer.doprint(r.reversed if r.lhs.is_Number else r) for r in rows]
    # Of m ≥ 1 and m ≥ 3 only the second.
    where = [w for w in case.where.split(", ") if not any(r.startswith(w[:-1]) for r in held)]
    *rest, last = (mathml(text) for text in (*where, *held))
    first = "".join(f"{text}, " for text in rest)
    return (
        f'This form holds for {first}<span class="whole">{last};</span> every other start has a '
        "form of its own."
    )


def python(case: Case) -> str:
    """A Python module of E(t) that needs nothing else."""
    return case.computed.source("energy", language="python")


def run(case: Case) -> str:
    """Lines for the end of that module that print one value, with fields to fill."""
    lines = ["", "    # E at gt = {time}, in units of the frequency"]
    if h in case.computed.parameters.values():
        lines.append("    # m = {m} of {chargers} charger spins are up, h = {h} are down")
    arguments = program(stable(case.computed), "energy", {}).arguments
    ones = units(case.computed)
    given = (f"{name}={'1.0' if name in ones else f'{{{name}}}'}" for name in arguments)
    return "\n".join([*lines, f"    print(energy({', '.join(['{time}', *given])}))", ""])


def symbattery_call(battery: Battery, case: Case) -> str:
    """The same with symbattery, with fields to fill."""
    names = "CavityCharger, fock, solve" if battery.cavity else "SpinCharger, dicke, solve"
    return "\n".join(
        [
            f"from symbattery import {names}",
            "",
            f"s = {case.call}",
            'print(s.function("energy")({time}))',
            'print(s.maximum("first peak"))',
            "print(s.latex())",
            "",
        ]
    )
