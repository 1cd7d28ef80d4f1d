"""The concave bounds on E''' by E."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from numerics.dynamics.concave_bounds import concave_bound


@given(st.integers(3, 40), st.integers(0, 2**32 - 1))
def test_the_least_concave_function_above_all_points(n, seed):
    rng = np.random.default_rng(seed)
    gains, values = np.arange(n) - rng.integers(0, n), rng.exponential(size=n)
    found = concave_bound([gains.astype(float)], [values])
    at = np.interp(gains, found.points, found.values)
    assert np.all(at >= values - 1e-12)
    assert np.all(np.diff(at, 2) <= 1e-12)
    points = np.array([gains, values]).T
    # Without anything below the points, the hull has the same corners on top.
    floor = [[gains[0], -1.0], [gains[-1], -1.0]]
    corners = set(ConvexHull(np.vstack([points, floor])).vertices.tolist()) - {n, n + 1}
    assert set(found.points.tolist()) == {float(gains[i]) for i in corners}


def test_the_largest_value_between_two_gains():
    found = concave_bound(
        [np.arange(5.0), np.array([2.0])], [np.array([0, 3, 4, 3, 0]), np.array([1.0])]
    )
    low, high = np.array([0.0, 0.0, 3.0, -7.0]), np.array([0.5, 9.0, 3.5, -2.0])
    np.testing.assert_allclose(found.between(low, high), [1.5, 4.0, 3.0, 0.0])


@given(st.integers(80, 3000), st.integers(0, 2**32 - 1))
def test_many_points_are_thinned_and_none_is_left_above(n, seed):
    rng = np.random.default_rng(seed)
    gains, values = np.arange(float(n)), rng.exponential(size=n) * rng.choice([1, 100], size=n)
    found = concave_bound([gains], [values])
    assert np.all(np.interp(gains, found.points, found.values) >= values * (1 - 1e-12))
    slopes = np.diff(found.values) / np.diff(found.points)
    assert np.all(np.diff(slopes) <= 0)
    assert len(found.points) < 300


def test_little_is_given_away_by_thinning():
    gains = np.arange(3000.0)
    smooth = (gains + 1) * (3000 - gains)
    thin = concave_bound([gains], [smooth])
    assert np.all(np.interp(gains, thin.points, thin.values) <= 1.06 * smooth)
