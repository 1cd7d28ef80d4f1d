"""The map of best starts: all starts tried, and what the page says of the table it shows."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from numerics import NoPeakError, SpinCharger, best_excited, charge, dicke
from symbattery.paper.figures import chosen
from symbattery.paper.figures.best_starts import BEST_STARTS, best_numbers, law_for_power
from symbattery.paper.figures.drawing import draw

STORED = Path(__file__).parents[4] / "docs" / "best-starts.csv.gz"


@pytest.fixture(scope="module")
def stored():
    """The table of the page, by the names of its columns."""
    with gzip.open(STORED, "rt", encoding="utf-8") as text:
        lines = [line for line in text.read().splitlines() if line[0] != "#"]
    rows = np.array([line.split(",") for line in lines[1:]], dtype=np.float64)
    return dict(zip(lines[0].split(","), rows.T, strict=True))


@pytest.mark.parametrize("size", [(1, 6), (2, 9), (3, 4), (9, 14), (14, 9), (11, 12)])
def test_no_other_start_is_better(size):
    batteries = [charge(SpinCharger(*size), dicke(0, m)) for m in range(1, size[1] + 1)]

    def peak(battery):
        try:
            found = battery.first_peak()
        except NoPeakError:
            return 0.0, 0.0
        return found.value, float(battery.ergotropy(found.time))

    peaks = np.array([peak(battery) for battery in batteries])
    powers = [battery.max_power().value for battery in batteries]
    found = best_numbers(charge(SpinCharger(*size)))
    for m, heights in zip(found, (*peaks.T, powers), strict=True):
        assert heights[m - 1] >= np.max(heights) - 1e-10
    assert found[0] == best_excited(SpinCharger(*size)).excited


def test_the_stored_table_is_that_of_the_program(stored):
    """All sizes once, and some of them again."""
    sizes = np.unique(stored["M"])
    assert len(stored["M"]) == len(sizes) ** 2
    shown = [known for known, _ in BEST_STARTS.table_tasks[0].points]
    assert np.array_equal(shown, np.transpose([stored["M"], stored["N"]]))
    for row in np.random.default_rng(2).integers(0, len(stored["M"]), 6):
        cells, chargers, *found = (int(stored[name][row]) for name in stored)
        assert best_numbers(charge(SpinCharger(cells, chargers))) == tuple(found)


def test_the_laws_hold_for_every_size(stored):
    cells, chargers = stored["M"], stored["N"]
    wide = chargers >= cells
    # A single cell is charged in full from every start.
    assert np.all((stored["m_E"] == 1)[cells == 1])
    for name in ("m_E", "m_W"):
        off = np.where(cells > 1, 2 * stored[name] - cells - chargers, 0)
        assert np.max(np.abs(off[wide])) == 1
        lower = wide & (off == -1)
        assert np.all((chargers - cells == 1)[lower & (cells > 3)])
        nearest = (chargers - cells == 1) & (cells > 3)
        assert np.array_equal(cells[lower & nearest], np.arange(10 if name == "m_E" else 27, 200))
    assert np.all(lower[wide & (cells == 2) & (chargers % 2 == 1)])
    lower = wide & (2 * stored["m_E"] - cells - chargers == -1)
    assert np.all(lower[wide & (cells == 3) & (chargers % 2 == 0)])
    off = stored["m_P"] - law_for_power(cells, chargers)
    assert np.max(np.abs(off[wide])) < 0.6
    assert np.max(np.abs(off[~wide])) < 0.86
    assert 0.95 < np.mean(np.abs(off[wide]) <= 0.5) < 0.96
    assert 0.86 < np.mean(np.abs(off[~wide]) <= 0.5) < 0.87
    assert np.max((chargers - stored["m_E"])[~wide]) == 3
    assert np.max((chargers - stored["m_W"])[~wide]) == 3


def test_it_is_drawn_when_asked_for_only():
    assert BEST_STARTS in chosen(["best-starts"])
    assert BEST_STARTS not in chosen(["all"])
    assert set(chosen(["all", "best-starts"])) == {*chosen(["all"]), BEST_STARTS}
    (task,) = BEST_STARTS.table_tasks
    rows = [(*known, 1, 1, 1) for known, _ in task.points]
    table = task.kind.table(task.name, task.parameters, rows)
    assert len(draw(BEST_STARTS.plot({task.name: table})).axes) == 6
