"""Singular vectors of chains: all routes give those of the matrix, small values included."""

import mpmath
import numpy as np
import pytest

from numerics.dynamics import chain_svd as singular_systems
from numerics.dynamics.chain_svd import MirrorSystem, SingularSystem, singular_system
from numerics.dynamics.compiled_routines import singular

EVERYTHING = np.array([np.inf])


def test_small_singular_values_keep_their_digits():
    """To ε times the largest one, where squares would keep √ε: against 40 digits."""
    k = np.arange(201)
    hops = (k + 1.0) * (201 - k)
    diagonal, above = hops[0::2], hops[1::2]
    _, values, _ = singular(diagonal, above)
    with mpmath.workdps(40):
        d, e = (list(map(mpmath.mpf, band)) for band in (diagonal, above))
        vector = [mpmath.mpf(1)] * len(d)
        for _ in range(60):  # inverse iteration on BᵀB, by substitution
            for j in range(len(d)):
                vector[j] = (vector[j] - (e[j - 1] * vector[j - 1] if j else 0)) / d[j]
            for j in reversed(range(len(d))):
                vector[j] = (vector[j] - (e[j] * vector[j + 1] if j < len(e) else 0)) / d[j]
            norm = mpmath.norm(vector)
            vector = [x / norm for x in vector]
        least = 1 / mpmath.sqrt(norm)
    assert abs(values[-1] - least) < 1e-14 * values[0]


@pytest.mark.parametrize("length", range(5, 16))
def test_mirror_images_give_the_same_waves(length, monkeypatch):
    """Every start, of either parity and on either side, against the chain without its mirror."""
    half = np.random.default_rng(length).uniform(0.5, 2, (length - 1 + 1) // 2)
    hops = np.append(half, half[: (length - 1) // 2][::-1])[None]
    assert hops.shape == (1, length - 1)
    np.testing.assert_array_equal(hops, hops[:, ::-1])
    times = np.array([0.0, 1e-6, 0.7, 3.0, 11.0])
    plain = SingularSystem.of(hops, EVERYTHING)
    monkeypatch.setattr(singular_systems, "_FOLDED", 3)
    folded = singular_system(hops)
    assert isinstance(folded, MirrorSystem) is (length % 2 == 1)
    for site in range(length):
        args = np.zeros(1, dtype=int), np.array([site]), times
        np.testing.assert_allclose(folded.wave(*args), plain.wave(*args), atol=1e-14)


def test_nothing_is_folded_that_is_no_mirror_image():
    hops = np.arange(1.0, 80.0)[None]
    assert isinstance(singular_system(hops[:, :78]), SingularSystem)
    even = SingularSystem.of(hops, EVERYTHING)
    np.testing.assert_allclose(np.sum(even.even[0] ** 2, axis=0), 1, rtol=1e-12)
