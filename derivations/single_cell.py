# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # One cell
#
# One battery cell is charged by $N$ charger spins of which $m$ are up,
# $$H_1=g\,[J_-(\gamma\sigma^-+\sigma^+)+\mathrm{h.c.}]$$
# (Huangfu and Jing 2021, Eq. (3)). We derive $E(t)$, the anisotropy that drops out for $N=1$, and
# the largest average power.

# %%
from pathlib import Path

from sympy import Eq, Integer, Rational, S, Symbol, cos, diff, expand, pi, sin, solve, sqrt, tan

from symbattery import single_cell
from symbattery.catalogue import SECTORS
from symbattery.chains import Couplings, Spin, chain_from
from symbattery.figures import save, sector_figure
from symbattery.spectra import frequency_squared, pulse
from symbattery.symbols import N, g, gamma, m, omega_0, t

# %% [markdown]
# ## The sector
#
# A spin $j$ has $\langle\mu\pm1|J_\pm|\mu\rangle^2=j(j+1)-\mu(\mu\pm1)$. From $|k=0,c=m\rangle$,
# with $k$ excited cells and $c$ excited charger spins, $H$ reaches $|1,m-1\rangle$ and nothing
# else. The squared hop is

# %%
resonant = Couplings(g, S.Zero, omega_0, omega_0, S.Zero, S.Zero)
chain = chain_from(Spin(Integer(1)), Spin(N), Integer(0), m, resonant)
print("levels", chain.levels, " squared hops", chain.hops_squared, " diagonal", chain.diagonal)

# %% [markdown]
# ## The motion
#
# Two levels at $\pm\Omega$ with $\Omega^2=g^2m(N-m+1)$: the excited cell has the probability
# $\sin^2\Omega t$.

# %%
print("frequency squared", frequency_squared(chain))
print("swing", pulse(chain))
solution = single_cell(excited=m)
print("E(t) =", solution.energy, " with", dict(solution.definitions))

# %% [markdown]
# ## One charger spin: the anisotropy drops out
#
# For $N=1$ keep $\gamma$ as a symbol. The pair terms $g\gamma\,\sigma^\pm\tau^\pm$ need both spins
# down or both up; from $|0,1\rangle$ their matrix elements vanish, so the sector is again
# $\{|0,1\rangle,|1,0\rangle\}$ and no $\gamma$ is left in it: a result of applying $H$, not an
# assumption: from $|0,0\rangle$ the same code finds the pair sector, where $\gamma$ stays.

# %%
any_gamma = Couplings(g, gamma, omega_0, omega_0, S.Zero, S.Zero)
charging = chain_from(Spin(Integer(1)), Spin(Integer(1)), Integer(0), Integer(1), any_gamma)
pairs = chain_from(Spin(Integer(1)), Spin(Integer(1)), Integer(0), Integer(0), any_gamma)
print("from |0,1>:", charging.hops_squared, charging.diagonal)
print("from |0,0>:", pairs.hops_squared, pairs.diagonal)

# %% [markdown]
# ## The largest average power
#
# $P(t)=\omega_0\Omega\,\sin^2\varphi/\varphi$ with $\varphi=\Omega t$. It is stationary where
# $h(\varphi)=\varphi F'-F=0$, $F=\sin^2\varphi$; divided by $\sin\varphi\cos\varphi$ this is
# $\tan\varphi=2\varphi$. As $h'=\varphi F''=2\varphi\cos2\varphi$ is positive before $\pi/4$ and
# negative from there to $\pi/2$, where $h<0$, there is exactly one root in $(0,\pi/2)$. Later
# times have a larger $\varphi$ and no larger $F$.

# %%
phi = Symbol("varphi", positive=True)
F = sin(phi) ** 2
h = phi * diff(F, phi) - F
print("P_max =", single_cell().max_power().value, " at", single_cell().max_power().time)
printed = single_cell(1).max_power().value / (g * omega_0)
print("N = 1: P_max/(g omega_0) =", printed.evalf(30))

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
print("figure:", save(sector_figure(SECTORS[0]), folder, SECTORS[0].name)[1].name)

# %% [markdown]
# ## What must hold

# %%
assert chain.hops_squared == (g**2 * m * (N - m + 1),)
assert single_cell().energy == omega_0 * sin(sqrt(N) * g * t) ** 2
assert solution.explicit().energy == omega_0 * sin(g * t * sqrt(m * (N - m + 1))) ** 2
assert charging.hops_squared == (g**2,)
assert not any(e.has(gamma) for e in (*charging.hops_squared, *charging.diagonal))
assert pairs.hops_squared == (g**2 * gamma**2,)
assert pairs.diagonal == (0, 2 * omega_0)
assert single_cell(1, anisotropy=gamma).energy == omega_0 * sin(g * t) ** 2
assert expand(h / (sin(phi) * cos(phi)) - (2 * phi - sin(phi) / cos(phi))) == 0
assert expand(diff(h, phi) - phi * diff(F, phi, 2)) == 0
assert solve(Eq(cos(2 * phi), 0), phi)[0] == pi / 4
assert h.subs(phi, pi / 2) == -1
root = (single_cell(1).max_power().time * g).evalf(40)
assert abs((tan(root) - 2 * root).evalf(40)) < Rational(1, 10**37)
assert abs(printed - Rational(72, 100)).evalf() < 0.005
for case in (single_cell(), solution, single_cell(1, anisotropy=gamma)):
    assert case.verify(digits=50).digits >= 45
print("all assertions hold")
