"""A folder of chunks: whole, of one program, and nothing else is read."""

import pytest

from numerics.storage.chunks import ChunkStore, progress
from tests.errors import one_clear_error


def test_what_is_stored_comes_back_and_belongs_to_its_program(tmp_path):
    store = ChunkStore.of(tmp_path, "one")
    store.plan("some numbers", ["a", "b", "c", "a"])
    store.keep({"a": {"values": {"x": 0.1}}, "b": {"values": {}, "errors": {"": "no"}}})
    store.keep({"d": {"values": {"x": 1e-300}}})
    assert store.records("ad") == {"a": {"values": {"x": 0.1}}, "d": {"values": {"x": 1e-300}}}
    assert ChunkStore.of(tmp_path, "two").records("abd") == {}
    (run,) = progress(tmp_path)
    assert (run.what, run.program) == ("some numbers", "one")
    assert (run.total, run.finished, run.failed) == (3, 2, 1)
    # The last program that planned it counts.
    ChunkStore.of(tmp_path, "two").plan("some numbers", ["a", "b", "c", "a"])
    assert [(run.program, run.finished) for run in progress(tmp_path)] == [("two", 0)]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"symbattery": "one"', "\x00"])
def test_another_file_of_that_name_is_nothing(content, tmp_path):
    store = ChunkStore.of(tmp_path, "one")
    store.keep({"a": {"values": {}}})
    (path,) = tmp_path.iterdir()
    path.with_name(path.name.replace(".json", "x.json")).write_text(content)
    (tmp_path / "plan-x.json").write_text(content)
    assert store.records("ab") == {"a": {"values": {}}}
    assert progress(tmp_path) == []


@pytest.mark.parametrize(
    ("there", "damaged"), [("0.1", "0.3"), ('{"x": 0.1}', "5"), ('"a"', '"b"')]
)
def test_what_is_damaged_does_not_count(there, damaged, tmp_path):
    store = ChunkStore.of(tmp_path, "one")
    store.plan("a number", ["a"])
    store.keep({"a": {"values": {"x": 0.1}}})
    (path,) = tmp_path.glob("chunk-*")
    path.write_text(path.read_text().replace(there, damaged))
    assert store.records("ab") == {}
    (plan,) = tmp_path.glob("plan-*")
    plan.write_text(plan.read_text().replace('["a"]', "[]"))
    assert progress(tmp_path) == []


def test_a_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", "", 5):
        one_clear_error("store", lambda folder=folder: ChunkStore.of(folder, "one"))
