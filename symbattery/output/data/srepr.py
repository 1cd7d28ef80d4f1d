"""Reading SymPy's ``srepr`` text without evaluating any code.

The text must consist of calls, keywords, names, integers and strings only, which one pass over it
decides; Python's own parser makes the tree. Of the nodes of the tree those of a table are built,
with sizes bounded before anything is computed, and everything else is refused.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import sympy
from sympy import Basic, Expr, Integer, Symbol, Tuple
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from numerics.model.checks import InvalidArgument
from symbattery.core.finite_sums import TermSum
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.dynamics.radicals import OrderedRoot

__all__ = ["LONGEST", "NODES", "parse"]

LONGEST = 10_000_000
_DEEPEST = 150
_MOST_NODES = 1_000_000
_MOST_DIGITS = 1500
_MOST_BITS = 20_000
_LARGEST_POWER = 1000
_LARGEST_BINOMIAL = 1000
_MOST_PRECISION = 4000
_MOST_COMPARED = 40
_DEEPEST_POWER = 6
_LARGEST_ARGUMENT = 1000
_LONGEST_NAME = 60

_STRING = r"""(?:'(?:[^'\\]|\\[\\'])*+'|"(?:[^"\\]|\\\\)*+")"""

# Possessive throughout, so that the time is linear in the length of the text. What nests is a call
# with its parenthesis alone: the parser, whose memory and stack grow with the tree, sees no more.
_GRAMMAR = re.compile(
    rf"""(?:
        Function\({_STRING}\)\( \s*+                                 # a function of indices
      | [A-Za-z_][A-Za-z0-9_]*+ \s*+ (?: [(=] \s*+ | (?=[,)]|\Z) )  # a call, a keyword, a constant
      | (?: -?[0-9]{{1,{_MOST_DIGITS}}}+ | {_STRING} | \) ) \s*+ (?=[,)]|\Z)
      | , \s*+ (?!\))
    )*+""",
    re.VERBOSE,
)

_DECIMAL = re.compile(
    rf"-?[0-9]{{1,{_MOST_DIGITS}}}(\.[0-9]{{0,{_MOST_DIGITS}}})?(e[+-]?[0-9]{{1,4}})?"
)

# What Python's parser and SymPy's constructors raise.
_UNFIT = (TypeError, ValueError, ArithmeticError, AttributeError, MemoryError, RecursionError)

_CONSTANTS: Mapping[str, Basic] = {
    "pi": sympy.pi,
    "I": sympy.I,
    "E": sympy.E,
    "true": sympy.true,
    "false": sympy.false,
}

_ASSUMPTIONS = frozenset(
    ("integer", "positive", "nonnegative", "negative", "nonpositive", "real", "nonzero", "rational",
     "finite", "extended_real", "commutative", "complex", "even", "odd", "zero")
)  # fmt: skip


def parse(text: str) -> Basic:
    """The expression that ``text`` is the ``srepr`` of.

    Raises
    ------
    InvalidArgument
        ``text`` is no such expression, holds a node that is not in ``NODES``, or is too large.
    """
    if not isinstance(text, str):
        raise _refused("be text", type(text).__name__)
    _require(len(text) <= LONGEST, f"have at most {LONGEST} characters")
    text = text.strip()
    match = _GRAMMAR.match(text)
    place = match.end() if match else 0
    if place < len(text) or not text:
        must = f"be in the grammar of srepr, with numbers of at most {_MOST_DIGITS} digits"
        raise _refused(must, f"{text[place : place + 20]!r} stands at {place}")
    small = text.count("(") + text.count(",") < _MOST_NODES
    _require(small, f"have at most {_MOST_NODES} nodes")
    try:
        value = _value(ast.parse(text, mode="eval").body, 0)
    except InvalidArgument:
        raise
    except SyntaxError as error:
        raise _refused("be in the grammar of srepr", error.msg) from None
    except _UNFIT as error:
        reason = str(error).split("\n")[0][:80]
        raise _refused("be built of fitting arguments", reason or type(error).__name__) from None
    if not isinstance(value, Basic):
        raise _refused("be an expression", "is a bare value")
    return value


def _refused(must: str, given: str) -> InvalidArgument:
    return InvalidArgument(f"`expression` must {must}, but {given[:100]}")


def _require(holds: Any, must: str) -> None:
    if not holds:
        raise _refused(must, "does not")


