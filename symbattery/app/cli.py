"""The command line: derive, export, new, verify, explorer, report, claims, figure, sweep, status.

What it refuses or explains by itself, it does before the engines are loaded.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import EBADF, EFBIG, EIO, ENOSPC
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import symbattery
from numerics.model import checks
from numerics.model.checks import invalid
from numerics.storage import files
from numerics.storage.processes import WorkFailed
from symbattery.app.catalogue import FIGURES, FORMATS, PAPERS, PARTS, SECTIONS, SECTORS

__all__ = ["main"]

_NAMES = tuple(sector.name for sector in SECTORS)
_INTERRUPTED = 130
_FULL = (EBADF, EFBIG, EIO, ENOSPC)
_AGAIN = "; finished results are there, and the same command goes on from there"
# Options that may be one of the package's symbols, too.
_PARAMETERS = (
    "cells", "chargers", "excited_chargers", "anisotropy", "thermal", "population", "photons",
    "charger_crosstalk", "cell_crosstalk", "longitudinal", "charger_longitudinal",
    "cell_longitudinal",
)  # fmt: skip
_KNOWN = {
    "to": FORMATS, "sector": _NAMES, "section": SECTIONS, "parts": PARTS, "figures": FIGURES,
    "paper": (*PAPERS, "all"),
}  # fmt: skip


def _value(text: str) -> Any:
    """A number as written."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _key(text: str) -> str:
    """A number on arXiv as it is cited: with "arXiv:" before it and a version behind, or not."""
    return re.sub(r"(?i)^arxiv:\s*|(?<=\d)v\d+$", "", text)


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
    charger = export.add_mutually_exclusive_group()
    charger.add_argument("--cavity", action="store_true", default=None, help="a cavity charges")
    charger.add_argument("--drive", action="store_true", default=None, help="a classical field")
    export.add_argument("--photons", type=_value, metavar="X", help="photons at the start, or n")
    couplings = (
        ("charger-crosstalk", "g_1", "coupling among the charger spins"),
        ("cell-crosstalk", "g_2", "coupling among the cells"),
        ("longitudinal", "kappa", "longitudinal coupling of cells and charger spins"),
        ("charger-longitudinal", "kappa_1", "longitudinal coupling among the charger spins"),
        ("cell-longitudinal", "kappa_2", "longitudinal coupling among the cells"),
    )
    add = partial(export.add_argument, type=_value, nargs="?", metavar="X")
    for option, symbol, words in couplings:
        add(f"--{option}", const=symbol, help=f"{words}, {symbol} if no number is given")
    for which, where in (("cell", "cell"), ("charger", "charger spin")):
        words = f"spin of each {where}, such as 3/2; default 1/2"
        export.add_argument(f"--{which}-spin", type=_value, metavar="S", help=words)
    words = (
        "energy, power, energy_variance, populations p0, p1, …, amplitudes c0, c1, …; of LaTeX also"
    )
    words += " amplitudes, populations, definitions, maximum, max_power; default: energy, or all"
    export.add_argument("--quantity", metavar="Q", help=words)
    words = "of a line of LaTeX: revtex-column, revtex, article-column, article, or points"
    export.add_argument("--width", metavar="W", help=words)
    export.add_argument("--names", action="append", metavar="SYMBOL=NAME", help="a name in LaTeX")
    export.add_argument("-o", "--output", metavar="FILE", help="standard output if left out, or -")


def _add_new(new: argparse.ArgumentParser) -> None:
    new.description = "A manuscript in RevTeX of a sector, or of any number of cells (--cells)."
    new.add_argument("title", metavar="TITLE", help="LaTeX")
    words = f"{', '.join(_NAMES)}; left out, --cells says how many"
    new.add_argument("--sector", metavar="SECTOR", help=words)
    _add_model(new)
    _add_folder(new)


def _add_digits(parser: argparse.ArgumentParser, default: int = 50) -> None:
    words = f"default {default}"
    parser.add_argument("--digits", type=_value, default=default, metavar="D", help=words)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", required=True, metavar="DIR", help="folder for the files")


def _add_report(report: argparse.ArgumentParser) -> None:
    _add_folder(report)
    _add_digits(report)
    which = report.add_mutually_exclusive_group()
    which.add_argument(
        "--parts", nargs="+", metavar="PART", help=f"some of {', '.join(PARTS)}; default: all"
    )
    which.add_argument(
        "--quick", dest="parts", action="store_const", const=PARTS[:-1],
        help=f"all but the {PARTS[-1]}, which take as long as the rest",
    )  # fmt: skip


def _add_claims(claims: argparse.ArgumentParser) -> None:
    claims.add_argument(
        "--paper", nargs="+", type=_key, metavar="KEY", default=PAPERS[:1],
        help=f"numbers on arXiv, such as {PAPERS[1]} (docs/field.md has them), or all; default: "
        f"{PAPERS[0]}, the paper that the package is about",
    )  # fmt: skip
    claims.add_argument(
        "--section", metavar="S", help="of that paper only this section: I to V, A, or beyond"
    )
    claims.add_argument("--json", action="store_true", help="print JSON")
    _add_digits(claims, 8)
    claims.add_argument("--processes", type=_value, metavar="P", help="default: all cores")


def _add_figure(figure: argparse.ArgumentParser) -> None:
    words = (
        "2 ... 9, beyond (larger than the paper), open (noise), maps (up to 200 x 200), all of "
        "these, and best-starts (ten minutes)"
    )
    figure.add_argument("figures", nargs="+", metavar="FIGURE", help=words)
    _add_folder(figure)


