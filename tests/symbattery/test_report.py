"""The main job and the command line."""

import json
import os
import re
import subprocess
import sys

import pytest
from matplotlib.image import imread
from sympy import S, srepr, sympify

from symbattery import cli, tex
from symbattery.catalogue import SECTORS
from symbattery.figures import sector_figure
from symbattery.report import report


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report") / "new" / "folder"
    return folder, report(folder)


def test_every_sector_is_verified_to_45_digits(made):
    _, result = made
    assert len(result.lines) == sum(len(sector.entries) for sector in SECTORS)
    for line in result.lines:
        assert line.verification.digits >= 45
        assert line.verification.routes[2].deviation < 1e-11
        assert line.verification.certification.holds


def test_files_are_there_and_no_half_written_one(made):
    folder, result = made
    expected = {"formulas.tex", "formulas.json"}
    expected |= {sector.name + suffix for sector in SECTORS for suffix in (".pdf", ".png")}
    if tex.engine() is not None:
        expected.add("formulas.pdf")
        assert result.notices == ()
    assert {path.name for path in folder.iterdir()} == expected
    assert {path.name for path in result.written} == expected


def test_figures_are_one_column_wide(made):
    folder, _ = made
    for sector in SECTORS:
        height, width, _ = imread(folder / f"{sector.name}.png").shape
        assert width == pytest.approx(3.4 * 300, abs=1)
        assert height < 1.5 * width


@pytest.mark.parametrize("sector", SECTORS, ids=lambda sector: sector.name)
def test_markers_of_the_numerics_lie_on_the_lines(sector):
    for axes in sector_figure(sector).axes:
        curves = [line for line in axes.lines if len(line.get_xdata())]
        lines, markers = curves[0::2], curves[1::2]
        assert len(lines) == len(markers) == len(sector.curves)
        for line, marker in zip(lines, markers, strict=True):
            on_line = dict(zip(line.get_xdata(), line.get_ydata(), strict=True))
            for x, y in zip(marker.get_xdata(), marker.get_ydata(), strict=True):
                assert on_line[x] == pytest.approx(y, abs=1e-12)


def test_json_gives_the_expressions_back(made):
    folder, result = made
    data = json.loads((folder / "formulas.json").read_text(encoding="utf-8"))
    assert len(data["formulas"]) == len(result.lines)
    for formula, line in zip(data["formulas"], result.lines, strict=True):
        text = formula["quantities"]["energy"]["srepr"]
        # A sum comes back as one that SymPy alone knows, so texts are compared.
        assert srepr(sympify(text)) == text == srepr(line.solution.energy)
        assert formula["verification"]["digits"] >= 45
        for entry in formula["definitions"].values():
            assert sympify(entry["symbol"]) in line.solution.definitions


def test_table_says_where_the_paper_differs(made):
    _, result = made
    text = str(result)
    assert "Eq. (17) differs" in text
    assert text.count("agrees") == 3


def test_missing_tex_is_a_notice(tmp_path, monkeypatch):
    monkeypatch.setattr(tex, "engine", lambda: None)
    result = report(tmp_path, digits=10)
    assert "no TeX engine" in result.notices[0]
    assert not (tmp_path / "formulas.pdf").exists()
    assert (tmp_path / "formulas.tex").exists()


def test_failing_tex_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tex, "engine", lambda: "false")
    result = report(tmp_path, digits=10)
    assert "failed on formulas.tex" in result.notices[0]
    assert (tmp_path / "formulas.json").exists()


def test_unwritable_output_is_refused_before_any_work(tmp_path, monkeypatch):
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setattr("symbattery.report.verify", lambda *_, **__: pytest.fail("work started"))
    with pytest.raises(ValueError, match="`output` must be writable"):
        report(blocker)
    with pytest.raises(ValueError, match="`output` must be writable"):
        report(blocker / "below")


@pytest.mark.parametrize("sector", ["single-cell", "two-cells", "thermal-charger"])
@pytest.mark.parametrize("form", [[], ["--latex"], ["--json"]])
def test_derive(sector, form, capsys):
    assert cli.main(["derive", sector, *form]) == 0
    out = capsys.readouterr().out
    if form == ["--json"]:
        assert "srepr" in json.loads(out)["quantities"]["energy"]
    else:
        assert "E(t) =" in out


def test_derive_takes_numbers_and_symbols(capsys):
    assert cli.main(["derive", "two-cells", "--chargers", "4", "--latex"]) == 0
    assert r"\frac{48}{25} \omega_{0}" in capsys.readouterr().out
    assert cli.main(["derive", "two-cells", "--excited", "m"]) == 0
    assert "m" in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--chargers", "N", "--thermal", "N"]) == 0
    assert "xi(k, c) = " in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--cells", "1", "--population", "0.25"]) == 0
    assert "E_max = 5*omega_0/8, at t = sqrt(2)*pi/(4*g)" in capsys.readouterr().out


def test_verify_prints_a_table_for_every_solution(capsys):
    assert cli.main(["verify", "--digits", "20"]) == 0
    out = capsys.readouterr().out
    assert out.count("closed form against") == sum(len(s.entries) for s in SECTORS)
    assert re.search(r"mpmath evolution +\d+ +\S+ +20", out)


def test_disagreement_gives_exit_code_one(monkeypatch, capsys):
    """With the wrong matrix elements on one side, `verify` must fail."""
    from numerics import multiprecision

    right = multiprecision.energy
    monkeypatch.setattr(
        multiprecision, "energy", lambda *a, **k: right(*a, **k) * (1 + S(10) ** -12)
    )
    assert cli.main(["verify", "--digits", "20"]) == 1
    capsys.readouterr()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["derive", "two-cells", "--chargers", "0"], "chargers"),
        (["derive", "two-cells", "--chargers", "2.5"], "chargers"),
        (["derive", "two-cells", "--chargers", "4", "--excited", "5"], "excited"),
        (["derive", "two-cells", "--excited", "-1"], "excited"),
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
    assert "mpmath evolution" in run.stdout
