"""The backends of emitted functions: one open table."""

from __future__ import annotations

from numerics.model import checks
from symbattery.observables.arithmetic import Backend
from symbattery.observables.array_backends import Numexpr, Numpy
from symbattery.observables.number_backends import Math, Mpmath
from symbattery.observables.traced_backends import Jax, Torch

__all__ = ["BACKENDS", "backend_named", "register"]

BACKENDS: dict[str, Backend] = {}
"""The backends by name, in the order in which they are listed."""


def register(backend: Backend) -> Backend:
    """Add a backend to the table."""
    BACKENDS[backend.name] = backend
    return backend


for _backend in (Numpy(), Mpmath(), Math(), Jax(), Torch(), Numexpr()):
    register(_backend)


def backend_named(name: str) -> Backend:
    """A backend that can be used here.

    Raises
    ------
    InvalidArgument
        There is none of that name, its package is not installed, or jax has no double precision.
    """
    checks.choice("backend", name, BACKENDS)
    backend = BACKENDS[name]
    backend.require()
    return backend
