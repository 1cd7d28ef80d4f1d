"""A problem: a model and a start that fit each other, in one kind of number, normalised once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, Generic, TypeVar

from numerics.model.checks import invalid, is_symbolic
from numerics.model.groups import SpinGroup
from numerics.model.models import Model, check_model
from numerics.model.noise import Noise, check_noise
from numerics.model.side_states import Branch, Primitive
from numerics.model.sides import Side
from numerics.model.states import InitialState

__all__ = [
    "INTERACTIONS",
    "Description",
    "Parameters",
    "Part",
    "Problem",
    "check_initial",
    "checked_model",
    "doubles",
    "require_size",
]

T = TypeVar("T")

Element = Callable[[Any, Any], Any]

Part = InitialState | Primitive | SpinGroup
"""A description in a field of a model or a state."""

Description = Model | Noise | Part
"""A description of what is charged, how, and from where, with numbers in its fields."""

INTERACTIONS = (
    "charger_crosstalk",
    "cell_crosstalk",
    "longitudinal",
    "cell_longitudinal",
    "charger_longitudinal",
)
"""The parameters of what gives levels energies of their own, beside the frequencies."""

_LEAST, _MOST = 1e-60, 1e60
_MUST = "be a number (the numerics cannot keep a symbol)"


@dataclass(frozen=True)
class Parameters(Generic[T]):
    """The real parameters of a model, in one kind of number."""

    coupling: T
    frequency: T
    charger_frequency: T
    anisotropy: T
    charger_crosstalk: T
    cell_crosstalk: T
    longitudinal: T
    cell_longitudinal: T
    charger_longitudinal: T
    detuning: T

    @classmethod
    def of(cls, model: Model, number: Callable[[Any], T]) -> Parameters[T]:
        """The parameters through ``number``; what is left open is 1 or resonant."""
        own, other = map(number, model.frequencies)
        return cls(
            coupling=number(1 if model.coupling is None else model.coupling),
            frequency=own,
            charger_frequency=other,
            anisotropy=number(model.anisotropy),
            **{name: number(getattr(model, name)) for name in INTERACTIONS},
            # Resonance by default is exact, even where the frequency itself is only a ball.
            detuning=number(0) if model.charger_frequency is None else own - other,  # type: ignore[operator]
        )

    @property
    def chiral(self) -> bool:
        """No level of a sector at γ = 0 has an energy of its own."""
        return bool(self.detuning == 0 and all(getattr(self, name) == 0 for name in INTERACTIONS))

    def interactions(self, battery: Side, charger: Side) -> list[tuple[T, Element]]:
        """The own energies of levels (k, c) but for the frequencies: strengths, exact elements."""
        elements: dict[str, Element] = {
            "charger_crosstalk": lambda k, c: charger.crosstalk(c),
            "cell_crosstalk": lambda k, c: battery.crosstalk(k),
            "longitudinal": lambda k, c: battery.polarization(k) * charger.polarization(c),
            "cell_longitudinal": lambda k, c: battery.polarization(k) ** 2,
            "charger_longitudinal": lambda k, c: charger.polarization(c) ** 2,
        }
        strengths = {name: getattr(self, name) for name in INTERACTIONS}
        # Of a ball only what is exactly 0.
        return [(s, elements[name]) for name, s in strengths.items() if not s == 0]  # noqa: SIM201


@dataclass(frozen=True)
class Problem(Generic[T]):
    """A model and its start, without symbols."""

    model: Model
    initial: InitialState  # checked against the model
    # From any kind of number to the one that the engine computes with.
    number: Callable[[Any], T] = field(repr=False, compare=False)
    noise: tuple[Noise, ...] = ()

    @classmethod
    def of(
        cls, model: Any, initial: Any, number: Callable[[Any], T], noise: Iterable[Any] = ()
    ) -> Problem[T]:
        """The problem of a model, a start (the ideal one for ``None``), and noise.

        Raises
        ------
        InvalidArgument
            No model, no state, no noise, a symbol anywhere, or what does not fit the model.
        """
        model = checked_model(model)
        if isinstance(initial, InitialState):
            for label, _, value in initial.values():
                _refuse_symbols(label, value)
        noisy = check_noise(model, noise)
        for i, one in enumerate(noisy):
            for spot in fields(one):
                _refuse_symbols(f"noise[{i}].{spot.name}", getattr(one, spot.name))
        return cls(model, check_initial(model, initial), number, noisy)

    @cached_property
    def parameters(self) -> Parameters[T]:
        return Parameters.of(self.model, self.number)

    @cached_property
    def battery(self) -> Side:
        return self.model.battery

    @cached_property
    def charger(self) -> Side:
        return self.model.charger

    @property
    def conserved(self) -> bool:
        """The number of excitations does not change."""
        p = self.parameters
        return bool(p.anisotropy == 0 or (p.coupling == 0 and not self.grouped))

    @property
    def grouped(self) -> bool:
        """The sides are groups of equal spins, each group a ladder."""
        return bool(self.model.groups)

    @property
    def chained(self) -> bool:
        """A sector is a chain of numbers of excited cells, and the battery's state is diagonal."""
        return self.conserved and not self.grouped

    def charger_level(self, cells: Any, charger: Any) -> Any:
        """The level of the charger beside ``cells`` excitations: one that only counts, the rest."""
        return charger if self.charger.distinguishable else self.battery.top - cells

    @property
    def counter_rotating(self) -> bool:
        """Counter-rotating terms drive a charger without a top, so that its levels have no end."""
        return self.charger.top is None and not self.conserved

    def branches(self) -> Iterator[Branch]:
        """The weighted products of one-side states at the start.

        Raises
        ------
        InvalidArgument
            The state has none.
        """
        count = 0
        for branch in self.initial.branches(self.model):
            count += 1
            yield branch
        if not count:
            raise invalid("initial", "have at least one branch", self.initial)


def doubles(model: Any, initial: Any = None, noise: Iterable[Any] = ()) -> Problem[float]:
    """The problem in double precision; raises as `Problem.of`, or for energies of no size."""
    problem = Problem.of(model, initial, float, noise)
    for name, value in vars(problem.parameters).items():
        require_size(name, value, _LEAST if name.endswith("frequency") else 0)
    for i, one in enumerate(problem.noise):
        if one.rate > _MOST:
            raise invalid(f"noise[{i}].rate", f"be at most {_MOST:g} in double precision", one.rate)
    return problem


def require_size(name: str, energy: float, least: float = _LEAST) -> None:
    """Refuse an energy whose third powers, with the largest matrix elements, are no doubles."""
    if abs(energy) > _MOST or 0 < abs(energy) < least:
        must = f"be of a size between {_LEAST:g} and {_MOST:g} in double precision"
        raise invalid(name, f"{must} (in another unit of energy it may be)", energy)


def _refuse_symbols(name: str, value: Any) -> None:
    if is_symbolic(value):
        raise invalid(name, _MUST, value)


def checked_model(model: Any) -> Model:
    """``model`` itself, once it is known to be a model without symbols."""
    model = check_model(model)
    for name, value in model.values():
        _refuse_symbols(name, value)
    return model


def check_initial(model: Model, initial: InitialState | None) -> InitialState:
    """The initial state, or the ideal one for ``None``, checked against its model.

    Raises
    ------
    InvalidArgument
        The state does not fit the model: too many excitations, the wrong number of populations,
        photons for spins or spins for a cavity, or no state or no model at all.
    """
    check_model(model)
    if initial is None:
        initial = model.default_start()
    if not isinstance(initial, InitialState):
        raise invalid("initial", "be an initial state", initial)
    initial.check(model)
    return initial
