"""Proven digits of the battery's state: the balls hold what brute force on 2^(M+N) finds."""

import math
from fractions import Fraction

import mpmath
import pytest
from flint import acb, arb, ctx

import numerics
from numerics import (
    CavityCharger,
    ClassicalDrive,
    InvalidArgument,
    SpinCharger,
    TooLargeError,
    certified,
    dicke,
    fock,
    mixture,
    product,
    thermal,
)  # fmt: skip
from numerics.certified import eigenvalues as spectra
from tests.systems.figures_of_merit import states

DIGITS = 20
TINY, LATE = "1/1000000", "19/7"
WARM = thermal(cell_population="1/5", charger_population="2/3")
UNEQUAL = product([0, 0], [1, "1/3"])
DRESSED = {
    "coupling": "3/5", "frequency": "13/10", "charger_frequency": "9/10",
    "charger_crosstalk": "1/4", "cell_crosstalk": "-1/7",
}  # fmt: skip
SYSTEMS = {
    "1 1": (SpinCharger(1, 1), None),
    "1 4": (SpinCharger(1, 4, **DRESSED), dicke(1, 2)),
    "2 1": (SpinCharger(2, 1), None),
    "2 2": (SpinCharger(2, 2), None),
    "2 2 tied": (SpinCharger(2, 2), dicke(1, 1)),
    "2 3": (SpinCharger(2, 3, **DRESSED), None),
    "3 1": (SpinCharger(3, 1), dicke(1, 1)),
    "3 2": (SpinCharger(3, 2, "2/3"), dicke(0, 1)),
    "4 1": (SpinCharger(4, 1), dicke(2, 1)),
    "1 1 pairs": (SpinCharger(1, 1, anisotropy=1), dicke(0, 0)),
    "1 2 pairs": (SpinCharger(1, 2, anisotropy="1/3"), None),
    "2 2 pairs": (SpinCharger(2, 2, anisotropy="1/3"), None),
    "2 2 pairs tied": (SpinCharger(2, 2, anisotropy="1/3"), dicke(1, 1)),
    "2 3 pairs": (SpinCharger(2, 3, anisotropy="1/2", **DRESSED), dicke(1, 2)),
    "3 2 pairs": (SpinCharger(3, 2, anisotropy=1), None),
    "warm": (SpinCharger(2, 2), WARM),
    "warm cells": (SpinCharger(3, 1), thermal(cell_population="1/3")),
    "hot": (SpinCharger(2, 2, **DRESSED), thermal(cell_inverse_temperature=2)),
    "warm pairs": (SpinCharger(2, 1, anisotropy="1/3"), WARM),
    "mixture": (SpinCharger(2, 2), mixture([("1/3", dicke(0, 2)), ("2/3", dicke(1, 1))])),
    "mixture with pairs": (
        SpinCharger(3, 1, anisotropy="1/4"), mixture([("1/3", dicke(0, 1)), ("2/3", dicke(3, 0))])
    ),
    "unequal charger": (SpinCharger(2, 2), UNEQUAL),
    "cavity": (CavityCharger(2, "1/2"), fock(2)),
    "cavity, mixed": (
        CavityCharger(2, "1/2", charger_frequency="4/5"),
        mixture([("1/4", fock(2)), ("3/4", fock(1, excited_cells=1))]),
    ),
    "driven": (ClassicalDrive(2, "3/5", "13/10", "9/10", "1/5", "-1/7"), dicke(1)),
    "driven, mixed": (
        ClassicalDrive(3, "1/2", cell_longitudinal="1/5"),
        mixture([("1/3", dicke(0)), ("2/3", dicke(2))]),
    ),
    "spins 1": (SpinCharger(2, 1, **DRESSED, cell_spin=1), dicke(1, 1)),
    "one spin 3/2, pairs": (
        SpinCharger(1, 1, anisotropy="1/3", cell_spin="3/2", charger_spin=1), None
    ),
    "hot spins 1": (SpinCharger(2, 1, cell_spin=1), thermal(cell_inverse_temperature=2)),
    "no coupling": (SpinCharger(2, 2, coupling=0), WARM),
}  # fmt: skip
QUANTITIES = [
    ("energy_variance", {}),
    *(("ergotropy", {"sense": s}) for s in ("full", "symmetric", "local", "daemonic")),
    *(("entropy", {"order": order}) for order in (1, 2, Fraction(1, 2), math.inf)),
    ("purity", {}),
    ("negativity", {}),
]


