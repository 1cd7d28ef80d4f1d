"""Generated source code: compiled or run, and compared with mpmath at random parameters."""

import json
import math
import random
import re
import shutil
import subprocess
import sys
from functools import cache

import mpmath
import pytest
from sympy import Integer, Rational, Symbol
from sympy import gamma as special_gamma

from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    dicke,
    fock,
    mixture,
    product,
    single_cell,
    solve,
    thermal_charger,
    two_cells,
)
from symbattery.model.symbols import N, g_1, g_2, gamma, m, n, omega_C, p_1
from symbattery.output.code import LANGUAGES
from symbattery.output.code.printers import digits
from symbattery.output.code.program import program

TOLERANCE = 1e-13

# solution, quantity, parameters fixed in the code
CASES = {
    "one": (single_cell, "energy", {}),
    "one-m": (lambda: single_cell(excited=m), "energy", {}),
    "one-gamma-3": (lambda: single_cell(3, anisotropy=gamma), "power", {}),
    "one-gamma-3-c": (lambda: single_cell(3, anisotropy=gamma), "c(0, 1)", {}),
    "one-detuned": (lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)), "c0", {}),
    "two": (two_cells, "energy", {}),
    "two-power": (two_cells, "power", {}),
    "two-c0": (two_cells, "c0", {}),
    "two-c1": (two_cells, "c1", {}),
    "two-7": (lambda: two_cells(7), "energy", {}),
    "two-explicit": (lambda: two_cells().explicit(), "energy", {}),
    "two-m": (lambda: two_cells(excited=m), "energy", {}),
    "two-fixed": (two_cells, "energy", {"chargers": 5, "frequency": 1.5}),
    "thermal": (thermal_charger, "energy", {}),
    "thermal-fixed": (thermal_charger, "energy", {"population": 0.3}),
    "thermal-1-N": (lambda: thermal_charger(cells=1, chargers=N, thermal=N), "energy", {}),
    "thermal-2-N": (lambda: thermal_charger(chargers=N, thermal=N), "power", {}),
    "thermal-3-N": (lambda: solve(SpinCharger(3, N), product([0] * 3, [(p_1, N)])), "energy", {}),
    "half-up": (
        lambda: solve(SpinCharger(3, N), product([0] * 3, [(1, m), (0, N - m)])), "energy", {}
    ),
    "dark": (lambda: solve(SpinCharger(2, 3), dicke(0, 0)), "power", {}),
    "mixed": (
        lambda: solve(
            SpinCharger(2, N),
            mixture([(Rational(1, 3), dicke(0, N)), (Rational(2, 3), dicke(0, 1))]),
        ),
        "energy",
        {},
    ),
    "three": (lambda: solve(SpinCharger(3, N)), "energy", {}),
    "three-c1": (lambda: solve(SpinCharger(3, N)), "c1", {}),
    "three-3": (lambda: solve(SpinCharger(3, 3)), "energy", {}),
    "three-3-fixed": (lambda: solve(SpinCharger(3, N)), "energy", {"chargers": 5}),
    "four": (lambda: solve(SpinCharger(4, N)), "energy", {}),
    "eight": (lambda: solve(SpinCharger(8, N)), "energy", {}),
    "eight-c3": (lambda: solve(SpinCharger(8, N)), "c3", {}),
    "nine": (lambda: solve(SpinCharger(9, N)), "energy", {}),
    "nine-roots-of-numbers": (lambda: solve(SpinCharger(9, 12)), "energy", {}),
    "cavity": (lambda: solve(CavityCharger(3), fock(n)), "energy", {}),
    "crosstalk-2": (lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)), "energy", {}),
    "crosstalk-2-c2": (lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)), "c2", {}),
    "crosstalk-3": (
        lambda: solve(SpinCharger(3, N, charger_crosstalk=g_1, cell_crosstalk=g_2)), "energy", {}
    ),
}  # fmt: skip


@cache
def solved(case):
    return CASES[case][0]()


