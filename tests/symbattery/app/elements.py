"""A page as its tags and text; one that is not whole cannot be read."""

from html.parser import HTMLParser

__all__ = ["Elements"]

_VOID = frozenset({"meta", "link", "input", "img", "br", "mspace"})


class Elements(HTMLParser):
    """Opening tags with their attributes, identifiers, text, and what is left open at the end."""

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.identifiers = set()
        self.open = []
        self.text = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        if "id" in attributes:
            assert attributes["id"] not in self.identifiers
            self.identifiers.add(attributes["id"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "script"} & set(self.open):
            self.text.append(data)
