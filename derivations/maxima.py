# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Three senses of "maximum"
#
# The *first peak* of $E(t)$, the largest $E$ in a *window*, and the *supremum* over all times are
# the same for one frequency, and three different numbers for several. All of them here at
# $\gamma=0$ and on resonance.

# %%
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Rational, minimal_polynomial, radsimp, simplify

from symbattery import SpinCharger, solve, thermal_charger, two_cells
from symbattery.symbols import g, omega_0, p_1

# %% [markdown]
# ## One frequency
#
# $E=\omega_0\,a\,S(1+rS)$ with $S=\sin^2\varphi$ is a polynomial in one variable on $[0,1]$: its
# maximum is found by one derivative (`derivations/two_cells.py`), and is reached periodically.

# %%
print(two_cells().maximum())

# %% [markdown]
# ## Two independent frequencies
#
# Four cells and four charger spins. Kronecker: if $\lambda_1/\lambda_2$ is irrational, the phases
# $(\lambda_1gt,\lambda_2gt)$ come arbitrarily close to any pair of angles. The amplitude of the
# full battery is $c_4=-\sum_rA_{4r}\sin^2(\lambda_rgt/2)$ with one positive and one negative $A$.
# The larger one is 1, so that some pair of angles means $|c_4|=1$. A time at which that happens
# would have $\lambda_1gt/2$ and $\lambda_2gt/2$ at multiples of $\pi/2$, and the ratio rational. So
# the supremum is $4\omega_0$ and is never reached.

# %%
four = solve(SpinCharger(4, 4))
(motion,) = four.beats.values()
rates = [four.definitions[rate] for rate in motion.rates]
put = dict(zip(motion.rates, rates, strict=True))
sizes = [
    radsimp(value.xreplace(put))
    for name, value in four.definitions.items()
    if name.name.startswith("A_4_")
]
ratio = radsimp(rates[0] / rates[1])
print("frequencies", rates, "\nA_4r", sizes, "\nratio", ratio)
print("minimal polynomial of the ratio:", minimal_polynomial(ratio))
print(four.maximum())

# %% [markdown]
# ## A mixture
#
# For the thermal charger of Eq. (16) the parts swing with $\sqrt2$ and $2$: again independent, and
# the supremum is the sum of both maxima.

# %%
print(thermal_charger().maximum())

# %% [markdown]
# ## First peak and window, with proof
#
# $E$ has no frequency above the bandwidth $\Omega$ of $H$ and stays between 0 and $M\omega_0$, so
# $|E''|\le\Omega^2M\omega_0/2$ and $|E'''|\le\Omega^3M\omega_0/2$ (Bernstein). These bounds decide
# on each interval whether $E'$ has no zero or exactly one; the time is then enclosed by a change of
# sign of $E'$ at many digits. No peak can be missed.

# %%
tops = {}
for kind, until in (("first peak", None), ("window", 5), ("window", 40)):
    tops[kind, until] = top = four.maximum(kind, until=until)
    print(f"{kind} {until or ''}: E = {top.value}, t = {top.time}")

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
figure = Figure(figsize=(3.4, 2.3), layout="constrained")
FigureCanvasAgg(figure)
axes = figure.subplots()
times = np.linspace(0, 40, 8000)
energy = four.function("energy")(times)
axes.plot(times, energy, linewidth=0.6)
for (kind, until), marker in zip(tops, ("o", "s", "^"), strict=True):
    top = tops[kind, until]
    label = kind if until is None else f"{kind} {until}"
    x, y = (float(v.subs({g: 1, omega_0: 1})) for v in (top.time, top.value))
    axes.plot([x], [y], marker, markersize=4, label=label)
axes.axhline(4, color="0.5", linewidth=0.7, linestyle=":", label="supremum")
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 40), ylim=(0, 5.4))
axes.legend(fontsize=7, ncols=2, frameon=False, loc="upper center")
figure.savefig(folder / "maxima.png", dpi=300)
print("figure: maxima.png")

# %% [markdown]
# ## What must hold

# %%
assert simplify(max(abs(size) for size in sizes)) == 1
assert minimal_polynomial(ratio, polys=True).degree() > 1
assert four.maximum().value == 4 * omega_0
assert not four.maximum().attained
unit = {g: 1, omega_0: 1}
values = [top.value.subs(unit) for top in tops.values()]
assert values[0] < values[2] < 4
assert values == sorted(values)
assert energy.max() <= float(values[2]) + 1e-9
assert float(values[2]) - energy.max() < 1e-4
for top in tops.values():
    low, high = (bound.subs(unit) for bound in top.enclosure)
    assert low <= top.time.subs(unit) <= high
    assert high - low < Rational(1, 10**25)
assert (thermal_charger().maximum().value - (1 + 3 * p_1) / 2 * omega_0).expand() == 0
assert four.verify(digits=50, points=3).digits >= 45
print("all assertions hold")
