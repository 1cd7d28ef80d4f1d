"""The series in time: against closed forms, brute force, numerics, and symmetries of H."""

import random
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from math import comb, factorial

import mpmath
import numpy as np
import pytest
from sympy import Integer, Poly, Rational, Symbol, cancel, exp, expand, sin, sqrt, sympify
from sympy.polys.rings import PolyElement

import symbattery
from symbattery import CavityCharger, SpinCharger, dicke, fock, mixture, product, solve, thermal
from symbattery.limits.short_times import short_times
from symbattery.model.exact_model import substituted
from symbattery.symbols import M, N, g, g_1, g_2, gamma, m, n, omega_0, omega_C, p_1, t
from tests.systems import oracle, taylor

ALL = (None, None, gamma, omega_C, g_1, g_2)
EVERYTHING = SpinCharger(M, N, *ALL)
beta = Symbol("beta", real=True)
bare = Symbol("y")


@pytest.fixture(scope="module")
def everything():
    return short_times(EVERYTHING, dicke(0, m))


def put(expansion, values):
    exact = {symbol: sympify(value) for symbol, value in values.items()}
    return {p: c.xreplace(exact) for p, c in expansion.coefficients.items()}


def same(ours, others):
    assert ours.keys() == others.keys()
    return all(expand(ours[p] - others[p]) == 0 for p in ours)


# Closed forms

CLOSED = {
    "one cell, m": (lambda: symbattery.single_cell(excited_chargers=m), 12),
    "one cell, detuned": (lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)), 8),
    "one cell, gamma": (lambda: symbattery.single_cell(1, anisotropy=gamma), 12),
    "two cells": (symbattery.two_cells, 12),
    "two cells, m": (lambda: symbattery.two_cells(excited_chargers=m), 8),
    "thermal charger": (symbattery.thermal_charger, 12),
    "four thermal spins": (lambda: symbattery.thermal_charger(chargers=4, thermal=4), 6),
    "two photons": (lambda: solve(CavityCharger(2)), 16),
    "n photons": (lambda: solve(CavityCharger(2), fock(n)), 12),
    "emission": (lambda: solve(CavityCharger(2), fock(0, excited_cells=2)), 12),
    "a flipped cell": (lambda: solve(SpinCharger(2, 4), product([1, 0], [1] * 4)), 12),
    "inside the chain": (lambda: solve(SpinCharger(2, 4), dicke(1, 3)), 12),
    "hot spin": (lambda: solve(SpinCharger(1, 1), thermal(charger_inverse_temperature=beta)), 8),
    "numbers": (lambda: solve(SpinCharger(2, 3, coupling=0.1, frequency=sqrt(2))), 20),
}


@pytest.mark.parametrize("name", CLOSED)
def test_series_of_a_closed_form(name):
    derive, order = CLOSED[name]
    solution = derive()
    expansion = short_times(solution.model, solution.initial, order)
    series = solution.energy.series(t, 0, order + 2).removeO().subs(solution.definitions)
    assert list(expansion.coefficients) == list(range(2, order + 1, 2))
    assert cancel(series.expand() - expansion.expression.expand()) == 0


def test_a_mixture_is_the_mean_of_its_parts():
    model = SpinCharger(M, N, anisotropy=gamma)
    parts = [(p_1, dicke(0, m)), (1 - p_1, dicke(1, N))]
    mixed = short_times(model, mixture(parts), 6).coefficients
    pure = [short_times(model, state, 6).coefficients for _, state in parts]
    means = {p: p_1 * pure[0][p] + (1 - p_1) * pure[1][p] for p in mixed}
    assert same(mixed, means)


# Brute force: all 2^(M+N) states, in exact fractions


