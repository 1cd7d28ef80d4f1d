"""Secs. I and II, Eqs. (1) to (6): the interaction, collective operators, spins as a boson."""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy import ImmutableMatrix, Matrix, Rational, S, Symbol, eye, kronecker_product, limit, oo

from numerics.model.models import CavityCharger
from numerics.model.states import fock
from symbattery.api import solve, two_cells
from symbattery.limits.many_chargers import charger_limit
from symbattery.model.ladders import Mode, Spin
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading, Zero
from symbattery.paper.judges import direct, pauli
from symbattery.paper.judges import landscape as land
from symbattery.paper.sections.advantage import largest_power
from symbattery.symbols import N, g, gamma, omega_0

__all__ = ["MODEL"]

_EQ_5 = "Sec. II, Eq. (5)"
_EQ_6 = "Sec. II, Eq. (6)"
_C = Symbol("c", integer=True, nonnegative=True)


def _left_after_reversal(_: Context) -> Any:
    """E/ω₀ left after charging partly, for gt = 0.6, and then as long under −H₁.

    σᶻ on every cell takes H₁ to −H₁ at γ = 0.
    """
    hamiltonian = pauli.numbers(pauli.interaction(S.Zero) / g)
    levels = pauli.numbers(pauli.total("z", pauli.CELLS) / 2).diagonal()
    turned = np.prod([[1, 1, -1, -1], [1, -1, 1, -1]], axis=0).repeat(4)
    # Cells first, and down; charger spins up.
    start = np.eye(16)[0b1100]
    charged = direct.evolution(hamiltonian, start)(np.array([0.6]))[:, 0]
    emptied = direct.evolution(hamiltonian, turned * charged)(np.array([0.6]))[:, 0]
    return abs(float(levels @ np.abs(emptied) ** 2 - levels @ start**2))


def _largest_m(_: Context) -> Any:
    return max(pauli.total("z", range(4)).diagonal())


def _top_state(_: Context) -> Any:
    """J₊ and J_z/2 − N/2 on all up, four spins."""
    up = Matrix([1] + [0] * 15)
    return ImmutableMatrix(
        [pauli.total("+", range(4)) * up, (pauli.total("z", range(4)) / 2 - 2 * eye(16)) * up]
    )


def _noncommuting(_: Context) -> Any:
    """The largest entry of [H₁, H₀] in units of gω₀ at γ = 1/5."""
    rest = pauli.commutator(pauli.interaction(Rational(1, 5)), pauli.free()) / (g * omega_0)
    return float(max(abs(entry) for entry in rest))


def _bosonic_commutator(_: Context) -> Any:
    """[J₊, J₋] − J_z between states of the transformed mode, J_z = 2b†b − N."""
    up, down = (_C + 1) * (N - _C), _C * (N - _C + 1)
    return (down - up - (2 * _C - N)).expand()


def _all_up_hop(_: Context) -> Any:
    """Of the start with all N up, the first hop squared, over that of N photons, N = 10⁶."""
    return Spin(10**6).lowered(S(10) ** 6) / (10**6 * Mode().lowered(S(10) ** 6))


def _all_up_hop_pauli(_: Context) -> Any:
    """‖J₋|up⟩‖² is N, for one to five Pauli spins; over N² at N = 10⁶."""
    (ratio,) = {pauli.total("-", range(n), n)[:, 0].norm() ** 2 / n for n in range(1, 6)}
    return float(ratio / 10**6)


def _from_limit(photons: int, excited: int, sign: int) -> Compute:
    """E of the limit of two cells less that of a cavity, or of what full cells emit."""
    cavity = CavityCharger(2), fock(photons, excited_cells=excited)
    return lambda _: (
        charger_limit(two_cells()).explicit().energy - sign * solve(*cavity).explicit().energy
    )


def _limit_power(_: Context) -> float:
    return largest_power(charger_limit(two_cells()))


def _photon_power(_: Context) -> float:
    return largest_power(solve(CavityCharger(2), fock(2)))


def _dicke_model(_: Context) -> Any:
    """At γ = 1, b S + h.c. with S = Σ(σ⁻ + σ⁺) is (b + b†) Σσˣ; mode cut at 3 photons."""
    b = pauli.MODE
    s = pauli.total("-", (0, 1), 2) + pauli.total("+", (0, 1), 2)
    half = kronecker_product(s, b)
    return pauli.difference(half + half.T, kronecker_product(pauli.total("x", (0, 1), 2), b + b.T))


