"""Which module imports which, read from the sources without running them."""

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
    """The modules of a package, and each subpackage as one.

    A subpackage that would import itself by way of others is opened: its modules stand alone, and
    its name is what its ``__init__`` collects. The package itself is left out.
    """
    opened: frozenset[str] = frozenset()
    while True:
        graph = _collapsed(package, opened)
        circle = _circle(graph)
        parts = {name for name in circle if _is_package(name)} - opened
        if not parts:
            return graph
        opened |= parts


def _collapsed(package: str, opened: frozenset[str]) -> Graph:
    paths = _paths(package)
    known = set(paths)
    found: dict[str, set[str]] = {}
    for name, path in paths.items():
        if name == package or name.endswith("__main__"):
            continue
        here = _part(name, opened)
        reached = {_part(n, opened) for n in _imported(path, known) if n in known}
        found.setdefault(here, set()).update(reached - {here, package})
    # An opened subpackage that collects nothing says nothing.
    empty = {n for n in opened if not found[n] and not any(n in r for r in found.values())}
    return {name: frozenset(reached) for name, reached in found.items() if name not in empty}


def _part(name: str, opened: frozenset[str]) -> str:
    """The module, or the closed subpackage it belongs to."""
    parts = name.split(".")
    depth = 2
    while depth < len(parts) and ".".join(parts[:depth]) in opened:
        depth += 1
    return ".".join(parts[:depth])


def _is_package(name: str) -> bool:
    return Path(str(import_module(name).__file__)).name == "__init__.py"


def _circle(graph: Graph) -> set[str]:
    """The modules that have no floor, because they wait for one another."""
    waiting = dict(graph)
    while ready := [n for n, below in waiting.items() if not below & waiting.keys()]:
        for name in ready:
            del waiting[name]
    return set(waiting)


def levels(graph: Graph) -> dict[str, int]:
    """How many floors are below each module.

    Raises
    ------
    ValueError
        Modules import one another in a circle.
    """
    if circle := _circle(graph):
        raise ValueError(f"modules import one another in a circle: {', '.join(sorted(circle))}")
    found: dict[str, int] = {}
    while len(found) < len(graph):
        for name, below in graph.items():
            if name not in found and all(b in found for b in below):
                found[name] = 1 + max((found[b] for b in below), default=-1)
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
