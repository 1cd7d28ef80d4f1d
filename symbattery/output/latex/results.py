r"""LaTeX as an author writes it, from everything that was derived.

:func:`aslatex` is the one entry. Expressions give mathematics for any display (with ``aligned``
where a width asks for several lines); whatever consists of several equations gives an ``align*``
of its own, in which every named quantity is defined before it is used; numbers side by side give
a ``tabular``.
"""

from __future__ import annotations

from typing import Any

from sympy import Add, And, Basic, Derivative, Eq, Expr, Integer, S, Symbol, expand_mul
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from symbattery.core.errors import UnsolvedError
from symbattery.core.implicit import ImplicitRoot
from symbattery.core.latex_dispatch import aslatex
from symbattery.core.named_expression import NamedExpression
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.limits.infinite_charger import ChargerLimit
from symbattery.limits.large_charger import ManyChargers
from symbattery.limits.short_times import Expansion
from symbattery.limits.strong_crosstalk import StrongCrosstalk
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power
from symbattery.maxima.result import Maximum
from symbattery.output.latex.equations import (
    Sheet,
    Statement,
    formula,
    groups,
    rows,
    shown,
    statement,
    text_formula,
)
from symbattery.output.latex.line_breaking import display, width_in_points
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.symbol_names import checked_names
from symbattery.printed_formulas import Comparison

__all__ = [
    "QUANTITIES",
    "AuthorPrinter",
    "displays",
    "equations",
    "quantity",
    "series",
    "stated",
]

QUANTITIES = ("energy", "power", "amplitudes", "definitions", "maximum", "max_power")

_DIGITS_SHOWN = 8
_RESERVED = ("E", "P", r"E_{\max}", r"P_{\max}")


def _sheet(names: Any, width: Any) -> Sheet:
    return Sheet(checked_names(names), width_in_points(width))


@aslatex.register(Basic)
def _(obj: Basic, *, names: Any = None, width: Any = None) -> str:
    return formula(obj, _sheet(names, width))


@aslatex.register(int)
def _(obj: int, *, names: Any = None, width: Any = None) -> str:
    return formula(Integer(obj), _sheet(names, width))


@aslatex.register(ClosedForm)
def _(obj: ClosedForm, *, names: Any = None, width: Any = None) -> str:
    return "".join(displays(obj, names=names, width=width).values())


@aslatex.register(Maximum)
def _(obj: Maximum, *, names: Any = None, width: Any = None) -> str:
    return shown([*_maximum(r"\text{maximum}", obj), *_implicit([obj.value])], _sheet(names, width))


@aslatex.register(Comparison)
def _(obj: Comparison, *, names: Any = None, width: Any = None) -> str:
    return shown(compared(obj), _sheet(names, width))


@aslatex.register(ManyChargers)
def _(obj: ManyChargers, *, names: Any = None, width: Any = None) -> str:
    size = Symbol("N", positive=True)
    quantities = (
        (r"\frac{E_{\max}}{\omega_{0}}", obj.energy),
        (r"\sqrt{N} g t", obj.time),
        (r"\frac{P_{\max}}{\sqrt{N} g \omega_{0}}", obj.power),
    )
    sheet = _sheet(names, width)
    every = [
        Statement(head, "=", _series(entries, lambda k: size**-k, f"N^{{-{len(entries)}}}", sheet))
        for head, entries in quantities
    ]
    return shown([*every, *_implicit(obj.power)], sheet, _RESERVED)


@aslatex.register(StrongCrosstalk)
def _(obj: StrongCrosstalk, *, names: Any = None, width: Any = None) -> str:
    every: list[Statement] = []
    for kind, peaks in (("first peak", obj.first_peak), ("supremum", obj.supremum)):
        if peaks:
            words = r"\quad\text{(" + kind + ")}"
            found = _maximum(r"E_{\max}", obj.maximum(kind))
            every += [
                Statement(s.head, r"\simeq", s.value, s.tail + words) if s.head else s
                for s in found
            ]
    for met in obj.resonances:
        every += [Statement(s.head, r"\simeq", s.value, s.tail) for s in _maximum(r"E_{\max}", met)]
    return shown(every, _sheet(names, width), _RESERVED)


@aslatex.register(ChargerLimit)
def _(obj: ChargerLimit, *, names: Any = None, width: Any = None) -> str:
    every = [statement(s, v) for s, v in obj.definitions.items()]
    return shown([*every, Statement("E(t)", "=", obj.energy)], _sheet(names, width), _RESERVED)


