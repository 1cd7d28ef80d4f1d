"""A verdict follows from the results, and from nothing else."""

from dataclasses import replace

import pytest
from sympy import Matrix, Symbol

from symbattery.paper import Claim, Outcome, Reading, Verdict, claims, evaluate
from symbattery.paper.claim import Above, Below, Number, Zero, same

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
    ("text", "inside", "outside"),
    [("7.48", 7.4849, 7.4851), ("0.5", 0.549, 0.551), ("2", 2.49, 2.51), ("0.00", -0.0049, 0.0051)],
)
def test_the_digits_imply_the_tolerance(text, inside, outside):
    assert Number(text).agrees(inside)
    assert not Number(text).agrees(outside)


def test_verdicts_follow_the_results():
    x = Symbol("x")
    for printed, results, verdict, reading in (
        (Number("1.0"), [1.04], Verdict.HOLDS, None),
        (Number("1.0"), [1.06], Verdict.FAILS, None),
        (Number("1.0"), [1.06, 3.0, 0.96], Verdict.READING, 1),
        (Above("0"), [0.0], Verdict.FAILS, None),
        (Below("0.1"), [0.1], Verdict.HOLDS, None),
        # Exact differences must vanish by algebra.
        (Zero(), [(x + 1) ** 2 - x**2 - 2 * x - 1], Verdict.HOLDS, None),
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
    assert replace(found, claim=replace(one, printed=true)).verdict is Verdict.HOLDS


def test_routes_are_compared():
    assert same(1.0, 1.0 + 1e-9)
    assert not same(1.0, 1.0 + 1e-5)
    assert Outcome(claim(Number("1"), 1.0), result=1.0).routes_agree is None
