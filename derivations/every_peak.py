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
# # Every peak in a window
#
# **Question.** The [supremum](maxima.py) of $E(t)$ says nothing of *when*. When are the first peak,
# the largest energy in a window, and the largest average power? Samples can miss a peak. How does
# one find all of them, with a proof that none is missed?

# %% tags=["hide-input"]
import numpy as np
from sympy import N as digits

from numerics import charge
from symbattery import SpinCharger, solve
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import g, omega_0

# %% [markdown]
# ## Bounds on all derivatives
#
# At $\gamma=0$, from all charger spins up, the amplitudes are $(-i)^ka_k$ with real $\dot a=Xa$, X
# antisymmetric with the hops, so $E=a^TKa$ and $\dot E=a^T[K,X]a$: every derivative is the mean of
# a matrix, the next commutator with X, and is bounded at all times by the largest row of it. Let
# $\beta_2,\beta_3$ bound $\ddot E$ and $\dddot E$. On an interval of half-width $h$ around $c$
#
# * $|\dot E(c)|>\beta_2h$: no zero of $\dot E$ inside;
# * $|\ddot E(c)|>\beta_3h$: $\dot E$ is monotonic, and has one zero if its ends differ in sign;
# * otherwise: halve it, and look at both parts.


# %%
class Chain:
    """M cells and N spins, in units of g and ω₀."""

    def __init__(self, cells, chargers):
        squares = [(k + 1) ** 2 * (cells - k) * (chargers - k) for k in range(cells)]
        hops = np.sqrt(np.array(squares, dtype=float))
        self.X = np.diag(hops, -1) - np.diag(hops, 1)
        self.levels, self.modes = np.linalg.eigh(np.diag(hops, 1) + np.diag(hops, -1))
        self.phases = (-1j) ** np.arange(cells + 1)
        self.of_order = [np.diag(np.arange(cells + 1.0))]
        for _ in range(3):
            K = self.of_order[-1]
            self.of_order.append(K @ self.X - self.X @ K)
        self.bounds = [np.abs(K).sum(axis=1).max() for K in self.of_order]

    def moment(self, order, time):
        """A derivative of E."""
        state = self.modes @ (np.exp(-1j * self.levels * time) * self.modes[0])
        a = (state / self.phases).real
        return a @ self.of_order[order] @ a

    def zeros(self, f, slope, bounds, low, high):
        """Every zero of f between low and high, in order."""
        middle, half = (low + high) / 2, (high - low) / 2
        if abs(f(middle)) > bounds[0] * half:
            return
        if abs(slope(middle)) > bounds[1] * half:
            left, right = f(low), f(high)
            if left * right <= 0:
                yield self.bisected(f, low, high)
            return
        yield from self.zeros(f, slope, bounds, low, middle)
        yield from self.zeros(f, slope, bounds, middle, high)

    @staticmethod
    def bisected(f, low, high):
        """The zero of a monotonic function."""
        rising = f(high) > 0
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (low, middle) if (f(middle) > 0) == rising else (middle, high)
        return (low + high) / 2

    def peaks(self, until):
        """All maxima of E up to a time."""
        first, second = (lambda time, n=n: self.moment(n, time) for n in (1, 2))
        # Ë(0) > 0, so that E grows at first.
        start = self.moment(2, 0) / self.bounds[3] / 2
        found = self.zeros(first, second, self.bounds[2:], start, until)
        return [(time, self.moment(0, time)) for time in found if second(time) < 0]


four = Chain(4, 4)
show(Columns({"derivative of E": range(4), "never above": four.bounds}))
peaks = four.peaks(40)
window = {
    until: max((e, time) for time, e in peaks if time <= until) for until in (5, 40)
}
summary = {
    "first peak": (peaks[0][1], peaks[0][0]),
    "window gt ≤ 5": window[5],
    "window gt ≤ 40": window[40],
}
show(
    Columns(
        {
            "M = N = 4": list(summary),
            "E/ω0": [e for e, _ in summary.values()],
            "at gt": [time for _, time in summary.values()],
        },
        digits=12,
    )
)
print(len(peaks), "peaks up to gt = 40")

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 40, 6000)
energy = np.array([four.moment(0, time) for time in times])
axes.plot(times, energy, linewidth=0.7)
for (name, (value, time)), marker in zip(summary.items(), ("o", "s", "^"), strict=True):
    axes.plot([time], [value], marker, markersize=6, label=name)
axes.axhline(4, color="0.5", linewidth=0.8, linestyle=":", label="supremum")
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 40), ylim=(0, 5.3))
axes.legend(ncols=4, frameon=False, loc="upper center", columnspacing=1)
show(figure)

# %% [markdown]
# ## The largest power
#
# The same with $h=t\dot E-E$ in place of $\dot E$: $h'=t\ddot E$ and $|h''|\le\beta_2+t\beta_3$.
# The search is finite, because $P\le M\omega_0/t$: with any power that was seen, all times later
# than $M\omega_0/P$ are excluded.


# %%
def largest_power(chain, cells):
    """(value, time), and the time beyond which nothing had to be searched."""
    second = chain.moment(2, 0)
    start = second / chain.bounds[3]  # Ë > 0 before, and there h > 0
    seen = max(chain.moment(0, time) / time for time in np.linspace(start, 2, 50))
    end = cells / seen
    found = chain.zeros(
        lambda time: time * chain.moment(1, time) - chain.moment(0, time),
        lambda time: time * chain.moment(2, time),
        (end * chain.bounds[2], chain.bounds[2] + end * chain.bounds[3]),
        start,
        end,
    )
    return max((chain.moment(0, time) / time, time) for time in found), end


(power, when), end = largest_power(four, 4)
show(
    Columns(
        {"P_max/(g ω0)": [power], "at gt": [when], "searched up to gt": [end]},
        digits=10,
    )
)

# %% [markdown]
# ## The check

# %%
package = solve(SpinCharger(4, 4))
unit = {g: 1, omega_0: 1}
for name, kind, until in (
    ("first peak", "first peak", None),
    ("window gt ≤ 5", "window", 5),
    ("window gt ≤ 40", "window", 40),
):
    top = package.maximum(kind, until=until)
    assert abs(float(top.value.subs(unit)) - summary[name][0]) < 1e-11
    assert abs(float(top.time.subs(unit)) - summary[name][1]) < 1e-6
assert energy.max() <= summary["window gt ≤ 40"][0] + 1e-12 < 4
assert abs(charge(SpinCharger(4, 4)).max_power().value - power) < 1e-11
assert abs(float(digits(package.max_power().value.subs(unit), 20)) - power) < 1e-11
print("all assertions hold")
