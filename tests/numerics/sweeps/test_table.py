"""The table: frozen, labelled, and the same numbers in every form."""

import csv
import io
import json
from dataclasses import FrozenInstanceError
from importlib.metadata import version

import numpy as np
import pytest

from numerics import SpinCharger, dicke, sweep
from tests.errors import one_clear_error


@pytest.fixture(scope="module")
def table():
    return sweep(
        SpinCharger, cells=[1, 2], chargers=lambda cells: cells, anisotropy=[0.0, 0.1],
        compute=["max_power", "populations"], times=[0.0, 0.3], coupling="0.1",
    )  # fmt: skip


def test_nothing_of_it_changes(table):
    with pytest.raises(FrozenInstanceError):
        table.dims = ()
    with pytest.raises(ValueError, match="read-only"):
        table["max_power"][0, 0] = 1
    one_clear_error("name", lambda: table["power"])


def test_printed_it_shows_its_first_rows():
    failing = sweep(SpinCharger, cells=range(1, 9), chargers=[1, 2], start=dicke(0, 2),
                    compute=["mean"])  # fmt: skip
    first, second, *_, more, failures = str(failing).splitlines()
    assert first.split() == ["cells", "chargers", "mean"]
    assert second.split() == ["1", "1", "nan"]
    assert len(first) == len(second)
    assert (more, failures) == ("… and further rows", "8 failures")


def test_csv_has_every_number_exactly(table, tmp_path):
    text = table.to_csv(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_text("utf-8") == text
    comments = [line for line in text.splitlines() if line.startswith("#")]
    assert "# model: SpinCharger" in comments
    assert "# coupling: 0.1" in comments
    assert comments[0] == f"# symbattery: {table.attributes['symbattery']}"
    assert comments[0].startswith(f"# symbattery: {version('symbattery')}+")
    assert "# sweep: max_power, populations of 2 cells × 2 anisotropy" in comments
    assert any(line.startswith("# column max_power [omega_0^2]: The largest") for line in comments)
    rows = list(csv.DictReader(io.StringIO("\n".join(text.splitlines()[len(comments) :]))))
    assert len(rows) == 2 * 2 * 2 * 3
    for row in rows:
        i, j = int(row["cells"]) - 1, [0.0, 0.1].index(float(row["anisotropy"]))
        assert float(row["max_power"]) == table["max_power"][i, j]
        place = (i, j, [0.0, 0.3].index(float(row["time"])), int(row["populations_0"]))
        value = table["populations"][place]
        assert row["populations"] == ("" if np.isnan(value) else repr(value.item()))


def test_json_has_every_number_exactly(table, tmp_path):
    content = json.loads(table.to_json(tmp_path / "table.json"))
    assert (tmp_path / "table.json").read_text("utf-8") == table.to_json()
    assert content["coordinates"]["chargers"]["dims"] == ["cells"]
    assert content["quantities"]["max_power"]["values"] == table["max_power"].tolist()
    populations = np.array(content["quantities"]["populations"]["values"], float)
    assert np.array_equal(populations, table["populations"], equal_nan=True)
    assert "NaN" not in table.to_json()


def test_arrays_by_name(table):
    arrays = table.to_numpy()
    assert list(arrays) == [
        "cells", "chargers", "anisotropy", "time", "max_power", "max_power_time", "populations"
    ]  # fmt: skip
    assert arrays["populations"].shape == (2, 2, 2, 3)
    assert arrays["chargers"].tolist() == [1, 2]


def test_xarray_has_labels_units_and_definitions(table):
    pytest.importorskip("xarray", reason="xarray is not installed; it is in the extra `sweeps`")
    data = table.to_xarray()
    power = data["max_power"].sel(cells=2, anisotropy=0.1)
    assert power == table["max_power"][1, 1]
    assert data["max_power"].attrs["units"] == "omega_0^2"
    assert data["max_power"].attrs["long_name"].startswith("The largest power")
    assert data["chargers"].dims == ("cells",)
    assert data.attrs["coupling"] == "0.1"


def test_pandas_has_a_row_for_each_point_and_time(table):
    pytest.importorskip("pandas", reason="pandas is not installed; it is in the extra `sweeps`")
    frame = table.to_pandas()
    assert len(frame) == 2 * 2 * 2 * 3
    assert frame.attrs["units"]["max_power"] == "omega_0^2"
    chosen = frame[(frame.cells == 2) & (frame.anisotropy == 0.1)]
    assert set(chosen["max_power"]) == {table["max_power"][1, 1]}


@pytest.mark.parametrize("name", ["xarray", "pandas"])
def test_an_extra_that_is_missing_is_named(name, table, monkeypatch):
    monkeypatch.setattr("numerics.sweeps.table.find_spec", lambda _: None)
    with pytest.raises(ImportError, match=rf"{name}, .*symbattery\[sweeps\]"):
        getattr(table, f"to_{name}")()


def test_several_rows_of_times_are_counted():
    table = sweep(SpinCharger(1, 1), times=[[0.1], [0.2, 0.3]], compute=["energy"])
    lines = [line for line in table.to_csv().splitlines() if not line.startswith("#")]
    assert [line.split(",")[:2] for line in lines] == [
        ["times", "time"], ["0", "0.1"], ["0", ""], ["1", "0.2"], ["1", "0.3"]
    ]  # fmt: skip


def test_a_path_that_is_none(table):
    one_clear_error("path", lambda: table.to_csv(3))
    one_clear_error("path", lambda: table.to_json("/no/such/folder/x.json"))
