"""LaTeX in an author's form: exact strings."""

import pytest
from sympy import I, Symbol, pi, sin, sqrt

from symbattery import InvalidArgument, single_cell, thermal_charger, two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.model.symbols import N, g, m, omega_0, p_1, t, xi
from symbattery.output.latex.results import equations

PHASE = r"\left(\frac{\xi g t}{2} \right)"


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


def test_two_cells_as_an_author_prints_it():
    s = two_cells()
    assert s.latex("energy") == (
        rf"\frac{{4 N}}{{3 N - 2}} \omega_{{0}} \sin^{{2}}{{{PHASE}}} "
        rf"\left[1 + \frac{{N - 2}}{{3 N - 2}} \sin^{{2}}{{{PHASE}}}\right]"
    )
    assert s.latex("definitions") == r"\xi \equiv \sqrt{2 \left(3 N - 2\right)}"
    assert equations(s, "maximum") == [
        r"E_{\max} = \frac{16 N \left(N - 1\right)}{\left(3 N - 2\right)^{2}} \omega_{0}"
        r"\quad\text{at } t = \frac{\pi}{\xi g}\quad\text{for } N \geq 2",
        r"E_{\max} = \omega_{0}\quad\text{at } t = \frac{\pi}{2 \sqrt{2} g}\quad\text{for } N = 1",
    ]


def test_implicit_power_states_its_equation():
    assert equations(single_cell(), "max_power") == [
        r"P_{\max} = \frac{\sqrt{N}}{\varphi} g \omega_{0} \sin^{2}{\left(\varphi \right)}"
        r"\quad\text{at } t = \frac{\varphi}{\sqrt{N} g}",
        r"\tan{\left(\varphi \right)} = 2 \varphi,\quad 0 < \varphi < \frac{\pi}{2}",
    ]


def test_thermal_supremum_says_that_it_is_not_reached():
    (row,) = equations(thermal_charger(), "maximum")
    assert "never reached" in row
    assert row.endswith("0 < p_{1} < 1")
    assert equations(thermal_charger(), "amplitudes") == []
    assert equations(thermal_charger(), "max_power") == []


@pytest.mark.parametrize("name", ["energi", "", None, 3])
def test_unknown_names(name):
    with pytest.raises(InvalidArgument, match="`name` must"):
        two_cells().latex(name)
