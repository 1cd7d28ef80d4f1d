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
# # The exponent of collective charging
#
# **Question.** The collective advantage of $M=N$ grows like $\eta\propto M^\beta$, with an exponent
# that itself depends on $M$. How does $\beta$ approach 1, what is it exactly, and what would it
# take for $\beta=0.99$ at a thousand cells?

# %% tags=["hide-input"]
import mpmath
import numpy as np
from sympy import (
    E,
    EulerGamma,
    Integer,
    LambertW,
    Poly,
    Rational,
    Symbol,
    expand,
    log,
    series,
    symbols,
)

from numerics import SpinCharger, certified, charge, dicke
from symbattery.limits.exponents import exponent_series
from symbattery.limits.large_battery import LargeBattery
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M

z, u = symbols("z u", positive=True)
Lambda = Symbol("Lambda", positive=True)

# %% [markdown]
# ## The condition of the law
#
# In [the law](asymptotics_power.py) $\beta=1-1/(u+\Lambda)$, $\Lambda=\ln4M$, at the
# root of $f'(u)(u+\Lambda)=f(u)$, with $f=1-z\varepsilon$, $f'=z(\varepsilon-1+z\varepsilon)$,
# $\varepsilon=e^zE_1(z)$, $z=e^{-u}$. For large $\Lambda$ the root is at small $z$, where
# $E_1=u-\gamma_E+z+O(z^2)$:

# %%
scaled = (1 + z) * (u - EulerGamma) + z  # ε to first order in z
filling, slope = 1 - z * scaled, z * (scaled - 1 + z * scaled)
a = 1 + EulerGamma
orders = [expand(slope / z).coeff(z, i) for i in (0, 1)]
show(
    {
        r"f'/z,\ z^0": orders[0],
        r"f'/z,\ z^1": orders[1],
        "f,\\ z^1": expand(filling).coeff(z, 1),
    }
)

# %% [markdown]
# So $f'(u+\Lambda)=f$ is, after the logarithm, with $a=1+\gamma_E$ and
# $z\simeq1/\Lambda(u-a)$ in the terms of first order,
#
# $$u-\ln(u-a)=\ln\Lambda+\frac1\Lambda\Big[u+\frac{u-\gamma_E}{u-a}
#   +\frac{2(u-\gamma_E)+1}{(u-a)^2}\Big]+O\Big(\frac{u^2}{\Lambda^2}\Big).$$
#
# Without the bracket, $v=u-a$ obeys $-ve^{-v}=-e^a/\Lambda$: Lambert's function,
#
# $$u_1=a-W_{-1}\Big(-\frac{e^a}\Lambda\Big)=\ln\Lambda+\ln\ln\Lambda+\dots,$$
#
# and the bracket moves it by $u_2/\Lambda$, times $\frac{u_1-a}{u_1-a-1}$. In powers of $1/\Lambda$
#
# $$\beta=1-\frac1\Lambda+\frac{u_1}{\Lambda^2}-\frac{u_1^2-u_2}{\Lambda^3}
#   +O\Big(\frac{u_1^3}{\Lambda^4}\Big),$$
#
# a series in $1/\ln M$ whose coefficients grow like powers of $\ln\ln M$.

# %%
u_1, u_2, x = symbols("u_1 u_2 x")
expansion = series(1 - x / (1 + x * (u_1 + u_2 * x)), x, 0, 4).removeO()
show({rf"\beta,\ \Lambda^{{-{i}}}": expansion.coeff(x, i) for i in (1, 2, 3)})


# %%
def of_law(length):
    """(u, β) of the law for Λ, of any size."""

    def condition(u):
        z = mpmath.exp(-u)
        full = mpmath.exp(z) * mpmath.e1(z)
        return z * (full - 1 + z * full) * (u + length) - 1 + z * full

    near = mpmath.log(length)
    root = mpmath.findroot(
        condition, (near, near + mpmath.log(near) + 2), solver="anderson", tol=1e-70
    )
    return root, 1 - 1 / (root + length)


powers = (100, 1000, 10**4, 10**5)
missed = {order: [] for order in (1, 2, 3)}
with mpmath.workdps(40):
    for power in powers:
        size = mpmath.log(4) + power * mpmath.log(10)
        root, beta = of_law(size)
        for order, errors in missed.items():
            written = exponent_series(M, order).subs(M, Integer(10) ** power).evalf(40)
            off = mpmath.mpmathify(written) - beta
            errors.append(float(off * size ** (order + 1) / root**order))
headings = [f"error·Λ^{order + 1}/u^{order}" for order in missed]
show(Columns({"log₁₀ M": powers, **dict(zip(headings, missed.values(), strict=True))}))

# %% [markdown]
# The error times the next power is bounded from $M=10^{100}$ to $10^{100\,000}$: three decades of
# $\ln M$. Each tends to $\mp1$, the coefficient of the highest power of $u_1$.
#
# ## Certified exponents
#
# At a finite size the slope is that between the neighbours, of powers that are proven to be the
# largest of all times. The amplitudes $(-i)^ka_k$ have $\dot a_k=b_{k-1}a_{k-1}-b_ka_{k+1}$ with
# the parabola $b_k=g(k+1)(M-k)$, and $a_k$ is smooth: on blocks of sites that grow with their
# distance from the ends it is kept as a polynomial. The motion makes of $k^j$ no more than degree
# $j+1$:

