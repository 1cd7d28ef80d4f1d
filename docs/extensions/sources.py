"""Pages that are written with the build: derivations, ``{course}``, modules, the explorer.

They are made from ``derivations/*.py`` and from the packages, and are not kept under version
control.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from docstrings import is_deep, parts
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from symbattery.app.explorer import write_explorer

PACKAGES = ("symbattery", "numerics")


def modules(package: str) -> Iterator[str]:
    """A package and all that is below it, as dotted names."""
    yield package
    if hasattr(import_module(package), "__path__"):
        for name in parts(package):
            yield from modules(name)


def _file(module: str) -> Path:
    path = import_module(module).__file__
    assert path is not None
    return Path(path)


def _page(module: str) -> str:
    text = "---\norphan: true\n---\n\n" if is_deep(module) else ""
    text += f"# {module}\n\n```{{eval-rst}}\n.. automodule:: {module}\n"
    found = import_module(module)
    if not hasattr(found, "__path__"):
        return text + "```\n"
    # What a package collects is described where it is defined.
    text += "   :ignore-module-all:\n```\n"
    text += f"\n```{{public}} {module}\n```\n" if hasattr(found, "__all__") else ""
    return text + f"\n```{{modules}} {module}\n```\n"


def write(path: Path, text: str) -> None:
    """Write, unless the same is there: what has not changed is not read again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")


def make(app: Sphinx) -> None:
    """Write all pages, and remove those that nothing stands behind any more."""
    source = Path(app.srcdir)
    pages = {
        source / "derivations" / script.name: script.read_text("utf-8")
        for script in sorted((source.parent / "derivations").glob("*.py"))
    }
    folder = source / "reference" / "modules"
    for package in PACKAGES:
        pages |= {folder / f"{name}.md": _page(name) for name in modules(package)}
    for path, text in pages.items():
        write(path, text)
    for old in {*folder.glob("*.md"), *(source / "derivations").glob("*.py")} - set(pages):
        old.unlink()


def explorer(app: Sphinx, failure: Exception | None) -> None:
    """Write the page, with formulas and curves as they are derived now."""
    if failure is None:
        write_explorer(Path(app.outdir) / "explore", home="../index.html")


class Course(SphinxDirective):
    """The table of contents of a list of derivations: ``lessons``, or ``results``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = Path(self.env.srcdir).parent / "derivations" / "course.toml"
        self.env.note_dependency(str(path))
        scripts = tomllib.loads(path.read_text("utf-8"))[self.arguments[0]]
        pages = "\n".join(f"derivations/{script}" for script in scripts)
        return self.parse_text_to_nodes(f"```{{toctree}}\n:maxdepth: 1\n:numbered:\n\n{pages}\n```")


def digest() -> str:
    """Of all that computes what the site shows: where it changes, every page is made again."""
    found = sha256()
    folders = [_file(package).parent for package in PACKAGES] + [Path(__file__).parent]
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            found.update(path.read_bytes())
    return found.hexdigest()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("computed_by", digest(), "env", str)
    app.add_directive("course", Course)
    app.connect("builder-inited", make)
    app.connect("build-finished", explorer)
    return {"parallel_read_safe": True}
