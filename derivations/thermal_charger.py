# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A thermal charger spin
#
# **Question.** Two cells are charged by two spins, of which the second one is not pure: it is up
# with probability $p_1$ and down with $p_0=1-p_1$ (Huangfu and Jing 2021, Eq. (16)),
#
# $$\rho_C=|1\rangle\langle1|\otimes\big(p_1|1\rangle\langle1|+p_0|0\rangle\langle0|\big).$$
#
# What is $E(t)$? The answer differs from Eq. (17) as printed, and we find which state that one
# belongs to.

# %% tags=["hide-input"]
from functools import reduce

import numpy as np
from sympy import Matrix, Rational, eye, kronecker_product, sin, sqrt, symbols, zeros

from symbattery import SpinCharger, dicke, mixture, solve, thermal_charger
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import g, omega_0, p_1, t

# %% [markdown]
# ## A flipped spin is not a Dicke state
#
# $H$ knows only the sum $J$ of the charger spins, so each total spin $j$ evolves by itself. We
# diagonalize $J^2$ and $J_z$ of two spins and look at what $|11\rangle$ and $|10\rangle$ consist
# of.

# %%
lower = Matrix([[0, 1], [0, 0]])  # in the basis (down, up)
J_minus = kronecker_product(lower, eye(2)) + kronecker_product(eye(2), lower)
J_plus = J_minus.T
J_z = (J_plus * J_minus - J_minus * J_plus) / 2
J_squared = (J_plus * J_minus + J_minus * J_plus) / 2 + J_z**2
up_up, up_down = (Matrix([int(i == place) for i in range(4)]) for place in (3, 2))
shares = {}
for name, state in (("11", up_up), ("10", up_down)):
    for value, _, vectors in J_squared.eigenvects():
        projector = sum((v * v.T / (v.T * v)[0] for v in vectors), zeros(4))
        j = {0: 0, 2: 1}[value]  # j(j + 1)
        shares[name, j] = (state.T * projector * state)[0]
show(
    {
        rf"\langle{name}|P_{{j={j}}}|{name}\rangle": share
        for (name, j), share in shares.items()
    }
)

# %% [markdown]
# $|11\rangle$ is the triplet with $\mu=1$. But $|10\rangle$ is the triplet with $\mu=0$ with
# probability one half only, and otherwise the singlet, on which $J_\pm$ vanish and which therefore
# never charges anything. (The coherence between the two does not matter: $H$ does not couple
# them, and the stored energy is diagonal in $j$.)
#
# ## The parts
#
# Each part is a chain whose motion is known from the lessons before.
#
# * $j=1,\mu=1$: [two cells](two_cells.py) with $N=2$ charger spins up, $b_0=b_1$, so $r=0$ and
#   $E=\omega_0\,a\sin^2(\Omega t/2)$;
# * $j=1,\mu=0$: one excitation, which goes to $|k=1,\mu=-1\rangle$ and back: two levels;
# * the singlet: nothing.

# %%
k, c = symbols("k c")
step = (k + 1) * (2 - k) * c * (2 - c + 1)  # squared, in units of g²
b_0, b_1 = (sqrt(step.subs({k: n, c: 2 - n})) for n in (0, 1))
hop = sqrt(step.subs({k: 0, c: 1}))
size = 4 * b_0**2 / (b_0**2 + b_1**2)
both_up = omega_0 * size * sin(sqrt(b_0**2 + b_1**2) * g * t / 2) ** 2
one_up = omega_0 * sin(hop * g * t) ** 2
show({r"E_{j=1,\mu=1}": both_up, r"E_{j=1,\mu=0}": one_up})

# %% [markdown]
# ## The energy
#
# The sum over the probabilities of all parts:

# %%
p_0 = 1 - p_1
E = p_1 * shares["11", 1] * both_up + p_0 * shares["10", 1] * one_up
printed = p_1 * both_up + p_0 * one_up
show({"E(t)": E, r"\text{Eq. (17), as printed: }E(t)": printed})

