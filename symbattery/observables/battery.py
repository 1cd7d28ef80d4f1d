r"""The battery's state in symbols, of which observables are functions.

A function of the state is written in symbols: populations :math:`p_k`, their rates
:math:`\dot p_k`, and a few more means. :class:`~symbattery.observables.level_means.Means` says what
each symbol is in a closed form. So a formula stays short whatever stands behind its symbols; each
of these is computed on its own, to full relative accuracy, and a judge puts numbers for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import comb, perm
from typing import Any, NoReturn

from sympy import Expr, S, Symbol, expand_func, ff

from numerics.model.checks import InvalidArgument, invalid, is_symbolic
from numerics.model.models import brief
from numerics.model.side_states import Independent, Superposed
from numerics.model.sides import Side
from symbattery.core.expressions import UnsolvedError, exact, factored
from symbattery.dynamics.closed_form import ClosedForm
from symbattery.model.ladders import degeneracies, multiplicity

__all__ = ["Battery", "hypergeometric", "most_excited"]


def _named(kind: str, *key: int, **known: bool) -> Symbol:
    """The symbol of a mean; no symbol of a model begins with an underscore."""
    return Symbol("_".join(["", kind, *map(str, key)]), **(known or {"real": True}))


def most_excited(solution: ClosedForm) -> Any:
    """The largest number of excitations of the battery, or the symbol of it."""
    top = solution.model.battery.top
    return exact(top) if is_symbolic(top) else int(top or 0)


def hypergeometric(cells: Any, some: int, excited: int, among: int) -> Expr:
    """The probability that ``among`` of ``some`` cells are excited, with ``excited`` of all."""
    others, rest = cells - some, excited - among
    if rest < 0 or (not is_symbolic(cells) and rest > others):
        return S.Zero
    chance = comb(some, among) * perm(excited, among) * ff(others, rest) / ff(cells, excited)
    return factored(expand_func(chance)) if is_symbolic(cells) else chance


@dataclass(frozen=True)
class Battery:
    """The battery at a time: symbols for what is known of it.

    Attributes
    ----------
    solution : ClosedForm
    computed : bool
        Formulas in forms that lose no digits in floating-point numbers, in place of the forms that
        an author prints.
    name : str
        The quantity that is asked for, as it stands in errors.
    part : mapping of int to Expr, optional
        The populations of some of the cells, of which it is then the state.
    """

    solution: ClosedForm
    computed: bool = False
    name: str = "name"
    part: Mapping[int, Expr] | None = None

    @property
    def cells(self) -> Any:
        """The largest number of excitations, one for each cell that is a spin-1/2.

        The most that are reached, where a battery has no highest level.
        """
        if self.part is not None:
            return max(self.part)
        return max(self.levels) if self.side.top is None else most_excited(self.solution)

    def require_number(self) -> None:
        """Refuse a quantity that is known for a number of cells only.

        Raises
        ------
        UnsolvedError
        """
        if is_symbolic(self.cells):
            self.refuse(self.name, "be asked of a number of cells")

    @property
    def side(self) -> Side:
        """The ladder of all cells."""
        return self.solution.model.battery

    @property
    def has_coherences(self) -> bool:
        """The state is no mixture of levels, because those of the charger tell nothing apart."""
        return not self.solution.model.charger.distinguishable

    @cached_property
    def eigenvalues(self) -> tuple[tuple[Expr, ...], tuple[int, ...]]:
        """The eigenvalues, each summed over as many equal ones.

        Raises
        ------
        UnsolvedError
            A mixed start of driven cells.
        """
        if self.has_coherences:
            self.require_pure()
            return (S.One,), (1,)
        if self.sizes != (self.cells,):
            self.require_number()
        return tuple(self.blocks.values()), tuple(self.copies(size) for size, _ in self.blocks)

    @cached_property
    def slots(self) -> tuple[int, ...]:
        """The number of states with k excitations."""
        if self.side.top is None:
            return (1,) * (self.cells + 1)
        self.require_number()
        return degeneracies(self.side if self.part is None else self.side.irrep(self.cells))

    @property
    def nearly_fits(self) -> bool:
        """All eigenvalues but the largest fit on the first level above the lowest."""
        if self.sizes != (self.cells,):
            return False
        if is_symbolic(self.cells):
            return bool(self.side.spins == self.side.top)
        return self.cells == 0 or self.slots[1] >= self.cells

    def copies(self, size: Any) -> int:
        """The number of irreps with total spin ``size``/2."""
        if size == self.cells or self.side.top is None:
            return 1
        return multiplicity(self.side, (self.cells - size) // 2)

    @property
    def frequency(self) -> Expr:
        """The frequency ω₀ of the cells."""
        return self.solution.model.frequency

    @cached_property
    def populations(self) -> Mapping[int, Expr]:
        """The probabilities of k excited cells, for those k that are reached."""
        if self.part is not None:
            return self.part
        return {k: _named("population", k, nonnegative=True) for k in self.levels}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        """The numbers of excited cells that are reached."""
        branches = (branch.cells for branch in self.solution.branches)
        sums = (each.chain.levels for each in self.solution.sector_sums)
        return tuple(sorted({int(k) for every in (*branches, *sums) for k in every}))

    @cached_property
    def start(self) -> frozenset[int]:
        """The numbers of excited cells that have a probability at the start."""
        return self.solution.first_cells

    @property
    def rates(self) -> Mapping[int, Expr]:
        """The derivatives of the populations by time."""
        return {k: _named("rate", k) for k in self.levels}

    @property
    def curvatures(self) -> Mapping[int, Expr]:
        """The coefficients of t² in the populations at small times."""
        return {k: _named("curvature", k) for k in self.levels}

    @property
    def gains(self) -> Mapping[int, Expr]:
        """The probabilities of the gain of so many excitations.

        Raises
        ------
        UnsolvedError
            With noise, where the cells do not start with one number of excitations.
        """
        if self.solution.is_open and len(self.start) > 1:
            self.refuse(self.name, "be asked of cells that start with one number of excitations")
        branches = (branch.chain.levels for branch in self.solution.branches)
        sums = (each.chain.levels for each in self.solution.sector_sums)
        every = sorted({int(w) for levels in (*branches, *sums) for w in levels})
        return {w: _named("gain", w, nonnegative=True) for w in every}

    @property
    def power(self) -> Expr:
        """The mean of the power operator P̂ = i[H, H_B], in the unit of the frequency."""
        return _named("power")

    @property
    def power_squared(self) -> Expr:
        """The mean of P̂², in the squared unit of the frequency."""
        return _named("powersquared")

    @property
    def exchange(self) -> Expr:
        """The mean of the exchange energy, less that at the start."""
        return _named("exchange")

    @property
    def bare(self) -> Expr:
        """The gain of the bare energies of both sides."""
        return _named("bare")

    @property
    def excited(self) -> Expr:
        """The mean number ⟨K⟩ of excited cells."""
        return self.mean({k: k for k in self.populations})

    def mean(self, weights: Mapping[int, Any]) -> Expr:
        """The mean of an observable with the value ``weights[k]`` for k excited cells."""
        return sum((weights[k] * p for k, p in self.populations.items()), S.Zero)

    # -- the eigenvalues ----------------------------------------------------------------------

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Twice the total spins j that the cells are in."""
        if self.part is not None:
            return (self.cells,)
        below = {branch.bottom for branch in self.solution.branches}
        below |= {0} if self.solution.sector_sums else set()
        return tuple(self.cells - 2 * bottom for bottom in sorted(below))

    @cached_property
    def blocks(self) -> Mapping[tuple[int, int], Expr]:
        """The probabilities of (2j, k)."""
        if self.sizes == (self.cells,):
            return {(self.cells, k): p for k, p in self.populations.items()}
        self.require_number()
        keys = {
            (self.cells - 2 * branch.bottom, k)
            for branch in self.solution.branches
            for k in branch.cells
        }
        return {key: _named("population", *key, nonnegative=True) for key in sorted(keys)}

    def reduced(self, cells: int | None) -> Battery:
        """The state of some of the cells, by hypergeometric probabilities."""
        if cells is None:
            return self
        self.require_halves("cells")
        whole = self.cells
        if cells == whole:
            return self
        if cells != 1 and is_symbolic(whole) and not (whole - cells).is_nonnegative:
            self.refuse("cells", "be 1 or all cells, where their number is a symbol,")
        if self.sizes != (whole,) and cells != 1:
            self.refuse("cells", "be 1 or all cells, where these start in several total spins")
        kept = {
            r: self.mean({k: hypergeometric(whole, cells, k, r) for k in self.populations})
            for r in range(cells + 1)
        }
        return replace(self, part=kept)

    # -- the starts for which a formula is exact ------------------------------------------------

    @cached_property
    def _unequal(self) -> bool:
        """Cells of different populations at the start: the state is not that of its average.

        Nor is that of several groups of cells a state of one collective spin.
        """
        if len(self.solution.model.battery.groups) > 1:
            return True
        every = self.solution.initial.branches(self.solution.model)
        primitives = (branch.battery for branch in every)
        groups = (p.groups for p in primitives if isinstance(p, Independent))
        return any(len({exact(p) for p, count in group if count != 0}) > 1 for group in groups)

    @cached_property
    def _superposed(self) -> bool:
        """The phases between sectors count: the state is not diagonal in k."""
        every = self.solution.initial.branches(self.solution.model)
        return any(isinstance(state, Superposed) for branch in every for state in branch[1:])

    def _require_diagonal(self) -> None:
        """Refuse a superposition, of which populations are not all."""
        if self._superposed:
            self.refuse(self.name, "be asked of a start without coherences")

    def require_invariant(self) -> None:
        """Refuse cells that start in different states, and superpositions.

        Raises
        ------
        InvalidArgument, UnsolvedError
        """
        self._require_diagonal()
        if self.cells != 1 and self._unequal:
            raise InvalidArgument(
                f"`{self.name}` must be asked of cells that start alike, but these have different "
                "populations or couplings: it is no function of what is averaged over their "
                "permutations"
            )

    def require_symmetric(self) -> None:
        """Refuse cells that do not start in the symmetric levels.

        Raises
        ------
        UnsolvedError
        """
        self.require_invariant()
        if self.sizes != (self.cells,):
            self.refuse(self.name, "be asked of cells that start in their symmetric levels")

    def require_halves(self, name: str) -> None:
        """Refuse cells that are no spins-1/2.

        Raises
        ------
        InvalidArgument
        """
        if self.side.spins is None:
            must = f"have a battery of spins-1/2 for `{name}`"
            raise invalid("model", must, brief(self.solution.model))

    def require_pure(self) -> None:
        """Refuse noise, a mixed start, and superpositions.

        Raises
        ------
        UnsolvedError
        """
        self.require_closed()
        self._require_diagonal()
        if not self.solution.is_pure:
            self.refuse(self.name, "be asked of a pure start")

    def require_closed(self) -> None:
        """Refuse noise: there are no amplitudes, and the power is not that of H alone.

        Raises
        ------
        UnsolvedError
        """
        if self.solution.is_open:
            self.refuse(self.name, "be asked of a battery without noise")

    def require_top(self) -> None:
        """Refuse a battery whose energies have no end.

        Raises
        ------
        InvalidArgument
        """
        if self.side.top is None:
            must = f"have a battery with a highest level for `{self.name}`"
            raise invalid("model", must, brief(self.solution.model))

    def require_exchange(self) -> None:
        """Refuse pair terms.

        Raises
        ------
        UnsolvedError
        """
        if self.solution.model.anisotropy != 0:
            self.refuse(self.name, "be asked of a model with anisotropy 0")

    def refuse(self, name: str, must: str) -> NoReturn:
        """The error of a quantity that has no closed form here.

        Raises
        ------
        UnsolvedError
        """
        raise UnsolvedError(f"`{name}` must {must} to have a closed form; see numerics.charge")
