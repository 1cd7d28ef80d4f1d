"""``{shell}``: commands that are run while the site is built, shown with what they print.

The blocks of a page are run in one folder. Where a program named by ``needs`` is missing, the
commands are shown alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective


def environment() -> dict[str, str]:
    """The environment, with the programs of the Python that builds in front."""
    programs = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": os.pathsep.join([programs, os.environ.get("PATH", "")])}


class Shell(SphinxDirective):
    """Commands and their output."""

    has_content = True
    option_spec: ClassVar = {"needs": directives.unchanged, "quiet": directives.flag}

    def run(self) -> list[nodes.Node]:
        commands = "\n".join(self.content)
        shown = [nodes.literal_block(commands, commands, language="sh")]
        env = environment()
        needed = self.options.get("needs", "").split()
        if all(shutil.which(program, path=env["PATH"]) for program in needed):
            output = self._output(commands, env)
            if output and "quiet" not in self.options:
                shown.append(
                    nodes.literal_block(output, output, language="text", classes=["output"])
                )
        return list(shown)

    def _output(self, commands: str, env: dict[str, str]) -> str:
        folder = Path(self.env.doctreedir) / "shell" / self.env.docname
        folder.mkdir(parents=True, exist_ok=True)
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=folder, env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode:
            raise ExtensionError(f"{self.env.docname}: {commands!r} fails:\n{run.stderr}")
        return run.stdout.rstrip()


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("shell", Shell)
    return {"parallel_read_safe": True}
