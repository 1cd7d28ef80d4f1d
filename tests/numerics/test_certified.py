"""Certified energies: the enclosure holds the truth, whatever computes the truth."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from numerics import (
    CavityCharger,
    CutoffError,
    SpinCharger,
    certified,
    dicke,
    fock,
    mixture,
    multiprecision,
    product,
    thermal,
)
from tests import oracle

THIRD = Fraction(1, 3)
FIELDS = (
    "coupling",
    "frequency",
    "anisotropy",
    "charger_frequency",
    "charger_crosstalk",
    "cell_crosstalk",
)


def _rationals(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """Of any denominator: none is better than another."""
    return st.builds(
        lambda n, d: low + Fraction(n % (d * (high - low) + 1), d),
        st.integers(0, 10**9),
        st.integers(1, 97),
    )


populations = _rationals(0, 1)
crosstalk = st.one_of(st.just(0), _rationals(-1, 1))
anisotropy = st.one_of(st.just(0), populations)


@st.composite
def spin_problems(draw):
    """A spin charger of any kind, with any kind of start."""
    cells, chargers = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    frequency = draw(st.one_of(st.none(), _rationals(1, 3)))
    model = SpinCharger(
        cells,
        chargers,
        coupling=draw(st.one_of(st.none(), _rationals(-1, 2))),
        frequency=frequency,
        anisotropy=draw(anisotropy),
        charger_frequency=draw(st.one_of(st.none(), _rationals(1, 2))),
        charger_crosstalk=draw(crosstalk),
        cell_crosstalk=draw(crosstalk),
    )
    pure = st.builds(dicke, st.integers(0, cells), st.integers(0, chargers))
    state = draw(
        st.one_of(
            st.none(),
            pure,
            st.builds(
                product,
                st.lists(populations, min_size=cells, max_size=cells),
                st.lists(populations, min_size=chargers, max_size=chargers),
            ),
            st.builds(
                lambda p, b: thermal(cell_population=p, charger_inverse_temperature=b),
                populations,
                _rationals(-2, 2),
            ),
            st.builds(lambda w, a, b: mixture([(w, a), (1 - w, b)]), populations, pure, pure),
        )
    )
    return model, state, draw(_rationals(-4, 6))


@st.composite
def cavity_problems(draw):
    """A cavity at γ = 0, which conserves the number of excitations."""
    cells = draw(st.integers(1, 4))
    model = CavityCharger(
        cells,
        coupling=draw(_rationals(0, 1)),
        frequency=draw(st.one_of(st.none(), _rationals(1, 3))),
        charger_frequency=draw(st.one_of(st.none(), _rationals(1, 2))),
        cell_crosstalk=draw(crosstalk),
    )
    pure = st.builds(fock, st.integers(0, 5), excited_cells=st.integers(0, cells))
    mixed = st.builds(lambda w, a, b: mixture([(w, a), (1 - w, b)]), populations, pure, pure)
    return model, draw(st.one_of(st.none(), pure, mixed)), draw(_rationals(-4, 6))


def _holds(model, state, time, digits) -> None:
    """The ball contains the energy to many more digits, and is as small as promised."""
    found = certified.energy(model, time, digits, state)
    truth = multiprecision.energy(model, time, state, digits=digits + 40)
    unit = model.cells * Fraction(1 if model.frequency is None else model.frequency)
    assert found.contains(truth), (found, truth)
    assert found.upper - found.lower <= 2 * unit / Fraction(10) ** digits
    assert found.remainder <= found.radius


@settings(max_examples=120)
@given(spin_problems(), st.integers(1, 60))
def test_spin_chargers(problem, digits):
    _holds(*problem, digits)


@settings(max_examples=40)
@given(cavity_problems(), st.integers(1, 60))
def test_cavities(problem, digits):
    _holds(*problem, digits)


@pytest.mark.parametrize(
    ("model", "state", "time"),
    [
        (CavityCharger(1, coupling="0.3", anisotropy="0.6"), None, 2),
        (CavityCharger(1, coupling="1/4", anisotropy=1, charger_frequency="0.7"), fock(3), "0.5"),
        (
            CavityCharger(2, coupling="0.2", anisotropy="0.1", cell_crosstalk="0.1"),
            fock(1, excited_cells=1),
            "1",
        ),
        (
            CavityCharger(1, coupling="0.2", anisotropy="0.5"),
            mixture([("1/3", fock(0)), ("2/3", fock(2))]),
            "0.7",
        ),
    ],
)
def test_counter_rotating_cavities(model, state, time):
    _holds(model, state, Fraction(time), 20)


def test_a_thermal_cavity():
    state = thermal(charger_inverse_temperature=3)
    found = certified.energy(CavityCharger(1), 1, 50, state)
    with mpmath.workdps(90):
        ground = -mpmath.expm1(-3)
        truth = mpmath.fsum(
            ground * mpmath.exp(-3 * n) * mpmath.sin(mpmath.sqrt(n)) ** 2 for n in range(90)
        )
        assert found.contains(truth)
    assert found.radius < mpf(10) ** -50


BRUTE = [
    (SpinCharger(2, 3, coupling="1/3"), None, "5/2", 0),
    (SpinCharger(2, 2, coupling="1/3", anisotropy="1/5", cell_crosstalk="-1/7"), None, "2", 0),
    (SpinCharger(1, 3, charger_frequency="3/2", charger_crosstalk="1/5"), dicke(1, 1), "7/3", 0),
    (SpinCharger(2, 2, anisotropy=1), product(["1/3", 1], ["1/2", 0]), "3/2", 0),
    (SpinCharger(2, 2, coupling="1/2"), thermal(cell_inverse_temperature="1/2"), "3", 0),
    (CavityCharger(2, coupling="1/3"), fock(3, excited_cells=1), "2", 8),
    (CavityCharger(1, coupling="1/4", anisotropy="1/2"), None, "1", 40),
]


@pytest.mark.parametrize(("model", "state", "time", "climb"), BRUTE)
def test_against_brute_force_on_all_spins(model, state, time, climb):
    """Pauli matrices and a Taylor series in integers: nothing shared but the description."""
    found = certified.energy(model, time, 45, state)
    brute = oracle.precise_energy(model, state, Fraction(time), digits=55, climb=climb)
    assert abs(brute - found.midpoint) <= found.radius + mpf(10) ** -53
    assert found.radius < mpf(10) ** -44


@pytest.mark.parametrize("time", ["1/3", 40, "1e-9", "1000.5"])
@pytest.mark.parametrize("digits", [5, 50, 300])
def test_two_cells_in_closed_form(time, digits):
    n = 7
    found = certified.energy(SpinCharger(2, n, coupling=THIRD), time, digits)
    with mpmath.workdps(digits + 60):
        t = mpf(Fraction(time).numerator) / Fraction(time).denominator
        s = mpmath.sin(mpmath.sqrt(2 * (3 * n - 2)) * t / 6) ** 2
        truth = mpf(4 * n) / (3 * n - 2) * s * (1 + mpf(n - 2) / (3 * n - 2) * s)
        assert found.contains(truth)
    assert found.radius < 2 * mpf(10) ** -digits


@pytest.mark.parametrize("exponent", [-3, -30, -300])
def test_small_times_keep_their_significant_digits(exponent):
    """E = MN (gt)² + O(t⁴): digits are relative where E is small."""
    time = Fraction(10) ** exponent
    found = certified.energy(SpinCharger(3, 4, coupling=THIRD), time, 30)
    assert found.digits >= 30
    assert found.lower < 12 * (time / 3) ** 2 < found.upper + 400 * time**4
    assert found.lower > 0


def test_chains_of_a_thousand_cells_in_closed_form():
    """One charger spin excited: E = sin²(√(MN) g t) for M cells of which one is excited."""
    model = SpinCharger(1000, 3000)
    found = certified.energy(model, "0.01", 50, dicke(0, 1))
    with mpmath.workdps(80):
        root = mpmath.sqrt(1000 * 3000)
        assert found.contains(mpmath.sin(root / 100) ** 2)


@pytest.mark.parametrize("factor", [1, 1000])
def test_energy_scale_and_time_scale(factor):
    """E(t; λg, λω0) = λ E(λt; g, ω0), across wholly different fixed-point scales."""
    here = certified.energy(SpinCharger(3, 4, "1/3", 2, "1/4"), "3/2", 40)
    there = certified.energy(
        SpinCharger(3, 4, Fraction(factor, 3), 2 * factor, "1/4"), Fraction(3, 2 * factor), 40
    )
    assert here.lower <= there.upper / factor
    assert there.lower / factor <= here.upper


def test_time_reversal_and_the_start():
    model = SpinCharger(3, 4, anisotropy=THIRD)
    assert certified.energy(model, -2) == certified.energy(model, 2)
    start = certified.energy(model, 0)
    assert (start.midpoint, start.radius) == (0, 0)


def test_nothing_moves_without_a_coupling():
    for model in (SpinCharger(2, 3, coupling=0), SpinCharger(2, 3, 0, anisotropy="1/2")):
        found = certified.energy(model, 5)
        assert (found.midpoint, found.radius) == (0, 0)


@pytest.mark.parametrize("state", [None, dicke(1, 3), product(["1/3"] * 3, ["2/3"] * 3)])
def test_more_digits_lie_inside_fewer(state):
    model = SpinCharger(3, 3, anisotropy="1/5")
    balls = [certified.energy(model, "2.7", digits, state) for digits in (5, 20, 50, 200)]
    for wide, narrow in pairwise(balls):
        assert wide.contains(narrow)
        assert narrow.radius < wide.radius


# Balls in, balls out.


@settings(max_examples=40)
@given(
    st.sampled_from(
        [
            (SpinCharger(3, 4), None),
            (SpinCharger(3, 3, "1/3", anisotropy="1/4"), dicke(1, 2)),
            (CavityCharger(2, "1/3"), fock(3)),
            (CavityCharger(1, "1/5", anisotropy="1/2"), None),
            (CavityCharger(1, "1/2"), thermal(charger_inverse_temperature=2)),
        ]
    ),
    _rationals(0, 2),
    st.sampled_from([Fraction(1, 10**k) for k in (0, 1, 3, 12, 40)]),
)
def test_a_ball_of_times_holds_the_energies_of_all(problem, time, radius):
    model, state = problem
    with ctx.workprec(300):
        when = arb(str(time.numerator)) / time.denominator + arb(0, 1) * arb(radius.numerator) / (
            radius.denominator
        )
    wide = certified.energy(model, when, 20, state)
    for t in (time - radius, time, time + radius / 3, time + radius):
        assert wide.contains(certified.energy(model, t, 60, state)), t
    assert wide.upper - wide.lower <= 60 * radius + Fraction(1, 10**18)


@pytest.mark.parametrize("field", FIELDS)
def test_a_ball_in_the_model_holds_the_energies_of_all(field):
    middle, radius = Fraction(2, 3), Fraction(1, 10**9)
    fixed = {"coupling": THIRD, "anisotropy": Fraction(1, 5), "charger_frequency": Fraction(5, 4)}
    with ctx.workprec(200):
        ball = arb(2) / 3 + arb(0, 1e-9)
    wide = certified.energy(SpinCharger(3, 3, **{**fixed, field: ball}), 2)
    for value in (middle - radius, middle, middle + radius / 7, middle + radius):
        assert wide.contains(certified.energy(SpinCharger(3, 3, **{**fixed, field: value}), 2))
    assert 1e-12 < wide.radius < 1e-6


def test_balls_in_the_state():
    with ctx.workprec(200):
        ball = arb(1) / 3 + arb(0, 1e-12)
    wide = certified.energy(SpinCharger(2, 2), 2, initial=product([ball, 0], [1, "1/2"]))
    for value in (THIRD, THIRD + Fraction(1, 10**12), THIRD - Fraction(1, 10**12)):
        assert wide.contains(
            certified.energy(SpinCharger(2, 2), 2, initial=product([value, 0], [1, "1/2"]))
        )
    assert wide.radius < 1e-10


# The photon cutoff.


def test_a_photon_cutoff_that_cannot_be_afforded_is_refused():
    with pytest.raises(CutoffError, match="earlier time"):
        certified.energy(CavityCharger(5, anisotropy=1), 100)


def test_the_price_of_a_photon_cutoff_holds():
    """Cut low on purpose: the energy moves by less than the proven price, and not by nothing."""
    from numerics.certified.evolution import Propagator, walker
    from numerics.certified.exact import ball, exact_problem, working
    from numerics.certified.matrices import matrix
    from numerics.certified.photons import Layers
    from numerics.certified.weighted_states import ensemble
    from numerics.sectors.irreps import basis

    problem = exact_problem(CavityCharger(1, coupling=1, anisotropy=1), fock(1))
    time = Fraction(1, 2)
    with working(200):
        (_, full), = ensemble(problem, 200, time, arb(0)).walkers  # fmt: skip
        truth, _ = full.at(time).gain()
        # λ = g (1 + γ)(j + 1/2) = 2.
        for cutoff in (3, 6, 12, 24):
            sides = problem.battery, problem.charger
            states = basis(*sides, 1, False, cutoff)
            built = matrix(problem, *sides, states, 200)
            price = Layers(2 * ball(time), arb(2), 1).error(cutoff)
            cut, truncation = walker(Propagator(built), states.index((0, 1)), price).at(time).gain()
            assert cut.contains(truth)
            assert truncation > 0
            exact_cut, _ = walker(Propagator(built), states.index((0, 1)), arb(0)).at(time).gain()
            if cutoff < 12:
                assert not exact_cut.overlaps(truth)
    assert math.isfinite(float(price))
