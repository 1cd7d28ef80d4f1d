"""An outside judge: QuTiP's integrator on the collective spins of the pure systems."""

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, charge
from numerics.model.states import Dicke, Fock
from tests.systems.rows import CHAINS, GRIDS, unit

qutip = pytest.importorskip("qutip", reason="QuTiP is not installed")


def _hamiltonian(model: SpinCharger | CavityCharger, photons: int):
    """H of Eqs. (1)–(4) for collective operators, the energies counted from the bottom."""
    j = float(model.battery.top) / 2
    up, identity = qutip.jmat(j, "+"), qutip.qeye(int(2 * j + 1))
    if isinstance(model, SpinCharger):
        top = float(model.charger.top)
        raise_charger = qutip.jmat(top / 2, "+")
        excited = qutip.jmat(top / 2, "z") + top / 2
    else:
        raise_charger = qutip.create(photons)
        excited = qutip.num(photons)
    size = raise_charger.shape[0]
    S, J = qutip.tensor(up, qutip.qeye(size)), qutip.tensor(identity, raise_charger)
    cells = qutip.tensor(qutip.jmat(j, "z") + j, qutip.qeye(size))
    frequency, resonant = map(float, model.frequencies)
    g = 1 if model.coupling is None else float(model.coupling)
    gamma, g_1, g_2 = map(float, (model.anisotropy, model.charger_crosstalk, model.cell_crosstalk))
    H = frequency * cells + resonant * qutip.tensor(identity, excited)
    H += g * (S * J.dag() + S.dag() * J + gamma * (S * J + S.dag() * J.dag()))
    H += g_2 * (S * S.dag() + S.dag() * S) + g_1 * (J * J.dag() + J.dag() * J)
    if isinstance(model, SpinCharger):
        own, both, other = map(
            float, (model.cell_longitudinal, model.longitudinal, model.charger_longitudinal)
        )
        z = 2 * qutip.tensor(qutip.jmat(j, "z"), qutip.qeye(size))
        z_charger = 2 * qutip.tensor(identity, qutip.jmat(top / 2, "z"))
        H += own * z * z + both * z * z_charger + other * z_charger * z_charger
    return H, frequency * cells


def _energy(model: SpinCharger | CavityCharger, cells: int, charged: int, times: np.ndarray):
    top = int(model.battery.top)
    H, stored = _hamiltonian(model, photons := charged + top + 1)
    levels = int(model.charger.top) if isinstance(model, SpinCharger) else photons - 1
    # QuTiP's basis runs from the top of a spin, and from the bottom of a mode.
    place = levels - charged if isinstance(model, SpinCharger) else charged
    start = qutip.tensor(qutip.basis(top + 1, top - cells), qutip.basis(levels + 1, place))
    options = {"atol": 1e-13, "rtol": 1e-11, "nsteps": 10**6}
    found = qutip.sesolve(H, start, times, e_ops=[stored], options=options).expect[0]
    return np.real(found) - np.real(found[0])


PURE = {
    name: (model, initial)
    for name, (model, initial) in (CHAINS | GRIDS).items()
    if isinstance(initial or model.default_start(), Dicke | Fock)
    and type(model) in (SpinCharger, CavityCharger)
}


@pytest.mark.parametrize("name", PURE)
def test_pure_starts(name: str) -> None:
    model, initial = PURE[name]
    times, start = np.linspace(0, 8, 17), initial or model.default_start()
    charged = start.excited_chargers if isinstance(start, Dicke) else start.photons
    theirs = _energy(model, start.excited_cells, charged, times)
    # QuTiP's integrator holds about ten digits at these tolerances.
    ours = charge(model, initial).energy(times)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=3e-9 * unit(model))
