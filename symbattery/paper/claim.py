"""A statement of the paper as data, and the verdict on it, which is always computed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from sympy import Basic, MatrixBase, N, S, nsimplify, simplify

from numerics.charging import Charging, charge
from numerics.model.models import Model
from numerics.model.states import InitialState
from symbattery.core.expressions import vanishes

__all__ = [
    "Above", "Below", "Claim", "Compute", "Context", "Number", "Outcome", "Printed", "Reading",
    "Verdict", "Zero", "evaluate", "evaluate_one", "same",
]  # fmt: skip

T = TypeVar("T")


@dataclass(frozen=True)
class Context:
    """Results that several claims share, computed once per evaluation."""

    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """The result of ``compute``, remembered under ``key``."""
        if key not in self._known:
            self._known[key] = compute()
        result: T = self._known[key]
        return result

    def charge(self, model: Model, initial: InitialState | None = None) -> Charging:
        """The charging of a battery."""
        return self.once(("charge", model, initial), lambda: charge(model, initial))

    def first_peak(self, model: Model, initial: InitialState | None = None) -> float:
        """The first local maximum of E."""
        return self._peak("first_peak", model, initial)

    def max_energy(self, model: Model, until: float, initial: InitialState | None = None) -> float:
        """The largest E in [0, until]."""
        return self._peak("maximum", model, initial, until=until)

    def max_power(self, model: Model, initial: InitialState | None = None) -> float:
        """The largest P over all times."""
        return self._peak("max_power", model, initial)

    def _peak(
        self, name: str, model: Model, initial: InitialState | None, **window: float
    ) -> float:
        def height() -> float:
            return float(getattr(self.charge(model, initial), name)(**window).value)

        return self.once((name, model, initial, *window.values()), height)


Compute = Callable[[Context], Any]
# Of two routes in double precision, relative to the larger of 1 and the value.
_SAME = 1e-7


@dataclass(frozen=True)
class Number:
    """A printed number; its digits imply the tolerance.

    Attributes
    ----------
    text : str
        The digits.
    about : {"", "about", "≈"}
        The word or sign before them: with it, a number that was cut off agrees as well as one that
        was rounded.
    """

    text: str
    about: str = ""

    @property
    def value(self) -> Decimal:
        """The number."""
        return Decimal(self.text)

    @property
    def tolerance(self) -> Decimal:
        """Half a unit of the last digit, or a whole one of a number that is about right."""
        unit = Decimal(1).scaleb(int(self.value.as_tuple().exponent))
        return unit if self.about else unit / 2

    def agrees(self, result: Any) -> bool:
        """True for a ``result`` within the tolerance."""
        return abs(Decimal(repr(float(result))) - self.value) <= self.tolerance

    def __str__(self) -> str:
        return f"{self.about} {self.text}".lstrip()


@dataclass(frozen=True)
class Above:
    """The result must lie above a bound: a difference that is said to be positive, say."""

    bound: str = "0"

    def agrees(self, result: Any) -> bool:
        """True for a ``result`` above the bound."""
        return float(result) > float(self.bound)

    def __str__(self) -> str:
        return f"> {self.bound}"


@dataclass(frozen=True)
class Below:
    """The result must not exceed a bound: a deviation, say."""

    bound: str

    def agrees(self, result: Any) -> bool:
        """True for a ``result`` of at most the bound."""
        return float(result) <= float(self.bound)

    def __str__(self) -> str:
        return f"<= {self.bound}"


@dataclass(frozen=True)
class Zero:
    """The two sides of an equation differ by nothing; the result is their difference, exact."""

    def agrees(self, result: Any) -> bool:
        """True where every entry of the difference vanishes by algebra."""
        entries = list(result) if isinstance(result, MatrixBase) else [S(result)]
        return all(entry == 0 or vanishes(entry) for entry in entries)

    def __str__(self) -> str:
        return "equal"


Printed = Number | Above | Below | Zero


@dataclass(frozen=True)
class Reading:
    """One way to understand a statement, or one calculation.

    Attributes
    ----------
    words : str
        Definition, window, normalisation.
    compute : callable
        From a :class:`Context` to the result: a number, or the exact difference of two sides.
    again : callable, optional
        The same by a route that shares nothing with the first.
    """

    words: str
    compute: Compute
    again: Compute | None = None


@dataclass(frozen=True)
class Claim:
    """A checkable statement.

    Attributes
    ----------
    identifier, where : str
        Such as "fig-6a.solid", and the equation, figure or section it stands in.
    says : str
        What it says, in our words.
    printed : Number, Above, Below or Zero
        What the result must be for it to hold, with the tolerance the digits imply.
    plain : Reading
        How it is computed, as the words stand.
    readings : tuple of Reading
        Other readings that the words allow, in order of preference. A claim holds as it stands
        where it does under each of them.
    witness : Reading, optional
        The plain result once more, by a route that shares nothing with the first.
    instead : Reading, optional
        What holds where the claim does not.
    sources : tuple of Reading
        Different calculations that may give what is printed; they do not decide the verdict.
    compared : tuple of Reading
        Numbers to hold beside the result.
    """

    identifier: str
    where: str
    says: str
    printed: Printed
    plain: Reading
    readings: tuple[Reading, ...] = ()
    witness: Reading | None = None
    instead: Reading | None = None
    sources: tuple[Reading, ...] = ()
    compared: tuple[Reading, ...] = ()

    @property
    def calculations(self) -> tuple[Reading, ...]:
        """All of them, the plain reading first."""
        single = (one for one in (self.witness, self.instead) if one is not None)
        return (self.plain, *self.readings, *single, *self.sources, *self.compared)

    @property
    def modules(self) -> tuple[str, ...]:
        """The names of the modules that compute it."""
        return tuple(sorted({reading.compute.__module__ for reading in self.calculations}))

    @property
    def section(self) -> str:
        """II, III, IV, V, A or beyond: what ``where`` begins with."""
        return self.where.split(",")[0].removeprefix("Sec. ").removeprefix("App. ")


class Verdict(Enum):
    """The verdict of a computation on a claim."""

    HOLDS = "holds"
    READING = "holds under a stated reading"
    FAILS = "does not hold"
    UNKNOWN = "not computed"


@dataclass(frozen=True)
class Outcome:
    """A claim with everything that was computed for it.

    Attributes
    ----------
    claim : Claim
    result : object
        Of the plain reading.
    readings : tuple
        The result of each further reading.
    witness, instead : object or None
        Of the second route, and what holds.
    sources, compared : tuple
        The result of each different calculation, and of each number to compare with.
    again : tuple of pairs
        Of each calculation that has a second route its result, and that of the route.
    failure : str
        Why nothing was computed; empty otherwise.
    """

    claim: Claim
    result: Any = None
    readings: tuple[Any, ...] = ()
    witness: Any = None
    instead: Any = None
    sources: tuple[Any, ...] = ()
    compared: tuple[Any, ...] = ()
    again: tuple[tuple[Any, Any], ...] = ()
    failure: str = ""

    @property
    def verdict(self) -> Verdict:
        """Decided by the results alone."""
        if self.failure:
            return Verdict.UNKNOWN
        every = (self.result, *self.readings)
        agreeing = len(tuple(self._agreeing(every)))
        if agreeing == len(every):
            return Verdict.HOLDS
        return Verdict.READING if agreeing else Verdict.FAILS

    @property
    def reading(self) -> int | None:
        """Position of the first reading under which the claim holds; the plain one is 0."""
        return next(self._agreeing((self.result, *self.readings)), None)

    @property
    def origins(self) -> tuple[int, ...]:
        """Positions of the different calculations that do give what is printed."""
        return tuple(self._agreeing(self.sources))

    def _agreeing(self, values: tuple[Any, ...]) -> Iterator[int]:
        return (i for i, value in enumerate(values) if self.claim.printed.agrees(value))

    @property
    def routes_agree(self) -> bool | None:
        """True where all second routes give the same; None where there are none."""
        witnessed = [] if self.witness is None else [(self.result, self.witness)]
        pairs = [*witnessed, *self.again]
        return all(same(one, other) for one, other in pairs) if pairs else None


def same(one: Any, other: Any) -> bool:
    """Equality of two results: by algebra where both are exact, else to seven digits."""
    if isinstance(one, MatrixBase) and isinstance(other, MatrixBase):
        return bool(simplify(one - other).is_zero_matrix)
    if isinstance(one, Basic) and isinstance(other, Basic) and not (one.is_Float or other.is_Float):
        return vanishes(one - nsimplify(other))
    a, b = float(N(one)), float(N(other))
    return abs(a - b) <= _SAME * max(1.0, abs(a))


def evaluate_one(claim: Claim, context: Context) -> Outcome:
    """The outcome of a claim; what goes wrong is the reason why there is no verdict."""

    known: dict[int, Any] = {}

    def one(reading: Reading | None) -> Any:
        if reading is None:
            return None
        if id(reading) not in known:
            known[id(reading)] = reading.compute(context)
        return known[id(reading)]

    def every(readings: tuple[Reading, ...]) -> tuple[Any, ...]:
        return tuple(map(one, readings))

    try:
        return Outcome(
            claim,
            result=one(claim.plain),
            readings=every(claim.readings),
            witness=one(claim.witness),
            instead=one(claim.instead),
            sources=every(claim.sources),
            compared=every(claim.compared),
            again=tuple(
                (one(reading), reading.again(context))
                for reading in claim.calculations
                if reading.again is not None
            ),
        )
    # One claim must not take the others with it, whatever happens in it.
    except Exception as error:
        return Outcome(claim, failure=f"{type(error).__name__}: {error}")


def evaluate(claims: Iterable[Claim], context: Context | None = None) -> Iterator[Outcome]:
    """The outcome of each claim in turn; results that several of them need are computed once."""
    context = Context() if context is None else context
    for claim in claims:
        yield evaluate_one(claim, context)
