"""``docs/paper.md``, which has the form that a software journal asks for, as a page of the site.

The title stands in its front matter, its sections are of the first level, and it cites by keys of
``docs/paper.bib``: ``[@key]``, or ``[@one; @other]``. The journal's own programs number and list
what is cited; here it is done before the page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_PAGE = "paper"
_ENTRY = re.compile(r"^@\w+\{(\w+),\n(.*?)^\}", re.M | re.S)
_FIELD = re.compile(r"^  (\w+) = \{(.*)\},?$", re.M)
_CITED = re.compile(r"\[(@\w+(?:; @\w+)*)\]")


def references(bibliography: str) -> dict[str, dict[str, str]]:
    """The fields of each entry of a bibliography, a field to a line, by its key."""
    return {key: dict(_FIELD.findall(fields)) for key, fields in _ENTRY.findall(bibliography)}


def cited(text: str) -> Iterator[str]:
    """The keys that a text cites, in its order."""
    for found in _CITED.findall(text):
        yield from (key.removeprefix("@") for key in found.split("; "))


def reference(fields: dict[str, str]) -> str:
    """An entry in Markdown."""
    people = fields["author"].replace(" and others", " et al.").split(" and ")
    names = " and ".join([", ".join(people[:-1]), people[-1]] if len(people) > 1 else people)
    place = "*{title}*"
    if "journal" in fields:
        place += ", {journal} **{volume}**, {pages}"
    if "year" in fields:
        place += " ({year})"
    link = "[doi](https://doi.org/{doi})" if "doi" in fields else "[link]({url})"
    return names + f", {place}, {link}.".format(**fields)


def typeset(app: Sphinx, page: str, source: list[str]) -> None:
    """Put the title in its place, sections below it, and numbers and a list for what is cited."""
    if page != _PAGE:
        return
    path = Path(app.srcdir) / "paper.bib"
    app.env.note_dependency(str(path))
    known = references(path.read_text("utf-8"))
    _, front, text = source[0].split("---\n", 2)
    keys = list(dict.fromkeys(cited(text)))
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    text = _CITED.sub(lambda found: str([numbers[key] for key in cited(found[0])]), text)
    (title,) = re.findall(r'^title: "(.*)"$', front, re.M)
    text = re.sub(r"^# ", "## ", text, flags=re.M)
    listed = "\n".join(f"{numbers[key]}. {reference(known[key])}" for key in keys)
    source[0] = f"---\n{front}---\n\n# {title}\n{text}\n{listed}\n"


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("source-read", typeset)
    return {"parallel_read_safe": True}
