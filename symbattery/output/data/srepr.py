"""Reading SymPy's ``srepr`` text without evaluating any code.

A tokenizer and a recursive descent over the grammar ``name(argument, ..., key=value)``. Only the
node types of a table are built, sizes are bounded before anything is computed, and whatever else
stands in the text is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Basic,
    Derivative,
    Eq,
    Expr,
    Float,
    Function,
    I,
    Integer,
    Max,
    Min,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    S,
    Symbol,
    Tuple,
    acos,
    asin,
    atan,
    binomial,
    cos,
    exp,
    floor,
    log,
    pi,
    sin,
    tan,
    tanh,
)
from sympy.core.relational import Ge, Gt, Le, Lt
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean

from numerics.model.checks import InvalidArgument
from symbattery.core.finite_sums import TermSum
from symbattery.core.implicit import ImplicitRoot
from symbattery.core.named_expression import NamedExpression
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

_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<number>-?[0-9]+)"
    r"|(?P<text>'(?:[^'\\]|\\[\\'])*'|\"[^\"\\]*\")|(?P<mark>[(),=]))"
)

_CONSTANTS: Mapping[str, Basic] = {
    "pi": pi,
    "I": I,
    "E": S.Exp1,
    "true": S.true,
    "false": S.false,
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
    if len(text) > LONGEST:
        raise _refused(f"have at most {LONGEST} characters", f"has {len(text)}")
    reader = _Reader(list(_tokens(text)))
    try:
        value = reader.value(0)
    except InvalidArgument:
        raise
    except (TypeError, ValueError, ArithmeticError, AttributeError, RecursionError) as error:
        reason = str(error).split("\n")[0][:80]
        raise _refused("be built of fitting arguments", reason or type(error).__name__) from None
    reader.end()
    if not isinstance(value, Basic):
        raise _refused("be an expression", "is a bare value")
    return value


def _refused(must: str, found: str) -> InvalidArgument:
    return InvalidArgument(f"`expression` must {must}, but {found[:100]}")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    end = len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None or match.lastgroup is None:
            shown = text[place : place + 20]
            raise _refused("be in the grammar of srepr", f"{shown!r} stands at {place}")
        yield match.lastgroup, match[match.lastgroup]
        place = match.end()


class _Reader:
    """The tokens, and how far they were read."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.nodes = 0

    def _next(self) -> tuple[str, str]:
        if self.place >= len(self.tokens):
            raise _refused("be whole", "it ends early")
        self.place += 1
        return self.tokens[self.place - 1]

    def _at(self, mark: str) -> bool:
        return self.tokens[self.place : self.place + 1] == [("mark", mark)]

    def _expect(self, mark: str) -> None:
        kind, token = self._next()
        if (kind, token) != ("mark", mark):
            raise _refused(f"have {mark!r} there", f"{token!r} stands in its place")

    def end(self) -> None:
        if self.place < len(self.tokens):
            raise _refused("be one expression", f"{self.tokens[self.place][1]!r} follows")

    def value(self, depth: int) -> Any:
        """A node, an integer or a text."""
        self.nodes += 1
        if depth > _DEEPEST:
            raise _refused(f"be nested at most {_DEEPEST} deep", "is deeper")
        if self.nodes > _MOST_NODES:
            raise _refused(f"have at most {_MOST_NODES} nodes", "has more")
        kind, token = self._next()
        if kind == "number":
            if len(token) > _MOST_DIGITS:
                raise _refused(f"have numbers of at most {_MOST_DIGITS} digits", "has a longer one")
            return int(token)
        if kind == "text":
            return token[1:-1].replace("\\'", "'").replace("\\\\", "\\")
        if kind != "name":
            raise _refused("have a value there", f"{token!r} stands in its place")
        if not self._at("("):
            return self._constant(token)
        arguments, keywords = self._arguments(depth)
        if token == "Function":
            return self._applied(arguments, keywords, depth)
        build = NODES.get(token)
        if build is None:
            raise _refused("hold known nodes only", f"holds {token}")
        return build(*arguments, **keywords)

    def _constant(self, token: str) -> Any:
        if token in ("True", "False"):
            return token == "True"
        if token not in _CONSTANTS:
            raise _refused("hold known names only", f"holds {token}")
        return _CONSTANTS[token]

    def _arguments(self, depth: int) -> tuple[list[Any], dict[str, Any]]:
        self._expect("(")
        arguments: list[Any] = []
        keywords: dict[str, Any] = {}
        while not self._at(")"):
            named = self.tokens[self.place + 1 : self.place + 2] == [("mark", "=")]
            if named:
                kind, key = self._next()
                self._expect("=")
                if kind != "name" or key in keywords:
                    raise _refused("have each keyword once", f"{key!r} stands there")
                keywords[key] = self.value(depth + 1)
            elif keywords:
                raise _refused("have keywords last", "an argument follows one")
            else:
                arguments.append(self.value(depth + 1))
            if not self._at(")"):
                self._expect(",")
                if self._at(")"):
                    raise _refused("have a value there", "')' stands in its place")
        self._expect(")")
        return arguments, keywords

    def _applied(self, named: list[Any], keywords: Mapping[str, Any], depth: int) -> Expr:
        """ξ(k, c): a named quantity and the indices it depends on."""
        if len(named) != 1 or keywords or not _is_name(named[0]):
            raise _refused("name a function by text alone", "does not")
        arguments, more = self._arguments(depth)
        if more or not arguments:
            raise _refused("apply a function to indices", "does not")
        return Function(named[0])(*map(_expr, arguments))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_NAME and value.isprintable()


