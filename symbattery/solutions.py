r"""``solve``: from a model and its start to amplitudes, :math:`E(t)` and :math:`P(t)`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from sympy import Expr, Ge, Le, S, Symbol, conjugate, sin
from sympy.logic.boolalg import Boolean

from numerics import checks
from numerics.models import Model, SpinCharger
from numerics.states import InitialState, check_initial
from symbattery import spectra
from symbattery.beats import Beat, beat
from symbattery.chains import Chain, Couplings, chain_from
from symbattery.descriptions import (
    described,
    described_initial,
    described_values,
    parameters,
)
from symbattery.errors import MixedStateError
from symbattery.frequencies import FORMS
from symbattery.naming import Names, name_frequencies
from symbattery.symbols import t
from symbattery.weights import starts

if TYPE_CHECKING:
    from pathlib import Path

    from symbattery.emit.functions import EmittedFunction
    from symbattery.maxima import BestStart, Maximum
    from symbattery.printed import Comparison
    from symbattery.verify import Verification

__all__ = ["Branch", "Solution", "Swing", "from_branches", "solve"]


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
class Swing:
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
    """

    model: Model
    initial: InitialState
    branches: tuple[Branch, ...]
    names: Names = field(default_factory=Names, hash=False)
    beats: Mapping[Chain, Beat] = field(default_factory=dict, hash=False)

    @property
    def definitions(self) -> Mapping[Symbol, Expr]:
        """The named quantities, e.g. {ξ: √(2(3N−2))}, each in terms of those before it."""
        named = dict(self.names.definitions)
        for motion in self.beats.values():
            named |= motion.definitions
        return named

    @property
    def sectors(self) -> tuple[Chain, ...]:
        """The chains the solution came from."""
        return tuple(dict.fromkeys(branch.chain for branch in self.branches))

    @property
    def form(self) -> str:
        """``"radicals"``, or ``"roots"`` where a frequency is a named root of its polynomial."""
        every = {motion.form for motion in self.beats.values()}
        return "roots" if "roots" in every else "radicals"

    @cached_property
    def parameters(self) -> Mapping[str, Symbol]:
        """The free symbols by field name, in the argument order of emitted functions."""
        return parameters(self.model, self.initial)

    @property
    def assumptions(self) -> tuple[Boolean, ...]:
        """What the symbols are taken to satisfy, beyond the assumptions they carry themselves."""
        # A symbolic chain has all its levels: its hops must not vanish on the way.
        levels = max(len(chain.levels) for chain in self.sectors) - 1 if self.beats else 1
        held: list[Boolean] = []
        for name, value in described_values(self.model, self.initial):
            if name in ("chargers", "photons", "excited"):
                held.append(Ge(value, levels))
            if name == "excited":
                held.append(Le(value, self.model.chargers))  # type: ignore[union-attr]
            if value is not None and ("population" in name or name in ("anisotropy", "weight")):
                held += [Ge(value, 0), Le(value, 1)]
        return tuple(h for h in dict.fromkeys(held) if h not in (S.true, S.false))

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
        if chain in self.beats:
            return self.beats[chain].amplitudes
        sign = -1 if self.model.coupling.is_negative else 1
        moved = spectra.amplitudes(chain, self._rate(chain), t, sign)
        return [moved[k] for k in chain.levels]

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """The parts of the stored energy with one frequency, equal motions taken together."""
        sizes: dict[tuple[Expr, Expr], Expr] = {}
        for branch in self.branches:
            if branch.chain in self.beats:
                continue
            pulse = spectra.pulse(branch.chain)
            if pulse is None:
                continue
            whole = pulse.rate_squared == spectra.frequency_squared(branch.chain)
            rate = self._rate(branch.chain) if whole else self._rate(branch.chain) / 2
            key = (rate, pulse.ratio)
            sizes[key] = sizes.get(key, S.Zero) + branch.weight * pulse.size
        return tuple(Swing(rate, size, ratio) for (rate, ratio), size in sizes.items() if size != 0)

    @cached_property
    def energy(self) -> Expr:
        r"""The stored energy :math:`E(t)` of Eq. (7), in the unit of the frequency."""
        omega = self.model.frequency
        parts = [omega * s.energy(sin(s.rate * t) ** 2) for s in self.swings]
        for chain, motion in self.beats.items():
            weight = sum((b.weight for b in self.branches if b.chain == chain), S.Zero)
            parts.append(omega * weight * motion.energy)
        return sum(parts, S.Zero)

    @property
    def power(self) -> Expr:
        r"""The average charging power :math:`P(t)=E(t)/t` of Eq. (8); 0 at :math:`t=0`."""
        return self.energy / t

    def energy_from_amplitudes(self) -> Expr:
        r""":math:`\omega_0\sum_k (k-k_0)\,|c_k|^2`, not simplified: a check of ``energy``."""
        total = S.Zero
        for branch in self.branches:
            amplitudes = self._level_amplitudes(branch.chain)
            for k, c in zip(branch.chain.levels, amplitudes, strict=True):
                total += branch.weight * k * c * conjugate(c)
        return self.model.frequency * total

    def explicit(self) -> Solution:
        """The same solution with every definition substituted."""
        put = dict(self.names.definitions)
        rates = {square: rate.subs(put) for square, rate in self.names.rates.items()}
        beats = {chain: motion.explicit() for chain, motion in self.beats.items()}
        return replace(self, names=Names(rates), beats=beats)

    def maximum(self, kind: str | None = None, *, until: Any = None, digits: int = 30) -> Maximum:
        """The largest stored energy; see :func:`symbattery.maxima.maximum`."""
        from symbattery.maxima import maximum

        return maximum(self, kind, until=until, digits=digits)

    def max_power(self) -> Maximum:
        """The largest average power; see :func:`symbattery.maxima.max_power`."""
        from symbattery.maxima import max_power

        return max_power(self)

    def best_excited(self) -> BestStart:
        """The best number of excited charger spins; see :func:`symbattery.maxima.best_excited`."""
        from symbattery.maxima import best_excited

        return best_excited(self)

    def comparisons(self) -> tuple[Comparison, ...]:
        """What the paper prints for this case, compared with the derivation."""
        from symbattery.printed import comparisons

        return comparisons(self)

    def function(self, name: str, backend: str = "numpy", **fixed: Any) -> EmittedFunction:
        """``name`` as a function of time; see :func:`symbattery.emit.functions.emit`."""
        from symbattery.emit.functions import emit

        return emit(self, name, backend, **fixed)

    def latex(self, name: str = "energy") -> str:
        """LaTeX of one quantity; see :func:`symbattery.emit.latex.quantity`."""
        from symbattery.emit.latex import quantity

        return quantity(self, name)

    def to_tex(self, path: str | Path) -> Path:
        """Write a LaTeX document of everything; see :mod:`symbattery.emit.document`."""
        from symbattery.emit.document import write

        return write(path, self)

    def verify(self, digits: int = 50, points: int = 8, seed: int = 2021) -> Verification:
        """Compare with independent routes; see :func:`symbattery.verify.verify`."""
        from symbattery.verify import verify

        return verify(self, digits=digits, points=points, seed=seed)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex('energy')}$"


