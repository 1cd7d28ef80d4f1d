r"""Product states as mixtures over the irreps (j, level) of each side, exactly.

A collective Hamiltonian does not see which spin is which, so a product state of populations may be
symmetrised: with :math:`P(n)` the probability of :math:`n` excited spins, every arrangement of
them counts alike, and of the :math:`\binom{N}{n}` arrangements :math:`d_j=\binom{N}{N/2-j}-
\binom{N}{N/2-j-1}` belong to the total spin :math:`j`. The weight of :math:`(j,n)` is therefore
:math:`P(n)\,d_j/\binom{N}{n}` for :math:`j\ge|n-N/2|`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Integer, S, binomial, exp

from numerics.models import CavityCharger, Model
from numerics.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from symbattery.chains import Ladder, Mode, Spin, level
from symbattery.errors import UnsolvedError
from symbattery.forms import exact

__all__ = ["Start", "excited_spins", "irreps", "starts"]


@dataclass(frozen=True)
class Start:
    """One pure start |k, c⟩ of an irrep pair, with its probability."""

    weight: Expr
    cells: Ladder
    k: Expr
    charger: Ladder
    c: Expr


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


def _thermal_population(population: Any, beta: Any, frequency: Expr, ideal: Expr) -> Expr:
    if population is not None:
        return exact(population)
    return ideal if beta is None else 1 / (1 + exp(exact(beta) * frequency))


def _spin_count(name: str, value: Any) -> int:
    if getattr(value, "free_symbols", ()):
        raise UnsolvedError(
            f"`{name}` must be a number for a thermal or product state, but is {value}: the sum "
            "over (j, m) has as many terms as spins"
        )
    return int(value)


def _thermal_starts(model: Any, state: Thermal) -> list[Start]:
    cells = _spin_count("cells", model.cells)
    p_cell = _thermal_population(
        state.cell_population, state.cell_inverse_temperature, model.frequency, S.Zero
    )
    if isinstance(model, CavityCharger):
        if state.charger_inverse_temperature is not None:
            raise UnsolvedError(
                "`charger_inverse_temperature` must be left open for the closed forms of a cavity: "
                "the thermal sum over photons does not end; numerics.charge sums it"
            )
        charger: list[tuple[Expr, Ladder, Expr]] = [(S.One, Mode(), Integer(cells))]
    else:
        p_charger = _thermal_population(
            state.charger_population,
            state.charger_inverse_temperature,
            model.charger_frequency,
            S.One,
        )
        charger = _side([p_charger] * _spin_count("chargers", model.chargers))
    return _combine(_side([p_cell] * cells), charger)


def _combine(
    cells: list[tuple[Expr, Ladder, Expr]], charger: list[tuple[Expr, Ladder, Expr]]
) -> list[Start]:
    return [Start(u * w, a, k, b, c) for u, a, k in cells for w, b, c in charger]


def starts(model: Model, initial: InitialState) -> list[Start]:
    """The pure starts of which ``initial`` is a mixture, with their exact probabilities.

    Raises
    ------
    UnsolvedError
        A thermal or product state of a symbolic number of spins.
    """
    if isinstance(initial, Mixture):
        return [
            Start(exact(weight) * start.weight, start.cells, start.k, start.charger, start.c)
            for weight, part in initial.parts
            for start in starts(model, part)
        ]
    if isinstance(initial, Product):
        return _combine(
            _side([exact(p) for p in initial.cell_populations]),
            _side([exact(p) for p in initial.charger_populations]),
        )
    if isinstance(initial, Thermal):
        return _thermal_starts(model, initial)
    cells = Spin(level(model.cells))
    if isinstance(initial, Fock):
        return [Start(S.One, cells, level(initial.cells), Mode(), level(initial.photons))]
    assert isinstance(initial, Dicke)
    charger = Spin(level(model.chargers))  # type: ignore[union-attr]
    return [Start(S.One, cells, level(initial.cells), charger, level(initial.chargers))]
