"""What several claims share, computed once per evaluation."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from numerics.charging import Charging, charge
from numerics.model.models import Model
from numerics.model.states import InitialState

__all__ = ["Context"]

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """A memory that lives as long as one evaluation."""

    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result of ``compute``, remembered under ``key``."""
        if key not in self._known:
            self._known[key] = compute()
        found: T = self._known[key]
        return found

    def charge(self, model: Model, initial: InitialState | None = None) -> Charging:
        """The charging of a battery."""
        return self.once(("charge", model, initial), lambda: charge(model, initial))

    def first_peak(self, model: Model, initial: InitialState | None = None) -> float:
        """The first local maximum of E."""
        return self.once(
            ("first", model, initial), lambda: self.charge(model, initial).first_peak().value
        )

    def max_energy(self, model: Model, until: float, initial: InitialState | None = None) -> float:
        """The largest E in [0, until]."""
        return self.once(
            ("energy", model, until, initial),
            lambda: self.charge(model, initial).max_energy(until).value,
        )

    def max_power(self, model: Model, initial: InitialState | None = None) -> float:
        """The largest P over all times."""
        return self.once(
            ("power", model, initial), lambda: self.charge(model, initial).max_power().value
        )
