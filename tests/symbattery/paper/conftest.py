"""Each claim is evaluated once in a session, whoever asks for it."""

from functools import lru_cache

import pytest
from symbattery.paper.ledger.claim import evaluate_one
from symbattery.paper.ledger.context import Context

from symbattery.paper import claims


@pytest.fixture(scope="session")
def context():
    return Context()


@pytest.fixture(scope="session")
def outcomes(context):
    """The outcome of a claim by its identifier."""
    known = {claim.identifier: claim for claim in claims()}
    return lru_cache(maxsize=None)(lambda name: evaluate_one(known[name], context))
