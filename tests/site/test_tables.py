"""The ledger as the site shows it: numbers typeset, and what a reading does not hide."""

from pathlib import Path

import pytest

from symbattery.paper.ledger import stored

ROOT = Path(__file__).parents[2]


@pytest.fixture
def texts(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "extensions"))
    import texts

    return texts


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
def test_what_is_printed(text, shown, texts):
    assert texts.printed(text) == shown


def test_small_numbers_have_powers_of_ten(texts):
    assert texts.shown(4.818542e-07) == r"$4.818542\cdot 10^{-7}$"
    assert texts.shown("$x$ of both") == "$x$ of both"


def test_what_does_not_agree_is_shown_beside_a_reading(texts):
    records = {one["identifier"]: one for one in stored(ROOT)}
    fit = texts.result(records["fig-5.beta-0.2"])
    assert fit.startswith("$0.8422356$: fit of")
    assert "; as it stands $0.8647481$: " in fit
    holds = texts.result(records["eq-12.e-max"])
    assert holds == "$1$: supremum"


def test_ratios_stand_beside_what_was_measured(texts):
    printed = (
        "two of them: 1.2 s, ratio 3.2e+03\nas many products 2 s, ratio 0.62; 3 MB\nratio 5, aim 4"
    )
    text, ratios = texts.measured(printed)
    assert text == "two of them: 1.2 s\nas many products 2 s; 3 MB"
    assert ratios == "3.2e+03\n0.62\n5, aim 4"
