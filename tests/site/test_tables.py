"""The ledger as the site shows it: numbers typeset, and what a reading does not hide."""

from pathlib import Path

import pytest

from symbattery.paper.ledger import stored

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tables(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "extensions"))
    import tables

    return tables


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<= 1e-9", "≤ $10^{-9}$"),
        ("≈ 0.48", "≈ $0.48$"),
        ("> 0", "> $0$"),
        ("1.00", "$1.00$"),
        ("equal", "equal"),
    ],
)
def test_what_is_printed(text, shown, tables):
    assert tables.printed(text) == shown


def test_small_numbers_have_powers_of_ten(tables):
    assert tables.shown(4.818542e-07) == r"$4.818542\cdot 10^{-7}$"
    assert tables.shown("$x$ of both") == "$x$ of both"


def test_what_does_not_agree_is_shown_beside_a_reading(tables):
    records = {one["identifier"]: one for one in stored(ROOT)}
    fit = tables.result(records["fig-5.beta-0.2"])
    assert fit.startswith("$0.8422356$: fit of")
    assert "; as it stands $0.8647481$: " in fit
    holds = tables.result(records["eq-12.e-max"])
    assert holds == "$1$: supremum"