def _series(entries: Any, power: Any, remainder: str, sheet: Sheet) -> str:
    """A + b/N + O(1/N²), lowest order first."""
    printer = sheet.printer()
    terms = [printer.authored(a * power(k)) for k, a in enumerate(entries) if a != 0]
    text = " + ".join([*terms, rf"\mathcal{{O}}\left({remainder}\right)"])
    return text.replace("+ -", "-")


def series(terms: Any, remainder: str, *, names: Any = None, width: Any = None) -> str:
    r"""A sum in the order given, and :math:`\mathcal O` of the first power that was left out."""
    sheet = _sheet(names, width)
    printer = sheet.printer()
    # The names are checked on the sum as a whole.
    rows([Statement("", "", Add(*terms))], Sheet(sheet.names))
    written = [printer.authored(term) for term in terms]
    text = " + ".join([*written, rf"\mathcal{{O}}\left({remainder}\right)"])
    return text_formula(text.replace("+ -", "-"), sheet)


@aslatex.register(Expansion)
def _(obj: Expansion, *, names: Any = None, width: Any = None) -> str:
    return series(obj.terms, rf"t^{{{obj.remainder_order}}}", names=names, width=width)


# What is stated of a solution


def displays(solution: ClosedForm, *, names: Any = None, width: Any = None) -> dict[str, str]:
    """Each quantity as displays, in the order in which they need one another.

    The energy of several frequencies is written in the amplitudes, which stand before it.
    """
    sheet = _sheet(names, width)
    order = ("definitions", "amplitudes", "energy", "power", "maximum", "max_power")
    found = {name: stated(solution, name, sheet) for name in order}
    if solution.motions and solution.is_pure:
        found["energy"] = [Statement("E(t)", "=", _by_amplitudes(solution, sheet))]
        found["power"] = [Statement("P(t)", "=", r"\frac{E(t)}{t}")]
    reserved = (*_RESERVED, *_amplitude_names(solution))
    printed = groups([found[name] for name in order], sheet, reserved)
    most = sheet.width or 1e9
    return {name: display(group, most) for name, group in zip(order, printed, strict=True)}


def _by_amplitudes(solution: ClosedForm, sheet: Sheet) -> str:
    """ω₀ (|c₁|² + 2|c₂|² + …)."""
    (branch,) = solution.branches
    text = ""
    for head, gained in zip(_amplitude_names(solution), branch.chain.levels, strict=True):
        if gained:
            size = "" if abs(gained) == 1 else f"{abs(gained)} "
            sign = "- " if gained < 0 else "+ " if text else ""
            text += rf"{sign}{size}\left|{head}(t)\right|^{{2}} "
    unit = sheet.printer().authored(solution.model.frequency)
    several = text.count(r"\left") > 1
    return rf"{unit} \left[{text.strip()}\right]" if several else f"{unit} {text.strip()}"


def _amplitude_names(solution: ClosedForm) -> list[str]:
    if not solution.is_pure:
        return []
    keys = (k if isinstance(k, tuple) else (k,) for k in solution.amplitudes)
    return [f"c_{{{','.join(map(str, key))}}}" for key in keys]


def _reached(maximum: Maximum, printer: AuthorPrinter) -> str:
    if maximum.time is None:
        return r"\quad\text{(approached, never reached)}"
    return rf"\quad\text{{at }} t = {printer.authored(maximum.time)}"


def _maximum(symbol: str, maximum: Maximum, sheet: Sheet | None = None) -> list[Statement]:
    printer = (sheet or Sheet({})).printer()
    found: list[Statement] = []
    here: Maximum | None = maximum
    while here is not None:
        tail = _reached(here, printer)
        if here.condition != S.true:
            tail += rf"\quad\text{{for }} {_where(here.condition, printer)}"
        if here.approximate is None:
            if isinstance(here.value, NamedExpression):
                found += [statement(s, v) for s, v in here.value.definitions.items()]
            about = (here.time, here.condition)
            found.append(Statement(symbol, "=", here.value, tail, about=about))
        else:
            # Written out it would repeat the whole of P(t).
            number = printer.authored(here.approximate.n(_DIGITS_SHOWN))
            if symbol[0].isalpha():
                found.append(Statement(symbol, "=", rf"{symbol[0]}(t) \simeq {number}", tail))
            else:
                found.append(Statement(symbol, r"\simeq", number, tail))
        here = here.otherwise
    return found


def _where(condition: Boolean, printer: AuthorPrinter) -> str:
    """A condition; a population strictly between 0 and 1 as 0 < p < 1."""
    if isinstance(condition, And):
        inner = sorted(condition.free_symbols, key=str)
        if condition == And(*(And(p > 0, p < 1) for p in inner)):
            return r",\ ".join(f"0 < {printer.doprint(p)} < 1" for p in inner)
    return str(printer.doprint(condition))


