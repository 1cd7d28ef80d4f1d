"""Couplings that are constant on intervals of time, against products of exponentials."""

from functools import cache

import numpy as np
import pytest
import scipy

import numerics
from numerics import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    coherent,
    dicke,
    product,
    schedule,
    thermal,
)
from numerics.observables.table import OBSERVABLES
from tests.systems import oracle

PIECES = [(0.5, 1.1), (0.3, 0), (0.7, -0.6), (0.4, 0.8)]
TIMES = np.array([0.0, 0.2, 0.5, 0.7, 1.3, 1.9, 2.5])
SYSTEMS = {
    "resonant": ({}, None),
    "detuned": ({"charger_frequency": 1.5}, None),
    "crosstalk": ({"cell_crosstalk": 0.4, "charger_crosstalk": -0.3}, dicke(1, 2)),
    "counter-rotating": ({"anisotropy": 0.3, "frequency": 1.2}, None),
    "mixed": ({"anisotropy": 1, "charger_crosstalk": 0.2}, thermal(charger_population=0.3)),
    "product": ({"charger_frequency": 0.7}, product([0.2, 0], [1, 0.6])),
}


@cache
def exponentials(name):
    """The energies, and ⟨S₊J₋⟩, on all 2⁴ states."""
    own, start = SYSTEMS[name]
    model = SpinCharger(2, 2, **own)
    bare = oracle.hamiltonian(SpinCharger(2, 2, **own, coupling=0))
    one = oracle.hamiltonian(SpinCharger(2, 2, **own, coupling=1)) - bare
    rho = oracle.density_matrix(model, start).astype(complex)
    cells = np.diag(np.repeat(oracle._cells_up(model), 4))
    found = []
    for time in TIMES:
        u, left = np.eye(16), time
        for duration, coupling in [*PIECES, (np.inf, 0)]:
            step = min(left, duration)
            u = scipy.linalg.expm(-1j * step * (bare + coupling * one)) @ u
            left -= step
        found.append(np.trace(u @ rho @ u.conj().T @ cells).real - np.trace(rho @ cells).real)
    return np.array(found) * own.get("frequency", 1)


@pytest.mark.parametrize("name", SYSTEMS)
def test_energies_are_those_of_exponentials(name):
    own, start = SYSTEMS[name]
    charged = schedule(SpinCharger(2, 2, **own), PIECES, start)
    assert charged.energy(TIMES) == pytest.approx(exponentials(name), abs=1e-12)
    assert charged.populations(TIMES).sum(axis=1) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", SYSTEMS)
def test_one_coupling_in_pieces_is_that_coupling(name):
    own, start = SYSTEMS[name]
    charged = schedule(SpinCharger(2, 2, **own), [(0.3, 0.8), (0.4, 0.8), (2, 0.8)], start)
    steady = numerics.charge(SpinCharger(2, 2, **own, coupling=0.8), start)
    times = TIMES[:-1]
    for row, observable in OBSERVABLES.items():
        if name == "product" and observable.symmetric:
            # A steady charging puts spins that start unlike into groups.
            with pytest.raises(InvalidArgument, match="equal populations"):
                getattr(charged, row)(times)
            continue
        try:
            expected = getattr(steady, row)(times)
        except InvalidArgument as refused:
            with pytest.raises(InvalidArgument, match=str(refused)[:20]):
                getattr(charged, row)(times)
            continue
        values = getattr(charged, row)(times)
        assert values == pytest.approx(expected, rel=1e-9, abs=1e-11, nan_ok=True), row
    peak, best = charged.first_peak(), charged.best_switch_off(2.6)
    # Only what comes after the last switch is searched.
    if steady.first_peak().time > 0.7:
        assert peak.time == pytest.approx(steady.first_peak().time, rel=1e-7)
        assert peak.value == pytest.approx(steady.first_peak().value, rel=1e-12)
    assert best.value <= steady.maximum(until=2.6).value * (1 + 1e-12)


