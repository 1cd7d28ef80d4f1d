r"""LaTeX as an author writes it, from everything that was derived.

Expressions give mathematics for any display (with ``aligned`` where a width asks for several
lines); whatever consists of several equations gives an ``align*`` of its own, in which every named
quantity is defined before it is used; numbers side by side give a ``tabular``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from sympy import And, Basic, Derivative, Eq, Expr, S, Symbol, expand_mul, sqrt
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.models import Model
from symbattery import symbols
from symbattery.core.expressions import UnsolvedError, distinct_parts
from symbattery.core.latex_dispatch import aslatex
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.limits.many_chargers import ChargerLimit, ManyChargers
from symbattery.limits.short_times import Expansion
from symbattery.limits.strong_crosstalk import StrongCrosstalk
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power
from symbattery.maxima.result import Maximum
from symbattery.model.exact_model import parameters
from symbattery.observables.quantities import quantities
from symbattery.observables.table import OBSERVABLES, Observable, described
from symbattery.output.latex.equations import Statement, definitions, formula, groups, rows, shown
from symbattery.output.latex.line_breaking import display
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.typesetting import Typesetting
from symbattery.printed_formulas import Comparison

__all__ = [
    "QUANTITIES",
    "checked",
    "compared",
    "displays",
    "equations",
    "quantity",
    "standalone",
    "stated",
]

_MAXIMA = {"maximum": (r"E_{\max}", maximum), "max_power": (r"P_{\max}", max_power)}
_DIGITS_SHOWN = 8
_RESERVED = ("E", "P", r"E_{\max}", r"P_{\max}")


def _displayed_rows() -> list[Observable]:
    return [row for row in OBSERVABLES.values() if row.displayed]


QUANTITIES = (*(row.name for row in _displayed_rows()), "amplitudes", "definitions", *_MAXIMA)
"""The quantities that are stated of a solution as a whole."""


@aslatex.register(Basic)
@aslatex.register(int)
def _(obj: Basic | int, *, names: Any = None, width: Any = None) -> str:
    return formula(S(obj), Typesetting.checked(names, width))


@aslatex.register(ClosedForm)
def _(obj: ClosedForm, *, names: Any = None, width: Any = None) -> str:
    return "".join(displays(obj, names=names, width=width).values())


@aslatex.register(Expansion)
def _(obj: Expansion, *, names: Any = None, width: Any = None) -> str:
    solved = _parameters(obj.model, obj.initial)
    setting = Typesetting.checked(names, width, known=solved)
    # The names are checked on the sum as a whole.
    rows([Statement("", "", obj.expression)], replace(setting, width=None))
    remainder = symbols.t**obj.remainder_order
    return formula(_series(obj.terms, remainder, setting.printer()), replace(setting, names={}))


Statements = Callable[[Any, Typesetting], Sequence[Statement]]


def _displayed(kind: type, reserved: tuple[str, ...] = ()) -> Callable[[Statements], Statements]:
    """Results that are displayed as equations."""

    def register(stated: Statements) -> Statements:
        @aslatex.register(kind)
        def _(obj: Any, *, names: Any = None, width: Any = None) -> str:
            model = getattr(obj, "model", None)
            known = _parameters(model, getattr(obj, "initial", None)) if model else ()
            setting = Typesetting.checked(names, width, reserved, known)
            return shown(stated(obj, setting), setting)

        return stated

    return register


def _parameters(model: Model, initial: Any) -> set[str]:
    """The names of the symbols of a problem."""
    start = model.default_start() if initial is None else initial
    return {symbol.name for symbol in (symbols.t, *parameters(model, start).values())}


@_displayed(Maximum)
def _(obj: Maximum, setting: Typesetting) -> list[Statement]:
    return _maximum(r"\text{maximum}", obj, setting.printer())


@_displayed(Comparison)
def compared(obj: Comparison, setting: Typesetting) -> list[Statement]:
    """The printed formula, and the derived one where something is to be said about it."""
    differs = not obj.agrees or obj.remark
    printer = setting.printer()
    both = {"printed": printer.renamed(obj.as_printed)}
    both |= {"derived": obj.derived} if differs else {}
    head = printer.renamed(obj.quantity)
    about = (obj.printed, obj.derived)
    return [
        Statement(rf"\text{{{whose}: }} {head}", "=", f, about=about) for whose, f in both.items()
    ]


@_displayed(ManyChargers, _RESERVED)
def _(obj: ManyChargers, setting: Typesetting) -> list[Statement]:
    size, printer = S(obj.model.chargers), setting.printer()
    unit, omega = sqrt(size) * obj.model.coupling, printer.authored(obj.model.frequency)
    quantities = {
        rf"\frac{{E_{{\max}}}}{{{omega}}}": obj.energy,
        printer.authored(unit * symbols.t): obj.time,
        rf"\frac{{P_{{\max}}}}{{{printer.authored(unit * obj.model.frequency)}}}": obj.power,
    }
    stated = []
    for head, entries in quantities.items():
        terms = [a * size**-k for k, a in enumerate(entries) if a != 0]
        series = _series(terms, size ** -len(entries), printer)
        stated.append(Statement(head, "=", series, about=(unit, size)))
    return [*stated, *_implicit(obj.power, printer)]


@_displayed(StrongCrosstalk, _RESERVED)
def _(obj: StrongCrosstalk, setting: Typesetting) -> list[Statement]:
    kinds = (("first peak", obj.first_peak), ("supremum", obj.supremum))
    maxima = [(obj.maximum(kind), rf"\quad\text{{({kind})}}") for kind, peaks in kinds if peaks]
    maxima += [(resonance, "") for resonance in obj.resonances]
    return [
        Statement(s.head, r"\simeq", s.value, s.tail + words)
        for top, words in maxima
        for s in _maximum(r"E_{\max}", top, setting.printer())
    ]


@_displayed(ChargerLimit, _RESERVED)
def _(obj: ChargerLimit, setting: Typesetting) -> list[Statement]:
    head = setting.printer().renamed(OBSERVABLES["energy"].latex)
    return [*definitions(obj.definitions), Statement(head, "=", obj.energy)]


def _series(terms: Iterable[Expr], remainder: Expr, printer: AuthorPrinter) -> str:
    r"""A sum in the order given, and :math:`\mathcal O` of what was left out."""
    order = _power(remainder, printer)
    written = [*map(printer.authored, terms), rf"\mathcal{{O}}\left({order}\right)"]
    return " + ".join(written).replace("+ -", "-")


def _power(value: Expr, printer: AuthorPrinter) -> str:
    """N^{-3}, without a fraction."""
    base, power = value.as_base_exp()
    return f"{printer.parenthesize_super(printer.authored(base))}^{{{power}}}"


# Maxima and the roots that they are written in


def _maximum(symbol: str, maximum: Maximum, printer: AuthorPrinter) -> list[Statement]:
    stated: list[Statement] = []
    time = printer.doprint(symbols.t)
    here: Maximum | None = maximum
    while here is not None:
        tail = r"\quad\text{(approached, never reached)}"
        if here.time is not None:
            tail = rf"\quad\text{{at }} {time} = {printer.authored(here.time)}"
        if here.condition != S.true:
            tail += rf"\quad\text{{for }} {_where(here.condition, printer)}"
        about = (here.value, here.time, here.condition)
        if here.approximate is None:
            if isinstance(here.value, NamedExpression):
                stated += definitions(here.value.definitions)
            stated.append(Statement(symbol, "=", here.value, tail, about=about))
        else:
            # Written out it would repeat the whole of P(t).
            number = printer.authored(here.approximate.n(_DIGITS_SHOWN))
            of = rf"{symbol[0]}({time}) \simeq " if symbol[0].isalpha() else ""
            relation = "=" if of else r"\simeq"
            stated.append(Statement(symbol, relation, of + number, tail, about=about))
        here = here.otherwise
    return [*stated, *_implicit([maximum.value], printer)]


def _where(condition: Boolean, printer: AuthorPrinter) -> str:
    """A condition; a population strictly between 0 and 1 as 0 < p < 1."""
    if isinstance(condition, And):
        inner = sorted(condition.free_symbols, key=str)
        if condition == And(*(And(p > 0, p < 1) for p in inner)):
            return r",\ ".join(f"0 < {printer.doprint(p)} < 1" for p in inner)
    return str(printer.doprint(condition))


def _implicit(values: Iterable[Any], printer: AuthorPrinter) -> list[Statement]:
    parts = {part for v in values if isinstance(v, Basic) for part in distinct_parts(v)}
    every = (part for part in parts if isinstance(part, ImplicitRoot))
    return [_equation(root, printer) for root in sorted(every, key=str)]


def _equation(root: ImplicitRoot, printer: AuthorPrinter) -> Statement:
    lower, upper = (_bound(bound, printer) for bound in (root.lower, root.upper))
    bounds = rf",\quad {lower} < {printer.doprint(root.variable)} < {upper}"
    equation = root.equation
    if isinstance(equation, Eq):
        left, right = (_side(side, printer) for side in (equation.lhs, equation.rhs))
        return Statement(left, "=", right, bounds)
    return Statement("", "", equation, bounds)


def _side(value: Expr, printer: AuthorPrinter) -> Any:
    """τ dE/dτ with the derivative last."""
    slopes = [f for f in value.args if isinstance(f, Derivative)] if value.is_Mul else []
    if len(slopes) != 1:
        return value
    return f"{printer.authored(value / slopes[0])} {printer.doprint(slopes[0])}"


def _bound(value: Expr, printer: AuthorPrinter) -> str:
    """A bound of an interval; decimals are kept as such."""
    if not value.is_Rational or value.is_Integer:
        return printer.authored(value)
    places = next(n for n in range(60) if (value * 10**n).is_Integer)
    return f"{float(value):.{places}f}" if places < 15 else printer.authored(value)


# What is stated of a solution


def _of_time(solution: ClosedForm, name: Any) -> bool:
    """True where a quantity is one function of time: a row of the table, ``p1`` or ``c1``.

    Raises
    ------
    InvalidArgument
        The solution has nothing of that name, or an option has a value that it cannot have.
    """
    several = ("amplitudes", "populations", "definitions", *_MAXIMA)
    if name in several:
        return False
    every = quantities(solution)
    if not every.knows(name):
        every.refuse(name, several)
    return True


def stated(solution: ClosedForm, name: str, setting: Typesetting) -> list[Statement]:
    """The equations that state one quantity; empty where the solution does not have it.

    Raises
    ------
    InvalidArgument
        An unknown name.
    """
    renamed = setting.printer().renamed
    if _of_time(solution, name):
        row = OBSERVABLES.get(described(name).name)
        if row and row.brief and (len(solution.rabi_terms) > 1 or solution.sector_sums):
            return [Statement(renamed(row.latex), "=", renamed(row.brief))]
        value = quantities(solution)[name]
        # Sums stand side by side, so that a line may end between them.
        value = expand_mul(value, deep=False) if solution.sector_sums else value
        return [Statement(renamed(described(name).latex), "=", value)]
    if name == "definitions":
        return definitions(solution.definitions)
    if name in _MAXIMA:
        symbol, largest = _MAXIMA[name]
        try:
            return _maximum(symbol, largest(solution), setting.printer())
        except UnsolvedError:
            return []
    letter, every = "p", solution.populations
    if name == "amplitudes":
        letter, every = "c", solution.amplitudes if solution.is_pure else {}
    return [Statement(renamed(described(f"{letter}{k}").latex), "=", v) for k, v in every.items()]


def displays(solution: ClosedForm, *, names: Any = None, width: Any = None) -> dict[str, str]:
    """Each quantity as displays, in the order in which they need one another.

    What is linear in the populations of several frequencies is written in the amplitudes, which
    stand before it.
    """
    setting = checked(solution, names, width)
    rows = _displayed_rows()
    order = ("definitions", "amplitudes", *(row.name for row in rows), *_MAXIMA)
    every = {name: stated(solution, name, setting) for name in order}
    if solution.motions and solution.is_pure:
        for row in rows:
            printer = setting.printer()
            written = printer.renamed(row.brief) or _by_amplitudes(solution, row, printer)
            if written:
                every[row.name] = [Statement(printer.renamed(row.latex), "=", written)]
    printed = groups([every[name] for name in order], setting)
    return {name: display(group, setting.line) for name, group in zip(order, printed, strict=True)}


def standalone(solution: ClosedForm, name: str, *, names: Any = None, width: Any = None) -> str:
    """One quantity as a display that needs no other: with all that it is written in.

    Raises
    ------
    InvalidArgument
        An unknown name, or ``names`` or ``width`` as for :func:`aslatex`.
    UnsolvedError
        The solution does not have the quantity.
    """
    setting = checked(solution, names, width)
    if _of_time(solution, name):
        head = setting.printer().renamed(described(name).latex)
        own = [Statement(head, "=", quantities(solution)[name])]
    else:
        own = stated(solution, name, setting)
    if not own:
        raise UnsolvedError(f"no closed form of `{name}` is derived for this case")
    parts = [part for s in own for part in (s.value, *s.about) if isinstance(part, Basic)]
    needed: dict[Expr, Expr] = {}
    for symbol, value in reversed([*solution.definitions.items()]):
        if name != "definitions" and any(_stands_in(symbol, part) for part in parts):
            needed = {symbol: value, **needed}
            parts.append(value)
    return shown([*definitions(needed), *own], setting)


def _stands_in(name: Expr, value: Basic) -> bool:
    """True where a named quantity, or a function of indices, stands in an expression."""
    if isinstance(name, Symbol):
        return name in value.free_symbols
    return any(part.func == name.func for part in value.atoms(AppliedUndef))


def _by_amplitudes(solution: ClosedForm, row: Observable, printer: AuthorPrinter) -> str:
    """ω₀ (|c₁|² + 2|c₂|² + …); nothing for what is not linear in the populations."""
    if row.weight is None or row.per_time:
        return ""
    (branch,) = solution.branches
    terms, here = [], row.weighed(branch.cells[branch.chain.start])
    time = printer.doprint(symbols.t)
    for head, k in zip(_amplitude_names(solution), branch.cells, strict=True):
        gain = row.weighed(k) - here
        if gain:
            size = "" if abs(gain) == 1 else f"{printer.doprint(abs(gain))} "
            sign = "-" if gain < 0 else "+"
            terms.append(rf"{sign} {size}\left|{head}({time})\right|^{{2}}")
    text = " ".join(terms).removeprefix("+ ")
    unit = printer.authored(solution.model.frequency**row.order)
    return rf"{unit} \left[{text}\right]" if len(terms) > 1 else f"{unit} {text}"


def _amplitude_names(solution: ClosedForm) -> list[str]:
    keys = solution.amplitudes if solution.is_pure else ()
    return [described(f"c{key}").latex.removesuffix("(t)") for key in keys]


def checked(solution: ClosedForm, names: Any, width: Any) -> Typesetting:
    """The typesetting of what belongs to a solution, whose symbols may all be named."""
    own = {symbols.t, *solution.parameters.values(), *solution.plain_definitions}
    reserved = (*_RESERVED, *_amplitude_names(solution))
    return Typesetting.checked(names, width, reserved, (symbol.name for symbol in own))


def equations(
    solution: ClosedForm, name: str, *, names: Any = None, width: Any = None
) -> list[str]:
    """The equations that state one quantity, each on one line.

    Raises
    ------
    InvalidArgument
        An unknown name, or ``names`` or ``width`` as for :func:`aslatex`.
    """
    setting = checked(solution, names, width)
    printed = rows(stated(solution, name, setting), setting)
    return [f"{row.head} {row.body}".strip() for row in printed]


def quantity(
    solution: ClosedForm, name: str, *, names: Any = None, width: Any = None, **options: Any
) -> str:
    """LaTeX of one quantity: the right-hand side of a function of time, else its equations.

    With a width, the equations as an ``align*``; ``options`` are those of the quantity.

    Raises
    ------
    InvalidArgument
        An unknown name or option, or ``names`` or ``width`` as for :func:`aslatex`.
    """
    setting = checked(solution, names, width)
    every = quantities(solution)
    if _of_time(solution, name):
        request = every.only(name, options)
        return formula(every[name] if request is None else request.expression, setting)
    for option in options:
        raise checks.InvalidArgument(f"`{option}` must be left out: {name} has no options")
    if setting.width is None:
        return r" \\ ".join(equations(solution, name, names=names))
    return shown(stated(solution, name, setting), setting)
