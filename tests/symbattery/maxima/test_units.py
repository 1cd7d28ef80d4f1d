"""Every maximum, power and limit under g → λg, ω₀ → μω₀: in numbers and in symbols alike."""

from functools import cache

import pytest
from sympy import Rational, S, Symbol, sqrt

from symbattery import (
    CavityCharger,
    SpinCharger,
    charger_limit,
    dicke,
    large_battery,
    many_chargers,
    product,
    short_times,
    solve,
    strong_crosstalk,
    thermal,
)
from symbattery.symbols import N, g, m, omega_0, p_1, t

LAM, MU = Rational(7, 3), Rational(5, 2)
H, W = Symbol("h", positive=True), Symbol("w", positive=True)
HOT = thermal(charger_population=Rational(1, 3))

# The coupling and the frequency: numbers, symbols, and expressions in symbols.
UNITS = [
    (-LAM, MU, {}),
    (sqrt(2), None, {omega_0: MU}),
    (None, MU, {g: LAM}),
    (LAM * H, MU * W, {H: 1, W: 1}),
    (omega_0 / 10, omega_0, {omega_0: MU}),
]
# Fields that are energies go with the coupling.
CASES = [
    (lambda **f: SpinCharger(1, 4, **f), None, ()),
    (lambda **f: SpinCharger(2, 5, **f), dicke(0, 3), ()),
    (lambda **f: SpinCharger(3, 4, **f), None, ()),
    (lambda **f: CavityCharger(3, **f), None, ()),
    (lambda **f: SpinCharger(2, 2, **f), HOT, ()),
    (lambda **f: SpinCharger(1, 8, **f), product([0], [1] + [0] * 7), ()),
    (lambda **f: SpinCharger(1, 3, **f), None, ("charger_crosstalk",)),
    (lambda **f: SpinCharger(2, 4, **f), None, ("charger_crosstalk",)),
    (lambda **f: SpinCharger(3, 3, **f), None, ("charger_crosstalk", "cell_crosstalk")),
    (lambda **f: SpinCharger(1, 4, **f), dicke(1, 2), ()),
    (lambda **f: SpinCharger(3, 10, **f), dicke(1, 2), ()),
]


def _tops(solution, until):
    charging = all(branch.excited == 0 for branch in solution.branches)
    found = {
        "first peak": solution.maximum("first peak"),
        "window": solution.maximum("window", until=until),
        "short": solution.maximum("window", until=until / 100),
    }
    if charging:
        found |= {"default": solution.maximum(), "power": solution.max_power()}
    return found


@cache
def _plain(case):
    build, initial, energies = CASES[case]
    shares = dict(zip(energies, (Rational(1, 5), Rational(-1, 7)), strict=False))
    return _tops(solve(build(coupling=1, frequency=1, **shares), initial), 6)


def _digits(value, put):
    return None if value is None else S(value).subs(put).evalf(25)


@pytest.mark.parametrize(("coupling", "frequency", "put"), UNITS)
@pytest.mark.parametrize("case", range(len(CASES)))
def test_maxima_scale(case, coupling, frequency, put):
    build, initial, energies = CASES[case]
    shares = (Rational(1, 5), Rational(-1, 7))
    unit = g if coupling is None else coupling
    own = {name: share * unit for name, share in zip(energies, shares, strict=False)}
    if coupling is not None and S(coupling).is_negative:
        own = {name: -value for name, value in own.items()}
    lam = abs(S(unit).subs(put))
    mu = S(omega_0 if frequency is None else frequency).subs(put)
    one = _plain(case)
    number = not S(unit).free_symbols
    until = 6 / lam if number else 6
    other = _tops(solve(build(coupling=coupling, frequency=frequency, **own), initial), until)
    for kind, top in one.items():
        here = other[kind]
        scale = mu * (lam if kind == "power" else 1)
        pairs = [(top.value * scale, here.value)]
        assert top.attained == here.attained
        if top.time is not None:
            pairs.append((top.time / lam, here.time))
        if top.approximate is not None:
            pairs.append((top.approximate * scale, here.approximate))
        if top.enclosure is not None and here.enclosure is not None:
            assert here.enclosure[0].subs(put) <= _digits(here.time, put) * (1 + S(10) ** -24)
            assert _digits(here.time, put) * (1 - S(10) ** -24) <= here.enclosure[1].subs(put)
        for wanted, found in pairs:
            wanted, found = _digits(wanted, put), _digits(found, put)
            assert abs(wanted - found) <= S(10) ** -22 * abs(wanted), kind


