"""The text of source code: identifiers, comments that cannot end early, lines of a fit length."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain, count

from sympy import Symbol

__all__ = ["WIDTH", "camel", "identifier", "identifiers", "prose", "wrapped"]

WIDTH = 92
_LONGEST = 40
# After a comma, an operator that no other one follows, or the sign of an assignment.
_BREAK = re.compile(r"(?<=, )|(?<= [-+=] )|(?<=[^*]\*)(?![*^])|(?<=[\w.)\]]/)")
_STATEMENT = re.compile(r"(\s*)(\w+ \+?= |return )(.+)")


def identifier(text: str) -> str:
    """``text`` as an identifier that every language takes."""
    word = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_")[:_LONGEST].rstrip("_")
    return word if word[:1].isalpha() else f"v_{word}".rstrip("_")


def camel(text: str) -> str:
    """An identifier without underscores, beginning in lower case; numbers stay apart."""
    head, *rest = text.split("_")
    word = head[:1].lower() + head[1:]
    for part in rest:
        word += f"x{part}" if part[:1].isdigit() and word[-1:].isdigit() else part.capitalize()
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
    names: dict[Symbol, str] = {}
    for symbol, text in wanted.items():
        word = camel(identifier(text)) if camel_case else identifier(text)
        joint = "" if camel_case else "_"
        candidates = chain((word,), (f"{word}{joint}v{number}" for number in count(2)))
        names[symbol] = next(each for each in candidates if key(each) not in taken)
        taken.add(key(names[symbol]))
    return names


def wrapped(line: str, remark: str = "", continued: str = "", bracketed: bool = False) -> list[str]:
    """A line of code as lines of a fit length; texts and comments are never broken.

    Parameters
    ----------
    line : str
    remark : str
        What begins a comment.
    continued : str
        The end of a line that goes on.
    bracketed : bool
        Whether a statement goes on only where it stands in brackets.
    """
    line = line.rstrip()
    code, mark, comment = line.partition(f"  {remark} ") if remark else (line, "", "")
    if len(code) <= WIDTH or '"' in code or (remark and code.lstrip().startswith(remark)):
        return [line]
    statement = _STATEMENT.fullmatch(code) if bracketed else None
    if statement:
        margin, head, value = statement.groups()
        rows = [f"{margin}{head}(", *wrapped(f"{margin}    {value}"), f"{margin})"]
    else:
        rows = list(_broken(code, continued))
    return [*rows[:-1], rows[-1] + mark + comment]


def _broken(code: str, continued: str) -> Iterator[str]:
    margin = code[: len(code) - len(code.lstrip())]
    row = margin
    for part in _BREAK.split(code.lstrip()):
        if len(row + part.rstrip()) > WIDTH - len(continued) and row.strip():
            yield row.rstrip() + continued
            row = f"{margin}    "
        row += part
    yield row.rstrip()


def _plain(text: str) -> str:
    """``text`` for a comment of any language: ASCII, and nothing that could end the comment."""
    shown = text.replace("ħ", "hbar").encode("ascii", "replace").decode("ascii")
    shown = "".join(c if c.isprintable() else " " for c in shown)
    for mark in ("*/", "/*", "*)", "(*", "=#", "#=", '"""', "\\", "$", "??"):
        while mark in shown:
            shown = shown.replace(mark, " ".join(mark) if len(mark) > 1 else "|")
    return shown


def prose(paragraphs: Iterable[str]) -> str:
    """Paragraphs as lines for a comment; an indented one keeps its indent on every line."""
    lines: list[str] = []
    for paragraph in paragraphs:
        text = _plain(paragraph)
        indent = " " * (len(text) - len(text.lstrip()))
        rows = textwrap.wrap(
            text.strip(),
            WIDTH - 8,
            initial_indent=indent,
            subsequent_indent=indent + "  " * bool(indent),
        )
        lines += rows or [""]
    return "\n".join(lines)
