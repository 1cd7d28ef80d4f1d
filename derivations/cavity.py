# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # The cavity, and many charger spins
#
# A cavity with $n$ photons charges $M$ cells (Jaynes–Cummings for $M=1$, Tavis–Cummings beyond).
# Huangfu and Jing (2021) use $n=M$ as the benchmark for $N\to\infty$ charger spins. We take that
# limit of the spin result with SymPy and ask which cavity problem it is.

# %%
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Rational, limit, oo, simplify, sqrt

from symbattery import CavityCharger, SpinCharger, dicke, fock, solve, two_cells
from symbattery.infinite_charger import charger_limit
from symbattery.symbols import N, g, m, n, omega_0, t

# %% [markdown]
# ## Cavity with any number of photons

# %%
for cells in (1, 2, 3):
    solution = solve(CavityCharger(cells), fock(n))
    print(f"M = {cells}: E(t) =", solution.energy)
    print("   with", dict(list(solution.definitions.items())[:2]))

# %% [markdown]
# ## The limit of many charger spins
#
# At fixed $\tilde g=\sqrt N g$ the squared hops of two cells, $2N$ and $4(N-1)$, become 2 and 4 in
# units of $\tilde g^2$. With $n=2$ photons they are 4 and 2: the same chain *from the other end*.
# A fully excited charger has no holes; every excitation it gives away is one hole more. The charger
# spins thus act as an **empty** cavity, and the empty battery as a full one that emits into it:
# $$\lim_{N\to\infty}E_{\text{spins}}(t)=-E_{\text{cavity}}(t)
#   \quad\text{from}\quad|k=M\rangle\otimes|0\rangle_b.$$

# %%
all_up = charger_limit(two_cells())
emission = all_up.cavity
charging = solve(CavityCharger(2), fock(2))
print("N -> oo:       ", all_up.explicit().energy)
print("which is       ", all_up.description)
print("emission:      ", emission.energy)
print("two photons:   ", charging.energy)

# %% [markdown]
# ## A fixed number of spins up, or down
#
# In general $c(N-c+1)/N$ with $c=m-k$ tends to $m-k$ if the number $m$ of spins **up** stays fixed:
# the spins are $m$ photons, and charge *forwards*. If the number $d=N-m$ of spins **down** stays
# fixed it tends to $d+k+1$: the holes are photons, and $M$ full cells emit into $d$ of them.

# %%
forwards = charger_limit(two_cells(excited=m))
backwards = {down: charger_limit(two_cells(excited=m), down=down) for down in (0, 1, 5)}
print("m up:  ", forwards.description)
for down, found in backwards.items():
    print(f"{down} down:", found.description, "| E_max =", found.maximum().value)

# %% [markdown]
# ## What agrees, and what does not
#
# $E_{\max}=\tfrac{16}9\omega_0$ is the same from both ends, because at its time only the first and
# the last level are populated. The curves $E(t)$, and with them the largest power, differ: two
# photons charge faster at first, by a factor of two in $E$ at short times. For three cells the
# largest energies differ as well.

# %%
spin_power = two_cells().explicit().max_power().value.subs(g, g / sqrt(N)) / (g * omega_0)
for chargers in (2, 200, 10**6):
    print(f"N = {chargers}: P_max/(sqrt(N) g omega_0) =", spin_power.subs(N, chargers).evalf(10))
cavity_power = charging.max_power().value / (g * omega_0)
print("N -> oo:    ", all_up.max_power().value.evalf(10))
print("two photons:", cavity_power.evalf(10))
three = charger_limit(solve(SpinCharger(3, N)))
highest = [
    found.maximum("window", until=6, digits=15).value
    for found in (three, solve(CavityCharger(3), fock(3)))
]
print("three cells, up to t = 6/g: spins", highest[0], "three photons", highest[1])

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
figure = Figure(figsize=(3.4, 2.3), layout="constrained")
FigureCanvasAgg(figure)
axes = figure.subplots()
times = np.linspace(0, 3, 400)
axes.plot(
    times, two_cells().function("energy", chargers=10**6)(times / 1000), label="$N=10^6$ spins"
)
axes.plot(times, charging.function("energy")(times), "--", label="2 photons")
axes.plot(times[::20], -emission.function("energy")(times)[::20], "o", markersize=3,
          markerfacecolor="white", label="emission")  # fmt: skip
axes.set(xlabel=r"$\tilde g t$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 3), ylim=(0, 2.2))
axes.legend(fontsize=7, ncols=3, frameon=False, loc="upper center", columnspacing=1)
figure.savefig(folder / "cavity.png", dpi=300)
print("figure: cavity.png")

# %% [markdown]
# ## What must hold

# %%
# The limit of the solved E(t), and the solution of the limiting chain.
spins = limit(two_cells().explicit().energy.subs(g, g / sqrt(N)), N, oo)
assert simplify(spins - all_up.explicit().energy) == 0
assert simplify(spins + emission.energy) == 0
assert simplify(spins - charging.energy) != 0
assert simplify(forwards.energy - forwards.cavity.energy) == 0
for cells in range(1, 9):
    found = charger_limit(solve(SpinCharger(cells, N), dicke(0, m)), down=3)
    assert found.chain.hops_squared == found.cavity.sectors[0].hops_squared[::-1]
    assert found.cavity.initial == fock(3, cells)
assert simplify(backwards[0].energy - all_up.energy) == 0
assert abs(highest[0] - highest[1]) > 0.01 * omega_0
top = two_cells().maximum().value
assert limit(top, N, oo) == charging.maximum().value == Rational(16, 9) * omega_0
short = [e.series(t, 0, 3).removeO().coeff(t, 2) for e in (spins, charging.energy)]
assert short[1] == 2 * short[0]
limiting_power = (all_up.max_power().value / (g * omega_0)).evalf(15)
assert abs(spin_power.subs(N, 10**9).evalf(15) - limiting_power) < 1e-8
assert abs(limiting_power - 1.530) < 5e-4
assert abs(cavity_power.evalf(15) - 1.773) < 5e-4
for case in (
    charging,
    emission,
    solve(CavityCharger(3), fock(n)),
    solve(CavityCharger(8), fock(n)),
):
    assert case.verify(digits=50, points=2).digits >= 45
print("all assertions hold")
