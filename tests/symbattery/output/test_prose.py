"""Prose with formulas between dollars: as LaTeX, as plain text, and as HTML with MathML."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symbattery.output.mathml import html, mathml
from symbattery.output.prose import latex, plain, scientific
from symbattery.paper.figures import chosen

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        (r"$E_{\max}/\omega_0$ at $g_1 \gg g$", "E_max/ω₀ at g₁ ≫ g"),
        ("a larger $N$, 20 and 200", "a larger N, 20 and 200"),
        ("the eigenvalues $m$ of $J_z$: $-N/2$", "the eigenvalues m of J_z: −N/2"),
        (r"$J_\pm$ as $b^\dagger\sqrt{N - b^\dagger b}$", "J± as b†√(N − b†b)"),
        (r"$\tfrac{1}{2}p_0\,\sin^2(2gt)$, by hand", "½p₀ sin²(2gt), by hand"),
        (r"$|00, m = -1\rangle$ impedes", "|00, m = −1⟩ impedes"),
        ("$[J_+, J_-] = J_z$", "[J₊, J₋] = J_z"),
        (r"$d\ln\eta/d\ln M$ over $M \pm 1$", "d ln η/d ln M over M ± 1"),
        (r"differ by $0.00\,\tilde g\omega_0$", "differ by 0.00 g̃ω₀"),
        (r"$\Vert J_-|\mathrm{up}\rangle\Vert^2/N^2$", "‖J₋|up⟩‖²/N²"),
        (r"$\le 10^{-9}$", "≤ 10⁻⁹"),
        ("Fig. 3(d), panels (a) to (c) of Eq. (A7)", "Fig. 3(d), panels (a) to (c) of Eq. (A7)"),
        (r"$1 - 1/(u^* + \ln 4M)$", "1 − 1/(u* + ln 4M)"),
        (r"$M = 1 \dots 10$ cells", "M = 1 … 10 cells"),
        (r"$\mathcal E/\omega_0$", "ℰ/ω₀"),
        (r"$\tilde g = \sqrt N\,g$ for $N \to \infty$", "g̃ = √N g for N → ∞"),
        (r"$2 - \sup E/\omega_0$, $x^{n+1}$", "2 − sup E/ω₀, xⁿ⁺¹"),
        (r"$m^{1/2}$ or $N_B^{3/2}$", "m^(1/2) or N_B^(3/2)"),
        (r"$h_{M-1-k}^2$, $N^{0.8264}$", "h_(M−1−k)², N^0.8264"),
        (r"$\omega_0\Vert H \Vert/P_{\max}$", "ω₀‖H‖/P_max"),
        ("", ""),
    ],
)
def test_formulas_can_be_read_without_latex(prose, shown):
    assert plain(prose) == shown


@pytest.mark.parametrize(
    ("prose", "source"),
    [
        ("a full charge, 15 % & more", r"a full charge, 15 \% \& more"),
        ("Tavis–Cummings, “non-ideal”", "Tavis--Cummings, ``non-ideal''"),
        ("a_1 < 2 … of $x_1 < 2$", r"a\_1 $<$ 2 \dots{} of $x_1 < 2$"),
    ],
)
def test_text_around_formulas_is_safe_in_latex(prose, source):
    assert latex(prose) == source


@pytest.mark.parametrize(
    ("number", "shown"),
    [("0.5", "0.5"), ("1e-09", "10^{-9}"), ("4.8e-07", r"4.8\cdot 10^{-7}"), ("-2", "-2")],
)
def test_powers_of_ten_are_typeset(number, shown):
    assert scientific(number) == shown


@pytest.mark.parametrize("sign", "☃ω₀×")
def test_what_has_no_latex_is_refused(sign):
    with pytest.raises(ValueError, match=f"no LaTeX is known for '{sign}'"):
        latex(f"a {sign} here")


def statements():
    """All prose of the ledger and of the figures."""
    files = ("claims.json", "field.json")
    for one in [one for name in files for one in json.loads((ROOT / "docs" / name).read_text())]:
        yield from (one["where"], one["says"])
        calculations = [one["plain"], *one["readings"], *one["sources"], *one.get("compared", ())]
        calculations += [one[name] for name in ("witness", "instead") if name in one]
        yield from (calculation["words"] for calculation in calculations)
    yield from (figure.caption for figure in chosen(["all"]))


@pytest.mark.parametrize("prose", sorted(set(statements())))
def test_every_statement_can_be_shown(prose):
    source = latex(prose)
    assert source.isascii()
    assert source.count("$") % 2 == 0
    # Nothing but text is outside of formulas: no index, no power, no sign, no lone letter.
    outside = re.sub(r"\$[^$]*\$", "", source)
    assert not re.search(r"_|\^|(?<![%&])\\(?![%&#_])", outside)
    assert not re.search(r"(?<!['.(])(?<!\. )\b[A-Zb-z]\b(?![.)])", outside)
    shown = html(source)
    tree = ElementTree.fromstring(f"<p>{shown.replace('&nbsp;', ' ')}</p>")
    assert "\\" not in "".join(tree.itertext())
    assert not re.search(r"[\\{}$\u2061]", plain(prose))


def test_alignments_become_tables_of_cells():
    shown = html("where\n\\begin{align*}\nE & = \\sin^{2} x \\\\\nP & = 2\n\\end{align*}\n")
    tree = ElementTree.fromstring(f"<p>{shown}</p>")
    name = "{http://www.w3.org/1998/Math/MathML}"
    rows = list(tree.iter(f"{name}mtr"))
    assert ["".join(row.itertext()) for row in rows] == ["E=sin2x", "P=2"]
    assert [cell.get("class") for cell in rows[0]] == ["left", "right"]


def test_braces_of_a_size_lose_their_backslash():
    shown = mathml(r"\Biggl\{ x \Biggr\}")
    assert ">{</mo>" in shown
    assert ">}</mo>" in shown


def test_text_is_escaped_for_html():
    assert html(r"5 \% \& $a < b$ --- \texttt{x\_1}").startswith("5 % &amp; <math")
    assert "<code>x_1</code>" in html(r"\texttt{x\_1}")


def test_functions_are_kept_apart():
    assert "mspace" in mathml(r"\omega_{0} \sin{\left(x \right)}")
    assert "mspace" not in mathml(r"\sin{\left(x \right)}")
