# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Short times
#
# $E(t)$ as a power series in $t$ for any number of cells $M$ and charger spins $N$ of which $m$
# are up, any anisotropy, detuning and crosstalk: why only even powers occur, how the
# coefficients become polynomials, what they say, and how far the series reaches.

# %%
from itertools import pairwise
from math import comb, factorial
from pathlib import Path

import mpmath
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Matrix, Poly, Rational, diag, expand, factor, sinh, sqrt, zeros

import numerics
from numerics import multiprecision
from symbattery import SpinCharger, dicke, two_cells
from symbattery.expansions import short_times
from symbattery.figures import save
from symbattery.symbols import M, N, g, g_1, g_2, gamma, m, omega_0, omega_C, t

# %% [markdown]
# ## Only even powers
#
# $E(t)=\omega_0\langle k(t)-k(0)\rangle$ with $k$ the number of excited cells, and
# $$k(t)=\sum_p\frac{(it)^p}{p!}\,C_p,\qquad C_0=k,\quad C_{p+1}=[H,C_p].$$
# In the basis $|k,c\rangle$ ($c$ excited charger spins) $H$ and $k$ are real and symmetric. For
# real matrices $[H,C]^T=[C^T,H^T]=-[H,C^T]$: the commutator with $H$ turns symmetric into
# antisymmetric and back, so $C_p^T=(-1)^pC_p$, and the diagonal of every odd $C_p$ is zero. A
# start that is diagonal in $|k,c\rangle$ sees nothing but the diagonal. This needs no more than
# a real $H$: detuning, crosstalk and anisotropy may all be there.
#
# One cell and two charger spins:


# %%
def steps(size, level):
    """The squared element of the raising operator of a collective spin."""
    return (level + 1) * (size - level)


def hopping(size, level):
    """Crosstalk: raising and lowering within one side."""
    return steps(size, level) + steps(size, level - 1)


def hamiltonian(cells, chargers):
    """The basis |k, c> of the symmetric states, and H in it."""
    basis = [(k, c) for k in range(cells + 1) for c in range(chargers + 1)]
    h = zeros(len(basis))
    for i, (k, c) in enumerate(basis):
        h[i, i] = omega_0 * k + omega_C * c
        h[i, i] += g_2 * hopping(cells, k) + g_1 * hopping(chargers, c)
        for j, (above, to) in enumerate(basis):
            if above == k + 1 and abs(to - c) == 1:
                strength = g if to < c else g * gamma
                square = steps(cells, k) * steps(chargers, min(c, to))
                h[i, j] = h[j, i] = strength * sqrt(square)
    return basis, h


basis, H = hamiltonian(1, 2)
commutators = [diag(*[k for k, _ in basis])]
for _ in range(4):
    commutators.append((H * commutators[-1] - commutators[-1] * H).applyfunc(expand))
start = basis.index((0, 1))
for p, matrix in enumerate(commutators):
    print(f"<C_{p}> =", factor(matrix[start, start]))

# %% [markdown]
# ## From commutators to vectors
#
# $C_p=\sum_n(-1)^{p-n}\binom pn H^n\,k\,H^{p-n}$. With the real vectors
# $v_n=H^n|k_0,c_0\rangle$, $k$ counted from $k_0$ and $p$ even,
# $$E=\omega_0\sum_{p}\frac{t^p}{p!}\sum_s(k_s-k_0)
#   \sum_{n=1}^{p-1}(-1)^{p/2-n}\binom pn\,v_n(s)\,v_{p-n}(s).$$
# A level $s$ that is $d$ steps from the start enters with $d\le n\le p-d$ only: farther out
# nothing needs to be known.

