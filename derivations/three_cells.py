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
# # Three cells
#
# **Question.** Three empty cells are charged by $N$ spins, all up, at $\gamma=0$. One or two cells
# have one frequency. What is new with three, and is the battery ever full?

# %% tags=["hide-input"]
import numpy as np
from sympy import (
    Matrix,
    Poly,
    Rational,
    S,
    Symbol,
    expand,
    eye,
    factor,
    prod,
    radsimp,
    simplify,
    sin,
    sqrt,
    sqrtdenest,
)
from sympy import N as digits

from numerics import charge
from symbattery import SpinCharger, solve
from symbattery.output.notebook import panels, show
from symbattery.symbols import N, g, omega_0, t

# %% [markdown]
# ## The chain and its characteristic polynomial
#
# The hops are $b_k^2=g^2(k+1)(M-k)\cdot(k+1)(N-k)$ with $M=3$: four levels $k=0,\dots,3$. We count
# in units of $g$. A similar matrix with $b_k^2$ above the diagonal and $1$ below has the same
# characteristic polynomial, and no square roots.

# %%
squares = [(k + 1) ** 2 * (3 - k) * (N - k) for k in range(3)]
x, y = Symbol("x"), Symbol("y")
H = Matrix(4, 4, lambda i, j: squares[i] if j == i + 1 else int(j == i - 1))
chi = H.charpoly(x)
show({rf"b_{k}^2": square for k, square in enumerate(squares)})
show({r"\chi(x)": chi.as_expr()})

# %% [markdown]
# Only even powers occur: with a zero diagonal, a change of sign of every second level changes the
# sign of $H$, so the spectrum is symmetric. With $y=x^2$ there is a quadratic equation, and two
# frequencies.

