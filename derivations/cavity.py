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
# # The cavity, and many charger spins
#
# **Question.** A cavity with $n$ photons charges $M$ cells (Jaynes–Cummings for $M=1$,
# Tavis–Cummings beyond). Huangfu and Jing (2021) use $n=M$ photons as the benchmark for
# $N\to\infty$ charger spins. Which cavity problem is that limit really?

# %% tags=["hide-input"]
import numpy as np
from sympy import N as digits
from sympy import (
    Rational,
    Symbol,
    diff,
    factor,
    limit,
    nsolve,
    oo,
    pi,
    simplify,
    sin,
    sqrt,
)

from symbattery import CavityCharger, SpinCharger, dicke, fock, solve, two_cells
from symbattery.limits.many_chargers import charger_limit
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M, N, g, m, n, omega_0, t

# %% [markdown]
# ## The chains
#
# Whatever the charger is, the cells contribute $(k+1)(M-k)$ to the squared hop from $k$ to $k+1$
# excited cells. A factor comes from the charger: $c(N-c+1)$ with $c=m-k$ spins up, or, because
# $\langle n-1|a|n\rangle^2=n$, the number of photons $n-k$ of a mode.

# %%
k = Symbol("k", integer=True, nonnegative=True)
cells = (k + 1) * (M - k)
charged = m - k
spins = cells * charged * (N - charged + 1)
photons = cells * (n - k)
show(
    {
        r"b_k^2/g^2\,\big|_{\text{spins}}": spins,
        r"b_k^2/g^2\,\big|_{\text{cavity}}": photons,
    }
)

# %% [markdown]
# One cell has one hop, two cells have two, and their energies are known from the first two lessons
# as functions of the hops: $\sin^2b_0t$, and $a\,S(1+rS)$ with $S=\sin^2(\Omega t/2)$.


# %%
def two_levels(chain):
    """E(t) of one cell."""
    return omega_0 * sin(sqrt(chain.subs({M: 1, k: 0})) * g * t) ** 2


def three_levels(chain):
    """E(t) of two cells."""
    first, second = (factor(chain.subs({M: 2, k: i})) for i in (0, 1))
    total = factor(first + second)
    a, r = factor(4 * first / total), factor((second - first) / total)
    square = sin(sqrt(total) * g * t / 2) ** 2
    return omega_0 * a * square * (1 + r * square)


show(
    {
        r"E(t)\,\big|_{M=1}": two_levels(photons),
        r"E(t)\,\big|_{M=2}": three_levels(photons),
    }
)

# %% [markdown]
# ## The limit of many charger spins
#
# The collective coupling grows like $\sqrt N$, so $N\to\infty$ is taken at fixed
# $\tilde g=\sqrt N g$: the squared hops in units of $\tilde g^2$ are those above divided by $N$.
# All spins up, $m=N$:

# %%
all_up = factor(limit((spins.subs(m, N) / N).expand(), N, oo))
show({r"b_k^2/\tilde g^2": all_up}, relation=r"\to")

# %% [markdown]
# Compare it with the cavity that shares $M$ excitations with the cells, $n=M$, read *from the other
# end*: level $k$ of the one is level $M-k$ of the other, and the hop above $k$ the one above
# $M-k-1$.

# %%
shared = photons.subs(n, M)
reversed_chain = factor(shared.subs(k, M - k - 1))
show({r"b_k^2/g^2\,\big|_{n=M}": factor(shared), r"\text{reversed}": reversed_chain})

# %% [markdown]
# The reversed one is the limit, and not the chain itself. A fully excited charger has no holes;
# every excitation it gives away is one hole more. The charger spins thus act as an **empty**
# cavity, and the empty battery as a full one that emits into it:
#
# $$\lim_{N\to\infty}E_{\text{spins}}(t)=-E_{\text{cavity}}(t)
#   \quad\text{from}\quad|k=M\rangle\otimes|0\rangle_b.$$
#
# ## A fixed number of spins up, or down
#
# If the number $m$ of spins **up** stays fixed, the spins are $m$ photons and charge *forwards*.
# If the number $d=N-m$ of spins **down** stays fixed, the holes are photons, and $M$ full cells
# emit into $d$ of them.

# %%
d = Symbol("d", integer=True, nonnegative=True)
fixed_up = factor(limit((spins / N).expand(), N, oo))
fixed_down = factor(limit((spins.subs(m, N - d) / N).expand(), N, oo))
heads = (
    r"b_k^2/\tilde g^2\,\big|_{m\text{ fixed}}",
    r"b_k^2/\tilde g^2\,\big|_{d\text{ fixed}}",
)
show(dict(zip(heads, (fixed_up, fixed_down), strict=True)), relation=r"\to")

# %% [markdown]
# ## What agrees between both ends, and what does not
#
# For two cells the limit of the spins and two photons are

# %%
energies = {"spins": three_levels(all_up), "photons": three_levels(photons.subs(n, 2))}
show({rf"E_{{\text{{{name}}}}}": energy for name, energy in energies.items()})

