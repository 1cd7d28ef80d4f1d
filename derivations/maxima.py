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
# frequency, and three different numbers for several. All of them here at $\gamma=0$, with all
# charger spins up, and each with a proof.

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
from symbattery.symbols import N, g, omega_0

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
show(
    {
        rf"\lambda_1/\lambda_2\,\big|_{{M=N={size}}}": ratio
        for size, ratio in ratios.items()
    }
)
show(
    {
        f"0\\,\\big|_{{M=N={size}}}": minimal_polynomial(ratio, x)
        for size, ratio in ratios.items()
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
# ## First peak and window, with proof
#
# The supremum says nothing of *when*. To find the peaks in a window none must be missed between two
# samples. The amplitudes are $(-i)^ka_k$ with real $\dot a=Xa$, $X$ antisymmetric with the hops, so
# $E=a^TKa$ and $\dot E=a^T[K,X]a$: every derivative is the mean of a matrix, the next commutator
# with $X$, and is bounded at all times by the largest row of it. Let $\beta_2,\beta_3$ bound
# $\ddot E$ and $\dddot E$. On an interval of half-width $h$ around $c$
#
# * $|\dot E(c)|>\beta_2h$: no zero of $\dot E$ inside;
# * $|\ddot E(c)|>\beta_3h$: $\dot E$ is monotonic, and has one zero if its ends differ in sign;
# * otherwise: halve it, and look at both parts.


# %%
class Chain:
    """M cells and N spins, in units of g and ω₀."""

    def __init__(self, cells, chargers):
        hops = np.sqrt(np.array(squares(cells, chargers), dtype=float))
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
