r"""The closed form of an open battery: populations of its levels, whatever took them there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Self, TypeVar

from sympy import Add, Expr, Mul, S, Symbol, exp, tanh

from numerics.model.models import Model
from numerics.model.noise import Jump, Noise
from numerics.model.problem import Problem
from numerics.model.states import InitialState
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.dynamics.closed_form import Branch, ClosedForm
from symbattery.dynamics.relaxation import Decay, Relaxation
from symbattery.dynamics.thermal_states import is_balanced, thermal_mean, thermal_populations
from symbattery.model.exact_model import exact_noise, exact_problem, noise_values, parameters
from symbattery.sectors.chains import Chain
from symbattery.sectors.liouville import open_sector, refuse_start
from symbattery.sectors.mixtures import starts
from symbattery.symbols import t

__all__ = ["OpenForm", "OpenLevels", "cell_branches", "jumps_of", "solve_open"]


_RESTLESS = (
    "`noise` must let the closed form come to rest, or be baths of one temperature on resonance "
    "that reach all cells, for a state after a long time; see numerics.charge"
)
_RATE = "a rate of the noise, in the unit of the coupling"
_TEMPERATURE = "the temperature of a bath, in the unit of the frequency"


@dataclass(frozen=True)
class OpenLevels(Chain):
    """The levels of one irrep of the cells, which nothing but its bottom tells from others."""

    bottom: int = 0


@dataclass(frozen=True, repr=False)
class OpenForm(ClosedForm):
    """The exact charging of an open battery.

    Attributes
    ----------
    noise : tuple of Noise
    parts : mapping of (int, int) to Decay
        The probabilities of (bottom of the irrep, excited cells).
    stored, charged : Decay or None
        The gain of excitations of the cells and of the charger.
    both : Decay or None
        That of both sides.
    named : mapping
        The named quantities of the printed forms.
    hidden : mapping
        Those of the computed forms.
    first : frozenset of int
        Excited cells at the start.
    unsolved : str
        Why there are no populations; empty where there are.
    is_computed : bool
        The computed forms stand in place of the printed ones.
    """

    noise: tuple[Noise, ...] = ()
    parts: Mapping[tuple[int, int], Decay] = field(default_factory=dict, hash=False)
    stored: Decay | None = field(default=None, hash=False)
    charged: Decay | None = field(default=None, hash=False)
    both: Decay | None = field(default=None, hash=False)
    named: Mapping[Symbol, Expr] = field(default_factory=dict, hash=False)
    hidden: Mapping[Symbol, Expr] = field(default_factory=dict, hash=False)
    first: frozenset[int] = frozenset()
    unsolved: str = ""
    is_computed: bool = False

    @property
    def plain_definitions(self) -> Mapping[Symbol, Expr]:
        return {**self.named, **self.hidden} if self.is_computed else self.named

    def summary(self, longest: int = 120) -> str:
        return f"{super().summary(longest)} with {', '.join(map(str, self.noise))}"

    @property
    def accurate(self) -> Self:
        """The same with the forms that are computed."""
        return replace(self, is_computed=True)

    @cached_property
    def parameters(self) -> Mapping[str, Symbol]:
        return parameters(self.model, self.initial, self.noise)

    @property
    def is_pure(self) -> bool:
        return False

    def _written(self, part: Decay) -> Expr:
        return part.computed if self.is_computed else part.printed

    def level_populations(self, chain: Chain) -> Sequence[Expr]:
        assert isinstance(chain, OpenLevels)
        bottoms = sorted(k for b, k in self.parts if b == chain.bottom)
        return [self._written(self.parts[chain.bottom, k]) for k in bottoms]

    @property
    def _reached(self) -> Iterable[Any]:
        return ()

    @property
    def rabi_terms(self) -> tuple[Any, ...]:
        return ()

    @property
    def first_cells(self) -> frozenset[int]:
        return self.first

    @property
    def meanings(self) -> Mapping[str, str]:
        others = set(parameters(self.model, self.initial).values())
        found = {}
        for where, value in noise_values(self.noise):
            hot = where.startswith("temperature")
            for symbol in value.free_symbols - others:
                found[symbol] = _TEMPERATURE if hot else _RATE
        return {n: found[symbol] for n, symbol in self.parameters.items() if symbol in found}

    @cached_property
    def amplitudes(self) -> dict[int, Expr]:
        return dict(enumerate(self.level_amplitudes(Chain((), (), (), 0))))

    def level_amplitudes(self, chain: Chain) -> Sequence[Expr]:
        raise UnsolvedError("`amplitudes` exist for closed batteries only: this one has noise")

    def _require_solved(self) -> None:
        if self.unsolved:
            raise UnsolvedError(self.unsolved)

    def means(self, *of: Any) -> dict[Any, Expr]:
        self._require_solved()
        return super().means(*of)

    def gain(self, weight: Callable[[int], Any], unit: Expr) -> Expr:
        levels = sorted({k for _, k in self.parts}) or [0, 1, 2]
        linear = all(weight(k) - weight(levels[0]) == k - levels[0] for k in levels)
        if linear and self.stored is not None:
            whole = (self._written(self.stored),)
            return Mul(unit, *(whole if self.is_computed else self.stored.factors or whole))
        self._require_solved()
        now = Add(*(weight(k) * self._written(part) for (_, k), part in self.parts.items()))
        return unit * (now - Add(*(weight(k) * p for k, p in self._start)))

    @cached_property
    def _start(self) -> list[tuple[int, Expr]]:
        """Excited cells of each of the starts, and its probability."""
        every = starts(Problem(self.model, self.initial, exact))
        return [(int(s.battery.bottom + s.battery.level), s.weight) for s in every]

    @property
    def mean_excited(self) -> Expr:
        """The mean number of excited cells at the start."""
        return factored(Add(*(k * p for k, p in self._start)))

    @cached_property
    def at_rest(self) -> Self:
        """The state after a long time, as a solution that does not change.

        Raises
        ------
        UnsolvedError
            It is not known in closed form, or there is none.
        """
        problem, unsolved = Problem(self.model, self.initial, exact), ""
        parts: dict[tuple[int, int], Expr] = {}
        if is_balanced(problem, self.noise):
            mean = thermal_mean(problem, self.noise)
            try:
                parts = thermal_populations(problem, self.noise)
            except UnsolvedError as refused:
                unsolved = str(refused)
        else:
            finals = {key: part.final for key, part in self.parts.items()}
            if not finals or None in finals.values():
                raise UnsolvedError(_RESTLESS)
            parts = {key: S(value) for key, value in finals.items() if value != 0}
            mean = Add(*(k * p for (_, k), p in parts.items()))
        return replace(
            self,
            branches=cell_branches(parts, min(self.first)),
            parts={key: Decay.constant(p) for key, p in parts.items()},
            stored=Decay.constant(mean - self.mean_excited),
            charged=None,
            both=None if self.both is None or self.both.final is None
            else Decay.constant(self.both.final),
            unsolved=unsolved,
        )  # fmt: skip

    def bare_gain(self, populations: Any) -> Expr:
        own, other = self.model.frequencies
        if self.both is not None:
            return own * self._written(self.both)
        self._require_solved()
        if self.charged is None or self.stored is None:
            raise UnsolvedError(
                "`switching_work` must be asked of rates that are equal on both sides, or of few "
                "excitations, to have a closed form; see numerics.charge"
            )
        return own * self._written(self.stored) + other * self._written(self.charged)

    def explicit(self) -> Self:
        put = dict(self.named)

        def of(part: Decay | None) -> Decay | None:
            if part is None:
                return None
            return replace(part, printed=_put(part.printed, put), factors=())

        parts = {
            key: replace(part, printed=_put(part.printed, put), factors=())
            for key, part in self.parts.items()
        }
        return replace(
            self, parts=parts, stored=of(self.stored), charged=of(self.charged),
            both=of(self.both), named={},
        )  # fmt: skip


def _put(value: Expr, definitions: Mapping[Symbol, Expr]) -> Expr:
    for name, meant in reversed([*definitions.items()]):
        value = value.xreplace({name: meant})
    return value


# Solving


Form = TypeVar("Form", bound=OpenForm)


def solve_open(
    kind: type[Form], model: Model, initial: InitialState | None, noise: Iterable[Any]
) -> Form:
    """The closed form of an open battery, as a ``kind`` of it.

    Raises
    ------
    InvalidArgument
        The model, the start or the noise is not what it must be.
    UnsolvedError
        No closed form is derived for this case; see :func:`symbattery.api.solve`.
    """
    problem = exact_problem(model, initial)
    return _solved(kind, problem, exact_noise(problem.model, noise))  # type: ignore[arg-type]


@lru_cache(maxsize=64)
def _solved(kind: type[Form], problem: Problem[Expr], noise: tuple[Noise, ...]) -> Form:
    refuse_start(problem)
    jumps, occupied = jumps_of(problem, noise)
    both = _both_sides(problem, jumps)
    made = kind(problem.model, problem.initial, (), noise=noise, both=both, named=occupied)
    try:
        sector = open_sector(problem, jumps)
        relaxation = Relaxation(sector, dict(occupied))
    except UnsolvedError as refused:
        if both is None and not is_balanced(problem, noise):
            raise
        first = frozenset(int(s.battery.bottom + s.battery.level) for s in starts(problem))
        return replace(made, unsolved=str(refused), first=first)
    parts, stored = _levels(relaxation)
    charged = None
    equation = relaxation.equation
    most = max(map(equation.effort, sector.cells.values()))
    if both is None and equation.effort(sector.charged) <= most:
        charged = relaxation.mean(sector.charged, "C")
        charged = charged.combined(S.One, -sector.value(sector.charged))
    names = relaxation.names
    return replace(
        made,
        branches=cell_branches(sector.cells, min(sector.first)),
        conditions=sector.conditions,
        parts={key: part.renamed(names) for key, part in parts.items()},
        stored=stored.renamed(names),
        charged=None if charged is None else charged.renamed(names),
        named=_renamed(relaxation.definitions, names),
        hidden=_renamed(relaxation.hidden, names),
        first=frozenset(sector.first),
    )


def _renamed(every: Mapping[Symbol, Expr], names: Mapping[Symbol, Symbol]) -> dict[Symbol, Expr]:
    return {names.get(name, name): value.xreplace(names) for name, value in every.items()}


def cell_branches(cells: Iterable[tuple[int, int]], first: int) -> tuple[Branch, ...]:
    """The levels of each irrep of the cells, counted from the start."""
    found: dict[int, list[int]] = {}
    for bottom, k in sorted(cells):
        found.setdefault(bottom, []).append(k - first)
    return tuple(
        Branch(S.One, OpenLevels(tuple(levels), (), (S.Zero,) * len(levels), 0, bottom=bottom),
               S(first - bottom), S.Zero, bottom)
        for bottom, levels in found.items()
    )  # fmt: skip


def _levels(relaxation: Relaxation) -> tuple[dict[tuple[int, int], Decay], Decay]:
    """The probabilities of all levels, and the stored excitations."""
    cells = relaxation.sector.cells
    equation = relaxation.equation
    efforts = {key: equation.effort(weights) for key, weights in cells.items()}
    # What depends on most follows from the others, which sum to 1 with it.
    rest = max(efforts, key=lambda key: (efforts[key], -key[0], -key[1]))
    equation.require_few(max((e for key, e in efforts.items() if key != rest), default=0))
    several = len({bottom for bottom, _ in cells}) > 1
    every = {}
    for (b, k), weights in cells.items():
        alone = all(efforts[key] < efforts[rest] for key in cells if key != rest)
        if (b, k) != rest or not alone:
            label = f"{k}_{b}" if several else f"{k}"
            every[b, k] = relaxation.mean(weights, label)
    from_here = 0
    if rest not in every:
        total = Decay.constant(S.One)
        for part in every.values():
            total = total.less(part)
        every[rest], from_here = total, rest[1]
    stored: dict[int, Expr] = {}
    for (_, k), weights in cells.items():
        for place, weight in weights.items():
            if k != from_here:
                stored[place] = stored.get(place, S.Zero) + (k - from_here) * weight
    gained = relaxation.mean(stored, "E")
    return {key: every[key] for key in cells}, gained.combined(
        S.One, -relaxation.sector.value(stored)
    )


def jumps_of(
    problem: Problem[Expr], noise: Iterable[Noise]
) -> tuple[list[Jump], dict[Symbol, Expr]]:
    """The jumps with their rates, in which the mean numbers of quanta of baths are named."""
    every = [jump for one in noise for jump in one.jumps(problem.model)]
    exponents = list(dict.fromkeys(j.exponent for j in every if j.exponent is not None))
    labels = [""] if len(exponents) == 1 else [f"_{i}" for i in range(1, len(exponents) + 1)]
    named = {
        exponent: Symbol(f"n_T{label}", positive=True)
        for exponent, label in zip(exponents, labels, strict=True)
    }
    found = []
    for jump in every:
        rate = exact(jump.rate)
        if jump.exponent is not None:
            rate *= named[jump.exponent] + int(jump.step < 0)
        if rate != 0:
            found.append(jump._replace(rate=rate))
    return found, {name: 1 / (exp(exponent) - 1) for exponent, name in named.items()}


# The excitations of both sides


def _both_sides(problem: Problem[Expr], jumps: Iterable[Jump]) -> Decay | None:
    r"""The gain of excitations of both sides, where their mean obeys an equation of its own.

    :math:`\dot n=-\lambda n+r` of each side with the same :math:`\lambda`: local loss and pumping
    of spins have :math:`\lambda=\Gamma_\downarrow+\Gamma_\uparrow`, those of a mode the difference.
    """
    own, other = problem.model.frequencies
    if own != other:
        return None
    decays, source = {"battery": S.Zero, "charger": S.Zero}, S.Zero
    for jump in jumps:
        if jump.step == 0:
            continue
        spins = getattr(problem, jump.side).spins
        if spins is not None and jump.collective:
            return None
        decays[jump.side] += jump.rate if spins is not None else -jump.step * jump.rate
        if jump.step > 0:
            source += jump.rate * (1 if spins is None else exact(spins))
    rate, again = decays.values()
    if factored(rate - again) != 0:
        return None
    before = Add(*(s.weight * (s.battery.bottom + s.battery.level + s.charger.bottom
                   + s.charger.level) for s in starts(problem)))  # fmt: skip
    rate, before = factored(rate), factored(before.expand())
    if rate == 0:
        return Decay(source * t, source * t, None if source != 0 else S.Zero)
    gained = factored(source / rate - before)
    slope = tanh(rate * t / 2)
    final = gained if rate.is_positive else None
    return Decay(gained * (1 - exp(-rate * t)), gained * 2 * slope / (1 + slope), final)
