"""The words of the built pages: no trace of the markup or the docstrings that they come from."""

import re

import pytest

from tests.site.built import html, needs_site, page

pytestmark = needs_site

# The list of all names, and the explorer, which makes its page in the browser.
PAGES = [path for path in html() if path.name not in ("genindex.html", "explorer.html")]
TRACES = {
    "roles": r":[a-z:]+:▯|\{[a-z]+\}▯|:(math|func|mod|class|meth|ref):",
    "backquotes": r"`",
    "emphasis": r"\*\*\w+\*\*|\(\*|\*\)",
    "backslashes": r"\\",
    "mathematics": r"\$|\b[A-Za-z]_(max|\{)|\^\{",
    "directives": r"(^|\s)\.\. \w|::",
    "fields": r"^:\w+|(?i:^type:?$)|\([a-z]{2,},\)",
    "objects": r"<\w[^>]*>|0x[0-9a-f]{4,}|Alias for field|^Bases: object$",
    "other sources": r"^(Examples|Explanation|See Also|References)$|hints",
}


@pytest.mark.parametrize("kind", TRACES)
def test_no_trace_of_markup_is_left(kind):
    trace = re.compile(TRACES[kind])
    texts = ((path.stem, text) for path in PAGES for text in page(path).paragraphs)
    assert [(name, text[:100]) for name, text in texts if trace.search(text)] == []


def test_brackets_are_closed():
    """Half-open intervals have one bracket of either kind, so they are counted together."""
    texts = ((path.stem, text) for path in PAGES for text in page(path).paragraphs)
    torn = [
        (name, text[:100])
        for name, text in texts
        if len(re.findall(r"[(\[{]", text)) != len(re.findall(r"[)\]}]", text))
    ]
    assert torn == []


def test_signatures_are_python():
    """No default is what Python shows of an object, such as its address."""
    texts = ((path.stem, text) for path in PAGES for text in page(path).signatures)
    assert [(name, text) for name, text in texts if re.search("[<~]|0x", text)] == []


def test_no_page_is_empty():
    assert [path.stem for path in PAGES if len(page(path).paragraphs) < 2] == []


def test_every_figure_has_its_data():
    (figures,) = (path for path in PAGES if path.name == "figures.html")
    counts = re.findall(r"data \((\d+) CSV\)", figures.read_text("utf-8"))
    assert counts
    assert "0" not in counts
