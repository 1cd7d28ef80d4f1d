r"""Singular values and vectors of real bidiagonal matrices, by LAPACK's ``dbdsdc``.

A zero-diagonal chain couples even sites to odd ones by a bidiagonal B. Its eigenvalues are
± the singular values of B, found here to an absolute error of :math:`\epsilon\|B\|` without
squaring: :math:`BB^T` would cost the small ones, on which a start at the end of the chain depends
most, half of their digits. SciPy ships the routine without a wrapper of its own; it is called
through the pointers that SciPy publishes for other compiled code.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache

import numpy as np

from numerics.dynamics import Floats

__all__ = ["singular"]

_ARGUMENTS = 14


@cache
def _dbdsdc() -> Callable[..., None]:
    from scipy.linalg import cython_lapack

    capsule = cython_lapack.__pyx_capi__["dbdsdc"]
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    pointer = api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * _ARGUMENTS)(pointer)


def singular(diagonal: Floats, above: Floats) -> tuple[Floats, Floats, Floats]:
    r"""U, σ, V with :math:`B = U\,\mathrm{diag}(\sigma)V^T` for an upper bidiagonal B.

    Parameters
    ----------
    diagonal, above : arrays (n,), (n − 1,)
        The elements of B.

    Raises
    ------
    LinAlgError
        The algorithm has not converged.
    """
    n = len(diagonal)
    values = np.array(diagonal, dtype=np.float64)
    rest = np.append(above, 0.0).astype(np.float64)
    # Column-major matrices are the transposes of these.
    left, right = np.empty((n, n)), np.empty((n, n))
    work = np.empty(3 * n * n + 4 * n)
    integers = np.empty(8 * n, dtype=np.int32)
    unused, unused_integers = np.empty(1), np.empty(1, dtype=np.int32)
    size, info = ctypes.c_int(n), ctypes.c_int(0)
    upper, vectors = ctypes.create_string_buffer(b"U"), ctypes.create_string_buffer(b"I")
    _dbdsdc()(
        *(ctypes.addressof(letter) for letter in (upper, vectors)),
        ctypes.addressof(size),
        values.ctypes.data,
        rest.ctypes.data,
        left.ctypes.data,
        ctypes.addressof(size),
        right.ctypes.data,
        ctypes.addressof(size),
        unused.ctypes.data,
        unused_integers.ctypes.data,
        work.ctypes.data,
        integers.ctypes.data,
        ctypes.addressof(info),
    )
    if info.value:
        raise np.linalg.LinAlgError("the singular values of a chain did not converge")
    return left.T, values, right
