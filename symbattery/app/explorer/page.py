"""The explorer as one page that needs no network and no other file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from numerics.storage.files import output_folder, write_file
from symbattery.api import Solution
from symbattery.app.explorer.cases import Battery, Case, batteries, h, units
from symbattery.app.explorer.curves import emitted
from symbattery.output.code.program import program, stable
from symbattery.output.code.writer import wrapped
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.results import displays
from symbattery.output.mathml import html, mathml

__all__ = ["NAME", "domain", "formula", "latex", "run", "symbattery_call", "write_explorer"]

NAME = "explorer.html"

# What is drawn below E; ``work`` for what is compared with it.
_SHOWN_BELOW: Mapping[str, Mapping[str, Any]] = {
    "power": {"label": "power P = E/t", "axis": "P/(gω₀)"},
    "rate": {"label": "power dE/dt", "axis": "(dE/dt)/(gω₀)"},
    "ergotropy": {"label": "ergotropy ℰ, all unitaries", "axis": "ℰ/ω₀", "work": True},
    "local": {"label": "ergotropy ℰ, cell by cell", "axis": "ℰ/ω₀, cell by cell", "work": True},
    "symmetric": {"label": "ergotropy ℰ, Dicke levels", "axis": "ℰ/ω₀, Dicke levels", "work": True},
    "variance": {"label": "variance of E", "axis": "Var E/ω₀²"},
    "entropy": {"label": "entropy S in nats", "axis": "S in nats"},
    "purity": {"label": "purity Tr ρ²", "axis": "Tr ρ²"},
    "negativity": {"label": "negativity with the charger", "axis": "negativity"},
}
_TEXTS = {
    "unsolved": "no formula holds for all sizes; maximum() of the lines below has it for these",
    "noisy": "no closed form with noise",
    "formless": "no closed form of this here",
    "late": "so late no digit is right in double precision",
    "crosstalk": "For one and two cells. Three have the radicals of a quartic, four the roots of a "
    "quintic.",
    "uncrossed": "Without noise only.",
    "equal": "Cells and charger lose at this rate: two cells and two charger spins have a closed "
    "form where all rates are equal.",
    "offered": "Short closed forms: with loss, one excitation (m = 1, n = 1) at any two rates, and "
    "two cells with two charger spins up at equal rates; with dephasing, one cell.",
    "refused": "Noise is off: this start has no short closed form with it. There are such for one "
    "excitation and for two cells with two charger spins up, and with dephasing for one cell.",
}
_OTHERS = "every other start has a form of its own"
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
    shown = {"home": home, "version": version("symbattery"), "quantities": _SHOWN_BELOW}
    return template.render(**shown, **_derived())


def script(cases: Iterable[Case]) -> str:
    """The cases in JavaScript, as the array ``CASES``; a script, or a CommonJS module."""
    every = [emitted(case) for case in cases]
    states: list[Mapping[str, str]] = []
    for case in every:
        states += [case["quantities"]] if case["quantities"] not in states else []
    text = _TEMPLATES.get_template("cases.js").render(cases=every, states=states)
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
                "comment": comment(battery, case),
                "python": case.computed.source("energy", language="python"),
                "run": run(case),
                "symbattery": symbattery_call(battery, case),
            }
            for battery, case in pairs
        },
        "quantities": _SHOWN_BELOW,
        **_TEXTS,
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
    every = _displays(case.solution)
    wanted = [name for name in order if name != "amplitudes" or "c_{" in every["energy"]]
    return "".join(every[name] for name in wanted if every.get(name))


@cache
def _displays(solution: Solution) -> Mapping[str, str]:
    return displays(solution, width=_WIDTH)


def formula(case: Case) -> str:
    """The formulas as MathML, E(t) first."""
    return html(latex(case, _SHOWN))


def comment(battery: Battery, case: Case) -> str:
    """The last line of the LaTeX, with fields to fill."""
    start = "n = {photons}" if battery.cavity else "N = {chargers}, m = {excited_chargers}"
    also = "" if battery.cavity or case.noise else ", g_1/g = {charger_crosstalk}"
    rates = "".join(f", {name}/g = {{{name}}}" for name in case.rates)
    return f"% {start}{also}{rates}: first peak E/omega_0 = {{peak}}\n"


def domain(case: Case) -> str:
    """For which parameters this form was derived, in HTML."""
    printer = AuthorPrinter()
    rows = case.solution.assumptions
    held = [printer.doprint(r.reversed if r.lhs.is_Number else r) for r in rows]
    # Of m ≥ 1 and m ≥ 3 only the second.
    where = [w for w in case.where.split(", ") if not any(r.startswith(w[:-1]) for r in held)]
    *rest, last = map(mathml, (*where, *held))
    whole = ", ".join([*rest, f'<span class="whole">{last};</span>'])
    others = "few other starts have a short one with noise" if case.noise else _OTHERS
    return f"This form holds for {whole} {others}."


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
    names = ["CavityCharger", "fock"] if battery.cavity else ["SpinCharger", "dicke"]
    names += ["solve", *([case.kind] if case.noise else [])]
    # An energy that never changes has no peak, and with noise there is no closed form of it.
    moves = case.solution.energy != 0 and not case.noise
    peak = 'print(s.maximum("first peak"))\n' if moves else ""
    return f"""\
from symbattery import {", ".join(sorted(names, key=lambda name: (name[0].islower(), name)))}

s = {case.call}
print(s.function("energy")({{time}}))
{peak}print(s.latex())
"""
