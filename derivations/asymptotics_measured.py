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
from dataclasses import dataclass

import mpmath
import numpy as np
from scipy.optimize import brentq, minimize_scalar
from scipy.special import exp1, jv
from sympy import Rational, Symbol, diff, exp, expint, lambdify

import numerics
from symbattery.limits.large_battery import LargeBattery
from symbattery.output.notebook import Columns, panels, show

# %% [markdown]
# ## The law, and its derivatives
#
# With $z=e^{-u}$ the filling is $f=1-z\,\varepsilon$, where $\varepsilon=e^zE_1(z)$ obeys
# $\varepsilon'=\varepsilon-1/z$. Derivatives with respect to $u$ follow:

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
def scaled_integral(z):
    """exp(z) E₁(z), by its continued fraction where the exponential would overflow."""
    far = z + 1
    for i in range(60, 0, -1):
        far = z + 2 * i + 1 - (i + 1) ** 2 / far
    near = np.minimum(z, 20.0)
    return np.where(z < 20, np.exp(near) * exp1(near), 1 / (z + 1 - 1 / far))


OF_Z = [lambdify((z, epsilon), wave, "numpy") for wave in waves]


@dataclass(frozen=True)
class Law:
    """E(t) in units of g and ω₀ for M cells and N = rM spins, to an order in 1/M."""

    ratio: float
    cells: int
    order: int = 0

    @property
    def size(self):
        """M, and M + 1 in the next order."""
        return self.cells + self.order

    @property
    def r(self):
        """N/M, and (N + 1)/(M + 1) in the next order."""
        return (self.ratio * self.cells + self.order) / self.size

    @property
    def lag(self):
        """Λ."""
        return np.log(16 * self.r * self.size / (1 + np.sqrt(self.r)) ** 2)

    def filling(self, u, derivative=0):
        """f_r and its derivatives."""
        wave = OF_Z[derivative]
        z = np.exp(-np.asarray(u, dtype=float))
        if self.r == 1:
            return wave(z, scaled_integral(z))
        rho = ((1 + np.sqrt(self.r)) / (1 - np.sqrt(self.r))) ** 2
        late = wave(rho * z, scaled_integral(rho * z))
        return np.sqrt(self.r) * (wave(z, scaled_integral(z)) - late)

    def argument(self, time):
        """The variable u of the law."""
        return 2 * np.sqrt(self.r) * self.size * time - self.lag

    def time(self, u):
        """The time that belongs to u."""
        return (u + self.lag) / (2 * np.sqrt(self.r) * self.size)

    def of_argument(self, u):
        """E."""
        energy = self.size * self.filling(u)
        if self.order:
            bent = self.filling(u, 2) - self.filling(u, 1)
            energy = energy + (1 + 1 / self.r) / 4 * bent - 0.5
        return energy

    def largest_power(self):
        """(P, t) at the root of the law, where the next order is stationary to its accuracy."""
        root = brentq(
            lambda u: (u + self.lag) * self.filling(u, 1) - self.filling(u),
            -0.3,
            30,
            xtol=1e-13,
        )
        return float(self.of_argument(root) / self.time(root)), self.time(root)

    def first_peak(self):
        """(E, t), where the smaller side is used up; r ≠ 1."""
        best = minimize_scalar(
            lambda u: -self.of_argument(u),
            bounds=(0, 30),
            method="bounded",
            options={"xatol": 1e-11},
        )
        return -best.fun, self.time(best.x)


# %% [markdown]
# ## Exact numerics
#
# $e^{tA}$ of the real antisymmetric chain by its Chebyshev series, and Newton's method for the
# maxima, with $E'$ and $E''$ from the same amplitudes. `numerics.charge` is the judge up to
# $M=1000$.


