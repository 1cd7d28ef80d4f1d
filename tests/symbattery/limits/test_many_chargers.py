"""N → ∞: the cavity problem it equals, numerics at growing N, and the maxima in powers of 1/N."""

import numpy as np
import pytest
from sympy import Rational, Symbol, floor, limit, oo, pi, simplify, sqrt

import symbattery
from numerics import CavityCharger as Cavity
from numerics import charge
from symbattery import SpinCharger, UnsolvedError, charger_limit, dicke, fock, solve, two_cells
from symbattery.symbols import N, g, g_1, g_2, kappa_2, m, omega_0, omega_C, t

d = Symbol("d", integer=True, nonnegative=True)
TIMES = np.linspace(0, 6, 200)


def same_motion(found):
    """The limit and the cavity, each from its own chain: one is the other, or its mirror image."""
    ours, theirs = found.chain, found.cavity.sectors[0]
    step = -1 if found.backwards else 1
    assert ours.hops_squared == theirs.hops_squared[::step]
    assert ours.levels == tuple(step * k for k in theirs.levels[::step])
    assert all(step * a == b for a, b in zip(ours.diagonal, theirs.diagonal[::step], strict=True))
    return True


@pytest.mark.parametrize("cells", range(1, 9))
def test_all_spins_up_are_an_empty_cavity_backwards(cells):
    found = charger_limit(solve(SpinCharger(cells, N)))
    assert found.backwards
    assert found.cavity.initial == fock(0, excited_cells=cells)
    assert found.chain.hops_squared == tuple(
        g**2 * (k + 1) ** 2 * (cells - k) for k in range(cells)
    )
    assert same_motion(found)


@pytest.mark.parametrize("cells", [1, 2, 3, 5])
def test_spins_up_are_photons_and_spins_down_are_holes(cells):
    solution = solve(SpinCharger(cells, N), dicke(0, m))
    forwards, backwards = charger_limit(solution), charger_limit(solution, down=d)
    assert not forwards.backwards
    assert forwards.cavity.initial == fock(m)
    assert backwards.backwards
    assert backwards.cavity.initial == fock(d, excited_cells=cells)
    assert same_motion(forwards)
    assert same_motion(backwards)
    assert forwards.energy == forwards.cavity.energy


@pytest.mark.parametrize("derive", [symbattery.single_cell, two_cells])
def test_energy_of_one_and_two_cells(derive):
    """The limit of the chain, then solved, is SymPy's limit of the solved E(t) itself."""
    cells = derive().model.cells
    for solution, cavity, sign in (
        (derive(), fock(0, excited_cells=cells), -1),
        (derive(excited_chargers=2), fock(2), 1),
    ):
        found = charger_limit(solution)
        same = solve(symbattery.CavityCharger(solution.model.cells), cavity).explicit().energy
        assert simplify(found.explicit().energy - sign * same) == 0
        scaled = solution.explicit().energy.subs(g, g / sqrt(N))
        assert simplify(limit(scaled, N, oo) - found.explicit().energy) == 0
        assert simplify(found.explicit().power * t - found.explicit().energy) == 0
        assert found.coupling == g / sqrt(N)


def test_frequencies_and_weights_of_three_cells():
    """The limit of every named quantity of the solution in N."""
    solution = solve(SpinCharger(3, N))
    found = charger_limit(solution).definitions
    rates = [s for s in solution.definitions if s.name.startswith("lambda")]
    stretched = {rate: rate * sqrt(N) for rate in rates}
    for symbol, value in solution.definitions.items():
        scaled = value / sqrt(N) if symbol in rates else value.subs(stretched, simultaneous=True)
        assert simplify(limit(scaled, N, oo) - found[symbol]) == 0


@pytest.mark.parametrize(
    ("cells", "start", "down"),
    [(3, lambda size: size, 0), (4, lambda size: size - 2, 2), (3, lambda size: 4, None)],
)
def test_many_spins_approach_it_like_one_over_n(cells, start, down):
    """Against exact numerics of the spins and of the cavity: N·|E_spins − E| stays the same."""
    initial = dicke(0, 4 if down is None else m)
    found = charger_limit(solve(SpinCharger(cells, N), initial), down=down)
    cavity = charge(Cavity(cells), found.cavity.initial).energy(TIMES)
    limiting = -cavity if found.backwards else cavity
    errors = []
    for size in (10**3, 10**4):
        model = SpinCharger(cells, size, coupling=size**-0.5)
        errors.append(np.abs(charge(model, dicke(0, start(size))).energy(TIMES) - limiting).max())
    assert 9 < errors[0] / errors[1] < 11
    assert 1e-5 < errors[1] < 1e-2


@pytest.mark.parametrize(
    "extra",
    [{"charger_frequency": omega_C}, {"cell_crosstalk": g_2}, {"cell_longitudinal": kappa_2}],
)
def test_with_detuning_or_crosstalk_of_the_cells(extra):
    """A sign of the whole diagonal changes no probability."""
    found = charger_limit(solve(SpinCharger(2, N, **extra)))
    ours, theirs = found.chain, found.cavity.sectors[0]
    assert ours.hops_squared == theirs.hops_squared[::-1]
    pairs = zip(ours.diagonal, theirs.diagonal[::-1], strict=True)
    assert all((a + b).expand() == 0 for a, b in pairs)
    fields = {name: {omega_C: 1.5, g_2: 0.4, kappa_2: 0.3}[value] for name, value in extra.items()}
    mirrored = {name: v if name == "charger_frequency" else -v for name, v in fields.items()}
    spins = charge(SpinCharger(2, 10**6, 1e-3, 1, **fields)).energy(TIMES)
    emitted = charge(Cavity(2, 1, 1, **mirrored), fock(0, excited_cells=2)).energy(TIMES)
    assert np.abs(spins + emitted).max() < 1e-4