@cache
def reference(case):
    """Arguments, and values at 40 digits."""
    solution, (_, name, fixed) = solved(case), CASES[case]
    source = random.Random(case)
    emitted = solution.function(name, "mpmath", **fixed)
    names = program(solution, name, fixed).arguments
    least = int(solution.model.cells)
    rows = []
    while len(rows) < 8:
        values = {}
        for parameter, symbol in solution.parameters.items():
            if symbol.is_integer:
                largest = 12 if solution.sector_sums else 400
                values[parameter] = int(least * (largest / least) ** source.random())
            else:
                values[parameter] = source.randint(13, 64) / 64
        values |= fixed
        if values.get("excited", 0) > values.get("chargers", 10**6):
            continue
        fastest = math.sqrt(least * values.get("chargers", values.get("photons", 8)))
        time = source.uniform(0, 20) / fastest / values.get("coupling", 1)
        if not rows:
            time = 0.0
        with mpmath.workdps(40):
            value = emitted(time, **{k: values[k] for k in emitted.arguments})
        unit = 1.0
        if name in ("energy", "power"):
            unit = least * values.get("frequency", 1)
        if name == "power":
            unit /= max(time, 1e-3)
        rows.append(((time, *(float(values[k]) for k in names)), value, unit))
    return rows


def worst(case, values):
    """The largest deviation in units of Mω₀, for values as (re, im)."""
    pairs = zip(reference(case), values, strict=True)
    return max(float(abs(mpmath.mpc(*v) - e) / unit) for (_, e, unit), v in pairs)


def agree(values):
    assert values.keys() == CASES.keys()
    found = {case: worst(case, rows) for case, rows in values.items()}
    bad = {case: d for case, d in found.items() if not d <= TOLERANCE}
    assert not bad


def code(case, language):
    _, name, fixed = CASES[case]
    return solved(case).source(name, language, **fixed)


def function_name(case):
    return CASES[case][1].replace("(", "_").replace(", ", "_").replace(")", "")


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def needs(program):
    return pytest.mark.skipif(
        shutil.which(program) is None, reason=f"{program} is not installed: apt-get provides it"
    )


def is_complex(case):
    return CASES[case][1].startswith("c")


def read(text):
    return [tuple(map(float, line.split())) for line in text.split("\n") if line.strip()]


def test_python(tmp_path):
    values = {}
    for case in CASES:
        space = {"__name__": "generated"}
        exec(compile(code(case, "python"), case, "exec"), space)
        space["self_check"]()
        made = [space[function_name(case)](*row) for row, _, _ in reference(case)]
        values[case] = [(complex(v).real, complex(v).imag) for v in made]
    agree(values)
    script = tmp_path / "energy.py"
    script.write_text(code("thermal-3-N", "python"), encoding="utf-8")
    assert "all 4 values agree" in run(sys.executable, "-W", "error", str(script), cwd=tmp_path)


@needs("gcc")
def test_c(tmp_path):
    strict = ("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1")
    calls = []
    for i, case in enumerate(CASES):
        name = function_name(case)
        file = tmp_path / f"case{i}.c"
        file.write_text(code(case, "c"), encoding="utf-8")
        run(*strict, f"-D{name}=case{i}", "-c", file.name, cwd=tmp_path)
        run(*strict, "-DSYMBATTERY_SELF_CHECK", file.name, "-o", "check", "-lm", cwd=tmp_path)
        assert "0 of 4 values differ" in run("./check", cwd=tmp_path)
        kind = "double complex" if is_complex(case) else "double"
        count = len(reference(case)[0][0])
        calls.append(f"{kind} case{i}({', '.join(['double'] * count)});")
    calls.append("int main(void) { double complex v;")
    for i, case in enumerate(CASES):
        for row, _, _ in reference(case):
            calls.append(f"v = case{i}({', '.join(map(repr, row))});")
            calls.append('printf("%.17g %.17g\\n", creal(v), cimag(v));')
    head = "#include <complex.h>\n#include <stdio.h>\n"
    (tmp_path / "main.c").write_text(head + "\n".join(calls) + "return 0; }\n")
    objects = [f"case{i}.o" for i in range(len(CASES))]
    run("gcc", "-std=c99", "main.c", *objects, "-o", "main", "-lm", cwd=tmp_path)
    agree(shared_out(read(run("./main", cwd=tmp_path))))


