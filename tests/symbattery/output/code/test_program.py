"""What all languages share: programs, statements, documentation, identifiers, refusals."""

import random
import re
import shutil
import subprocess

import mpmath
import pytest
from sympy import I, Integer, Rational, Symbol
from sympy import gamma as special_gamma

import symbattery as sb
from symbattery.observables.quantities import quantities
from symbattery.output.code import LANGUAGES
from symbattery.output.code.printer import digits
from symbattery.output.code.program import program
from symbattery.output.code.writer import WIDTH, identifiers, prose, wrapped
from symbattery.symbols import N, g_1, m, omega_0, omega_C


def executed(solution):
    space = {"__name__": "generated"}
    exec(compile(solution.source("energy", "python"), "generated", "exec"), space)
    return space


def test_quartics_keep_their_digits():
    """Where the radicals of eight cells lose three of them."""
    solution = sb.solve(sb.SpinCharger(8, N))
    space = executed(solution)
    exact = solution.function("energy", "mpmath")
    source = random.Random(3)
    for _ in range(100):
        spins, time = source.randint(8, 12), source.uniform(0, 3)
        with mpmath.workdps(40):
            value = exact(time, spins)
        assert abs(space["energy"](time, spins, 1, 1) - value) <= 8 * 2e-14


TILTED = [
    (sb.SpinCharger(3, N, charger_crosstalk=g_1), (3, 4)),
    (sb.SpinCharger(3, N, cell_crosstalk=g_1), (3,)),
    (sb.SpinCharger(5, N, charger_crosstalk=g_1), (6,)),
    (sb.SpinCharger(2, N, charger_frequency=omega_C), (2,)),
    (sb.SpinCharger(1, 3, anisotropy=Rational(1, 2), charger_crosstalk=g_1), (None,)),
]


@pytest.mark.parametrize(("model", "sizes"), TILTED)
def test_levels_however_close_lose_no_digits(model, sizes):
    """Where frequencies of the resolvent's weights differ by less than a double resolves."""
    solution = sb.solve(model)
    names = list(solution.parameters)
    scope = executed(solution)
    exact = solution.function("energy", backend="mpmath")
    for size in sizes:
        for tilt in (1e-6, 1.0, 1e3, 1e6):
            rate = 100 * (1 + tilt)
            for time in (1e-9 / rate, 0.3 / rate, 1.0):
                given = dict.fromkeys(names, 1.0)
                given |= {"chargers": size} if size else {}
                given[names[-1]] = tilt
                with mpmath.workdps(50):
                    wanted = exact(mpmath.mpf(time), **given)
                error = abs(scope["energy"](time, *given.values()) - wanted)
                assert error <= (1e-13 if time < 1 else 1e-13 + 1e-14 * rate) * wanted


@pytest.mark.parametrize("cells", range(1, 7))
def test_nearly_all_of_many_charger_spins_up(cells):
    """N − m is small beside both: in m and N − m nothing cancels, and no root loses digits."""
    solution = sb.solve(sb.SpinCharger(cells, N), sb.dicke(0, m))
    scope = executed(solution)
    exact = solution.function("energy", backend="mpmath")
    for chargers, up in ((240662, 240662), (240662, 240660), (10**6, 10**6 - 7), (10**6, 40)):
        for angle in (0.3, 1.1, 2.7):
            time = angle / (up * (chargers - up + 1)) ** 0.5
            given = {"chargers": chargers, "excited_chargers": up, "coupling": 1, "frequency": 1}
            wanted = exact(mpmath.mpf(time), **given)
            found = scope["energy"](time, chargers, 1.0, 1.0, up)
            assert abs(found - wanted) < 1e-13 * cells


def test_fixed_numbers_are_no_arguments():
    text = sb.two_cells().source("energy", "python", chargers=5, frequency=1.5)
    assert "def energy(t, coupling):" in text
    fixed = {"chargers": 4, "coupling": Rational(1, 3), "frequency": 1}
    exact = sb.two_cells().source("energy", "python", **fixed)
    assert "def energy(t):" in exact


@pytest.mark.parametrize("quantity", ["energy", "power", "c1"])
@pytest.mark.parametrize(
    "solution",
    [
        sb.solve(sb.SpinCharger(2, 4, coupling="6.283e6")),
        sb.solve(sb.SpinCharger(2, 4, coupling="1e-9", frequency=2 * omega_0)),
        sb.solve(sb.SpinCharger(2, 4, coupling=omega_0 / 10)),
        sb.solve(sb.SpinCharger(3, 4, charger_crosstalk=10**6)),
        sb.two_cells(10**9),
    ],
    ids=["fast", "slow", "in units of the frequency", "detuned", "many"],
)
def test_self_checks_are_on_the_scale_of_the_system(solution, quantity):
    space = {"__name__": "generated"}
    exec(compile(solution.source(quantity, "python"), "generated", "exec"), space)
    space["self_check"]()


EXACT = [(2, 4, None), (3, 4, None), (4, 4, None), (8, 8, None), (3, 10, sb.dicke(1, 2))]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
@pytest.mark.parametrize(("cells", "chargers", "start"), EXACT)
def test_no_constant_of_a_formula_in_numbers_is_left_unused(cells, chargers, start, tmp_path):
    for crosstalk in (0, 1) if cells < 4 else (0,):
        model = sb.SpinCharger(cells, chargers, 2, 3, charger_crosstalk=crosstalk)
        solution = sb.solve(model, start)
        rows = ("energy", "power", "energy_variance", "ergotropy", "entropy", "coherence")
        every = (*rows, *(name for name in quantities(solution) if name[1].isdigit()))
        for i, name in enumerate(every):
            (tmp_path / f"{i}.c").write_text(solution.source(name, "c"))
        strict = "gcc -std=c99 -Wall -Wextra -Werror -pedantic -fsyntax-only"
        files = [f"{i}.c" for i in range(len(every))]
        subprocess.run([*strict.split(), *files], check=True, cwd=tmp_path)


