"""Results and laws in the report: what the pages of the documentation say, typeset."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from symbattery.app.report.laws import LAWS, RESULTS
from symbattery.output.mathml import html

DOCS = Path(__file__).parents[4] / "docs"
_SPACES = (r"\,", r"\mathrm", r"{\rm", "&", r"\qquad", r"\quad", "\\\\")
# By Cramer's rule, the ratio of determinants there.
CRAMER = r"\overlineE=\omega_0\mu^TG^-1\kappa"


def bare(formula):
    """A formula without spaces, braces and the stop at its end."""
    for sign in _SPACES:
        formula = formula.replace(sign, "")
    return re.sub(r"[\s{}]", "", formula.replace(r"\vert", "|")).strip(".,;:")


PAGES = bare("".join((DOCS / name).read_text("utf-8") for name in ("laws.md", "index.md")))


def formulas(text):
    written = re.findall(r"\\begin\{align\*\}(.*?)\\end\{align|\$([^$]+)\$", text, re.S)
    for display, inline in written:
        yield from filter(None, map(bare, (display or inline).split("\\\\\n")))


def texts(law):
    rows = law.table.rows if law.table else ()
    return [law.statement, law.standing, *(cell for row in rows for cell in row)]


STATED = [*(one.statement for one in RESULTS), *(text for law in LAWS for text in texts(law))]


@pytest.mark.parametrize("text", STATED)
def test_every_formula_is_one_of_the_documentation(text):
    for formula in formulas(text):
        # What is shorter is no statement.
        assert len(formula) < 14 or formula == CRAMER or formula in PAGES


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.title)
def test_every_law_can_be_shown_and_computed(law):
    for text in texts(law):
        assert not re.search(r"\\|\$|merror", re.sub("<[^>]*>", "", html(text)))
    assert f"## {law.title}" in (DOCS / "laws.md").read_text("utf-8")
    for name in law.functions:
        module, _, function = name.rpartition(".")
        assert callable(getattr(import_module(module), function))


def test_results_stand_as_on_the_first_page_of_the_site():
    page = (DOCS / "index.md").read_text("utf-8")
    titles = re.findall(r"(?m)^- \[(.+?)\]\(laws.md#", page)
    assert [one.statement.split(": ")[0] for one in RESULTS] == titles