def shared_out(rows):
    """Rows of a driver that runs all cases, by case."""
    size = len(rows) // len(CASES)
    return {case: rows[i * size : (i + 1) * size] for i, case in enumerate(CASES)}


@needs("gfortran")
def test_fortran(tmp_path):
    strict = ("gfortran", "-std=f2008", "-Wall", "-Werror")
    rows, uses = [], []
    for i, case in enumerate(CASES):
        name = function_name(case)
        text = code(case, "fortran").replace(f"symbattery_{name}", f"case{i}")
        (tmp_path / f"case{i}.f90").write_text(text, encoding="utf-8")
        uses.append(f"use case{i}, only: f{i} => {name}, check{i} => self_check")
        rows.append(f"if (.not. check{i}()) error stop 1")
        for point, _, _ in reference(case):
            call = f"f{i}({', '.join(f'{x!r}_dp' for x in point)})"
            rows.append(f"v = {call}")
            rows.append("print '(es25.17e3, 1x, es25.17e3)', real(v, dp), aimag(v)")
    main = [
        "program main", "use, intrinsic :: iso_fortran_env, only: dp => real64", *uses,
        "implicit none", "complex(dp) :: v", *rows, "end program main",
    ]  # fmt: skip
    (tmp_path / "main.f90").write_text("\n".join(main) + "\n", encoding="utf-8")
    files = [f"case{i}.f90" for i in range(len(CASES))]
    run(*strict, "-c", *files, cwd=tmp_path)
    objects = [file.replace(".f90", ".o") for file in files]
    run("gfortran", "-std=f2008", "main.f90", *objects, "-o", "main", cwd=tmp_path)
    agree(shared_out(read(run("./main", cwd=tmp_path))))


