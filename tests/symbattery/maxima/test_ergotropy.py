"""The largest ergotropy and its power, against dense samples and whole density matrices.

Judges of ``ergotropy``, ``branches`` and ``branch_suprema``.
"""

from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Rational, S, pi, sqrt

from numerics import charge
from numerics.observables import table as numerical
from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    aslatex,
    dicke,
    fock,
    product,
    single_cell,
    solve,
    thermal,
    two_cells,
)
from symbattery.observables import table as symbolic
from symbattery.symbols import N, g, m, omega_0, p_1
from tests.systems.figures_of_merit import quantity

UNIT = {g: 1, omega_0: 1}
END = 6
TIMES = np.linspace(0, END, 30_001)
LATE = np.linspace(0, 200, 50_001)
THIRD, DETUNED = Rational(1, 3), Rational(3, 2)
SYSTEMS = [
    (SpinCharger(1, 3), None),
    (SpinCharger(1, 1, coupling=2, frequency=3), None),
    (SpinCharger(1, 3, coupling=1, frequency=1, charger_frequency=DETUNED), None),
    (SpinCharger(1, 3), thermal(charger_population=Rational(4, 5))),
    (SpinCharger(1, 2), thermal(cell_population=Rational(1, 4), charger_population=0.8)),
    (SpinCharger(2, 1), None),
    (SpinCharger(2, 2), None),
    (SpinCharger(2, 2), dicke(0, 1)),
    (SpinCharger(2, 5), dicke(0, 3)),
    (SpinCharger(2, 3), dicke(1, 1)),
    (SpinCharger(2, 2), dicke(1, 1)),
    (SpinCharger(2, 2), thermal(charger_population=Rational(2, 3))),
    (SpinCharger(2, 2), product([0, 0], [1, THIRD])),
    (SpinCharger(2, 3), product([0, 0], [(1, 2), (THIRD, 1)])),
    (SpinCharger(2, 3, coupling=1, frequency=1, charger_crosstalk=THIRD), None),
    (CavityCharger(2), None),
    (CavityCharger(3), fock(4)),
    (SpinCharger(3, 2), None),
    (SpinCharger(3, 3), None),
    (SpinCharger(3, 4), dicke(0, 3)),
    (SpinCharger(3, 4), dicke(2, 1)),
    (SpinCharger(4, 3), dicke(1, 2)),
]
OPTIONS = [{"sense": sense} for sense in ("full", "symmetric", "local", "daemonic")]
OPTIONS += [{"cells": 1}, {"cells": 2}, {"cells": 2, "sense": "symmetric"}]
OPTIONS += [{"cells": 2, "sense": "daemonic"}, {"part": "incoherent"}, {"part": "coherent"}]


def number(value):
    return float(S(value).subs(UNIT).evalf(20))


def refused_or(ask, *reasons):
    """The result, or None where it is refused for one of these reasons."""
    try:
        return ask()
    except UnsolvedError as error:
        if not any(reason in str(error) for reason in reasons):
            raise
        return None


def cases():
    for model, initial in SYSTEMS:
        pure = initial is None or isinstance(initial, type(dicke(0, 1)) | type(fock(1)))
        for options in OPTIONS:
            daemonic, sorts = (options.get("sense") == s for s in ("daemonic", "symmetric"))
            cells = options.get("cells", model.cells)
            if options.keys() - {"sense"} and model != SpinCharger(3, 3):
                continue
            if cells <= model.cells and (pure or not daemonic) and not (sorts and cells > 3):
                yield model, initial, options


