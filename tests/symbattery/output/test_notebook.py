"""What a notebook typesets and a script prints."""

import builtins
import re

import pytest
from sympy import Rational, Symbol

from symbattery import two_cells
from symbattery.core.latex_dispatch import aslatex
from symbattery.output.notebook import Columns, Formulas, Picture, panels, show
from symbattery.symbols import omega_0
from tests.systems.solutions import RESULTS


@pytest.mark.parametrize("make", [two_cells, *RESULTS.values()], ids=["solution", *RESULTS])
def test_results_are_typeset(make):
    latex = make()._repr_latex_()
    assert latex.startswith(r"$\displaystyle ")
    assert latex.endswith("$")
    # What stands between the dollars is mathematics: no display of its own within.
    assert "align*" not in latex
    assert latex.count("$") == 2
    assert latex.count(r"\begin{aligned}") == latex.count(r"\end{aligned}") <= 1


def test_a_maximum_says_its_value_and_when():
    latex = two_cells().maximum()._repr_latex_()
    assert r"\frac{16 N \left(N - 1\right)}{\left(3 N - 2\right)^{2}} \omega_{0}" in latex
    assert r"\text{for } N \geq 2" in latex


def test_formulas_show_heads_and_values():
    top = two_cells().maximum().value
    formulas = Formulas({r"E_{\max}": top, "": Rational(1, 3)})
    assert str(formulas) == f"E_{{\\max}} = {top}\n1/3"
    first, second = formulas._repr_latex_().split("\n")[1:3]
    assert first.startswith(rf"E_{{\max}} & = {aslatex(top)} \\")
    assert second == r"& \frac{1}{3}"


def test_a_bracket_is_no_option_of_the_environment():
    latex = Formulas({"[t^2]": 1, "[t^4]": 2})._repr_latex_()
    assert not re.search(r"(\\\\|aligned\})\s*\[t", latex)


def test_long_formulas_are_broken():
    x = [Symbol(f"x_{i}") for i in range(40)]
    assert Formulas({"S": sum(x)})._repr_latex_().count(r"\\") >= 2


def test_columns_line_up():
    columns = Columns({"N": [1, 20], "E < 3": [0.123456789, Rational(1, 2)]}, digits=3)
    assert str(columns) == " N  E < 3\n 1  0.123\n20    1/2"
    page = columns._repr_html_()
    assert page.count("<tr>") == 3
    assert "E &lt; 3</th>" in page
    assert "0.123</td>" in page


def test_a_figure_is_drawn_the_same_each_time():
    def drawn() -> str:
        figure, axes = panels(2, sharex=True)
        axes[0].plot([0, 1], [0, 1], "o")
        axes[1].set(xlabel="$gt$", ylabel="$E$")
        assert str(Picture(figure)).endswith("$E$ over $gt$]")
        return Picture(figure)._repr_svg_()

    assert drawn() == drawn()
    assert "<svg" in drawn()


def test_show_prints_in_a_script(capsys):
    show({"E": omega_0})
    show(omega_0)
    show({"E": omega_0}, relation=r"\simeq")
    show(panels()[0])
    assert capsys.readouterr().out.split("\n") == [
        "E = omega_0",
        "omega_0",
        r"E \simeq omega_0",
        "[figure:  over ]",
        "",
    ]


def test_show_displays_in_a_notebook(monkeypatch, capsys):
    displayed = []
    monkeypatch.setattr(builtins, "display", displayed.append, raising=False)
    show({"E": omega_0})
    assert [type(thing) for thing in displayed] == [Formulas]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Formulas({}), "`values` must be a mapping of names"),
        (lambda: Formulas({"E": 1}, width=3), "`width` must be from 120"),
        (lambda: Columns({}), "`values` must be a mapping of headings"),
        (lambda: Columns({"a": [1], "b": [1, 2]}), "`values` must have as many entries"),
        (lambda: Columns({"a": [1]}, digits=0), "`digits` must be"),
        (lambda: panels(0), "`count` must be a positive integer, but is 0"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
