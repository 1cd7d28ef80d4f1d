"""Every bad input gives one clear error that names the argument, before any work starts."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import acb, arb

import numerics
from numerics import (
    CavityCharger,
    ClassicalDrive,
    CoupledOscillators,
    OscillatorBattery,
    SpinCharger,
    TwoPhotonCharger,
    certified,
    charge,
    charging,
    collective_advantage,
)
from numerics.certified import weighted_states
from numerics.model import states
from numerics.model.problem import check_initial
from numerics.model.states import dicke, fock, mixture, product, thermal
from numerics.model.superpositions import (
    Bloch,
    coherent,
    photon_distribution,
    spin_coherent,
    squeezed,
    superposition,
)
from tests.errors import one_clear_error

NAN, INF = math.nan, math.inf
SYMBOL, POSITIVE = sp.Symbol("x"), sp.Symbol("x", positive=True)
PAIR, CAVITY, DRIVE = SpinCharger(2, 3), CavityCharger(2), ClassicalDrive(2)
LARGE_SPINS = SpinCharger(2, 3, cell_spin=1, charger_spin="3/2")
# No work may be done on these: see the fixture below.
HUGE = SpinCharger(3000, 3000, anisotropy="0.3")
HUGE_CAVITY = CavityCharger(3000, anisotropy="0.3")

# The argument, the call, and what else the message must say.
Case = tuple[str, Callable[[], Any]] | tuple[str, Callable[[], Any], str]
Places = Iterable[tuple[str, Callable[[Any], Any]]]

NOT_COUNTS = (-2, 2.5, 2.0, "3", None, True, NAN, INF, 1j, [2], np.array(2), np.True_)
NOT_COUNTS += (sp.Rational(1, 2), sp.Symbol("h", integer=False), sp.Symbol("n", negative=True))
NOT_REAL = (
    NAN, INF, -INF, 1 + 1j, np.complex64(1), np.True_, "a tenth", "", "0.1x", "1/0", "1e999999999",
    "1_0", "nan", "inf", "9" * 5000, b"1", bytearray(b"1"), True, [0.1], np.array([0.1]),
    np.array(0.1), 10**400, mpmath.mpc(1, 1), Decimal("sNaN"), sp.I, sp.oo, sp.nan,
    sp.Symbol("z", imaginary=True), sp.Matrix([SYMBOL]), SYMBOL > 0, sp.Interval(0, SYMBOL),
    object(),
)  # fmt: skip
NOT_POSITIVE = (*NOT_REAL, 0, -1, -1e-300, sp.Symbol("w", negative=True))
NOT_SHARES = (*NOT_REAL, -0.1, 1.1, -1e-9, 1 + 1e-9, 1 + sp.Symbol("p", positive=True))
NOT_SPINS = (*NOT_POSITIVE, 0.3, "1/3", 1.25, sp.Rational(1, 4), 2 * 10**6, SYMBOL, POSITIVE)
NOT_AMPLITUDES = (
    NAN, INF, -INF, "x", "1/0", True, 1j * INF, complex(NAN, 1), np.array(1), [1], b"1",
    sp.oo, sp.nan, object(),
)  # fmt: skip
NOT_TIMES = (
    NAN, INF, -INF, 1j, "1", True, None, SYMBOL, sp.I, [0.0, NAN], [1, 1j], ["1"], [True],
    [0.0, None], np.array([1, INF]), np.array([1j]), [[0, 1], [2]], [SYMBOL], {1.0}, object(),
)  # fmt: skip
NOT_EXACT_TIMES = (
    "1/0", "", "one", "0x1", "1e999999999", "nan", None, True, 1j, [1], SYMBOL, mpmath.inf,
    mpmath.nan, Decimal("nan"), arb("nan"), arb("inf"), acb(1, 1), object(),
)  # fmt: skip
NOT_DIGITS = (0, -1, -5, 2.5, "50", True, None, NAN, SYMBOL)
NOT_MODELS = (None, "SpinCharger", 2, SpinCharger, (2, 3), fock(2))
NOT_STATES = ("dicke", 3, dicke, (0, 3), [dicke(0, 3)], PAIR, np.zeros(3))


def field(model: type, name: str) -> tuple[str, Callable[[Any], Any]]:
    sizes = {SpinCharger: (2, 2), CoupledOscillators: ()}.get(model, (2,))
    return name, lambda bad: model(*sizes, **{name: bad})


COUNTS: Places = [
    ("cells", lambda bad: SpinCharger(bad, 2)),
    ("chargers", lambda bad: SpinCharger(2, bad)),
    ("cells", CavityCharger),
    ("cells", TwoPhotonCharger),
    ("chargers", OscillatorBattery),
    ("cells", ClassicalDrive),
]
# No excitation is fine.
EXCITATIONS: Places = [
    ("excited_cells", lambda bad: dicke(bad, 2)),
    ("photons", fock),
    ("excited_cells", lambda bad: fock(2, excited_cells=bad)),
]
REALS: Places = [
    *(field(ClassicalDrive, name) for name in ("coupling", "cell_crosstalk", "cell_longitudinal")),
    *(
        field(SpinCharger, name)
        for name in (
            "coupling",
            "charger_crosstalk",
            "cell_crosstalk",
            "anisotropy",
            "charger_frequency",
            "longitudinal",
            "charger_longitudinal",
            "cell_longitudinal",
        )
    ),
    field(CavityCharger, "anisotropy"),
    *(field(TwoPhotonCharger, name) for name in ("coupling", "anisotropy", "cell_longitudinal")),
    *(
        field(OscillatorBattery, name)
        for name in ("coupling", "charger_frequency", "charger_crosstalk", "charger_longitudinal")
    ),
    field(CoupledOscillators, "coupling"),
    ("cell_inverse_temperature", lambda bad: thermal(cell_inverse_temperature=bad)),
    ("charger_inverse_temperature", lambda bad: thermal(charger_inverse_temperature=bad)),
]
FREQUENCIES: Places = [
    field(SpinCharger, "frequency"),
    *(
        field(model, name)
        for model in (CavityCharger, ClassicalDrive, TwoPhotonCharger, CoupledOscillators)
        for name in ("frequency", "charger_frequency")
    ),
    field(OscillatorBattery, "frequency"),
]
SHARES: Places = [
    ("cell_populations[1]", lambda p: product([0, p], [1])),
    ("charger_populations[0]", lambda p: product([0], [p, 1])),
    ("cell_population", lambda p: thermal(cell_population=p)),
    ("charger_population", lambda p: thermal(charger_population=p)),
    ("parts[1] weight", lambda p: mixture([(0.5, dicke(0, 1)), (p, dicke(0, 0))])),
]
SPINS: Places = [
    *(field(SpinCharger, name) for name in ("cell_spin", "charger_spin")),
    field(CavityCharger, "cell_spin"),
    field(ClassicalDrive, "cell_spin"),
]


def filled(places: Places, bads: Iterable[Any], text: str = "") -> Iterator[Case]:
    """Each bad value in each of the places."""
    for bad in bads:
        for name, call in places:
            yield name, lambda call=call, bad=bad: call(bad), text


def vocabulary() -> Iterator[Case]:
    """Models and states, each by itself."""
    yield from filled(COUNTS, (*NOT_COUNTS, 0))
    yield from filled(EXCITATIONS, NOT_COUNTS)
    # None is what a drive has of them.
    charged = [("excited_chargers", lambda bad: dicke(0, bad))]
    yield from filled(charged, (bad for bad in NOT_COUNTS if bad is not None))
    yield from filled(REALS, NOT_REAL)
    yield from filled(FREQUENCIES, NOT_POSITIVE)
    yield from filled(SPINS, NOT_SPINS)
    yield from filled(SHARES, NOT_SHARES)
    lists = [
        ("cell_populations", lambda bad: product(bad, [1])),
        ("charger_populations", lambda bad: product([0], bad)),
    ]
    yield from filled(lists, (None, 0.5, "01", b"01", {0.1, 0.2}, {0: 1}))
    groups = [(f"{name}[0]", lambda bad, call=call: call([bad])) for name, call in lists]
    yield from filled(groups, ((1,), (1, 2, 3), (2, 1), (1, -1), (1, 0.5), (1, None), (None, 1)))
    yield from filled([("parts", mixture)], (None, 1, "parts", [], (), dicke(0, 1)))
    part = [("parts[0]", lambda bad: mixture([bad]))]
    yield from filled(part, (1, dicke(0, 1), (1,), (1, dicke(0, 1), 2), "1d", None))
    state = [("parts[0] state", lambda bad: mixture([(1, bad)]))]
    yield from filled(state, (None, "dicke", dicke, 0, (0, 1)))
    weights = [("weights", lambda bad: mixture([(w, dicke(0, 1)) for w in bad]))]
    unequal = ((0.5, 0.4), (0.5, 0.6), (0, 0), (1, 1), (0.5, 0.5 + 1e-9), (SYMBOL, 2 - SYMBOL))
    yield from filled(weights, unequal)
    yield "parts[0] weight", lambda: mixture([(-0.5, dicke(0, 1)), (1.5, dicke(0, 0))])
    yield "thermal", thermal
    yield "thermal", states.Thermal
    for side in ("cell", "charger"):
        both = {f"{side}_population": 0.1, f"{side}_inverse_temperature": 1}
        yield f"{side}_population", lambda both=both: thermal(**both)
    yield from superposed()
    # The classes behind the functions are as strict, and so is a changed copy.
    yield "excited_cells", lambda: states.Dicke(-1, 2)
    yield "photons", lambda: states.Fock(photons=2.5)
    yield "cell_populations[0]", lambda: states.Product((2,), (1,))
    yield "weights", lambda: states.Mixture(((0.5, dicke(0, 1)),))
    yield "cell_population", lambda: states.Thermal(cell_population=NAN)
    yield "chargers", lambda: replace(dicke(0, 1), excited_chargers=-1)
    yield "anisotropy", lambda: replace(PAIR, anisotropy=INF)


def superposed() -> Iterator[Case]:
    """Starts with coherences."""
    complex_numbers = (*NOT_AMPLITUDES, None)
    mean = [("mean_photons", lambda bad: coherent(mean_photons=bad))]
    yield from filled(mean, (*(b for b in NOT_REAL if b is not None), -1, -1e-9))
    yield from filled([("displacement", coherent)], (*NOT_AMPLITUDES, sp.Matrix([SYMBOL])))
    yield "coherent", coherent
    yield "coherent", lambda: coherent(1, mean_photons=1)
    places = [
        ("displacement", lambda bad: squeezed(1, displacement=bad)),
        ("charger[1]", lambda bad: superposition([1, bad])),
        ("excited_cells[0]", lambda bad: coherent(1, excited_cells=[bad, 1])),
    ]
    yield from filled(places, complex_numbers)
    angles = [
        ("squeezing", squeezed),
        ("angle", lambda bad: squeezed(1, bad)),
        ("theta", spin_coherent),
        ("phi", lambda bad: spin_coherent(1, bad)),
        ("theta", lambda bad: spin_coherent(1, excited_cells=Bloch(bad))),
    ]
    yield from filled(angles, NOT_REAL)
    yield from filled([("tolerance", lambda bad: coherent(1, tolerance=bad))], (*NOT_POSITIVE, 1))
    levels = [
        ("charger", superposition),
        ("excited_cells", lambda bad: spin_coherent(1, excited_cells=bad)),
    ]
    yield from filled(levels, (None, "01", [], [0, 0], -1, 0.5, True))
    chances = [("probabilities", photon_distribution)]
    yield from filled(chances, (None, 0.5, "01", {0.1}, [], [0, 0]))
    yield "probabilities[1]", lambda: photon_distribution([0.5, 1.5])
    yield "weights", lambda: photon_distribution([0.5, 0.4])
    yield from filled([("charger_mean_photons", lambda bad: thermal(charger_mean_photons=bad))],
                      (*(b for b in NOT_REAL if b is not None), -1))  # fmt: skip
    for name in ("charger_population", "charger_inverse_temperature"):
        both = {"charger_mean_photons": 1, name: 1}
        yield "charger_mean_photons", lambda both=both: thermal(**both)


# What does not fit together, whoever asks: (argument, model, state).
MISFITS: list[tuple[str, Any, Any]] = [
    ("initial.excited_cells", PAIR, dicke(3, 0)),
    ("initial.excited_chargers", PAIR, dicke(0, 4)),
    ("initial.excited_chargers", HUGE, dicke(0, 3001)),
    ("cell_populations", PAIR, product([0], [1, 1, 1])),
    ("cell_populations", PAIR, product([0, 0, 0], [1, 1, 1])),
    ("cell_populations", PAIR, product([], [1, 1, 1])),
    ("charger_populations", PAIR, product([0, 0], [1, 1])),
    ("initial", PAIR, fock(2)),
    ("initial", HUGE, fock(3000)),
    ("initial", PAIR, mixture([("1/2", dicke(0, 3)), ("1/2", fock(2))])),
    ("initial.excited_cells", PAIR, mixture([("1/2", dicke(0, 3)), ("1/2", dicke(3, 3))])),
    ("initial.excited_cells", PAIR, mixture([(1, mixture([(1, dicke(5, 3))]))])),
    ("initial", CAVITY, dicke(0, 2)),
    ("initial", HUGE_CAVITY, dicke(0, 3000)),
    ("initial", CAVITY, product([0, 0], [1, 1])),
    ("initial", CAVITY, mixture([("1/2", fock(2)), ("1/2", dicke(0, 1))])),
    ("initial.excited_cells", CAVITY, fock(2, excited_cells=3)),
    ("charger_population", CAVITY, thermal(charger_population="0.9")),
    ("charger_population", HUGE_CAVITY, thermal(charger_population="0.9")),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=0)),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=-1)),
    ("charger_inverse_temperature", HUGE_CAVITY, thermal(charger_inverse_temperature=-1)),
    ("initial.excited_cells", LARGE_SPINS, dicke(5, 0)),
    ("initial.excited_chargers", LARGE_SPINS, dicke(0, 10)),
    ("cell_populations", LARGE_SPINS, product([0, 0], [1, 1, 1])),
    ("charger_populations", replace(LARGE_SPINS, cell_spin=0.5), product([0, 0], [1, 1, 1])),
    ("cell_population", LARGE_SPINS, thermal(cell_population="0.1")),
    ("charger_population", LARGE_SPINS, thermal(charger_population="0.1")),
    ("initial.excited_cells", replace(CAVITY, cell_spin=2), fock(2, excited_cells=9)),
    ("initial.excited_chargers", DRIVE, dicke(0, 0)),
    ("initial.excited_chargers", PAIR, dicke(0)),
    ("initial", CAVITY, dicke(0)),
    ("initial.excited_cells", DRIVE, dicke(3)),
    ("initial", DRIVE, fock(2)),
    ("charger_populations", DRIVE, product([0, 0], [1])),
    ("cell_populations", DRIVE, product([0])),
    ("charger_populations", PAIR, product([0, 0])),
    ("charger_population", DRIVE, thermal(charger_population="0.5")),
    ("charger_inverse_temperature", DRIVE, thermal(charger_inverse_temperature=1)),
    ("charger_mean_photons", DRIVE, thermal(charger_mean_photons=1)),
    ("cell_population", replace(DRIVE, cell_spin=1), thermal(cell_population="0.5")),
    ("initial.charger", DRIVE, superposition(1, excited_cells=1)),
    ("initial.charger", DRIVE, coherent(2)),
    ("initial.charger", PAIR, coherent(1)),
    ("initial.charger", HUGE, squeezed(1)),
    ("initial.charger", CAVITY, spin_coherent(1)),
    ("initial.charger", PAIR, superposition([1, 1, 1, 1, 1])),
    ("initial.charger", PAIR, superposition(4)),
    ("initial.excited_cells", PAIR, superposition(1, excited_cells=[1, 0, 0, 1])),
    ("initial.excited_cells", CAVITY, coherent(1, excited_cells=3)),
    ("initial.charger", PAIR, mixture([("1/2", dicke(0, 3)), ("1/2", coherent(1))])),
    ("charger_mean_photons", PAIR, thermal(charger_mean_photons=1)),
    ("charger_mean_photons", HUGE, thermal(charger_mean_photons=1)),
    *(("initial", HUGE, bad) for bad in NOT_STATES),
    ("initial", TwoPhotonCharger(2), dicke(0, 2)),
    ("initial", TwoPhotonCharger(2), product([0, 0], [1])),
    ("initial.excited_cells", TwoPhotonCharger(2), fock(2, excited_cells=3)),
    ("charger_inverse_temperature", TwoPhotonCharger(2), thermal(charger_inverse_temperature=0)),
    ("charger_population", TwoPhotonCharger(2), thermal(charger_population="0.9")),
    ("initial", OscillatorBattery(2), fock(2)),
    ("initial.excited_chargers", OscillatorBattery(2), dicke(5, 3)),
    ("cell_populations", OscillatorBattery(2), product([0], [1, 1])),
    ("charger_populations", OscillatorBattery(2), product([], [1])),
    ("cell_population", OscillatorBattery(2), thermal(cell_population="0.1")),
    ("cell_inverse_temperature", OscillatorBattery(2), thermal(cell_inverse_temperature=-1)),
    ("initial", CoupledOscillators(), dicke(0, 1)),
    ("charger_population", CoupledOscillators(), thermal(charger_population="0.9")),
    ("cell_inverse_temperature", CoupledOscillators(), thermal(cell_inverse_temperature=0)),
]

# What the numerics cannot compute with although the vocabulary has it: symbols, field by field.
SYMBOLIC: list[tuple[str, Any, Any]] = [
    *(
        (name, replace(model, **{name: POSITIVE}), None)
        for model in (HUGE, HUGE_CAVITY, ClassicalDrive(3000))
        for name, _ in model.values()
        if not name.endswith("spin")  # which is no symbol anywhere
    ),
    ("theta", PAIR, spin_coherent(SYMBOL)),
    ("phi", PAIR, spin_coherent(1, excited_cells=Bloch(1, SYMBOL))),
    ("displacement", CAVITY, coherent(SYMBOL)),
    ("displacement", CAVITY, coherent(mean_photons=POSITIVE)),
    ("squeezing", CAVITY, squeezed(SYMBOL)),
    ("charger_mean_photons", CAVITY, thermal(charger_mean_photons=POSITIVE)),
    ("excited_cells", PAIR, dicke(SYMBOL, 1)),
    ("excited_chargers", PAIR, dicke(0, SYMBOL)),
    ("photons", CAVITY, fock(SYMBOL)),
    ("excited_cells", CAVITY, fock(2, excited_cells=SYMBOL)),
    ("cell_populations[1]", PAIR, product([0, SYMBOL], [1, 1, 1])),
    ("charger_populations[2]", PAIR, product([0, 0], [1, 1, SYMBOL])),
    ("charger_populations[0][1]", PAIR, product([0, 0], [(1, SYMBOL), (0, 3 - SYMBOL)])),
    ("cell_population", PAIR, thermal(cell_population=SYMBOL)),
    ("charger_population", PAIR, thermal(charger_population=SYMBOL)),
    ("cell_inverse_temperature", PAIR, thermal(cell_inverse_temperature=SYMBOL)),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=SYMBOL)),
    ("weight", PAIR, mixture([(SYMBOL, dicke(0, 3)), (1 - SYMBOL, dicke(0, 2))])),
    ("chargers", PAIR, mixture([("1/2", dicke(0, 3)), ("1/2", dicke(0, SYMBOL))])),
]
ENGINES = (
    charge,
    lambda model, initial: certified.energy(model, 1, initial=initial),
)


def problems() -> Iterator[Case]:
    """Model and state are checked against each other by everything that takes both."""
    for name, model, initial in (*MISFITS, *SYMBOLIC):
        for engine in ENGINES:
            yield name, lambda e=engine, m=model, s=initial: e(m, s)
    for name, model, initial in MISFITS:
        yield name, lambda m=model, s=initial: check_initial(m, s)
    for name, model, initial in SYMBOLIC:
        if initial is None:
            yield name, lambda m=model: collective_advantage(m)
    doors = (
        lambda bad: check_initial(bad, None),
        lambda bad: check_initial(bad, dicke(0, 2)),
        collective_advantage,
        certified.first_peak,
        certified.max_power,
        *(lambda bad, e=engine: e(bad, None) for engine in ENGINES),
        lambda bad: charge(bad, fock(2)),
    )
    yield from filled([("model", door) for door in doors], NOT_MODELS)


def arguments() -> Iterator[Case]:
    """Arguments of the engines themselves."""
    times = [
        ("times", lambda bad: charge(PAIR).energy(bad)),
        ("times", lambda bad: charge(CAVITY).power(bad)),
    ]
    yield from filled(times, NOT_TIMES)
    yield from filled(
        [("times", lambda bad: certified.check(charge(PAIR), bad))], ("1", 1j, [NAN], [])
    )
    positive = (0, -1, -2, NAN, INF, -INF, 1j, "5", True, None, SYMBOL, [5.0])
    until = [
        ("until", lambda bad: charge(PAIR).maximum(until=bad)),
        ("until", lambda bad: charge(PAIR).maximum("ergotropy", until=bad)),
    ]
    yield from filled(until, positive, "`until` must be a positive finite number")
    yield "until", lambda: charge(PAIR).maximum(until=1e12), "`until` must be at most"
    late = lambda: charge(PAIR).maximum("ergotropy", until=1e12)  # noqa: E731
    yield "until", late, "`until` must be at most"
    yield from figures_of_merit()
    yield from filled([("tolerance", lambda bad: charge(PAIR, None, bad))], positive)
    floats = [
        ("floats", lambda bad: certified.energy(HUGE, 1, floats=bad)),
        ("floats", lambda bad: certified.first_peak(HUGE, floats=bad)),
    ]
    yield from filled(floats, ("no", 1, None, np.array([]), SYMBOL > 0), "be True or False")
    one = certified.Enclosure.of(arb(1), arb(0))
    for name in ("value", "other"):
        ask = one.contains if name == "value" else one.overlaps
        yield from filled([(name, ask)], ("x", None, NAN, mpmath.mpf("1e-1000000000")))
    yield from filled(
        [(field_, lambda bad, f=field_: SpinCharger(2, 2, **{f: bad})) for field_, _ in REALS[:3]],
        (Decimal("1e-1000000"), mpmath.mpf("1e-1000000000")), "of moderate size",
    )  # fmt: skip
    digits = [
        ("digits", lambda bad: certified.populations(HUGE, 1, bad)),
        ("digits", lambda bad: certified.energy(HUGE, 1, bad)),
        ("digits", lambda bad: certified.first_peak(HUGE, bad)),
        ("digits", lambda bad: certified.max_power(HUGE, bad)),
    ]
    yield from filled(digits, NOT_DIGITS, "`digits` must be a positive integer")
    share = [("chargers_per_cell", lambda bad: collective_advantage(PAIR, chargers_per_cell=bad))]
    yield from filled(share, (0, -1, 1.5, 2.5, "1", True, NAN, SYMBOL), "be a positive integer")
    # Three charger spins cannot be dealt out to two cells.
    for model in (PAIR, SpinCharger(3000, 3001)):
        yield "chargers_per_cell", lambda m=model: collective_advantage(m), "must be given"
    alone = lambda: collective_advantage(CAVITY, chargers_per_cell=1)  # noqa: E731
    yield "chargers_per_cell", alone, "must be left open"
    no_charging = [("charging", certified.check)]
    text = r"`charging` must be what `numerics\.charge`"
    yield from filled(no_charging, (None, "charging", PAIR, 3), text)
    yield (
        "charger_inverse_temperature",
        lambda: charge(CavityCharger(1), thermal(charger_inverse_temperature=1e-9)),
    )


UNEQUAL = product([0, 1], [1, 1, 1])
# Of which no groups of equal spins are a product.
PARTLY = mixture([("1/2", UNEQUAL), ("1/2", dicke(1, 3))])
MIXED = thermal(charger_population=0.5)


def idle(model: Any, initial: Any = None) -> charging.Charging:
    """A battery that cannot be evaluated, so that what comes before that must refuse."""
    ready, none = charge(model, initial), {"dynamics": None}
    return replace(ready, _dynamics=None, _at_start=replace(ready._at_start, **none))


def figures_of_merit() -> Iterator[Case]:
    """Maxima, means, states, speed limits and bounds."""
    searches = [
        ("quantity", lambda bad: idle(PAIR).first_peak(bad)),
        ("quantity", lambda bad: idle(PAIR).maximum(bad, until=1)),
        ("quantity", lambda bad: idle(PAIR).max_power(bad)),
    ]
    means = ("quantity", lambda bad: idle(PAIR).mean(bad))
    names = ("Energy", "", "no", None, 2, "energy(", "ergotropy(sense)", ["energy"])
    yield from filled([*searches, means], names)
    yield from filled(searches, ("entropy", "energy_variance", "populations", "locked_energy"))
    yield from filled([means], ("energy_variance", "ergotropy", "entropy", "purity"), "linear")
    options = (
        ("sense", {"sense": "all"}), ("cells", {"cells": 3}), ("cells", {"cells": 0}),
        ("part", {"part": "coherent"}), ("part", {"part": "half"}), ("order", {"order": 2}),
    )  # fmt: skip
    for name, given in options:
        yield name, lambda given=given: idle(PAIR).first_peak("ergotropy", **given)
        yield name, lambda given=given: idle(PAIR).maximum("ergotropy", until=1, **given)
    yield "sense", lambda: idle(PAIR).max_power("energy", sense="full")
    yield "sense", lambda: idle(PAIR).max_power("ergotropy(sense=full)", sense="full"), "once"
    yield "u", lambda: idle(PAIR).mean("work_characteristic(u=one)")
    for sense in ("full", "local", "daemonic"):
        quantity = f"ergotropy(sense={sense})"
        yield "initial", lambda q=quantity: idle(PAIR, PARTLY).first_peak(q), "equal populations"
    yield "initial", lambda: idle(PAIR, PARTLY).maximum("capacity", until=1), "equal populations"
    yield "anisotropy", lambda: idle(CavityCharger(2, anisotropy=0.1)).mean(), "be 0 for long-time"
    yield "initial", lambda: idle(PAIR, PARTLY).battery_state(0.0), "equal populations"
    yield "initial", lambda: idle(PAIR, UNEQUAL).reduced_state(1, 0.0), "equal populations"
    yield from filled(
        [("cells", lambda bad: idle(PAIR).reduced_state(bad, 0.0))], (0, 3, 1.5, None)
    )
    states_at = [
        ("times", lambda bad: idle(PAIR).battery_state(bad)),
        ("times", lambda bad: idle(PAIR).reduced_state(1, bad)),
        ("times", lambda bad: numerics.energy_bound(PAIR, bad)),
    ]
    yield from filled(states_at, (NAN, "1", None, [0, INF]))
    for start in (MIXED, UNEQUAL, mixture([("1/2", dicke(0, 3)), ("1/2", dicke(1, 3))])):
        yield "initial", lambda s=start: idle(PAIR, s).speed_limits(), "be pure"
    bounds = (
        lambda model, initial: numerics.energy_bound(model, 1.0, initial),
        numerics.power_bound,
    )
    misfits = (
        ("anisotropy", CavityCharger(2, anisotropy=0.1), None),
        ("initial", SpinCharger(2, 3, anisotropy=0.1), dicke(0, 2)),
        ("initial", SpinCharger(2, 3, anisotropy=0.1), dicke(1, 3)),
        ("initial", SpinCharger(2, 3, anisotropy=0.1), MIXED),
        ("initial", PAIR, fock(2)), ("cells", SpinCharger(SYMBOL, 3), None), ("model", 3, None),
    )  # fmt: skip
    for bound in bounds:
        for name, model, initial in misfits:
            yield name, lambda b=bound, m=model, i=initial: b(m, i)


FLOATS = [
    ("coupling", SpinCharger(2, 3, coupling=0.1), None),
    ("frequency", SpinCharger(2, 3, frequency=1.0), None),
    ("anisotropy", SpinCharger(2, 3, anisotropy=0.5), None),
    ("charger_frequency", CavityCharger(2, charger_frequency=np.float64(2)), None),
    ("charger_crosstalk", SpinCharger(2, 3, charger_crosstalk=0.5), None),
    ("cell_crosstalk", CavityCharger(2, cell_crosstalk=0.5), None),
    ("initial.cell_population", PAIR, thermal(cell_population=0.5)),
    ("initial.charger_inverse_temperature", PAIR, thermal(charger_inverse_temperature=2.0)),
    ("initial.cell_populations[1]", PAIR, product([0, 0.5], [1, 1, 1])),
    ("parts[0] weight", PAIR, mixture([(0.5, dicke(0, 3)), ("1/2", dicke(0, 2))])),
    ("parts[0] state.cell_population", PAIR, mixture([(1, thermal(cell_population=0.5))])),
]


def exactness() -> Iterator[Case]:
    """What certified digits are not taken from."""
    time = [
        ("time", lambda bad, f=f: f(HUGE, bad)) for f in (certified.energy, certified.populations)
    ]
    floats = (0.1, 1.0, np.float64(0.1), np.float32(1), sp.Float("0.1"))
    yield from filled(time, floats, r"(?s)must be exact.*floats=True.*but is .*[01]\.")
    yield from filled(time, NOT_EXACT_TIMES)
    for name, model, initial in FLOATS:
        for engine in (ENGINES[1], lambda m, s: certified.first_peak(m, 20, s)):
            yield name, lambda e=engine, m=model, s=initial: e(m, s), "must be exact"
    near = mixture([(mpmath.mpf(1) / 3, dicke(0, 3)), ("2/3", dicke(0, 2))])
    yield "weights", lambda: certified.energy(PAIR, 1, initial=near), "must sum to exactly 1"
    wide = SpinCharger(2, 2, frequency=arb(1, 2))
    yield "frequency", lambda: certified.energy(wide, 1), "must be certainly positive"
    cold = thermal(cell_inverse_temperature=arb(0, 1))
    yield "inverse_temperature", lambda: certified.energy(PAIR, 1, initial=cold), "have a sign"
    for ball in (arb(0, 1e-9), arb(1, 1e-9)):
        one = product([ball, 0], [1, 1, 1])
        two = mixture([(ball, dicke(0, 3)), (1 - ball, dicke(0, 2))])
        for name, state in (("populations[0]", one), ("weight", two)):
            call = lambda s=state: certified.energy(PAIR, 1, initial=s)  # noqa: E731
            yield name, call, "must be certainly between"
    hot = thermal(charger_inverse_temperature=1)
    for model, state in (
        (CavityCharger(2, anisotropy="1/10"), hot),
        (CAVITY, hot),
        (CAVITY, mixture([(1, hot)])),
    ):
        for function in (certified.first_peak, certified.max_power):
            call = lambda f=function, m=model, s=state: f(m, initial=s)  # noqa: E731
            yield "initial", call, "only `energy` is certified"


def groups() -> Iterator[Case]:
    """Groups of spins, and their states."""
    pair = numerics.GroupedSpins([2, 1], [3])
    dicke_of, mixed = numerics.group_dicke, numerics.group_product
    counts: Places = [
        ("spins", numerics.SpinGroup),
        ("cells[1]", lambda bad: numerics.GroupedSpins([1, bad], [2])),
        ("chargers[0]", lambda bad: numerics.GroupedSpins([1], [bad])),
        ("mediators[0]", lambda bad: numerics.GroupedSpins([1], [2], [bad])),
    ]
    yield from filled(counts, (*NOT_COUNTS, 0))
    reals: Places = [
        ("coupling", lambda bad: numerics.SpinGroup(2, bad)),
        ("crosstalk", lambda bad: numerics.SpinGroup(2, crosstalk=bad)),
        ("frequency", lambda bad: numerics.SpinGroup(2, frequency=bad)),
        ("coupling", lambda bad: numerics.GroupedSpins([1], [2], coupling=bad)),
        ("anisotropy", lambda bad: numerics.GroupedSpins([1], [2], anisotropy=bad)),
        ("couplings[0][1]", lambda bad: numerics.GroupedSpins([1], [2], couplings=[[0, bad]] * 2)),
        ("cells[0]", lambda bad: numerics.group_thermal([bad], [1])),
    ]
    yield from filled(reals, NOT_REAL)
    yield from filled([("chargers[0]", lambda bad: mixed([0], [bad]))], NOT_SHARES)
    yield from filled([("cells[0]", lambda bad: dicke_of([bad], [1]))], NOT_COUNTS)
    lists: Places = [
        ("cells", lambda bad: numerics.GroupedSpins(bad, [1])),
        ("chargers", lambda bad: numerics.GroupedSpins([1], bad)),
        ("cells", lambda bad: dicke_of(bad, [1])),
    ]
    yield from filled(lists, (None, 3, "12", {1, 2}, {1: 2}))
    empty: Places = [
        ("cells", lambda bad: numerics.GroupedSpins(bad, [1])),
        ("chargers", lambda bad: numerics.GroupedSpins([1], bad)),
    ]
    yield from filled(empty, ([], ()))
    tables: Places = [("couplings", lambda bad: numerics.GroupedSpins([1], [2], couplings=bad))]
    not_tables = (
        1,
        [],
        [[0, 1]],
        [[0, 1], [2, 0]],
        [[1, 1], [1, 0]],
        [[0, 1, 0], [1, 0, 0]],
        [0, 1],
    )
    yield from filled(tables, not_tables)
    twice = [numerics.SpinGroup(1, 2)]
    call = lambda: numerics.GroupedSpins(twice, [1], couplings=[[0, 1], [1, 0]])  # noqa: E731
    yield "couplings", call, "must be left out where groups have a `coupling`"
    backwards = [numerics.SpinGroup(1, frequency=-1)]
    yield "cells[0].frequency", lambda: numerics.GroupedSpins(backwards, [1]), "be a positive"
    for state in (
        dicke_of([0], [3]),
        mixed([0, 0, 0], [1]),
        numerics.group_thermal([1, 1], [1, 1]),
    ):
        yield "initial", lambda s=state: charge(pair, s), "must have one entry for each of the"
    yield "initial.chargers[0]", lambda: charge(pair, dicke_of([0, 0], [4])), "at most the 3 spins"
    yield "initial.cells[1]", lambda: charge(pair, dicke_of([0, 2], [3])), "at most the 1 spins"
    for state in (dicke(0, 3), fock(2), product([0, 0, 0], [1, 1, 1])):
        yield "initial", lambda s=state: charge(pair, s), "group_dicke"
    yield "initial", lambda: charge(pair, thermal(cell_population=0.1)), "a state of each group"
    for state in (dicke_of([0], [3]), mixed([0], [1])):
        for model in (PAIR, CAVITY):
            yield "initial", lambda m=model, s=state: charge(m, s), "without groups"
    idle_pair = lambda: charge(pair)  # noqa: E731
    for name in ("concurrence", "quantum_fisher_information", "coherence", "switching_work"):
        yield "quantity", lambda n=name: getattr(idle_pair(), n)(0.1), "known of groups"
    for sense in ("local", "symmetric", "daemonic"):
        yield "sense", lambda s=sense: idle_pair().ergotropy(0.1, sense=s), "full for groups"
    yield "cells", lambda: idle_pair().ergotropy(0.1, cells=1), "left out for groups"
    yield "quantity", lambda: idle_pair().reduced_state(1, 0.1), "known of groups"
    apart = numerics.GroupedSpins([1, numerics.SpinGroup(1, frequency=2)], [1])
    yield "quantity", lambda: charge(apart).ergotropy(0.1), "cells of different frequencies"
    yield "model", lambda: certified.energy(pair, 1), "without groups of spins"
    yield "model", lambda: collective_advantage(pair), "one group on either side"
    symbol = numerics.GroupedSpins([1], [numerics.SpinGroup(2, SYMBOL)])
    yield "chargers[0].coupling", lambda: charge(symbol), "cannot keep a symbol"


CASES = [*groups(), *vocabulary(), *problems(), *arguments(), *exactness()]


@pytest.fixture(autouse=True)
def _no_work_on_huge_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that comes after the first sector has been built is too late."""

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(problem: Any, *rest: Any) -> Any:
            assert problem.model.number_of_cells < HUGE.cells, "work was done before the refusal"
            return function(problem, *rest)

        return call

    for module, name in ((charging, "starts"), (weighted_states, "terms")):
        monkeypatch.setattr(module, name, watched(getattr(module, name)))


