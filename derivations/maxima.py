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
from sympy import Rational, Symbol, expand, factor, minimal_polynomial, radsimp, simplify, sqrt

from numerics import charge
from symbattery import SpinCharger, solve, thermal_charger, two_cells
from symbattery.implicit import ImplicitRoot
from symbattery.symbols import N, g, omega_0, p_1

# %% [markdown]
# ## One frequency
#
# $E=\omega_0\,a\,S(1+rS)$ with $S=\sin^2\varphi$ is a polynomial in one variable on $[0,1]$: its
# maximum is found by one derivative (`derivations/two_cells.py`), and is reached periodically.

# %%
print(two_cells().maximum())

# %% [markdown]
# ## Independent frequencies
#
# Kronecker: if $\lambda_1,\dots,\lambda_R$ are linearly independent over the rationals, the phases
# $\lambda_rgt$ come arbitrarily close to any angles. With $u_r=\cos\lambda_rgt$,
# $s_r=\sin\lambda_rgt$ the stored energy is a quadratic form in $(1,u)$ plus one in $s$, and for
# any multipliers
# $$E/\omega_0=\mu_0+\sum_r\mu_r-z^T[\mathrm{diag}(\mu)-Q_u]z-s^T[\mathrm{diag}(\mu)-Q_s]s,$$
# because $u_r^2+s_r^2=1$. If both brackets are positive semidefinite, no phases do better than
# $\sum\mu$. The point of *alternating* phases, $s=(1,-1,1,\dots)$ for an odd and
# $u=(-1,1,-1,\dots)$ for an even number of cells, fixes the multipliers; what is left is to look
# at the eigenvalues of two small matrices. A time that reached the point would make all phases
# multiples of $\pi/2$, and their ratios rational: the supremum is never attained.

# %%
for size in (3, 4, 5, 6, 7, 8):
    print(f"M = N = {size}: {solve(SpinCharger(size, size)).maximum().value}")
for chargers in (4, 5, 7, 10):
    top = solve(SpinCharger(3, chargers)).maximum()
    print(f"M = 3, N = {chargers}: {top.value} = {top.value.subs(omega_0, 1).evalf(10)} ω0")

# %% [markdown]
# At $M=N$ the chain is mirror symmetric, $|v_{Mr}|=|v_{0r}|$, and at alternating phases the last
# amplitude is $\sum_rv_{0r}^2=1$: full charge, in the limit. For three cells the form is short for
# any $N$. With $p=\lambda_1\lambda_2=\sqrt{27N(N-2)}$, $(\lambda_1-\lambda_2)^2=20N-26-2p$ and the
# residues of the resolvent $|c_1|=b_0(p-b_2^2)/[p(\lambda_1-\lambda_2)]$ and
# $|c_3|=b_0b_1b_2/[p(\lambda_1-\lambda_2)]$:

# %%
p = Symbol("p", positive=True)
(general,) = solve(SpinCharger(3, N)).sectors
b0, b1, b2 = (factor(hop / g**2) for hop in general.hops_squared)
gap = b0 + b1 + b2 - 2 * p
three = factor((b0 * (p - b2) ** 2 + 3 * b0 * b1 * b2) / (p**2 * gap))
print("E_sup/ω0 for three cells:", three, " with p =", sqrt(expand(b0 * b2)))

# %% [markdown]
# Four cells and four charger spins, in detail.

# %%
four = solve(SpinCharger(4, 4))
(motion,) = four.beats.values()
rates = [four.definitions[rate] for rate in motion.rates]
put = dict(zip(motion.rates, rates, strict=True))
sizes = [radsimp(four.definitions[size].xreplace(put)) for size in motion.sizes[4]]
ratio = radsimp(rates[0] / rates[1])
print("frequencies", rates, "\nA_4r", sizes, "\nratio", ratio)
print("minimal polynomial of the ratio:", minimal_polynomial(ratio))
print(four.maximum())

# %% [markdown]
# ## A diagonal: three levels
#
# With crosstalk or detuning $E/\omega_0=\sum_{r<s}B_{rs}\sin^2\frac{a_{rs}}2$ with
# $a_{12}+a_{23}=a_{13}$. All derivatives vanish where the three sines do, or where
# $B_{12}\sin a_{12}=B_{23}\sin a_{23}=-B_{13}\sin a_{13}$: a triangle with the sides $1/|B|$.
# For strong crosstalk and three charger spins the triangle exists, and the supremum is rational.

# %%
for crosstalk in (Rational(1, 10), 5):
    model = SpinCharger(2, 3, coupling=1, frequency=1, charger_crosstalk=crosstalk)
    triangle = solve(model).maximum("supremum")
    print(f"g1/g = {crosstalk}: {triangle.value.evalf(12)} ω0")

# %% [markdown]
# ## A mixture
#
# For the thermal charger of Eq. (16) the parts swing with $\sqrt2$ and $2$: again independent, and
# the supremum is the sum of both maxima.

# %%
print(thermal_charger().maximum())

# %% [markdown]
# ## First peak, window and power, with proof
#
# By Ehrenfest $\ddot E=2\omega_0\sum_k(b_k^2-b_{k-1}^2)|c_k|^2$, and the third derivative is the
# mean of a matrix with the elements $\pm2i\omega_0\,b_k(b_{k+1}^2-2b_k^2+b_{k-1}^2)$ beside the
# diagonal.
# Their rows bound both at all times, and these bounds decide on each interval whether $\dot E$ has
# no zero or exactly one; the time is then enclosed by a change of sign at many digits. No peak can
# be missed. The same with $t\dot E-E$ in place of $\dot E$ isolates the largest power, and
# $P\le M\omega_0/t$ excludes all later times.

# %%
tops = {}
for kind, until in (("first peak", None), ("window", 5), ("window", 40)):
    tops[kind, until] = top = four.maximum(kind, until=until)
    print(f"{kind} {until or ''}: E = {top.value}, t = {top.time}")
power = four.max_power()
(root,) = power.time.atoms(ImplicitRoot)
print(f"P_max = {power.approximate}, at {root.lower} < gt < {root.upper} with {root.equation}")

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
for size in range(3, 9):
    assert solve(SpinCharger(size, size)).maximum().value == size * omega_0
for chargers in range(3, 30):
    root = sqrt(27 * chargers * (chargers - 2))
    value = solve(SpinCharger(3, chargers)).maximum().value / omega_0
    assert abs((value - three.subs({N: chargers, p: root})).evalf(30)) < 1e-25
assert triangle.value == Rational(3, 49)
unit = {g: 1, omega_0: 1}
found = charge(SpinCharger(4, 4)).max_power()
assert abs(float(power.value.subs(unit).evalf(20)) - found.value) < 1e-12
assert minimal_polynomial(ratio, polys=True).degree() > 1
assert four.maximum().value == 4 * omega_0
assert not four.maximum().attained
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
