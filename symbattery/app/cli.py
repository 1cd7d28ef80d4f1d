"""The command line: derive, export, verify, report, explorer, claims, figure."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sympy import S, pretty

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.storage import files
from symbattery.api import Solution, single_cell, thermal_charger, two_cells
from symbattery.app import figure_command, report_command
from symbattery.app import paper_command as claims_command
from symbattery.app.catalogue import SECTORS
from symbattery.app.export import FORMATS, exported, general
from symbattery.core.errors import UnsolvedError
from symbattery.core.named_roots import ImplicitRoot
from symbattery.model import symbols
from symbattery.output.data.formula_json import to_json
from symbattery.output.latex.results import QUANTITIES, equations
from symbattery.verification import verify

__all__ = ["main"]

_DERIVE: dict[str, tuple[Callable[..., Solution], tuple[str, ...]]] = {
    "single-cell": (single_cell, ("chargers", "excited", "anisotropy")),
    "two-cells": (two_cells, ("chargers", "excited")),
    "thermal-charger": (thermal_charger, ("cells", "chargers", "thermal", "population")),
}


# What an option of `export` means without a sector of its own.
_GENERAL = (
    "cells", "chargers", "excited", "cavity", "photons", "anisotropy", "crosstalk",
    "cell_crosstalk",
)  # fmt: skip


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
    _add_model(derive)
    form = derive.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="print LaTeX")
    form.add_argument("--json", action="store_true", help="print JSON, with what the paper prints")
    _add_export(commands)
    check = commands.add_parser("verify", help="check every sector against independent routes")
    check.add_argument("--digits", type=_value, default=50, metavar="D", help="default 50")
    explore = commands.add_parser("explorer", help="write a page with curves and sliders")
    explore.add_argument("--output", required=True, metavar="DIR", help="folder for the page")
    report_command.add(commands)
    claims_command.add_parser(commands)
    figure_command.add(commands)
    return parser


def _add_model(parser: argparse.ArgumentParser) -> None:
    for option, words in (
        ("cells", "number of cells (of thermal-charger: 1 or 2)"),
        ("chargers", "number of charger spins, or N"),
        ("excited", "charger spins up at the start, or m"),
        ("anisotropy", "anisotropy, or gamma (single-cell with one charger spin)"),
        ("thermal", "how many charger spins are thermal, or N (thermal-charger)"),
        ("population", "excited population of a thermal spin, or p_1"),
    ):
        parser.add_argument(f"--{option}", type=_value, metavar="X", help=words)


def _add_export(commands: Any) -> None:
    export = commands.add_parser(
        "export",
        help="formulas as LaTeX, source code or JSON",
        description="Formulas of a sector, or of any number of cells (--cells, and no SECTOR).",
    )
    words = f"{', '.join(_DERIVE)}; left out, --cells says how many"
    export.add_argument("sector", nargs="?", metavar="SECTOR", help=words)
    export.add_argument("--to", required=True, metavar="FORMAT", help=", ".join(FORMATS))
    _add_model(export)
    export.add_argument("--cavity", action="store_true", default=None, help="a cavity charges")
    export.add_argument("--photons", type=_value, metavar="X", help="photons at the start, or n")
    for option, symbol, where in (
        ("crosstalk", symbols.g_1, "charger spins"),
        ("cell-crosstalk", symbols.g_2, "cells"),
    ):
        export.add_argument(
            f"--{option}", type=_value, nargs="?", const=symbol, metavar="X",
            help=f"coupling among the {where}, {symbol} if no number is given",
        )  # fmt: skip
    export.add_argument("--quantity", metavar="Q", help="energy, power, c0, c1, …")
    export.add_argument("--width", metavar="W", help="of a line of LaTeX: a name, or points")
    export.add_argument(
        "--names", action="append", default=[], metavar="SYMBOL=NAME", help="a name in LaTeX"
    )
    export.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def _solution(arguments: argparse.Namespace) -> Solution:
    build: Callable[..., Solution]
    options: tuple[str, ...]
    if arguments.sector is None:
        build, options = general, _GENERAL
    elif arguments.sector in _DERIVE:
        build, options = _DERIVE[arguments.sector]
    else:
        raise invalid("sector", f"be one of {', '.join(_DERIVE)}", arguments.sector)
    every: tuple[str, ...] = tuple(dict.fromkeys((*_GENERAL, "thermal", "population")))
    given: dict[str, Any] = {name: getattr(arguments, name, None) for name in every}
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if name not in options:
            where = arguments.sector or "a number of cells without a sector"
            raise InvalidArgument(f"`--{name.replace('_', '-')}` must be left out for {where}")
    if arguments.sector is None:
        given.setdefault("cells", None)
    elif "excited" in given:
        given["excited_chargers"] = given.pop("excited")
    return build(**given)


def _export(arguments: argparse.Namespace) -> int:
    checks.choice("to", arguments.to, FORMATS)
    path = arguments.output
    if path is not None and (not path or Path(path).is_dir()):
        raise invalid("output", "be the path of a file", path)
    text = exported(
        _solution(arguments),
        arguments.to,
        arguments.quantity,
        width=arguments.width,
        names=arguments.names,
    )
    if path is None:
        print(text, end="")
    else:
        files.write_text(Path(path), text)
    return 0


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
        print(to_json(solution, comparisons=solution.comparisons()), end="")
    else:
        print(_pretty(solution))
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    """Failure if an exact route misses more than a tenth of the digits asked for."""
    digits = []
    for sector in SECTORS:
        for entry in sector.entries:
            verification = verify(entry.derive(), digits=arguments.digits)
            print(f"{entry.title}\n{verification}\n")
            digits.append(verification.digits)
    return 0 if min(digits) >= 0.9 * arguments.digits else 1


def _explorer(arguments: argparse.Namespace) -> int:
    # Only here: what makes pages is not needed by the other commands.
    from symbattery.app.explorer import write_explorer

    print(write_explorer(arguments.output))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, 1 (not verified) or 2 (bad input)."""
    arguments = _parser().parse_args(argv)
    commands = {
        "derive": _derive,
        "export": _export,
        "verify": _verify,
        "explorer": _explorer,
        "report": report_command.run,
        "claims": claims_command.show,
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
