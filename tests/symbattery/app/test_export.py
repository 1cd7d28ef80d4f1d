"""``symbattery export``: to standard output or whole files, and one error for bad input."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from symbattery import (
    CavityCharger,
    SpinCharger,
    dicke,
    fock,
    from_json,
    single_cell,
    solve,
    thermal_charger,
    two_cells,
)
from symbattery.app.cli import main
from symbattery.output.code import LANGUAGES
from symbattery.output.data.formula_json import VERSION
from symbattery.symbols import N, g_1, g_2, gamma, m, n

SECTORS = {
    "two-cells": two_cells,
    "two-cells --excited-chargers m": lambda: two_cells(excited_chargers=m),
    "single-cell --chargers 1 --anisotropy gamma": lambda: single_cell(1, anisotropy=gamma),
    "thermal-charger --cells 1 --chargers N --thermal N": lambda: thermal_charger(
        cells=1, chargers=N, thermal=N
    ),
    "--cells 3": lambda: solve(SpinCharger(3, N)),
    "--cells 3 --chargers 5 --excited-chargers 4": lambda: solve(SpinCharger(3, 5), dicke(0, 4)),
    "--cells 2 --crosstalk": lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
    "--cells 2 --crosstalk 0.5 --cell-crosstalk": lambda: solve(
        SpinCharger(2, N, charger_crosstalk=0.5, cell_crosstalk=g_2)
    ),
    "--cells 3 --cavity": lambda: solve(CavityCharger(3)),
    "--cells 2 --cavity --photons n": lambda: solve(CavityCharger(2), fock(n)),
}


def printed(capsys, command):
    assert main(["export", *command.split()]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("sector", SECTORS)
def test_sectors_by_name_and_in_general_form(sector, capsys):
    made = from_json(printed(capsys, f"{sector} --to json"))
    assert made.quantities["energy"] == SECTORS[sector]().energy
    assert printed(capsys, f"{sector} --to c") == SECTORS[sector]().source("energy", "c")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(language, capsys):
    text = printed(capsys, f"two-cells --to {language} --quantity c1")
    assert text == two_cells().source("c1", language)


def test_latex_of_everything_or_of_one_quantity(capsys):
    whole = printed(capsys, "two-cells --to latex")
    for piece in (r"\xi \equiv", "c_{2}(t) =", "E(t) =", r"E_{\max} ="):
        assert piece in whole
    one = printed(capsys, "two-cells --to latex --quantity energy")
    assert one == two_cells().latex("energy") + "\n"


def test_files_are_whole_and_alone(tmp_path, capsys):
    target = tmp_path / "two.json"
    target.write_text("old", encoding="utf-8")
    assert printed(capsys, f"two-cells --to json -o {target}") == ""
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == VERSION
    assert list(tmp_path.iterdir()) == [target]


def environment():
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}


def test_it_can_be_piped():
    export = (sys.executable, "-m", "symbattery", "export", "two-cells", "--to", "python")
    text = subprocess.run(export, capture_output=True, check=True, env=environment()).stdout
    done = subprocess.run([sys.executable, "-"], input=text, capture_output=True, check=True)
    assert b"all 4 values agree" in done.stdout


@pytest.mark.skipif(shutil.which("head") is None, reason="head is not installed")
def test_a_reader_may_stop_early():
    command = f"{sys.executable} -m symbattery export --cells 8 --to c | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, check=True, env=environment())
    assert done.stdout == b"/*\n"
    assert done.stderr == b""


# By the argument that is named.
BAD = {
    "to": ("two-cells --to rust", "two-cells --to C"),
    "sector": ("nowhere --to c",),
    "cells": ("--to c", "--cells 0 --to c", "--cells x --to c", "--cells N --to c"),
    "chargers": ("--cells 3 --chargers 1.5 --to c", "--cells 2 --cavity --chargers 3 --to c"),
    "excited_chargers": (
        "--cells 2 --excited-chargers q --to c",
        "--cells 2 --cavity --excited-chargers 1 --to c",
    ),
    "crosstalk": ("--cells 2 --cavity --crosstalk --to c",),
    "photons": ("--cells 2 --photons 3 --to c",),
    "cell_crosstalk": ("--cells 2 --cell-crosstalk q --to c",),
    "anisotropy": ("--cells 2 --anisotropy 0.5 --to c",),
    "--thermal": ("--cells 2 --thermal 1 --to c",),
    "--cavity": ("two-cells --cavity --to c",),
    "name": ("two-cells --to c --quantity work", "two-cells --to latex --quantity work"),
    "quantity": ("two-cells --to json --quantity energy",),
    "width": ("two-cells --to c --width 246", "two-cells --to latex --width wide"),
    "names": (
        *("two-cells --to json --names g=x", "two-cells --to c --names g=x"),
        *(f"two-cells --to latex --names {bad}" for bad in ("g", "=x", "q=x", "g=x --names g=y")),
    ),
}


@pytest.mark.parametrize(
    ("named", "command"), [(named, command) for named, every in BAD.items() for command in every]
)
def test_bad_input_is_one_line_and_code_two(named, command, capsys):
    assert main(["export", *command.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    assert f"`{named}`" in err


@pytest.mark.parametrize("where", ["missing/a.c", "", "."])
def test_unwritable_paths(where, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "two-cells", "--to", "c", "-o", where]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_the_form_must_be_named(capsys):
    with pytest.raises(SystemExit) as error:
        main(["export", "two-cells"])
    assert error.value.code == 2
    assert "--to" in capsys.readouterr().err
