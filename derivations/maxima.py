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
# # Three senses of "maximum"
#
# **Question.** What is the largest energy of a battery whose $E(t)$ never repeats? The *first peak*
# of $E(t)$, the largest $E$ in a *window*, and the *supremum* over all times are the same for one
# frequency, and three different numbers for several. The supremum is found here, at $\gamma=0$ with
# all charger spins up, and [every peak](every_peak.py) of a window in another derivation.

# %% tags=["hide-input"]
from itertools import combinations

import numpy as np
from sympy import (
    Matrix,
    Rational,
    S,
    Symbol,
    eye,
    factor,
    minimal_polynomial,
    nsimplify,
    prod,
    simplify,
    sqrt,
    sqrtdenest,
    symbols,
    zeros,
)
from sympy import N as digits

from numerics import charge
from symbattery import SpinCharger, solve
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import N, omega_0

# %% [markdown]
# ## Kronecker: all phases come about
#
# One frequency: $E$ is a polynomial in $S=\sin^2\varphi$ on $[0,1]$, its maximum is found by one
# derivative ([two cells](two_cells.py)), and is reached again and again.
#
# Several frequencies: if $\lambda_1,\dots,\lambda_R$ are linearly independent over the rationals,
# the phases $\lambda_rgt$ come arbitrarily close to *any* angles. The supremum over time is the
# maximum over independent angles, and time may be forgotten. Three and four cells have $R=2$:
# independent means that the ratio is irrational. For as many charger spins as cells:

# %%
x = Symbol("x")


def squares(cells, chargers):
    """The squared hops in units of g²."""
    return [(k + 1) ** 2 * (cells - k) * (chargers - k) for k in range(cells)]


def frequencies(cells, chargers):
    """The positive roots of the characteristic polynomial, for three and four cells."""
    b2 = squares(cells, chargers)
    total = sum(b2)
    apart = sum(b * c for (i, b), (j, c) in combinations(enumerate(b2), 2) if j > i + 1)
    spread = sqrt(total**2 - 4 * apart)
    return [sqrtdenest(sqrt((total - sign * spread) / 2)) for sign in (1, -1)]


rates = {size: frequencies(size, size) for size in (3, 4)}
ratios = {
    size: sqrtdenest((low / high).radsimp()) for size, (low, high) in rates.items()
}
for size, ratio in ratios.items():
    where = rf"\,\big|_{{M=N={size}}}"
    show(
        {
            rf"\lambda_1/\lambda_2{where}": ratio,
            f"0{where}": minimal_polynomial(ratio, x),
        }
    )

# %% [markdown]
# The minimal polynomials of both ratios have a degree above one: they are irrational.
#
# ## A quadratic form, and a certificate
#
# By residues, an even amplitude is $\alpha_k+\sum_rA_{kr}u_r$ with $u_r=\cos\lambda_rgt$, and an
# odd one is $-i\sum_rA_{kr}s_r$ with $s_r=\sin\lambda_rgt$. The energy is therefore a quadratic
# form in $z=(1,u_1,u_2)$ plus one in $s$. Because $u_r^2+s_r^2=1$, for *any* multipliers $\mu$
#
# $$E/\omega_0=\mu_0+\mu_1+\mu_2-z^T[\mathrm{diag}(\mu)-Q_u]\,z-s^T[\mathrm{diag}(\mu)-Q_s]\,s.$$
#
# If both brackets are positive semidefinite, no angles do better than $\mu_0+\mu_1+\mu_2$; and that
# is the maximum if the brackets vanish on some angles. Alternating phases are a good guess:
# $s=(1,-1)$, $u=0$ for an odd and $u=(-1,1)$, $s=0$ for an even number of cells. They determine the
# multipliers; what is left is to look at the eigenvalues of two small matrices.


