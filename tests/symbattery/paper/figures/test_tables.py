"""The numbers behind the figures against routes that share no code with them.

Judges of ``maxima``, ``laws``, ``size_maps`` and the tables of both rooms of figures.
"""

import os
from itertools import product as pairs_of

import mpmath
import numpy as np
import pytest

from numerics import (
    CavityCharger,
    SpinCharger,
    charge,
    collective_advantage,
    dicke,
    fock,
    mixture,
    product,
)
from numerics.sweeps import points
from symbattery import solve, two_cells
from symbattery.limits.many_chargers import charger_limit
from symbattery.paper.figures import (
    laws,
    maxima,
    open_batteries,
    size_figures,
    size_maps,
    time_figures,
)
from symbattery.paper.figures.best_starts import best_excited
from symbattery.paper.figures.maxima import COUPLING, benchmark_task, spin_task
from symbattery.symbols import g, omega_0
from tests.systems import open_systems, oracle, taylor
from tests.systems.figures_of_merit import quantity, states


def computed(task):
    """A table, from its points one after another."""
    return task.table(
        next(points.computed(task.batch.points, task.batch.requests, (), os.getpid()))
    )


def rows(table):
    """The rows of a table by the names of its columns."""
    names = [column.name for column in table.kind.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*table.values, strict=True)]


@pytest.mark.parametrize("anisotropy", [0.0, 0.6, 1.0])
def test_maxima_of_few_cells_are_those_of_all_states(anisotropy):
    table = computed(spin_task("few", range(1, 4), 2, anisotropy))
    for row in rows(table):
        cells = int(row["M"])
        model = SpinCharger(cells, 2 * cells, coupling=COUPLING, anisotropy=anisotropy)
        at = np.array([row["t_E"], row["t_first"], row["t_P"]]) / COUPLING
        energy = oracle.energy(model, None, at)
        power = energy[2] / at[2] / (COUPLING * np.sqrt(2 * cells))
        for name, sense in (("W", "full"), ("W_local", "local")):
            work = quantity("ergotropy", model, None, at[:1], sense=sense)
            assert row[name] == pytest.approx(work[0], abs=1e-11)
        expected = [row["E_max"], row["E_first"], row["P_max"]]
        assert [*energy[:2], power] == pytest.approx(expected, abs=1e-11 * cells)
        # Nothing in the window is larger, and nothing before the first peak.
        times = np.linspace(0, 10 / COUPLING, 801)[1:]
        scan = oracle.energy(model, None, times)
        assert scan.max() <= row["E_max"] + 1e-11
        assert scan.max() > 0.9 * row["E_max"]
        assert (scan / times).max() <= row["P_max"] * COUPLING * np.sqrt(2 * cells) + 1e-12
        before = times < row["t_first"] / COUPLING
        assert np.all(np.diff(scan[before]) > -1e-12)


def test_the_paper_prints_the_largest_energies_of_the_window():
    (row,) = rows(computed(spin_task("one", [10], 1, 0.0)))
    assert round(row["E_max"], 2) == 9.76
    assert round(row["E_first"], 2) != 9.76
    # The printed 9.24 is 9.246, cut rather than rounded.
    assert abs(row["P_max"] - 9.24) < 0.01


@pytest.mark.parametrize(("ratio", "cells"), [(1, 10), (10, 10)])
def test_maxima_of_ten_cells_to_many_digits(ratio, cells):
    (row,) = rows(computed(spin_task("one", [cells], ratio, 0.0)))
    exact = SpinCharger(cells, ratio * cells)
    for value, time in (("E_max", "t_E"), ("E_first", "t_first")):
        energy = taylor.energy(exact, row[time], digits=30)
        assert float(energy) == pytest.approx(row[value], abs=1e-11 * cells)
    power = taylor.energy(exact, row["t_P"], digits=30) / row["t_P"]
    assert float(power) == pytest.approx(row["P_max"] * np.sqrt(ratio * cells), rel=1e-12)


