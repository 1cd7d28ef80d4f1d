"""Figures of merit in the report: judged by the numerical engine."""

import re

import pytest
from sympy import sympify

import numerics
from numerics.model.options import separated
from symbattery.app.catalogue import SECTORS
from symbattery.app.report.merits import COLUMNS, merits
from symbattery.model.exact_model import substituted


@pytest.mark.parametrize("sector", SECTORS, ids=lambda sector: sector.name)
def test_the_values_at_the_first_peak_are_those_of_the_numerical_engine(sector):
    made, solution = merits(sector), sector.derive()
    assert [row["label"] for row in made["rows"]] == list(sector.curves)
    for row, values in zip(made["rows"], sector.curves.values(), strict=True):
        put = {solution.parameters[name]: sympify(value) for name, value in values.items()}
        put |= {solution.parameters[name]: sympify(1) for name in ("coupling", "frequency")}
        model, start = substituted(solution.model, put), substituted(solution.initial, put)
        charged = numerics.charge(model, start)
        time = charged.first_peak().time
        assert row["time"] == pytest.approx(time, abs=6e-6)
        missing = {name for name, value in row["values"].items() if value is None}
        assert missing == (set() if solution.is_pure else {"negativity"})
        for name in COLUMNS.keys() - missing:
            quantity, options = separated(name)
            expected = float(getattr(charged, quantity)(time, **options))
            assert row["values"][name] == pytest.approx(expected, abs=6e-6), name


@pytest.mark.parametrize("sector", SECTORS, ids=lambda sector: sector.name)
def test_formulas_are_written_in_what_is_defined(sector):
    made = merits(sector)
    defined = set(re.findall(r"(?m)^(\\rho_\{\d\}|\\xi) &", made["populations"]))
    assert set(re.findall(r"\\rho_\{\d\}", made["formulas"])) <= defined
    assert (r"\xi" in made["populations"]) == (r"\xi" in defined)
    lines = made["formulas"].count("& =")
    assert lines == (7 if sector.derive().is_pure else 6)