# %%
def forms(cells, chargers):
    """Q_u and Q_s."""
    b2 = squares(cells, chargers)
    lam = frequencies(cells, chargers)
    H = Matrix(
        cells + 1, cells + 1, lambda i, j: b2[i] if j == i + 1 else int(j == i - 1)
    )
    Q_u, Q_s = zeros(3), zeros(2)
    for k in range(1, cells + 1):
        rest = (x * eye(cells - k) - H[k + 1 :, k + 1 :]).det() if k < cells else S.One
        top = sqrt(prod(b2[:k])) * rest
        sizes = []
        for r in (0, 1):
            slope = (
                2 * lam[r] * (lam[r] ** 2 - lam[1 - r] ** 2)
            )  # χ', without a root at 0
            slope *= lam[r] if cells % 2 == 0 else 1
            sizes.append(2 * top.subs(x, lam[r]) / slope)
        if k % 2:
            row = Matrix([sizes])
            Q_s += k * row.T * row
        else:
            row = Matrix([[-sum(sizes), *sizes]])
            Q_u += k * row.T * row
    return Q_u, Q_s


def certificate(cells, chargers):
    """The multipliers from alternating phases, and the eigenvalues of both brackets."""
    Q_u, Q_s = forms(cells, chargers)
    if cells % 2:
        s = Matrix([1, -1])
        image = Q_s * s
        mu = [Q_u[0, 0], *(image[r] / s[r] for r in (0, 1))]
    else:
        z = Matrix([1, -1, 1])
        image = Q_u * z
        mu = [image[r] / z[r] for r in range(3)]
    brackets = Matrix.diag(*mu) - Q_u, Matrix.diag(*mu[1:]) - Q_s
    lowest = [
        min(np.linalg.eigvalsh(np.array(bracket.evalf(30), dtype=float)))
        for bracket in brackets
    ]
    return sum(mu), lowest


table = {
    "M": [],
    "N": [],
    "Σμ": [],
    "lowest eigenvalue of diag μ − Q_u": [],
    "… − Q_s": [],
}
suprema = {}
for cells, chargers in ((3, 3), (3, 4), (3, 5), (3, 10), (4, 4)):
    value, lowest = certificate(cells, chargers)
    suprema[cells, chargers] = value
    row = (
        cells,
        chargers,
        float(value.evalf(20)),
        *(round(each, 12) + 0 for each in lowest),
    )
    for column, entry in zip(table.values(), row, strict=True):
        column.append(entry)
show(Columns(table, digits=9))

# %% [markdown]
# No eigenvalue is negative: the bound $\sum\mu$ is the supremum. A time that reached it would make
# all phases multiples of $\pi/2$, and their ratio rational: the supremum is never attained. As many
# charger spins as cells charge fully, in the limit.
#
# ## Three cells and any number of charger spins
#
# With alternating phases $E/\omega_0=(|A_{11}|+|A_{12}|)^2+3(|A_{31}|+|A_{32}|)^2$. In
# $p=\lambda_1\lambda_2$ and $\lambda_1+\lambda_2$ it is short. With the amplitudes of
# [three cells](three_cells.py):

# %%
l_1, l_2, p = symbols("lambda_1 lambda_2 p", positive=True)
b_0, b_1, b_2 = (sqrt(square) for square in squares(3, N))
apart = l_1**2 - l_2**2
first = [b_0 * (rate**2 - b_2**2) / (rate * apart) for rate in (l_1, l_2)]
third = [b_0 * b_1 * b_2 / (rate * apart) for rate in (l_1, l_2)]
alternating = factor(simplify(sum(first) ** 2 + 3 * sum(third) ** 2))
gap = (b_0**2 + b_1**2 + b_2**2) - 2 * p  # (λ₂ - λ₁)²
product = sqrt(factor((b_0 * b_2) ** 2))
numerator = simplify(alternating * (l_1 - l_2) ** 2).subs(l_1, p / l_2)
supremum = factor(simplify(numerator)) / gap
show({r"\lambda_1\lambda_2=p": product, r"\sup E/\omega_0": supremum})

# %%
four_spins = simplify(supremum.subs({N: 4}).subs(p, product.subs(N, 4))).radsimp()
show({r"\sup E/\omega_0\,\big|_{M=3,\,N=4}": four_spins})

