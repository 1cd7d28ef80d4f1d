"""Statements of other papers: each computed again by its two routes, and as it is kept."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from numerics import CavityCharger, ClassicalDrive, SpinCharger, TwoPhotonCharger, coherent, dicke
from symbattery.app.cli import main
from symbattery.paper import Reading, Verdict, evaluate, ledger
from symbattery.paper.claim import Context
from symbattery.paper.entries import entry
from symbattery.paper.field import PAPERS
from symbattery.paper.judges.brute import Brute
from tests.symbattery.paper.records import close
from tests.systems import oracle

ROOT = Path(__file__).parents[3]
KEPT = {one["identifier"]: one for one in ledger.stored(ROOT, ledger.FIELD)}
ALL = ledger.claims_of(PAPERS)
TIMES = np.linspace(0, 2, 7)


@pytest.fixture(scope="module")
def found():
    context = Context()
    return {outcome.claim.identifier: outcome for outcome in evaluate(ALL, context)}


def test_there_are_enough_of_enough_papers():
    assert len(ALL) >= 60
    assert len(PAPERS) >= 9
    assert list(KEPT) == [claim.identifier for claim in ALL]
    assert len(KEPT) == len(ALL)
    for key, paper in PAPERS.items():
        assert {ledger.paper_of(claim.identifier) for claim in paper.claims} == {key}


@pytest.mark.parametrize("claim", ALL, ids=lambda claim: claim.identifier)
def test_computed_again_by_both_routes(claim, found):
    outcome = found[claim.identifier]
    assert not outcome.failure
    assert len(outcome.again) == len(claim.calculations)
    assert outcome.routes_agree
    assert close(KEPT[claim.identifier], ledger.record(outcome))
    if outcome.verdict is Verdict.FAILS:
        assert claim.instead is not None


def test_numbers_of_the_page_are_those_of_the_records():
    """Of three digits and more; what is printed is the paper's."""
    prose = (ROOT / "docs" / "field.md").read_text("utf-8").split(ledger.END)[1]
    numbers = set(re.findall(r"(?<![\w.])\d\.\d{3,}", prose)) - {"0.8264"}
    records = KEPT["2411.01175.exponent"]
    found = [records["plain"], *records["readings"], *records["compared"]]
    assert numbers == {f"{one['result']:.3f}" for one in found} - {"0.826"}
    assert KEPT["2606.11557.same"]["compared"][0]["result"] == 8


def test_routes_that_differ_are_seen():
    (claim,) = PAPERS["1811.04005"].claims[2:3]
    wrong = replace(claim, plain=Reading("words", claim.plain.compute, again=lambda _: 0.9))
    (outcome,) = evaluate([wrong])
    assert outcome.verdict is Verdict.HOLDS
    assert outcome.routes_agree is False
    assert "second route DISAGREES" in entry(outcome)


@pytest.mark.parametrize(
    ("model", "initial"),
    [
        (SpinCharger(2, 3, 1, 1, 0.4), None),
        (SpinCharger(3, 3, 1), dicke(1, 2)),
        (CavityCharger(2, 1), None),
        (CavityCharger(2, 0.3, 1, 1), coherent(0.6)),
        (TwoPhotonCharger(2, 1), None),
        (ClassicalDrive(3, 1, cell_longitudinal=0.2), None),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_judge_is_what_pauli_matrices_give(model, initial):
    brute = oracle.energy(model, initial, TIMES)
    np.testing.assert_allclose(Brute(model, initial).energy(TIMES), brute, rtol=0, atol=1e-9)


def test_a_paper_by_its_number(capsys):
    assert main(["claims", "--paper", "1811.04005", "2302.09905", "--processes", "1"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("S. Julià-Farré et al.: Bounds on the capacity and power")
    assert shown.endswith(
        "8 of 8 statements of 2 papers: 7 hold as they stand, 1 under a stated reading, and 0 do "
        "not\n"
    )
    assert shown.index("1811.04005.entangled") < shown.index("X. Yang et al.")


def test_several_papers_have_a_heading_and_a_sum_each(monkeypatch, capsys):
    def first_of_each(chosen, processes):
        keys = {ledger.paper_of(claim.identifier): claim for claim in reversed(chosen)}
        some = [*keys.values(), next(claim for claim in chosen if claim.section == "beyond")]
        return evaluate(some)

    monkeypatch.setattr("symbattery.app.paper_commands.run", first_of_each)
    assert main(["claims", "--paper", "all"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Y. Huangfu and J. Jing, High-capacity and high-power collective")
    *_, paper, beyond, others = shown.splitlines()
    number = len(ledger.of_the_paper(ledger.stored(ROOT)))
    assert paper.startswith(f"1 of {number} statements of the paper: ")
    assert beyond.startswith(f"1 of {len(ledger.stored(ROOT)) - number} statements beyond the pap")
    assert others.startswith(f"17 of {len(ALL)} statements of {len(PAPERS)} other papers: ")


@pytest.mark.parametrize("key", ["arXiv:1707.04930", "arxiv: 1707.04930v2", "1707.04930v1"])
def test_a_number_may_be_written_as_it_is_cited(key, monkeypatch, capsys):
    monkeypatch.setattr("symbattery.app.paper_commands.run", lambda chosen, _: iter(()))
    assert main(["claims", "--paper", key]) == 0
    assert capsys.readouterr().out.startswith("0 of 3 statements of 1707.04930: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--paper 1234.56789", "`paper` must be one of '2109.00687'"),
        ("--paper 1811.04005 --section II", "`section` must be left open for papers other than"),
        ("--paper all --section II", "`section` must be left open for papers other than"),
    ],
)
def test_what_is_no_paper_or_section_is_refused(options, said, capsys):
    assert main(["claims", *options.split()]) == 2
    assert said in capsys.readouterr().err