# %%
k = Symbol("k")
hop = (k + 1) * (M - k)
moved = {
    j: Poly(hop.subs(k, k - 1) * (k - 1) ** j - hop * (k + 1) ** j, k).all_coeffs()
    for j in range(6)
}
show({f"\\text{{of }}k^{j}": f[0] * k ** (len(f) - 1) for j, f in moved.items()})

# %% [markdown]
# So what the polynomials miss of the motion is, on each block, one function of degree one more,
# and the jumps between blocks: few numbers, whose time integral bounds the distance from the true
# state. Nothing grows with $M$ but the number of blocks, like $\ln M$. The law differs by $O(1/M)$:

# %%
sizes = (10, 100, 1000)
proven = {n: certified.exponent(n, 10 if n < 1000 else 5) for n in sizes}
laws = {n: float(LargeBattery().exponent(n).evalf(15)) for n in sizes}
off = {n: n * (float(proven[n].midpoint) - laws[n]) for n in sizes}
columns = {
    "M": sizes,
    "β": [mpmath.nstr(ball.midpoint, 12) for ball in proven.values()],
    "law": list(laws.values()),
    "M·(β − law)": list(off.values()),
}
show(Columns(columns))

# %% [markdown]
# The same at larger sizes, computed once: $\beta(2000)=0.9179500940$, $\beta(10^4)=0.928937827$,
# $\beta(10^5)=0.93990373$.
#
# ## What 0.99 would need
#
# With all spins up and the average power $E/t$, $0.99$ at $M=1000$ is out of reach: the law has it
# beyond $10^{40}$ cells. Two other exponents are that large. The largest *instantaneous* power is
# $2M^2g\omega_0\max f'$, without the logarithm of the waiting time. And from [the best
# start](best_power.py) the logarithm is absent from the average power, too.


# %%
def steepest(cells):
    """The largest dE/dt in units of gω₀, on a grid around u = 0."""
    law = LargeBattery()
    lag = float(law.lag(cells).evalf())
    times = (np.linspace(-1.5, 1.5, 121) + lag) / (2 * cells)
    rates = charge(SpinCharger(cells, cells)).instantaneous_power(times)
    top = int(np.argmax(rates))
    curve = np.polyfit(
        times[top - 2 : top + 3] - times[top], rates[top - 2 : top + 3], 2
    )
    return curve[2] - curve[1] ** 2 / (4 * curve[0])


def average(cells):
    """The largest E/t from the best start, m ≈ 0.77 N; near it the power depends on m weakly."""
    starts = range(round(0.77 * cells) - 1, round(0.77 * cells) + 2)
    return max(
        charge(SpinCharger(cells, cells), dicke(0, up)).max_power().value
        for up in starts
    )


def local(power, cells, step):
    """The slope of ln η in ln M."""
    ratio = power(cells + step) / power(cells - step)
    return np.log(ratio) / np.log((cells + step) / (cells - step)) - 1


others = {n: (local(steepest, n, 10), local(average, n, 10)) for n in (100, 200)}
show(
    Columns(
        {
            "M": list(others),
            "β, instantaneous power": [first for first, _ in others.values()],
            "β, best start": [second for _, second in others.values()],
        }
    )
)
needed = LargeBattery().size_for_exponent(Rational(99, 100)).evalf(3)
show({r"M\text{ for }\beta=0.99\text{, all spins up}": needed})

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
grid = np.geomspace(10, 10**5, 30)
with mpmath.workdps(40):
    axes.semilogx(
        grid, [float(of_law(mpmath.log(4 * n))[1]) for n in grid], label="law"
    )
axes.plot(
    sizes, [float(ball.midpoint) for ball in proven.values()], "o", label="certified"
)
axes.plot(
    list(others), [second for _, second in others.values()], "s", label="best start"
)
axes.axhline(0.99, color="0.6", linestyle=":")
axes.set(xlabel="cells $M=N$", ylabel=r"exponent $\beta$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check

# %%
assert expand(orders[0] - (u - a)) == 0
assert expand(orders[1] - (2 * (u - EulerGamma) + 1)) == 0
assert expand(expansion.coeff(x, 3) + u_1**2 - u_2) == 0
first = a - LambertW(-(E**a) / Lambda, -1)
equation = (first - log(first - a) - log(Lambda)).subs(Lambda, 50)
assert abs(equation.evalf(30)) < 1e-25
for order, errors in missed.items():
    assert all(0.4 < (-1) ** order * error < 1.01 for error in errors)
    assert abs(errors[-1]) > abs(errors[0])
assert all(len(f) == j + 2 and f[0] == 2 * (j + 1) for j, f in moved.items())
assert all(-1.35 < value < -0.7 for value in off.values())
for n in (10, 100):
    powers_around = [
        charge(SpinCharger(m, m)).max_power().value for m in (n - 1, n + 1)
    ]
    slope = np.log(powers_around[1] / powers_around[0]) / np.log((n + 1) / (n - 1)) - 1
    assert abs(slope - float(proven[n].midpoint)) < 1e-9
    assert proven[n].radius < 1e-10
assert all(0.98 < value < 1.01 for pair in others.values() for value in pair)
assert needed > 10**40
print("all assertions hold")