@pytest.mark.parametrize(("model", "initial", "options"), list(cases()))
def test_every_maximum_on_a_fine_grid(model, initial, options):
    solution, battery = solve(model, initial), charge(model, initial)

    def ergotropy(times):
        return battery.ergotropy(times, **options)

    sampled = ergotropy(TIMES)
    ask = {"quantity": "ergotropy", **options}
    window = solution.maximum("window", until=END, **ask)
    value = number(window.value)
    assert -1e-12 <= value - sampled.max() < 1e-5
    assert ergotropy(number(window.time)) == pytest.approx(value, abs=1e-11)
    low, high = (number(bound) for bound in window.enclosure)
    assert low <= number(window.time) <= high
    rising = np.diff(sampled) > 1e-13
    falling = np.diff(sampled) < -1e-13
    (peaks,) = np.nonzero(rising[:-1] & ~rising[1:])
    peaks = [i + 1 for i in peaks if falling[i + 1] or falling[i + 2 : i + 4].any()]
    first = refused_or(lambda: solution.maximum("first peak", **ask), "constant")
    assert (first is None) == (not peaks)
    if first:
        assert abs(number(first.time) - TIMES[peaks[0]]) < 5e-4
        assert ergotropy(number(first.time)) == pytest.approx(number(first.value), abs=1e-11)
    power = refused_or(lambda: solution.max_power(**ask), "starts empty", "nothing is gained")
    supremum = refused_or(lambda: solution.maximum("supremum", **ask), "starts empty")
    empty = all(branch.excited == 0 for branch in solution.branches)
    assert (power is not None) == (empty and sampled.max() > 1e-12)
    assert supremum or not empty
    if power:
        found, best = number(power.value), max(sampled[1:] / TIMES[1:])
        assert -1e-12 <= found - best < 1e-5
        # What is the energy itself has an exact value, without a number beside it.
        assert number(power.approximate or power.value) == pytest.approx(found, rel=1e-14)
    if supremum:
        assert -1e-11 <= number(supremum.value) - ergotropy(LATE).max() < 0.06
        assert number(supremum.value) >= value - 1e-11
        if supremum.time is not None:
            reached = ergotropy(number(supremum.time))
            assert reached == pytest.approx(number(supremum.value), abs=1e-9)


@pytest.mark.parametrize("options", OPTIONS[:4] + OPTIONS[4:5], ids=str)
@pytest.mark.parametrize(
    ("model", "initial"),
    [(SpinCharger(2, 2), dicke(0, 1)), (SpinCharger(2, 3), None), (SpinCharger(3, 3), None)],
)
def test_thirty_digits_on_whole_density_matrices(model, initial, options):
    """At the peak, and no more a little before and after it."""
    model = SpinCharger(model.cells, model.chargers, coupling=1, frequency=1)
    ask = {"quantity": "ergotropy", **options}
    peak = refused_or(lambda: solve(model, initial).maximum("first peak", **ask), "constant")
    if peak is None:
        return
    with mpmath.workdps(60):
        time = mpmath.mpmathify(peak.time.evalf(50))
        step = mpmath.mpf(10) ** -6
        times = [time - step, time, time + step]
        before, at, after = (
            mpmath.mpmathify(v)
            for v in quantity("ergotropy", model, initial, times, digits=40, **options)
        )
        assert abs(at - mpmath.mpmathify(S(peak.value).evalf(40))) < mpmath.mpf(10) ** -28
        assert before < at > after


@pytest.mark.parametrize("kind", ["supremum", "first peak"])
def test_two_cells_in_closed_form(kind):
    """2p₂ − p₀ at sin²(ξgt/2) = 1; one charger spin stores ω₀ in a state that is not passive."""
    s = two_cells()
    top = s.maximum(kind, quantity="ergotropy")
    assert (top.value - omega_0 * (15 * N**2 - 12 * N - 4) / (3 * N - 2) ** 2).factor() == 0
    assert top.condition == (N >= 2)
    assert top.otherwise.value == omega_0
    assert (top.otherwise.time - pi / (2 * sqrt(2) * g)).simplify() == 0
    for chargers in range(1, 9):
        here = top if chargers > 1 else top.otherwise
        exact = two_cells(chargers).maximum(kind, quantity="ergotropy")
        put = {N: chargers}
        assert here.value.subs(put) == exact.value
        time = here.time.subs(dict(s.definitions)).subs(put)
        assert abs((time - exact.time).subs(UNIT).evalf(30, maxn=60)) < 1e-25
    local = s.maximum(quantity="ergotropy", sense="local")
    assert (local.value - 2 * s.maximum().value + 2 * omega_0).factor() == 0
    assert (local.otherwise.value, local.otherwise.time) == (0, 0)
    assert s.maximum(quantity="ergotropy(sense=daemonic)").value.equals(s.maximum().value)