# %%
every = {
    "anisotropy": gamma,
    "charger_frequency": omega_C,
    "charger_crosstalk": g_1,
    "cell_crosstalk": g_2,
}
series = short_times(SpinCharger(1, 2, **every), dicke(0, 1), order=4)
from_commutators = {
    p: omega_0 * (-1) ** (p // 2) * commutators[p][start, start] / factorial(p) for p in (2, 4)
}
print(series)

# %% [markdown]
# ## From square roots to polynomials
#
# A step of $H$ climbs or descends a rung of three ladders: the cells, $(k+1)(M-k)$, the charger,
# $(c+1)(N-c)$, and exchanges, $g^2$, or pairs, $g^2\gamma^2$ (all squared). Let $D_s^2$ be the
# product of the squared elements on the way from the start to $s$. In $\tilde H=D^{-1}HD$ a rung
# carries $1$ away from the start and its squared element towards it, so $\tilde v_n=D^{-1}v_n$
# is polynomial, and so is $v_nv_{p-n}=D^2\,\tilde v_n\tilde v_{p-n}$. Numbers of cells and
# spins are symbols like all others: where a ladder ends its rung is zero.

# %%
everything = SpinCharger(M, N, **every)
general = short_times(everything, dicke(0, m), order=4)
print(general)

# %% [markdown]
# ## What the coefficients say
#
# The first one counts the two moves: $g^2\omega_0M\,[m(N-m+1)+\gamma^2(m+1)(N-m)]$. All charger
# spins up leave only the exchange, $E\simeq MN\,(gt)^2\omega_0$, whatever $\gamma$ is. At
# $\gamma=0$ the next one is
# $$\frac{MN\,g^2\omega_0}{12}\,\big[4g^2(MN-2M-2N+2)-\delta^2\big],\qquad
#   \delta=\omega_0-\omega_C+2g_1(N-1)+2g_2(M-1):$$
# to this order crosstalk acts as a detuning, and only the sum counts. On resonance the rise is
# steeper than quadratic if $(M-2)(N-2)>2$.

# %%
all_up = short_times(SpinCharger(M, N, **(every | {"anisotropy": 0})), order=4)
delta = omega_0 - omega_C + 2 * g_1 * (N - 1) + 2 * g_2 * (M - 1)
fourth = M * N * g**2 * omega_0 / 12 * (4 * g**2 * (M * N - 2 * M - 2 * N + 2) - delta**2)
print("t^4, all up:", fourth)

# %% [markdown]
# Large sizes: of every coefficient keep the highest power of $MN$. On resonance this leaves
# $$E\simeq\omega_0\,\frac{\sinh^2\!\big(\sqrt{1-\gamma^2}\,\sqrt{MN}\,gt\big)}{1-\gamma^2}:$$
# both sides are bosons as long as few excitations have moved, and each exchange makes the next
# one likelier. So the early stage is an amplifier, with growth at the rate $2\sqrt{MN}\,g$. (For
# $\gamma>0$ this needs $\omega_0\ll\sqrt{MN}\,g$: pairs cost $2\omega_0$.)

# %%
chain = short_times(SpinCharger(M, N), order=12)
anisotropic = short_times(SpinCharger(M, N, anisotropy=gamma), order=8)
amplified = sinh(sqrt(1 - gamma**2) * g * t) ** 2 / (1 - gamma**2)
sinh_series = amplified.series(t, 0, 14).removeO()


def leading(coefficient, half):
    """The coefficient of (MN)^half."""
    return Poly(coefficient, M, N).coeff_monomial(M**half * N**half)


for p, coefficient in chain.coefficients.items():
    print(f"t^{p}: {leading(coefficient, p // 2)} (MN)^{p // 2} + ...")

# %% [markdown]
# ## How far it reaches
#
# $E(t)$ is an entire function, but partial sums are of use only as long as
# $\sqrt{MN}\,gt\lesssim1$. What is left out falls as the next power of $t$: halving $t$
# divides it by $2^{p+2}$.

# %%
CELLS, CHARGERS, ANISOTROPY = 4, 6, Rational(1, 4)
ORDERS = (2, 4, 8, 12)
model = SpinCharger(CELLS, CHARGERS, 1, 1, ANISOTROPY)
sums = {p: short_times(model, order=p).expression for p in ORDERS}


def left_out(p, time):
    """E(t) minus its series up to order p, to 60 digits."""
    with mpmath.workdps(70):
        value = sums[p].subs(t, time)
        exact = multiprecision.energy(model, time, digits=60)
        return exact - mpmath.mpf(value.p) / value.q


halved = [Rational(1, 2**i) for i in range(3, 9)]
deviations = {p: [left_out(p, time) for time in halved] for p in ORDERS}
for p in ORDERS:
    ratios = ", ".join(mpmath.nstr(a / b, 6) for a, b in pairwise(deviations[p]))
    print(f"order {p}: 2^{p + 2} = {2 ** (p + 2)}; ratios {ratios}")

# %%
figure = Figure(figsize=(3.4, 4.1), layout="constrained")
FigureCanvasAgg(figure)
upper, lower = figure.subplots(2, 1)
times = np.linspace(0, 0.42, 200)
upper.plot(times, numerics.charge(model).energy(times), color="black", linewidth=1, label="exact")
for i, (p, line) in enumerate(zip(ORDERS, (":", "-.", "--", "-"), strict=True)):
    partial = np.polynomial.Polynomial([float(sums[p].coeff(t, j)) for j in range(p + 1)])
    style = {"color": f"C{i}", "linestyle": line, "linewidth": 1}
    upper.plot(times, partial(times), **style, label=f"to $t^{{{p}}}$")
    rest = [float(abs(x)) for x in deviations[p]]
    lower.loglog([float(x) for x in halved], rest, **style, marker="o", markersize=3)
upper.set_ylim(0, CELLS)
upper.set_xlim(0, times[-1])
upper.set_ylabel(r"$E(t)/\omega_0$")
lower.set_ylabel(r"$|E-\mathrm{series}|/\omega_0$")
for axes in (upper, lower):
    axes.set_xlabel(r"$gt$")
    axes.tick_params(direction="in", top=True, right=True, which="both", labelsize=8)
upper.legend(fontsize=7, frameon=False)
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
print("figure:", save(figure, folder, "short-times")[1].name)

# %% [markdown]
# ## What must hold

# %%
# The parity of the commutators, and the same coefficients from them.
for p, matrix in enumerate(commutators):
    assert (matrix.T - (-1) ** p * matrix).applyfunc(expand).is_zero_matrix
assert all(expand(from_commutators[p] - c) == 0 for p, c in series.coefficients.items())
# The binomial form of the commutators.
K = commutators[0]
for p in range(5):
    binomial_sum = Matrix.zeros(len(basis))
    for n in range(p + 1):
        binomial_sum += (-1) ** (p - n) * comb(p, n) * H**n * K * H ** (p - n)
    assert (binomial_sum - commutators[p]).applyfunc(expand).is_zero_matrix
# The coefficients discussed.
first = g**2 * omega_0 * M * (m * (N - m + 1) + gamma**2 * (m + 1) * (N - m))
assert general.coefficients[2] == first
assert short_times(everything, order=2).coefficients[2] == M * N * g**2 * omega_0
assert expand(all_up.coefficients[4] - fourth) == 0
resonant = fourth.subs({omega_C: omega_0, g_1: 0, g_2: 0})
assert expand(resonant - M * N * g**4 * omega_0 / 3 * ((M - 2) * (N - 2) - 2)) == 0
for expansion, sinh_terms in ((anisotropic, sinh_series), (chain, sinh_series.subs(gamma, 0))):
    for p, coefficient in expansion.coefficients.items():
        expected = omega_0 * sinh_terms.coeff(t, p)
        assert factor(leading(coefficient, p // 2) - expected) == 0
# Two cells in closed form.
closed = two_cells().explicit().energy.series(t, 0, 14).removeO()
pair = short_times(SpinCharger(2, N), order=12).expression
assert factor(closed - pair) == 0
# What is left out is of the next order.
for p in ORDERS:
    ratios = [a / b / 2 ** (p + 2) for a, b in pairwise(deviations[p])]
    assert abs(ratios[-1] - 1) < 0.01
    assert all(abs(b - 1) < abs(a - 1) for a, b in pairwise(ratios[1:]))
print("all assertions hold")