@pytest.mark.parametrize("name", ["detuned", "counter-rotating", "mixed"])
def test_the_best_time_to_switch_off(name):
    own, start = SYSTEMS[name]
    model, before = SpinCharger(2, 2, **own), PIECES[:2]
    best = schedule(model, [*before, (1.0, -0.7)], start).best_switch_off(5.0)
    assert 0.8 <= best.time <= 5
    stored = schedule(model, [*before, (best.time - 0.8, -0.7)], start).energy([best.time, 30.0])
    if own.get("anisotropy", 0) == 0:
        assert np.ptp(stored) < 1e-12
    assert stored[0] == pytest.approx(best.value, rel=1e-12)
    others = schedule(model, [*before, (5.0, -0.7)], start).energy(np.linspace(0.8, 5, 400))
    assert others.max() <= best.value * (1 + 1e-12)
    assert others.max() == pytest.approx(best.value, rel=1e-3)


def test_the_best_is_at_once_where_the_last_piece_only_takes():
    top = numerics.charge(SpinCharger(1, 1)).first_peak()
    charged = schedule(SpinCharger(1, 1), [(top.time, 1), (1, 0.1)])
    best = charged.best_switch_off(top.time + 1)
    assert (best.time, best.value) == pytest.approx((top.time, 1.0))


def test_a_cavity_on_resonance_depends_on_the_area():
    charged = schedule(CavityCharger(3), [(0.2, 1), (1, 0), (0.4, 0.5)])
    assert charged.energy(2.0) == pytest.approx(numerics.charge(CavityCharger(3)).energy(0.4))
    assert charged.coherence(0.9) == pytest.approx(numerics.charge(CavityCharger(3)).coherence(0.2))


TWO = SpinCharger(2, 2)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: schedule(TWO, []), "`segments` must be from one to"),
        (lambda: schedule(TWO, 3), "`segments` must be pairs"),
        (lambda: schedule(TWO, [(1, 2, 3)]), r"`segments\[0\]` must be pairs"),
        (lambda: schedule(TWO, [(1, 1), 2]), r"`segments\[1\]` must be pairs"),
        (lambda: schedule(TWO, [(0, 1)]), r"`segments\[0\] duration` must be a positive"),
        (lambda: schedule(TWO, [(-1, 1)]), "duration` must be"),
        (lambda: schedule(TWO, [(1, "x")]), r"`segments\[0\] coupling` must be"),
        (lambda: schedule(TWO, [(1, float("nan"))]), "coupling` must be"),
        (lambda: schedule(TWO, [(float("inf"), 1)]), "duration` must be"),
        (lambda: schedule(SpinCharger(2, 2, coupling=1), [(1, 1)]), "`coupling` must be left open"),
        (lambda: schedule(CavityCharger(2, anisotropy=1), [(1, 1)]), "`anisotropy` must be 0 for"),
        (lambda: schedule("x", [(1, 1)]), "`model` must be"),
        (lambda: schedule(CavityCharger(2), [(1, 1)], coherent(1)), "`initial` must be no superp"),
        (lambda: schedule(TWO, [(1, 1)], "x"), "`initial` must be"),
        (lambda: schedule(TWO, [(1, 1)]).energy(-0.1), "`times` must be from 0 on"),
        (lambda: schedule(TWO, [(1, 1), (1, 2)]).best_switch_off(0.5), "`until` must be after"),
        (lambda: schedule(TWO, [(1, 1)]).best_switch_off(0), "`until` must be a positive"),
    ],
)
def test_bad_input(act, message):
    with pytest.raises(InvalidArgument, match=message):
        act()


def test_what_is_constant_has_no_peak():
    with pytest.raises(numerics.NoPeakError):
        schedule(TWO, [(1, 1), (1, 0)]).first_peak()


def test_large_sectors_are_refused_before_they_are_made():
    with pytest.raises(numerics.TooLargeError):
        schedule(SpinCharger(300, 300, anisotropy=1), [(1, 1)])
