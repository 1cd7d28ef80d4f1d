"""Closed forms as source code of other languages: one self-contained function per quantity."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numerics.model import checks
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.exact_model import require_parameters
from symbattery.observables.quantities import named
from symbattery.output.code.documentation import Samples, header, samples
from symbattery.output.code.languages import LANGUAGES, Language
from symbattery.output.code.program import Program, fixed_values, program, stable
from symbattery.output.code.writer import Writer, prose

__all__ = ["LANGUAGES", "Language", "source"]


@lru_cache(maxsize=64, typed=True)
def _in_any_language(
    solution: ClosedForm, name: str, parameters: tuple[str, ...], *values: Any
) -> tuple[Program, str, Samples]:
    """The program, its documentation and the values that it is checked against."""
    fixed = dict(zip(parameters, values, strict=True))
    made = program(solution, name, fixed)
    return made, prose(header(solution, made, fixed)), samples(solution, made, fixed)


def source(solution: ClosedForm, name: str, language: str, **fixed: Any) -> str:
    """One quantity of a solution as source code, documented and with a self-check.

    The function takes the time and then the parameters by field name, all as real numbers. Named
    roots without a formula are computed by a small routine that goes with it, sums over a number
    of charger spins in loops.

    Parameters
    ----------
    solution : ClosedForm
    name : str
        A row of the table of observables, perhaps with options (``"entropy(order=2)"``), or
        ``"p0"``, ``"c0"``, … for a population or an amplitude.
    language : str
        One of ``LANGUAGES``. Julia and Wolfram Language are not run in the tests.
    **fixed
        Options of the quantity, and parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, language or parameter, or a value for which the formula does not hold.
    UnsolvedError
        The formula holds a function that is not written as source code, or there is none.
    """
    checks.choice("language", language, tuple(LANGUAGES))
    require_parameters(solution.model)
    computed = stable(solution)
    name, fixed = named(computed, name, fixed)
    fixed_values(computed, fixed)
    made, documentation, checked = _in_any_language(computed, name, (*fixed,), *fixed.values())
    return Writer(LANGUAGES[language], made).file(documentation, checked)
