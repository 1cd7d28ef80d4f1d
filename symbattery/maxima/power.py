r"""The largest average power, as an exact implicit number.

For one Rabi term the power :math:`\propto F(\sin^2\varphi)/\varphi` is stationary where
:math:`h=\varphi F'-F=0`; :math:`h'=\varphi F''` changes sign once before the first maximum of
:math:`F` (``derivations/two_cells.py``), and :math:`h<0` from there to :math:`\pi/2`, so that the
root in :math:`(0,\pi/2)` is the only one. No later time does better, because :math:`F` is never
larger and :math:`1/\varphi` falls. With several frequencies and numbers for all but the units the
root is isolated by the same search as the peaks of E, which ends where a bound on E that holds at
all times, divided by t, excludes every later one.
"""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Eq, Expr, Function, Rational, Symbol, ceiling, floor, pi, sin, tan

from symbattery.core.expressions import UnsolvedError
from symbattery.core.named_roots import ImplicitRoot, NamedExpression
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima.peaks import CertainPeak, highest_power
from symbattery.maxima.result import Maximum, needs_charging, needs_number
from symbattery.maxima.waves import reduced, time_unit
from symbattery.observables.quantities import quantities
from symbattery.symbols import t

__all__ = ["implicit", "max_power", "power_root"]


def max_power(solution: ClosedForm) -> Maximum:
    r"""The largest average power over all times, as an exact implicit number.

    For one cell it is :math:`\sqrt{m(N-m+1)}\,g\omega_0\,\sin^2\varphi/\varphi` at the root of
    :math:`\tan\varphi=2\varphi` (0.7246 for :math:`N=1`; Huangfu and Jing print 0.72).

    Raises
    ------
    UnsolvedError
        The battery does not start empty, nothing moves, or several frequencies with symbols.
    """
    needs_number(solution, "max_power")
    needs_charging(solution)
    if not (solution.motions or solution.rabi_terms):
        raise UnsolvedError("E(t) is constant, because nothing moves: no power is the largest")
    if solution.motions or len(solution.rabi_terms) != 1:
        return _isolated(solution)
    (rabi_term,) = solution.rabi_terms
    root = power_root(rabi_term.ratio)
    value = solution.model.frequency * rabi_term.rate * rabi_term.energy(sin(root) ** 2) / root
    return Maximum(value, root / rabi_term.rate, "supremum")


def _isolated(solution: ClosedForm) -> Maximum:
    """The root of τE' = E that an interval holds alone."""
    peak, unit = highest_power(solution), time_unit(solution)
    assert peak is not None
    plain = reduced(solution, unit)
    scale = solution.model.frequency * unit
    return implicit(peak, quantities(plain)["energy"], plain.definitions, unit, scale, "E")


def implicit(
    peak: CertainPeak,
    mean: Expr,
    definitions: Mapping[Expr, Expr],
    unit: Expr,
    scale: Expr,
    name: str,
) -> Maximum:
    """The largest f/τ by its peak: at the root of τf' = f, with f as ``mean`` of t = τ/``unit``."""
    tau, function = Symbol("tau", positive=True), Function(name)
    equation = Eq(tau * function(tau).diff(tau), function(tau))
    scaled = mean.subs(t, tau)
    lower, upper = _short_bounds(peak)
    falling = NamedExpression(tau * scaled.diff(tau) - scaled, definitions)
    root = ImplicitRoot(tau, falling, upper, equation, lower)
    return Maximum(
        scale * NamedExpression(scaled.subs(tau, root) / root, definitions),
        root / unit,
        "supremum",
        enclosure=tuple(bound / unit for bound in peak.enclosure),
        approximate=scale * peak.value,
    )


def _short_bounds(peak: CertainPeak) -> tuple[Rational, Rational]:
    """The shortest decimals around the root between which it is alone."""
    (low, high), (first, last) = peak.alone, peak.enclosure
    for step in (Rational(1, 10**places) for places in range(40)):
        below, above = floor(first / step) * step, ceiling(last / step) * step
        if low <= below and above <= high:
            return below, above
    return peak.enclosure


def power_root(ratio: Expr) -> ImplicitRoot:
    r"""The phase at which :math:`S(1+rS)/\varphi` with :math:`S=\sin^2\varphi` is largest."""
    phi = Symbol("varphi", positive=True)
    sine = sin(phi)
    rising = 2 * phi * (1 + 2 * ratio * sine**2)
    level = 1 + ratio * sine**2
    equation = Eq(tan(phi), 2 * phi) if ratio == 0 else Eq(level * tan(phi), rising)
    # h/sin φ = 2φ cos φ (1 + 2r sin²φ) - sin φ (1 + r sin²φ), without the pole of the tangent
    stationary = rising * sin(phi + pi / 2) - sine * level
    return ImplicitRoot(phi, stationary, pi / 2, equation)
