"""The closed forms as JavaScript, written by the exporter: one object for each case.

``holds(parameters)`` says whether the form applies. ``curve(parameters)`` computes its constants,
and returns ``at(t)`` with E, E' and E'', bounds on E, E'' and E''', and the supremum where that is
a closed form. ``checks`` are values at 50 digits. Parameters go by field name, or as
m and h = N − m where a form is computed in these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sympy import S, Symbol

from symbattery.app.explorer.batteries import Case
from symbattery.app.explorer.curves import Curve, curve, units
from symbattery.output.code.documentation import samples
from symbattery.output.code.languages import LANGUAGES, JavaScriptPrinter
from symbattery.output.code.program import Program, program
from symbattery.output.code.writer import Writer

__all__ = ["PARAMETERS", "script"]

# What the page sets, by field name.
PARAMETERS: Mapping[str, str] = {
    "N": "chargers", "m": "excited", "n": "photons", "g_1": "charger_crosstalk",
}  # fmt: skip


class _CaseScript(Writer):
    """One case as an object."""

    def __init__(self, case: Case, found: Curve) -> None:
        fixed = units(case.computed)
        single = program(case.computed, "energy", fixed)
        every = {name: s for name, s in case.computed.parameters.items() if name not in fixed}
        body = (*found.constants, *found.body)
        super().__init__(LANGUAGES["javascript"], Program("curve", every, body, ()))
        self.samples = samples(case.computed, single, fixed)
        self.case, self.found, self.checked = case, found, tuple(single.arguments)

    def object(self) -> str:
        """The text of the object."""
        given = f"{{{', '.join(self.arguments[1:])}}}"
        return "\n".join(
            [
                "{",
                f"    key: {json.dumps(self.case.key)},",
                *self._condition(),
                f"    curve({given}) {{",
                *self.lines(self.block(self.found.constants), 2),
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
                *self.lines(self.block(self.found.body), 4),
                "                return {",
                *self._field("energy", self.text(self.found.energy), 5),
                *self._field("slope", self.text(self.found.slope), 5),
                *self._field("curvature", self.text(self.found.curvature), 5),
                "                };",
                "            },",
                "        };",
                "    },",
                f"    arguments: {json.dumps(['t', *self.checked])},",
                f"    tolerance: {self.samples.tolerance:.1e},",
                "    checks: [",
                *(f"        [{', '.join(row)}]," for row in self.rows(self.samples)),
                "    ],",
                "}",
            ]
        )

    def _field(self, name: str, value: str, depth: int = 3) -> list[str]:
        return self.lines(f"{name}: {value},", depth)

    def _condition(self) -> list[str]:
        condition = self.case.condition
        known = {s: PARAMETERS[s.name] for s in condition.atoms(Symbol)}
        text = "true" if condition == S.true else JavaScriptPrinter(known)(condition)
        return self.lines(f"holds: ({{{', '.join(known.values())}}}) => {text},", 1)

    def _supremum(self) -> str:
        text = "null"
        for top in reversed(self.found.suprema):
            here = f"{{value: {self.text(top.value)}, time: {self.text(top.time)}}}"
            last = top.condition == S.true
            text = here if last else f"{self.text(top.condition)} ? {here} : {text}"
        return text


def script(cases: Iterable[Case]) -> str:
    """``const CASES``, an array with every case in order; a script, or a CommonJS module."""
    made = [_CaseScript(case, curve(case.computed)).object() for case in cases]
    return (
        '"use strict";\n\nconst CASES = [\n' + ",\n".join(made) + ",\n];\n\n"
        'if (typeof module !== "undefined") {\n    module.exports = {CASES};\n}\n'
    )