# %% [markdown]
# ## A diagonal: three levels
#
# With crosstalk or detuning two cells have three frequencies that add up,
# $E/\omega_0=\sum_iB_i\sin^2(\alpha_i/2)$ with $\alpha_3=\alpha_1+\alpha_2$
# ([crosstalk](crosstalk.py)). Where all derivatives vanish without the sines,
# $B_1\sin\alpha_1=B_2\sin\alpha_2=-B_3\sin\alpha_3$: the law of sines in a triangle with the sides
# $1/|B_i|$, whose angles the law of cosines gives. Three charger spins, $g_1=5g$:

# %%
H = np.diag(np.sqrt([6.0, 8.0]), 1)
H += H.T + np.diag([0, 4 * 5.0, 4 * 5.0])  # a_k = 2k(3 - k) g₁
_, modes = np.linalg.eigh(H)
sizes = modes[1:] * modes[0]
pairs = ((0, 1), (1, 2), (0, 2))
B = [-4 * sum(k * sizes[k - 1, r] * sizes[k - 1, s] for k in (1, 2)) for r, s in pairs]
sides = [1 / abs(b) for b in B]
cosines = [
    (sum(side**2 for side in sides) - 2 * sides[i] ** 2)
    / (2 * np.prod(sides) / sides[i])
    for i in range(3)
]
angles = np.linspace(0, 2 * np.pi, 1201)
one, two = np.meshgrid(angles, angles)
torus = sum(
    b * np.sin(a / 2) ** 2 for b, a in zip(B, (one, two, one + two), strict=True)
)
at_triangle = max(
    sum(b * (1 - sign * c) / 2 for b, c, sign in zip(B, cosines, signs, strict=True))
    for signs in ((1, 1, -1), (1, -1, 1), (-1, 1, 1), (-1, -1, -1))
)
show(Columns({"B": B, "1/|B|": sides, "cosine": cosines}))
show(
    Columns(
        {
            "at the triangle": [at_triangle],
            "on a grid of angles": [torus.max()],
            "as a fraction": [
                str(nsimplify(at_triangle, rational=True, tolerance=1e-9))
            ],
        },
        digits=10,
    )
)

# %% [markdown]
# ## Close to it
#
# The supremum says nothing of *when*. Four cells and four charger spins come ever closer to a full
# charge:

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
times = np.linspace(0, 40, 6000)
energy = charge(SpinCharger(4, 4)).energy(times)
axes.plot(times, energy, linewidth=0.7, label="$E$")
axes.plot(times, np.maximum.accumulate(energy), label="the largest so far")
axes.axhline(4, color="0.5", linewidth=0.8, linestyle=":", label="supremum")
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 40), ylim=(0, 5.3))
axes.legend(ncols=3, frameon=False, loc="upper center", columnspacing=1)
show(figure)

# %% [markdown]
# ## The check

# %%
assert all(minimal_polynomial(r, x, polys=True).degree() > 1 for r in ratios.values())
assert all(low > -1e-9 for column in list(table.values())[3:] for low in column)
for (cells, chargers), value in suprema.items():
    top = solve(SpinCharger(cells, chargers)).maximum()
    assert abs(digits(top.value / omega_0 - value, 30)) < Rational(1, 10**25)
    assert not top.attained
for chargers in range(3, 20):
    value = solve(SpinCharger(3, chargers)).maximum().value / omega_0
    ours = supremum.subs(N, chargers).subs(p, product.subs(N, chargers))
    assert abs(digits(value - ours, 30)) < Rational(1, 10**25)
assert [suprema[size, size].evalf(20) - size for size in (3, 4)] == [0, 0]
assert simplify(four_spins - (129 + 16 * sqrt(6)) / 57) == 0
model = SpinCharger(2, 3, coupling=1, frequency=1, charger_crosstalk=5)
assert solve(model).maximum("supremum").value == Rational(3, 49)
assert abs(at_triangle - 3 / 49) < 1e-12
assert 0 <= at_triangle - torus.max() < 1e-5
assert 3.9 < energy.max() < 4
print("all assertions hold")
