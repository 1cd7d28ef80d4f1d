"""A solution as text in any form: LaTeX, source code, JSON; what ``symbattery export`` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from inspect import signature
from itertools import chain
from typing import Any

from sympy import Expr

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import dicke, fock
from symbattery import symbols
from symbattery.api import Solution, solve
from symbattery.core.latex_dispatch import aslatex
from symbattery.observables.table import quantities
from symbattery.output.code import LANGUAGES, source
from symbattery.output.data.formula_json import to_json
from symbattery.output.latex.results import QUANTITIES, equations

__all__ = ["FORMATS", "exported", "general"]


def _left_out(given: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    for name in names:
        if given.get(name) is not None:
            raise invalid(name, f"be left out {where}", given[name])


def general(cells: Any, *, cavity: bool = False, **options: Any) -> Solution:
    """The solution for any number of cells, charged by spins or by a cavity.

    Parameters
    ----------
    cells : int
    cavity : bool
        A cavity charges, starting with ``photons`` (as many as cells if left out).
    **options
        ``chargers`` (N if left out) and ``excited_chargers`` (all if left out) of charger spins,
        with their ``crosstalk``; ``photons`` of a cavity; ``anisotropy`` and ``cell_crosstalk``.
        Numbers or symbols; None is as good as left out.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be, or does not go with the charger.
    UnsolvedError
        No closed form is derived for this model.
    """
    if cells is None:
        raise InvalidArgument("`cells` must be given where no sector is named")
    foreign = ("chargers", "excited_chargers", "crosstalk") if cavity else ("photons",)
    _left_out(options, foreign, f"{'with' if cavity else 'without'} a cavity")
    given = {name: value for name, value in options.items() if value is not None}
    if cavity:
        photons = given.pop("photons", None)
        return solve(CavityCharger(cells, **given), None if photons is None else fock(photons))
    start = None
    if "excited_chargers" in given:
        excited = given.pop("excited_chargers")
        start = dicke(0, checks.non_negative_integer("excited_chargers", excited, symbolic=True))
    given["charger_crosstalk"] = given.pop("crosstalk", 0)
    return solve(SpinCharger(cells, given.pop("chargers", symbols.N), **given), start)


def exported(
    solution: Solution,
    to: str,
    quantity: str | None = None,
    *,
    width: str | None = None,
    names: Iterable[str] = (),
) -> str:
    """A solution in one of ``FORMATS``, ending in a line end.

    Parameters
    ----------
    solution : Solution
    to : str
    quantity : str, optional
        Source code is of one quantity, the energy if left out; LaTeX of all of them. Not for JSON.
    width : str, optional
        Of a line of LaTeX: a name, or a number of points.
    names : iterable of str
        Names in LaTeX, each as ``symbol=name``.

    Raises
    ------
    InvalidArgument
        Something is not what it must be, or does not go with the format.
    """
    checks.choice("to", to, FORMATS)
    options = {"quantity": quantity, "width": width, "names": tuple(names) or None}
    taken = signature(FORMATS[to]).parameters
    _left_out(options, (name for name in options if name not in taken), f"for {to}")
    given = {name: value for name, value in options.items() if value is not None}
    return FORMATS[to](solution, **given)


def _latex(
    solution: Solution,
    quantity: str | None = None,
    width: str | None = None,
    names: Iterable[str] = (),
) -> str:
    options: dict[str, Any] = {"names": _names(solution, names), "width": _width(width)}
    if quantity is not None:
        return solution.latex(quantity, **options) + "\n"
    held = ", ".join(map(str, solution.assumptions))
    conditions = f"% For {held}.\n" if held else ""
    if width is not None:
        return conditions + aslatex(solution, **options) + "\n"
    every = (equations(solution, name, names=options["names"]) for name in QUANTITIES)
    return conditions + "\n".join(chain.from_iterable(every)) + "\n"


def _names(solution: Solution, pairs: Iterable[str]) -> dict[Expr, str]:
    """Symbols of the solution and their names in LaTeX."""
    defined = solution.plain_definitions
    written = (*quantities(solution).values(), *defined, *defined.values())
    known = {symbol.name: symbol for value in written for symbol in value.free_symbols}
    named: dict[Expr, str] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not (mark and text):
            raise invalid("names", "be given as symbol=name", pair)
        checks.choice("names", name, sorted(known))
        if known[name] in named:
            raise InvalidArgument(f"`names` must name {name} once, but does so twice")
        named[known[name]] = text
    return named


def _width(text: str | None) -> Any:
    """A number of points, or the name of a width."""
    try:
        return text if text is None else float(text)
    except ValueError:
        return text


def _code(language: str, solution: Solution, quantity: str = "energy") -> str:
    return source(solution, quantity, language)


FORMATS: Mapping[str, Callable[..., str]] = {
    "latex": _latex,
    **{language: partial(_code, language) for language in LANGUAGES},
    "json": lambda solution: to_json(solution),
}
"""The forms of ``--to``: what writes each, with the options that it takes."""
