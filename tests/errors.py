"""One clear error: the argument is named, what it must be is said, and nothing else is shown."""

import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from numerics import InvalidArgument


def one_clear_error(name: str, call: Callable[[], Any], text: str = "") -> str:
    """The message of the refusal, "`…name…` must …, but …", in which ``text`` is found."""
    with warnings.catch_warnings(record=True) as warned:
        # Elsewhere a warning is an error here, and could pass for a refusal.
        warnings.simplefilter("always")
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is what is tested
            call()
    assert not warned
    error, message = caught.value, str(caught.value)
    assert isinstance(error, InvalidArgument)
    where, _, what = message.partition(" must ")
    assert where.startswith("`"), message
    assert name in where, message
    assert "but " in what, message
    assert re.search(text, message), message
    # One error, not the last of a chain: nothing else is shown above it.
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    return message