def _couplings(model: Model) -> Couplings:
    return Couplings(
        coupling=model.coupling,
        anisotropy=model.anisotropy,
        frequency=model.frequency,
        charger_frequency=model.charger_frequency,
        charger_crosstalk=model.charger_crosstalk if isinstance(model, SpinCharger) else S.Zero,
        cell_crosstalk=model.cell_crosstalk,
    )


def _beats(branches: tuple[Branch, ...], coupling: Expr, form: str | None) -> dict[Chain, Beat]:
    chains = [b.chain for b in branches if len(b.chain.levels) > 2]
    several = [c for c in dict.fromkeys(chains) if not spectra.has_one_frequency(c)]
    labels = [""] if len(several) == 1 else [str(i) for i in range(1, len(several) + 1)]
    return {c: beat(c, coupling, t, label, form) for c, label in zip(several, labels, strict=True)}


def solve(model: Model, initial: InitialState | None = None, form: str | None = None) -> Solution:
    r"""The closed form of the charging of ``model`` from ``initial``.

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
        and a symbolic number of charger spins), or radicals were demanded and do not exist.

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
    branches = tuple(
        Branch(
            start.weight,
            chain_from(start.cells, start.charger, start.k, start.c, couplings),
            start.k,
            start.c,
        )
        for start in starts(system, initial)
        if start.weight != 0
    )
    return from_branches(system, initial, branches, form)


def from_branches(
    system: Model, initial: InitialState, branches: tuple[Branch, ...], form: str | None = None
) -> Solution:
    """The motion on the chains of ``branches``, whatever these chains were derived from."""
    squares = (
        spectra.frequency_squared(branch.chain)
        for branch in branches
        if spectra.has_one_frequency(branch.chain)
    )
    names = name_frequencies(squares, system.coupling)
    return Solution(system, initial, branches, names, _beats(branches, system.coupling, form))
