"""The battery of an open system: its state by a Liouville block, without amplitudes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from numerics.dynamics.lindblad import EXCHANGE, PAIRED, OpenEvolution
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.options import Need
from numerics.model.resources import Floats, require
from numerics.observables.amplitudes import BYTES_OF_ELEMENT, Complex
from numerics.observables.battery import Battery
from numerics.sectors.liouville import Liouville

__all__ = ["OpenBattery"]


@dataclass(frozen=True)
class OpenBattery(Battery):
    """The battery of an open system at some times."""

    kind: ClassVar[str] = "open batteries"

    @property
    def evolution(self) -> OpenEvolution:
        assert isinstance(self.dynamics, OpenEvolution)
        return self.dynamics

    @property
    def lacks(self) -> frozenset[Need]:
        several = len(np.unique(self.first_cells)) > 1
        own = {Need.AMPLITUDES, Need.COUNT} if several else {Need.AMPLITUDES}
        return super().lacks | own

    @property
    def known(self) -> str:
        return f"one that is known of {self.kind}"

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

    @property
    def lacks(self) -> frozenset[Need]:
        return super().lacks | {Need.CHARGER, Need.COUPLING}

    def unknown(
        self, name: str, needs: frozenset[Need], options: Mapping[str, Any]
    ) -> InvalidArgument | None:
        for option, other in (("sense", "daemonic"), ("between", "cell-charger")):
            if options.get(option) == other:
                return invalid(option, f"be {self.known}", other)
        return super().unknown(name, needs, options)

    @property
    def begun(self) -> float:
        return float(self.evolution.excitation(np.zeros(1))[0])
