"""Long-time means, states of the battery, and speed limits against the whole density matrix."""

import numpy as np
import pytest

from numerics import CavityCharger, NoPeakError, SpinCharger, TooLargeError, charge
from numerics.dynamics import time_average
from numerics.model import resources
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.sectors.energy_moments import energy_variances
from tests.systems import figures_of_merit as judge

MODELS = [
    SpinCharger(2, 3, anisotropy=0.3, coupling=0.8, frequency=1.3),
    SpinCharger(3, 2, coupling=-1.1),
    SpinCharger(2, 2, anisotropy=1),
    SpinCharger(3, 3, cell_crosstalk=0.4, charger_crosstalk=-0.2, charger_frequency=1.5),
    SpinCharger(3, 3, anisotropy=0.4),
    SpinCharger(1, 4),
]
STARTS = {
    "all up": lambda m: None,
    "middle": lambda m: dicke(1, m.chargers - 1),
    "thermal": lambda m: thermal(cell_population=0.2, charger_population=0.9),
    "half": lambda m: product([0.5] * m.cells, [0.5] * m.chargers),
    "mixture": lambda m: mixture([(0.25, dicke(0, m.chargers)), (0.75, dicke(1, 1))]),
    "unequal": lambda m: product([0] * (m.cells - 1) + [0.3], [1, *[0.25] * (m.chargers - 1)]),
}


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_long_time_means(model, start):
    """By dephasing of the whole density matrix, degenerate energies included."""
    initial = STARTS[start](model)
    battery, wanted = charge(model, initial), judge.mean_populations(model, initial)
    np.testing.assert_allclose(battery.mean("populations"), wanted, rtol=0, atol=1e-13)
    (state,) = judge.states(model, initial, [0.0])
    gained = np.arange(model.cells + 1) @ (wanted - state.populations())
    unit = model.frequency or 1
    assert battery.mean() == pytest.approx(unit * gained, abs=1e-13)
    work = battery.mean("work_distribution")
    assert unit * np.arange(-model.cells, model.cells + 1) @ work == pytest.approx(
        unit * gained, abs=1e-13
    )
    assert battery.mean("work_characteristic(u=0)") == pytest.approx(1, abs=1e-13)


@pytest.mark.parametrize("start", [None, dicke(1, 2)])
def test_means_of_degenerate_energies(start):
    """Without frequencies H is the product of 2S_x and 2J_x, times g."""
    model = SpinCharger(3, 3, anisotropy=1, frequency=1e-16)
    wanted = judge.mean_populations(model, start)
    np.testing.assert_allclose(charge(model, start).mean("populations"), wanted, atol=1e-13)


@pytest.mark.parametrize(
    ("model", "mean"),
    [
        *((SpinCharger(2, n), n * (15 * n - 14) / (2 * (3 * n - 2) ** 2)) for n in (2, 3, 50)),
        *((SpinCharger(m, m), m / 2) for m in (1, 5, 40)),
        (SpinCharger(1, 3, charger_frequency=2.0), 12 / 13 / 2),
        (CavityCharger(1, frequency=3.0), 1.5),
    ],
    ids=str,
)
def test_means_in_closed_form(model, mean):
    assert charge(model).mean() == pytest.approx(mean, rel=1e-13)


@pytest.mark.parametrize("gamma", [0, 0.5])
def test_the_mean_is_that_of_long_times(gamma):
    model = SpinCharger(3, 4, anisotropy=gamma, charger_frequency=1.4)
    battery, rng = charge(model), np.random.default_rng(3)
    times = rng.uniform(0, 4e5, 40_000)
    for name in ("energy", "switching_work"):
        values = getattr(battery, name)(times)
        assert battery.mean(name) == pytest.approx(values.mean(), abs=6 * values.std() / 200)


def test_large_means_and_those_that_do_not_fit(monkeypatch):
    assert charge(SpinCharger(1000, 1000)).mean() == pytest.approx(500, rel=1e-11)
    assert 0 < charge(SpinCharger(20, 30, anisotropy=0.4)).mean() < 20
    battery = charge(SpinCharger(2000, 2000))
    monkeypatch.setattr(resources, "available", lambda: 10**6)
    monkeypatch.setattr(time_average.scipy.linalg, "eigh_tridiagonal", None)
    with pytest.raises(TooLargeError, match="2001 eigenvectors"):
        battery.mean()
    monkeypatch.undo()
    monkeypatch.setattr(time_average, "_TRIDIAGONAL", 1e-3)
    with pytest.raises(TooLargeError, match="would take"):
        battery.mean("populations")


TIMES = np.array([[0.0, 0.37], [1.1, -0.83]])
ALIKE = {name: start for name, start in STARTS.items() if name != "unequal"}


