"""NumPy's functions for tensors of torch, by the names that SymPy prints them with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from importlib import import_module
from typing import Any

from sympy.printing.numpy import NumPyPrinter

__all__ = ["Printer", "functions", "is_batched", "is_traced", "is_transformed"]

_ELEMENTARY = ("abs", "arccos", "arctan", "cos", "exp", "log", "sign", "sin", "sqrt", "tan")
_PAIRS = {
    "equal": "eq", "not_equal": "ne", "less": "lt", "less_equal": "le", "greater": "gt",
    "greater_equal": "ge", "maximum": "maximum", "minimum": "minimum",
}  # fmt: skip


class Printer(NumPyPrinter):
    """Expressions with the bare names of NumPy's functions."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "inline": True})


def is_transformed(value: Any) -> bool:
    """The tensor is one of a transformation of torch.func."""
    functorch = import_module("torch")._C._functorch
    return bool(functorch.is_functorch_wrapped_tensor(value))


def is_traced(value: Any) -> bool:
    """The tensor is differentiated by, or is one of a transformation."""
    torch = import_module("torch")
    return isinstance(value, torch.Tensor) and (value.requires_grad or is_transformed(value))


def is_batched(value: Any) -> bool:
    """The tensor stands for a batch, and has no value of its own."""
    functorch = import_module("torch")._C._functorch
    while functorch.is_functorch_wrapped_tensor(value):
        if functorch.is_batchedtensor(value):
            return True
        value = functorch.get_unwrapped(value)
    return False


class _Logical:
    """A logical function of several conditions, which NumPy's printer calls by ``reduce``."""

    def __init__(self, pair: Callable[..., Any], tensor: Callable[[Any], Any]) -> None:
        self._pair, self._tensor = pair, tensor

    def reduce(self, conditions: Iterable[Any]) -> Any:
        """All of them together."""
        return reduce(self._pair, map(self._tensor, conditions))


def functions() -> Mapping[str, Any]:
    """The functions by their names in NumPy; numbers among their arguments become tensors."""
    torch = import_module("torch")

    def tensor(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value
        kind = {bool: torch.bool, complex: torch.complex128}.get(type(value), torch.float64)
        return torch.as_tensor(value, dtype=kind)

    def named(name: str) -> Callable[..., Any]:
        function = getattr(torch, name)
        return lambda *given: function(*map(tensor, given))

    def select(conditions: Sequence[Any], choices: Sequence[Any], default: Any = 0) -> Any:
        pairs = reversed(list(zip(conditions, choices, strict=True)))
        return reduce(
            lambda rest, pair: torch.where(tensor(pair[0]), tensor(pair[1]), rest),
            pairs,
            tensor(default),
        )

    return {
        **{name: named(name) for name in _ELEMENTARY},
        **{name: named(own) for name, own in _PAIRS.items()},
        "logical_and": _Logical(torch.logical_and, tensor),
        "logical_or": _Logical(torch.logical_or, tensor),
        "logical_not": named("logical_not"),
        "nan": float("nan"),
        "pi": torch.pi,
        "select": select,
    }
