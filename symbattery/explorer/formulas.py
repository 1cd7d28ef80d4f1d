"""The formulas of a case as text: MathML for the page, LaTeX and Python to take along."""

from __future__ import annotations

import re
from collections.abc import Iterator

from numerics.checks import InvalidArgument
from symbattery.emit.latex import displays
from symbattery.emit.printing import AuthorPrinter
from symbattery.explorer.batteries import Battery, Case, h
from symbattery.explorer.scripts import PARAMETERS

__all__ = ["domain", "formula", "latex", "mathml", "python", "run", "symbattery_call"]

# Of the displays of a solution; the amplitudes only where E(t) is written in them.
_SHOWN = ("definitions", "amplitudes", "energy", "maximum", "max_power")
# The width of a telephone, at the size that formulas have there.
_WIDTH = "revtex-column"
_DISPLAY = re.compile(r"\\begin\{align\*\}.*?\\end\{align\*\}", re.DOTALL)
# The functions of LaTeX are set apart from what stands before them; those of MathML are not.
_TIGHT = re.compile(r"(?<=[\w}]) \\(sin|cos|tan|arcsin|arccos)\b")


def latex(case: Case) -> str:
    """The formulas in LaTeX, each named quantity before its use."""
    every = displays(case.solution, width=_WIDTH)
    wanted = [name for name in _SHOWN if name != "amplitudes" or "c_{" in every["energy"]]
    return "".join(every[name] for name in wanted if every.get(name))


def mathml(text: str, display: str = "inline") -> str:
    """LaTeX as MathML, which a browser shows without any script.

    Raises
    ------
    InvalidArgument
        latex2mathml is not installed.
    """
    try:
        from latex2mathml.converter import convert
    except ImportError:
        raise InvalidArgument(
            "the explorer needs latex2mathml to be installed: pip install 'symbattery[explorer]'"
        ) from None
    return str(convert(_TIGHT.sub(r" \\,\\\1", text), display=display))


def formula(case: Case) -> str:
    """The formulas as MathML."""
    return "\n".join(mathml(text, "block") for text in _DISPLAY.findall(latex(case)))


def domain(battery: Battery, case: Case) -> str:
    """For which parameters this form was derived, in HTML."""
    printer = AuthorPrinter()
    held = [printer.doprint(a.canonical) for a in case.solution.assumptions]
    every = [mathml(text) for text in (*filter(None, case.where.split(", ")), *held)]
    if not every:
        return "This form holds for every size."
    several = len(battery.cases) > 1
    return f"This form holds for {', '.join(every)}{'; others have one of their own' * several}."


def python(case: Case) -> str:
    """A Python module of E(t) that needs nothing else."""
    return case.computed.source("energy", language="python")


def run(case: Case) -> str:
    """Lines for the end of that module that print one value, with fields to fill."""
    names = tuple(_arguments(case))
    lines = ["", "    # E at gt = {time}, in units of the frequency"]
    if h in case.computed.parameters.values():
        lines.append("    # m = {m} of {chargers} charger spins are up, h = {h} are down")
    given = [name if name in ("coupling", "frequency") else f"{{{name}}}" for name in names]
    given = [f"{name}={'1.0' if value == name else value}" for name, value in zip(names, given)]
    return "\n".join([*lines, f"    print(energy({', '.join(['{time}', *given])}))", ""])


def _arguments(case: Case) -> Iterator[str]:
    """The arguments of the emitted function after the time."""
    from symbattery.emit.source.program import program
    from symbattery.emit.source.stable import stable

    yield from program(stable(case.computed), "energy", {}).arguments


def symbattery_call(battery: Battery, case: Case) -> str:
    """The same with symbattery, with fields to fill."""
    names = "CavityCharger, fock, solve" if battery.cavity else "SpinCharger, dicke, solve"
    return "\n".join(
        [
            f"from symbattery import {names}",
            "",
            f"s = {case.call}",
            'print(s.function("energy", coupling=1, frequency=1)({time}))',
            'print(s.maximum("first peak"))',
            "print(s.latex())",
            "",
        ]
    )
