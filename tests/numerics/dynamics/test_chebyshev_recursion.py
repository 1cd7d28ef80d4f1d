"""Chebyshev vectors batch by batch, and what is cut behind their front."""

import numpy as np
import pytest

from numerics import SpinCharger, dicke
from numerics.dynamics import chebyshev_recursion as recursion
from numerics.dynamics.bessel_series import series
from numerics.dynamics.chebyshev_recursion import Recursion, add_series
from tests.systems.ways import grids_of

PROBLEMS = {
    "folded": (SpinCharger(9, 9, coupling=0.3, anisotropy=0.4), None),
    "folded, from inside": (SpinCharger(8, 8, coupling=0.3, anisotropy=0.4), dicke(3, 5)),
    "whole": (SpinCharger(9, 7, coupling=0.3, anisotropy=0.4), dicke(2, 4)),
}


def prepared(model, state=None):
    (grid,) = grids_of(model, state)
    operator, sites = grid.operator()
    vector = np.zeros(operator.lengths[0])
    vector[sites[0]] = 1
    return operator, vector


@pytest.fixture(params=PROBLEMS.values(), ids=PROBLEMS.keys())
def problem(request):
    return prepared(*request.param)


def dense(operator):
    """H/R on even and odd side together."""
    forward, (even, odd) = operator.forward.toarray() / operator.radius, operator.lengths
    if not operator.folded:
        return forward
    return np.block([[np.zeros((even, even)), forward.T], [forward, np.zeros((odd, odd))]])


def split(operator, vector, n):
    """The part of a vector of the whole on the side of order n, once the other is seen empty."""
    if not operator.folded:
        return vector
    even, odd = np.split(vector, [operator.lengths[0]])
    mine, other = (odd, even) if n % 2 else (even, odd)
    assert not np.any(other)
    return mine


@pytest.fixture(autouse=True)
def _followed(monkeypatch):
    """The front is followed in small sectors too."""
    monkeypatch.setattr(recursion, "_FEW", 0)


@pytest.mark.parametrize("room", [recursion._FIRST, 0.5])
def test_vectors_are_the_polynomials(problem, room, monkeypatch):
    """Also where there is so little room at first that orders are worked out again."""
    monkeypatch.setattr(recursion, "_LARGEST", 4)
    monkeypatch.setattr(recursion, "_FIRST", room)
    monkeypatch.setattr(recursion, "_MARGIN", min(room, recursion._MARGIN))
    operator, vector = problem
    matrix = dense(operator)
    start = np.zeros(len(matrix))
    start[: len(vector)] = vector
    before, now, order = matrix @ start, start, 0
    for first, vectors, parts in Recursion(operator, 0, vector).batches(43):
        assert first == order
        for n in range(first, min(first + 8, 43)):
            found = vectors[n % 2][(n - first) // 2]
            np.testing.assert_allclose(found, split(operator, now, n), atol=1e-13)
            assert not np.any(found[parts[n % 2] :])
            before, now, order = now, 2 * matrix @ now - before, n + 1
    assert order == 43


@pytest.mark.parametrize("chargers", [40, 36])
@pytest.mark.parametrize("allowed", [1e-2, 1e-5, 1e-22])
def test_the_front_is_cut_within_its_bound(monkeypatch, chargers, allowed):
    monkeypatch.setattr(recursion, "_STRIDE", 2)
    operator, vector = prepared(SpinCharger(40, chargers, coupling=0.3, anisotropy=0.4))
    terms = series(np.array([3.0, 11.0]))

    def evolved(cut):
        monkeypatch.setattr(recursion, "_CUT", cut)
        even, odd = (np.zeros((2, length)) for length in operator.lengths)
        made = Recursion(operator, 0, vector)
        add_series(made, terms, even, odd)
        return even, odd, made.cut

    exact_even, exact_odd, nothing = evolved(0.0)
    even, odd, cut = evolved(allowed)
    assert nothing == 0
    error = np.sqrt(np.sum((even - exact_even) ** 2, 1) + np.sum((odd - exact_odd) ** 2, 1))
    assert np.all(error <= 2 * cut * terms.growth)
    if allowed > 1e-20:
        assert np.max(error) > allowed / 100


@pytest.mark.parametrize("room", [1.0, recursion._FIRST])
def test_what_is_not_reached_is_not_touched(room, monkeypatch):
    """And however little room there is at first, no more leaks than is allowed."""
    monkeypatch.setattr(recursion, "_LARGEST", 16)
    monkeypatch.setattr(recursion, "_FIRST", room)
    operator, vector = prepared(SpinCharger(240, 240, anisotropy=0.2))
    made = Recursion(operator, 0, vector)
    parts = [parts for _, _, parts in made.batches(160)]
    assert max(parts[4]) < 0.5 * min(operator.lengths)
    assert parts == sorted(parts)
    assert 0 < made.cut < 5 * (1 + recursion._LEAK) * recursion._CUT
