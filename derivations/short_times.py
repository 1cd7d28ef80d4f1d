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
# # Short times
#
# **Question.** How does charging begin, for *any* number of cells $M$ and charger spins $N$ of
# which $m$ are up, at any anisotropy, detuning and crosstalk? No closed form exists for all these,
# but the power series of $E(t)$ does: why only even powers occur, how the coefficients become
# polynomials, what they say, and how far the series reaches.

# %% tags=["hide-input"]
from collections import defaultdict
from itertools import pairwise
from math import comb, factorial

import mpmath
import numpy as np
from sympy import Matrix, Rational, Symbol, collect, expand, factor, prod, sqrt, zeros

import numerics
from numerics import certified
from symbattery import SpinCharger, dicke, two_cells
from symbattery.limits.short_times import short_times
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M, N, g, g_1, g_2, gamma, m, omega_0, omega_C, t

# %% [markdown]
# ## Only even powers
#
# $E(t)=\omega_0\langle k(t)-k(0)\rangle$ with $k$ the number of excited cells, and
#
# $$k(t)=\sum_p\frac{(it)^p}{p!}\,C_p,\qquad C_0=k,\quad C_{p+1}=[H,C_p].$$
#
# In the basis $|k,c\rangle$ ($c$ excited charger spins) $H$ and $k$ are real and symmetric. For
# real matrices $[H,C]^T=[C^T,H^T]=-[H,C^T]$: the commutator with $H$ turns symmetric into
# antisymmetric and back, so $C_p^T=(-1)^pC_p$, and the diagonal of every odd $C_p$ is zero. A
# start that is diagonal in $|k,c\rangle$ sees nothing but the diagonal. This needs no more than
# a real $H$: detuning, crosstalk and anisotropy may all be there.
#
# One cell and two charger spins, one of them up:


# %%
def rung(size, level):
    """The squared element of the raising operator of a collective spin."""
    return (level + 1) * (size - level)


def own_energy(cells, chargers, k, c):
    """The diagonal of H: frequencies, and crosstalk within each side."""
    among_cells = g_2 * (rung(cells, k) + rung(cells, k - 1))
    among_spins = g_1 * (rung(chargers, c) + rung(chargers, c - 1))
    return omega_0 * k + omega_C * c + among_cells + among_spins


def hamiltonian(cells, chargers):
    """The basis |k, c> of the symmetric states, and H in it."""
    basis = [(k, c) for k in range(cells + 1) for c in range(chargers + 1)]
    h = zeros(len(basis))
    for i, (k, c) in enumerate(basis):
        h[i, i] = own_energy(cells, chargers, k, c)
        for j, (above, to) in enumerate(basis):
            if above == k + 1 and abs(to - c) == 1:
                strength = g if to < c else g * gamma
                square = rung(cells, k) * rung(chargers, min(c, to))
                h[i, j] = h[j, i] = strength * sqrt(square)
    return basis, h


basis, H = hamiltonian(1, 2)
commutators = [Matrix.diag(*[k for k, _ in basis])]
for _ in range(4):
    commutators.append((H * commutators[-1] - commutators[-1] * H).applyfunc(expand))
start = basis.index((0, 1))
means = [factor(matrix[start, start]) for matrix in commutators]
show({rf"\langle C_{p}\rangle": mean for p, mean in enumerate(means[:4])})

# %% [markdown]
# ## From commutators to vectors
#
# $C_p=\sum_n(-1)^{p-n}\binom pn H^n\,k\,H^{p-n}$. With the real vectors
# $v_n=H^n|0,m\rangle$ and $p$ even,
#
# $$E=\omega_0\sum_{p}\frac{t^p}{p!}\sum_sk_s
#   \sum_{n=1}^{p-1}(-1)^{p/2-n}\binom pn\,v_n(s)\,v_{p-n}(s).$$
#
# A level $s$ that is $d$ steps from the start enters with $d\le n\le p-d$ only: farther out
# nothing needs to be known. So finitely many levels count, whatever $M$ and $N$ are.
#
# ## From square roots to polynomials
#
# A step of $H$ climbs or descends a rung of three ladders: the cells, $(k+1)(M-k)$, the charger,
# $(c+1)(N-c)$, and exchanges, $g^2$, or pairs, $g^2\gamma^2$ (all squared). Let $D_s^2$ be the
# product of the squared elements on the way from the start to $s$. In $\tilde H=D^{-1}HD$ a rung
# carries $1$ away from the start and its squared element towards it, so $\tilde v_n=D^{-1}v_n$
# is polynomial, and so is $v_nv_{p-n}=D^2\,\tilde v_n\tilde v_{p-n}$. Numbers of cells and
# spins are symbols like all others: where a ladder ends its rung is zero.