@pytest.mark.parametrize("case", CASES, ids=[f"{i}-{case[0]}" for i, case in enumerate(CASES)])
def test_one_clear_error(case: Case) -> None:
    one_clear_error(*case)


def test_there_are_enough_cases() -> None:
    assert len(CASES) > 1000


def test_good_input_is_not_refused() -> None:
    """The other side: what a check that refused everything would break."""
    for good in (1, np.int64(3), sp.Integer(2), sp.Symbol("M", integer=True, positive=True)):
        for _, place in COUNTS:
            place(good)
    decimal, text = Decimal("0.5"), "0.5"
    halves = (0.5, 1, np.float32(0.5), sp.Rational(1, 3), mpmath.mpf("0.3"), decimal, text, SYMBOL)
    for good in halves:
        SpinCharger(2, 2, good, good, good, good, good, good)
        for _, place in SHARES[:-1]:
            place(good)
        mixture([(good, dicke(0, 1)), (text if good == text else 1 - good, dicke(0, 0))])
    product((p for p in (0, 0.5)), np.array([0.5, 1]))
    mixture([[decimal, dicke(0, 1)], (0.25, dicke(0, 0)), (sp.Rational(1, 4), dicke(1, 1))])
    for beta in (0, -2.5, 7):
        thermal(cell_inverse_temperature=beta)
    assert check_initial(PAIR, None) == dicke(0, 3)
    assert check_initial(CAVITY, None) == fock(2)
    assert check_initial(SpinCharger(2, SYMBOL), dicke(0, 7)) == dicke(0, 7)
    # Infinite temperature itself is a number like any other.
    hot = thermal(cell_inverse_temperature=0)
    assert certified.energy(PAIR, 1, initial=hot).radius < 1e-49


