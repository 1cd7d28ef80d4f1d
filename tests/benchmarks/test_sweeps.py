"""Sweeps against a plain loop on one core: points per second, and the overhead of a cheap point.

``python -m pytest tests/benchmarks/test_sweeps.py --benchmark-enable -s`` prints ratios of medians
of runs that take turns. In an ordinary run few points are computed once.
"""

import statistics

import numpy as np
import pytest

from numerics import SpinCharger, charge, sweep
from numerics.storage.processes import cores
from tests.benchmarks.measure import timed

# Some tens of seconds, as processes take one or two to start.
COSTLY = {"cells": range(100, 132), "anisotropy": [0.2, 0.4, 0.6, 0.8]}
CHEAP = {"cells": range(1, 6), "anisotropy": [0.0], "coupling": np.linspace(0.1, 1, 100)}
TIMES = np.linspace(0, 1, 5)


def loop(axes, value):
    """As one writes it."""
    found = [
        value(charge(SpinCharger(cells, cells, coupling=coupling, anisotropy=anisotropy)))
        for cells in axes["cells"]
        for anisotropy in axes["anisotropy"]
        for coupling in axes.get("coupling", [1.0])
    ]
    return np.array(found)


def power(charging):
    return charging.max_power().value


def energies(charging):
    return charging.energy(TIMES)


def swept(axes, compute, **given):
    given = {**axes, "coupling": axes.get("coupling", 1.0), "progress": False, **given}
    return sweep(SpinCharger, chargers=lambda cells: cells, compute=compute, **given)


def in_turn(first, second, rounds):
    """The median times of two works that take turns, and of their ratio."""
    pairs = [(timed(first)[0], timed(second)[0]) for _ in range(rounds)]
    one, two = (statistics.median(column) for column in zip(*pairs, strict=True))
    return one, two, statistics.median(a / b for a, b in pairs)


def test_costly_points_on_all_cores(benchmark):
    axes = {"cells": [2, 3], "anisotropy": [0.2]} if benchmark.disabled else COSTLY
    processes = 1 if benchmark.disabled else cores()
    table = swept(axes, ["max_power"], processes=processes)
    points = table["max_power"].size
    assert np.array_equal(table["max_power"].ravel(), loop(axes, power))
    work = (lambda: loop(axes, power), lambda: swept(axes, ["max_power"], processes=processes))
    benchmark.pedantic(work[1], rounds=1)
    if not benchmark.disabled:
        plain, ours, ratio = in_turn(*work, 3)
        print(
            f"\n{points} costly points: a loop {points / plain:.1f} per s, a sweep on {processes} "
            f"cores {points / ours:.1f} per s with their start; median ratio of paired runs "
            f"{ratio:.2f}"
        )


@pytest.mark.parametrize("where", ["without a store", "with a store"])
def test_the_overhead_of_a_cheap_point(benchmark, where, tmp_path):
    axes = {**CHEAP, "coupling": CHEAP["coupling"][:2]} if benchmark.disabled else CHEAP
    compute, stores = [("energy", TIMES)], iter(range(1000))

    def ours():
        store = tmp_path / str(next(stores)) if where == "with a store" else None
        return swept(axes, compute, processes=1, store=store)

    table = ours()
    points = table["energy"].size // len(TIMES)
    assert np.array_equal(table["energy"].ravel(), loop(axes, energies).ravel())
    benchmark.pedantic(ours, rounds=1)
    if not benchmark.disabled:
        plain, swept_in, _ = in_turn(lambda: loop(axes, energies), ours, 3)
        print(
            f"\n{points} cheap points of {plain / points * 1e3:.2f} ms {where}: "
            f"{(swept_in - plain) / points * 1e3:.2f} ms more for each"
        )
