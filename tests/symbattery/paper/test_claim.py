"""A verdict follows from the results, and from nothing else."""

from dataclasses import replace

import pytest
from sympy import Matrix, Symbol

from numerics import CavityCharger
from symbattery.paper import Claim, Outcome, Reading, Verdict, claims, evaluate
from symbattery.paper.claim import Above, Below, Context, Number, Zero, same

ALL = claims()
PRINTED = """
1.002 1.307 7.48 6.67 9.76 9.24 0.81 0.87 0.99 0.84 0.79 0.48 0.5 0.72 1.92 1.91 0.85 3.04 3.02
1.83 0.01 0.88 0.70 2 1.81 1.78 1.45 1.53
"""


def claim(printed, value, *others):
    readings = tuple(Reading("another", lambda _, v=v: v) for v in others)
    return Claim("x", "Sec. II, text", "says", printed, Reading("plain", lambda _: value), readings)


def test_there_are_enough_claims_and_each_has_its_own_name():
    assert len(ALL) >= 70
    assert len({c.identifier for c in ALL}) == len(ALL)


def test_every_numbered_equation_that_asserts_something_is_there():
    # (7), (8) and (16) only define E, P and a state.
    numbers = [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 21]
    for label in [str(n) for n in numbers] + [f"A{n}" for n in range(1, 8)]:
        assert any(f"Eq. ({label})" in c.where for c in ALL), label


@pytest.mark.parametrize("text", PRINTED.split())
def test_every_printed_number_is_there(text):
    assert any(isinstance(c.printed, Number) and c.printed.text == text for c in ALL)


@pytest.mark.parametrize(
    ("printed", "inside", "outside"),
    [
        (["7.48"], 7.4849, 7.4851), (["0.5"], 0.549, 0.551), (["2"], 2.49, 2.51),
        (["0.00"], -0.0049, 0.0051), (["9.24", "≈"], 9.2460, 9.2501),
        (["0.84", "about"], 0.8472, 0.8299),
    ],
)  # fmt: skip
def test_the_digits_and_the_word_before_them_imply_the_tolerance(printed, inside, outside):
    number = Number(*printed)
    assert number.agrees(inside)
    assert not number.agrees(outside)
    assert str(number).split() == printed[::-1]


def test_approximate_numbers_are_those_of_the_paper():
    about = {c.identifier: c.printed.about for c in ALL if getattr(c.printed, "about", "")}
    words = {name for name, word in about.items() if word == "about"}
    assert words == {
        "fig-6a.seven", "fig-7a.battery", "fig-7a.charger", "fig-7b.battery", "fig-7b.charger",
    }  # fmt: skip
    assert set(about) - words == {
        "III.beta-100", "III.beta-1000", "III.beta-20", "fig-3a.energy-0", "fig-3a.energy-1",
        "fig-3a.power-0", "fig-3a.power-1", "fig-5.beta-0", "fig-5.beta-0.2", "fig-5.beta-0.6",
        "fig-5.beta-1", "fig-6b.dash-dotted", "fig-6b.ideal", "fig-6b.solid", "fig-9a",
    }  # fmt: skip


def test_what_rests_on_first_peaks_says_what_the_window_gives(context, outcomes):
    """Largest energies by the other reading of a maximum, gt ≤ 10: no verdict hides it."""

    class Windows(Context):
        def first_peak(self, model, initial=None):
            photons = getattr(model, "cells", 1) if isinstance(model, CavityCharger) else 1
            return context.max_energy(model, 10 * photons**0.5 / model.coupling, initial)

    windows = Windows(context._known)
    for one in ALL:
        if "first peak" in one.plain.words and not isinstance(one.printed, Zero):
            found = outcomes(one.identifier)
            if found.verdict is Verdict.HOLDS:
                assert one.printed.agrees(one.plain.compute(windows)), one.identifier


def test_verdicts_follow_the_results():
    x = Symbol("x")
    for printed, results, verdict, reading in (
        (Number("1.0"), [1.04], Verdict.HOLDS, 0),
        (Number("1.0"), [1.06], Verdict.FAILS, None),
        (Number("1.0"), [1.06, 3.0, 0.96], Verdict.READING, 2),
        (Number("1.0"), [0.96, 3.0, 1.04], Verdict.READING, 0),
        (Number("1.0"), [0.96, 1.04], Verdict.HOLDS, 0),
        (Above("0"), [0.0], Verdict.FAILS, None),
        (Below("0.1"), [0.1], Verdict.HOLDS, 0),
        # Exact differences must vanish by algebra.
        (Zero(), [(x + 1) ** 2 - x**2 - 2 * x - 1], Verdict.HOLDS, 0),
        (Zero(), [Matrix([[0, x], [0, 0]])], Verdict.FAILS, None),
    ):
        found = next(evaluate([claim(printed, *results)]))
        assert (found.verdict, found.reading) == (verdict, reading)


def test_a_different_calculation_never_makes_a_claim_hold():
    one = replace(claim(Number("1.0"), 2.0), sources=(Reading("other", lambda _: 1.0),))
    found = next(evaluate([one]))
    assert found.verdict is Verdict.FAILS
    assert found.origins == (0,)


def test_what_fails_to_compute_is_said_and_takes_nothing_with_it():
    broken = replace(claim(Number("1"), 1), plain=Reading("none", lambda _: 1 / 0))
    first, second = evaluate([broken, claim(Number("1"), 1.0)])
    assert first.verdict is Verdict.UNKNOWN
    assert "ZeroDivisionError" in first.failure
    assert second.verdict is Verdict.HOLDS


NUMBERS = [c for c in ALL if isinstance(c.printed, Number) and c.section in ("IV", "A")]


@pytest.mark.parametrize("one", NUMBERS, ids=lambda c: c.identifier)
def test_another_printed_value_turns_the_verdict(one, context):
    """What holds no longer does for another number, and the number found always holds."""
    found = next(evaluate([one], context))
    results = [float(v) for v in (found.result, *found.readings)]
    moved = Number(str(one.printed.value + 40 * one.printed.tolerance))
    if not any(moved.agrees(result) for result in results):
        assert replace(found, claim=replace(one, printed=moved)).verdict is Verdict.FAILS
    true = Number(f"{results[0]:.9f}")
    expected = Verdict.HOLDS if all(map(true.agrees, results)) else Verdict.READING
    assert replace(found, claim=replace(one, printed=true)).verdict is expected


def test_routes_are_compared():
    assert same(1.0, 1.0 + 1e-9)
    assert not same(1.0, 1.0 + 1e-5)
    assert Outcome(claim(Number("1"), 1.0), result=1.0).routes_agree is None