@pytest.mark.parametrize("reading", ["photons", "limit"])
def test_the_benchmark_is_a_cavity_that_charges_or_what_a_full_battery_emits(reading):
    for row in rows(computed(benchmark_task("tc", range(1, 5), reading))):
        cells = int(row["M"])
        full = fock(0, excited_cells=cells)
        start, sign = (fock(cells), 1) if reading == "photons" else (full, -1)
        # Times are in 1/g, and the coupling of the cavity is √M g.
        model = CavityCharger(cells, coupling=cells**0.5)
        at = np.array([row["t_E"], row["t_first"], row["t_P"]])
        energy = sign * oracle.energy(model, start, at)
        power = energy[2] / at[2] / cells**0.5
        expected = [row["E_max"], row["E_first"], row["P_max"]]
        assert [*energy[:2], power] == pytest.approx(expected, abs=1e-11 * cells)
        if cells <= 3:
            # In the limit the battery is the mirror image of the emitting one: its locked energy.
            (rho,) = (s.reduced_state() for s in states(model, start, at[:1]))
            mean = energy[0]
            assert row["W"] == pytest.approx(mean - 1 + np.linalg.eigvalsh(rho)[-1], abs=1e-11)
            assert row["W_local"] == pytest.approx(max(0, 2 * mean - cells), abs=1e-11)


def test_both_benchmarks_of_two_cells_in_closed_form():
    limit = charger_limit(two_cells())
    photons = solve(CavityCharger(2), fock(2))
    for reading, power in (("limit", limit.max_power()), ("photons", photons.max_power())):
        row = rows(computed(benchmark_task("tc", [2], reading)))[0]
        assert row["E_max"] == pytest.approx(16 / 9, abs=1e-13)
        assert row["P_max"] == pytest.approx(float((power.value / (g * omega_0)).evalf()), 1e-13)


def test_the_slope_of_figure_3_is_that_of_a_line():
    tables = {
        task.name: computed(task)
        for task in size_figures.FIGURE_3.table_tasks
        if "-a-" in task.name
    }
    energy, power = (
        np.concatenate([table[name] for table in tables.values()]) for name in ("E_max", "P_max")
    )
    # Only panel (a) is computed: the others borrow its points.
    borrowed = {
        task.name: tables[task.name.replace(f"-{task.name[9]}-", "-a-")]
        for task in size_figures.FIGURE_3.table_tasks
    }
    (fits,) = size_figures.FIGURE_3.derive(borrowed)
    centred = energy - energy.mean()
    slope = (centred @ power) / (centred @ centred)
    assert fits["slope"] == pytest.approx([slope] * 4, rel=1e-12)
    assert fits["offset"] == pytest.approx([power.mean() - slope * energy.mean()] * 4, rel=1e-12)


@pytest.mark.parametrize("anisotropy", [0.0, 1.0])
def test_the_collective_advantage(anisotropy):
    for cells in (1, 7, 20):
        model = SpinCharger(cells, cells, coupling=COUPLING, anisotropy=anisotropy)
        power, time, eta = maxima.powers(charge(model))
        assert eta == pytest.approx(collective_advantage(model), rel=1e-12)
        assert power * time == pytest.approx(charge(model).energy(time / COUPLING), rel=1e-12)


def test_the_collective_advantage_of_the_cavity():
    for cells in (1, 5, 40):
        _, _, eta = maxima.powers(charge(CavityCharger(cells)))
        assert eta == pytest.approx(collective_advantage(CavityCharger(cells)), rel=1e-12)
    for cells in (1, 4):
        full = fock(0, excited_cells=cells)
        power, time, eta = maxima.limit_powers(charge(CavityCharger(cells), full))
        lost = -oracle.energy(CavityCharger(cells), full, [time])[0]
        assert power == pytest.approx(lost / time, rel=1e-12)
        assert eta == pytest.approx(power / cells / 0.7246113537767085, rel=1e-12)


