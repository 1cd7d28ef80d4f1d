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
# # Large batteries
#
# **Question.** $M$ cells, empty, are charged by $N=rM$ spins, all up, at $\gamma=0$. The energy of
# each size is a sum over $M/2$ frequencies and repeats itself never. Is there a simple law for
# large $M$?
#
# [The largest power](asymptotics_power.py) and its exponent follow from it, and
# [numerics](asymptotics_measured.py) measure what it leaves out.

# %% tags=["hide-input"]
import mpmath
import numpy as np
from sympy import (
    Rational,
    S,
    Symbol,
    cosh,
    diff,
    exp,
    expand,
    expint,
    factor,
    integrate,
    laguerre,
    lambdify,
    limit,
    log,
    oo,
    simplify,
    solve,
    sqrt,
    symbols,
    tanh,
)

import numerics
from symbattery.limits.large_battery import LargeBattery
from symbattery.output.notebook import panels, show
from symbattery.symbols import M, N, g, omega_0, t

# %% [markdown]
# ## The sector
#
# With $k$ excited cells the squared hop from $k$ to $k+1$ is $g^2(k+1)^2(M-k)(N-k)$: symmetric in
# $M$ and $N$, so the number of excitations that go over is the same when battery and charger change
# places. $H$ is real and its diagonal constant, so the amplitudes are $(-i)^ka_k$ with real
#
# $$\dot a_k=b_{k-1}a_{k-1}-b_ka_{k+1},\qquad b_k=g\,y\sqrt{(\tilde M-y)(\tilde N-y)},$$
#
# where $y=k+1$ is half-way between the sites $n=k+\frac12$ and $k+\frac32$, and $\tilde M=M+1$,
# $\tilde N=N+1$: seen from the middle of each hop the battery is larger by one cell.

# %%
k = Symbol("k", positive=True)
hop_squared = g**2 * (k + 1) ** 2 * (M - k) * (N - k)
y, wide, long = symbols("y M' N'", positive=True)  # k + 1, M + 1, N + 1
centred = factor(hop_squared.subs({k: y - 1, M: wide - 1, N: long - 1}))
show({"b_k^2": hop_squared, r"b_k^2\,\big|_{k=y-1}": centred})

# %% [markdown]
# ## The early stage
#
# With $\tau=\sqrt{\tilde M\tilde N}\,gt$ and $\epsilon=\frac12(1/\tilde M+1/\tilde N)$ the hops are
# $y(1-\epsilon y)+O(\epsilon^2)$ as long as $k\ll M$. To first order in $\epsilon$
#
# $$a_k=\frac{\tanh^k\tau}{\cosh\tau}\Big[1+\epsilon\Big(\tanh^2\tau
#   +k\Big(1-\frac3{2\cosh^2\tau}\Big)-\frac{k^2}{2\cosh^2\tau}\Big)\Big].$$
#
# The leading term is two-mode squeezing: $k$ is geometrically distributed with mean $\sinh^2\tau$.

# %%
tau, s, n = symbols("tau s n", positive=True)
early = (
    tanh(tau) ** 2 + k * (1 - 3 / (2 * cosh(tau) ** 2)) - k**2 / (2 * cosh(tau) ** 2)
)
T = tanh(tau)
motion = {
    # Both divided by tanh^k/cosh, whose logarithmic derivative is k(1 − T²)/T − T.
    "order 0": k / T - (k + 1) * T - (k * (1 - T**2) / T - T),
    "order 1": k / T * (early.subs(k, k - 1) - early)
    - (k + 1) * T * (early.subs(k, k + 1) - early)
    - k**2 / T
    + (k + 1) ** 2 * T
    - diff(early, tau),
}
residues = {
    name: simplify(expand(left).rewrite(exp).subs(tau, log(n)).together())
    for name, left in motion.items()
}
show({f"\\text{{equation of motion, {name}}}": left for name, left in residues.items()})

# %% [markdown]
# ## The classical motion
#
# Once $k\gg1$ the distribution is transported along $\dot n=2b(n)$, that is
# $\dot n=2gn\sqrt{(\tilde M-n)(\tilde N-n)}$. For $1/n$ this is the motion in a linear force:
# with $x\propto e^{2\tau}$, $n\simeq x$ at early times,
#
# $$n=\frac{x}{(1+px)(1+qx)},\qquad p,q=\frac14\Big(\tilde M^{-1/2}\pm\tilde N^{-1/2}\Big)^2.$$
#
# For $\tilde M=\tilde N$ it is $x/(1+x/\tilde M)$, the logistic curve, which takes for ever;
# otherwise the smaller side is used up at $x=1/\sqrt{pq}$ and the trajectory turns back.

