"""Formula sets as JSON, expressions as ``srepr``: exact round trips; anything else is refused."""

import builtins
import json
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sympy import Abs, Float, Function, Integer, Symbol, exp, pi, sin, srepr, true

from numerics import GroupedSpins, SpinGroup
from numerics.model.side_states import Boltzmann, Geometric, Groupwise, Independent, Level
from numerics.model.states import InitialState
from symbattery import (
    InvalidArgument,
    SpinCharger,
    dicke,
    from_json,
    single_cell,
    solve,
    to_json,
    two_cells,
)
from symbattery.core.named_roots import ImplicitRoot
from symbattery.output.data.formula_json import VERSION, document, formula_set
from symbattery.output.data.srepr import LONGEST, NODES, parse, written
from symbattery.output.latex.results import aslatex
from symbattery.symbols import N, g, m, t
from tests.systems.solutions import SOLUTIONS

CARRIED = (
    *("single", "single-gamma-3", "detuned", "two", "two-m", "thermal", "thermal-3-N", "up-3"),
    *("warm", "two-mixed", "3-3", "roots-9", "cavity-n", "two-crosstalk", "two-numbers"),
)


@pytest.mark.parametrize("name", CARRIED)
def test_round_trip_is_exact(name):
    solution = SOLUTIONS[name]()
    made = formula_set(solution)
    text = to_json(solution)
    again = from_json(text)
    assert again == made
    assert to_json(again) == text
    assert again.quantities["energy"] == solution.energy
    assert list(again.definitions.items()) == list(solution.definitions.items())
    for quantity, expression in made.quantities.items():
        assert aslatex(again.quantities[quantity]) == aslatex(expression)
    # Equal solutions: the LaTeX, functions and maxima of one are those of the other.
    assert solve(again.model, again.initial) == solution


def test_functions_are_the_same_to_the_last_bit():
    again = from_json(to_json(two_cells()))
    energy = solve(again.model, again.initial).function("energy", chargers=4)
    assert [energy(x) for x in (0.1, 7.3)] == [
        two_cells().function("energy", chargers=4)(x) for x in (0.1, 7.3)
    ]


@dataclass(frozen=True)
class Squeezed(InitialState):
    """A state that the package does not know."""

    strengths: tuple[object, ...]
    within: InitialState | None = None


def test_states_from_outside_are_carried():
    made = replace(formula_set(single_cell()), initial=Squeezed((N, m), dicke(0, N)))
    assert from_json(to_json(made)) == made


def test_groups_of_spins_are_carried():
    cells = [SpinGroup(1, coupling=2), SpinGroup(1, coupling=Symbol("h", real=True))]
    solution = solve(GroupedSpins(cells, [SpinGroup(1)]))
    again = from_json(to_json(solution))
    assert (again.model, again.initial) == (solution.model, solution.initial)
    assert to_json(again) == to_json(solution)


def test_every_state_of_one_side_is_carried():
    parts = (Level(1), Independent(((m, 2),)), Boltzmann(m, 1), Geometric(m), SpinGroup(2))
    made = formula_set(single_cell())
    made = replace(made, initial=Squeezed((*parts, Groupwise(parts[:2]))))
    assert from_json(to_json(made)) == made


def test_any_quantity_of_the_table_is_carried():
    more = {"variance": t**2, "ergotropy_full": exp(-t), "p0": 1 - t, "c(1, 2)": N * t}
    made = formula_set(single_cell())
    made = replace(made, quantities={**made.quantities, **more})
    assert from_json(to_json(made)) == made


def test_checks_of_a_solution_are_kept():
    solution = two_cells()
    record = solution.verify(digits=20, points=2)
    again = from_json(to_json(solution, record, solution.comparisons()))
    assert again.comparisons == solution.comparisons()
    assert again.verification == {
        "digits_asked": 20,
        "digits": record.digits,
        "certified": record.certification.holds,
        "certification": vars(record.certification),
        "routes": tuple(vars(route) for route in record.routes),
    }


def test_maximum_is_an_exact_number_again():
    solution = single_cell()
    again = from_json(to_json(solution)).max_power
    assert again.value.subs(N, 4).evalf(40) == solution.max_power().value.subs(N, 4).evalf(40)


