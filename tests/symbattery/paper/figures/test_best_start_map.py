"""The map of best starts: all starts tried, and what the page says of the table it shows."""

from pathlib import Path

import numpy as np
import pytest

from numerics import NoPeakError, SpinCharger, charge, dicke
from symbattery.paper.figures import chosen
from symbattery.paper.figures.best_start_map import BEST_STARTS, best_numbers, law_for_power
from symbattery.paper.figures.drawing import draw

STORED = Path(__file__).parents[4] / "docs" / "best-starts.csv"


@pytest.fixture(scope="module")
def stored():
    """The table of the page, by the names of its columns."""
    lines = [line for line in STORED.read_text("utf-8").splitlines() if line[0] != "#"]
    rows = np.array([line.split(",") for line in lines[1:]], dtype=np.float64)
    return dict(zip(lines[0].split(","), rows.T, strict=True))


@pytest.mark.parametrize("size", [(1, 1), (3, 4), (9, 14), (14, 9), (11, 12)])
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
    twice = (2 * stored[name] - cells - chargers for name in ("m_E", "m_W"))
    assert all(np.max(np.abs(off[wide])) <= 1 for off in twice)
    off = (stored["m_P"] - law_for_power(cells, chargers))[wide]
    assert np.max(np.abs(off)) < 0.6
    assert 0.95 < np.mean(np.abs(off) <= 0.5) < 0.97
    assert np.max((chargers - stored["m_E"])[~wide]) == 2
    assert np.max((chargers - stored["m_W"])[~wide]) == 2


def test_it_is_drawn_when_asked_for_only():
    assert BEST_STARTS in chosen(["best-starts"])
    assert BEST_STARTS not in chosen(["all"])
    assert set(chosen(["all", "best-starts"])) == {*chosen(["all"]), BEST_STARTS}
    (task,) = BEST_STARTS.table_tasks
    rows = [(*known, 1, 1, 1) for known, _ in task.points]
    table = task.kind.table(task.name, task.parameters, rows)
    assert len(draw(BEST_STARTS.plot({task.name: table})).axes) == 6