# %% [markdown]
# Eq. (17) has $p_0$ where the derivation has $p_0/2$. It would be right for the *collective* start
# $p_1|\mu{=}1\rangle\langle\mu{=}1|+p_0|\mu{=}0\rangle\langle\mu{=}0|$ in the triplet.
#
# ## All sixteen states
#
# To decide between both, nothing of the above is used: Eq. (13) on four spins with Pauli matrices,
# and the density matrix as it is written.


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
levels, modes = np.linalg.eigh(H)
up, down = np.diag([1, 0]), np.diag([0, 1])


def brute(population, time):
    """E(t) in units of g and ω0 from the 16 × 16 density matrix."""
    second = population * up + (1 - population) * down
    rho = reduce(np.kron, [down, down, up, second])
    evolve = modes @ np.diag(np.exp(-1j * levels * time)) @ modes.conj().T
    return float(np.trace((evolve @ rho @ evolve.conj().T - rho) @ H_B).real)


points = [
    (Rational(3, 10), Rational(9, 10)),
    (Rational(1, 2), Rational(7, 5)),
    (0, Rational(3, 4)),
]
units = {g: 1, omega_0: 1}
measured = [brute(float(p), float(time)) for p, time in points]
derived, as_printed = (
    [float(e.subs(units).subs({p_1: p, t: time})) for p, time in points]
    for e in (E, printed)
)
table = {"p₁": [float(p) for p, _ in points], "gt": [float(time) for _, time in points]}
show(
    Columns(
        {**table, "16 states": measured, "derived": derived, "Eq. (17)": as_printed}, 12
    )
)

# %% [markdown]
# ## The largest stored energy
#
# The parts oscillate with $\sqrt2\,g$ and $2g$. The ratio is irrational, so for $0<p_1<1$ both come
# arbitrarily close to their maxima together but never reach them at the same time: the supremum is
# the sum of both maxima, and no time attains it.

# %%
supremum = omega_0 * (size * p_1 + p_0 / 2)
show({r"\sup_tE": supremum.expand()})

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 9, 800)
for population, style in ((1, "-"), (0.5, "--"), (0, ":")):
    curve = 2 * population * np.sin(np.sqrt(2) * times) ** 2
    curve += (1 - population) / 2 * np.sin(2 * times) ** 2
    (line,) = axes.plot(times, curve, style, label=f"$p_1={population}$")
    sparse = times[20::60]
    axes.plot(
        sparse,
        [brute(population, time) for time in sparse],
        "o",
        markersize=3.5,
        color=line.get_color(),
        markerfacecolor="white",
    )
axes.plot(
    [], [], "o", color="0.3", markersize=3.5, markerfacecolor="white", label="16 states"
)
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 9), ylim=(0, 2.5))
axes.legend(ncols=4, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The check

# %%
package = thermal_charger()
collective = solve(SpinCharger(2, 2), mixture([(p_1, dicke(0, 2)), (p_0, dicke(0, 1))]))
(comparison,) = package.comparisons()
assert [shares["11", j] for j in (0, 1)] == [0, 1]
assert [shares["10", j] for j in (0, 1)] == [Rational(1, 2), Rational(1, 2)]
assert (package.energy - E).expand() == 0
assert (collective.energy - printed).expand() == 0
assert (comparison.printed - printed).expand() == 0
assert not comparison.agrees
assert all(
    abs(ours - exact) < 1e-13 for ours, exact in zip(derived, measured, strict=True)
)
assert all(
    abs(theirs - exact) > 0.02
    for theirs, exact in zip(as_printed, measured, strict=True)
)
top = package.maximum()
assert (top.value - supremum).expand() == 0
assert not top.attained
# More thermal spins, and other numbers of cells: the package against independent evolutions.
for case in (
    package,
    thermal_charger(chargers=4, thermal=4),
    thermal_charger(cells=1, chargers=5, thermal=3),
):
    assert case.verify(digits=50).digits >= 45
    assert case.energy.subs(p_1, 0).subs(t, 0) == 0
print("all assertions hold")