@pytest.mark.parametrize(("coupling", "frequency", "put"), UNITS)
def test_limits_scale(coupling, frequency, put):
    units = {"coupling": coupling, "frequency": frequency}
    unit = g if coupling is None else coupling
    lam = abs(S(unit).subs(put))
    mu = S(omega_0 if frequency is None else frequency).subs(put)

    def close(wanted, found):
        wanted, found = _digits(wanted, put), _digits(found, put)
        assert abs(wanted - found) <= S(10) ** -22 * abs(wanted)

    def same(one, other, power=False):
        close(one.value * mu * (lam if power else 1), other.value)
        if one.time is not None:
            close(one.time / lam, other.time)

    for cells in (2, 3):
        one = charger_limit(solve(SpinCharger(cells, N, coupling=1, frequency=1)))
        other = charger_limit(solve(SpinCharger(cells, N, **units)))
        same(one.maximum("first peak"), other.maximum("first peak"))
        same(one.maximum(), other.maximum())
        same(one.max_power(), other.max_power(), power=True)
    one = many_chargers(solve(SpinCharger(2, N, coupling=1, frequency=1)), 1)
    other = many_chargers(solve(SpinCharger(2, N, **units)), 1)
    for name in ("energy", "time", "power"):
        for k in range(2):
            close(getattr(one, name)[k] + 1, getattr(other, name)[k] + 1)
    one = strong_crosstalk(SpinCharger(2, 7, coupling=1, frequency=1, charger_crosstalk=40))
    other = strong_crosstalk(SpinCharger(2, 7, charger_crosstalk=40 * unit, **units))
    for kind in ("first peak", "supremum"):
        same(one.maximum(kind), other.maximum(kind))
    resonant = SpinCharger(2, 2, coupling=1, frequency=1, charger_crosstalk=40)
    other = strong_crosstalk(SpinCharger(2, 2, charger_crosstalk=40 * unit, **units))
    for first, second in zip(strong_crosstalk(resonant).resonances, other.resonances, strict=True):
        same(first, second)
    one = short_times(SpinCharger(2, 5, coupling=1, frequency=1), order=6)
    other = short_times(SpinCharger(2, 5, **units), order=6)
    close(one.expression.subs(t, Rational(1, 9)) * mu, other.expression.subs(t, 1 / (9 * lam)))


def test_largest_numbers_scale():
    """The best start and the laws of large batteries, whose g and ω₀ are symbols."""
    for units in ({"coupling": 3 * H, "frequency": 2 * W}, {"coupling": 3, "frequency": 2}):
        own = 3 * H if "coupling" in units and units["coupling"] != 3 else 3
        model = SpinCharger(1, N, charger_crosstalk=own / 5, **units)
        best = solve(model, dicke(0, m)).best_excited()
        plain = SpinCharger(1, N, coupling=1, frequency=1, charger_crosstalk=Rational(1, 5))
        one = solve(plain, dicke(0, m)).best_excited()
        assert one.excited == best.excited
        ratio = (best.value / one.value).subs({N: 6, H: 11, W: 1}).simplify()
        assert ratio == 2
    law = large_battery(2)
    for top, power in ((law.max_energy(50), 0), (law.max_power(50), 1)):
        scaled = {g: LAM * g, omega_0: MU * omega_0}
        ratio = (top.value.subs(scaled, simultaneous=True) / top.value).evalf(20)
        assert abs(ratio - MU * LAM**power) < 1e-15
        assert (
            abs((top.time.subs(scaled, simultaneous=True) / top.time).evalf(20) * LAM - 1) < 1e-15
        )


def test_populations_are_no_units():
    """A supremum of a mixture with an open population."""
    one = solve(SpinCharger(2, 2, coupling=1, frequency=1), product([0, 0], [1, p_1])).maximum()
    other = solve(SpinCharger(2, 2, coupling=LAM, frequency=MU), product([0, 0], [1, p_1]))
    assert (one.value * MU - other.maximum().value).expand() == 0


@pytest.fixture(scope="module")
def irrational():
    """Batteries that differ in the unit of time alone: g/g₂ = √3."""
    units = {sqrt(3): S.One, S.One: 1 / sqrt(3), S(3): sqrt(3)}
    return {g: solve(SpinCharger(2, 2, coupling=g, cell_crosstalk=g_2)) for g, g_2 in units.items()}


@pytest.mark.parametrize("kind", ["supremum", "first peak", "window"])
def test_irrational_units_change_no_maximum(irrational, kind):
    tops = {
        g: s.maximum(kind, **({"until": 3 / g} if kind == "window" else {}))
        for g, s in irrational.items()
    }
    values = {g: (top.value / omega_0).evalf(25) for g, top in tops.items()}
    if kind == "supremum":
        assert {top.value for top in tops.values()} == {omega_0 * (sqrt(5) / 4 + Rational(5, 4))}
    times = {g: (top.time * g).evalf(20) for g, top in tops.items() if top.time is not None}
    for every in (values, times):
        assert max(every.values()) - min(every.values()) < 1e-18


def test_irrational_units_scale_the_largest_power(irrational):
    powers = [(s.max_power().approximate / omega_0 / g).evalf(25) for g, s in irrational.items()]
    assert max(powers) - min(powers) < 1e-18
