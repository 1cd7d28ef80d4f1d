"""How long certified digits take, against matrix exponentials in balls and in many digits.

``python -m pytest tests/benchmarks/test_certified.py --benchmark-enable -s`` measures and prints;
in an ordinary run each case is computed once, compared, and nothing is timed.
"""

from fractions import Fraction
from functools import partial

import mpmath
import pytest
from flint import acb, acb_mat, arb, ctx

import numerics
from numerics import SpinCharger, certified
from tests.benchmarks.measure import growth, timed

DIGITS = 50
# The first-peak time of M = N = 40, and the bits with which `acb_mat.exp` reaches 50 digits there.
FORTY, FORTY_PEAK, FORTY_BITS = SpinCharger(40, 40), Fraction("0.1323"), 200


def hops_squared(model):
    return [(k + 1) ** 2 * (model.cells - k) * (model.chargers - k) for k in range(model.cells)]


def flint_energy(model, when, bits):
    """E(t) by `acb_mat.exp` applied to the start, the chain written down by hand."""
    size = model.cells + 1
    with ctx.workprec(bits):
        turn = acb(0, 1) * when.numerator / when.denominator
        exponent = acb_mat(size, size)
        for k, square in enumerate(hops_squared(model)):
            exponent[k, k + 1] = exponent[k + 1, k] = turn * arb(square).sqrt()
        after = exponent.exp() * acb_mat(size, 1, [1] + [0] * model.cells)
        return sum((k * abs(after[k, 0]) ** 2 for k in range(size)), arb(0))


def mpmath_energy(model, when, digits):
    """E(t) by `mpmath.expm` in as many digits."""
    size = model.cells + 1
    with mpmath.workdps(digits):
        turn = mpmath.mpc(0, when.numerator) / when.denominator
        exponent = mpmath.zeros(size, size)
        for k, square in enumerate(hops_squared(model)):
            exponent[k, k + 1] = exponent[k + 1, k] = turn * mpmath.sqrt(square)
        after = mpmath.expm(exponent)[:, 0]
        return mpmath.fsum(k * abs(after[k]) ** 2 for k in range(size))


def test_dimension_41(benchmark):
    ours = partial(certified.energy, FORTY, FORTY_PEAK, DIGITS)
    theirs = partial(flint_energy, FORTY, FORTY_PEAK, FORTY_BITS)
    if benchmark.disabled:
        found, other = benchmark(ours), theirs()
        assert found.overlaps(other)
        assert found.radius < mpmath.mpf(10) ** -DIGITS * FORTY.cells
        return
    mine, found = timed(ours, 21)
    flint, other = timed(theirs, 11)
    many, value = timed(lambda: mpmath_energy(FORTY, FORTY_PEAK, DIGITS), 3)
    benchmark.pedantic(ours)
    with mpmath.workdps(80):
        off = abs(value - found.midpoint)
    print(f"\nM = N = 40 (dimension 41), {DIGITS} digits, E at t = {float(FORTY_PEAK)}")
    for name, seconds, quality, ratio in (
        ("certified.energy", mine, f"radius {mpmath.nstr(found.radius, 2)}", ""),
        ("acb_mat.exp × start", flint, f"radius {float(other.rad()):.1e}", f"{flint / mine:.1f}"),
        ("mpmath.expm", many, f"error  {mpmath.nstr(off, 2)} (not proven)", f"{many / mine:.0f}"),
    ):
        print(f"{name:22} {seconds * 1e3:9.1f} ms  {quality}" + (ratio and f"  ratio {ratio}"))
    assert found.overlaps(other)


@pytest.mark.parametrize("cells", [1000])
def test_a_thousand_cells_at_the_first_peak(benchmark, cells):
    model = SpinCharger(cells, cells)
    # E/(Mω0) → f(2Mgt − ln 4M): the first peak of M = N = 1000 to four digits.
    when = Fraction("0.008623")
    if benchmark.disabled:
        found = benchmark(certified.energy, model, when, 10)
        assert found.contains(certified.energy(model, when, 20))
        return
    seconds, found = timed(lambda: certified.energy(model, when, DIGITS), 3)
    peak_seconds, peak = timed(lambda: certified.first_peak(model, DIGITS), 1)
    power_seconds, power = timed(lambda: certified.max_power(model, DIGITS), 1)
    benchmark.pedantic(certified.energy, args=(model, when, DIGITS))
    print(f"\nM = N = {cells} (dimension {cells + 1}), {DIGITS} digits")
    print(f"energy at t = {float(when)}: {seconds:.2f} s (to be within 60 s)  E = {found}")
    print(f"first_peak: {peak_seconds:.1f} s, {peak.samples} enclosures\n{peak}")
    print(f"max_power: {power_seconds:.1f} s, {power.samples} enclosures\n{power}")


def test_cost_against_size(benchmark):
    """At the first peak z ∝ M and the chain has M sites: M² as it should be."""
    if benchmark.disabled:
        benchmark(certified.energy, SpinCharger(50, 50), "0.1", DIGITS)
        return
    sizes, times = (125, 250, 500, 1000), []
    for cells in sizes:
        model = SpinCharger(cells, cells)
        when = Fraction(numerics.charge(model).first_peak().time)
        times.append(timed(lambda m=model, t=when: certified.energy(m, t, DIGITS), 3)[0])
    benchmark.pedantic(certified.energy, args=(SpinCharger(125, 125), "0.05", DIGITS))
    line, exponent = growth(sizes, times)
    print(f"\nenergy at the first peak, {DIGITS} digits, M = N: {line}; ∝ M^{exponent:.2f}")
