"""Runs: every result once, stored before it is handed over, whatever ends on the way."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from numerics.model.checks import InvalidArgument
from numerics.storage import runs
from numerics.storage.chunks import ChunkStore, progress
from numerics.storage.processes import Lost
from numerics.storage.runs import Job, chunks


def squares(inputs, folder):
    """The squares of numbers, one by one; that of 3 ends its process."""
    for key, number in inputs.items():
        open(os.path.join(folder, f"{key}-{os.getpid()}"), "w").close()
        if number == 3:
            os._exit(3)
        yield {key: {"square": number**2, **({"again": True} if number == 0 else {})}}


def started(folder, *groups, **options):
    """A run of jobs, one for each group of numbers, with a store."""
    (folder / "traces").mkdir()
    jobs = [
        Job({f"n{number}": number for number in group}, squares, (str(folder / "traces"),))
        for group in groups
    ]
    programs = {key: "one" for job in jobs for key in job.inputs}
    running = runs.run("squares", programs, lambda missing: jobs, folder / "store", **options)
    assert next(running) == {}
    return running, ChunkStore(folder / "store", programs)


def merged(some):
    return {key: record for results in some for key, record in results.items()}


def test_what_a_lost_process_took_along_is_tried_once_more_in_one_of_its_own(tmp_path):
    numbers = (1, 2, 3)
    running, store = started(tmp_path, numbers, (0,), processes=2, main=False)
    found = merged(running)
    lost = found.pop("n3")
    assert isinstance(lost, Lost)
    assert "ended with code 3" in lost.reason
    assert found.pop("n0") == {"square": 0, "again": True}
    assert found == {f"n{number}": {"square": number**2} for number in numbers if number != 3}
    # What had arrived is not computed again; neither what is lost nor what is to be tried again is
    # stored.
    assert store.records() == found
    traces = sorted(path.name.split("-")[0] for path in (tmp_path / "traces").iterdir())
    assert traces == sorted(["n0", "n3", *(f"n{number}" for number in numbers)])


@pytest.mark.parametrize("workers", [{"processes": 1}, {"executor": ThreadPoolExecutor(1)}])
def test_each_result_is_stored_before_it_is_here(workers, tmp_path):
    running, store = started(tmp_path, (1, 2), (4,), **workers)
    arrived = []
    for results in running:
        arrived += results
        assert store.records().keys() >= set(arrived)
    assert arrived == ["n1", "n2", "n4"]
    (seen,) = progress(tmp_path / "store")
    assert (seen.what, seen.total, seen.finished) == ("squares", 3, 3)


def test_a_full_disk_takes_no_results_along(tmp_path, monkeypatch):
    def full(self, results):
        raise InvalidArgument("`path` must be writable, but is full")

    monkeypatch.setattr(ChunkStore, "keep", full)
    running, _ = started(tmp_path, (1, 2), processes=1)
    with pytest.warns(UserWarning, match="nothing more is stored: `path` must be") as warned:
        assert merged(running) == {"n1": {"square": 1}, "n2": {"square": 4}}
    assert len(warned) == 1


def test_chunks_are_alike_and_the_costliest_come_first():
    costs = {f"small {i}": 0.004 for i in range(10**4)} | {"large": 7.0}
    groups = chunks(costs)
    assert groups[0] == ("large",)
    assert sorted(name for group in groups for name in group) == sorted(costs)
    assert len(groups) < 1.3 * runs._MANY
    assert chunks({}) == []
    assert chunks({"a": 50.0, "b": 60.0}) == [("b",), ("a",)]