class Node(NamedTuple):
    """A kind of node: what makes it, a check of sizes before, and the kinds of its arguments.

    There may be any number of further arguments of the kind ``more``.
    """

    build: Callable[..., Any]
    check: Callable[..., None]
    kinds: tuple[type, ...]
    more: type | None = None


def _value(node: ast.expr, depth: int) -> Any:
    """A node of the tree as an expression, an integer, a truth value or a text."""
    _require(depth <= _DEEPEST, f"be nested at most {_DEEPEST} deep")
    named: list[Any] = []
    match node:
        case ast.Constant(value=bool() | int() | str()):
            return node.value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as number)):
            return -number
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Call(func=ast.Name(id=name)) if name in NODES:
            kind = NODES[name]
        case ast.Call(func=ast.Call(args=[ast.Constant(value=str() as name)])):
            kind, named = _FUNCTION, [name]
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            raise _refused("hold known names only", f"holds {name}")
        case _:
            raise _refused("hold calls, names, integers and text", f"holds {type(node).__name__}")
    arguments = named + [_value(each, depth + 1) for each in node.args]
    keywords = {str(each.arg): _value(each.value, depth + 1) for each in node.keywords}
    _require(len(keywords) == len(node.keywords), "have each keyword once")
    kinds = kind.kinds
    if kind.more is not None:
        kinds += (kind.more,) * (len(arguments) - len(kinds))
    _require(len(arguments) == len(kinds), f"have the number of arguments that {name} takes")
    for value, wanted in zip(arguments, kinds, strict=True):
        if not isinstance(value, wanted) or isinstance(value, bool):
            must = f"have arguments of type {wanted.__name__} in {name}"
            raise _refused(must, f"has {type(value).__name__}")
    # A check takes no keywords but those of its node: all others are refused here.
    kind.check(*arguments, **keywords)
    return kind.build(*arguments, **keywords)


# -- checks of sizes, before anything is computed --------------------------------------------


def _free(*_: Any) -> None:
    """Of any size."""


def _few(*compared: Basic) -> None:
    """Arguments that SymPy compares pair by pair: few enough of them."""
    _require(len(compared) <= _MOST_COMPARED, f"compare at most {_MOST_COMPARED} arguments")


def _coefficient(value: Expr) -> Expr:
    """The number in front of an expression."""
    return value.as_coeff_Mul()[0] if value.is_Mul else value


def _bits(value: Expr) -> int:
    """The size of the number in front of an expression."""
    number = _coefficient(value)
    return int(number.p).bit_length() + int(number.q).bit_length() if number.is_Rational else 1


def _power_depth(value: Expr) -> int:
    """The number of powers within one another; SymPy's time doubles with each."""
    return value.is_Pow + max((_power_depth(a) for a in value.args), default=0)


def _name(text: str, *_: Any) -> None:
    must = f"have names of 1 to {_LONGEST_NAME} printable characters"
    _require(0 < len(text) <= _LONGEST_NAME and text.isprintable(), must)


def _symbol(name: str, **assumptions: Any) -> None:
    _name(name)
    for key, value in assumptions.items():
        _require(key in _ASSUMPTIONS and isinstance(value, bool), "make known assumptions only")


def _ratio(_: int, below: int) -> None:
    _require(below != 0, "have denominators other than 0")


def _decimal(digits: str, *, precision: Any) -> None:
    _require(_DECIMAL.fullmatch(digits), "have decimal numbers")
    fits = type(precision) is int and 1 <= precision <= _MOST_PRECISION
    _require(fits, f"have a precision of 1 to {_MOST_PRECISION} bits")


def _terms(*terms: Expr) -> None:
    bits = sum(_bits(term) for term in terms if term.is_Rational or term.is_Mul)
    _require(bits <= _MOST_BITS, f"have numbers of at most {_MOST_BITS} bits")


def _power(base: Expr, exponent: Expr) -> None:
    flat = base.is_Rational or not base.is_number or _power_depth(base) <= _DEEPEST_POWER
    _require(flat, f"nest powers of numbers at most {_DEEPEST_POWER} deep")
    _require(exponent.is_Rational or not exponent.is_number, "have rational powers of numbers")
    number = _coefficient(exponent)
    if number.is_Rational:
        small = abs(number) <= _LARGEST_POWER and max(number.p, number.q) <= 10**6
        _require(small, f"have powers of at most {_LARGEST_POWER}")
        bits = _bits(base) * abs(number)
        _require(bits <= _MOST_BITS, f"have numbers of at most {_MOST_BITS} bits")


