"""The computation behind each claim, against a route that shares nothing with it."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from numerics.models import CavityCharger, SpinCharger
from numerics.states import dicke, mixture, product
from symbattery.paper import Verdict, claims
from symbattery.paper import landscape as land
from symbattery.paper.charging.lines import _line_again
from symbattery.paper.claims import evaluate_one
from symbattery.paper.context import Context
from symbattery.paper.readme import stored
from tests import oracle

ROOT = Path(__file__).parents[3]
BY_NAME = {claim.identifier: claim for claim in claims()}
KEPT = {one["identifier"]: one for one in stored(ROOT)}


@pytest.fixture(scope="module")
def context():
    return Context()


def close(one, other):
    if isinstance(one, str) or one is None:
        return True
    return math.isclose(float(one), float(other), rel_tol=1e-6, abs_tol=1e-8)


@pytest.mark.parametrize("name", BY_NAME)
def test_computed_again(name, context):
    """Every number the ledger keeps comes out again, and both routes give the same."""
    claim, kept = BY_NAME[name], KEPT[name]
    found = evaluate_one(claim, context)
    assert not found.failure
    assert found.verdict.value == kept["verdict"]
    assert close(kept["plain"]["result"], found.result if not hasattr(found.result, "rows") else 0)
    for values, records in ((found.readings, kept["readings"]), (found.sources, kept["sources"])):
        for value, one in zip(values, records, strict=True):
            assert isinstance(one["result"], str) or close(one["result"], value)
    if claim.witness is not None:
        assert found.routes_agree
    if found.verdict is Verdict.FAILS:
        assert claim.witness is not None


def curve(model, initial=None):
    return lambda times: oracle.energy(model, initial, np.atleast_1d(times))


def highest(f, near, width):
    """A maximum by golden sections between near − width and near + width."""
    found = minimize_scalar(
        lambda t: -float(f(t)[0]), bounds=(near - width, near + width), options={"xatol": 1e-9},
        method="bounded",
    )  # fmt: skip
    return -found.fun


def peak(model, initial=None, end=2.0):
    """The first local maximum of E among Pauli matrices."""
    f, times = curve(model, initial), np.linspace(0, end, 401)
    e = f(times)
    i = int(np.flatnonzero((e[1:-1] > e[:-2]) & (e[1:-1] >= e[2:]))[0]) + 1
    return highest(f, times[i], times[1])


def power(model, initial=None, end=2.0):
    """The largest E/t among Pauli matrices."""
    f, times = curve(model, initial), np.linspace(0, end, 401)[1:]
    i = int(np.argmax(f(times) / times))
    return highest(lambda t: f(t) / t, times[i], times[0] / 2)


def crosstalk(g1):
    return SpinCharger(2, 4, 1, 1, charger_crosstalk=g1)


IDEAL = crosstalk(0)
CHARGER = mixture([(0.6, dicke(0, 4)), *((0.1, dicke(0, up)) for up in range(4))])
BATTERY = mixture([(0.6, dicke(0, 4)), *((0.2, product(s, [1] * 4)) for s in ([1, 0], [0, 1]))])

BRUTE_FORCE = {
    "eq-12.e-max": lambda: peak(SpinCharger(1, 1, 1, 1, 0.3)),
    "eq-12.p-max": lambda: power(SpinCharger(1, 1, 1, 1, 0.3)),
    "fig-6a.ideal": lambda: peak(IDEAL),
    "fig-6a.solid": lambda: peak(crosstalk(0.1)),
    "fig-6a.dash-dotted": lambda: peak(crosstalk(1)),
    "fig-6a.seven": lambda: peak(crosstalk(7)) / 2,
    "fig-6a.dotted": lambda: peak(crosstalk(10)),
    "fig-6b.ideal": lambda: power(IDEAL),
    "fig-6b.solid": lambda: power(crosstalk(0.1)),
    "fig-6b.dash-dotted": lambda: power(crosstalk(1)),
    "fig-7a.charger": lambda: peak(IDEAL, CHARGER) / peak(IDEAL),
    "fig-7b.charger": lambda: power(IDEAL, CHARGER) / power(IDEAL),
    "fig-7a.battery": lambda: peak(IDEAL, BATTERY) / peak(IDEAL),
    "fig-7b.battery": lambda: power(IDEAL, BATTERY) / power(IDEAL),
    "fig-8a": lambda: peak(SpinCharger(2, 2, 1)),
    "fig-8d": lambda: peak(CavityCharger(2, 1)) - 16 / 9,
    "fig-9a": lambda: power(SpinCharger(2, 2, 1)) / math.sqrt(2),
}


@pytest.mark.parametrize("name", BRUTE_FORCE)
def test_against_brute_force(name, context):
    assert math.isclose(
        float(BY_NAME[name].plain.compute(context)), BRUTE_FORCE[name](), abs_tol=1e-8
    )


def chain(squares, times):
    """Σ k |c_k|² by a dense matrix exponential."""
    from scipy.linalg import expm

    hop = np.diag(np.sqrt(squares), 1)
    hop = hop + hop.T
    return np.array([np.arange(len(hop)) @ np.abs(expm(-1j * hop * t)[:, 0]) ** 2 for t in times])


def chain_power(cells, chargers, near):
    k = np.arange(cells)
    squares = (k + 1) * (cells - k) * (chargers - k) * (k + 1.0)
    return highest(lambda t: chain(squares, [t]) / t, near, near / 4)


@pytest.mark.parametrize(
    ("name", "cells", "near"), [("III.beta-20", 20, 0.155), ("III.beta-100", 100, 0.0419)]
)
def test_exponents(name, cells, near, context):
    """β from matrix exponentials of chains of M ± 1 cells."""
    low, high = (chain_power(m, m, near) for m in (cells - 1, cells + 1))
    expected = math.log(high / low) / math.log((cells + 1) / (cells - 1)) - 1
    assert math.isclose(BY_NAME[name].plain.compute(context), expected, abs_tol=1e-6)


@pytest.mark.parametrize(("name", "chargers", "near"), [("fig-9c", 200, 0.0728)])
def test_powers_of_chains(name, chargers, near, context):
    expected = chain_power(2, chargers, near) / math.sqrt(chargers)
    assert math.isclose(BY_NAME[name].plain.compute(context), expected, abs_tol=1e-8)


@pytest.mark.parametrize(("name", "chargers"), [("fig-8b", 20), ("fig-8c", 200)])
def test_energies_of_two_cells(name, chargers, context):
    expected = 16 * chargers * (chargers - 1) / (3 * chargers - 2) ** 2
    assert math.isclose(BY_NAME[name].plain.compute(context), expected, abs_tol=1e-10)


DIRECT = {
    "fig-3a.power-1": lambda c: land.direct_power(c, 10, 1, 1.0),
    "fig-3a.energy-0": lambda c: land.direct_first(c, 10),
    "II.slope-1": _line_again(1),
}


@pytest.mark.parametrize("name", DIRECT)
def test_against_plain_matrices(name, context):
    """Ladder matrices in the whole product space, or chains written down."""
    found = float(BY_NAME[name].plain.compute(context))
    assert math.isclose(found, DIRECT[name](context), rel_tol=1e-8)
