"""Closed forms as source code of other languages: one self-contained function per quantity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numerics.model import checks
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.output.code.c import C
from symbattery.output.code.fortran import Fortran
from symbattery.output.code.header import header
from symbattery.output.code.javascript import JavaScript
from symbattery.output.code.julia import Julia
from symbattery.output.code.language import Language, Unit
from symbattery.output.code.lines import prose
from symbattery.output.code.octave import Octave
from symbattery.output.code.program import program
from symbattery.output.code.python import Python
from symbattery.output.code.samples import samples
from symbattery.output.code.stable_form import stable
from symbattery.output.code.wolfram import Wolfram

__all__ = ["LANGUAGES", "source"]

LANGUAGES: Mapping[str, type[Language]] = {
    "c": C,
    "fortran": Fortran,
    "julia": Julia,
    "javascript": JavaScript,
    "octave": Octave,
    "wolfram": Wolfram,
    "python": Python,
}


def source(solution: ClosedForm, name: str, language: str, **fixed: Any) -> str:
    """One quantity of a solution as source code, documented and with a self-check.

    The function takes the time and then the parameters by field name, all as real numbers. Named
    roots without a formula are computed by a small routine that goes with it, sums over a number
    of charger spins in loops.

    Parameters
    ----------
    solution : ClosedForm
    name : str
        ``"energy"``, ``"power"``, or ``"c0"``, ``"c1"``, … for an amplitude.
    language : str
        One of ``LANGUAGES``. Julia and Wolfram Language are not run in the tests.
    **fixed
        Parameters given in advance, by field name.

    Raises
    ------
    InvalidArgument
        An unknown name, language or parameter, or a value for which the formula does not hold.
    UnsolvedError
        The formula holds a function that is not written as source code.
    """
    checks.choice("language", language, tuple(LANGUAGES))
    computed = stable(solution)
    made = program(computed, name, fixed)
    lines = prose(header(computed, made, fixed))
    unit = Unit(made, tuple(lines), samples(solution, made, fixed))
    return LANGUAGES[language](unit).file()
