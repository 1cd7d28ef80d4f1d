"""LaTeX documents to PDF, where a TeX engine is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

__all__ = ["TexError", "Typeset", "engine", "typeset"]

_SECONDS = 120
_WARNING = re.compile(
    r"^(?:(?:LaTeX|Package|Class|pdfTeX)\b.*?[Ww]arning.*"
    r"|(?:Over|Under)full .*|Missing character.*)$",
    re.M,
)


class TexError(ValueError):
    """The TeX engine refused the document; the message holds its first complaint."""


@dataclass(frozen=True)
class Typeset:
    """A PDF and the warnings of the run that made it."""

    path: Path
    warnings: tuple[str, ...]


def engine() -> str | None:
    """The TeX engine on this machine, or None."""
    return shutil.which("pdflatex")


def typeset(source: Path, program: str, runs: int = 2) -> Typeset:
    """Compile ``source`` to a PDF beside it.

    References settle in the second run; with a table of contents, in the third.

    Raises
    ------
    TexError
        The engine failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs):
            run = _run(source, program, folder)
        log = run.stdout.decode("utf-8", errors="replace")
        if run.returncode:
            complaint = next((line for line in log.splitlines() if line.startswith("!")), "!")
            raise TexError(f"{program} failed on {source.name}: {complaint.lstrip('! ')}")
        target = source.with_suffix(".pdf")
        part = target.with_name(f".{target.name}.part")
        shutil.copyfile(Path(folder) / f"{source.stem}.pdf", part)
        part.replace(target)
    return Typeset(target, tuple(_WARNING.findall(log)))


def _run(source: Path, program: str, folder: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            [program, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
             f"-output-directory={folder}", source.name],
            cwd=source.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_SECONDS,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TexError(f"{program} did not finish {source.name} in {_SECONDS} s") from None
