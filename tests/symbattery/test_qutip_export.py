"""QuTiP's solvers on exported systems, against the numerical engine, in both bases."""

import subprocess
import sys

import numpy as np
import pytest
import qutip

import numerics
from numerics import (
    Bloch,
    CavityCharger,
    ClassicalDrive,
    CoupledOscillators,
    GroupedSpins,
    InvalidArgument,
    OscillatorBattery,
    SpinCharger,
    TwoPhotonCharger,
    bath,
    coherent,
    dephasing,
    dicke,
    fock,
    loss,
    mixture,
    product,
    pump,
    spin_coherent,
    thermal,
)
from symbattery import from_qutip_result, to_qutip
from tests.systems.rows import CHAINS, GRIDS

TIMES = np.linspace(0, 3, 7)
OPTIONS = {"atol": 1e-11, "rtol": 1e-9, "nsteps": 10**6}
# QuTiP's integrator at these tolerances.
ACCURACY = 1e-6


def simulated(system, times=TIMES, **options):
    """The result of the solver that the system needs."""
    given = {"e_ops": system.e_ops, "options": {**OPTIONS, **options}}
    if system.start.isket and not system.c_ops:
        return qutip.sesolve(system.H, system.start, times, **given)
    return qutip.mesolve(system.H, system.start, times, system.c_ops, **given)


def agree(figures, charging, leave=()):
    assert set(figures) >= {"times", "energy", "power", "populations", "energy_variance"}
    for name in figures.keys() - {"times", *leave}:
        exact, theirs = getattr(charging, name)(figures["times"]), figures[name]
        if name == "populations":
            # A mode has as many as it was given.
            theirs = theirs[:, : exact.shape[1]]
        np.testing.assert_allclose(theirs, exact, rtol=0, atol=ACCURACY, err_msg=name)


_TILTED = spin_coherent(0.4, 0.7, excited_cells=Bloch(2.1, -0.4))
_WARM = thermal(cell_population="0.2", charger_inverse_temperature="-0.9")
BOTH = {
    **{name: CHAINS[name] for name in (
        "unequal", "from the middle", "detuned, crosstalk", "longitudinal", "driven",
        "spins 1 and 3/2", "excited cells in a cavity", "two photons, odd",
    )},
    **{name: GRIDS[name] for name in ("weak", "crosstalk", "mostly counter-rotating")},
    "mixture of mirrors": GRIDS["mixture of mirrors"],
    "coherent spins": (SpinCharger(2, 3, anisotropy="0.3"), _TILTED),
    "coherent photons": (CavityCharger(2, "0.2"), coherent(1.5)),
    "oscillator": (OscillatorBattery(2), None),
    "oscillators": (CoupledOscillators(), fock(3)),
}  # fmt: skip
# Spins that start each by itself.
FULL = {
    "product": (SpinCharger(3, 4), product([1, 0, 0], [1, 1, 1, 0])),
    "populations": (SpinCharger(2, 2, anisotropy="0.2"), product(["0.3", "0.3"], ["0.7", 1])),
    "thermal": (SpinCharger(2, 2, charger_frequency="1.1"), _WARM),
    "thermal spins 1": (
        SpinCharger(2, 1, cell_spin=1),
        thermal(cell_inverse_temperature="0.8", charger_inverse_temperature="-1.1"),
    ),
    "mixture": (
        ClassicalDrive(3, "-0.4"),
        mixture([("0.3", thermal(cell_population="0.2")), ("0.7", dicke(2))]),
    ),
}


@pytest.mark.parametrize(
    ("system", "basis"),
    [pytest.param(BOTH[name], basis, id=f"{name}, {basis}")
     for name in BOTH for basis in ("dicke", "full")]
    + [pytest.param(FULL[name], "full", id=name) for name in FULL],
)  # fmt: skip
def test_closed_systems(system, basis):
    model, start = system
    exported = to_qutip(model, start, basis)
    assert exported.H.isherm
    assert exported.c_ops == []
    figures = from_qutip_result(simulated(exported, store_states=True), exported)
    assert {"ergotropy", "entropy", "purity", "instantaneous_power"} <= set(figures)
    agree(figures, numerics.charge(model, start))


SINGLE = [loss("cells", 0.1), dephasing("chargers", 0.2), pump("chargers", 0.05)]
COLLECTIVE = [loss("cells", 0.1, collective=True), dephasing("chargers", 0.2, collective=True)]
OPEN = {
    "single spins": (SpinCharger(2, 2, "0.7"), SINGLE, "full"),
    "collective": (SpinCharger(3, 2, "0.7", anisotropy="0.3"), COLLECTIVE, "dicke"),
    "one spin and one": (SpinCharger(1, 1), SINGLE, "dicke"),
    "baths": (SpinCharger(1, 2), [bath("cells", 0.1, 0.8), bath("chargers", 0.3, 2)], "full"),
    "cavity": (CavityCharger(2, "0.4"), [loss("cavity", 0.1), dephasing("cells", 0.2)], "full"),
    "dephased cavity": (CavityCharger(2, "0.4"), [dephasing("cavity", 0.2)], "dicke"),
}


