"""Generated source code: compiled or run, and compared with mpmath at random parameters.

Every template, printer and row of the table; what is no language's own is in ``test_program``.
"""

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

from symbattery.output.code import LANGUAGES
from symbattery.output.code.program import program
from tests.pages import ROOT, blocks
from tests.systems.solutions import SOLUTIONS

TOLERANCE = 1e-13


FIXED = {
    "two-fixed": {"chargers": 5, "frequency": 1.5}, "thermal-fixed": {"population": 0.3},
    "three-3-fixed": {"chargers": 5},
}  # fmt: skip
# Close levels, for which weights of the resolvent are 0/0 in double precision.
GIVEN = {
    "crosstalk-3-close": {"chargers": 3, "charger_crosstalk": 2e6, "cell_crosstalk": 1e6},
    "crosstalk-3-close-c2": {"chargers": 4, "charger_crosstalk": 1e8, "cell_crosstalk": 0.5},
}
# Solution, quantity, parameters fixed in the code.
CASES = {
    case: (SOLUTIONS[solution], *(quantity or ["energy"]), FIXED.get(case, {}))
    for case, (solution, *quantity) in {
        "one": ["single"], "one-m": ["single-m"], "one-gamma-3": ["single-gamma-3", "power"],
        "one-gamma-3-c": ["single-gamma-3", "c(0, 1)"], "one-detuned": ["detuned", "c0"],
        "two": ["two"], "two-power": ["two", "power"], "two-c0": ["two", "c0"],
        "two-c1": ["two", "c1"], "two-7": ["two-7"], "two-explicit": ["two-explicit"],
        "two-m": ["two-m"], "two-fixed": ["two"], "thermal": ["thermal"],
        "thermal-fixed": ["thermal"], "thermal-1-N": ["thermal-1-N"],
        "thermal-2-N": ["thermal-2-N", "power"], "thermal-3-N": ["thermal-3-N"],
        "half-up": ["up-3"], "dark": ["dark", "power"], "mixed": ["two-mixed"], "three": ["N-3"],
        "three-c1": ["N-3", "c1"], "three-3": ["3-3"], "three-3-fixed": ["N-3"], "four": ["N-4"],
        "eight": ["N-8"], "eight-c3": ["N-8", "c3"], "nine": ["roots-9"],
        "nine-roots-of-numbers": ["roots-9-12"], "cavity": ["cavity-n"],
        "crosstalk-2": ["two-crosstalk"], "crosstalk-2-c2": ["two-crosstalk", "c2"],
        "crosstalk-3": ["three-both"],
        "two-ergotropy": ["two", "ergotropy"], "two-entropy": ["two", "entropy"],
        "two-renyi": ["two", "entropy(order=1/2)"], "two-concurrence": ["two", "concurrence"],
        "two-work": ["two", "work_variance"], "one-work": ["single", "work_characteristic"],
        "three-symmetric": ["N-3", "ergotropy(sense=symmetric)"],
        "thermal-capacity": ["thermal", "capacity"],
        "thermal-3-N-entropy": ["thermal-3-N", "entropy(order=inf)"],
        "crosstalk-2-negativity": ["two-crosstalk", "negativity"],
        "crosstalk-3-close": ["three-both"],
        "crosstalk-3-close-c2": ["three-both", "c2"],
    }.items()
}  # fmt: skip


@cache
def reference(case):
    """Arguments, and values at 40 digits."""
    make, name, fixed = CASES[case]
    solution = make()
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
        values |= fixed | GIVEN.get(case, {})
        if values.get("excited_chargers", 0) > values.get("chargers", 10**6):
            continue
        fastest = math.sqrt(least * values.get("chargers", values.get("photons", 8)))
        fastest *= max(1, *(values.get(f"{side}_crosstalk", 0) for side in ("cell", "charger")))
        time = source.uniform(0, 20) / fastest / values.get("coupling", 1)
        if not rows:
            time = 0.0
        with mpmath.workdps(40):
            value = emitted(time, **{k: values[k] for k in emitted.arguments})
        unit = 1.0 if is_complex(case) else least * values.get("frequency", 1)
        unit /= max(time, 1e-3) if name == "power" else 1
        rows.append(((time, *(float(values[k]) for k in names)), value, unit))
    return rows


def worst(case, values):
    """The largest deviation in units of Mω₀, for values as (re, im)."""
    pairs = zip(reference(case), values, strict=True)
    return max(float(abs(mpmath.mpc(*v) - e) / unit) for (_, e, unit), v in pairs)


def agree(values):
    assert values.keys() == CASES.keys()
    found = {case: worst(case, rows) for case, rows in values.items()}
    assert {case: d for case, d in found.items() if not d <= TOLERANCE} == {}


