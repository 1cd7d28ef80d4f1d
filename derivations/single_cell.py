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
# # One cell
#
# **Question.** One battery cell, empty, is charged by $N$ spins of which $m$ are up. How much
# energy has it at time $t$, what does the anisotropy $\gamma$ do, and when has the average power
# $P=E/t$ been largest?
#
# The model is that of Huangfu and Jing (2021), Eq. (3), on resonance and in the interaction
# picture,
#
# $$H=g\,\big[J_-(\gamma\,\sigma^-+\sigma^+)+\mathrm{h.c.}\big],$$
#
# with the collective spin $J$ of the charger and the Pauli operators of the cell. Energies count
# in the level splitting $\omega_0$ of the cell, times in $1/g$, and $\hbar=1$.

# %% tags=["hide-input"]
import numpy as np
from sympy import (
    Dummy,
    I,
    Matrix,
    Rational,
    Symbol,
    cos,
    diff,
    eye,
    factor,
    kronecker_product,
    nsolve,
    pi,
    simplify,
    sin,
    solve,
    sqrt,
    summation,
    tan,
    zeros,
)
from sympy import N as digits

from symbattery import single_cell
from symbattery.output.notebook import panels, show
from symbattery.symbols import N, g, gamma, m, omega_0, t

# %% [markdown]
# ## The ladder of the charger
#
# All charger spins start from a state that is symmetric under their exchange, and $H$ contains
# nothing but their sum. So they stay in the $N+1$ Dicke states $|c\rangle$, with $c$ spins up.
# Let $a_c=\langle c-1|J_-|c\rangle^2$. The mean of $[J_+,J_-]=2J_z$ in $|c\rangle$ says
#
# $$a_c-a_{c+1}=2c-N,\qquad a_0=0,$$
#
# because $J_-$ and then $J_+$ leads down and back, and the other order up and back. Summed up:

# %%
c, i = Symbol("c", integer=True, nonnegative=True), Dummy("i", integer=True)
a = factor(summation(N - 2 * i, (i, 0, c - 1)))
show({"a_c": a})

# %% [markdown]
# The same from spins: the state with $c$ spins up is an equal superposition of $\binom Nc$ product
# states, and $J_-=\sum_i\sigma^-_i$ acts on each of them. For four spins:

# %%
lower = Matrix([[0, 1], [0, 0]])  # in the basis (down, up)


def at_site(operator, site, spins):
    """The operator of one of several spins."""
    return kronecker_product(*[operator if j == site else eye(2) for j in range(spins)])


def dicke_state(spins, up):
    """All product states with ``up`` spins up, in equal parts."""
    state = Matrix([int(bin(index).count("1") == up) for index in range(2**spins)])
    return state / state.norm()


J_minus = sum((at_site(lower, site, 4) for site in range(4)), zeros(16))
squares = [
    (dicke_state(4, up - 1).T * J_minus * dicke_state(4, up))[0] ** 2
    for up in (1, 2, 3, 4)
]
show({f"a_{up}": square for up, square in enumerate(squares, start=1)})

# %% [markdown]
# ## Two levels
#
# At $\gamma=0$ the number of excitations is conserved. From $|0,m\rangle$ (cell empty, $m$ charger
# spins up) $H$ leads to $|1,m-1\rangle$ and from there only back: a matrix of two rows with the
# hop $\Omega=g\sqrt{a_m}$ off the diagonal. Its exponential:

# %%
Omega = Symbol("Omega", positive=True)
hop = g * sqrt(a.subs(c, m))
H = Matrix([[0, Omega], [Omega, 0]])
U = (-I * H * t).exp().applyfunc(lambda entry: simplify(entry.rewrite(cos)))
c_0, c_1 = U[:, 0]
show({r"\Omega": hop, "c_0(t)": c_0, "c_1(t)": c_1})

# %% [markdown]
# The stored energy is $\omega_0$ times the probability to find the cell excited. It is full
# whenever $\Omega t$ is an odd multiple of $\pi/2$, for any $N$ and $m\ge1$. With all charger spins
# up, $m=N$, the collective frequency is $\sqrt N\,g$; it is largest for half of them up, where
# $a_m\simeq N^2/4$.

# %%
E = omega_0 * c_1 * c_1.conjugate()
energy = E.subs(Omega, hop)
all_up = energy.subs(m, N)
show({"E(t)": energy, r"E(t)\,\big|_{m=N}": all_up})

# %% [markdown]
# ## One charger spin: the anisotropy drops out
#
# For $N=1$ keep $\gamma$. We apply $H$ of two spins to the states $|k,c\rangle$ one after the
# other, and do not presume what it does.

