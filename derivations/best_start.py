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
# # The best start for the energy
#
# **Question.** *M* empty cells, *N* charger spins, *m* of them up, $\gamma=0$, resonance. All spins
# up is not the best start: which *m* gives the highest first peak of the energy, and how much is
# missing there?

# %% tags=["hide-input"]
import mpmath
import numpy as np
from sympy import (
    QQ,
    Rational,
    Symbol,
    binomial,
    expand,
    factor,
    integrate,
    pi,
    sin,
    sqrt,
    symbols,
)
from sympy.polys.rings import ring

import numerics
from numerics import NoPeakError, SpinCharger, certified, dicke
from symbattery.limits.best_start import BalancedStart
from symbattery.output.notebook import panels, show
from symbattery.symbols import M, N, g, omega_0

k, m, y, sigma = symbols("k m y sigma")

# %% [markdown]
# ## The chain from its middle
#
# The squared hop from $k$ to $k+1$ is $g^2(k+1)(M-k)(m-k)(N-m+k+1)$. With
# $y=k-\frac{M-1}2$ and $\sigma=m-\frac{M+N}2$ it is even in both:

# %%
hop_squared = (k + 1) * (M - k) * (m - k) * (N - m + k + 1)
middle = {m: (M + N) / 2 + sigma, k: y + (M - 1) / 2}
centred = ((M + 1) ** 2 / 4 - y**2) * ((N + 1) ** 2 / 4 - (y - sigma) ** 2)
show({r"h^2/g^2": hop_squared, r"h^2/g^2\,\big|_{y,\sigma}": centred})

# %% [markdown]
# The first bracket is that of the elements $2\langle k+1|S_x|k\rangle$ of a spin $M/2$. So with
# $\epsilon=1/(N+1)$
#
# $$\frac{H}{g(N+1)}=S_x\ \text{with each element times}\ \sqrt{1-4\epsilon^2(y-\sigma)^2}
#   =S_x+\epsilon^2H_1+\epsilon^4H_2+\dots$$
#
# To leading order the battery is a spin that is turned over, $\theta=g(N+1)t=\pi$, and full: for
# every $m$ in the middle of a large charger. What is missing is perturbation theory.
#
# ## $\sigma=0$: a rotation about *x* that is not quite uniform
#
# Operators are bands, written for $|k\rangle/\binom Mk^{1/2}$, where $S_+$ has the elements $M-k$
# and $S_-$ has $k$. $[S_x,[S_x,\cdot]]$ multiplies by four what raises $S_x$ by $\pm2$, and splits
# $H_1$ into a part $D_1$ that commutes with $S_x$ and the rest. With $A=-\frac14[S_x,H_1]$,
#
# $$e^{-\epsilon^2A}\,(S_x+\epsilon^2H_1+\epsilon^4H_2)\,e^{\epsilon^2A}
#   =S_x+\epsilon^2D_1+\epsilon^4D_2+\dots$$
#
# up to what does not commute in order $\epsilon^4$, which another such step takes away.


# %%
polynomials, at, size = ring("k M", QQ)


def times(one, other):
    """The product of two bands: elements by the distance they move k."""
    product = {}
    for a, f in one.items():
        for b, h in other.items():
            product[a + b] = product.get(a + b, 0) + h * f.compose(at, at + b)
    return product


def plus(*terms):
    """A sum of bands with weights."""
    total = {}
    for weight, band in terms:
        for a, f in band.items():
            total[a] = total.get(a, 0) + f * weight
    return total


def commutator(one, other):
    """[one, other]."""
    return plus((1, times(one, other)), (-1, times(other, one)))


def spin_x(power, weight):
    """The elements of S_x times a power of y."""
    up = weight * (at - (size - 1) / 2) ** power
    return {1: (size - at) / 2 * up, -1: at / 2 * up.compose(at, at - 1)}


def twice(band):
    """[S_x, [S_x, band]]."""
    return commutator(X, commutator(X, band))


X, H_1, H_2 = spin_x(0, 1), spin_x(2, -2), spin_x(4, -2)
D_1 = plus((1, H_1), (-QQ(1, 4), twice(H_1)))
A = plus((-QQ(1, 4), commutator(X, H_1)))
second = plus((1, H_2), (QQ(1, 2), commutator(plus((1, H_1), (1, D_1)), A)))
# It raises S_x by 0, ±2, ±4: two factors take the last away.
level = plus((1, second), (-QQ(1, 4), twice(second)))
D_2 = plus((1, level), (-QQ(1, 16), twice(level)))

# %% [markdown]
# All bands that raise $S_x$ by even numbers commute with $e^{-i\pi S_x}$, which takes $K$ to $M-K$.
# So at $\theta=\pi(1+\delta_1\epsilon^2+\delta_2\epsilon^4)$ the missing quanta $M-K$ are those of
#
# $$e^{-i(\epsilon^2\Phi_1+\epsilon^4\Phi_2+\dots)}|0\rangle,\qquad
#   \Phi_1=\pi(\delta_1S_x+D_1),\quad
#   \Phi_2=\pi(\delta_2S_x+\delta_1D_1+D_2)+[A,\Phi_1].$$
#
# All elements are real, so that the squares of $\Phi_1$ do not interfere with $\Phi_2$: with
# $\langle n|\Phi|0\rangle$, $n=1,3,\dots$, the missing quanta are
# $\sum_nn\,(\epsilon^2\Phi_1+\epsilon^4\Phi_2)_n^2+O(\epsilon^8)$. The time of the peak makes $n=1$
# vanish, $n=3$ stays. ($\delta_2$ comes with $S_x$ and, one order later, with $H_1=D_1-[S_x,A]$,
# neither of which reaches $n=3$ from 0. So nothing else decides it, in this order and the next.)


