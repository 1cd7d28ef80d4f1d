"""LAPACK routines that SciPy ships without a wrapper of its own.

They are called through the pointers that SciPy publishes for other compiled code
(``scipy.linalg.cython_lapack``). Arguments are passed as Fortran wants them, by reference.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

__all__ = ["call"]


@cache
def _routine(name: str, arguments: int) -> Callable[..., None]:
    from scipy.linalg import cython_lapack

    capsule = cython_lapack.__pyx_capi__[name]
    api = ctypes.pythonapi
    api.PyCapsule_GetName.restype = ctypes.c_char_p
    api.PyCapsule_GetName.argtypes = [ctypes.py_object]
    api.PyCapsule_GetPointer.restype = ctypes.c_void_p
    api.PyCapsule_GetPointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
    pointer = api.PyCapsule_GetPointer(capsule, api.PyCapsule_GetName(capsule))
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * arguments)(pointer)


def _held(value: Any) -> Any:
    """A letter, whole number or real number as Fortran holds it; arrays and ctypes as they are."""
    if isinstance(value, str):
        return ctypes.create_string_buffer(value.encode())
    if isinstance(value, int):
        return ctypes.c_int(value)
    return ctypes.c_double(value) if isinstance(value, float) else value


def call(name: str, *arguments: Any) -> None:
    """Call a routine that ends with INFO, which is added here.

    Parameters
    ----------
    name
        As in LAPACK, ``"dbdsdc"``.
    arguments : str, int, float, array or ctypes object
        Arrays are written to in place; results that are numbers need a ctypes object.

    Raises
    ------
    LinAlgError
        INFO is not 0: the routine has failed.
    """
    info = ctypes.c_int(0)
    held = [_held(value) for value in (*arguments, info)]
    places = (
        value.ctypes.data if isinstance(value, np.ndarray) else ctypes.addressof(value)
        for value in held
    )
    _routine(name, len(held))(*places)
    if info.value:
        raise np.linalg.LinAlgError(f"LAPACK's {name} has failed (INFO = {info.value})")