def _choices(*pair: Expr) -> None:
    for value in pair:
        small = value.is_Integer and abs(value) <= _LARGEST_BINOMIAL
        _require(small or not value.is_number, f"have binomials up to {_LARGEST_BINOMIAL}")


def _moderate(argument: Expr) -> None:
    moderate = not argument.is_number or abs(argument.evalf(3)) <= _LARGEST_ARGUMENT
    _require(moderate, "have numbers of moderate size in functions")


def _plain(argument: Expr) -> None:
    _require(argument.is_Rational or not argument.is_number, "have absolute values of symbols")


def _rounded(argument: Expr) -> None:
    for term in sympy.Add.make_args(argument):
        _require(term.is_Rational or not term.is_number, "round rational numbers only")


def _ranges(_: Expr, *limits: Tuple) -> None:
    fits = all(len(limit) == 3 and isinstance(limit[0], Symbol) for limit in limits)
    _require(fits, "have sums over (index, first, last)")


def _orders(_: Expr, *variables: Tuple) -> None:
    fits = all(len(v) == 2 and isinstance(v[0], Symbol) and v[1] in (1, 2) for v in variables)
    _require(fits, "have derivatives by (variable, 1 or 2)")


def _counted(_: Expr, __: Symbol, index: Integer) -> None:
    _require(0 <= index <= 100, "count roots from 0 to 100")


def _pairs(_: Expr, definitions: Tuple) -> None:
    for pair in definitions:
        fits = isinstance(pair, Tuple) and len(pair) == 2
        fits = fits and isinstance(pair[0], Symbol) and isinstance(pair[1], Expr)
        _require(fits, "define symbols by expressions")


_ELEMENTARY = ("sin", "cos", "tan", "acos", "asin", "atan", "exp", "log", "tanh")
_RELATIONS = (sympy.Eq, sympy.Ne, sympy.Ge, sympy.Le, sympy.Gt, sympy.Lt)

_FUNCTION = Node(lambda name, *at: sympy.Function(name)(*at), _name, (str, Expr), Expr)

NODES: Mapping[str, Node] = {
    "Symbol": Node(Symbol, _symbol, (str,)),
    "Integer": Node(Integer, _free, (int,)),
    "Rational": Node(sympy.Rational, _ratio, (int, int)),
    "Float": Node(sympy.Float, _decimal, (str,)),
    "Add": Node(sympy.Add, _terms, (Expr, Expr), Expr),
    "Mul": Node(sympy.Mul, _terms, (Expr, Expr), Expr),
    "Pow": Node(sympy.Pow, _power, (Expr, Expr)),
    "Abs": Node(sympy.Abs, _plain, (Expr,)),
    "floor": Node(sympy.floor, _rounded, (Expr,)),
    "binomial": Node(sympy.binomial, _choices, (Expr, Expr)),
    "Min": Node(sympy.Min, _few, (Expr,), Expr),
    "Max": Node(sympy.Max, _few, (Expr,), Expr),
    "And": Node(sympy.And, _few, (Boolean,), Boolean),
    "Or": Node(sympy.Or, _few, (Boolean,), Boolean),
    "Not": Node(sympy.Not, _free, (Boolean,)),
    "Tuple": Node(Tuple, _free, (), Basic),
    "Sum": Node(TermSum, _ranges, (Expr, Tuple), Tuple),
    "ExprCondPair": Node(ExprCondPair, _free, (Expr, Boolean)),
    "Piecewise": Node(
        partial(sympy.Piecewise, evaluate=False), _free, (ExprCondPair,), ExprCondPair
    ),
    "Derivative": Node(sympy.Derivative, _orders, (Expr, Tuple), Tuple),
    "OrderedRoot": Node(OrderedRoot, _counted, (Expr, Symbol, Integer)),
    "ImplicitRoot": Node(ImplicitRoot, _free, (Symbol, Expr, Expr, Boolean, Expr)),
    "NamedExpression": Node(NamedExpression, _pairs, (Expr, Tuple)),
    **{name: Node(getattr(sympy, name), _moderate, (Expr,)) for name in _ELEMENTARY},
    **{
        kind.__name__: Node(partial(kind, evaluate=False), _free, (Expr, Expr))
        for kind in _RELATIONS
    },
}
"""The names of SymPy's printer, and what stands behind each."""
