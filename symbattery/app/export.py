"""A solution as text in any form: LaTeX, source code, JSON; what ``symbattery export`` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Expr

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.states import dicke, fock
from symbattery.api import Solution, solve
from symbattery.core.latex_dispatch import aslatex
from symbattery.model import symbols
from symbattery.observables.function import quantities
from symbattery.output.code import LANGUAGES
from symbattery.output.data.formula_json import to_json
from symbattery.output.latex.results import QUANTITIES, equations

__all__ = ["FORMATS", "exported", "general"]

FORMATS = ("latex", *LANGUAGES, "json")


def general(
    cells: Any,
    *,
    chargers: Any = None,
    excited: Any = None,
    cavity: bool = False,
    photons: Any = None,
    anisotropy: Any = None,
    crosstalk: Any = None,
    cell_crosstalk: Any = None,
) -> Solution:
    """The solution for any number of cells, charged by spins or by a cavity.

    Parameters
    ----------
    cells : int
    chargers : int or symbol, optional
        Charger spins, N if left out; not with a cavity.
    excited : int or symbol, optional
        Charger spins up at the start, all if left out.
    cavity : bool
        Whether a cavity charges, starting with ``photons`` (as many as cells if left out).
    anisotropy, crosstalk, cell_crosstalk : real or symbol, optional
        0 if left out.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be, or does not go with the charger.
    UnsolvedError
        No closed form is derived for this model.
    """
    if cells is None:
        raise InvalidArgument("`cells` must be given where no sector is named")
    more = {
        "anisotropy": 0 if anisotropy is None else anisotropy,
        "cell_crosstalk": 0 if cell_crosstalk is None else cell_crosstalk,
    }
    foreign = (
        {"chargers": chargers, "excited": excited, "crosstalk": crosstalk}
        if cavity
        else {"photons": photons}
    )
    for name, value in foreign.items():
        if value is not None:
            raise invalid(name, f"be left out {'with' if cavity else 'without'} a cavity", value)
    if cavity:
        start = None if photons is None else fock(photons)
        return solve(CavityCharger(cells, **more), start)
    if excited is not None:
        checks.non_negative_integer("excited", excited, symbolic=True)
    spins = symbols.N if chargers is None else chargers
    model = SpinCharger(
        cells, spins, charger_crosstalk=0 if crosstalk is None else crosstalk, **more
    )
    return solve(model, None if excited is None else dicke(0, excited))


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
    given = _names(solution, names)
    if to != "latex":
        for name, value in (("width", width), ("names", given or None)):
            if value is not None:
                raise invalid(name, f"be left out for {to}", value)
    if to == "json":
        if quantity is not None:
            raise invalid("quantity", "be left out for json, which holds all of them", quantity)
        return to_json(solution)
    if to != "latex":
        return solution.source("energy" if quantity is None else quantity, language=to)
    return _latex(solution, quantity, given, None if width is None else _width(width))


def _names(solution: Solution, pairs: Iterable[str]) -> dict[Expr, str]:
    """Symbols of the solution and what they are called in LaTeX."""
    every: set[Any] = set().union(*(e.free_symbols for e in quantities(solution).values()))
    every |= set(solution.plain_definitions)
    every = every.union(*(v.free_symbols for v in solution.plain_definitions.values()))
    known = {symbol.name: symbol for symbol in every}
    found: dict[Expr, str] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not (mark and text):
            raise invalid("names", "be given as symbol=name", pair)
        checks.choice("names", name, sorted(known))
        if known[name] in found:
            raise InvalidArgument(f"`names` must name {name} once, but does so twice")
        found[known[name]] = text
    return found


def _width(text: str) -> Any:
    """A number of points, or the name of a width."""
    try:
        return float(text)
    except ValueError:
        return text


def _latex(solution: Solution, quantity: str | None, names: dict[Expr, str], width: Any) -> str:
    if quantity is not None:
        return solution.latex(quantity, names=names, width=width) + "\n"
    if width is not None:
        return _conditions(solution) + aslatex(solution, names=names, width=width) + "\n"
    rows = [row for name in QUANTITIES for row in equations(solution, name, names=names)]
    return _conditions(solution) + "\n".join(rows) + "\n"


def _conditions(solution: Solution) -> str:
    """For which parameters the formulas were derived, as a comment."""
    held = ", ".join(map(str, solution.assumptions))
    return f"% For {held}.\n" if held else ""