def brute_force(model, initial, order):
    """The coefficients from nested commutators on product states, in rational arithmetic."""
    terms = [
        (Fraction(coefficient), matrix.real.astype(int).astype(object))
        for coefficient, matrix in oracle.terms(model, mpmath.fp)
    ]
    hamiltonian = sum(coefficient * matrix for coefficient, matrix in terms)
    battery = terms[0][0] * terms[0][1].diagonal()
    total = dict.fromkeys(range(2, order + 1, 2), Fraction(0))
    for weight, vector in oracle.start(model, initial)[0]:
        v = [vector.astype(int).astype(object)]
        for _ in range(order):
            v.append(hamiltonian @ v[-1])
        for p in total:
            signs = ((-1) ** (p // 2 + n) * comb(p, n) for n in range(p + 1))
            mean = sum(c * (v[n] @ (battery * v[p - n])) for n, c in enumerate(signs))
            total[p] += Fraction(weight).limit_denominator(10**4) * mean / factorial(p)
    return total


STARTS = [
    (1, 1, None),
    (2, 3, None),
    (3, 2, dicke(0, 1)),
    (2, 3, dicke(1, 2)),
    (3, 2, dicke(3, 0)),
    (2, 2, product([0, 0.5], [1, 0.25])),
    (1, 3, thermal(charger_population=0.5)),
    (2, 2, mixture([(0.5, dicke(0, 2)), (0.25, dicke(0, 1)), (0.25, dicke(2, 0))])),
]


@pytest.mark.parametrize(("cells", "chargers", "initial"), STARTS, ids=str)
def test_brute_force_has_the_same_coefficients(cells, chargers, initial):
    own = (-0.375, 0.875, 0.25, -0.5, 0.125)
    model = SpinCharger(cells, chargers, 0.75, 1.5, -0.25, 0.625, *own)
    ours = short_times(model, initial, 8).coefficients
    assert ours == brute_force(model, initial, 8)


# Numerics


def drawn(source):
    """Random sizes up to 8, and couplings and frequencies that are fractions."""
    chargers = source.randint(1, 8)
    sizes = {M: source.randint(1, 8), N: chargers, m: source.randint(0, chargers)}
    fractions = {s: Rational(source.randint(1, 64), 32) for s in (g, omega_0, omega_C)}
    signed = {s: Rational(source.randint(-64, 64), 32) for s in (g_1, g_2)}
    return sizes | fractions | signed | {gamma: Rational(source.randint(0, 32), 32)}


@pytest.mark.parametrize("seed", range(6))
def test_what_is_left_out_scales_as_the_next_order(seed, everything):
    values = drawn(random.Random(seed))
    open_fields = replace(EVERYTHING, coupling=g, frequency=omega_0)
    model, initial = substituted(open_fields, values), dicke(0, values[m])
    series = sum(c * t**p for p, c in put(everything, values).items())
    late, early = Rational(1, 10**4), Rational(1, 2 * 10**4)
    with mpmath.workdps(80):
        left_out = [
            taylor.energy(model, time, initial, digits=70)
            - mpmath.mpf(series.subs(t, time).p) / series.subs(t, time).q
            for time in (late, early)
        ]
        assert abs(left_out[0]) > mpmath.mpf(10) ** -60
        assert abs(left_out[0] / left_out[1] / 2**everything.remainder_order - 1) < 1e-4


@pytest.mark.parametrize("photons", [0, 1, 4])
def test_cavity_with_anisotropy(photons):
    """Against an evolution with a photon cutoff that is raised until nothing changes."""
    model = CavityCharger(M, anisotropy=gamma, charger_frequency=omega_C, cell_crosstalk=g_2)
    values = {M: 3, g: 1, omega_0: 1, n: photons, gamma: Rational(1, 3), g_2: Rational(1, 5)}
    values |= {omega_C: Rational(3, 4)}
    expansion = short_times(model, fock(n), 8)
    numeric = CavityCharger(3, 1, 1, Rational(1, 3), Rational(3, 4), Rational(1, 5))
    assert same(put(expansion, values), short_times(numeric, fock(photons), 8).coefficients)
    series = short_times(numeric, fock(photons), 16).expression
    time = Rational(1, 1000)
    with mpmath.workdps(60):
        exact = taylor.energy(numeric, time, fock(photons), digits=50)
        value = series.subs(t, time)
        assert abs(exact - mpmath.mpf(value.p) / value.q) < mpmath.mpf(10) ** -42


# What H implies


def test_author_form():
    """The squared elements of the two moves that H makes, each times the energy it stores."""
    second = g**2 * omega_0 * M * (m * (N - m + 1) + gamma**2 * (m + 1) * (N - m))
    assert short_times(EVERYTHING, dicke(0, m), 2).coefficients == {2: second}
    all_up = short_times(SpinCharger(M, N), order=6).coefficients
    assert all_up[2] == M * N * g**2 * omega_0
    assert all_up[4] == M * N * g**4 * omega_0 * (M * N - 2 * M - 2 * N + 2) / 3
    # What all terms share stands in front, once, and ω₀ - ω_C stays together.
    delta, own, other = omega_0 - omega_C, g_1 * (N - 1), g_2 * (M - 1)
    bracket = (
        delta**2 + 4 * own * delta + 4 * other * delta + 4 * own**2 + 8 * own * other + 4 * other**2
        - 4 * g**2 * (M * N - 2 * M - 2 * N + 2)
    )  # fmt: skip
    fourth = short_times(replace(EVERYTHING, anisotropy=0), order=4).coefficients[4]
    assert fourth == -M * N * g**2 * omega_0 * bracket / 12


@pytest.mark.parametrize("order", [4, 8, 12])
def test_sizes_are_factored(order):
    """The first rungs stand in front; sums lead with a positive power of M."""
    factors = short_times(SpinCharger(M, N), dicke(0, m), order).coefficients[order].args
    assert {M, m, N - m + 1, g**order, omega_0} <= set(factors)
    (long,) = (f for f in factors if f.is_Add and f != N - m + 1)
    assert Poly(long, M, N, m).LC() > 0


def test_what_changes_places(everything):
    """Filling from the bottom and emptying from the top are one motion: M ↔ N with m = N, γ = 0.

    With c → N - c an exchange is a pair creation: m → N - m, γ → 1/γ, ω_C → -ω_C.
    """
    all_up = {m: N, gamma: 0}
    swapped = all_up | {N: M, M: N, g_1: g_2, g_2: g_1, m: M}
    assert same(put(everything, all_up), put(everything, swapped))
    expansion = short_times(EVERYTHING, dicke(0, m), 6)
    flip = {m: N - m, g: g * gamma, gamma: 1 / gamma, omega_C: -omega_C}
    assert same(put(expansion, {}), put(expansion, flip))


@pytest.mark.parametrize("excited", [0, 2, 5])
def test_flipping_every_spin_discharges(excited):
    """Full cells lose what empty cells gain; -H is the flipped H of opposite crosstalk."""
    model = SpinCharger(3, 5, *ALL)
    gain = short_times(model, dicke(0, excited), 8)
    loss = short_times(model, dicke(3, 5 - excited), 8)
    opposite = put(gain, {g_1: -g_1, g_2: -g_2})
    assert same(put(loss, {}), {p: -c for p, c in opposite.items()})


@pytest.mark.parametrize("cells", [1, 2, 5])
def test_numbers_put_in_before_or_after(cells, everything):
    """A number of cells ends the lattice; a symbol lets the polynomials vanish."""
    model = SpinCharger(cells, 3, *ALL)
    early = short_times(model, dicke(0, 2))
    late = put(everything, {M: cells, N: 3, m: 2})
    assert same(put(early, {}), late)


def test_dark_starts_store_nothing():
    dark = short_times(SpinCharger(M, N), dicke(0, 0), 6)
    assert set(dark.coefficients.values()) == {0}
    assert dark.expression == dark.power == 0
    assert str(dark) == "O(t**8)"
    assert short_times(SpinCharger(M, N, coupling=0), order=4).expression == 0


# The object


def test_expression_power_and_text():
    expansion = short_times(SpinCharger(1, 1), order=6)
    taylor = sin(g * t) ** 2
    assert expansion.expression == expand(omega_0 * taylor.series(t, 0, 8).removeO())
    assert expand(expansion.power * t - expansion.expression) == 0
    assert expansion.order == 6
    assert expansion.remainder_order == 8
    assert str(expansion) == (
        "g**2*omega_0*t**2\n- g**4*omega_0*t**4/3\n+ 2*g**6*omega_0*t**6/45\n+ O(t**8)"
    )
    assert expansion.latex() == (
        r"g^{2} t^{2} \omega_{0} - \frac{\omega_{0}}{3} g^{4} t^{4}"
        r" + \frac{2}{45} g^{6} t^{6} \omega_{0} + \mathcal{O}\left(t^{8}\right)"
    )
    assert expansion._repr_latex_().startswith(r"$\displaystyle g^{2}")


@pytest.mark.parametrize("coupling", [g / sqrt(N), g + g_1**2, Rational(-3, 7), sqrt(2)])
def test_couplings_that_are_no_symbols(coupling):
    plain = put(short_times(EVERYTHING, order=6), {g: coupling})
    assert same(short_times(replace(EVERYTHING, coupling=coupling), order=6).coefficients, plain)


def test_boltzmann_factors_stay_whole():
    hot = short_times(SpinCharger(2, 2), thermal(charger_inverse_temperature=beta), 4)
    population = 1 / (exp(beta * omega_0) + 1)
    assert hot.coefficients[2] == 4 * g**2 * omega_0 * population
    assert hot.coefficients[4] == 8 * g**4 * omega_0 * population * (population - 2) / 3


# Work, counted: products of monomials, at most

NO_CROSSTALK = SpinCharger(M, N, anisotropy=gamma, charger_frequency=omega_C)

WORK = {
    "everything, t⁴": (EVERYTHING, dicke(0, m), 4, 1_200),
    "everything, t⁶": (EVERYTHING, dicke(0, m), 6, 20_000),
    "everything, t⁸": (EVERYTHING, dicke(0, m), 8, 270_000),
    "no crosstalk, t⁸": (NO_CROSSTALK, dicke(0, m), 8, 60_000),
    "chain, t⁸": (SpinCharger(M, N), dicke(0, m), 8, 5_000),
    "chain, t¹²": (SpinCharger(M, N), dicke(0, m), 12, 48_000),
    "all up, t¹²": (SpinCharger(M, N), None, 12, 3_400),
    "numbers, t⁴⁰": (SpinCharger(3, 4, anisotropy=0.25), None, 40, 49_000),
}


@pytest.mark.parametrize("name", WORK)
def test_work(name, monkeypatch):
    model, initial, order, most = WORK[name]
    done = Counter()
    multiply = PolyElement.__mul__

    def counted(one, other):
        done["products"] += len(one) * (len(other) if isinstance(other, PolyElement) else 1)
        return multiply(one, other)

    monkeypatch.setattr(PolyElement, "__mul__", counted)
    short_times(model, initial, order)
    assert most / 2 < done["products"] <= most


@pytest.mark.parametrize(("order", "terms"), [(4, 15), (6, 42), (8, 90), (10, 165), (12, 273)])
def test_terms_of_the_chain(order, terms):
    last = short_times(SpinCharger(M, N), dicke(0, m), order).coefficients[order]
    assert len(expand(last).args) == terms


def test_orders_of_other_kinds():
    orders = [short_times(SpinCharger(2, 2), order=o).order for o in (Integer(4), np.int64(4))]
    assert orders == [4, 4]
    assert type(orders[1]) is int


def test_any_number_of_empty_cells_beside_a_thermal_charger():
    hot = thermal(charger_population=p_1)
    general = short_times(SpinCharger(M, 2), hot, order=6).expression
    for cells in (1, 2, 3):
        single = short_times(SpinCharger(cells, 2), hot, order=6).expression
        assert (general.subs(M, cells) - single).expand() == 0
