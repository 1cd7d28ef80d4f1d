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
# # Large batteries, measured
#
# **Question.** How good is the law of [large batteries](asymptotics.py) at sizes that are built or
# simulated? Exact numerics from $M=10$ to $10^4$ cells measure what it leaves out, and what the
# next order in $1/M$ leaves out. And is the paper's exponent $\beta\approx0.99$ at $M=1000$ right?

# %% tags=["hide-input"]
from functools import cache

import mpmath
import numpy as np
from sympy import Rational, S, Symbol, diff, exp, expint, lambdify

import numerics
from symbattery.limits.large_battery import LargeBattery
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import g, omega_0, t

UNIT = {g: S.One, omega_0: S.One}


@cache
def battery(ratio, cells):
    """Exact numerics."""
    return numerics.charge(numerics.SpinCharger(cells, int(ratio * cells)))


def power_of_law(ratio, cells, order):
    """The largest power of the law, in units of g and ω₀."""
    top = LargeBattery(ratio).max_power(cells, order)
    return float(top.value.subs(UNIT).evalf(17))


def table(names, rows, digits):
    """Rows under their names."""
    show(Columns(dict(zip(names, zip(*rows, strict=True), strict=True)), digits=digits))


# %% [markdown]
# ## The largest power

# %%
RATIOS = {
    1: (10, 30, 100, 300, 1000, 3000, 10000),
    2: (10, 100, 1000, 3000),
    0.5: (10, 100, 1000, 3000),
    10: (10, 30, 100, 300, 1000),
}
errors, rows = {}, []
for ratio, sizes in RATIOS.items():
    for size in sizes:
        exact = battery(ratio, size).max_power().value
        powers = [power_of_law(ratio, size, order) for order in (0, 1)]
        first, second = errors[ratio, size] = [power / exact - 1 for power in powers]
        rows.append((ratio, size, exact, first, size * first, second, size**2 * second))
names = ["r", "M", "P_max/(gω0)", "error", "M·error", "next order: error", "M²·error"]
table(names, rows, digits=5)

# %% [markdown]
# (relative errors.) The error of the law falls like $1/M$, that of the next order like $1/M^2$ up
# to a logarithm (for $r=10$ it changes sign near $M=300$). For $r=1$ the next order says what $M$
# times the error tends to: at the root it is $-1-\beta+(1+f'-f'')/(2f)\to-\frac32$, because
# $f\to1$ and $\beta\to1$, slowly, like $1/\ln M$. With $z=e^{-u}$ the filling is
# $f=1-z\,\varepsilon$, where $\varepsilon=e^zE_1(z)$ obeys $\varepsilon'=\varepsilon-1/z$:

# %%
z, epsilon = Symbol("z", positive=True), Symbol("varepsilon")


def slope(expression):
    """By u: dz/du = -z."""
    by_z = diff(expression, z) + diff(expression, epsilon) * (epsilon - 1 / z)
    return (-z * by_z).expand()


f = 1 - z * epsilon
waves = [f, slope(f), slope(slope(f))]
show({"f": waves[0], "f'": waves[1], "f''": waves[2]})


# %%
def times_size(power_of_ten):
    """M times the relative error for r = 1, to leading order."""
    size, law = S(10) ** power_of_ten, LargeBattery()
    with mpmath.workdps(40):
        elapsed = law.max_power(size).time * 2 * size  # u + Λ at the root
        elapsed = mpmath.mpmathify(elapsed.subs(UNIT).evalf(40))
        x = mpmath.exp(mpmath.log(4 * mpmath.mpf(10) ** power_of_ten) - elapsed)
        numbers = x, mpmath.exp(x) * mpmath.e1(x)
        f, once, twice = (lambdify((z, epsilon), w, "mpmath")(*numbers) for w in waves)
        return float(-2 + 1 / elapsed + (1 + once - twice) / (2 * f))


limits = {power: times_size(power) for power in (4, 12, 100)}
table(("M", "M·error"), [(f"10^{power}", value) for power, value in limits.items()], 6)

# %% tags=["hide-input"]
figure, axes = panels(height=3.2)
for colour, ratio in (("C0", 1), ("C1", 2), ("C2", 10)):
    for column, line in enumerate(("o-", "s--")):
        sizes = [abs(errors[ratio, size][column]) for size in RATIOS[ratio]]
        label = None if column else f"$r={ratio}$"
        style = {"color": colour, "markersize": 4, "label": label}
        axes.loglog(RATIOS[ratio], sizes, line, **style)
axes.plot([], [], "o-", color="0.3", markersize=4, label="law")
axes.plot([], [], "s--", color="0.3", markersize=4, label="next order")
axes.set(xlabel="cells $M$", ylabel=r"relative error of $P_{\max}$")
axes.legend(frameon=False, loc="lower left", ncols=2)
show(figure)

