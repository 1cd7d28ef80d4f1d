r"""The same system in QuTiP: Hamiltonian, start, jumps and figures of merit for its solvers.

Everything is made of QuTiP's own operators, term by term as the models print it. Spins count from
up to down and modes from the vacuum, as they do there; cells come before the charger.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.noise import Noise
from numerics.model.problem import Problem, doubles
from numerics.model.resources import require
from numerics.model.side_states import (
    Boltzmann,
    Branch,
    Geometric,
    Independent,
    Level,
    Primitive,
    Superposed,
)
from numerics.model.sides import Side
from numerics.model.states import InitialState
from symbattery.qutip_figures import QutipSystem, functions, operators

__all__ = ["to_qutip"]

BASES = ("dicke", "full")

# Bytes of a row of a sparse Hamiltonian, with what is made of it.
_BYTES_OF_ROW = 2000


def to_qutip(
    model: Model,
    start: InitialState | None = None,
    basis: str = "dicke",
    noise: Iterable[Noise] = (),
    *,
    photons: Any = None,
) -> QutipSystem:
    """A battery for ``qutip.sesolve`` and ``qutip.mesolve``.

    ``qutip.mesolve(s.H, s.start, times, s.c_ops, e_ops=s.e_ops)`` of the system ``s`` gives what
    ``numerics.charge(model, start, noise=noise)`` does.

    Parameters
    ----------
    model : Model, such as SpinCharger
        With numbers in every field; what is left open is 1.
    start : state, optional
        The ideal one if left out.
    basis : {"dicke", "full"}
        The symmetric states of each side, or the product states of all spins, which noise of
        single spins, and spins that start each by itself, need.
    noise : sequence, optional
        Of `loss`, `pump`, `dephasing` and `bath`.
    photons : int, optional
        The largest number of quanta of a mode. If left out no more than can occur; without an end
        (γ ≠ 0, pumping, a thermal mode) it must be given.

    Raises
    ------
    InvalidArgument
        QuTiP is not installed, an argument is not what it must be, or does not fit the basis.
    TooLargeError
        The states do not fit into memory.
    """
    if find_spec("qutip") is None:
        raise InvalidArgument(
            "`to_qutip` must have QuTiP, but it is not installed: "
            'python -m pip install "symbattery[qutip]"'
        )
    checks.choice("basis", basis, BASES)
    problem = doubles(model, start, noise)
    if problem.grouped:
        raise invalid("model", "have equal spins on each side for QuTiP", problem.model)
    branches = list(problem.branches())
    sides = [s for s in (problem.battery, problem.charger) if s.distinguishable]
    most = _most_quanta(problem, branches, photons)
    size = math.prod(_dimension(side, basis, most) for side in sides)
    pure = len(branches) == 1 and all(isinstance(s, Level | Superposed) for s in branches[0][1:])
    require(_BYTES_OF_ROW * size + (0 if pure else 32 * size**2), f"A system of {size} states")
    first, *rest = (_side(side, basis, most) for side in sides)
    # One factor of the product for each side that has states of its own.
    spaces = [first, *rest]
    battery = _lifted(first, spaces, 0)
    charger = _lifted(rest[0], spaces, 1) if rest else None
    hamiltonian = _hamiltonian(problem, battery, charger)
    jumps = _jumps(problem, battery, charger)
    whole = _start(problem, branches, spaces)
    charged = charger and charger.excited
    return QutipSystem(
        hamiltonian,
        whole,
        jumps,
        operators(problem, hamiltonian, jumps, battery.excited, charged, whole),
        functions(problem, first.excited, bool(rest)),
        problem.parameters.frequency,
    )


def _qutip() -> Any:
    return import_module("qutip")


# Sides


@dataclass(frozen=True)
class _Space:
    """A side: operators on its own factors, or on those of both sides."""

    side: Side
    raising: Any
    excited: Any  # the number of excitations
    # The raising operator and s_z (of a mode, the number) of each member that can jump alone.
    members: list[tuple[Any, Any]]

    @property
    def polarization(self) -> Any:
        """Σσᶻ."""
        return 2 * self.excited - float(self.side.top)

    @property
    def crosstalk(self) -> Any:
        """The sum over ordered pairs; of spins above 1/2 with the terms of each with itself."""
        up, down = self.raising, self.raising.dag()
        return up * down + down * up - float(self.side.spins or 0)

    @property
    def bare(self) -> Any:
        """The bare energy in units of the frequency: traceless spins, modes above the vacuum."""
        return self.excited - float(self.side.top or 0) / 2

    @property
    def own(self) -> Any:
        """The sum over pairs of σᶻσᶻ."""
        return self.polarization * self.polarization - float(self.side.spins or 0)


def _alone(side: Side, basis: str) -> int:
    """The factors that a side of spins has in the product."""
    return int(side.members) if basis == "full" else 1


def _dimension(side: Side, basis: str, most: int) -> int:
    if side.spin is None:
        return side.quanta_per_level * most + 1
    factors = _alone(side, basis)
    return int(side.top) // factors + 1 if factors == 1 else int(2 * side.spin + 1) ** factors


def _side(side: Side, basis: str, most: int) -> _Space:
    """A side on its own factors."""
    qutip = _qutip()
    if side.spin is None:
        size = _dimension(side, basis, most)
        step = side.quanta_per_level
        places = (side.place(n) for n in range(size - step))
        elements = [math.sqrt(side.irrep(label).raising(level)) for label, level in places]
        raising, number = qutip.qdiags(elements, -step), qutip.num(size)
        return _Space(side, raising, number / step, [(qutip.create(size), number)])
    count = _alone(side, basis)
    j = float(side.top) / count / 2
    one = qutip.qeye(int(2 * j) + 1)
    members = [
        tuple(
            qutip.tensor([qutip.jmat(j, name) if k == i else one for k in range(count)])
            for name in ("+", "z")
        )
        for i in range(count)
    ]
    raising, z = (sum(column) for column in zip(*members, strict=True))
    alone = count == side.members
    return _Space(side, raising, z + float(side.top) / 2, members if alone else [])


def _lifted(space: _Space, spaces: list[_Space], place: int) -> _Space:
    """The operators of one side on the product of both."""
    qutip = _qutip()

    def lift(operator: Any) -> Any:
        ones = [qutip.qeye(s.excited.dims[0]) for s in spaces]
        return qutip.tensor([operator if i == place else one for i, one in enumerate(ones)])

    members = [(lift(up), lift(z)) for up, z in space.members]
    return _Space(space.side, lift(space.raising), lift(space.excited), members)


# Energies


def _hamiltonian(problem: Problem[float], battery: _Space, charger: _Space | None) -> Any:
    p = problem.parameters
    if charger is None:
        total = p.detuning * battery.bare + p.coupling * (battery.raising + battery.raising.dag())
    else:
        down = charger.raising.dag()
        exchange = down * (battery.raising + p.anisotropy * battery.raising.dag())
        total = p.frequency * battery.bare + p.charger_frequency * charger.bare
        total = total + p.coupling * (exchange + exchange.dag())
    if p.cell_crosstalk:
        total = total + p.cell_crosstalk * battery.crosstalk
    if p.cell_longitudinal:
        total = total + p.cell_longitudinal * battery.own
    if charger is not None and p.charger_crosstalk:
        total = total + p.charger_crosstalk * charger.crosstalk
    if charger is not None and p.charger_longitudinal:
        total = total + p.charger_longitudinal * charger.own
    if charger is not None and p.longitudinal:
        total = total + p.longitudinal * battery.polarization * charger.polarization
    return total


def _jumps(problem: Problem[float], battery: _Space, charger: _Space | None) -> list[Any]:
    found = []
    for one in problem.noise:
        for jump in one.jumps(problem.model):
            space = battery if jump.side == "battery" else charger
            assert space is not None
            if not (jump.collective or space.members):
                must = "be 'full' where single spins of a side lose, gain or are dephased"
                raise invalid("basis", must, "dicke")
            rate = float(jump.rate)
            if jump.exponent is not None:
                occupied = 1 / math.expm1(min(float(jump.exponent), 700.0))
                rate *= occupied + (jump.step < 0)
            z = space.excited if space.side.spin is None else space.polarization / 2
            every = [(space.raising, z)] if jump.collective else space.members
            if rate:
                found += [
                    math.sqrt(rate) * {1: up, -1: up.dag(), 0: z}[jump.step] for up, z in every
                ]
    return found


# Starts


def _most_quanta(problem: Problem[float], branches: list[Branch], photons: Any) -> int:
    """The most excitations that a mode may come to hold."""
    modes = [s for s in (problem.battery, problem.charger) if s.distinguishable and s.spin is None]
    if not modes:
        if photons is not None:
            raise invalid("photons", "be left out where no side is a mode", photons)
        return 0
    most = 0.0
    for branch in branches:
        most = max(
            most,
            _highest(problem.battery, branch.battery) + _highest(problem.charger, branch.charger),
        )
    pumped = any(jump.step > 0 for one in problem.noise for jump in one.jumps(problem.model))
    endless = not problem.conserved or pumped or math.isinf(most)
    if photons is None:
        if endless:
            must = "be given where nothing bounds the number of quanta of a mode"
            raise invalid("photons", must, None)
        return math.ceil(most)
    given = checks.positive_integer("photons", photons)
    if math.isfinite(most) and given < max(s.quanta_per_level for s in modes) * most:
        raise invalid("photons", f"be at least the {most:g} that the start can bring there", given)
    return math.ceil(given / max(side.quanta_per_level for side in modes))


def _highest(side: Side, state: Primitive) -> float:
    """The most excitations of a side in a state."""
    match state:
        case Level(level):
            most = float(level)
        case Superposed():
            first, amplitudes = state.expanded(side)
            most = float(first + len(amplitudes) - 1)
        case _:
            return math.inf if side.top is None else float(side.top)
    return most / side.quanta_per_level


def _start(problem: Problem[float], branches: list[Branch], spaces: list[_Space]) -> Any:
    qutip = _qutip()
    parts = []
    for branch in branches:
        weight = math.prod(float(factor) for factor in branch.weights)
        states = (branch.battery, branch.charger)[: len(spaces)]
        each = [_state(space, state) for space, state in zip(spaces, states, strict=True)]
        parts.append((weight, _product(each)))
    if len(parts) == 1:
        return parts[0][1]
    return sum(weight * qutip.ket2dm(state) if state.isket else weight * state
               for weight, state in parts)  # fmt: skip


def _product(states: list[Any]) -> Any:
    """A ket where all of them are."""
    qutip = _qutip()
    if not all(state.isket for state in states):
        states = [qutip.ket2dm(state) if state.isket else state for state in states]
    return qutip.tensor(states)


def _state(space: _Space, state: Primitive) -> Any:
    """The state of one side."""
    match state:
        case Level(level):
            return _ladder(space, int(level), np.ones(1))
        case Superposed():
            return _ladder(space, *state.expanded(space.side))
        case Independent(groups):
            shares = [[float(p), 1 - float(p)] for p, count in groups for _ in range(int(count))]
            return _apart(space, shares)
        case Boltzmann(beta, frequency):
            x = float(beta) * float(frequency) / space.side.quanta_per_level
        case Geometric(mean):
            x = math.log1p(1 / float(mean)) if mean else math.inf
        case _:
            raise invalid("start", "be made of states of one side that QuTiP gets", state)
    if space.side.spin is None:
        levels = np.arange(space.excited.shape[0])
        return _qutip().qdiags(_thermal(levels, x), 0)
    members = int(space.side.members)
    levels = np.arange(int(space.side.top) // members, -1, -1)
    return _apart(space, [_thermal(levels, x)] * members)


def _thermal(levels: npt.NDArray[Any], exponent: float) -> npt.NDArray[np.float64]:
    """Boltzmann weights, counted from the likelier end."""
    away = levels if exponent >= 0 else levels - levels.max()
    weights = np.where(away == 0, 1.0, np.exp(-np.abs(exponent) * np.abs(away)))
    return np.asarray(weights / weights.sum())


def _apart(space: _Space, shares: Iterable[Iterable[float]]) -> Any:
    """Members each by itself, from probabilities of their levels from the highest down."""
    qutip, every = _qutip(), [np.asarray(one, dtype=float) for one in shares]
    certain = all(np.count_nonzero(one) == 1 for one in every)
    if not space.members:
        if certain and all(np.array_equal(one, every[0]) for one in every):
            top = int(space.side.top)
            level = top - top * int(np.argmax(every[0])) // (len(every[0]) - 1)
            return _ladder(space, level, np.ones(1))
        raise invalid("basis", "be 'full' for spins that start each by itself", "dicke")
    return _product([
        qutip.basis(len(one), int(np.argmax(one))) if np.count_nonzero(one) == 1
        else qutip.qdiags(one, 0) for one in every
    ])  # fmt: skip


def _ladder(space: _Space, first: int, amplitudes: npt.NDArray[Any]) -> Any:
    """The ket of amplitudes over the symmetric levels, from a first one on."""
    qutip, side = _qutip(), space.side
    dims = space.excited.dims[0]
    if side.spin is None:
        levels = [qutip.basis(dims[0], first + n) for n in range(len(amplitudes))]
    else:
        bottom = qutip.basis(dims, [d - 1 for d in dims])
        levels = list(_climbed(space, bottom, first, len(amplitudes)))
    return sum(complex(a) * ket for a, ket in zip(amplitudes, levels, strict=True)).unit()


def _climbed(space: _Space, level: Any, first: int, count: int) -> Iterable[Any]:
    """Levels of the symmetric ladder, each raised from the one before."""
    for n in range(first + count):
        if n >= first:
            yield level
        level = (space.raising * level).unit() if n < int(space.side.top) else level
