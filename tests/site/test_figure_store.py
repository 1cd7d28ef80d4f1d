"""The figures that the site shows: those of the report, and never a map that is not there."""

import shutil
from pathlib import Path

import pytest

from symbattery.output.pictures import pictures
from symbattery.paper.figures import FIGURES, produce

EXTENSIONS = Path(__file__).parents[2] / "docs" / "extensions"
QUICK = FIGURES["7"][0]


@pytest.fixture
def store(monkeypatch):
    monkeypatch.syspath_prepend(str(EXTENSIONS))
    monkeypatch.delenv("SYMBATTERY_FIGURES", raising=False)
    import figure_store

    return figure_store


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A checkout with a report that has one figure."""
    root = tmp_path_factory.mktemp("checkout")
    produce([QUICK], root / "report" / "figures", 1, store=root / "report" / "store")
    return root


@pytest.fixture
def idle(store, monkeypatch):
    """Nothing may be computed: not even a figure is drawn."""
    monkeypatch.setattr(store, "produce", None)


def test_figures_of_the_report_are_taken_as_they_are(store, idle, made, tmp_path, monkeypatch):
    folder = made / "report" / "figures"
    assert store.folder_of(made, QUICK) == folder
    monkeypatch.setenv("SYMBATTERY_FIGURES", str(folder))
    assert store.folder_of(tmp_path, QUICK) == folder


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize("name", ["beyond-map", "beyond-best-start"])
def test_a_map_is_never_computed(store, tmp_path, name):
    (figure,) = (figure for figure in FIGURES["maps"] if figure.name == name)
    assert store.folder_of(tmp_path, figure) is None


@pytest.mark.parametrize("place", ["store", "figures/store"])
def test_what_is_not_drawn_is_drawn_from_the_results_of_the_report(
    place, store, made, tmp_path, monkeypatch
):
    shutil.copytree(made / "report" / "store", tmp_path / "report" / place)
    monkeypatch.setenv("SYMBATTERY_FIGURES", str(tmp_path / "report" / "figures"))
    computed = []

    def produced(*arguments, **options):
        computed.append(produce(*arguments, **options).computed)

    monkeypatch.setattr(store, "produce", produced)
    folder = store.folder_of(tmp_path / "checkout", QUICK)
    assert folder == tmp_path / "checkout" / "build" / "figures"
    assert computed == [0]
    assert all(path.is_file() for path in pictures(folder, QUICK.name))