def _expr(value: Any) -> Expr:
    if not isinstance(value, Expr):
        raise _refused("have expressions as arguments", f"has {type(value).__name__}")
    return value


def _boolean(value: Any) -> Boolean:
    if not isinstance(value, Boolean):
        raise _refused("have a condition there", f"has {type(value).__name__}")
    return value


def _symbol_of(value: Any) -> Symbol:
    if not isinstance(value, Symbol):
        raise _refused("have a symbol there", f"has {type(value).__name__}")
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _refused("have an integer there", f"has {type(value).__name__}")
    return value


def _bits(value: Expr) -> int:
    """The size of the number in front of an expression."""
    number = value.as_coeff_Mul()[0] if isinstance(value, Mul) else value
    if not number.is_Rational:
        return 1
    return int(number.p).bit_length() + int(number.q).bit_length()


def _symbol(name: Any, **assumptions: Any) -> Symbol:
    if not _is_name(name):
        raise _refused(f"name symbols by 1 to {_LONGEST_NAME} printable characters", "does not")
    for key, value in assumptions.items():
        if key not in _ASSUMPTIONS or not isinstance(value, bool):
            raise _refused("make known assumptions only", f"makes {key}")
    return Symbol(name, **assumptions)


def _rational(above: Any, below: Any) -> Expr:
    if _integer(below) == 0:
        raise _refused("have denominators other than 0", "has 0")
    return Rational(_integer(above), below)


def _float(digits: Any, *, precision: Any) -> Expr:
    if not isinstance(digits, str) or not re.fullmatch(
        rf"-?[0-9]{{1,{_MOST_DIGITS}}}(\.[0-9]{{0,{_MOST_DIGITS}}})?(e[+-]?[0-9]{{1,4}})?", digits
    ):
        raise _refused("have decimal numbers", "has something else")
    if not 1 <= _integer(precision) <= _MOST_PRECISION:
        raise _refused(f"have a precision of 1 to {_MOST_PRECISION} bits", f"has {precision}")
    return Float(digits, precision=precision)


def _summed(kind: type[Expr]) -> Callable[..., Expr]:
    def build(*arguments: Any) -> Expr:
        terms = [_expr(a) for a in arguments]
        if len(terms) < 2:
            raise _refused(f"have at least two arguments in {kind.__name__}", "has fewer")
        if sum(_bits(a) for a in terms if a.is_Rational or a.is_Mul) > _MOST_BITS:
            raise _refused(f"have numbers of at most {_MOST_BITS} bits", "has larger ones")
        return kind(*terms)

    return build


def _depth(value: Expr) -> int:
    """How deep the powers of a number are nested; SymPy's time doubles with each."""
    return value.is_Pow + max((_depth(a) for a in value.args), default=0)


def _power(base: Any, exponent: Any) -> Expr:
    base, exponent = _expr(base), _expr(exponent)
    number = exponent.as_coeff_Mul()[0] if isinstance(exponent, Mul) else exponent
    if base.is_number and not base.is_Rational and _depth(base) > _DEEPEST_POWER:
        raise _refused(f"nest powers of numbers {_DEEPEST_POWER} deep", "nests them deeper")
    if exponent.is_number and not exponent.is_Rational:
        raise _refused("have rational powers of numbers", "has another one")
    if number.is_Rational:
        if abs(number) > _LARGEST_POWER or max(number.p, number.q) > 10**6:
            raise _refused(f"have powers of at most {_LARGEST_POWER}", "has a larger one")
        if _bits(base) * abs(number) > _MOST_BITS:
            raise _refused(f"have numbers of at most {_MOST_BITS} bits", "has larger ones")
    return Pow(base, exponent)


def _binomial(above: Any, below: Any) -> Expr:
    for value in (_expr(above), _expr(below)):
        if value.is_number and not (value.is_Integer and abs(value) <= _LARGEST_BINOMIAL):
            raise _refused(f"have binomials up to {_LARGEST_BINOMIAL}", "has a larger one")
    return binomial(above, below)


def _of_one(function: Any) -> Callable[..., Expr]:
    def build(argument: Any) -> Expr:
        if _expr(argument).is_number and not abs(argument.evalf(3)) <= _LARGEST_ARGUMENT:
            raise _refused("have numbers of moderate size in functions", "has a larger one")
        return function(argument)

    return build


def _absolute(argument: Any) -> Expr:
    if _expr(argument).is_number and not argument.is_Rational:
        raise _refused("have absolute values of symbols", "has one of a number")
    return Abs(argument)


