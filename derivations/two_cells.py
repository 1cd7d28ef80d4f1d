# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Two cells
#
# Two cells charged by $N$ spins at $\gamma=0$ (Huangfu and Jing 2021, Appendix A): the amplitudes,
# $E(t)$, its maximum and where that maximum holds, the largest power, and the best number of
# excited charger spins.

# %%
from pathlib import Path

from sympy import Integer, Rational, S, Symbol, cos, diff, expand, factor, pi, simplify, sin, sqrt

from symbattery import two_cells
from symbattery.catalogue import SECTORS
from symbattery.chains import Couplings, Spin, chain_from
from symbattery.figures import save, sector_figure
from symbattery.spectra import pulse
from symbattery.symbols import N, g, m, omega_0, t, xi

# %% [markdown]
# ## The sector
#
# $|k,c\rangle$ with $k=0,1,2$ excited cells: a chain with the squared hops $b_0^2$ and $b_1^2$ and
# a constant diagonal. All charger spins up:

# %%
resonant = Couplings(g, S.Zero, omega_0, omega_0, S.Zero, S.Zero)
chain = chain_from(Spin(Integer(2)), Spin(N), Integer(0), N, resonant)
b0, b1 = chain.hops_squared
print("b0^2 =", b0, "  b1^2 =", b1)

# %% [markdown]
# ## The motion
#
# The characteristic polynomial $x^3-(b_0^2+b_1^2)x$ has the roots $0,\pm\Omega$ with
# $\Omega=\xi g$, $\xi=\sqrt{2(3N-2)}$. The residues give the amplitudes; the zero root is fixed by
# $c_k(0)=\delta_{k0}$, which turns $1-\cos$ into $2\sin^2$.

# %%
solution = two_cells()
for k, amplitude in solution.amplitudes.items():
    print(f"c_{k}(t) =", amplitude)

# %% [markdown]
# With $S=\sin^2(\xi gt/2)$ and $\sin^2\xi gt=4S(1-S)$,
# $$E=\omega_0(|c_1|^2+2|c_2|^2)=\omega_0\,a\,S(1+rS),\qquad
#   a=\frac{4b_0^2}{b_0^2+b_1^2},\quad r=\frac{b_1^2-b_0^2}{b_0^2+b_1^2}.$$

# %%
swing = pulse(chain)
print("a =", swing.size, "  r =", swing.ratio)
print("E(t) =", solution.energy)

# %% [markdown]
# ## The largest stored energy
#
# $dE/dS\propto 1+2rS$ is positive on $[0,1)$ if, and only if, $r\ge-\tfrac12$, that is
# $3b_1^2\ge b_0^2$. All charger spins up: $5N\ge6$, so $N\ge2$. Then $S=1$ is best,
# $$E_{\max}=a(1+r)\,\omega_0=\frac{16N(N-1)}{(3N-2)^2}\,\omega_0\quad\text{at}\quad
#   \bar t=\frac{\pi}{\xi g},$$
# Eq. (A7). For $N=1$ Eq. (A7) would give $0$. There $r=-1$, the best $S$ is
# $-1/(2r)=\tfrac12$, and $E_{\max}=\omega_0$ at $\xi gt=\pi/2$; the time $\bar t$ is the first
# return to the empty battery.

# %%
top = solution.maximum()
print("E_max =", top.value, "at", top.time, "for", top.condition)
print("E_max =", top.otherwise.value, "at", top.otherwise.time, "for", top.otherwise.condition)

# %% [markdown]
# ## The largest average power
#
# $P\propto F/\varphi$ with $F=S(1+rS)$, $S=\sin^2\varphi$, $\varphi=\xi gt/2$ is stationary where
# $h=\varphi F'-F=0$. Here $h'=\varphi F''$ and $F''=2G(S)$ with a quadratic $G$.
#
# * $r\ge-\tfrac12$: $G(0)=1>0$ and $G(1)=-(1+2r)\le0$, so $G$ has one root in $(0,1]$: $h$ rises
#   from 0, then falls to $h(\pi/2)=-(1+r)<0$. One root in $(0,\pi/2)$.
# * $r<-\tfrac12$: $F$ is largest at $S^*=-1/(2r)<1$, where $G(S^*)=-(2r+1)/r<0$: the same holds up
#   to $S^*$, and beyond it $F'\le0$ makes $h<0$. Again one root.
#
# After $\pi/2$ no $F$ is larger and $1/\varphi$ is smaller, so the root is the global maximum.

