"""Elementwise functions of large arrays, in pieces that stay in the cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["filled"]

# Doubles in a piece: its handful of temporaries fit the second-level cache.
_PIECE = 8192


def filled(
    function: Callable[..., Any], inputs: Sequence[Any], shape: tuple[int, ...], kind: type
) -> NDArray[Any]:
    """``function`` of ``inputs`` that are broadcast to ``shape``, as a new array of dtype ``kind``.

    Parameters
    ----------
    function : callable
        Elementwise, of as many arrays as there are inputs.
    inputs : sequence of ndarray or float
    shape : tuple of int
    kind : type
    """
    out: NDArray[Any] = np.empty(shape, dtype=kind)
    whole = [np.reshape(v, (1,) * (len(shape) - np.ndim(v)) + np.shape(v)) for v in inputs]
    # Scalars stay scalars: that is the fast way through NumPy's functions.
    _fill(out, function, [v.ravel()[0] if v.size == 1 else v for v in whole])
    return out


def _fill(out: NDArray[Any], function: Callable[..., Any], inputs: list[Any]) -> None:
    if out.size <= _PIECE:
        out[...] = function(*inputs)
        return
    axis = next(i for i, length in enumerate(out.shape) if length > 1)
    step = max(1, _PIECE * out.shape[axis] // out.size)
    for start in range(0, out.shape[axis], step):
        cut = (*(slice(None) for _ in range(axis)), slice(start, start + step))
        pieces = [v[cut] if np.ndim(v) and v.shape[axis] > 1 else v for v in inputs]
        _fill(out[cut], function, pieces)
