"""Ladders by counting and by algebra, and sides from outside the package in the whole engine."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import pytest
from sympy import Expr, Integer, S, sin, sqrt

import numerics
from numerics import fock, thermal
from numerics.model.models import Model
from numerics.model.sides import CavityMode, CollectiveSpin, Oscillator, Side, TwoPhotonMode
from numerics.model.states import InitialState
from symbattery import (
    CavityCharger,
    CoupledOscillators,
    InvalidArgument,
    OscillatorBattery,
    SpinCharger,
    UnsolvedError,
    dicke,
    mixture,
    short_times,
    solve,
)
from symbattery import TwoPhotonCharger as Pairwise
from symbattery.model.ladders import Ladder, Mode, PhotonPairs, Spin, ladder
from symbattery.observables.quantities import quantities
from symbattery.symbols import N, g, n, omega_0, omega_C, p_1, t


@pytest.mark.parametrize("size", range(1, 7))
def test_spin_ladder_by_counting(size):
    """S₊|k> over the C(n,k) arrangements: (k+1)(n-k)."""
    spin = Spin(Integer(size))
    for level in range(size):
        assert spin.raised(Integer(level)) == (level + 1) * (size - level)
        assert spin.lowered(Integer(level + 1)) == (level + 1) * (size - level)
    assert spin.raised(Integer(size)) == spin.lowered(S.Zero) == 0


def test_symbolic_top_level_cannot_be_raised():
    assert Spin(N).raised(N) == 0


@pytest.mark.parametrize(
    ("side", "own"),
    [
        (CollectiveSpin(5), Spin(Integer(5))),
        (CavityMode(), Mode()),
        (Oscillator(), Mode()),
        (TwoPhotonMode(0), PhotonPairs(S.Zero)),
        (TwoPhotonMode(1), PhotonPairs(S.One)),
    ],
)
def test_elements_of_the_two_engines_agree(side, own):
    assert ladder(side) == own
    for level in range(6):
        assert own.raised(Integer(level)) == side.raising(level)
        assert own.crosstalk(Integer(level)) == side.crosstalk(level)
        assert own.polarization(Integer(level)) == side.polarization(level)
    assert own.lowered(S.Zero) == side.raising(-1) == 0


@dataclass(frozen=True)
class TwoPhotons(Side):
    """A cavity that gives and takes photons by pairs; a level is a pair."""

    quanta: ClassVar[str] = "photons"
    noun: ClassVar[str] = "cavity of pairs"

    def raising(self, level: Any) -> Any:
        return (2 * level + 1) * (2 * level + 2)


@dataclass(frozen=True)
class Pairs(Ladder):
    def raised(self, level: Expr) -> Expr:
        return (2 * level + 1) * (2 * level + 2)


ladder.register(TwoPhotons, lambda side: Pairs())


@dataclass(frozen=True)
class TwoPhotonCharger(Model):
    cells: Any
    coupling: Any = None
    frequency: Any = None
    side: ClassVar[Side] = TwoPhotons()

    @property
    def battery(self) -> Side:
        return CollectiveSpin(self.cells)

    @property
    def charger(self) -> Side:
        return self.side

    def default_start(self) -> InitialState:
        return fock(self.cells)


def test_a_side_from_outside_goes_the_whole_way():
    one = solve(TwoPhotonCharger(1))
    assert (one.energy - omega_0 * sin(sqrt(2) * g * t) ** 2).simplify() == 0
    series = short_times(TwoPhotonCharger(1), order=4).expression
    assert (series - one.energy.series(t, 0, 6).removeO()).expand() == 0
    two = solve(TwoPhotonCharger(2))
    found = two.verify(digits=30, points=2)
    assert found.digits == 30
    assert found.certification.holds
    assert two.function("energy")(0.5) > 0
    assert r"\sin" in two.latex("energy")
    assert "def energy(t" in two.source("energy", "python")


class Three(Side):
    """One ladder of three levels."""

    quanta, noun, top = "photons", "ladder of three levels", 2

    def raising(self, level: Any) -> Any:
        return (level + 1) * (2 - level)


ladder.register(Three, lambda side: Spin(Integer(2)))


class ThreeLevelCharger(TwoPhotonCharger):
    side = Three()


def test_a_ladder_with_a_top_may_be_thermal():
    state = thermal(charger_inverse_temperature=Fraction(3, 4))
    solution = solve(ThreeLevelCharger(2, 1, 1), state)
    judge = numerics.charge(ThreeLevelCharger(2, 1, 1), state)
    assert len(solution.branches) == 3
    assert solution.function("energy")(0.8) == pytest.approx(judge.energy(0.8), rel=1e-12)
    endless = solve(TwoPhotonCharger(2, 1, 1), state).function("energy")(0.8)
    judge = numerics.charge(TwoPhotonCharger(2, 1, 1), state)
    assert endless == pytest.approx(judge.energy(0.8), rel=1e-12)


def test_a_side_without_a_ladder_is_named():
    class Other(Side):
        quanta = "photons"

    class OtherCharger(TwoPhotonCharger):
        side = Other()

    with pytest.raises(UnsolvedError, match="registered, but has a Other"):
        solve(OtherCharger(1))


@pytest.mark.parametrize("model", [SpinCharger(2, 3), CavityCharger(2)])
def test_the_models_themselves_have_both(model):
    assert ladder(model.battery) == Spin(Integer(2))
    assert ladder(model.charger) in (Spin(Integer(3)), Mode())


ROWS = {
    "spins charge an oscillator": (OscillatorBattery(2), dicke(1, 2)),
    "thermal spins": (OscillatorBattery(2), thermal(charger_population=p_1)),
    "oscillators": (CoupledOscillators("-1/2", charger_frequency=omega_C), fock(2)),
    "odd and even photons": (Pairwise(2), mixture([("1/3", fock(5)), ("2/3", fock(4))])),
}


@pytest.mark.parametrize("name", ROWS)
def test_every_row_of_oscillators(name):
    """Ergotropies, entropies, fluctuations and work, in both engines and proven."""
    solution = solve(*ROWS[name])
    names = list(quantities(solution).requests)
    assert len(names) > 23
    found = solution.verify(digits=25, points=2, names=names)
    assert found.digits >= 24
    assert found.certification.holds
    assert found.routes[1].deviation < 1e-11


def test_a_number_of_photons_must_be_known_to_be_even_or_odd():
    with pytest.raises(InvalidArgument, match="`photons` must be known to be even or odd"):
        solve(Pairwise(1), fock(n))
    assert solve(Pairwise(1), fock(2 * n + 1)).sectors[0].hops_squared != (
        solve(Pairwise(1), fock(2 * n)).sectors[0].hops_squared
    )


def test_resonance_with_two_photons():
    half = solve(Pairwise(2, charger_frequency=omega_0 / 2), fock(4))
    assert half.energy == solve(Pairwise(2), fock(4)).energy
    assert "charger_frequency" not in repr(half)
