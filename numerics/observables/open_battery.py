"""The battery of an open system: its state by a Liouville block, without amplitudes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from numerics.dynamics.lindblad import EXCHANGE, PAIRED, OpenEvolution
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import Floats, require
from numerics.observables.amplitudes import BYTES_OF_ELEMENT, Complex
from numerics.observables.battery import Battery
from numerics.sectors.liouville import Liouville

__all__ = ["OpenBattery"]

# What needs the amplitudes of a pure state of battery and charger.
_PURE = {
    "fisher_information", "power_variance", "schmidt_number", "speed_limits", "speed_ratio",
}  # fmt: skip
# What needs to know the number of excited cells at the start.
_FROM_ONE = {"work_characteristic", "work_distribution"}


# And what needs the charger.
_TOGETHER = {"coherence", "negativity", "switching_work"}


@dataclass(frozen=True)
class OpenBattery(Battery):
    """The battery of an open system at some times."""

    kind: ClassVar[str] = "open batteries"

    @property
    def evolution(self) -> OpenEvolution:
        assert isinstance(self.dynamics, OpenEvolution)
        return self.dynamics

    def unknown(self, name: str, options: Mapping[str, Any]) -> InvalidArgument | None:
        must = f"be one that is known of {self.kind}"
        several = len(np.unique(self.first_cells)) > 1
        if name in _PURE or (several and name in _FROM_ONE):
            return invalid("quantity", must, name)
        return None

    @property
    def diagonal(self) -> bool:
        labels = self.evolution.battery
        return bool(np.all(labels.ket == labels.bra))

    @property
    def pure(self) -> bool:
        return False

    @property
    def most_curved(self) -> float:
        return self.evolution.most_curved

    @cached_property
    def rows(self) -> Floats:
        return self.dynamics.populations(self.times, self.levels.count).T

    @cached_property
    def charged(self) -> Floats:
        return self.evolution.charged(self.times)

    @cached_property
    def exchange(self) -> Complex:
        return self.evolution.exchange(self.times, EXCHANGE)

    @cached_property
    def pair_creation(self) -> Complex:
        # Without the turn of the laboratory frame: its size is asked for.
        return self.evolution.exchange(self.times, PAIRED)

    @cached_property
    def _joint(self) -> tuple[Liouville, Floats]:
        """The block, and the probabilities (·, T) of the elements that its trace sums."""
        motion = self.evolution.reach(self.times)
        diagonal = motion.block.diagonal
        require(8 * int(diagonal.sum()) * len(self.times), "The joint probabilities of both sides")
        result = np.zeros((int(diagonal.sum()), len(self.times)))
        for here, state in motion.whole(self.times):
            result[:, here] = np.real(state[diagonal])
        return motion.block, result

    def joint_mean(self, value: Callable[[Any, Any], Any]) -> Floats:
        block, chance = self._joint
        numbers = (column[block.diagonal] for column in (block.excited, block.quanta))
        return np.asarray(value(*numbers), dtype=np.float64) @ chance

    @property
    def _matrices(self) -> dict[int, Complex]:
        labels, count = self.evolution.battery, len(self.times)
        require(BYTES_OF_ELEMENT * count * len(labels.size), "The battery's state")
        state, result = self.evolution.state(self.times), {}
        for i, part in self.levels.irreps:
            size, first = int(self.levels.spin[i]), int(self.levels.least[i])
            width = part.stop - part.start
            block = np.zeros((count, width, width), dtype=np.complex128)
            (mine,) = np.nonzero(labels.size == size)
            ket, bra = labels.ket[mine], labels.bra[mine]
            phases = np.exp(-1j * self.turned[:, None] * (ket - bra))
            block[:, ket - first, bra - first] = phases * state[mine].T
            result[size] = block
        return result


@dataclass(frozen=True)
class StoredBattery(OpenBattery):
    """The battery by itself, after its charger has been switched off."""

    kind: ClassVar[str] = "a battery that is stored"

    def unknown(self, name: str, options: Mapping[str, Any]) -> InvalidArgument | None:
        must = f"be one that is known of {self.kind}"
        for option, other in (("sense", "daemonic"), ("between", "cell-charger")):
            if options.get(option) == other:
                return invalid(option, must, other)
        # A power is an energy over the time that brought it.
        if name in _TOGETHER or name == "power":
            return invalid("quantity", must, name)
        return super().unknown(name, options)

    @property
    def begun(self) -> float:
        return float(self.evolution.excitation(np.zeros(1))[0])
