"""Figures as files: data that come back, interrupted runs that go on, pictures that can be read.

Judges of ``production``, ``plots``, ``drawing``, the CSV of ``tables``, and every plot.
"""

import csv
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context, rcdefaults
from matplotlib.image import imread
from PIL import Image

from numerics import SpinCharger
from numerics.model.checks import InvalidArgument
from numerics.storage import runs
from numerics.storage.chunks import progress
from numerics.storage.fingerprints import code_fingerprint
from numerics.storage.processes import WorkFailed
from numerics.sweeps import running
from numerics.sweeps.points import Point, program
from symbattery.app import cli
from symbattery.paper.figures import FIGURES, chosen, produce, production
from symbattery.paper.figures.drawing import draw
from symbattery.paper.figures.plots import (
    DOUBLE,
    LINE_STYLES,
    SINGLE,
    Axis,
    Curve,
    FigureSpec,
    Panel,
    Plot,
)
from symbattery.paper.figures.size_maps import map_task
from symbattery.paper.figures.tables import Column, TableKind, to_csv
from symbattery.paper.figures.time_figures import FIGURE_6
from tests.errors import one_clear_error

COLUMNS = (Column("x", "1", "a number: with a colon"), Column("y", "omega_0/g", "another"))


def read(text):
    """The description of a table, from its lines, and the numbers."""
    comments = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    names, *rows = csv.reader(text.splitlines()[len(comments) :])
    columns = np.array([[float(cell or "nan") for cell in row] for row in rows]).T
    said = dict(line.split(": ", 1) for line in comments)
    return said, dict(zip(names, columns, strict=True))


def test_csv_has_the_same_doubles_and_says_what_they_are():
    rows = [(1, np.nan), (0.1, 1 / 3), (1e300, -5e-324), (2**53, 0)]
    table = KIND.table("small", (("M", "1 ... 3"), ("ratio", "N/M: 2")), rows)
    text = to_csv(table, "a command")
    said, numbers = read(text)
    for name in ("x", "y"):
        np.testing.assert_array_equal(numbers[name], table[name])
    assert said == {
        "symbattery": program((__name__,)), "command": "a command", "name": "small",
        "what": "numbers", "parameter M": "1 ... 3",
        "parameter ratio": "N/M: 2", "computed": "by hand: y = 1/x",
        "column x [1]": "a number: with a colon", "column y [omega_0/g]": "another",
    }  # fmt: skip
    assert "\n1,\n" in text


def counted(charging):
    """Numbers that leave a trace of having been computed, or an interruption."""
    folder, name = Path(os.environ["TRIAL"]), charging.model.cells
    log = folder / "log"
    done = json.loads(log.read_text()) if log.exists() else []
    if (folder / f"stop at {name}").exists():
        raise KeyboardInterrupt
    if (folder / f"fail at {name}").exists():
        raise ValueError("no")
    log.write_text(json.dumps([*done, name]))
    return [(1, 2), (2, 4)]


