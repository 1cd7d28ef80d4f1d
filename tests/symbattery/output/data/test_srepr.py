"""Reading ``srepr`` text: what SymPy writes comes back, anything else is refused unevaluated."""

import builtins
import os

import pytest
from sympy import Abs, Function, Integer, Symbol, pi, srepr

from symbattery import InvalidArgument
from symbattery.output.data.srepr import LONGEST, parse

X = "Symbol('x')"

REFUSED = {
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
    "functions": ("Function('f')()", "Function('f')", "Function('f')(pi, evaluate=False)"),
    "roots": (f"OrderedRoot({X}, {X}, Integer(-1))", f"OrderedRoot({X}, {X}, 1)"),
    "definitions": ("NamedExpression(pi, Tuple(Tuple(Integer(1), pi)))", "NamedExpression(pi, pi)"),
}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=f"{name} {i}")
        for name, every in REFUSED.items()
        for i, text in enumerate(every)
    ],
)
def test_anything_else_is_refused(text, monkeypatch):
    for home, function in ((builtins, "eval"), (builtins, "exec"), (os, "system")):
        monkeypatch.setattr(home, function, pytest.fail)
    with pytest.raises(InvalidArgument, match=r"^`expression` must ") as error:
        parse(text)
    assert len(str(error.value)) < 300
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("value", [None, 3, b"pi", ["pi"]])
def test_only_text_is_read(value):
    with pytest.raises(InvalidArgument, match="must be text"):
        parse(value)


@pytest.mark.parametrize("name", ["x", r"\lambda", "it's", "ω₀", "a b", "(", ",)", "f(x=1)", "'\\"])
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


def test_nesting_to_its_limit():
    assert parse("Abs(" * 149 + X + ")" * 149) == Abs(Symbol("x"))
    with pytest.raises(InvalidArgument, match="nested at most 150 deep"):
        parse("Abs(" * 150 + X + ")" * 150)