def test_cells_that_start_excited():
    for up, down, photons in ((3, None, 3), (m, 1, 1)):
        found = charger_limit(solve(SpinCharger(2, N), dicke(1, up)), down=down)
        assert found.cavity.initial == fock(photons, excited_cells=1)
        assert same_motion(found)


def test_the_reading_of_the_paper():
    """Two photons share the largest energy with the limit, but neither E(t) nor the power."""
    found, photons = charger_limit(two_cells()), solve(symbattery.CavityCharger(2), fock(2))
    assert found.maximum().value == photons.maximum().value == Rational(16, 9) * omega_0
    assert simplify(found.explicit().energy - photons.explicit().energy) != 0
    powers = [float(x.max_power().value.subs({g: 1, omega_0: 1})) for x in (found, photons)]
    assert powers == pytest.approx([1.5298, 1.7733], abs=5e-5)
    spins = charge(SpinCharger(2, 10**8, 1e-4)).max_power().value
    assert spins == pytest.approx(powers[0], abs=1e-6)


def test_for_three_cells_the_largest_energy_differs_too():
    found, photons = (
        charger_limit(solve(SpinCharger(3, N))),
        solve(symbattery.CavityCharger(3), fock(3)),
    )
    highest = []
    for limiting, cavity, sign in ((found, fock(0, excited_cells=3), -1), (photons, fock(3), 1)):
        highest.append(float(limiting.maximum("window", until=6).value.subs({g: 1, omega_0: 1})))
        curve = sign * charge(Cavity(3), cavity).energy(np.linspace(0, 6, 20001))
        assert highest[-1] == pytest.approx(curve.max(), abs=1e-6)
    assert abs(highest[0] - highest[1]) > 0.01


def test_description():
    assert charger_limit(two_cells()).description == (
        "minus the energy stored in a cavity that starts with 2 of 2 cells excited and photon "
        "number 0"
    )
    assert charger_limit(two_cells(excited_chargers=3)).description == (
        "the energy stored in a cavity that starts with 0 of 2 cells excited and photon number 3"
    )


TWICE = 2 * Symbol("h", integer=True, positive=True)
HALVES = [(0.5, dicke(0, N)), (0.5, dicke(0, 3))]
NEEDS = "symbolic number of charger spins"
# solution, message
UNSOLVED = [
    (two_cells(4), NEEDS),
    (solve(symbattery.CavityCharger(2)), NEEDS),
    (solve(SpinCharger(2, TWICE)), NEEDS),
    (solve(SpinCharger(2, N, charger_crosstalk=g_1)), "without `charger_crosstalk`"),
    (solve(SpinCharger(2, N, longitudinal=1)), "without `longitudinal`"),
    (solve(SpinCharger(2, N, charger_longitudinal=1)), "without `charger_longitudinal`"),
    (solve(symbattery.OscillatorBattery(N), dicke(0, 1)), "batteries of cells"),
    (solve(SpinCharger(2, N), dicke(0, floor(N / 2))), "are up"),
    (solve(SpinCharger(2, N), symbattery.mixture(HALVES)), "a number of charger spins up"),
]


@pytest.mark.parametrize(("solution", "message"), UNSOLVED)
def test_what_has_no_limit_says_so(solution, message):
    with pytest.raises(UnsolvedError, match=message):
        charger_limit(solution)


def test_bad_input():
    with pytest.raises(UnsolvedError, match="`down` is for"):
        charger_limit(two_cells(), down=1)
    whole = "`down` must be a non-negative integer"
    for down, message in ((-1, whole), (0.5, whole), ("1", whole), (N, "`down` must not depend")):
        with pytest.raises(symbattery.InvalidArgument, match=message):
            charger_limit(two_cells(excited_chargers=m), down=down)
    for order in (-1, 1.5, 7, "2"):
        with pytest.raises(symbattery.InvalidArgument, match="`order` must"):
            symbattery.many_chargers(two_cells(), order)
    for solution in (two_cells(4), two_cells(excited_chargers=m), symbattery.thermal_charger()):
        with pytest.raises(UnsolvedError, match="`many_chargers`"):
            symbattery.many_chargers(solution)


@pytest.fixture(scope="module")
def two():
    return symbattery.many_chargers(two_cells(), 2)


def test_two_cells_approach_sixteen_ninths(two):
    assert two.energy == (Rational(16, 9), Rational(16, 27), 0)
    assert two.time[0] == pi / sqrt(6)


@pytest.mark.parametrize("quantity", ["energy", "time", "power"])
def test_remainder_is_of_the_next_order(two, quantity):
    solution = two_cells().explicit()
    top = solution.maximum()
    scaled = {
        "energy": top.value / omega_0,
        "time": top.time * sqrt(N) * g,
        "power": solution.max_power().value / (sqrt(N) * g * omega_0),
    }[quantity]
    errors = []
    for size in (100, 1000):
        series = sum(c * Rational(1, size) ** k for k, c in enumerate(getattr(two, quantity)))
        errors.append(abs(scaled.subs(N, size).evalf(30) - series.evalf(30)))
    assert errors[0] < 1e-5
    assert 900 < errors[0] / errors[1] < 1100


def test_single_cell_has_no_corrections():
    one = symbattery.many_chargers(symbattery.single_cell(), 2)
    assert one.energy == (1, 0, 0)
    assert one.time == (pi / 2, 0, 0)
    assert abs(one.power[0].evalf(12) - 0.724611353777) < 1e-11
    assert [abs(c.evalf(12)) < 1e-20 for c in one.power[1:]] == [True, True]
