"""Each claim is evaluated once in a session, whoever asks for it."""

from functools import lru_cache

import pytest

from symbattery.paper import claims
from symbattery.paper.claim import Context, evaluate_one


@pytest.fixture(scope="session")
def context():
    return Context()


@pytest.fixture(scope="session")
def outcomes(context):
    """The outcome of a claim by its identifier."""
    known = {claim.identifier: claim for claim in claims()}
    return lru_cache(maxsize=None)(lambda name: evaluate_one(known[name], context))