# %%
Q = Poly({power // 2: value for (power,), value in chi.terms()}, y)
_, linear, constant = Q.all_coeffs()
half_sum = expand(-linear / 2)
discriminant = expand(half_sum**2 - constant)
lambda_squared = [half_sum - sqrt(discriminant), half_sum + sqrt(discriminant)]
show({f"\\lambda_{r}^2": value for r, value in enumerate(lambda_squared, start=1)})

# %% [markdown]
# ## The amplitudes
#
# By residues of the resolvent, as for [two cells](two_cells.py):
# $\langle k|(x-H)^{-1}|0\rangle=b_0\cdots b_{k-1}\,\chi_{>k}(x)/\chi(x)$, where $\chi_{>k}$ is the
# characteristic polynomial of the levels beyond $k$. The poles $\pm\lambda_r$ pair up to cosines
# for even $k$ and to sines for odd $k$: $c_k=\sum_rA_{kr}\cos\lambda_rgt$ or
# $c_k=-i\sum_rA_{kr}\sin\lambda_rgt$.

# %%
lam = [Symbol(f"lambda_{r}", positive=True) for r in (1, 2)]


def beyond(k):
    """The characteristic polynomial of the levels beyond k."""
    return (x * eye(3 - k) - H[k + 1 :, k + 1 :]).det() if k < 3 else S.One


def weight(k, r):
    """Twice the residue at λ_r, with χ = (x² - λ₁²)(x² - λ₂²)."""
    slope = 2 * lam[r] * (lam[r] ** 2 - lam[1 - r] ** 2)
    return 2 * sqrt(prod(squares[:k])) * beyond(k).subs(x, lam[r]) / slope


A = {(k, r): simplify(weight(k, r)) for k in range(4) for r in (0, 1)}
show({f"A_{{{k}1}}": A[k, 0] for k in range(4)})

# %% [markdown]
# ($A_{k2}$ has the two frequencies exchanged.) The stored energy is
# $E=\omega_0(|c_1|^2+2|c_2|^2+3|c_3|^2)$. As $c_2(0)=0$, $A_{21}=-A_{22}$, which makes of $c_2$ a
# difference of two cosines.

# %%
names = {(k, r): Symbol(f"A_{k}{r + 1}") for k, r in A}
named = omega_0 * (
    (names[1, 0] * sin(lam[0] * g * t) + names[1, 1] * sin(lam[1] * g * t)) ** 2
    + 8
    * names[2, 0] ** 2
    * (sin(lam[0] * g * t / 2) ** 2 - sin(lam[1] * g * t / 2) ** 2) ** 2
    + 3 * (names[3, 0] * sin(lam[0] * g * t) + names[3, 1] * sin(lam[1] * g * t)) ** 2
)
energy = named.subs({name: A[key] for key, name in names.items()})
show({"E(t)": named})

# %% [markdown]
# ## As many charger spins as cells
#
# For $M=N$ the chain reads the same from both ends and $\chi$ factors once more.

# %%
equal = factor(chi.as_expr().subs(N, 3))
rates = [sqrtdenest(sqrt(value.subs(N, 3))) for value in lambda_squared]
show({r"\chi(x)\,\big|_{N=3}": equal, r"\lambda_1": rates[0], r"\lambda_2": rates[1]})

# %% [markdown]
# The amplitude of the full battery is

# %%
put = {N: 3, lam[0]: rates[0], lam[1]: rates[1]}
full = [radsimp(A[3, r].subs(put)) for r in (0, 1)]
show(
    {
        "A_{31}": full[0],
        "A_{32}": full[1],
        "|A_{31}|+|A_{32}|": simplify(full[1] - full[0]),
    }
)

# %% [markdown]
# The sizes just add up to 1, so $|c_3|=1$ needs $\sin\lambda_1gt=\pm1$ and
# $\sin\lambda_2gt=\mp1$ at the same time: both phases odd multiples of $\pi/2$, and their ratio
# rational. But $\lambda_2/\lambda_1$ is irrational. By
# Kronecker's theorem the two phases then come arbitrarily close to *any* pair of values, those of
# a full battery among them, and never reach these. The supremum $3\omega_0$ is approached and not
# attained, and the first peak is lower: with three cells "the maximum" has to be said more
# precisely, which is the subject of [the lesson on maxima](maxima.py).

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 12, 1500)
frequencies = [float(rate) for rate in rates]


def curve_at(times):
    """E(t)/ω0 for N = 3 from the formula above."""
    s = [np.sin(f * times) for f in frequencies]
    h = [np.sin(f * times / 2) ** 2 for f in frequencies]
    a = {key: float(value.subs(put)) for key, value in A.items()}
    one, three = (a[k, 0] * s[0] + a[k, 1] * s[1] for k in (1, 3))
    return one**2 + 8 * a[2, 0] ** 2 * (h[0] - h[1]) ** 2 + 3 * three**2


curve, numeric = curve_at(times), charge(SpinCharger(3, 3)).energy(times)
axes.plot(times, curve, label="formula")
axes.plot(
    times[::40],
    numeric[::40],
    "o",
    markersize=3.5,
    markerfacecolor="white",
    label="numerics",
)
axes.axhline(
    3, color="0.5", linewidth=0.8, linestyle=":", label=r"supremum $3\omega_0$"
)
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 12), ylim=(0, 3.7))
axes.legend(ncols=3, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The check
#
# The equation of motion and the norm; `symbattery` at numbers, to 50 digits; and `symbattery`
# against independent evolutions.


# %%
package, mirrored = solve(SpinCharger(3, N)), solve(SpinCharger(3, 3))
written_out = package.explicit().energy
for chargers, time in (
    (3, Rational(7, 10)),
    (5, Rational(13, 10)),
    (40, Rational(1, 9)),
):
    values = {N: chargers, g: 1, omega_0: 1, t: time}
    found = [sqrt(value.subs(N, chargers)) for value in lambda_squared]
    ours = digits(energy.subs(dict(zip(lam, found, strict=True))).subs(values), 60)
    assert abs(ours - digits(written_out.subs(values), 60)) < Rational(1, 10**50)
    exact = charge(SpinCharger(3, chargers)).energy(float(time))
    assert abs(exact - float(ours)) < 1e-11
    # The start, from the amplitudes: 1 in the empty battery, nothing in k = 2.
    start = [sum(A[k, r] for r in (0, 1)).subs(N, chargers) for k in (0, 2)]
    start = [digits(s.subs(dict(zip(lam, found, strict=True))), 40) for s in start]
    assert abs(start[0] - 1) < Rational(1, 10**38)
    assert abs(start[1]) < Rational(1, 10**38)
assert all(power % 2 == 0 for (power,) in chi.monoms())
assert rates == [sqrt(13) - 2, sqrt(13) + 2]
assert simplify(full[1] - full[0]) == 1
top = mirrored.maximum()
assert (top.value, top.attained) == (3 * omega_0, False)
assert np.abs(curve - numeric).max() < 1e-12
assert curve.max() < 3
assert package.verify(digits=50, points=4).digits >= 45
print("all assertions hold")
