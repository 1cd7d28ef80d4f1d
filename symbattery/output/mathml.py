r"""LaTeX as HTML, its formulas as MathML, which browsers show without help.

What is known is what this package writes: text, ``$…$``, ``align*``, ``\textbf`` and ``\texttt``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from latex2mathml.converter import convert

__all__ = ["html", "mathml"]

_MARKUP = re.compile(
    r"\\begin\{align\*\}(?P<align>.*?)\\end\{align\*\}|\$(?P<inline>[^$]+)\$"
    r"|\\(?P<style>texttt|textbf)\{(?P<styled>(?:[^{}]|\\[{}]|\{\})*)\}",
    re.S,
)
_STYLES = {"texttt": "code", "textbf": "strong"}
_SIGNS = {
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    r"\dots{}": "…", "---": "—", "--": "–", "``": "“", "''": "”", "~": "\u00a0",
}  # fmt: skip
_FUNCTIONS = r"\\(?:arcsin|arccos|sinh|sin|cos|tan|ln|log|sup|max|min)(?![A-Za-z])"
# Spaces that browsers would put around a solidus and an infinity; braces of a size.
_CLOSE = {
    "<mo>/</mo>": '<mo lspace="0" rspace="0">/</mo>',
    "<mo>&#x0002F;</mo>": '<mo lspace="0" rspace="0">/</mo>',
    "<mo>&#x0221E;</mo>": "<mi>&#x0221E;</mi>",
    r">\{</mo>": ">{</mo>",
    r">\}</mo>": ">}</mo>",
}
_OUTER = re.compile(r"^<math[^>]*><mrow>|</mrow></math>$")
# Brackets around nothing high need not stretch, and then stand closer.
_LOW = re.compile(r"\\left([(\[])((?:(?!\\left|\\right|\\frac|\\sum|\\binom).)*?)\\right([)\]])")
# TeX puts a thin space around the names of functions; MathML has to be told.
_BEFORE = re.compile(rf"(?<=[\w)}}\]])\s*(?={_FUNCTIONS})(?<!_\{{)")
_AFTER = re.compile(rf"({_FUNCTIONS})\s+(?=[A-Za-z0-9\\])(?!\\left|\\\W)")


@lru_cache(maxsize=4096)
def mathml(formula: str, display: bool = False) -> str:
    """A formula without its dollars, in a line of text or as a display."""
    spaced = _BEFORE.sub(r"\\, ", _LOW.sub(r"\1\2\3", formula))
    shown = str(convert(_AFTER.sub(r"\1\\, ", spaced), display="block" if display else "inline"))
    for stiff, close in _CLOSE.items():
        shown = shown.replace(stiff, close)
    return shown


def _cell(formula: str, side: str) -> str:
    """One cell of an alignment; a relation in front of it keeps its spaces."""
    inside = mathml("{} " + formula.strip(), display=True) if formula.strip() else ""
    # A row of its own would fill the cell, which then has nothing left to align.
    return f'<mtd class="{side}">{_OUTER.sub("", inside)}</mtd>'


def _aligned(body: str) -> str:
    rows = []
    for line in body.split(r"\\"):
        left, _, right = line.partition("&")
        rows.append(f"<mtr>{_cell(left, 'left')}{_cell(right, 'right')}</mtr>")
    return (
        '<div class="display"><math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
        f'<mtable class="align" displaystyle="true">{"".join(rows)}</mtable></math></div>'
    )


def _plain(latex: str) -> str:
    for sign, shown in _SIGNS.items():
        latex = latex.replace(sign, shown)
    return escape(re.sub(r"\\([%&#_${}])", r"\1", latex), quote=False)


def html(latex: str) -> str:
    """LaTeX, prose and displays, as the inside of an HTML element."""
    out, at = [], 0
    for part in _MARKUP.finditer(latex):
        out.append(_plain(latex[at : part.start()]))
        if part["align"] is not None:
            out.append(_aligned(part["align"]))
        elif part["inline"] is not None:
            out.append(mathml(part["inline"]))
        else:
            tag = _STYLES[part["style"]]
            out.append(f"<{tag}>{_plain(part['styled'])}</{tag}>")
        at = part.end()
    return "".join([*out, _plain(latex[at:])])
