"""Docstrings as pages: NumPy's form, bars, names, and tables of what a package has."""

from __future__ import annotations

import inspect
import pkgutil
import re
import sys
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.ext.napoleon import Config, NumpyDocstring
from sphinx.util.docutils import SphinxDirective

# Several names may share one description, "x, y : array".
_FORM = Config(
    napoleon_custom_sections=[("Parameters", "params_style"), ("Attributes", "params_style")],
    napoleon_use_rtype=False,
)

# Displays, mathematics, code and what is escaped stay; then bars, and E_max in plain words.
_PLAIN = re.compile(
    r"(\.\. math::.*?\n(?:[ \t]*\n|[ \t]+\S.*\n)*|:math:`[^`]*`|``.*?``|\\.)|\|"
    r"|\b(?P<most>[A-Za-z])_max\b",
    re.DOTALL,
)


def escaped(text: str) -> str:
    r"""``|x|`` as ``\|x\|`` and ``E_max`` as mathematics, outside mathematics and code."""

    def shown(match: re.Match[str]) -> str:
        most = match["most"]
        return match[1] or (rf":math:`{most}_{{\max}}`" if most else r"\|")

    return _PLAIN.sub(shown, text)


def convert(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Sections as fields.

    Whatever it is, it is called an object: words with a colon would be the type of a property.
    """
    lines[:] = NumpyDocstring(lines, _FORM, app, "object", name, obj, options).lines()


def escape(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Escape the bars of a docstring."""
    lines[:] = escaped("\n".join(lines) + "\n").split("\n")[:-1]


def skip(app: Sphinx, what: str, name: str, obj: Any, left_out: bool, options: Any) -> bool | None:
    """Leave out the fields of named tuples, which their signature lists."""
    return True if (obj.__doc__ or "").startswith("Alias for field number") else None


def sign(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, signature: str, returned: str
) -> tuple[str, str] | None:
    """Three dots for each default that Python shows, but does not read."""
    return (re.sub(r"<[^<>]+>", "...", signature), returned) if signature else None


def shorten(app: Sphinx, doctree: nodes.document) -> None:
    """Take out the values that Python shows, but does not read."""
    for node in list(doctree.findall(addnodes.desc_annotation)):
        if node.astext().startswith(" = ") and "<" in node.astext():
            node.parent.remove(node)


def resolve(app: Sphinx, doctree: nodes.document) -> None:
    """Write the full name into each reference that a module's own names explain."""
    for reference in list(doctree.findall(addnodes.pending_xref)):
        if reference.get("refdomain") != "py":
            continue
        module = sys.modules.get(reference.get("py:module") or "")
        name = reference["reftarget"]
        head, dot, rest = name.partition(".")
        found = getattr(module, head, None)
        home = getattr(found, "__module__", None)
        if isinstance(home, str) and home.partition(".")[0] in ("symbattery", "numerics"):
            qualified = getattr(found, "__qualname__", head)
            reference["reftarget"] = f"{home}.{qualified}{dot}{rest}"
        elif (reference.get("refspecific") and not name.startswith(".")) or (
            reference["reftype"] == "class" and "." not in name
        ):
            # A word such as "real" is no function of that name in some other module, and the type
            # of an inherited field is known by its name in the module that it comes from.
            reference.replace_self(reference.children)


def parts(package: str) -> list[str]:
    """The modules right below a package, by their full names."""
    every = pkgutil.iter_modules(import_module(package).__path__, f"{package}.")
    return [each.name for each in every if not each.name.endswith("__main__")]


def is_deep(module: str) -> bool:
    """True for what only tables lead to: every page repeats the tree at its side."""
    return module.count(".") > 1


def _sentence(found: Any) -> str:
    """The first paragraph of a docstring; of a folder without one, what is in it."""
    text = inspect.getdoc(found)
    if not text and hasattr(found, "__path__"):
        text = ", ".join(name.rpartition(".")[2] for name in parts(found.__name__)) + "."
    return escaped(" ".join((text or "").split("\n\n")[0].split()))


class Public(SphinxDirective):
    """``__all__`` of a package as a table."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        package = import_module(self.arguments[0])
        return self.listed((name, getattr(package, name)) for name in package.__all__)

    def listed(self, every: Iterable[tuple[str, Any]]) -> list[nodes.Node]:
        """A table of names, each with the first sentence on what it is."""
        lines = [".. list-table::", "   :widths: 30 70", ""]
        for name, found in every:
            if isinstance(found, ModuleType):
                shown, words = f":py:mod:`{name} <{found.__name__}>`", _sentence(found)
            elif hasattr(found, "__qualname__"):
                shown = f":py:obj:`{name} <{found.__module__}.{found.__qualname__}>`"
                words = _sentence(found)
            else:
                shown, words = f"``{name}``", f"a constant: {type(found).__name__}"
            lines += [f"   * - {shown}", f"     - {words}"]
        return self.parse_text_to_nodes(
            "\n".join(["```{eval-rst}", *lines, "```"]), allow_section_headings=False
        )


class Modules(Public):
    """The modules right below a package as a table, with their pages."""

    def run(self) -> list[nodes.Node]:
        package = self.arguments[0]
        names = parts(package)
        table = self.listed((name.rpartition(".")[2], import_module(name)) for name in names)
        if is_deep(f"{package}."):
            return table
        pages = "\n".join(f"{name.rpartition('.')[2]} <{name}>" for name in names)
        return [*table, *self.parse_text_to_nodes(f"```{{toctree}}\n:hidden:\n\n{pages}\n```")]


def setup(app: Sphinx) -> dict[str, Any]:
    # Then formulas are inserted.
    app.connect("autodoc-process-docstring", convert, priority=700)
    app.connect("autodoc-process-docstring", escape, priority=800)
    app.connect("autodoc-process-signature", sign)
    app.connect("autodoc-skip-member", skip)
    app.connect("doctree-read", shorten)
    app.connect("doctree-read", resolve)
    app.add_directive("public", Public)
    app.add_directive("modules", Modules)
    return {"parallel_read_safe": True}