@pytest.mark.parametrize("name", OPEN)
def test_open_systems(name):
    model, noise, basis = OPEN[name]
    exported = to_qutip(model, None, basis, noise)
    agree(
        from_qutip_result(simulated(exported, store_states=True), exported),
        numerics.charge(model, noise=noise),
    )


def test_a_cutoff_that_is_given():
    model = CavityCharger(2, "0.2", anisotropy="0.4")
    exported = to_qutip(model, photons=25)
    assert exported.H.dims == [[3, 26], [3, 26]]
    agree(from_qutip_result(simulated(exported), exported), numerics.charge(model))
    warm, start = CavityCharger(1), thermal(charger_mean_photons="0.5")
    exported = to_qutip(warm, start, photons=60)
    agree(from_qutip_result(simulated(exported), exported), numerics.charge(warm, start))
    pairs = to_qutip(TwoPhotonCharger(1), photons=6)
    assert pairs.H.shape == (14, 14)


def test_times_count_from_the_start():
    """QuTiP takes the first entry of its list for the time of the start."""
    model = SpinCharger(2, 2)
    exported = to_qutip(model)
    figures = from_qutip_result(simulated(exported, TIMES + 0.5), exported)
    np.testing.assert_allclose(figures["times"], TIMES, rtol=0, atol=1e-15)
    agree(figures, numerics.charge(model))


def test_functions_are_expectations_too():
    model = SpinCharger(2, 3)
    exported = to_qutip(model)
    every = {**exported.e_ops, **exported.functions}
    result = qutip.sesolve(exported.H, exported.start, TIMES, e_ops=every, options=OPTIONS)
    figures = from_qutip_result(result, exported)
    assert "ergotropy" in figures
    agree(figures, numerics.charge(model))


SPINS, CAVITY = SpinCharger(2, 2), CavityCharger(2)
WRONG = {
    "basis": (lambda: to_qutip(SPINS, basis="spin"), "`basis` must be one of 'dicke', 'full'"),
    "start": (lambda: to_qutip(SPINS, fock(1)), "`initial` must be a state of charger spins"),
    "noise": (lambda: to_qutip(SPINS, noise=[1]), r"`noise\[0\]` must be loss"),
    "noise of single spins": (
        lambda: to_qutip(SPINS, noise=[loss("cells", 1)]),
        "`basis` must be 'full' where single spins of a side lose",
    ),
    "spins by themselves": (
        lambda: to_qutip(SPINS, product([0, 1], [1, 1])),
        "`basis` must be 'full' for spins that start each by itself",
    ),
    "groups": (
        lambda: to_qutip(GroupedSpins([1, 1], [2])),
        "`model` must have equal spins on each side for QuTiP",
    ),
    "photons of spins": (lambda: to_qutip(SPINS, photons=3), "`photons` must be left out"),
    "photons": (lambda: to_qutip(CAVITY, photons=0), "`photons` must be a positive integer"),
    "too few photons": (lambda: to_qutip(CAVITY, photons=1), "`photons` must be at least the 2"),
    "endless": (
        lambda: to_qutip(CavityCharger(2, anisotropy=1)),
        "`photons` must be given where nothing bounds",
    ),
    "pumped": (
        lambda: to_qutip(CAVITY, noise=[pump("cavity", 1)]),
        "`photons` must be given where nothing bounds",
    ),
    "too large": (lambda: to_qutip(SpinCharger(60, 60), basis="full"), "states need"),
    "result": (
        lambda: from_qutip_result(
            qutip.sesolve(qutip.num(2), qutip.basis(2, 1), [0, 1], e_ops=[qutip.num(2)]),
            to_qutip(SPINS),
        ),
        "`result` must have states, or the `e_ops`",
    ),
    "no system": (lambda: from_qutip_result(3, 3), "`system` must be what `to_qutip` has made"),
    "result of another": (
        lambda: from_qutip_result(
            qutip.sesolve(qutip.num(2), qutip.basis(2, 1), [0, 1]), to_qutip(SPINS)
        ),
        r"`result` must have states of this system, of the dimensions \[3, 3\], but is \[2\]",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_bad_input(name):
    ask, message = WRONG[name]
    with pytest.raises(InvalidArgument, match=message):
        ask()


def test_without_qutip_the_error_says_what_to_install():
    code = """
import sys
sys.modules["qutip"] = None
sys.meta_path.insert(0, type("No", (), {"find_spec": staticmethod(lambda *_: None)}))
import importlib.util
importlib.util.find_spec = lambda name, *_: None
from symbattery.qutip_export import to_qutip
from numerics import SpinCharger
to_qutip(SpinCharger(1, 1))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "`to_qutip` must have QuTiP, but it is not installed" in run.stderr
    assert 'pip install "symbattery[qutip]"' in run.stderr
