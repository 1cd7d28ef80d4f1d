"""Names that LaTeX takes, and widths of a line."""

import pytest

from symbattery import InvalidArgument, two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.symbols import N, g

REFUSED = [
    *("", " ", "}", "{", "a}", "{a", "a_", "a^", "a__b", "a_b_c", "a^b^c", "$a$", "a%", "a\nb"),
    *(r"\input{x}", r"\write18{x}", r"\frac{a}{b}", r"\left(", "a&b", "a#", "~", "1", "+", "a b"),
    *("a\x00", "a\\", r"\unknown", "i", "e", r"\pi", "é", r"\mathrm{\input}", "x" * 99, None, 3),
    *("a'^2", "a^2'", r"\hat", r"\sqrt{a}", "a_{}"),
]


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_are_no_latex(name):
    with pytest.raises(InvalidArgument, match="`names"):
        aslatex(g, names={g: name})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (r"\lambda", r"\lambda"),
        ("g_0", "g_{0}"),
        (r"\tilde{g}", r"\tilde{g}"),
        (r"\Omega_{\mathrm{c}}", r"\Omega_{\mathrm{c}}"),
        ("g'", r"g^{\prime}"),
    ],
)
def test_names_that_are(name, text):
    assert aslatex(g, names={g: name}) == text
    assert aslatex(g, names={"g": name}) == text


def test_names_that_collide():
    with pytest.raises(InvalidArgument, match="differ"):
        aslatex(g * N, names={g: "N"})
    with pytest.raises(InvalidArgument, match="differ"):
        aslatex(two_cells(), names={g: r"\xi"})
    with pytest.raises(InvalidArgument, match="differ"):
        two_cells().latex("maximum", names={g: "E"})


def test_names_reach_the_time_and_the_condition_of_a_maximum():
    text = aslatex(two_cells().maximum(), names={g: r"\lambda", N: "n"})
    assert r"\text{at } t = \frac{\pi}{\xi \lambda}\quad\text{for } n \geq 2" in text.replace(
        r" \quad ", r"\quad"
    )


@pytest.mark.parametrize("width", ["letter", 0, -1, 5, float("nan"), float("inf"), True, [1]])
def test_widths(width):
    with pytest.raises(InvalidArgument, match="`width` must"):
        aslatex(g, width=width)