KIND = TableKind("numbers", "by hand: y = 1/x", COLUMNS, counted)


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Where the trace of what is computed is."""
    monkeypatch.setenv("TRIAL", str(tmp_path))
    # One point in each chunk.
    monkeypatch.setattr(runs, "_SHORTEST", 0.0)
    return tmp_path / "log"


def plain(tables):
    """A plot of the first table."""
    table = next(iter(tables.values()))
    curve = Curve("curve", *table.values[:2], "blue solid")
    return Plot((Panel("", Axis("$x$"), Axis("$y$"), (curve,)),))


def three_tables(chargers=1, **parameters):
    """Three tables of one point each: of one cell, two and three."""
    table_tasks = tuple(
        KIND.task(name, tuple(parameters.items()), [((), Point(SpinCharger(cells, chargers)))])
        for cells, name in enumerate(("one", "two", "three"), 1)
    )
    return FigureSpec("trial", table_tasks, plain)


def test_an_interrupted_run_goes_on_where_it_stopped(log, tmp_path):
    output, stop = tmp_path / "out", tmp_path / "stop at 2"
    stop.touch()
    with pytest.raises(KeyboardInterrupt):
        produce([three_tables()], output, processes=1)
    done = json.loads(log.read_text())
    assert 2 not in done
    names = {1: "one.csv", 3: "three.csv"}
    assert {path.name for path in output.iterdir()} == {"store", *(names[one] for one in done)}
    stop.unlink()
    assert production.share_missing([three_tables()], output / "store") == 1 - len(done) / 3
    made = produce([three_tables()], output, processes=1)
    assert sorted(json.loads(log.read_text())) == [1, 2, 3]
    assert (made.computed, made.reused) == (3 - len(done), len(done))
    names = {"one.csv", "two.csv", "three.csv", "trial.pdf", "trial.png"}
    assert {path.name for path in output.glob("*.*")} == names == {p.name for p in made.written}
    assert produce([three_tables()], output).reused == 3
    (run,) = progress(output / "store")
    assert (run.what, run.finished, run.total) == ("the points of trial", 3, 3)


def test_a_point_that_cannot_be_computed_stops_its_figure_and_says_why(log, tmp_path):
    (tmp_path / "fail at 2").touch()
    with pytest.raises(WorkFailed, match="two: ValueError: no"):
        produce([three_tables()], tmp_path / "out", processes=1)
    assert not (tmp_path / "out" / "two.csv").exists()


@pytest.mark.parametrize("given", [{"executor": 3}, {"processes": 0}, {"store": "/dev/null"}])
def test_bad_input_is_refused_before_any_work(given, log, tmp_path):
    (name,) = given
    one_clear_error(name, lambda: produce([three_tables()], tmp_path / "out", **given))
    assert not log.exists()
    assert not list(tmp_path.glob("out/*"))


def test_an_executor_and_a_store_elsewhere(log, tmp_path):
    with ThreadPoolExecutor(1) as executor:
        produce([three_tables()], tmp_path / "one", executor=executor, store=tmp_path / "points")
    assert not (tmp_path / "one" / "store").exists()
    made = produce([three_tables()], tmp_path / "two", store=tmp_path / "points")
    assert made.reused == 3
    for name in ("one.csv", "trial.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_files_say_how_they_were_made(log, tmp_path):
    produce([three_tables(M="7")], tmp_path, processes=1)
    about = "numbers; M: 7; by hand: y = 1/x"
    with Image.open(tmp_path / "trial.png") as picture:
        said = picture.text
    assert said["Software"] == code_fingerprint()
    assert (said["Title"], said["Description"]) == ("trial", about)
    assert said["Source"] == "symbattery figure trial"
    pdf = (tmp_path / "trial.pdf").read_bytes()
    for words in (code_fingerprint(), about, "symbattery figure trial"):
        # Brackets are escaped there, and there are none in these.
        assert words.encode() in pdf
    text = (tmp_path / "two.csv").read_text("utf-8")
    assert "# command: symbattery figure trial\n" in text
    assert f"# symbattery: {program((__name__,))}\n" in text


def test_a_figure_is_known_by_its_file_too():
    assert chosen(["figure-6", "6"]) == (FIGURE_6,)
    for figure in chosen(["all"]):
        assert chosen([figure.command.split()[-1]]) == (figure,)


def test_a_table_of_two_figures_is_computed_once(log, tmp_path):
    one = three_tables()
    other = FigureSpec("again", one.table_tasks, plain)
    made = produce([one, other], tmp_path / "out", processes=1)
    assert sorted(json.loads(log.read_text())) == [1, 2, 3]
    assert made.computed == 3
    assert {"trial.png", "again.png"} <= {path.name for path in made.written}


def test_a_figure_of_the_same_tables_changes_none(log, tmp_path, monkeypatch):
    one, other = three_tables(), replace(three_tables(), name="again")
    produce([one], tmp_path / "out", processes=1)
    before = (tmp_path / "out" / "two.csv").read_bytes()
    drawn = []
    monkeypatch.setattr(production, "write", lambda *arguments: drawn.append(arguments[2]))
    for figure in (other, one):
        produce([figure], tmp_path / "out", processes=1)
    assert drawn == ["again"]
    assert (tmp_path / "out" / "two.csv").read_bytes() == before


def test_spoilt_data_are_written_anew_and_other_points_computed(log, tmp_path):
    output = tmp_path / "out"
    produce([three_tables(M="1")], output, processes=1)
    right = {path: path.read_bytes() for path in output.glob("*.*")}
    (output / "two.csv").write_bytes(right[output / "two.csv"][:-3])
    (output / "three.csv").write_bytes(b"\xff\xfe")
    (output / "one.csv").unlink()
    produce([three_tables(M="1")], output, processes=1)
    assert {path: path.read_bytes() for path in output.glob("*.*")} == right
    # Words are no part of the points.
    produce([three_tables(M="one")], output, processes=1)
    assert len(json.loads(log.read_text())) == 3
    assert "# parameter M: one\n" in (output / "two.csv").read_text("utf-8")
    produce([three_tables(2)], output, processes=1)
    assert len(json.loads(log.read_text())) == 6


# A map of few batteries, one in each chunk, on two processes.
MAP = """
import sys
from numerics.storage import runs
from symbattery.paper.figures.size_maps import map_task
from symbattery.paper.figures.plots import FigureSpec
from symbattery.paper.figures.production import produce
from tests.symbattery.paper.figures.test_production import plain

