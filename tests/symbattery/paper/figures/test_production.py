"""Figures as files: data that come back, interrupted runs that go on, pictures that can be read.

Judges of ``production``, ``plots``, ``drawing``, the CSV of ``tables``, and every plot.
"""

import json
import os
import subprocess
import sys
import time
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context, rcdefaults
from matplotlib.image import imread
from PIL import Image

from numerics.model.checks import InvalidArgument
from numerics.storage.cache import code_fingerprint
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
from symbattery.paper.figures.tables import Column, Head, Table, TableKind, from_csv, to_csv
from symbattery.paper.figures.time_figures import FIGURE_6

COLUMNS = (Column("x", "1", "a number: with a colon"), Column("y", "omega_0/g", "another"))


def head(name, **parameters):
    """The description of a small table."""
    return Head(name, "numbers", tuple(parameters.items()), "by hand: y = 1/x", COLUMNS, "1")


def test_csv_round_trip():
    rows = [(1, np.nan), (0.1, 1 / 3), (1e300, -5e-324), (2**53, 0)]
    table = Table.of(head("small", M="1 ... 3", ratio="N/M: 2"), rows)
    text = to_csv(table)
    again = from_csv(text)
    assert again.head == table.head
    for name in ("x", "y"):
        np.testing.assert_array_equal(again[name], table[name])
    assert "# column y [omega_0/g]: another\n" in text
    assert "# parameter M: 1 ... 3\n" in text
    assert f"# symbattery: {table.head.version}\n" in text
    assert "\n1,\n" in text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: "x,y\n1,2\n",
        lambda text: text.replace("# name", "# nam"),
        lambda text: text.replace("\nx,y\n", "\nx,z\n"),
        lambda text: text + "1,2,3\n",
        lambda text: text + "1,two\n",
    ],
)
def test_what_is_no_such_file_is_refused(spoil):
    text = to_csv(Table.of(head("small"), [(1, 2), (3, 4)]))
    with pytest.raises(InvalidArgument, match="`text` must be a CSV file"):
        from_csv(spoil(text))


def counted(folder, name, fails):
    """Rows that leave a trace of having been computed, or an interruption."""
    log = Path(folder) / "log"
    done = json.loads(log.read_text()) if log.exists() else []
    if fails and not (Path(folder) / "go on").exists():
        raise KeyboardInterrupt
    log.write_text(json.dumps([*done, name]))
    return [(1, 2), (2, 4)]


def plain(tables):
    """A plot of the first table."""
    table = next(iter(tables.values()))
    curve = Curve("curve", *table.values[:2], "blue solid")
    return Plot((Panel("", Axis("$x$"), Axis("$y$"), (curve,)),))


def three_tables(folder, fails=False, **parameters):
    """Three tables, the second of which may be interrupted."""
    kind = TableKind("numbers", "by hand: y = 1/x", COLUMNS, counted)
    table_tasks = tuple(
        kind.task(name, parameters.items(), str(folder), name, fails and name == "two")
        for name in ("one", "two", "three")
    )
    return FigureSpec("trial", table_tasks, plain)


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path):
    output, log = tmp_path / "out", tmp_path / "log"
    with pytest.raises(KeyboardInterrupt):
        produce([three_tables(tmp_path, fails=True)], output, processes=1)
    assert {path.name for path in output.iterdir()} == {"one.csv"}
    (tmp_path / "go on").touch()
    assert production.share_missing([three_tables(tmp_path)], output) == 2 / 3
    made = produce([three_tables(tmp_path, fails=True)], output, processes=1)
    assert json.loads(log.read_text()) == ["one", "two", "three"]
    assert (made.computed, made.reused) == (2, 1)
    names = {"one.csv", "two.csv", "three.csv", "trial.pdf", "trial.png"}
    assert {path.name for path in output.iterdir()} == names == {p.name for p in made.written}
    assert produce([three_tables(tmp_path)], output).reused == 3


def test_files_say_how_they_were_made(tmp_path):
    produce([three_tables(tmp_path, M="7")], tmp_path, processes=1)
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
    assert to_csv(from_csv(text), "symbattery figure trial") == text


def test_a_figure_is_known_by_its_file_too():
    assert chosen(["figure-6", "6"]) == (FIGURE_6,)
    for figure in chosen(["all"]):
        assert chosen([figure.command.split()[-1]]) == (figure,)


def test_a_table_of_two_figures_is_computed_once(tmp_path):
    one = three_tables(tmp_path)
    other = FigureSpec("again", one.table_tasks, plain)
    made = produce([one, other], tmp_path / "out", processes=1)
    assert json.loads((tmp_path / "log").read_text()) == ["one", "two", "three"]
    assert made.computed == 3
    assert {"trial.png", "again.png"} <= {path.name for path in made.written}


