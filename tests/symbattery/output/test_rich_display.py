"""Solutions and charging batteries as the last line of a notebook's cell."""

import re
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

import pytest

import numerics
from symbattery import CavityCharger, SpinCharger, fock, solve, thermal, two_cells
from symbattery.symbols import N, gamma, n, p_1

LOSSY = [numerics.loss("cells", 0.02)]
SHOWN = {
    "two cells": (two_cells, True),
    "numbers": (lambda: two_cells(3), True),
    "photons": (lambda: solve(CavityCharger(2), fock(n)), True),
    "anisotropic": (lambda: solve(SpinCharger(1, 3, anisotropy=gamma)), True),
    "a sum": (lambda: solve(SpinCharger(2, N), thermal(charger_population=p_1)), False),
    "charging": (lambda: numerics.charge(SpinCharger(10, 10, coupling=0.1)), True),
    "lossy": (lambda: numerics.charge(SpinCharger(3, 3), noise=LOSSY), True),
    "large": (lambda: numerics.charge(SpinCharger(200, 200)), False),
    "nothing moves": (lambda: numerics.charge(SpinCharger(2, 2, coupling=0)), False),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_is_no_wider_than_a_notebook(name):
    make, curve = SHOWN[name]
    shown = make()
    text = shown._repr_html_()
    root = ElementTree.fromstring(text)
    assert "max-width:100%" in root.get("style")
    assert "overflow-x:auto" in root.get("style")
    (*_, svg), drawn = root.iter(), list(root.iter("svg"))
    assert bool(drawn) == curve
    for svg in drawn:
        assert "max-width:100%" in svg.get("style")
        assert float(svg.get("width")) <= 400
    words = "".join(root.itertext())
    assert words.startswith(("SpinCharger(", "CavityCharger(", "Charging of "))
    assert r"\[\displaystyle" in words if name in list(SHOWN)[:5] else r"\[" not in words


def test_a_table_of_a_sweep_shows_its_first_rows():
    table = numerics.sweep(
        SpinCharger, cells=range(1, 15), chargers=2, compute=["first_peak"],
        executor=ThreadPoolExecutor(1),
    )  # fmt: skip
    text = table._repr_html_()
    root = ElementTree.fromstring(text)
    assert len(list(root.iter("tr"))) == 13
    assert "… and further rows" in text
    assert "first_peak" in text


def test_a_solution_says_its_numbers_and_conditions():
    text = solve(CavityCharger(2), fock(n))._repr_html_()
    assert re.search(r"gt, n = \d", text)
    assert "for N" not in text
    many = solve(SpinCharger(2, N), numerics.dicke(0, N - 1))
    assert many.assumptions
    assert f"for {many.assumptions[0]}".replace(">", "&gt;") in many._repr_html_()


def test_a_charging_says_its_peak():
    battery = numerics.charge(SpinCharger(10, 10, coupling=0.1))
    peak = battery.first_peak()
    assert f"first peak of E = {peak.value:.6g} at t = {peak.time:.6g}" in battery._repr_html_()
