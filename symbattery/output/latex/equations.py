r"""Equations to be printed, with everything defined before it is used.

Roots of polynomials without radicals are listed below their polynomial. Where a width is given,
parts of long formulas get names: a radicand :math:`D`, a repeated sum :math:`S`, any other repeated
part :math:`R`, a denominator or an argument :math:`G`, with an index where there are several.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from sympy import Add, Basic, Expr, Function, Mul, Pow, Sum, Symbol, preorder_traversal
from sympy.core.function import AppliedUndef

from numerics.model.checks import invalid
from symbattery import symbols
from symbattery.core.expressions import checked_symbols, distinct_parts
from symbattery.core.named_roots import ImplicitRoot
from symbattery.dynamics.complex_roots import ComplexRoot
from symbattery.dynamics.radicals import OrderedRoot
from symbattery.output.latex.line_breaking import Row, aligned, display, lines
from symbattery.output.latex.math_list import parse, width
from symbattery.output.latex.printer import authored
from symbattery.output.latex.typesetting import Typesetting, distinct

__all__ = ["Statement", "definitions", "formula", "groups", "rows", "shown"]

# The named quantities of solutions, the indices of their sums, and the names of parts.
_NAMED = (
    *("xi", "Omega", "lambda", "A", "B", "x", "y", "theta", "varphi", "phi", "k", "c"),
    *"DKLSUVRWZGHF",
)


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


def definitions(values: Mapping[Any, Any]) -> list[Statement]:
    """Definitions of symbols."""
    return [Statement(symbol, r"\equiv", value) for symbol, value in values.items()]


def _expressions(statements: Iterable[Statement]) -> list[Basic]:
    return [
        part for s in statements for part in (s.head, s.value, *s.about) if isinstance(part, Basic)
    ]


def _names(expressions: Iterable[Basic]) -> set[str]:
    """The names of all symbols and functions that are printed."""
    parts = {part for e in expressions for part in distinct_parts(e)}
    return {s.name for s in parts if isinstance(s, Symbol)} | {
        f.func.__name__ for f in parts if isinstance(f, AppliedUndef)
    }


def _check(
    statements: Sequence[Statement], setting: Typesetting, roots: Mapping[OrderedRoot, str]
) -> None:
    """Refuse names of symbols that are not there, and two symbols with one name."""
    if not setting.names:
        return
    printer = setting.printer()
    names = _names(_expressions(statements))
    # E and P are functions of an equation for the time of a peak, under these very names.
    known = (names | setting.known) - {"E", "P"}
    for name in setting.names:
        if name not in known and not _is_usual(name):
            every = ", ".join(sorted(known)) or "none"
            raise invalid("names", f"be of symbols that are there ({every})", name)
    # Heads such as E(t), and the times of maxima.
    names |= {symbols.t.name for s in statements if isinstance(s.head, str) and s.head}
    distinct({name: printer.doprint(Symbol(name)) for name in sorted(names)})
    reserved = {*setting.reserved, *roots.values(), *(["Q"] if roots else [])}
    for name, text in setting.names.items():
        distinct({name: text}, reserved)


def _is_usual(name: str) -> bool:
    """True for a symbol of the package, or of the named quantities of solutions."""
    return name in symbols.__all__ or name.split("_")[0] in _NAMED


# Roots of polynomials


def _with_roots(
    statements: Sequence[Statement], setting: Typesetting
) -> tuple[list[Statement], dict[OrderedRoot, str]]:
    """The statements with polynomials defined first, and LaTeX of their roots."""
    parts = {part for e in _expressions(statements) for part in distinct_parts(e)}
    roots = {part for part in parts if isinstance(part, OrderedRoot)}
    polynomials = {
        (type(root), root.polynomial, root.variable): len(root.coefficients()) - 1
        for root in sorted(roots, key=lambda root: (str(root.polynomial), root.index))
    }
    printer = setting.printer()
    bare: dict[Any, str] = {
        s.value: printer.doprint(s.head)
        for s in statements
        if isinstance(s.value, OrderedRoot) and isinstance(s.head, Symbol)
    }
    first, names = list[Statement](), dict[OrderedRoot, str]()
    several = len(polynomials) > 1
    for number, ((kind, polynomial, variable), degree) in enumerate(polynomials.items(), start=1):
        letter = printer.doprint(variable)
        stem = f"{letter}_{{{number}," if several else f"{letter}_{{"
        label = f"_{{{number}}}" if several else ""
        own = [kind(polynomial, variable, r) for r in range(degree)]
        written = [bare.get(root, f"{stem}{root.index + 1}}}") for root in own]
        names |= dict(zip(own, written, strict=True))
        # Complex ones have no order.
        sign = ", " if kind is ComplexRoot else " < "
        listed = written if degree < 4 else [*written[:2], r"\dots", written[-1]]
        first += [
            Statement(f"Q{label}({letter})", r"\equiv", polynomial),
            Statement(f"Q{label}({stem}r}})", "=", "0", rf",\quad {sign.join(listed)}"),
        ]
    return [*first, *(s for s in statements if s.value not in bare)], names


# Names for parts of long formulas

Measure = Callable[[Expr], float]
# A formula beyond so many lines gets names; a part is worth a name from these shares of a line on.
_MANY_LINES = 2.5
_ROOT = 0.8
_WORTH = {"radicand": 0.6, "sum": 0.4, "repeated": 0.4, "other": 0.9}
_STEMS = {"radicand": "DKL", "sum": "SUV", "repeated": "RWZ", "other": "GHF"}
_MOST = 60


@lru_cache(maxsize=1024)
def _parts(expression: Expr) -> Counter[Expr]:
    """All parts with their counts, but those of roots that have a name of their own."""
    counts: Counter[Expr] = Counter()
    walk = preorder_traversal(expression)
    for part in walk:
        if isinstance(part, OrderedRoot | ImplicitRoot | AppliedUndef):
            walk.skip()
        else:
            counts[part] += 1
    return counts


def _is_root(part: Expr) -> bool:
    return isinstance(part, Pow) and bool(part.exp.is_Rational and not part.exp.is_Integer)


def _candidates(wide: Sequence[Expr], every: Sequence[Expr]) -> dict[Expr, str]:
    """Parts that may get a name, by kind."""
    kinds: dict[Expr, str] = {}
    counts: Counter[Expr] = Counter()
    for value in every:
        counts.update(_parts(value))
    for part in (part for value in wide for part in _parts(value)):
        inner: list[Expr] = []
        if _is_root(part):
            kinds |= {part.base: "radicand"} if isinstance(part.base, Add) else {}
        elif isinstance(part, Pow) and part.exp.is_negative:
            inner = [part.base]
        elif isinstance(part, Function):
            inner = [i for argument in part.args for i in (argument, *Mul.make_args(argument))]
        for sub in (sub for sub in inner if isinstance(sub, Add)):
            kinds.setdefault(sub, "other")
        if counts[part] > 1 and isinstance(part, Add | Mul | Pow):
            kinds.setdefault(part, "sum" if isinstance(part, Add) else "repeated")
    return kinds


def _is_long(value: Expr, measure: Measure, most: float) -> bool:
    """True where a formula needs many lines, or has a root that does not fit on one."""
    roots = filter(_is_root, _parts(value))
    return measure(value) > _MANY_LINES * most or any(measure(r) > _ROOT * most for r in roots)


def _symbol(name: str, kind: str) -> Symbol:
    return Symbol(name, positive=True) if kind == "radicand" else Symbol(name, real=True)


def _named_parts(
    values: list[Expr], measure: Measure, most: float, stems: Mapping[str, str], bound: set[Symbol]
) -> tuple[dict[Symbol, tuple[Expr, str]], list[Expr]]:
    """Parts with their kinds, by preliminary symbols, and the values written in these.

    ``measure`` gives the width of an expression, ``most`` is that of a line; ``bound`` are symbols
    such as summation indices, which may not stand in a definition.
    """
    named: dict[Symbol, tuple[Expr, str]] = {}
    rejected: set[Expr] = set()
    simplest = cache(lambda part: (part.count_ops(), str(part)))
    long = [_is_long(value, measure, most) for value in values]

    def next_part() -> tuple[Expr, str] | None:
        parts = [part for part, _ in named.values()]
        wide = [v for v, is_long in zip(values, long, strict=True) if is_long and measure(v) > most]
        wide += [part for part in parts if _is_long(part, measure, most)]
        candidates = _candidates(wide, [*values, *parts])
        # A formula that consists of nothing but the part, or its root.
        whole = {*values, *(v.base for v in values if v.is_Pow)}
        held = Counter(part for value in values for part in _parts(value).keys() & candidates)
        for part in sorted(candidates.keys() - rejected - whole, key=simplest):
            if part.free_symbols & bound:
                continue
            kind = candidates[part]
            if measure(part) > _WORTH["repeated" if held[part] > 1 else kind] * most:
                return part, kind
            rejected.add(part)
        return None

    while len(named) < _MOST and (chosen := next_part()):
        part, kind = chosen
        index = 1 + sum(k == kind for _, k in named.values())
        symbol = _symbol(f"{stems[kind]}_{index}", kind)
        values = [v.xreplace({part: symbol}) for v in values]
        named[symbol] = chosen
    return named, values


def _with_parts(
    statements: Sequence[Statement], setting: Typesetting, roots: Mapping[OrderedRoot, str]
) -> Sequence[Statement]:
    """The statements, each new definition directly before the first one that needs it."""
    if setting.width is None:
        return statements
    printer = setting.printer(roots)
    measure = cache(lambda value: width(printer.doprint(value)))
    used = {name.split("_")[0] for name in _names(_expressions(statements))}
    used |= {parse(text)[0].tex for text in setting.names.values()}
    used |= {s.head[:1] for s in statements if isinstance(s.head, str)}
    stems = {
        kind: next((letter for letter in letters if letter not in used), letters[0] * 2)
        for kind, letters in _STEMS.items()
    }
    values = [s.value for s in statements if isinstance(s.value, Expr)]
    sums = (part for e in values for part in distinct_parts(e) if isinstance(part, Sum))
    bound = {index for one in sums for index, *_ in one.limits}
    bound.update(*(s.head.free_symbols for s in statements if isinstance(s.head, AppliedUndef)))
    named, values = _named_parts(values, measure, setting.width, stems, bound)
    ordered: list[Statement] = []
    order: list[Symbol] = []

    def define(value: Expr, group: int) -> None:
        for symbol in sorted(value.free_symbols & named.keys(), key=str):
            if symbol not in order:
                part, _ = named[symbol]
                define(part, group)
                order.append(symbol)
                ordered.append(Statement(symbol, r"\equiv", part, group=group))

    shorter = iter(values)
    for s in statements:
        if isinstance(s.value, Expr):
            s = replace(s, value=next(shorter))
            define(s.value, s.group)
        ordered.append(s)
    # Indices in the order of the definitions, or none.
    put = {}
    for kind, stem in stems.items():
        own = [symbol for symbol in order if named[symbol][1] == kind]
        for i, symbol in enumerate(own, start=1):
            put[symbol] = _symbol(stem if len(own) == 1 else f"{stem}_{i}", kind)
    return [
        replace(s, head=put.get(s.head, s.head), value=s.value.xreplace(put))
        if isinstance(s.value, Expr)
        else s
        for s in ordered
    ]


# Rows


def groups(grouped: Sequence[Sequence[Statement]], setting: Typesetting) -> list[list[Row]]:
    """Statements printed group by group, with everything defined before it is used.

    Raises
    ------
    InvalidArgument
        A symbol has no proper name, or two would have one name.
    """
    statements = [replace(s, group=i) for i, group in enumerate(grouped) for s in group]
    for expression in _expressions(statements):
        checked_symbols("obj", expression)
    ready = [
        replace(s, value=authored(s.value)) if isinstance(s.value, Expr) else s for s in statements
    ]
    with_roots, roots = _with_roots(ready, setting)
    _check(statements, setting, roots)
    printer = setting.printer(roots)
    printed: list[list[Row]] = [[] for _ in grouped]
    for s in _with_parts(with_roots, setting, roots):
        head, value = (
            part if isinstance(part, str) else printer.authored(part) for part in (s.head, s.value)
        )
        printed[s.group].append(Row(head, f"{s.relation} {value}{s.tail}".strip()))
    return printed


def rows(statements: Sequence[Statement], setting: Typesetting) -> list[Row]:
    """The statements of one group printed; see :func:`groups`."""
    return groups([statements], setting)[0]


def formula(value: Basic | str, setting: Typesetting) -> str:
    """One expression, or LaTeX as it stands, with ``aligned`` where it needs several lines."""
    printed = rows([Statement("", "", value)], setting)
    broken = lines(printed[0].body, setting.line - 3)
    if len(printed) > 1 or len(broken) > 1:
        return aligned(printed, setting.line)
    return printed[0].body if isinstance(value, str) or setting.width is None else broken[0]


def shown(statements: Sequence[Statement], setting: Typesetting) -> str:
    """Statements as a display of their own."""
    return display(rows(statements, setting), setting.line)