# %% [markdown]
# ## The curve E(t) and its first peak
#
# The law misses $E$ by a cell or two out of $M$: for $r=1$ up to the first peak (which comes near
# $u=\ln M+2$, where the last cells are filled, and which the law has not), for $r\ne1$ through
# the peak. At fixed $u$ the next order misses $O(1/M)$ of a cell.


# %%
def missed(ratio, size, order, times):
    """|ΔE|/ω₀ of the law."""
    curve = lambdify(t, LargeBattery(ratio).energy(size, order).subs(UNIT), "mpmath")
    of_law = [float(curve(mpmath.mpf(time))) for time in times]
    return np.abs(of_law - battery(ratio, size).energy(times))


curves = {}
for ratio, size in ((1, 100), (1, 1000), (2, 100), (2, 1000), (10, 100), (10, 1000)):
    scale = 2 * np.sqrt(ratio) * size
    start = float(LargeBattery(ratio).lag(size))
    end = scale * battery(ratio, size).first_peak().time - start if ratio == 1 else 4
    points = np.linspace(-4, end, 33)
    every, fixed = ((points[points <= most] + start) / scale for most in (end, 4))
    curves[ratio, size] = [
        missed(ratio, size, order, times).max()
        for order, times in ((0, every), (1, fixed))
    ]
rows = [(*key, *value) for key, value in curves.items()]
table(("r", "M", "law: |ΔE|/ω0 up to", "next order"), rows, 3)

# %%
peaks = {}
for ratio in (2, 10):
    for size in (30, 300, 1000):
        value = float(LargeBattery(ratio).max_energy(size).value.subs(UNIT).evalf(17))
        exact = battery(ratio, size).first_peak().value
        peaks[ratio, size] = exact / size, value / size, size * (value / exact - 1)
rows = [(*key, *value) for key, value in peaks.items()]
table(("r", "M", "first peak E/(Mω0)", "law", "M·error"), rows, 6)

# %% [markdown]
# ## The exponent
#
# $\beta=d\ln\eta/d\ln M=d\ln P_{\max}/d\ln M-1$ at $N=M$, from central differences of exact powers,
# beside [the law](asymptotics_power.py).


# %%
def of_law(size):
    """β."""
    return float(LargeBattery().exponent(size).subs(UNIT).evalf(17))


slopes = {}
for size, step in ((10, 1), (20, 1), (100, 4), (1000, 40), (10000, 400)):
    ends = size - step, size + step
    low, high = (battery(1, end).max_power().value for end in ends)
    measured = np.log(high / low) / np.log(ends[1] / ends[0]) - 1
    slopes[size] = measured, of_law(size)
rows = [(size, *value) for size, value in slopes.items()]
table(("M = N", "β exact", "β of the law"), rows, 5)

# %% [markdown]
# The paper prints $\beta\approx0.81$, $0.87$, $0.99$ at $M=20$, $100$, $1000$. The first two
# are the exact slopes; at $M=1000$ the slope is $0.912$.

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
grid = [round(10 ** (1 + i / 5)) for i in range(21)]
axes.semilogx(grid, [of_law(size) for size in grid], label="law")
measured = [exact for exact, _ in slopes.values()]
style = {"color": "black", "markerfacecolor": "white"}
axes.plot(list(slopes), measured, "o", **style, label="exact")
axes.plot([20, 100, 1000], [0.81, 0.87, 0.99], "x", color="C3", label="as printed")
axes.set(xlabel="cells $M=N$", ylabel=r"exponent $\beta$", ylim=(0.7, 1.02))
axes.legend(frameon=False, loc="lower right")
show(figure)

# %% [markdown]
# ## The check

# %%
x = Symbol("x", positive=True)
written = {epsilon: exp(x) * expint(1, x), z: x}
for wave, derivative in zip(waves[1:], waves[:-1], strict=True):
    off = -x * diff(derivative.subs(written), x) - wave.subs(written)
    assert abs(off.subs(x, Rational(7, 10)).evalf(30)) < 1e-20
for ratio, sizes in RATIOS.items():
    # M times the error settles, M² times that of the next order grows no faster than ln M.
    settled = [size * errors[ratio, size][0] for size in sizes]
    assert 1 < settled[-1] / settled[-2] < 1.04
    assert all(
        abs(errors[ratio, size][1]) < 0.7 * np.log(size) / size**2 for size in sizes
    )
assert -1.5 < limits[100] < limits[12] < limits[4] < -1.3
assert abs(limits[4] - 10**4 * errors[1, 10**4][0]) < 0.01
for ratio in (1, 2, 10):
    assert curves[ratio, 1000][0] < 1.6
    assert curves[ratio, 1000][1] < 0.11 * curves[ratio, 100][1] < 0.01
for ratio in (2, 10):
    assert abs(peaks[ratio, 1000][2] - peaks[ratio, 300][2]) < 0.01
assert all(abs(exact - law) < 1.5 / size for size, (exact, law) in slopes.items())
assert [round(slopes[size][0], 2) for size in (20, 100, 1000)] == [0.81, 0.87, 0.91]
print("all assertions hold")
