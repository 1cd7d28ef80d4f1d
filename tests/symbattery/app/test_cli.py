"""The command line: derive and verify, and what all commands do with bad input."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
from sympy import S

from numerics import certified
from symbattery import from_json, solve
from symbattery.app import cli
from symbattery.app.catalogue import SECTORS


@pytest.mark.parametrize("sector", ["single-cell", "two-cells", "thermal-charger"])
@pytest.mark.parametrize("form", [[], ["--latex"], ["--json"]])
def test_derive(sector, form, capsys):
    assert cli.main(["derive", sector, *form]) == 0
    out = capsys.readouterr().out
    if form == ["--json"]:
        made = from_json(out)
        assert made.quantities["energy"] == solve(made.model, made.initial).energy
        assert all(one.agrees for one in made.comparisons if one.reference != "Eq. (17)")
    else:
        assert "E(t) =" in out


def test_derive_takes_numbers_and_symbols(capsys):
    assert cli.main(["derive", "two-cells", "--chargers", "4", "--latex"]) == 0
    assert r"\frac{48}{25} \omega_{0}" in capsys.readouterr().out
    assert cli.main(["derive", "two-cells", "--excited-chargers", "m"]) == 0
    assert "m" in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--chargers", "N", "--thermal", "N"]) == 0
    assert "xi(k, c) = " in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--cells", "1", "--population", "0.25"]) == 0
    assert "E_max = 5*omega_0/8, at t = sqrt(2)*pi/(4*g)" in capsys.readouterr().out


def test_verify_prints_a_table_for_every_solution(capsys):
    assert cli.main(["verify", "--digits", "20"]) == 0
    out = capsys.readouterr().out
    assert out.count("closed form against") == sum(len(s.entries) for s in SECTORS)
    assert re.search(r"proven enclosures +\d+ +\S+ +20", out)


def test_disagreement_gives_exit_code_one(monkeypatch, capsys):
    """With the wrong matrix elements on one side, `verify` must fail."""
    right = certified.populations

    def wrong(model, *rest):
        return right(replace(model, coupling=model.coupling * (1 + S(10) ** -12)), *rest)

    monkeypatch.setattr(certified, "populations", wrong)
    assert cli.main(["verify", "--digits", "20"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["derive", "two-cells", "--chargers", "0"], "chargers"),
        (["derive", "two-cells", "--chargers", "2.5"], "chargers"),
        (["derive", "two-cells", "--chargers", "4", "--excited-chargers", "5"], "excited_chargers"),
        (["derive", "two-cells", "--excited-chargers", "-1"], "excited_chargers"),
        (["derive", "two-cells", "--population", "0.1"], "--population"),
        (["derive", "single-cell", "--anisotropy", "0.5"], "anisotropy"),
        (["derive", "single-cell", "--chargers", "1", "--anisotropy", "1.5"], "anisotropy"),
        (["derive", "thermal-charger", "--cells", "3"], "cells"),
        (["derive", "thermal-charger", "--chargers", "N", "--thermal", "m"], "thermal"),
        (["derive", "thermal-charger", "--thermal", "3"], "thermal"),
        (["derive", "thermal-charger", "--population", "2"], "population"),
        (["derive", "thermal-charger", "--population", "hot"], "population"),
        (["verify", "--digits", "0"], "digits"),
        (["verify", "--digits", "many"], "digits"),
        (["report", "--output", os.devnull], "output"),
        (["report", "--output", "new", "--parts", "maps"], "parts"),
        (["report", "--output", "new", "--digits", "few"], "digits"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(arguments, named, capsys):
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert f"`{named}`" in captured.err


@pytest.mark.parametrize(
    "arguments", [[], ["derive"], ["derive", "three-cells"], ["fly"], ["report"]]
)
def test_unknown_commands(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments)
    assert stop.value.code == 2
    assert "usage: symbattery" in capsys.readouterr().err


def test_module_runs_and_is_quiet_when_piped():
    run = subprocess.run(
        [sys.executable, "-m", "symbattery", "verify", "--digits", "15"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stderr == ""
    assert "proven enclosures" in run.stdout
