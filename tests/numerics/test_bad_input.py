"""Every bad input gives one clear error that names the argument, before any work starts."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

import numerics
from numerics import charging, multiprecision
from numerics.model.checks import InvalidArgument
from numerics.model.models import CavityCharger, SpinCharger
from numerics.model.problem import check_initial, default_initial
from numerics.model.states import (
    Dicke,
    Fock,
    Mixture,
    Product,
    Thermal,
    dicke,
    fock,
    mixture,
    product,
    thermal,
)

NAN, INF = math.nan, math.inf
SYMBOL = sp.Symbol("x")
PAIR = SpinCharger(2, 3)
CAVITY = CavityCharger(2)
# No work may be done on these: see the fixture below.
HUGE = SpinCharger(3000, 3000, anisotropy=0.3)
HUGE_CAVITY = CavityCharger(3000, anisotropy=0.3)

Case = tuple[str, Callable[[], Any]]

NOT_COUNTS = (0, -2, 2.5, 2.0, "3", None, True, NAN, INF, 1j, [2], np.array(2), np.True_)
NOT_REAL = (
    NAN,
    INF,
    -INF,
    1 + 1j,
    np.complex64(1),
    np.True_,
    "a tenth",
    "",
    "0.1x",
    "1/0",
    "1e999999999",
    "1_0",
    "nan",
    "inf",
    "9" * 5000,
    b"1",
    bytearray(b"1"),
    True,
    [0.1],
    np.array([0.1]),
    np.array(0.1),
    10**400,
    mpmath.mpc(1, 1),
    Decimal("sNaN"),
    sp.I,
    sp.oo,
    sp.nan,
    sp.Symbol("z", imaginary=True),
    sp.Matrix([SYMBOL]),
    SYMBOL > 0,
    sp.Interval(0, SYMBOL),
    object(),
)
NOT_TIMES = (NAN, INF, -INF, 1j, "1", True, None, SYMBOL, sp.I, [0.0, NAN], [1, 1j], ["1"], [True])
NOT_TIMES += (
    [0.0, None],
    np.array([1, INF]),
    np.array([1j]),
    [[0, 1], [2]],
    [SYMBOL],
    {1.0},
    object(),
)
NOT_MODELS = (None, "SpinCharger", 2, SpinCharger, (2, 3), fock(2))
NOT_STATES = ("dicke", 3, dicke, (0, 3), [dicke(0, 3)], PAIR, np.zeros(3))


def _states_of(value: Any) -> list[tuple[str, Callable[[], Any]]]:
    """Every place of the states where a population may stand."""
    return [
        ("cell_populations[1]", lambda: product([0, value], [1])),
        ("charger_populations[0]", lambda: product([0], [value, 1])),
        ("cell_population", lambda: thermal(cell_population=value)),
        ("charger_population", lambda: thermal(charger_population=value)),
        ("parts[1] weight", lambda: mixture([(0.5, dicke(0, 1)), (value, dicke(0, 0))])),
    ]


def vocabulary() -> list[Case]:
    """Models and states, each by itself."""
    cases: list[Case] = []
    for bad in NOT_COUNTS:
        cases += [
            ("cells", lambda bad=bad: SpinCharger(bad, 2)),
            ("chargers", lambda bad=bad: SpinCharger(2, bad)),
            ("cells", lambda bad=bad: CavityCharger(bad)),
        ]
        if bad == 0:
            continue  # no excitation is fine
        cases += [
            ("cells", lambda bad=bad: dicke(bad, 2)),
            ("chargers", lambda bad=bad: dicke(0, bad)),
            ("photons", lambda bad=bad: fock(bad)),
            ("cells", lambda bad=bad: fock(2, excited_cells=bad)),
        ]
    for bad in (sp.Rational(1, 2), sp.Symbol("h", integer=False), sp.Symbol("n", negative=True)):
        cases += [
            ("cells", lambda bad=bad: SpinCharger(bad, 2)),
            ("chargers", lambda bad=bad: dicke(0, bad)),
        ]
    for bad in NOT_REAL:
        for field in ("coupling", "charger_crosstalk", "cell_crosstalk"):
            cases.append((field, lambda bad=bad, field=field: SpinCharger(2, 2, **{field: bad})))
        for field in ("cell_inverse_temperature", "charger_inverse_temperature"):
            cases.append((field, lambda bad=bad, field=field: thermal(**{field: bad})))
    for bad in (*NOT_REAL, 0, -1, -1e-300, sp.Symbol("w", negative=True)):
        for field in ("frequency", "charger_frequency"):
            cases.append((field, lambda bad=bad, field=field: SpinCharger(2, 2, **{field: bad})))
            cases.append((field, lambda bad=bad, field=field: CavityCharger(2, **{field: bad})))
    for bad in (*NOT_REAL, -0.1, 1.1, -1e-9, 1 + 1e-9, 1 + sp.Symbol("p", positive=True)):
        cases.append(("anisotropy", lambda bad=bad: SpinCharger(2, 2, anisotropy=bad)))
        cases.append(("anisotropy", lambda bad=bad: CavityCharger(2, anisotropy=bad)))
        cases += [(name, call) for name, call in _states_of(bad)]
    for bad in (None, 0.5, "01", b"01", {0.1, 0.2}, {0: 1}):
        cases += [
            ("cell_populations", lambda bad=bad: product(bad, [1])),
            ("charger_populations", lambda bad=bad: product([0], bad)),
        ]
    for bad in ((1,), (1, 2, 3), (2, 1), (1, -1), (1, 0.5), (1, None), (None, 1)):
        cases += [
            ("cell_populations[0]", lambda bad=bad: product([bad], [1])),
            ("charger_populations[0]", lambda bad=bad: product([0], [bad])),
        ]
    for bad in (None, 1, "parts", [], (), dicke(0, 1)):
        cases.append(("parts", lambda bad=bad: mixture(bad)))
    for bad in (1, dicke(0, 1), (1,), (1, dicke(0, 1), 2), "1d", None):
        cases.append(("parts[0]", lambda bad=bad: mixture([bad])))
    for bad in (None, "dicke", dicke, 0, (0, 1)):
        cases.append(("parts[0] state", lambda bad=bad: mixture([(1, bad)])))
    for weights in (
        (0.5, 0.4),
        (0.5, 0.6),
        (0, 0),
        (1, 1),
        (0.5, 0.5 + 1e-9),
        (SYMBOL, 2 - SYMBOL),
    ):
        cases.append(
            ("weights", lambda weights=weights: mixture([(w, dicke(0, 1)) for w in weights]))
        )
    cases += [
        ("parts[0] weight", lambda: mixture([(-0.5, dicke(0, 1)), (1.5, dicke(0, 0))])),
        ("thermal", thermal),
        ("thermal", Thermal),
        (
            "cell_population",
            lambda: thermal(cell_population=0.1, cell_inverse_temperature=1),
        ),
        (
            "charger_population",
            lambda: thermal(charger_population=0.1, charger_inverse_temperature=1),
        ),
        # The classes behind the functions are as strict, and so is a changed copy.
        ("cells", lambda: Dicke(-1, 2)),
        ("photons", lambda: Fock(photons=2.5)),
        ("cell_populations[0]", lambda: Product((2,), (1,))),
        ("weights", lambda: Mixture(((0.5, dicke(0, 1)),))),
        ("cell_population", lambda: Thermal(cell_population=NAN)),
        ("chargers", lambda: replace(dicke(0, 1), excited_chargers=-1)),
        ("anisotropy", lambda: replace(PAIR, anisotropy=2)),
    ]
    return cases


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
    ("initial", PAIR, mixture([(0.5, dicke(0, 3)), (0.5, fock(2))])),
    ("initial.excited_cells", PAIR, mixture([(0.5, dicke(0, 3)), (0.5, dicke(3, 3))])),
    ("initial.excited_cells", PAIR, mixture([(1, mixture([(1, dicke(5, 3))]))])),
    ("initial", CAVITY, dicke(0, 2)),
    ("initial", HUGE_CAVITY, dicke(0, 3000)),
    ("initial", CAVITY, product([0, 0], [1, 1])),
    ("initial", CAVITY, mixture([(0.5, fock(2)), (0.5, dicke(0, 1))])),
    ("initial.excited_cells", CAVITY, fock(2, excited_cells=3)),
    ("charger_population", CAVITY, thermal(charger_population=0.9)),
    ("charger_population", HUGE_CAVITY, thermal(charger_population=0.9)),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=0)),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=-1.0)),
    ("charger_inverse_temperature", HUGE_CAVITY, thermal(charger_inverse_temperature=-1.0)),
    *(("initial", HUGE, bad) for bad in NOT_STATES),
    *(("model", bad, None) for bad in NOT_MODELS),
]

# What the numerics cannot compute with although the vocabulary has it: symbols, field by field.
SPIN_FIELDS = (
    "cells",
    "chargers",
    "coupling",
    "frequency",
    "anisotropy",
    "charger_frequency",
    "charger_crosstalk",
    "cell_crosstalk",
)
SYMBOLIC: list[tuple[str, Any, Any]] = [
    *((field, replace(HUGE, **{field: SYMBOL}), None) for field in SPIN_FIELDS),
    *(
        (field, replace(HUGE_CAVITY, **{field: SYMBOL}), None)
        for field in SPIN_FIELDS
        if field not in ("chargers", "charger_crosstalk")
    ),
    ("cells", PAIR, dicke(SYMBOL, 1)),
    ("chargers", PAIR, dicke(0, SYMBOL)),
    ("photons", CAVITY, fock(SYMBOL)),
    ("cells", CAVITY, fock(2, excited_cells=SYMBOL)),
    ("cell_populations[1]", PAIR, product([0, SYMBOL], [1, 1, 1])),
    ("charger_populations[2]", PAIR, product([0, 0], [1, 1, SYMBOL])),
    ("charger_populations[0][1]", PAIR, product([0, 0], [(1, SYMBOL), (0, 3 - SYMBOL)])),
    ("cell_population", PAIR, thermal(cell_population=SYMBOL)),
    ("charger_population", PAIR, thermal(charger_population=SYMBOL)),
    ("cell_inverse_temperature", PAIR, thermal(cell_inverse_temperature=SYMBOL)),
    ("charger_inverse_temperature", CAVITY, thermal(charger_inverse_temperature=SYMBOL)),
    ("weight", PAIR, mixture([(SYMBOL, dicke(0, 3)), (1 - SYMBOL, dicke(0, 2))])),
    ("chargers", PAIR, mixture([(0.5, dicke(0, 3)), (0.5, dicke(0, SYMBOL))])),
]


def misfits() -> list[Case]:
    """Model and state are checked against each other by everything that takes both."""
    cases: list[Case] = []
    for name, model, initial in MISFITS:
        if name != "model":
            cases.append((name, lambda m=model, s=initial: check_initial(m, s)))
        cases.append((name, lambda m=model, s=initial: numerics.charge(m, s)))
        cases.append(
            (name, lambda m=model, s=initial: numerics.multiprecision.energy(m, 1, initial=s))
        )
    for bad in NOT_MODELS:
        cases += [
            ("model", lambda bad=bad: check_initial(bad, None)),
            ("model", lambda bad=bad: check_initial(bad, dicke(0, 2))),
            ("model", lambda bad=bad: numerics.charge(bad, fock(2))),
            ("model", lambda bad=bad: default_initial(bad)),
            ("model", lambda bad=bad: numerics.collective_advantage(bad)),
        ]
    for name, model, initial in SYMBOLIC:
        cases.append((name, lambda m=model, s=initial: numerics.charge(m, s)))
        cases.append(
            (name, lambda m=model, s=initial: numerics.multiprecision.energy(m, 1, initial=s))
        )
        if initial is None:
            cases.append((name, lambda m=model: numerics.collective_advantage(m)))
    return cases


def engine() -> list[Case]:
    """Arguments of the numerics themselves."""
    cases: list[Case] = []
    for bad in NOT_TIMES:
        cases += [
            ("times", lambda bad=bad: numerics.charge(PAIR).energy(bad)),
            ("times", lambda bad=bad: numerics.charge(CAVITY).power(bad)),
        ]
        cases.append(("time", lambda bad=bad: numerics.multiprecision.energy(HUGE, bad)))
    for bad in (0, -1, NAN, INF, -INF, 1j, "5", True, None, SYMBOL, [5.0]):
        cases.append(("until", lambda bad=bad: numerics.charge(PAIR).max_energy(until=bad)))
    for bad in (0, -5, 2.5, "50", True, None, NAN, SYMBOL):
        cases.append(
            ("digits", lambda bad=bad: numerics.multiprecision.energy(HUGE, 1, digits=bad))
        )
    for bad in (0, -1, 2.5, "1", True, NAN, SYMBOL):
        cases.append(
            (
                "chargers_per_cell",
                lambda bad=bad: numerics.collective_advantage(PAIR, chargers_per_cell=bad),
            )
        )
    # Three charger spins cannot be dealt out to two cells.
    cases.append(("chargers", lambda: numerics.collective_advantage(PAIR)))
    cases.append(("chargers", lambda: numerics.collective_advantage(SpinCharger(3000, 3001))))
    return cases


CASES = [*vocabulary(), *misfits(), *engine()]


@pytest.fixture(autouse=True)
def _no_work_on_huge_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that comes after the first sector has been built is too late."""

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(problem: Any, *rest: Any) -> Any:
            assert problem.model.cells < HUGE.cells, "work was done before the refusal"
            return function(problem, *rest)

        return call

    for module, name in ((charging, "starts"), (multiprecision, "terms")):
        monkeypatch.setattr(module, name, watched(getattr(module, name)))


