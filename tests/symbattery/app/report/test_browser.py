"""The page of the report in a browser, without a network."""

import json
from pathlib import Path

import pytest

from symbattery.app.report.making import derived
from symbattery.app.report.rendering import Contents, page
from tests.symbattery.app.webdriver import browser, missing

ROOT = Path(__file__).parents[4]

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"no {missing()}")

# What is seen of the page in a window of one width, and the rows that its filter leaves.
_SEEN = """
    const form = document.querySelector("form.filter"), width = arguments[0];
    const shown = () => document.querySelectorAll("table.ledger tbody tr:not([hidden])").length;
    const change = (name, value) => {
        form.elements[name].value = value;
        form.dispatchEvent(new Event("input"));
        return shown();
    };
    const counts = {all: shown(), section: change("section", "V")};
    change("section", "");
    counts.words = change("words", "fig. 7(a) cut off");
    change("words", "");
    form.querySelector("input[value=holds]").click();
    counts.others = shown();
    const beyond = [...document.querySelectorAll("body *")].filter(element =>
        element.getBoundingClientRect().right > width + 1 && !element.closest(".display"));
    return {
        counts, beyond: beyond.map(element => element.outerHTML.slice(0, 80)),
        picture: document.querySelector("img").naturalWidth,
        formula: document.querySelector("math").getBoundingClientRect().height,
        scrolls: document.documentElement.scrollWidth,
    };
"""


def test_the_page_fits_and_its_ledger_can_be_filtered(tmp_path):
    formulas, _ = derived(tmp_path, 10, processes=1)
    ledger = json.loads((ROOT / "docs" / "claims.json").read_text("utf-8"))
    path = tmp_path / "report.html"
    path.write_text(page(Contents(tmp_path, tmp_path, tuple(formulas), tuple(ledger))), "utf-8")
    with browser() as session:
        for width in (390, 1200):
            session.screen(width, 1000)
            session.open(path.as_uri())
            seen = session.run(_SEEN, width)
            assert seen["beyond"] == []
            assert seen["scrolls"] <= width
            assert seen["picture"] > 900
            assert seen["formula"] > 8
            assert seen["counts"] == {
                "all": len(ledger),
                "section": sum(claim["section"] == "V" for claim in ledger),
                "words": 1,
                "others": sum(claim["verdict"] != "holds" for claim in ledger),
            }
        assert session.log() == []
