r"""What is to be printed: a left-hand side, a relation, a value and a remark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Basic, Expr, Sum, Symbol
from sympy.core.function import AppliedUndef

from symbattery.dynamics.radicals import OrderedRoot
from symbattery.output.latex.authored import authored
from symbattery.output.latex.line_breaking import Row, aligned, display, lines
from symbattery.output.latex.math_list import parse
from symbattery.output.latex.printer import AuthorPrinter
from symbattery.output.latex.subexpressions import named_parts
from symbattery.output.latex.symbol_names import distinct
from symbattery.output.latex.widths import box

__all__ = ["Sheet", "Statement", "formula", "rows", "shown", "statement", "text_formula"]


@dataclass(frozen=True)
class Statement:
    """``head relation value tail``; head and value are expressions, or LaTeX as it stands.

    ``group`` tells statements of different quantities apart; ``about`` is what the tail speaks of.
    """

    head: Any
    relation: str = ""
    value: Any = ""
    tail: str = ""
    group: int = 0
    about: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """How to print.

    Attributes
    ----------
    names : mapping
        LaTeX by the name of a symbol.
    width : float or None
        Of a line, in points; None for formulas on one line.
    """

    names: Mapping[str, str]
    width: float | None = None

    def printer(self, roots: Mapping[OrderedRoot, str] | None = None) -> AuthorPrinter:
        return AuthorPrinter(self.names, roots)


def statement(symbol: Expr, value: Expr) -> Statement:
    """A definition."""
    return Statement(symbol, r"\equiv", value)


def _expressions(statements: Iterable[Statement]) -> list[Basic]:
    return [
        part for s in statements for part in (s.head, s.value, *s.about) if isinstance(part, Basic)
    ]


def _symbols(expression: Basic) -> set[str]:
    """The names of all symbols and functions that are printed."""
    names = {s.name for s in expression.atoms(Symbol)}
    return names | {f.func.__name__ for f in expression.atoms(AppliedUndef)}


def _checked(sheet: Sheet, statements: Sequence[Statement], reserved: Iterable[str]) -> None:
    if not sheet.names:
        return
    printer = sheet.printer()
    printed = {
        name: printer.doprint(Symbol(name))
        for name in sorted(set().union(*map(_symbols, _expressions(statements))))
    }
    distinct(printed)
    # E and P are functions of an equation for the time of a peak, under these very names.
    for name, text in sheet.names.items():
        distinct({name: text}, reserved)


# Roots of polynomials


def _ordered_roots(statements: Sequence[Statement]) -> list[OrderedRoot]:
    every = (root for e in _expressions(statements) for root in e.atoms(OrderedRoot))
    return sorted(set(every), key=lambda root: (str(root.polynomial), root.index))


def _with_roots(
    statements: Sequence[Statement], sheet: Sheet
) -> tuple[list[Statement], dict[OrderedRoot, str]]:
    """The statements with polynomials defined first, and how their roots are written."""
    roots = _ordered_roots(statements)
    if not roots:
        return list(statements), {}
    printer = sheet.printer()
    bare = {
        s.value: printer.doprint(s.head)
        for s in statements
        if isinstance(s.value, OrderedRoot) and isinstance(s.head, Symbol)
    }
    polynomials = list(dict.fromkeys((root.polynomial, root.variable) for root in roots))
    first: list[Statement] = []
    names: dict[OrderedRoot, str] = {}
    for number, (polynomial, variable) in enumerate(polynomials, start=1):
        label = f"_{{{number}}}" if len(polynomials) > 1 else ""
        letter = printer.doprint(variable)
        stem = f"{letter}_{{{number}," if label else f"{letter}_{{"
        degree = len(roots[0].func(polynomial, variable, 0).coefficients()) - 1
        own = [OrderedRoot(polynomial, variable, r) for r in range(degree)]
        for root in own:
            names[root] = bare.get(root, f"{stem}{root.index + 1}}}")
        head = f"Q{label}({letter})"
        first.append(Statement(head, r"\equiv", polynomial))
        shown = [names[root] for root in own]
        listed = shown if degree < 4 else [*shown[:2], r"\dots", shown[-1]]
        ordered = " < ".join(listed)
        first.append(Statement(f"Q{label}({stem}r}})", "=", "0", rf",\quad {ordered}"))
    kept = [s for s in statements if s.value not in bare]
    return [*first, *kept], names


# Parts with names of their own


def _with_parts(
    statements: list[Statement], sheet: Sheet, roots: Mapping[OrderedRoot, str]
) -> list[Statement]:
    if sheet.width is None:
        return statements
    printer = sheet.printer(roots)
    widths: dict[Expr, float] = {}

    def measure(value: Expr) -> float:
        if value not in widths:
            widths[value] = box(parse(printer.doprint(value))).width
        return widths[value]

    places = [i for i, s in enumerate(statements) if isinstance(s.value, Expr)]
    values = [statements[i].value for i in places]
    taken = {name for e in _expressions(statements) for name in _symbols(e)}
    taken |= {str(s.head)[:1] for s in statements if isinstance(s.head, str)}
    bound = {index for e in values for s in e.atoms(Sum) for index, *_ in s.limits}
    for head in (s.head for s in statements):
        if isinstance(head, AppliedUndef):
            bound |= head.free_symbols
    definitions, short = named_parts(values, measure, sheet.width, taken, frozenset(bound))
    found = list(statements)
    for i, value in zip(places, short, strict=True):
        found[i] = replace(found[i], value=value)
    return _in_order([statement(s, v) for s, v in definitions.items()], found)


def _in_order(new: list[Statement], old: list[Statement]) -> list[Statement]:
    """Each new definition directly before the first statement that needs it."""
    found: list[Statement] = []
    waiting = list(new)

    def bring(symbols: set[Symbol], group: int) -> None:
        for definition in [d for d in waiting if d.head in symbols]:
            if definition in waiting:
                waiting.remove(definition)
                bring(definition.value.free_symbols, group)
                found.append(replace(definition, group=group))

    for s in old:
        if isinstance(s.value, Basic):
            bring(s.value.free_symbols, s.group)
        found.append(s)
    return found


# Rows


def groups(
    grouped: Sequence[Sequence[Statement]], sheet: Sheet, reserved: Iterable[str] = ()
) -> list[list[Row]]:
    """Statements printed group by group, with everything defined before it is used.

    Raises
    ------
    InvalidArgument
        Two symbols would have one name.
    """
    statements = [replace(s, group=i) for i, group in enumerate(grouped) for s in group]
    _checked(sheet, statements, reserved)
    ready = [
        replace(s, value=authored(s.value)) if isinstance(s.value, Expr) else s for s in statements
    ]
    with_roots, roots = _with_roots(ready, sheet)
    printer = sheet.printer(roots)
    found: list[list[Row]] = [[] for _ in grouped]
    for s in _with_parts(with_roots, sheet, roots):
        found[s.group].append(_row(s, printer))
    return found


def rows(statements: Sequence[Statement], sheet: Sheet, reserved: Iterable[str] = ()) -> list[Row]:
    """The statements printed, with everything defined before it is used."""
    (found,) = groups([statements], sheet, reserved)
    return found


def _row(s: Statement, printer: AuthorPrinter) -> Row:
    head, value = (
        part if isinstance(part, str) else printer.authored(part) for part in (s.head, s.value)
    )
    return Row(head, f"{s.relation} {value}{s.tail}".strip())


def formula(expression: Basic, sheet: Sheet) -> str:
    """One expression: LaTeX for mathematics mode, with ``aligned`` where it needs lines."""
    found = rows([Statement("", "", expression)], sheet)
    if len(found) == 1:
        (row,) = found
        if sheet.width is None:
            return row.body
        broken = lines(row.body, sheet.width - 3)
        if len(broken) == 1:
            return broken[0]
    return aligned(found, sheet.width or 1e9)


def text_formula(latex: str, sheet: Sheet) -> str:
    """LaTeX as it stands, on as many lines as it needs."""
    if sheet.width is None or len(lines(latex, sheet.width - 3)) == 1:
        return latex
    return aligned([Row("", latex)], sheet.width)


def shown(statements: Sequence[Statement], sheet: Sheet, reserved: Iterable[str] = ()) -> str:
    """Statements as a display of their own."""
    return display(rows(statements, sheet, reserved), sheet.width or 1e9)
