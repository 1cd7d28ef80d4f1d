r"""Closed forms for a coupling g(t) on resonance: those of the coupling 1, at its area.

On resonance and without crosstalk :math:`H(t)=H_0+g(t)H_1` where :math:`H_0` and :math:`H_1`
commute: whatever the pulse, all depends on :math:`A(t)=\int_0^tg\,dt'`. A derivative by time is one
by the area, times g(t).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy import Dummy, Expr, Integral, S, Symbol
from sympy.functions.elementary.trigonometric import TrigonometricFunction
from sympy.integrals.manualintegrate import manualintegrate

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.pulses import Pulse
from numerics.model.states import InitialState
from symbattery.core.latex_dispatch import NOTEBOOK, aslatex, inline
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.maxima import ergotropy
from symbattery.maxima.result import Maximum
from symbattery.observables.arguments import read_exact
from symbattery.observables.backends import BACKENDS
from symbattery.observables.emission import emit
from symbattery.observables.function import EmittedFunction
from symbattery.observables.quantities import quantities
from symbattery.observables.table import reserved, row_named
from symbattery.symbols import t

__all__ = ["PulsedFunction", "PulsedSolution", "area", "checked_pulse"]

_MUST = "be a real expression in the time symbattery.symbols.t"
# How well a form of an area agrees with a quadrature.
_AGREE = 1e-9


def checked_pulse(coupling: Any) -> Expr:
    """A coupling as an expression in the time.

    Raises
    ------
    InvalidArgument
        It is none, or not known to be real.
    """
    if callable(coupling) and not isinstance(coupling, Expr):
        raise invalid("coupling", f"{_MUST} (numerics.charge takes functions)", coupling)
    try:
        pulse = S(coupling)
    except (sympy.SympifyError, TypeError, ValueError, AttributeError):
        raise invalid("coupling", _MUST, coupling) from None
    if isinstance(coupling, str | bool) or not isinstance(pulse, Expr):
        raise invalid("coupling", _MUST, coupling)
    loose = [s for s in sorted(pulse.free_symbols, key=str) if s.is_real is not True]
    if loose:
        raise invalid("coupling", f"{_MUST}: declare Symbol({str(loose[0])!r}, real=True)", pulse)
    if pulse.is_real is False or pulse.has(sympy.I, sympy.nan, sympy.oo, sympy.zoo):
        raise invalid("coupling", _MUST, pulse)
    return pulse


@lru_cache(maxsize=128)
def area(pulse: Expr) -> Expr:
    r"""The area :math:`\int_0^tg\,dt'`, an unevaluated integral where no quick rule finds a form.

    What SymPy finds counts only if it agrees with a quadrature.
    """
    inside = Dummy("t'", real=True)
    plain = Integral(pulse.subs(t, inside), (inside, 0, t))
    for method in _METHODS:
        form = method(plain)
        if not form.has(Integral, sympy.meijerg, sympy.hyper) and _agrees(form, pulse):
            return form
    return plain


def _by_rules(plain: Integral) -> Expr:
    """The indefinite integral at both ends; SymPy's other searches may take hours."""
    inside, low, high = plain.limits[0]
    form = manualintegrate(plain.function, inside)
    return form.subs(inside, high) - form.subs(inside, low)


def _of_steps(plain: Integral) -> Expr:
    return plain.doit(manual=True) if plain.has(sympy.Piecewise, sympy.Min, sympy.Max) else plain


def _of_exponentials(plain: Integral) -> Expr:
    waves = plain.has(TrigonometricFunction) or not plain.has(sympy.exp)
    return plain if waves else plain.doit(meijerg=True)


_METHODS = (_by_rules, _of_steps, _of_exponentials)


def _agrees(form: Expr, pulse: Expr) -> bool:
    """A form of the area agrees with quadratures, for some values of the symbols."""
    symbols = sorted(pulse.free_symbols - {t}, key=str)
    for number, time in enumerate((S(3) / 4, S(11) / 5)):
        put = {s: S(7 + 3 * i + 2 * number) / 8 for i, s in enumerate(symbols)}
        window = Pulse(sympy.lambdify(t, pulse.subs(put), _modules("numpy"))).window(float(time))
        expected = float(window.area(np.array([float(time)]))[0])
        value = sympy.N(form.subs(put).subs(t, time))
        if not value.is_number or abs(complex(value) - expected) > _AGREE * (1 + abs(expected)):
            return False
    return True


