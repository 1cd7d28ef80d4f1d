"""How long certified digits take, against matrix exponentials in balls and in many digits.

``python -m pytest tests/benchmarks/test_certified.py --benchmark-enable -s`` measures and prints;
in an ordinary run each case is computed once, compared, and nothing is timed.
"""

import statistics
from fractions import Fraction

import mpmath
import pytest
from flint import acb_mat, arb, ctx

import numerics
from numerics import SpinCharger, certified
from tests.benchmarks.measure import timed

DIGITS = 50
# The first-peak time of M = N = 40, and the bits with which `acb_mat.exp` reaches 50 digits there.
FORTY, FORTY_PEAK, FORTY_BITS = SpinCharger(40, 40), Fraction("0.1323"), 200


def flint_energy(model, when, bits):
    """E(t) by `acb_mat.exp` applied to the start, the chain written down by hand."""
    size = model.cells + 1
    with ctx.workprec(bits):
        t = arb(when.numerator) / when.denominator
        exponent = acb_mat(size, size)
        for k in range(model.cells):
            hop = arb((k + 1) ** 2 * (model.cells - k) * (model.chargers - k)).sqrt() * t
            exponent[k, k + 1] = exponent[k + 1, k] = hop * acb_mat([[1j]])[0, 0]
        start = acb_mat(size, 1, [1] + [0] * model.cells)
        after = exponent.exp() * start
        return sum((k * abs(after[k, 0]) ** 2 for k in range(size)), arb(0))


def mpmath_energy(model, when, digits):
    """E(t) by `mpmath.expm` in as many digits."""
    size = model.cells + 1
    with mpmath.workdps(digits):
        t = mpmath.mpf(when.numerator) / when.denominator
        exponent = mpmath.zeros(size, size)
        for k in range(model.cells):
            hop = mpmath.sqrt((k + 1) ** 2 * (model.cells - k) * (model.chargers - k)) * t
            exponent[k, k + 1] = exponent[k + 1, k] = mpmath.mpc(0, hop)
        after = mpmath.expm(exponent)[:, 0]
        return mpmath.fsum(k * abs(after[k]) ** 2 for k in range(size))


def test_dimension_41(benchmark):
    def ours():
        return certified.energy(FORTY, FORTY_PEAK, DIGITS)

    def theirs():
        return flint_energy(FORTY, FORTY_PEAK, FORTY_BITS)

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
    print(f"{'certified.energy':22} {mine * 1e3:9.1f} ms  radius {mpmath.nstr(found.radius, 2)}")
    print(
        f"{'acb_mat.exp × start':22} {flint * 1e3:9.1f} ms  radius {float(other.rad()):.1e}"
        f"  ratio {flint / mine:.1f}"
    )
    print(
        f"{'mpmath.expm':22} {many * 1e3:9.1f} ms  error  {mpmath.nstr(off, 2)} (not proven)"
        f"  ratio {many / mine:.0f}"
    )
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
    sizes = (125, 250, 500, 1000)
    times = []
    for cells in sizes:
        when = numerics.charge(SpinCharger(cells, cells)).first_peak().time
        model = SpinCharger(cells, cells)
        seconds, _ = timed(lambda m=model, t=Fraction(when): certified.energy(m, t, DIGITS), 3)
        times.append(seconds)
    benchmark.pedantic(certified.energy, args=(SpinCharger(125, 125), "0.05", DIGITS))
    line = "  ".join(f"{m}: {t:.3f} s" for m, t in zip(sizes, times, strict=True))
    exponent = statistics.linear_regression(
        [mpmath.log(m) for m in sizes], [mpmath.log(t) for t in times]
    ).slope
    print(f"\nenergy at the first peak, {DIGITS} digits, M = N: {line}; ∝ M^{float(exponent):.2f}")
