"""The LaTeX document: whole, compilable, and honest about the paper."""

import re

import pytest

from symbattery import (
    InvalidArgument,
    SpinCharger,
    dicke,
    product,
    single_cell,
    solve,
    tex,
    thermal_charger,
    two_cells,
)
from symbattery.symbols import N, gamma, m, omega_C, p_1

SOLUTIONS = {
    "single": single_cell,
    "single-m": lambda: single_cell(excited=m),
    "single-gamma": lambda: single_cell(1, anisotropy=gamma),
    "detuned": lambda: solve(SpinCharger(1, N, charger_frequency=omega_C)),
    "two": two_cells,
    "two-m": lambda: two_cells(excited=m),
    "two-1": lambda: two_cells(1),
    "two-7": lambda: two_cells(7),
    "dark": lambda: solve(SpinCharger(2, 3), dicke(0, 0)),
    "flipped": lambda: solve(SpinCharger(2, 4), product([1, 0], [1] * 4)),
    "thermal": thermal_charger,
    "thermal-1-4": lambda: thermal_charger(cells=1, chargers=4, thermal=4),
    "thermal-2-8": lambda: thermal_charger(chargers=8, thermal=8),
    "thermal-1-N": lambda: thermal_charger(cells=1, chargers=N, thermal=N),
    "thermal-2-N": lambda: thermal_charger(chargers=N, thermal=N),
    "one-thermal-2-N": lambda: thermal_charger(chargers=N),
    "half-up": lambda: solve(SpinCharger(2, 2 * m), product([0, 0], [(1, m), (0, m)])),
}


def test_document_holds_everything(tmp_path):
    text = two_cells().to_tex(tmp_path / "two.tex").read_text(encoding="utf-8")
    for piece in (r"\xi \equiv", "c_{2}(t) =", "E(t) =", "P(t) =", r"E_{\max} =", r"\geq 2"):
        assert piece in text


def test_document_shows_printed_and_derived_where_they_differ(tmp_path):
    text = thermal_charger().to_tex(tmp_path / "thermal.tex").read_text(encoding="utf-8")
    assert "does not agree" in text
    assert r"\text{printed: } E(t)" in text
    assert r"\text{derived: } E(t)" in text


@pytest.mark.skipif(tex.engine() is None, reason="no TeX engine (pdflatex) is installed")
@pytest.mark.parametrize("name", SOLUTIONS)
def test_every_document_compiles_without_a_warning(name, tmp_path):
    source = SOLUTIONS[name]().to_tex(tmp_path / f"{name}.tex")
    made = tex.typeset(source, tex.engine())
    assert made.warnings == ()
    assert made.path.read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{name}.pdf", f"{name}.tex"]


@pytest.mark.skipif(tex.engine() is None, reason="no TeX engine (pdflatex) is installed")
def test_warnings_and_errors_of_tex_are_seen(tmp_path):
    source = tmp_path / "wide.tex"
    body = r"\documentclass{article}\begin{document}\hbox to 1pt{wide}\ref{no}\end{document}"
    source.write_text(body, encoding="utf-8")
    warnings = tex.typeset(source, tex.engine()).warnings
    assert any("Overfull" in w for w in warnings)
    assert any("Reference" in w for w in warnings)
    source.write_text(r"\documentclass{article}\begin{document}\nonsense\end{document}")
    with pytest.raises(tex.TexError, match="Undefined control sequence"):
        tex.typeset(source, tex.engine())


def test_braces_are_paired_on_every_line(tmp_path):
    text = SOLUTIONS["thermal-2-8"]().to_tex(tmp_path / "a.tex").read_text(encoding="utf-8")
    for line in re.findall(r"^&.*$", text, re.M):
        assert line.count("{") == line.count("}")
        assert line.count(r"\left") == line.count(r"\right")


@pytest.mark.skipif(tex.engine() is None, reason="no TeX engine (pdflatex) is installed")
@pytest.mark.parametrize("charger", [[(p_1, N)], [(1, m), (0, N - m)]], ids=["thermal", "product"])
def test_sums_of_three_cells_compile(charger, tmp_path):
    """Their lines may be too wide, but cases and nested sums are whole."""
    solution = solve(SpinCharger(3, N), product([0] * 3, charger))
    source = solution.to_tex(tmp_path / "three.tex")
    assert tex.typeset(source, tex.engine()).path.exists()


@pytest.mark.parametrize("where", ["missing/folder/a.tex", "."])
def test_unwritable_path(where, tmp_path):
    with pytest.raises(InvalidArgument, match="`path` must"):
        two_cells().to_tex(tmp_path / where)
    assert list(tmp_path.iterdir()) == []
