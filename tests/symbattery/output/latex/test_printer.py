"""Expressions in an author's form: exact strings."""

import pytest
from sympy import I, Symbol, pi, sin, sqrt

from symbattery.core.latex_dispatch import aslatex
from symbattery.symbols import N, g, m, omega_0, p_1, t, xi


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (xi * g * t / 2, r"\frac{\xi g t}{2}"),
        (sqrt(6 * N - 4), r"\sqrt{2 \left(3 N - 2\right)}"),
        (sqrt(N) * sqrt(N - 1), r"\sqrt{N \left(N - 1\right)}"),
        (16 * N * (N - 1) / (3 * N - 2) ** 2 * omega_0,
         r"\frac{16 N \left(N - 1\right)}{\left(3 N - 2\right)^{2}} \omega_{0}"),
        (1 / (2 * xi * g), r"\frac{1}{2 \xi g}"),
        (pi / (xi * g), r"\frac{\pi}{\xi g}"),
        ((1 - p_1) / 2 * omega_0, r"\frac{1 - p_{1}}{2} \omega_{0}"),
        (-I * sin(g * t), r"- i \sin{\left(g t \right)}"),
        (1 - sin(t) ** 2, r"1 - \sin^{2}{\left(t \right)}"),
        (N - m + 1, "N - m + 1"),
        (Symbol("omega_C"), r"\omega_{C}"),
        (-N, "- N"),
        (omega_0 / 2, r"\frac{\omega_{0}}{2}"),
    ],
)  # fmt: skip
def test_expressions(expression, text):
    assert aslatex(expression) == text