# %%
raising, one = lower.T, eye(2)
cell = {"-": kronecker_product(lower, one), "+": kronecker_product(raising, one)}
charger = {"-": kronecker_product(one, lower), "+": kronecker_product(one, raising)}
exchange = charger["-"] * (gamma * cell["-"] + cell["+"])
H_two = g * (exchange + exchange.T)
from_charged, from_empty = (H_two[:, column] for column in (1, 0))  # |0,1> and |0,0>
show({r"H\,|0,1\rangle": from_charged.T, r"H\,|0,0\rangle": from_empty.T})

# %% [markdown]
# (Components in the order $|0,0\rangle,|0,1\rangle,|1,0\rangle,|1,1\rangle$.) Starting from the
# charged spin, $\gamma$ never acts: pair terms need both spins up or both down. So $E(t)$ of one
# spin is independent of $\gamma$. From $|0,0\rangle$ the same matrix leads to a pair, with the hop
# $\gamma g$.
#
# ## The largest average power
#
# $P=E/t=\omega_0\Omega\,F(\varphi)/\varphi$ with $F=\sin^2\varphi$ and $\varphi=\Omega t$. It is
# stationary where $h=\varphi F'-F=0$.

# %%
phi = Symbol("varphi", positive=True)
F = sin(phi) ** 2
h = phi * diff(F, phi) - F
show({r"h(\varphi)": h, r"h'(\varphi)": factor(simplify(diff(h, phi)))})

# %% [markdown]
# Divided by $\sin\varphi\cos\varphi$, $h=0$ reads $\tan\varphi=2\varphi$. As $h'$ is positive
# before $\pi/4$ and negative from there to $\pi/2$, and $h(0)=0$, $h(\pi/2)<0$, there is exactly
# one root in $(0,\pi/2)$. Later times have a larger $\varphi$ and no larger $F$: the root is the
# global maximum.

# %%
root = nsolve(tan(phi) - 2 * phi, phi, 1.17, prec=40)
largest = digits((F / phi).subs(phi, root), 30)
show({r"\varphi_*": digits(root, 30), r"P_{\max}/(\Omega\,\omega_0)": largest})

# %% [markdown]
# So $P_{\max}\simeq0.72\,\sqrt N\,g\,\omega_0$ for all charger spins up: collective charging by $N$
# spins is faster by $\sqrt N$, and the battery is not larger for it.

# %% tags=["hide-input"]
figure, (upper, below) = panels(2, height=2.4, sharex=True)
times = np.linspace(0, 3.2, 400)
for chargers, style in ((1, "-"), (4, "--"), (16, ":")):
    curve = np.sin(np.sqrt(chargers) * times) ** 2
    upper.plot(times, curve, style, label=f"$N={chargers}$")
    below.plot(times[1:], curve[1:] / times[1:], style)
    best = float(root) / np.sqrt(chargers)
    below.plot(
        best, float(largest) * np.sqrt(chargers), "o", color="black", markersize=5
    )
upper.set(ylabel=r"$E(t)/\omega_0$", xlim=(0, 3.2), ylim=(0, 1.3))
below.set(xlabel=r"$gt$", ylabel=r"$P(t)/(g\omega_0)$", ylim=(0, None))
upper.legend(ncols=3, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The check
#
# The derived formulas against `symbattery`, which finds them by another way (a chain of any length
# and its spectrum), and that one against independent evolutions at 50 digits.

# %%
package = single_cell(excited_chargers=m)
assert squares == [a.subs({N: 4, c: up}) for up in (1, 2, 3, 4)]
assert simplify(U * U.H - eye(2)).is_zero_matrix
assert simplify(I * diff(U, t) - H * U).is_zero_matrix
assert simplify(package.explicit().energy - energy) == 0
assert simplify(single_cell().energy - all_up) == 0
assert list(from_charged) == [0, 0, g, 0]
assert list(from_empty) == [0, 0, 0, g * gamma]
assert simplify(single_cell(1, anisotropy=gamma).energy - all_up.subs(N, 1)) == 0
assert simplify(h / (sin(phi) * cos(phi)) - (2 * phi - tan(phi))) == 0
assert simplify(diff(h, phi) - 2 * phi * cos(2 * phi)) == 0
assert solve(cos(2 * phi), phi)[0] == pi / 4
assert h.subs(phi, pi / 2) == -1
theirs = single_cell(1).max_power()
assert abs(digits(theirs.value / (g * omega_0) - largest, 30)) < Rational(1, 10**28)
assert abs(digits(theirs.time * g - root, 30)) < Rational(1, 10**28)
for case in (single_cell(), package, single_cell(1, anisotropy=gamma)):
    assert case.verify(digits=50).digits >= 45
print("all assertions hold")
