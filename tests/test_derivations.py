"""Every derivation runs from top to bottom with plain python."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = sorted((Path(__file__).parents[1] / "derivations").glob("*.py"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script_runs_and_its_assertions_hold(script):
    run = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.endswith("all assertions hold\n")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_script_is_in_cells_with_text(script):
    text = script.read_text(encoding="utf-8")
    assert text.count("# %% [markdown]") >= 4
    assert "assert " in text.split("# ## What must hold")[1]
