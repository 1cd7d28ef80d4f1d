"""Arrays, memory and threads: portions of large requests, and the refusal of what cannot fit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from numerics.model.checks import InvalidArgument

__all__ = [
    "CHUNK",
    "Floats",
    "Integers",
    "TooLargeError",
    "available",
    "blas",
    "fits",
    "require",
    "require_time",
    "single_blas_thread",
    "slices",
]

P = ParamSpec("P")
R = TypeVar("R")

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CHUNK = 2**19
"""Numbers in one working array: some megabytes, so that large requests stay within the caches."""

_MEMINFO = Path("/proc/meminfo")
_CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")
_ALWAYS = 2**20
# Seconds that a computation may take.
_PATIENCE = 120.0


class TooLargeError(InvalidArgument):
    """The problem does not fit into memory or patience; the message says what it needs."""


def available() -> int:
    """The bytes that can still be had; where the system does not say, 8 GB."""
    found = [8 * 2**30]
    if _MEMINFO.exists():
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text().splitlines())
        found = [int(lines.get("MemAvailable", lines["MemTotal"]).split()[0]) * 1024]
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    if _CONTROL_GROUP.exists() and (limit := _CONTROL_GROUP.read_text().strip()).isdigit():
        found.append(int(limit))
    return min(found)


def fits(size: int) -> bool:
    """True where ``size`` bytes can be had; a megabyte always can, and the system is not asked."""
    return size <= _ALWAYS or size <= available()


def require(size: int, what: str, count: int = 0) -> None:
    """Refuse what needs ``size`` bytes where there are fewer.

    ``count`` is the number of equal things that it is made of, if it has a name.

    Raises
    ------
    TooLargeError
        With the estimate, what is there, and how many of ``count`` would fit.
    """
    if not fits(size):
        there = available()
        fit = f": {count * there // size} of {count} would fit" if count else ""
        raise TooLargeError(
            f"{what} needs about {_shown(size)} of memory, and {_shown(there)} are available{fit}"
        )


def require_time(seconds: float | Fraction, what: str, instead: str) -> None:
    """Refuse what takes longer than about two minutes; ``instead`` says what would work.

    Raises
    ------
    TooLargeError
        With the estimate.
    """
    if seconds > _PATIENCE:
        units = ((1, "seconds"), (3600, "hours"), (24 * 3600, "days"), (3.2e7, "years"))
        size, unit = next((pair for pair in reversed(units) if seconds > 3 * pair[0]), units[0])
        count = float(min(seconds, Fraction(10) ** 300)) / size
        raise TooLargeError(f"{what} would take about {count:.2g} {unit}; {instead}")


def _shown(size: int) -> str:
    power = next((n for n in (1, 2, 3) if size / 1000**n < 1000), 4)
    return f"{size / 1000**power:.3g} {'_kMGT'[power]}B"


@cache
def blas() -> ThreadpoolController:
    """The BLAS of NumPy and that of SciPy, which is loaded for it."""
    import_module("scipy.linalg")
    return ThreadpoolController()


def single_blas_thread(work: Callable[P, R]) -> Callable[P, R]:
    """``work`` with one BLAS thread; the caller's number is restored after it.

    For small matrices waiting for each other costs threads more than they gain.
    """

    @wraps(work)
    def single(*args: P.args, **kwargs: P.kwargs) -> R:
        with blas().limit(limits=1, user_api="blas"):
            return work(*args, **kwargs)

    return single


def slices(total: int, size: int) -> Iterator[slice]:
    """Consecutive slices of at most ``size``."""
    size = max(1, size)
    return (slice(i, min(i + size, total)) for i in range(0, total, size))