@pytest.mark.parametrize(("name", "call"), CASES, ids=[f"{i}-{c[0]}" for i, c in enumerate(CASES)])
def test_one_clear_error(name: str, call: Callable[[], Any]) -> None:
    with warnings.catch_warnings(record=True) as warned:
        # Elsewhere a warning is an error here, and could pass for a refusal.
        warnings.simplefilter("always")
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is what is tested
            call()
    assert not warned
    error = caught.value
    assert isinstance(error, InvalidArgument)
    message = str(error)
    where, _, what = message.partition(" must ")
    assert where.startswith("`"), message
    assert name in where, message
    assert "but " in what, message
    # One error, not the last of a chain: nothing else is shown above it.
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


def test_good_input_is_not_refused() -> None:
    """The other side: what a check that refused everything would break."""
    for good in (1, np.int64(3), sp.Integer(2), sp.Symbol("M", integer=True, positive=True)):
        SpinCharger(good, good)
        CavityCharger(good)
    for good in (
        0.5,
        1,
        np.float32(0.5),
        sp.Rational(1, 3),
        mpmath.mpf("0.3"),
        Decimal("0.5"),
        "0.5",
        SYMBOL,
    ):
        SpinCharger(2, 2, good, good, good, good, good, good)
        for _, call in _states_of(good)[:-1]:
            call()
        rest = "0.5" if good == "0.5" else 1 - good
        mixture([(good, dicke(0, 1)), (rest, dicke(0, 0))])
    product((p for p in (0, 0.5)), np.array([0.5, 1]))
    mixture([[Decimal("0.5"), dicke(0, 1)], (0.25, dicke(0, 0)), (sp.Rational(1, 4), dicke(1, 1))])
    for beta in (0, -2.5, 7):
        thermal(cell_inverse_temperature=beta)
    assert check_initial(PAIR, None) == dicke(0, 3) == default_initial(PAIR)
    assert check_initial(CAVITY, None) == fock(2) == default_initial(CAVITY)
    assert check_initial(SpinCharger(2, SYMBOL), dicke(0, 7)) == dicke(0, 7)


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
        numerics.charge(model, initial)
