"""The battery of an open system: its state by a Liouville block, without amplitudes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from numerics.dynamics.lindblad import EXCHANGE, PAIRED, OpenEvolution
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import Floats, require
from numerics.observables.amplitudes import BYTES_OF_ELEMENT, Complex
from numerics.observables.battery import Battery

__all__ = ["OpenBattery"]

# What needs the amplitudes of a pure state of battery and charger.
_PURE = {
    "fisher_information", "negativity", "power_variance", "schmidt_number",
    "speed_limits", "speed_ratio",
}  # fmt: skip
# What needs to know the number of excited cells at the start.
_FROM_ONE = {"work_characteristic", "work_distribution"}


@dataclass(frozen=True)
class OpenBattery(Battery):
    """The battery of an open system at some times."""

    @property
    def _evolution(self) -> OpenEvolution:
        assert isinstance(self.dynamics, OpenEvolution)
        return self.dynamics

    def unknown(self, name: str, options: Mapping[str, Any]) -> InvalidArgument | None:
        must = "be one that is known of open batteries"
        several = len(np.unique(self.first_cells)) > 1
        if name in _PURE or (several and name in _FROM_ONE):
            return invalid("quantity", must, name)
        for option, other in (("sense", "daemonic"), ("between", "cell-charger")):
            if options.get(option) == other:
                return invalid(option, must, other)
        return None

    @property
    def diagonal(self) -> bool:
        labels = self._evolution.battery
        return bool(np.all(labels.ket == labels.bra))

    @property
    def pure(self) -> bool:
        return False

    @property
    def most_curved(self) -> float:
        return self._evolution.most_curved

    @cached_property
    def rows(self) -> Floats:
        return self.dynamics.populations(self.times, self.levels.count).T

    @cached_property
    def charged(self) -> Floats:
        return self._evolution.charged(self.times)

    @cached_property
    def exchange(self) -> Complex:
        return self._evolution.exchange(self.times, EXCHANGE)

    @cached_property
    def pair_creation(self) -> Complex:
        return np.exp(2j * self.turned) * self._evolution.exchange(self.times, PAIRED)

    @property
    def _matrices(self) -> dict[int, Complex]:
        labels, count = self._evolution.battery, len(self.times)
        require(BYTES_OF_ELEMENT * count * len(labels.size), "The battery's state")
        state, result = self._evolution.state(self.times), {}
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
