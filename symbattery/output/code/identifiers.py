"""Identifiers: what a symbol may be called in a language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from sympy import Symbol

__all__ = ["camel", "identifier", "identifiers", "words"]

_LONGEST = 40


def words(text: str) -> frozenset[str]:
    """The words of a list, for reserved ones."""
    return frozenset(text.split())


def identifier(text: str) -> str:
    """``text`` as an identifier that every language takes."""
    word = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:_LONGEST].rstrip("_")
    return word if word[:1].isalpha() else f"v_{word}".rstrip("_")


def camel(text: str) -> str:
    """An identifier without underscores, beginning in lower case; numbers stay apart."""
    head, *rest = text.split("_")
    word = head[:1].lower() + head[1:]
    for piece in rest:
        word += f"x{piece}" if piece[:1].isdigit() and word[-1:].isdigit() else piece.capitalize()
    return word


def identifiers(
    wanted: Mapping[Symbol, str],
    reserved: Collection[str],
    *,
    folded: bool = False,
    camel_case: bool = False,
) -> dict[Symbol, str]:
    """A distinct identifier for each symbol, none of them reserved.

    Parameters
    ----------
    wanted : mapping of Symbol to str
        What each would best be called; those that come first are served first.
    reserved : collection of str
    folded : bool
        Whether case makes no difference.
    camel_case : bool
        Whether underscores are not allowed.
    """

    def key(word: str) -> str:
        return word.lower() if folded else word

    taken = {key(word) for word in reserved}
    found: dict[Symbol, str] = {}
    for symbol, text in wanted.items():
        word = camel(identifier(text)) if camel_case else identifier(text)
        for candidate in _candidates(word, "" if camel_case else "_"):
            if key(candidate) not in taken:
                taken.add(key(candidate))
                found[symbol] = candidate
                break
    return found


def _candidates(word: str, joint: str) -> Iterable[str]:
    yield word
    number = 2
    while True:
        yield f"{word}{joint}v{number}"
        number += 1
