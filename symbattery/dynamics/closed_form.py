r"""The closed form of one charging as plain data: amplitudes and populations of every sector."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from sympy import Expr, Ge, Le, S, Symbol, fraction, sin
from sympy.logic.boolalg import Boolean

from numerics.model.checks import invalid, is_symbolic
from numerics.model.models import Model
from numerics.model.noise import Noise
from numerics.model.states import InitialState
from symbattery.core.expressions import MixedStateError, factored
from symbattery.dynamics import single_frequency
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.dynamics.single_frequency import Names, RabiTerm
from symbattery.model.exact_model import described_values, parameters, system
from symbattery.sectors.chains import Chain
from symbattery.sectors.charger_ensembles import SectorSum, at_least, indexed
from symbattery.symbols import t

__all__ = ["Branch", "ClosedForm", "check_solution"]


@dataclass(frozen=True)
class Branch:
    """One pure start of the initial mixture.

    Attributes
    ----------
    weight : Expr
        Its probability.
    chain : Chain
        The sector it moves in.
    excited, charged : Expr
        Excitations of the cells and of the charger at the start, counted within their irreps.
    bottom : int
        Excited cells at the bottom of their irrep.
    """

    weight: Expr
    chain: Chain
    excited: Expr
    charged: Expr
    bottom: int = 0

    @property
    def cells(self) -> tuple[int, ...]:
        """The number of excited cells in each level of the chain."""
        return tuple(self.bottom + int(self.excited) + k for k in self.chain.levels)


@dataclass(frozen=True)
class ClosedForm:
    r"""The exact charging of one model from one start.

    Everything is written in the named quantities of ``definitions``; :meth:`explicit` has them
    substituted. Amplitudes are those of the frame that rotates with the energy of the start. What
    is made of them are the rows of :mod:`symbattery.observables.table`.

    Attributes
    ----------
    model, initial
        What was solved, with exact numbers and symbols.
    branches : tuple of Branch
        The pure starts of the mixture, and their sectors.
    names : Names
        The written form of the frequency of each sector that has only one.
    motions : mapping
        The motion of each sector with several frequencies.
    sector_sums : tuple of SectorSum
        Starts counted by summation indices, of a mixture over a symbolic number of charger spins.
    conditions : tuple of Boolean
        What the parameters must satisfy for these starts to be there.
    """

    model: Model
    initial: InitialState
    branches: tuple[Branch, ...]
    names: Names = field(default_factory=Names, hash=False)
    motions: Mapping[Chain, MultiFrequencyMotion] = field(default_factory=dict, hash=False)
    sector_sums: tuple[SectorSum, ...] = ()
    conditions: tuple[Boolean, ...] = ()

    @property
    def definitions(self) -> Mapping[Expr, Expr]:
        """The named quantities, e.g. {ξ: √(2(3N−2))}, each in terms of those before it.

        Those of a sum depend on its indices, and are functions of them: ξ(k, c).
        """
        put = self._indexed
        return {put.get(s, s): value.xreplace(put) for s, value in self.plain_definitions.items()}

    @property
    def plain_definitions(self) -> Mapping[Symbol, Expr]:
        """The named quantities as bare symbols, without the indices they depend on."""
        named = dict(self.names.definitions)
        for motion in self.motions.values():
            named |= motion.definitions
        return named

    @property
    def _indexed(self) -> Mapping[Symbol, Expr]:
        put: dict[Symbol, Expr] = {}
        for sector_sum in self.sector_sums:
            if len(sector_sum.chain.levels) > 1:
                put |= indexed(self._named(sector_sum.chain), sector_sum.indices)
        return put

    def _named(self, chain: Chain) -> Iterable[Symbol]:
        """The names that the motion on a chain is written in."""
        if chain in self.motions:
            return self.motions[chain].definitions
        return self._rate(chain).free_symbols & self.names.definitions.keys()

    @property
    def is_pure(self) -> bool:
        """The initial state is pure, so that amplitudes exist."""
        return len(self.branches) == 1 and not self.sector_sums

    @property
    def sectors(self) -> tuple[Chain, ...]:
        """The chains the solution came from."""
        every: tuple[Branch | SectorSum, ...] = (*self.branches, *self.sector_sums)
        return tuple(dict.fromkeys(start.chain for start in every))

    @property
    def form(self) -> str:
        """``"radicals"``, or ``"roots"`` where a frequency is a named root of its polynomial."""
        return "roots" if any(m.form == "roots" for m in self.motions.values()) else "radicals"

    @cached_property
    def parameters(self) -> Mapping[str, Symbol]:
        """The free symbols by field name, in the argument order of emitted functions."""
        return parameters(self.model, self.initial)

    @property
    def assumptions(self) -> tuple[Boolean, ...]:
        """The conditions on the symbols, beyond the assumptions they carry themselves."""
        held: list[Boolean] = [*self.conditions, *self._reached]
        spins = self.model.charger.top
        for name, value in described_values(self.model, self.initial):
            if name == "excited_chargers":
                held.append(Le(value, spins) if is_symbolic(value) else at_least(S(spins), value))
            if name == "spins":
                held.append(Le(spins - value, spins))
            if value is not None and ("population" in name or name == "weight"):
                held += [Ge(value, 0), Le(value, 1)]
        held.sort(key=lambda relation: isinstance(relation, Le))
        return tuple(h for h in dict.fromkeys(_strongest(held)) if h not in (S.true, S.false))

    @property
    def _reached(self) -> Iterable[Boolean]:
        """The conditions for all levels of the charger to be there."""
        for branch in self.branches:
            yield at_least(S(branch.charged), branch.chain.charger_reach[0])

    @property
    def noise(self) -> tuple[Noise, ...]:
        """The noise of cells and charger, which leaves populations but no amplitudes."""
        return ()

    @property
    def is_open(self) -> bool:
        """There is noise."""
        return bool(self.noise)

    @property
    def first_cells(self) -> frozenset[int]:
        """The numbers of excited cells that have a probability at the start."""
        first = {branch.cells[branch.chain.start] for branch in self.branches}
        return frozenset(first | ({0} if self.sector_sums else set()))

    @property
    def meanings(self) -> Mapping[str, str]:
        """The meaning of parameters that have no field of the model or the start."""
        return {}

    def summary(self, longest: int = 120) -> str:
        """The model and its start in a line, each of so many characters at most."""
        return system(self.model, self.initial, longest)

    @property
    def accurate(self) -> ClosedForm | None:
        """The same in forms that are computed; None where the motions say them."""
        return None

    def bare_gain(self, populations: Callable[[Chain], Sequence[Expr]]) -> Expr:
        """The gain of the bare energies of both sides, by the probabilities of levels."""
        own, other = self.model.frequencies

        def gains(chain: Chain) -> Sequence[Expr]:
            pairs = zip(chain.levels, chain.charger_levels, populations(chain), strict=True)
            return [(own * a + other * b) * p for a, b, p in pairs]

        return sum(self.by_excited_cells(gains).values(), S.Zero)

    def _rate(self, chain: Chain) -> Expr:
        return self.names.rates[single_frequency.frequency_squared(chain)]

    @cached_property
    def amplitudes(self) -> dict[int, Expr]:
        r"""The amplitudes :math:`c_k(t)` by the number :math:`k` of excited cells.

        Raises
        ------
        MixedStateError
            The initial state is a mixture; each of ``branches`` has amplitudes of its own.
        """
        if not self.is_pure:
            of = f"of {len(self.branches)}; see `branch_amplitudes`"
            raise MixedStateError(
                "`amplitudes` exist for a pure initial state only, but this one is a mixture "
                + ("over the irreps (j, m) of the charger" if self.sector_sums else of)
            )
        return self.branch_amplitudes(self.branches[0])

    def branch_amplitudes(self, branch: Branch) -> dict[Any, Expr]:
        """The amplitudes of one pure start, by excitations of the cells within their irrep.

        Where pair terms reach the same number twice, by (cells, charger spins).
        """
        keys: Sequence[Any] = [int(branch.excited) + k for k in branch.chain.levels]
        if len(set(keys)) < len(keys):
            up = (int(branch.charged) + c for c in branch.chain.charger_levels)
            keys = list(zip(keys, up, strict=True))
        return dict(zip(keys, self.level_amplitudes(branch.chain), strict=True))

    def level_amplitudes(self, chain: Chain) -> Sequence[Expr]:
        """The amplitude of each level of one chain, in ``plain_definitions``."""
        if len(chain.levels) == 1:
            return [S.One]
        if chain in self.motions:
            return self.motions[chain].amplitudes
        sign = -1 if self.model.coupling.is_negative else 1
        return single_frequency.amplitudes(chain, self._rate(chain), t, sign)

    def level_populations(self, chain: Chain) -> Sequence[Expr]:
        """The probability of each level of one chain, in ``plain_definitions``."""
        if len(chain.levels) == 1:
            return [S.One]
        if chain in self.motions:
            return self.motions[chain].populations
        return single_frequency.populations(chain, self._rate(chain), t)

    @cached_property
    def populations(self) -> dict[int, Expr]:
        r"""The probability :math:`p_k(t)` of :math:`k` excited cells, by :math:`k`.

        Of a mixture over a symbolic number of charger spins unevaluated sums.
        """
        return self.by_excited_cells(self.level_populations)

    def by_excited_cells(self, of_levels: Callable[[Chain], Sequence[Expr]]) -> dict[int, Expr]:
        """The mean over all starts of a quantity of each level, by the number of excited cells."""
        return self.means(
            of_levels, lambda branch: branch.cells, lambda each: [int(k) for k in each.chain.levels]
        )

    def means(
        self,
        of_levels: Callable[[Chain], Sequence[Expr]],
        of_branch: Callable[[Branch], Sequence[Any]],
        of_sum: Callable[[SectorSum], Sequence[Any]],
    ) -> dict[Any, Expr]:
        """The mean over all starts of a quantity of each level, by what the levels have in common.

        That is a key for each level of a branch, or of a sum over sectors.
        """
        # Equal motions are taken together.
        shares: dict[Any, dict[Expr, Expr]] = {}
        for branch in self.branches:
            for key, value in zip(of_branch(branch), of_levels(branch.chain), strict=True):
                of_key = shares.setdefault(key, {})
                of_key[value] = of_key.get(value, S.Zero) + branch.weight
        total = {key: sum((w * v for v, w in of.items()), S.Zero) for key, of in shares.items()}
        for each in self.sector_sums:
            for key, value in zip(of_sum(each), of_levels(each.chain), strict=True):
                total[key] = total.get(key, S.Zero) + each.total(value.xreplace(self._indexed))
        return dict(sorted(total.items()))

    def gain(self, weight: Callable[[int], Any], unit: Expr) -> Expr:
        r"""The mean of :math:`w(k)` over the numbers of excited cells, less that at the start.

        In ``unit``; sums over sectors are not evaluated. The number itself, :math:`w(k)=k`, is
        written in :attr:`rabi_terms`, other weights in the populations.
        """
        shares: dict[tuple[Chain, tuple[Any, ...]], Expr] = {}
        for branch in self.branches:
            here = weight(branch.cells[branch.chain.start])
            key = branch.chain, tuple(weight(k) - here for k in branch.cells)
            shares[key] = shares.get(key, S.Zero) + branch.weight
        counted = all(gains == chain.levels for chain, gains in shares)
        terms = self.rabi_terms if counted else ()
        parts = [unit * term.energy(sin(term.rate * t) ** 2) for term in terms]
        for (chain, gains), share in shares.items():
            if chain in self.motions or not counted:
                parts.append(unit * share * self._chain_gain(chain, gains))
        sums = S.Zero
        for each in self.sector_sums:
            gains = tuple(weight(k) - weight(0) for k in each.chain.levels)
            gained = self._chain_gain(each.chain, gains)
            if gained != 0:
                sums += each.total(gained.xreplace(self._indexed))
        return sum(parts, S.Zero) + unit * sums

    def _chain_gain(self, chain: Chain, gains: tuple[Any, ...]) -> Expr:
        """Σ (w(k) - w(k₀)) p_k on one chain, in ``plain_definitions``."""
        if len(chain.levels) == 1:
            return S.Zero
        if gains != chain.levels:
            pairs = zip(gains, self.level_populations(chain), strict=True)
            return sum((gain * p for gain, p in pairs if gain != 0), S.Zero)
        if chain in self.motions:
            return self.motions[chain].energy
        term = single_frequency.rabi_term(chain, self._rate(chain))
        if term is None:
            return S.Zero
        square = single_frequency.frequency_squared(chain)
        size, ratio = (_over(a, square, self._rate(chain)) for a in (term.size, term.ratio))
        return replace(term, size=size, ratio=ratio).energy(sin(term.rate * t) ** 2)

    @cached_property
    def rabi_terms(self) -> tuple[RabiTerm, ...]:
        """The parts of the stored energy with one frequency, equal motions taken together."""
        sizes: dict[tuple[Expr, Expr], Expr] = {}
        for branch in self.branches:
            if branch.chain in self.motions or len(branch.chain.levels) == 1:
                continue
            term = single_frequency.rabi_term(branch.chain, self._rate(branch.chain))
            if term is not None:
                key = (term.rate, term.ratio)
                sizes[key] = sizes.get(key, S.Zero) + branch.weight * term.size
        return tuple(
            RabiTerm(rate, size, ratio) for (rate, ratio), size in sizes.items() if size != 0
        )

    def explicit(self) -> Self:
        """The same solution with every definition substituted."""
        put = dict(self.names.definitions)
        rates = {square: rate.subs(put) for square, rate in self.names.rates.items()}
        motions = {chain: motion.explicit() for chain, motion in self.motions.items()}
        return replace(self, names=Names(rates), motions=motions)


def _over(value: Expr, square: Expr, rate: Expr) -> Expr:
    """A fraction over the square of the frequency, written in its name."""
    scaled = factored(value * square)
    below, whole = (fraction(v)[1].free_symbols for v in (value, scaled))
    return scaled / rate**2 if below and not whole else value


def _strongest(relations: Iterable[Boolean]) -> Iterator[Boolean]:
    """Of x ≥ a and x ≥ b with a < b only the second, and of x ≤ a and x ≤ b the first."""
    every = list(relations)

    def implies(other: Boolean, relation: Boolean) -> bool:
        if type(other) is not type(relation) or not isinstance(other, Ge | Le):
            return False
        further = other.rhs - relation.rhs if isinstance(other, Ge) else relation.rhs - other.rhs
        return bool(other.lhs == relation.lhs and further.is_positive)

    return (r for r in every if not any(implies(other, r) for other in every))


def check_solution(name: str, value: Any) -> None:
    """Refuse what is no solution.

    Raises
    ------
    InvalidArgument
    """
    if not isinstance(value, ClosedForm):
        raise invalid(name, "be a solution, such as two_cells()", value)