# %%
def column(band, n):
    """⟨n|band|0⟩ without the norm of |n⟩."""
    value = band.get(n, polynomials.zero).as_expr()
    return factor(value.subs({Symbol("k"): 0, Symbol("M"): M}))


# δ₁ and δ₂ as polynomials in M, and Φ over π.
first = factor(-column(D_1, 1) / column(X, 1))
delta_1 = polynomials.from_expr(first.subs(M, Symbol("M")))
Phi_1 = plus((delta_1, X), (1, D_1))
rest = plus((delta_1, D_1), (1, D_2), (1, commutator(A, Phi_1)))
later = factor(-column(rest, 1) / column(X, 1))
delta_2 = polynomials.from_expr(expand(later).subs(M, Symbol("M")))
Phi_2 = plus((delta_2, X), (1, rest))
# |n⟩ of unit norm has the root of a binomial coefficient, which leaves its inverse in squares.
norm = binomial(M, 3).expand(func=True)
leading = factor(3 * pi**2 * column(Phi_1, 3) ** 2 / norm)
following = factor(6 * pi**2 * column(Phi_1, 3) * column(Phi_2, 3) / norm)
show(
    {
        r"\delta_1": factor(first),
        r"\delta_2": later,
        r"(M-E/\omega_0)_{\epsilon^4}": leading,
        r"(M-E/\omega_0)_{\epsilon^6}": following,
    }
)

# %% [markdown]
# That is $\frac{27\pi^2}{16}\binom M3\epsilon^4[1+\frac34M(M-1)\epsilon^2+\dots]$: one and two
# cells are filled.
#
# ## $\sigma\ne0$
#
# To first order there is $4\epsilon^2\sigma V$ more, $V=\frac12(S_zS_x+S_xS_z)$, and
# $-2\epsilon^2\sigma^2S_x$, which only delays. In the frame of the rotation
# $V\to\frac12\{S_z\cos\theta+S_y\sin\theta,S_x\}$; integrated over half a turn $\{S_y,S_x\}$ is
# left, $(S_+^2-S_-^2)/2i$, with the element $\sqrt{2M(M-1)}/2$ to $n=2$:

# %%
angle = Symbol("theta", positive=True)
turned = integrate(sin(angle), (angle, 0, pi))
element = 4 * sigma * turned * Rational(1, 2) * sqrt(2 * M * (M - 1)) / 2
beside = factor(2 * element**2)
show({r"(M-E/\omega_0)_{\sigma^2\epsilon^4}": beside})

# %% [markdown]
# For fixed $M\ge2$ the best $m$ is therefore an integer nearest to $(M+N)/2$ at large $N$. (Far
# from the middle the loss is $\sigma^2M(M-1)/[m(N-m)]^2$ by the same steps, and if $m$ or $N-m$
# stays finite it does not vanish: a chain fills its last site only if it is its own mirror image.)
# How large *N* must be is not proven. The map, all starts tried:


# %%
PAIRS = [(a, b) for a in (3, 6) for b in range(a, 13)]


def peak(cells, chargers, up):
    """The height of the first peak."""
    try:
        return (
            numerics.charge(SpinCharger(cells, chargers), dicke(0, up))
            .first_peak()
            .value
        )
    except NoPeakError:
        return 0.0


heights = {pair: [peak(*pair, up) for up in range(1, pair[1] + 1)] for pair in PAIRS}

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
for number, cells in enumerate((3, 6)):
    chargers = np.arange(cells, 13)
    most = [1 + int(np.argmax(heights[cells, n])) for n in chargers]
    axes.plot(chargers, most, "o", color=f"C{number}", label=f"$M={cells}$")
    axes.plot(chargers, (cells + chargers) / 2, "-", color=f"C{number}")
axes.set(xlabel="charger spins $N$", ylabel="best $m$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check
#
# The expansion against certified peaks over three decades of $N+1$, and the package.

# %%
assert expand(centred - hop_squared.subs(middle, simultaneous=True)) == 0
for band in (D_1, D_2):
    assert not any(commutator(X, band).values())
assert column(H_1, 3) == column(X, 3) == 0
assert factor(first - M * (M - 1) / 4) == 0
assert factor(leading - Rational(27, 16) * pi**2 * norm) == 0
assert factor(following / leading - Rational(3, 4) * M * (M - 1)) == 0
assert expand(beside - 16 * sigma**2 * M * (M - 1)) == 0
package = BalancedStart(M, N)
ours = leading + beside.subs(sigma, m - (M + N) / 2)
assert expand(package.missing(m) / omega_0 * (N + 1) ** 4 - ours) == 0
units = {g: 1, omega_0: 1}
left = {"energy": [], "time": []}
for chargers in (19, 199, 1999, 19999):
    theirs = BalancedStart(3, chargers).max_energy()
    start = dicke(0, (3 + chargers) // 2)
    found = certified.first_peak(SpinCharger(3, chargers), 45, start)
    with mpmath.workdps(60):
        energy, time = (
            mpmath.mpmathify(x.subs(units).evalf(60))
            for x in (theirs.value, theirs.time)
        )
        left["energy"].append((found.value.midpoint - energy) * (chargers + 1) ** 8)
        left["time"].append((found.time.midpoint - time) * (chargers + 1) ** 7)
for series in left.values():
    # The next power of ε, with a coefficient that tends to a number.
    assert all(0.99 < value / series[-1] < 1.05 for value in series)
for (cells, chargers), values in heights.items():
    near = [up for up in range(1, chargers + 1) if abs(2 * up - cells - chargers) <= 1]
    assert max(values[up - 1] for up in near) > max(values) - 1e-9
print("all assertions hold")
