"""Records count only for the program and the conditions that made them.

A fingerprint changes with what a result is computed by, and with nothing else.
"""

import json

import pytest

from numerics.storage import cache
from numerics.storage.cache import ResultCache, code_fingerprint

fingerprint = code_fingerprint.__wrapped__


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """Put another source in the place of a module."""
    known, other = cache._modules(), tmp_path / "other.py"

    def edit(name):
        other.write_bytes(known[name].read_bytes() + b"# another program\n")
        monkeypatch.setattr(cache, "_modules", lambda: {**known, name: other})

    return edit


@pytest.mark.parametrize(
    ("changed", "modules", "moves"),
    [
        ("numerics.maxima.search", (), True),
        ("symbattery.paper.figures.maxima", (), True),
        ("symbattery.app.cli", (), False),
        ("numerics.maxima.search", ("numerics.charging",), True),
        ("numerics.sectors.chains", ("numerics.dynamics.chain_svd",), False),
        ("numerics.certified.photons", ("numerics.charging",), False),
        ("numerics.certified.photons", ("symbattery.verification",), True),
        ("symbattery.limits.large_battery", ("symbattery.dynamics.single_frequency",), False),
        ("symbattery.sectors.chains", ("symbattery.dynamics.single_frequency",), True),
    ],
)
def test_sources_that_matter(changed, modules, moves, edited):
    before = fingerprint(*modules)
    assert before == fingerprint(*modules) == code_fingerprint(*modules)
    edited(changed)
    assert (fingerprint(*modules) != before) is moves


def test_versions_matter(monkeypatch):
    before = fingerprint("numerics.model.sides")
    monkeypatch.setattr(cache.metadata, "version", lambda package: "0.1.0")
    assert fingerprint("numerics.model.sides") != before


def test_records_of_other_sources_count_for_nothing(tmp_path, edited):
    path, modules = tmp_path / "file.json", ("numerics.dynamics.bessel_series",)
    ResultCache(path, "things", modules=modules).keep("a", {})
    assert ResultCache(path, "things", modules=modules).records == {"a": {}}
    assert ResultCache(path, "things").records == {}
    edited(modules[0])
    code_fingerprint.cache_clear()
    assert ResultCache(path, "things", modules=modules).records == {}
    code_fingerprint.cache_clear()


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
    monkeypatch.setattr(cache, "code_fingerprint", lambda *modules: "0.1.0+another")
    assert ResultCache(path, "things", {"digits": 3}).records == {}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"things": 3}', '{"things": {"a": 1}}'])
def test_a_spoilt_file_counts_for_nothing(tmp_path, text):
    path = tmp_path / "file.json"
    path.write_text(text)
    assert ResultCache(path, "things").records == {}
