"""What is kept counts only for the program, and the conditions, that made it."""

import json

import pytest

from numerics.storage import cache as kept
from numerics.storage import code_fingerprint
from numerics.storage.cache import ResultCache
from symbattery.paper.figures import produce, production
from symbattery.paper.figures.time_figures import FIGURE_6


def test_records_come_back_in_the_order_asked_for(tmp_path):
    one = ResultCache(tmp_path / "file.json", "things", {"digits": 3})
    one.keep("b", {"x": 1})
    one.keep("a", {"x": "½"})
    again = ResultCache(tmp_path / "file.json", "things", {"digits": 3})
    assert again.ordered(["a", "b"]) == [{"x": "½"}, {"x": 1}]
    content = json.loads((tmp_path / "file.json").read_text("utf-8"))
    assert list(content["things"]) == ["a", "b"]
    assert content["symbattery"] == code_fingerprint.code_fingerprint()
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]


def test_other_conditions_or_another_program_begin_anew(tmp_path, monkeypatch):
    path = tmp_path / "file.json"
    ResultCache(path, "things", {"digits": 3}).keep("a", {})
    assert ResultCache(path, "things", {"digits": 4}).records == {}
    assert ResultCache(path, "others", {"digits": 3}).records == {}
    monkeypatch.setattr(kept, "stamp", lambda: "0.1.0+another")
    assert ResultCache(path, "things", {"digits": 3}).records == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"things": 3}', '{"things": {"a": 1}}'])
def test_a_spoilt_file_counts_for_nothing(tmp_path, text):
    path = tmp_path / "file.json"
    path.write_text(text)
    assert ResultCache(path, "things").records == {}


def test_the_stamp_changes_with_what_computes_and_not_with_what_shows(tmp_path, monkeypatch):
    def stamped():
        return code_fingerprint.code_fingerprint.__wrapped__()

    before = stamped()
    assert before == code_fingerprint.code_fingerprint()
    every = list(code_fingerprint._sources())
    names = [name for name, _ in every]
    assert {
        "numerics/maxima/search.py",
        "symbattery/sectors/chains.py",
        "symbattery/paper/figures/maxima.py",
    } <= {*names}
    assert not [name for name in names if "report" in name or "cli" in name]
    changed = tmp_path / "peaks.py"
    changed.write_text("# another program\n")
    other = [(n, changed if n == "numerics/maxima/search.py" else path) for n, path in every]
    monkeypatch.setattr(code_fingerprint, "_sources", lambda: iter(other))
    assert stamped() != before
    monkeypatch.setattr(code_fingerprint, "_sources", lambda: iter(every))
    assert stamped() == before
    monkeypatch.setattr(code_fingerprint.metadata, "version", lambda package: "0.1.0")
    assert stamped() != before


def test_tables_of_another_program_are_computed_again_and_pictures_drawn(tmp_path):
    made = produce([FIGURE_6], tmp_path, processes=1)
    table = tmp_path / "figure-6-g1-1.csv"
    text = table.read_text("utf-8")
    assert f"# symbattery: {code_fingerprint.code_fingerprint()}\n" in text
    table.write_text(text.replace(code_fingerprint.code_fingerprint(), "0.1.0+another"), "utf-8")
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
