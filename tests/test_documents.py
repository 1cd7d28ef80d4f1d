"""The examples in README and docs run, and what they say is true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
BLOCKS = [
    pytest.param(code, id=f"{path.name}-{i}")
    for path in DOCUMENTS
    for i, code in enumerate(re.findall(r"```python\n(.*?)```", path.read_text("utf-8"), re.S))
]


@pytest.mark.parametrize("code", BLOCKS)
def test_example_runs(code, tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_comments_in_the_readme_say_what_the_code_prints():
    code = BLOCKS[next(i for i, b in enumerate(BLOCKS) if b.id == "README.md-0")].values[0]
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "16*N*omega_0*(N - 1)/(3*N - 2)**2" in run.stdout
    assert "floor(N/2) + 1" in run.stdout


def test_versions_agree():
    from importlib.metadata import version

    assert f'version = "{version("symbattery")}"' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"version: {version('symbattery')}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
