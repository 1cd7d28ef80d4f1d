"""Claims in a terminal: what fits, what is said of each calculation, what stands for formulas."""

import re

from symbattery.paper import Claim, Reading, claims, evaluate
from symbattery.paper.claim import Zero
from symbattery.paper.entries import entry, shown
from symbattery.symbols import omega_0
from tests.symbattery.paper.test_ledger import BROKEN, FAILS, HOLDS


def test_entries_fit_a_hundred_columns_and_tell_the_origin():
    for outcome in evaluate([HOLDS, FAILS, BROKEN]):
        text = entry(outcome)
        assert max(map(len, text.splitlines())) <= 100
        assert "\x1b" not in text
        assert "\x1b[" in entry(outcome, colour=True)
    text = entry(next(evaluate([FAILS])))
    assert "gives what is printed: 1.02: a grid" in text
    assert "second route agrees: again" in text
    assert ": no" not in text


def test_formulas_that_differ_are_not_printed_as_code():
    names = ("eq-6.emission", "eq-17", "fig-8.sinusoid")
    for outcome in evaluate(claim for claim in claims() if claim.identifier in names):
        text = entry(outcome)
        assert "differs (a formula that is not 0)" in text
        assert not re.search(r"\*|omega_0|sqrt\(", text)
    assert shown(r"$\omega_0$", 6) == r"$\omega_0$"


def test_what_is_equal_is_zero():
    (outcome,) = evaluate(
        [Claim("x-2", "Sec. II, text", "says", Zero(), Reading("so", lambda _: omega_0 - omega_0))]
    )
    assert "= 0: so" in entry(outcome)
