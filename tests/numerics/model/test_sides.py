"""Sides, models and states defined outside the package are charged by every engine."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, certified, charge, dicke, fock, product, thermal
from numerics.model.checks import InvalidArgument
from numerics.model.models import Model
from numerics.model.side_states import Boltzmann, Branch, Independent, Level
from numerics.model.sides import CavityMode, CollectiveSpin, Side
from numerics.model.states import InitialState
from tests.systems import taylor
from tests.systems.dense import derivatives

TIMES = np.array([0.0, 0.3, 1.1, 4.0])


def proven(model, state):
    return certified.energy(model, 1, 20, state, floats=True)


@dataclass(frozen=True)
class TwoPhotons(Side):
    """A cavity that gives and takes photons by pairs; a level is a pair."""

    quanta: ClassVar[str] = "photons"
    noun: ClassVar[str] = "cavity of pairs"

    def raising(self, level: Any) -> Any:
        return (2 * level + 1) * (2 * level + 2)


@dataclass(frozen=True)
class TwoPhotonCharger(Model):
    cells: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0

    @property
    def battery(self) -> Side:
        return CollectiveSpin(self.cells)

    @property
    def charger(self) -> Side:
        return TwoPhotons()

    def default_start(self) -> InitialState:
        return fock(self.cells)


@dataclass(frozen=True)
class Oscillator(Model):
    """A mode that is charged by spins."""

    chargers: Any
    coupling: Any = None
    anisotropy: Any = 0

    @property
    def battery(self) -> Side:
        return CavityMode()

    @property
    def charger(self) -> Side:
        return CollectiveSpin(self.chargers)

    def default_start(self) -> InitialState:
        return dicke(0, self.chargers)


@dataclass(frozen=True)
class SpinOne(Side):
    """A single spin 1 as a battery that may be heated: a ladder with a top, not made of spins."""

    noun: ClassVar[str] = "spin 1"

    @property
    def top(self) -> int:
        return 2

    def raising(self, level: Any) -> Any:
        return (level + 1) * (2 - level)


@dataclass(frozen=True)
class SpinOneCharger(Oscillator):
    @property
    def battery(self) -> Side:
        return SpinOne()


def direct(model: Model, k0: int, c0: int) -> np.ndarray:
    """⟨K⟩ − k0 by dense matrices of truncated ladders, at resonance ω0 = 1."""

    def raiser(side):
        size = 40 if side.top is None else side.top + 1
        return np.diag(np.sqrt([float(side.raising(n)) for n in range(size - 1)]), -1)

    up, other = raiser(model.battery), raiser(model.charger)
    k, c = (np.arange(float(len(x))) for x in (up, other))
    hop = np.kron(up, other.T) + float(model.anisotropy) * np.kron(up, other)
    matrix = np.diag(np.add.outer(k, c).ravel()) + model.coupling * (hop + hop.T)
    (wanted,) = derivatives(matrix, np.repeat(k, len(c)), [k0 * len(c) + c0], [1], TIMES, 1)
    return wanted


@pytest.mark.parametrize(
    ("model", "state", "start"),
    [
        (TwoPhotonCharger(3, coupling=0.4), None, (0, 3)),
        (TwoPhotonCharger(2, coupling=0.4), fock(2, excited_cells=1), (1, 2)),
        (Oscillator(4, coupling=0.7), None, (0, 4)),
        (Oscillator(4, coupling=0.7), dicke(3, 2), (3, 2)),
        (SpinOneCharger(3, coupling=0.3, anisotropy=0.5), None, (0, 3)),
    ],
)
def test_sides_of_others_are_charged(model, state, start):
    wanted = direct(model, *start)
    charging = charge(model, state)
    np.testing.assert_allclose(charging.energy(TIMES), wanted, atol=1e-10)
    p = charging.populations(TIMES)
    np.testing.assert_allclose(p @ np.arange(p.shape[1]) - start[0], wanted, atol=1e-10)
    for time, energy in zip(TIMES[1:3].tolist(), wanted[1:3], strict=True):
        found = certified.energy(model, time, 20, state, floats=True)
        assert found.contains(taylor.energy(model, time, state, digits=40))
        assert float(found.midpoint) == pytest.approx(energy, abs=1e-10)
    peak = charging.first_peak()
    assert charging.energy(peak.time) == pytest.approx(peak.value)


def test_a_ladder_with_a_top_may_be_heated():
    model, beta = SpinOneCharger(2, coupling=0.3), 0.8
    found = charge(model, thermal(cell_inverse_temperature=beta))
    weights = np.exp(-beta * np.arange(3)) / np.exp(-beta * np.arange(3)).sum()
    np.testing.assert_allclose(found.populations(0.0), weights, atol=1e-15)
    wanted = sum(w * direct(model, k, 2) for k, w in enumerate(weights))
    np.testing.assert_allclose(found.energy(TIMES), wanted, atol=1e-12)


@dataclass(frozen=True)
class OneOrTwo(InitialState):
    """Half a definite state, half a thermal charger."""

    def branches(self, model):
        yield Branch((0.5,), Level(0), Level(1))
        yield Branch((0.5,), Level(0), Independent(((0.25, model.chargers),)))


@dataclass(frozen=True)
class Unknown(InitialState):
    primitive: Any = None

    def branches(self, model):
        if self.primitive is not None:
            yield Branch((), Level(0), self.primitive)


def test_states_of_others_are_charged():
    model = SpinCharger(2, 3)
    parts = charge(model, dicke(0, 1)), charge(model, product([0, 0], [0.25] * 3))
    wanted = sum(part.energy(TIMES) for part in parts) / 2
    np.testing.assert_allclose(charge(model, OneOrTwo()).energy(TIMES), wanted, atol=1e-14)
    assert proven(model, OneOrTwo()).contains(taylor.energy(model, 1, OneOrTwo(), digits=40))


MISFITS = [
    (charge, Oscillator(3), fock(2), "`initial` must be a state of charger spins"),
    (charge, Oscillator(2), product([0], [1, 1]), "must be left out for a cavity"),
    (charge, CavityCharger(2), Unknown(Independent(((0.5, 2),))), "of a single ladder for a cav"),
    (charge, Oscillator(3, anisotropy=0.5), None, "`anisotropy` must be 0 for a battery"),
    (charge, TwoPhotonCharger(2), thermal(charger_inverse_temperature=-1),
     "`charger_inverse_temperature` must be a positive"),
    (proven, Oscillator(3, anisotropy="1/2"), None, "`anisotropy` must be 0 for a battery"),
    (proven, TwoPhotonCharger(2, anisotropy=1), None, "`anisotropy` must be 0 for certified"),
    *(
        (engine, SpinCharger(2, 3), *rest)
        for engine in (charge, proven)
        for rest in (
            (Unknown(Fraction(1)), "but has one of the kind Fraction"),
            (Unknown(), "`initial` must have at least one branch"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("engine", "model", "state", "message"), MISFITS)
def test_what_does_not_fit_or_is_not_known_is_refused_by_name(engine, model, state, message):
    with pytest.raises(InvalidArgument, match=message):
        engine(model, state)


def test_ladder_elements():
    spin, levels = CollectiveSpin(3), np.arange(4)
    assert [spin.raising(k) for k in range(-1, 4)] == [0, 3, 4, 3, 0]
    np.testing.assert_array_equal(spin.raising(levels), [3, 4, 3, 0])
    np.testing.assert_array_equal(CavityMode().raising(levels), levels + 1)
    # One spin has no other to talk to.
    assert [CollectiveSpin(1).crosstalk(c) for c in range(2)] == [1, 1]
    assert spin.strongest == 4
    assert spin.irrep(1) == CollectiveSpin(1)
    assert spin.bottom(1) == 1
    shares = list(spin.irreps(2))
    assert shares == [
        (1, 1, CollectiveSpin(3).multiplicity(1), 3),
        (3, 2, CollectiveSpin(3).multiplicity(3), 3),
    ]


def test_branches_of_the_states():
    model = SpinCharger(2, 3, frequency=2)
    (branch,) = thermal(cell_inverse_temperature=5).branches(model)
    assert branch == ((), Boltzmann(5, 2), Level(3))
    (branch,) = product([0, 1], [(0.5, 3)]).branches(model)
    assert branch.charger == Independent(((0.5, 1),) * 3)
    (branch,) = fock(2, excited_cells=1).branches(CavityCharger(2))
    assert branch == ((), Level(1), Level(2))