# %%
a, b, x = symbols("a b x", positive=True)  # 1/√M', 1/√N'
p, q = (a + b) ** 2 / 4, (a - b) ** 2 / 4
path = x / ((1 + p * x) * (1 + q * x))
# x' = 2√(MN) g x; both sides squared, as the root changes its sign at the turning point.
left = (1 - a**2 * path) * (1 - b**2 * path)
speed = (2 * x * diff(path, x)) ** 2 - (2 * path) ** 2 * left
# The positive one of the two points is that of the smaller side.
filled = {simplify(path.subs(x, point)) for point in solve(diff(path, x), x)}
waves = 1 / (1 + q * x) - 1 / (1 + p * x)
show({"n": path, r"\dot n^2-(2b)^2": simplify(speed)})
for i, height in enumerate(sorted(filled, key=str), start=1):
    show({f"n\\text{{ at turning point {i}}}": height})

# %% [markdown]
# ## Matching
#
# For $k\sim\cosh^2\tau\gg1$ the squared early amplitudes are a density of $x=sX$,
# $X=\frac12\cosh2\tau\simeq\frac14e^{2\tau}$:
#
# $$e^{-s}\,[1+\epsilon\,q(s)]\,ds,\qquad q=1-2s+\tfrac12s^2=L_2(s),$$
#
# after the part of the correction that the trajectory $n=x-\epsilon x^2$ itself explains. The
# limit $k\to\infty$ at fixed $s=k/\cosh^2\tau$ of both:

# %%
mean = k / s - Rational(1, 2)  # X, where cosh² τ = k/s
site = k + Rational(1, 2)
leading = k * log(1 - s / k) - log(k / s) + site / mean + log(mean)
at_k = 2 * early.subs(T**2, 1 - 1 / cosh(tau) ** 2).subs(cosh(tau) ** 2, k / s)
carried = 2 * site - site**2 / mean
correction = limit(expand(at_k - carried), k, oo)
show({r"\lim\,k\ln\frac{\text{leading term}}{e^{-s}/X}": limit(k * leading, k, oo)})
show({"q(s)": correction})

# %% [markdown]
# ## The law
#
# Of the two fractions of $n$ each is averaged over $e^{-s}$. With $z=1/(pX)$:

# %%
z = Symbol("z", positive=True)
averaged = integrate(exp(-s) / (1 + s / z), (s, 0, oo))
u = Symbol("u", real=True)
f = 1 - averaged.subs(z, exp(-u))
show({r"\int_0^\infty\frac{e^{-s}\,ds}{1+s/z}": averaged, "f(u)": f})

# %% [markdown]
# ($E_1$ is the exponential integral.) With $z=e^{-u}$, therefore,
#
# $$\frac{E(t)}{M\omega_0}\to f_r(u)=\sqrt r\,[f(u)-f(u-\ln\rho)],$$
#
# $$u=2\sqrt r\,Mgt-\Lambda,\quad \Lambda=\ln\frac{16rM}{(1+\sqrt r)^2},\quad
#   \rho=\frac pq=\Big(\frac{1+\sqrt r}{1-\sqrt r}\Big)^2.$$
#
# A wave of charging is followed, $\ln\rho$ later, by the wave of those that turned back. For $r=1$
# the second one never comes: $f_1=f$, $\Lambda=\ln4M$ (the 4 from $\sinh^2\tau\simeq e^{2\tau}/4$).
# As $(s^2e^{-s})''=2L_2e^{-s}$, two integrations by parts turn the correction into derivatives:
#
# $$\frac{E}{\omega_0}=\tilde Mf_{\tilde r}(u)+\frac14\Big(1+\frac1r\Big)(f_r''-f_r')-\frac12
#   +O\Big(\frac1M\Big),$$
#
# with $\tilde M,\tilde N$ in $u$ and $\tilde r=\tilde N/\tilde M$; $\frac12$ is the distance of
# $n$ from $k$.


# %%
def filling(ratio):
    """f_r(u)."""
    if ratio == 1:
        return f
    delay = log(((1 + sqrt(ratio)) / (1 - sqrt(ratio))) ** 2)
    return sqrt(ratio) * (f - f.subs(u, u - delay))


def lag(ratio, cells):
    """Λ."""
    return log(16 * ratio * cells / (1 + sqrt(ratio)) ** 2)


