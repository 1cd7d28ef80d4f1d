"""The built site, where there is one: every page as what it links to, loads, names and says."""

import os
import re
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

_VOID = {"br", "col", "hr", "img", "input", "link", "meta", "wbr"}
# What begins a paragraph of its own.
_BLOCKS = {"article", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "li", "p", "td", "th", "tr"}
_CODE = {"code", "pre", "script", "style", "svg"}


@dataclass
class Page(HTMLParser):
    """What one page refers to, and its words.

    Attributes
    ----------
    links, loads : list of str
        Of plain links, and of whatever the browser fetches by itself.
    names : set of str
        The anchors.
    paragraphs : list of str
        The text of the article, ``▯`` standing for code, its output and mathematics.
    signatures : list of str
        The text of the entries of functions and classes.
    """

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    paragraphs: list[str] = field(default_factory=lambda: [""])
    signatures: list[str] = field(default_factory=list)
    _open: list[tuple[str, str]] = field(default_factory=list)

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
        classes = given.get("class", "").split()
        if tag in _BLOCKS:
            self.paragraphs.append("")
        if tag not in _VOID:
            kind = "code" if tag in _CODE or {"math", "cell_output"} & {*classes} else ""
            if tag == "dt" and "sig" in classes:
                kind = "signature"
                self.signatures.append("")
            self._open.append((tag, kind or ("article" if tag == "article" else "")))

    def handle_endtag(self, tag):
        while tag not in _VOID and self._open and self._open.pop()[0] != tag:
            pass
        if tag in _BLOCKS:
            self.paragraphs.append("")

    def handle_data(self, data):
        kinds = {kind for _, kind in self._open}
        if "signature" in kinds:
            self.signatures[-1] += data
        elif "article" in kinds:
            self.paragraphs[-1] += "▯" if "code" in kinds else data

    def close(self):
        super().close()
        self.paragraphs = [
            re.sub(r"▯+", "▯", " ".join(text.split())) for text in self.paragraphs if text.strip()
        ]


@cache
def page(path):
    """A page of the site, read."""
    found = Page()
    found.feed(path.read_text("utf-8"))
    found.close()
    return found


def is_new(shown, *others):
    """True for a page that is newer than all sources, and than others beside them."""
    folders = (ROOT / name for name in ("numerics", "symbattery", "derivations", "docs/extensions"))
    sources = [*others, *(path for folder in folders for path in folder.rglob("*.[pjhc]*"))]
    return shown.exists() and shown.stat().st_mtime >= max(p.stat().st_mtime for p in sources)


def computed(source):
    """The text of the page that shows what a file computes, where it is newer than all sources.

    The build of the site has run the file then, and ends where anything in it fails.
    """
    shown = SITE / source.relative_to(ROOT / "docs" if "docs" in source.parts else ROOT)
    shown = shown.with_suffix(".html")
    text = shown.read_text("utf-8") if is_new(shown, source) else ""
    return text if "cell_output" in text else ""


def html():
    """Every page."""
    return sorted(path for path in SITE.rglob("*.html") if "_static" not in path.parts)
