r"""LaTeX as an author writes it, from everything that was derived.

Expressions give mathematics for any display (with ``aligned`` where a width asks for several
lines); whatever consists of several equations gives an ``align*`` of its own, in which every named
quantity is defined before it is used; numbers side by side give a ``tabular``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sympy import And, Basic, Derivative, Eq, Expr, S, Symbol, expand_mul
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import aslatex
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.limits.many_chargers import ChargerLimit, ManyChargers
from symbattery.limits.short_times import Expansion
from symbattery.limits.strong_crosstalk import StrongCrosstalk
from symbattery.maxima.energy import maximum
from symbattery.maxima.power import max_power
from symbattery.maxima.result import Maximum
from symbattery.observables.table import OBSERVABLES, Observable, described, quantities
from symbattery.output.latex.equations import Statement, definitions, formula, groups, rows, shown
from symbattery.output.latex.line_breaking import display
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.typesetting import Typesetting
from symbattery.printed_formulas import Comparison

__all__ = ["QUANTITIES", "displays", "equations", "quantity", "stated"]

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
    setting = Typesetting.checked(names, width)
    # The names are checked on the sum as a whole.
    rows([Statement("", "", obj.expression)], Typesetting(setting.names))
    text = _series(obj.terms, rf"t^{{{obj.remainder_order}}}", setting.printer())
    return formula(text, setting)


Statements = Callable[[Any, Typesetting], Sequence[Statement]]


def _displayed(kind: type, reserved: tuple[str, ...] = ()) -> Callable[[Statements], Statements]:
    """Results that are displayed as equations."""

    def register(stated: Statements) -> Statements:
        @aslatex.register(kind)
        def _(obj: Any, *, names: Any = None, width: Any = None) -> str:
            setting = Typesetting.checked(names, width, reserved)
            return shown(stated(obj, setting), setting)

        return stated

    return register


@_displayed(Maximum)
def _(obj: Maximum, setting: Typesetting) -> list[Statement]:
    return _maximum(r"\text{maximum}", obj, setting.printer())


@_displayed(Comparison)
def _(obj: Comparison, setting: Typesetting) -> list[Statement]:
    """The printed formula, and the derived one where something is to be said about it."""
    differs = not obj.agrees or obj.remark
    both = {"printed": obj.as_printed, **({"derived": obj.derived} if differs else {})}
    return [Statement(rf"\text{{{whose}: }} {obj.quantity}", "=", f) for whose, f in both.items()]


@_displayed(ManyChargers, _RESERVED)
def _(obj: ManyChargers, setting: Typesetting) -> list[Statement]:
    size, printer = Symbol("N", positive=True), setting.printer()
    quantities = {
        r"\frac{E_{\max}}{\omega_{0}}": obj.energy,
        r"\sqrt{N} g t": obj.time,
        r"\frac{P_{\max}}{\sqrt{N} g \omega_{0}}": obj.power,
    }
    stated = []
    for head, entries in quantities.items():
        terms = [a * size**-k for k, a in enumerate(entries) if a != 0]
        stated.append(Statement(head, "=", _series(terms, f"N^{{-{len(entries)}}}", printer)))
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
    return [*definitions(obj.definitions), Statement("E(t)", "=", obj.energy)]


def _series(terms: Iterable[Expr], remainder: str, printer: AuthorPrinter) -> str:
    r"""A sum in the order given, and :math:`\mathcal O` of what was left out."""
    written = [*map(printer.authored, terms), rf"\mathcal{{O}}\left({remainder}\right)"]
    return " + ".join(written).replace("+ -", "-")


# Maxima and the roots that they are written in


def _maximum(symbol: str, maximum: Maximum, printer: AuthorPrinter) -> list[Statement]:
    stated: list[Statement] = []
    here: Maximum | None = maximum
    while here is not None:
        tail = r"\quad\text{(approached, never reached)}"
        if here.time is not None:
            tail = rf"\quad\text{{at }} t = {printer.authored(here.time)}"
        if here.condition != S.true:
            tail += rf"\quad\text{{for }} {_where(here.condition, printer)}"
        if here.approximate is None:
            if isinstance(here.value, NamedExpression):
                stated += definitions(here.value.definitions)
            about = (here.time, here.condition)
            stated.append(Statement(symbol, "=", here.value, tail, about=about))
        else:
            # Written out it would repeat the whole of P(t).
            number = printer.authored(here.approximate.n(_DIGITS_SHOWN))
            of = rf"{symbol[0]}(t) \simeq " if symbol[0].isalpha() else ""
            stated.append(Statement(symbol, "=" if of else r"\simeq", of + number, tail))
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
    every = {root for v in values if isinstance(v, Basic) for root in v.atoms(ImplicitRoot)}
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
        The solution has nothing of that name.
    """
    several = ("amplitudes", "populations", "definitions", *_MAXIMA)
    every = quantities(solution)
    if name not in (*several, *every.observables):
        checks.choice("name", name, tuple(dict.fromkeys((*every.observables, *several, *every))))
    return name not in several


