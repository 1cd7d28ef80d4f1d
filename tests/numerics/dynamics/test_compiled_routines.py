"""The public routines that stand in where SciPy lacks a private one give the same numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from numerics import SpinCharger, charge
from numerics.dynamics import compiled_routines as routines


@pytest.fixture
def public_only(monkeypatch):
    monkeypatch.setattr(routines, "_routine", lambda name, arguments: None)
    monkeypatch.setattr(routines, "_private", lambda module, name: None)


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_products_are_added(rng, request):
    matrix = sparse.random_array((7, 5), density=0.4, format="csr", rng=rng)
    vector, before = rng.normal(size=8), rng.normal(size=7)
    for lacking in (False, True):
        if lacking:
            request.getfixturevalue("public_only")
        total = before.copy()
        routines.add_product(matrix, vector, total)
        np.testing.assert_allclose(total, before + matrix.toarray() @ vector[:5], atol=1e-15)


@pytest.mark.parametrize("lacking", [False, True])
@given(st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_singular_vectors(lacking, n, seed):
    rng = np.random.default_rng(seed)
    diagonal, above = rng.normal(size=n), rng.normal(size=n - 1)
    with pytest.MonkeyPatch.context() as patch:
        if lacking:
            patch.setattr(routines, "_routine", lambda name, arguments: None)
        (left, values, right), alone = (
            function(diagonal, above) for function in (routines.singular, routines.singular_values)
        )
    matrix = np.diag(diagonal) + np.diag(above, 1)
    np.testing.assert_allclose(left * values @ right.T, matrix, atol=1e-13)
    np.testing.assert_allclose(alone, values, atol=1e-13)
    for vectors in (left, right):
        np.testing.assert_allclose(vectors.T @ vectors, np.eye(n), atol=1e-13)
    assert np.all(values >= 0)
    assert np.all(np.diff(values) <= 0)


@pytest.mark.parametrize("length", [6, 31])
def test_the_number_of_eigenvalues_in_an_interval(length, rng, request):
    hops = rng.uniform(0.5, 2, length - 1)
    every = np.linalg.eigvalsh(np.diag(hops, 1) + np.diag(hops, -1))
    energy = float(np.median(every[every > 1e-9]) + 1e-6)
    for lacking in (False, True):
        if lacking:
            request.getfixturevalue("public_only")
        assert routines.number_up_to(hops, energy) == np.sum(np.abs(every) <= energy)


def test_a_routine_with_other_arguments_is_not_called():
    assert routines._routine("dbdsdc", 14) is not None
    assert routines._routine("dbdsdc", 13) is None
    assert routines._routine("no such routine", 3) is None


@pytest.mark.parametrize(
    "model",
    [
        SpinCharger(60, 61, coupling=0.1),
        SpinCharger(300, 300, coupling=0.1),
        SpinCharger(30, 30, coupling=0.1, anisotropy=0.3),
    ],
)
def test_a_battery_is_charged_without_them(model, request):
    wanted = charge(model).first_peak()
    request.getfixturevalue("public_only")
    found = charge(model).first_peak()
    assert found.time == pytest.approx(wanted.time, rel=1e-11)
    assert found.value == pytest.approx(wanted.value, rel=1e-11)
