"""The command line: derive, verify and export, and what all commands do with bad input."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sympy import S

import symbattery as sb
from numerics import certified
from symbattery.app import catalogue, cli
from symbattery.app.catalogue import SECTORS
from symbattery.app.formula_commands import FORMATS
from symbattery.output.code import LANGUAGES
from symbattery.output.data.formula_json import VERSION
from symbattery.output.latex.document import engine, typeset
from symbattery.paper.field import PAPERS
from symbattery.paper.figures import FIGURES
from symbattery.paper.ledger import SEED
from symbattery.paper.sections import SECTIONS
from symbattery.symbols import N, g_2, n
from tests.systems.solutions import SOLUTIONS


@pytest.mark.parametrize("sector", ["single-cell", "two-cells", "thermal-charger"])
@pytest.mark.parametrize("form", [[], ["--latex"], ["--json"]])
def test_derive(sector, form, capsys):
    assert cli.main(["derive", sector, *form]) == 0
    out = capsys.readouterr().out
    if form == ["--json"]:
        made = sb.from_json(out)
        assert made.quantities["energy"] == sb.solve(made.model, made.initial).energy
        assert all(one.agrees for one in made.comparisons if one.reference != "Eq. (17)")
    else:
        assert "E(t) =" in out


def test_derive_takes_numbers_and_symbols(capsys):
    assert cli.main(["derive", "two-cells", "--chargers", "4", "--latex"]) == 0
    assert r"\frac{48}{25} \omega_{0}" in capsys.readouterr().out
    assert cli.main(["derive", "two-cells", "--excited-chargers", "m"]) == 0
    assert "m" in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--chargers", "N", "--thermal", "N"]) == 0
    assert "ξ(k, c) =" in capsys.readouterr().out
    assert cli.main(["derive", "thermal-charger", "--cells", "1", "--population", "0.25"]) == 0
    out = capsys.readouterr().out
    assert "E_max =\n5⋅ω₀\n────\n 8  \n\nat t =\n√2⋅π\n────\n4⋅g \n" in out
    assert cli.main(["derive", "thermal-charger", "--population", "1/3"]) == 0
    assert "E_max = ω₀\n\napproached, never reached" in capsys.readouterr().out


@pytest.mark.parametrize("sector", ["single-cell", "two-cells", "thermal-charger"])
def test_plain_text_has_no_latex_and_one_form_of_names(sector, capsys):
    assert cli.main(["derive", sector]) == 0
    out = capsys.readouterr().out
    words = ("omega_0", "sqrt", "varphi", "**", "\\", "$", "pi")
    assert [word for word in words if word in out] == []


def test_verify_prints_a_table_for_every_solution_and_is_quiet_when_piped():
    command = [sys.executable, "-m", "symbattery", "verify", "--digits", "20"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert run.stdout.count("closed form against") == sum(len(s.entries) for s in SECTORS)
    assert re.search(r"proven enclosures +\d+ +\S+ +20", run.stdout)


def test_disagreement_gives_exit_code_one(monkeypatch, capsys):
    """With the wrong matrix elements on one side, `verify` must fail."""
    right = certified.populations

    def wrong(model, *rest):
        return right(replace(model, coupling=model.coupling * (1 + S(10) ** -12)), *rest)

    monkeypatch.setattr(certified, "populations", wrong)
    assert cli.main(["verify", "--digits", "20"]) == 1
    capsys.readouterr()


# By the argument that is named.
BAD = {
    "chargers": (
        "derive two-cells --chargers 0", "derive two-cells --chargers 2.5",
        "export --cells 3 --chargers 1.5 --to c", "export --cells 2 --cavity --chargers 3 --to c",
    ),
    "excited_chargers": (
        "derive two-cells --chargers 4 --excited-chargers 5",
        "derive two-cells --excited-chargers -1", "export --cells 2 --excited-chargers q --to c",
        "export --cells 2 --cavity --excited-chargers 1 --to c",
    ),
    "--population": ("derive two-cells --population 0.1",),
    "anisotropy": (
        "derive single-cell --anisotropy 0.5", "derive single-cell --chargers 1 --anisotropy 1/0",
        "export --cells 2 --anisotropy 0.5 --to c",
        "export --cells 2 --drive --anisotropy 1 --to c",
    ),
    "cells": (
        "derive thermal-charger --cells 3", "export --to c", "export --cells 0 --to c",
        "export --cells x --to c", "export --cells N --to c",
    ),
    "thermal": (
        "derive thermal-charger --chargers N --thermal m", "derive thermal-charger --thermal 3",
    ),
    "population": (
        "derive thermal-charger --population 2", "derive thermal-charger --population hot",
    ),
    "digits": ("verify --digits 0", "verify --digits many", "report --output new --digits few"),
    "output": ("report --output /dev/null",),
    "parts": ("report --output new --parts map",),
    "to": ("export two-cells --to rust", "export two-cells --to C"),
    "sector": ("export nowhere --to c",),
    "charger_crosstalk": ("export --cells 2 --cavity --charger-crosstalk --to c",),
    "photons": (
        "export --cells 2 --photons 3 --to c", "export --cells 2 --drive --photons 2 --to c",
    ),
    "cell_crosstalk": ("export --cells 2 --cell-crosstalk q --to c",),
    "longitudinal": (
        "export --cells 2 --longitudinal q --to c",
        "export --cells 2 --cavity --longitudinal --to c",
    ),
    "charger_longitudinal": ("export --cells 2 --charger-longitudinal 1/0 --to c",),
    "cell_longitudinal": ("export --cells 2 --cell-longitudinal q --to c",),
    "cell_spin": (
        "export --cells 2 --cell-spin 1/3 --to c", "export --cells 2 --cell-spin s --to c",
    ),
    "charger_spin": (
        "export --cells 2 --charger-spin 0 --to c",
        "export --cells 2 --cavity --charger-spin 1 --to c",
    ),
    "--cell-spin": ("export two-cells --cell-spin 1 --to c",),
    "--drive": ("export two-cells --drive --to c",),
    "--thermal": ("export --cells 2 --thermal 1 --to c",),
    "--cavity": ("export two-cells --cavity --to c",),
    "--quantity": (
        "export two-cells --to c --quantity work", "export two-cells --to latex --quantity work",
        "export two-cells --to c --quantity maximum",
    ),
    "name": ("export two-cells --to json --quantity work",),
    "width": ("export two-cells --to c --width 246", "export two-cells --to latex --width wide"),
    "names": (
        "export two-cells --to json --names g=x", "export two-cells --to c --names g=x",
        "export two-cells --to latex --names g", "export two-cells --to latex --names =x",
        "export two-cells --to latex --names q=x",
        "export two-cells --to latex --names g=x --names g=y",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("named", "command"), [(named, command) for named, every in BAD.items() for command in every]
)
def test_bad_input_is_one_line_and_exit_code_two(named, command, capsys):
    assert cli.main(command.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert f"`{named}`" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [("", ""), ("derive", ""), ("derive three-cells", ""), ("fly", ""), ("report", ""),
     ("export two-cells", "--to")],
)  # fmt: skip
def test_unknown_commands(arguments, said, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(arguments.split())
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert "usage: symbattery" in err
    assert said in err


LIGHT = """
import sys
from symbattery.app import cli
for command in sys.argv[1:]:
    try:
        cli.main(command.split())
    except SystemExit:
        pass
    print("END", file=sys.stderr)