def stated(solution: ClosedForm, name: str, setting: Typesetting) -> list[Statement]:
    """The equations that state one quantity; empty where the solution does not have it.

    Raises
    ------
    InvalidArgument
        An unknown name.
    """
    if _of_time(solution, name):
        row = OBSERVABLES.get(described(name).name)
        if row and row.brief and (len(solution.rabi_terms) > 1 or solution.sector_sums):
            return [Statement(row.latex, "=", row.brief)]
        value = quantities(solution)[name]
        # Sums stand side by side, so that a line may end between them.
        value = expand_mul(value, deep=False) if solution.sector_sums else value
        return [Statement(described(name).latex, "=", value)]
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
    return [Statement(described(f"{letter}{k}").latex, "=", v) for k, v in every.items()]


def displays(solution: ClosedForm, *, names: Any = None, width: Any = None) -> dict[str, str]:
    """Each quantity as displays, in the order in which they need one another.

    What is linear in the populations of several frequencies is written in the amplitudes, which
    stand before it.
    """
    setting = Typesetting.checked(names, width, _reserved(solution))
    rows = _displayed_rows()
    order = ("definitions", "amplitudes", *(row.name for row in rows), *_MAXIMA)
    every = {name: stated(solution, name, setting) for name in order}
    if solution.motions and solution.is_pure:
        for row in rows:
            written = row.brief or _by_amplitudes(solution, row, setting.printer())
            if written:
                every[row.name] = [Statement(row.latex, "=", written)]
    printed = groups([every[name] for name in order], setting)
    return {name: display(group, setting.line) for name, group in zip(order, printed, strict=True)}


def _by_amplitudes(solution: ClosedForm, row: Observable, printer: AuthorPrinter) -> str:
    """ω₀ (|c₁|² + 2|c₂|² + …); nothing for what is not linear in the populations."""
    if row.weight is None or row.per_time:
        return ""
    (branch,) = solution.branches
    terms, here = [], row.weight(branch.cells[branch.chain.start])
    for head, k in zip(_amplitude_names(solution), branch.cells, strict=True):
        gain = S(row.weight(k) - here)
        if gain:
            size = "" if abs(gain) == 1 else f"{printer.doprint(abs(gain))} "
            terms.append(rf"{'-' if gain < 0 else '+'} {size}\left|{head}(t)\right|^{{2}}")
    text = " ".join(terms).removeprefix("+ ")
    unit = printer.authored(solution.model.frequency**row.order)
    return rf"{unit} \left[{text}\right]" if len(terms) > 1 else f"{unit} {text}"


def _amplitude_names(solution: ClosedForm) -> list[str]:
    keys = solution.amplitudes if solution.is_pure else ()
    return [described(f"c{key}").latex.removesuffix("(t)") for key in keys]


def _reserved(solution: ClosedForm) -> tuple[str, ...]:
    return (*_RESERVED, *_amplitude_names(solution))


def equations(
    solution: ClosedForm, name: str, *, names: Any = None, width: Any = None
) -> list[str]:
    """The equations that state one quantity, each on one line.

    Raises
    ------
    InvalidArgument
        An unknown name, or ``names`` or ``width`` as for :func:`aslatex`.
    """
    setting = Typesetting.checked(names, width, _reserved(solution))
    printed = rows(stated(solution, name, setting), setting)
    return [f"{row.head} {row.body}".strip() for row in printed]


def quantity(solution: ClosedForm, name: str, *, names: Any = None, width: Any = None) -> str:
    """LaTeX of one quantity: the right-hand side of a function of time, else its equations.

    With a width, the equations as an ``align*``.
    """
    setting = Typesetting.checked(names, width, _reserved(solution))
    if _of_time(solution, name):
        return formula(quantities(solution)[name], setting)
    if setting.width is None:
        return r" \\ ".join(equations(solution, name, names=names))
    return shown(stated(solution, name, setting), setting)
