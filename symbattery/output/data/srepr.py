"""Reading SymPy's ``srepr`` text without evaluating any code.

The text must consist of calls, keywords, names, integers and strings only, which one pass over it
decides; Python's own parser makes the tree. Of the nodes of the tree those of a table are built,
with sizes bounded before anything is computed, and everything else is refused.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from itertools import count
from math import prod
from typing import Any, NamedTuple

import mpmath
import sympy
from sympy import Basic, Expr, Integer, Symbol, Tuple, preorder_traversal
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from numerics.model.checks import InvalidArgument, is_far
from symbattery.core.expressions import is_symbol_name
from symbattery.core.finite_sums import Endless, TermSum
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.observables.forms import Largest, Least

__all__ = ["LONGEST", "NODES", "in_order", "parse", "written"]

LONGEST = 10_000_000
_DEEPEST = 150
_MOST_NODES = 1_000_000
_MOST_DIGITS = 1500
_MOST_BITS = 20_000
_LARGEST_POWER = 1000
_MOST_POWER_BITS = 128
_LARGEST_BINOMIAL = 1000
_MOST_PRECISION = 4000
_MOST_COMPARED = 40
_DEEPEST_POWER = 6
_LARGEST_ARGUMENT = 1000
_HIGHEST_DEGREE = 100
_DIGITS = 30
_MOST_TERMS = 1000

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
    name: getattr(sympy, name) for name in ("pi", "I", "E", "true", "false")
}

_INFINITE = (sympy.zoo, sympy.nan, sympy.oo, -sympy.oo)

_ASSUMPTIONS = (
    "integer", "positive", "nonnegative", "negative", "nonpositive", "real", "nonzero", "rational",
    "finite", "extended_real", "commutative", "complex", "even", "odd", "zero",
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


def written(value: Basic) -> str:
    """The text of an expression that :func:`parse` reads: SymPy's ``srepr``.

    Roots of equations that stand in several places are written once, in a ``Where``.
    """
    parts, counts = preorder_traversal(value), Counter[Basic]()
    for part in parts:
        if isinstance(part, ImplicitRoot):
            parts.skip()
            counts[part] += 1
    taken = {symbol.name for symbol in value.atoms(Symbol)}
    free = (name for name in map("r_{}".format, count(1)) if name not in taken)
    several = [root for root, times in counts.items() if times > 1]
    put = {root: Symbol(name, positive=True) for root, name in zip(several, free, strict=False)}
    short, pairs = value.xreplace(put), Tuple(*(Tuple(name, root) for root, name in put.items()))
    if not put or short.xreplace(dict(pairs)) != value:
        return str(sympy.srepr(value))
    return f"Where({sympy.srepr(short)}, {sympy.srepr(pairs)})"


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
    _require(depth == 0 or kind is not NODES["Where"], "have one Where, around the whole")
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
    made = kind.build(*arguments, **keywords)
    _require(not made.has(*_INFINITE), "be finite everywhere")
    _require(not (made.is_Float and is_far(made)), "have numbers of moderate size")
    return made


# -- checks of sizes, before anything is computed --------------------------------------------


def _must(must: str, holds: Callable[..., Any]) -> Callable[..., None]:
    """A check of the arguments of a node."""
    return lambda *given, **keywords: _require(holds(*given, **keywords), must)


def _free(*_: Any) -> None:
    """Of any size."""


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


def _symbol(name: str, **assumptions: Any) -> None:
    _name(name)
    for key, value in assumptions.items():
        _require(key in _ASSUMPTIONS and isinstance(value, bool), "make known assumptions only")
    _require(assumptions.get("commutative", True), "have commutative symbols")


def _decimal(digits: str, *, precision: Any) -> None:
    _require(_DECIMAL.fullmatch(digits), "have decimal numbers")
    fits = type(precision) is int and 1 <= precision <= _MOST_PRECISION
    _require(fits, f"have a precision of 1 to {_MOST_PRECISION} bits")


def _power(base: Expr, exponent: Expr) -> None:
    flat = base.is_Rational or not base.is_number or _power_depth(base) <= _DEEPEST_POWER
    _require(flat, f"nest powers of numbers at most {_DEEPEST_POWER} deep")
    _require(exponent.is_Rational or not exponent.is_number, "have rational powers of numbers")
    number = _coefficient(exponent)
    if number.is_Rational:
        small = abs(number) <= _LARGEST_POWER and _bits(number) <= _MOST_POWER_BITS
        must = f"have powers of at most {_LARGEST_POWER}, and these of {_MOST_POWER_BITS} bits"
        _require(small, must)
        _require(_bits(base) * abs(number) <= _MOST_BITS, _SHORT)


def _choice(value: Expr) -> bool:
    small = value.is_Integer and abs(value) <= _LARGEST_BINOMIAL
    return bool(small) or not value.is_number


_SHORT = f"have numbers of at most {_MOST_BITS} bits"
_terms = _must(
    _SHORT, lambda *each: sum(_bits(x) for x in each if x.is_Rational or x.is_Mul) <= _MOST_BITS
)
_name = _must(
    "have names of letters, digits and Greek with sub- and superscripts",
    lambda text, *_: is_symbol_name(text),
)
_ratio = _must("have denominators other than 0", lambda _, below: below != 0)
# SymPy compares these arguments pair by pair.
_few = _must(f"compare at most {_MOST_COMPARED} arguments", lambda *x: len(x) <= _MOST_COMPARED)
_choices = _must(f"have binomials up to {_LARGEST_BINOMIAL}", lambda *x: all(map(_choice, x)))
_moderate = _must(
    "have numbers of moderate size in functions",
    lambda x: not x.is_number or abs(x.evalf(3)) <= _LARGEST_ARGUMENT,
)
_plain = _must("have absolute values of symbols", lambda x: x.is_Rational or not x.is_number)
_rounded = _must(
    "round rational numbers only",
    lambda x: all(term.is_Rational or not term.is_number for term in sympy.Add.make_args(x)),
)
_orders = _must(
    "have derivatives by (variable, 1 or 2)",
    lambda _, *by: all(len(x) == 2 and isinstance(x[0], Symbol) and x[1] in (1, 2) for x in by),
)
_symbolic = _must("have factorials of symbols only", lambda value: not value.is_number)
_some = _must("have a case that may hold", lambda *cases: any(c.cond != False for c in cases))  # noqa: E712


def _ranges(body: Expr, *limits: Tuple) -> None:
    shape = all(len(x) == 3 and isinstance(x[0], Symbol) for x in limits)
    _require(shape, "have sums over (index, first, last)")
    every = [*limits, *(x for inner in body.atoms(sympy.Sum) for x in inner.limits)]
    lengths = (last - first + 1 for _, first, last in every if not isinstance(last, Endless))
    terms = prod(max(length, 1) for length in lengths if length.is_number)
    _require(terms <= _MOST_TERMS, f"have sums of at most {_MOST_TERMS} terms")


def _counted_roots(polynomial: Expr, variable: Symbol, index: Integer) -> None:
    _require(polynomial.is_polynomial(variable), "have roots of polynomials")
    degree = sympy.degree(polynomial, variable)
    _require(degree <= _HIGHEST_DEGREE, f"have roots of degree at most {_HIGHEST_DEGREE}")
    _require(0 <= index < degree, "count roots from 0 to less than the degree")


def _counted(polynomial: Expr, variable: Symbol, index: Integer) -> None:
    _counted_roots(polynomial, variable, index)
    _require(
        _is_real_rooted(polynomial, variable), "have roots of polynomials with real roots only"
    )


@lru_cache(maxsize=64)
def _is_real_rooted(polynomial: Expr, variable: Symbol) -> bool:
    """False where some root is known not to be real, or to be double."""
    whole = sympy.Poly(polynomial, variable)
    if whole.domain.is_ZZ or whole.domain.is_QQ:
        return int(whole.count_roots()) == whole.degree()
    if polynomial.free_symbols != {variable}:
        return True
    with mpmath.workdps(_DIGITS):
        numbers = [mpmath.mpmathify(a.evalf(_DIGITS)) for a in whole.all_coeffs()]
        roots = mpmath.polyroots(numbers, maxsteps=500, extraprec=10 * _DIGITS)
        return all(abs(mpmath.im(x)) <= abs(x) * mpmath.mpf(10) ** (-_DIGITS / 2) for x in roots)


def _bounded(variable: Symbol, function: Expr, upper: Expr, equation: Any, lower: Expr) -> None:
    del function, equation
    ends = upper.free_symbols | lower.free_symbols
    _require(variable not in ends, "have bounds of roots that do not depend on them")
    width = upper - lower
    positive = width.evalf(_DIGITS) > 0 if width.is_number else width.is_positive is not False
    _require(positive == True, "have roots between a lower and an upper bound")  # noqa: E712


def _pairs(_: Expr, every: Tuple) -> None:
    fits = all(
        isinstance(x, Tuple) and len(x) == 2 and all(map(isinstance, x, (Symbol, Expr)))
        for x in every
    )
    _require(fits, "define symbols by expressions")
    _require(in_order(every.args), "define each symbol once, in terms of those before it")


def _shared(expression: Basic, every: Tuple) -> None:
    roots = all(
        isinstance(x, Tuple) and list(map(type, x)) == [Symbol, ImplicitRoot] for x in every
    )
    _require(roots and len(dict(every)) == len(every), "name each root once in Where")
    times = Counter(part for part in preorder_traversal(expression) if part.is_Symbol)
    sizes = (times[name] * sum(1 for _ in preorder_traversal(root)) for name, root in every)
    _require(sum(sizes) < _MOST_NODES, f"have at most {_MOST_NODES} nodes")


def in_order(definitions: Sequence[Any]) -> bool:
    """True where each name of (name, value) is new, and the values need earlier names only."""
    waiting = {name if isinstance(name, Symbol) else name.func for name, _ in definitions}
    if len(waiting) < len(definitions):
        return False
    for name, value in definitions:
        needed = value.free_symbols | {part.func for part in value.atoms(AppliedUndef)}
        if needed & waiting:
            return False
        waiting.discard(name if isinstance(name, Symbol) else name.func)
    return True


_ELEMENTARY = ("sin", "cos", "tan", "acos", "asin", "atan", "exp", "log", "tanh")
_RELATIONS = (sympy.Eq, sympy.Ne, sympy.Ge, sympy.Le, sympy.Gt, sympy.Lt)
_unevaluated = partial(partial, evaluate=False)
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
    "factorial": Node(sympy.factorial, _symbolic, (Expr,)),
    "binomial": Node(sympy.binomial, _choices, (Expr, Expr)),
    "Min": Node(sympy.Min, _few, (Expr,), Expr),
    "Max": Node(sympy.Max, _few, (Expr,), Expr),
    "Largest": Node(Largest, _few, (Expr,), Expr),
    "Least": Node(Least, _few, (Expr,), Expr),
    "And": Node(sympy.And, _few, (Boolean,), Boolean),
    "Or": Node(sympy.Or, _few, (Boolean,), Boolean),
    "Not": Node(sympy.Not, _free, (Boolean,)),
    "Tuple": Node(Tuple, _free, (), Basic),
    "Sum": Node(TermSum, _ranges, (Expr, Tuple), Tuple),
    "Endless": Node(Endless, _free, (Expr, Integer)),
    "ExprCondPair": Node(ExprCondPair, _free, (Expr, Boolean)),
    "Piecewise": Node(_unevaluated(sympy.Piecewise), _some, (ExprCondPair,), ExprCondPair),
    "Derivative": Node(sympy.Derivative, _orders, (Expr, Tuple), Tuple),
    "ComplexRoot": Node(ComplexRoot, _counted_roots, (Expr, Symbol, Integer)),
    "OrderedRoot": Node(OrderedRoot, _counted, (Expr, Symbol, Integer)),
    "ImplicitRoot": Node(ImplicitRoot, _bounded, (Symbol, Expr, Expr, Boolean, Expr)),
    "Where": Node(lambda whole, every: whole.xreplace(dict(every)), _shared, (Expr, Tuple)),
    "NamedExpression": Node(NamedExpression, _pairs, (Expr, Tuple)),
    **{name: Node(getattr(sympy, name), _moderate, (Expr,)) for name in _ELEMENTARY},
    **{kind.__name__: Node(_unevaluated(kind), _free, (Expr, Expr)) for kind in _RELATIONS},
}
"""The names of SymPy's printer (and ``Where``), and what stands behind each."""
