"""Chains at γ = 0: exact integers at every size, against matrices of many digits."""

import mpmath
import numpy as np
import pytest

from numerics import CavityCharger, SpinCharger, TooLargeError, certified, charge, dicke, fock
from numerics.model.problem import doubles
from numerics.model.states import product
from numerics.sectors.chains import chains
from numerics.sectors.starts import distinct, starts
from tests.systems.ways import chains_of

# Around the ends of 32, 53 and 64 bits, of squares that just fit and do not, and far beyond.
SIZES = [
    *(10**power for power in range(1, 31)),
    2**31 - 1, 2**32, 2**53 + 1, 2**62 - 1, 2**63, 2**64 + 3,
]  # fmt: skip


def started(size):
    """Short chains in which one side or both are large: empty, half full and full."""
    half = size // 2
    yield SpinCharger(2, size), 0, half
    yield SpinCharger(3, size), 1, size - 1
    yield SpinCharger(size, 2), half, 1
    yield SpinCharger(size, 1), size - 1, 1
    yield SpinCharger(size, size + 5), 1, 2
    yield SpinCharger(size, size), size - 1, size - 2
    yield CavityCharger(2), 0, size
    yield CavityCharger(size), 1, 2


def in_natural_units(model, k, c):
    """The model with all that couples of the order of one, and the chain by definition."""
    tops = model.cells, getattr(model, "chargers", None)
    low = max(0, k + c - tops[1]) if tops[1] is not None else 0
    levels = range(low, min(tops[0], k + c) + 1)

    def raising(side, level):
        top = tops[side]
        return level + 1 if top is None else (level + 1) * (top - level)

    squares = [raising(0, n) * raising(1, k + c - n - 1) for n in levels[:-1]]
    g, omega, own = float(max(squares)) ** -0.5, 1.0, 1.25
    fields = {"coupling": g, "charger_frequency": own, "cell_crosstalk": 0.3 / (tops[0] + 2)}
    if tops[1] is not None:
        fields["charger_crosstalk"] = -0.2 / (tops[1] + 2)
    given = (
        SpinCharger(*tops, **fields) if tops[1] is not None else CavityCharger(tops[0], **fields)
    )
    mine, other = mpmath.mpf(given.cell_crosstalk), mpmath.mpf(fields.get("charger_crosstalk", 0))
    diagonal = [
        mpmath.mpf(omega - own) * n
        + mine * (raising(0, n - 1) + raising(0, n))
        + other * (raising(1, k + c - n - 1) + raising(1, k + c - n))
        for n in levels
    ]
    matrix = mpmath.diag([x - diagonal[0] for x in diagonal])
    for i, square in enumerate(squares):
        matrix[i, i + 1] = matrix[i + 1, i] = mpmath.mpf(g) * mpmath.sqrt(square)
    return given, levels, matrix


@pytest.mark.parametrize("size", SIZES)
def test_every_integer_is_exact(size):
    with mpmath.workdps(80):
        for model, k, c in started(size):
            given, levels, matrix = in_natural_units(model, k, c)
            state = fock(c, excited_cells=k) if isinstance(model, CavityCharger) else dicke(k, c)
            psi = mpmath.expm(mpmath.mpc(0, -0.75) * matrix)[:, k - levels[0]]
            p = [abs(x) ** 2 for x in psi]
            wanted = mpmath.fsum((n - k) * x for n, x in zip(levels, p, strict=True))
            variance = mpmath.fsum((n - k) ** 2 * x for n, x in zip(levels, p, strict=True))
            battery = charge(given, state)
            assert float(battery.energy(0.75)) == pytest.approx(float(wanted), rel=1e-12)
            found = float(battery.energy_variance(0.75))
            assert found == pytest.approx(float(variance - wanted**2), rel=1e-12)
            proven = certified.energy(given, "3/4", 30, state, floats=True)
            assert proven.contains(wanted)
            assert proven.radius < 1e-29 * mpmath.mpf(given.cells)
            peak = battery.first_peak() if wanted > 0 else battery.maximum(until=0.75)
            assert np.isfinite(peak.time)
            assert peak.value >= float(battery.energy(peak.time)) * (1 - 1e-12)


@pytest.mark.parametrize("size", [10**5, 10**12, 10**30])
def test_a_flipped_spin_among_many(size):
    """Its irreps are the symmetric one with 1/N and the next with the rest, at every size."""
    state = product([0], [(1, size - 1), (0, 1)])
    g = float(size) ** -0.5
    battery = charge(SpinCharger(1, size, g), state)
    # √(m(N − m + 1)) is √(2(N − 1)) in the symmetric irrep and √(N − 2) in the other.
    rates = g * np.sqrt([2.0 * (size - 1), size - 2.0])
    wanted = np.array([1 / size, 1 - 1 / size]) @ np.sin(rates * 0.8) ** 2
    assert float(battery.energy(0.8)) == pytest.approx(wanted, rel=1e-12)
    swapped = charge(SpinCharger(size, 1, g), product([(0, size - 1), (1, 1)], [1]))
    assert float(swapped.energy(0.8)) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("size", [2**40, 10**18, 10**30])
@pytest.mark.parametrize("anisotropy", [0, 0.1])
def test_what_is_too_long_is_refused(size, anisotropy):
    for model in (SpinCharger(size, size, anisotropy=anisotropy), CavityCharger(size)):
        with pytest.raises(TooLargeError, match="of memory, and"):
            charge(model)


@pytest.mark.parametrize("dtype", [np.int64, object])
def test_distinct_rows(dtype):
    rng = np.random.default_rng(3)
    columns = [rng.integers(0, 4, 200).astype(dtype) for _ in range(3)]
    rows, index = distinct(*columns)
    found = list(zip(*(row.tolist() for row in rows), strict=True))
    every = list(zip(*(column.tolist() for column in columns), strict=True))
    assert found == sorted(set(every))
    assert [found[i] for i in index] == every


def test_a_chain_is_the_tridiagonal_of_the_design():
    m, n = 3, 5
    (chain,) = chains_of(SpinCharger(m, n, coupling=2), product([0] * m, [1] * n))
    k = np.arange(m)
    c = n - k
    hops = 2 * np.sqrt((k + 1) * (m - k)) * np.sqrt(c * (n - c + 1))
    np.testing.assert_allclose(chain.hops[0], hops, rtol=1e-15)
    assert not np.any(chain.diagonal)
    problem = doubles(SpinCharger(m, n), dicke(1, 2))
    assert next(iter(chains(problem, starts(problem)))).first_row == 0
