"""The explorer as one page that needs no network and no other file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from numerics.storage.files import output_folder, write_text
from symbattery.app.explorer.batteries import Battery, batteries
from symbattery.app.explorer.formulas import domain, formula, latex, python, run, symbattery_call
from symbattery.app.explorer.scripts import script

__all__ = ["NAME", "write_explorer"]

NAME = "explorer.html"

# What stands at the end of the LaTeX, as a comment.
_COMMENTS = {
    "spins": "% N = {chargers}, m = {excited}, g_1/g = {charger_crosstalk}: first peak E/omega_0 = "
    "{peak}\n",
    "cavity": "% n = {photons}: first peak E/omega_0 = {peak}\n",
}
_UNSOLVED = "no closed form while the sizes are symbols; solve with numbers, and ask maximum()"
_NO_CROSSTALK = (
    "For one and two cells. Three have the radicals of a quartic, four the roots of a quintic."
)
_MARK = re.compile(r"<!-- ([\w.]+) -->")


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
    write_text(path, _page(home))
    return path


def _page(home: str | None) -> str:
    link = "" if home is None else f'<a href="{escape(home)}">← Documentation</a>'
    parts = {"home": link and f'<p class="home">{link}</p>', **_derived()}

    def part(mark: re.Match[str]) -> str:
        name = mark.group(1)
        return parts[name] if name in parts else _resource(name)

    return _MARK.sub(part, _resource("explorer.html"))


@cache
def _derived() -> Mapping[str, str]:
    """What is the same in every page; it takes some seconds."""
    every = batteries()
    return {
        "version": version("symbattery"),
        "templates": "\n".join(_templates(battery) for battery in every),
        "texts": json.dumps(_texts(every), ensure_ascii=False).replace("</", "<\\/"),
        "cases": script(case for battery in every for case in battery.cases),
    }


def _resource(name: str) -> str:
    return (files("symbattery.app.explorer") / "page" / name).read_text(encoding="utf-8")


def _templates(battery: Battery) -> str:
    return "\n".join(
        f'<template id="formula-{case.key}">{formula(case)}</template>\n'
        f'<template id="domain-{case.key}">{domain(case)}</template>'
        for case in battery.cases
    )


def _texts(every: tuple[Battery, ...]) -> dict[str, Any]:
    """What the page shows of each battery and case besides numbers."""
    return {
        "batteries": {
            battery.key: {
                "crosstalk": battery.crosstalk,
                "cases": [case.key for case in battery.cases],
            }
            for battery in every
        },
        "cases": {
            case.key: {
                "latex": latex(case),
                "python": python(case),
                "run": run(case),
                "symbattery": symbattery_call(battery, case),
            }
            for battery in every
            for case in battery.cases
        },
        "comment": _COMMENTS,
        "unsolved": _UNSOLVED,
        "crosstalk": _NO_CROSSTALK,
    }
