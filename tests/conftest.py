"""Precision and randomness are the same in every test, whatever ran before."""

import os
from collections.abc import Iterator

# Many small matrices: threads of the linear algebra only get in each other's way. It has to be
# said before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import mpmath
import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=40)
settings.load_profile("fixed")


@pytest.fixture(autouse=True)
def _default_precision() -> Iterator[None]:
    before = mpmath.mp.prec
    mpmath.mp.dps = 15
    yield
    mpmath.mp.prec = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The site's pages come first: one test opens them all while other cores do the rest."""
    items.sort(key=lambda item: "site" not in item.path.parts)