def _add_sweep(sweep: argparse.ArgumentParser) -> None:
    sweep.add_argument("file", metavar="FILE", help="TOML: model, compute, zipped, [axes]")
    words = "processes; default: all cores"
    sweep.add_argument("--jobs", dest="processes", type=_value, metavar="P", help=words)
    words = "folder for what is finished, from which the same command goes on"
    sweep.add_argument("--store", metavar="DIR", help=words)
    words = "table, as .csv or .json; CSV on standard output if left out"
    sweep.add_argument("-o", "--output", metavar="FILE", help=words)


def _add_status(status: argparse.ArgumentParser) -> None:
    status.add_argument("store", metavar="DIR", help="store of sweeps, of figures or of a report")


@dataclass(frozen=True)
class _Command:
    """One command: its line of help, its options, and the module whose function runs it.

    The module is imported when the command is run: derivations, plots and whole ledgers are heavy.
    ``folder`` marks those that write files to one, ``resumes`` those that go on where they stopped.
    """

    help: str
    add: Callable[[argparse.ArgumentParser], None]
    module: str
    folder: bool = False
    resumes: bool = False


_FORMULAS, _PAPER = "symbattery.app.formula_commands", "symbattery.app.paper_commands"
_SWEEPS, _MANUSCRIPT = "symbattery.app.sweep_commands", "symbattery.app.manuscript"
_COMMANDS = {
    "derive": _Command("derive one sector and print its formulas", _add_derive, _FORMULAS),
    "export": _Command("formulas as LaTeX, source code or JSON", _add_export, _FORMULAS),
    "new": _Command(
        "a manuscript with formulas, values and a figure", _add_new, _MANUSCRIPT, folder=True,
    ),
    "verify": _Command("check every sector against independent routes", _add_digits, _FORMULAS),
    "explorer": _Command("write a page with curves and sliders", _add_folder, _PAPER, folder=True),
    "report": _Command(
        "formulas, ledger of claims and figures as one PDF and one HTML page", _add_report, _PAPER,
        folder=True, resumes=True,
    ),
    "claims": _Command("check every statement of the paper, or of others", _add_claims, _PAPER),
    "figure": _Command(
        "compute and draw figures of the paper", _add_figure, _PAPER, folder=True, resumes=True,
    ),
    "sweep": _Command("quantities of many batteries, as a file describes", _add_sweep, _SWEEPS),
    "status": _Command("tell how far the runs of a store are", _add_status, _SWEEPS),
}  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="symbattery", description="Exact results on quantum batteries."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {symbattery.__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in _COMMANDS.items():
        command.add(commands.add_parser(name, help=command.help))
    return parser


def _check(command: _Command, given: dict[str, Any]) -> None:
    """Refuse what is wrong whatever else is given."""
    for name, known in _KNOWN.items():
        values = given.get(name)
        for value in [values] if isinstance(values, str) else values or ():
            checks.choice(name, value, known)
    for name in ("digits", "processes"):
        if given.get(name) is not None:
            checks.positive_integer(name, given[name])
    output = given.get("output")
    if command.folder:
        files.output_folder(str(output))
    elif output is not None and (not output or output.endswith(os.sep) or Path(output).is_dir()):
        raise invalid("output", "be the path of a file", output)


def _with_symbols(given: dict[str, Any]) -> None:
    """Put a symbol of the package where an option has its name."""
    for name in _PARAMETERS:
        if isinstance(given.get(name), str) and given[name] in symbattery.symbols.__all__:
            given[name] = getattr(symbattery.symbols, given[name])


class _Closed(io.TextIOBase):
    """The standard output of a program that was started without one."""

    def write(self, text: str) -> int:
        """The error that it is closed."""
        raise OSError(EBADF, "it is closed", "standard output")


def _open_streams(command: _Command) -> None:
    """Streams that take what is printed; where files are the result, it need not be seen."""
    if sys.stderr is None:
        sys.stderr = io.StringIO()
    if sys.stdout is None:
        sys.stdout = io.StringIO() if command.folder else _Closed()
    elif isinstance(sys.stdout, io.TextIOWrapper):
        # What a terminal cannot show is no reason to stop.
        sys.stdout.reconfigure(errors="replace")


def _flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def _give_up_printing() -> None:
    # Nothing more may be written when Python closes the stream.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _reason(error: OSError) -> str:
    """The file that cannot be written or read, and why not."""
    place = error.filename
    if place is None and error.errno in _FULL:
        # Files are named where they are written.
        place = "standard output"
        _give_up_printing()
    reason = error.strerror or str(error)
    return reason if place is None else f"{place}: {reason}"


def _complain(reason: str) -> None:
    """Say on the standard error why the command ends, if that can be written."""
    with suppress(OSError):
        print(f"symbattery: {reason}", file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    The exit code is 0, 1 (not verified), 2 (bad input, or what cannot be written), 130 (stopped).
    """
    again = ""
    try:
        try:
            arguments = _parser().parse_args(argv)
        finally:
            _flush()
        command = _COMMANDS[arguments.command]
        again = _AGAIN if command.resumes or vars(arguments).get("store") else ""
        _open_streams(command)
        _check(command, vars(arguments))
        _with_symbols(vars(arguments))
        code: int = getattr(import_module(command.module), arguments.command)(arguments)
        _flush()
        return code
    except BrokenPipeError:
        # The reader has seen enough.
        _give_up_printing()
        return 0
    except KeyboardInterrupt:
        _complain(f"interrupted{again}")
        return _INTERRUPTED
    except (OSError, WorkFailed) as error:
        reason = _reason(error) if isinstance(error, OSError) else str(error)
        _complain(f"{reason}{again}")
        return 2
    except ValueError as error:
        _complain(str(error))
        return 2
