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
# # The largest power of a large battery
#
# **Question.** [The law of large batteries](asymptotics.py) is one of the curve $E(t)$. What does
# it say of the largest average power: is there only one, and with which exponent $\beta$ does
# collective charging win over single cells? From how many cells on is $\beta$ above 0.9, or 0.99?

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
    lambdify,
    log,
    simplify,
    sqrt,
    symbols,
)

import numerics
from symbattery.limits.large_battery import LargeBattery
from symbattery.output.notebook import Columns, panels, show

# %% [markdown]
# ## The law
#
# With $z=e^{-u}$, $u=2\sqrt r\,Mgt-\Lambda$ and $N=rM$, $E/(M\omega_0)\to f_r(u)$:

# %%
u = Symbol("u", real=True)
f = 1 - exp(-u) * exp(exp(-u)) * expint(1, exp(-u))


def filling(ratio):
    """f_r(u): two waves, one for r = 1."""
    if ratio == 1:
        return f
    delay = log(((1 + sqrt(ratio)) / (1 - sqrt(ratio))) ** 2)
    return sqrt(ratio) * (f - f.subs(u, u - delay))


def lag(ratio, cells):
    """Λ."""
    return log(16 * ratio * cells / (1 + sqrt(ratio)) ** 2)


r, size = symbols("r M", positive=True)
show({"f_1": f, r"\Lambda": lag(r, size)})

# %% [markdown]
# ## One largest power
#
# $P=E/t\to2\sqrt r\,M^2g\omega_0\,f_r(u)/(u+\Lambda)$ is stationary where
# $h=(u+\Lambda)f_r'-f_r=0$, and $h'=(u+\Lambda)f_r''$. In $\ln x$ the trajectory is proportional to
# $1/(c+\cosh\theta)$, $c=(M+N)/|M-N|$; its second derivative has the sign of
# $\cosh^2\theta-c\cosh\theta-2$, which changes twice ($+,-,+$; once for $r=1$). The average over
# $s$ is a Laplace transform in $1/X$, which diminishes variation, so $f_r''$ changes no more often
# than that. Between the first change and the peak of $f_r$, $h$ falls, and beyond the peak $h<0$:
# there is at most one largest power. (For $t\to0$, where it is not meant, the law itself diverges.)
#

# %%
theta, c, ch = symbols("theta c ch", positive=True)
max_second_derivative = simplify(
    diff(1 / (c + cosh(theta)), theta, 2) * (c + cosh(theta)) ** 3
)
bend_sign = expand(max_second_derivative.rewrite(exp).subs(theta, log(ch)))
hyperbolic = (cosh(theta) ** 2 - c * cosh(theta) - 2).rewrite(exp).subs(theta, log(ch))
show({r"(1/(c+\cosh\theta))''\,(c+\cosh\theta)^3": max_second_derivative})

# %% [markdown]
# ## The exponent
#
# The trajectory is log-concave in $\ln x$, and so is the density of $\ln s$; then $f_r$ is
# log-concave (Prékopa), and $f_r'/f_r$ falls. As $h=0$ there,
#
# $$\beta=\frac{d\ln P_{\max}}{d\ln M}-1=1-\frac1{u_*+\Lambda}=1-\frac{f_r'(u_*)}{f_r(u_*)}:$$
#
# only $\Lambda$ depends on $M$ at the maximum (envelope theorem), with $d\Lambda/d\ln M=1$. So
# $\beta$ grows with $M$, and exceeds a given value beyond
# $M=\frac{(1+\sqrt r)^2}{16r}e^{-u_*+1/(1-\beta)}$.

# %%
# ln P = 2 ln M + ln f(u) − ln(u + Λ), by ln M: u' is how the maximum moves, (ln f)' is stationary.
moved, elapsed = symbols("moved elapsed")
exponent = 2 + moved * (1 / elapsed) - (moved + 1) / elapsed - 1
show({r"\beta": simplify(exponent).subs(elapsed, Symbol("u_*") + Symbol("Lambda"))})


