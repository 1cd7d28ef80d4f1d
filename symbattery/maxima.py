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

from dataclasses import dataclass
from itertools import combinations

from sympy import (
    Add,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Lt,
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
    pi,
    roots,
    sin,
    sqrt,
    tan,
    together,
)
from sympy.logic.boolalg import Boolean

from symbattery.errors import UnsolvedError
from symbattery.forms import tidy
from symbattery.implicit import ImplicitRoot
from symbattery.solutions import Solution, Swing

__all__ = ["BestStart", "Maximum", "best_excited", "max_power", "maximum"]


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
        ``"supremum"``: over all times. (Of the periodic cases it is also the first peak.)
    condition : Boolean
        On the parameters.
    otherwise : Maximum or None
        What holds where the condition does not.
    """

    value: Expr
    time: Expr | None
    kind: str
    condition: Boolean = S.true
    otherwise: Maximum | None = None

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


def _needs_charging(solution: Solution) -> None:
    """Refuse a battery that may lose energy: then the sign of each part is not known."""
    if any(branch.excited != 0 for branch in solution.branches):
        raise UnsolvedError(
            "maxima are derived for a battery that starts empty; numerics.charge has the maxima of "
            "every start"
        )


def maximum(solution: Solution) -> Maximum:
    r"""The largest stored energy over all times.

    One frequency: exact, with the condition on the parameters. Several frequencies that are square
    roots of numbers, rationally independent: the supremum over the torus (Kronecker), approached
    but never reached.

    Raises
    ------
    UnsolvedError
        The battery does not start empty, or its frequencies are commensurate in a way that no
        closed form is derived for.
    """
    _needs_charging(solution)
    swings, omega = solution.swings, solution.model.frequency
    if not swings:
        return Maximum(S.Zero, S.Zero, "supremum")
    if len(swings) == 1:
        return _single(swings[0], omega, solution)
    return _torus(swings, omega)


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


def _squarefree(rate: Expr, coupling: Expr) -> tuple[Expr, int]:
    """Write rate/g = q √d with d squarefree: (q, d)."""
    square = tidy((rate / coupling) ** 2)
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
    coupling = swings[0].rate
    parts = [_squarefree(s.rate, coupling) for s in swings]
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
    # At the ends of a population's range a part vanishes, and the others may reach their sum.
    weights = sorted({symbol for s in swings for symbol in s.size.free_symbols}, key=str)
    condition = And(*(And(Gt(p, 0), Lt(p, 1)) for p in weights))
    if len({d for _, d in parts}) > 1:
        return Maximum(value, None, "supremum", condition)
    slowest = min(q for q, _ in parts)
    denominator = ilcm(*(Rational(q / slowest).q for q, _ in parts))
    rate = next(s.rate for s, (q, _) in zip(swings, parts, strict=True) if q == slowest)
    return Maximum(value, pi * denominator / (2 * rate), "supremum", condition)


def max_power(solution: Solution) -> Maximum:
    r"""The largest average power over all times, as an exact implicit number.

    For one cell it is :math:`\sqrt{m(N-m+1)}\,g\omega_0\,\sin^2\varphi/\varphi` at the root of
    :math:`\tan\varphi=2\varphi` (0.7246 for :math:`N=1`; Huangfu and Jing print 0.72).

    Raises
    ------
    UnsolvedError
        The battery does not start empty, or has several frequencies.
    """
    _needs_charging(solution)
    if len(solution.swings) != 1:
        raise UnsolvedError(
            f"`max_power` is derived for one frequency, but E(t) has {len(solution.swings)}; "
            "numerics.charge has max_power for every case"
        )
    (swing,) = solution.swings
    r = swing.ratio
    phi = Symbol("varphi", positive=True)
    sine = sin(phi)
    if r == 0:
        equation = Eq(tan(phi), 2 * phi)
    else:
        equation = Eq((1 + r * sine**2) * tan(phi), 2 * phi * (1 + 2 * r * sine**2))
    # h/(sin φ) = 2φ cos φ (1 + 2r sin²φ) - sin φ (1 + r sin²φ), without the pole of the tangent
    stationary = 2 * phi * sin(phi + pi / 2) * (1 + 2 * r * sine**2) - sine * (1 + r * sine**2)
    root = ImplicitRoot(phi, stationary, pi / 2, equation)
    value = solution.model.frequency * swing.rate * swing.energy(sin(root) ** 2) / root
    return Maximum(value, root / swing.rate, "supremum")


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