@needs("node")
def test_javascript(tmp_path):
    jobs = []
    for i, case in enumerate(CASES):
        (tmp_path / f"case{i}.js").write_text(code(case, "javascript"), encoding="utf-8")
        points = [row for row, _, _ in reference(case)]
        jobs.append([f"./case{i}.js", function_name(case), points])
    driver = """"use strict";
for (const [file, name, points] of JSON.parse(require("fs").readFileSync("jobs.json"))) {
    const made = require(file);
    if (made.selfCheck() !== true) throw new Error(file);
    for (const point of points) {
        const value = made[name](...point);
        console.log(typeof value === "number" ? `${value} 0` : `${value.re} ${value.im}`);
    }
}
"""
    (tmp_path / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    (tmp_path / "main.js").write_text(driver, encoding="utf-8")
    agree(shared_out(read(run("node", "main.js", cwd=tmp_path))))


@needs("octave-cli")
def test_octave(tmp_path):
    lines = ["warning('error', 'Octave:nonexistent');"]
    for i, case in enumerate(CASES):
        folder, name = tmp_path / f"case{i}", function_name(case)
        folder.mkdir()
        (folder / f"{name}.m").write_text(code(case, "octave"), encoding="utf-8")
        points = reference(case)
        lines.append(f"cd('{folder}'); clear all;")
        lines.append(f"if !test('{name}', 'quiet'), error('case{i}'); end")
        for row, _, _ in points:
            lines.append(f"v = {name}({', '.join(map(repr, row))});")
            lines.append("printf('%.17g %.17g\\n', real(v), imag(v));")
        # A vector of times gives a vector of values.
        given = "".join(f", {x!r}" for x in points[0][0][1:])
        lines.append(f"assert(size({name}([0, 0.5, 1]{given})), [1, 3]);")
    (tmp_path / "main.m").write_text("\n".join(lines) + "\n", encoding="utf-8")
    agree(shared_out(read(run("octave-cli", "--no-init-file", "main.m", cwd=tmp_path))))


BRACKETS = {")": "(", "]": "[", "}": "{"}
KNOWN = {
    "julia": {
        "sin", "cos", "acos", "sqrt", "floor", "min", "float", "complex", "iszero", "zero",
        "abs", "_binomial", "_ordered_root", "length", "maximum", "copy", "sign", "filter", "count",
        "energy_self_check", "energy", "power", "c0", "c1", "c2", "c3",
        "c_0_1",
    },
    "wolfram": {
        "Sin", "Cos", "ArcCos", "Sqrt", "Floor", "Min", "Binomial", "Module", "For", "If", "With",
        "AllTrue", "Abs", "Root", "Last", "Most", "energy", "power", "c3", "c0", "c1", "c2", "c0x1",
    },
}  # fmt: skip


def without_comments(text, language):
    """Code without comments and texts."""
    if language == "wolfram":
        return re.sub(r'"[^"]*"', "", re.sub(r"\(\*.*?\*\)", "", text, flags=re.S))
    return re.sub(r"#.*", "", re.sub(r'"""(.*?)"""', "", text, flags=re.S))


def outermost(text):
    """The text with everything in brackets removed, and whether brackets are paired."""
    open_ones, kept = [], []
    for character in text:
        if character in "([{":
            open_ones.append(character)
        elif character in BRACKETS:
            assert open_ones
            assert open_ones.pop() == BRACKETS[character]
        elif not open_ones:
            kept.append(character)
    assert open_ones == []
    return "".join(kept)


@pytest.mark.parametrize("language", sorted(KNOWN))
@pytest.mark.parametrize("case", CASES)
def test_languages_that_are_not_run_are_read(case, language):
    """No tool for them is at hand: brackets are paired, blocks end, every function is known."""
    text = code(case, language)
    assert "Not run when it was generated" in text
    bare = without_comments(text, language)
    outermost(bare)
    call = r"([A-Za-z_]\w*)\[(?!\[)" if language == "wolfram" else r"([A-Za-z_]\w*)\("
    name = function_name(case)
    own = {name, f"{name}_self_check", "c0x1SelfCheck", f"{name}SelfCheck"}
    plain = {"row", "signs", "shifted", "coefficients", "table"}
    assert set(re.findall(call, bare)) <= KNOWN[language] | own | plain
    if language == "julia":
        begun = re.findall(r"^\s*(?:function|for|if)\b", bare, re.M)
        assert len(begun) == len(re.findall(r"^\s*end\b", bare, re.M))
        assert "**" not in bare
    else:
        assert "_" not in bare.replace("_?NumericQ", "")
        assert not re.search(r"\d[eE]", bare)


def test_every_language_is_covered():
    run_here = {"c", "fortran", "javascript", "octave", "python"}
    assert run_here | KNOWN.keys() == LANGUAGES.keys()


def test_a_broken_formula_is_caught():
    """The comparison and the self-check can fail."""
    text = code("two", "python")
    broken = text.replace("chargers - 2", "chargers - 3")
    assert broken != text
    space = {"__name__": "generated"}
    exec(compile(broken, "broken", "exec"), space)
    with pytest.raises(AssertionError):
        space["self_check"]()
    values = [(space["energy"](*row), 0.0) for row, _, _ in reference("two")]
    assert worst("two", values) > 1e-3


def test_quartics_keep_their_digits():
    """Where the radicals of eight cells lose three of them."""
    solution = solve(SpinCharger(8, N))
    space = {"__name__": "generated"}
    exec(compile(solution.source("energy", "python"), "eight", "exec"), space)
    exact = solution.function("energy", "mpmath")
    source = random.Random(3)
    for _ in range(100):
        spins, time = source.randint(8, 12), source.uniform(0, 3)
        with mpmath.workdps(40):
            value = exact(time, spins)
        assert abs(space["energy"](time, spins, 1, 1) - value) <= 8 * 2e-14


@pytest.mark.parametrize("cells", range(1, 7))
def test_nearly_all_of_many_charger_spins_up(cells):
    """N − m is small beside both: in m and N − m nothing cancels, and no root loses digits."""
    solution = solve(SpinCharger(cells, N), dicke(0, m))
    scope = {}
    exec(solution.source("energy", language="python"), scope)
    exact = solution.function("energy", backend="mpmath")
    for chargers, up in ((240662, 240662), (240662, 240660), (10**6, 10**6 - 7), (10**6, 40)):
        for angle in (0.3, 1.1, 2.7):
            time = angle / (up * (chargers - up + 1)) ** 0.5
            wanted = exact(mpmath.mpf(time), chargers=chargers, excited=up, coupling=1, frequency=1)
            found = scope["energy"](time, chargers, 1.0, 1.0, up)
            assert abs(found - wanted) < 1e-13 * cells


def test_fixed_numbers_are_no_arguments():
    assert "def energy(t, coupling):" in code("two-fixed", "python")
    exact = two_cells().source("energy", "python", chargers=4, coupling=Rational(1, 3), frequency=1)
    assert "def energy(t):" in exact


def test_the_header_tells_formula_origin_conditions_and_units():
    text = solve(SpinCharger(3, N)).source("power", language="julia")
    for piece in (
        "Average charging power", "lambda_1 = ", "Huangfu and J. Jing", "N >= 3", "hbar = 1",
        "chargers (N above)", "3 cells charged by N charger spins",
    ):  # fmt: skip
        assert piece in text


NASTY = ("*/ x /*", "end", "E", "$(true)", "w_1", '"""', "a\\")


@pytest.mark.parametrize("name", NASTY)
def test_names_of_symbols_cannot_break_the_code(name, tmp_path):
    symbol = Symbol(name, integer=True, positive=True)
    solution = solve(SpinCharger(2, symbol + 1))
    spins = 3
    value = float(solution.function("energy", "mpmath")(0.5, spins))
    for language in LANGUAGES:
        solution.source("energy", language)
    space = {"__name__": "generated"}
    exec(compile(solution.source("energy", "python"), "nasty", "exec"), space)
    space["self_check"]()
    order = list(program(solution, "energy", {}).arguments.values())
    given = [spins if s == symbol else 1 for s in order]
    assert space["energy"](0.5, *given) == pytest.approx(value, abs=1e-14)
    if shutil.which("gcc"):
        (tmp_path / "nasty.c").write_text(solution.source("energy", "c"), encoding="utf-8")
        strict = ("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic")
        run(*strict, "-DSYMBATTERY_SELF_CHECK", "nasty.c", "-o", "check", "-lm", cwd=tmp_path)
        run("./check", cwd=tmp_path)


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (lambda: two_cells().source("energy", "rust"), "language"),
        (lambda: two_cells().source("energy", "C"), "language"),
        (lambda: two_cells().source("energy", None), "language"),
        (lambda: two_cells().source("energie", "c"), "name"),
        (lambda: thermal_charger().source("c0", "c"), "name"),
        (lambda: two_cells().source("energy", "c", spins=3), "parameter"),
        (lambda: two_cells().source("energy", "c", chargers=2.5), "chargers"),
        (lambda: two_cells().source("energy", "c", chargers=0), "chargers"),
        (lambda: two_cells().source("energy", "c", chargers="4"), "chargers"),
        (lambda: two_cells().source("energy", "c", coupling=float("nan")), "coupling"),
        (lambda: two_cells().source("energy", "c", coupling=N), "coupling"),
        (lambda: two_cells().source("energy", "c", frequency=-1), "frequency"),
        (lambda: thermal_charger().source("energy", "c", population=2), "population"),
        (lambda: solve(SpinCharger(3, N)).source("energy", "c", chargers=2), "chargers"),
    ],
)
def test_bad_input_names_the_argument(act, named):
    with pytest.raises(InvalidArgument, match=f"`{named}` must"):
        act()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_written_is_said(language):
    with pytest.raises(UnsolvedError, match="beyond double precision"):
        digits(Integer(10) ** 400)
    with pytest.raises(UnsolvedError, match="no source code is written for gamma"):
        LANGUAGES[language].printer({})(special_gamma(Rational(1, 3)))
