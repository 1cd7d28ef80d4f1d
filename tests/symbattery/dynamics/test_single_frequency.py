"""Amplitudes on a chain against the matrix exponential."""

import mpmath
import pytest
from sympy import Integer, Rational, S, sqrt

from symbattery.dynamics.single_frequency import (
    amplitudes,
    frequency_squared,
    populations,
    rabi_term,
)
from symbattery.sectors.chains import Chain
from symbattery.symbols import t

CHAINS = {
    "two levels": ((3,), (0, 0)),
    "two levels, detuned": ((3,), (0, Rational(7, 4))),
    "three levels": ((3, 5), (0, 0, 0)),
    "three levels, steep": ((1, 40), (0, 0, 0)),
}
CASES = [(name, s) for name, (hops, _) in CHAINS.items() for s in range(len(hops) + 1)]


def make(name, start):
    hops, diagonal = CHAINS[name]
    shift = diagonal[start]
    return Chain(
        tuple(k - start for k in range(len(diagonal))),
        tuple(Integer(h) for h in hops),
        tuple(S(a) - shift for a in diagonal),
        start,
    )


def evolved(chain, time):
    size = len(chain.levels)
    H = mpmath.matrix(size)
    for k, a in enumerate(chain.diagonal):
        H[k, k] = mpmath.mpf(a.p) / a.q
    for k, h in enumerate(chain.hops_squared):
        H[k, k + 1] = H[k + 1, k] = mpmath.sqrt(int(h))
    return mpmath.expm(-1j * time * H)[:, chain.start]


@pytest.mark.parametrize(("name", "start"), CASES)
def test_amplitudes_are_those_of_the_matrix_exponential(name, start):
    chain = make(name, start)
    rate = sqrt(frequency_squared(chain))
    with mpmath.workdps(60):
        time = mpmath.mpf("1.37")
        exact = evolved(chain, time)
        moved = amplitudes(chain, rate, t), populations(chain, rate, t)
        for closed, p, c in zip(*moved, exact, strict=True):
            closed, p = (
                mpmath.mpmathify(value.subs(t, Rational(137, 100)).evalf(60))
                for value in (closed, p)
            )
            assert abs(closed - c) < mpmath.mpf(10) ** -50
            assert abs(p - abs(c) ** 2) < mpmath.mpf(10) ** -50


@pytest.mark.parametrize(("name", "start"), CASES)
def test_rabi_term_is_the_energy_of_the_amplitudes(name, start):
    chain = make(name, start)
    term = rabi_term(chain, sqrt(frequency_squared(chain)))
    with mpmath.workdps(60):
        time = mpmath.mpf("0.83")
        energy = mpmath.fsum(
            k * abs(c) ** 2 for k, c in zip(chain.levels, evolved(chain, time), strict=True)
        )
        closed = 0
        if term is not None:
            rate, size, ratio = (
                mpmath.mpmathify(v.evalf(60)) for v in (term.rate, term.size, term.ratio)
            )
            sine = mpmath.sin(rate * time) ** 2
            closed = size * sine * (1 + ratio * sine)
        assert abs(closed - energy) < mpmath.mpf(10) ** -50


def test_sign_of_the_coupling_turns_the_odd_amplitudes():
    chain = make("three levels", 0)
    plus, minus = (amplitudes(chain, sqrt(8), t, sign) for sign in (1, -1))
    assert minus == (plus[0], -plus[1], plus[2])
