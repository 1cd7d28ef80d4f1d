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
# # A cavity is not slower than its mean field
#
# **Question.** [No battery is faster than its mean field](bounds_of_charging.py), and cavities come
# close to it. Do they attain it?

# %% tags=["hide-input"]
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import ellipj, ellipk
from sympy import (
    Symbol,
    diff,
    expand,
    factor,
    integrate,
    limit,
    oo,
    solve,
    sqrt,
    symbols,
)

from numerics import CavityCharger, charge, energy_bound, fock, power_bound
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M

K, n = symbols("K n", positive=True)
k = Symbol("k", nonnegative=True)

# %% [markdown]
# ## Jensen, from below
#
# At $\gamma=0$, on resonance and without crosstalk, $\ddot K=2\langle F(K)\rangle$ with
# $F(k)=h_k^2-h_{k-1}^2$. For $n$ photons and empty cells F is a *convex* parabola, so that by
# Jensen $\langle\ddot K\rangle\ge2F(\langle K\rangle)$. Times $2\langle\dot K\rangle$, which is
# positive up to the first peak, and integrated, in units of $g$:

# %%
hop = (k + 1) * (M - k) * (n - k)
force = expand(hop - hop.subs(k, k - 1))
potential = integrate(force, (k, 0, K))
low, high = solve(potential / K, K)
show({"F": force, r"\dot K^2\ge4\times": factor(potential), "K_-": low, "K_+": high})

# %% [markdown]
# So $\langle\dot K\rangle^2\ge4g^2K(K_--K)(K_+-K)$, where the bound from above has
# $4g^2K(b-K)(a-K)$ with $\{a,b\}=\{M+1,n\}$, and it is solved by the same function:
#
# $$E\ge\omega_0K_-\,\mathrm{sn}^2\Big(g\sqrt{K_+}\,t\,\Big|\,\frac{K_-}{K_+}\Big)$$
#
# up to the first peak, which is no lower than $\omega_0K_-$. For $n=M$ is
# $K_\mp=M\mp\sqrt{M/2}+O(1)$, so that both bounds tend to $M\omega_0\tanh^2(g\sqrt M\,t)$: **the
# cavity attains its mean field**, and
#
# $$P_{\max}\to\max_x\frac{\tanh^2x}x\,g\omega_0M^{3/2}.$$


# %%
def at_least(cells, photons, time):
    """The bound from below in units of ω₀, for g = 1; constant from its top on."""
    numbers = {M: cells, n: photons}
    least, most = (float(root.subs(numbers)) for root in (low, high))
    angle = np.minimum(np.sqrt(most) * time, ellipk(least / most))
    return least * ellipj(angle, least / most)[0] ** 2


hyperbolic = -minimize_scalar(
    lambda x: -(np.tanh(x) ** 2) / x, bounds=(0.5, 2), method="bounded"
).fun
brackets = {}
for size in (10, 100, 1000, 10000):
    instants = np.linspace(0.5, 2, 2000) / np.sqrt(size)
    lower = np.max(at_least(size, size, instants) / instants)
    brackets[size] = lower / size**1.5, power_bound(CavityCharger(size)) / size**1.5
show(
    Columns(
        {
            "M = n": list(brackets),
            "P/M^(3/2) at least": [below for below, _ in brackets.values()],
            "at most": [above for _, above in brackets.values()],
        }
    )
)
show({r"\max\tanh^2x/x": hyperbolic})

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
for number, size in enumerate((10, 100)):
    times = np.linspace(0, 3.5, 300) / np.sqrt(size)
    scaled = times * np.sqrt(size)
    colour = f"C{number}"
    battery = charge(CavityCharger(size))
    axes.plot(scaled, battery.energy(times) / size, color=colour, label=f"{size} cells")
    axes.plot(scaled, at_least(size, size, times) / size, ":", color=colour)
    axes.plot(scaled, energy_bound(battery.model, times) / size, "--", color=colour)
axes.set(xlabel=r"$g\sqrt{M}\,t$", ylabel=r"$E/M\omega_0$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# (Dotted from below, up to the first peak; dashed from above.) For spins F is no convex function
# near the start, and the law of large batteries does not tend to the mean field.
#
# ## The check

# %%
assert diff(force, k, 2) == 6
assert limit((M - low.subs(n, M)) / sqrt(M), M, oo) == sqrt(2) / 2
assert all(below < hyperbolic < above for below, above in brackets.values())
assert brackets[10000][1] < 1.003 * brackets[10000][0]
for cells, photons in ((1, 1), (5, 5), (7, 3), (3, 12), (80, 80)):
    start = fock(photons)
    battery = charge(CavityCharger(cells), start)
    times = np.linspace(0, 1, 50) * battery.first_peak().time
    found = battery.energy(times)
    assert np.all(found >= at_least(cells, photons, times) - 1e-9)
    assert np.all(found <= energy_bound(battery.model, times, start) + 1e-9)
    assert found[-1] >= at_least(cells, photons, 1e3)
print("all assertions hold")
