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
# # The best start for the power
#
# **Question.** *M* empty cells, *N* charger spins, *m* of them up, $\gamma=0$, resonance. For [the
# energy](best_start.py) $m=(M+N)/2$ is best. Which *m* gives the largest power $E/t$, and how does
# it grow with the size?

# %% tags=["hide-input"]
import numpy as np
from scipy.optimize import brentq
from sympy import Symbol, cos, diff, sin, solve, symbols

from numerics import SpinCharger, charge, dicke
from symbattery.limits.best_start import BalancedStart, best_power
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M

angle = Symbol("theta", positive=True)
sigma, phi = symbols("sigma varphi")

# %% [markdown]
# ## Many charger spins
#
# With $\epsilon=1/(N+1)$, $\theta=g(N+1)t$ and $\sigma=m-\frac{M+N}2$ the chain is that of $S_x$
# for the spin $M/2$, turned at $\theta$, and to first order
# $4\epsilon^2\sigma V-2\epsilon^2\sigma^2S_x$ more, $V=\frac12(S_zS_x+S_xS_z)$, beside what does
# not depend on $\sigma$.
# To this order
#
# $$\frac{\delta E}{\omega_0}=-\epsilon^2\big[\sigma^2M\,\theta\sin\theta
#   +\sigma M(M-1)\sin^2\theta\big],$$
#
# the second term from $i\langle[V(s),S_z(\theta)]\rangle$, with
# $\langle S_z^2-S_x^2\rangle=\frac14M(M-1)$. It is largest at
# $\sigma=-\frac{(M-1)\sin\theta}{2\theta}$, and the power of the rotation,
# $(1-\cos\theta)/\theta$, at $\tan\frac\theta2=\theta$, where
# $\frac{\sin\theta}{2\theta}=\frac1{1+\theta^2}$.

# %%
gained = sigma**2 * M * angle * sin(angle) + sigma * M * (M - 1) * sin(angle) ** 2
best_sigma = solve(diff(gained, sigma), sigma)[0]
stationary = diff((1 - cos(angle)) / angle, angle) * angle**2
root = brentq(lambda x: np.tan(x / 2) - x, 2, 2.5)
show({r"\sigma_P": best_sigma, r"\theta": root, r"1/(1+\theta^2)": 1 / (1 + root**2)})

# %% [markdown]
# ## Large batteries
#
# With $d=N-m$ a part of $N$ the classical motion $\dot k=2g\sqrt{k(k+d)(M-k)(m-k)}$ leaves
# $k=0$ at once, and no logarithm arises: $P_{\max}\to cM^2g\omega_0$. Relative fluctuations vanish
# (near $k=0$ the hops are those of a driven oscillator, and $k$ is Poissonian), so that this is the
# leading term; it is not proven here, and measured below. $M=N$:


# %%
law = best_power()
sizes = (25, 50, 100)


def power(cells, chargers, up):
    """The largest E/t in units of gω₀."""
    return charge(SpinCharger(cells, chargers), dicke(0, up)).max_power().value


def best(cells, chargers, near):
    """The largest power and its m, uphill from a start nearby."""
    found = {near: power(cells, chargers, near)}
    while True:
        top = max(found, key=found.get)
        beside = {up for up in (top - 1, top + 1) if 0 < up <= chargers} - found.keys()
        if not beside:
            return found[top], top
        found |= {up: power(cells, chargers, up) for up in beside}


strongest = [best(n, n, round(n * float(law.excited))) for n in sizes]
full = [power(n, n, n) for n in sizes]
errors = [
    n * (p / n**2 / float(law.power) - 1)
    for n, (p, _) in zip(sizes, strongest, strict=True)
]
show(
    Columns(
        {
            "M = N": sizes,
            "all up: P_max/(gω₀M²)": [
                p / n**2 for n, p in zip(sizes, full, strict=True)
            ],
            "best start": [
                p / n**2 for n, (p, _) in zip(sizes, strongest, strict=True)
            ],
            "its m/N": [up / n for n, (_, up) in zip(sizes, strongest, strict=True)],
            "M·error of the law": errors,
        }
    )
)

# %% [markdown]
# With all spins up the power per $M^2$ falls like $2/\ln4M$; from the best start it tends to
# $0.3124$. So $\beta=d\ln\eta/d\ln M\simeq1-1/M$ there, and $0.99$ is reached at a hundred cells.

# %%
slopes = {n: np.log(best(n + 5, n + 5, round(0.77 * n))[0] / best(n - 5, n - 5, round(0.77 * n))[0])
    / np.log((n + 5) / (n - 5)) - 1 for n in (100,)}  # fmt: skip
show(Columns({"M = N": list(slopes), "β, best start": list(slopes.values())}))

# %%
climbed = {n: best(5, n, max(1, n // 2))[1] for n in (*range(5, 14), 17, 20, 25, 30)}

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
axes.plot(list(climbed), list(climbed.values()), "o", label="best $m$, $M=5$")
line = np.array(list(climbed))
axes.plot(line, (5 + line) / 2, ":", label="$(M+N)/2$")
axes.plot(line, (5 + line) / 2 - 4 / (1 + root**2), label="law")
axes.set(xlabel="charger spins $N$", ylabel="$m$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check

# %%
assert abs(stationary.subs(angle, root).evalf()) < 1e-10
assert (
    abs(float((best_sigma / (1 - M)).subs({M: 7, angle: root})) * (1 + root**2) - 1)
    < 1e-10
)
theirs = float(BalancedStart(5, 20).excited_for_power.evalf())
assert abs(theirs - 12.5 + 4 / (1 + root**2)) < 1e-12
everything = [power(5, 13, up) for up in range(1, 14)]
assert 1 + int(np.argmax(everything)) == climbed[13]
for chargers, up in climbed.items():
    if chargers >= 10:
        assert abs(up - (5 + chargers) / 2 + 4 / (1 + root**2)) < 1
# M times the error tends to a number.
assert max(errors) - min(errors) < 0.02
assert 0.985 < slopes[100] < 0.995
assert all(p[0] / q > 1.1 for p, q in zip(strongest, full, strict=True))
for ratio in (1, 3, 0.25):
    # No neighbour of the classical optimum is faster.
    m, d = (
        x * ratio
        for x in (
            float(best_power(ratio).excited),
            1 - float(best_power(ratio).excited),
        )
    )
    q = (np.arange(4000) + 0.5) / 4000 * np.sqrt(float(best_power(ratio).filling))
    for moved in (-0.02 * min(ratio, 1), 0.0, 0.02 * min(ratio, 1)):
        speed = np.sqrt((q**2 + d + moved) * (1 - q**2) * (m - moved - q**2))
        rate = q[-1] ** 2 / np.sum(2 * q[0] / speed) / ratio
        assert rate < float(best_power(ratio).power) * (
            1 + 1e-3 - (moved != 0) * 1.1e-3
        )
print("all assertions hold")
