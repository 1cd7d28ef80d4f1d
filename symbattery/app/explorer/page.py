"""The explorer as one page that needs no network and no other file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from numerics.storage.files import output_folder, write_file
from symbattery.app.explorer.curves import Battery, Case, batteries, emitted, h, units
from symbattery.output.code.program import program, stable
from symbattery.output.code.writer import wrapped
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.results import displays
from symbattery.output.mathml import html, mathml

__all__ = ["NAME", "domain", "formula", "latex", "run", "symbattery_call", "write_explorer"]

NAME = "explorer.html"

# What stands at the end of the LaTeX, as a comment.
_COMMENTS = {
    "spins": "% N = {chargers}, m = {excited_chargers}, g_1/g = {charger_crosstalk}: first peak "
    "E/omega_0 = {peak}\n",
    "cavity": "% n = {photons}: first peak E/omega_0 = {peak}\n",
}
_UNSOLVED = "no formula holds for all sizes; maximum() of the lines below has it for these"
_LATE = "so late no digit is right in double precision"
_NO_CROSSTALK = (
    "For one and two cells. Three have the radicals of a quartic, four the roots of a quintic."
)
# Displays of a solution: in LaTeX every name is defined before its use, on the page E(t) leads.
_WRITTEN = ("definitions", "amplitudes", "energy", "maximum", "max_power")
_SHOWN = ("energy", "amplitudes", "definitions", "maximum", "max_power")
# The width of a telephone, at the size that formulas have there.
_WIDTH = "revtex-column"
_LOADER = PackageLoader("symbattery.app.explorer", "templates")
_TEMPLATES = Environment(
    loader=_LOADER, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_TEMPLATES.globals["own"] = lambda name: _LOADER.get_source(_TEMPLATES, name)[0]


def write_explorer(directory: str | Path, home: str | None = None) -> Path:
    """Write ``explorer.html`` to ``directory``; it works from the file system.

    Parameters
    ----------
    directory : path
        Made if need be.
    home : str, optional
        Address of the pages around it, to link back to.

    Raises
    ------
    InvalidArgument
        The folder cannot be written.
    """
    folder = output_folder(directory, [NAME])
    path = folder / NAME
    write_file(path, _page(home))
    return path


def _page(home: str | None) -> str:
    template = _TEMPLATES.get_template("explorer.html")
    return template.render(home=home, version=version("symbattery"), **_derived())


def script(cases: Iterable[Case]) -> str:
    """The cases in JavaScript, as the array ``CASES``; a script, or a CommonJS module."""
    text = _TEMPLATES.get_template("cases.js").render(cases=[emitted(case) for case in cases])
    return "\n".join(part for line in text.split("\n") for part in wrapped(line, "//"))


@cache
def _derived() -> Mapping[str, str]:
    """The parts that are the same in every page; they take some seconds."""
    every = batteries()
    pairs = [(battery, case) for battery in every for case in battery.cases]
    texts = {
        "batteries": {
            one.key: {"crosstalk": one.crosstalk, "cases": [case.key for case in one.cases]}
            for one in every
        },
        "cases": {
            case.key: {
                "latex": latex(case),
                "python": case.computed.source("energy", language="python"),
                "run": run(case),
                "symbattery": symbattery_call(battery, case),
            }
            for battery, case in pairs
        },
        "comment": _COMMENTS,
        "unsolved": _UNSOLVED,
        "late": _LATE,
        "crosstalk": _NO_CROSSTALK,
    }
    return {
        "templates": "\n".join(
            f'<template id="formula-{case.key}">{formula(case)}</template>\n'
            f'<template id="domain-{case.key}">{domain(case)}</template>'
            for _, case in pairs
        ),
        "texts": json.dumps(texts, ensure_ascii=False).replace("</", "<\\/"),
        "cases": script(case for _, case in pairs),
    }


def latex(case: Case, order: Sequence[str] = _WRITTEN) -> str:
    """The formulas in LaTeX; the amplitudes only where E(t) is written in them."""
    every = displays(case.solution, width=_WIDTH)
    wanted = [name for name in order if name != "amplitudes" or "c_{" in every["energy"]]
    return "".join(every[name] for name in wanted if every.get(name))


def formula(case: Case) -> str:
    """The formulas as MathML, E(t) first."""
    return html(latex(case, _SHOWN))


def domain(case: Case) -> str:
    """For which parameters this form was derived, in HTML."""
    printer = AuthorPrinter()
    rows = case.solution.assumptions
    held = [printer.doprint(r.reversed if r.lhs.is_Number else r) for r in rows]
    # Of m ≥ 1 and m ≥ 3 only the second.
    where = [w for w in case.where.split(", ") if not any(r.startswith(w[:-1]) for r in held)]
    *rest, last = map(mathml, (*where, *held))
    whole = ", ".join([*rest, f'<span class="whole">{last};</span>'])
    return f"This form holds for {whole} every other start has a form of its own."


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
    # An energy that never changes has no peak.
    peak = 'print(s.maximum("first peak"))\n' if case.solution.energy != 0 else ""
    return f"""\
from symbattery import {names}

s = {case.call}
print(s.function("energy")({{time}}))
{peak}print(s.latex())
"""
