r"""Strong crosstalk among the charger spins, :math:`|g_1|\gg g`: maxima in powers of g/g₁.

:math:`g_1(J_+J_-+J_-J_+)` places level k of the chain at :math:`a_k=2k(\nu-k)g_1` above the start,
with :math:`\nu=2m-N` (:math:`\nu=N` for all charger spins up). Where no :math:`a_k` vanishes, the
hops only dress the start (:mod:`symbattery.limits.perturbation`), and to leading order

.. math:: E_{\max}=\frac{Mm(N-m+1)}{(2m-N-1)^2}\frac{g^2}{g_1^2}\,\omega_0,\qquad
   \bar t=\frac{\pi}{2|2m-N-1|\,|g_1|}.

Where :math:`\nu` is one of 1, …, M, the level :math:`r=\nu` is *resonant* with the start: they
exchange their population through the levels between, and the crosstalk does not decouple the
battery. With :math:`\Gamma=\prod b/\prod a` and the second-order shifts :math:`s_0,s_r`

.. math:: E_{\max}\to r\omega_0\,\frac{\Gamma^2}{\Gamma^2+(s_r-s_0)^2/4},\qquad
   \bar t\simeq\frac{\pi}{2\sqrt{\Gamma^2+(s_r-s_0)^2/4}},

which for r > 2 needs shifts that agree to every order: r = M, where the chain reads the same from
both ends. That strong crosstalk decouples battery and charger (Huangfu and Jing 2021, below
Fig. 6, where M = 2 and N = 4) is right for N > M, and wrong for N = M: there :math:`\Gamma\ne0`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import sympy
from sympy import Add, And, Dummy, Eq, Expr, Ge, Le, S, Symbol, cos, fraction, pi, prod, sin, zoo
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.checks import invalid
from numerics.model.models import Model, check_model
from numerics.model.problem import INTERACTIONS, Problem
from numerics.model.side_states import Level
from numerics.model.states import InitialState
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.core.latex_dispatch import LatexRepr
from symbattery.limits.perturbation import along_stationary_point, weak_hops
from symbattery.maxima.result import Maximum
from symbattery.model.exact_model import exact_problem, system
from symbattery.model.ladders import Spin

__all__ = ["StrongCrosstalk", "strong_crosstalk"]

_HIGHEST_ORDER = 2
_phi = Symbol("phi", positive=True)
_e = Symbol("e", positive=True)
_size, _excited = Dummy("N", integer=True, positive=True), Dummy("m", integer=True, positive=True)


@dataclass(frozen=True)
class StrongCrosstalk(LatexRepr):
    r"""The maxima of E(t) for strong crosstalk.

    Attributes
    ----------
    model, initial
        What was expanded, with exact numbers and symbols.
    first_peak : tuple of Expr
        Entry k belongs to :math:`(g/g_1)^{2k+2}` in the first maximum of :math:`E/\omega_0`.
    time : tuple of Expr
        Entry k belongs to :math:`(g/g_1)^{2k}` in :math:`|g_1|\bar t`, the time of the first peak.
    supremum : tuple of Expr
        As ``first_peak``, for the supremum over all times. It is approached where the levels are
        rationally independent, which for all but special values of :math:`g/g_1` they are.
    condition : Boolean
        When there is such a law: no level is resonant with the start. The tuples are empty for
        numbers that violate it. At ν = 3, where levels 1 and 2 agree, entries with a symbol in them
        hold as limits; numbers in the model are put in so.
    supremum_condition : Boolean
        When that of the supremum holds: no two levels agree.
    resonances : tuple of Maximum
        What holds for the exceptions ν = 1, 2 and M among N (or m), each with its condition: the
        limit of the energy, with an error of order :math:`(g/g_1)^2`, and the leading time.
    """

    model: Model
    initial: InitialState
    first_peak: tuple[Expr, ...]
    time: tuple[Expr, ...]
    supremum: tuple[Expr, ...]
    condition: Boolean
    supremum_condition: Boolean
    resonances: tuple[Maximum, ...]

    def __repr__(self) -> str:
        return f"StrongCrosstalk of {system(self.model, self.initial)}"

    def maximum(self, kind: str = "first peak") -> Maximum:
        """The law written out, in the unit of the frequency.

        Parameters
        ----------
        kind : {"first peak", "supremum"}

        Raises
        ------
        InvalidArgument
            Another ``kind``.
        UnsolvedError
            The numbers in the model violate the condition of the law.
        """
        checks.choice("kind", kind, ("first peak", "supremum"))
        first = kind == "first peak"
        peaks = self.first_peak if first else self.supremum
        condition = self.condition if first else self.supremum_condition
        if not peaks:
            raise UnsolvedError(
                f"the law of the {kind} needs levels that do not agree, but here two do; "
                "`resonances` has what holds where the start is one of them"
            )
        own = self.model.charger_crosstalk
        small = (self.model.coupling / own) ** 2
        value = Add(*(c * small ** (k + 1) for k, c in enumerate(peaks)))
        time = Add(*(c * small**k for k, c in enumerate(self.time))) / abs(own)
        return Maximum(self.model.frequency * value, time if first else None, kind, condition)


@dataclass(frozen=True)
class _Start:
    """Empty cells and ``excited`` charger spins up, in units of g₁ and g."""

    cells: Expr
    chargers: Expr
    excited: Expr

    @property
    def nu(self) -> Expr:
        """The level that would be resonant with the start."""
        return (2 * self.excited - self.chargers).expand()

    def hop_squared(self, k: int) -> Expr:
        charger, cells = Spin(self.chargers), Spin(self.cells)
        return factored(cells.raised(sympy.Integer(k)) * charger.lowered(self.excited - k))

    def own_energy(self, k: int) -> Expr:
        """Of level k, relative to the start."""
        charger = Spin(self.chargers)
        moved = charger.crosstalk(self.excited - k) - charger.crosstalk(self.excited)
        return factored(moved.expand())

    def chain(self, levels: int) -> tuple[list[Expr], list[Expr]]:
        """Diagonal and squared hops up to a level, or to the end of the chain before it."""
        hops = [self.hop_squared(k) for k in range(levels)]
        last = hops.index(S.Zero) if S.Zero in hops else levels
        return [self.own_energy(k) for k in range(last + 1)], hops[:last]


class _Law(NamedTuple):
    """The coefficients of `StrongCrosstalk`."""

    first_peak: tuple[Expr, ...] = ()
    time: tuple[Expr, ...] = ()
    supremum: tuple[Expr, ...] = ()


def _at(law: _Law, symbol: Symbol, value: Expr) -> _Law:
    """The law with a value put in; where two levels agree, as a limit."""

    def put(expression: Expr) -> Expr:
        found = expression.subs(symbol, value)
        return _removed(expression, symbol, value) if found.has(sympy.nan, zoo) else found

    return _Law(*(tuple(map(put, coefficients)) for coefficients in law))


def _removed(expression: Expr, symbol: Symbol, value: Expr) -> Expr:
    """The value at a removable singularity; infinite at a pole."""
    # De l'Hospital's rule: SymPy's `limit` takes minutes for the same.
    above, below = fraction(sympy.together(expression))
    while below.subs(symbol, value) == 0:
        if above.subs(symbol, value).expand() != 0:
            return zoo
        above, below = above.diff(symbol), below.diff(symbol)
    return (above / below).subs(symbol, value).expand()


def _split(ratio: Expr) -> Expr:
    """An integer and a fraction that falls off: sines of whole turns then drop out."""
    numerator, denominator = fraction(ratio)
    symbols = sorted(denominator.free_symbols, key=str)
    if not symbols:
        return ratio
    whole, rest = sympy.div(numerator, denominator, symbols[0])
    return whole + factored(rest / denominator)


def _written(expression: Expr, meanings: Mapping[Symbol, Expr]) -> Expr:
    """A polynomial in sines and cosines of a few angles, with factored coefficients.

    The meanings of symbols are put into the angles first, and into the coefficients last: to
    multiply them out together takes minutes.
    """
    waved = expression.replace(
        lambda part: isinstance(part, sin | cos),
        lambda part: part.func(sympy.expand_mul(part.args[0].xreplace(meanings))),
    )
    # Even powers of cosines in sines.
    waved = waved.replace(
        lambda part: part.is_Pow and isinstance(part.base, cos) and part.exp.is_Integer,
        lambda part: (
            (1 - sin(part.base.args[0]) ** 2) ** (part.exp // 2) * part.base ** (part.exp % 2)
        ),
    )
    gens = (*sorted(waved.atoms(sin, cos), key=str), pi, Dummy())
    terms = sympy.Poly(waved.expand(), *gens).terms()
    return Add(
        *(
            factored(c.xreplace(meanings)) * prod(x**p for x, p in zip(gens, powers, strict=True))
            for powers, c in terms
        )
    )


@lru_cache(maxsize=32)
def _general(cells: Expr, excited: Expr, order: int) -> _Law:
    """The coefficients for any N, in the symbols ``_size`` and ``_excited``."""
    diagonal, hops_squared = _Start(cells, _size, excited).chain(order + 1)
    levels, motions = weak_hops(diagonal, hops_squared, order)
    base = diagonal[1]
    # Symbols for the coefficients: the derivatives of sin² would repeat them many times.
    meanings: dict[Symbol, Expr] = {}

    def named(values: tuple[Expr, ...]) -> Expr:
        symbols = [Dummy(real=True) if value != 0 else S.Zero for value in values]
        meanings.update({s: v for s, v in zip(symbols, values, strict=True) if v != 0})
        return Add(*(s * _e**k for k, s in enumerate(symbols)))

    energy = S.Zero
    for (r, s), size in motions.items():
        gaps = zip(levels[r], levels[s], strict=True)
        rates = tuple(_split(factored((upper - lower) / base)) for lower, upper in gaps)
        energy += named(size) * sin(named(rates) * _phi) ** 2
    slope = energy.diff(_phi)
    phases, values = along_stationary_point(energy, slope, _phi, _e, pi / 2, order)
    # All sin² are stationary at phases 0 and π/2. Levels 0 and 2 on one side and 1 on the other
    # is best: B₁₂ = (ν - 2) B₀₂ is positive, and larger than B₀₂, for ν ≥ 4 and for ν ≤ 0.
    best = [motions[pair] for pair in ((0, 1), (1, 2)) if pair in motions]
    return _Law(
        first_peak=tuple(_written(value, meanings) for value in values),
        time=tuple(_written(phase, meanings) / abs(factored(base / 2)) for phase in phases),
        supremum=tuple(factored(Add(*sizes)) for sizes in zip(*best, strict=True)),
    )


def _law(start: _Start, order: int) -> _Law:
    """The coefficients at the N and m of the start."""
    if start.excited == start.chargers:
        return _at(_general(start.cells, _size, order), _size, start.chargers)
    # The end of the chain first: a hop may vanish together with a distance of levels.
    general = _at(_general(start.cells, _excited, order), _excited, start.excited)
    return _at(general, _size, start.chargers)


def _resonances(start: _Start, model: Model) -> Iterator[Maximum]:
    """The law at ν = r, for r = 1 and 2, and for r = M."""
    levels = {1, 2} if start.cells.free_symbols else {1, 2, int(start.cells)}
    for r in sorted(levels):
        met = _meeting(start, r)
        if met is not None and not (start.cells - r).is_negative:
            yield _exchanged(*met, r, model)


def _meeting(start: _Start, r: int) -> tuple[_Start, Boolean] | None:
    """The start with the N (or m) that makes level r resonant, and the condition for it."""
    symbols = (start.chargers.free_symbols or start.excited.free_symbols) - start.cells.free_symbols
    if not symbols:
        return (start, S.true) if start.nu == r else None
    symbol = min(symbols, key=str)
    root = (symbol - (start.nu - r) / start.nu.diff(symbol)).expand()
    at = _Start(start.cells, *(v.subs(symbol, root) for v in (start.chargers, start.excited)))
    down = at.chargers - at.excited
    if root.is_positive is False or root.is_integer is False or down.is_negative:
        return None
    return at, Eq(symbol, root)


def _exchanged(start: _Start, condition: Boolean, r: int, model: Model) -> Maximum:
    """The exchange with level r: two levels with a coupling Γ and shifts of second order."""
    energies = [start.own_energy(k) for k in range(r + 2)]
    hops = [start.hop_squared(k) for k in range(r + 1)]
    squared = width = prod(hops[:r]) / prod(energies[1:r]) ** 2
    if r == 2:
        # (s₂ - s₀)², one part of which is absent where the chain ends.
        onward = hops[2] / energies[3] if hops[2] != 0 else S.Zero
        width += (hops[0] / energies[1] - hops[1] / energies[1] - onward) ** 2 / 4
    g, own = model.coupling, model.charger_crosstalk
    # Γ is of order r in the hops.
    rate = sympy.sqrt(factored(width)) * abs(g) ** r / abs(own) ** (r - 1)
    value = model.frequency * factored(r * squared / width)
    return Maximum(value, pi / (2 * rate), "supremum", condition)


def _away(start: _Start, order: int, factor: int, more: int) -> Boolean:
    """ν ≤ 0, or ν at least a multiple of the last level and some more."""
    # With M a symbol the coefficients have the levels that the order reaches, whatever M.
    last = {start.cells, order + 1} if start.cells.free_symbols else {start.cells}
    return And(*(sympy.Or(Le(start.nu, 0), Ge(start.nu, factor * k + more)) for k in last))


def strong_crosstalk(
    model: Model, initial: InitialState | None = None, order: int = 1
) -> StrongCrosstalk:
    r"""The largest stored energy for :math:`|g_1|\gg g`, in powers of :math:`g/g_1`.

    For two cells and all charger spins up, with :math:`\theta=\pi/(N-1)`,

    .. math::

        \frac{E}{\omega_0}=\frac{2N}{(N-1)^2}\frac{g^2}{g_1^2}
        +\frac{N}{N-3}\Big[\frac{4(N+1)}{(N-1)^4}-\frac{\sin^2\theta}{(N-2)^2}\Big]
        \frac{g^4}{g_1^4}+\dots

    at the first peak, for :math:`N\ge3` (for N = 3 as a limit); the supremum lacks the sine. For
    N = 2 the battery is charged fully at :math:`t\simeq\pi g_1/(4g^2)`.

    Parameters
    ----------
    model : SpinCharger
        With ``charger_crosstalk``, and otherwise without anisotropy, detuning and crosstalk of the
        cells. The number of cells may be a symbol.
    initial : optional
        Cells down, and any number of charger spins up (all if left out).
    order : int
        How many corrections, at most 2; at most 1 beyond two cells.

    Raises
    ------
    InvalidArgument
        The model, the state or the order is not what it must be.
    UnsolvedError
        The start is no Dicke state with empty cells, or the model has other terms than these.
    """
    if checks.non_negative_integer("order", order) > _HIGHEST_ORDER:
        raise invalid("order", f"be at most {_HIGHEST_ORDER}", order)
    if check_model(model).charger.spins is None or model.battery.top is None:
        raise invalid("model", "be a SpinCharger with charger spins-1/2", model)
    problem = exact_problem(model, initial)
    start, system = _start(problem), problem.model
    if order > 1 and (start.cells.free_symbols or start.cells > 2):
        raise invalid("order", "be at most 1 for more than two cells", order)
    condition, apart = _away(start, order, 1, 1), _away(start, order, 2, 0)
    law = _Law()
    if condition != S.false and start.hop_squared(0) != 0:
        law = _law(start, order)
    if apart == S.false:
        law = law._replace(supremum=())
    resonances = tuple(_resonances(start, system))
    return StrongCrosstalk(system, problem.initial, *law, condition, apart, resonances)


def _start(problem: Problem[Expr]) -> _Start:
    model = problem.model
    for name in ("coupling", "charger_crosstalk"):
        if getattr(model, name) == 0:
            raise invalid(name, "be other than 0", 0)
    absent = {getattr(model, name) for name in INTERACTIONS if name != "charger_crosstalk"}
    if any(absent | {model.anisotropy, model.charger_frequency - model.frequency}):
        raise UnsolvedError(
            "`strong_crosstalk` is derived without anisotropy, detuning, crosstalk of the cells "
            "and longitudinal coupling"
        )
    (cells, charger), *others = ((b.battery, b.charger) for b in problem.branches())
    if others or cells != Level(0) or not isinstance(charger, Level) or charger == Level(0):
        raise UnsolvedError(
            "`strong_crosstalk` is derived for cells down and a number of charger spins up"
        )
    return _Start(exact(model.battery.top), exact(model.charger.top), exact(charger.level))
