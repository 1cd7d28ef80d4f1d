r"""Results that a notebook typesets."""

from __future__ import annotations

import re

__all__ = ["LatexRepr", "inline"]


def inline(latex: str) -> str:
    """Displays as mathematics between dollar signs, which every front end typesets."""
    environments = re.sub(r"(\\(?:begin|end)\{)align\*\}", r"\1aligned}", latex.strip())
    blocks = environments.replace("\\end{aligned}\n\\begin{aligned}", r"\\" + "\n")
    return rf"$\displaystyle {blocks}$"


class LatexRepr:
    """Shown by its LaTeX where an object is the last line of a notebook's cell."""

    def _repr_latex_(self) -> str:
        from symbattery.output.latex.results import aslatex

        return inline(aslatex(self))