def test_the_exponent_is_that_of_a_power_law():
    cells = np.arange(1, 101)
    broken = np.where(cells < 90, 1.0, 0.3 * cells**0.7)
    assert size_figures.fitted(cells, broken) == pytest.approx((0.7, 0.3), rel=1e-12)


STARTS = {
    "ideal": None,
    "chargers": mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, n)) for n in (0, 1, 2, 3))]),
    "cells": mixture(
        [(p, product(cells, [1] * 4)) for p, cells in ((0.6, [0, 0]), (0.2, [1, 0]), (0.2, [0, 1]))]
    ),
}


@pytest.mark.parametrize(
    "task",
    [*time_figures.FIGURE_6.table_tasks, *time_figures.FIGURE_7.table_tasks],
    ids=lambda task: task.name,
)
def test_crosstalk_and_states_that_are_not_ideal_in_time(task):
    table, (figure, _, case) = computed(task), task.name.rpartition("-")
    start = STARTS[case] if figure == "figure-7" else None
    model = SpinCharger(2, 4, charger_crosstalk=0.0 if figure == "figure-7" else float(case))
    times, energy, power = (table[name][::100] for name in ("gt", "E", "P"))
    expected = oracle.energy(model, start, times)
    for name, sense in (("W", "full"), ("W_local", "local")):
        work = quantity("ergotropy", model, start, times, sense=sense)
        assert table[name][::100] == pytest.approx(work, abs=1e-11)
    assert energy == pytest.approx(expected, abs=1e-11)
    assert power[1:] == pytest.approx(expected[1:] / times[1:], abs=1e-11)
    assert power[0] == 0


def test_two_cells_in_time():
    tables = {task.name: computed(task) for task in time_figures.two_cell_tasks("figure-8")}
    for panel, chargers in (("a", 2), ("b", 20), ("c", 200)):
        table = tables[f"figure-8-{panel}"]
        exact = two_cells().function("energy", chargers=chargers)(table["gt"])
        assert table["E"] == pytest.approx(exact, abs=1e-11)
    times = tables["figure-8-d-limit"]["gt"][::50]
    model = CavityCharger(2, coupling=2**0.5)
    emitted = -oracle.energy(model, fock(0, excited_cells=2), times)
    assert tables["figure-8-d-limit"]["E"][::50] == pytest.approx(emitted, abs=1e-11)
    photons = oracle.energy(model, fock(2), times)
    assert tables["figure-8-d-photons"]["E"][::50] == pytest.approx(photons, abs=1e-11)
    # Fig. 9 divides by √N: the printed 1.45 and 1.53.
    plot = time_figures.four_panels("figure-8", tables, "P", "P")
    tops = [float(panel.curves[0].y.max()) for panel in plot.panels]
    assert tops == pytest.approx([1.4492, 1.5311, 1.5302, 1.7734], abs=5e-4)


def test_the_map_has_every_pair_once_and_its_numbers_are_right():
    pairs = set()
    for row in rows(computed(size_maps.map_task("map", range(1, 6)))):
        cells, chargers = int(row["M"]), int(row["N"])
        assert (cells, chargers) not in pairs
        pairs.add((cells, chargers))
        model = SpinCharger(cells, chargers)
        energy = oracle.energy(model, None, [row["t_E"], row["t_P"]])
        expected = [row["E_max"], row["P_max"] * row["t_P"]]
        assert energy == pytest.approx(expected, abs=1e-11 * cells)
        if cells + chargers <= 7:
            work, entropy = (
                quantity(name, model, None, [row["t_E"]])[0] for name in ("ergotropy", "entropy")
            )
            # The entropy rises without bound at pure states.
            assert row["W"] == pytest.approx(work, abs=1e-11)
            assert row["S"] == pytest.approx(entropy, abs=1e-9)
        heights = [charge(model, dicke(0, m)).first_peak().value for m in range(1, chargers + 1)]
        assert row["E_m"] == pytest.approx(max(heights), abs=1e-10)
        assert heights[int(row["m"]) - 1] == pytest.approx(row["E_m"], abs=1e-10)
    assert pairs == {(m, n) for m in range(1, 6) for n in range(1, 6)}


