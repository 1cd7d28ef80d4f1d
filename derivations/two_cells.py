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
# # Two cells
#
# **Question.** Two empty cells are charged by $N$ spins at $\gamma=0$ (Huangfu and Jing 2021,
# Appendix A). What is $E(t)$, how full does the battery get and when, what is the largest average
# power, and how many charger spins should be up at the start?

# %% tags=["hide-input"]
import numpy as np
from sympy import (
    I,
    Matrix,
    Poly,
    Rational,
    S,
    Symbol,
    cancel,
    cos,
    diff,
    expand,
    eye,
    factor,
    floor,
    nsolve,
    pi,
    simplify,
    sin,
    solve,
    sqrt,
    symbols,
    together,
)
from sympy import N as digits

from symbattery import two_cells
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import N, g, m, omega_0, t

# %% [markdown]
# ## The sector
#
# The cells are a collective spin like the charger, and what was derived for
# [one cell](single_cell.py) holds for both sides: lowering $c$ charger spins to $c-1$ has the
# squared element $c(N-c+1)$, raising $k$ cells to $k+1$ has $(k+1)(2-k)$. The sector is
# $|k,c=m-k\rangle$ with $k=0,1,2$: a chain with two hops.

# %%
b_0, b_1 = symbols("b_0 b_1", positive=True)


def hop_squared(k):
    """From k to k + 1 excited cells, in units of g²."""
    charged = m - k
    return (k + 1) * (2 - k) * charged * (N - charged + 1)


squares = [factor(hop_squared(k)) for k in (0, 1)]
all_up = [factor(square.subs(m, N)) for square in squares]
show({"b_0^2/g^2": squares[0], "b_1^2/g^2": squares[1]})
show({r"b_0^2/g^2\,\big|_{m=N}": all_up[0], r"b_1^2/g^2\,\big|_{m=N}": all_up[1]})

# %% [markdown]
# ## The motion
#
# The characteristic polynomial of the chain has the roots $0$ and $\pm\Omega$.

# %%
x = Symbol("x")
H = Matrix([[0, b_0, 0], [b_0, 0, b_1], [0, b_1, 0]])
chi = H.charpoly(x).as_expr()
Omega = sqrt(b_0**2 + b_1**2)
xi = sqrt(factor(sum(all_up)))
show({r"\chi(x)": factor(chi), r"\Omega": Omega, r"\xi\equiv\Omega/g\,\big|_{m=N}": xi})

# %% [markdown]
# The amplitudes are sums over residues of the resolvent,
# $c_k(t)=\sum_x\langle k|(x-H)^{-1}|0\rangle\big|_{\mathrm{Res}}\,e^{-ixt}$. The residue of a
# simple pole is the adjugate matrix over $\chi'$.

# %%
w = Symbol("Omega", positive=True)
adjugate = (x * eye(3) - H).adjugate()[:, 0]
slope = diff(x * (x - w) * (x + w), x)
residues = {pole: (adjugate / slope).subs(x, pole) for pole in (-w, S.Zero, w)}
waves = sum(
    (r * (cos(p * t) - I * sin(p * t)) for p, r in residues.items()), Matrix([0, 0, 0])
)
half = Symbol("S")  # sin² of half the phase
c_0, c_1, c_2 = (expand(wave).subs(cos(w * t), 1 - 2 * half).expand() for wave in waves)
c_0 = expand(c_0.subs(b_1**2, w**2 - b_0**2))
amplitudes = [c_0, c_1, c_2]
show({f"c_{k}(t)": amplitude for k, amplitude in enumerate(amplitudes)})

# %% [markdown]
# Here $S=\sin^2(\Omega t/2)$. With $\sin^2\Omega t=4S(1-S)$ the energy
# $\omega_0(|c_1|^2+2|c_2|^2)$ is a polynomial $a\,S(1+rS)$ in $S$:

# %%
probability_1 = simplify(c_1 * c_1.conjugate()).subs(
    sin(w * t) ** 2, 4 * half * (1 - half)
)
filled = Poly((probability_1 + 2 * c_2**2).subs(w, Omega), half)
_, a_S, constant = (filled.coeff_monomial(half**power) for power in (2, 1, 0))
a = factor(a_S)
r = cancel(filled.coeff_monomial(half**2) / a)
show({"a": a, "r": r})

