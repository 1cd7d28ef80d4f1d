"""Expressions in an author's form, names and widths, and numbers with correct digits."""

import pytest
from sympy import Function, I, Rational, S, Symbol, pi, sin, sqrt

from symbattery import (
    InvalidArgument,
    SpinCharger,
    aslatex,
    macros,
    short_times,
    solve,
    strong_crosstalk,
    thermal,
    two_cells,
)
from symbattery.core.named_roots import NamedExpression
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.tables import Table, digits
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


REFUSED = [
    *("", " ", "}", "{", "a}", "{a", "a_", "a^", "a__b", "a_b_c", "a^b^c", "$a$", "a%", "a\nb"),
    *(r"\input{x}", r"\write18{x}", r"\frac{a}{b}", r"\left(", "a&b", "a#", "~", "1", "+", "a b"),
    *("a\x00", "a\\", r"\unknown", "i", "e", r"\pi", "é", r"\mathrm{\input}", "x" * 99, None, 3),
    *(
        "a'^2",
        "a^2'",
        r"\hat",
        r"\sqrt{a}",
        "a_{}",
        "(a)",
        "a^{(}",
        "a^{)(}",
        r"\text{a_b}",
        r"\rm",
    ),
    *(r"\text{}", r"a_{\rm}", r"a_{\rm \input}"),
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
        ("g^{(0)}", "g^{( 0 )}"),
        (r"\omega_{\text{cav}}", r"\omega_{\text{cav}}"),
        (r"\Omega_{\rm R}", r"\Omega_{\mathrm{R}}"),
        (r"{\cal N}", r"\mathcal{N}"),
    ],
)
def test_names_that_are(name, text):
    assert aslatex(g, names={g: name}) == text
    assert aslatex(g, names={"g": name}) == text


DANGEROUS = ("^^5cinput{/etc/hostname}", r"\input{x}", "a}b", "$", "a%", "a b", "x" * 99, "_", "1")


@pytest.mark.parametrize("name", DANGEROUS)
def test_symbols_without_a_proper_name_are_refused_where_they_enter(name):
    count, real = Symbol(name, integer=True, positive=True), Symbol(name, positive=True)
    for act in (
        lambda: aslatex(real),
        lambda: aslatex(Function(name)(g)),
        lambda: macros({"A": real}),
        lambda: solve(SpinCharger(2, count)),
        lambda: solve(SpinCharger(2, 3, coupling=real)),
        lambda: solve(SpinCharger(2, 5), thermal(charger_population=real)),
        lambda: short_times(SpinCharger(count, 2)),
        lambda: strong_crosstalk(SpinCharger(2, N, charger_crosstalk=real)),
    ):
        with pytest.raises(InvalidArgument, match="must have symbols whose names are letters"):
            act()


def test_endless_numbers_are_refused():
    long = 10**5000
    for act in (lambda: aslatex(long), lambda: digits(long), lambda: solve(SpinCharger(2, long))):
        with pytest.raises(InvalidArgument, match=r"at most (1000|a hundred) digits"):
            act()


@pytest.mark.parametrize(
    ("name", "text"),
    [("ω0", r"\omega_{0}"), ("ω₀", r"\omega_{0}"), ("Λ_a", r"\Lambda_{a}"), ("p_{01}", "p_{01}")],
)
def test_greek_letters_are_printed_as_commands(name, text):
    assert aslatex(Symbol(name)) == text


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


def test_table_of_exact_values():
    values = [Rational(1, 3), sqrt(2) * omega_0]
    columns = {"E": values, "ok": [True, S.false], "P": [0.25, (1, 0.1)]}
    text = aslatex(Table(columns, digits=None), names={omega_0: "w"}).splitlines()
    assert text[4:6] == [r"$\frac{1}{3}$ & yes & $0.25$ \\", r"$\sqrt{2} w$ & no & $1$ \\"]
    assert "<td>$\\sqrt{2} \\omega_{0}$</td><td>no</td>" in Table(columns)._repr_html_()
    assert r"$0.333333$ & yes" in aslatex(Table(columns))
    with pytest.raises(InvalidArgument, match="symbols that are there"):
        aslatex(Table(columns), names={"zeta": "w"})


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


def test_a_sum_printed_alone_is_in_brackets_as_a_factor():
    """What stands around a named expression decides how it is printed."""
    a, b = Symbol("a"), Symbol("b")
    printer, whole = AuthorPrinter(), NamedExpression(a + b, {})
    assert printer.doprint(whole) == "a + b"
    assert printer.doprint(3 * whole) == r"3 \left(a + b\right)"
