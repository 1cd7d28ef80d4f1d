"""The commands ``derive``, ``export`` and ``verify``: formulas as LaTeX, source code or JSON.

Names of sectors and formats, and paths, have been checked by :mod:`symbattery.app.cli`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from inspect import signature
from itertools import chain
from typing import Any

from sympy import Basic, Expr, S, Symbol, pretty

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import CavityCharger, ClassicalDrive, SpinCharger
from numerics.model.states import dicke, fock
from numerics.storage import files
from symbattery import symbols
from symbattery.api import Solution, solve
from symbattery.app.catalogue import SECTORS
from symbattery.core.expressions import UnsolvedError
from symbattery.core.latex_dispatch import aslatex
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.observables.quantities import quantities
from symbattery.output.code import LANGUAGES, source
from symbattery.output.data.formula_json import to_json
from symbattery.output.latex.printer import spelled
from symbattery.output.latex.results import QUANTITIES, checked, equations, standalone
from symbattery.output.prose import plain
from symbattery.verification import verify as verification_of

__all__ = ["FORMATS", "derive", "export", "solution_of", "verify"]

# Names of the standard output.
_STANDARD = (None, "-", "/dev/stdout")
_DIGITS = 12


def _left_out(given: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    for name in names:
        if given.get(name) is not None:
            raise invalid(name, f"be left out {where}", given[name])


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _general(cells: Any, *, cavity: bool = False, drive: bool = False, **options: Any) -> Solution:
    """The solution for any number of cells, charged by spins, by a cavity or by a drive.

    Left out, there are N charger spins, all of them up, or as many photons as cells. Options are
    numbers or symbols, and those of the other charger are refused.
    """
    if cells is None:
        raise InvalidArgument("`cells` must be given where no sector is named")
    spins = (
        "chargers", "excited_chargers", "charger_crosstalk", "longitudinal",
        "charger_longitudinal", "charger_spin",
    )  # fmt: skip
    if drive:
        _left_out(options, (*spins, "photons", "anisotropy"), "with a drive")
        return solve(ClassicalDrive(cells, **_given(options)))
    foreign = spins if cavity else ("photons",)
    _left_out(options, foreign, f"{'with' if cavity else 'without'} a cavity")
    given = _given(options)
    if cavity:
        photons = given.pop("photons", None)
        return solve(CavityCharger(cells, **given), None if photons is None else fock(photons))
    start = None
    if "excited_chargers" in given:
        excited = given.pop("excited_chargers")
        start = dicke(0, checks.non_negative_integer("excited_chargers", excited, symbolic=True))
    return solve(SpinCharger(cells, given.pop("chargers", symbols.N), **given), start)


# The function of each sector, or of a number of cells, and its options.
_BUILDERS: dict[str | None, tuple[Callable[..., Solution], tuple[str, ...]]] = {
    **{one.name: (one.derive, tuple(signature(one.derive).parameters)) for one in SECTORS},
    None: (
        _general,
        ("cells", "chargers", "excited_chargers", "cavity", "drive", "photons", "anisotropy",
         "charger_crosstalk", "cell_crosstalk", "longitudinal", "charger_longitudinal",
         "cell_longitudinal", "cell_spin", "charger_spin"),
    ),
}  # fmt: skip


def solution_of(arguments: argparse.Namespace) -> Solution:
    """The solution of a sector, or of a number of cells; foreign options are refused."""
    build, options = _BUILDERS[arguments.sector]
    every = dict.fromkeys(chain.from_iterable(names for _, names in _BUILDERS.values()))
    given = _given({name: getattr(arguments, name, None) for name in every})
    for name in given:
        if name not in options:
            where = arguments.sector or "a number of cells without a sector"
            raise InvalidArgument(f"`--{name.replace('_', '-')}` must be left out for {where}")
    if arguments.sector is None:
        given.setdefault("cells", None)
    return build(**given)


def derive(arguments: argparse.Namespace) -> int:
    """Print the formulas of a sector."""
    solution = solution_of(arguments)
    if arguments.latex:
        for name in QUANTITIES:
            for row in equations(solution, name):
                print(row)
    elif arguments.json:
        print(to_json(solution, comparisons=solution.comparisons()), end="")
    else:
        print(_pretty(solution))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Print formulas in one of the formats, or write them to a file."""
    text = _exported(solution_of(arguments), arguments)
    if arguments.output in _STANDARD:
        print(text, end="")
    else:
        files.write_file(arguments.output, text)
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Failure if an exact route misses more than a tenth of the digits asked for."""
    digits = []
    for sector in SECTORS:
        for entry in sector.entries:
            verification = verification_of(entry.derive(), digits=arguments.digits)
            print(f"{entry.title}\n{verification}\n")
            digits.append(verification.digits)
    return 0 if min(digits) >= 0.9 * arguments.digits else 1


def _pretty(solution: Solution) -> str:
    signs, encoding = "ω√⎛", sys.stdout.encoding or "ascii"
    wide = signs.encode(encoding, "ignore").decode(encoding) == signs

    def text(value: Basic) -> str:
        short = {part: part.expression for part in value.atoms(NamedExpression)}
        short |= {part: part.variable for part in value.atoms(ImplicitRoot)}
        value = value.xreplace(short)
        # SymPy has one form of the letter only.
        value = value.xreplace({s: Symbol("phi") for s in value.free_symbols if s.name == "varphi"})
        return str(pretty(value, use_unicode=wide))

    def equation(head: str, value: Basic) -> str:
        """On one line where the value is on one."""
        shown = text(value)
        return f"{head} =\n{shown}" if "\n" in shown else f"{head} = {shown}"

    blocks = [equation(text(name), value) for name, value in solution.definitions.items()]
    if solution.is_pure:
        blocks += [equation(f"c_{k}(t)", c) for k, c in solution.amplitudes.items()]
    blocks.append(equation("E(t)", solution.energy))
    blocks.append("P(t) = E(t)/t")
    for name, head in (("maximum", "E_max"), ("max_power", "P_max")):
        try:
            top = getattr(solution, name)()
        except UnsolvedError as error:
            blocks.append(f"{head}: {error}")
            continue
        while top is not None:
            where = "" if top.condition == S.true else f"for {text(top.condition)}: "
            value = top.value if top.approximate is None else top.approximate.n(_DIGITS)
            blocks.append(where + equation(head, value))
            blocks.append(
                equation("at t", top.time) if top.attained else "approached, never reached"
            )
            for root in sorted(top.value.atoms(ImplicitRoot), key=str):
                bounds = f"{root.lower} and {root.upper}"
                bounds = bounds.replace("pi", text(S.Pi))
                blocks.append(
                    f"where {text(root)}, between {bounds}, solves\n{text(root.equation)}"
                )
            top = top.otherwise
    for comparison in solution.comparisons():
        verdict = "agrees" if comparison.agrees else "DIFFERS"
        head = f"{comparison.reference}, {plain(f'${comparison.quantity}$')}: {verdict}."
        blocks.append(f"{head} {plain(comparison.remark)}".rstrip())
    return "\n\n".join(blocks)


def _exported(solution: Solution, arguments: argparse.Namespace) -> str:
    """A solution in the format asked for; options that it does not take are refused."""
    to = arguments.to
    options = {name: getattr(arguments, name) for name in ("quantity", "width", "names")}
    taken = signature(FORMATS[to]).parameters
    _left_out(options, (name for name in options if name not in taken), f"for {to}")
    return FORMATS[to](solution, **_given(options))


def _latex(
    solution: Solution, quantity: Any = None, width: Any = None, names: Iterable[str] = ()
) -> str:
    with suppress(TypeError, ValueError):
        # A number of points, or the name of a width.
        width = float(width)
    options: dict[str, Any] = {"names": _names(solution, names), "width": width}
    if quantity is None:
        text = aslatex(solution, **options)
    else:
        _known(solution, quantity, ("amplitudes", "populations", *QUANTITIES))
        text = standalone(solution, quantity, **options)
    printer = checked(solution, **options).printer()
    held = ", ".join(f"${printer.doprint(condition)}$" for condition in solution.assumptions)
    return (f"For {held}:\n" if held else "") + text


def _code(solution: Solution, quantity: Any = "energy", *, language: str) -> str:
    _known(solution, quantity)
    return source(solution, quantity, language)


def _known(solution: Solution, quantity: Any, more: Iterable[str] = ()) -> None:
    every = quantities(solution)
    if quantity not in more and not every.knows(quantity):
        every.refuse(quantity, more, "--quantity")
    if quantity not in more:
        every.request(quantity)


def _names(solution: Solution, pairs: Iterable[str]) -> dict[Expr, str]:
    """Symbols of the solution and their names in LaTeX."""
    defined = solution.plain_definitions
    written = (*quantities(solution).values(), *defined, *defined.values())
    known = {symbol.name: symbol for value in written for symbol in value.free_symbols}
    spoken = {spelled(name).replace("_", ""): name for name in known}
    named: dict[Expr, str] = {}
    for pair in pairs:
        # The parser of the command line makes a list of "--".
        name, mark, text = str(pair).partition("=")
        if not (mark and text):
            raise invalid("names", "be given as symbol=name", pair)
        # ω0 is omega_0.
        name = spoken.get(spelled(name).replace("_", ""), name)
        checks.choice("names", name, sorted(known))
        if known[name] in named:
            raise InvalidArgument(f"`names` must name {name} once, but does so twice")
        named[known[name]] = text
    return named


FORMATS: Mapping[str, Callable[..., str]] = {
    "latex": _latex,
    **{language: partial(_code, language=language) for language in LANGUAGES},
    "json": lambda solution, quantity=None: to_json(solution, names=quantity and [quantity]),
}
"""The forms of ``--to``: what writes each, with the options that it takes."""
