"""Symbols are spelled alike everywhere: ω₀, g₁, E_max in prose, and in LaTeX as one writes it."""

import re

import pytest

from tests.pages import ROOT, pages, prose

# What is not to be found in prose, and what is meant.
PROSE = {
    r"ω0|ω_0|omega_?0\b|\bw0\b": "ω₀",
    r"\bg_?1\b": "g₁",
    r"\bg_?2\b": "g₂",
    r"\bp_?[01]\b": "p₀ or p₁",
    r"\bgamma\b": "γ",
    r"(?<![\w-])xi\b": "ξ",
    r"\beta\b(?!-)": "η",
    r"\bg ?\* ?t\b|\bg t\b": "gt",
    r"\bE_?\{?\\?max\}": "E_max",
    r"\bEmax\b|\bPmax\b": "E_max or P_max",
    r"\bhbar\b": "ħ",
    r"Tavis-Cummings|Jaynes-Cummings": "an en dash between two names",
    r"Huangfu & Jing": "Huangfu and Jing",
    r"\bspin chargers?\b(?!\*| \(2021\))": "charger spins",
    r"\bbattery cells? spins\b": "cells",
}
MATHEMATICS = {
    r"E_\{?(?:\\text|\\mathrm)?\{?max": r"E_{\max}",
    r"P_\{?(?:\\text|\\mathrm)?\{?max": r"P_{\max}",
    r"(?<!\\)\bomega": r"\omega",
    r"(?<!\\)\bgamma": r"\gamma",
    r"(?<!\\)\b(?:sin|cos|tan|max)\b(?!\})": "a backslash before the name of a function",
    r"\\omega0|\\omega_\{0\}": r"\omega_0",
    r"g_\{[12]\}": "g_1 or g_2",
}
PAGES = pages()


def mathematics(path):
    text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.S | re.M)
    text = re.sub(r"`[^`]*`", "", text)
    return "\n".join(re.findall(r"\$\$.*?\$\$|\$[^$]*\$", text, flags=re.S))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.parametrize(("read", "patterns"), [(prose, PROSE), (mathematics, MATHEMATICS)])
def test_symbols(path, read, patterns):
    text = read(path)
    for pattern, meant in patterns.items():
        found = re.search(pattern, text)
        assert found is None, f"{text[max(0, found.start() - 40) : found.end() + 40]!r}: {meant}"


def test_the_search_finds_what_is_wrong(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("The energy Mω0 at g1 and $E_{max}$, `g1`.\n```sh\nomega_0\n```\n", "utf-8")
    assert re.search(next(iter(PROSE)), prose(page))
    assert re.search(r"\bg_?1\b", prose(page))
    assert "omega_0" not in prose(page)
    assert re.search(next(iter(MATHEMATICS)), mathematics(page))
