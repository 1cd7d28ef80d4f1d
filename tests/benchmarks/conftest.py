"""``--measured FILE`` keeps what the benchmarks print, for the page of the site."""

import ast
import json
import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pytest

_VERSIONS = ("numpy", "scipy", "sympy", "mpmath", "python-flint", "qutip")


def pytest_addoption(parser):
    parser.addoption("--measured", metavar="FILE", help="write what was measured to this file")


def pytest_configure(config):
    if config.getoption("--measured"):
        if config.getoption("capture") == "no":
            raise pytest.UsageError("--measured takes what is captured: leave out -s")
        config.pluginmanager.register(Measured(Path(config.getoption("--measured"))))


def processor():
    """The name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if "model name" in line)
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


class Measured:
    """Collects the output of each benchmark, by file.

    Files that are not run keep what was measured before.
    """

    def __init__(self, path):
        self.path = path
        self.runs = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        if report.when == "call" and report.passed and report.capstdout.strip():
            file, _, test = report.nodeid.partition("::")
            runs = self.runs.setdefault(Path(file).as_posix(), [])
            runs.append({"test": test, "printed": report.capstdout.strip()})

    def pytest_sessionfinish(self, session):
        old = json.loads(self.path.read_text("utf-8"))["files"] if self.path.exists() else []
        files = {one["file"]: one for one in old}
        for file, runs in self.runs.items():
            source = ast.parse((session.config.rootpath / file).read_text("utf-8"))
            about = (ast.get_docstring(source) or file).split("\n\n")[0]
            command = f"python -m pytest {file} --benchmark-enable -s"
            files[file] = {
                "file": file, "about": " ".join(about.split()), "command": command, "runs": runs,
                "date": date.today().isoformat(), "machine": self.machine(),
            }  # fmt: skip
        text = json.dumps(
            {"files": [files[f] for f in sorted(files)]}, indent=1, ensure_ascii=False
        )
        self.path.write_text(text + "\n", "utf-8")

    @staticmethod
    def machine():
        versions = {name: version(name) for name in _VERSIONS}
        return {"processor": processor(), "cores": os.cpu_count(), "versions": versions}
