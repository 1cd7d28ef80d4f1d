r"""The closed forms as JavaScript, written by the exporter: one object for each case.

``holds(parameters)`` says whether the form applies. ``curve(parameters)`` computes its constants,
and returns ``at(t)`` with E, E' and E'', bounds on E, E'' and E''' that prove that no peak is
missed, and the supremum where that is a closed form. ``checks`` are values at 50 digits. Parameters
go by field name, or as m and h = N − m where a form is computed in these.

Times are in 1/g and energies in ω₀. The bounds on :math:`|E''|` and :math:`|E'''|` are those of
:mod:`symbattery.maxima.peaks`, with the parameters as symbols: from the hops of a chain without a
diagonal, and otherwise term by term, because :math:`\sin^2\varphi t` has derivatives of at most
:math:`(2\varphi)^n/2`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sympy import Abs, Add, Expr, Integer, Min, S, Symbol, sqrt
from sympy.logic.boolalg import Boolean

from symbattery.api import Solution
from symbattery.app.explorer.batteries import Case
from symbattery.core.errors import UnsolvedError
from symbattery.maxima.result import Maximum
from symbattery.model.symbols import t
from symbattery.output.code.javascript import JavaScript
from symbattery.output.code.language import Unit
from symbattery.output.code.program import (
    Assign,
    Names,
    Program,
    Statement,
    fixed_values,
    program,
    straight,
)
from symbattery.output.code.samples import samples
from symbattery.sectors.chains import Chain

__all__ = ["PARAMETERS", "Curve", "Supremum", "curve", "script", "units"]

# What the page sets, by field name.
PARAMETERS: Mapping[str, str] = {
    "N": "chargers", "m": "excited", "n": "photons", "g_1": "charger_crosstalk",
}  # fmt: skip


@dataclass(frozen=True)
class Supremum:
    """The largest E of all times, and when it is first reached, where ``condition`` holds."""

    condition: Boolean
    value: Expr
    time: Expr


@dataclass(frozen=True)
class Curve:
    """E(t) of one solution as straight-line programs.

    Attributes
    ----------
    constants, body : tuple of Assign
        What does not move, and what does.
    energy, slope, curvature : Expr
        E, E', E'' in the names of both.
    curvature_bounds, third_derivative_bounds : tuple of Expr
        The largest of each bounds ``|E''|`` and ``|E'''|``; nothing moves where there are none.
    ceiling : Expr
        E is never larger.
    suprema : tuple of Supremum
        The first whose condition holds; none where it is no closed form.
    """

    constants: tuple[Assign, ...]
    body: tuple[Assign, ...]
    energy: Expr
    slope: Expr
    curvature: Expr
    curvature_bounds: tuple[Expr, ...]
    third_derivative_bounds: tuple[Expr, ...]
    ceiling: Expr
    suprema: tuple[Supremum, ...]


def curve(solution: Solution) -> Curve:
    """The curve of a pure start with one chain."""
    put: dict[Expr, Expr] = dict(fixed_values(solution, units(solution)))
    (chain,) = solution.sectors
    definitions = {s: v.subs(put) for s, v in solution.plain_definitions.items()}
    energy = solution.finite_energy.xreplace(put).doit()
    curvature_bounds, third_derivative_bounds, ceiling = _bounds(energy, chain, put)
    tops = tuple(_suprema(solution))
    parts = (
        *(energy.diff(t, order) for order in range(3)),
        *curvature_bounds, *third_derivative_bounds, ceiling,
        *(part.subs(put) for top in tops for part in (top.value, top.time)),
    )  # fmt: skip
    body, named = straight(parts, definitions, Names())
    constants, moving = _apart(body)
    rest = iter(named)
    E, slope, curvature = (next(rest) for _ in range(3))
    return Curve(
        constants, moving, E, slope, curvature,
        tuple(next(rest) for _ in curvature_bounds),
        tuple(next(rest) for _ in third_derivative_bounds), next(rest),
        tuple(Supremum(top.condition, next(rest), next(rest)) for top in tops),
    )  # fmt: skip


def units(solution: Solution) -> dict[str, int]:
    """1 for the coupling and the frequency: times in 1/g, energies in ω₀."""
    return {name: 1 for name in ("coupling", "frequency") if name in solution.parameters}


def _bounds(
    energy: Expr, chain: Chain, put: dict[Expr, Expr]
) -> tuple[tuple[Expr, ...], tuple[Expr, ...], Expr]:
    """What bounds |E''| and |E'''|, and E."""
    most = Integer(chain.levels[-1])
    if energy == 0:
        return (), (), most
    if chain.is_chiral:
        return *_ehrenfest([hop.subs(put) for hop in chain.hops_squared]), most
    curvature_bounds, third_derivative_bounds, total = S.Zero, S.Zero, S.Zero
    for term in Add.make_args(energy.expand()):
        size, wave = term.as_independent(t)
        rate = 2 * wave.base.args[0].diff(t)
        curvature_bounds += Abs(size) * rate**2 / 2
        third_derivative_bounds += Abs(size * rate**3) / 2
        total += (size + Abs(size)) / 2
    return (curvature_bounds,), (third_derivative_bounds,), Min(most, total)


def _ehrenfest(squares: list[Expr]) -> tuple[tuple[Expr, ...], tuple[Expr, ...]]:
    """From the squared hops: the forces on the excitations, and how they change along a hop."""
    padded = [S.Zero, *squares, S.Zero]
    force = [2 * (after - before) for before, after in pairwise(padded)]
    changes = (abs(after - before) for before, after in pairwise(force))
    steps = [
        S.Zero,
        *(sqrt(h) * change for h, change in zip(squares, changes, strict=True)),
        S.Zero,
    ]
    return tuple(map(Abs, force)), tuple(a + b for a, b in pairwise(steps))


def _suprema(solution: Solution) -> Iterator[Supremum]:
    """The closed forms of the supremum in the parameters, if there are any."""
    try:
        here: Maximum | None = solution.maximum("supremum")
    except UnsolvedError:
        return
    while here is not None:
        if here.time is None:
            return
        last = here.otherwise is None
        yield Supremum(S.true if last else here.condition, here.value, here.time)
        here = here.otherwise


def _apart(body: list[Statement]) -> tuple[tuple[Assign, ...], tuple[Assign, ...]]:
    """Statements that do not depend on time, and those that do."""
    moved, constants, moving = {t}, [], []
    for statement in body:
        assert isinstance(statement, Assign)
        if statement.number is None and statement.value.free_symbols & moved:
            moved.add(statement.name)
            moving.append(statement)
        else:
            constants.append(statement)
    return tuple(constants), tuple(moving)


class _CaseScript(JavaScript):
    """One case as an object."""

    def __init__(self, case: Case, found: Curve) -> None:
        fixed = units(case.computed)
        single = program(case.computed, "energy", fixed)
        body: tuple[Assign, ...] = (*found.constants, *found.body)
        every = {name: s for name, s in case.computed.parameters.items() if name not in fixed}
        made = Program("curve", every, body, (found.energy, found.slope, found.curvature))
        super().__init__(Unit(made, (), samples(case.computed, single, fixed)))
        self.case, self.found, self.checked = case, found, tuple(single.arguments)

    def file(self) -> str:
        given = f"{{{', '.join(self.program.arguments)}}}"
        return "\n".join(
            [
                "{",
                f"    key: {json.dumps(self.case.key)},",
                *self._condition(),
                f"    curve({given}) {{",
                *self.block(self.found.constants, 2),
                "        return {",
                *self._field(
                    "curvature_bounds",
                    f"[{', '.join(map(self.text, self.found.curvature_bounds))}]",
                ),
                *self._field(
                    "third_derivative_bounds",
                    f"[{', '.join(map(self.text, self.found.third_derivative_bounds))}]",
                ),
                *self._field("ceiling", self.text(self.found.ceiling)),
                *self._field("supremum", self._supremum()),
                "            at(t) {",
                *self.block(self.found.body, 4),
                "                return {",
                *self._field("energy", self.text(self.found.energy), 5),
                *self._field("slope", self.text(self.found.slope), 5),
                *self._field("curvature", self.text(self.found.curvature), 5),
                "                };",
                "            },",
                "        };",
                "    },",
                f"    arguments: {json.dumps(['t', *self.checked])},",
                f"    tolerance: {self.tolerance},",
                "    checks: [",
                *(line for row in self.rows() for line in self.lines(f"[{', '.join(row)}],", 2)),
                "    ],",
                "}",
            ]
        )

    def _field(self, name: str, value: str, depth: int = 3) -> list[str]:
        return self.lines(f"{name}: {value},", depth)

    def _condition(self) -> list[str]:
        condition = self.case.condition
        symbols = sorted(condition.atoms(Symbol), key=str)
        known = {s: PARAMETERS[s.name] for s in symbols}
        text = "true" if condition == S.true else self.writer(known).condition(condition)
        return self.lines(f"holds: ({{{', '.join(known.values())}}}) => {text},", 1)

    def _supremum(self) -> str:
        text = "null"
        for top in reversed(self.found.suprema):
            here = f"{{value: {self.text(top.value)}, time: {self.text(top.time)}}}"
            last = top.condition == S.true
            text = here if last else f"{self.text.condition(top.condition)} ? {here} : {text}"
        return text


def script(cases: Iterable[Case]) -> str:
    """``const CASES``, an array with every case in order; a script, or a CommonJS module."""
    made = [_CaseScript(case, curve(case.computed)).file() for case in cases]
    return (
        '"use strict";\n\nconst CASES = [\n' + ",\n".join(made) + ",\n];\n\n"
        'if (typeof module !== "undefined") {\n    module.exports = {CASES};\n}\n'
    )
