"""Fingerprints of the code that computes a result: of some modules and of all that they import.

A stored result is valid while the sources that it was computed by are the same.
"""

from __future__ import annotations

import ast
from functools import cache
from hashlib import sha256
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["Record", "code_fingerprint", "modules"]

Record = dict[str, Any]
"""A result as JSON holds it."""

_PACKAGES = ("numerics", "symbattery")
_LIBRARIES = ("mpmath", "numpy", "python-flint", "scipy", "sympy")
# These only show what was computed.
_SHOWING = ("symbattery.app",)
_DIGITS = 12


@cache
def _modules() -> dict[str, Path]:
    """The files of all modules of the packages, by name."""
    found = {}
    for package in _PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(folder).rglob("*.py")):
                parts = (package, *path.relative_to(folder).with_suffix("").parts)
                found[".".join(parts).removesuffix(".__init__")] = path
    return found


@cache
def _imported(path: Path) -> tuple[str, ...]:
    """The modules of the packages that a source imports, at its top or anywhere in it."""
    known, names = _modules(), []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names if alias.name in known]
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            # A name is a module of its own, or is defined in the one it is taken from.
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                names.append(name if name in known else node.module)
    return tuple(names)


@cache
def _filling(name: str) -> tuple[str, ...]:
    """The packages around a module that fill a table when they are imported (a call, a loop)."""
    parts, known, found = name.split("."), _modules(), []
    for depth in range(1, len(parts)):
        package = ".".join(parts[:depth])
        body = ast.parse(known[package].read_bytes()).body if package in known else []
        if any(
            isinstance(node, ast.For)
            or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant))
            for node in body
        ):
            found.append(package)
    return tuple(found)


def _sources(modules: tuple[str, ...]) -> dict[str, Path]:
    """The sources of some modules and of all that they import; of all that compute for none."""
    known = _modules()
    if not modules:
        return {name: path for name, path in known.items() if not name.startswith(_SHOWING)}
    waiting, found = list(modules), {}
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found[name] = known[name]
            waiting += (*_imported(known[name]), *_filling(name))
    return dict(sorted(found.items()))


def modules(name: str) -> frozenset[str]:
    """A module of the packages and all of them that it imports."""
    return frozenset(_sources((name,)))


@cache
def code_fingerprint(*modules: str) -> str:
    """The version of the program with a digest of sources and libraries: "0.1.0+5c0ffee…".

    Parameters
    ----------
    modules : str
        Names of modules: their sources and those of all that they import, as far as they belong to
        the two packages. None stands for all that compute.
    """
    digest = sha256()
    for name, path in _sources(modules).items():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return f"{metadata.version('symbattery')}+{digest.hexdigest()[:_DIGITS]}"
