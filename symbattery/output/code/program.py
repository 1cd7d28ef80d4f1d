"""A quantity as a straight-line program: what every language prints, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sympy import Add, Basic, Expr, I, Mul, Pow, S, Symbol, cos, exp, expand, im, re, sin, sqrt
from sympy.core.traversal import bottom_up

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError, exact
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.solve import from_branches
from symbattery.observables.quantities import quantities
from symbattery.observables.rewriting import accurate_at_start, needed
from symbattery.output.code import statements
from symbattery.output.code.statements import (
    Assign,
    Eigenvectors,
    Entry,
    Loop,
    Names,
    RootCall,
    Statement,
    Zero,
    walk,
)
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

__all__ = ["Program", "fixed_values", "program", "stable"]

_CUBIC = 3
# The charger spins that start down; no symbol of a model begins like this.
_DOWN = Symbol("_down", integer=True, nonnegative=True)


@dataclass(frozen=True)
class Program:
    """One function of time, by the name of its quantity.

    ``arguments`` are those after the time, by field name; ``result`` is the value, or its real and
    imaginary part, to be divided by the time (and 0 at t = 0) if that is so.
    """

    name: str
    arguments: Mapping[str, Symbol]
    body: tuple[Statement, ...]
    result: tuple[Expr, ...]
    divided_by_time: bool = False

    @property
    def is_complex(self) -> bool:
        return len(self.result) == 2

    @property
    def has_roots(self) -> bool:
        """The presence of frequencies that are found numerically."""
        numerical = RootCall, Eigenvectors
        return any(s.value.has(*numerical) for s in walk(self.body) if isinstance(s, Assign))

    @property
    def arrays(self) -> dict[Symbol, int]:
        """The lengths of the named arrays."""
        every = (s for s in walk(self.body) if isinstance(s, Assign))
        return {s.name: s.value.size for s in every if isinstance(s.value, Eigenvectors)}

    @property
    def locals(self) -> tuple[Symbol, ...]:
        """The named constants and totals, in order."""
        every = (s.name for s in walk(self.body) if isinstance(s, Assign | Zero))
        return tuple(dict.fromkeys(every))

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The indices of the loops, in order."""
        return tuple(dict.fromkeys(s.index for s in walk(self.body) if isinstance(s, Loop)))


def stable(solution: ClosedForm) -> ClosedForm:
    """The same solution with named roots in place of the radicals of cubics and quartics.

    The cosines of a cubic lose half the digits of frequencies that are close to each other or
    small, and Euler's radicals cancel; roots found on their polynomial keep all but the last digit.
    """
    if solution.form == "roots" or all(_degree(chain) < _CUBIC for chain in solution.motions):
        return solution
    parts = (solution.model, solution.initial, solution.branches)
    rewritten = from_branches(type(solution), *parts, "roots", solution.sector_sums)
    return replace(rewritten, conditions=solution.conditions)


def _degree(chain: Chain) -> int:
    """Of the equation for the frequencies (chiral) or levels."""
    return len(chain.levels) // 2 if chain.is_chiral else len(chain.levels)


def program(solution: ClosedForm, name: str, fixed: Mapping[str, Any]) -> Program:
    """One quantity of a solution as a program.

    A quantity with a factor 1/t is divided at the end, and 0 at t = 0, where what it divides must
    vanish like t².

    Raises
    ------
    InvalidArgument
        An unknown quantity or parameter, or a value for which the formula was not derived.
    UnsolvedError
        A part of the formula that no program is written for.
    """
    put = fixed_values(solution, fixed)
    solution = solution.accurate or solution
    bare = dict(zip(solution.definitions, solution.plain_definitions, strict=True))
    name, expression, inputs, is_complex = _formula(accurate_at_start(solution), name)
    expression = expression.xreplace(bare).xreplace(put)
    divided = 1 / t in Mul.make_args(expression)
    plain, found = solution.plain_definitions, _diagonalised(solution, put)
    definitions = {s: v.subs(put) for s, v in {**found, **plain, **found}.items()}
    down = _spins_down(solution, put)
    definitions = {s: _in_spins_down(v, down) for s, v in definitions.items()}
    for value in needed(Add(expression, *inputs.values()), definitions).values():
        if value.has(ComplexRoot):
            raise UnsolvedError(
                f"no source code is written for {name}, which needs complex roots of a polynomial; "
                "the functions of a solution compute them (backends numpy, mpmath and math)"
            )
    names = Names(solution.parameters.values())
    body: list[Statement] = []
    for symbol, value in inputs.items():
        whole, loops = statements.without_sums(
            value.xreplace(bare).xreplace(put), definitions, names
        )
        body += loops
        definitions[symbol] = _in_spins_down(whole.doit(), down)
    if inputs:
        rest = expression
    else:
        rest, loops = statements.without_sums(
            expression * t if divided else expression, definitions, names
        )
        body, rest = [*body, *loops], rest.doit()
    parts = complex_parts(rest) if is_complex else (rest,)
    parts = tuple(_in_spins_down(part, down) for part in parts)
    steps, result = statements.straight(parts, definitions, names)
    body += steps
    if _DOWN in statements.used(body, result):
        body = [*(Assign(_DOWN, _DOWN + spins - up) for spins, up in down.items()), *body]
    symbols = statements.used(body, result)
    if t not in symbols:
        # So that the result has the shape of the times, and the argument is used.
        result = (Add(result[0], Mul(S.Zero, t, evaluate=False), evaluate=False), *result[1:])
    arguments = {n: s for n, s in solution.parameters.items() if s in symbols and s not in put}
    return Program(name, arguments, tuple(body), result, divided)


