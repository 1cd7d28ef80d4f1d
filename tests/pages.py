"""The pages of README and docs as programs: their cells, commands and examples."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Written while the site is built.
_GENERATED = (ROOT / "docs" / "derivations", ROOT / "docs" / "reference" / "modules")

_BLOCK = re.compile(r"^```(\{code-cell\} python|\{shell\}|python)\n(.*?)^```$", re.S | re.M)
_OPTION = re.compile(r"^:([a-z]+):[ ]*(.*)\n", re.M)


def pages() -> list[Path]:
    """README and every page of docs that is kept under version control."""
    found = (ROOT / "docs").rglob("*.md")
    kept = [path for path in found if not any(path.is_relative_to(g) for g in _GENERATED)]
    return sorted([ROOT / "README.md", *kept])


@dataclass(frozen=True)
class Block:
    """What can be run: its kind (``cell``, ``shell`` or ``example``), options and text."""

    kind: str
    options: dict[str, str]
    text: str


def blocks(path: Path) -> list[Block]:
    """The blocks of a page, in its order."""
    found = []
    for name, body in _BLOCK.findall(path.read_text("utf-8")):
        options = {}
        while name != "python" and (match := _OPTION.match(body)):
            options[match[1]] = match[2]
            body = body[match.end() :]
        kind = {"python": "example", "{shell}": "shell"}.get(name, "cell")
        found.append(Block(kind, options, body))
    return found


def prose(path: Path) -> str:
    """A page without its code and mathematics."""
    text = path.read_text("utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = re.sub(r"^```.*?^```$|^:::[^\n]*$", "", text, flags=re.S | re.M)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]*(?:\n[^$\n]+)?\$|`[^`]*`", " ", text, flags=re.S)
    return re.sub(r"\]\([^)]*\)|<!--.*?-->|</?[a-z][^>]*>", " ", text, flags=re.S)
