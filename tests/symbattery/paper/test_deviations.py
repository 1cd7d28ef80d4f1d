"""docs/deviations.md is about what does not hold, all of it, with the numbers of the ledger."""

import re
from pathlib import Path

import pytest
from symbattery.paper.ledger.readme import stored

from symbattery.paper import Verdict, claims

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "deviations.md").read_text("utf-8")
SECTIONS = TEXT.split("\n## ")
FAILING = [one for one in stored(ROOT) if one["verdict"] == Verdict.FAILS.value]


@pytest.mark.parametrize("one", FAILING, ids=lambda one: one["identifier"])
def test_what_fails_is_there_with_what_holds(one):
    (section,) = [text for text in SECTIONS if f"`{one['identifier']}`" in text]
    number = re.escape(f"{one['instead']['result']:.6g}")
    assert re.search(rf"(?<![\d.]){number}(?![\d]|\.\d)", section)


def test_nothing_else_is_said_to_fail():
    known = {claim.identifier for claim in claims()}
    named = set(re.findall(r"`([^`\n]+)`", TEXT)) & known
    assert named == {one["identifier"] for one in FAILING}
