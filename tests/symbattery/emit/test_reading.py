"""Exported LaTeX, read back by a reader of its own, is the formula it came from."""

import random
import re

import mpmath
import pytest
from sympy import Rational, S, Symbol

from symbattery import single_cell, two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.model.symbols import N, g, m, omega_0, t, xi
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.results import displays
from symbattery.output.latex.symbol_names import checked_names
from symbattery.verification import _draw
from tests.symbattery.emit.cases import SOLUTIONS
from tests.symbattery.output.latex_reader import equations_of, read

DIGITS = 40
NAMES = {g: r"\tilde{g}", N: r"\mathcal{N}", omega_0: r"\Omega_{\mathrm{c}}", m: "n_{+}'", xi: "q"}


def number(value):
    return mpmath.mpmathify(S(value).evalf(mpmath.mp.dps))


def ordered_roots(equation, environment, polynomial):
    """The values of y_1, …, y_d below their polynomial, by mpmath."""
    first = equation.tail.split(r"\quad")[1].split("<")[0].strip()
    y = Symbol("y")
    coefficients = polynomial(y).as_poly(y).all_coeffs()
    roots = sorted(
        mpmath.re(r)
        for r in mpmath.polyroots(
            [mpmath.mpmathify(a) for a in coefficients], maxsteps=500, extraprec=400
        )
    )
    for i, root in enumerate(roots, start=1):
        environment[first.replace("1}", f"{i}}}")] = root


def values_of(display, environment):
    """Every equation evaluated in its order; named quantities and roots added on the way."""
    found = {}
    for e in equations_of(display):
        head = e.head.replace(" ", "")
        plain = head.split("(")[0].removesuffix(r"{\left").removesuffix("\\left")
        if e.value == "0" and head.startswith("Q"):
            ordered_roots(e, environment, environment[plain])
            continue
        arguments = head[len(plain) :]
        for piece in (r"{\left(", r"\right)}", "(", ")"):
            arguments = arguments.replace(piece, "")
        indices = arguments.split(",") if arguments and arguments != "t" else []
        formula = read(e.value, [*environment, *indices])
        if indices:
            environment[plain] = lambda *given, f=formula, names=indices: f(
                {**environment, **dict(zip(names, given, strict=True))}
            )
            continue
        result = formula(environment)
        found.setdefault(plain, []).append(result)
        # E(t) and c_k(t) as they stand in what follows; the printed P(t) = E(t)/t as well.
        environment[head if head.endswith("(t)") else plain] = result
    return found


def environment_of(solution, values, time, names):
    """The parameters as they are written, with numbers."""
    printer = AuthorPrinter(checked_names(names))
    env = {printer.doprint(s): number(values[name]) for name, s in solution.parameters.items()}
    for symbol in (g, omega_0):
        env.setdefault(printer.doprint(symbol), mpmath.mpf(1))
    env[printer.doprint(t)] = number(time)
    return env


def amplitudes(solution, values, time):
    """The amplitudes in mpmath."""
    if all(isinstance(k, int) for k in solution.amplitudes):
        functions = (solution.function(f"c{k}", "mpmath", **values) for k in solution.amplitudes)
        return [f(number(time)) for f in functions]
    # One cell with pair terms: levels are told apart by both excitations.
    put = {g: S.One, t: time} | {solution.parameters[name]: v for name, v in values.items()}
    for name, value in solution.definitions.items():
        put[name] = value.subs(put).evalf(mpmath.mp.dps)
    return [number(c.subs(put)) for c in solution.amplitudes.values()]


@pytest.mark.parametrize(("names", "width"), [(None, None), (NAMES, 246)], ids=["plain", "column"])
@pytest.mark.parametrize("case", SOLUTIONS)
def test_round_trip(case, names, width):
    solution = SOLUTIONS[case]()
    source = random.Random(f"{case}")
    with mpmath.workdps(DIGITS + 30):
        values = _draw(source, solution)
        while any(int(v) > 60 for v in values.values() if S(v).is_Integer):
            values = _draw(source, solution)
        time = Rational(source.randint(1, 2**20), 2**20)
        env = environment_of(solution, values, time, names)
        shown = displays(solution, names=names, width=width)
        found = values_of("".join(shown[k] for k in ("definitions", "amplitudes", "energy")), env)
        energy = solution.function("energy", backend="mpmath", **values)(number(time))
        unit = mpmath.mpf(10) ** -DIGITS * int(solution.model.cells)
        assert abs(found["E"][0] - energy) < unit
        power = values_of(shown["power"], {**env, "E(t)": found["E"][0]})
        assert abs(power["P"][0] - energy / number(time)) < unit / number(time)
        if solution.is_pure:
            written = [value for head, (value,) in found.items() if head.startswith("c_")]
            for value, c in zip(written, amplitudes(solution, values, time), strict=True):
                assert abs(value - c) < unit


@pytest.mark.parametrize("width", [None, 120, 246])
def test_round_trip_of_a_maximum(width):
    solution = two_cells(excited=m)
    top = solution.maximum()
    with mpmath.workdps(60):
        put = {N: 9, m: 4, g: Rational(3, 7), omega_0: Rational(5, 3)}
        values = {key.name: number(value) for key, value in put.items()}
        values = {
            "N": values["N"],
            "m": values["m"],
            "g": values["g"],
            r"\omega_{0}": values["omega_0"],
        }
        values[r"\xi"] = number(solution.definitions[xi].subs(put))
        here = top
        for e in equations_of(aslatex(top, width=width)):
            exact = here.value.subs({xi: solution.definitions[xi]}).subs(put)
            assert abs(read(e.value, values)(values) - number(exact)) < mpmath.mpf(10) ** -40
            at = re.split(r"t\s+=", e.tail)[1].split(r"\quad")[0]
            exact = here.time.subs({xi: solution.definitions[xi]}).subs(put)
            assert abs(read(at, values)(values) - number(exact)) < mpmath.mpf(10) ** -40
            here = here.otherwise
        assert here is None


def test_a_wrong_sign_is_seen():
    text = aslatex(single_cell().energy, width=120).replace("g t", "g t + 1")
    values = {
        r"\omega_{0}": mpmath.mpf(1),
        "N": mpmath.mpf(3),
        "g": mpmath.mpf(1),
        "t": mpmath.mpf(1),
    }
    assert abs(read(text, values)(values) - mpmath.sin(mpmath.sqrt(3)) ** 2) > 0.01


@pytest.mark.parametrize("text", ["", r"\frac{1}", "(1", r"\unknown", "1 + ", "1 )"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read(text, ["x"])
