"""Closed forms of open batteries: Pauli matrices at 40 digits, numerics, limits, refusals."""

from functools import lru_cache

import mpmath
import numpy as np
import pytest
from flint import acb, ctx
from sympy import Rational, S, Symbol, exp, sin, sqrt

import numerics
from numerics.model.noise import Channel
from symbattery import (
    Bloch,
    CavityCharger,
    GroupedSpins,
    InvalidArgument,
    SpinCharger,
    SpinGroup,
    UnsolvedError,
    bath,
    dephasing,
    dicke,
    fock,
    from_json,
    loss,
    pump,
    solve,
    spin_coherent,
    to_json,
)
from symbattery.symbols import M, N, g, omega_0, t
from tests.systems import open_systems, oracle

GAMMA, KAPPA, ETA, HEAT = (
    Symbol(name, nonnegative=True, positive=True if name == "T" else None)
    for name in ("Gamma", "kappa", "eta", "T")
)
DIGITS = 40


def some(*channels):
    return [Channel(side, rate, together, kind) for kind, side, rate, together in channels]


EVERY = some(
    ("loss", "cells", GAMMA, False),
    ("loss", "chargers", KAPPA, False),
    ("pump", "cells", Rational(1, 8), False),
    ("pump", "chargers", Rational(3, 16), True),
    ("dephasing", "cells", Rational(5, 16), True),
    ("dephasing", "chargers", ETA, False),
)
BOTH = [loss("cells", GAMMA), loss("chargers", KAPPA)]
CASES = {
    "one excitation": ((M, N), dicke(0, 1), BOTH, {"cells": 3, "chargers": 1}),
    "one excitation, overdamped": (
        (M, N), dicke(0, 1), BOTH, {"cells": 2, "chargers": 1, "Gamma": 16},
    ),
    "one excitation, critical": (
        (M, N), dicke(0, 1), BOTH, {"cells": 4, "chargers": 1, "Gamma": 10, "kappa": 2},
    ),
    "one excitation of the cells": ((1, N), dicke(1, 0), BOTH, {"chargers": 3}),
    "one excitation, collective": (
        (M, N), dicke(0, 1),
        [loss("cells", GAMMA, collective=True), loss("chargers", KAPPA, collective=True)],
        {"cells": 3, "chargers": 1},
    ),
    "one excitation, dephasing": (
        (M, N), dicke(0, 1), [dephasing("cells", GAMMA)], {"cells": 2, "chargers": 1},
    ),
    "one cell, dephasing": ((1, N), None, [dephasing("cells", GAMMA)], {"chargers": 3}),
    "one cell, dephasing of the charger": (
        (1, N), None, [dephasing("chargers", GAMMA)], {"chargers": 3},
    ),
    "one and one, every channel": ((1, 1), None, EVERY, {}),
    "one and one, detuned": (
        (1, 1, {"charger_frequency": 2}), None, [loss("cells", GAMMA)], {},
    ),
    "two and two, loss of cells": ((2, 2), None, [loss("cells", GAMMA)], {}),
    "two and one, crosstalk": (
        (2, 1, {"coupling": 1, "cell_crosstalk": Rational(1, 2)}), None,
        [loss("cells", Rational(1, 4)), dephasing("cells", Rational(1, 2))], {},
    ),
}  # fmt: skip
RATES = {"Gamma": 0.375, "kappa": 0.75, "eta": 0.5}
TIME = 0.875


@lru_cache(maxsize=len(CASES))
def solution(case):
    (cells, chargers, *fields), start, noise, _ = CASES[case]
    return solve(SpinCharger(cells, chargers, **(fields[0] if fields else {})), start, noise=noise)


def numbers(case):
    """The model, the channels of `open_systems`, and the arguments of functions."""
    solved = solution(case)
    given = {**RATES, **CASES[case][3]}
    values = {n: given[n] for n in solved.parameters if n in given}
    put = {solved.parameters[n]: S(str(v)) for n, v in values.items()} | {g: 1, omega_0: 1}
    fields = {
        name: int(v) if name in ("cells", "chargers") else float(v)
        for name, value in solved.model.values()
        if name in ("cells", "chargers", "charger_frequency", "cell_crosstalk")
        for v in [S(value).subs(put)]
    }
    channels = tuple(
        (one.kind, one.side, float(S(one.rate).subs(put)), one.collective) for one in solved.noise
    )
    return SpinCharger(**fields), channels, values