@pytest.mark.parametrize(
    ("cells", "chargers"), [(3, 4), (9, 14), (6, 25), (14, 9), (11, 11), (150, 30)]
)
def test_the_best_start_is_best_of_all(cells, chargers):
    model = SpinCharger(cells, chargers)
    heights = [charge(model, dicke(0, m)).first_peak().value for m in range(1, chargers + 1)]
    best, peak = best_excited(cells, chargers)
    assert best == np.argmax(heights) + 1
    assert peak.value == max(heights)


@pytest.mark.parametrize("chargers", [2, 4, 7, 30])
def test_the_best_start_of_two_cells_in_closed_form(chargers):
    best, peak = best_excited(2, chargers)
    b0, b1 = best * (chargers - best + 1), (best - 1) * (chargers - best + 2)
    assert peak.value == pytest.approx(8 * b0 * b1 / (b0 + b1) ** 2, abs=1e-12)
    assert best == chargers // 2 + 1


def test_large_batteries_and_their_law():
    small, some, many = rows(computed(laws.law_task("law", (2, 30, 1000))))
    assert np.isnan(small["eta_0"])
    assert some["eta"] == pytest.approx(collective_advantage(SpinCharger(30, 30)), rel=1e-12)
    # The law again, maximised by mpmath: 2M² f(u)/(u + ln 4M), f = 1 − z e^z E₁(z), z = e^(−u).
    size = mpmath.mpf(1000)

    def power(u):
        z = mpmath.exp(-u)
        return (1 - z * mpmath.exp(z) * mpmath.e1(z)) / (u + mpmath.log(4 * size))

    root = mpmath.findroot(lambda u: mpmath.diff(power, u), 2)
    law = 2 * size**2 * power(root) / (size * maxima.SINGLE_POWER)
    assert many["eta_0"] == pytest.approx(float(law), rel=1e-9)
    assert many["beta"] == pytest.approx(float(1 - 1 / (root + mpmath.log(4 * size))), rel=1e-6)
    assert abs(many["eta_0"] / many["eta"] - 1) < 2e-3
    assert abs(many["eta_1"] / many["eta"] - 1) < 1e-5


def test_three_senses_of_a_maximum():
    found = rows(computed(laws.sense_task("senses", (2, 3, 9))))
    for row in found[:2]:
        cells = int(row["M"])
        solution = solve(SpinCharger(cells, cells))
        first = solution.maximum("first peak", digits=30)
        assert row["E_first"] == pytest.approx(float((first.value / omega_0).evalf()), abs=1e-11)
        assert row["E_supremum"] == cells
    (three,) = (row for row in found if row["M"] == 3)
    window = solve(SpinCharger(3, 3)).maximum("window", until=10, digits=30)
    assert three["E_window"] == pytest.approx(float((window.value / omega_0).evalf()), abs=1e-11)
    assert [row["attained"] for row in found[:2]] == [1, 0]
    assert np.isnan(found[2]["E_supremum"])
    for row in found:
        assert row["E_first"] <= row["E_window"] + 1e-11


def brute_open(chargers, rates, time):
    """E and ergotropy of two cells on all spins; rates by kind and side."""
    model = SpinCharger(2, chargers)
    channels = [(kind, side, rate, False) for (kind, side), rate in rates.items()]
    state = open_systems.evolved(model, channels, oracle.density_matrix(model, None), time)
    found = open_systems.figures(model, state)
    return found["excited"], found["ergotropy"]


SIDES = ("cells", "chargers")


