"""Sec. III, Eqs. (9) to (12), Fig. 5: one cell, cells in parallel, the collective advantage η."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from sympy import ImmutableMatrix, Matrix, eye, kronecker_product, sin

from symbattery.api import Solution, single_cell
from symbattery.limits.many_chargers import ChargerLimit
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading, Zero
from symbattery.paper.judges import direct, pauli
from symbattery.paper.judges import landscape as land
from symbattery.paper.sections.exponents import KRYLOV, chain_power, krylov_power, spin_power
from symbattery.symbols import g, gamma, omega_0, t

__all__ = ["ADVANTAGE", "largest_power"]

_EQ_12 = "Sec. III, Eq. (12)"


def _pairs() -> direct.Curve:
    """E/ω₀ of two separate pairs of Pauli spins as a function of gt."""
    half = pauli.site("-", 1, 2) * pauli.site("+", 0, 2)
    pair = half + half.T
    coupled = kronecker_product(pair, eye(4)) + kronecker_product(eye(4), pair)
    battery = pauli.numbers(pauli.total("z", (0, 2), 4) / 2).diagonal()
    # Cells down, charger spins up.
    start = np.eye(16)[0b1010]
    states = direct.evolution(pauli.numbers(coupled), start)
    return lambda times: battery @ np.abs(states(times)) ** 2 - battery @ start**2


def _one_pair() -> Matrix:
    """h₁ in the printed order of states, built from Pauli matrices."""
    half = pauli.site("-", 1, 2) * (gamma * pauli.site("-", 0, 2) + pauli.site("+", 0, 2))
    return omega_0 / 2 * pauli.total("z", (0, 1), 2) + g * (half + half.T)


def _leaving(_: Context) -> Any:
    """The elements of h₁ from |1_B 0_C⟩ and |0_B 1_C⟩ to the other two states."""
    built = _one_pair()
    return ImmutableMatrix([built[out, begin] for out in (0, 3) for begin in (1, 2)])


def _matrix_12(_: Context) -> Any:
    """The matrix built from Pauli matrices less the printed one."""
    printed = Matrix(
        [[omega_0, 0, 0, g * gamma], [0, 0, g, 0], [0, g, 0, 0], [g * gamma, 0, 0, -omega_0]]
    )
    return pauli.difference(_one_pair(), printed)


def largest_power(solution: Solution | ChargerLimit) -> float:
    """P_max/(gω₀) of a closed form."""
    return float((solution.max_power().value / (g * omega_0)).evalf(15))


def _one_cell_power(_: Context) -> float:
    return largest_power(single_cell(1))


def _eta(power: Callable[..., float], c: Context, cells: int, *gamma: float) -> float:
    return power(c, cells, *gamma) / cells / power(c, 1, *gamma)


_SIZES = (2, 3, 5, 10, 20, 50, 100)


def _above_cavity(anisotropies: tuple[float, ...]) -> Compute:
    of, cavity = partial(_eta, spin_power), partial(_eta, land.cavity_power)
    return lambda c: min(of(c, m, a) / cavity(c, m) for m in _SIZES for a in anisotropies) - 1


def _straightness(c: Context) -> float:
    """Correlation of ln η and ln M, M = 2…100, the smallest of all γ."""
    etas = ([_eta(spin_power, c, m, a) for m in _SIZES] for a in land.ANISOTROPIES)
    return min(float(np.corrcoef(np.log(_SIZES), np.log(one))[0, 1]) for one in etas)


def _entropy(_: Context) -> float:
    """Entanglement in bits of ten cells with ten charger spins when P is largest, γ = 0.

    Each k comes with its own state of the charger, so |c_k|² are the Schmidt weights.
    """
    hops = direct.spin_hops(10, 10)
    time = direct.top(direct.power_of(direct.chain_curve(hops)), 1e-3, 1.0, 600)[0]
    weights = np.abs(direct.chain_states(hops)(np.array([time]))[:, 0]) ** 2
    return float(-(weights @ np.log2(weights)))


ADVANTAGE = (
    Claim("eq-9", "Sec. III, Eq. (9)",
        r"the parallel scheme stores $M\,e_{\max}$: it differs by less than $10^{-9}$",
        Below("1e-9"), Reading("two separate pairs, 16 states",
            # Less twice what one cell has.
            lambda _: abs(direct.top(_pairs(), 0.0, 3.0, 300)[1] - 2))),
    Claim("eq-9.power", "Sec. III, Eq. (9)",
        r"its power is $M\,p_{\max}$: it differs by less than $10^{-9}\,g\omega_0$",
        Below("1e-9"), Reading("two separate pairs, 16 states",
            lambda c: abs(direct.top_power(_pairs(), 1e-2, 3.0, 300) - 2 * _one_cell_power(c)))),
    Claim("eq-12", _EQ_12, "the matrix of one cell and one charger spin", Zero(),
        Reading(r"Pauli matrices, any $\gamma$", _matrix_12)),
    Claim("eq-12.subspace", _EQ_12,
        r"the dynamics stays in $|1_B\,0_C\rangle$ and $|0_B\,1_C\rangle$, whatever $\gamma$",
        Zero(), Reading(r"Pauli matrices, any $\gamma$", _leaving)),
    Claim("eq-12.energy", _EQ_12, r"$e(t) = \omega_0\,\sin^2(gt)$, whatever $\gamma$", Zero(),
        Reading(r"derived with a symbolic $\gamma$",
            lambda _: single_cell(1, anisotropy=gamma).energy - omega_0 * sin(g * t) ** 2)),
    Claim("eq-12.e-max", _EQ_12, r"$e_{\max}/\omega_0$ of one cell", Number("1"),
        Reading("supremum",
            lambda _: float(single_cell(1, anisotropy=gamma).maximum().value / omega_0))),
    Claim("eq-12.p-max", _EQ_12, r"$p_{\max}/(g\omega_0)$ of one cell", Number("0.72"),
        Reading("global maximum", _one_cell_power)),
    Claim("eq-10.advantage", "Sec. III, Eq. (10)",
        r"collective charging is at an advantage, $\eta > 1$, for every $\gamma$", Above(),
        Reading(r"smallest $\eta - 1$, $M = 2 \dots 100$",
            lambda c:
                min(_eta(spin_power, c, m, a) for m in _SIZES for a in land.ANISOTROPIES) - 1)),
    Claim("eq-11", "Sec. III, Eq. (11)",
        r"$\ln\eta$ is roughly linear in $\ln M$: correlation above 0.99",
        Above("0.99"), Reading(r"smallest of all $\gamma$, $M = 2 \dots 100$", _straightness)),
    Claim("fig-5.above-cavity", "Sec. III, Fig. 5",
        r"$\eta$ of the isotropic spin charger is larger than the cavity's", Above(),
        Reading(r"smallest ratio less 1, $M = 2 \dots 100$; $M$ photons", _above_cavity((0.0,)))),
    Claim("fig-5.above-cavity-any", "Sec. III, Fig. 5",
        r"$\eta$ of the spin charger is larger than the cavity's for every $\gamma$ shown", Above(),
        Reading(r"smallest ratio less 1, $M = 2 \dots 100$; $M$ photons",
            _above_cavity(land.ANISOTROPIES)),
        witness=Reading(rf"$\gamma = 1$; {KRYLOV}",
            # Where the ratio is smallest.
            lambda c: min(krylov_power(c, m, 1.0) / land.COUPLING
                / chain_power(direct.photon_hops(m), m**0.5) for m in _SIZES) - 1)),
    Claim("III.correlation", "Sec. III, text",
        "the common charger creates a quantum correlation with the cells", Above(),
        Reading(r"entropy of the cells in bits when $P$ is largest, $M = N = 10$, $\gamma = 0$",
            _entropy)),
    Claim("III.parallel", "Sec. III, text",
        r"parallel charging does not depend on $\gamma$: the change of $p_{\max}$ is "
        r"$0.00\,g\omega_0$", Number("0.00"),
        Reading(r"largest change over $\gamma = 0$, 0.2, 0.6, 1",
            lambda c: float(np.ptp([land.power(c, 1, 1, a) for a in land.ANISOTROPIES])))),
)  # fmt: skip