# %%
def exponent_of(ratio, cells):
    """(u, β) at the largest power."""
    h = (u + lag(S(ratio), S(cells))) * diff(filling(S(ratio)), u) - filling(S(ratio))
    h = lambdify(u, h, "mpmath")
    with mpmath.workdps(30):
        low, high = -mpmath.log(4) / 2, mpmath.mpf(1)
        while h(high) > 0:
            high += 1
        where = mpmath.findroot(h, (low, high), solver="anderson", tol=1e-40)
        return where, 1 - 1 / (where + lag(S(ratio), S(cells)).evalf(30))


def size_for(ratio, beta):
    """The number of cells where the exponent reaches β."""
    slope = diff(filling(S(ratio)), u) / filling(S(ratio)) - (1 - Rational(beta))
    h = lambdify(u, slope, "mpmath")
    with mpmath.workdps(30):
        high = mpmath.mpf(1)
        while h(high) > 0:
            high += 1
        where = mpmath.findroot(h, (high - 1, high), solver="anderson", tol=1e-40)
        start = (1 + mpmath.sqrt(ratio)) ** 2 / (16 * mpmath.mpf(ratio))
        return start * mpmath.exp(-where + 1 / (1 - mpmath.mpf(str(beta))))


exponents = {size: exponent_of(1, size) for size in (20, 100, 1000, 10**6)}
betas = [float(beta) for _, beta in exponents.values()]
show(Columns({"M = N": list(exponents), "β of the law": betas}))
pairs = [(ratio, beta) for ratio in (1, 2) for beta in ("0.9", "0.95", "0.99")]
thresholds = {pair: size_for(*pair) for pair in pairs}
ratios, wanted = zip(*pairs, strict=True)
reached = [float(size) for size in thresholds.values()]
show(Columns({"r": ratios, "β": wanted, "reached at M": reached}))

# %% [markdown]
# $\beta\to1$, but only like $1-1/\ln M$: $0.95$ takes two million cells, and $0.99$ more than
# $10^{40}$. [Its series](exponents.py) in $1/\ln M$ is a result of its own.

# %% tags=["hide-input"]
figure, axes = panels(height=3)
grid, points = np.linspace(-1, 6, 141), {"markersize": 4, "markerfacecolor": "white"}
curve = np.array([float(lambdify(u, f, "mpmath")(mpmath.mpf(x))) for x in grid])
for colour, (size, (root, _)) in zip(
    ("C0", "C1", "C2"), exponents.items(), strict=False
):
    length, battery = (
        np.log(4 * size),
        numerics.charge(numerics.SpinCharger(size, size)),
    )
    axes.plot(grid, curve / (grid + length), color=colour, label=f"$M=N={size}$")
    some = grid[grid < np.log(size)][::8]
    exact = battery.power((some + length) / (2 * size)) / (2 * size**2)
    axes.plot(some, exact, "o", color=colour, **points)
    axes.axvline(float(root), color=colour, linewidth=0.8, linestyle=":")
axes.set(xlabel="$u$", ylabel=r"$P/(2M^2g\omega_0)$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# Lines: the law, and dotted where its largest power is. Circles: exact.
#
# ## The check

# %%
assert simplify(bend_sign - hyperbolic) == 0
assert simplify(exponent - (1 - 1 / elapsed)) == 0
equal = LargeBattery()
with mpmath.workdps(25):
    for size, (_, beta) in exponents.items():
        assert abs(mpmath.mpmathify(equal.exponent(size).evalf(25)) - beta) < 1e-20
    for (ratio, beta), size in thresholds.items():
        theirs = LargeBattery(ratio).size_for_exponent(Rational(beta))
        assert abs(mpmath.mpmathify(theirs.evalf(25)) / size - 1) < 1e-20
assert thresholds[1, "0.95"] > 2 * 10**6
assert thresholds[1, "0.99"] > mpmath.mpf(10) ** 40
for size in (100, 1000):  # the law is off by a relative 1.5/M
    exact = numerics.charge(numerics.SpinCharger(size, size)).max_power()
    root, beta = exponents[size]
    value = 2 * size**2 * float((1 - beta) * lambdify(u, f, "mpmath")(root))
    assert 1 < (1 - value / exact.value) * size < 2
    later = 2 * size * exact.time - np.log(4 * size) - float(root)
    assert -1.2 * np.log(4 * size) < later * size < 0
print("all assertions hold")
