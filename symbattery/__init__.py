"""Exact results on quantum batteries: closed forms, derived and checked."""

from __future__ import annotations

import ast
import sys
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from pkgutil import get_data
from typing import Any


def _own_numerics() -> None:
    """Refuse a file of the user's own that stands where the package ``numerics`` should."""
    spec = find_spec("numerics")
    if spec is None:
        return
    folders = [Path(folder) for folder in spec.submodule_search_locations or ()]
    # What is no folder is an archive, and its content is not seen here.
    if not any((folder / "model").is_dir() or not folder.is_dir() for folder in folders):
        reason = (
            "`symbattery` must find its own package `numerics`, but "
            f"{spec.origin or str(folders[0])!r} is in its way: rename that, or run elsewhere"
        )
        # As a command it says no more.
        raise SystemExit(reason) if sys.argv[:1] == ["-m"] else ImportError(reason)


_own_numerics()

# The module of each name, and its name there. What type checkers read is the one list of them;
# SymPy is loaded once a name is asked for that needs it.
_PUBLIC = {
    alias.asname or alias.name: (str(node.module), alias.name)
    for node in ast.parse(get_data(__name__, "__init__.pyi") or b"").body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}
__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        module, own = _PUBLIC[name]
        return getattr(import_module(module), own)
    if name == "symbols":
        return import_module("symbattery.symbols")
    if name == "__version__":
        return metadata.version(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "symbols", "__version__"})