def test_a_detuned_cell_needs_enough_charger_spins():
    """2N/(N + 1) − 1 with detuning 2g: nothing for a single spin."""
    model = SpinCharger(1, N, coupling=1, frequency=1, charger_frequency=3)
    top = solve(model).maximum(quantity="ergotropy")
    assert (top.value - (N - 1) / (N + 1)).factor() == 0
    assert top.condition == (N >= 2)
    assert (top.otherwise.value, top.otherwise.time) == (0, 0)


def test_the_power_of_one_cell():
    """(1 − 2cos²φ)√N gω₀/φ is largest at 2φ = u with u tan u = −1."""
    power = single_cell().max_power("ergotropy")
    with mpmath.workdps(40):
        u = mpmath.findroot(lambda u: u * mpmath.sin(u) + mpmath.cos(u), 2.8)
        expected = -2 * mpmath.cos(u) / u
        for exact, known in ((power.value / 2, expected), (power.time * 4, u)):
            found = mpmath.mpmathify(exact.subs({**UNIT, N: 4}).evalf(35))
            assert abs(found - known) < mpmath.mpf(10) ** -28
    assert r"\tau" in aslatex(power)


@pytest.mark.parametrize("sense", ["full", "symmetric", "local", "daemonic"])
@pytest.mark.parametrize(("cells", "chargers"), [(1, 2), (2, 3), (3, 3)])
def test_units(cells, chargers, sense):
    """ℰ under g → 3g and ω₀ → ω₀/7."""
    plain = solve(SpinCharger(cells, chargers))
    scaled = solve(SpinCharger(cells, chargers, coupling=3, frequency=Rational(1, 7)))
    ask = {"quantity": "ergotropy", "sense": sense}
    for arguments, late in [
        (("supremum",), {}),
        (("first peak",), {}),
        (("window",), {"until": 6}),
    ]:
        one = plain.maximum(*arguments, **late, **ask)
        two = scaled.maximum(*arguments, **{k: v / Rational(3) for k, v in late.items()}, **ask)
        assert number(one.value) == pytest.approx(7 * number(two.value), rel=1e-14)
        assert (one.time is None) == (two.time is None)
        if one.time is not None:
            assert number(one.time) == pytest.approx(3 * number(two.time), rel=1e-14)
    one, two = (s.max_power("ergotropy", sense=sense) for s in (plain, scaled))
    assert number(one.value) * 3 == pytest.approx(7 * number(two.value), rel=1e-14)


def test_capacity():
    for model in (SpinCharger(2, 3), SpinCharger(3, 2)):
        sampled = charge(model).capacity(TIMES)
        solution = solve(model)
        window = solution.maximum("window", until=END, quantity="capacity")
        assert (window.value, window.time) == (model.cells * omega_0, 0)
        first = solution.maximum("first peak", quantity="capacity")
        (peaks,) = np.nonzero((np.diff(sampled)[:-1] > 0) & (np.diff(sampled)[1:] <= 0))
        assert abs(number(first.time) - TIMES[peaks[0] + 1]) < 5e-4


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: two_cells().max_power("ergotropy"), "symbols"),
        (lambda: two_cells().maximum("window", until=1, quantity="ergotropy"), "symbols"),
        (lambda: two_cells(excited_chargers=m).maximum("supremum", quantity="ergotropy"), "N, m"),
        (lambda: solve(SpinCharger(2, 3), dicke(1, 1)).max_power("ergotropy"), "starts empty"),
        (lambda: two_cells(1).max_power("ergotropy", sense="local"), "nothing is gained"),
        (
            lambda: solve(SpinCharger(2, 2), thermal(cell_population=THIRD)).maximum(
                "first peak", quantity="ergotropy"
            ),
            "largest of some means",
        ),
        (
            lambda: solve(SpinCharger(5, 5)).maximum(quantity="ergotropy", sense="symmetric"),
            "at most 4",
        ),
        (
            lambda: solve(SpinCharger(2, 2), thermal(charger_population=p_1)).maximum(
                "supremum", quantity="ergotropy"
            ),
            "numbers in place of symbols",
        ),
        (
            lambda: solve(SpinCharger(2, N), thermal(charger_population=p_1)).maximum(
                quantity="ergotropy"
            ),
            "needs a number of charger spins",
        ),
    ],
)
def test_what_is_not_proved_is_refused(ask, message):
    with pytest.raises(UnsolvedError, match=message):
        ask()


