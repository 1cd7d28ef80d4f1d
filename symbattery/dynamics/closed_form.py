r"""``solve``: from a model and its start to amplitudes, :math:`E(t)` and :math:`P(t)`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sympy import Abs, Expr, Ge, Le, S, Symbol, conjugate, fraction, sin
from sympy.logic.boolalg import Boolean

from numerics.model import checks
from numerics.model.models import Model, SpinCharger
from numerics.model.problem import check_initial
from numerics.model.states import InitialState
from symbattery.core.errors import MixedStateError
from symbattery.core.expressions import factored
from symbattery.dynamics import single_frequency as spectra
from symbattery.dynamics.frequencies import FORMS
from symbattery.dynamics.frequency_names import Names, name_frequencies
from symbattery.dynamics.several_frequencies import MultiFrequencyMotion, multi_frequency_motion
from symbattery.model.exact_model import (
    described,
    described_initial,
    described_values,
    parameters,
)
from symbattery.model.symbols import t
from symbattery.sectors.chains import Chain, Couplings, chain_from
from symbattery.sectors.charger_ensembles import at_least
from symbattery.sectors.mixtures import Start, initial_mixture
from symbattery.sectors.sector_sums import SectorSum, indexed, sector_sums

if TYPE_CHECKING:
    from pathlib import Path

    from symbattery.maxima.best_start import BestStart
    from symbattery.maxima.result import Maximum
    from symbattery.observables.function import EmittedFunction
    from symbattery.printed_formulas import Comparison
    from symbattery.verification import Verification

__all__ = ["Branch", "RabiTerm", "Solution", "from_branches", "solve"]


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
class Solution:
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
        return self.names.rates[spectra.frequency_squared(chain)]

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
        moved = spectra.amplitudes(chain, self._rate(chain), t, sign)
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
        pulse = spectra.pulse(chain)
        if pulse is None:
            return None
        whole = pulse.rate_squared == spectra.frequency_squared(chain)
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
        square = spectra.frequency_squared(sector_sum.chain)
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

    def explicit(self) -> Solution:
        """The same solution with every definition substituted."""
        put = dict(self.names.definitions)
        rates = {square: rate.subs(put) for square, rate in self.names.rates.items()}
        motions = {chain: motion.explicit() for chain, motion in self.motions.items()}
        return replace(self, names=Names(rates), motions=motions)

    def maximum(self, kind: str | None = None, *, until: Any = None, digits: int = 30) -> Maximum:
        """The largest stored energy; see :func:`symbattery.maxima.energy.maximum`."""
        from symbattery.maxima.energy import maximum

        return maximum(self, kind, until=until, digits=digits)

    def max_power(self) -> Maximum:
        """The largest average power; see :func:`symbattery.maxima.power.max_power`."""
        from symbattery.maxima.power import max_power

        return max_power(self)

    def best_excited(self) -> BestStart:
        """The best number of excited charger spins; see :mod:`symbattery.maxima.best_start`."""
        from symbattery.maxima.best_start import best_excited

        return best_excited(self)

    def comparisons(self) -> tuple[Comparison, ...]:
        """What the paper prints for this case, compared with the derivation."""
        from symbattery.printed_formulas import comparisons

        return comparisons(self)

    def function(self, name: str, backend: str = "numpy", **fixed: Any) -> EmittedFunction:
        """``name`` as a function of time; see :func:`symbattery.observables.function.emit`."""
        from symbattery.observables.function import emit

        return emit(self, name, backend, **fixed)

    def source(self, name: str, language: str = "c", **fixed: Any) -> str:
        """``name`` as source code; see :func:`symbattery.output.code.source`."""
        from symbattery.output.code import source

        return source(self, name, language, **fixed)

    def latex(
        self,
        name: str = "energy",
        *,
        names: Mapping[Symbol, str] | None = None,
        width: str | float | None = None,
    ) -> str:
        """LaTeX of one quantity; see :func:`symbattery.output.latex.results.quantity`."""
        from symbattery.output.latex.results import quantity

        return quantity(self, name, names=names, width=width)

    def to_tex(
        self,
        path: str | Path,
        document: str | None = "article",
        *,
        columns: int = 1,
        names: Mapping[Symbol, str] | None = None,
    ) -> Path:
        """Write the LaTeX of everything; see :func:`symbattery.output.latex.document.write`."""
        from symbattery.output.latex.document import write

        return write(path, self, document_class=document, columns=columns, names=names)

    def verify(self, digits: int = 50, points: int = 8, seed: int = 2021) -> Verification:
        """Compare with independent routes; see :func:`symbattery.verification.verify`."""
        from symbattery.verification import verify

        return verify(self, digits=digits, points=points, seed=seed)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex('energy')}$"


def _over(value: Expr, square: Expr, rate: Expr) -> Expr:
    """A fraction over the square of the frequency, written in its name."""
    scaled = factored(value * square)
    below, whole = (fraction(v)[1].free_symbols for v in (value, scaled))
    return scaled / rate**2 if below and not whole else value


def _couplings(model: Model) -> Couplings:
    return Couplings(
        coupling=model.coupling,
        anisotropy=model.anisotropy,
        frequency=model.frequency,
        charger_frequency=model.charger_frequency,
        charger_crosstalk=model.charger_crosstalk if isinstance(model, SpinCharger) else S.Zero,
        cell_crosstalk=model.cell_crosstalk,
    )


def _beats(
    every: Iterable[Chain], coupling: Expr, form: str | None
) -> dict[Chain, MultiFrequencyMotion]:
    chains = [chain for chain in every if len(chain.levels) > 2]
    several = [c for c in dict.fromkeys(chains) if not spectra.has_one_frequency(c)]
    labels = [""] if len(several) == 1 else [str(i) for i in range(1, len(several) + 1)]
    return {
        c: multi_frequency_motion(c, coupling, t, label, form)
        for c, label in zip(several, labels, strict=True)
    }


def _conditions(start: Start, chain: Chain) -> tuple[Boolean, ...]:
    """What keeps a start of symbolic irreps on a chain with all its levels."""
    if not start.conditions or len(chain.levels) == 1:
        return start.conditions
    least = 1 if spectra.has_one_frequency(chain) else len(chain.levels) - 1
    return (*start.conditions, at_least(start.c, least))


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


def _taken(model: Model, initial: InitialState) -> set[str]:
    """The names of all symbols of a description."""
    values = (value for _, value in described_values(model, initial))
    return {s.name for value in values for s in getattr(value, "free_symbols", ())}


def solve(model: Model, initial: InitialState | None = None, form: str | None = None) -> Solution:
    r"""The closed form of the charging of ``model`` from ``initial``.

    A thermal or product state of a symbolic number of charger spins gives an unevaluated ``Sum``
    over the irreps of the charger and their levels, if the cells start empty.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With a number of cells; anything else may be a symbol. An open coupling or frequency is
        kept as :math:`g` and :math:`\omega_0`.
    initial : optional
        Cells down and all charger spins up (as many photons as cells) if left out.
    form : {"radicals", "roots"}, optional
        How the frequencies are written: in real radicals and cosines, or as named roots of their
        polynomial. The best form that exists if left out.

    Raises
    ------
    InvalidArgument
        The model, the state or ``form`` is not what it must be.
    UnsolvedError
        The sector is no chain (``anisotropy`` other than 0 with more than one cell, or with one
        and a symbolic number of charger spins), radicals were demanded and do not exist, or no sum
        is derived for a mixture of a symbolic number of charger spins.

    Notes
    -----
    The model of Huangfu and Jing, Eqs. (1)–(4), with any number of cells.
    """
    system = described(model)
    initial = described_initial(check_initial(model, initial))
    if form is not None:
        checks.choice("form", form, FORMS)
    return _solved(system, initial, form)


@lru_cache(maxsize=128)
def _solved(system: Model, initial: InitialState, form: str | None) -> Solution:
    couplings = _couplings(system)
    starts, ensemble_terms = initial_mixture(system, initial, _taken(system, initial))
    branches: list[Branch] = []
    conditions: list[Boolean] = []
    for start in starts:
        if start.weight != 0:
            chain = chain_from(start.cells, start.charger, start.k, start.c, couplings)
            branches.append(Branch(start.weight, chain, start.k, start.c))
            conditions += _conditions(start, chain)
    summed = [sector_sums(spread, couplings) for spread in ensemble_terms]
    members = tuple(member for each in summed for member in each.members)
    conditions += [held for each in summed for held in each.conditions]
    found = from_branches(system, initial, tuple(branches), form, members)
    return replace(found, conditions=tuple(dict.fromkeys(conditions)))


def from_branches(
    system: Model,
    initial: InitialState,
    branches: tuple[Branch, ...],
    form: str | None = None,
    members: tuple[SectorSum, ...] = (),
) -> Solution:
    """The motion on the chains of ``branches``, whatever these chains were derived from."""
    chains = [branch.chain for branch in branches] + [member.chain for member in members]
    squares = (spectra.frequency_squared(c) for c in chains if spectra.has_one_frequency(c))
    names = name_frequencies(squares, system.coupling)
    motions = _beats(chains, system.coupling, form)
    return Solution(system, initial, branches, names, motions, members)
