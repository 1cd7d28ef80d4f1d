"""The rows of the table as methods: ``energy(times)``, ``power(times)`` and so on."""

from __future__ import annotations

from collections.abc import Callable
from inspect import Parameter, Signature
from types import MethodType
from typing import Any

import numpy as np
import numpy.typing as npt

from numerics.model import checks
from numerics.model.options import checked, names_of
from numerics.model.resources import Floats
from numerics.observables.table import OBSERVABLES, TAKEN, Observable

__all__ = ["RowMethods", "add_rows"]


class RowMethods:
    """An object with every row of :data:`numerics.observables.table.OBSERVABLES` as a method."""

    @property
    def _cells(self) -> int:
        """The number of cells."""
        raise NotImplementedError

    def _evaluated(self, row: Observable, times: Floats, options: Any) -> npt.NDArray[Any]:
        """A row at some times (T,), its options checked."""
        raise NotImplementedError

    def __getattr__(self, name: str) -> Callable[..., Any]:
        # Rows that were added after this class was made.
        if name not in OBSERVABLES:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return MethodType(_method(OBSERVABLES[name], type(self).__name__), self)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *OBSERVABLES})


def _method(row: Observable, owner: str) -> Callable[..., Any]:
    """The method that evaluates a row."""

    def observable(self: RowMethods, times: Any, **options: Any) -> Any:
        given = checked(row.name, row.options, options, self._cells)
        t = checks.times_array(times)
        values = self._evaluated(row, t.ravel(), given)
        return checks.as_given("times", times, np.reshape(values, (*t.shape, *values.shape[1:])))

    observable.__name__, observable.__doc__ = row.name, row.docstring
    observable.__qualname__ = f"{owner}.{row.name}"
    observable.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter("self", Parameter.POSITIONAL_ONLY),
            Parameter("times", Parameter.POSITIONAL_OR_KEYWORD),
            *(Parameter(o.name, Parameter.KEYWORD_ONLY, default=o.default) for o in row.options),
        ]
    )
    return observable


def add_rows(kind: type[RowMethods]) -> None:
    """Every row that there is as a method of a class; no later one takes a name of the class."""
    TAKEN.update(names_of(kind))
    for row in OBSERVABLES.values():
        setattr(kind, row.name, _method(row, kind.__name__))
