"""Sweeps: the same table on every executor and after every interruption, the numbers of `charge`.

Each number is compared with that of a plain loop, bit by bit.
"""

import os
import shutil
import subprocess
import sys
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from numerics import InvalidArgument, SpinCharger, charge, dicke, loss, sweep, thermal
from numerics.storage import fingerprints, runs
from numerics.storage.chunks import progress
from numerics.sweeps import points, running
from tests.errors import one_clear_error

ROOT = Path(__file__).parents[3]
TIMES = [0.1, 0.7]
ANISOTROPIES = [0, 0.3, 1.0]
# Battery and charger of 1 to 4 spins, γ ≠ 0 among them, in one chunk each.
SMALL = {
    "cells": range(1, 5), "chargers": lambda cells: cells, "anisotropy": ANISOTROPIES,
    "compute": ["max_power", "first_peak", ("ergotropy", TIMES)], "progress": False,
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_point_in_each_chunk(monkeypatch):
    monkeypatch.setattr(runs, "_SHORTEST", 0.0)


@pytest.fixture(scope="module")
def table():
    return sweep(SpinCharger, processes=1, **SMALL)


def same(table, other):
    """True for tables that are equal bit by bit."""
    assert table.to_json() == other.to_json()
    mine, others = table.to_numpy(), other.to_numpy()
    return all(mine[name].tobytes() == others[name].tobytes() for name in mine)


def test_a_plain_loop_gives_the_same(table):
    assert table.dims == ("cells", "anisotropy")
    assert table["max_power"].shape == (4, 3)
    assert table["ergotropy"].shape == (4, 3, 2)
    for i, cells in enumerate(range(1, 5)):
        for j, anisotropy in enumerate(ANISOTROPIES):
            charging = charge(SpinCharger(cells, cells, anisotropy=anisotropy))
            power = charging.max_power()
            assert table["max_power"][i, j] == power.value
            assert table["max_power_time"][i, j] == power.time
            assert table["first_peak"][i, j] == charging.first_peak().value
            assert np.array_equal(table["ergotropy"][i, j], charging.ergotropy(TIMES))
    assert table.failures == ()


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor, None])
def test_threads_and_processes_give_the_same_table(kind, table):
    if kind is None:
        assert same(table, sweep(SpinCharger, processes=2, **SMALL))
        return
    with kind(2) as executor:
        assert same(table, sweep(SpinCharger, executor=executor, **SMALL))


def test_dask_gives_the_same_table(table):
    reason = "Dask is not installed; it is in the extra `test`"
    distributed = pytest.importorskip("dask.distributed", reason=reason)
    with (
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        assert same(table, sweep(SpinCharger, executor=client.get_executor(), **SMALL))


MPI = """
import sys
from mpi4py import MPI
from mpi4py.futures import MPICommExecutor
from numerics import SpinCharger, sweep
from tests.numerics.sweeps.test_running import SMALL
with MPICommExecutor(MPI.COMM_WORLD) as executor:
    if executor is not None:
        sweep(SpinCharger, executor=executor, **SMALL).to_json(sys.argv[1])
"""


def test_two_ranks_of_mpi_give_the_same_table(table, tmp_path):
    pytest.importorskip("mpi4py", reason="mpi4py is not installed; it is in the extra `test`")
    if shutil.which("mpiexec") is None:
        pytest.skip("no mpiexec")
    command = ["mpiexec", "-n", "2", sys.executable, "-c", MPI, str(tmp_path / "table.json")]
    # Open MPI wants to be told that it may, as an administrator and on one core.
    allowed = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    allowed |= {"OMPI_MCA_rmaps_base_oversubscribe": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env={**os.environ, **allowed}, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "table.json").read_text("utf-8") == table.to_json()


def finished_at_once(function, *arguments):
    done = Future()
    done.set_result(function(*arguments))
    return done


class Unreliable:
    """An executor that loses its worker at one point."""

    def __init__(self):
        self.submitted = 0

    def submit(self, function, task):
        self.submitted += 1
        if any(point.model.cells == 3 for point in task.arguments[0].values()):
            broken = Future()
            broken.set_exception(RuntimeError("the worker has ended"))
            return broken
        return finished_at_once(function, task)


def test_a_lost_worker_takes_only_its_own_points_along(monkeypatch, tmp_path):
    """Those of its chunk are tried once more, and it is no result for the store."""
    monkeypatch.setattr(runs, "_SHORTEST", 1e9)
    monkeypatch.setattr(runs, "_LONGEST", 1e9)
    given = {"cells": [2, 3, 4], "chargers": 2, "compute": ["mean"], "progress": False}
    executor = Unreliable()
    table = sweep(SpinCharger, executor=executor, store=tmp_path, **given)
    assert executor.submitted == 1 + 3
    assert np.isnan(table["mean"]).tolist() == [False, True, False]
    (failure,) = table.failures
    assert str(failure) == "cells=3: Lost: RuntimeError: the worker has ended"
    again = sweep(SpinCharger, processes=1, store=tmp_path, **given)
    assert again.failures == ()
    assert not np.isnan(again["mean"]).any()


KILLED = """
import os, sys
from numerics import SpinCharger, sweep
from numerics.storage.chunks import ChunkStore
from numerics.storage import runs
from tests.numerics.sweeps.test_running import SMALL
runs._SHORTEST, keep, left = 0.0, ChunkStore.keep, [int(sys.argv[2])]
def killed(self, results):
    keep(self, results)
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), 9)
ChunkStore.keep = killed
sweep(SpinCharger, processes=1, store=sys.argv[1], **SMALL)
"""


def started(store, chunks):
    command = [sys.executable, "-c", KILLED, str(store), str(chunks)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})


