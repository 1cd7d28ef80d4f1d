"""The examples in README, docs and docstrings run, and what they say is true."""

import doctest
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from numerics import SpinCharger, certified
from tests.pages import ROOT, blocks, pages
from tests.site.built import computed

DOCUMENTS = pages()
EXAMPLES = [
    pytest.param(block.text, id=f"{path.relative_to(ROOT)}-{i}")
    for path in DOCUMENTS
    for i, block in enumerate(b for b in blocks(path) if b.kind == "example")
]
NOTEBOOKS = [path for path in DOCUMENTS if any(b.kind == "cell" for b in blocks(path))]
PROGRAMS = [path for path in DOCUMENTS if any(b.kind == "shell" for b in blocks(path))]


def python(code, folder):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True, text=True, cwd=folder, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("code", EXAMPLES)
def test_example_runs(code, tmp_path):
    if "import pint" in code:
        pytest.importorskip("pint", reason="pint is not installed; it is in the extra `test`")
    run = python(code, tmp_path)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_run_one_after_the_other(path, tmp_path):
    if computed(path):
        return
    # Cells whose input is not shown only display, and need a notebook.
    cells = [b.text for b in blocks(path) if b.kind == "cell" and "remove-input" not in str(b)]
    run = python("\n".join(cells), tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""


def run_commands(path, folder):
    """Run the commands of a page in a folder, those apart whose programs are not here."""
    commands = folder / "bin"
    commands.mkdir()
    # The command of this checkout, wherever the installed one comes from.
    for name, module in (("symbattery", "-m symbattery "), ("python", "")):
        script = f'#!/bin/sh\nexec "{sys.executable}" {module}"$@"\n'
        (commands / name).write_text(script, "utf-8")
        (commands / name).chmod(0o755)
    search = os.pathsep.join([str(commands), os.environ["PATH"]])
    environment = {**os.environ, "PATH": search, "PYTHONPATH": str(ROOT)}
    for block in (b for b in blocks(path) if b.kind == "shell"):
        if any(shutil.which(name) is None for name in block.options.get("needs", "").split()):
            continue
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.text],
            capture_output=True, text=True, cwd=folder, env=environment, check=False,
        )  # fmt: skip
        assert run.returncode == 0, (block.text, run.stdout, run.stderr)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_commands_run_one_after_the_other(path, tmp_path):
    run_commands(path, tmp_path)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        place = path.parent / target
        # Pages of derivations are written with the site.
        if place.resolve().parent == ROOT / "docs" / "derivations":
            place = ROOT / "derivations" / place.name
        assert place.exists(), target


def test_readme_needs_no_file_where_it_is_alone():
    """On a package index, as the build makes it: no link to a file, but the name of one."""
    hooks = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["metadata"]
    text = (ROOT / "README.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)#:]+)", text))
    for one in hooks["hooks"]["fancy-pypi-readme"]["substitutions"]:
        text = re.sub(one["pattern"], one["replacement"], text)
    assert re.findall(r"\]\((?!https?:)|!\[", text) == []
    named = set(re.findall(r"\(`([^`]+)`\)", text))
    assert linked - named == {"docs/two-cells.png"}


def test_comments_say_what_the_code_prints(tmp_path):
    for page in ("README.md", "docs/howto/tour.md"):
        run = python(blocks(ROOT / page)[0].text, tmp_path)
        assert "16*N*omega_0*(N - 1)/(3*N - 2)**2" in run.stdout
    assert "floor(N/2) + 1" in run.stdout


def modules():
    for package in ("numerics", "symbattery"):
        yield package
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield found.name


DOCSTRINGS = [
    test
    for name in modules()
    for test in doctest.DocTestFinder(exclude_empty=True).find(import_module(name))
    if test.examples
]


@pytest.mark.parametrize("test", DOCSTRINGS, ids=lambda test: test.name)
def test_docstring(test):
    assert not any(example.options.get(doctest.SKIP) for example in test.examples)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test)
    assert runner.failures == 0


def test_versions_agree():
    assert f'version = "{version("symbattery")}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"version: {version('symbattery')}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


def test_the_paper_has_the_form_that_a_journal_asks_for():
    text = (ROOT / "docs" / "paper.md").read_text("utf-8")
    front = yaml.safe_load(text.split("---\n")[1])
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(front)
    places = {str(place["index"]) for place in front["affiliations"]}
    assert {str(author["affiliation"]) for author in front["authors"]} <= places
    stated = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert front["title"] == stated["title"]
    assert [one["name"] for one in front["authors"]] == [one["name"] for one in stated["authors"]]
    sections = re.findall("^# (.*)", text, re.M)
    assert {"Summary", "Statement of need", "State of the field", "References"} <= set(sections)
    assert 750 <= len(text.split("---\n", 2)[2].split()) <= 1500
    listed = (ROOT / "docs" / front["bibliography"]).read_text("utf-8")
    assert set(re.findall(r"@(\w+)[;\]]", text)) == set(re.findall(r"^@\w+\{(\w+)", listed, re.M))


def test_the_ratios_of_the_paper_were_measured():
    text = (ROOT / "docs" / "paper.md").read_text("utf-8")
    stated = re.findall(r"(?m)^\|.*\d m?s.*\| ([\d.]+) \|$", text)
    assert len(stated) >= 9
    records = json.loads((ROOT / "docs" / "benchmarks.json").read_text("utf-8"))["files"]
    printed = " ".join(run["printed"] for one in records for run in one["runs"])
    measured = {float(ratio) for ratio in re.findall(r"ratio ([\d.]+(?:e\+\d+)?)", printed)}
    assert {float(ratio) for ratio in stated} <= measured


def test_the_tutorial_alone_gives_formula_function_and_certified_value(tmp_path):
    """M = 3, N = 10 into RevTeX, into C, and E at gt = 0.3 with proven digits."""
    path = ROOT / "docs" / "tutorial.md"
    for program in ("cc", "pdflatex"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}")
    run_commands(path, tmp_path)
    manuscript = (tmp_path / "paper.tex").read_text("utf-8")
    assert r"\documentclass[aps,pra,twocolumn]{revtex4-2}" in manuscript
    assert (tmp_path / "paper.pdf").stat().st_size > 10_000
    assert "Overfull" not in (tmp_path / "paper.log").read_text("utf-8", "replace")
    exact = certified.energy(SpinCharger(cells=3, chargers=10), "0.3", digits=30)
    shown = subprocess.run([tmp_path / "main"], capture_output=True, text=True, check=True).stdout
    assert abs(float(shown) - float(exact.midpoint)) < 3e-15 * 3
    cells = "\n".join(block.text for block in blocks(path) if block.kind == "cell")
    assert str(exact) in python(cells, tmp_path).stdout


def test_pages_and_docstrings_are_found():
    assert {"numerics", "numerics.certified"} <= {test.name for test in DOCSTRINGS}
    assert {path.name for path in DOCUMENTS} >= {"README.md", "index.md", "tutorial.md"}
    assert Path("docs/howto/certified.md") in [path.relative_to(ROOT) for path in NOTEBOOKS]