@dataclass(frozen=True, eq=False)
class PulsedFunction:
    """A closed form at the area of a pulse, as a function ``f(t, ...)``.

    Parameters go by name: those of the solution as :attr:`symbols` has them, and the symbols of
    the pulse by their own names; ``frequency`` is 1 unless given. Times are numbers, or arrays with
    numpy. The area is its closed form, or where it has none a quadrature to double precision
    (mpmath: to the working precision).

    Attributes
    ----------
    name, backend : str
    function : EmittedFunction
        Of the area.
    pulse, area : Expr
    symbols : mapping
        Argument name to symbol, of those of the pulse.
    order : int
        The power of g(t) that it is multiplied by.
    divided_by_time : bool
        The value is divided by t, and 0 at t = 0.
    fixed : mapping
        Arguments given in advance.
    """

    name: str
    backend: str
    function: EmittedFunction
    pulse: Expr
    area: Expr
    symbols: Mapping[str, Symbol]
    order: int
    divided_by_time: bool
    fixed: Mapping[str, Any]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the arguments after the time."""
        every = dict.fromkeys((*self.function.arguments, *self.symbols))
        return tuple(name for name in every if name not in self.fixed)

    def _at(self, expression: Expr, given: Mapping[str, Any]) -> Callable[..., Any]:
        values = [given[name] for name in self.symbols]
        made = sympy.lambdify([t, *self.symbols.values()], expression, _modules(self.backend))
        return lambda time: made(time, *values)

    def __call__(self, time: Any, **named: Any) -> Any:
        return checks.as_given("time", time, self._value(time, named))

    def _value(self, time: Any, named: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **named}
        for name in named:
            if name in self.fixed or name not in {*self.function.symbols, *self.symbols}:
                checks.choice("parameter", name, self.arguments)
        missing = [name for name in self.symbols if name not in given]
        if missing:
            raise InvalidArgument(f"`{missing[0]}` must be given: {self.name} depends on it")
        exact = self.backend == "mpmath"
        own = {n: _number(n, given[n], exact) for n in self.symbols}
        times = _number("time", time, exact) if exact else checks.times_array(time)
        g = self._at(self.pulse, own)
        passed = self._areas(times, g, own)
        inner = {n: v for n, v in given.items() if n in self.function.arguments}
        value = self.function(passed if exact or np.ndim(passed) else float(passed), **inner)
        if self.order:
            value = value * (g(times) if exact else _pointwise(g, times)) ** self.order
        if not self.divided_by_time:
            return value
        if exact:
            return value / times if times else 0 * value
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(times == 0, 0.0, value / times)[()]

    def _areas(self, times: Any, g: Callable[..., Any], given: Mapping[str, Any]) -> Any:
        if not self.area.has(Integral):
            form = self._at(self.area, given)
            return form(times) if self.backend == "mpmath" else _pointwise(form, times)
        if self.backend == "mpmath":
            value, error = mpmath.quad(g, mpmath.linspace(0, times, 17), error=True)
            if error > mpmath.eps**0.75 * (1 + abs(value)):
                must = "be one up to which the pulse is smooth (the backend numpy takes steps)"
                raise invalid("time", must, times)
            return value
        pulse = Pulse(lambda time: float(g(time)))
        return pulse.areas(np.ravel(times)).reshape(np.shape(times))


def _number(name: str, value: Any, exact: bool) -> Any:
    return read_exact(name, value) if exact else checks.number(name, value)


def _modules(backend: str) -> list[str]:
    return ["mpmath"] if backend == "mpmath" else ["scipy", "numpy"]


def _pointwise(function: Callable[..., Any], times: Any) -> Any:
    with np.errstate(all="ignore"):
        values = np.asarray(function(times), dtype=np.float64)
    return np.broadcast_to(values, np.shape(times)).copy()


@reserved
@dataclass(frozen=True, eq=False)
class PulsedSolution:
    """The exact charging by a coupling g(t) on resonance; made by :func:`symbattery.solve`.

    Its attributes are the rows of :mod:`symbattery.observables.table`, as of
    :class:`symbattery.Solution`: ``energy``, ``power`` (E(t)/t), ``instantaneous_power`` (dE/dt).

    Attributes
    ----------
    steady : ClosedForm
        The solution for a constant coupling, left open.
    coupling : Expr
        g(t).
    """

    steady: ClosedForm
    coupling: Expr

    def __repr__(self) -> str:
        return f"{self.steady!r} by the coupling {self.coupling}"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in quantities(self.steady).observables:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        if row_named(name).options:
            return lambda **options: self.quantity(name, **options)
        return self.quantity(name)

    @property
    def model(self) -> Model:
        """The model, its coupling left open."""
        return self.steady.model

    @property
    def initial(self) -> InitialState:
        """The start."""
        return self.steady.initial

    @cached_property
    def area(self) -> Expr:
        r"""The area :math:`\int_0^tg\,dt'`, not evaluated where SymPy finds no form of it."""
        return area(self.coupling)

    def _at_area(self, expression: Expr) -> Expr:
        return expression.subs(self.steady.model.coupling, 1).subs(t, self.area)

    @property
    def definitions(self) -> Mapping[Expr, Expr]:
        """The named quantities, as of the steady solution."""
        one = {self.steady.model.coupling: S.One}
        return {name: value.subs(one) for name, value in self.steady.definitions.items()}

    @property
    def amplitudes(self) -> dict[int, Expr]:
        """The amplitudes by the number of excited cells, of a pure start."""
        return {k: self._at_area(c) for k, c in self.steady.amplitudes.items()}

    @property
    def populations(self) -> dict[int, Expr]:
        """The probabilities of so many excited cells."""
        return {k: self._at_area(p) for k, p in self.steady.populations.items()}

    def quantity(self, name: str, **options: Any) -> Expr:
        """A quantity at the time t, in the definitions of the steady solution.

        Raises
        ------
        InvalidArgument, UnsolvedError
            As for :meth:`symbattery.Solution.quantity`.
        """
        every = quantities(self.steady)
        request = every.only(name, options)
        if request is None:
            return self._at_area(every[name])
        expression = request.expression
        if request.row.per_time:
            return self._at_area(expression * t) / t
        return self._at_area(expression) * self.coupling**request.row.derivatives

    def function(self, name: str, backend: str = "numpy", **fixed: Any) -> PulsedFunction:
        """A quantity as a function of time and of the parameters of solution and pulse.

        Parameters
        ----------
        name : str
            As for :meth:`symbattery.Solution.function`.
        backend : {"numpy", "mpmath", "math"}
        **fixed
            Options of the quantity, and parameters given in advance.

        Raises
        ------
        InvalidArgument, UnsolvedError
            As for :meth:`symbattery.Solution.function`.
        """
        # A pulse is computed by NumPy and SciPy, or by mpmath.
        plain = tuple(name for name, own in BACKENDS.items() if own.extra is None)
        checks.choice("backend", backend, plain)
        request, given = quantities(self.steady).asked(name, fixed)
        known = {symbol: n for n, symbol in self.steady.parameters.items() if n != "coupling"}
        own = {known.get(s, s.name): s for s in sorted(self.coupling.free_symbols - {t}, key=str)}
        for parameter in given:
            checks.choice("parameter", parameter, (*known.values(), *own))
        options = {} if request is None else request.differing
        average = request is not None and request.row.per_time
        inner: dict[str, Any] = {"coupling": 1} if "coupling" in self.steady.parameters else {}
        inner |= {n: v for n, v in given.items() if n in known.values()}
        stem = name if request is None else request.row.name
        emitted = emit(self.steady, "energy" if average else stem, backend, **options, **inner)
        return PulsedFunction(
            name,
            backend,
            emitted,
            self.coupling,
            self.area,
            own,
            0 if request is None else request.row.derivatives,
            average,
            given,
        )

    def latex(self, name: str = "energy", *, names: Any = None, width: Any = None) -> str:
        """LaTeX of one quantity; the arguments are those of :func:`symbattery.aslatex`."""
        return aslatex(self.quantity(name), names=names, width=width)

    def best_area(self, kind: str | None = None, **options: Any) -> Maximum:
        r"""A largest energy or ergotropy, its ``time`` being the area :math:`\int g\,dt` it takes.

        Arguments and errors are those of :meth:`symbattery.Solution.maximum`, for the coupling 1.
        """
        top = ergotropy.maximum(self.steady, kind, **options)
        return _with_coupling_one(top, self.steady.model.coupling)

    def _repr_latex_(self) -> str:
        return inline(self.latex(width=NOTEBOOK))


def _with_coupling_one(top: Maximum, coupling: Symbol) -> Maximum:
    def one(value: Any) -> Any:
        return value.subs(coupling, 1) if isinstance(value, Expr) else value

    further = top.otherwise and _with_coupling_one(top.otherwise, coupling)
    bounds = top.enclosure and tuple(map(one, top.enclosure))
    return type(top)(
        **{**vars(top), "value": one(top.value), "time": one(top.time), "otherwise": further,
           "enclosure": bounds}
    )  # fmt: skip
