"""Small matrices are left to one BLAS thread, and the caller's number comes back."""

import pytest
import scipy.linalg  # its BLAS is one of two
from threadpoolctl import ThreadpoolController

from numerics import SpinCharger, charge
from numerics.dynamics import chain_svd as singular_systems
from numerics.dynamics import compiled_routines as bidiagonal
from numerics.model.resources import single_blas_thread


def _threads():
    found = ThreadpoolController().select(user_api="blas").info()
    return {entry["filepath"]: entry["num_threads"] for entry in found}


@pytest.fixture
def two_threads():
    assert scipy.linalg is not None
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        if set(_threads().values()) != {2}:
            pytest.skip("this BLAS has one thread only")
        yield


def test_work_is_alone_and_the_number_is_restored(two_threads):
    assert set(single_blas_thread(_threads)().values()) == {1}
    assert set(_threads().values()) == {2}
    with pytest.raises(ZeroDivisionError):
        single_blas_thread(lambda: 1 / 0)()
    assert set(_threads().values()) == {2}


def test_singular_vectors_are_computed_alone(two_threads, monkeypatch):
    seen = []

    def watched(*arguments):
        seen.append(set(_threads().values()))
        return bidiagonal.singular(*arguments)

    monkeypatch.setattr(singular_systems, "singular", watched)
    charge(SpinCharger(30, 30)).energy([0.1])
    assert seen
    assert all(numbers == {1} for numbers in seen)
