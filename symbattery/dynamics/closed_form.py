r"""The closed form of one charging: amplitudes, :math:`E(t)` and :math:`P(t)` as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from sympy import Abs, Expr, Ge, Le, S, Symbol, conjugate, fraction, sin
from sympy.logic.boolalg import Boolean

from numerics.model.models import Model
from numerics.model.states import InitialState
from symbattery.core.errors import MixedStateError
from symbattery.core.expressions import factored
from symbattery.dynamics import single_frequency
from symbattery.dynamics.frequency_names import Names
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion
from symbattery.model.exact_model import (
    described_values,
    parameters,
)
from symbattery.model.symbols import t
from symbattery.sectors.chains import Chain
from symbattery.sectors.charger_ensembles import at_least
from symbattery.sectors.sector_sums import SectorSum, indexed

__all__ = ["Branch", "ClosedForm", "RabiTerm"]


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
    """

    weight: Expr
    chain: Chain
    excited: Expr
    charged: Expr


@dataclass(frozen=True)
class RabiTerm:
    r"""A part :math:`a\,\sin^2\varphi\,(1+r\sin^2\varphi)` of :math:`E/\omega_0`.

    Attributes
    ----------
    rate : Expr
        :math:`\varphi/t`, as it is written.
    size, ratio : Expr
        :math:`a` and :math:`r`.
    """

    rate: Expr
    size: Expr
    ratio: Expr

    def energy(self, sine_squared: Expr) -> Expr:
        """The part in units of ω₀, with ``sine_squared`` for sin²φ."""
        return self.size * sine_squared * (1 + self.ratio * sine_squared)