def whole(irreps, cells, at):
    """The blocks on all levels, with their lowest numbers of excited cells and multiplicities."""
    found = {}
    for irrep in irreps:
        lowest = (cells - irrep.size) // 2
        block = np.zeros((irrep.size + 1,) * 2, dtype=complex)
        levels = (irrep.cells - lowest).astype(int)
        state = irrep.state[at]
        block[np.ix_(levels, levels)] = np.diag(state) if state.ndim == 1 else state
        found[lowest] = irrep.multiplicity, block
    return found


@pytest.mark.parametrize("start", ALIKE)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_states_of_the_battery(model, start):
    initial = ALIKE[start](model)
    battery = charge(model, initial)
    irreps = battery.battery_state(TIMES)
    assert all(irrep.state.shape[:2] == TIMES.shape for irrep in irreps)
    assert sorted((irrep.size for irrep in irreps), reverse=True) == [i.size for i in irreps]
    for at in np.ndindex(TIMES.shape):
        (state,) = judge.states(model, initial, [TIMES[at]])
        found = whole(irreps, model.cells, at)
        for lowest, copies, block in state.battery_state():
            multiplicity, mine = found.pop(lowest, (copies, np.zeros_like(block)))
            assert multiplicity == copies
            np.testing.assert_allclose(mine, block, rtol=0, atol=1e-13)
        assert not found


@pytest.mark.parametrize("start", ALIKE)
@pytest.mark.parametrize("model", MODELS, ids=str)
def test_states_of_some_cells(model, start):
    """By their eigenvalues with multiplicities, and their mean energy."""
    initial = ALIKE[start](model)
    battery = charge(model, initial)
    for cells in range(1, model.cells + 1):
        irreps = battery.reduced_state(cells, 0.7)
        (state,) = judge.states(model, initial, [0.7])
        wanted = np.linalg.eigvalsh(state.reduced_state(cells))
        found = np.concatenate(
            [
                np.repeat(np.linalg.eigvalsh(block) / copies, copies)
                for copies, block in whole(irreps, cells, ()).values()
            ]
        )
        found = np.sort(np.append(found, np.zeros(2**cells - len(found))))
        np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-13)
        excited = sum(
            float(np.real(np.diag(block)) @ (lowest + np.arange(len(block))))
            for lowest, (_, block) in whole(irreps, cells, ()).items()
        )
        unit = model.frequency or 1
        assert unit * excited == pytest.approx(state.total_energy(cells), abs=1e-13)


PURE = [
    *((model, None) for model in MODELS),
    (MODELS[3], dicke(1, 2)),
    (MODELS[2], dicke(0, 1)),
    (SpinCharger(2, 2, anisotropy=0.3, charger_crosstalk=0.5), dicke(0, 2)),
    (CavityCharger(2), None),
    (CavityCharger(2, charger_frequency=1.3), fock(3, excited_cells=1)),
    (CavityCharger(1, anisotropy=0.2, charger_frequency=2), fock(1)),
]


@pytest.mark.parametrize(("model", "initial"), PURE, ids=str)
def test_speed_limits(model, initial):
    battery = charge(model, initial)
    limits = battery.speed_limits()
    assert limits.time == battery.first_peak().time
    (state,) = judge.states(model, initial, [limits.time])
    cutoff = 1e-6 if isinstance(model, CavityCharger) and model.anisotropy else 1e-11
    assert limits[1:] == pytest.approx(state.speed_limits(), rel=cutoff)
    assert max(limits[1:]) <= limits.time * (1 + 1e-9)


def test_speed_limits_of_one_cell_are_reached():
    for chargers in (1, 7):
        limits = charge(SpinCharger(1, chargers, coupling=0.3)).speed_limits()
        time = np.pi / (0.6 * np.sqrt(chargers))
        assert limits == pytest.approx((time, time, time), rel=1e-7)


@pytest.mark.parametrize("gamma", [0, 0.6])
def test_speed_limits_of_many_cells(gamma):
    """Sparse and dense ways to the lowest energy, and the variance g²MN(1 + γ²) of the start."""
    battery = charge(SpinCharger(40, 30, anisotropy=gamma))
    limits = battery.speed_limits()
    assert 0 < limits.margolus_levitin < limits.time
    assert 0 < limits.mandelstam_tamm < limits.time
    variance = energy_variances(battery._at_start.problem, battery._at_start.start)
    assert variance == pytest.approx([40 * 30])


def test_a_start_that_does_not_move_has_no_speed_limit():
    with pytest.raises(NoPeakError):
        charge(SpinCharger(2, 3), dicke(0, 0)).speed_limits()
