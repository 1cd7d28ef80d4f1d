"""The derivations: each runs as a script, opens as a notebook and reads as a lesson."""

import runpy
import tomllib
import warnings
from pathlib import Path

import jupytext
import nbformat
import pytest

from tests.site.built import computed

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "derivations"
LISTS = tomllib.loads((FOLDER / "course.toml").read_text(encoding="utf-8"))
COURSE = LISTS["lessons"] + LISTS["results"]

lessons = pytest.mark.parametrize("lesson", COURSE)


def test_the_lists_have_every_derivation_once_and_none_is_long():
    assert len(LISTS["lessons"]) <= 16
    scripts = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py")}
    assert sorted(COURSE) == sorted(scripts)
    assert max(text.count("\n") for text in scripts.values()) <= 300


@lessons
def test_script_runs_and_its_assertions_hold(lesson, tmp_path, monkeypatch, capsys):
    if page := computed(FOLDER / f"{lesson}.py"):
        # In the code, and printed.
        assert page.count("all assertions hold") > 1
        return
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(action="error"):
        runpy.run_path(str(FOLDER / f"{lesson}.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert printed.endswith("all assertions hold\n")
    assert "[figure: " in printed
    assert list(tmp_path.iterdir()) == []


@lessons
def test_script_opens_as_a_notebook_and_reads_as_a_lesson(lesson):
    notebook = jupytext.read(FOLDER / f"{lesson}.py", fmt="py:percent")
    read = nbformat.reads(jupytext.writes(notebook, fmt="ipynb"), as_version=4)
    nbformat.validate(read)
    assert [cell.cell_type for cell in read.cells[:2]] == ["markdown", "code"]
    cells = notebook.cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert texts[0].startswith("# ")
    assert "\n\n**Question.** " in texts[0]
    assert "?" in texts[0]
    assert "## The check" in texts[-1]
    assert code[-1].count("\nassert ") >= 3
    assert code[-1].endswith('print("all assertions hold")')
    # What the package has to say is heard at the end.
    for source in code[1:-1]:
        assert "solve(SpinCharger" not in source
        assert "two_cells(" not in source
    # Nothing but the first cell, the pictures and helpers is folded away.
    assert "hide-input" in next(c for c in cells if c.cell_type == "code").metadata["tags"]
    # Links lead to other lessons, and each shows formulas or numbers and a figure.
    for part in "\n".join(texts).split("](")[1:]:
        assert part.split(")")[0].removesuffix(".py") in COURSE
    source = (FOLDER / f"{lesson}.py").read_text(encoding="utf-8")
    assert source.count("show(") >= 4
    assert "show(figure)" in source
    assert ".savefig" not in source
    assert "IPython" not in source