# %%
phi, r, s = Symbol("varphi", positive=True), Symbol("r", real=True), Symbol("S")
F = sin(phi) ** 2 * (1 + r * sin(phi) ** 2)
G = 1 + (6 * r - 2) * s - 8 * r * s**2
print("P_max =", solution.max_power().value)
for chargers in (2, 4, 200):
    power = solution.explicit().max_power().value.subs(N, chargers) / (g * omega_0)
    print(f"N = {chargers}: P_max/(g omega_0) =", power.evalf(20))

# %% [markdown]
# ## Any number of excited charger spins
#
# $b_0^2=2g^2m(N-m+1)$, $b_1^2=2g^2(m-1)(N-m+2)$. With $R=b_1^2/b_0^2$ the maximum is
# $8R/(1+R)^2$ for $R\ge\tfrac13$ and $1/(1-R)$ below: it grows with $R$ up to $R=1$, where it is 2,
# full charging, and falls beyond. $R=1$ is $m=N/2+1$. For odd $N$ the two numbers beside it
# exchange $b_0$ and $b_1$ (mirror symmetry $m\to N+2-m$), so they are equally good:
# $m=\lfloor N/2\rfloor+1$ is best for every $N$.

# %%
started = two_cells(excited=m)
best = started.best_excited()
print("E(t) =", started.energy, " with", dict(started.definitions))
print("best m =", best.excited, " E_max =", best.value)

# %% [markdown]
# ## What the paper prints

# %%
for comparison in solution.comparisons():
    print(comparison.reference, comparison.quantity, comparison.agrees, comparison.remark)

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
print("figure:", save(sector_figure(SECTORS[1]), folder, SECTORS[1].name)[1].name)

# %% [markdown]
# ## What must hold

# %%
a, ratio = swing.size, swing.ratio
assert (b0, factor(b1)) == (2 * N * g**2, factor(4 * (N - 1) * g**2))
assert simplify(a - 4 * b0 / (b0 + b1)) == 0
assert simplify(ratio - (b1 - b0) / (b0 + b1)) == 0
assert dict(solution.definitions) == {xi: sqrt(2 * (3 * N - 2))}
assert factor(top.value - 16 * N * (N - 1) / (3 * N - 2) ** 2 * omega_0) == 0
assert top.time == pi / (xi * g)
assert top.condition == (N >= 2)
single = top.otherwise
assert (single.value, single.time) == (omega_0, pi / (2 * sqrt(2) * g))
at_one = solution.explicit().energy.subs(N, 1)
assert at_one.subs(t, single.time) == omega_0
assert at_one.subs(t, pi / (sqrt(2) * g)) == 0
second = diff(F, phi, 2).subs(cos(phi) ** 2, 1 - sin(phi) ** 2)
assert expand(second - 2 * G.subs(s, sin(phi) ** 2)) == 0
assert factor(G.subs(s, 1) + 1 + 2 * r) == 0
assert factor(G.subs(s, -1 / (2 * r)) + (2 * r + 1) / r) == 0
assert all(c.agrees for c in solution.comparisons())
R = Symbol("R", positive=True)
assert factor(diff(8 * R / (1 + R) ** 2, R) - 8 * (1 - R) / (1 + R) ** 3) == 0
assert (8 * R / (1 + R) ** 2).subs(R, Rational(1, 3)) == Rational(3, 2)
assert (1 / (1 - R)).subs(R, Rational(1, 3)) == Rational(3, 2)
mirror = {m: N + 2 - m}
hop0, hop1 = m * (N - m + 1), (m - 1) * (N - m + 2)
assert expand(hop0.subs(mirror) - hop1) == 0
assert [best.excited.subs(N, n) for n in range(2, 8)] == [2, 2, 3, 3, 4, 4]
for case in (solution, started):
    assert case.verify(digits=50).digits >= 45
print("all assertions hold")