def law(ratio, cells, order=0):
    """E(t)/ω0 in units of g."""
    ratio, cells = S(ratio), S(cells)
    if order:
        cells, ratio = cells + 1, (ratio * cells + 1) / (cells + 1)
    bent = (1 + 1 / ratio) / 4 * (diff(filling(ratio), u, 2) - diff(filling(ratio), u))
    time = 2 * sqrt(ratio) * cells * t - lag(ratio, cells)
    return (cells * filling(ratio) + order * (bent - Rational(1, 2))).subs(u, time)


def at(expression, symbol, values):
    """An expression at many numbers."""
    function = lambdify(symbol, expression, "mpmath")
    return np.array([float(function(mpmath.mpf(value))) for value in values])


# %% tags=["hide-input"]
figure, axes = panels(height=3.2)
grid, points = np.linspace(-4, 5, 181), {"markersize": 4, "markerfacecolor": "white"}
for colour, ratio in (("C0", 1), ("C1", 2), ("C2", 10)):
    axes.plot(grid, at(filling(S(ratio)), u, grid), color=colour, label=f"$r={ratio}$")
    for marker, size in (("s", 10), ("o", 100)):
        scale, offset = 2 * np.sqrt(ratio) * size, float(lag(S(ratio), size))
        shown = grid[(grid > -offset) & (grid < 4)][5::14]
        charged = numerics.charge(numerics.SpinCharger(size, ratio * size))
        exact = charged.energy((shown + offset) / scale) / size
        axes.plot(shown, exact, marker, color=colour, **points)
for marker, size in (("s", 10), ("o", 100)):
    axes.plot([], [], marker, color="0.3", **points, label=f"exact, $M={size}$")
axes.set(xlabel=r"$u=2\sqrt{r}\,Mgt-\Lambda$", ylabel=r"$E/(M\omega_0)$", xlim=(-4, 5))
axes.set_ylim(0, 1.3)
axes.legend(ncols=5, frameon=False, loc="upper center", fontsize=8, columnspacing=1)
show(figure)

# %% [markdown]
# ## The check
#
# Each step, the averages against quadrature, and the law against `symbattery.limits.large_battery`.


# %%
def average(ratio, value, weight=lambda s: 1):
    """The mean over the distribution of s of the classical trajectory in units of M, r = N/M."""
    r, z = mpmath.mpf(ratio.p) / ratio.q, mpmath.exp(-mpmath.mpf(value))
    other = 0 if r == 1 else ((1 - mpmath.sqrt(r)) / (1 + mpmath.sqrt(r))) ** 2

    def integrand(s):
        w = s / z  # px
        part = (1 + mpmath.sqrt(r)) ** 2 / (4 * r)
        return mpmath.exp(-s) * weight(s) * w / ((1 + w) * (1 + other * w)) / part

    return mpmath.quad(integrand, [0, z, 1, 4, 16, 64, 256])


with mpmath.workdps(30):
    for ratio in (S(1), S(2), Rational(1, 2), S(10)):
        bent = (diff(filling(ratio), u, 2) - diff(filling(ratio), u)) / 2
        for value in (-4, 0, 1, 3):
            with mpmath.workdps(60):  # the terms cancel where z is large
                direct, second = (
                    lambdify(u, wave, "mpmath")(mpmath.mpf(value))
                    for wave in (filling(ratio), bent)
                )
            bending = average(ratio, value, lambda s: 1 - 2 * s + s**2 / 2)
            assert abs(direct - average(ratio, value)) < mpmath.mpf(10) ** -27
            assert abs(second - bending) < mpmath.mpf(10) ** -27
assert expand(centred - g**2 * y**2 * (wide - y) * (long - y)) == 0
assert set(residues.values()) == {0}
assert factor(speed) == 0
assert filled == {a**-2, b**-2}
assert simplify(waves / (a * b) - path) == 0
assert limit(k * leading, k, oo) == 0
assert expand(correction - laguerre(2, s)) == 0
assert expand((diff(s**2 * exp(-s), s, 2) / exp(-s)) - 2 * laguerre(2, s)) == 0
assert simplify(averaged - z * exp(z) * expint(1, z)) == 0
unit = {g: 1, omega_0: 1}
for ratio in (1, 2, Rational(1, 2), 10):
    theirs = LargeBattery(ratio)
    for order in (0, 1):
        both = theirs.energy(50, order).subs(unit), law(ratio, 50, order)
        with mpmath.workdps(40):
            for time in (mpmath.mpf("0.02"), mpmath.mpf("0.05")):
                one, other = (lambdify(t, curve, "mpmath")(time) for curve in both)
                assert abs(one - other) < mpmath.mpf(10) ** -30
print("all assertions hold")
