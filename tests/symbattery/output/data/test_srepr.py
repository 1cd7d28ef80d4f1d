"""Reading ``srepr`` text: what the writer wrote comes back, anything else is refused unevaluated."""

import builtins
import os

import pytest
from sympy import Abs, Function, Integer, Symbol, srepr

from symbattery import InvalidArgument
from symbattery.output.data.srepr import LONGEST, parse

REFUSED = {
    "an expression cut": "Add(Integer(1), Integer(2)",
    "no expression": "",
    "two expressions": "Integer(1) Integer(2)",
    "a comma too many": "Add(Integer(1), Integer(2),)",
    "import": "__import__('os').system('true')",
    "import without dots": "__import__('os')",
    "an attribute": "Integer(1).__class__",
    "a lambda": "lambda: 1",
    "eval": "eval('1')",
    "sympify": "sympify('1+1')",
    "Lambda": "Lambda(Symbol('x'), Symbol('x'))",
    "a string": "'Integer(1)'",
    "a bare integer": "1",
    "a bare truth value": "True",
    "none": "None",
    "an operator": "Integer(1)+Integer(1)",
    "a sign": "-Integer(1)",
    "a comparison": "Integer(1)==Integer(1)",
    "an assignment": "x=Integer(1)",
    "a named expression": "sin(x:=Integer(1))",
    "a comprehension": "[1 for x in y]",
    "an index": "x[Integer(1)]",
    "parentheses alone": "(Integer(1))",
    "a bare tuple": "Integer(1), Integer(2)",
    "a starred argument": "Add(*x)",
    "keywords unpacked": "Symbol('x', **x)",
    "an argument after a keyword": "Symbol(real=True, 'x')",
    "a comment": "Integer(1)#",
    "a second line": "Integer(1)\nInteger(1)",
    "a format": "Symbol(f'{1}')",
    "bytes": "Symbol(b'x')",
    "texts side by side": "Symbol('x' 'y')",
    "a decimal number": "Integer(1.0)",
    "an imaginary number": "Integer(1j)",
    "a hexadecimal number": "Integer(0x10)",
    "an ellipsis": "Tuple(...)",
    "a keyword of Python": "not(pi)",
    "a call of a call": "sin(pi)(pi)",
    "an unknown node": "MatrixSymbol('A', 2, 2)",
    "an unknown constant": "oo",
    "a letter that only looks like one": "ｐｉ",
    "deep": "sin(" * 5000 + "Integer(0)" + ")" * 5000,
    "nested at the limit of the parser": "sin(" * 160 + "Integer(0)" + ")" * 160,
    "too many nodes": "Tuple(" + "pi, " * 1_000_000 + "pi)",
    "too long": "a" * (LONGEST + 1),
    "one long name": "a" * LONGEST,
    "many strings": "'a'," * (LONGEST // 4),
    "many quotes": "'" * LONGEST,
    "many parentheses": "sin(" * (LONGEST // 4),
    "many calls": "f" + "()" * (LONGEST // 2 - 1),
    "a giant integer": f"Integer({'9' * 100_000})",
    "a giant power": "Pow(Integer(10), Integer(1000000000))",
    "a giant tower": "Pow(Pow(Integer(9), Integer(999)), Integer(999))",
    "a giant root of a power": "Pow(Integer(7), Rational(10000000001, 3))",
    "a giant coefficient to a power": f"Pow(Mul(Integer({'9' * 1000}), Symbol('x')), Integer(999))",
    "a giant product": f"Mul({', '.join(['Integer(' + '7' * 1400 + ')'] * 100)})",
    "a giant binomial": "binomial(Integer(1000000), Integer(500000))",
    "a giant float": "Float('1.0', precision=1000000000)",
    "a float of words": "Float('nan', precision=53)",
    "a giant minimum": "Min(" + ", ".join(f"Symbol('x{i}')" for i in range(5000)) + ")",
    "nested roots of a number": (
        "Add(Integer(-1), Pow(" * 40 + "Integer(3)" + ", Rational(1, 2)))" * 40
    ),
    "a giant exponential": "floor(exp(Integer(1000000000000)))",
    "a tower of exponentials": "sin(exp(exp(exp(Integer(900)))))",
    "a tower by a constant": "Pow(E, Pow(E, Integer(1000)))",
    "a giant angle": "Min(Integer(1), sin(Pow(Pow(pi, Integer(900)), Integer(900))))",
    "an irrational floor": "floor(Add(Symbol('x'), Pow(pi, Integer(1000))))",
    "an irrational absolute value": "Abs(Add(pi, Integer(-3)))",
    "a giant comparison": f"Max({', '.join(['Pow(Integer(2), Rational(1, 2))'] * 5000)})",
    "a zero denominator": "Rational(1, 0)",
    "an integer of text": "Integer('1')",
    "an integer of a truth value": "Integer(True)",
    "a rational of symbols": "Rational(Symbol('x'), 2)",
    "a symbol of a symbol": "Symbol(Symbol('x'))",
    "a symbol with an unknown assumption": "Symbol('x', __class__=True)",
    "a symbol with contrary assumptions": "Symbol('x', positive=True, negative=True)",
    "a symbol with text as assumption": "Symbol('x', positive='yes')",
    "a symbol with a line end": "Symbol('a\nb')",
    "a symbol of an escape": r"Symbol('\x41')",
    "a symbol of half a character": "Symbol('\ud800')",
    "an assumption twice": "Symbol('x', real=True, real=True)",
    "too many arguments": "sin(Integer(1), Integer(2))",
    "too few arguments": "Pow(Integer(1))",
    "an unknown keyword": "sin(Integer(1), evaluate=False)",
    "a sum over a number": "Sum(Integer(1), Tuple(Integer(1), Integer(1), Integer(2)))",
    "a sum over nothing": "Sum(Integer(1))",
    "a derivative of high order": "Derivative(Symbol('x'), Tuple(Symbol('x'), Integer(3)))",
    "a definition of a number": "NamedExpression(pi, Tuple(Tuple(Integer(1), Integer(1))))",
    "a function of nothing": "Function('f')()",
    "a function not applied": "Function('f')",
    "a function with keywords": "Function('f')(pi, evaluate=False)",
    "an uncounted root": "OrderedRoot(Symbol('x'), Symbol('x'), Integer(-1))",
    "a null byte": "Symbol('\0')",
}


@pytest.fixture
def unevaluated(monkeypatch):
    """Anything that is executed fails."""

    def executed(*_):
        raise AssertionError("something was executed")

    for home, function in ((builtins, "eval"), (builtins, "exec"), (os, "system")):
        monkeypatch.setattr(home, function, executed)


@pytest.mark.usefixtures("unevaluated")
@pytest.mark.parametrize("name", REFUSED)
def test_anything_else_is_refused(name):
    with pytest.raises(InvalidArgument, match="^`expression` must ") as error:
        parse(REFUSED[name])
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


def test_numbers_to_their_limits():
    for value in (0, -7, 10**1500 - 1, 1 - 10**1500):
        assert parse(f"Integer({value})") == value
    with pytest.raises(InvalidArgument, match="at most 1500 digits"):
        parse(f"Integer({10**1500})")


def test_nesting_to_its_limit():
    assert parse("Abs(" * 149 + "Symbol('x')" + ")" * 149) == Abs(Symbol("x"))
    with pytest.raises(InvalidArgument, match="nested at most 150 deep"):
        parse("Abs(" * 150 + "Symbol('x')" + ")" * 150)
