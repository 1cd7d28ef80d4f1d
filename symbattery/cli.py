"""The command line: derive, verify, report, figure."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any

from sympy import S, pretty

from symbattery import symbols
from symbattery.cases import single_cell, thermal_charger, two_cells
from symbattery.catalogue import SECTORS
from symbattery.emit.data import record
from symbattery.emit.latex import QUANTITIES, equations
from symbattery.errors import UnsolvedError
from symbattery.implicit import ImplicitRoot
from symbattery.paper import figure_command
from symbattery.report import Line, report
from symbattery.solutions import Solution
from symbattery.verify import verify

__all__ = ["main"]

_DERIVE: dict[str, tuple[Callable[..., Solution], tuple[str, ...]]] = {
    "single-cell": (single_cell, ("chargers", "excited", "anisotropy")),
    "two-cells": (two_cells, ("chargers", "excited")),
    "thermal-charger": (thermal_charger, ("cells", "chargers", "thermal", "population")),
}


def _value(text: str) -> Any:
    """A number as written, or one of the package's symbols."""
    known = {name: getattr(symbols, name) for name in symbols.__all__}
    if text in known:
        return known[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symbattery", description="Exact results on quantum batteries."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    derive = commands.add_parser("derive", help="derive one sector and print its formulas")
    derive.add_argument("sector", choices=tuple(_DERIVE), metavar="SECTOR", help=", ".join(_DERIVE))
    for option, words in (
        ("cells", "number of cells, 1 or 2 (thermal-charger)"),
        ("chargers", "number of charger spins, or N"),
        ("excited", "charger spins up at the start, or m"),
        ("anisotropy", "anisotropy, or gamma (single-cell with one charger spin)"),
        ("thermal", "how many charger spins are thermal, or N (thermal-charger)"),
        ("population", "excited population of a thermal spin, or p_1"),
    ):
        derive.add_argument(f"--{option}", type=_value, metavar="X", help=words)
    form = derive.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="print LaTeX")
    form.add_argument("--json", action="store_true", help="print JSON, with srepr expressions")
    check = commands.add_parser("verify", help="check every sector against independent routes")
    check.add_argument("--digits", type=_value, default=50, metavar="D", help="default 50")
    make = commands.add_parser("report", help="derive, verify and write down every sector")
    make.add_argument("--output", required=True, metavar="DIR", help="folder for the files")
    make.add_argument("--digits", type=_value, default=50, metavar="D", help="default 50")
    figure_command.add(commands)
    return parser


def _solution(arguments: argparse.Namespace) -> Solution:
    build, options = _DERIVE[arguments.sector]
    every = ("cells", "chargers", "excited", "anisotropy", "thermal", "population")
    given = {name: getattr(arguments, name) for name in every}
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if name not in options:
            raise ValueError(f"`--{name}` must be left out for {arguments.sector}")
    return build(**given)


def _encodes(text: str) -> bool:
    """Whether standard output can show ``text``."""
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _pretty(solution: Solution) -> str:
    wide = _encodes("ω√⎛")
    blocks = [f"{symbol} = {value}" for symbol, value in solution.definitions.items()]
    if solution.is_pure:
        blocks += [
            f"c_{k}(t) =\n{pretty(c, use_unicode=wide)}" for k, c in solution.amplitudes.items()
        ]
    blocks.append(f"E(t) =\n{pretty(solution.energy, use_unicode=wide)}")
    blocks.append("P(t) = E(t)/t")
    for name, head in (("maximum", "E_max"), ("max_power", "P_max")):
        try:
            top = getattr(solution, name)()
        except UnsolvedError as error:
            blocks.append(f"{head}: {error}")
            continue
        while top is not None:
            reached = f"at t = {top.time}" if top.attained else "approached, never reached"
            where = "" if top.condition == S.true else f", for {top.condition}"
            blocks.append(f"{head} = {top.value}, {reached}{where}")
            for root in sorted(top.value.atoms(ImplicitRoot), key=str):
                sides = f"{root.equation.lhs} = {root.equation.rhs}"
                blocks.append(f"where {root}, between 0 and {root.upper}, solves {sides}")
            top = top.otherwise
    for comparison in solution.comparisons():
        verdict = "agrees" if comparison.agrees else "DIFFERS"
        head = f"{comparison.reference}, {comparison.quantity}: {verdict}."
        blocks.append(f"{head} {comparison.remark}".rstrip())
    return "\n\n".join(blocks)


def _derive(arguments: argparse.Namespace) -> int:
    solution = _solution(arguments)
    if arguments.latex:
        for name in QUANTITIES:
            for row in equations(solution, name):
                print(row)
    elif arguments.json:
        print(json.dumps(record(solution), indent=2, ensure_ascii=False))
    else:
        print(_pretty(solution))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    lines = []
    for sector in SECTORS:
        for entry in sector.entries:
            solution = entry.derive()
            lines.append(Line(entry.title, solution, verify(solution, digits=arguments.digits)))
            print(f"{entry.title}\n{lines[-1].verification}\n")
    return _verdict(tuple(lines), arguments.digits)


def _report(arguments: argparse.Namespace) -> int:
    made = report(arguments.output, arguments.digits)
    print(made)
    return _verdict(made.lines, arguments.digits)


def _verdict(lines: tuple[Line, ...], digits: int) -> int:
    """Failure if an exact route misses more than a tenth of the digits asked for."""
    return 0 if all(line.verification.digits >= 0.9 * digits for line in lines) else 1


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, 1 (not verified) or 2 (bad input)."""
    arguments = _parser().parse_args(argv)
    commands = {
        "derive": _derive,
        "verify": _verify,
        "report": _report,
        "figure": figure_command.run,
    }
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What a terminal cannot show is no reason to stop.
        sys.stdout.reconfigure(errors="replace")
    try:
        return commands[arguments.command](arguments)
    except BrokenPipeError:
        # The reader has seen enough. Nothing more may be written when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except ValueError as error:
        print(f"symbattery: {error}", file=sys.stderr)
        return 2
