"""The bounds behind the digits, one by one, each against what really happens; and broken ones."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache

import mpmath
import numpy as np
import pytest
import sympy
from flint import arb, ctx, fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mpf

from numerics import CavityCharger, SpinCharger, certified, dicke, thermal
from numerics.certified import evolution
from numerics.certified import weighted_states as ensembles
from numerics.certified.evolution import residual_bound, series
from numerics.certified.exact import ball, dyadic, exact, exact_problem, working
from numerics.certified.matrices import Matrix
from numerics.certified.weighted_states import ensemble, weights
from tests.systems import oracle, taylor

UNITS = (1, mpmath.mpc(0, -1), -1, mpmath.mpc(0, 1))
CHAIN = SpinCharger(12, 12, coupling="1/3")
GRID = SpinCharger(4, 4, coupling="1/3", anisotropy="2/7", charger_frequency="6/5")


def error_of_series(coefficients, bits, z, points=25):
    """The largest error as e^(−izx) at Chebyshev points, to many digits."""
    with mpmath.workdps(120):
        angle = mpf(z.numerator) / z.denominator
        worst = mpf(0)
        for i in range(points):
            theta = mpmath.pi * i / (points - 1)
            total = mpmath.fsum(
                UNITS[n % 4] * c * mpmath.cos(n * theta) for n, c in enumerate(coefficients)
            )
            exact = mpmath.expj(-angle * mpmath.cos(theta))
            worst = max(worst, abs(total / mpf(2) ** bits - exact))
        return Fraction(*map(int, mpmath.libmp.to_rational(worst._mpf_)))


ANGLES = [Fraction(1, 10**40), Fraction(1, 3), Fraction(7), Fraction(801, 10), Fraction(1000, 3)]


@pytest.mark.parametrize("z", ANGLES, ids=float)
@pytest.mark.parametrize("bits", [53, 200])
def test_remainder_of_the_series(z, bits):
    made = series(z, bits)
    assert made.remainder < Fraction(2, 2**bits)
    assert made.coefficients[-1] != 0
    assert error_of_series(made.coefficients, made.bits, z) <= made.remainder


@settings(max_examples=60)
@given(
    st.fractions(min_value=Fraction(1, 50), max_value=20, max_denominator=50),
    st.lists(st.integers(-(2**30), 2**30), min_size=3, max_size=3),
    st.integers(1, 30),
)
def test_remainder_of_any_coefficients(z, changes, length):
    """The residual bounds the error of a series whose coefficients are anything at all."""
    bits = 60
    good = series(z, bits)
    values = [good.coefficients[0], *(c // 2 for c in good.coefficients[1:])][:length]
    for n, change in enumerate(changes):
        if n < len(values):
            values[n] += change << (good.bits - bits)
    bound = residual_bound(values, good.bits, z)
    coefficients = [values[0], *(2 * v for v in values[1:])]
    assert error_of_series(coefficients, good.bits, z) <= bound


def test_coefficients_are_bessel_functions():
    z = Fraction(801, 10)
    made = series(z, 200)
    with ctx.workprec(260):
        for n in (0, 1, 40, 80, 100):
            truth = (1 if n == 0 else 2) * (arb(801) / 10).bessel_j(n)
            error = abs(arb(made.coefficients[n]) / 2**made.bits - truth)
            assert error < arb(2) ** -199


@cache
def _truth(model, time):
    return taylor.energy(model, time, digits=90)


def _short_series(monkeypatch, by=24, owned=False):
    """Terms are left out, which the remainder owns up to or not."""

    def short(z, bits):
        made = series(z, bits)
        made = replace(made, coefficients=made.coefficients[:-by])
        values = [made.coefficients[0], *(c // 2 for c in made.coefficients[1:])]
        return replace(made, remainder=residual_bound(values, made.bits, z)) if owned else made

    monkeypatch.setattr(evolution, "series", short)


def _coarse_steps(monkeypatch):
    """A recurrence that loses its last 20 bits and does not say so."""
    step = evolution._Product.step
    monkeypatch.setattr(
        evolution._Product, "step", lambda *given: [x >> 20 << 20 for x in step(*given)]
    )


def _another_hop(monkeypatch):
    """A matrix one of whose hops is off by 1e-45, unseen by its error."""
    build = ensembles.matrix

    def broken(*arguments):
        built = build(*arguments)
        (i, j, element), *others = built.hops
        return replace(built, hops=((i, j, element + element // 10**45), *others))

    monkeypatch.setattr(ensembles, "matrix", broken)


MODELS = pytest.mark.parametrize("model", [CHAIN, GRID], ids=["chain", "grid"])


@MODELS
@pytest.mark.parametrize("broken", [_short_series, _coarse_steps, _another_hop])
def test_broken_bounds_are_found(monkeypatch, model, broken):
    """The ball misses the truth."""
    assert certified.energy(model, 3).contains(_truth(model, 3))
    broken(monkeypatch)
    assert not certified.energy(model, 3).contains(_truth(model, 3))


def test_a_remainder_that_owns_up_is_believed(monkeypatch):
    """Terms left out, with the residual of what is left: a wide ball with the truth."""
    honest = certified.energy(CHAIN, 1, 5)
    _short_series(monkeypatch, 12, owned=True)
    found = certified.energy(CHAIN, 1, 5)
    assert found.contains(_truth(CHAIN, 1))
    assert found.remainder > 100 * honest.remainder


def _moved(model, state, time, bits):
    with working(bits):
        made = ensemble(exact_problem(model, state), bits, Fraction(time), arb(0))
        (_, walker), = made.at(Fraction(time)).walkers  # fmt: skip
        return walker


def _distance(coarse, fine):
    """The distance of two states with other numbers of bits."""
    with mpmath.workdps(150):
        units = (mpf(2) ** -walker.matrix.bits for walker in (coarse, fine))
        states = [
            [x * unit for x in (*walker.real, *walker.imaginary)]
            for walker, unit in zip((coarse, fine), units, strict=True)
        ]
        return mpmath.sqrt(mpmath.fsum((a - b) ** 2 for a, b in zip(*states, strict=True)))


@MODELS
@pytest.mark.parametrize("time", ["1/9", 1, 20])
def test_errors_of_the_state_are_bounded_and_not_by_much_too_much(model, time):
    coarse, fine = (_moved(model, dicke(0, model.chargers), time, bits) for bits in (60, 300))
    bound = mpf(float(coarse.errors.total))
    assert bound / 10**8 < _distance(coarse, fine) <= bound


def test_steps_add_their_errors():
    """Many steps end in the same state, with a larger bound; and so does the way back."""
    whole, start = (_moved(CHAIN, dicke(0, 12), time, 100) for time in (2, 0))
    walker = start
    with working(100):
        for n in range(1, 21):
            walker = walker.at(Fraction(n, 10))
        back = walker.at(Fraction(0))
    assert _distance(whole, walker) <= float(whole.errors.total) + float(walker.errors.total)
    assert walker.time == whole.time
    assert _distance(back, start) <= float(back.errors.total)


def test_norms_of_the_state_and_of_the_scaled_matrix():
    walker = _moved(GRID, dicke(1, 3), 7, 200)
    norm = sum(a * a for a in (*walker.real, *walker.imaginary))
    assert abs(Fraction(norm, 2**400) - 1) <= 3 * dyadic(walker.errors.total)
    assert max(sum(map(abs, row.values())) for row in walker.matrix.rows) <= 2**200


@pytest.mark.parametrize("longitudinal", [0, 100])
def test_norms_of_what_is_left_out(longitudinal):
    """At least those of the commutators with all of H, on every pair of irreps."""
    model = SpinCharger(2, 3, anisotropy="1/2", longitudinal=longitudinal, charger_longitudinal=1)
    start = thermal(charger_population="3/5")
    left = ensemble(exact_problem(model, start), 60, Fraction(1), arb("1e-2"))
    assert left.dropped != 0
    h, k = oracle.hamiltonian(model).real, np.repeat(oracle._cells_up(model), 2**3)
    nested = np.diag(k.astype(float))
    for bound in left.beyond:
        nested = h @ nested - nested @ h
        assert np.linalg.norm(nested, 2) <= float(bound.upper())


def test_the_scale_is_half_the_width_of_the_spectrum_and_little_more():
    matrix = _moved(replace(GRID, charger_crosstalk=5), dicke(0, 4), 0, 60).matrix
    dense = np.diag(np.array(matrix.diagonal, dtype=float))
    for i, j, element in matrix.hops:
        dense[i, j] = dense[j, i] = element
    half = np.ptp(np.linalg.eigvalsh(dense)) / 2**61
    assert 0.7 < half <= 1


@MODELS
def test_derivatives_are_those_of_the_energy(model):
    """E' and E'' against Taylor's formula between two nearby enclosures, with the bound of E'''."""
    start, time, h = dicke(0, model.chargers), Fraction(3, 4), Fraction(1, 10**12)
    with working(300):
        made = ensemble(exact_problem(model, start), 300, time, arb(0))
        here, after, before = (made.at(t) for t in (time, time + h, time - h))
        (rise, curvature), (_, _, third), step = here.slopes(), made.bounds(), ball(h)
        low, middle, high = (e.energy()[0] for e in (before, here, after))
        assert abs((high - low) / (2 * step) - rise) <= third * step**2
        assert abs((high - 2 * middle + low) / step**2 - curvature) <= third * step
        assert max(rise.rad(), curvature.rad()) < arb(2) ** -200


@MODELS
def test_bounds_of_the_derivatives_hold_and_are_near(model):
    with working(120):
        made = ensemble(exact_problem(model, dicke(0, model.chargers)), 120, Fraction(0), arb(0))
        *bounds, third = made.bounds()
        assert third > 0
        every = [[abs(x) for x in made.at(Fraction(n, 10)).slopes()] for n in range(60)]
        for bound, seen, factor in zip(bounds, zip(*every, strict=True), (20, 50), strict=True):
            assert all(x <= bound for x in seen)
            assert float(bound) < factor * max(map(float, seen))


def test_hops_are_within_the_error_of_the_matrix():
    """Row by row against the exact square roots of another library."""
    built: Matrix = _moved(SpinCharger(5, 7, coupling="1/3"), dicke(0, 7), 0, 80).matrix
    with mpmath.workdps(80):
        scale = mpf(built.scale.numerator) / built.scale.denominator / mpf(2) ** 80
        errors = [mpf(0)] * built.size
        for i, j, element in built.hops:
            k = built.levels[i]
            truth = mpmath.sqrt((k + 1) * (5 - k) * (7 - k) * (k + 1)) / 3
            errors[i] += abs(truth - element * scale)
            errors[j] += abs(truth - element * scale)
        bound = dyadic(built.error)
        assert 0 < max(errors) <= mpf(bound.numerator) / bound.denominator


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("1/3", (1, 3)), (Decimal("0.1"), (1, 10)), (sympy.Rational(2, 7), (2, 7)),
        (np.int64(-3), (-3,)), (fmpz(5), (5,)), (sympy.Integer(3), (3,)),
        (mpf("0.1"), mpmath.libmp.to_rational(mpf("0.1")._mpf_)), (mpf("0.5"), (1, 2)),
    ],
)  # fmt: skip
def test_an_exact_number_is_not_rounded(value, truth):
    assert exact("time", value) == fmpq(*map(int, truth))


@pytest.mark.parametrize("value", [0.1, np.float32(0.1), np.float64(0.1), sympy.Float("0.1")])
def test_floats_are_their_binary_values_when_asked_for(value):
    assert exact("time", value, floats=True) == fmpq(*float(value).as_integer_ratio())
    assert exact("time", value, floats=True) != fmpq(1, 10)


@pytest.mark.parametrize("model", [SpinCharger(2, 3), CavityCharger(2)], ids=["spins", "cavity"])
def test_what_is_dropped_of_a_mixture_is_missed(model):
    """Even where a single entry is all that is left of a side."""
    rare = Fraction(1, 10**6)
    charger = {} if isinstance(model, CavityCharger) else {"charger_population": 1 - rare}
    state = thermal(cell_population=rare, **charger)
    with working(100):
        kept = weights(exact_problem(model, state), arb(10) ** -5)
        assert len(kept.sectors) == 1
        whole = weights(exact_problem(model, state), arb(0))
        there, left = (
            sum((w for starts in every.sectors.values() for w in starts.values()), arb(0))
            for every in (whole, kept)
        )
        lost = there - left
        assert lost > arb(10) ** -7
        assert kept.dropped >= lost.lower()
        assert kept.dropped < lost * 1.0001
        assert whole.dropped < arb(10) ** -25
        pure = weights(exact_problem(model, thermal(cell_population=0)), arb(0))
        assert pure.dropped == 0
