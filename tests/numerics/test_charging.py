"""What must hold for every model and state, and for the object that is charged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numerics import CavityCharger, NoPeakError, SpinCharger, charge, collective_advantage
from numerics.model.states import dicke, product, thermal
from tests.systems.drawn import products, spin_models
from tests.systems.rows import unit

TIMES = np.linspace(0.0, 7.0, 31)


@st.composite
def problems(draw):
    model = draw(spin_models())
    return model, draw(products(model))


@given(problems())
def test_energy_starts_at_zero_is_even_and_bounded(problem):
    model, state = problem
    battery, scale = charge(model, state), unit(model)
    energy = battery.energy(TIMES)
    filled = sum(state.cell_populations) * scale / model.cells
    assert abs(energy[0]) < 1e-15 * scale
    np.testing.assert_allclose(battery.energy(-TIMES), energy, atol=1e-14 * scale)
    assert energy.min() >= -filled - 1e-13 * scale
    assert energy.max() <= scale - filled + 1e-13 * scale
    # An empty battery never owes energy.
    assert np.all(charge(model).energy(TIMES) >= 0)
    # A product of pure spins is the average over its populations: linear in each of them.
    *others, p = state.charger_populations
    pure = [charge(model, product(state.cell_populations, [*others, x])) for x in (0, 1)]
    expected = (1 - p) * pure[0].energy(TIMES) + p * pure[1].energy(TIMES)
    np.testing.assert_allclose(energy, expected, atol=1e-12 * scale)


@given(m=st.integers(1, 9), n=st.integers(1, 9), g=st.floats(-1.5, 1.5))
def test_cells_and_chargers_may_be_exchanged(m, n, g):
    """At γ = 0, resonant: what N spins all up give to M cells down, M give to N."""
    one = charge(SpinCharger(m, n, coupling=g)).energy(TIMES)
    other = charge(SpinCharger(n, m, coupling=g)).energy(TIMES)
    np.testing.assert_allclose(one, other, atol=1e-12)


@given(spin_models(isotropic=True))
def test_the_bare_frequencies_are_conserved_together(model):
    """At γ = 0 what the cells gain the charger loses: charging it back from the cells' side."""
    cell, charger = model.frequencies
    swapped = SpinCharger(
        model.chargers, model.cells, model.coupling, charger, 0, cell, model.cell_crosstalk,
        model.charger_crosstalk, model.longitudinal, model.charger_longitudinal,
        model.cell_longitudinal,
    )  # fmt: skip
    gained = charge(model).energy(TIMES) / cell
    lost = charge(swapped, dicke(model.chargers, 0)).energy(TIMES) / charger
    np.testing.assert_allclose(gained, -lost, atol=1e-12 * model.cells)


@pytest.mark.parametrize("anisotropy", [0, 0.3, 1])
def test_thermal_at_population_one_is_all_up(anisotropy):
    model = SpinCharger(4, 5, coupling=0.3, anisotropy=anisotropy)
    hot = charge(model, thermal(charger_population=1)).energy(TIMES)
    np.testing.assert_allclose(hot, charge(model).energy(TIMES), atol=1e-14)
    inverted = charge(model, thermal(charger_inverse_temperature=-1e4)).energy(TIMES)
    np.testing.assert_allclose(inverted, hot, atol=1e-14)
    cold = charge(model, thermal(charger_population=1, cell_inverse_temperature=1e6))
    np.testing.assert_allclose(cold.energy(TIMES), hot, atol=1e-14)


@pytest.mark.parametrize("model", [SpinCharger(2, 2), SpinCharger(2, 3, anisotropy=0.2)])
def test_times_of_every_shape(model):
    """Scalars, negative and repeated times, grids, none; the order given is the order returned."""
    battery = charge(model)
    for times in (
        1, 0.7, -1.3, [3.0, 1.0, 3.0, -1.0], [[0.0, 0.3], [1.0, -0.3]], [], np.zeros((2, 0))
    ):  # fmt: skip
        found, flat = battery.energy(times), np.ravel(times)
        assert found.shape == battery.power(times).shape == np.shape(times)
        assert battery.populations(times).shape == (*np.shape(times), 3)
        alone = [float(battery.energy(t)) for t in flat]
        np.testing.assert_allclose(found.ravel(), alone, atol=1e-13)
        power = np.divide(found.ravel(), flat, out=np.zeros(flat.shape), where=flat != 0)
        np.testing.assert_allclose(battery.power(times).ravel(), power, rtol=1e-15)
    assert battery.energy_variance(np.zeros((2, 0))).shape == (2, 0)
    assert battery.power(-0.3) == -battery.power(0.3)


# ---------------------------------------------------------------------------------------------
# The collective advantage η of Eq. (10)


def test_one_cell_has_no_advantage():
    for model in (SpinCharger(1, 3, anisotropy=0.2), CavityCharger(1)):
        assert collective_advantage(model) == 1


def test_the_advantage_is_the_ratio_of_powers():
    for together, alone, fields in (
        (SpinCharger(4, 8, 0.3), SpinCharger(1, 2, 0.3), {}),
        (SpinCharger(3, 4), SpinCharger(1, 2), {"chargers_per_cell": 2}),
    ):
        eta = collective_advantage(together, **fields)
        collective, single = (charge(model).max_power().value for model in (together, alone))
        assert eta == pytest.approx(collective / (together.cells * single), rel=1e-15)


def test_it_grows_almost_linearly_for_spins_and_as_a_square_root_in_a_cavity():
    """The exponents of Eq. (11) and Sec. III: towards 1 for spins, 0.5 in a cavity."""

    def exponent(model):
        few, many = (np.log(collective_advantage(model(m))) for m in (60, 120))
        return (many - few) / np.log(2)

    assert 0.8 < exponent(lambda m: SpinCharger(m, m)) < 1
    assert exponent(CavityCharger) == pytest.approx(0.5, abs=0.02)


def test_nothing_against_nothing_has_no_ratio():
    with pytest.raises(NoPeakError, match="coupling"):
        collective_advantage(SpinCharger(2, 2, coupling=0))