@pytest.mark.parametrize(
    ("text", "number"),
    [("1/3", Fraction(1, 3)), ("0.1", Fraction(1, 10)), (" -.5e-2 ", Fraction(-1, 200))],
)
def test_text_in_a_description_is_the_number_it_says(text: str, number: Fraction) -> None:
    assert SpinCharger(2, 2, coupling=text) == SpinCharger(2, 2, coupling=number)
    assert CavityCharger(2, cell_crosstalk=text).cell_crosstalk == number
    assert thermal(cell_inverse_temperature=text).cell_inverse_temperature == number
    if number > 0:
        assert product([text], [1]).cell_populations == (number,)
        assert mixture([(text, dicke(0, 1)), (1 - number, dicke(0, 0))]).parts[0][0] == number


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(10**10, 10**10), None),
        (CavityCharger(10**11), None),
        (SpinCharger(3, 10**8), thermal(charger_population=0.7)),
        (SpinCharger(10**7, 3), thermal(cell_inverse_temperature=1.0)),
    ],
)
def test_what_cannot_fit_is_refused_before_it_is_built(
    model: Any, initial: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with pytest.raises(numerics.TooLargeError, match=r"needs about .*B of memory"):
        charge(model, initial)


def test_certified_digits_of_what_cannot_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(numerics.InvalidArgument, match="amplitudes"):
        certified.energy(HUGE, 1)
