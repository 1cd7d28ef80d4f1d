"""A folder of chunks: whole, of one program, and nothing else is read."""

import os
import time

import pytest

from numerics.storage.chunks import ChunkStore, progress
from tests.errors import one_clear_error


def of(folder, program, keys):
    """The store of results of one program."""
    return ChunkStore.of(folder, dict.fromkeys(keys, program))


def test_what_is_stored_comes_back_and_belongs_to_its_program(tmp_path):
    store = of(tmp_path, "one", "abcad")
    store.keep({"a": {"values": {"x": 0.1}}, "b": {"values": {}, "errors": {"": "no"}}})
    store.keep({"d": {"values": {"x": 1e-300}}})
    expected = {"a": {"values": {"x": 0.1}}, "d": {"values": {"x": 1e-300}}}
    assert of(tmp_path, "one", "ad").records() == expected
    assert of(tmp_path, "two", "abd").records() == {}
    of(tmp_path, "one", "abca").plan("some numbers")
    (run,) = progress(tmp_path)
    assert (run.what, run.programs) == ("some numbers", ("one",))
    assert (run.total, run.finished, run.failed) == (3, 2, 1)
    # The last program that planned it counts.
    of(tmp_path, "two", "abc").plan("some numbers")
    assert [(run.programs, run.finished) for run in progress(tmp_path)] == [(("two",), 0)]


def test_each_result_may_have_a_program_of_its_own(tmp_path):
    of(tmp_path, "one", "ab").keep({"a": {"x": 1}, "b": {"x": 1}})
    store = ChunkStore.of(tmp_path, {"a": "one", "b": "two", "c": "three", "d": "two"})
    assert store.records() == {"a": {"x": 1}}
    store.keep({"b": {"x": 2}, "c": {"x": 3}})
    assert store.records() == {"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 3}}
    store.plan("four numbers")
    (run,) = progress(tmp_path)
    assert run.programs == ("one", "two", "three")
    assert (run.total, run.finished) == (4, 3)


@pytest.mark.parametrize(
    ("program", "days", "stays"), [("old", 31, False), ("old", 29, True), ("new", 31, True)]
)
def test_old_results_of_other_programs_go_once_they_are_wanted_anew(program, days, stays, tmp_path):
    for keys in ("ab", "bc"):
        of(tmp_path, program, keys).keep({key: {} for key in keys})
    past = time.time() - days * 86400
    for path in tmp_path.glob("chunk-*"):
        os.utime(path, (past, past))
    of(tmp_path, "new", "ab").plan("two numbers")
    # What another run may still want stays in any case.
    assert of(tmp_path, program, "abc").records().keys() == set("abc" if stays else "bc")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"symbattery": "one"', "\x00"])
def test_another_file_of_that_name_is_nothing(content, tmp_path):
    store = of(tmp_path, "one", "ab")
    store.keep({"a": {"values": {}}})
    (path,) = tmp_path.iterdir()
    path.with_name(path.name.replace(".json", "x.json")).write_text(content)
    (tmp_path / "plan-x.json").write_text(content)
    assert store.records() == {"a": {"values": {}}}
    assert progress(tmp_path) == []


@pytest.mark.parametrize(
    ("there", "damaged"), [("0.1", "0.3"), ('{"x": 0.1}', "5"), ('"a"', '"b"')]
)
def test_what_is_damaged_does_not_count(there, damaged, tmp_path):
    store = of(tmp_path, "one", "a")
    store.plan("a number")
    store.keep({"a": {"values": {"x": 0.1}}})
    (path,) = tmp_path.glob("chunk-*")
    path.write_text(path.read_text().replace(there, damaged))
    assert store.records() == {}
    (plan,) = tmp_path.glob("plan-*")
    plan.write_text(plan.read_text().replace('["a"]', "[]"))
    assert progress(tmp_path) == []


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", "", 5):
        one_clear_error("store", lambda folder=folder: ChunkStore.of(folder, {}))