def _unit(name, model):
    power = {"ergotropy": 1, "energy_variance": 2}.get(name, 0)
    return (model.battery.top * Fraction(model.frequency or 1)) ** power


@pytest.mark.parametrize("time", ["0", TINY, LATE])
@pytest.mark.parametrize("name", SYSTEMS)
def test_brute_force_is_enclosed(name, time):
    model, initial = SYSTEMS[name]
    with mpmath.workdps(4 * DIGITS):
        (truth,) = states(model, initial, [Fraction(time)], precise=True)
        for quantity, options in QUANTITIES:
            if initial is UNEQUAL and quantity == "negativity":
                continue
            if isinstance(model, ClassicalDrive) and quantity == "negativity":
                with pytest.raises(InvalidArgument, match="be one that a classical drive has"):
                    certified.negativity(model, time, DIGITS, initial)
                continue
            if options.get("sense") == "local" and model.battery.spins is None:
                with pytest.raises(InvalidArgument, match="have a battery of spins-1/2"):
                    certified.ergotropy(model, time, DIGITS, initial, **options)
                continue
            order = options.get("order")
            known = {"order": mpmath.mpf("0.5")} if isinstance(order, Fraction) else options
            wanted = getattr(truth, quantity)(**known)
            found = getattr(certified, quantity)(model, time, DIGITS, initial, **options)
            # Of the judge, whose eigenvalues at zero are off by this, and roots of them by more.
            blur = mpmath.mpf(10) ** (-36 if quantity in ("negativity", "entropy") else -70)
            assert abs(found.midpoint - wanted) <= found.radius + blur, (quantity, options)
            assert found.upper - found.lower <= 2 * _unit(quantity, model) / 10**DIGITS
            assert found.remainder <= found.radius


@pytest.mark.parametrize("name", ["2 2 pairs", "3 2", "warm", "warm pairs", "cavity, mixed"])
def test_more_digits_lie_inside_fewer(name):
    model, initial = SYSTEMS[name]
    for quantity, options in QUANTITIES:
        few, many = (
            getattr(certified, quantity)(model, LATE, digits, initial, **options)
            for digits in (15, 60)
        )
        assert few.contains(many), (quantity, options)


@pytest.mark.parametrize("sense", ["full", "symmetric"])
def test_where_two_populations_cross(sense):
    """p_0 = p_1 at gt = π/4: one cell gives no work before and 2 p_1 − 1 after."""
    model = SpinCharger(1, 1)
    with ctx.workprec(200):
        quarter = arb.pi() / 4
        wide = quarter + arb(0, 1e-12)
    found = certified.ergotropy(model, quarter, 40, sense=sense)
    assert found.contains(0)
    assert found.radius < 1e-40
    around = certified.ergotropy(model, wide, 40, sense=sense)
    for shift in (Fraction(-1, 10**12), Fraction(0), Fraction(9, 10**13)):
        with ctx.workprec(200):
            at = certified.ergotropy(model, quarter + arb(shift.numerator) / shift.denominator, 40)
        assert around.lower <= at.upper
        assert at.lower <= around.upper
    assert 1e-13 < around.radius < 1e-11
    assert certified.ergotropy(model, "0.7854").lower > 0
    assert certified.ergotropy(model, "0.785").upper < 1e-49


