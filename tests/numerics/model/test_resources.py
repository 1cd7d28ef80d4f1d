"""Memory: what cannot fit is refused before it is allocated. BLAS: one thread, and back."""

import tracemalloc

import pytest
import scipy.linalg  # its BLAS is one of two
from threadpoolctl import ThreadpoolController

from numerics import InvalidArgument, SpinCharger, charge
from numerics.dynamics import chain_svd, compiled_routines
from numerics.model import resources as memory
from numerics.model.resources import TooLargeError, available, require, single_blas_thread


def test_an_enormous_grid_is_refused_at_once():
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError, match=r"5000050000 states, needs about 3\.\d+ TB"):
            charge(SpinCharger(10**5, 10**5 - 1, anisotropy=0.2))
        assert tracemalloc.get_traced_memory()[1] < 10**7
    finally:
        tracemalloc.stop()


def test_the_estimate_is_compared_with_what_is_there(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 10**6)
    require(10**6, "nothing")
    with pytest.raises(
        InvalidArgument, match=r"something needs about 1\.5 MB .* 1 MB are available"
    ):
        require(1_500_000, "something")
    with pytest.raises(TooLargeError):
        charge(SpinCharger(100, 90, anisotropy=0.2))


def test_the_system_is_not_asked_for_little(monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 0)
    require(2**20, "a megabyte")
    with pytest.raises(TooLargeError):
        require(2**20 + 1, "more")
    charge(SpinCharger(2, 4)).energy([0.0, 0.1])


def test_the_machine_has_some_memory():
    assert 2**24 < available() < 2**60


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
        return compiled_routines.singular(*arguments)

    monkeypatch.setattr(chain_svd, "singular", watched)
    charge(SpinCharger(30, 30)).energy([0.1])
    assert seen
    assert all(numbers == {1} for numbers in seen)
