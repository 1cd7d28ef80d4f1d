"""``{import-graph}``: the modules of a package on their floors, with lines to what they import."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from statistics import fmean
from typing import Any

from docutils import nodes
from import_graph import Graph, imports, levels, reduced
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

_WIDTH, _BOX, _GAP, _ROW, _FLOOR = 900, 24, 10, 34, 58
_LETTER = 7.0


@dataclass(frozen=True)
class Box:
    """A module in the picture."""

    x: float
    y: float
    width: float

    @property
    def top(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y

    @property
    def bottom(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + _BOX


def _width(name: str) -> float:
    return len(name.partition(".")[2]) * _LETTER + 16


def _lines(names: list[str]) -> list[list[str]]:
    """One floor, broken where it is too wide."""
    lines: list[list[str]] = [[]]
    for name in names:
        taken = sum(_width(n) + _GAP for n in lines[-1])
        if lines[-1] and taken + _width(name) > _WIDTH:
            lines.append([])
        lines[-1].append(name)
    return lines


def arranged(graph: Graph) -> tuple[dict[str, Box], float]:
    """The box of each module, the ground floor lowest, and the height of all."""
    floors = levels(graph)
    above = {name: [n for n, below in graph.items() if name in below] for name in graph}
    boxes: dict[str, Box] = {}
    y = 4.0
    for floor in range(max(floors.values()), -1, -1):
        here = sorted(name for name, level in floors.items() if level == floor)
        # Below what needs them: fewer lines cross.
        here.sort(key=lambda n: fmean([boxes[a].top[0] for a in above[n]] or [_WIDTH / 2]))
        for line in _lines(here):
            x = (_WIDTH - sum(_width(n) + _GAP for n in line) + _GAP) / 2
            for name in line:
                boxes[name] = Box(x, y, _width(name))
                x += _width(name) + _GAP
            y += _ROW
        y += _FLOOR - _ROW
    return boxes, y - _FLOOR + _ROW + 4


def drawn(package: str, links: str) -> str:
    """The picture as SVG; pointing at a module shows the lines that begin or end there."""
    graph = reduced(imports(package))
    boxes, height = arranged(graph)
    lines, rules, marks = [], [], []
    for name, below in graph.items():
        for other in sorted(below):
            (x, y), (u, v) = boxes[name].bottom, boxes[other].top
            middle = (y + v) / 2
            ends = f"from-{_key(name)} to-{_key(other)}"
            lines.append(
                f'<path class="{ends}" d="M{x:.1f},{y:.1f} C{x:.1f},{middle:.1f} '
                f'{u:.1f},{middle:.1f} {u:.1f},{v:.1f}"/>'
            )
    for name, box in boxes.items():
        key = _key(name)
        x, y = box.top
        page = f"{links}{name}.html"
        marks.append(
            f'<a id="box-{key}" href="{page}"><rect x="{box.x:.1f}" y="{box.y:.1f}" '
            f'width="{box.width:.1f}" height="{_BOX}" rx="4"/><text x="{x:.1f}" '
            f'y="{y + 16:.1f}">{escape(name.partition(".")[2])}</text></a>'
        )
        pointed = f".imports:has(#box-{key}:is(:hover, :focus))"
        rules.append(f"{pointed} .from-{key}{{stroke:#d9631e;stroke-opacity:1;stroke-width:2}}")
        rules.append(f"{pointed} .to-{key}{{stroke:#2b7bd4;stroke-opacity:1;stroke-width:2}}")
    return (
        f'<div class="imports"><svg role="img" aria-label="Modules of {package} and what they '
        f'import" viewBox="0 0 {_WIDTH} {height:.0f}"><style>{"".join(rules)}</style>'
        f'<g class="lines">{"".join(lines)}</g>{"".join(marks)}</svg></div>'
    )


def _key(name: str) -> str:
    return name.replace(".", "-").replace("_", "-")


class ImportGraph(SphinxDirective):
    """The picture of one package."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [nodes.raw("", drawn(self.arguments[0], "reference/modules/"), format="html")]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("import-graph", ImportGraph)
    return {"parallel_read_safe": True}
