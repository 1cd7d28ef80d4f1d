r"""Where the stored energy and the average power are largest.

For one swing :math:`E/\omega_0=F(S)=a\,S(1+rS)`, :math:`S=\sin^2\varphi`, :math:`a>0`:
:math:`F'(S)=a(1+2rS)` is positive on [0, 1) when :math:`r\ge-\tfrac12`, so that
:math:`E_{\max}=a(1+r)` at :math:`\varphi=\pi/2`; otherwise :math:`E_{\max}=-a/(4r)` at
:math:`S=-1/(2r)`. The power :math:`\propto F(\sin^2\varphi)/\varphi` is stationary where
:math:`h=\varphi F'-F=0`; :math:`h'=\varphi F''` changes sign once before the first maximum of
:math:`F` (``derivations/two_cells.py``), and :math:`h<0` from there to :math:`\pi/2`, so that the
root in :math:`(0,\pi/2)` is the only one. No later time does better, because :math:`F` is never
larger and :math:`1/\varphi` falls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from sympy import (
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Lt,
    Ne,
    Piecewise,
    Poly,
    Rational,
    S,
    Symbol,
    asin,
    ceiling,
    diff,
    factorint,
    floor,
    fraction,
    ilcm,
    minimal_polynomial,
    nsimplify,
    pi,
    radsimp,
    roots,
    sin,
    sqrt,
    tan,
    together,
)
from sympy.logic.boolalg import Boolean

from numerics import checks
from symbattery.errors import UnsolvedError
from symbattery.forms import tidy
from symbattery.implicit import ImplicitRoot
from symbattery.peaks import CertainPeak, first_peak, largest_until
from symbattery.solutions import Solution, Swing

__all__ = ["KINDS", "BestStart", "Maximum", "best_excited", "max_power", "maximum", "power_root"]

KINDS = ("supremum", "first peak", "window")


@dataclass(frozen=True)
class Maximum:
    """A largest value, where it is taken, and under which condition.

    Attributes
    ----------
    value : Expr
        In the unit of the frequency (energy) or of frequency times coupling (power).
    time : Expr or None
        When it is reached for the first time; None where it is approached but never reached.
    kind : str
        ``"supremum"`` over all times, ``"first peak"``, or ``"window"``.
    condition : Boolean
        On the parameters.
    otherwise : Maximum or None
        What holds where the condition does not.
    enclosure : tuple or None
        Proven bounds on the time, where it is not exact.
    """

    value: Expr
    time: Expr | None
    kind: str
    condition: Boolean = S.true
    otherwise: Maximum | None = None
    enclosure: tuple[Expr, ...] | None = None

    @property
    def attained(self) -> bool:
        """Whether some time reaches the value."""
        return self.time is not None


@dataclass(frozen=True)
class BestStart:
    """The number of excited charger spins with the largest stored energy.

    Attributes
    ----------
    excited : Expr
        The best number.
    value : Expr
        The stored energy it reaches.
    condition : Boolean
        On the parameters.
    """

    excited: Expr
    value: Expr
    condition: Boolean


def _half_reached(ratio: Expr) -> Boolean:
    """The condition r ≥ -1/2, solved for an integer parameter where there is just one."""
    numerator, _ = fraction(tidy(1 + 2 * ratio))
    if not numerator.free_symbols:
        return S.true if numerator >= 0 else S.false
    symbols = list(numerator.free_symbols)
    if len(symbols) == 1 and symbols[0].is_integer and Poly(numerator, *symbols).degree() == 1:
        slope, offset = Poly(numerator, *symbols).all_coeffs()
        if slope > 0:
            return Ge(symbols[0], ceiling(-offset / slope))
    return Ge(numerator.expand(), 0)


def _complement(condition: Boolean) -> Boolean:
    """The negation; N < 2 for a positive integer N is N = 1."""
    if isinstance(condition, Ge) and condition.rhs == 2 and condition.lhs.is_integer:
        return Eq(condition.lhs, 1)
    return Lt(condition.lhs, condition.rhs)


def _needs_number(solution: Solution, name: str) -> None:
    """Refuse a sum with as many frequencies as terms."""
    if solution.families:
        chargers = solution.model.chargers  # type: ignore[union-attr]
        raise UnsolvedError(
            f"`{name}` needs a number of charger spins for a thermal or product state, but "
            f"`chargers` is {chargers}: solve with a number in the model"
        )


def _needs_charging(solution: Solution) -> None:
    """Refuse a battery that may lose energy: then the sign of each part is not known."""
    if any(branch.excited != 0 for branch in solution.branches):
        raise UnsolvedError(
            "maxima are derived for a battery that starts empty; numerics.charge has the maxima of "
            "every start"
        )


def maximum(
    solution: Solution, kind: str | None = None, *, until: Any = None, digits: int = 30
) -> Maximum:
    r"""A largest stored energy, in one of three senses.

    ``"supremum"``, over all times: exact for one frequency, with the condition on the parameters;
    for several that are rationally independent, the supremum over the torus of their phases
    (Kronecker), approached but never reached. ``"first peak"``, the first local maximum, and
    ``"window"``, the largest E up to ``until``, need numbers in place of N and m where there are
    several frequencies: a value to ``digits`` digits and proven bounds on its time.

    Parameters
    ----------
    solution : Solution
    kind : {"supremum", "first peak", "window"}, optional
        Left out, the supremum where it is derived, else the first peak.
    until : real
        End of the window, in 1/energy (in 1/g where the coupling is open).
    digits : int
        Of a value that is not exact.

    Raises
    ------
    InvalidArgument
        An unknown ``kind``, or a window without its end.
    UnsolvedError
        The battery does not start empty, symbols where numbers are needed, or frequencies for
        which no supremum is derived.
    """
    if kind is not None:
        checks.choice("kind", kind, KINDS)
    _needs_number(solution, "maximum")
    if (kind == "window") != (until is not None):
        raise checks.invalid("until", "be given for the kind 'window', and only for it", until)
    if kind == "window":
        return _certain(solution, largest_until(solution, until, digits), kind)
    if kind == "first peak":
        if solution.beats or len(solution.swings) > 1:
            return _certain(solution, first_peak(solution, digits), kind)
        return _renamed(_supremum(solution), kind)
    try:
        return _supremum(solution)
    except UnsolvedError:
        if kind is not None or not solution.beats:
            raise
        return _certain(solution, first_peak(solution, digits), "first peak")


def _renamed(top: Maximum, kind: str) -> Maximum:
    """The supremum of a periodic energy is its first peak as well."""
    return replace(top, kind=kind, otherwise=top.otherwise and _renamed(top.otherwise, kind))


def _certain(solution: Solution, peak: CertainPeak, kind: str) -> Maximum:
    unit = 1 / solution.model.coupling if "coupling" in solution.parameters else S.One
    scale = solution.model.frequency if "frequency" in solution.parameters else S.One
    bounds = tuple(unit * bound for bound in peak.enclosure)
    return Maximum(scale * peak.value, unit * peak.time, kind, enclosure=bounds)


def _supremum(solution: Solution) -> Maximum:
    _needs_charging(solution)
    swings, omega = solution.swings, solution.model.frequency
    if solution.beats:
        return _full_charge(solution)
    if not swings:
        return Maximum(S.Zero, S.Zero, "supremum")
    if len(swings) == 1:
        return _single(swings[0], omega, solution)
    return _torus(swings, omega)


def _full_charge(solution: Solution) -> Maximum:
    r"""Two rationally independent frequencies that can charge the battery fully.

    The last amplitude is largest on the torus at :math:`\sum_r|A_{Mr}|` (odd M) or at the larger
    one of its positive and negative parts (even M). Where that is 1, the supremum is
    :math:`M\omega_0`, and a time that reaches it would make the ratio of the frequencies rational.
    """
    cells = int(solution.model.cells)
    if len(solution.branches) == 1 and len(solution.beats) == 1:
        (motion,) = solution.explicit().beats.values()
        (named,) = solution.beats.values()
        if len(named.rates) == 2 and not any(r.free_symbols for r in motion.rates):
            sizes = [v for s, v in named.definitions.items() if s.name.startswith(f"A_{cells}_")]
            put = dict(zip(named.rates, motion.rates, strict=True))
            exact = [radsimp(size.xreplace(put)) for size in sizes]
            ratio = radsimp(motion.rates[0] / motion.rates[1])
            if _reach(exact, cells) == 1 and minimal_polynomial(ratio, polys=True).degree() > 1:
                return Maximum(cells * solution.model.frequency, None, "supremum")
    raise UnsolvedError(
        "no closed form of the supremum is derived for these frequencies; ask for the kind "
        "'first peak' or 'window'"
    )


def _reach(sizes: list[Expr], cells: int) -> Expr:
    """The largest modulus of the last amplitude over all phases."""
    if cells % 2:
        return nsimplify(sum(abs(size) for size in sizes)).simplify()
    up = sum((s for s in sizes if s.evalf(30) > 0), S.Zero)
    down = -sum((s for s in sizes if s.evalf(30) < 0), S.Zero)
    return (up if up.evalf(30) > down.evalf(30) else down).simplify()


def _single(swing: Swing, omega: Expr, solution: Solution) -> Maximum:
    a, r = swing.size, swing.ratio
    condition = _half_reached(r)
    top = Maximum(omega * tidy(a * (1 + r)), pi / (2 * swing.rate), "supremum", condition)
    if condition == S.true:
        return top
    below = Maximum(
        omega * tidy(-a / (4 * r)),
        asin(sqrt(tidy(-1 / (2 * r)))) / swing.rate,
        "supremum",
        _complement(condition) if condition != S.false else S.true,
    )
    if condition == S.false:
        return below
    if isinstance(below.condition, Eq):
        # A single value is left: put it in, for a statement without parameters.
        at = {below.condition.lhs: below.condition.rhs}
        put = {**solution.definitions}
        assert below.time is not None
        below = Maximum(
            below.value.subs(at), below.time.subs(put).subs(at), below.kind, below.condition
        )
    return Maximum(top.value, top.time, top.kind, condition, below)


def _squarefree(rate: Expr, unit: Expr) -> tuple[Expr, int]:
    """Write rate/unit = q √d with d squarefree: (q, d)."""
    square = tidy((rate / unit) ** 2)
    if not square.is_Rational:
        raise UnsolvedError(
            f"`maximum` of several frequencies needs numbers, but one is {rate}; numerics.charge "
            "has first_peak and max_energy"
        )
    product = Integer(square.p * square.q)
    core = 1
    for prime, power in factorint(product).items():
        core *= prime ** (power % 2)
    return sqrt(product / core) / square.q, core


def _odd_ratio(a: Expr, b: Expr) -> bool:
    ratio = Rational(a / b)
    return bool(ratio.p % 2 and ratio.q % 2)


def _torus(swings: tuple[Swing, ...], omega: Expr) -> Maximum:
    # √d of distinct squarefree d are linearly independent over the rationals (Besicovitch 1940),
    # so their phases come arbitrarily close to any values together (Kronecker). Rates q√d with
    # the same d reach φ = π/2 together if, and only if, their ratios are odd/odd.
    unit = swings[0].rate
    parts = [_squarefree(s.rate, unit) for s in swings]
    for (a, i), (b, j) in combinations(parts, 2):
        if i == j and not _odd_ratio(a, b):
            raise UnsolvedError(
                "two frequencies are commensurate and never swing up together: no closed form of "
                "the maximum is derived; numerics.charge has first_peak and max_energy"
            )
    if any(_half_reached(s.ratio) != S.true for s in swings):
        raise UnsolvedError(
            "a part of the energy is largest before its swing is up: no closed form of the maximum "
            "is derived; numerics.charge has first_peak and max_energy"
        )
    total = Add(*(s.size * (1 + s.ratio) for s in swings)).expand()
    factored = total.factor()
    short = factored.count_ops() <= total.count_ops() and not factored.could_extract_minus_sign()
    value = omega * (factored if short else total)
    if len({d for _, d in parts}) > 1:
        # Where a part vanishes the others may reach their sum.
        weights = {s.size for s in swings if s.size.is_positive is not True}
        simple = {w for size in weights for w in size.free_symbols}
        ranges = And(*(And(Gt(p, 0), Lt(p, 1)) for p in sorted(simple, key=str)))
        populations = all(_is_population(size) for size in weights)
        condition = ranges if populations else And(*(Ne(w, 0) for w in weights))
        return Maximum(value, None, "supremum", condition)
    slowest = min(q for q, _ in parts)
    denominator = ilcm(*(Rational(q / slowest).q for q, _ in parts))
    rate = next(s.rate for s, (q, _) in zip(swings, parts, strict=True) if q == slowest)
    return Maximum(value, pi * denominator / (2 * rate), "supremum")


def _is_population(size: Expr) -> bool:
    """Whether a size is positive for populations strictly between 0 and 1: p^i (1-p)^j sums."""
    inside = {p: Rational(1, 2) for p in size.free_symbols}
    ends = [size.subs(p, end) for p in size.free_symbols for end in (0, 1)]
    nonnegative = all(p.is_nonnegative for p in size.free_symbols)
    return nonnegative and size.subs(inside) > 0 and any(end == 0 for end in ends)


def max_power(solution: Solution) -> Maximum:
    r"""The largest average power over all times, as an exact implicit number.

    For one cell it is :math:`\sqrt{m(N-m+1)}\,g\omega_0\,\sin^2\varphi/\varphi` at the root of
    :math:`\tan\varphi=2\varphi` (0.7246 for :math:`N=1`; Huangfu and Jing print 0.72).

    Raises
    ------
    UnsolvedError
        The battery does not start empty, or has several frequencies.
    """
    _needs_number(solution, "max_power")
    _needs_charging(solution)
    if solution.beats or len(solution.swings) != 1:
        raise UnsolvedError(
            "`max_power` is derived for one frequency, but E(t) has several; "
            "numerics.charge has max_power for every case"
        )
    (swing,) = solution.swings
    root = power_root(swing.ratio)
    value = solution.model.frequency * swing.rate * swing.energy(sin(root) ** 2) / root
    return Maximum(value, root / swing.rate, "supremum")


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


def best_excited(solution: Solution) -> BestStart:
    r"""The number :math:`m` of excited charger spins with the largest stored energy.

    For two cells :math:`E_{\max}(m)=8b_0^2b_1^2\omega_0/(b_0^2+b_1^2)^2` is largest, and equal to
    :math:`2\omega_0`, where the two hops agree, at :math:`m=N/2+1`. For odd :math:`N` the numbers
    next to it are equally good by the mirror symmetry :math:`m\to N+2-m`, and the smaller one is
    :math:`\lfloor N/2\rfloor+1` as well.

    Raises
    ------
    UnsolvedError
        The number of excited charger spins is no symbol, or the energy does not depend on it.
    """
    _needs_number(solution, "best_excited")
    m = solution.parameters.get("excited")
    if m is None or len(solution.swings) != 1 or len(solution.branches) != 1:
        raise UnsolvedError(
            "`best_excited` needs a solution with a symbolic number of excited charger spins, "
            "such as two_cells(excited=m)"
        )
    (swing,) = solution.swings
    value = tidy(swing.size * (1 + swing.ratio))
    if m not in value.free_symbols:
        raise UnsolvedError(
            f"every number of excited charger spins reaches the same stored energy {value}"
        )
    slope, _ = fraction(together(diff(value, m)))
    full = [
        root
        for factor_, _ in Poly(slope, m).factor_list()[1]
        for root in roots(factor_, m)
        if tidy(value.subs(m, root)) == solution.model.cells
    ]
    if len(full) != 1:
        raise UnsolvedError("no number of excited charger spins charges the battery fully")
    (best,) = full
    half = Symbol("delta")
    if tidy(value.subs(m, best + half) - value.subs(m, best - half)) != 0:
        raise UnsolvedError("the stored energy is not symmetric about the best start")
    odd = best - Rational(1, 2)
    chargers = solution.model.chargers  # type: ignore[union-attr]
    omega = solution.model.frequency
    return BestStart(
        excited=floor(best.expand()),
        value=Piecewise(
            (omega * solution.model.cells, Eq(chargers % 2, 0)),
            (omega * tidy(value.subs(m, odd)), True),
        ),
        condition=Ge(chargers, 2),
    )
