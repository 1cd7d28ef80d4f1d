"""A fingerprint changes with what a result is computed by, and with nothing else."""

import pytest

from numerics.observables.table import OBSERVABLES
from numerics.storage import fingerprints
from numerics.storage.fingerprints import code_fingerprint

fingerprint = code_fingerprint.__wrapped__
ROWS = sorted({row.function.__module__ for row in OBSERVABLES.values() if row.function})


@pytest.fixture
def edited(tmp_path, monkeypatch):
    """Put another source in the place of a module."""
    known, other = fingerprints._modules(), tmp_path / "other.py"

    def edit(name):
        other.write_bytes(known[name].read_bytes() + b"# another program\n")
        monkeypatch.setattr(fingerprints, "_modules", lambda: {**known, name: other})

    return edit


@pytest.mark.parametrize(
    ("changed", "modules", "moves"),
    [
        ("numerics.maxima.search", (), True),
        ("symbattery.paper.figures.maxima", (), True),
        ("symbattery.app.cli", (), False),
        ("numerics.maxima.search", ("numerics.charging",), True),
        # Rows of the table, which their package puts there: no module imports them by name.
        *((row, ("numerics.charging",), True) for row in ROWS),
        *((row, ("symbattery.paper.claim",), True) for row in ROWS),
        ("numerics.sectors.chains", ("numerics.dynamics.chain_svd",), False),
        ("numerics.certified.photons", ("numerics.charging",), False),
        ("numerics.certified.photons", ("symbattery.verification",), True),
        ("symbattery.limits.large_battery", ("symbattery.dynamics.single_frequency",), False),
        ("symbattery.sectors.chains", ("symbattery.dynamics.single_frequency",), True),
    ],
)
def test_sources_that_matter(changed, modules, moves, edited):
    before = fingerprint(*modules)
    assert before == fingerprint(*modules) == code_fingerprint(*modules)
    edited(changed)
    assert (fingerprint(*modules) != before) is moves


def test_versions_matter(monkeypatch):
    before = fingerprint("numerics.model.sides")
    monkeypatch.setattr(fingerprints.metadata, "version", lambda package: "0.1.0")
    assert fingerprint("numerics.model.sides") != before
