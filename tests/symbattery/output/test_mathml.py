"""LaTeX prose and displays as HTML with MathML."""

from xml.etree import ElementTree

from symbattery.output.mathml import html, mathml


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


def test_functions_are_kept_apart():
    assert "mspace" in mathml(r"\omega_{0} \sin{\left(x \right)}")
    assert "mspace" not in mathml(r"\sin{\left(x \right)}")