if __name__ == "__main__":
    runs._SHORTEST = 0.0
    produce([FigureSpec("trial", (map_task("map", range(1, 9)),), plain)], sys.argv[1], 2)
"""


def test_a_killed_map_goes_on_to_the_same_bits(tmp_path):
    """`kill -9` as soon as some of its points are there."""
    script, killed = tmp_path / "script.py", tmp_path / "killed"
    script.write_text(MAP)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}

    command = [sys.executable, str(script), str(killed)]
    run = subprocess.Popen(command, env=environment)
    while run.poll() is None and len(list(killed.glob("store/chunk-*.json"))) < 2:
        time.sleep(0.01)
    run.kill()
    run.wait()
    (done,) = progress(killed / "store")
    assert 2 <= done.finished < done.total == 36
    assert not (killed / "map.csv").exists()
    subprocess.run(command, env=environment, check=True)
    produce([FigureSpec("trial", (map_task("map", range(1, 9)),), plain)], tmp_path / "whole", 1)
    names = sorted(path.name for path in killed.glob("*.*"))
    assert names == ["map.csv", "trial.pdf", "trial.png"]
    for name in names:
        assert (killed / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_several_processes_make_the_same_files(tmp_path):
    for processes, name in ((1, "alone"), (2, "together")):
        produce([FIGURE_6], tmp_path / name, processes)
    for path in (tmp_path / "alone").glob("*.csv"):
        assert path.read_text("utf-8") == (tmp_path / "together" / path.name).read_text("utf-8")
    for name, width in (("alone", SINGLE), ("together", SINGLE)):
        picture = imread(tmp_path / name / "figure-6.png")
        assert picture.shape[1] == pytest.approx(300 * width, abs=1)


def borrowed(wanted):
    """Tables of the right columns with smooth numbers, so that a plot can be made at once."""
    tables = {}
    for task in wanted.table_tasks:
        names = [column.name for column in task.kind.columns]
        if task.name == "beyond-map":
            pairs = {(p.model.cells, p.model.chargers) for _, p in task.points}
            rows = [
                (m, n, 0.9 * m, 1, m * n**0.5, 1, (n + 1) // 2, m, 0.8 * m, np.log(1 + m / n))
                for m, n in sorted(pairs | {pair[::-1] for pair in pairs})
            ]
        elif task.name.startswith("beyond-open-map"):
            rows = [
                (x, y, 5 * np.exp(-x - y / 2), 1, 4 * np.exp(-x - y)) for (x, y), _ in task.points
            ]
        else:
            rows = [[i, *(i + 0.1 * j for j in range(1, len(names)))] for i in range(1, 101)]
        tables[task.name] = task.kind.table(task.name, task.parameters, rows)
    tables |= {table.name: table for table in wanted.derive(tables)}
    return tables


EVERY = chosen(["all"])


@pytest.mark.parametrize("wanted", EVERY, ids=lambda wanted: wanted.name)
def test_nothing_overlaps_or_leaves_the_page(wanted):
    plot = wanted.plot(borrowed(wanted))
    figure = draw(plot)
    assert figure.get_figwidth() in (SINGLE, DOUBLE)
    renderer = figure.canvas.get_renderer()
    page = figure.bbox
    boxes = [axes.get_tightbbox(renderer) for axes in figure.axes[: len(plot.panels)]]
    boxes += [legend.get_window_extent(renderer) for legend in figure.legends]
    for box in boxes:
        assert box.x0 >= page.x0 - 1
        assert box.x1 <= page.x1 + 1
        assert box.y0 >= page.y0 - 1
        assert box.y1 <= page.y1 + 1
    for one, other in combinations(boxes, 2):
        assert (
            one.x1 <= other.x0 + 1
            or other.x1 <= one.x0 + 1
            or (one.y1 <= other.y0 + 1 or other.y1 <= one.y0 + 1)
        )


@pytest.mark.parametrize("wanted", EVERY, ids=lambda wanted: wanted.name)
def test_curves_of_a_panel_differ_without_colour(wanted):
    for panel in wanted.plot(borrowed(wanted)).panels:
        line_styles = [
            (str(LINE_STYLES[curve.style]["linestyle"]), LINE_STYLES[curve.style].get("marker"))
            for curve in panel.curves
            if curve.style != "guide"
        ]
        assert len(set(line_styles)) == len(line_styles)


def test_every_table_has_a_file_of_its_own_and_says_all():
    table_tasks = [task for wanted in EVERY for task in wanted.table_tasks]
    named = {task.name: task for task in table_tasks}
    assert all(task == named[task.name] for task in table_tasks)
    for task in table_tasks:
        assert task.kind.what
        assert task.kind.method
        assert task.parameters
        assert all(column.unit and column.meaning for column in task.kind.columns)
        assert task.points


def test_settings_of_the_reader_change_no_figure():
    def pixels():
        figure = draw(plain({"any": KIND.table("any", (), [(1, 2), (3, 4)])}))
        return np.asarray(figure.canvas.buffer_rgba()).copy()

    with rc_context():
        rcdefaults()
        expected = pixels()
    settings = {"axes.facecolor": "red", "text.color": "red", "axes.grid": True, "font.size": 20}
    with rc_context(settings):
        np.testing.assert_array_equal(pixels(), expected)


def test_names_of_figures():
    assert [s.name for s in chosen(["4", "2", "4"])] == ["figure-4", "figure-2"]
    every = sum(not figure.apart for figures in FIGURES.values() for figure in figures)
    assert len(chosen(["3", "all"])) == every
    for wrong in ([], "2", ["1"], ["10"], ["two"]):
        with pytest.raises(InvalidArgument, match="`figures` must"):
            chosen(wrong)


def test_the_command(tmp_path, capsys):
    assert cli.main(["figure", "6", "--output", str(tmp_path)]) == 0
    assert "3 tables computed, 0 already there" in capsys.readouterr().out
    assert cli.main(["figure", "6", "--output", str(tmp_path)]) == 0
    captured = capsys.readouterr()
    assert "0 tables computed, 3 already there" in captured.out
    # A progress bar is for terminals only.
    assert captured.err == ""
    assert not list(tmp_path.glob("*.part"))


def test_bad_input_of_the_command(tmp_path, capsys):
    assert cli.main(["figure", "12", "--output", str(tmp_path / "new")]) == 2
    assert "`figures` must be one of '2'" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    (tmp_path / "file").touch()
    assert cli.main(["figure", "6", "--output", str(tmp_path / "file")]) == 2
    assert "`output` must be writable" in capsys.readouterr().err
    (tmp_path / "figure-6.pdf").mkdir()
    assert cli.main(["figure", "6", "--output", str(tmp_path)]) == 2
    assert "figure-6.pdf can be written" in capsys.readouterr().err


def test_the_command_line_starts_without_plots():
    code = "import sys, symbattery.app.cli; print('matplotlib' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"


def test_points_of_another_program_are_computed_again_and_pictures_drawn(tmp_path, monkeypatch):
    made = produce([FIGURE_6], tmp_path, processes=1)
    text = (tmp_path / "figure-6-g1-1.csv").read_text("utf-8")
    assert f"# symbattery: {program(('symbattery.paper.figures.time_figures',))}\n" in text
    # What is computed once for all is so for another program.
    again = tuple(replace(task) for task in FIGURE_6.table_tasks)
    monkeypatch.setattr(running, "program", lambda modules: "another")
    again = produce([replace(FIGURE_6, table_tasks=again)], tmp_path, processes=1)
    assert (made.computed, again.computed, again.reused) == (3, 3, 0)


def test_pictures_are_drawn_only_when_something_is_new(tmp_path, monkeypatch):
    produce([FIGURE_6], tmp_path, processes=1)
    drawn = []
    right = production.write
    monkeypatch.setattr(production, "write", lambda *a: drawn.append(a[2]) or right(*a))
    produce([FIGURE_6], tmp_path, processes=1)
    assert drawn == []
    (tmp_path / "figure-6.pdf").unlink()
    produce([FIGURE_6], tmp_path, processes=1)
    (tmp_path / "figure-6.png").write_bytes(b"half")
    produce([FIGURE_6], tmp_path, processes=1)
    (tmp_path / "figure-6-g1-1.csv").write_text("another")
    produce([FIGURE_6], tmp_path, processes=1)
    assert drawn == ["figure-6"] * 3
