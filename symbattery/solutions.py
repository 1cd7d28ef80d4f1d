r"""``solve``: from a model and its start to amplitudes, :math:`E(t)` and :math:`P(t)`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Expr, Ge, Le, S, Symbol, conjugate, sin
from sympy.logic.boolalg import Boolean

from numerics.models import Model, SpinCharger
from numerics.states import InitialState, check_initial
from symbattery import spectra
from symbattery.chains import Chain, Couplings, chain_from
from symbattery.descriptions import described, described_initial, parameters
from symbattery.errors import MixedStateError
from symbattery.naming import Names, name_frequencies
from symbattery.symbols import t
from symbattery.weights import starts

if TYPE_CHECKING:
    from pathlib import Path

    from symbattery.emit.functions import EmittedFunction
    from symbattery.maxima import BestStart, Maximum
    from symbattery.printed import Comparison
    from symbattery.verify import Verification

__all__ = ["Branch", "Solution", "Swing", "solve"]


@dataclass(frozen=True)
class Branch:
    """One pure start of the initial mixture.

    Attributes
    ----------
    weight : Expr
        Its probability.
    chain : Chain
        The sector it moves in.
    excited : Expr
        Excitations of the cells at the start, counted within their irrep.
    """

    weight: Expr
    chain: Chain
    excited: Expr


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
        The written form of each frequency.
    """

    model: Model
    initial: InitialState
    branches: tuple[Branch, ...]
    names: Names = field(default_factory=Names)

    @property
    def definitions(self) -> Mapping[Symbol, Expr]:
        """The named quantities, e.g. {ξ: √(2(3N−2))}."""
        return self.names.definitions

    @cached_property
    def parameters(self) -> Mapping[str, Symbol]:
        """The free symbols by field name, in the argument order of emitted functions."""
        return parameters(self.model, self.initial)

    @property
    def assumptions(self) -> tuple[Boolean, ...]:
        """What the symbols are taken to satisfy, beyond the assumptions they carry themselves."""
        held: list[Boolean] = []
        for name, symbol in self.parameters.items():
            if "population" in name or name in ("anisotropy", "weight"):
                held.append(Le(symbol, 1))
            elif name == "excited":
                held.append(Le(symbol, self.model.chargers))  # type: ignore[union-attr]
            elif name == "chargers":
                held.append(Ge(symbol, 1))
        return tuple(h for h in held if h not in (S.true, S.false))

    def _rate(self, branch: Branch) -> Expr:
        return self.names.rates[spectra.frequency_squared(branch.chain)]

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

    def branch_amplitudes(self, branch: Branch) -> dict[int, Expr]:
        """The amplitudes of one pure start, by excitations of the cells within their irrep."""
        if len(branch.chain.levels) == 1:
            return {int(branch.excited): S.One}
        sign = -1 if self.model.coupling.is_negative else 1
        moved = spectra.amplitudes(branch.chain, self._rate(branch), t, sign)
        return {int(branch.excited) + k: c for k, c in moved.items()}

    @cached_property
    def swings(self) -> tuple[Swing, ...]:
        """The parts of the stored energy, equal motions taken together."""
        sizes: dict[tuple[Expr, Expr], Expr] = {}
        for branch in self.branches:
            pulse = spectra.pulse(branch.chain)
            if pulse is None or branch.weight == 0:
                continue
            whole = pulse.rate_squared == spectra.frequency_squared(branch.chain)
            rate = self._rate(branch) if whole else self._rate(branch) / 2
            key = (rate, pulse.ratio)
            sizes[key] = sizes.get(key, S.Zero) + branch.weight * pulse.size
        return tuple(Swing(rate, size, ratio) for (rate, ratio), size in sizes.items() if size != 0)

    @cached_property
    def energy(self) -> Expr:
        r"""The stored energy :math:`E(t)` of Eq. (7), in the unit of the frequency."""
        omega = self.model.frequency
        return sum((omega * s.energy(sin(s.rate * t) ** 2) for s in self.swings), S.Zero)

    @property
    def power(self) -> Expr:
        r"""The average charging power :math:`P(t)=E(t)/t` of Eq. (8); 0 at :math:`t=0`."""
        return self.energy / t

    def energy_from_amplitudes(self) -> Expr:
        r""":math:`\omega_0\sum_k (k-k_0)\,|c_k|^2`, not simplified: a check of ``energy``."""
        total = S.Zero
        for branch in self.branches:
            for k, c in self.branch_amplitudes(branch).items():
                total += branch.weight * (k - branch.excited) * c * conjugate(c)
        return self.model.frequency * total

    def explicit(self) -> Solution:
        """The same solution with every definition substituted."""
        put = dict(self.definitions.items())
        rates = {square: rate.subs(put) for square, rate in self.names.rates.items()}
        return replace(self, names=Names(rates))

    def maximum(self) -> Maximum:
        """The largest stored energy; see :func:`symbattery.maxima.maximum`."""
        from symbattery.maxima import maximum

        return maximum(self)

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


def _frequencies(branches: Iterable[Branch]) -> list[Expr]:
    return [
        spectra.frequency_squared(branch.chain)
        for branch in branches
        if len(branch.chain.levels) > 1
    ]


def solve(model: Model, initial: InitialState | None = None) -> Solution:
    r"""The closed form of the charging of ``model`` from ``initial``.

    Parameters
    ----------
    model : SpinCharger or CavityCharger
        With a number of cells; anything else may be a symbol. An open coupling or frequency is
        kept as :math:`g` and :math:`\omega_0`.
    initial : optional
        Cells down and all charger spins up (as many photons as cells) if left out.

    Raises
    ------
    InvalidArgument
        The model or the state is not what it must be.
    UnsolvedError
        The sector has more than one frequency: more than two cells, detuning or crosstalk with
        two cells, or anisotropy.

    Notes
    -----
    Sectors up to three levels of the model of Huangfu and Jing, Eqs. (1)–(4).
    """
    system = described(model)
    initial = described_initial(check_initial(model, initial))
    couplings = _couplings(system)
    branches = tuple(
        Branch(
            start.weight,
            chain_from(start.cells, start.charger, start.k, start.c, couplings),
            start.k,
        )
        for start in starts(system, initial)
        if start.weight != 0
    )
    return Solution(
        system, initial, branches, name_frequencies(_frequencies(branches), system.coupling)
    )