# %%
tops = {name: e.subs(t, pi / (sqrt(6) * g)) for name, e in energies.items()}
early = {name: e.series(t, 0, 3).removeO().coeff(t, 2) for name, e in energies.items()}
show({rf"E_{{\max,\,\text{{{name}}}}}": top for name, top in tops.items()})
show({rf"[t^2]\,E_{{\text{{{name}}}}}": start for name, start in early.items()})

# %% [markdown]
# $E_{\max}$ is the same from both ends, because at its time only the first and the last level are
# populated. The curves differ, and with them the largest power: two photons charge faster at first,
# by a factor of two.

# %%
powers = {}
for name, energy in energies.items():
    E = energy.subs({g: 1, omega_0: 1})
    when = nsolve(t * diff(E, t) - E, t, (0.5, 1.2), solver="illinois", prec=30)
    powers[name] = digits((E / t).subs(t, when), 25)
show(
    {
        rf"P_{{\max,\,\text{{{name}}}}}/(\tilde g\omega_0)": p.n(12)
        for name, p in powers.items()
    }
)

# %% [markdown]
# For three cells not even the largest energies agree. From the eigenvectors of both chains:


# %%
def curve(squares, times, start=0):
    """⟨k⟩ of a chain with these squared hops."""
    hops = np.sqrt(np.array(squares, dtype=float))
    levels, modes = np.linalg.eigh(np.diag(hops, 1) + np.diag(hops, -1))
    states = modes @ (np.exp(-1j * np.outer(levels, times)) * modes[start][:, None])
    return np.arange(len(levels)) @ np.abs(states) ** 2


def numbers(chain, size):
    """The squared hops of a chain of ``size`` cells."""
    return [chain.subs({M: size, k: i}) for i in range(size)]


times = np.linspace(0, 6, 60001)
three = {
    "spins": curve(numbers(all_up, 3), times).max(),
    "photons": curve(numbers(shared, 3), times).max(),
}
show(
    Columns(
        {"three cells": list(three), "largest E/ω0 up to g̃t = 6": list(three.values())}
    )
)

# %% tags=["hide-input"]
figure, axes = panels(height=3)
shown = np.linspace(0, 3, 400)
finite = {size: spins.subs({m: N}).subs(N, size) / size for size in (4, 10**6)}
axes.plot(shown, curve(numbers(finite[4], 2), shown), ":", label="4 spins")
axes.plot(shown, curve(numbers(finite[10**6], 2), shown), label="$10^6$ spins")
axes.plot(shown, curve(numbers(shared, 2), shown), "--", label="2 photons")
emitted = 2 - curve(numbers(shared, 2), shown[::20], start=2)
axes.plot(
    shown[::20],
    emitted,
    "o",
    color="black",
    markersize=4,
    markerfacecolor="white",
    label="emission",
)
axes.set(xlabel=r"$\tilde gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 3), ylim=(0, 2.3))
axes.legend(ncols=4, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The check

# %%
assert simplify(all_up - reversed_chain) == 0
assert simplify(all_up - factor(shared)) != 0
assert simplify(fixed_up - photons.subs(n, m)) == 0
assert simplify(fixed_down - (k + 1) * (M - k) * (k + 1 + d)) == 0
assert tops["spins"] == tops["photons"] == Rational(16, 9) * omega_0
assert early["photons"] == 2 * early["spins"]
assert abs(powers["spins"] - 1.530) < 5e-4
assert abs(powers["photons"] - 1.773) < 5e-4
assert abs(three["spins"] - three["photons"]) > 0.01
assert np.abs(emitted - curve(numbers(all_up, 2), shown[::20])).max() < 1e-13
# The package: cavity sectors, and its own limit of the solved E(t).
for size, energy in ((1, two_levels(photons)), (2, three_levels(photons))):
    assert simplify(solve(CavityCharger(size), fock(n)).explicit().energy - energy) == 0
found = charger_limit(two_cells())
emission = found.cavity
charging = solve(CavityCharger(2), fock(2))
assert simplify(found.explicit().energy - energies["spins"]) == 0
assert simplify(emission.energy + energies["spins"]) == 0
assert simplify(charging.explicit().energy - energies["photons"]) == 0
solved = limit(two_cells().explicit().energy.subs(g, g / sqrt(N)), N, oo)
assert simplify(solved - energies["spins"]) == 0
for name, theirs in (("spins", found), ("photons", charging)):
    largest = digits(theirs.max_power().value / (g * omega_0), 20)
    assert abs(largest - powers[name]) < Rational(1, 10**15)
for size in range(1, 9):
    chain = charger_limit(solve(SpinCharger(size, N), dicke(0, m)), down=3).chain
    ours = [fixed_down.subs({M: size, k: i, d: 3}) for i in range(size)]
    assert [simplify(theirs / g**2) for theirs in chain.hops_squared] == ours
for case in (charging, emission, solve(CavityCharger(3), fock(n))):
    assert case.verify(digits=50, points=2).digits >= 45
print("all assertions hold")
