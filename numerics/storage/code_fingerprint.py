"""What made a file: the version, and a digest of everything a result depends on.

A result that is kept says it; where the program has changed since, it is computed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import numerics

__all__ = ["code_fingerprint"]

_LIBRARIES = ("mpmath", "numpy", "scipy", "sympy")
# These only show what was computed.
_SHOWING = ("cli.py", "report_command.py", "report")
_DIGITS = 12


def _sources() -> Iterator[tuple[str, Path]]:
    """What computes: names within its package, and files."""
    for folder in (Path(numerics.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.rglob("*.py")):
            inside = path.relative_to(folder)
            if inside.parts[0] not in _SHOWING:
                yield f"{folder.name}/{inside.as_posix()}", path


@cache
def code_fingerprint() -> str:
    """The version of the program with a digest of its sources and libraries: "0.1.0+5c0ffee…"."""
    digest = sha256()
    for name, path in _sources():
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library in _LIBRARIES:
        digest.update(f"{library} {metadata.version(library)}\0".encode())
    return f"{metadata.version('symbattery')}+{digest.hexdigest()[:_DIGITS]}"
