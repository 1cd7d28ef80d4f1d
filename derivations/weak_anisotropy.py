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
# # Weak anisotropy
#
# **Question.** Counter-rotating terms of weight $\gamma$ are said to degrade the charging, "in a
# monotonic way with increasing $\gamma$". What do they do to order $\gamma^2$, and from which
# $\gamma$ on does the loss set in?

# %% tags=["hide-input"]
import numpy as np
from scipy.linalg import eigh_tridiagonal
from sympy import (
    expand,
    factor,
    lambdify,
    pi,
    simplify,
    sqrt,
    symbols,
)

from numerics import SpinCharger, charge
from symbattery.limits.weak_anisotropy import hop_change, weak_anisotropy
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M, N, g, omega_0, t

k, c = symbols("k c")

# %% [markdown]
# ## Averaging over the fast terms
#
# On resonance, in the frame of $\omega_0$, $H=H_0+\gamma(We^{2i\omega_0t}+{\rm h.c.})$ with
# $H_0=g(S_+J_-+{\rm h.c.})$ and $W=gS_+J_+$. Averaged to second order in $1/\omega_0$ (van Vleck)
# the motion is that of
#
# $$H_0+\frac{\gamma^2}{2\omega_0}[W,W^\dagger]
#   +\frac{\gamma^2}{8\omega_0^2}\big([[W^\dagger,H_0],W]+[[W,H_0],W^\dagger]\big),$$
#
# seen through $e^{-iQ(t)}$, $Q=\frac\gamma{2i\omega_0}(We^{2i\omega_0t}-{\rm h.c.})$. All spins up
# and empty cells are annihilated by $W$ and $W^\dagger$, so that $Q$ does nothing at the start.
#
# - $[W,W^\dagger]$ shifts the levels. Under $(-1)^K$ the hops change sign and the shifts do not,
#   and the energy is even in time: so it is even in the shifts, and they first count in order
#   $\gamma^4$.
# - The second term is a change of the hops.
# - $Q$ adds $-\frac12\langle[Q,[Q,K]]\rangle
#   =\frac{\gamma^2}{4\omega_0^2}\langle[W^\dagger,W]\rangle$, as $[K,W]=W$; what still oscillates,
#   $W^2$, changes the number of excitations by four.
#
# The operators on $|k,c\rangle$, written for states that make their elements polynomials:


# %%
def times(one, other):
    """The product of two operators: elements by the distances they move k and c."""
    product = {}
    for (a, b), f in one.items():
        for (d, e), h in other.items():
            moved = f.subs({k: k + d, c: c + e}, simultaneous=True)
            site = a + d, b + e
            product[site] = expand(product.get(site, 0) + h * moved)
    return product


def commutator(one, other):
    """[one, other]."""
    left, right = times(one, other), times(other, one)
    return {
        s: expand(left.get(s, 0) - right.get(s, 0)) for s in left.keys() | right.keys()
    }


exchange = {(1, -1): (M - k) * c, (-1, 1): k * (N - c)}
W = {(1, 1): (M - k) * (N - c)}
conjugate = {(-1, -1): k * c}
changed = [
    commutator(commutator(one, exchange), other)
    for one, other in ((conjugate, W), (W, conjugate))
]
hop = sum(part[1, -1] for part in changed) / 2 / exchange[1, -1]
rho = factor(simplify(hop).subs(c, N - k))
stirred = factor(commutator(conjugate, W)[0, 0].subs(c, N - k))
show({r"\rho_k": rho, r"\langle k|[W^\dagger,W]|k\rangle/g^2": stirred})

# %% [markdown]
# So with $\varepsilon=(\gamma g/2\omega_0)^2$ the hops are $h_k(1+\varepsilon\rho_k)$, and
#
# $$E=E_0+\varepsilon\Big[\sum_k\rho_k\frac{\partial E_0}{\partial\ln h_k}
#   -\omega_0(N-M)\langle K(K+1)\rangle_0\Big]+O(\gamma^2g^3/\omega_0^3)+O(\gamma^4)$$
#
# at fixed $gt$: closed wherever $E_0$ is, for one, two and three cells and any *N*.
#
# ## At the first peak
#
# There $\partial E/\partial t=0$, and the loss is that of the height. One cell fills whatever its
# hop, so that only the second term counts: $-\frac{\gamma^2g^2}{2\omega_0}(N-1)$. Two cells:

# %%
one, two = symbols("h_0 h_1", positive=True)
height = 4 * one**2 * two**2 / (one**2 + two**2) ** 2  # p₂ at the peak, where p₁ = 0
ours = (
    2
    * sum(
        hop_change(2, N, level) * h * height.diff(h)
        for level, h in enumerate((one, two))
    )
    - (N - 2) * 6 * height
)
two_cells_peak = factor(ours.subs({one: sqrt(2 * N), two: 2 * sqrt(N - 1)}) / 4)
show({r"\delta E_{\max}\cdot\omega_0/(\gamma g)^2,\ M=2": two_cells_peak})


# %% [markdown]
# It is negative for every $N\ge3$, and 0 for $N=2$. For more cells the same formula with the
# derivative by numbers:


# %%
def response(cells, chargers):
    """The coefficient of ε at the first peak of E₀, in ω₀."""
    n = np.arange(min(cells, chargers), dtype=float)
    hops = (n + 1) * np.sqrt((cells - n) * (chargers - n))
    rates = np.array([float(hop_change(cells, chargers, int(level))) for level in n])
    filled = np.arange(len(n) + 1)

    peak = charge(SpinCharger(cells, chargers)).first_peak().time

    def populations(change):
        values, vectors = eigh_tridiagonal(
            np.zeros(len(n) + 1), hops * (1 + change * rates)
        )
        return np.abs(vectors @ (vectors[0] * np.exp(-1j * values * peak))) ** 2

    tiny = 1e-5 / max(1, np.max(np.abs(rates)))
    moved = filled @ (populations(tiny) - populations(-tiny)) / (2 * tiny)
    return moved - (chargers - cells) * (filled * (filled + 1) @ populations(0.0))


TOP = 8
table = np.array(
    [[response(a, b) for b in range(1, TOP + 1)] for a in range(1, TOP + 1)]
)
show(
    Columns(
        {"M": range(1, TOP + 1)}
        | {f"N={b}": table[:, b - 1] for b in (1, 2, 3, 4, 6, 8)},
        digits=3,
    )
)

# %% [markdown]
# With at least as many charger spins as cells the coefficient is negative, but for $M=N=1$ and
# $M=N=2$, where it vanishes: **the loss sets in at $\gamma=0$**, as $-\gamma^2$, and there is no
# threshold. (This is seen for all $M\le N\le8$; it is proven for one and two cells.) With fewer
# charger spins than cells the sign is the other one in most cases: there anisotropy *raises* the
# peak, as its terms excite both sides.
#
# At a fixed time nothing is monotonic in that sense: the hops become slower, so that beyond the
# first peak $E$ rises with $\gamma$.

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
moments = np.linspace(0, 2, 300)
for number, (cells, chargers) in enumerate(((1, 3), (2, 3), (3, 3))):
    curve = lambdify(t, weak_anisotropy(cells, chargers).subs({g: 1, omega_0: 1}))
    axes.plot(
        moments,
        curve(moments),
        color=f"C{number}",
        label=f"$M={cells}$, $N={chargers}$",
    )
    battery, plain = (
        charge(SpinCharger(cells, chargers, 0.005, 1, gamma)) for gamma in (0.1, 0.0)
    )
    some = moments[10:200:30]
    exact = (
        (battery.energy(some / 0.005) - plain.energy(some / 0.005)) / 0.01 / 0.005**2
    )
    axes.plot(
        some, exact, "o", color=f"C{number}", markersize=4, markerfacecolor="white"
    )
axes.set(xlabel="$gt$", ylabel=r"$(E-E_0)\,\omega_0/(\gamma g)^2$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check
#
# Exact energies at small $\gamma$, over three decades of $g/\omega_0$.

# %%
assert expand(rho - (-2 * M * N + (M + N) * (3 * k + 1) - 6 * k * (k + 1))) == 0
assert expand(stirred + k * (k + 1) * (N - M)) == 0
assert expand(hop_change(M, N, k) - rho) == 0
printed = -12 * N * (N - 1) * (N - 2) * (5 * N - 6) / (3 * N - 2) ** 3
assert factor(two_cells_peak - printed) == 0
whole = weak_anisotropy(2) * omega_0 / g**2
for count in (2, 3, 8):
    at_peak = whole.subs(N, count).subs(t, pi / (g * sqrt(6 * count - 4)))
    assert expand(at_peak - printed.subs(N, count)) == 0
assert (
    expand(
        weak_anisotropy(1).subs(t, pi / (2 * g * sqrt(N))) * 2 * omega_0 / g**2 + N - 1
    )
    == 0
)
assert abs(table[1, 4] / 4 - float(printed.subs(N, 5))) < 1e-6
assert all(
    table[a, b] < 0
    for a in range(TOP)
    for b in range(a, TOP)
    if (a, b) not in ((0, 0), (1, 1))
)
assert max(abs(table[0, 0]), abs(table[1, 1])) < 1e-6
assert table[2, 1] > 0
points = np.array([0.1, 0.3, 0.5, 0.9])
for cells, chargers in ((1, 3), (2, 3)):
    curve = lambdify(t, weak_anisotropy(cells, chargers).subs({g: 1, omega_0: 1}))(
        points
    )
    largest = np.max(np.abs(curve))
    for ratio in (0.1, 0.01, 0.001):
        energies = [
            charge(SpinCharger(cells, chargers, ratio, 1, gamma)).energy(points / ratio)
            for gamma in (0.0, 0.05, 0.1)
        ]
        # The term of order γ⁴ taken away.
        first, second = (
            (e - energies[0]) / x**2
            for e, x in zip(energies[1:], (0.05, 0.1), strict=True)
        )
        off = (4 * first - second) / 3 / ratio**2 - curve
        assert np.max(np.abs(off)) < 2.5 * ratio * largest
print("all assertions hold")
