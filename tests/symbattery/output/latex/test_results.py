"""What is stated of a solution; and exported LaTeX, read back, is the formula it came from.

The rooms below (equations, math_list, line_breaking) have their tests here: what is read back was
named in parts, measured and broken over lines. Widths are judged by TeX, in test_document.
"""

import random
import re

import mpmath
import pytest
from sympy import Rational, S, Symbol

import symbattery as sb
from symbattery.core.latex_dispatch import aslatex
from symbattery.output.latex.results import displays, equations
from symbattery.output.latex.typesetting import Typesetting
from symbattery.symbols import N, g, m, omega_0, t, xi
from symbattery.verification import _draw
from tests.symbattery.output.latex.reader import equations_of, read
from tests.systems.solutions import PRINTED, RESULTS

PHASE = r"\left(\frac{\xi g t}{2} \right)"
DIGITS = 40
NAMES = {g: r"\tilde{g}", N: r"\mathcal{N}", omega_0: r"\Omega_{\mathrm{c}}", m: "n_{+}'", xi: "q"}


def test_two_cells_as_an_author_prints_it():
    s = sb.two_cells()
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


def test_every_observable_prints_by_its_name():
    s = sb.solve(sb.SpinCharger(1, 1))
    sine, cosine = (rf"\{name}^{{2}}{{\left(g t \right)}}" for name in ("sin", "cos"))
    assert equations(s, "populations") == [f"p_{{0}}(t) = {cosine}", f"p_{{1}}(t) = {sine}"]
    assert equations(s, "variance") == [
        rf"\operatorname{{Var}} H_{{B}}(t) = \omega_{{0}}^{{2}} {cosine} {sine}"
    ]
    assert [s.latex("p1"), s.latex("c0")] == [sine, r"\cos{\left(g t \right)}"]


def test_implicit_power_states_its_equation():
    assert equations(sb.single_cell(), "max_power") == [
        r"P_{\max} = \frac{\sqrt{N}}{\varphi} g \omega_{0} \sin^{2}{\left(\varphi \right)}"
        r"\quad\text{at } t = \frac{\varphi}{\sqrt{N} g}",
        r"\tan{\left(\varphi \right)} = 2 \varphi,\quad 0 < \varphi < \frac{\pi}{2}",
    ]


def test_thermal_supremum_says_that_it_is_not_reached():
    (row,) = equations(sb.thermal_charger(), "maximum")
    assert "never reached" in row
    assert row.endswith("0 < p_{1} < 1")
    assert equations(sb.thermal_charger(), "amplitudes") == []
    assert equations(sb.thermal_charger(), "max_power") == []


@pytest.mark.parametrize("name", ["energi", "", None, 3, "p3"])
def test_unknown_names(name):
    with pytest.raises(sb.InvalidArgument, match="`name` must"):
        sb.two_cells().latex(name)


@pytest.mark.parametrize("thing", [None, "x", object(), [g]])
def test_what_cannot_be_printed(thing):
    with pytest.raises(sb.InvalidArgument, match="`obj` must"):
        aslatex(thing)


FONTS = {
    symbol: rf"\mathsf{{{letter}}}"
    for symbol, letter in zip(
        ("t", "g", "g_1", "omega_0", "omega_C", "M", "N", "m", "n", "gamma", "p_1", "K"),
        "abcdefhijklu",
        strict=True,
    )
}
K = Symbol("K", integer=True, positive=True)
RENAMED = {
    **{name: PRINTED[name] for name in ("single", "two-m", "thermal", "thermal-2-N", "detuned")},
    **{name: PRINTED[name] for name in ("N-3", "N-4", "roots-crosstalk", "cavity-n")},
    **RESULTS,
    "own symbol": lambda: sb.many_chargers(sb.two_cells(K), 1),
    "expression": lambda: sb.two_cells(excited_chargers=m).explicit().energy,
    "verification": lambda: sb.two_cells().verify(digits=8, points=1),
}


