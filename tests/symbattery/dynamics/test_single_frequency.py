"""Amplitudes on a chain against the matrix exponential."""

import mpmath
import pytest
from sympy import Integer, Rational, S, sqrt

from symbattery.dynamics.single_frequency import amplitudes, frequency_squared, pulse
from symbattery.model.symbols import t
from symbattery.sectors.chains import Chain

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
        for k, c in zip(chain.levels, exact, strict=True):
            closed = amplitudes(chain, rate, t)[k].subs(t, Rational(137, 100)).evalf(60)
            assert abs(mpmath.mpmathify(closed) - c) < mpmath.mpf(10) ** -50


@pytest.mark.parametrize(("name", "start"), CASES)
def test_pulse_is_the_energy_of_the_amplitudes(name, start):
    chain = make(name, start)
    rabi_term = pulse(chain)
    with mpmath.workdps(60):
        time = mpmath.mpf("0.83")
        energy = mpmath.fsum(
            k * abs(c) ** 2 for k, c in zip(chain.levels, evolved(chain, time), strict=True)
        )
        if rabi_term is None:
            assert abs(energy) < mpmath.mpf(10) ** -50
            return
        sine = (
            mpmath.sin(mpmath.sqrt(mpmath.mpmathify(rabi_term.rate_squared.evalf(60))) * time) ** 2
        )
        size, ratio = (mpmath.mpmathify(v.evalf(60)) for v in (rabi_term.size, rabi_term.ratio))
        assert abs(size * sine * (1 + ratio * sine) - energy) < mpmath.mpf(10) ** -50


def test_sign_of_the_coupling_turns_the_odd_amplitudes():
    chain = make("three levels", 0)
    plus, minus = (amplitudes(chain, sqrt(8), t, sign) for sign in (1, -1))
    assert minus[0] == plus[0]
    assert minus[1] == -plus[1]
    assert minus[2] == plus[2]