@pytest.mark.parametrize("name", ["2 2", "2 2 pairs", "warm", "warm pairs"])
def test_a_ball_of_times_holds_the_values_of_all(name):
    model, initial = SYSTEMS[name]
    middle, radius = Fraction(4, 5), Fraction(1, 10**9)
    with ctx.workprec(200):
        when = arb(4) / 5 + arb(0, 1) * arb(1) / 10**9
    for quantity, options in QUANTITIES:
        ask = getattr(certified, quantity)
        wide = ask(model, when, 20, initial, **options)
        for time in (middle - radius, middle, middle + radius / 3, middle + radius):
            assert wide.contains(ask(model, time, 40, initial, **options)), (quantity, time)
        assert 1e-13 < wide.radius < 1e-3 or quantity == "ergotropy"


@pytest.mark.parametrize("name", ["2 3", "2 3 pairs"])
def test_a_ball_in_the_model_holds_the_values_of_all(name):
    model, initial = SYSTEMS[name]
    with ctx.workprec(200):
        ball = arb(3) / 5 + arb(0, 1e-9)
    cells, chargers = model.cells, model.chargers
    pairs = {"anisotropy": model.anisotropy}
    wide = SpinCharger(cells, chargers, **{**DRESSED, **pairs, "coupling": ball})
    for coupling in (Fraction(3, 5), Fraction(3, 5) + Fraction(1, 2 * 10**9)):
        narrow = SpinCharger(cells, chargers, **{**DRESSED, **pairs, "coupling": coupling})
        for quantity, options in QUANTITIES:
            ask = getattr(certified, quantity)
            found = ask(wide, "1/2", 20, initial, **options)
            assert found.contains(ask(narrow, "1/2", 40, initial, **options)), quantity


def test_small_times_keep_significant_digits():
    """Var H_B ~ p_1 ~ MN (gt)², the negativity ~ √p_1, the ergotropy of two cells ~ p_2."""
    model, time = SpinCharger(2, 3), Fraction(1, 10**30)
    assert certified.energy_variance(model, time, 20).digits >= 20
    assert certified.negativity(model, time, 20).digits >= 20
    variance, root = certified.energy_variance(model, time, 20), certified.negativity(model, time)
    assert abs(float(variance.midpoint / mpmath.mpf(10) ** -60) - 6) < 1e-12
    assert abs(float(root.midpoint * mpmath.mpf(10) ** 30) - math.sqrt(6)) < 1e-12
    assert certified.ergotropy(model, time, 20).upper < Fraction(1, 10**80)


def test_many_cells_agree_with_doubles():
    for model in (SpinCharger(30, 30), SpinCharger(8, 6, anisotropy=Fraction(1, 4))):
        charging = numerics.charge(model)
        for quantity, options in QUANTITIES[:7]:
            found = getattr(certified, quantity)(model, "1/8", 15, **options)
            double = getattr(charging, quantity)(0.125, **options)
            assert abs(float(found.midpoint) - double) < 1e-11 * model.cells**2, quantity


@pytest.mark.parametrize("gap", [0, 1e-25, 1e-3])
def test_eigenvalues_however_degenerate(gap):
    """A turned diagonal matrix: all eigenvalues are enclosed, equal ones too."""
    with ctx.workprec(160):
        known = [arb(0), arb(0), arb(1) / 3, arb(1) / 3 + arb(gap)]
        c, s = (arb(1) / 5).cos(), (arb(1) / 5).sin()
        turns = [(i, j) for i in range(4) for j in range(i)]
        matrix = [[acb(known[i]) if i == j else acb(0) for j in range(4)] for i in range(4)]
        for i, j in turns:
            turn = [[acb(int(a == b)) for b in range(4)] for a in range(4)]
            turn[i][i] = turn[j][j] = acb(c)
            turn[i][j], turn[j][i] = acb(0, s), acb(0, s)
            back = [[turn[b][a].conjugate() for b in range(4)] for a in range(4)]
            for left, right in ((turn, matrix), (None, back)):
                first, second = (matrix if left is None else left), right
                matrix = [
                    [sum((first[a][k] * second[k][b] for k in range(4)), acb(0)) for b in range(4)]
                    for a in range(4)
                ]
        found = spectra.eigenvalues({(a, b): matrix[a][b] for a in range(4) for b in range(4)})
        for value, wanted in zip(found, known, strict=True):
            assert value.overlaps(wanted)
            assert value.rad() < 1e-40