def test_data_of_other_parameters_or_spoilt_ones_are_computed_again(tmp_path):
    output, log = tmp_path / "out", tmp_path / "log"
    produce([three_tables(tmp_path, M="1")], output, processes=1)
    text = (output / "two.csv").read_text("utf-8")
    (output / "two.csv").write_text(text[: len(text) - 3], "utf-8")
    (output / "three.csv").write_bytes(b"\xff\xfe")
    produce([three_tables(tmp_path, M="1")], output, processes=1)
    assert json.loads(log.read_text()) == ["one", "two", "three", "two", "three"]
    produce([three_tables(tmp_path, M="2")], output, processes=1)
    assert json.loads(log.read_text())[5:] == ["one", "two", "three"]


# A map of few batteries, in strips, on two processes.
MAP = """
import sys
from symbattery.paper.figures.best_starts import map_tasks
from symbattery.paper.figures.plots import FigureSpec
from symbattery.paper.figures.production import produce
from tests.symbattery.paper.figures.test_production import plain

if __name__ == "__main__":
    produce([FigureSpec("trial", map_tasks(tuple(range(1, 13)), 2), plain)], sys.argv[1], 2)
"""


def test_a_killed_map_goes_on_to_the_same_bits(tmp_path):
    """`kill -9` as soon as some of its strips are there."""
    script, killed = tmp_path / "script.py", tmp_path / "killed"
    script.write_text(MAP)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[4])}

    def start(folder):
        return subprocess.Popen([sys.executable, str(script), str(folder)], env=environment)

    run = start(killed)
    while run.poll() is None and len(list(killed.glob("*.csv"))) < 2:
        time.sleep(0.01)
    run.kill()
    run.wait()
    assert 2 <= len(list(killed.glob("*.csv"))) < 6
    for folder in (killed, tmp_path / "whole"):
        assert start(folder).wait() == 0
    names = sorted(path.name for path in killed.iterdir())
    assert names == sorted(path.name for path in (tmp_path / "whole").iterdir())
    assert len(names) == 8
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
        names = [column.name for column in task.head.columns]
        if task.name.startswith("beyond-map"):
            first, last, sizes = task.arguments
            pairs = {
                pair
                for small in sizes
                if first <= small <= last
                for large in sizes
                if large >= small
                for pair in ((small, large), (large, small))
            }
            rows = [
                (m, n, 0.9 * m, 1, m * n**0.5, 1, (n + 1) // 2, m, 0.8 * m, np.log(1 + m / n))
                for m, n in sorted(pairs)
            ]
        elif task.name.startswith("beyond-open-map"):
            pairs = product(task.arguments[-1], repeat=2)
            rows = [(x, y, 5 * np.exp(-x - y / 2), 1, 4 * np.exp(-x - y)) for x, y in pairs]
        else:
            rows = [[i, *(i + 0.1 * j for j in range(1, len(names)))] for i in range(1, 101)]
        tables[task.name] = Table.of(task.head, rows)
    tables |= {table.head.name: table for table in wanted.derive(tables)}
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
    heads = {task.name: task.head for task in table_tasks}
    assert all(task.head == heads[task.name] for task in table_tasks)
    for task in table_tasks:
        assert task.head.what
        assert task.head.method
        assert task.head.parameters
        assert all(column.unit and column.meaning for column in task.head.columns)
        empty = Table.of(task.head, [])
        assert from_csv(to_csv(empty)).head == task.head


def test_settings_of_the_reader_change_no_figure():
    def pixels():
        figure = draw(plain({"any": Table.of(head("any"), [(1, 2), (3, 4)])}))
        return np.asarray(figure.canvas.buffer_rgba()).copy()

    with rc_context():
        rcdefaults()
        expected = pixels()
    settings = {"axes.facecolor": "red", "text.color": "red", "axes.grid": True, "font.size": 20}
    with rc_context(settings):
        np.testing.assert_array_equal(pixels(), expected)


def test_names_of_figures():
    assert [s.name for s in chosen(["4", "2", "4"])] == ["figure-4", "figure-2"]
    assert len(chosen(["3", "all"])) == sum(len(figures) for figures in FIGURES.values())
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


def test_tables_of_another_program_are_computed_again_and_pictures_drawn(tmp_path):
    made = produce([FIGURE_6], tmp_path, processes=1)
    table = tmp_path / "figure-6-g1-1.csv"
    text = table.read_text("utf-8")
    program = code_fingerprint("symbattery.paper.figures.time_figures")
    assert f"# symbattery: {program}\n" in text
    table.write_text(text.replace(program, "0.1.0+another"), "utf-8")
    again = produce([FIGURE_6], tmp_path, processes=1)
    assert (made.computed, again.computed, again.reused) == (3, 1, 2)


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
    (tmp_path / "figure-6-g1-1.csv").unlink()
    produce([FIGURE_6], tmp_path, processes=1)
    assert drawn == ["figure-6"] * 3
