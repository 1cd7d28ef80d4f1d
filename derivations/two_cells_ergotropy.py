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
# # The extractable work of two cells
#
# **Question.** Two empty cells are charged by $N$ spins, all up. When can work be extracted from
# them, how much at most, and where has the curve of it kinks?
#
# From [two cells](two_cells.py), with $S=\sin^2(\Omega t/2)$ and $q=b_0^2/\Omega^2=N/(3N-2)$, the
# populations are

# %% tags=["hide-input"]
import numpy as np
from sympy import (
    Max,
    Rational,
    cancel,
    expand,
    factor,
    simplify,
    sin,
    solve,
    sqrt,
    symbols,
)

from symbattery import two_cells
from symbattery.output.notebook import panels, show
from symbattery.symbols import N, g, omega_0, t

# %%
S, q = symbols("S q", positive=True)
p = [(1 - 2 * q * S) ** 2, 4 * q * S * (1 - S), 4 * q * (1 - q) * S**2]
show({f"p_{k}": p[k] for k in range(3)})

# %% [markdown]
# All unitaries leave the [passive state](ergotropies.py): the largest $p_k$ on the empty level,
# both others one level up. With $E=\omega_0(p_1+2p_2)$,
#
# $$\mathcal E=E-\omega_0(1-\max_kp_k)=\omega_0\,(p_2+\max(p_0,p_1,p_2)-p_0).$$
#
# Rotations of single cells get $\max(0,2E-2\omega_0)=2\omega_0\max(0,p_2-p_0)$.
#
# ## Where two populations are equal
#
# $p_1=p_2$ and $p_0=p_2$ are linear in $S$, after a square root, and $p_0=p_1$ is quadratic:

# %%
crossing = {
    (1, 2): 1 / (2 - q),
    (0, 2): 1 / (2 * (q + sqrt(q * (1 - q)))),
    (0, 1): (2 * q - sqrt(q * (3 * q - 1))) / (2 * q * (1 + q)),
}
show({f"S_{{{i}{j}}}": value for (i, j), value in crossing.items()})

# %% [markdown]
# At first $p_0$ is the largest, and $\mathcal E=\omega_0p_2$ is of the order $t^4$, where $E$ is
# of the order $t^2$: *what comes first cannot be extracted.* Then $p_1$ is, if $S_{01}<S_{12}$, or
# $p_2$ at once. Between these cases all three are equal:

# %%
triple = factor(cancel((p[0] - p[1]).subs(S, crossing[1, 2]) * (2 - q) ** 2))
threshold = [factor(simplify(2 * x / (3 * x - 1))) for x in solve(triple, q)]
show({"0": triple, r"N_\pm": threshold})

# %% [markdown]
# The larger one is $N=8+4\sqrt3\approx14.9$. With up to 14 charger spins the curve has two kinks on
# its way up, from 15 on a single one: then it is never most likely that one cell is excited. Local
# work begins where $p_2$ passes $p_0$.
#
# ## The most
#
# At $S=1$ the middle level is empty: the energy and both ergotropies are largest, for $N\ge2$.

# %%
energy = p[1] + 2 * p[2]
most = {
    "E": energy.subs(S, 1),
    r"\mathcal E": (2 * p[2] - p[0]).subs(S, 1) + p[1].subs(S, 1),
    r"\mathcal E_{\rm local}": (2 * p[2] - 2 * p[0]).subs(S, 1),
}
most = {name: factor(value.subs(q, N / (3 * N - 2))) for name, value in most.items()}
show({rf"\max {name}/\omega_0": value for name, value in most.items()})

# %% tags=["hide-input"]
figure, axes = panels(height=3)
phase = np.linspace(0, np.pi, 400)
for spins, style in ((4, "-"), (40, "--")):
    numbers = [value.subs(q, Rational(spins, 3 * spins - 2)) for value in p]
    sine = np.sin(phase / 2) ** 2
    curves = [np.array([float(value.subs(S, x)) for x in sine]) for value in numbers]
    work = curves[2] + np.max(curves, axis=0) - curves[0]
    assert work.argmax() == len(work) - 1
    axes.plot(phase, curves[1] + 2 * curves[2], "0.6", linestyle=style)
    axes.plot(phase, work, "C0", linestyle=style, label=f"$N={spins}$")
axes.set(xlabel=r"$\Omega t$", ylabel=r"$E,\ \mathcal{E}\ /\omega_0$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check
#
# Each crossing in its equation, the threshold, and the package: its ergotropy, and its intervals.

# %%
for (i, j), value in crossing.items():
    assert simplify((p[i] - p[j]).subs(S, value)) == 0
assert 8 + 4 * sqrt(3) in [expand(x) for x in threshold]
moving = {S: sin(sqrt(2 * (3 * N - 2)) * g * t / 2) ** 2, q: N / (3 * N - 2)}
package = two_cells().explicit()
for k, value in enumerate(p):
    assert simplify(package.populations[k] - value.subs(moving)) == 0
work = (p[2] + Max(*p) - p[0]).subs(moving) - package.ergotropy() / omega_0
assert all(abs(work.subs({N: 5, g: 1, t: x}).evalf()) < 1e-14 for x in (0.1, 0.4, 0.7))
for spins, kinks in ((2, [(0, 1), (1, 2)]), (14, [(0, 1), (1, 2)]), (15, [(0, 2)])):
    branches = two_cells(spins).intervals("ergotropy").branches
    rising = [end for _, end, _ in branches][: len(branches) // 2]
    for end, pair in zip(rising, kinks, strict=True):
        at = sin(sqrt(2 * (3 * spins - 2)) * g * end / 2) ** 2
        exact = crossing[pair].subs(q, Rational(spins, 3 * spins - 2))
        assert abs((at - exact).evalf(30)) < 1e-25
assert simplify(most[r"\mathcal E"] - (2 - 3 * ((N - 2) / (3 * N - 2)) ** 2)) == 0
print("all assertions hold")