@pytest.mark.parametrize("result", RENAMED)
def test_names_are_given_everywhere(result):
    """Named and named back, every result reads as it did; none of its symbols is left over."""
    thing = RENAMED[result]()
    known = FONTS if result == "own symbol" else {k: v for k, v in FONTS.items() if k != "K"}
    plain, named = aslatex(thing), aslatex(thing, names=known)
    own = {rf"\mathsf{{{text[8]}}}": aslatex(Symbol(symbol)) for symbol, text in FONTS.items()}

    def atoms(latex):
        words = re.sub(r"\\text\{[^}]*\}|\\(begin|end)\{[a-z*]*\}", "", latex)
        return re.findall(r"\\[A-Za-z]+|[A-Za-z]", words)

    left = set(atoms(re.sub(r"\\mathsf\{.\}", "", named)))
    # A table of words has no symbols.
    table = result == "verification"
    assert table or not left & {"t", "N", "m", "M", "K", r"\omega", r"\gamma"}
    for text, symbol in own.items():
        named = named.replace(text, symbol)
    bare = [re.sub(r"[\s{}]", "", latex) for latex in (plain, named)]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("result", RENAMED)
def test_names_of_nothing_are_refused(result):
    for stranger in ("zeta", Symbol("q_7"), "E"):
        with pytest.raises(sb.InvalidArgument, match="`names` must be of symbols that are there"):
            aslatex(RENAMED[result](), names={stranger: "q"})


def test_names_do_not_meet_those_of_parts_and_roots():
    with pytest.raises(sb.InvalidArgument, match="differ"):
        aslatex(PRINTED["roots-crosstalk"](), names={g: "Q"})
    text = aslatex(PRINTED["N-8"](), names={g: "D"}, width=246)
    assert re.search(r"^D(_\{1\})? & \\equiv", text, re.M) is None


# Read back


def number(value):
    return mpmath.mpmathify(S(value).evalf(mpmath.mp.dps))


def ordered_roots(equation, environment, polynomial):
    """The values of y_1, …, y_d below their polynomial, by mpmath."""
    first = equation.tail.split(r"\quad")[1].split("<")[0].strip()
    y = Symbol("y")
    coefficients = map(mpmath.mpmathify, polynomial(y).as_poly(y).all_coeffs())
    roots = mpmath.polyroots(list(coefficients), maxsteps=500, extraprec=400)
    for i, root in enumerate(sorted(map(mpmath.re, roots)), start=1):
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
        arguments = re.sub(r"\{\\left\(|\\right\)\}|[()]", "", head[len(plain) :])
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
    printer = Typesetting.checked(names, None).printer()
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
@pytest.mark.parametrize("case", PRINTED)
def test_round_trip(case, names, width):
    solution = PRINTED[case]()
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
    solution = sb.two_cells(excited_chargers=m)
    put = {N: S(9), m: S(4), g: Rational(3, 7), omega_0: Rational(5, 3)}
    put[xi] = solution.definitions[xi].subs(put)
    here = solution.maximum()
    with mpmath.workdps(60):
        values = {aslatex(symbol): number(value) for symbol, value in put.items()}
        for e in equations_of(aslatex(here, width=width)):
            at = re.split(r"t\s+=", e.tail)[1].split(r"\quad")[0]
            for text, exact in ((e.value, here.value), (at, here.time)):
                assert abs(read(text, values)(values) - number(exact.subs(put))) < 1e-40
            here = here.otherwise
        assert here is None


def test_a_wrong_sign_is_seen():
    text = aslatex(sb.single_cell().energy, width=120).replace("g t", "g t + 1")
    values = dict(zip((r"\omega_{0}", "N", "g", "t"), map(mpmath.mpf, (1, 3, 1, 1)), strict=True))
    assert abs(read(text, values)(values) - mpmath.sin(mpmath.sqrt(3)) ** 2) > 0.01


@pytest.mark.parametrize("text", ["", r"\frac{1}", "(1", r"\unknown", "1 + ", "1 )"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match=r"\w"):
        read(text, ["x"])
