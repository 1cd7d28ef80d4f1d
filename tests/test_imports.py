"""The floors: what may be loaded by what."""

import subprocess
import sys

import pytest


def loaded(statement: str) -> set[str]:
    """The modules a fresh interpreter has loaded after ``statement``."""
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.mark.parametrize("heavy", ["sympy", "symbattery", "matplotlib", "tqdm"])
def test_numerics_stays_light(heavy):
    assert heavy not in loaded("import numerics")


def test_numerics_charges_without_sympy():
    run = "import numerics; numerics.charge(numerics.SpinCharger(2, 3)).first_peak()"
    assert "sympy" not in loaded(run)
    multi = "import numerics, numerics.multiprecision as m; m.energy(numerics.SpinCharger(2, 3), 1)"
    assert "sympy" not in loaded(multi)


def test_derivations_load_no_plots():
    assert "matplotlib" not in loaded("import symbattery; symbattery.two_cells().energy")


def test_the_command_line_starts_without_plots_and_pages():
    assert not {"matplotlib", "latex2mathml"} & loaded("import symbattery.app.cli")


@pytest.mark.parametrize("package", ["numerics", "symbattery"])
def test_public_names_exist(package):
    module = __import__(package)
    for name in module.__all__:
        assert getattr(module, name) is not None