def of_all_spins(model, channels, start, time):
    """The probabilities of the states of all spins, by Taylor's series in balls.

    Every number is a binary fraction.
    """
    generator = open_systems.liouvillian(model, channels).tocoo()
    entries = [
        (i, j, acb(v) * time)
        for i, j, v in zip(*map(np.ndarray.tolist, generator.coords), generator.data, strict=True)
        if v
    ]
    rounded = np.round(oracle.density_matrix(model, start).ravel() * 2**30) / 2**30
    term = {i: acb(v) for i, v in enumerate(rounded.tolist()) if v}
    total, n, columns = dict(term), 0, {}
    for i, j, v in entries:
        columns.setdefault(j, []).append((i, v))
    while n < 5 or any(abs(v) > 1e-50 for v in term.values()):
        n, before, term = n + 1, term, {}
        for j, value in before.items():
            for i, v in columns.get(j, ()):
                term[i] = term.get(i, 0) + v * value / n
        for i, value in term.items():
            total[i] = total.get(i, 0) + value
    size = 2 ** (model.cells + model.chargers)
    return [
        mpmath.mpf(acb(total.get(i * (size + 1), 0)).real.str(50, radius=False))
        for i in range(size)
    ]


@pytest.mark.parametrize("case", CASES)
def test_populations_on_all_spins_at_forty_digits(case):
    model, channels, values = numbers(case)
    with mpmath.workdps(DIGITS + 10), ctx.workdps(DIGITS + 20):
        start = CASES[case][1] or model.default_start()
        wanted = [mpmath.mpf(0)] * (model.cells + 1)
        for i, share in enumerate(of_all_spins(model, channels, start, TIME)):
            wanted[model.cells - (i >> model.chargers).bit_count()] += share
        solved = solution(case)
        for k, p in enumerate(wanted):
            found = 0
            if k in solved.populations:
                function = solved.function(f"p{k}", "mpmath")
                found = function(TIME, **{n: v for n, v in values.items() if n in function.symbols})
            assert abs(found - p) < mpmath.mpf(10) ** -DIGITS


SUMMED = ("ergotropy", "entropy", "instantaneous_power", "capacity", "purity")


@pytest.mark.parametrize("case", ["one excitation", "one and one, detuned"])
def test_rows_by_the_equation_and_by_numerics(case):
    names = (*SUMMED, "switching_work")
    checked = solution(case).verify(digits=30, points=2, names=names)
    exactly, double, _ = checked.routes
    assert exactly.digits >= 28
    assert checked.certification.holds
    assert double.deviation < 1e-11


@pytest.mark.parametrize("case", CASES)
def test_without_noise_the_closed_solution(case):
    (cells, chargers, *fields), start, *_ = CASES[case]
    if not all(isinstance(one.rate, Symbol) for one in solution(case).noise):
        return
    closed = solve(SpinCharger(cells, chargers, **(fields[0] if fields else {})), start)
    _, _, values = numbers(case)
    # Named roots are double where there is no noise at all.
    values |= {name: 2.0**-45 for name in RATES if name in values}
    found = solution(case).function("energy", "math")
    wanted = closed.function("energy", "math")
    kept = {n: v for n, v in values.items() if n in wanted.symbols}
    values = {n: v for n, v in values.items() if n in found.symbols}
    assert found(TIME, **values) == pytest.approx(wanted(TIME, **kept), abs=1e-12)


def test_the_forms_an_author_prints():
    one = solution("one excitation")
    (omega,) = one.definitions
    wanted = omega_0 * g**2 * M * N * exp(-(GAMMA + KAPPA) * t / 2) * (sin(omega * t) / omega) ** 2
    assert (one.energy - wanted).simplify() == 0
    assert (one.definitions[omega] - sqrt(g**2 * M * N - (KAPPA - GAMMA) ** 2 / 16)).simplify() == 0
    assert r"\sin^{2}{\left(\Omega t \right)}" in one.latex("energy")
    assert r"e^{- \frac{\left(\Gamma + \kappa\right) t}{2}}" in one.latex("energy")
    assert str(solution("one cell, dephasing").energy).startswith("omega_0*(")


@pytest.mark.parametrize(
    "case", ["one excitation", "one cell, dephasing", "two and two, loss of cells"]
)
@pytest.mark.parametrize("name", ["energy", "ergotropy"])
def test_small_times_keep_their_digits(case, name):
    _, _, values = numbers(case)
    function, exact = (solution(case).function(name, b) for b in ("numpy", "mpmath"))
    values = {n: v for n, v in values.items() if n in function.symbols}
    for time in (1e-7, 1e-3, 0.05):
        with mpmath.workdps(50):
            wanted = float(exact(time, **values))
        assert function(time, **values) == pytest.approx(wanted, rel=2e-13, abs=1e-300)


