"""The page as a file: whole, self-contained, and with texts that run."""

import json
import re
import subprocess
import sys

import mpmath
import pytest

import numerics
from numerics import SpinCharger, dephasing, dicke, loss
from numerics.model.checks import InvalidArgument
from symbattery.app.cli import main
from symbattery.app.explorer import write_explorer
from symbattery.app.explorer.cases import batteries
from symbattery.app.explorer.page import comment, formula, latex, run, symbattery_call
from tests.symbattery.app.elements import Elements
from tests.systems import taylor

CASES = {case.key: (battery, case) for battery in batteries() for case in battery.cases}


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return write_explorer(tmp_path_factory.mktemp("explorer")).read_text(encoding="utf-8")


def test_the_page_is_whole_and_needs_nothing_else(text):
    elements = Elements(text)
    assert elements.open == []
    for _, attributes in elements.tags:
        assert "src" not in attributes
        assert (attributes.get("href") or "data:,").startswith("data:")
    assert re.search(r"<!-- |\{\{|\{%", text) is None
    assert {f"formula-{key}" for key in CASES} <= elements.identifiers
    assert re.search(r"url\(|@import|fetch\(|XMLHttpRequest", text) is None


def test_a_link_leads_back(tmp_path):
    page = write_explorer(tmp_path, home="index.html").read_text(encoding="utf-8")
    assert '<a href="index.html">' in page


@pytest.mark.parametrize("key", CASES)
def test_the_formula_is_the_one_in_latex(key):
    """Nothing of LaTeX is left unread, and the sides of every equation are there."""
    _, case = CASES[key]
    shown = formula(case)
    assert "\\" not in shown
    equations = latex(case).count("& =") + latex(case).count(r"\equiv")
    assert shown.count("&#x0003D;") + shown.count("&#x02261;") >= equations > 0
    assert "merror" not in shown


@pytest.mark.parametrize(
    "key",
    ["spins-1-crosstalk-m", "spins-2-m", "spins-2-crosstalk-m", "spins-3-all", "spins-4-m",
     "spins-4-2", "spins-2-0"],
)  # fmt: skip
def test_python_runs_as_it_is(key, tmp_path):
    battery, case = CASES[key]
    chargers, excited = 9, {"all": 9, "0": 0, "2": 2}.get(key.rsplit("-", 1)[1], 7)
    crosstalk = 0.25 if "crosstalk" in key else 0
    given = {
        "time": 0.31, "chargers": chargers, "excited_chargers": excited, "m": excited,
        "h": chargers - excited, "charger_crosstalk": crosstalk,
    }  # fmt: skip
    path = tmp_path / "energy.py"
    path.write_text(
        case.computed.source("energy", language="python") + run(case).format(**given),
        encoding="utf-8",
    )
    printed = subprocess.run(
        [sys.executable, "-W", "error", "-I", path], capture_output=True, text=True, check=True
    ).stdout.split()
    model = SpinCharger(battery.cells, chargers, charger_crosstalk=str(crosstalk))
    with mpmath.workdps(30):
        expected = taylor.energy(model, mpmath.mpf("0.31"), dicke(0, excited), digits=30)
    assert abs(float(printed[-1]) - float(expected)) < 1e-12
    names: dict[str, object] = {}
    lines = symbattery_call(battery, case).format(**given)
    exec(lines.replace("print(", "shown.append("), names | {"shown": (shown := [])})
    assert abs(float(shown[0]) - float(expected)) < 1e-12


@pytest.mark.parametrize(("key", "noise"), [
    ("spins-2-loss-1", [loss("cells", 0.25), loss("chargers", 0.5)]),
    ("spins-1-dephasing-m", [dephasing("cells", 0.125)]),
])  # fmt: skip
def test_python_of_an_open_battery_runs_as_it_is(key, noise, tmp_path):
    battery, case = CASES[key]
    excited = 1 if key.endswith("1") else 4
    given = {
        "time": 0.31, "chargers": 9, "excited_chargers": excited, "m": excited, "h": 9 - excited,
        "Gamma": 0.25, "kappa": 0.5, "Gamma_phi": 0.125,
    }  # fmt: skip
    path = tmp_path / "energy.py"
    path.write_text(
        case.computed.source("energy", language="python") + run(case).format(**given),
        encoding="utf-8",
    )
    printed = subprocess.run(
        [sys.executable, "-W", "error", "-I", path], capture_output=True, text=True, check=True
    ).stdout.split()
    charging = numerics.charge(SpinCharger(battery.cells, 9), dicke(0, excited), noise=noise)
    expected = float(charging.energy(0.31))
    assert float(printed[-1]) == pytest.approx(expected, abs=1e-10)
    lines = symbattery_call(battery, case).format(**given)
    exec(lines.replace("print(", "shown.append("), {"shown": (shown := [])})
    assert float(shown[0]) == pytest.approx(expected, abs=1e-10)
    assert "Gamma" in comment(battery, case)


def test_every_case_has_its_texts(text):
    texts = json.loads(re.search(r'id="texts">(.*?)</script>', text, re.DOTALL).group(1))  # type: ignore[union-attr]
    assert texts["cases"].keys() == CASES.keys()
    for made in texts["cases"].values():
        compile(made["python"] + re.sub(r"\{\w+\}", "1", made["run"]), "energy.py", "exec")


def test_the_command_writes_the_page(tmp_path, capsys):
    assert main(["explorer", "--output", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "new" / "explorer.html")
    assert (tmp_path / "new" / "explorer.html").is_file()


def test_bad_input_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InvalidArgument, match="`output` must be writable"):
        write_explorer(tmp_path / "file")