def _implicit(values: Any, sheet: Sheet | None = None) -> list[Statement]:
    printer = (sheet or Sheet({})).printer()
    every = {root for v in values if isinstance(v, Basic) for root in v.atoms(ImplicitRoot)}
    return [_equation(root, printer) for root in sorted(every, key=str)]


def _equation(root: ImplicitRoot, printer: AuthorPrinter) -> Statement:
    bounds = (
        rf",\quad {_bound(root.lower, printer)} < {printer.doprint(root.variable)} "
        rf"< {_bound(root.upper, printer)}"
    )
    equation = root.equation
    if isinstance(equation, Eq):
        return Statement(_side(equation.lhs), "=", _side(equation.rhs), bounds)
    return Statement("", "", equation, bounds)


def _side(value: Expr) -> Any:
    """τ dE/dτ with the derivative last."""
    slopes = [f for f in value.args if isinstance(f, Derivative)] if value.is_Mul else []
    if len(slopes) != 1:
        return value
    printer = AuthorPrinter()
    return f"{printer.authored(value / slopes[0])} {printer.doprint(slopes[0])}"


def _bound(value: Expr, printer: AuthorPrinter) -> str:
    """A bound of an interval; decimals are kept as such."""
    if not value.is_Rational or value.is_Integer:
        return printer.authored(value)
    places = next(n for n in range(60) if (value * 10**n).is_Integer)
    return f"{float(value):.{places}f}" if places < 15 else printer.authored(value)


def stated(solution: ClosedForm, name: str, sheet: Sheet | None = None) -> list[Statement]:
    """The equations that state one quantity; empty where the solution does not have it.

    Raises
    ------
    InvalidArgument
        An unknown name.
    """
    checks.choice("name", name, QUANTITIES)
    if name == "energy":
        # Sums stand side by side, so that a line may end between them.
        energy = solution.energy
        return [
            Statement(
                "E(t)", "=", expand_mul(energy, deep=False) if solution.sector_sums else energy
            )
        ]
    if name == "power":
        several = len(solution.rabi_terms) > 1 or solution.sector_sums
        return [Statement("P(t)", "=", r"\frac{E(t)}{t}" if several else solution.power)]
    if name == "definitions":
        return [statement(symbol, value) for symbol, value in solution.definitions.items()]
    if name == "amplitudes":
        heads = _amplitude_names(solution)
        values = solution.amplitudes.values() if heads else ()
        return [Statement(f"{head}(t)", "=", c) for head, c in zip(heads, values, strict=True)]
    try:
        if name == "maximum":
            top = maximum(solution)
            return [*_maximum(r"E_{\max}", top, sheet), *_implicit([top.value], sheet)]
        power = max_power(solution)
        return [*_maximum(r"P_{\max}", power, sheet), *_implicit([power.value], sheet)]
    except UnsolvedError:
        return []


def compared(comparison: Comparison) -> list[Statement]:
    """The printed formula, and the derived one where something is to be said about it."""
    name = comparison.quantity
    found = [Statement(rf"\text{{printed: }} {name}", "=", comparison.as_printed)]
    if not comparison.agrees or comparison.remark:
        found.append(Statement(rf"\text{{derived: }} {name}", "=", comparison.derived))
    return found


def equations(
    solution: ClosedForm, name: str, *, names: Any = None, width: Any = None
) -> list[str]:
    """The equations that state one quantity, each on one line.

    Raises
    ------
    InvalidArgument
        An unknown name, or ``names`` or ``width`` as for :func:`aslatex`.
    """
    sheet = _sheet(names, width)
    reserved = (*_RESERVED, *_amplitude_names(solution))
    found = rows(stated(solution, name, sheet), sheet, reserved)
    return [f"{row.head} {row.body}".strip() for row in found]


def quantity(solution: ClosedForm, name: str, *, names: Any = None, width: Any = None) -> str:
    """LaTeX of one quantity: the right-hand side for energy and power, else its equations.

    With a width, the equations as an ``align*``.
    """
    checks.choice("name", name, QUANTITIES)
    sheet = _sheet(names, width)
    if name in ("energy", "power"):
        value = getattr(solution, name)
        if sheet.names:
            equations(solution, name, names=names)
        return formula(value, sheet)
    if sheet.width is None:
        return r" \\ ".join(equations(solution, name, names=names))
    reserved = (*_RESERVED, *_amplitude_names(solution))
    return shown(stated(solution, name, sheet), sheet, reserved)