# Both sides together, and states after a long time


def test_both_sides_where_all_decays_alike():
    lossy = solve(SpinCharger(M, N), noise=[loss("cells", GAMMA), loss("chargers", GAMMA)])
    assert (lossy.switching_work + N * omega_0 * (1 - exp(-GAMMA * t))).simplify() == 0
    with pytest.raises(UnsolvedError, match="elements of the state"):
        _ = lossy.energy
    model = SpinCharger(4, 3)
    noise = [loss("cells", 0.2), pump("cells", 0.1), loss("chargers", 0.1), pump("chargers", 0.2)]
    both = solve(SpinCharger(M, N), noise=noise).function("switching_work")
    times = np.linspace(0, 5, 7)
    wanted = numerics.charge(model, noise=noise).switching_work(times)
    np.testing.assert_allclose(both(times, cells=4, chargers=3), wanted, atol=1e-11)


LOCAL = [bath("cells", 0.25, 0.75), bath("chargers", 0.125, 0.75), dephasing("cells", 0.3)]
TOGETHER = [bath("cells", 0.25, 0.75, collective=True)]


@pytest.mark.parametrize(
    ("size", "start", "noise"),
    [((4, 3), None, LOCAL), ((3, 2), dicke(1, 1), TOGETHER),
     ((2, 3), None, [bath("chargers", 0.5, 1.25, collective=True)]),
     ((1, 2), None, [loss("cells", 0.5), dephasing("chargers", 0.25)])],
)  # fmt: skip
def test_states_after_a_long_time(size, start, noise):
    model = SpinCharger(*size)
    exactly = solve(model, start, noise=noise)
    engine = numerics.charge(model, start, noise=noise)
    for name in ("energy", "ergotropy", "entropy"):
        found = float(exactly.steady(name).subs(omega_0, 1))
        assert found == pytest.approx(engine.steady(name), abs=1e-10)
    assert exactly.steady("power") == 0


@pytest.mark.parametrize(("collective", "ways"), [(False, (1, 3, 3, 1)), (True, (1, 1, 1, 1))])
def test_a_symbolic_number_of_cells_after_a_long_time(collective, ways):
    noise = [bath("cells", GAMMA, HEAT, collective=collective)]
    symbolic = solve(SpinCharger(M, N), noise=noise).steady("energy")
    with mpmath.workdps(30):
        weights = [way * mpmath.exp(-mpmath.mpf(k) * 5 / 4) for k, way in enumerate(ways)]
        wanted = sum(k * w for k, w in enumerate(weights)) / sum(weights)
        found = symbolic.subs({M: 3, omega_0: 1, HEAT: Rational(4, 5)}).evalf(30)
        assert abs(found - wanted) < 1e-27


# Output


def test_a_document_holds_the_noise():
    solved = solution("one and one, every channel")
    text = to_json(solved)
    read = from_json(text)
    assert read.noise == solved.noise
    assert read.definitions == solved.definitions
    assert solve(read.model, read.initial, noise=read.noise).energy == solved.energy
    warm = solve(SpinCharger(1, 1), noise=[bath("cells", GAMMA, HEAT)])
    assert from_json(to_json(warm)).noise == warm.noise
    for wrong in (text.replace('"side": "cells"', '"side": "walls"'),
                  text.replace('"kind": "loss"', '"kind": "leak"')):  # fmt: skip
        with pytest.raises(InvalidArgument):
            from_json(wrong)


def test_source_code_checks_itself():
    for case in ("one excitation", "one cell, dephasing"):
        text = solution(case).source("energy", language="python")
        made = {}
        exec(text, made)
        made["self_check"]()
    assert "loss(cells, Gamma)" in solution("one excitation").source("energy")
    with pytest.raises(UnsolvedError, match="complex roots"):
        solution("one and one, detuned").source("energy")
    assert "Gamma : Gamma, a rate of the noise" in solution(case).function("energy").__doc__
    warm = solve(SpinCharger(1, 1), noise=[bath("cells", GAMMA, HEAT)])
    assert "T : T, the temperature of a bath" in warm.function("energy").__doc__


@pytest.mark.parametrize("backend", ["numpy", "math", "mpmath"])
@pytest.mark.parametrize("squared", [32, 128 / 3])
def test_frequencies_that_all_but_coincide_are_refused(backend, squared):
    energy = solution("two and two, loss of cells").function("energy", backend)
    with pytest.raises(InvalidArgument, match="coincide"):
        energy(0.3, Gamma=squared**0.5)