def test_the_document_shows_a_true_example():
    page = (Path(__file__).parents[4] / "docs" / "formula-json.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"<!-- example -->\n```json\n(.*?)```", page, re.S)
    shown, made = from_json(example), formula_set(single_cell())
    assert shown.quantities.items() <= made.quantities.items()
    same = {"made_with": None, "quantities": None}
    assert {**vars(shown), **same} == {**vars(made), **same}
    (listed,) = re.findall(r"<!-- nodes -->\n(.*?)\n\n", page, re.S)
    assert re.findall(r"`(\w+)`", listed) == sorted(NODES)
    keys = re.findall(r"^\| `(\w+)`(?:, `(\w+)`)? \|", page, re.M)
    assert [key for row in keys for key in row if key] == list(document(made))
    (session,) = re.findall(r"```python\n(.*?)```", page, re.S)
    exec(compile(session, "formula-json.md", "exec"), {})


WHOLE = to_json(single_cell())


def changed(**new):
    return json.dumps({**json.loads(WHOLE), **new})


def within(key, **new):
    return changed(**{key: {**json.loads(WHOLE)[key], **new}})


def versioned(text):
    return WHOLE.replace(f'"version": {VERSION}', f'"version": {text}')


def checked(**new):
    balls = {"points": 1, "inside": 1, "radius": 1e-9, "obstacle": ""}
    made = {"digits_asked": 5, "digits": 5, "certified": True, "routes": []}
    return changed(verification={**made, "certification": balls, **new})


def compared(**new):
    made = {"printed": "pi", "derived": "pi", "agrees": False, "condition": "true", "remark": ""}
    return changed(comparisons=[{"reference": "", "quantity": "", **made, **new}])


ONE = "Integer(1)"
NESTED = json.loads('{"kind":"Mixture","parts":[["Integer(1)",' * 20 + "null" + "]]}" * 20)
SIDES = {"cell_populations": [[ONE] * 3], "charger_populations": []}

# By the key that is named.
DOCUMENTS = {
    "text": (
        *(None, 3, b"{}", ["{}"]),
        *("", WHOLE[: len(WHOLE) // 2], WHOLE.rstrip()[:-1], WHOLE + "{}"),
        *("[]", "null", "1", '"symbattery formulas"', versioned("1" + "0" * 5000)),
        *(changed(code="print(1)"), re.sub(r'"assumptions": \[\],', "", WHOLE)),
        *(versioned(f'{VERSION}, "version": {VERSION}'), "[" * 100_000, '{"format":' * 50_000),
    ),
    "version": (
        *(versioned("NaN"), versioned("-Infinity"), changed(version=VERSION - 1)),
        *(changed(version=other) for other in (str(VERSION), True, float(VERSION))),
    ),
    "format": (changed(format="pickle"),),
    "made_with": (
        *(changed(made_with=[]), within("made_with", numpy="2")),
        *(within("made_with", sympy=text) for text in ("1" * 5000, "1\n2", 1)),
    ),
    "model": (
        *(changed(model="SpinCharger(1, 1)"), within("model", shell="true")),
        *(within("model", kind=kind) for kind in ("Popen", "Dicke", ["SpinCharger"], "x" * 999)),
        *(within("model", cells=cells) for cells in ("Integer(-1)", 1, None, [[ONE] * 100] * 10)),
        *(within("model", cells=cells) for cells in (NESTED, {"kind": "Fock"}, {"kind": "CDLL"})),
        within("model", cells=json.loads("[" * 500 + "]" * 500)),
    ),
    "initial": (
        *(changed(initial=NESTED), within("initial", photons=ONE)),
        *(changed(initial={"kind": "Mixture", "parts": [part]}) for part in ([ONE], [ONE] * 2)),
        *(changed(initial={"kind": kind, **SIDES}) for kind in ("Product", "Mixture")),
    ),
    "assumptions": (
        *(changed(assumptions=held) for held in ("true", [ONE], ["Symbol('x')"], [True])),
    ),
    "definitions": (
        *(changed(definitions=other) for other in ({"xi": ONE}, [{"name": ONE, "value": ONE}])),
        changed(definitions=[{"name": "Symbol('a')", "value": ONE}] * 2),
        changed(definitions=[{"name": "Symbol('a')", "value": "Symbol('a')"}]),
        changed(
            definitions=[
                {"name": f"Symbol('{a}')", "value": f"Symbol('{b}')"} for a, b in ("ab", "ba")
            ]
        ),
    ),
    "quantities": (
        changed(quantities={"power": "Integer(0)"}),
        *(within("quantities", **{key: ONE}) for key in ("cx", "power2", "exit()", "E", "c" * 99)),
        *(within("quantities", energy=text) for text in (None, 1, "", "'Integer(1)'", "true")),
        within("quantities", energy="__import__('os').system('true')"),
        within("quantities", energy="Pow(Integer(10), Integer(1000000000))"),
    ),
    "maximum": (
        *(changed(maximum=[]), within("maximum", kind="best"), within("maximum", otherwise=1)),
    ),
    "comparisons": (changed(comparisons={}), changed(comparisons=["agrees"]), compared(agrees=1)),
    "verification": (
        *(changed(verification=True), checked(digits_asked="50"), checked(digits=-1)),
        *(checked(routes=[{"name": "x"}]), checked(certified=1), checked(digits=10**9)),
    ),
}

X = "Symbol('x')"
TERMS = f"Tuple({X}, Integer(1), Integer(900))"
ROOT = f"ImplicitRoot({X}, Add({X}, pi), Integer(1), true, Integer(0))"
EXPRESSIONS = {
    "no text": (None, 3, b"pi", ["pi"]),
    "no whole expression": ("", "Add(Integer(1), Integer(2)", "Integer(1) Integer(2)", "Add(,)"),
    "a comma too many": ("Add(Integer(1), Integer(2),)", "pi, pi", "pi,"),
    "code": ("__import__('os').system('true')", "__import__('os')", "eval('1')", "sympify('1+1')"),
    "no call": (
        "Integer(1).__class__",
        "lambda: 1",
        "[1 for x in y]",
        "x[Integer(1)]",
        "pi#",
        "...",
    ),
    "operators": (
        "Integer(1)+Integer(1)",
        "-Integer(1)",
        "pi==pi",
        "x=pi",
        "sin(x:=pi)",
        "not(pi)",
    ),
    "other calls": ("(pi)", "Add(*x)", "Symbol('x', **x)", "Symbol(real=True, 'x')", "sin(pi)(pi)"),
    "bare values": ("'Integer(1)'", "1", "True", "None"),
    "other numbers": ("Integer(1.0)", "Integer(1j)", "Integer(0x10)", "Integer(1_0)"),
    "other texts": ("Symbol(f'{1}')", "Symbol(b'x')", "Symbol('x' 'y')", r"Symbol('\x41')"),
    "unknown names": ("MatrixSymbol('A', 2, 2)", f"Lambda({X}, {X})", "oo", "ｐｉ", "pi\npi"),
    "too deep": ("sin(" * 5000 + "Integer(0)" + ")" * 5000, "sin(" * 160 + "pi" + ")" * 160),
    "too long": ("a" * (LONGEST + 1), "Tuple(" + "pi, " * 1_000_000 + "pi)"),
    "long and read in no time": (
        *("a" * LONGEST, "'" * LONGEST, "'a'," * (LONGEST // 4), "9" * LONGEST),
        *("sin(" * (LONGEST // 4), "f" + "()" * (LONGEST // 2 - 1)),
    ),
    "giant numbers": (
        f"Integer({'9' * 100_000})",
        f"Mul({', '.join(['Integer(' + '7' * 1400 + ')'] * 100)})",
        "binomial(Integer(1000000), Integer(500000))",
    ),
    "giant powers": (
        "Pow(Integer(10), Integer(1000000000))",
        "Pow(Pow(Integer(9), Integer(999)), Integer(999))",
        "Pow(Integer(7), Rational(10000000001, 3))",
        f"Pow(Mul(Integer({'9' * 1000}), {X}), Integer(999))",
        "Add(Integer(-1), Pow(" * 40 + "Integer(3)" + ", Rational(1, 2)))" * 40,
        "Pow(E, Pow(E, Integer(1000)))",
    ),
    "giant functions": (
        "floor(exp(Integer(1000000000000)))",
        "sin(exp(exp(exp(Integer(900)))))",
        "Min(Integer(1), sin(Pow(Pow(pi, Integer(900)), Integer(900))))",
    ),
    "numbers without an end": (
        "Pow(Float('1e300', precision=53), Integer(1000))",
        f"Sum({X}, Tuple({X}, Integer(1), Integer(1000000000)))",
        f"Sum(Sum(Sum(pi, {TERMS}), {TERMS}), {TERMS})",
        f"Sum(pi, {TERMS}, {TERMS}, {TERMS})",
    ),
    "many to compare": (
        "Min(" + ", ".join(f"Symbol('x{i}')" for i in range(5000)) + ")",
        f"Max({', '.join(['Pow(Integer(2), Rational(1, 2))'] * 5000)})",
    ),
    "decimals": ("Float('1.0', precision=1000000000)", "Float('nan', precision=53)", "Float('1')"),
    "irrational": (f"floor(Add({X}, Pow(pi, Integer(1000))))", "Abs(Add(pi, Integer(-3)))"),
    "fractions": ("Rational(1, 0)", f"Rational({X}, 2)", "Integer('1')", "Integer(True)"),
    "symbols": (f"Symbol({X})", "Symbol('a\nb')", "Symbol('\ud800')", "Symbol('\0')", "Symbol('')"),
    "assumptions": (
        *("Symbol('x', __class__=True)", "Symbol('x', positive='yes')"),
        *("Symbol('x', positive=True, negative=True)", "Symbol('x', real=True, real=True)"),
    ),
    "arguments": ("sin(pi, pi)", "Pow(Integer(1))", "sin(pi, evaluate=False)", "Add(pi, true)"),
    "sums": ("Sum(pi, Tuple(Integer(1), Integer(1), Integer(2)))", "Sum(pi)", "Sum(pi, Tuple())"),
    "derivatives": (f"Derivative({X}, Tuple({X}, Integer(3)))", f"Derivative({X})"),
    "names": (
        *(
            f"Symbol({name!r})"
            for name in (r"^^5cinput{/etc/hostname}", r"\input{x}", "a b", "a}", "(")
        ),
        *(
            "Symbol('$')",
            "Symbol('a%')",
            r"Function('\\input')(pi)",
            "Symbol('x', commutative=False)",
        ),
    ),
    "infinite": (
        *("Pow(Integer(0), Integer(-1))", "log(Integer(0))", "tan(Mul(Rational(1, 2), pi))"),
        "Piecewise(ExprCondPair(pi, false))",
    ),
    "functions": ("Function('f')()", "Function('f')", "Function('f')(pi, evaluate=False)"),
    "roots": (
        *(f"OrderedRoot({X}, {X}, Integer(-1))", f"OrderedRoot({X}, {X}, 1)"),
        *(f"OrderedRoot({P}, {X}, Integer({i}))" for P, i in ((X, 1), ("pi", 0), (f"sin({X})", 0))),
        f"OrderedRoot(Add(Pow({X}, Integer(2)), Integer(1)), {X}, Integer(0))",
        f"OrderedRoot(Add(Pow({X}, Integer(2)), pi), {X}, Integer(0))",
        f"OrderedRoot(Add(Pow({X}, Integer(200)), Integer(-1)), {X}, Integer(0))",
        f"ImplicitRoot({X}, {X}, Integer(0), true, Integer(3))",
        f"ImplicitRoot({X}, {X}, {X}, true, Integer(3))",
    ),
    "shared roots": (
        *(f"Where({X}, pi)", f"Where({X}, Tuple(Tuple({X}, pi)))", f"sin(Where({X}, Tuple()))"),
        f"Where({X}, Tuple(Tuple({X}, {ROOT}), Tuple({X}, {ROOT})))",
    ),
    "definitions": (
        f"NamedExpression({X}, Tuple(Tuple({X}, Add({X}, pi))))",
        f"NamedExpression(pi, Tuple(Tuple({X}, Symbol('y')), Tuple(Symbol('y'), {X})))",
        f"NamedExpression(pi, Tuple(Tuple({X}, pi), Tuple({X}, pi)))",
        *("NamedExpression(pi, Tuple(Tuple(Integer(1), pi)))", "NamedExpression(pi, pi)"),
    ),
}
# Reader, what is named, text.
REFUSED = [
    *((from_json, key, text) for key, every in DOCUMENTS.items() for text in every),
    *((parse, "expression", text) for every in EXPRESSIONS.values() for text in every),
]
EVERY = [*DOCUMENTS.items(), *EXPRESSIONS.items()]
NAMES = [f"{name} {i}" for name, every in EVERY for i, _ in enumerate(every)]


def test_rows_are_written_where_they_are_asked_for():
    s = two_cells()
    assert "entropy" not in from_json(to_json(s)).quantities
    orders = ("2", "1/3", "333333333333/1000000000000")
    names = [*map("entropy(order={})".format, orders), "purity"]
    read = from_json(to_json(s, names=names)).quantities
    assert [read[name] for name in names] == [s.quantity(name) for name in names]
    for wrong in (["entropie"], "purity", 3, [3], ["ergotropy(sense=half)"]):
        with pytest.raises(InvalidArgument, match="must"):
            to_json(s, names=wrong)


@pytest.mark.parametrize(("read", "key", "text"), REFUSED, ids=NAMES)
def test_anything_else_is_refused(read, key, text, monkeypatch):
    for home, function in ((builtins, "eval"), (builtins, "exec"), (os, "system")):
        monkeypatch.setattr(home, function, pytest.fail)
    with pytest.raises(InvalidArgument, match=rf"^`{key}[a-z_.]*`") as error:
        read(text)
    message = str(error.value)
    assert len(message) < (300 if read is parse else 400)
    assert "\n" not in message
    assert read is from_json or message.startswith("`expression` must ")


@pytest.mark.parametrize(
    ("side", "field", "value", "named"),
    [
        ("initial", "excited_chargers", N + 1, "initial.excited_chargers"),
        ("initial", "excited_cells", Integer(3), "initial.excited_cells"),
        *(
            ("model", "coupling", ImplicitRoot(Symbol("x"), rootless, 1, true), "model")
            for rootless in (Symbol("x") + 1, Symbol("x") - 1, Integer(-1))
        ),
    ],
)
def test_a_model_and_a_start_that_cannot_be_are_refused(side, field, value, named):
    document = json.loads(to_json(SOLUTIONS["two"]()))
    document[side][field] = srepr(value)
    with pytest.raises(InvalidArgument, match=rf"^`{named}`"):
        from_json(json.dumps(document))


def test_a_decimal_stays_one():
    document = json.loads(to_json(SOLUTIONS["two"]()))
    document["model"]["coupling"] = srepr(Float("0.1"))
    made = from_json(json.dumps(document))
    assert made.model.coupling.is_Float
    assert json.loads(to_json(made))["model"]["coupling"] == srepr(Float("0.1"))
    assert from_json(to_json(made)) == made


@pytest.mark.parametrize("name", ["x", r"\lambda", "g'", "ω₀", "p_{01}", "A_0_1", "n_+", "omega_0"])
def test_reader_and_writer_agree_on_names(name):
    symbol = Symbol(name, real=True)
    for value in (symbol, Function("xi")(symbol), Function(name)(symbol, Integer(-1))):
        assert parse(srepr(value)) == value
    assert parse(" Function('xi')( Symbol ('x') ,\n pi )\n") == Function("xi")(Symbol("x"), pi)


def test_numbers_to_their_limits():
    for value in (0, -7, 10**1500 - 1, 1 - 10**1500):
        assert parse(f"Integer({value})") == value
    with pytest.raises(InvalidArgument, match="at most 1500 digits"):
        parse(f"Integer({10**1500})")


def test_a_root_in_many_places_is_written_once():
    solution = solve(SpinCharger(3, 3))
    value = solution.max_power().value
    text = written(value)
    assert parse(text) == value
    assert text.count("ImplicitRoot(") == 1
    assert 4 * len(text) < len(srepr(value))
    # r_1 is taken, and what stands once stays where it is.
    root = single_cell().max_power().time.subs({N: 4, g: 1})
    for whole, several in ((root, 0), (Symbol("r_1") * sin(root) ** 2 / root, 1), (2 * root, 0)):
        assert parse(written(whole)) == whole
        assert written(whole).startswith("Where(") == several


def test_shared_roots_count_wherever_they_stand(monkeypatch):
    monkeypatch.setattr("symbattery.output.data.srepr._MOST_NODES", 40)
    whole = "Where(Add({}), Tuple(Tuple(Symbol('x'), {})))"
    parse(whole.format(f"sin({X}), {X}", ROOT))
    with pytest.raises(InvalidArgument, match="at most 40 nodes"):
        parse(whole.format(f"sin({X}), cos({X}), tan({X}), exp({X}), {X}", ROOT))


def test_nesting_to_its_limit():
    assert parse("Abs(" * 149 + X + ")" * 149) == Abs(Symbol("x"))
    with pytest.raises(InvalidArgument, match="nested at most 150 deep"):
        parse("Abs(" * 150 + X + ")" * 150)
