"""An outside judge: QuTiP's integrator on the collective spins of small random models."""

from __future__ import annotations

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, charge, dicke, fock

qutip = pytest.importorskip("qutip", reason="QuTiP is not installed")


def _hamiltonian(model: SpinCharger | CavityCharger, photons: int):
    """H of Eqs. (1)–(4) for collective operators, the energies counted from the bottom."""
    j = model.cells / 2
    up, identity = qutip.jmat(j, "+"), qutip.qeye(model.cells + 1)
    if isinstance(model, SpinCharger):
        raise_charger = qutip.jmat(model.chargers / 2, "+")
        excited = qutip.jmat(model.chargers / 2, "z") + model.chargers / 2
    else:
        raise_charger = qutip.create(photons)
        excited = qutip.num(photons)
    size = raise_charger.shape[0]
    S, J = qutip.tensor(up, qutip.qeye(size)), qutip.tensor(identity, raise_charger)
    cells = qutip.tensor(qutip.jmat(j, "z") + j, qutip.qeye(size))
    frequency = 1 if model.frequency is None else model.frequency
    resonant = frequency if model.charger_frequency is None else model.charger_frequency
    coupling = 1 if model.coupling is None else model.coupling
    H = frequency * cells + resonant * qutip.tensor(identity, excited)
    H += coupling * (S * J.dag() + S.dag() * J + model.anisotropy * (S * J + S.dag() * J.dag()))
    H += model.cell_crosstalk * (S * S.dag() + S.dag() * S)
    if isinstance(model, SpinCharger):
        H += model.charger_crosstalk * (J * J.dag() + J.dag() * J)
    return H, frequency * cells


def _energy(model: SpinCharger | CavityCharger, cells: int, charged: int, times: np.ndarray):
    H, stored = _hamiltonian(model, photons := charged + model.cells + 1)
    levels = model.chargers if isinstance(model, SpinCharger) else photons - 1
    # QuTiP's basis runs from the top of a spin, and from the bottom of a mode.
    place = levels - charged if isinstance(model, SpinCharger) else charged
    start = qutip.tensor(
        qutip.basis(model.cells + 1, model.cells - cells), qutip.basis(levels + 1, place)
    )
    options = {"atol": 1e-13, "rtol": 1e-11, "nsteps": 10**6}
    found = qutip.sesolve(H, start, times, e_ops=[stored], options=options).expect[0]
    return np.real(found) - np.real(found[0])


def _random(seed: int) -> tuple[SpinCharger | CavityCharger, int, int]:
    rng = np.random.default_rng(seed)
    cells, chargers = (int(n) for n in rng.integers(1, 7, size=2))
    options = {
        "coupling": float(rng.uniform(-1, 1)),
        "frequency": float(rng.uniform(0.5, 2)),
        "charger_frequency": float(rng.uniform(0.5, 2)),
        "cell_crosstalk": float(rng.uniform(-0.5, 0.5)),
    }
    excited = int(rng.integers(0, cells + 1))
    if seed % 4 == 3:
        return CavityCharger(cells, **options), excited, int(rng.integers(0, 7))
    options["anisotropy"] = float(rng.uniform(0, 1)) if seed % 2 else 0.0
    options["charger_crosstalk"] = float(rng.uniform(-0.5, 0.5))
    return SpinCharger(cells, chargers, **options), excited, int(rng.integers(0, chargers + 1))


@pytest.mark.parametrize("seed", range(16))
def test_random_models(seed: int) -> None:
    model, excited, charged = _random(seed)
    times = np.linspace(0, 8, 17)
    initial = (
        dicke(excited, charged)
        if isinstance(model, SpinCharger)
        else fock(charged, excited_cells=excited)
    )
    ours = charge(model, initial).energy(times)
    theirs = _energy(model, excited, charged, times)
    # QuTiP's integrator holds about ten digits at these tolerances.
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=3e-9 * model.cells * model.frequency)