def test_mpmath_keeps_its_digits_near_a_coincidence():
    energy = solution("two and two, loss of cells").function("energy", "mpmath")
    first, second, third = (energy(0.3, Gamma=32**0.5 + i * 1e-6) for i in (1, 2, 3))
    assert abs(first - 2 * second + third) < 1e-12


# Refusals

NAMES = [
    "coherence", "concurrence(between=cell-charger)", "ergotropy(sense=daemonic)",
    "fisher_information", "negativity", "power_variance", "schmidt_number", "speed_ratio",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_needs_amplitudes_is_refused(name):
    with pytest.raises(UnsolvedError, match=name.partition("(")[0]):
        solution("one excitation").quantity(name)


@pytest.mark.parametrize(
    "ask",
    [lambda solved: solved.amplitudes, lambda solved: solved.negativity,
     lambda solved: solved.ergotropy("daemonic"), lambda solved: solved.intervals("ergotropy")],
)  # fmt: skip
def test_refusals_say_that_there_is_noise(ask):
    with pytest.raises(UnsolvedError, match="noise"):
        ask(solution("one excitation"))


@pytest.mark.parametrize(
    "name", ["ergotropy", "capacity", "passive_energy", "quantum_fisher_information", "entropy"]
)
def test_several_total_spins_of_a_symbolic_number_of_cells_are_refused(name):
    with pytest.raises(UnsolvedError, match="a number of cells"):
        solution("one excitation, dephasing").quantity(name)


def test_maxima_and_means_are_refused_with_advice():
    solved = solution("one excitation")
    for ask in (solved.maximum, solved.max_power, solved.best_excited):
        with pytest.raises(UnsolvedError, match=r"numerics\.charge"):
            ask()
    with pytest.raises(UnsolvedError, match="steady"):
        solved.mean("energy")
    with pytest.raises(UnsolvedError, match="long time"):
        solve(SpinCharger(1, N), noise=[dephasing("cells", 0)]).steady()


WRONG = {
    "no assumption": (SpinCharger(1, 1), None, [loss("cells", Symbol("Gamma"))], "nonnegative"),
    "negative": (SpinCharger(1, 1), None, [lambda: loss("cells", -1)], "rate"),
    "a symbol of the solution": (
        SpinCharger(1, 1), None, [loss("cells", Symbol("Omega", positive=True))], "solution uses",
    ),
    "the time": (SpinCharger(1, 1), None, [loss("cells", abs(t))], "solution uses"),
    "temperature without a sign": (
        SpinCharger(1, 1), None, [bath("cells", 1, Symbol("T", real=True))], "temperature",
    ),
    "no noise": (SpinCharger(1, 1), None, [3], "noise"),
    "another side": (SpinCharger(1, 1), None, [loss("cavity", 1)], "side"),
    "no chargers": (CavityCharger(1), fock(1), [loss("chargers", 1)], "side"),
    "a bath and a pump": (
        SpinCharger(1, 1), None, [bath("cells", 1, 1), pump("cells", 1)], "pump",
    ),
    "superposed": (
        SpinCharger(1, 1), spin_coherent(1, 1, excited_cells=Bloch(1, 0)), [loss("cells", 1)],
        "superposition",
    ),
    "groups": (
        GroupedSpins([SpinGroup(1)], [SpinGroup(1)]), None, [loss("cells", 1)], "noise",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_bad_input(case):
    model, start, noise, match = WRONG[case]
    with pytest.raises((InvalidArgument, UnsolvedError), match=match):
        solve(model, start, noise=[one() if callable(one) else one for one in noise])


@pytest.mark.parametrize(
    ("model", "given", "match"),
    [(SpinCharger(2, 2, anisotropy=Rational(1, 2)), {}, "anisotropy"),
     (SpinCharger(M, N), {}, "elements"), (SpinCharger(2, N), {}, "elements"),
     (SpinCharger(9, 9), {}, "elements"), (SpinCharger(3, 3), {}, "unknowns"),
     (SpinCharger(1, N), {"coupling": sin(t)}, "coupling"),
     (SpinCharger(1, N), {"form": "roots"}, "form")],
)  # fmt: skip
def test_what_has_no_closed_form(model, given, match):
    with pytest.raises((InvalidArgument, UnsolvedError), match=match):
        solve(model, noise=[loss("cells", GAMMA)], **given)