@pytest.mark.parametrize("kind", ["loss", "dephasing"])
def test_open_batteries_in_time(kind):
    noisy = charge(SpinCharger(2, 2), noise=open_batteries.noise(kind, 0.4))
    table = open_batteries.curves(noisy, np.linspace(0, 2, 201))
    closed = oracle.energy(SpinCharger(2, 2), None, [row[0] for row in table])
    for row, without in zip(table[::50], closed[::50], strict=True):
        energy, work = brute_open(2, {(kind, side): 0.4 for side in SIDES}, row[0])
        expected = [energy, work, max(0.0, 2 * energy - 2), without]
        assert row[1:] == pytest.approx(expected, abs=1e-11)


def test_the_map_over_rates():
    for own, phase in pairs_of((0, 0.3), repeat=2):
        noise = open_batteries.noise
        channels = (*noise("loss of the cells", own), *noise("dephasing", phase))
        height, time, work = open_batteries.peak(charge(SpinCharger(2, 2), noise=channels))
        rates = {("loss", "cells"): own} | {("dephasing", side): phase for side in SIDES}
        around = [brute_open(2, rates, time + shift)[0] for shift in (-1e-3, 0, 1e-3)]
        assert max(around) == around[1] == pytest.approx(height, abs=1e-11)
        assert work == pytest.approx(brute_open(2, rates, time)[1], abs=1e-11)
    task = open_batteries.MAP.table_tasks[1]
    for (x, y), point in task.points[1::20]:
        rates = {(one.kind, one.side): float(one.rate) for one in point.noise}
        expected = {("loss", side): x for side in SIDES if x}
        assert rates == expected | {("dephasing", side): y for side in SIDES if y}


@pytest.mark.parametrize("kind", open_batteries.KINDS)
def test_rates_at_which_a_share_is_left(kind):
    """One cell in closed form: loss costs the same on either side, dephasing by e^(−πλ/2Ω)."""
    begun = charge(SpinCharger(1, 1), noise=open_batteries.noise(kind, 0.05))
    rate = open_batteries.rate_at_share(begun)
    if kind == "dephasing":
        # λ is half of the rates of both spins together.
        height = (1 + np.exp(-np.pi * rate / (2 * np.sqrt(4 - rate**2 / 4)))) / 2
    else:
        one, other = (rate, rate) if kind == "loss" else (rate, 0)
        frequency = np.sqrt(1 - (one - other) ** 2 / 16)
        half = (one + other) / 4
        height = np.exp(-2 * half * np.arctan(frequency / half) / frequency)
        height /= 1 + one * other / 4
    assert height == pytest.approx(0.9, abs=1e-10)


def test_each_row_of_rates_has_its_size_and_all_kinds_of_noise():
    task = open_batteries.SURVIVING.table_tasks[0]
    (request,) = task.batch.requests
    kinds = {
        tuple((one.kind, one.side) for one in open_batteries.noise(kind, 1)): float(i)
        for i, kind in enumerate(open_batteries.KINDS)
    }
    records = {
        key: {"values": {request.name: kinds[tuple((o.kind, o.side) for o in point.noise)]}}
        for key, point in task.batch.points.items()
    }
    table = task.table({key: {**record, "errors": {}} for key, record in records.items()})
    assert table["M"].tolist() == [1, 2, 3, 4, 5, 6, 8, 10]
    for i, kind in enumerate(open_batteries.KINDS):
        assert table[kind].tolist() == [i] * 8


def test_the_size_of_the_charger_with_loss():
    for rate, chargers in pairs_of((0.0, 0.4), (2, 3)):
        channels = open_batteries.noise("loss", rate)
        height, power = open_batteries.heights(charge(SpinCharger(2, chargers), noise=channels))
        times = np.linspace(0.04, 1.6, 40)
        rates = {("loss", side): rate for side in SIDES}
        curve = np.array([brute_open(chargers, rates, time)[0] for time in times])
        assert curve.max() <= height + 1e-11
        assert curve.max() == pytest.approx(height, abs=2e-3)
        assert (curve / times).max() <= power + 1e-11
        assert (curve / times).max() == pytest.approx(power, abs=2e-3)
