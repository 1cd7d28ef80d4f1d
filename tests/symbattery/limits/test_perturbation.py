"""Series in a small parameter: against exact diagonalisation, and a known stationary point."""

from itertools import combinations

import mpmath
import pytest
from sympy import Rational, S, Symbol, cancel, cos, series, simplify, sqrt

from symbattery.limits.perturbation import along_stationary_point, weak_hops

DIAGONAL = [S(0), S(3), S(-2), Rational(7, 2)]
HOPS = [S(2), Rational(3, 5), S(1)]


def diagonalised(e):
    """Levels and oscillations of the start 0, in the order of the diagonal."""
    size = len(DIAGONAL)
    matrix = mpmath.diag([mpmath.mpf(a.p) / a.q for a in DIAGONAL])
    for k, b in enumerate(HOPS):
        matrix[k, k + 1] = matrix[k + 1, k] = mpmath.sqrt(e * b.p / b.q)
    values, modes = mpmath.eigsy(matrix)
    place = [max(range(size), key=lambda q: abs(modes[k, q])) for k in range(size)]
    weights = [[modes[k, q] * modes[0, q] for q in place] for k in range(size)]
    motions = {
        (r, s): -4 * sum(k * weights[k][r] * weights[k][s] for k in range(size))
        for r, s in combinations(range(size), 2)
    }
    return [values[q] for q in place], motions


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_what_is_left_out_is_of_the_next_order(order):
    levels, motions = weak_hops(DIAGONAL, HOPS, order)
    errors = []
    with mpmath.workdps(60):

        def number(series, e):
            return sum(mpmath.mpf(c.p) / c.q * e**k for k, c in enumerate(series))

        for e in (mpmath.mpf(10) ** -4, mpmath.mpf(10) ** -5):
            values, sizes = diagonalised(e)
            errors.append(
                [abs(number(x, e) - value) for x, value in zip(levels, values, strict=True)]
                + [abs(number(motions[pair], e) - sizes[pair] / e) for pair in sizes]
            )
        for coarse, fine in zip(*errors, strict=True):
            # An oscillation may start at a higher order still.
            assert coarse < 100 * mpmath.mpf(10) ** (-4 * (order + 1))
            assert coarse / fine > 0.8 * 10 ** (order + 1)


def test_two_levels():
    """Roots are (a ∓ √(a² + 4eβ))/2, and B = 4eβ/(a² + 4eβ)."""
    a, b = Symbol("a"), Symbol("b")
    levels, motions = weak_hops([S(0), a], [b], 2)
    assert [cancel(c) for c in levels[0]] == [0, -b / a, b**2 / a**3]
    assert [cancel(c) for c in levels[1]] == [a, b / a, -(b**2) / a**3]
    sizes = [4 * b / a**2, -16 * b**2 / a**4, 64 * b**3 / a**6]
    assert all(cancel(c - size) == 0 for c, size in zip(motions[0, 1], sizes, strict=True))


def test_levels_that_agree():
    with pytest.raises(ZeroDivisionError):
        weak_hops([S(0), S(1), S(1)], [S(1), S(1)], 1)


def test_stationary_point_whose_series_are_known():
    phi, eps = Symbol("phi"), Symbol("epsilon")
    point, value = sqrt(1 + eps), cos(eps) - 3 * eps
    away = phi - point
    height = value - away**2 + eps * away**3
    found = along_stationary_point(height, height.diff(phi), phi, eps, sqrt(1), 4)
    for coefficients, expected in zip(found, (point, value), strict=True):
        taylor = series(expected, eps, 0, 5).removeO()
        assert all(simplify(taylor.coeff(eps, k) - c) == 0 for k, c in enumerate(coefficients))
