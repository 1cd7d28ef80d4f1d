"""The ledger as it is shown: table, JSON, README, command line, and docs/deviations.md."""

import json
import re
from pathlib import Path

import pytest

from symbattery.app.cli import main
from symbattery.paper import Claim, Reading, Verdict, claims, evaluate, ledger
from symbattery.paper.claim import Number

ROOT = Path(__file__).parents[3]
WHOLE = (ROOT / "docs" / "deviations.md").read_text("utf-8")
DEVIATIONS = WHOLE.split("\n### ")
BLOCKS = ledger.blocks(ledger.stored(ROOT), ledger.stored(ROOT, ledger.FIELD))
FAILING = [one for one in ledger.stored(ROOT) if one["verdict"] == Verdict.FAILS.value]


def made(text, value, **more):
    return Claim("x-1", "Sec. II, Fig. 9", "says", Number(text), Reading("plainly", value), **more)


HOLDS = made("1.0", lambda _: 1.01)
FAILS = made(
    "1.0", lambda _: 2.0, witness=Reading("again", lambda _: 2.0),
    sources=(Reading("a grid", lambda _: 1.02), Reading("no", lambda _: 5.0)),
)  # fmt: skip
BROKEN = made("1.0", lambda _: 1 / 0)


@pytest.mark.parametrize(("page", "block"), BLOCKS.items())
def test_pages_have_the_summary_of_the_records(page, block):
    text = (ROOT / page).read_text("utf-8")
    assert ledger.BEGIN + text.split(ledger.BEGIN)[1].split(ledger.END)[0] + ledger.END == block


def test_records_are_of_these_claims():
    """In their order; `test_sections` compares the rest."""
    kept = ledger.stored(ROOT)
    assert [one["identifier"] for one in kept] == [claim.identifier for claim in claims()]


def test_summary_counts_what_fails():
    records = [ledger.record(outcome) for outcome in evaluate([HOLDS, FAILS, BROKEN])]
    assert ledger.counts(records)[Verdict.FAILS] == 1
    text = ledger.summary(records)
    assert text.startswith("Of 3 statements of the paper 1 hold as they stand, 0 under")
    assert "1 could not be computed" in text
    assert ledger.failing(records).splitlines()[2:] == [
        "| Fig. 9 | says | 1.0 | 2 (plainly) | a grid |"
    ]


def test_json_holds_every_number():
    holds, fails, broken = json.loads(ledger.to_json(evaluate([HOLDS, FAILS, BROKEN])))
    assert holds["tolerance"] == 0.05
    assert fails["routes_agree"] is True
    assert [one["agrees"] for one in fails["sources"]] == [True, False]
    assert "ZeroDivisionError" in broken["failure"]


def test_command_line(capsys):
    assert main(["claims", "--section", "V", "--processes", "1", "--digits", "4"]) == 0
    shown = capsys.readouterr()
    assert "V.full" in shown.out
    assert "0.955:" in shown.out
    assert "3 of 3 statements of the paper: " in shown.out
    assert shown.err == ""
    assert main(["claims", "--section", "V", "--processes", "1", "--json"]) == 0
    assert {one["section"] for one in json.loads(capsys.readouterr().out)} == {"V"}


@pytest.mark.parametrize("option", ["digits", "processes"])
def test_bad_numbers_are_refused_before_any_work(option, capsys):
    assert main(["claims", f"--{option}", "0"]) == 2
    assert re.search(f"`{option}` must be a positive integer, but is 0", capsys.readouterr().err)


def test_an_interruption_prints_what_is_finished(monkeypatch, capsys):
    def stopped(chosen, processes):
        yield from evaluate(chosen[:1])
        raise KeyboardInterrupt

    monkeypatch.setattr("symbattery.app.paper_commands.run", stopped)
    assert main(["claims", "--section", "V"]) == 130
    assert "1 of 3 statements" in capsys.readouterr().out


def test_processes_give_the_same_as_one():
    chosen = claims("V")
    alone = {o.claim.identifier: o.result for o in ledger.run(chosen, 1)}
    together = {o.claim.identifier: o.result for o in ledger.run(chosen, 2)}
    assert together == alone


@pytest.mark.parametrize("one", FAILING, ids=lambda one: one["identifier"])
def test_what_fails_is_there_with_what_holds(one):
    (section,) = [text for text in DEVIATIONS if f"`{one['identifier']}`" in text]
    number = re.escape(f"{one['instead']['result']:.6g}")
    assert re.search(rf"(?<![\d.]){number}(?![\d]|\.\d)", section)


def test_nothing_else_is_said_to_fail():
    known = {claim.identifier for claim in claims()}
    named = set(re.findall(r"`([^`\n]+)`", WHOLE)) & known
    assert named == {one["identifier"] for one in FAILING}


def test_numbers_of_that_page_are_those_of_the_records():
    """Of five digits and more: each is a result, or said by the code on the page."""
    prose = "".join(WHOLE.split("```")[::2])
    numbers = set(re.findall(r"(?<![\w.])\d+\.\d{4,}", prose.replace("0.7246113538", "")))
    results = (result for one in ledger.stored(ROOT) for result in _results(one))
    assert numbers
    assert numbers <= {f"{abs(result):.6g}" for result in results}


def _results(value):
    """Every number that a record has."""
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _results(entry)
    elif isinstance(value, float):
        yield value
