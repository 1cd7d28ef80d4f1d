"""Large batteries in polynomials: against dense matrices, the doubles, and the other engine."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from numerics import SpinCharger, certified, charge
from numerics.certified.exact import working
from numerics.certified.large_batteries import LargeBattery, large_battery, largest_power
from numerics.certified.smooth_chains import SmoothChain

CELLS = 400


@pytest.fixture(scope="module")
def coarse():
    """A chain with six polynomials on each block, and its basis by orthonormalised powers."""
    chain = SmoothChain.of(CELLS, 6, 80)
    basis, column = np.zeros((CELLS + 1, chain.size)), 0
    for block in chain.blocks:
        count = len(block.weights)
        if count == block.length:
            part = np.eye(count)
        else:
            x = np.linspace(-1, 1, block.length)
            part = np.linalg.qr(np.polynomial.legendre.legvander(x, count - 1))[0]
            part *= np.sign(part[-1])  # positive at the last site
        basis[block.first : block.first + block.length, column : column + count] = part
        column += count
    k = np.arange(CELLS)
    hops = (k + 1.0) * (CELLS - k)
    return chain, basis, np.diag(hops, -1) - np.diag(hops, 1)


def integers(chain, vector):
    """A vector block by block, in units of 2^−bits."""
    ends = np.cumsum([len(block.weights) for block in chain.blocks])[:-1]
    return [[int(x * 2**chain.bits) for x in part] for part in np.split(vector, ends)]


def test_blocks_are_no_longer_than_they_are_far_from_the_ends():
    """Where the state is not smooth: so many digits a degree on every block, at any size."""
    for count in (6, 15, 27):
        for cells in np.geomspace(24 * (count + 8) * 8, 10**5, 30).astype(int).tolist():
            sites, bounds = cells + 1, SmoothChain.of(cells, count, 80).blocks
            assert sum(block.length for block in bounds) == sites
            for block in bounds[1:-1]:
                last = block.first + block.length
                assert count <= block.length <= 1.3 * min(block.first, sites - last)


def test_the_generator_is_that_of_the_chain_between_polynomials(coarse):
    chain, basis, motion = coarse
    assert {len(block.weights) for block in chain.blocks} == {6, 14}
    vector = np.random.default_rng(1).normal(size=chain.size)
    vector /= np.linalg.norm(vector)
    doubled = np.concatenate(chain.twice(integers(chain, vector))).astype(float) / 2.0**chain.bits
    exact = basis.T @ motion @ basis @ vector
    assert np.max(np.abs(doubled / 2 * float(chain.scale) - exact)) < 1e-9 * float(chain.scale)


def test_what_is_left_over_is_bounded_closely(coarse):
    chain, basis, motion = coarse
    for seed in range(5):
        vector = np.random.default_rng(seed).normal(size=chain.size)
        vector /= np.linalg.norm(vector)
        moved = motion @ basis @ vector
        exact = np.linalg.norm(moved - basis @ (basis.T @ moved))
        assert exact <= chain.left_over(integers(chain, vector)) <= 3 * exact


def test_the_state_is_within_its_distance(coarse):
    """Of the whole state, by the levels of the chain; and the distance is no idle bound."""
    chain, basis, motion = coarse
    levels, vectors = np.linalg.eigh(1j * motion)
    start = integers(chain, np.eye(chain.size)[0])
    here = LargeBattery(chain, Fraction(0), start, arb(0), arb(0))
    with working(here.bits):
        for time in (Fraction(1, 200), Fraction(1, 110), Fraction(1, 125)):
            here = here.at(time)
            state = (vectors * np.exp(-1j * levels * float(time))) @ vectors[0].conj()
            found = basis @ np.concatenate(here.vector).astype(float) / 2.0**chain.bits
            off = np.linalg.norm(state - found)
            assert off <= float(here.distance) <= 1000 * off
            assert here.rounding < here.left_out


def test_energies_and_slopes_are_those_in_double_precision():
    cells, digits = 750, 2
    here, battery = large_battery(cells, digits), charge(SpinCharger(cells, cells))
    assert len(here.chain.blocks[1].weights) < here.chain.blocks[1].length
    with working(here.bits):
        for time in (Fraction(2, cells), Fraction(7, 2 * cells)):
            here = here.at(time)
            found = (here.energy()[0], *here.slopes())
            times = float(time) + np.array([-1e-6, 0, 1e-6]) / cells
            energy, power = battery.energy(times), battery.instantaneous_power(times)
            doubles = energy[1], power[1], (power[2] - power[0]) / (times[2] - times[0])
            for ball, double, accuracy in zip(found, doubles, (1e-11, 1e-10, 1e-6), strict=True):
                size = abs(double)
                assert abs(float(ball.mid()) - double) <= float(ball.rad()) + accuracy * size
                assert float(ball.rad()) < 0.05 * size


@pytest.mark.parametrize("cells", [1, 3, 40])
def test_the_largest_power_is_that_of_the_other_engine(cells):
    """And of far more digits than asked for, where each site counts."""
    ours, theirs = (
        largest_power(cells, 15),
        certified.max_power(SpinCharger(cells, cells, 1, 1), 15),
    )
    for name in ("time", "value"):
        assert getattr(ours, name).overlaps(getattr(theirs, name))
        assert getattr(ours, name).digits >= 14
    assert ours.claim == theirs.claim


def test_the_largest_power_of_polynomials():
    cells, digits = 800, 2
    found, double = largest_power(cells, digits), charge(SpinCharger(cells, cells)).max_power()
    assert found.value.radius < found.value.midpoint * 10**-digits
    for ball, value in ((found.value, double.value), (found.time, double.time)):
        assert abs(float(ball.midpoint) - value) <= float(ball.radius) + 1e-7 * value
    assert 0 < found.value.remainder <= found.value.radius


def test_the_bound_of_the_third_derivative():
    """At least what is seen, and not far above it."""
    for cells in (2, 30, 300):
        times = np.linspace(0, 4, 4000) / cells
        power = charge(SpinCharger(cells, cells)).instantaneous_power(times)
        seen = np.max(np.abs(np.diff(power, 2))) / (times[1] - times[0]) ** 2
        bound = float(large_battery(cells, 5).third)
        assert seen <= bound <= 40 * seen
