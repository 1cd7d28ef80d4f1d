r"""LaTeX of anything that was derived: one dispatch, to which the printers register."""

from __future__ import annotations

import re
from functools import singledispatch
from typing import Any

from numerics.model.checks import invalid

__all__ = ["NOTEBOOK", "LatexRepr", "aslatex", "inline"]


@singledispatch
def aslatex(obj: Any, *, names: Any = None, width: Any = None) -> str:
    r"""LaTeX of an expression, a solution, a maximum, an expansion, a verification or a table.

    Parameters
    ----------
    obj
        What is to be printed.
    names : mapping of Symbol to str, optional
        How symbols are written, e.g. ``{g: r"\lambda"}``.
    width : {"revtex-column", "revtex", "article-column", "article"} or float, optional
        Lines are broken at this width (246, 510, 229.5 or 345 points); beyond some lines, parts
        get names that are defined first. One line each if left out.

    Raises
    ------
    InvalidArgument
        Nothing is known about how to print ``obj``; a name is no LaTeX, or would be that of
        another symbol; an unknown width.
    """
    raise invalid("obj", "be an expression, a solution or a result of one", type(obj).__name__)


def inline(latex: str) -> str:
    """Displays as mathematics between dollar signs, which every front end typesets."""
    environments = re.sub(r"(\\(?:begin|end)\{)align\*\}", r"\1aligned}", latex.strip())
    blocks = environments.replace("\\end{aligned}\n\\begin{aligned}", r"\\" + "\n")
    return rf"$\displaystyle {blocks}$"


NOTEBOOK = 380.0
"""The width of a line in a notebook, in points."""


class LatexRepr:
    """Shown by its LaTeX where an object is the last line of a notebook's cell."""

    def _repr_latex_(self) -> str:
        return inline(aslatex(self, width=NOTEBOOK))
