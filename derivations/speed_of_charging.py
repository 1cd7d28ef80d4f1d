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
# # How fast a battery can be charged
#
# **Question.** How much power can a battery of *M* cells and *N* charger spins, or *n* photons,
# have at most? Beyond a few cells there is no formula for it, but perhaps a bound at every size.

# %% tags=["hide-input"]
from itertools import product

import numpy as np
from sympy import Poly, cos, diff, expand, factor, simplify, sin, sinh, sqrt, symbols

from numerics import CavityCharger, SpinCharger, charge, energy_bound, power_bound
from symbattery import short_times, two_cells
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M, N, g, gamma, omega_0, t

k, n, q, rate = symbols("k n q Omega", positive=True)

# %% [markdown]
# ## A constant speed
#
# At $\gamma=0$, on resonance and without crosstalk, $H$ only hops along a chain of states with $k$
# excited cells, with the elements $h_k$. From $|k_0\rangle$ the amplitudes are $(-i)^{k-k_0}a_k$
# with *real* $a_k$. So $\dot p_k^2/p_k=4\dot a_k^2$, and the Fisher information about the time,
#
# $$I_E=\sum_k\frac{\dot p_k^2}{p_k}=4\sum_k\dot a_k^2=4\langle H^2\rangle
# =4(h_{k_0}^2+h_{k_0-1}^2),$$
#
# is **constant**: $\sqrt{p_k}$ moves on a sphere at constant speed, $g\sqrt{MN}$ from an empty
# battery. As $\sum_k\dot p_k=0$, Cauchy and Schwarz bound the power by the fluctuations,
#
# $$\dot E^2=\omega_0^2\Big(\sum_k(k-\langle K\rangle)\,\dot p_k\Big)^2\le I_E\,\mathrm{Var}\,H_B.$$
#
# [Two cells](two_cells.py) show it, with $q=N/(3N-2)$:

# %%
c = 1 - cos(rate * t)
a = 1 - q * c, sqrt(q) * sin(rate * t), sqrt(q - q**2) * c
speed = simplify(sum(diff(x, t) ** 2 for x in a))
show({f"a_{i}": x for i, x in enumerate(a)} | {r"\sum_k\dot a_k^2": speed})

# %% [markdown]
# ## The force on the energy
#
# $\ddot K=-[H,[H,K]]$ has the diagonal $2(h_k^2-h_{k-1}^2)$, and nothing else if all sites have the
# same energy. Hops are $h_k^2=g^2(k+1)(M-k)r$, with $r=(N-k)(k+1)$ for spins, $n-k$ for photons.


# %%
def force(lowered):
    """K'' / 2g² as a polynomial in k."""
    hop = (k + 1) * (M - k) * lowered
    return expand(hop - hop.subs(k, k - 1))


spins, photons = force((N - k) * (k + 1)), force(n - k)
show({r"\ddot K/2g^2,\ \text{spins}": spins, r"\text{photons}": photons})

# %% [markdown]
# A straight line is above each:

# %%
room = {
    r"MN(2k+1)-\ddot K/2g^2": factor(M * N * (2 * k + 1) - spins),
    r"Mn-\tfrac12(M+n+2)k-\ddot K/2g^2": factor(M * n - (M + n + 2) * k / 2 - photons),
}
show(room)

# %% [markdown]
# As $2k\le M+N$, or $2k\le M+n$, both are at least 0. With $G=g\sqrt{MN}$, $\Omega=g\sqrt{M+n+2}$,
#
# $$\frac{d^2}{dt^2}\langle K\rangle\le2G^2(2\langle K\rangle+1),\qquad
# \frac{d^2}{dt^2}\langle K\rangle\le2g^2Mn-\Omega^2\langle K\rangle.$$
#
# ## From the force to the energy
#
# Equality has the solutions $\sinh^2Gt$ and $\frac{4Mn}{M+n+2}\sin^2\frac{\Omega t}2$. What is
# missing from it, a force $-f(t)\le0$, moves $\langle K\rangle$ by $-\int_0^t\!ds\,f(s)
# \sinh(2G(t-s))/2G$, or by the same with $\sin(\Omega(t-s))/\Omega$, which is not positive up to
# $\Omega t=\pi$, the top of the sine. So with $\mu=\min(M,N)$, or $\min(M,n)$,
#
# $$E\le\omega_0\min(\mu,\sinh^2Gt),\qquad
# E\le\omega_0\min\Big(\mu,\tfrac{4Mn}{M+n+2}\sin^2\tfrac{\Omega t}2\Big)
# \le\omega_0\min(\mu,Mn\,g^2t^2).$$
#
# $\sinh^2(Gt)/t$ and $t$ grow, so that $E/t$ is at most what it is where the two bounds meet:
#
# $$P\le\frac{\mu\,\omega_0\,g\sqrt{MN}}{\mathrm{arsinh}\sqrt\mu},\qquad
# P\le\omega_0\,g\sqrt{\mu Mn}.$$
#
# A cavity with $n=M$ photons has at most $\sqrt M$ times the bound $Mg\omega_0$ of *M* cells with
# a photon each; for spins it is $2M/\ln4M$, the leading term of [the law](asymptotics_power.py) of
# $M=N$. [The mean field](bounds_of_charging.py) is a sharper bound, and holds for any crosstalk
# and detuning.


