"""Prose with formulas in Unicode, as LaTeX and as MathML."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from symbattery.app.report.words import latex

from symbattery.output.mathml import html
from symbattery.paper.figures import chosen

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("E_max/ω₀ at g₁ ≫ g", r"$E_{\mathrm{max}} / \omega_{0}$ at $g_{1} \gg g$"),
        ("a larger N, 20 and 200", "a larger $N$, 20 and 200"),
        ("the eigenvalues m of J_z: −N/2", r"the eigenvalues $m$ of $J_{z}$: $- N / 2$"),
        ("J± as b†√(N − b†b)", r"$J_{\pm}$ as $b^{\dagger} \sqrt{N - b^{\dagger} b}$"),
        ("½p₀ sin²(2gt), by hand", r"$\tfrac{1}{2} p_{0}\, \sin^{2} (2 gt)$, by hand"),
        ("|00, m = −1⟩ impedes", r"$|00, m = - 1\rangle$ impedes"),
        ("[J₊, J₋] = J_z", "$[J_{+}, J_{-}] = J_{z}$"),
        ("d ln η/d ln M over M ± 1", r"$d\ln \eta / d\ln M$ over $M \pm 1$"),
        ("differ by 0.00 g̃ω₀", r"differ by $0.00\, \tilde{g} \omega_{0}$"),
        ("‖J₋|up⟩‖²/N²", r"$\Vert J_{-} |\mathrm{up}\rangle \Vert^{2} / N^{2}$"),
        ("<= 1e-9", r"$\le 10^{-9}$"),
        ("Fig. 3(d), panels (a) to (c) of Eq. (A7)", "Fig. 3(d), panels (a) to (c) of Eq. (A7)"),
        ("a full charge, 15 % & more", r"a full charge, 15 \% \& more"),
        ("Tavis–Cummings, non-ideal", "Tavis--Cummings, non-ideal"),
        ("1 − 1/(u* + ln 4M)", r"$1 - 1 / (u^{*} + \ln 4 M)$"),
        ("M = 1 … 10 cells", r"$M = 1 \dots 10$ cells"),
        ("", ""),
    ],
)
def test_formulas_are_found_in_prose(words, expected):
    assert latex(words) == expected


def test_what_has_no_latex_is_refused():
    with pytest.raises(ValueError, match="no LaTeX is known for '☃'"):
        latex("a ☃ here")


def said():
    """All prose of the ledger and of the figures."""
    for one in json.loads((ROOT / "docs" / "claims.json").read_text("utf-8")):
        yield from (one["where"], one["says"], one["printed"])
        calculations = [one["plain"], *one["readings"], *one["sources"]]
        calculations += [one[name] for name in ("witness", "instead") if name in one]
        yield from (calculation["words"] for calculation in calculations)
    yield from (sheet.caption for sheet in chosen(["all"]))


@pytest.mark.parametrize("words", sorted(set(said())))
def test_every_statement_can_be_shown(words):
    source = latex(words)
    assert source.isascii()
    assert source.count("$") % 2 == 0
    # Nothing but text is outside of formulas: no index, no power, no sign.
    outside = re.sub(r"\$[^$]*\$", "", source)
    assert not re.search(r"_|\^|(?<![%&])\\(?![%&#_])", outside)
    shown = html(source)
    tree = ElementTree.fromstring(f"<p>{shown.replace('&nbsp;', ' ')}</p>")
    assert "\\" not in "".join(tree.itertext())


def test_alignments_become_tables_of_cells():
    shown = html("where\n\\begin{align*}\nE & = \\sin^{2} x \\\\\nP & = 2\n\\end{align*}\n")
    tree = ElementTree.fromstring(f"<p>{shown}</p>")
    name = "{http://www.w3.org/1998/Math/MathML}"
    rows = list(tree.iter(f"{name}mtr"))
    assert ["".join(row.itertext()) for row in rows] == ["E=sin2x", "P=2"]
    assert [cell.get("class") for cell in rows[0]] == ["left", "right"]


def test_text_is_escaped_for_html():
    assert html(r"5 \% \& $a < b$ --- \texttt{x\_1}").startswith("5 % &amp; <math")
    assert "<code>x_1</code>" in html(r"\texttt{x\_1}")