def code(case, language):
    make, name, fixed = CASES[case]
    return make().source(name, language, **fixed)


def shared_out(text):
    """What a driver that runs all cases prints, by case."""
    rows = [tuple(map(float, line.split())) for line in text.split("\n") if line.strip()]
    size = len(rows) // len(CASES)
    return {case: rows[i * size : (i + 1) * size] for i, case in enumerate(CASES)}


def function_name(case):
    return re.sub(r"\W+", "_", CASES[case][1]).strip("_")


def run(*command, cwd):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


def needs(program):
    reason = f"{program} is not installed: apt-get provides it"
    return pytest.mark.skipif(shutil.which(program) is None, reason=reason)


def is_complex(case):
    return re.match(r"c[\d(]|work_characteristic", CASES[case][1]) is not None


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
    agree(shared_out(run("./main", cwd=tmp_path)))


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
            rows.append(f"v = f{i}({', '.join(f'{x!r}_dp' for x in point)})")
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
    agree(shared_out(run("./main", cwd=tmp_path)))


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
    agree(shared_out(run("node", "main.js", cwd=tmp_path)))


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
    agree(shared_out(run("octave-cli", "--no-init-file", "main.m", cwd=tmp_path)))


KNOWN = {
    "julia": {
        "sin", "cos", "acos", "sqrt", "floor", "min", "float", "complex", "iszero", "one",
        "abs", "_binomial", "prod", "_ordered_root", "length", "maximum", "copy", "sign", "filter",
        "count", "row", "signs", "shifted", "coefficients", "table", "eigenvectors", "copysign",
        "hypot", "sortperm", "max", "log", "log1p", "atanh", "asinh", "exp", "tanh",
    },
    "wolfram": {
        "Sin", "Cos", "ArcCos", "Sqrt", "Floor", "Min", "Binomial", "Module", "For", "If", "With",
        "AllTrue", "Abs", "Root", "Last", "Most", "eigenvectors", "DiagonalMatrix", "SortBy",
        "Transpose", "Eigensystem", "SetPrecision", "Flatten", "Function", "Max", "Log", "ArcTanh",
        "ArcSinh", "Exp", "Tanh",
    },
}  # fmt: skip


def camel_case(name):
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def without_comments(text, language):
    """Code without comments and texts."""
    if language == "wolfram":
        return re.sub(r'"[^"]*"', "", re.sub(r"\(\*.*?\*\)", "", text, flags=re.S))
    return re.sub(r"#.*", "", re.sub(r'"""(.*?)"""', "", text, flags=re.S))


def are_paired(text):
    """Whether every bracket is closed by one of its kind."""
    pair = re.compile(r"\([^][(){}]*\)|\[[^][(){}]*\]|{[^][(){}]*}")
    while pair.search(text):
        text = pair.sub("", text)
    return not re.search(r"[][(){}]", text)


@pytest.mark.parametrize("language", sorted(KNOWN))
@pytest.mark.parametrize("case", CASES)
def test_languages_that_are_not_run_are_read(case, language):
    """No tool for them is at hand: brackets are paired, blocks end, every function is known."""
    text = code(case, language)
    assert "Not run when it was generated" in text
    bare = without_comments(text, language)
    assert are_paired(bare)
    call = r"([A-Za-z_]\w*)\[(?!\[)" if language == "wolfram" else r"([A-Za-z_]\w*)\("
    name = function_name(case)
    if language == "wolfram":
        # No underscores in its names, and no decimal points.
        name = {"one-gamma-3-c": "c0x1", "two-renyi": "entropyOrder1x2"}.get(case, camel_case(name))
    own = {name, f"{name}_self_check", f"{name}SelfCheck"}
    assert set(re.findall(call, bare)) <= KNOWN[language] | own
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


@needs("awk")
@pytest.mark.parametrize("case", ["two", "two-power", "mixed"])
def test_the_language_of_the_documentation(case, tmp_path, monkeypatch):
    """One row and its template are all that a new language takes."""
    every = (block.text for block in blocks(ROOT / "docs" / "extending.md"))
    (example,) = (text for text in every if 'LANGUAGES["awk"]' in text)
    # Taken back at the end.
    monkeypatch.setitem(LANGUAGES, "awk", None)
    exec(compile(example, "extending.md", "exec"), {"__name__": "extending"})
    text = code(case, "awk")
    for source, status in ((text, 0), (text.replace("sin(", "cos("), 1)):
        (tmp_path / "made.awk").write_text(source, encoding="utf-8")
        done = subprocess.run(("awk", "-f", "made.awk"), cwd=tmp_path, capture_output=True)
        said = b"" if status else b"all agree\n"
        assert (done.returncode, done.stdout, done.stderr) == (status, said, b"")


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
