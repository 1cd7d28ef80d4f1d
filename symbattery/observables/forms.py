r"""Functions of probabilities in two forms: as an author prints them, and as they are computed.

The computed form is defined wherever the other one has a limit, and loses no digits where an
argument is small: :math:`\ln p` near :math:`p=1` is :math:`-2\operatorname{artanh}\frac q{2-q}`,
with the sum :math:`q` of the other probabilities for :math:`1-p`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations
from typing import Any, ClassVar

from sympy import Expr, Max, Min, Rational, S, atanh, log, sympify, tanh
from sympy.core.sorting import ordered

__all__ = [
    "Largest",
    "Least",
    "entropy",
    "exchanged",
    "others",
    "pair_sum",
    "quotient",
    "renyi_entropy",
    "smallest_sum",
    "variance_of",
]

# Next to nothing: not seen beside any number but 0, and a double.
_TINY = Rational(1, 2**960)
_HALF = S.Half


class _Extreme:
    """An extreme of expressions that are not compared: that would take minutes for long ones."""

    extreme: ClassVar[Callable[..., Expr]]
    numpy: ClassVar[str]
    python: ClassVar[str]

    def __new__(cls, *args: Any, **options: Any) -> Any:
        distinct = frozenset(map(sympify, args))
        if len(distinct) == 1 or all(value.is_Number for value in distinct):
            return cls.extreme(*distinct)
        made = Expr.__new__(cls, *ordered(distinct))
        made._argset = distinct
        return made

    def doit(self, **hints: Any) -> Any:
        """The extreme of what its arguments come to."""
        return self.func(*(argument.doit(**hints) for argument in self.args))  # type: ignore[attr-defined]

    def _sympystr(self, printer: Any) -> str:
        return f"{self.extreme.__name__}({self._printed(printer)})"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        text = rf"\{self.python}\left({self._printed(printer)}\right)"
        return text if exp is None else f"{text}^{{{exp}}}"

    def _pythoncode(self, printer: Any) -> str:
        return f"{self.python}({self._printed(printer)})"

    _mpmathcode = _pythoncode

    def _numpycode(self, printer: Any) -> str:
        function = printer._module_format(f"{printer._module}.{self.numpy}")
        parts = map(printer._print, self.args)  # type: ignore[attr-defined]
        return reduce(lambda one, other: f"{function}({one}, {other})", parts)

    _jaxcode = _numpycode

    def _printed(self, printer: Any) -> str:
        return ", ".join(map(printer._print, self.args))  # type: ignore[attr-defined]


class Largest(_Extreme, Max):
    """The largest of some expressions, a ``Max`` that does not compare them."""

    extreme, numpy, python = Max, "maximum", "max"


class Least(_Extreme, Min):
    """The least of some expressions, a ``Min`` that does not compare them."""

    extreme, numpy, python = Min, "minimum", "min"


def others(values: Sequence[Expr]) -> list[Expr]:
    """For each of some values that sum to 1 the rest of 1, as the sum of the others."""
    return [sum((*values[:i], *values[i + 1 :]), S.Zero) for i in range(len(values))]


def pair_sum(values: Mapping[int, Expr], weight: Callable[[int, int], Any]) -> Expr:
    """Σ w(k, l) p_k p_l over the pairs k < l."""
    pairs = combinations(values.items(), 2)
    return sum((weight(k, m) * p * q for (k, p), (m, q) in pairs), S.Zero)


def variance_of(observed: Mapping[int, Any], values: Mapping[int, Expr]) -> Expr:
    """The variance of what is observed with probabilities p_k, in which nothing cancels."""
    return pair_sum(values, lambda k, m: (observed[k] - observed[m]) ** 2)


def quotient(above: Any, below: Any, limit: Any, computed: bool) -> Expr:
    """A quotient of numbers that vanish together, with its limit there."""
    if not computed:
        # Where nothing moves both may be 0 at all times.
        return S(limit) if below == 0 else S(above) / below
    return (above + limit * _TINY) / (below + _TINY)


def _minus_log(p: Expr, q: Expr) -> Expr:
    """-ln p, with q = 1 - p, and finite at 0."""
    return 2 * _half_log(Least(q, _HALF)) - log(Largest(_TINY, Least(1, 2 * p)))


def _half_log(q: Expr) -> Expr:
    """-ln(1 - q)/2."""
    return atanh(q / (2 - q))


def entropy(values: Sequence[Expr], shares: Sequence[int], computed: bool) -> Expr:
    """The entropy of probabilities, each in so many equal parts."""
    pairs = zip(values, others(values), strict=True)
    terms = [p * _minus_log(p, q) if computed else -p * log(p) for p, q in pairs]
    return sum((*terms, *(p * log(d) for p, d in zip(values, shares, strict=True))), S.Zero)


def renyi_entropy(
    values: Sequence[Expr], shares: Sequence[int], order: Any, computed: bool
) -> Expr:
    """Rényi's entropy of an order other than 1 of probabilities, each in so many equal parts."""
    parts = list(zip(values, others(values), shares, strict=True))
    logs = [_minus_log(p, q) + log(d) for p, q, d in parts]
    if order == math.inf:
        if computed:
            return Least(*logs)
        return -log(Largest(*(p / d for p, _, d in parts)))
    power = Rational(Fraction(order).numerator, Fraction(order).denominator)
    terms = [d ** (1 - power) * p**power for p, _, d in parts]
    if not computed:
        return log(sum(terms, S.Zero)) / (1 - power)
    if power < 1:
        changes = (term * _shortfall((1 - power) * x) for term, x in zip(terms, logs, strict=True))
        return _log_beyond(sum(changes, S.Zero)) / (1 - power)
    changes = (p * _shortfall((power - 1) * x) for p, x in zip(values, logs, strict=True))
    missing = sum(changes, S.Zero)
    if power <= 2:
        return _log_of_rest(missing) / (1 - power)
    # What is left of 1 may be little: then the largest part is taken out of the sum.
    least = Least(*logs)
    ratios = (d * (1 - _shortfall(power * (x - least))) for d, x in zip(shares, logs, strict=True))
    left = log(2) - power * least + log(sum(ratios, S.Zero))
    return (Least(0, left) - 2 * _half_log(Least(missing, _HALF))) / (1 - power)


