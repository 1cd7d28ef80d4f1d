"""Results of the comparison of a closed form with independent routes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from html import escape
from typing import Any

import mpmath
from sympy import Integer, Rational, S

from symbattery.core.latex_dispatch import aslatex
from symbattery.output.latex.tables import tabular

__all__ = ["Certification", "Route", "Verification", "dyadic", "mpf", "route"]

_DYADIC = 2**24


@dataclass(frozen=True)
class Route:
    """One comparison.

    Attributes
    ----------
    name : str
        What the closed form was compared with.
    points : int
        At how many random points.
    deviation : float
        The largest deviation, in units of Mω₀.
    digits : int
        Digits agreed, at most those asked for.
    exact : bool
        Whether both sides carry all the digits asked for.
    """

    name: str
    points: int
    deviation: float
    digits: int
    exact: bool


@dataclass(frozen=True)
class Certification:
    """The closed form inside proven enclosures, or not.

    Attributes
    ----------
    points, inside : int
        At how many points there is an enclosure, and in how many of them the closed form lies.
    radius : float
        The largest radius, in units of Mω₀.
    obstacle : str
        Why there are no enclosures; empty where there are.
    """

    points: int = 0
    inside: int = 0
    radius: float = 0.0
    obstacle: str = ""

    @property
    def holds(self) -> bool:
        """The closed form is certified at every point."""
        return not self.obstacle and self.inside == self.points

    def __str__(self) -> str:
        if self.obstacle:
            return f"not certified: {self.obstacle}"
        radius = f"proven balls of radius {self.radius:.1e} Mω₀ at most"
        if self.holds:
            return f"certified: inside {radius}, at all {self.points} points"
        return f"not certified: outside {radius}, at {self.points - self.inside} of {self.points}"


@dataclass(frozen=True)
class Verification:
    """The comparisons of a closed form, and how far they agreed.

    Attributes
    ----------
    digits_asked : int
    routes : tuple of Route
    certification : Certification
    """

    digits_asked: int
    routes: tuple[Route, ...]
    certification: Certification

    @property
    def digits(self) -> int:
        """Digits on which all exact routes agree."""
        return min(route.digits for route in self.routes if route.exact)

    @property
    def deviation(self) -> float:
        """The largest deviation of the exact routes, in units of Mω₀."""
        return max(route.deviation for route in self.routes if route.exact)

    def __repr__(self) -> str:
        certified = "certified" if self.certification.holds else "not certified"
        return f"Verification: {self.digits} of {self.digits_asked} digits agree, {certified}"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"

    def __str__(self) -> str:
        rows = [("closed form against", "points", "largest deviation / Mω₀", "digits")]
        rows += [(r.name, str(r.points), f"{r.deviation:.1e}", str(r.digits)) for r in self.routes]
        widths = [max(len(row[i]) for row in rows) for i in range(4)]
        lines = [
            "  ".join(
                cell.ljust(width) if i == 0 else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        rule = "-" * len(lines[0])
        return "\n".join([lines[0], rule, *lines[1:], str(self.certification)])


@aslatex.register(Verification)
def _(obj: Verification, *, names: Any = None, width: Any = None) -> str:
    if names:
        # No symbol is there that could be named.
        aslatex(Integer(0), names=names)
    del width
    rows = []
    for route in obj.routes:
        mantissa, _, exponent = f"{route.deviation:.1e}".partition("e")
        deviation = rf"${mantissa}\times10^{{{int(exponent)}}}$" if route.deviation else "$0$"
        rows.append([route.name, str(route.points), deviation, str(route.digits)])
    headings = ["closed form against", "points", r"deviation$/M\omega_0$", "digits"]
    return tabular(headings, rows, "lrrr")


def route(name: str, deviations: list[Any], digits: int, exact: bool) -> Route:
    """The comparison by its deviations at every point."""
    largest = max(deviations)
    agreed = digits if largest == 0 else int(mpmath.floor(-mpmath.log10(largest)))
    return Route(name, len(deviations), float(largest), max(0, min(digits, agreed)), exact)


def dyadic(source: random.Random, low: float, high: float) -> Rational:
    """A random fraction that double precision takes exactly."""
    return Rational(source.randint(int(low * _DYADIC), int(high * _DYADIC)), _DYADIC)


def mpf(value: Any) -> Any:
    """A number at the working precision of mpmath."""
    return mpmath.mpmathify(S(value).evalf(mpmath.mp.dps))
