"""What is kept counts only for the program, and the conditions, that made it."""

import json

import pytest

from numerics.storage import cache as kept
from numerics.storage.cache import ResultCache, code_fingerprint
from symbattery.paper.figures import figure6, produce, production


def test_records_come_back_in_the_order_asked_for(tmp_path):
    one = ResultCache(tmp_path / "file.json", "things", {"digits": 3})
    one.keep("b", {"x": 1})
    one.keep("a", {"x": "½"})
    again = ResultCache(tmp_path / "file.json", "things", {"digits": 3})
    assert again.ordered(["a", "b"]) == [{"x": "½"}, {"x": 1}]
    content = json.loads((tmp_path / "file.json").read_text("utf-8"))
    assert list(content["things"]) == ["a", "b"]
    assert content["symbattery"] == code_fingerprint()
    assert [path.name for path in tmp_path.iterdir()] == ["file.json"]


def test_other_conditions_or_another_program_begin_anew(tmp_path, monkeypatch):
    path = tmp_path / "file.json"
    ResultCache(path, "things", {"digits": 3}).keep("a", {})
    assert ResultCache(path, "things", {"digits": 4}).records == {}
    assert ResultCache(path, "others", {"digits": 3}).records == {}
    monkeypatch.setattr(kept, "code_fingerprint", lambda *modules: "0.1.0+another")
    assert ResultCache(path, "things", {"digits": 3}).records == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"things": 3}', '{"things": {"a": 1}}'])
def test_a_spoilt_file_counts_for_nothing(tmp_path, text):
    path = tmp_path / "file.json"
    path.write_text(text)
    assert ResultCache(path, "things").records == {}


def test_tables_of_another_program_are_computed_again_and_pictures_drawn(tmp_path):
    made = produce([figure6.SHEET], tmp_path, processes=1)
    table = tmp_path / "figure-6-g1-1.csv"
    text = table.read_text("utf-8")
    assert f"# symbattery: {code_fingerprint()}\n" in text
    table.write_text(text.replace(code_fingerprint(), "0.1.0+another"), "utf-8")
    again = produce([figure6.SHEET], tmp_path, processes=1)
    assert (made.computed, again.computed, again.kept) == (3, 1, 2)


def test_pictures_are_drawn_only_when_something_is_new(tmp_path, monkeypatch):
    produce([figure6.SHEET], tmp_path, processes=1)
    drawn = []
    right = production.write
    monkeypatch.setattr(production, "write", lambda *a: drawn.append(a[2]) or right(*a))
    produce([figure6.SHEET], tmp_path, processes=1)
    assert drawn == []
    (tmp_path / "figure-6.pdf").unlink()
    produce([figure6.SHEET], tmp_path, processes=1)
    (tmp_path / "figure-6.png").write_bytes(b"half")
    produce([figure6.SHEET], tmp_path, processes=1)
    (tmp_path / "figure-6-g1-1.csv").unlink()
    produce([figure6.SHEET], tmp_path, processes=1)
    assert drawn == ["figure-6"] * 3