# Rows that are means of a weight


@pytest.fixture
def weighted():
    """A row with such a weight in both engines, until the end of the test."""
    names = []

    def row(weight, order):
        names.append(f"weighted_{'abcdef'[len(names)]}")
        symbolic.register(
            symbolic.Observable(names[-1], "w(t)", "w(t)", "A toy", "", weight=weight, order=order)
        )
        numerical.register(
            numerical.Observable(
                names[-1], "w", "1", "A toy.", "None.", order=order,
                weight=lambda numbers: [float(weight(int(k))) for k in numbers],
            )
        )  # fmt: skip
        return names[-1]

    yield row
    for name in names:
        symbolic.OBSERVABLES.pop(name)
        numerical.OBSERVABLES.pop(name)


WEIGHTS = {
    "parity": (lambda k: (-1) ** k, 0),
    "square": (lambda k: k**2, 2),
    "falling": (lambda k: Rational(3 * k - 2 * k**2, 7), 1),
}


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(
    ("model", "initial"), [SYSTEMS[i] for i in (0, 3, 5, 6, 10, 13, 14, 15, 18, 20)], ids=str
)
def test_maxima_of_a_weight_are_those_of_the_numerics(model, initial, weight, weighted):
    name = weighted(*WEIGHTS[weight])
    model = replace(model, coupling=1, frequency=2)
    solution, battery = solve(model, initial), charge(model, initial)
    pairs = [
        (solution.maximum("window", quantity=name, until=END), battery.maximum(name, until=END)),
        (solution.maximum("first peak", quantity=name), battery.first_peak(name)),
    ]
    empty = all(branch.excited == 0 for branch in solution.branches)
    if empty and (largest := battery.max_power(name)).value > 0:
        pairs.append((solution.max_power(name), largest))
    for exact, peak in pairs:
        value = number(exact.approximate or exact.value)
        assert value == pytest.approx(peak.value, rel=1e-9, abs=1e-12)
        assert number(exact.time) == pytest.approx(peak.time, abs=1e-6)
    reasons = "starts empty", "no closed form is derived"
    supremum = refused_or(lambda: solution.maximum("supremum", quantity=name), *reasons)
    if supremum:
        late = getattr(battery, name)(LATE)
        assert -1e-11 <= number(supremum.value) - late.max() < 0.06 * max(1, abs(late).max())


def test_maxima_of_a_weight_with_symbols(weighted):
    square = weighted(lambda k: k**2, 2)
    top = two_cells().maximum(quantity=square)
    for chargers in (1, 2, 7):
        exact = top if top.condition.subs(N, chargers) == S.true else top.otherwise
        peak = charge(SpinCharger(2, chargers)).first_peak(square)
        assert number(exact.value.subs(N, chargers)) == pytest.approx(peak.value, rel=1e-9)
    third = weighted(lambda k: sqrt(k), 1)
    with pytest.raises(UnsolvedError, match="whole numbers or fractions"):
        two_cells(3).maximum(quantity=third)
    with pytest.raises(InvalidArgument, match=f"`quantity` must be one of .*{square}"):
        two_cells(3).maximum(quantity="power")