def _floor(argument: Any) -> Expr:
    terms = Add.make_args(_expr(argument))
    if any(term.is_number and not term.is_Rational for term in terms):
        raise _refused("round rational numbers only", "rounds another one")
    return floor(argument)


def _of_several(function: Any) -> Callable[..., Expr]:
    def build(*arguments: Any) -> Expr:
        _few(arguments)
        return function(*map(_expr, arguments))

    return build


def _few(arguments: Sequence[Any]) -> None:
    """What SymPy compares pair by pair."""
    if not 1 <= len(arguments) <= _MOST_COMPARED:
        raise _refused(f"compare 1 to {_MOST_COMPARED} arguments", f"has {len(arguments)}")


def _relation(kind: Any) -> Callable[..., Boolean]:
    def build(left: Any, right: Any) -> Boolean:
        return kind(_expr(left), _expr(right), evaluate=False)

    return build


def _logic(kind: Any) -> Callable[..., Boolean]:
    def build(*conditions: Any) -> Boolean:
        _few(conditions)
        return kind(*map(_boolean, conditions))

    return build


def _tuple(*entries: Any) -> Tuple:
    if not all(isinstance(entry, Basic) for entry in entries):
        raise _refused("have expressions in tuples", "has something else")
    return Tuple(*entries)


def _sum(term: Any, *limits: Any) -> Expr:
    for limit in limits:
        if not (isinstance(limit, Tuple) and len(limit) == 3):
            raise _refused("have sums over (index, first, last)", "has another range")
        _symbol_of(limit[0])
    if not limits:
        raise _refused("have sums over (index, first, last)", "has no range")
    return TermSum(_expr(term), *limits)


def _case(value: Any, condition: Any) -> ExprCondPair:
    return ExprCondPair(_expr(value), _boolean(condition))


def _piecewise(*cases: Any) -> Expr:
    if not cases or not all(isinstance(case, ExprCondPair) for case in cases):
        raise _refused("have cases in Piecewise", "has something else")
    return Piecewise(*cases, evaluate=False)


def _derivative(expression: Any, *variables: Any) -> Expr:
    """Not carried out: a stationarity condition as it is written."""
    for pair in variables:
        if not (isinstance(pair, Tuple) and len(pair) == 2 and pair[1] in (1, 2)):
            raise _refused("have derivatives by (variable, 1 or 2)", "has others")
        _symbol_of(pair[0])
    if not variables:
        raise _refused("have derivatives by (variable, 1 or 2)", "has others")
    return Derivative(_expr(expression), *variables)


def _ordered_root(polynomial: Any, variable: Any, index: Any) -> Expr:
    number = index if isinstance(index, Integer) else Integer(_integer(index))
    if not 0 <= number <= 100:
        raise _refused("count roots from 0", f"counts {number}")
    return OrderedRoot(_expr(polynomial), _symbol_of(variable), int(number))


def _implicit_root(variable: Any, function: Any, upper: Any, equation: Any, lower: Any) -> Expr:
    return ImplicitRoot(
        _symbol_of(variable), _expr(function), _expr(upper), _boolean(equation), _expr(lower)
    )


def _defined(expression: Any, definitions: Any) -> Expr:
    if not isinstance(definitions, Tuple) or not all(
        isinstance(pair, Tuple) and len(pair) == 2 for pair in definitions
    ):
        raise _refused("have pairs as definitions", "has something else")
    pairs = [(_symbol_of(name), _expr(value)) for name, value in definitions]
    return NamedExpression(_expr(expression), pairs)


NODES: Mapping[str, Callable[..., Any]] = {
    "Symbol": _symbol,
    "Integer": lambda value: Integer(_integer(value)),
    "Rational": _rational,
    "Float": _float,
    "Add": _summed(Add),
    "Mul": _summed(Mul),
    "Pow": _power,
    "sin": _of_one(sin),
    "cos": _of_one(cos),
    "tan": _of_one(tan),
    "acos": _of_one(acos),
    "asin": _of_one(asin),
    "atan": _of_one(atan),
    "exp": _of_one(exp),
    "log": _of_one(log),
    "tanh": _of_one(tanh),
    "Abs": _absolute,
    "floor": _floor,
    "binomial": _binomial,
    "Min": _of_several(Min),
    "Max": _of_several(Max),
    "Tuple": _tuple,
    "Sum": _sum,
    "Piecewise": _piecewise,
    "ExprCondPair": _case,
    "Equality": _relation(Eq),
    "Unequality": _relation(Ne),
    "GreaterThan": _relation(Ge),
    "LessThan": _relation(Le),
    "StrictGreaterThan": _relation(Gt),
    "StrictLessThan": _relation(Lt),
    "And": _logic(And),
    "Or": _logic(Or),
    "Not": _logic(Not),
    "Derivative": _derivative,
    "OrderedRoot": _ordered_root,
    "ImplicitRoot": _implicit_root,
    "NamedExpression": _defined,
}
