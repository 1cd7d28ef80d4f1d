"""Numbers in manuscripts: correct digits and no more."""

import pytest
from sympy import Rational, pi, sqrt

from symbattery import InvalidArgument, two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.output.latex.tables import Table, digits, macros
from symbattery.symbols import N


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (pi, 6, "3.14159"),
        (sqrt(2), 50, "1.4142135623730950488016887242096980785696718753769"),
        (sqrt(2) / 10**9, 36, r"1.41421356237309504880168872420969808 \times 10^{-9}"),
        (Rational(1, 3), 4, "0.3333"),
        (Rational(99999, 100000), 3, "1.00"),
        (-Rational(1, 8), 2, "-0.12"),
        (12345678901234567890 * pi, 4, r"3.879 \times 10^{19}"),
        (pi / 10**9, 3, r"3.14 \times 10^{-9}"),
        (0.1, 3, "0.100"),
        (7, 2, "7"),
        ((0.123456, 0.001), 6, "0.12"),
        ((pi, Rational(1, 10**6)), 6, "3.14159"),
        ((Rational(1, 100), 1), 6, r"\pm 1"),
    ],
)
def test_digits_are_correct_and_no_more(value, places, text):
    assert digits(value, places) == text


@pytest.mark.parametrize("value", [None, "1", N, True, float("nan"), float("inf"), (1, -1), 1j])
def test_what_is_no_number(value):
    with pytest.raises(InvalidArgument, match="`value` must"):
        digits(value)


def test_table():
    text = aslatex(Table({"$N$": [1, 2], "power": [pi, sqrt(2)], "note": ["a", "b"]}, digits=3))
    assert text.splitlines() == [
        r"\begin{tabular}{rrr}",
        r"\toprule",
        r"$N$ & power & note \\",
        r"\midrule",
        r"$1$ & $3.14$ & a \\",
        r"$2$ & $1.41$ & b \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]


def test_macros():
    top = two_cells().maximum()
    lines = macros({"Emax": top, "Number": two_cells(4).maximum().value / 3}, names={N: "n"})
    first, second = lines.splitlines()
    assert first.startswith(r"\newcommand{\Emax}{\ensuremath{\frac{16 n ")
    assert second.startswith(r"\newcommand{\Number}{")
    assert macros({"Pi": pi}, 4) == "\\newcommand{\\Pi}{\\ensuremath{3.142}}\n"


@pytest.mark.parametrize("name", ["", "E_max", "1", "E max", r"\Emax", "input", "a", "Emäx", 3])
def test_names_of_macros(name):
    with pytest.raises(InvalidArgument, match="`values` must"):
        macros({name: 1})
