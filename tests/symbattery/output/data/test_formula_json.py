"""Formula sets as JSON: the round trip is exact, and any other document is refused."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import Rational, exp

from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    dicke,
    fock,
    from_json,
    mixture,
    product,
    single_cell,
    solve,
    thermal,
    thermal_charger,
    to_json,
    two_cells,
)
from symbattery.model.symbols import N, g_1, gamma, m, n, omega_C, p_1, t
from symbattery.output.data.formula_json import VERSION, document, formula_set
from symbattery.output.data.srepr import NODES
from symbattery.output.latex.results import aslatex

SOLUTIONS = {
    "one": single_cell,
    "gamma": lambda: single_cell(3, anisotropy=gamma),
    "detuned": lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)),
    "two": two_cells,
    "two-m": lambda: two_cells(excited=m),
    "thermal": thermal_charger,
    "thermal-N": lambda: solve(SpinCharger(3, N), product([0] * 3, [(p_1, N)])),
    "half-up": lambda: solve(SpinCharger(3, N), product([0] * 3, [(1, m), (0, N - m)])),
    "warm": lambda: solve(SpinCharger(1, 2), thermal(cell_population=p_1)),
    "mixed": lambda: solve(
        SpinCharger(2, N), mixture([(Rational(1, 3), dicke(0, N)), (Rational(2, 3), dicke(0, 1))])
    ),
    "three-3": lambda: solve(SpinCharger(3, 3)),
    "nine": lambda: solve(SpinCharger(9, N)),
    "cavity": lambda: solve(CavityCharger(3), fock(n)),
    "crosstalk": lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
    "numbers": lambda: solve(SpinCharger(2, 4, coupling=0.1, frequency=1.5)),
}


@pytest.mark.parametrize("name", SOLUTIONS)
def test_round_trip_is_exact(name):
    solution = SOLUTIONS[name]()
    made = formula_set(solution)
    text = to_json(solution)
    again = from_json(text)
    assert again == made
    assert to_json(again) == text
    assert again.quantities["energy"] == solution.energy
    assert list(again.definitions.items()) == list(solution.definitions.items())
    for quantity, expression in made.quantities.items():
        assert aslatex(again.quantities[quantity]) == aslatex(expression)
    # Equal solutions: the LaTeX, functions and maxima of one are those of the other.
    assert solve(again.model, again.initial) == solution


def test_functions_are_the_same_to_the_last_bit():
    again = from_json(to_json(two_cells()))
    energy = solve(again.model, again.initial).function("energy", chargers=4)
    assert [energy(x) for x in (0.1, 7.3)] == [
        two_cells().function("energy", chargers=4)(x) for x in (0.1, 7.3)
    ]


def test_any_quantity_of_the_table_is_carried():
    more = {"variance": t**2, "ergotropy_full": exp(-t), "p0": 1 - t, "c(1, 2)": N * t}
    made = formula_set(single_cell())
    made = replace(made, quantities={**made.quantities, **more})
    assert from_json(to_json(made)) == made


def test_checks_of_a_solution_are_kept():
    solution = two_cells()
    record = solution.verify(digits=20, points=2)
    again = from_json(to_json(solution, record, solution.comparisons()))
    assert again.comparisons == solution.comparisons()
    assert again.verification == {
        "digits_asked": 20,
        "digits": record.digits,
        "certified": record.certification.holds,
        "certification": str(record.certification),
        "routes": tuple(vars(route) for route in record.routes),
    }


def test_maximum_is_an_exact_number_again():
    solution = single_cell()
    again = from_json(to_json(solution)).max_power
    assert again.value.subs(N, 4).evalf(40) == solution.max_power().value.subs(N, 4).evalf(40)


def test_the_document_shows_a_true_example():
    page = (Path(__file__).parents[4] / "docs" / "formula-json.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"<!-- example -->\n```json\n(.*?)```", page, re.S)
    shown, made = from_json(example), formula_set(single_cell())
    assert {**vars(shown), "made_with": None} == {**vars(made), "made_with": None}
    (listed,) = re.findall(r"<!-- nodes -->\n(.*?)\n\n", page, re.S)
    assert re.findall(r"`(\w+)`", listed) == sorted(NODES)
    keys = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \|", page, re.M)
    assert [key for row in keys for key in row if key] == list(document(made))
    (session,) = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(compile(session, "formula-json.md", "exec"), {})


WHOLE = to_json(single_cell())


def changed(**new):
    return json.dumps({**json.loads(WHOLE), **new})


def within(key, **new):
    return changed(**{key: {**json.loads(WHOLE)[key], **new}})


def energy(text):
    return within("quantities", energy=text)


def versioned(text):
    return WHOLE.replace(f'"version": {VERSION}', f'"version": {text}')


# By the start of the error: who is wrong.
REFUSED = {
    "document": {
        "empty": "",
        "truncated": WHOLE[: len(WHOLE) // 2],
        "cut by a character": WHOLE.rstrip()[:-1],
        "followed by more": WHOLE + "{}",
        "a list": "[]",
        "null": "null",
        "a number": "1",
        "text": '"symbattery formulas"',
        "a huge number": versioned("1" + "0" * 5000),
        "an extra key": changed(code="print(1)"),
        "a key missing": json.dumps({k: v for k, v in json.loads(WHOLE).items() if k != "model"}),
        "a key twice": versioned(f'{VERSION}, "version": {VERSION}'),
        "nested lists": "[" * 100_000,
        "nested objects": '{"format":' * 50_000,
    },
    "version": {
        "not a number": versioned("NaN"),
        "infinite": versioned("-Infinity"),
        "another version": changed(version=1),
        "version as text": changed(version=str(VERSION)),
        "version as truth": changed(version=True),
        "version as a decimal": changed(version=float(VERSION)),
    },
    "format": {"another format": changed(format="pickle")},
    "made_with": {
        "programs as a list": changed(made_with=[]),
        "a program more": within("made_with", numpy="2"),
        "a long version": within("made_with", sympy="1" * 5000),
    },
    "model": {
        "model as text": changed(model="SpinCharger(1, 1)"),
        "model of another kind": within("model", kind="Popen"),
        "model with kind as a list": within("model", kind=["SpinCharger"]),
        "model with an extra field": within("model", shell="true"),
        "model that is none": within("model", cells="Integer(-1)"),
        "cells as a number": within("model", cells=1),
        "cells as a state": within("model", cells=json.loads(WHOLE)["initial"]),
        "cells as lists": within("model", cells=[["Integer(1)"] * 1000] * 100),
        "cells in lists": within("model", cells=json.loads("[" * 500 + "]" * 500)),
    },
    "initial": {
        "initial nested": changed(
            initial=json.loads(
                '{"kind":"Mixture","parts":[["Integer(1)",' * 20 + "null" + "]]}" * 20
            )
        ),
        "initial with a wrong field": within("initial", photons="Integer(1)"),
        "parts of one entry": changed(initial={"kind": "Mixture", "parts": [["Integer(1)"]]}),
        "parts without a state": changed(
            initial={"kind": "Mixture", "parts": [["Integer(1)"] * 2]}
        ),
        "populations of three": changed(
            initial={
                "kind": "Product",
                "cell_populations": [["Integer(1)"] * 3],
                "charger_populations": [],
            }
        ),
    },
    "assumptions": {
        "assumptions as text": changed(assumptions="true"),
        "assumption that is no condition": changed(assumptions=["Integer(1)"]),
        "assumption that is a symbol": changed(assumptions=["Symbol('x')"]),
    },
    "definitions": {
        "definitions as an object": changed(definitions={"xi": "Integer(1)"}),
        "definition of a number": changed(
            definitions=[{"name": "Integer(1)", "value": "Integer(1)"}]
        ),
        "definition twice": changed(
            definitions=[{"name": "Symbol('a')", "value": "Integer(1)"}] * 2
        ),
    },
    "quantities": {
        "quantities without energy": changed(quantities={"power": "Integer(0)"}),
        "quantities of another name": within("quantities", cx="Integer(0)"),
        "quantities of a name with a digit": within("quantities", power2="Integer(0)"),
        "quantities of a name that is code": within("quantities", **{"exit()": "Integer(0)"}),
        "quantity as null": energy(None),
        "quantity that is cut": energy("Add(Integer(1), Integer(2)"),
        "quantity that is a text": energy("'Integer(1)'"),
        "quantity that is a condition": energy("true"),
        "quantity that is code": energy("__import__('os').system('true')"),
        "quantity that is giant": energy("Pow(Integer(10), Integer(1000000000))"),
    },
    "maximum": {
        "maximum as a list": changed(maximum=[]),
        "maximum of another kind": within("maximum", kind="best"),
        "maximum nested": within("maximum", otherwise=1),
    },
    "comparisons": {
        "comparisons as an object": changed(comparisons={}),
        "a comparison that is text": changed(comparisons=["agrees"]),
        "a comparison that half agrees": changed(
            comparisons=[
                {
                    **dict.fromkeys(("reference", "quantity", "remark"), ""),
                    **{"printed": "pi", "derived": "pi", "condition": "true", "agrees": 1},
                }
            ]
        ),
    },
    "verification": {
        "verification as true": changed(verification=True),
        "verification with text": changed(
            verification={
                **{"digits_asked": "50", "digits": 50, "certified": True, "certification": ""},
                "routes": [],
            }
        ),
        "routes incomplete": changed(
            verification={
                **{"digits_asked": 5, "digits": 5, "certified": True, "certification": ""},
                "routes": [{"name": "x"}],
            }
        ),
    },
}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        pytest.param(key, text, id=name)
        for key, rows in REFUSED.items()
        for name, text in rows.items()
    ],
)
def test_anything_else_is_refused(key, text):
    with pytest.raises(InvalidArgument, match=rf"^`{key}[a-z_.]*`") as error:
        from_json(text)
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [None, 3, b"{}", ["{}"]])
def test_only_text_is_read(value):
    with pytest.raises(InvalidArgument, match="`text` must"):
        from_json(value)
