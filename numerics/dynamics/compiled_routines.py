r"""Compiled routines of SciPy without a public name, each with a public one to fall back on.

LAPACK's ``dbdsdc`` and ``dlarrc`` are called through the pointers that SciPy publishes
for other compiled code (``scipy.linalg.cython_lapack``), the sparse product y += Ax is the one that
``@`` wraps. Where a SciPy has none of them, or with other arguments, public routines do the same
work: slower, and with more memory.

A zero-diagonal chain couples even sites to odd ones by a bidiagonal B. Its eigenvalues are
± the singular values of B, found here to an absolute error of :math:`\epsilon\|B\|` without
squaring: :math:`BB^T` would cost the small ones, on which a start at the end of the chain depends
most, half of their digits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from operator import add
from typing import Any

import numpy as np
import scipy

from numerics.model.resources import Floats

__all__ = [
    "add_product",
    "call",
    "number_up_to",
    "singular",
    "singular_values",
]


@cache
def _private(module: str, name: str) -> Any:
    """A name in a module of SciPy, None where there is no such one."""
    try:
        return getattr(import_module(f"scipy.{module}"), name, None)
    except ImportError:
        return None


@cache
def _routine(name: str, arguments: int) -> Callable[..., None] | None:
    """A routine that takes so many pointers, None where SciPy offers no such one."""
    capsule = (_private("linalg.cython_lapack", "__pyx_capi__") or {}).get(name)
    if capsule is None:
        return None
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    signature = api.PyCapsule_GetName(capsule)
    # The name of the capsule is the declaration in C; 64-bit integers would not be `int`.
    if signature.count(b"*") != arguments or b"int *" not in signature:
        return None
    pointer = api.PyCapsule_GetPointer(capsule, signature)
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)(pointer)


def _held(value: Any) -> Any:
    """A letter, whole number or real number as Fortran holds it; arrays and ctypes as they are."""
    if isinstance(value, str):
        return ctypes.create_string_buffer(value.encode())
    if isinstance(value, int):
        return ctypes.c_int(value)
    return ctypes.c_double(value) if isinstance(value, float) else value


def call(name: str, *arguments: Any, stacks: Sequence[Floats] = (), count: int = 1) -> bool:
    """Call a routine that ends with INFO, which is added here; False where there is none.

    Parameters
    ----------
    name
        As in LAPACK, ``"dbdsdc"``.
    arguments : str, int, float, array or ctypes object
        Arrays are written to in place; results that are numbers need a ctypes object.
    stacks : arrays
        Those arguments that hold one matrix after another, for as many calls as ``count``.

    Raises
    ------
    LinAlgError
        INFO is not 0: the routine has failed.
    """
    routine = _routine(name, len(arguments) + 1)
    if routine is None:
        return False
    info = ctypes.c_int(0)
    held = [_held(value) for value in (*arguments, info)]
    places = [
        value.ctypes.data if isinstance(value, np.ndarray) else ctypes.addressof(value)
        for value in held
    ]
    strides = [
        value.nbytes // count if any(value is stack for stack in stacks) else 0 for value in held
    ]
    for _ in range(count):
        routine(*places)
        if info.value:
            raise np.linalg.LinAlgError(f"LAPACK's {name} has failed (INFO = {info.value})")
        places = list(map(add, places, strides))
    return True


def add_product(matrix: scipy.sparse.csr_array, vector: Floats, total: Floats) -> None:
    """Add ``matrix @ vector`` to ``total`` in place; ``vector`` may be longer than need be."""
    rows, columns = matrix.shape
    csr_matvec = _private("sparse._sparsetools", "csr_matvec")
    if csr_matvec is None:
        total += matrix @ vector[:columns]
    else:
        csr_matvec(rows, columns, matrix.indptr, matrix.indices, matrix.data, vector, total)


def singular(diagonal: Floats, above: Floats) -> tuple[Floats, Floats, Floats]:
    r"""U, σ, V with :math:`B = U\,\mathrm{diag}(\sigma)V^T` for upper bidiagonal B's.

    Parameters
    ----------
    diagonal, above : arrays (…, n), (…, n − 1)
        The elements of one B, or of a stack.

    Raises
    ------
    LinAlgError
        The algorithm has not converged.
    """
    n = diagonal.shape[-1]
    # Column-major matrices are the transposes of these.
    left, right = np.empty((*diagonal.shape, n)), np.empty((*diagonal.shape, n))
    values = _decomposed("I", diagonal, above, left, right, np.empty(3 * n * n + 4 * n))
    if values is None:
        left, values, right = np.linalg.svd(_bidiagonal(diagonal, above))
        return left, values, right.swapaxes(-1, -2)
    return left.swapaxes(-1, -2), values, right


def singular_values(diagonal: Floats, above: Floats) -> Floats:
    """σ alone, in descending order, in n² operations; as `singular` of one B."""
    unused = np.empty((1, 1))
    values = _decomposed("N", diagonal, above, unused, unused, np.empty(4 * len(diagonal)))
    if values is None:
        return np.asarray(np.linalg.svd(_bidiagonal(diagonal, above), compute_uv=False))
    return values


def _bidiagonal(diagonal: Floats, above: Floats) -> Floats:
    n = diagonal.shape[-1]
    matrices = np.zeros((*diagonal.shape, n))
    place = np.arange(n)
    matrices[..., place, place] = diagonal
    matrices[..., place[:-1], place[1:]] = above
    return matrices


def _decomposed(
    vectors: str, diagonal: Floats, above: Floats, left: Floats, right: Floats, work: Floats
) -> Floats | None:
    n = diagonal.shape[-1]
    values = np.array(diagonal, dtype=np.float64)
    rest = np.zeros(values.shape)
    rest[..., : n - 1] = above
    integers, unused = np.empty(8 * n, dtype=np.int32), np.empty(1)
    unused_integers = np.empty(1, dtype=np.int32)
    matrices = left, left.shape[-1], right, right.shape[-1], unused, unused_integers
    arguments = "U", vectors, n, values, rest, *matrices, work, integers
    # Those of one matrix after another.
    done = call("dbdsdc", *arguments, stacks=(values, rest, left, right), count=values.size // n)
    return values if done else None


def number_up_to(hops: Floats, energy: float) -> int:
    """The number of eigenvalues of a zero-diagonal chain in (−energy, energy]."""
    size = len(hops) + 1
    count, below, above = ctypes.c_int(0), ctypes.c_int(0), ctypes.c_int(0)
    # What pivots may not fall below, so that their inverses do not overflow.
    smallest = float(np.finfo(float).tiny) * max(1.0, float(np.max(hops)) ** 2)
    chain = np.zeros(size), np.append(hops, 0.0), smallest
    if not call("dlarrc", "T", size, -float(energy), float(energy), *chain, count, below, above):
        inside = "v", (-energy, energy)
        return len(
            scipy.linalg.eigvalsh_tridiagonal(np.zeros(size), hops, *inside, lapack_driver="stebz")
        )
    return count.value
