"""Certified exponents: the chain at 40 digits in mpmath, and the law of large batteries."""

import re
from pathlib import Path

import mpmath
import numpy as np
import pytest

from numerics import SpinCharger, certified, charge
from tests.errors import one_clear_error


def largest_power(cells):
    """The largest E/t of M = N by the levels of the chain, in units of gω₀."""
    hops = [(k + 1) * (cells - k) for k in range(cells)]
    matrix = mpmath.matrix(cells + 1, cells + 1)
    for k, hop in enumerate(hops):
        matrix[k, k + 1] = matrix[k + 1, k] = hop
    values, vectors = mpmath.eigsy(matrix)
    levels = range(cells + 1)

    def energy(time):
        phases = [vectors[0, r] * mpmath.expj(-values[r] * time) for r in levels]
        amplitudes = [mpmath.fsum(vectors[k, r] * phases[r] for r in levels) for k in levels]
        return mpmath.fsum(k * abs(a) ** 2 for k, a in enumerate(amplitudes))

    grid = np.linspace(0.2, 2, 60) * 2 / cells
    near = grid[np.argmax([float(energy(x) / x) for x in grid])]
    time = mpmath.findroot(lambda x: mpmath.diff(lambda y: energy(y) / y, x), near, tol=1e-16)
    return energy(time) / time


@pytest.mark.parametrize("cells", [2, 5])
def test_exponent_holds_that_of_the_chain(cells):
    ball = certified.exponent(cells, 15)
    with mpmath.workdps(40):
        ratio = largest_power(cells + 1) / largest_power(cells - 1)
        exact = mpmath.log(ratio) / mpmath.log(mpmath.mpf(cells + 1) / (cells - 1)) - 1
    assert ball.radius < 1e-15
    assert ball.remainder <= ball.radius
    assert abs(ball.midpoint - exact) < 1e-15


def test_what_the_law_misses_falls_like_the_inverse_size():
    # The law 1 − 1/(u + ln 4M) at these sizes, to ten digits.
    law = {10: 0.8267471705, 100: 0.8859156206}
    missed = [n * (float(certified.exponent(n, 8).midpoint) - law[n]) for n in law]
    assert -1.3 < missed[1] < missed[0] < -0.7


PAGE = (Path(__file__).parents[3] / "docs" / "laws.md").read_text("utf-8")
# 10⁵ cells take minutes.
ROWS = re.findall(r"(?m)^\| (\d+|10⁴) \| (0\.\d{7,}) \| 0\.\d+ \| −", PAGE)


@pytest.mark.parametrize(("cells", "printed"), ROWS)
def test_the_table_of_the_page_has_right_digits(cells, printed):
    """Proven up to 500 cells here, and by doubles beyond."""
    size = 10**4 if cells == "10⁴" else int(cells)
    if size <= 500:
        found = float(certified.exponent(size, 12).midpoint)
    else:
        low, high = (charge(SpinCharger(n, n)).max_power().value for n in (size - 1, size + 1))
        found = np.log(high / low) / np.log((size + 1) / (size - 1)) - 1
    digits = len(printed) - 2
    assert abs(found - float(printed)) <= 0.5001 * 10.0**-digits


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ((1,), "cells"),
        ((10**30,), "cells"),
        ((0,), "cells"),
        ((2.5,), "cells"),
        ((5, 0), "digits"),
        ((5, "x"), "digits"),
    ],
)
def test_bad_input(given, name):
    one_clear_error(name, lambda: certified.exponent(*given))
