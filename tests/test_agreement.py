"""Closed forms against brute force on all 2^(M+N) states: plain Pauli matrices, no sectors."""

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest

import numerics
from symbattery import (
    CavityCharger,
    SpinCharger,
    api,
    dicke,
    fock,
    mixture,
    product,
    solve,
    thermal,
)
from symbattery.symbols import N, gamma, m, p_1
from tests.systems import oracle, taylor

TIMES = np.array([0.0, 1e-3, 0.4, 1.9, 7.3])
G, OMEGA, P = Fraction(5, 8), Fraction(3, 2), Fraction(3, 8)
UNITS = {"coupling": G, "frequency": OMEGA}


def spins(cells, chargers, **fields):
    return SpinCharger(cells, chargers, G, OMEGA, **fields)


def cases():
    """(name, closed form, its numbers, model, state) for every closed form."""
    for chargers, (cells, build) in itertools.product(
        range(1, 7), ((1, api.single_cell), (2, api.two_cells))
    ):
        name, model = f"M={cells} N={chargers}", spins(cells, chargers)
        given = {"chargers": chargers, **UNITS}
        yield f"{name} all up", build(), given, model, None
        for up in range(1, chargers + 1):
            more = {"excited_chargers": up, **given}
            yield f"{name} m={up}", build(excited_chargers=m), more, model, dicke(0, up)
            if chargers in (1, 2, 3, 5):
                warm = api.thermal_charger(cells=cells, chargers=chargers, thermal=up)
                state = product([0] * cells, [1] * (chargers - up) + [P] * up)
                yield f"thermal {name} hot={up}", warm, {"population": P, **UNITS}, model, state
    for value in (Fraction(0), Fraction(1, 4), Fraction(1)):
        closed = api.single_cell(1, anisotropy=gamma)
        given = {"anisotropy": value, **UNITS}
        yield f"gamma={value}", closed, given, spins(1, 1, anisotropy=value), None
    flipped = product([1, 0], [1, 1, 1])
    eq19 = mixture([(Fraction(3, 5), dicke(0, 3)), (Fraction(2, 5), dicke(0, 1))])
    eq21 = mixture([(Fraction(1, 2), dicke(0, 3)), (Fraction(1, 2), flipped)])
    for name, model, state in (
        ("flipped cell", spins(2, 3), flipped),
        ("Eq. (19)", spins(2, 3), eq19),
        ("Eq. (21)", spins(2, 3), eq21),
        ("middle of the chain", spins(2, 3), dicke(1, 2)),
        ("top of the chain", spins(2, 3), dicke(2, 0)),
        ("both sides thermal", spins(2, 3), thermal(
            cell_population=Fraction(1, 8), charger_population=Fraction(3, 4))),
        ("detuned", spins(1, 3, charger_frequency=Fraction(7, 4)), dicke(0, 2)),
        ("crosstalk", spins(1, 3, charger_crosstalk=Fraction(1, 3)), dicke(0, 2)),
        ("pair sector", spins(1, 1, anisotropy=Fraction(1, 2)), dicke(0, 0)),
        ("spins 1 and 3/2", spins(2, 1, cell_spin=1, charger_spin=Fraction(3, 2)), dicke(1, 3)),
        ("hot spins 1", spins(2, 1, cell_spin=1), thermal(cell_inverse_temperature=Fraction(1, 2))),
        ("spins 1, detuned", spins(
            1, 2, cell_spin=1, charger_frequency=Fraction(7, 4), cell_crosstalk=Fraction(1, 3)
        ), None),
        ("cavity", CavityCharger(2, G, OMEGA), fock(3)),
        ("full battery, empty cavity", CavityCharger(2, G, OMEGA), fock(0, excited_cells=2)),
    ):  # fmt: skip
        yield name, solve(model, state), {}, model, state


CASES = {name: rest for name, *rest in cases()}


@pytest.mark.parametrize("name", CASES)
def test_double_precision(name):
    solution, values, model, state = CASES[name]
    brute = oracle.energy(model, state, TIMES)
    closed = solution.function("energy", **{k: float(v) for k, v in values.items()})(TIMES)
    numeric = numerics.charge(model, state).energy(TIMES)
    unit = model.battery.top * float(OMEGA)
    assert np.abs(closed - brute).max() / unit < 1e-11
    assert np.abs(numeric - brute).max() / unit < 1e-11


# Of larger spins Dicke states are no vectors of integers, as these digits need.
FEW = [
    name
    for name, (_, _, model, _) in CASES.items()
    if getattr(model, "chargers", 2) <= 3 and model.cell_spin == model.charger_spin
]


@pytest.mark.parametrize("name", FEW)
def test_fifty_digits(name):
    solution, values, model, state = CASES[name]
    time = Fraction(11, 8)
    with mpmath.workdps(60):
        brute = oracle.precise_energy(model, state, time, digits=52)
        closed = solution.function("energy", backend="mpmath", **values)(time)
        evolved = taylor.energy(model, time, state, digits=52)
        bound = mpmath.mpf(10) ** -45 * model.cells * float(OMEGA)
        assert abs(closed - brute) < bound
        assert abs(evolved - brute) < bound


def test_symbolic_and_numeric_chargers_are_one_formula():
    assert api.two_cells(N).energy == api.two_cells().energy
    assert api.thermal_charger(population=p_1).energy == api.thermal_charger().energy
