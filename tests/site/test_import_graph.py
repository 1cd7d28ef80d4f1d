"""The import graph that the architecture page draws, on a small package and on our own."""

import sys
from pathlib import Path

import pytest

EXTENSIONS = Path(__file__).parents[2] / "docs" / "extensions"
PACKAGES = ("numerics", "symbattery")


@pytest.fixture
def graph(monkeypatch):
    """The module under test, which needs nothing but the standard library."""
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    import import_graph

    return import_graph


@pytest.fixture
def package(tmp_path, monkeypatch):
    """``top`` imports ``middle`` and ``low``, and ``middle`` imports ``low``."""
    files = {
        "__init__": "",
        "low": "import math\n",
        "middle": "from small.low import *\n\ndef later():\n    from small import top\n",
        "top": "from small import low\nimport small.middle\n",
        "sub/__init__": "from small.sub.inner import x\n",
        "sub/inner": "from small.top import y\n",
    }
    for name, text in files.items():
        path = tmp_path / "small" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "small"
    for name in [name for name in sys.modules if name.partition(".")[0] == "small"]:
        del sys.modules[name]


@pytest.fixture
def found(graph, package):
    # The sources of the folder import what is not there: they are read, never run.
    return graph.imports(package)


def test_imports_are_read_from_the_sources(found):
    assert found["small.top"] == {"small.low", "small.middle"}
    assert found["small.middle"] == {"small.low"}
    assert found["small.sub"] == {"small.top"}
    assert found["small.low"] == set()


def test_floors_and_what_is_implied(graph, found):
    assert graph.levels(found)["small.sub"] == 3
    assert graph.reduced(found)["small.top"] == {"small.middle"}


def test_a_circle_has_no_floors(graph):
    circle = {"a": frozenset("b"), "b": frozenset("a"), "c": frozenset()}
    with pytest.raises(ValueError, match="circle: a, b"):
        graph.levels(circle)


@pytest.mark.parametrize("name", PACKAGES)
def test_our_own_modules_stand_on_floors(graph, name):
    found = graph.imports(name)
    floors = graph.levels(found)
    assert all(floors[low] < floors[high] for high, below in found.items() for low in below)
    assert floors[f"{name}.{'model' if name == 'numerics' else 'core'}"] == 0
