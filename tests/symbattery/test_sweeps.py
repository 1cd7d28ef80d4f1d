"""Tables that are drawn: the right numbers, labels with units, and the width of a column."""

import re
from io import BytesIO

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from symbattery import SpinCharger, sweep
from tests.errors import one_clear_error

GAMMAS = [0.0, 0.5, 1.0]


@pytest.fixture(scope="module")
def table():
    return sweep(
        SpinCharger, cells=[1, 2, 3], chargers=lambda cells: 2 * cells, anisotropy=GAMMAS,
        compute=["max_power", "energy", "populations"], times=[0.0, 0.1, 0.2, 0.3],
    )  # fmt: skip


def test_lines_are_the_numbers_with_labels_and_units(table, tmp_path):
    axes = table.plot("max_power", x="cells", hue="anisotropy", path=tmp_path / "pmax.pdf")
    assert [line.get_label() for line in axes.lines] == ["0.0", "0.5", "1.0"]
    for j, line in enumerate(axes.lines):
        assert np.array_equal(line.get_xdata(), [1, 2, 3])
        assert np.array_equal(line.get_ydata(), table["max_power"][:, j])
    assert axes.get_xlabel() == "cells $M$"
    assert axes.get_ylabel() == r"$P_{\max}$ ($g \omega_0$)"
    assert axes.figure.get_figwidth() == 3.375
    (legend,) = axes.figure.legends
    assert legend.get_title().get_text() == r"anisotropy $\gamma$"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pmax.pdf", "pmax.png"]


def said(file):
    """The texts in the metadata of a file, as they stand in it."""
    if file.suffix == ".png":
        with Image.open(file) as image:
            return image.text
    # Brackets are escaped, and what is not ASCII is in UTF-16.
    keys = rb"/(Title|Creator|Subject|Keywords) \((.*?)(?<!\\)\)"
    found = {}
    for key, text in re.findall(keys, file.read_bytes(), re.DOTALL):
        plain = re.sub(rb"\\(.)", rb"\1", text)
        found[key.decode()] = plain.decode("utf-16" if plain[:1] > b"~" else "ascii")
    return found


@pytest.mark.parametrize("way", ["path", "savefig", "metadata"])
def test_files_say_how_they_were_made(way, table, tmp_path):
    """Those that are written, those of matplotlib's ``savefig``, and those of other figures."""
    pdf, png = tmp_path / "pmax.pdf", tmp_path / "pmax.png"
    axes = Figure().subplots() if way == "metadata" else None
    path = pdf if way == "path" else None
    axes = table.plot("max_power", "cells", "anisotropy", axes=axes, path=path)
    for file in (pdf, png) if way != "path" else ():
        other = {"metadata": table.metadata(file.suffix[1:])} if way == "metadata" else {}
        axes.figure.savefig(file, **other)
    of_pdf, of_png = said(pdf), said(png)
    about = of_png["Description"]
    assert of_pdf["Subject"] == about
    assert about.startswith("symbattery: 0.")
    assert (
        "; sweep: max_power, energy, populations of 3 cells × 3 anisotropy; model: SpinC" in about
    )
    assert "; cells: 1, 2, 3; " in about
    assert "; anisotropy: 0.0, 0.5, 1.0; " in about
    assert of_pdf["Creator"].endswith(of_png["Software"])
    if way != "metadata":
        command = "table.plot('max_power', x='cells', hue='anisotropy')"
        assert of_pdf["Keywords"] == of_png["Source"] == command
    if way == "path":
        assert of_pdf["Title"] == of_png["Title"] == "pmax"


def test_a_file_of_another_kind_is_written_too(table, tmp_path):
    figure = table.plot("max_power", "cells", "anisotropy").figure
    figure.savefig(tmp_path / "pmax.svg")
    figure.savefig(tmp_path / "pmax.eps")
    figure.savefig(tmp_path / "own", metadata={"Title": "mine"})
    figure.savefig(stream := BytesIO(), format="pdf")
    assert b"3 cells" in stream.getvalue().replace(b"\0", b"")
    assert "3 cells × 3 anisotropy" in (tmp_path / "pmax.svg").read_text("utf-8")
    assert said(tmp_path / "own.png")["Title"] == "mine"
    many = sweep(SpinCharger, cells=range(1, 21), chargers=1, compute=["mean"]).metadata()
    assert "; cells: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …, 20" in many["Subject"]
    assert table.metadata("eps") == {}


def test_axes_that_are_handed_in_and_chosen_values(table):
    axes = Figure().subplots()
    chosen = {"cells": 2, "anisotropy": 0.5}
    assert table.plot("energy", "time", at=chosen, axes=axes) is axes
    (line,) = axes.lines
    assert np.array_equal(line.get_ydata(), table["energy"][1, 1])
    assert axes.get_xlabel() == "time $t$ ($1/g$)"
    table.plot("energy", "time", "cells", at={"anisotropy": 0.5}, axes=axes)
    assert len(axes.lines) == 4
    assert axes.get_legend().get_title().get_text() == "cells $M$"


def test_an_axis_of_words_has_ticks_of_them():
    models = [SpinCharger(1, 2), SpinCharger(2, 2)]
    axes = sweep(models, compute=["mean"]).plot("mean")
    ticks = [tick.get_text() for tick in axes.get_xticklabels()]
    assert ticks == ["SpinCharger(cells=1, chargers=2)", "SpinCharger(cells=2, chargers=2)"]


def test_many_lines_have_a_colour_bar():
    gammas = np.linspace(0, 1, 8)
    table = sweep(SpinCharger(2, 2), anisotropy=gammas, coupling=[1, 2], compute=["mean"])
    axes = table.plot("mean", "coupling", "anisotropy")
    assert len(axes.lines) == 8
    assert len({line.get_color() if isinstance(line.get_color(), str) else tuple(line.get_color())
                for line in axes.lines}) == 8  # fmt: skip
    assert axes.figure.axes[1].get_ylabel() == r"anisotropy $\gamma$"
    assert axes.figure.legends == []


@pytest.mark.parametrize(
    ("argument", "call"),
    [
        ("name", lambda t: t.plot("power")),
        ("name", lambda t: t.plot("cells")),
        ("x", lambda t: t.plot("max_power", "M")),
        ("x", lambda t: t.plot("max_power", "time", "anisotropy", at={"cells": 1})),
        ("hue", lambda t: t.plot("max_power", "cells", "gamma")),
        ("x", lambda t: t.plot("max_power", "cells", "cells", at={"anisotropy": 1.0})),
        ("at", lambda t: t.plot("max_power", "cells")),
        ("at", lambda t: t.plot("max_power", "cells", at={"anisotropy": 0.4})),
        ("at", lambda t: t.plot("max_power", "cells", at={"gamma": 1.0})),
        ("x", lambda t: t.plot("populations")),
        ("path", lambda t: t.plot("max_power", "cells", "anisotropy", path="/no/such/x.pdf")),
        ("path", lambda t: t.plot("max_power", "cells", "anisotropy", path="x.svg")),
        ("axes", lambda t: t.plot("max_power", "cells", "anisotropy", axes=3)),
    ],
)
def test_bad_input(argument, call, table):
    one_clear_error(argument, lambda: call(table))