def _formula(solution: ClosedForm, name: str) -> tuple[str, Expr, dict[Symbol, Expr], bool]:
    """The canonical name, the formula with the symbols in it that move, and if it is complex."""
    available = quantities(solution)
    request = available.request(name)
    if request is None:
        # Amplitudes are what is there for a pure start only.
        amplitudes = {f"c{k}" for k in solution.amplitudes} if solution.is_pure else set()
        return name, available[name], {}, name in amplitudes
    if request.row.weight is not None or request.row.per_time:
        return request.name, request.expression, {}, False
    for option, value in request.options.items():
        if checks.is_symbolic(value):
            raise checks.invalid(option, "be a number in source code", value)
    formula, inputs = request.reduced
    return request.name, formula, inputs, formula.has(I)


def _diagonalised(solution: ClosedForm, put: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """Levels and weights of chains with a diagonal and with parameters, from eigenvectors.

    In double precision those of the resolvent are lost where levels are close to each other.
    """
    sign = -1 if solution.model.coupling.is_negative else 1
    found: dict[Symbol, Expr] = {}
    for chain, motion in solution.motions.items():
        elements = [v.subs(put) for v in (*chain.diagonal, *chain.hops_squared)]
        if chain.is_chiral or not any(v.free_symbols for v in elements):
            continue
        sites, array = len(chain.levels), Symbol(f"chain_{len(found)}", real=True)
        squares = enumerate(chain.hops_squared)
        hops = (sign * chain.sign(k, k + 1) * sqrt(square) for k, square in squares)
        found[array] = Eigenvectors(*chain.diagonal, *hops)
        parts = [[Entry(array, k * sites + r) for r in range(sites)] for k in range(sites + 1)]
        found |= zip(motion.rates, parts[0], strict=True)
        for row, here in zip(motion.sizes, parts[1:], strict=True):
            weights = zip(here, parts[1 + chain.start], strict=True)
            found |= {a: v * s for a, (v, s) in zip(row, weights, strict=True)}
    return found


def _spins_down(solution: ClosedForm, put: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    """N as m + h where N and m are both arguments: with h = N − m nothing cancels in m ≈ N."""
    chargers, excited = (solution.parameters.get(name) for name in ("chargers", "excited_chargers"))
    if chargers is None or excited is None or {chargers, excited} & put.keys():
        return {}
    return {chargers: excited + _DOWN}


def _in_spins_down(expression: Expr, down: Mapping[Symbol, Expr]) -> Expr:
    """``expression`` in m and h, polynomials expanded."""

    def expanded(part: Basic) -> Basic:
        polynomial = isinstance(part, Add) and part.is_polynomial(*part.free_symbols)
        return expand(part) if polynomial and part.has(_DOWN) else part

    return bottom_up(expression.xreplace(down), expanded) if down else expression


def fixed_values(solution: ClosedForm, fixed: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """Exact numbers for the symbols of parameters given in advance, checked.

    Raises
    ------
    InvalidArgument
        An unknown parameter, or a value for which the formula was not derived.
    """
    put: dict[Symbol, Expr] = {}
    for parameter, value in fixed.items():
        checks.choice("parameter", parameter, tuple(solution.parameters))
        checks.real(parameter, value)
        symbol, number = solution.parameters[parameter], exact(value)
        for must, holds in (
            ("an integer", not symbol.is_integer or number.is_integer),
            ("positive", not symbol.is_positive or number > 0),
            ("non-negative", not symbol.is_nonnegative or number >= 0),
        ):
            if not holds:
                raise checks.invalid(parameter, f"be {must}", value)
        put[symbol] = number
        for assumption in solution.assumptions:
            if symbol in assumption.free_symbols and assumption.subs(put) == S.false:
                raise checks.invalid(
                    parameter, f"satisfy {assumption} (or stand in the model itself)", value
                )
    return put


def complex_parts(expression: Expr) -> tuple[Expr, Expr]:
    """Real and imaginary part, all symbols being real, without expanding anything else.

    Raises
    ------
    UnsolvedError
        A function of a complex argument other than exp(iφ).
    """
    if not expression.has(I):
        return expression, S.Zero
    if expression is I:
        return S.Zero, S.One
    if isinstance(expression, Add):
        pairs = [complex_parts(term) for term in expression.args]
        return Add(*(a for a, _ in pairs)), Add(*(b for _, b in pairs))
    if isinstance(expression, Mul):
        real, imaginary = S.One, S.Zero
        for factor in expression.args:
            a, b = complex_parts(factor)
            real, imaginary = real * a - imaginary * b, real * b + imaginary * a
        return real, imaginary
    if isinstance(expression, exp):
        a, b = complex_parts(expression.exp)
        return exp(a) * cos(b), exp(a) * sin(b)
    if isinstance(expression, Pow) and expression.exp.is_Integer and expression.exp > 0:
        return complex_parts(Mul(*[expression.base] * int(expression.exp), evaluate=False))
    a, b = re(expression), im(expression)
    if a.has(re, im) or b.has(re, im):
        raise UnsolvedError(f"real and imaginary part of {expression} are not separated")
    return a, b
