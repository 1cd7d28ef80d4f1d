"""The imports among modules, read from the sources without running them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

__all__ = ["Graph", "imports", "levels", "reduced"]

# From each module to those it imports.
Graph = Mapping[str, frozenset[str]]


def _paths(package: str) -> dict[str, Path]:
    """The sources of a package by dotted name."""
    root = Path(str(import_module(package).__file__)).parent
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports on loading: not those of a function, nor those for the type checker alone."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.Try):
            yield from _statements(statement.body)


def _imported(path: Path, known: set[str]) -> Iterator[str]:
    for statement in _statements(ast.parse(path.read_text("utf-8")).body):
        if isinstance(statement, ast.Import):
            yield from (alias.name for alias in statement.names if alias.name in known)
        elif statement.module is not None:
            for alias in statement.names:
                inner = f"{statement.module}.{alias.name}"
                yield inner if inner in known else statement.module


def imports(package: str) -> Graph:
    """The folders and modules right below a package; the package itself is left out."""
    paths = _paths(package)
    known = set(paths)
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        if name != package and not name.endswith("__main__"):
            here = _part(name)
            reached = {_part(n) for n in _imported(path, known) if n in known}
            found.setdefault(here, set()).update(reached - {here, package})
    return {name: frozenset(reached) for name, reached in found.items()}


def _part(name: str) -> str:
    """A folder of the package, or a module beside them."""
    return ".".join(name.split(".")[:2])


def levels(graph: Graph) -> dict[str, int]:
    """The number of floors below each folder.

    Raises
    ------
    ValueError
        Some import one another in a circle.
    """
    found: dict[str, int] = {}
    while waiting := graph.keys() - found.keys():
        ready = [name for name in waiting if graph[name] <= found.keys()]
        if not ready:
            circle = ", ".join(sorted(waiting))
            raise ValueError(f"modules import one another in a circle: {circle}")
        found |= {name: 1 + max((found[b] for b in graph[name]), default=-1) for name in ready}
    return found


def reduced(graph: Graph) -> Graph:
    """Without the imports that other imports imply."""
    below: dict[str, frozenset[str]] = {}
    for name in sorted(graph, key=levels(graph).__getitem__):
        below[name] = graph[name].union(*(below[b] for b in graph[name]))
    return {
        name: frozenset(b for b in reached if not any(b in below[o] for o in reached - {b}))
        for name, reached in graph.items()
    }