print(*sys.modules)
"""


def test_help_and_refused_arguments_load_neither_sympy_nor_scipy():
    """What is refused by itself: names, counts, places."""
    helped = ("--help", "--version", "derive --help", "export --help", "report --help")
    refused = (
        "fly", "derive three-cells", "export two-cells", "export two-cells --to rust",
        "export nowhere --to c", "export two-cells --to c -o .", "claims --section VI",
        "claims --paper 1234.56789",
        "claims --digits 0", "verify --digits many", "figure 10 --output new",
        "report --output new --parts map", "report --output /dev/null",
        "explorer --output /dev/null",
    )  # fmt: skip
    command = [sys.executable, "-c", LIGHT, *helped, *refused]
    run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment())
    messages = run.stderr.split("END\n")
    assert messages[: len(helped)] == [""] * len(helped)
    assert all("symbattery" in one for one in messages[len(helped) : -1])
    modules = run.stdout.splitlines()[-1].split()
    assert not {"sympy", "scipy.linalg", "scipy.sparse", "scipy.special"} & {*modules}
    assert "numerics.model.checks" in modules


def test_names_are_those_of_the_tables():
    assert set(catalogue.FORMATS) == FORMATS.keys()
    assert list(catalogue.SECTIONS) == list(SECTIONS)
    assert list(catalogue.PAPERS) == [SEED, *PAPERS]
    assert list(catalogue.FIGURES) == [*FIGURES, "all"]


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"symbattery {sb.__version__}\n"


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), **more}


@pytest.mark.parametrize("unbuffered", ["1", ""])
@pytest.mark.parametrize(
    ("command", "where", "said"),
    [
        ("derive single-cell", "> /dev/full", "standard output: No space left on device"),
        ("export single-cell --to c", "> /dev/full", "standard output: No space left on device"),
        ("export single-cell --to c", "-o /dev/full", "'/dev/full': No space left on device"),
        ("derive single-cell", ">&-", "standard output: it is closed"),
        ("export single-cell --to c", ">&-", "standard output: it is closed"),
    ],
)
def test_an_output_that_takes_nothing_is_one_line(command, where, said, unbuffered):
    run = subprocess.run(
        f"{sys.executable} -m symbattery {command} {where}", shell=True, capture_output=True,
        text=True, env=environment(PYTHONUNBUFFERED=unbuffered),
    )  # fmt: skip
    assert run.returncode == 2
    assert run.stderr.startswith("symbattery: ")
    assert run.stderr.endswith(f"{said}\n")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["derive single-cell", "derive nothing"])
def test_full_streams_leave_the_exit_code(command):
    both = f"{sys.executable} -m symbattery {command} > /dev/full 2> /dev/full"
    assert subprocess.run(both, shell=True, env=environment()).returncode == 2


def test_files_need_no_streams(tmp_path):
    command = f"{sys.executable} -m symbattery export two-cells --to c --output {tmp_path}/e.c"
    subprocess.run(f"{command} >&- 2>&-", shell=True, check=True, env=environment())
    assert "double" in (tmp_path / "e.c").read_text("utf-8")


EXPORTED = {
    "two-cells": SOLUTIONS["two"],
    "two-cells --excited-chargers m": SOLUTIONS["two-m"],
    "single-cell --chargers 1 --anisotropy gamma": SOLUTIONS["single-gamma"],
    "thermal-charger --cells 1 --chargers N --thermal N": SOLUTIONS["thermal-1-N"],
    "--cells 3": SOLUTIONS["N-3"],
    "--cells 3 --chargers 5 --excited-chargers 4": lambda: sb.solve(
        sb.SpinCharger(3, 5), sb.dicke(0, 4)
    ),
    "--cells 2 --charger-crosstalk": SOLUTIONS["two-crosstalk"],
    "--cells 2 --charger-crosstalk 0.5 --cell-crosstalk": lambda: sb.solve(
        sb.SpinCharger(2, N, charger_crosstalk=0.5, cell_crosstalk=g_2)
    ),
    "--cells 1 --cell-spin 1 --charger-spin 3/2": lambda: sb.solve(
        sb.SpinCharger(1, N, cell_spin=1, charger_spin="3/2")
    ),
    "--cells 3 --drive": lambda: sb.solve(sb.ClassicalDrive(3)),
    "--cells 3 --cavity": SOLUTIONS["cavity-3"],
    "--cells 2 --cavity --photons n": lambda: sb.solve(sb.CavityCharger(2), sb.fock(n)),
}


def printed(capsys, command):
    assert cli.main(["export", *command.split()]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    return out


@pytest.mark.parametrize("sector", EXPORTED)
def test_sectors_by_name_and_in_general_form(sector, capsys):
    solution = EXPORTED[sector]()
    made = sb.from_json(printed(capsys, f"{sector} --to json"))
    assert made.quantities["energy"] == solution.energy
    assert printed(capsys, f"{sector} --to c") == solution.source("energy", "c")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language(language, capsys):
    text = printed(capsys, f"two-cells --to {language} --quantity c1")
    assert text == sb.two_cells().source("c1", language)


def test_latex_of_everything_or_of_one_quantity(capsys):
    whole = printed(capsys, "two-cells --to latex")
    for piece in (r"\xi & \equiv", "c_{2}(t) & =", "E(t) & =", r"E_{\max} & ="):
        assert piece in whole
    one = printed(capsys, "two-cells --to latex --quantity energy")
    assert one.splitlines()[:2] == [
        r"\begin{align*}", r"\xi & \equiv \sqrt{2 \left(3 N - 2\right)} \\"
    ]  # fmt: skip
    assert r"E(t) & = \frac{4 N}{3 N - 2} \omega_{0}" in one
    with_m = printed(capsys, "two-cells --excited-chargers m --to latex --quantity energy")
    assert with_m.startswith("For $m \\leq N$:\n\\begin{align*}\n\\xi & ")
    assert r"\xi" not in printed(capsys, "single-cell --to latex --quantity energy")
    assert "w_{b}" in printed(capsys, "single-cell --to latex --names ω0=w_b --names g=k")


@pytest.mark.skipif(engine() is None, reason="no TeX engine (pdflatex) is installed")
def test_latex_is_usable_as_it_comes(tmp_path, capsys):
    body = []
    for i, options in enumerate((
        "two-cells", "two-cells --excited-chargers m --quantity energy", "--cells 4 --width 246",
        "thermal-charger --cells 1 --chargers N --thermal N --quantity power",
        "two-cells --quantity maximum",
    )):  # fmt: skip
        printed(capsys, f"{options} --to latex -o {tmp_path / f'{i}.tex'}")
        body.append(rf"\input{{{i}}}")
    source = tmp_path / "all.tex"
    start = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    source.write_text("\n".join([start, *body, r"\end{document}"]), encoding="utf-8")
    assert typeset(source, engine()).path.is_file()


def test_help_lists_what_is_allowed(capsys):
    with pytest.raises(SystemExit):
        cli.main(["export", "--help"])
    out = " ".join(capsys.readouterr().out.split())
    for word in ("energy_variance", "max_power", "populations", "revtex-column", *LANGUAGES):
        assert word in out


@pytest.mark.parametrize("standard", ["-", "/dev/stdout"])
def test_the_standard_output_has_a_name(standard, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert printed(capsys, f"two-cells --to c -o {standard}") == sb.two_cells().source(
        "energy", "c"
    )
    assert list(tmp_path.iterdir()) == []


def test_files_are_whole_and_alone(tmp_path, capsys):
    target = tmp_path / "two.json"
    target.write_text("old", encoding="utf-8")
    assert printed(capsys, f"two-cells --to json -o {target}") == ""
    assert json.loads(target.read_text(encoding="utf-8"))["version"] == VERSION
    assert list(tmp_path.iterdir()) == [target]


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


@pytest.mark.parametrize("where", ["missing/a.c", "", "."])
def test_unwritable_paths(where, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["export", "two-cells", "--to", "c", "-o", where]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
