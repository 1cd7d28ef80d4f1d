"""The LaTeX document: whole, compilable, and honest about the paper."""

import re
import subprocess

import pytest

from symbattery import (
    InvalidArgument,
    SpinCharger,
    dicke,
    short_times,
    solve,
    thermal_charger,
    two_cells,
)
from symbattery.core.latex_dispatch import aslatex
from symbattery.limits.infinite_charger import charger_limit
from symbattery.limits.large_charger import many_chargers
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.model.symbols import M, N, g, g_1, gamma, m
from symbattery.output.latex import compile as tex
from symbattery.output.latex.document import document, page, section
from tests.symbattery.emit.cases import SOLUTIONS

NEEDS_TEX = pytest.mark.skipif(tex.engine() is None, reason="no TeX engine (pdflatex) is installed")


def has_class(name):
    """Whether TeX finds a document class."""
    found = subprocess.run(["kpsewhich", f"{name}.cls"], capture_output=True, check=False)
    return bool(found.stdout.strip())


def test_document_holds_everything(tmp_path):
    text = two_cells().to_tex(tmp_path / "two.tex").read_text(encoding="utf-8")
    for piece in (
        r"\xi & \equiv",
        "c_{2}(t) & =",
        "E(t) & =",
        "P(t) & =",
        r"E_{\max} & =",
        r"\geq 2",
    ):
        assert piece in text


def test_document_shows_printed_and_derived_where_they_differ(tmp_path):
    text = thermal_charger().to_tex(tmp_path / "thermal.tex").read_text(encoding="utf-8")
    assert "does not agree" in text
    assert r"\text{printed: }" in text
    assert r"\text{derived: }" in text


@NEEDS_TEX
@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("kind", ["article", "revtex"])
def test_every_formula_compiles_without_a_warning(kind, columns, tmp_path):
    """No overfull box in any exported formula, one or two columns."""
    if kind == "revtex" and not has_class("revtex4-2"):
        pytest.skip("revtex4-2 (texlive-publishers) is not installed")
    width = page(kind, columns).width
    sections = [section(make(), name, width=width) for name, make in SOLUTIONS.items()]
    source = tmp_path / "all.tex"
    source.write_text(document(sections, "All", kind, columns), encoding="utf-8")
    made = tex.typeset(source, tex.engine())
    assert made.warnings == ()
    assert made.path.read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.pdf", "all.tex"]


@NEEDS_TEX
@pytest.mark.parametrize("kind", ["article", "revtex"])
def test_single_formulas_and_results_compile(kind, tmp_path):
    """Energies written out, maxima, series and limits, each in a display of a narrow column."""
    if kind == "revtex" and not has_class("revtex4-2"):
        pytest.skip("revtex4-2 (texlive-publishers) is not installed")
    width = page(kind, 2).width
    body = []
    for name in ("N-3", "N-8", "m-5", "roots-4", "two-m", "thermal-2-N", "up-3"):
        energy = SOLUTIONS[name]().latex("energy", width=width)
        body.append("\\[" + energy + "\\]")
    results = [
        two_cells(excited=m).maximum(),
        two_cells().max_power(),
        solve(SpinCharger(3, 4)).maximum(),
        solve(SpinCharger(3, 4)).max_power(),
        many_chargers(two_cells(), 2),
        strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1)),
        strong_crosstalk(SpinCharger(M, N, charger_crosstalk=g_1), dicke(0, m)),
        charger_limit(solve(SpinCharger(3, N))),
        *two_cells().comparisons(),
    ]
    body += [aslatex(result, width=width) for result in results]
    series = short_times(SpinCharger(M, N, anisotropy=gamma), dicke(0, m), order=4)
    body.append("\\[" + aslatex(series, width=width) + "\\]")
    # A table has no lines to break: it spans both columns, as an author would have it.
    table = aslatex(two_cells().verify(digits=20, points=1), width=width)
    body.append("\\begin{table*}" + table + "\\end{table*}")
    source = tmp_path / "results.tex"
    source.write_text(document(body, "Results", kind, 2), encoding="utf-8")
    assert tex.typeset(source, tex.engine()).warnings == ()


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


def test_pairs_of_brackets_are_whole(tmp_path):
    text = SOLUTIONS["thermal-2-8"]().to_tex(tmp_path / "a.tex", columns=2).read_text("utf-8")
    for display in re.findall(r"begin\{align\*\}(.*?)end\{align", text, re.S):
        for size in ("big", "Big", "bigg", "Bigg"):
            assert len(re.findall(rf"\\{size}l\b", display)) == len(
                re.findall(rf"\\{size}r\b", display)
            )
        for line in display.splitlines():
            assert line.count("{") == line.count("}")
            assert line.count(r"\left") == line.count(r"\right")


def test_a_fragment_has_displays_alone(tmp_path):
    text = two_cells().to_tex(tmp_path / "a.tex", None, columns=2).read_text("utf-8")
    assert text.startswith(r"\begin{align*}")
    assert "documentclass" not in text


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"document": "book"}, "document"),
        ({"document": 1}, "document"),
        ({"columns": 3}, "columns"),
        ({"columns": True}, "columns"),
        ({"names": {g: r"\input{x}"}}, "names"),
    ],
)
def test_bad_documents_leave_nothing(arguments, named, tmp_path):
    with pytest.raises(InvalidArgument, match=f"`{named}"):
        two_cells().to_tex(tmp_path / "a.tex", **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["missing/folder/a.tex", "."])
def test_unwritable_path(where, tmp_path):
    with pytest.raises(InvalidArgument, match="`path` must"):
        two_cells().to_tex(tmp_path / where)
    assert list(tmp_path.iterdir()) == []
