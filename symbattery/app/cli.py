"""The command line: derive, export, verify, explorer, report, claims, figure."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from symbattery import symbols
from symbattery.app.catalogue import SECTORS
from symbattery.app.formula_commands import FORMATS

__all__ = ["main"]

_NAMES = tuple(sector.name for sector in SECTORS)
_INTERRUPTED = 130


def _value(text: str) -> Any:
    """A number as written, or one of the package's symbols."""
    if text in symbols.__all__:
        return getattr(symbols, text)
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _add_model(parser: argparse.ArgumentParser) -> None:
    for option, words in (
        ("cells", "number of cells (of thermal-charger: 1 or 2)"),
        ("chargers", "number of charger spins, or N"),
        ("excited_chargers", "charger spins up at the start, or m"),
        ("anisotropy", "anisotropy, or gamma (single-cell with one charger spin)"),
        ("thermal", "how many charger spins are thermal, or N (thermal-charger)"),
        ("population", "excited population of a thermal spin, or p_1"),
    ):
        parser.add_argument(f"--{option.replace('_', '-')}", type=_value, metavar="X", help=words)


def _add_derive(derive: argparse.ArgumentParser) -> None:
    derive.add_argument("sector", choices=_NAMES, metavar="SECTOR", help=", ".join(_NAMES))
    _add_model(derive)
    form = derive.add_mutually_exclusive_group()
    form.add_argument("--latex", action="store_true", help="print LaTeX")
    form.add_argument("--json", action="store_true", help="print JSON, with what the paper prints")


def _add_export(export: argparse.ArgumentParser) -> None:
    export.description = "Formulas of a sector, or of any number of cells (--cells, no SECTOR)."
    words = f"{', '.join(_NAMES)}; left out, --cells says how many"
    export.add_argument("sector", nargs="?", metavar="SECTOR", help=words)
    export.add_argument("--to", required=True, metavar="FORMAT", help=", ".join(FORMATS))
    _add_model(export)
    export.add_argument("--cavity", action="store_true", default=None, help="a cavity charges")
    export.add_argument("--photons", type=_value, metavar="X", help="photons at the start, or n")
    couplings = ("", symbols.g_1, "charger spins"), ("cell-", symbols.g_2, "cells")
    add = partial(export.add_argument, type=_value, nargs="?", metavar="X")
    for which, symbol, where in couplings:
        words = f"coupling among the {where}, {symbol} if no number is given"
        add(f"--{which}crosstalk", const=symbol, help=words)
    export.add_argument("--quantity", metavar="Q", help="energy, power, c0, c1, …")
    export.add_argument("--width", metavar="W", help="of a line of LaTeX: a name, or points")
    export.add_argument("--names", action="append", metavar="SYMBOL=NAME", help="a name in LaTeX")
    export.add_argument("-o", "--output", metavar="FILE", help="standard output if left out, or -")


def _add_digits(parser: argparse.ArgumentParser, default: int = 50) -> None:
    words = f"default {default}"
    parser.add_argument("--digits", type=_value, default=default, metavar="D", help=words)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, metavar="DIR", help="folder for the files")


def _add_report(report: argparse.ArgumentParser) -> None:
    _add_folder(report)
    _add_digits(report)
    words = "formulas (seconds), ledger, figures, beyond (minutes); default: all"
    report.add_argument("--parts", nargs="+", metavar="PART", help=words)


def _add_claims(claims: argparse.ArgumentParser) -> None:
    claims.add_argument("--section", metavar="S", help="only this section: I to V, or A")
    claims.add_argument("--json", action="store_true", help="print JSON")
    _add_digits(claims, 8)
    claims.add_argument("--processes", type=_value, metavar="P", help="default: all cores")


def _add_figure(figure: argparse.ArgumentParser) -> None:
    words = "2 ... 9, beyond (larger than the paper), all"
    figure.add_argument("figures", nargs="+", metavar="FIGURE", help=words)
    _add_folder(figure)


@dataclass(frozen=True)
class _Command:
    """One command: its line of help, its options, and the module whose function runs it.

    The module is imported when the command is run: plots and whole ledgers are heavy, and the
    other commands start without them.
    """

    help: str
    add: Callable[[argparse.ArgumentParser], None]
    module: str
    resumes: bool = False


_FORMULAS, _PAPER = "symbattery.app.formula_commands", "symbattery.app.paper_commands"
_COMMANDS = {
    "derive": _Command("derive one sector and print its formulas", _add_derive, _FORMULAS),
    "export": _Command("formulas as LaTeX, source code or JSON", _add_export, _FORMULAS),
    "verify": _Command("check every sector against independent routes", _add_digits, _FORMULAS),
    "explorer": _Command("write a page with curves and sliders", _add_folder, _PAPER),
    "report": _Command(
        "formulas, ledger of claims and figures as one PDF and one HTML page", _add_report, _PAPER,
        resumes=True,
    ),
    "claims": _Command("check every statement of the paper", _add_claims, _PAPER),
    "figure": _Command("compute and draw figures of the paper", _add_figure, _PAPER, resumes=True),
}  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symbattery", description="Exact results on quantum batteries."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        command.add(commands.add_parser(name, help=command.help))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is 0, 1 (not verified), 2 (bad input), 130 (stopped)."""
    arguments = _parser().parse_args(argv)
    command = _COMMANDS[arguments.command]
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What a terminal cannot show is no reason to stop.
        sys.stdout.reconfigure(errors="replace")
    try:
        code: int = getattr(import_module(command.module), arguments.command)(arguments)
        return code
    except BrokenPipeError:
        # The reader has seen enough. Nothing more may be written when Python closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        again = "; finished results are there, and the same command goes on from there"
        print(f"symbattery: interrupted{again if command.resumes else ''}", file=sys.stderr)
        return _INTERRUPTED
    except ValueError as error:
        print(f"symbattery: {error}", file=sys.stderr)
        return 2
