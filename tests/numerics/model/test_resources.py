"""Sizes that cannot fit are refused before anything is allocated."""

from __future__ import annotations

import tracemalloc

import pytest

from numerics import InvalidArgument, SpinCharger, charge
from numerics.model import resources as memory
from numerics.model.resources import TooLargeError, available, require


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


def test_the_machine_has_some_memory():
    assert 2**24 < available() < 2**60
