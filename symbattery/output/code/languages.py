"""The table of languages: a printer of expressions, a template and a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

from symbattery.output.code import printer as printers

__all__ = ["LANGUAGES", "Language"]


@dataclass(frozen=True)
class Language:
    """A language: one row of the table.

    Attributes
    ----------
    name : str
    printer : callable
        The :class:`FormulaPrinter` of its expressions, by a dictionary of names.
    remark : str
        A comment that ends a line, ``{}`` standing for its text; none where it is empty.
    reserved : str
        Words that are no identifiers, beyond those that SymPy's printer knows.
    folded, camel_case : bool
        Whether case makes no difference, and whether underscores are not allowed.
    continued : str
        The end of a line that goes on.
    bracketed : bool
        Whether a statement goes on only where it stands in brackets.
    template : str
        Text for Jinja with the macros ``zero``, ``assign``, ``increase`` and ``result``, statements
        in full; ``loop`` and ``when``, how these begin, and ``ends``, how they end; ``pair``, a
        complex number; ``quotient``, of a value that vanishes where the time does; ``file``.
        Left out, that of the file with the name of the language.
    """

    name: str
    printer: type[printers.FormulaPrinter]
    remark: str
    reserved: str = ""
    folded: bool = False
    camel_case: bool = False
    continued: str = ""
    bracketed: bool = False
    template: str = ""

    def text(self) -> str:
        """The template."""
        file = files(__package__) / "templates" / f"{self.name}.jinja"
        return self.template or file.read_text(encoding="utf-8")


LANGUAGES: dict[str, Language] = {
    row.name: row
    for row in (
        Language(
            "c", printers.CPrinter, "/* {} */", """
            main printf fabs pow gamma y0 y1 yn j0 j1 jn round trunc remainder complex I creal
            cimag cexp signgam div abs copysign
            """,
        ),
        Language(
            "fortran", printers.FortranPrinter, "! {}", """
            sqrt floor nint real int cmplx gamma sum index size dp value program module function
            subroutine end if then else do call return result pure elemental use only implicit none
            integer logical parameter stop contains private public allocatable dimension intent in
            out inout type class kind write read print where case select exit cycle counter merge
            mod sign dble char len passed table difference row
            """, folded=True, continued=" &",
        ),
        Language(
            "julia", printers.JuliaPrinter, "# {}", """
            baremodule begin break catch const continue do else elseif end export false finally for
            function global if import let local macro module quote return struct true try using
            while abstract mutable primitive type where in isa outer min max pi im float one
            complex iszero binomial value
            """,
        ),
        Language(
            "javascript", printers.JavaScriptPrinter, "// {}", """
            break case catch class const continue debugger default delete do else enum export
            extends false finally for function if implements import in instanceof interface let new
            null package private protected public return static super switch this throw true try
            typeof var void while with yield await async eval arguments undefined NaN Infinity Math
            module console selfCheck of
            """,
        ),
        Language(
            "octave", printers.OctavePrinter, "% {}", """
            break case catch classdef continue do else elseif end end_try_catch end_unwind_protect
            endfor endfunction endif endswitch endwhile enumeration events for function global if
            methods otherwise parfor persistent properties return spmd switch try until
            unwind_protect while sqrt pi i j e eps inf nan zeros size complex value nargin
            """, continued=" ...",
        ),
        Language("wolfram", printers.WolframPrinter, "", "selfCheck", camel_case=True),
        Language(
            "python", printers.PythonPrinter, "# {}", "math range int len sum list zip",
            bracketed=True,
        ),
    )
}  # fmt: skip
