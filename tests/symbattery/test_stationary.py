"""A stationary point whose series are known."""

from sympy import Symbol, cos, series, simplify, sqrt

from symbattery.limits.stationary_series import along_stationary_point

phi, eps = Symbol("phi"), Symbol("epsilon")


def test_known_series():
    point, value = sqrt(1 + eps), cos(eps) - 3 * eps
    away = phi - point
    height = value - away**2 + eps * away**3
    found = along_stationary_point(height, height.diff(phi), phi, eps, sqrt(1), 4)
    for coefficients, expected in zip(found, (point, value), strict=True):
        taylor = series(expected, eps, 0, 5).removeO()
        assert all(simplify(taylor.coeff(eps, k) - c) == 0 for k, c in enumerate(coefficients))
