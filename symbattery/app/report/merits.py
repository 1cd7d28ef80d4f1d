"""Figures of merit of a sector: formulas, and values at the first peak of the energy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sympy import Symbol, sympify

from numerics import charging
from numerics.model.checks import InvalidArgument
from symbattery.api import Solution
from symbattery.app.catalogue import Sector
from symbattery.core.expressions import UnsolvedError
from symbattery.model.exact_model import substituted
from symbattery.observables.quantities import quantities
from symbattery.observables.table import described
from symbattery.output.latex.equations import Statement, definitions, shown
from symbattery.output.latex.results import checked

__all__ = ["COLUMNS", "merits"]

COLUMNS: Mapping[str, str] = {
    "energy": r"E/\omega_0",
    "ergotropy": r"\mathcal{E}/\omega_0",
    "ergotropy(sense=local)": r"\mathcal{E}_{\text{local}}/\omega_0",
    "ergotropy(sense=symmetric)": r"\mathcal{E}_{\text{symmetric}}/\omega_0",
    "energy_variance": r"\operatorname{Var}H_B/\omega_0^2",
    "entropy": "S",
    "purity": r"\operatorname{Tr}\rho_B^2",
    "negativity": r"\mathcal{N}",
}
"""The quantities of the table, and their LaTeX in the units of the report."""
_WIDTH = 440.0
_PLACES = 5


def merits(sector: Sector) -> dict[str, Any]:
    """The figures of merit of the first solution of a sector, as LaTeX and as rows of numbers."""
    solution = sector.derive()
    setting = checked(solution, None, _WIDTH)
    populations = [
        *definitions(solution.definitions),
        *(Statement(rf"\rho_{{{k}}}", "=", p) for k, p in solution.populations.items()),
    ]
    return {
        "populations": shown(populations, setting),
        "formulas": shown([*_statements(solution)], setting),
        "rows": [
            {"label": label, **_values(solution, values)} for label, values in sector.curves.items()
        ],
    }


def _statements(solution: Solution) -> Iterator[Statement]:
    """The formulas in the eigenvalues of the battery's state, those of k excited cells."""
    every = quantities(solution)
    for name in COLUMNS:
        request = every.request(name)
        if request is None or request.row.function is None or not request.is_derived:
            continue
        put = {
            symbol: Symbol(f"rho_{symbol.name.rpartition('_')[2]}", nonnegative=True)
            for symbol in request.formula.free_symbols
            if symbol.name.startswith("_population_")
        }
        yield Statement(described(name).latex, "=", request.formula.xreplace(put))


def _values(solution: Solution, values: Mapping[str, Any]) -> dict[str, Any]:
    """The time of the first peak, and the closed forms there; None where there is none."""
    put = {solution.parameters[name]: sympify(value) for name, value in values.items()}
    put |= {solution.parameters[name]: sympify(1) for name in ("coupling", "frequency")}
    model, start = substituted(solution.model, put), substituted(solution.initial, put)
    time = charging.charge(model, start).first_peak().time

    def value(name: str) -> float | None:
        try:
            return round(float(solution.function(name, **values)(time)), _PLACES)
        except (InvalidArgument, UnsolvedError):
            return None

    every = {name: value(name) for name in COLUMNS}
    return {"time": round(time, _PLACES), "values": every}
