# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # A thermal charger spin
#
# Two cells, two charger spins, the second one thermal with $p_1+p_0=1$ (Huangfu and Jing 2021,
# Eq. (16)). We derive $E(t)$ from the product state as it is written, and find that Eq. (17) as
# printed belongs to another state.

# %%
from functools import reduce
from pathlib import Path

import numpy as np
from sympy import Rational, S, sin, sqrt

from symbattery import SpinCharger, dicke, mixture, solve, thermal_charger
from symbattery.catalogue import SECTORS
from symbattery.figures import save, sector_figure
from symbattery.symbols import g, omega_0, p_1, t
from symbattery.weights import excited_spins, irreps

# %% [markdown]
# ## The product state in irreps
#
# The charger starts in $|1\rangle\langle1|\otimes(p_1|1\rangle\langle1|+p_0|0\rangle\langle0|)$.
# $|11\rangle$ is the triplet $|1,1\rangle$. But
# $$|10\rangle=\tfrac1{\sqrt2}\big(|j{=}1,\mu{=}0\rangle+|j{=}0\rangle\big):$$
# one half of its probability is in the singlet, on which $J_\pm$ vanish, and which therefore never
# charges anything. (The coherence between the two irreps does not matter: $H$ does not couple
# them, and the stored energy is diagonal in $j$.)

# %%
for excited, weight in excited_spins([S.One, p_1]).items():
    print(f"{excited} spins up: probability {weight}, shares of 2j: {irreps(2, excited)}")

# %% [markdown]
# ## The parts
#
# * $|j=1,\mu=1\rangle$: the chain of two cells with $N=2$, where $b_0=b_1=2g$:
#   $E=2\omega_0\sin^2(\sqrt2gt)$.
# * $|j=1,\mu=0\rangle$: two levels with the hop $2g$: $E=\omega_0\sin^2(2gt)$.
# * the singlet: nothing.
#
# Hence $E(t)=2p_1\omega_0\sin^2(\sqrt2gt)+\tfrac12p_0\,\omega_0\sin^2(2gt)$.

# %%
solution = thermal_charger()
print("E(t) =", solution.energy)
for branch in solution.branches:
    print("weight", branch.weight, " levels", branch.chain.levels, branch.chain.hops_squared)

# %% [markdown]
# ## What the paper prints
#
# Eq. (17) has $p_0$ where the derivation has $p_0/2$. It is the result for the *collective* start
# $p_1|\mu{=}1\rangle\langle\mu{=}1|+p_0|\mu{=}0\rangle\langle\mu{=}0|$:

# %%
(comparison,) = solution.comparisons()
print("printed:", comparison.printed)
print("derived:", comparison.derived)
collective = solve(SpinCharger(2, 2), mixture([(p_1, dicke(0, 2)), (1 - p_1, dicke(0, 1))]))
print("collective start:", collective.energy)

# %% [markdown]
# ## A third route: 16 × 16 Pauli matrices
#
# Nothing of the above is used here: Eq. (13) on four spins, and the density matrix as printed.


# %%
def pauli(kind, site):
    """σ of one of the four spins; 0 and 1 are the cells."""
    x, y = np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]])
    one = {"x": x, "y": y, "z": np.diag([1, -1])}[kind]
    return reduce(np.kron, [one if i == site else np.eye(2) for i in range(4)])


def both(kind, sites):
    """Sum over two spins."""
    return sum(pauli(kind, site) for site in sites)


H = sum(both(kind, (0, 1)) @ both(kind, (2, 3)) for kind in "xy") / 2
H_B = both("z", (0, 1)) / 2
values, vectors = np.linalg.eigh(H)
up, down = np.diag([1, 0]), np.diag([0, 1])
population, time = 0.3, 0.9
second = population * up + (1 - population) * down
rho = reduce(np.kron, [down, down, up, second])
U = vectors @ np.diag(np.exp(-1j * values * time)) @ vectors.conj().T
brute = float(np.trace((U @ rho @ U.conj().T - rho) @ H_B).real)
at = {g: 1, omega_0: 1, p_1: Rational(3, 10), t: Rational(9, 10)}
derived, printed = (float(e.subs(at)) for e in (solution.energy, comparison.printed))
print(f"Pauli matrices {brute:.15f}, derived {derived:.15f}, Eq. (17) {printed:.15f}")

# %% [markdown]
# ## More thermal spins, and the largest stored energy
#
# The frequencies $\sqrt2\,g$ and $2g$ are rationally independent, so for $0<p_1<1$ the two parts
# come arbitrarily close to their maxima together, but never reach them:
# $\sup E=(2p_1+\tfrac12p_0)\,\omega_0$.

# %%
top = solution.maximum()
print("sup E =", top.value, " attained:", top.attained)
for cells in (1, 2):
    print(
        f"{cells} cell(s), 3 thermal spins: E(t) =",
        thermal_charger(cells=cells, chargers=3, thermal=3).energy,
    )

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
print("figure:", save(sector_figure(SECTORS[2]), folder, SECTORS[2].name)[1].name)

# %% [markdown]
# ## What must hold

# %%
slow, fast = sin(sqrt(2) * g * t) ** 2, sin(2 * g * t) ** 2
p_0 = 1 - p_1
assert (solution.energy - 2 * p_1 * omega_0 * slow - p_0 / 2 * omega_0 * fast).expand() == 0
assert (collective.energy - comparison.printed).expand() == 0
assert not comparison.agrees
assert (comparison.printed - comparison.derived - p_0 / 2 * omega_0 * fast).expand() == 0
assert abs(brute - derived) < 1e-14
assert abs(brute - printed) > 0.1
assert (top.value - (2 * p_1 + p_0 / 2) * omega_0).expand() == 0
assert not top.attained
for case in (
    solution,
    thermal_charger(chargers=4, thermal=4),
    thermal_charger(cells=1, chargers=5, thermal=3),
):
    assert case.verify(digits=50).digits >= 45
    assert case.energy.subs(p_1, 0).subs(t, 0) == 0
print("all assertions hold")
