"""Every number that the ledger keeps comes out again, and both routes of a claim give the same."""

import math
from pathlib import Path

import pytest
from symbattery.paper.ledger.readme import stored

from symbattery.paper import Verdict, claims

KEPT = {one["identifier"]: one for one in stored(Path(__file__).parents[3])}


def close(kept, value):
    """Numbers to six digits; an expression is kept as text, and its verdict is compared instead."""
    if isinstance(kept, str) or kept is None:
        return True
    return math.isclose(kept, float(value), rel_tol=1e-6, abs_tol=1e-8)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.identifier)
def test_computed_again(claim, outcomes):
    kept, found = KEPT[claim.identifier], outcomes(claim.identifier)
    assert not found.failure
    assert found.verdict.value == kept["verdict"]
    assert close(kept["plain"]["result"], found.result)
    for values, records in ((found.readings, kept["readings"]), (found.sources, kept["sources"])):
        for value, one in zip(values, records, strict=True):
            assert close(one["result"], value)
    if claim.instead is not None:
        assert close(kept["instead"]["result"], found.instead)
    if claim.witness is not None:
        assert found.routes_agree
    if found.verdict is Verdict.FAILS:
        assert claim.witness is not None
        assert claim.instead is not None
