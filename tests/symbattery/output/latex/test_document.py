"""The LaTeX document: whole, compilable, and honest about the paper."""

import re
import subprocess

import pytest

from symbattery import InvalidArgument, thermal_charger, two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.output.latex.document import TexError, document, engine, page, section, typeset
from symbattery.symbols import g
from tests.systems.solutions import PRINTED, RESULTS

NEEDS_TEX = pytest.mark.skipif(engine() is None, reason="no TeX engine (pdflatex) is installed")


@pytest.fixture(params=["article", "revtex"])
def kind(request):
    """A document class that TeX finds."""
    if request.param == "revtex":
        seen = subprocess.run(["kpsewhich", "revtex4-2.cls"], capture_output=True, check=False)
        if not seen.stdout.strip():
            pytest.skip("revtex4-2 (texlive-publishers) is not installed")
    return request.param


def exported(solution, folder, *arguments, **options):
    return solution.to_tex(folder / "a.tex", *arguments, **options).read_text("utf-8")


def test_document_holds_everything(tmp_path):
    text = exported(two_cells(), tmp_path)
    heads = (r"\xi & \equiv", "c_{2}(t) & =", "E(t) & =", "P(t) & =", r"E_{\max} & =", r"\geq 2")
    assert [head for head in heads if head not in text] == []


def test_document_shows_printed_and_derived_where_they_differ(tmp_path):
    text = exported(thermal_charger(), tmp_path)
    said = ("does not agree", r"\text{printed: }", r"\text{derived: }")
    assert [words for words in said if words not in text] == []


@NEEDS_TEX
@pytest.mark.parametrize("columns", [1, 2])
def test_every_formula_compiles_without_a_warning(kind, columns, tmp_path):
    """No overfull box in any exported formula, one or two columns."""
    width = page(kind, columns).width
    sections = [section(make(), name, width=width) for name, make in PRINTED.items()]
    source = tmp_path / "all.tex"
    source.write_text(document(sections, "All", kind, columns), encoding="utf-8")
    made = typeset(source, engine())
    assert made.warnings == ()
    assert made.path.read_bytes().startswith(b"%PDF")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.pdf", "all.tex"]


@NEEDS_TEX
def test_single_formulas_and_results_compile(kind, tmp_path):
    """Energies written out, maxima, series and limits, each in a display of a narrow column."""
    width = page(kind, 2).width
    names = ("N-3", "N-8", "m-5", "roots-4", "two-m", "thermal-2-N", "up-3")
    formulas = [PRINTED[name]().latex("energy", width=width) for name in names]
    results = {name: aslatex(make(), width=width) for name, make in RESULTS.items()}
    formulas.append(results.pop("expansion"))
    # A table has no lines to break: it spans both columns, as an author would have it.
    table = aslatex(two_cells().verify(digits=20, points=1), width=width)
    body = [
        *("\\[" + formula + "\\]" for formula in formulas),
        *results.values(),
        "\\begin{table*}" + table + "\\end{table*}",
    ]
    source = tmp_path / "results.tex"
    source.write_text(document(body, "Results", kind, 2), encoding="utf-8")
    assert typeset(source, engine()).warnings == ()


@NEEDS_TEX
def test_warnings_and_errors_of_tex_are_seen(tmp_path):
    source = tmp_path / "wide.tex"
    body = r"\documentclass{article}\begin{document}\hbox to 1pt{wide}\ref{no}\end{document}"
    source.write_text(body, encoding="utf-8")
    warnings = typeset(source, engine()).warnings
    assert any("Overfull" in w for w in warnings)
    assert any("Reference" in w for w in warnings)
    source.write_text(r"\documentclass{article}\begin{document}\nonsense\end{document}")
    with pytest.raises(TexError, match="Undefined control sequence"):
        typeset(source, engine())


def test_pairs_of_brackets_are_whole(tmp_path):
    text = exported(PRINTED["thermal-2-8"](), tmp_path, columns=2)
    for display in re.findall(r"begin\{align\*\}(.*?)\\end\{align", text, re.S):
        for size in ("big", "Big", "bigg", "Bigg"):
            left, right = (re.findall(rf"\\{size}{side}\b", display) for side in "lr")
            assert len(left) == len(right)
        for line in display.splitlines():
            assert line.count("{") == line.count("}")
            assert line.count(r"\left") == line.count(r"\right")


def test_no_end_of_a_column_parts_a_formula(tmp_path):
    text = exported(PRINTED["N-8"](), tmp_path, columns=2)
    assert text.count("\\\\*\n& \\quad") > 10
    for display in re.findall(r"begin\{align\*\}(.*?)\\end\{align", text, re.S):
        rows = re.split(r"\\\\\n(?!& \\q?quad)", display)
        # Very long ones have to be parted somewhere.
        assert [row for row in rows if row.count("\n") < 12 and "\\\\\n" in row.strip()] == []
    assert "P(t)" in text


@pytest.mark.parametrize("width", [120, 180, 246, 345])
@pytest.mark.parametrize("name", ["maximum", "crosstalk-M", "power", "approached"])
def test_no_line_begins_with_the_relation_of_a_time(name, width):
    text = aslatex(RESULTS[name](), width=width)
    assert not re.search(r"\\text\{(at|for) \}( [A-Za-z])? *\\\\", text)
    assert r"\text{at } t = " in text or name == "approached"


def test_a_fragment_has_displays_alone(tmp_path):
    text = exported(two_cells(), tmp_path, None, columns=2)
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
        exported(two_cells(), tmp_path, **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["missing/folder/a.tex", "."])
def test_unwritable_path(where, tmp_path):
    with pytest.raises(InvalidArgument, match="`path` must"):
        two_cells().to_tex(tmp_path / where)
    assert list(tmp_path.iterdir()) == []