def counted(monkeypatch):
    """The points that are computed from now on."""
    computed = []

    def record(point, requests):
        computed.append(point)
        return original(point, requests)

    original = points._record
    monkeypatch.setattr(points, "_record", record)
    return computed


@pytest.mark.skipif(os.name != "posix", reason="processes are killed by a POSIX signal")
def test_a_sweep_that_is_killed_twice_goes_on(table, tmp_path, monkeypatch):
    """Two processes at once on one store, both killed; then it is as if nothing had been."""
    runs = [started(tmp_path, chunks) for chunks in (2, 3)]
    assert [run.wait() for run in runs] == [-9, -9]
    (run,) = progress(tmp_path)
    assert run.total == 12
    assert 3 <= run.finished <= 5
    computed = counted(monkeypatch)
    assert same(table, sweep(SpinCharger, processes=1, store=tmp_path, **SMALL))
    assert len(computed) == 12 - run.finished
    assert same(table, sweep(SpinCharger, processes=1, store=tmp_path, **SMALL))
    assert len(computed) == 12 - run.finished
    assert [(run.finished, run.failed) for run in progress(tmp_path)] == [(12, 0)]


def test_points_that_are_there_serve_other_axes_and_changed_code_computes_anew(
    tmp_path, monkeypatch
):
    given = {"chargers": 2, "compute": ["mean"], "store": tmp_path, "processes": 1}
    sweep(SpinCharger, cells=[1, 2], **given)
    computed = counted(monkeypatch)
    sweep(SpinCharger, cells=[2, 3], **given)
    assert [point.model.cells for point in computed] == [3]
    sweep(SpinCharger, cells=[2, 3], **{**given, "compute": ["mean(quantity=populations)"]})
    assert len(computed) == 3
    monkeypatch.setattr(running, "program", lambda modules: "another")
    sweep(SpinCharger, cells=[2, 3], **given)
    assert len(computed) == 5
    # What shows and stores is no part of what computes.
    sources = fingerprints._sources((points.__name__,))
    assert {"numerics.charging", "numerics.dynamics.lindblad"} <= sources.keys()
    assert not [name for name in sources if name.startswith(("symbattery", "numerics.certified"))]
    assert "numerics.sweeps.table" not in sources