# %%
put = {b_0: g * sqrt(all_up[0]), b_1: g * sqrt(all_up[1])}
a_N, r_N = (factor(value.subs(put).expand()) for value in (a, r))
sine = sin(xi * g * t / 2) ** 2
E = omega_0 * a_N * sine * (1 + r_N * sine)
show({"E(t)": E})

# %% [markdown]
# ## The largest stored energy
#
# $dE/dS\propto1+2rS$ is positive on all of $[0,1)$ if, and only if, $r\ge-\tfrac12$. Then $S=1$ is
# best, which is reached at $\Omega t=\pi$. For all charger spins up the condition is

# %%
size = Symbol("N", real=True)
bound = solve((r_N + Rational(1, 2)).subs(N, size), size)
top = factor(a_N * (1 + r_N)) * omega_0
show({r"r(N)=-\tfrac12\colon\quad N": bound[0]})
show({r"E_{\max}": top, r"\bar t": pi / (xi * g)})

# %% [markdown]
# so it holds for $N\ge2$, and the maximum is Eq. (A7). For $N=1$ that formula would give $0$. There
# $r=-1$, the best $S$ is $-1/(2r)=\tfrac12$, and one excitation is stored fully; at $\bar t$ it is
# back in the charger.

# %%
r_one, a_one = r_N.subs(N, 1), a_N.subs(N, 1)
best_S = -1 / (2 * r_one)
top_one = a_one * best_S * (1 + r_one * best_S) * omega_0
show({"r": r_one, "S": best_S, r"E_{\max}\big|_{N=1}": top_one})

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 3.2, 500)
for chargers, style in ((1, "-"), (2, "--"), (4, "-."), (20, ":")):
    rate = float(xi.subs(N, chargers))
    s = np.sin(rate * times / 2) ** 2
    curve = float(a_N.subs(N, chargers)) * s * (1 + float(r_N.subs(N, chargers)) * s)
    (line,) = axes.plot(times, curve, style, label=f"$N={chargers}$")
    when = np.pi / rate if chargers > 1 else np.pi / (2 * np.sqrt(2))
    height = float((top if chargers > 1 else top_one).subs({N: chargers, omega_0: 1}))
    axes.plot(when, height, "o", color=line.get_color(), markersize=6)
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 3.2), ylim=(0, 2.5))
axes.legend(ncols=4, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The largest average power
#
# $P\propto F/\varphi$ with $F=S(1+rS)$, $S=\sin^2\varphi$, $\varphi=\Omega t/2$ is stationary where
# $h=\varphi F'-F=0$. Here $h'=\varphi F''$, and $F''=2G(S)$ with a quadratic $G$:

# %%
phi, ratio = Symbol("varphi", positive=True), Symbol("r", real=True)
F = sin(phi) ** 2 * (1 + ratio * sin(phi) ** 2)
max_second_derivative = (
    diff(F, phi, 2)
    .subs(cos(phi) ** 2, 1 - sin(phi) ** 2)
    .expand()
    .subs(sin(phi), sqrt(half))
)
G = (max_second_derivative / 2).expand()
show({"G(S)": G, "G(0)": G.subs(half, 0), "G(1)": G.subs(half, 1)})
show({r"G(-\tfrac1{2r})": factor(G.subs(half, -1 / (2 * ratio)))})

# %% [markdown]
# * $r\ge-\tfrac12$: $G(0)>0$ and $G(1)\le0$, so $G$ has one root in $(0,1]$: $h$ rises from 0, then
#   falls to $h(\pi/2)=-(1+r)<0$. One root in $(0,\pi/2)$.
# * $r<-\tfrac12$: $F$ is largest at $S^*=-1/(2r)<1$, where $G(S^*)<0$: the same holds up to $S^*$,
#   and beyond it $F'\le0$ makes $h<0$. Again one root.
#
# After $\pi/2$ no $F$ is larger and $1/\varphi$ is smaller, so the root is the global maximum.

# %%
powers = {}
for chargers in (1, 2, 4, 200):
    at = {ratio: r_N.subs(N, chargers)}
    root = nsolve(
        (phi * diff(F, phi) - F).subs(at), phi, (0.4, 1.57), solver="illinois", prec=30
    )
    scale = (a_N * xi / 2).subs(N, chargers)
    powers[chargers] = digits(scale * (F / phi).subs(at).subs(phi, root), 25)
largest = [digits(power, 15) for power in powers.values()]
per_root = [digits(power / sqrt(size), 15) for size, power in powers.items()]
show(
    Columns(
        {"N": list(powers), "P_max/(g ω0)": largest, "P_max/(√N g ω0)": per_root},
        digits=9,
    )
)

# %% [markdown]
# ## Any number of excited charger spins
#
# With $R=b_1^2/b_0^2$ the largest energy depends on $R$ alone. It grows up to $R=1$, where the
# battery is charged fully, and falls beyond.

# %%
R = Symbol("R", positive=True)
whole = factor((a * (1 + r)).subs(b_1, b_0 * sqrt(R)))
partial = factor((-a / (4 * r)).subs(b_1, b_0 * sqrt(R)))
show({r"E_{\max}/\omega_0\,\big|_{R\geq1/3}": whole})
show({r"E_{\max}/\omega_0\,\big|_{R<1/3}": partial, "dE/dR": factor(diff(whole, R))})

# %% [markdown]
# $R=1$ is $b_0=b_1$:

# %%
balanced = solve(squares[1] - squares[0], m)
show({"m": balanced[0], r"E_{\max}/\omega_0": whole.subs(R, 1)})

# %% [markdown]
# For odd $N$ the two numbers beside it exchange $b_0$ and $b_1$ (the mirror symmetry
# $m\to N+2-m$), so they are equally good: $m=\lfloor N/2\rfloor+1$ is best for every $N$.

# %% tags=["hide-input"]
figure, axes = panels(height=2.8)
for chargers, marker in ((4, "o"), (7, "s"), (12, "^")):
    ups = range(1, chargers + 1)
    shares = [(squares[1] / squares[0]).subs({N: chargers, m: up}) for up in ups]
    tops = [
        (whole if share >= Rational(1, 3) else partial).subs(R, share)
        for share in shares
    ]
    axes.plot(
        [up / chargers for up in ups], tops, marker + ":", label=f"$N={chargers}$"
    )
axes.set(
    xlabel=r"$m/N$", ylabel=r"$E_{\max}/\omega_0$", xlim=(0, 1.03), ylim=(0.9, 2.1)
)
axes.legend(frameon=False, loc="lower center")
show(figure)

# %% [markdown]
# ## The check
#
# The equation of motion, then `symbattery` and the paper's printed formulas.

# %%
package, started = two_cells(), two_cells(excited_chargers=m)
explicit = [
    amplitude.subs(half, sin(w * t / 2) ** 2).subs(w, Omega) for amplitude in amplitudes
]
state = Matrix(explicit)
assert constant == 0
assert simplify(I * diff(state, t) - H * state).is_zero_matrix
assert state.subs(t, 0) == Matrix([1, 0, 0])
assert simplify(package.explicit().energy - E) == 0
assert bound == [Rational(6, 5)]
maximum = package.maximum()
assert factor(maximum.value - top) == 0
assert maximum.condition == (N >= 2)
assert (maximum.otherwise.value, maximum.otherwise.time) == (
    top_one,
    pi / (2 * sqrt(2) * g),
)
assert E.subs({N: 1, t: pi / (sqrt(2) * g)}) == 0
assert factor(G.subs(half, 1) + 1 + 2 * ratio) == 0
assert together(G.subs(half, -1 / (2 * ratio)) + (2 * ratio + 1) / ratio) == 0
for chargers, power in powers.items():
    theirs = package.explicit().max_power()
    if chargers == 1:
        theirs = two_cells(1).max_power()
    value = theirs.value.subs(N, chargers) / (g * omega_0)
    assert abs(digits(value - power, 25)) < Rational(1, 10**20)
assert factor(diff(whole, R) - 8 * (1 - R) / (1 + R) ** 3) == 0
assert (
    whole.subs(R, Rational(1, 3)) == partial.subs(R, Rational(1, 3)) == Rational(3, 2)
)
assert balanced == [N / 2 + 1]
assert factor(squares[0].subs(m, N + 2 - m) - squares[1]) == 0
best = started.best_excited().excited
assert all(best.subs(N, size) == floor(Rational(size, 2)) + 1 for size in range(2, 12))
assert all(comparison.agrees for comparison in package.comparisons())
for case in (package, started):
    assert case.verify(digits=50).digits >= 45
print("all assertions hold")