# %%
class Exact:
    """M cells charged by N spins, in units of g and ω₀."""

    def __init__(self, cells, chargers):
        levels = np.arange(min(cells, chargers), dtype=float)
        self.hops = (levels + 1) * np.sqrt((cells - levels) * (chargers - levels))
        self.filled = np.arange(len(self.hops) + 1.0)
        self.time, self.state = 0.0, (self.filled == 0).astype(float)

    def slope(self, state):
        """da/dt."""
        result = np.zeros_like(state)
        result[1:] = self.hops * state[:-1]
        result[:-1] -= self.hops * state[1:]
        return result

    def move(self, time):
        """Bring the state to a time."""
        radius = 2 * np.max(self.hops)
        reach = radius * (time - self.time)
        orders = np.arange(int(abs(reach) + 12 * abs(reach) ** (1 / 3)) + 40)
        bessel = jv(orders, abs(reach)) * np.sign(reach) ** orders
        before, now = self.state, self.slope(self.state) / radius
        total = bessel[0] * before + 2 * bessel[1] * now
        for weight in 2 * bessel[2:]:
            before, now = now, 2 / radius * self.slope(now) + before
            total += weight * now
        self.time, self.state = time, total

    def moments(self):
        """E and its first two derivatives."""
        once = self.slope(self.state)
        twice = self.slope(once)
        energy = self.filled @ self.state**2
        return (
            energy,
            2 * self.filled @ (self.state * once),
            2 * self.filled @ (once**2 + self.state * twice),
        )

    def energy(self, time):
        """E(t)."""
        self.move(time)
        return self.moments()[0]

    def largest_power(self, near):
        """By Newton's method from a time nearby."""
        self.move(near)
        for _ in range(8):
            energy, first, second = self.moments()
            step = (energy / self.time - first) / second
            self.move(self.time + step)
            if abs(step) < 1e-9 * self.time:
                break
        return self.moments()[0] / self.time

    def first_peak(self, near):
        """By Newton's method from a time nearby."""
        self.move(near)
        for _ in range(8):
            _, first, second = self.moments()
            self.move(self.time - first / second)
            if abs(first / second) < 1e-9 * self.time:
                break
        return self.moments()[0]


# %% [markdown]
# ## The largest power

# %%
RATIOS = {
    1: (10, 30, 100, 300, 1000, 3000, 10000),
    2: (10, 100, 1000, 3000),
    0.5: (10, 100, 1000, 3000),
    10: (10, 30, 100, 300, 1000),
}
errors, judged, rows = {}, {}, []
for ratio, sizes in RATIOS.items():
    for size in sizes:
        powers = [Law(ratio, size, order).largest_power() for order in (0, 1)]
        exact = Exact(size, int(ratio * size)).largest_power(powers[1][1])
        errors[ratio, size] = [power / exact - 1 for power, _ in powers]
        first, second = errors[ratio, size]
        rows.append((ratio, size, exact, first, size * first, second, size**2 * second))
        if size <= (1000 if ratio == 1 else 100):
            charged = numerics.charge(numerics.SpinCharger(size, int(ratio * size)))
            judged[ratio, size] = exact / charged.max_power().value - 1
headings = (
    "r",
    "M",
    "P_max/(gω0)",
    "error",
    "M·error",
    "next order: error",
    "M²·error",
)
show(Columns(dict(zip(headings, zip(*rows, strict=True), strict=True)), digits=5))

# %% [markdown]
# (relative errors.) The error of the law falls like $1/M$, that of the next order like $1/M^2$ up
# to a logarithm (for $r=10$ it changes sign near $M=300$). For $r=1$ the next order says what $M$
# times the error tends to: at the root it is $-1-\beta+(1+f'-f'')/(2f)\to-\frac32$, because
# $f\to1$ and $\beta\to1$, slowly, like $1/\ln M$.


# %%
def times_size(power_of_ten):
    """M times the relative error for r = 1, to leading order."""
    with mpmath.workdps(40):
        log_size = power_of_ten * mpmath.log(10) + mpmath.log(4)

        def wave(u, order):
            x = mpmath.exp(-u)
            numbers = {z: x, epsilon: mpmath.exp(x) * mpmath.e1(x)}
            return lambdify((z, epsilon), waves[order], "mpmath")(*numbers.values())

        u = mpmath.findroot(
            lambda u: (u + log_size) * wave(u, 1) - wave(u, 0),
            (0, 12),
            solver="anderson",
            tol=1e-50,
        )
        beta = 1 - 1 / (u + log_size)
        return float(-1 - beta + (1 + wave(u, 1) - wave(u, 2)) / (2 * wave(u, 0)))


limits = {power: times_size(power) for power in (4, 12, 100)}
show(
    Columns(
        {"M": [f"10^{power}" for power in limits], "M·error": list(limits.values())}
    )
)