@dataclass(frozen=True)
class ClosedForm:
    r"""The exact charging of one model from one start.

    Everything is written in the named quantities of ``definitions``; :meth:`explicit` has them
    substituted. Amplitudes are those of the frame that rotates with the energy of the start.

    Attributes
    ----------
    model, initial
        What was solved, with exact numbers and symbols.
    branches : tuple of Branch
        The pure starts of the mixture, and their sectors.
    names : Names
        The written form of the frequency of each sector that has only one.
    beats : mapping
        The motion of each sector with several frequencies.
    families : tuple of Family
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

        Those of a family depend on its indices, and are functions of them: ξ(k, c).
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
        """Whether the initial state is pure, so that amplitudes exist."""
        return len(self.branches) == 1 and not self.sector_sums

    @property
    def sectors(self) -> tuple[Chain, ...]:
        """The chains the solution came from."""
        every: tuple[Branch | SectorSum, ...] = (*self.branches, *self.sector_sums)
        return tuple(dict.fromkeys(start.chain for start in every))

    @property
    def form(self) -> str:
        """``"radicals"``, or ``"roots"`` where a frequency is a named root of its polynomial."""
        every = {motion.form for motion in self.motions.values()}
        return "roots" if "roots" in every else "radicals"

    @cached_property
    def parameters(self) -> Mapping[str, Symbol]:
        """The free symbols by field name, in the argument order of emitted functions."""
        return parameters(self.model, self.initial)

    @property
    def assumptions(self) -> tuple[Boolean, ...]:
        """What the symbols are taken to satisfy, beyond the assumptions they carry themselves."""
        # A symbolic chain has all its levels: its hops must not vanish on the way.
        chains = [branch.chain for branch in self.branches]
        several = any(chain in self.motions for chain in chains)
        levels = max(len(chain.levels) for chain in chains) - 1 if several else min(1, len(chains))
        held: list[Boolean] = list(self.conditions)
        for name, value in described_values(self.model, self.initial):
            if name in ("chargers", "photons", "excited"):
                held.append(at_least(S(value), levels))
            if name in ("excited", "spins"):
                size = self.model.chargers
                held.append(Le(value if name == "excited" else size - value, size))
            if value is not None and ("population" in name or name in ("anisotropy", "weight")):
                held += [Ge(value, 0), Le(value, 1)]
        return tuple(h for h in dict.fromkeys(_strongest(held)) if h not in (S.true, S.false))

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
        if self.sector_sums:
            raise MixedStateError(
                "`amplitudes` exist for a pure initial state only, but this one is a mixture over "
                "the irreps (j, m) of the charger"
            )
        if len(self.branches) > 1:
            raise MixedStateError(
                "`amplitudes` exist for a pure initial state only, but this one is a mixture of "
                f"{len(self.branches)}; see `branch_amplitudes`"
            )
        return self.branch_amplitudes(self.branches[0])

    def branch_amplitudes(self, branch: Branch) -> dict[Any, Expr]:
        """The amplitudes of one pure start, by excitations of the cells within their irrep.

        Where pair terms reach the same number twice, by (cells, charger spins).
        """
        keys = [branch.excited + k for k in branch.chain.levels]
        if len(set(keys)) < len(keys):
            places = zip(keys, branch.chain.charger_levels, strict=True)
            keys = [(int(k), int(branch.charged + c)) for k, c in places]
        else:
            keys = [int(k) for k in keys]
        return dict(zip(keys, self._level_amplitudes(branch.chain), strict=True))

    def _level_amplitudes(self, chain: Chain) -> Sequence[Expr]:
        if len(chain.levels) == 1:
            return [S.One]
        if chain in self.motions:
            return self.motions[chain].amplitudes
        sign = -1 if self.model.coupling.is_negative else 1
        moved = single_frequency.amplitudes(chain, self._rate(chain), t, sign)
        return [moved[k] for k in chain.levels]

    @cached_property
    def rabi_terms(self) -> tuple[RabiTerm, ...]:
        """The parts of the stored energy with one frequency, equal motions taken together."""
        sizes: dict[tuple[Expr, Expr], Expr] = {}
        for branch in self.branches:
            rabi_term = None if branch.chain in self.motions else self._rabi_term(branch.chain)
            if rabi_term is not None:
                key = (rabi_term.rate, rabi_term.ratio)
                sizes[key] = sizes.get(key, S.Zero) + branch.weight * rabi_term.size
        return tuple(
            RabiTerm(rate, size, ratio) for (rate, ratio), size in sizes.items() if size != 0
        )

    def _rabi_term(self, chain: Chain) -> RabiTerm | None:
        """The motion on a chain with one frequency; None if the start is dark."""
        pulse = single_frequency.pulse(chain)
        if pulse is None:
            return None
        whole = pulse.rate_squared == single_frequency.frequency_squared(chain)
        rate = self._rate(chain) if whole else self._rate(chain) / 2
        return RabiTerm(rate, pulse.size, pulse.ratio)

    @cached_property
    def energy(self) -> Expr:
        r"""The stored energy :math:`E(t)` of Eq. (7), in the unit of the frequency.

        The part of each family is an unevaluated ``Sum`` over its indices.
        """
        put = self._indexed
        sums = (
            sector_sum.total(self.sector_sum_energy(sector_sum).xreplace(put))
            for sector_sum in self.sector_sums
            if len(sector_sum.chain.levels) > 1
        )
        return self.finite_energy + self.model.frequency * sum(sums, S.Zero)

    @cached_property
    def finite_energy(self) -> Expr:
        """What the branches store, without the families."""
        omega = self.model.frequency
        parts = [omega * s.energy(sin(s.rate * t) ** 2) for s in self.rabi_terms]
        for chain, motion in self.motions.items():
            weight = sum((b.weight for b in self.branches if b.chain == chain), S.Zero)
            parts.append(omega * weight * motion.energy)
        return sum(parts, S.Zero)

    def sector_sum_energy(self, sector_sum: SectorSum) -> Expr:
        """What one start of a family stores, in units of ω₀ and of ``plain_definitions``."""
        if sector_sum.chain in self.motions:
            return self.motions[sector_sum.chain].energy
        rabi_term = self._rabi_term(sector_sum.chain)
        if rabi_term is None:
            return S.Zero
        square = single_frequency.frequency_squared(sector_sum.chain)
        size, ratio = (
            _over(a, square, self.names.rates[square]) for a in (rabi_term.size, rabi_term.ratio)
        )
        return replace(rabi_term, size=size, ratio=ratio).energy(sin(rabi_term.rate * t) ** 2)

    @property
    def power(self) -> Expr:
        r"""The average charging power :math:`P(t)=E(t)/t` of Eq. (8); 0 at :math:`t=0`."""
        return self.energy / t

    def chain_energy(self, chain: Chain) -> Expr:
        r""":math:`\sum_k (k-k_0)\,|c_k|^2` on one chain, in ``plain_definitions``."""
        amplitudes = self._level_amplitudes(chain)
        pairs = zip(chain.levels, amplitudes, strict=True)
        return sum((k * c * conjugate(c) for k, c in pairs), S.Zero)

    def chain_norm(self, chain: Chain) -> Expr:
        r""":math:`\sum_k |c_k|^2` on one chain, in ``plain_definitions``."""
        return sum((Abs(c) ** 2 for c in self._level_amplitudes(chain)), S.Zero)

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
    """Of x ≥ a and x ≥ b with numbers a < b only the second."""
    every = list(relations)
    for relation in every:
        weaker = isinstance(relation, Ge) and any(
            isinstance(other, Ge)
            and other.lhs == relation.lhs
            and (other.rhs > relation.rhs) == True  # noqa: E712
            for other in every
        )
        if not weaker:
            yield relation