# Bad input.


@pytest.mark.parametrize("name", ["ergotropy", "entropy", "purity", "negativity"])
@pytest.mark.parametrize("gamma", [0, Fraction(1, 3)])
def test_unequal_cells_are_refused_as_in_doubles(name, gamma):
    model, apart = SpinCharger(2, 2, anisotropy=gamma), product([0, "1/2"], [1, 1])
    start = mixture([("1/2", apart), ("1/2", dicke(1, 2))])
    with pytest.raises(InvalidArgument, match="cells of equal populations") as exact:
        getattr(certified, name)(model, 1, 20, start)
    with pytest.raises(InvalidArgument) as double:
        getattr(numerics.charge(model, start), name)(1.0)
    assert str(exact.value) == str(double.value)
    assert certified.energy_variance(model, 1, 20, start).radius < 1e-19


def test_an_unequal_charger_has_no_negativity():
    with pytest.raises(InvalidArgument, match="charger spins of equal populations"):
        certified.negativity(SpinCharger(2, 2), 1, 20, UNEQUAL)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("ergotropy", {"sense": "best"}, "`sense` must be one of 'full'"),
        ("ergotropy", {"sense": 3}, "`sense` must be one of 'full'"),
        ("entropy", {"order": 0}, "`order` must be a positive number"),
        ("entropy", {"order": "no"}, "`order` must be a positive number"),
        ("entropy", {"digits": 0}, "`digits` must be"),
        ("purity", {"digits": "many"}, "`digits` must be"),
        ("negativity", {"time": 0.1}, "`time` must be exact"),
        ("energy_variance", {"time": float("nan")}, "`time` must be"),
        ("purity", {"model": 5}, "`model` must be"),
        ("entropy", {"initial": 5}, "`initial` must be"),
        ("entropy", {"floats": 1}, "`floats` must be"),
        ("negativity", {"model": SpinCharger(2, 2, coupling=0.1)}, "must be exact"),
    ],
)
def test_bad_input(name, options, message):
    given = {"model": SpinCharger(2, 2), "time": 1, **options}
    with pytest.raises(InvalidArgument, match=message):
        getattr(certified, name)(**given)


@pytest.mark.parametrize("name", ["entropy", "purity", "ergotropy", "negativity"])
def test_spectra_that_take_hours_are_refused(name):
    model = SpinCharger(250, 3, anisotropy=Fraction(1, 2))
    with pytest.raises(TooLargeError, match="eigenvalues"):
        getattr(certified, name)(model, "1/100000", 5)


@pytest.mark.parametrize("order", [f"1.{'0' * 300}1", "1e200", "1e9"])
def test_entropies_of_orders_next_to_one_and_of_large_ones(order):
    model = SpinCharger(2, 3)
    found = certified.entropy(model, "0.7", 20, order=order)
    near = certified.entropy(model, "0.7", 20, order=1 if order.startswith("1.") else "inf")
    assert found.radius <= mpmath.mpf(10) ** -20
    assert abs(found.midpoint - near.midpoint) < 1e-8


@pytest.mark.parametrize("order", ["1e-300", "1e-5", f"1.{'0' * 3990}1"])
def test_orders_that_need_too_many_digits_are_refused_at_once(order):
    with pytest.raises(InvalidArgument, match="`order` must be larger or farther from 1, so that"):
        certified.entropy(SpinCharger(2, 3), "0.7", 30, order=order)