MODEL = (
    Claim("I.reversal", "Sec. I, text",
        "discharging is the reverse of charging, and takes out everything that was stored",
        Below("1e-9"),
        Reading(
            r"$E/\omega_0$ left of a charge of $gt = 0.6$, $M = N = 2$, $\gamma = 0$, after "
            r"$H_1 \to -H_1$",
            _left_after_reversal)),
    Claim("eq-1.isotropic", "Sec. II, Eq. (1)",
        r"$\gamma = 0$ reduces $H_1$ to the isotropic XY interaction, which conserves the "
        "excitations", Zero(),
        Reading(rf"$[H_1, H_0]$ at $\gamma = 0$; {pauli.EXACT}",
            lambda _: pauli.commutator(pauli.interaction(S.Zero), pauli.free()))),
    Claim("eq-1.equal-weights", "Sec. II, Eq. (1)",
        r"$\gamma = 1$ is an XX interaction, with the counter-rotating terms at equal weight",
        Zero(),
        Reading(pauli.EXACT,
            lambda _: pauli.difference(
                pauli.interaction(S.One),
                g * pauli.total("x", pauli.CELLS) * pauli.total("x", pauli.CHARGERS)))),
    Claim("eq-2.eigenvalues", "Sec. II, Eq. (2)",
        "the eigenvalues $m$ of $J_z$ of $N$ charger spins run from $-N/2$ to $N/2$: the largest "
        "is 2 for $N = 4$",
        Number("2"), Reading(r"$J_z = \sum \tau^z$ as defined above Eq. (2)", _largest_m),
        (Reading("$m$ is the eigenvalue of $J_z/2$", lambda c: _largest_m(c) / 2),)),
    Claim("eq-3", "Sec. II, Eq. (3)", r"Eq. (1) written with $\sigma_\pm$ and $J_\pm$", Zero(),
        Reading(rf"Eq. (1) $-$ Eq. (3) at any $\gamma$; {pauli.EXACT}",
            lambda _: pauli.difference(pauli.interaction(gamma), pauli.collective(gamma)))),
    Claim("eq-3.noncommuting", "Sec. II, Eq. (3)",
        r"with $\gamma > 0$ the interaction does not commute with $H_0$: the energy of both is "
        "not conserved", Above(),
        Reading(rf"largest entry of $[H_1, H_0]/(g\omega_0)$, $\gamma = 0.2$; {pauli.EXACT}",
            _noncommuting)),
    Claim("eq-4", "Sec. II, Eq. (4)",
        r"all charger spins up are the collective state $|m = N/2\rangle$",
        Zero(), Reading("$J_+$ and $J_z/2 - N/2$ on it, $N = 4$", _top_state)),
    Claim("eq-5", _EQ_5, r"$J_\pm$ as $b^\dagger \sqrt{N - b^\dagger b}$ and its adjoint", Zero(),
        Reading("squared matrix elements against those of spin $N/2$, any $N$",
            # ⟨c+1|b†√(N − b†b)|c⟩² against ⟨c+1|J₊|c⟩² with c of N spins up.
            lambda _: ((_C + 1) * (N - _C) - Spin(N).raised(_C)).expand())),
    Claim("eq-5.algebra", _EQ_5, "the transformed operators obey $[J_+, J_-] = J_z$", Zero(),
        Reading("diagonal elements, any $N$", _bosonic_commutator)),
    Claim("eq-6.coupling", _EQ_6,
        r"for $N \to \infty$ the coupling is $\tilde g = \sqrt N\,g$ for every number $c$ of "
        r"spins up: $\mathrm{hop}^2 \to N\,c$", Zero(),
        Reading(r"$c$ fixed, $N \to \infty$",
            lambda _: limit(Spin(N).lowered(_C) / N, N, oo) - _C)),
    Claim("eq-6.start", _EQ_6,
        r"for the start of Eq. (4), $N$ spins up, too: its $\mathrm{hop}^2$ over that of $N$ "
        r"photons at $\tilde g$ is 1",
        Number("1.00"), Reading("$N = 10^6$", lambda c: float(_all_up_hop(c))),
        (Reading("over that of one photon: the holes are the bosons, as the text on polarised "
                "states allows", lambda c: float(_all_up_hop(c) * 10**6)),),
        witness=Reading(
            r"Pauli algebra: $\Vert J_- |\mathrm{up}\rangle \Vert^2/N^2 = 1/N$",
            _all_up_hop_pauli)),
    Claim("eq-6.limit", _EQ_6,
        r"$N \to \infty$ of the charger spins is the Tavis–Cummings battery: "
        r"$P_{\max}$ of two cells differ by $0.00\,\tilde g\omega_0$",
        Number("0.00"), Reading("from $M$ photons; closed forms",
            lambda c: _photon_power(c) - _limit_power(c)),
        (Reading(land.EMITS,
            lambda c: land.cavity_power(c, 2, direct.emission_hops) - _limit_power(c)),),
        witness=Reading("tridiagonal matrices, written down",
            lambda c: land.cavity_power(c, 2, direct.photon_hops)
                - land.cavity_power(c, 2, direct.emission_hops)),
        compared=(
            Reading(r"$P_{\max}/(\tilde g\omega_0)$ of the limit of the spins", _limit_power),
            Reading(r"of the cavity with two photons", _photon_power))),
    Claim("eq-6.emission", _EQ_6, "the limit of $E(t)$ is that of the Tavis–Cummings model", Zero(),
        Reading("two cells, $M$ photons; closed forms", _from_limit(2, 0, 1)),
        (Reading("minus the energy of two full cells in an empty cavity: the chain run backwards",
                _from_limit(0, 2, -1)),)),
    Claim("eq-6.dicke", _EQ_6,
        r"$\gamma = 1$ gives the Dicke model, $\tilde g(b + b^\dagger) \sum \sigma^x$", Zero(),
        Reading("two cells, exact matrices", _dicke_model)),
)  # fmt: skip