def test_the_header_tells_formula_origin_conditions_and_units():
    text = " ".join(sb.solve(sb.SpinCharger(3, N)).source("power", language="julia").split())
    for piece in (
        "average charging power", "lambda_1 = ", "Y. Huangfu and J. Jing", "N >= 3", "hbar = 1",
        "chargers (N above)", "SpinCharger(cells=3, chargers=N", "number of charger spins",
    ):  # fmt: skip
        assert piece in text
    driven = " ".join(sb.solve(sb.ClassicalDrive(2)).source("energy", language="c").split())
    assert "T. P. Le et al." in driven
    assert "Huangfu" not in driven


NASTY = ("end", "E", "w_1", "pi", "sqrt", "t", "N")


@pytest.mark.parametrize("name", ["*/ x /*", "$(true)", '"""', "a\\"])
def test_what_is_no_name_of_a_symbol_is_refused(name):
    with pytest.raises(sb.InvalidArgument, match="symbol"):
        sb.solve(sb.SpinCharger(2, Symbol(name, integer=True, positive=True) + 1))


@pytest.mark.parametrize("name", NASTY)
def test_names_of_symbols_cannot_break_the_code(name, tmp_path):
    symbol = Symbol(name, integer=True, positive=True)
    solution = sb.solve(sb.SpinCharger(2, symbol + 1))
    spins = 3
    value = float(solution.function("energy", "mpmath")(0.5, spins))
    for language in LANGUAGES:
        solution.source("energy", language)
    space = executed(solution)
    space["self_check"]()
    order = list(program(solution, "energy", {}).arguments.values())
    given = [spins if s == symbol else 1 for s in order]
    assert space["energy"](0.5, *given) == pytest.approx(value, abs=1e-14)
    if shutil.which("gcc"):
        (tmp_path / "nasty.c").write_text(solution.source("energy", "c"), encoding="utf-8")
        strict = ("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic")
        check = (*strict, "-DSYMBATTERY_SELF_CHECK", "nasty.c", "-o", "check", "-lm")
        for command in (check, "./check"):
            subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (lambda: sb.two_cells().source("energy", "rust"), "language"),
        (lambda: sb.two_cells().source("energy", "C"), "language"),
        (lambda: sb.two_cells().source("energy", None), "language"),
        (lambda: sb.two_cells().source("energie", "c"), "name"),
        (lambda: sb.thermal_charger().source("c0", "c"), "name"),
        (lambda: sb.two_cells().source("energy", "c", spins=3), "parameter"),
        (lambda: sb.two_cells().source("energy", "c", chargers=2.5), "chargers"),
        (lambda: sb.two_cells().source("energy", "c", chargers=0), "chargers"),
        (lambda: sb.two_cells().source("energy", "c", chargers="4"), "chargers"),
        (lambda: sb.two_cells().source("energy", "c", coupling=float("nan")), "coupling"),
        (lambda: sb.two_cells().source("energy", "c", coupling=N), "coupling"),
        (lambda: sb.two_cells().source("energy", "c", frequency=-1), "frequency"),
        (lambda: sb.thermal_charger().source("energy", "c", population=2), "population"),
        (lambda: sb.solve(sb.SpinCharger(3, N)).source("energy", "c", chargers=2), "chargers"),
    ],
)
def test_bad_input_names_the_argument(act, named):
    with pytest.raises(sb.InvalidArgument, match=f"`{named}` must"):
        act()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_written_is_said(language):
    with pytest.raises(sb.UnsolvedError, match="beyond double precision"):
        digits(Integer(10) ** 400)
    for part, name in ((special_gamma(Rational(1, 3)), "gamma"), (I, "ImaginaryUnit")):
        with pytest.raises(sb.UnsolvedError, match=f"no source code is written for {name}"):
            LANGUAGES[language].printer({})(1 + part)


def test_lines_are_broken_where_they_may_be():
    long = "const double x = " + " + ".join(f"a_{i}*b_{i}**2" for i in range(20))
    rows = wrapped("    " + long, continued=" &")
    assert all(len(row) <= WIDTH and row.endswith(" &") for row in rows[:-1])
    assert all(row.startswith("        ") for row in rows[1:])
    assert re.sub(r"[ &]", "", "".join(rows)) == re.sub(" ", "", long)
    assert wrapped(f"x = {'(a + b)*' * 12}c", bracketed=True)[0] == "x = ("
    for whole in (f"# {long}", f'print("{long}")', f"x = 1.5  # {long}"):
        assert wrapped(whole, remark="#") == [whole]


def test_identifiers_differ_and_are_free():
    a, b, c = map(Symbol, ("x", "X", "for"))
    assert identifiers({a: "x", b: "X", c: "for"}, {"for"}, folded=True) == {
        a: "x", b: "X_v2", c: "for_v2",
    }  # fmt: skip
    assert identifiers({a: "B_1_2"}, (), camel_case=True) == {a: "b1x2"}
    assert prose(["ħ */ $x$"]) == "hbar * / |x|"
