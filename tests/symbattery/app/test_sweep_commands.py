"""The commands ``sweep`` and ``status``: a file in, a table out, and how far a store is."""

import json

import numpy as np
import pytest

import numerics
from numerics import SpinCharger, dicke, loss
from numerics.model import groups, noise, states, superpositions
from numerics.storage.chunks import ChunkStore
from symbattery import sweep
from symbattery.app import cli, sweep_commands
from symbattery.app.sweep_commands import described
from tests.errors import one_clear_error

FILE = """
model = "SpinCharger"
compute = ["max_power", ["ergotropy", [0.5, 1.0], { sense = "local" }]]
[axes]
cells = { from = 1, to = 2 }
chargers = "2*cells"
anisotropy = { from = 0, to = 1, number = 3 }
coupling = "1/10"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sweep.toml"
    path.write_text(FILE)
    return str(path)


def test_a_file_gives_the_table_of_its_sweep(file, tmp_path, capsys):
    store, output = str(tmp_path / "store"), str(tmp_path / "table.json")
    expected = sweep(
        SpinCharger, cells=[1, 2], chargers=lambda cells: 2 * cells,
        anisotropy=np.linspace(0, 1, 3), coupling="1/10",
        compute=["max_power", ("ergotropy", [0.5, 1.0], {"sense": "local"})],
    )  # fmt: skip
    assert cli.main(["sweep", file, "--jobs", "1", "--store", store, "-o", output]) == 0
    command = f"symbattery sweep {file}"
    written = json.loads((tmp_path / "table.json").read_text())
    assert written.pop("command") == command
    assert written == json.loads(expected.to_json())
    assert cli.main(["sweep", file, "--store", store]) == 0
    out, errors = capsys.readouterr()
    assert out.replace(f"# command: {command}\n", "") == expected.to_csv()
    assert errors == ""
    assert cli.main(["status", store]) == 0
    assert capsys.readouterr().out.startswith(
        "max_power, ergotropy(sense=local) of 2 cells × 3 anisotropy: 6 of 6 finished (100%)"
    )


def test_a_store_says_how_far_it_is_and_failures_are_told(tmp_path, capsys):
    store = ChunkStore.of(tmp_path, dict.fromkeys("abcd", "one"))
    store.plan("energy of 4 cells")
    store.keep({"a": {"errors": {"": "no"}}})
    assert cli.main(["status", str(tmp_path)]) == 0
    line = "energy of 4 cells: 1 of 4 finished (25%), 1 of them with errors, by one\n"
    assert capsys.readouterr().out == line
    (tmp_path / "bad.toml").write_text(
        'model = "SpinCharger"\ncompute = ["mean"]\n[axes]\ncells = 1\nchargers = [1, 2]\n'
        'start = "dicke(0, 2)"\n'
    )
    assert cli.main(["sweep", str(tmp_path / "bad.toml")]) == 1
    assert "symbattery: chargers=1: InvalidArgument" in capsys.readouterr().err


def test_what_a_text_may_call_are_descriptions():
    """Every start and noise that is exported, and nothing that computes."""
    for module in (states, superpositions, noise, groups):
        exported = set(module.__all__) & set(numerics.__all__)
        models = {name for name in exported if name.endswith("Spins")}
        assert exported - models <= set(sweep_commands._CALLED)
    computing = {"charge", "sweep", "schedule", "stored", "best_excited", "energy_bound"}
    others = {"SpinCharger", "GroupedSpins", "InvalidArgument", "TooLargeError", "certified"}
    assert not set(sweep_commands._CALLED) & (computing | others)


def axes(**given):
    content = {"model": "SpinCharger", "compute": ["mean"], "axes": given}
    found = described(content)
    return {name: found[name] for name in given}


def test_ranges_expressions_starts_and_noise():
    found = axes(
        cells={"from": 2, "to": 6, "step": 2}, coupling={"from": 0.1, "to": 0.3, "step": 0.1},
        start=["dicke(0, 1)", "dicke(1, 1)"], noise=["loss('cells', 1/4)"], anisotropy=["0.1"],
        chargers="cells // 2 + 1", tolerance="1e-6",
    )  # fmt: skip
    assert found["cells"] == [2, 4, 6]
    assert found["coupling"] == [0.1, 0.2, 0.1 + 2 * 0.1]
    assert found["start"] == [dicke(0, 1), dicke(1, 1)]
    assert found["noise"] == [loss("cells", 0.25)]
    assert found["anisotropy"] == ["0.1"]
    assert found["tolerance"] == "1e-6"
    assert found["chargers"](cells=4) == 3


@pytest.mark.parametrize(
    "value",
    [
        "__import__('os')", "().__class__", "cells.real", "2**9**9", "[x for x in (1,)]", "n + 1",
        "lambda: 0", "open('x')", "cells(1)", "", "1 +", "dicke(1", "loss", "1/0", "dicke()",
        {"from": 1}, {"from": 2, "to": 1}, {"from": 1, "to": 2, "stop": 3}, {"from": 0, "to": 1e9},
        {"from": 1, "to": 2, "step": 0}, {"from": 1, "to": 2, "number": 0},
    ],
)  # fmt: skip
def test_what_is_no_value(value):
    one_clear_error("chargers", lambda: axes(cells=1, chargers=value))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "a TOML file"), ("extra = 1", "have the keys"), ('model = "SpinCharger"', "compute"),
        ('model = "x"\ncompute = []', "`model`"), ('model = "SpinCharger"\ncompute = []', "cells"),
        ('model = "SpinCharger"\ncompute = []\naxes = 3', "`axes`"),
        ('model = "SpinCharger"\ncompute = 5', "`compute` must be a list"),
        ('model = "SpinCharger"\ncompute = "mean"', "`compute` must be a list"),
    ],
)  # fmt: skip
def test_a_file_that_is_none(text, said, tmp_path, capsys):
    (tmp_path / "sweep.toml").write_text(text)
    assert cli.main(["sweep", str(tmp_path / "sweep.toml")]) == 2
    message = capsys.readouterr().err
    assert said in message
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--jobs", "0"], "`processes` must be a positive integer"),
        (["-o", "table.txt"], "`output` must end with one of .csv, .json"),
    ],
)
def test_options_of_sweeps(arguments, said, file, capsys):
    assert cli.main(["sweep", file, *arguments]) == 2
    assert said in capsys.readouterr().err


def test_no_store(tmp_path, capsys):
    assert cli.main(["status", str(tmp_path / "none")]) == 2
    assert "`store` must be the folder of a store" in capsys.readouterr().err
