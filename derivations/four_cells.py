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
# # Four cells
#
# **Question.** Four empty cells are charged by $N$ spins of which $m$ are up, at $\gamma=0$. What
# is $E(t)$, and is the battery ever full? The sector is a chain of five levels with zero diagonal:
# the frequencies are 0 and two pairs $\pm\lambda_{1,2}$, as for [three cells](three_cells.py),
# and the amplitudes of even levels now keep a constant part.

# %% tags=["hide-input"]
import mpmath
import numpy as np
from sympy import (
    I,
    Matrix,
    Poly,
    Rational,
    S,
    Symbol,
    collect,
    expand,
    eye,
    factor,
    lambdify,
    prod,
    simplify,
    sin,
    sqrt,
    symbols,
)

from numerics import certified, charge
from symbattery import SpinCharger, dicke, solve
from symbattery.output.notebook import panels, show
from symbattery.symbols import N, g, m, omega_0, t

# %% [markdown]
# ## The chain and its characteristic polynomial
#
# $b_k^2=g^2(k+1)(4-k)\cdot(m-k)(N-m+k+1)$. With a zero diagonal a change of sign of every second
# level changes the sign of $H$; five levels are one more of one kind than of the other, so that
# $\chi(x)=x\,Q(x^2)$ with a quadratic $Q$. For any hops:

# %%
b2 = [(k + 1) * (4 - k) * (m - k) * (N - m + k + 1) for k in range(4)]  # in units of g²
show({f"b_{k}^2": square for k, square in enumerate(b2)})
x, y = Symbol("x"), Symbol("y")
H = Matrix.zeros(5)
for k, hop in enumerate(b2):
    H[k, k + 1], H[k + 1, k] = hop, 1  # similar to the symmetric matrix
