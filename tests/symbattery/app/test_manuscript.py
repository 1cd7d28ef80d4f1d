"""A manuscript in one command: it compiles, and what is the author's is never overwritten."""

import shutil
import subprocess

import pytest

import numerics
from symbattery.app import cli, manuscript
from symbattery.output.latex.document import engine


def made(folder, *options, title="Charging: 90% of $N$ & more"):
    assert cli.main(["new", title, *options, "--output", str(folder)]) == 0
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return made(tmp_path_factory.mktemp("three") / "paper", "--cells", "3")


def test_the_files_of_a_manuscript(three):
    assert set(three) == {"paper.tex", "formula.tex", "macros.tex", "energy.pdf", "energy.png"}
    text = three["paper.tex"].read_text("utf-8")
    assert r"\title{Charging: 90\% of $N$ \& more}" in text
    assert "$M=3$ cells, $N$ charger spins" in text
    assert r"\includegraphics[width=\columnwidth]{energy}" in text
    assert "for $N=4$" in text
    assert "E(t)" in three["formula.tex"].read_text("utf-8")
    peak = numerics.charge(numerics.SpinCharger(3, 4)).first_peak()
    macros = three["macros.tex"].read_text("utf-8")
    assert rf"\newcommand{{\Epeak}}{{\ensuremath{{{peak.value:.6g}}}}}" in macros
    assert rf"\newcommand{{\tpeak}}{{\ensuremath{{{peak.time:.6g}}}}}" in macros


@pytest.mark.skipif(engine() is None, reason="no TeX engine (pdflatex) is installed")
def test_it_compiles(three, tmp_path):
    for path in three.values():
        shutil.copy(path, tmp_path)
    subprocess.run(
        [engine(), "-interaction=batchmode", "-halt-on-error", "paper.tex"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert "Overfull" not in (tmp_path / "paper.log").read_text("utf-8", "replace")


def test_a_sector_by_its_name_and_numbers(tmp_path):
    two = made(tmp_path / "two", "--cells", "2", "--chargers", "4")
    macros = two["macros.tex"].read_text("utf-8")
    assert r"\newcommand{\Emax}{\ensuremath{\frac{48}{25} \omega_{0}}}" in macros
    # Its power is that of a root, which no macro would define.
    assert r"\Pmax" not in macros
    text = two["paper.tex"].read_text("utf-8")
    assert r"The largest energy is \Emax." in text
    thermal = made(tmp_path / "thermal", "--sector", "thermal-charger")
    assert r"p_{1}" in thermal["macros.tex"].read_text("utf-8")


def test_the_authors_file_stays(three, capsys):
    before = three["paper.tex"].read_text("utf-8")
    folder = str(three["paper.tex"].parent)
    assert cli.main(["new", "Again", "--cells", "2", "--output", folder]) == 2
    assert "`output` must be a folder without a paper.tex" in capsys.readouterr().err
    assert three["paper.tex"].read_text("utf-8") == before


BAD = {
    "dollar": (["A $ price", "--cells", "2"], "`title` must be a text with dollars"),
    "brace": (["A {", "--cells", "2"], "`title` must be a text with dollars"),
    "braces": (["} A {", "--cells", "2"], "`title` must be a text with dollars"),
    "backslash": (["A \\", "--cells", "2"], "no backslash at its end"),
    "empty": ([" ", "--cells", "2"], "`title` must be a text with dollars"),
    "no cells": (["Title"], "`cells` must be given where no sector"),
    "sector": (["Title", "--sector", "none"], "`sector` must be one of"),
    "option": (["Title", "--cells", "2", "--thermal", "1"], "`--thermal` must be left out"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name, tmp_path, capsys):
    arguments, message = BAD[name]
    assert cli.main(["new", *arguments, "--output", str(tmp_path / "new")]) == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "new" / "paper.tex").exists()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (r"100\% of $x_1 & y$", r"100\% of $x_1 & y$"),
        ("a_b\n c^d ~ #1", r"a\_b c\^{}d \~{} \#1"),
        (r"costs \$5", r"costs \$5"),
        (r"one\\% {two}", r"one\\\% {two}"),
    ],
)
def test_titles_are_escaped_outside_of_mathematics(text, title):
    assert manuscript._title(text) == title
