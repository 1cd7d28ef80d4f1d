"""Thermal and coherent cavities: sums over the number of photons that do not end."""

from functools import cache

import mpmath
import numpy as np
import pytest
from sympy import Rational, Sum, Symbol, exp, factorial, sin, sqrt

import numerics
from numerics import squeezed
from symbattery import (
    CavityCharger,
    InvalidArgument,
    UnsolvedError,
    coherent,
    fock,
    from_json,
    mixture,
    solve,
    thermal,
    to_json,
)
from symbattery.core.finite_sums import Endless
from symbattery.symbols import g, g_2, omega_0, omega_C, t

beta, alpha, mean = (Symbol(name, positive=True) for name in ("beta", "alpha", "nbar"))
TIMES = np.array([0.0, 0.3, 1.7, 6.0])
STARTS = {
    "thermal": (thermal(charger_inverse_temperature=beta), "charger_inverse_temperature", 0.4),
    "coherent": (coherent(alpha), "displacement", 2.5),
}
LINEAR = ("energy", "power", "energy_variance", "instantaneous_power", "power_variance")
CASES = [(1, "thermal"), (1, "coherent"), (2, "thermal"), (2, "coherent"), (3, "coherent")]


@cache
def solved(cells, start):
    return solve(CavityCharger(cells), STARTS[start][0])


@pytest.mark.parametrize(("cells", "start"), CASES)
def test_every_row_is_that_of_the_numerics(cells, start):
    s, (_, name, value) = solved(cells, start), STARTS[start]
    number = (
        numerics.coherent(value)
        if start == "coherent"
        else numerics.thermal(charger_inverse_temperature=value)
    )
    charged = numerics.charge(numerics.CavityCharger(cells), number)
    rows = LINEAR if start == "coherent" else (*LINEAR, "ergotropy", "entropy")
    for row in rows:
        found = s.function(row)(TIMES, **{name: value})
        assert found == pytest.approx(getattr(charged, row)(TIMES), rel=1e-11, abs=2e-14), row
    for k in range(cells + 1):
        found = s.function(f"p{k}")(TIMES, **{name: value})
        assert found == pytest.approx(charged.populations(TIMES)[:, k], abs=1e-14)


@pytest.mark.parametrize(("cells", "start"), CASES[:2])
def test_many_digits_are_those_of_the_sum(cells, start):
    _, name, value = STARTS[start]
    f = solved(cells, start).function("energy", "mpmath")
    with mpmath.workdps(40):
        x, time = mpmath.mpf(value), mpmath.mpf("0.7")

        def probability(k):
            if start == "thermal":
                return (1 - mpmath.exp(-x)) * mpmath.exp(-k * x)
            return mpmath.exp(-(x**2)) * x ** (2 * k) / mpmath.factorial(k)

        terms = (probability(k) * mpmath.sin(mpmath.sqrt(k) * time) ** 2 for k in range(1, 400))
        expected = mpmath.fsum(terms)
        assert abs(f(time, **{name: x}) / expected - 1) < mpmath.mpf(10) ** -38


def test_one_cell_as_an_author_writes_it():
    s = solved(1, "coherent")
    (total,) = s.energy.atoms(Sum)
    (index, first, last) = total.limits[0]
    assert total.function == alpha ** (2 * index) / factorial(index) * sin(sqrt(index) * g * t) ** 2
    assert (s.energy / total, first) == (omega_0 * exp(-(alpha**2)), 1)
    assert isinstance(last, Endless)
    assert s.latex() == (
        r"\omega_{0} e^{- \alpha^{2}} \sum_{n=1}^{\infty} \frac{1}{n!} \alpha^{2 n} "
        r"\sin^{2}{\left(\sqrt{n} g t \right)}"
    )
    assert r"\sum_{n=1}^{\infty} e^{- n \beta \omega_{0}}" in solved(1, "thermal").latex()


def test_short_chains_are_terms_of_their_own():
    s = solved(3, "coherent")
    firsts = [(total.chain.levels, total.indices) for total in s.sector_sums]
    assert [len(levels) for levels, _ in firsts] == [1, 2, 3, 4]
    assert [len(indices) for _, indices in firsts] == [0, 0, 0, 1]