def _log_of_rest(y: Expr) -> Expr:
    """ln(1 - y) for y between 0 and 1, and finite at 1."""
    return -_minus_log(1 - y, y)


def _log_beyond(z: Expr) -> Expr:
    """ln(1 + z) for a positive z."""
    return 2 * atanh(Least(z, 1) / (2 + Least(z, 1))) + log(Largest(1, (1 + z) / 2))


def _shortfall(x: Expr) -> Expr:
    """1 - exp(-x) for x ≥ 0."""
    slope = tanh(x / 2)
    return 2 * slope / (1 + slope)


# Sorted probabilities, each with a multiplicity


def exchanged(above: Mapping[Expr, int], below: Mapping[Expr, int]) -> Expr:
    """The gain of the sum over the slots above by sorting, largest values first and below.

    The values with their multiplicities; nothing is negative, so that nothing cancels.
    """
    if sum(below.values()) == 1:
        (p,) = below
        return Largest(S.Zero, *(q - p for q in above))
    if sum(above.values()) == 1:
        (p,) = above
        return Largest(S.Zero, *(p - q for q in below))

    def beyond(threshold: Expr) -> Expr:
        parts = [d * Largest(S.Zero, q - threshold) for q, d in above.items() if q != threshold]
        parts += [d * Largest(S.Zero, threshold - q) for q, d in below.items() if q != threshold]
        return sum(parts, S.Zero)

    return Least(*map(beyond, dict.fromkeys((*above, *below))))


def smallest_sum(values: Mapping[Expr, int], count: int) -> Expr:
    """The sum of the ``count`` smallest of values with multiplicities."""
    if count == 0:
        return S.Zero
    if count == 1:
        return Least(*values)
    if count == sum(values.values()) - 1:
        return Least(*(_total((q, d - (q == p)) for q, d in values.items()) for p in values))

    def beneath(threshold: Expr) -> Expr:
        below = ((Largest(S.Zero, threshold - q), d) for q, d in values.items() if q != threshold)
        return count * threshold - _total(below)

    return Largest(*map(beneath, values))


def _total(pairs: Iterable[tuple[Expr, int]]) -> Expr:
    return sum((d * p for p, d in pairs), S.Zero)
