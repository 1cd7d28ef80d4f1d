"""Open cavities that are pumped or driven without an end: the cut of their photons is proven."""

import math
from functools import reduce

import numpy as np
import pytest
import scipy

from numerics import (
    CavityCharger,
    CutoffError,
    TwoPhotonCharger,
    bath,
    charge,
    dephasing,
    fock,
    loss,
    pump,
    thermal,
)

TIMES = np.array([0.0, 0.6, 1.3])
NOISE = [
    bath("cavity", 0.3, 0.8),
    loss("cells", 0.2),
    pump("cells", 0.1),
    dephasing("cavity", 0.05),
    dephasing("cells", 0.15, collective=True),
]
LOWER = np.array([[0.0, 0.0], [1.0, 0.0]])


def brute(model, photons, most):
    """E, ergotropy and negativity by Pauli matrices and a cavity with many photons."""
    cells, levels = model.cells, most + 1

    def site(matrix, i):
        every = [matrix if j == i else np.eye(2) for j in range(cells)]
        return np.kron(reduce(np.kron, every), np.eye(levels))

    down = [site(LOWER, i) for i in range(cells)]
    b = np.kron(np.eye(2**cells), np.diag(np.sqrt(np.arange(1, levels)), 1))
    up, excited = sum(down).T, sum(d.T @ d for d in down)
    coupled = up @ (b + model.anisotropy * b.T)
    hamiltonian = model.coupling * (coupled + coupled.T) + excited
    hamiltonian = hamiltonian + model.charger_frequency * b.T @ b
    mean = 1 / math.expm1(model.charger_frequency / 0.8)
    jumps = [(0.3 * (mean + 1), b), (0.3 * mean, b.T), (0.05, b.T @ b)]
    jumps += [(0.2, d) for d in down] + [(0.1, d.T) for d in down]
    jumps += [(0.15, excited - np.eye(len(excited)) * cells / 2)]
    one, sparse = scipy.sparse.eye_array(len(excited)), scipy.sparse.csr_array
    total = -1j * (scipy.sparse.kron(sparse(hamiltonian), one)
                   - scipy.sparse.kron(one, sparse(hamiltonian.T)))  # fmt: skip
    for rate, jump in jumps:
        number = jump.T @ jump
        anti = scipy.sparse.kron(sparse(number), one) + scipy.sparse.kron(one, sparse(number.T))
        total = total + rate * (scipy.sparse.kron(sparse(jump), sparse(jump)) - anti / 2)
    first = np.zeros((len(excited), len(excited)), dtype=complex)
    first[-levels + photons, -levels + photons] = 1
    ups = np.array([cells - i.bit_count() for i in range(2**cells)])
    for time in TIMES:
        state = scipy.sparse.linalg.expm_multiply(time * total, first.ravel(), traceA=0)
        whole = state.reshape(2**cells, levels, 2**cells, levels)
        own = np.linalg.eigvalsh(np.einsum("aibi->ab", whole))[::-1]
        turned = np.linalg.eigvalsh(whole.transpose(0, 3, 2, 1).reshape(first.shape))
        energy = float(np.real(np.trace(state.reshape(first.shape) @ excited)))
        yield energy, energy - own @ np.sort(ups), -np.minimum(turned, 0).sum()


@pytest.mark.parametrize(("cells", "anisotropy", "most"), [(1, 0, 24), (2, 0, 20), (1, 0.3, 24)])
def test_against_many_photons(cells, anisotropy, most):
    model = CavityCharger(cells, 0.7, anisotropy=anisotropy, charger_frequency=1.1)
    noisy = charge(model, fock(cells), 1e-12, NOISE)
    energy, ergotropy, negativity = np.array(list(brute(model, cells, most))).T
    np.testing.assert_allclose(noisy.energy(TIMES), energy, atol=1e-11)
    np.testing.assert_allclose(noisy.ergotropy(TIMES), ergotropy, atol=1e-10)
    np.testing.assert_allclose(noisy.negativity(TIMES), negativity, atol=1e-10)


@pytest.mark.parametrize("anisotropy", [0, 0.2])
def test_the_cut_is_as_good_as_it_says(anisotropy):
    model = CavityCharger(2, 0.7, anisotropy=anisotropy)
    fine = charge(model, tolerance=1e-13, noise=NOISE).energy(TIMES)
    for tolerance in (1e-3, 1e-6, 1e-9):
        rough = charge(model, tolerance=tolerance, noise=NOISE)
        off = np.abs(rough.energy(TIMES) - fine)
        assert np.all(off <= rough.error(TIMES) + 1e-13)
        assert np.all(rough.error(TIMES) <= 2 * tolerance + 1e-13)


def test_a_thermal_charger_with_loss():
    """A bath at the temperature of the charger, and no coupling: nothing changes."""
    start = thermal(cell_population=0, charger_mean_photons=1 / math.expm1(1 / 0.8))
    still = charge(CavityCharger(1, 0), start, noise=[bath("cavity", 0.4, 0.8)])
    np.testing.assert_allclose(still.energy([0.0, 3.0]), 0, atol=1e-12)
    assert still._dynamics.charged(np.array([3.0]))[0] == pytest.approx(0, abs=1e-8)


def test_a_bath_of_both_leads_to_its_temperature():
    both = [bath("cells", 0.3, 0.8), bath("cavity", 0.2, 0.8)]
    warm = charge(CavityCharger(3, 0.7), fock(0), noise=both)
    weights = np.array([math.comb(3, k) * math.exp(-k / 0.8) for k in range(4)])
    np.testing.assert_allclose(warm.steady("populations"), weights / weights.sum(), atol=1e-11)
    assert warm.steady("ergotropy") == pytest.approx(0, abs=1e-11)
    assert warm.energy(200.0) == pytest.approx(warm.steady(), abs=1e-9)


def test_pumped_cells_fill_a_cavity():
    """Of one photon number n grows as pumped: d⟨n⟩/dt = κ(⟨n⟩ + 1)."""
    pumped = charge(CavityCharger(1, 0), fock(0), noise=[pump("cavity", 0.5)])
    found = pumped._dynamics.charged(np.array([1.0]))[0]
    assert found == pytest.approx(math.expm1(0.5), rel=1e-7)
    two = charge(TwoPhotonCharger(1, 0.7), fock(0), noise=[pump("cells", 0.2)])
    assert 0 < two.energy(1.0) < 0.2


def test_peaks_with_a_cut():
    noisy = charge(CavityCharger(2, 0.7), noise=NOISE)
    top = noisy.first_peak()
    times = np.linspace(0, 2 * top.time, 2001)
    assert top.value == pytest.approx(noisy.energy(times).max(), abs=1e-6)
    power = noisy.max_power()
    assert power.value == pytest.approx((noisy.energy(times[1:]) / times[1:]).max(), abs=1e-5)


def test_what_grows_without_end_is_refused():
    with pytest.raises(CutoffError, match="cannot be kept with fewer than"):
        charge(CavityCharger(1, 0.7), noise=[pump("cavity", 2.0)]).energy(4.0)
