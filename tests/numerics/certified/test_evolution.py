"""The bounds behind the digits, one by one, each against what really happens; and broken ones."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

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
from numerics.certified.evolution import Series, residual_bound, series
from numerics.certified.exact import dyadic, exact, exact_problem, working
from numerics.certified.matrices import Matrix
from numerics.certified.weighted_states import ensemble, weights
from tests.systems import taylor

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


def _shorter(by: int):
    """A series without its last ``by`` terms that claims the remainder of the whole one."""

    def broken(z: Fraction, bits: int) -> Series:
        made = series(z, bits)
        return replace(made, coefficients=made.coefficients[:-by])

    return broken


def test_a_broken_remainder_is_found(monkeypatch):
    """Terms left out that the remainder does not own up to: the ball misses the truth."""
    truth = taylor.energy(CHAIN, 1, digits=90)
    assert certified.energy(CHAIN, 1).contains(truth)
    monkeypatch.setattr(evolution, "series", _shorter(12))
    assert not certified.energy(CHAIN, 1).contains(truth)


def test_a_remainder_that_owns_up_is_believed(monkeypatch):
    """The same terms left out, with the residual of what is left: a wide ball with the truth."""

    def short(z: Fraction, bits: int) -> Series:
        made = _shorter(12)(z, bits)
        values = [made.coefficients[0], *(c // 2 for c in made.coefficients[1:])]
        return replace(made, remainder=residual_bound(values, made.bits, z))

    truth = taylor.energy(CHAIN, 1, digits=90)
    honest = certified.energy(CHAIN, 1, 5)
    monkeypatch.setattr(evolution, "series", short)
    found = certified.energy(CHAIN, 1, 5)
    assert found.contains(truth)
    assert found.remainder > 100 * honest.remainder


def _coarser(step):
    """A recurrence that loses its last 20 bits and does not say so."""

    def broken(self, v, old, bits):
        return [x >> 20 << 20 for x in step(self, v, old, bits)]

    return broken


def _other_hop(build):
    """A matrix one of whose hops is off by 1e-45, unseen by its error."""

    def broken(*arguments):
        built = build(*arguments)
        (i, j, element), *others = built.hops
        return replace(built, hops=((i, j, element + element // 10**45), *others))

    return broken


@pytest.mark.parametrize("model", [CHAIN, GRID], ids=["chain", "grid"])
@pytest.mark.parametrize("broken", ["rounding", "hop"])
def test_other_broken_bounds_are_found(monkeypatch, model, broken):
    truth = taylor.energy(model, 3, digits=90)
    assert certified.energy(model, 3).contains(truth)
    if broken == "rounding":
        step = _coarser(evolution._Product.step)
        monkeypatch.setattr(evolution._Product, "step", step)
    else:
        monkeypatch.setattr(ensembles, "matrix", _other_hop(ensembles.matrix))
    assert not certified.energy(model, 3).contains(truth)


def _moved(model, state, time, bits):
    with working(bits):
        made = ensemble(exact_problem(model, state), bits, time, arb(0)).at(time)
        (_, walker), = made.walkers  # fmt: skip
        return walker


def _distance(coarse, fine):
    """The distance of two states with other numbers of bits."""
    with mpmath.workdps(150):
        square = mpf(0)
        for part in ("real", "imaginary"):
            for a, b in zip(getattr(coarse, part), getattr(fine, part), strict=True):
                difference = mpf(a) / mpf(2) ** coarse.matrix.bits - mpf(b) / mpf(2) ** (
                    fine.matrix.bits
                )
                square += difference**2
        return mpmath.sqrt(square)


@pytest.mark.parametrize("model", [CHAIN, GRID], ids=["chain", "grid"])
@pytest.mark.parametrize("time", ["1/9", 1, 20])
def test_errors_of_the_state_are_bounded_and_not_by_much_too_much(model, time):
    when = Fraction(time)
    coarse = _moved(model, dicke(0, model.chargers), when, 60)
    fine = _moved(model, dicke(0, model.chargers), when, 300)
    bound = mpf(float(coarse.errors.total))
    distance = _distance(coarse, fine)
    assert distance <= bound
    assert distance > bound / 10**8


def test_steps_add_their_errors():
    """Many steps end in the same state, with a larger bound."""
    whole = _moved(CHAIN, dicke(0, 12), Fraction(2), 100)
    with working(100):
        walker = _moved(CHAIN, dicke(0, 12), Fraction(0), 100)
        for n in range(1, 21):
            walker = walker.at(Fraction(n, 10))
    assert _distance(whole, walker) <= float(whole.errors.total) + float(walker.errors.total)
    assert walker.time == whole.time
    with working(100):
        back = walker.at(Fraction(0))
    assert _distance(back, _moved(CHAIN, dicke(0, 12), Fraction(0), 100)) <= float(
        back.errors.total
    )


def test_the_norm_is_that_of_a_state():
    walker = _moved(GRID, dicke(1, 3), Fraction(7), 200)
    norm = sum(a * a for a in (*walker.real, *walker.imaginary))
    assert abs(Fraction(norm, 2**400) - 1) <= 3 * dyadic(walker.errors.total)


@pytest.mark.parametrize("model", [CHAIN, GRID], ids=["chain", "grid"])
def test_derivatives_are_those_of_the_energy(model):
    """E' and E'' against Taylor's formula between two nearby enclosures, with the bound of E'''."""
    start, time, h = dicke(0, model.chargers), Fraction(3, 4), Fraction(1, 10**12)
    with working(300):
        made = ensemble(exact_problem(model, start), 300, time, arb(0))
        here, after, before = (made.at(t) for t in (time, time + h, time - h))
        rise, max_second_derivative = here.slopes()
        _, _, third = made.bounds()
        step = arb(h.numerator) / h.denominator
        energies = [e.energy()[0] for e in (before, here, after)]
        slope = (energies[2] - energies[0]) / (2 * step)
        assert abs(slope - rise) <= third * step**2
        curvature = (energies[2] - 2 * energies[1] + energies[0]) / step**2
        assert abs(curvature - max_second_derivative) <= third * step
        assert rise.rad() < arb(2) ** -200
        assert max_second_derivative.rad() < arb(2) ** -200


@pytest.mark.parametrize("model", [CHAIN, GRID], ids=["chain", "grid"])
def test_bounds_of_the_derivatives_hold_and_are_near(model):
    with working(120):
        made = ensemble(exact_problem(model, dicke(0, model.chargers)), 120, Fraction(0), arb(0))
        first, second, third = made.bounds()
        largest = [0.0, 0.0]
        for n in range(60):
            made = made.at(Fraction(n, 10))
            rise, max_second_derivative = made.slopes()
            assert abs(rise) <= first
            assert abs(max_second_derivative) <= second
            largest = [
                max(largest[0], abs(float(rise))),
                max(largest[1], abs(float(max_second_derivative))),
            ]
        assert float(first) < 20 * largest[0]
        assert float(second) < 50 * largest[1]
        assert third > 0


def test_the_norm_of_the_scaled_matrix_is_proven():
    walker = _moved(GRID, dicke(0, 4), Fraction(0), 80)
    rows = walker.matrix.rows
    assert max(sum(map(abs, row.values())) for row in rows) <= 2**80


def test_hops_are_within_the_error_of_the_matrix():
    """Row by row against the exact square roots of another library."""
    built: Matrix = _moved(SpinCharger(5, 7, coupling="1/3"), dicke(0, 7), Fraction(0), 80).matrix
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


def test_an_exact_number_is_not_rounded():
    tenth = mpf("0.1")
    for value, truth in [
        ("1/3", fmpq(1, 3)),
        (Decimal("0.1"), fmpq(1, 10)),
        (tenth, fmpq(*map(int, mpmath.libmp.to_rational(tenth._mpf_)))),
        (sympy.Rational(2, 7), fmpq(2, 7)),
        (np.int64(-3), fmpq(-3)),
        (fmpz(5), fmpq(5)),
    ]:
        assert exact("time", value) == truth
    assert exact("time", 0.1, floats=True) == fmpq(*(0.1).as_integer_ratio())
    assert exact("time", 0.1, floats=True) != fmpq(1, 10)


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
        lost = sum((w for starts in whole.sectors.values() for w in starts.values()), arb(0)) - sum(
            (w for starts in kept.sectors.values() for w in starts.values()), arb(0)
        )
        assert lost > arb(10) ** -7
        assert kept.dropped >= lost.lower()
        assert kept.dropped < lost * 1.0001
        assert whole.dropped < arb(10) ** -25
        pure = weights(exact_problem(model, thermal(cell_population=0)), arb(0))
        assert pure.dropped == 0