# %%
def coefficients(order, up, anisotropy=gamma, diagonal=own_energy):
    """The coefficients of E(t) by the power of t, for M cells and N spins, ``up`` of them up."""
    ladders = (
        lambda k: rung(M, k),
        lambda d: rung(N, up + d),
        lambda x: g**2,
        lambda p: g**2 * anisotropy**2,
    )

    def carried(ladder, here, there):
        """Away from 0 a step carries 1, towards it the squared element."""
        if here == there or abs(there) > abs(here):
            return 1
        return ladders[ladder](min(here, there))

    def squared(site):
        """D²: all rungs between the start and the site."""
        rungs = (
            ladders[i](step)
            for i, at in enumerate(site)
            for step in range(min(at, 0), max(at, 0))
        )
        return expand(prod(rungs))

    def applied(vector):
        """One application of H, with energies counted from the start."""
        image = defaultdict(lambda: 0)
        for (k, d, x, p), value in vector.items():
            level = diagonal(M, N, k, up + d) - diagonal(M, N, 0, up)
            image[k, d, x, p] += level * value
            moves = [(1, -1, 1, 0), (-1, 1, -1, 0)]
            if anisotropy != 0:
                moves += [(1, 1, 0, 1), (-1, -1, 0, -1)]
            for move in moves:
                to = tuple(a + b for a, b in zip((k, d, x, p), move, strict=True))
                if to[0] >= 0:
                    rungs = zip(range(4), (k, d, x, p), to, strict=True)
                    image[to] += prod(carried(*step) for step in rungs) * value
        return {site: expand(value) for site, value in image.items()}

    vectors = [{(0, 0, 0, 0): 1}]
    for _ in range(order - 1):
        vectors.append(applied(vectors[-1]))
    found = {}
    for power in range(2, order + 1, 2):
        total = 0
        for site in set().union(*vectors[1:power]):
            overlap = sum(
                (-1) ** (power // 2 + n)
                * comb(power, n)
                * vectors[n].get(site, 0)
                * vectors[power - n].get(site, 0)
                for n in range(1, power)
            )
            if overlap != 0 and site[0] > 0:
                total += site[0] * squared(site) * overlap
        found[power] = omega_0 * expand(total) / factorial(power)
    return found


general = coefficients(2, m)
charged = coefficients(4, N, anisotropy=0)
both_moves = collect(expand(general[2] / (M * g**2 * omega_0)), gamma, factor)
show({r"[t^2]\,E": g**2 * omega_0 * M * both_moves})

# %% [markdown]
# ## What the coefficients say
#
# The first one counts the two moves, exchange and pair. If all charger spins are up, pairs are
# impossible, and the start is the same for every $\gamma$:

# %%
delta = Symbol("delta", real=True)
detuning = omega_0 - omega_C + 2 * g_1 * (N - 1) + 2 * g_2 * (M - 1)
first_up = factor(general[2].subs(m, N))
rest = factor(charged[4] / first_up).subs(omega_C, detuning + omega_C - delta)
show({"[t^2]\\,E\\,\\big|_{m=N}": first_up})

# %% [markdown]
# The next one at $\gamma=0$ is simple with $\delta$ in place of $\omega_C$, where

# %%
rest = collect(expand(rest), g, factor)
show({r"\delta": detuning, r"\frac{[t^4]\,E}{[t^2]\,E}": rest})

# %% [markdown]
# To this order crosstalk acts as a detuning, and only the sum $\delta$ counts. On resonance the
# rise is steeper than quadratic if $(M-2)(N-2)>2$.
# (For large sizes these are the coefficients of [an amplifier](speed_of_charging.py).)
#
# ## How far it reaches
#
# $E(t)$ is an entire function, but partial sums are of use only as long as
# $\sqrt{MN}\,gt\lesssim1$. What is left out falls as the next power of $t$: halving $t$
# divides it by $2^{p+2}$. Four cells, six charger spins, on resonance and without crosstalk:


# %%
def no_energy(cells, chargers, k, c):
    """In the interaction picture."""
    return 0


chain = coefficients(12, N, anisotropy=0, diagonal=no_energy)
CELLS, CHARGERS = 4, 6
ORDERS = (2, 4, 8, 12)
model = SpinCharger(CELLS, CHARGERS, 1, 1)
unit = {M: CELLS, N: CHARGERS, g: 1, omega_0: 1}
numbers = {p: value.subs(unit) for p, value in chain.items()}


def partial_sum(order, time):
    """The series up to a power of t, exact for an exact time."""
    return sum(value * time**p for p, value in numbers.items() if p <= order)


def left_out(order, time):
    """E(t) minus its series, to 60 digits."""
    with mpmath.workdps(70):
        value = partial_sum(order, time)
        exact = certified.energy(model, time, digits=60).midpoint
        return exact - mpmath.mpf(value.p) / value.q


halved = [Rational(1, 2**i) for i in range(3, 9)]
deviations = {p: [left_out(p, time) for time in halved] for p in ORDERS}
ratios = {
    p: [float(a / b) / 2 ** (p + 2) for a, b in pairwise(deviations[p])] for p in ORDERS
}
table = {"gt": [str(time) for time in halved[:-1]]}
show(Columns(table | {f"to t^{p}": values for p, values in ratios.items()}))

# %% [markdown]
# (the ratio of what is left out at $t$ and at $t/2$, over $2^{p+2}$: it tends to 1).

# %% tags=["hide-input"]
figure, (upper, lower) = panels(2, height=2.6)
times = np.linspace(0, 0.42, 200)
upper.plot(times, numerics.charge(model).energy(times), color="black", label="exact")
for i, (p, line) in enumerate(zip(ORDERS, (":", "-.", "--", "-"), strict=True)):
    style = {"color": f"C{i}", "linestyle": line}
    series = partial_sum(p, times).astype(float)
    upper.plot(times, series, **style, label=f"to $t^{{{p}}}$")
    sizes = [float(abs(x)) for x in deviations[p]]
    lower.loglog([float(x) for x in halved], sizes, **style, marker="o", markersize=3.5)
upper.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$")
upper.set(xlim=(0, times[-1]), ylim=(0, CELLS))
lower.set(xlabel=r"$gt$", ylabel=r"$|E-\mathrm{series}|/\omega_0$")
upper.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check

# %%
# The parity of the commutators, their binomial form, and the coefficients from them.
K = commutators[0]
for p, matrix in enumerate(commutators):
    assert (matrix.T - (-1) ** p * matrix).applyfunc(expand).is_zero_matrix
    binomial_sum = Matrix.zeros(len(basis))
    for n in range(p + 1):
        binomial_sum += (-1) ** (p - n) * comb(p, n) * H**n * K * H ** (p - n)
    assert (binomial_sum - matrix).applyfunc(expand).is_zero_matrix
everywhere = coefficients(4, m)
for p in (2, 4):
    here = omega_0 * (-1) ** (p // 2) * means[p] / factorial(p)
    assert expand(everywhere[p].subs({M: 1, N: 2, m: 1}) - here) == 0
# The package, with every parameter a symbol.
every = {"charger_crosstalk": g_1, "cell_crosstalk": g_2}
every |= {"anisotropy": gamma, "charger_frequency": omega_C}
theirs = short_times(SpinCharger(M, N, **every), dicke(0, m), order=4)
assert all(expand(theirs.coefficients[p] - everywhere[p]) == 0 for p in (2, 4))
theirs = short_times(SpinCharger(M, N), order=12)
assert all(expand(theirs.coefficients[p] - value) == 0 for p, value in chain.items())
# What was said of the coefficients.
exchange_and_pair = m * (N - m + 1) + gamma**2 * (m + 1) * (N - m)
assert expand(general[2] - g**2 * omega_0 * M * exchange_and_pair) == 0
assert expand(first_up - M * N * g**2 * omega_0) == 0
assert expand(rest - g**2 * ((M - 2) * (N - 2) - 2) / 3 + delta**2 / 12) == 0
# Two cells in closed form.
closed = two_cells().explicit().energy.series(t, 0, 14).removeO()
pair = sum(value.subs(M, 2) * t**p for p, value in chain.items())
assert factor(closed - pair) == 0
for values in ratios.values():
    assert abs(values[-1] - 1) < 0.01
    assert all(abs(b - 1) < abs(a - 1) for a, b in pairwise(values[1:]))
print("all assertions hold")
