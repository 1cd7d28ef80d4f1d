"""Kinds of arrays, and how large requests are cut into working arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

__all__ = ["CHUNK", "Floats", "Integers", "slices"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CHUNK = 2**19
"""Numbers in one working array: some megabytes, so that large requests stay within the caches."""


def slices(total: int, size: int) -> Iterator[slice]:
    """Consecutive slices of at most ``size``."""
    size = max(1, size)
    return (slice(i, min(i + size, total)) for i in range(0, total, size))
