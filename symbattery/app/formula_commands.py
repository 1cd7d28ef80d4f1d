"""The commands ``derive``, ``export`` and ``verify``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from inspect import signature
from itertools import chain
from pathlib import Path

from sympy import S, pretty

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.storage import files
from symbattery.api import Solution
from symbattery.app.catalogue import SECTORS
from symbattery.app.export import FORMATS, exported, general
from symbattery.core.expressions import UnsolvedError
from symbattery.core.named_roots import ImplicitRoot
from symbattery.output.data.formula_json import to_json
from symbattery.output.latex.results import QUANTITIES, equations
from symbattery.verification import verify as verification_of

__all__ = ["derive", "export", "verify"]

# The function of each sector, or of a number of cells, and its options.
_BUILDERS: dict[str | None, tuple[Callable[..., Solution], tuple[str, ...]]] = {
    **{one.name: (one.derive, tuple(signature(one.derive).parameters)) for one in SECTORS},
    None: (
        general,
        ("cells", "chargers", "excited_chargers", "cavity", "photons", "anisotropy", "crosstalk",
         "cell_crosstalk"),
    ),
}  # fmt: skip


def _solution(arguments: argparse.Namespace) -> Solution:
    """The solution of a sector, or of a number of cells; foreign options are refused."""
    if arguments.sector is not None:
        checks.choice("sector", arguments.sector, [one.name for one in SECTORS])
    build, options = _BUILDERS[arguments.sector]
    every = dict.fromkeys(chain.from_iterable(names for _, names in _BUILDERS.values()))
    given = {name: getattr(arguments, name, None) for name in every}
    given = {name: value for name, value in given.items() if value is not None}
    for name in given:
        if name not in options:
            where = arguments.sector or "a number of cells without a sector"
            raise InvalidArgument(f"`--{name.replace('_', '-')}` must be left out for {where}")
    if arguments.sector is None:
        given.setdefault("cells", None)
    return build(**given)


def derive(arguments: argparse.Namespace) -> int:
    """Print the formulas of a sector."""
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


def export(arguments: argparse.Namespace) -> int:
    """Print formulas in one of the formats, or write them to a file."""
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


def verify(arguments: argparse.Namespace) -> int:
    """Failure if an exact route misses more than a tenth of the digits asked for."""
    digits = []
    for sector in SECTORS:
        for entry in sector.entries:
            verification = verification_of(entry.derive(), digits=arguments.digits)
            print(f"{entry.title}\n{verification}\n")
            digits.append(verification.digits)
    return 0 if min(digits) >= 0.9 * arguments.digits else 1


def _encodes(text: str) -> bool:
    """Standard output can show ``text``."""
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
