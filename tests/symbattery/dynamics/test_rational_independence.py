"""Rational independence of frequencies: proofs against a search for integer relations."""

import itertools

import mpmath
import pytest
from sympy import Poly, Symbol, sqrt

from symbattery import CavityCharger, SpinCharger, dicke, solve
from symbattery.dynamics.frequencies import characteristic_polynomials, halved
from symbattery.dynamics.rational_independence import independent
from symbattery.symbols import g

y = Symbol("y")


def _half(model, initial=None):
    (chain,) = solve(model, initial).sectors
    hops = tuple((h / g**2).simplify() for h in chain.hops_squared)
    return halved(characteristic_polynomials(chain.diagonal, hops)[-1])


def _of_squares(*squares):
    polynomial = Poly(1, y)
    for square in squares:
        polynomial *= Poly(y - square, y)
    return polynomial


@pytest.mark.parametrize(
    ("half", "known"),
    [
        (_of_squares(2, 8), False),
        (_of_squares(2, 3), True),
        (_of_squares(4, 9), False),
        (_of_squares(4, 88), True),
        (Poly(y**2 - 34 * y + 81, y), True),  # √13 ± 2
        (Poly(y**2 - 10 * y + 1, y), True),  # √3 ± √2
        (_of_squares(2, 3, 5), True),
        (_of_squares(1, 2, 3), True),
        (_of_squares(2, 3, 8), None),
        (_of_squares(1, 4, 9), None),
        (_of_squares(5), True),
    ],
)
def test_known_cases(half, known):
    assert independent(half) is known


def test_dependent_frequencies_are_never_called_independent():
    """λ3 = λ1 + λ2 for all conjugates of λ1, λ2 = √(5 ± √7) and for √2, √3, √2 + √3."""
    a, b = sqrt(5 - sqrt(7)), sqrt(5 + sqrt(7))
    # (y - a²)(y - b²) and the polynomial of (a ± b)² = 10 ± 2√18
    assert ((a + b) ** 2 - 10 - 2 * sqrt(18)).simplify() == 0
    half = Poly(y**2 - 10 * y + 18, y) * Poly(y**2 - 20 * y + 28, y)
    assert independent(half) is None
    half = _of_squares(2, 3) * Poly(y**2 - 10 * y + 1, y)
    assert independent(half) is None


@pytest.mark.parametrize(
    "model",
    [SpinCharger(cells, cells + more) for cells in range(3, 9) for more in (0, 1, 5)]
    + [CavityCharger(cells) for cells in (3, 4, 5, 6, 7, 8)],
)
def test_ideal_chains_are_independent(model):
    half = _half(model)
    assert independent(half) is True
    with mpmath.workdps(60):
        roots = mpmath.polyroots(
            [mpmath.mpf(int(a)) for a in half.all_coeffs()], 500, extraprec=400
        )
        rates = [mpmath.sqrt(r.real) for r in roots]
        assert mpmath.pslq(rates, maxcoeff=1000, maxsteps=10**5) is None


def test_no_commensurate_pair_of_frequencies_is_known():
    """Every sector of two frequencies up to these sizes is independent."""
    for cells, chargers in itertools.product(range(3, 7), range(3, 8)):
        for excited in range(3, chargers + 1):
            if min(cells, excited) in (3, 4):
                assert independent(_half(SpinCharger(cells, chargers), dicke(0, excited)))


def test_too_many_frequencies_are_not_decided():
    assert independent(_half(SpinCharger(9, 11))) is None
