"""The built site, where there is one: every page as what it links to, loads and names."""

import os
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("SYMBATTERY_SITE", ROOT / "build" / "site"))

needs_site = pytest.mark.skipif(
    not (SITE / "index.html").exists(),
    reason=f"no site in {SITE}: build it with `python -m sphinx -W docs build/site`",
)


@dataclass
class Page(HTMLParser):
    """What one page refers to.

    Attributes
    ----------
    links, loads : list of str
        Of plain links, and of whatever the browser fetches by itself.
    names : set of str
        The anchors.
    """

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if "id" in given:
            self.names.add(given["id"])
        for name in ("src", "href", "data", "poster", "action"):
            if name in given:
                plain = tag == "a" or (tag == "form" and name == "action")
                (self.links if plain else self.loads).append(given[name])


@cache
def page(path):
    """A page of the site, read."""
    found = Page()
    found.feed(path.read_text("utf-8"))
    return found


def html():
    """Every page."""
    return sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts)