chi = Poly((x * eye(5) - H).det(), x)
any_hops = symbols("b_0:4")
general = H.subs(dict(zip(b2, [b**2 for b in any_hops], strict=True))).charpoly(x)
named_Q = sum(value * y ** (power // 2) for (power,), value in general.terms())
Q = Poly(named_Q.subs(dict(zip(any_hops, map(sqrt, b2), strict=True))), y)
show({"Q(y)": collect(named_Q, y)})
show({r"\chi(x)/x\,\big|_{m=N}": (chi.as_expr().subs(m, N).expand() / x).expand()})

# %% [markdown]
# ## The frequencies
#
# Half the sum of the roots of $Q$, and their distance; for all charger spins up both are short.

# %%
half_sum = factor(-Q.all_coeffs()[1] / 2)
spread = factor((half_sum**2 - Q.all_coeffs()[2]).expand())
all_up = [
    expand(half_sum.subs(m, N)) + sign * sqrt(expand(spread.subs(m, N)))
    for sign in (-1, 1)
]
show(
    {r"\lambda_{1}^2\,\big|_{m=N}": all_up[0], r"\lambda_{2}^2\,\big|_{m=N}": all_up[1]}
)
show({r"\tfrac12(\lambda_1^2+\lambda_2^2)": half_sum})

# %% [markdown]
# ## The amplitudes, by residues
#
# As before, $c_k=\sum_x\operatorname{Res}\,\langle k|(x-H)^{-1}|0\rangle\,e^{-ixt}$ over the five
# roots. The element of the resolvent is $b_0\cdots b_{k-1}\,\chi_{>k}(x)/\chi(x)$, where
# $\chi_{>k}$ belongs to the levels beyond $k$. Its residues at $\pm\lambda$ are equal for even
# $k$ and opposite for odd $k$, and the sum of all vanishes for $k\ge1$, which gives the residue at
# 0:
#
# $$c_{1,3}=-i\sum_rA_{kr}\sin\lambda_rgt,\qquad
#   c_{2,4}=-\sum_rA_{kr}\sin^2\frac{\lambda_rgt}2.$$

# %%
lam = [Symbol(f"lambda_{r}", positive=True) for r in (1, 2)]


def beyond(k):
    """The characteristic polynomial of the levels beyond k."""
    return (x * eye(4 - k) - H[k + 1 :, k + 1 :]).det() if k < 4 else S.One


def residue(k, r, sign):
    """At ±λ_r, with χ = x (x² - λ₁²)(x² - λ₂²)."""
    slope = x * (x + sign * lam[r]) * (x**2 - lam[1 - r] ** 2)
    return (sqrt(prod(b2[:k])) * beyond(k) / slope).subs(x, sign * lam[r])


weights = {
    (k, r): residue(k, r, 1) * (2 if k % 2 else 4) for k in range(1, 5) for r in (0, 1)
}
show({f"A_{{{k}1}}": factor(weights[k, 0].subs(m, N)) for k in range(1, 5)})


def amplitude(k):
    """c_k(t)."""
    if k % 2:
        return -I * sum(weights[k, r] * sin(lam[r] * g * t) for r in (0, 1))
    return -sum(weights[k, r] * sin(lam[r] * g * t / 2) ** 2 for r in (0, 1))


# %% [markdown]
# ## The stored energy
#
# $E(t)=\omega_0\sum_kk\,|c_k|^2$. (Above, $A_{k1}$ is shown for
# $m=N$; in $A_{k2}$ both frequencies are exchanged.) With names for the sizes:

# %%
energy = omega_0 * sum(
    k * expand(amplitude(k) * amplitude(k).conjugate()) for k in range(1, 5)
)
named = {(k, r): Symbol(f"A_{k}{r + 1}") for k, r in weights}
waves = {
    k: sum(
        named[k, r] * (sin(lam[r] * g * t) if k % 2 else sin(lam[r] * g * t / 2) ** 2)
        for r in (0, 1)
    )
    for k in range(1, 5)
}
show({"E(t)": omega_0 * sum(k * wave**2 for k, wave in waves.items())})


# %% tags=["hide-input"]
def frequencies(put):
    """The two frequencies at numbers."""
    centre, root = half_sum.subs(put), sqrt(spread.subs(put))
    return dict(zip(lam, (sqrt(centre - root), sqrt(centre + root)), strict=True))


def number(expression, put, time):
    """An energy at numbers, to 60 digits."""
    value = (
        expression.subs(put).subs(frequencies(put)).subs({t: time, g: 1, omega_0: 1})
    )
    return mpmath.mpf(value.evalf(60))


# %% [markdown]
# ## As many charger spins as cells
#
# For $M=N=4$ the chain reads the same from both ends, $b_k=b_{3-k}$. Even and odd combinations of
# levels $k$ and $4-k$ decouple: a pair with $\lambda^2=b_0^2=16$, and a triple with
# $\lambda^2=b_0^2+2b_1^2=88$. Frequencies 4 and $2\sqrt{22}$ have an irrational ratio, and a full
# battery, $c_4=1$, needs $\sin^2(2gt)=1$ and $\sin^2(\sqrt{22}\,gt)=0$ together: the energy comes
# as close to $4\omega_0$ as one likes and never reaches it.

# %%
hops = [hop.subs({N: 4, m: 4}) for hop in b2]
rates = [S(4), 2 * sqrt(22)]
put = {N: 4, m: 4, lam[0]: rates[0], lam[1]: rates[1]}
full = simplify(amplitude(4).subs(put))
show({r"\chi(x)": factor(chi.as_expr().subs(put)), "c_4(t)": full})

# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 6, 1500)
curve = lambdify(t, energy.subs(put).subs({g: 1, omega_0: 1}), "numpy")(times).real
numeric = charge(SpinCharger(4, 4)).energy(times)
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
    4, color="0.5", linewidth=0.8, linestyle=":", label=r"supremum $4\omega_0$"
)
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 6), ylim=(0, 4.9))
axes.legend(ncols=3, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## The check
#
# The polynomial and the residues; two independent evolutions and `symbattery` at numbers; and for
# $M=N=4$ all 256 product states of cells and charger spins.

# %%
solution = solve(SpinCharger(4, N), dicke(0, m))
mirrored = solve(SpinCharger(4, 4))
top, peak, window = (
    mirrored.maximum(kind, until=until)
    for kind, until in (("supremum", None), ("first peak", None), ("window", 20))
)
assert (chi.as_expr() - x * Q.as_expr().subs(y, x**2)).expand() == 0
assert all(
    (a**2 - 2 * a * (25 * N - 48) + Q.TC().subs(m, N)).expand() == 0 for a in all_up
)
assert (spread.subs(m, N) - (297 * N**2 - 1296 * N + 1728)).expand() == 0
# The residues at -λ, and the completeness that fixes the one at 0.
for k in range(1, 5):
    for r in (0, 1):
        assert simplify(residue(k, r, -1) - (-1) ** k * residue(k, r, 1)) == 0
    at_zero = (sqrt(prod(b2[:k])) * beyond(k)).subs(x, 0) / (lam[0] * lam[1]) ** 2
    others = [residue(k, r, sign) for r in (0, 1) for sign in (1, -1)]
    total = (at_zero + sum(others)).subs({N: 7, m: 5})
    assert abs(total.subs(frequencies({N: 7, m: 5})).evalf(30)) < 1e-25
# Two independent evolutions, and the package.
for put, time in (({N: 4, m: 4}, Rational(7, 10)), ({N: 9, m: 6}, Rational(3, 8))):
    chargers, up = int(put[N]), int(put[m])
    model = SpinCharger(4, chargers, 1, 1)
    with mpmath.workdps(60):
        here = number(energy, put, time)
        assert (
            abs(here - certified.energy(model, time, 55, dicke(0, up)).midpoint) < 1e-49
        )
        assert abs(here - number(solution.explicit().energy, put, time)) < 1e-49
    assert abs(charge(model, dicke(0, up)).energy(float(time)) - float(here)) < 1e-11
assert solution.verify(digits=50, points=3).digits >= 45
# As many spins as cells.
assert hops == hops[::-1] == [16, 36, 36, 16]
assert factor(chi.as_expr().subs({N: 4, m: 4})) == x * (x - 4) * (x + 4) * (x**2 - 88)
(motion,) = mirrored.explicit().motions.values()
assert list(motion.rates) == rates
assert top.value == 4 * omega_0
assert not top.attained
assert simplify(mirrored.explicit().amplitudes[4] - full) == 0
assert peak.value / omega_0 < window.value / omega_0 < 4
assert curve.max() < 4
assert np.abs(curve - numeric).max() < 1e-12
# Brute force: all 16 × 16 product states of cells and charger spins.
upwards, same = np.array([[0, 1], [0, 0]]), np.eye(2)


def collective(site_operator, spins):
    """The sum over all spins."""
    total = np.zeros((2**spins, 2**spins))
    for i in range(spins):
        term = np.eye(1)
        for j in range(spins):
            term = np.kron(term, site_operator if i == j else same)
        total += term
    return total


raising = collective(upwards, 4)
exchange = np.kron(raising, raising.T)
levels, modes = np.linalg.eigh(exchange + exchange.T)
start = np.zeros(256)
start[15 * 16] = 1  # cells |0000⟩ (last), charger |1111⟩ (first)
excited = np.repeat(np.rint(np.diag(collective(np.diag([1, 0]), 4))), 16)
for time in (0.3, 0.7, 5.5):
    state = modes @ (np.exp(-1j * levels * time) * (modes.T @ start))
    assert (
        abs(excited @ np.abs(state) ** 2 - charge(SpinCharger(4, 4)).energy(time))
        < 1e-11
    )
    assert abs(excited @ np.abs(state) ** 2 - mirrored.function("energy")(time)) < 1e-11
print("all assertions hold")