def test_code_of_others_is_part_of_the_program(tmp_path, monkeypatch):
    """A model from elsewhere: its module is in the fingerprint, and is loaded by the workers."""
    (tmp_path / "mine.py").write_text(
        "from dataclasses import dataclass\nfrom numerics import SpinCharger\n"
        "@dataclass(frozen=True)\nclass Mine(SpinCharger):\n    pass\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    from mine import Mine

    modules = points.foreign([points.Point(Mine(1, 1))], [])
    assert modules == ("mine",)
    before = points.program(modules)
    assert before.startswith(points.program(()))
    (tmp_path / "mine.py").write_text("changed = 1\n")
    assert points.program(modules) != before


def test_what_fails_is_recorded_and_the_rest_goes_on(tmp_path, monkeypatch):
    """A start that does not fit, a peak that is not there, and the memory of one machine."""
    given = {
        "cells": 2, "chargers": [1, 2], "start": [dicke(0, 2), dicke(0, 0)],
        "compute": ["max_power", "first_peak"], "processes": 1, "store": tmp_path,
    }  # fmt: skip
    table = sweep(SpinCharger, **given)
    assert np.isnan(table["first_peak"]).tolist() == [[True, True], [False, True]]
    assert np.isnan(table["max_power"]).tolist() == [[True, False], [False, False]]
    said = [str(failure) for failure in table.failures]
    assert len(said) == 3
    assert "chargers=1" in said[0]
    assert "InvalidArgument: `initial.excited_chargers` must be at most" in said[0]
    assert said[1].startswith("first_peak of chargers=1")
    assert "NoPeakError" in said[1]
    computed = counted(monkeypatch)
    assert same(table, sweep(SpinCharger, **given))
    assert computed == []

    def full(*arguments):
        raise MemoryError("full")

    with monkeypatch.context() as patched:
        patched.setattr(points, "charge", full)
        table = sweep(SpinCharger, **{**given, "cells": 1, "start": None})
    assert [failure.message for failure in table.failures] == ["MemoryError: full"] * 2
    assert sweep(SpinCharger, **{**given, "cells": 1, "start": None}).failures == ()


def test_larger_points_cost_more():
    wanted = running.requests(["max_power", ("energy", [0.0, 1.0])], False)

    def cost(*arguments, noise=(), start=None, **given):
        return points.cost(points.Point(SpinCharger(*arguments, **given), start, noise), wanted)

    chain = cost(10, 10)
    assert chain < cost(10, 10, start=thermal(charger_population=0.9))
    assert chain < cost(10, 10, noise=(loss("cells", 0.1),))
    assert cost(2, 2) < cost(40, 40) < cost(40, 40, anisotropy=0.1) < cost(80, 80, anisotropy=0.1)


GUARDLESS = """
from numerics import SpinCharger, sweep
from numerics.storage import runs
runs._SHORTEST = 0.0
print(sweep(SpinCharger, cells=[1, 2], chargers=1, compute=["mean"], processes=2)["mean"])
"""


def test_a_script_needs_no_guard_and_a_pipe_gets_no_progress(tmp_path):
    (tmp_path / "script.py").write_text(GUARDLESS)
    run = subprocess.run(
        [sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stderr == ""
    assert run.stdout == "[0.5 0.5]\n"


TYPED = """
from numerics import SpinCharger, sweep
def own(charging):
    return 7
given = dict(cells=[1, 2], chargers=1, compute=[own])
print(sweep(SpinCharger, processes=2, **given)["own"])
try:
    sweep(SpinCharger, store="store", **given)
except ValueError as error:
    print(error)
"""


def test_what_is_typed_in_is_computed_but_not_stored(tmp_path):
    """Nobody could tell that it has changed."""
    run = subprocess.run(
        [sys.executable, "-"], input=TYPED, cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert run.stderr == ""
    numbers, refusal = run.stdout.splitlines()
    assert numbers == "[7. 7.]"
    assert refusal.startswith("`store` must be left out where a function")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("given", "name", "text"),
    [
        ({"executor": 3}, "executor", "concurrent.futures"),
        ({"processes": 0}, "processes", "positive"),
        ({"progress": 1}, "progress", "True or False"),
        ({"store": "/dev/null"}, "store", "writable"),
    ],
)
def test_bad_input(given, name, text):
    call = {"cells": 1, "chargers": 1, "compute": ["mean"], **given}
    one_clear_error(name, lambda: sweep(SpinCharger, **call), text)


def test_nothing_is_stored_before_all_is_checked(tmp_path):
    with pytest.raises(InvalidArgument, match="cells"):
        sweep(SpinCharger, cells=[1, -1], chargers=1, compute=["mean"], store=tmp_path / "new")
    assert not (tmp_path / "new").exists()
