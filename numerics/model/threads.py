"""One BLAS thread where the matrices are small: waiting for each other costs more than it gains."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

__all__ = ["single_blas_thread"]

P = ParamSpec("P")
R = TypeVar("R")


@cache
def _controller() -> ThreadpoolController:
    # SciPy has a BLAS of its own, which is seen only once it is loaded.
    import scipy.linalg  # noqa: F401

    return ThreadpoolController()


@contextmanager
def _one_thread() -> Iterator[None]:
    with _controller().limit(limits=1, user_api="blas"):
        yield


def single_blas_thread(work: Callable[P, R]) -> Callable[P, R]:
    """``work`` with one BLAS thread; the caller's number is restored after it."""

    @wraps(work)
    def single(*args: P.args, **kwargs: P.kwargs) -> R:
        with _one_thread():
            return work(*args, **kwargs)

    return single
