"""Formula sets as JSON: the round trip is exact, and hostile text is refused, not evaluated."""

import builtins
import json
import os
import re
from pathlib import Path

import pytest
from sympy import Function, Rational, Symbol, srepr

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
from symbattery.model.symbols import N, g_1, gamma, m, n, omega_C, p_1
from symbattery.output.data import srepr as reader
from symbattery.output.data.formula_json import FormulaSet, formula_set

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
    assert dict(again.definitions) == dict(solution.definitions)
    assert list(again.definitions) == list(solution.definitions)
    assert solve(again.model, again.initial) == solution


def test_what_verified_it_is_kept():
    solution = two_cells()
    record = solution.verify(digits=20, points=2)
    again = from_json(to_json(solution, record))
    assert again.verification["digits_asked"] == 20
    assert [r["name"] for r in again.verification["routes"]] == [r.name for r in record.routes]


def test_maximum_is_an_exact_number_again():
    solution = single_cell()
    again = from_json(to_json(solution)).max_power
    assert again.value.subs(N, 4).evalf(40) == solution.max_power().value.subs(N, 4).evalf(40)


def test_the_document_shows_a_true_example():
    page = (Path(__file__).parents[3] / "docs" / "formula-json.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"<!-- example -->\n```json\n(.*?)```", page, re.S)
    shown, made = from_json(example), formula_set(single_cell())
    assert {**vars(shown), "made_with": None} == {**vars(made), "made_with": None}
    (listed,) = re.findall(r"<!-- nodes -->\n(.*?)\n\n", page, re.S)
    assert re.findall(r"`(\w+)`", listed) == sorted(reader.NODES)
    (session,) = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(compile(session, "formula-json.md", "exec"), {})


def document():
    return json.loads(to_json(single_cell()))


def changed(**new):
    return json.dumps({**document(), **new})


def without(key):
    return json.dumps({k: v for k, v in document().items() if k != key})


def energy(text):
    made = document()
    made["quantities"]["energy"] = text
    return json.dumps(made)


def within(key, **new):
    return changed(**{key: {**document()[key], **new}})


WHOLE = to_json(single_cell())

HOSTILE = {
    "empty": "",
    "truncated": WHOLE[: len(WHOLE) // 2],
    "cut by a character": WHOLE.rstrip()[:-1],
    "followed by more": WHOLE + "{}",
    "a list": "[]",
    "null": "null",
    "a number": "1",
    "text": '"symbattery formulas"',
    "not a number": WHOLE.replace('"version": 2', '"version": NaN'),
    "infinite": WHOLE.replace('"version": 2', '"version": -Infinity'),
    "a huge number": WHOLE.replace('"version": 2', '"version": 2' + "0" * 5000),
    "another version": changed(version=1),
    "version as text": changed(version="2"),
    "version as truth": changed(version=True),
    "version as a decimal": changed(version=2.0),
    "another format": changed(format="pickle"),
    "an extra key": changed(code="print(1)"),
    "a key missing": without("definitions"),
    "a key twice": WHOLE.replace('"version": 2', '"version": 2, "version": 2'),
    "nested lists": "[" * 100_000,
    "nested objects": '{"format":' * 50_000,
    "model as text": changed(model="SpinCharger(1, 1)"),
    "model of another kind": within("model", kind="Popen"),
    "model with kind as a list": within("model", kind=["SpinCharger"]),
    "model with an extra field": within("model", shell="true"),
    "model that is none": within("model", cells="Integer(-1)"),
    "cells as a number": within("model", cells=1),
    "initial nested": changed(
        initial=json.loads('{"kind":"Mixture","parts":[["Integer(1)",' * 20 + "null" + "]]}" * 20)
    ),
    "initial with a wrong field": within("initial", photons="Integer(1)"),
    "assumptions as text": changed(assumptions="true"),
    "assumption that is no condition": changed(assumptions=["Integer(1)"]),
    "definitions as an object": changed(definitions={"xi": "Integer(1)"}),
    "definition of a number": changed(definitions=[{"name": "Integer(1)", "value": "Integer(1)"}]),
    "definition twice": changed(definitions=[{"name": "Symbol('a')", "value": "Integer(1)"}] * 2),
    "quantities without energy": changed(quantities={"power": "Integer(0)"}),
    "quantities of another name": within("quantities", cx="Integer(0)"),
    "quantity as null": energy(None),
    "maximum as a list": changed(maximum=[]),
    "maximum of another kind": within("maximum", kind="best"),
    "maximum nested": changed(maximum={**document()["maximum"], "otherwise": 1}),
    "verification as true": changed(verification=True),
    "verification with text": changed(verification={"digits_asked": "50", "routes": []}),
    "routes incomplete": changed(verification={"digits_asked": 5, "routes": [{"name": "x"}]}),
    "quantity that is no expression": energy("Add(Integer(1), Integer(2)"),
    "quantity that is a text": energy("'Integer(1)'"),
    "quantity that is a condition": energy("true"),
    "quantity as code": energy("__import__('os').system('true')"),
    "quantity that is giant": energy("Pow(Integer(10), Integer(1000000000))"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_refused(name, monkeypatch):
    def executed(*_):
        raise AssertionError(f"{name}: something was executed")

    for home, function in ((builtins, "eval"), (builtins, "exec"), (os, "system")):
        monkeypatch.setattr(home, function, executed)
    with pytest.raises(InvalidArgument, match=r"^`[a-z_.]+`") as error:
        from_json(HOSTILE[name])
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [None, 3, b"{}", ["{}"]])
def test_only_text_is_read(value):
    with pytest.raises(InvalidArgument, match="`text` must"):
        from_json(value)


def test_a_formula_set_is_written_as_it_was_read():
    made = from_json(WHOLE)
    assert isinstance(made, FormulaSet)
    assert to_json(made) == WHOLE