# %%
def most_power(m):
    """Both bounds at M = N = n."""
    return m**2 / np.arcsinh(np.sqrt(m)), m**1.5


def most_energy(m, times):
    """Both bounds at M = N = n."""
    phase = np.minimum(np.sqrt((m + 1) / 2) * times, np.pi / 2)
    spins = np.sinh(np.minimum(m * times, m)) ** 2
    return np.minimum(m, spins), np.minimum(m, 2 * m**2 / (m + 1) * np.sin(phase) ** 2)


columns = {"M": [1, 10, 100, 1000], "P/bound, spins": [], "P/bound, photons": []}
sizes, *shares = columns.values()
for m in sizes:
    models = SpinCharger(m, m), CavityCharger(m)
    for found, model, most in zip(shares, models, most_power(m), strict=True):
        found.append(charge(model).max_power().value / most)
show(Columns(columns))

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 0.45, 300)
for model, most in zip(
    (SpinCharger(10, 10), CavityCharger(10)), most_energy(10, times), strict=True
):
    label = f"10 {model.charger.quanta}"
    (line,) = axes.plot(times, charge(model).energy(times), label=label)
    axes.plot(times, most, "--", color=line.get_color())
axes.set(xlabel=r"$gt$", ylabel=r"$E/\omega_0$", title="10 cells, and their bounds")
axes.legend()
show(figure)

# %% [markdown]
# ## An amplifier at first
#
# In a large battery the early energy *is* $\omega_0\sinh^2Gt$. Of every coefficient of
# [its series in time](short_times.py) keep the highest power of $MN$; with anisotropy, too:


# %%
def leading(anisotropy, order):
    """The coefficients of E(t), of (MN)^(p/2) at t^p."""
    model = SpinCharger(M, N, anisotropy=anisotropy)
    terms = short_times(model, order=order).coefficients.items()
    return {p: Poly(c, M, N).coeff_monomial((M * N) ** (p // 2)) for p, c in terms}


plain, squeezed = leading(0, 12), leading(gamma, 6)
show({f"[t^{{{p}}}]\\,E/(MN)^{{{p // 2}}}": c for p, c in plain.items()})
show({r"[t^6]\,E/(MN)^3,\ \gamma\ne0": factor(squeezed[6])})
amplified = (omega_0 * sinh(g * t) ** 2).series(t, 0, 14).removeO()

# %% [markdown]
# These are the coefficients of $\omega_0\sinh^2gt$, so that $E\simeq\omega_0\sinh^2Gt$: both sides
# are bosons as long as few excitations have moved, and each exchange makes the next one likelier.
# With anisotropy (and $\omega_0\ll G$: pairs cost $2\omega_0$) the rate becomes
# $\sqrt{1-\gamma^2}\,G$, and the energy is divided by $1-\gamma^2$.
#
# ## The check

# %%
moving = {rate: sqrt(2 * (3 * N - 2)) * g, q: N / (3 * N - 2)}
assert simplify(speed.subs(moving)) == 2 * N * g**2
package = two_cells().explicit()
for i, x in enumerate(a):
    assert simplify(package.populations[i] - (x**2).subs(moving)) == 0
# Divided by k both are concave in k, and not negative at either end: nor in between.
ends = (M + N, (M + N) ** 2 / 2 + M + N), (3 * (M + n) / 2, 0)
for left, most, pair in zip(room.values(), (M + N, M + n), ends, strict=True):
    quotient = expand(simplify(left / k))
    assert diff(quotient, k, 2) <= 0
    for end, value in zip((0, most / 2), pair, strict=True):
        assert expand(quotient.subs(k, end) - value) == 0
assert all(amplified.coeff(t, p) == c for p, c in plain.items())
slower = (sinh(rate * t) ** 2).series(t, 0, 8).removeO()
for p, value in squeezed.items():
    slowed = slower.coeff(t, p).subs(rate, sqrt(1 - gamma**2) * g)
    assert factor(value - omega_0 * slowed / (1 - gamma**2)) == 0
late = np.linspace(0, 3, 2000)
assert max(map(max, shares)) < 1
assert min(map(min, shares)) > 0.5
for m, kind in product(range(1, 21), (0, 1)):
    model = (SpinCharger(m, m), CavityCharger(m))[kind]
    battery = charge(model)
    assert np.all(battery.energy(late) <= most_energy(m, late)[kind] * (1 + 1e-12))
    assert np.all(energy_bound(model, late) <= most_energy(m, late)[kind] * (1 + 1e-12))
    assert power_bound(model) <= most_power(m)[kind]
    assert np.all(battery.speed_ratio(late[1:]) <= 1 + 1e-9)
    assert np.allclose(battery.fisher_information(late), 4 * m**2, rtol=1e-9)
print("all assertions hold")