def test_a_mean_number_of_photons_and_numbers():
    s = solve(CavityCharger(1), coherent(mean_photons=mean))
    value = s.function("energy")(0.7, nbar=6.25)
    assert value == pytest.approx(
        solved(1, "coherent").function("energy")(0.7, displacement=2.5), rel=1e-15
    )
    number = solve(CavityCharger(1), coherent(Rational(5, 2)))
    at = number.energy.subs({g: 1, omega_0: 1, t: Rational(7, 10)}).evalf(20)
    assert float(at) == pytest.approx(value, rel=1e-14)
    assert solve(CavityCharger(1), coherent(0)).energy == 0


def test_temperatures_in_arrays():
    f = solved(1, "thermal").function("energy")
    values = f(0.5, charger_inverse_temperature=[[0.2], [3.0]])
    one_by_one = [float(f(0.5, charger_inverse_temperature=b)) for b in (0.2, 3.0)]
    assert values.ravel().tolist() == pytest.approx(one_by_one, rel=1e-14)


def test_detuned_cavities_and_mixtures():
    model = CavityCharger(1, charger_frequency=omega_C, cell_crosstalk=0)
    s = solve(model, mixture([(Rational(1, 4), fock(2)), (Rational(3, 4), STARTS["thermal"][0])]))
    value = s.function("energy")(0.7, charger_frequency=1.5, charger_inverse_temperature=0.4)
    start = numerics.mixture(
        [(0.25, numerics.fock(2)), (0.75, numerics.thermal(charger_inverse_temperature=0.4))]
    )
    charged = numerics.charge(numerics.CavityCharger(1, charger_frequency=1.5), start)
    assert value == pytest.approx(charged.energy(0.7), rel=1e-13)


@pytest.mark.parametrize("start", STARTS)
def test_verification_and_documents(start):
    s = solved(2, start)
    found = s.verify(digits=20, points=2)
    assert found.digits >= 18
    if start == "thermal":
        assert str(found.certification).startswith("certified")
    back = from_json(to_json(s, names=["energy"]))
    assert back.quantities["energy"] == s.energy
    assert back.initial == s.initial


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: solved(1, "coherent").quantity("ergotropy"), "without coherences"),
        (lambda: solved(2, "coherent").quantity("entropy"), "without coherences"),
        (lambda: solved(2, "coherent").quantity("concurrence"), "without coherences"),
        (lambda: solved(1, "coherent").amplitudes, "mixture"),
        (lambda: solved(1, "thermal").maximum(), "`maximum` needs a number of charger photons"),
        (lambda: solved(1, "thermal").max_power(), "`max_power` needs a number of charger"),
        (lambda: solved(1, "coherent").source("energy"), "no source code .* without end"),
        (lambda: solve(CavityCharger(1), squeezed(1)), "`squeezing` must be 0"),
        (lambda: solve(CavityCharger(1), coherent(2, excited_cells=1)), "cells that start empty"),
        (lambda: solve(CavityCharger(1, anisotropy=g_2), coherent(2)), "."),
    ],
)
def test_what_has_no_closed_form(act, message):
    with pytest.raises((UnsolvedError, ValueError), match=message):
        act()


def test_a_sum_of_too_many_terms_is_refused():
    with pytest.raises(InvalidArgument, match="`initial` must have weights that fall within"):
        solved(1, "thermal").function("energy")(0.3, charger_inverse_temperature=1e-9)


@pytest.mark.parametrize(("ratio", "power"), [(0.5, 0), (0.97, 0), (6.25, 1), (0.01, 1)])
def test_the_end_leaves_out_less_than_promised(ratio, power):
    bits = 60
    last = Endless(Rational(ratio), power).last({}, bits)
    most = last + 2000
    with mpmath.workdps(60):
        terms, weight = [], mpmath.mpf(1)
        for k in range(1, most):
            terms.append(weight)
            weight *= mpmath.mpf(ratio) / mpmath.mpf(k) ** power
        further = mpmath.fsum(x * k**2 for k, x in enumerate(terms) if k > last)
        assert further <= mpmath.mpf(2) ** -bits * max(terms)
