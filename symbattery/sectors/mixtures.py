r"""Product states as mixtures over the irreps (j, level) of each side, exactly.

A collective Hamiltonian does not see which spin is which, so a product state of populations may be
symmetrised: with :math:`P(n)` the probability of :math:`n` excited spins, every arrangement of
them counts alike, and of the :math:`\binom{N}{n}` arrangements :math:`d_j=\binom{N}{N/2-j}-
\binom{N}{N/2-j-1}` belong to the total spin :math:`j`. The weight of :math:`(j,n)` is therefore
:math:`P(n)\,d_j/\binom{N}{n}` for :math:`j\ge|n-N/2|`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sympy import Expr, Integer, S, Symbol, binomial, exp, expand_func
from sympy.logic.boolalg import Boolean

from numerics.model.checks import is_symbolic
from numerics.model.models import CavityCharger, Model
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from symbattery.core.errors import UnsolvedError
from symbattery.core.expressions import exact, factored
from symbattery.sectors.chains import Ladder, Mode, Spin, level
from symbattery.sectors.charger_ensembles import (
    Ensemble,
    SpinsUp,
    ThermalSpins,
    at_least,
    indices,
    multiplicity,
)

__all__ = ["ChargerEnsembleTerm", "Start", "excited_spins", "initial_mixture", "irreps", "starts"]


@dataclass(frozen=True)
class Start:
    """One pure start |k, c⟩ of an irrep pair, with its probability.

    ``conditions`` are what the parameters must satisfy for the irreps to be there.
    """

    weight: Expr
    cells: Ladder
    k: Expr
    charger: Ladder
    c: Expr
    conditions: tuple[Boolean, ...] = ()


@dataclass(frozen=True)
class ChargerEnsembleTerm:
    """Starts of one irrep of the cells at its bottom, over the many irreps of the charger."""

    weight: Expr
    cells: Ladder
    charger: Ensemble


def excited_spins(populations: Sequence[Expr]) -> dict[int, Expr]:
    """The probability of each number of excited spins (Poisson-binomial).

    Equal populations are taken together, so that the result stays in factors p^i (1-p)^(n-i).
    """
    total: dict[int, Expr] = {0: S.One}
    for p, count in Counter(populations).items():
        single = {i: binomial(count, i) * p**i * (1 - p) ** (count - i) for i in range(count + 1)}
        combined: dict[int, Expr] = {}
        for i, a in total.items():
            for j, b in single.items():
                if a * b != 0:
                    combined[i + j] = combined.get(i + j, S.Zero) + a * b
        total = combined
    return total


def irreps(spins: int, excited: int) -> dict[int, Expr]:
    """The share of each irrep, by size 2j, among the arrangements with ``excited`` spins up."""
    share = {}
    for size in range(abs(2 * excited - spins), spins + 1, 2):
        lower = (spins - size) // 2
        multiplicity = binomial(spins, lower) - (binomial(spins, lower - 1) if lower else 0)
        share[size] = Integer(multiplicity) / binomial(spins, excited)
    return share


def _side(populations: Sequence[Expr]) -> list[tuple[Expr, Ladder, Expr]]:
    spins = len(populations)
    return [
        (weight * share, Spin(Integer(size)), Integer(excited - (spins - size) // 2))
        for excited, weight in excited_spins(populations).items()
        for size, share in irreps(spins, excited).items()
    ]


_Finite = tuple[Expr, Ladder, Expr, tuple[Boolean, ...]]


def _finite(populations: Sequence[Expr]) -> list[_Finite]:
    return [(*entry, ()) for entry in _side(populations)]


def _definite(spins: Expr, excited: Expr, k: Symbol) -> list[_Finite] | Ensemble:
    """``excited`` of ``spins`` spins up: finitely many irreps where few are up, or few down."""
    few = next((int(n) for n in (excited, spins - excited) if n.is_Integer), None)
    if few is None:
        return SpinsUp(spins, excited, k)
    held = (at_least(spins, 2 * few),) if few else ()
    return [
        (
            factored(expand_func(multiplicity(spins, Integer(i)) / binomial(spins, few))),
            Spin(spins - 2 * i),
            excited - i,
            held,
        )
        for i in range(few + 1)
    ]


def _grouped(populations: Sequence[Any], taken: set[str]) -> list[tuple[Expr, Any]]:
    """The charger of a product state of a symbolic number of spins, by weight."""
    counts: dict[Expr, Expr] = {}
    for value in populations:
        p, count = value if isinstance(value, tuple) else (value, 1)
        counts[exact(p)] = counts.get(exact(p), S.Zero) + count
    up, down = counts.pop(S.One, S.Zero), counts.pop(S.Zero, S.Zero)
    k, c = indices(taken)
    if up == down == 0 and len(counts) == 1:
        ((p, spins),) = counts.items()
        return [(S.One, ThermalSpins(spins, p, k, c))]
    if any(is_symbolic(count) for count in counts.values()):
        raise UnsolvedError(
            "`charger_populations` must be one population for all charger spins, or have a number "
            "of spins that are neither up nor down, for a sum with a symbolic number of spins; "
            "solve with a number of charger spins instead"
        )
    others = [p for p, count in counts.items() for _ in range(int(count))]
    spins = up + down + len(others)
    return [
        (weight, _definite(spins, up + extra, k)) for extra, weight in excited_spins(others).items()
    ]


def _thermal_population(population: Any, beta: Any, frequency: Expr, ideal: Expr) -> Expr:
    if population is not None:
        return exact(population)
    return ideal if beta is None else 1 / (1 + exp(exact(beta) * frequency))


def _cells(populations: Sequence[Any]) -> list[_Finite]:
    if any(isinstance(value, tuple) for value in populations):
        raise UnsolvedError("`cell_populations` must have a number of cells in every pair")
    return _finite([exact(p) for p in populations])


def _charger(model: Any, state: Thermal, taken: set[str]) -> list[tuple[Expr, Any]]:
    """The thermal charger, as one side by weight."""
    if isinstance(model, CavityCharger):
        if state.charger_inverse_temperature is not None:
            raise UnsolvedError(
                "`charger_inverse_temperature` must be left open for the closed forms of a cavity: "
                "the thermal sum over photons does not end; numerics.charge sums it"
            )
        return [(S.One, [(S.One, Mode(), Integer(model.cells), ())])]
    population = _thermal_population(
        state.charger_population,
        state.charger_inverse_temperature,
        model.charger_frequency,
        S.One,
    )
    if is_symbolic(model.chargers):
        return _grouped([(population, model.chargers)], taken)
    return [(S.One, _finite([population] * int(model.chargers)))]


def _thermal_sides(
    model: Any, state: Thermal, taken: set[str]
) -> tuple[list[_Finite], list[tuple[Expr, Any]]]:
    if is_symbolic(model.cells):
        raise UnsolvedError(
            f"`cells` must be a number for a thermal state, but is {model.cells}: the sum over "
            "(j, m) has as many terms as cells"
        )
    population = _thermal_population(
        state.cell_population, state.cell_inverse_temperature, model.frequency, S.Zero
    )
    return _finite([population] * int(model.cells)), _charger(model, state, taken)


def _combine(
    cells: list[_Finite], charger: list[tuple[Expr, Any]]
) -> Iterator[Start | ChargerEnsembleTerm]:
    for u, a, k, _ in cells:
        for w, side in charger:
            if isinstance(side, list):
                for v, b, c, held in side:
                    yield Start(u * w * v, a, k, b, c, held)
            elif u * w != 0:
                if k != 0:
                    raise UnsolvedError(
                        "`chargers` must be a number where cells may be excited at the start: with "
                        "a symbol the sum over (j, m) is derived for cells that start empty"
                    )
                yield ChargerEnsembleTerm(u * w, a, side)


def _every(
    model: Model, initial: InitialState, taken: set[str]
) -> Iterator[Start | ChargerEnsembleTerm]:
    if isinstance(initial, Mixture):
        for weight, part in initial.parts:
            for start in _every(model, part, taken):
                yield replace(start, weight=exact(weight) * start.weight)
    elif isinstance(initial, Product):
        cells, charger = initial.cell_populations, initial.charger_populations
        if any(isinstance(value, tuple) for value in charger):
            yield from _combine(_cells(cells), _grouped(charger, taken))
        else:
            side = _finite([exact(p) for p in charger])
            yield from _combine(_cells(cells), [(S.One, side)])
    elif isinstance(initial, Thermal):
        yield from _combine(*_thermal_sides(model, initial, taken))
    elif isinstance(initial, Fock):
        cells_side = Spin(level(model.cells))
        yield Start(S.One, cells_side, level(initial.excited_cells), Mode(), level(initial.photons))
    else:
        assert isinstance(initial, Dicke)
        charger_side = Spin(level(model.chargers))
        cells_side = Spin(level(model.cells))
        k, c = level(initial.excited_cells), level(initial.excited_chargers)
        yield Start(S.One, cells_side, k, charger_side, c)


def initial_mixture(
    model: Model, initial: InitialState, taken: set[str]
) -> tuple[list[Start], list[ChargerEnsembleTerm]]:
    """The mixture of ``initial``: its pure starts, and its sums over irreps of the charger.

    Parameters
    ----------
    model, initial
    taken : set of str
        Names that a summation index must not have.

    Raises
    ------
    UnsolvedError
        A symbolic number of charger spins in a state for which no sum is derived.
    """
    every = list(_every(model, initial, taken))
    return (
        [start for start in every if isinstance(start, Start)],
        [start for start in every if isinstance(start, ChargerEnsembleTerm)],
    )


def starts(model: Model, initial: InitialState) -> list[Start]:
    """The pure starts of which ``initial`` is a mixture, with their exact probabilities.

    Raises
    ------
    UnsolvedError
        A thermal or product state of a symbolic number of spins.
    """
    pure, ensemble_terms = initial_mixture(model, initial, set())
    if ensemble_terms:
        chargers = model.chargers
        raise UnsolvedError(
            f"`chargers` must be a number for a thermal or product state, but is {chargers}: the "
            "sum over (j, m) has as many terms as spins"
        )
    return pure
