"""Certified energies: the enclosure holds the truth, whatever computes the truth."""

from fractions import Fraction

import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics import CavityCharger, CutoffError, SpinCharger, certified
from numerics.certified.evolution import Propagator, walker
from numerics.certified.exact import ball, exact_problem, working
from numerics.certified.matrices import matrix
from numerics.certified.photons import Layers
from numerics.certified.weighted_states import ensemble
from numerics.model.states import dicke, fock, product, thermal
from numerics.sectors.irreps import basis
from tests.systems import taylor
from tests.systems.drawn import cavity_problems, rationals, spin_problems
from tests.systems.rows import CUTOFFS

THIRD = Fraction(1, 3)


def _holds(model, state, time, digits) -> None:
    """The balls contain energy and populations, and are as small as promised."""
    energy, populations = taylor.evolution(model, time, state, digits + 40)
    unit = model.cells * Fraction(1 if model.frequency is None else model.frequency)
    proven = certified.populations(model, time, digits, state)
    assert len(proven) == len(populations)
    for truth, found, size in (
        (energy, certified.energy(model, time, digits, state), unit),
        *((p, found, 1) for p, found in zip(populations, proven, strict=True)),
    ):
        assert found.contains(truth), (found, truth)
        assert found.upper - found.lower <= 2 * size / Fraction(10) ** digits
        assert found.remainder <= found.radius


@settings(max_examples=30)
@given(spin_problems(rationals, nested=False), rationals(-4, 6), st.integers(1, 60))
def test_spin_chargers(problem, time, digits):
    _holds(*problem, time, digits)


@settings(max_examples=40)
@given(cavity_problems(rationals, cells=4, photons=5), rationals(-4, 6), st.integers(1, 60))
def test_cavities(problem, time, digits):
    _holds(*problem, time, digits)


@pytest.mark.parametrize("name", list(CUTOFFS)[:3])
@pytest.mark.parametrize("time", ["1/2", "1"])
def test_counter_rotating_cavities(name, time):
    model, state = CUTOFFS[name]
    _holds(model, state, Fraction(time), 20)


@pytest.mark.parametrize("exponent", [-3, -30, -300])
def test_small_times_keep_their_significant_digits(exponent):
    """E = MN (gt)² + O(t⁴): digits are relative where E is small."""
    time = Fraction(10) ** exponent
    found = certified.energy(SpinCharger(3, 4, coupling=THIRD), time, 30)
    assert found.digits >= 30
    assert found.lower < 12 * (time / 3) ** 2 < found.upper + 400 * time**4
    assert found.lower > 0


def test_time_reversal_and_the_start():
    model = SpinCharger(3, 4, anisotropy=THIRD)
    assert certified.energy(model, -2) == certified.energy(model, 2)
    start = certified.energy(model, 0)
    assert (start.midpoint, start.radius) == (0, 0)
    assert certified.populations(model, -2) == certified.populations(model, 2)
    assert [p.midpoint for p in certified.populations(model, 0)] == [1, 0, 0, 0]


def test_nothing_moves_without_a_coupling():
    for model in (SpinCharger(2, 3, coupling=0), SpinCharger(2, 3, 0, anisotropy="1/2")):
        found = certified.energy(model, 5)
        assert (found.midpoint, found.radius) == (0, 0)
        assert [p.midpoint for p in certified.populations(model, 5, 20, dicke(1, 2))] == [0, 1, 0]


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
    rationals(0, 2),
    st.sampled_from([Fraction(1, 10**k) for k in (0, 1, 3, 12, 40)]),
)
def test_a_ball_of_times_holds_the_energies_of_all(problem, time, radius):
    model, state = problem
    with ctx.workprec(300):
        when = arb(str(time.numerator)) / time.denominator + arb(0, 1) * arb(radius.numerator) / (
            radius.denominator
        )
    wide = certified.energy(model, when, 20, state)
    levels = certified.populations(model, when, 20, state)
    for t in (time - radius, time, time + radius / 3, time + radius):
        assert wide.contains(certified.energy(model, t, 60, state)), t
        narrow = certified.populations(model, t, 60, state)
        assert all(p.contains(q) for p, q in zip(levels, narrow, strict=True)), t
    assert all(p.upper - p.lower <= 300 * radius + Fraction(1, 10**18) for p in levels)
    assert wide.upper - wide.lower <= 60 * radius + Fraction(1, 10**18)


REAL = [n for n, _ in SpinCharger(1, 1).values() if not n.endswith(("s", "spin"))]


@pytest.mark.parametrize("field", REAL)
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


@pytest.mark.parametrize(("cells", "coupling", "rate"), [(1, 1, 2), (2, Fraction(1, 2), "3/2")])
def test_the_price_of_a_photon_cutoff_holds(cells, coupling, rate):
    """Cut low on purpose: E, E' and E'' move by less than proven, and not by nothing."""
    problem = exact_problem(CavityCharger(cells, coupling, anisotropy=1), fock(1))
    time, sides, moved = Fraction(1, 4), (problem.battery, problem.charger), []
    with working(200):
        (_, full), = (whole := ensemble(problem, 200, time, arb(0)).at(time)).walkers  # fmt: skip
        # λ = g (1 + γ)(j + 1/2).
        layers = Layers(ball(Fraction(rate)) * ball(time), ball(Fraction(rate)), 1)
        for cutoff in (3, 6, 12, 16, 24):
            states = basis(*sides, 1, False, cutoff)
            made = Propagator(matrix(problem, *sides, states, 200))
            honest, exact_cut = (
                walker(made, states.index((0, 1)), price).at(time)
                for price in (layers.error(cutoff), arb(0))
            )
            gain, truncation = honest.gain()
            assert gain.contains(full.gain()[0])
            assert truncation > 0
            assert cutoff >= 12 or not exact_cut.gain()[0].overlaps(full.gain()[0])
            if cutoff < 12:
                continue
            assert layers.falls(cutoff)
            slopes = zip((1, 2), whole.slopes(), exact_cut.slopes(), strict=True)
            for order, truth, found in slopes:
                error = layers.derivative_error(order, cutoff, cells, arb(order) + cells)
                assert abs(found - truth) <= error
                moved.append(not found.overlaps(truth))
    assert any(moved)