# %% tags=["hide-input"]
figure, axes = panels(height=3.2)
for colour, ratio in (("C0", 1), ("C1", 2), ("C2", 10)):
    for column, line in enumerate(("o-", "s--")):
        sizes = [abs(errors[ratio, size][column]) for size in RATIOS[ratio]]
        axes.loglog(
            RATIOS[ratio],
            sizes,
            line,
            color=colour,
            markersize=4,
            label=None if column else f"$r={ratio}$",
        )
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
curves = {}
for ratio, size in ((1, 100), (1, 1000), (2, 100), (2, 1000), (10, 100), (10, 1000)):
    laws = [Law(ratio, size, order) for order in (0, 1)]
    charged = numerics.charge(numerics.SpinCharger(size, ratio * size))
    end = float(laws[0].argument(charged.first_peak().time)) if ratio == 1 else 4
    points = np.linspace(-4, end, 33)
    times = laws[0].time(points)
    exact = charged.energy(times)
    missed = [np.abs(law.of_argument(law.argument(times)) - exact) for law in laws]
    curves[ratio, size] = np.max(missed[0]), np.max(missed[1][points <= 4])
show(
    Columns(
        {
            "r": [r for r, _ in curves],
            "M": [size for _, size in curves],
            "law: |ΔE|/ω0 up to": [first for first, _ in curves.values()],
            "next order": [second for _, second in curves.values()],
        },
        digits=3,
    )
)

# %%
peaks = {}
for ratio in (2, 10):
    for size in (30, 300, 1000):
        value, time = Law(ratio, size).first_peak()
        exact = Exact(size, ratio * size).first_peak(time)
        peaks[ratio, size] = exact / size, value / size, size * (value / exact - 1)
show(
    Columns(
        {
            "r": [r for r, _ in peaks],
            "M": [size for _, size in peaks],
            "first peak E/(Mω0)": [exact for exact, _, _ in peaks.values()],
            "law": [value for _, value, _ in peaks.values()],
            "M·error": [error for *_, error in peaks.values()],
        }
    )
)

# %% [markdown]
# ## The exponent
#
# $\beta=d\ln\eta/d\ln M=d\ln P_{\max}/d\ln M-1$ at $N=M$, from central differences of exact powers,
# beside the law.

# %%
slopes = {}
for size, step in ((10, 1), (20, 1), (100, 4), (1000, 40), (10000, 400)):
    low, high = (
        Exact(n, n).largest_power(Law(1, n, 1).largest_power()[1])
        for n in (size - step, size + step)
    )
    measured = np.log(high / low) / np.log((size + step) / (size - step)) - 1
    law = Law(1, size)
    _, when = law.largest_power()
    slopes[size] = measured, 1 - 1 / float(law.argument(when) + law.lag)
show(
    Columns(
        {
            "M = N": list(slopes),
            "β exact": [exact for exact, _ in slopes.values()],
            "β of the law": [law for _, law in slopes.values()],
        },
        digits=5,
    )
)

# %% [markdown]
# The paper prints $\beta\approx0.81$, $0.87$, $0.99$ at $M=20$, $100$, $1000$. The first two
# are the exact slopes; at $M=1000$ the slope is $0.912$.

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
grid = np.geomspace(10, 10**5, 40)
of_law = [
    1
    - 1
    / float(Law(1, size).argument(Law(1, size).largest_power()[1]) + Law(1, size).lag)
    for size in grid
]
axes.semilogx(grid, of_law, label="law")
axes.plot(
    list(slopes),
    [exact for exact, _ in slopes.values()],
    "o",
    color="black",
    markerfacecolor="white",
    label="exact",
)
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
    explicit = -x * diff(derivative.subs(written), x)
    assert (
        abs((explicit - wave.subs(written)).subs(x, Rational(7, 10)).evalf(30)) < 1e-20
    )
inside = np.array([1e-6, 0.3, 19.9, 20.1, 400.0])
exact = [float(mpmath.exp(v) * mpmath.e1(v)) for v in map(mpmath.mpf, inside)]
assert np.max(np.abs(scaled_integral(inside) / exact - 1)) < 1e-13
assert all(abs(error) < 1e-9 for error in judged.values())
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
# The package has the same law.
for ratio, size in ((1, 30), (10, 300)):
    for order in (0, 1):
        theirs = LargeBattery(ratio).max_power(size, order=order).value
        numbers = dict.fromkeys(theirs.free_symbols, 1)
        value = float(theirs.subs(numbers).evalf(17))
        assert abs(Law(ratio, size, order).largest_power()[0] / value - 1) < 1e-10
print("all assertions hold")
