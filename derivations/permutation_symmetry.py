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
# # Noise of every spin, without 4ⁿ numbers
#
# **Question.** Every one of $n$ spins loses excitations by itself. A total spin is then not
# conserved, and the state has $4^n$ elements. Must a calculation have them all?
#
# No: nothing says which spin is which. We follow what one jump does to a state that all
# permutations leave as it is, and count what is left.

# %% tags=["hide-input"]
import math
from itertools import product

import numpy as np
from sympy import (
    Matrix,
    Rational,
    Symbol,
    binomial,
    factor,
    gammasimp,
    simplify,
    sqrt,
    summation,
    symbols,
)

from numerics import SpinCharger, charge, dephasing, dicke, loss, pump
from numerics.model.problem import doubles
from numerics.sectors.liouville import liouville
from numerics.sectors.starts import starts
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import M

j, m, n, h = symbols("j m n h", positive=True)

# %% [markdown]
# ## What permutations leave
#
# $n$ spins add up to total spins $j$, each in $d_j$ copies; permutations mix the copies of one $j$
# and nothing else. A state that they leave alone is the same in each copy, and never leads from one
# copy to another (Schur). So it is a sum of
#
# $$E^j_{mm'}=\frac1{d_j}\sum_{\alpha=1}^{d_j}|j,m,\alpha\rangle\langle j,m',\alpha|,$$
#
# with $(2j+1)^2$ of them for each $j$. The copies are counted by their highest states: among the
# $\binom n{n/2-j}$ product states with $S_z=j$ those that do not belong to a larger spin.

# %%
copies = binomial(n, n / 2 - j) - binomial(n, n / 2 - j - 1)
show({"d_j": gammasimp(copies / binomial(n, n / 2 - j)) * binomial(n, n / 2 - j)})

# %% [markdown]
# ## One jump
#
# Of $\sum_is_i\,\rho\,s_i^\dagger$ all terms have the same projection on the $E^j_{mm'}$, so take
# $n$ times the last one. A copy of $j$ is built from a spin $h$ of the first $n-1$ spins, with
# $h=j\pm\frac12$, and the last jump leaves $h$ and its copy alone. Of the $d_j(n)$ copies
# $d_h(n-1)$ have this $h$, a share of


# %%
def number_of_copies(spins, total):
    return binomial(spins, spins / 2 - total) - binomial(spins, spins / 2 - total - 1)


half = Rational(1, 2)
share = {
    side: factor(gammasimp(number_of_copies(n - 1, j + side) / number_of_copies(n, j)))
    for side in (-half, half)
}
show({f"h=j{'+' if side > 0 else '-'}1/2": value for side, value in share.items()})

# %% [markdown]
# What the last spin does in $j$ needs the states of $h$ and a spin 1/2 together. With $m$ in all
# there are two: $|m-\frac12\rangle|\uparrow\rangle$ and $|m+\frac12\rangle|\downarrow\rangle$.
# $J^2=h(h+1)+\frac34+2h_zs_z+h_+s_-+h_-s_+$ is a matrix of two rows in them,

# %%
ladder = sqrt((h + half) ** 2 - m**2)  # ⟨m+½|h₊|m−½⟩
own = h * (h + 1) + Rational(3, 4)
J2 = Matrix([[own + m - half, ladder], [ladder, own - m - half]])
upper = Matrix([sqrt(h + half + m), sqrt(h + half - m)]) / sqrt(2 * h + 1)
lower = Matrix([-sqrt(h + half - m), sqrt(h + half + m)]) / sqrt(2 * h + 1)
show({"J^2": J2, r"j=h+\tfrac12": upper.T, r"j=h-\tfrac12": lower.T})

# %% [markdown]
# and these are its eigenvectors. Between a state of $j$ and one of $j'$, $m+q$, over the same $h$,
# a jump has the element $f$. It is found for $\sigma^-$, $\sigma^+$ and $\sigma^z/2$ from the
# components, and


# %%
def element(q, total, other, inner):
    """⟨j′, m + q| s |j, m⟩ over the spin h of all others."""
    ket = (upper if total == inner + half else lower).subs(h, inner)
    bra = (upper if other == inner + half else lower).subs(h, inner).subs(m, m + q)
    if q == 0:
        return (bra[0] * ket[0] - bra[1] * ket[1]) / 2
    return bra[1] * ket[0] if q < 0 else bra[0] * ket[1]


def jump_weight(q, other):
    """What a jump adds to E of j′ for the same m on both sides: n Σ share f²."""
    inner = [side for side in share if abs(j + side - other) == half]
    squares = [share[side] * element(q, j, other, j + side) ** 2 for side in inner]
    return simplify(n * sum(squares))


# %% [markdown]
# $$\sum_is_i\,E^j_{mm'}\,s_i^\dagger=n\sum_{j'}\sum_hf(m)f(m')\,
# \frac{d_h(n-1)}{d_j(n)}\;E^{j'}_{m+q,m'+q}.$$
#
# For $j'=j\pm1$ there is one $h$ between them. For $j'=j$ there are both, and by Wigner and Eckart
# each $f$ is a number times the element of the collective jump. So with these elements,
#
# | | $j'=j$, $A$ | $j'=j-1$, $B$ | $j'=j+1$, $C$ |
# |---|---|---|---|
# | $\sigma^-$ | $\sqrt{(j+m)(j-m+1)}$ | $\sqrt{(j+m)(j+m-1)}$ | $\sqrt{(j-m+1)(j-m+2)}$ |
# | $\sigma^z/2$ | $m$ | $\sqrt{j^2-m^2}$ | $\sqrt{(j+1)^2-m^2}$ |
#
# and those of $\sigma^+$ at $-m$, the weights are numbers $a$, $b$, $c$ that do not depend on the
# jump:

# %%
PLACES = {"a": j, "b": j - 1, "c": j + 1}
LADDERS = {
    -1: ((j + m) * (j - m + 1), (j + m) * (j + m - 1), (j - m + 1) * (j - m + 2)),
    0: (m**2, j**2 - m**2, (j + 1) ** 2 - m**2),
}
LADDERS[1] = tuple(square.subs(m, -m) for square in LADDERS[-1])
weights = {
    (name, q): factor(simplify(jump_weight(q, other) / LADDERS[q][place]))
    for place, (name, other) in enumerate(PLACES.items())
    for q in LADDERS
}
show({name: weights[name, -1] for name in PLACES})

# %% [markdown]
# ## How many are left
#
# On one side $\sum_j(2j+1)^2$ elements: as many as there are ways to say how many of the $n$ spins
# have which of the four $|{\uparrow}\rangle\langle{\uparrow}|$,
# $|{\uparrow}\rangle\langle{\downarrow}|$, $\dots$, which is $\binom{n+3}3$. Cells and charger
# together have the product. At $\gamma=0$ ket and bra of all have the same number of excitations at
# the start, each jump changes both alike, and $H$ neither: $(m-m')$ of the cells is minus that of
# the charger. If all noise is collective, only $j=n/2$ is there.

# %%
k = Symbol("k", integer=True, nonnegative=True)
even = summation((2 * k + 1) ** 2, (k, 0, n / 2))
collective = 2 * summation(k**2, (k, 1, M)) + (M + 1) ** 2


def unknowns(spins):
    """The pairs of elements of M = N = ``spins`` with m − m′ = −(n − n′)."""
    size = np.arange(spins % 2, spins + 1, 2)  # 2j
    apart = np.arange(-spins, spins + 1)
    one_side = np.maximum(0, size[:, None] + 1 - abs(apart)).sum(axis=0)
    return int(np.sum(one_side**2))


show({r"\sum_j(2j+1)^2": factor(even), r"\text{collective},\ M=N": factor(collective)})
sizes = [5, 10, 20, 30, 50, 100]
columns = {
    "M = N": sizes,
    "all": [f"{4.0 ** (2 * spins):.0e}" for spins in sizes],
    "permutations": [math.comb(spins + 3, 3) ** 2 for spins in sizes],
    "and γ = 0": [unknowns(spins) for spins in sizes],
    "collective noise": [collective.subs(M, spins) for spins in sizes],
}
show(Columns(columns))

# %% tags=["hide-input"]
figure, axes = panels(height=3.2)
many = np.arange(1, 41)
rows = {
    r"all, $4^{2M}$": 4.0 ** (2 * many),
    "permutations": [math.comb(spins + 3, 3) ** 2 for spins in many.tolist()],
    r"and $\gamma=0$": [unknowns(spins) for spins in many.tolist()],
    "collective noise": [float(collective.subs(M, spins)) for spins in many],
}
for (label, numbers), style in zip(rows.items(), (":", "--", "-", "-."), strict=True):
    axes.plot(many, numbers, style, label=label)
axes.set(xlabel="$M=N$", ylabel="unknowns", yscale="log", ylim=(1, 1e12), xlim=(1, 40))
axes.legend(frameon=False, loc="lower right")
show(figure)

# %% [markdown]
# The last column but one grows as $M^5/40$ where all of them grow as $16^M$.
#
# ## The check
#
# $J^2$ and its eigenvectors; the weights in the matrices of $2^n$ states; and the blocks in which
# `numerics` moves an open battery.

# %%
u, v = symbols("u v", positive=True)  # h + ½ ± m
parts = {m: (u - v) / 2, h: (u + v - 1) / 2}
for state, total in ((upper, h + half), (lower, h - half)):
    rest = (J2 * state - total * (total + 1) * state).subs(parts)
    assert rest.applyfunc(lambda entry: simplify(entry.expand())).is_zero_matrix
wanted = {
    "a": (n / 2 + 1) / (2 * j * (j + 1)),
    "b": (n / 2 + j + 1) / (2 * j * (2 * j + 1)),
    "c": (n / 2 - j) / (2 * (j + 1) * (2 * j + 1)),
}
for (name, _), weight in weights.items():
    assert simplify(weight - wanted[name]) == 0
# No jump of one spin changes the trace but by the mean of s†s.
traces = sum(wanted[name] * LADDERS[-1][i] for i, name in enumerate(PLACES))
assert simplify(traces - n / 2 - m) == 0

MATRICES = {-1: np.array([[0, 0], [1, 0]]), 0: np.diag([0.5, -0.5])}
MATRICES[1] = MATRICES[-1].T


def at_site(matrix, site, spins):
    return np.kron(np.kron(np.eye(2**site), matrix), np.eye(2 ** (spins - 1 - site)))


def basis(spins):
    """E by (2j, m + j, m' + j), from highest states and the ladder down."""
    down = sum(at_site(MATRICES[-1], i, spins) for i in range(spins))
    ups = spins - np.array([state.bit_count() for state in range(2**spins)])
    found = {}
    for size in range(spins % 2, spins + 1, 2):
        here = np.flatnonzero(ups == (spins + size) // 2)
        null = np.linalg.svd(down.T[:, here])
        rank = int(np.sum(null[1] > 1e-9))
        level = np.zeros((2**spins, len(here) - rank))
        level[here] = null[2][rank:].T
        levels = {size: level}
        for k in range(size, 0, -1):
            levels[k - 1] = down @ levels[k] / np.sqrt(k * (size + 1 - k))
        for k, kk in product(levels, repeat=2):
            found[size, k, kk] = levels[k] @ levels[kk].T / level.shape[1]
    return found


def ladder_element(place, q, size, k):
    values = {j: Rational(size, 2), m: k - Rational(size, 2)}
    sign = -1 if q == 0 and place == 0 and values[m] < 0 else 1
    return sign * math.sqrt(LADDERS[q][place].subs(values))


for spins in (2, 3, 4):
    elements = basis(spins)
    assert len(elements) == math.comb(spins + 3, 3)
    for ((size, k, kk), rho), q in product(elements.items(), MATRICES):
        sites = [at_site(MATRICES[q], i, spins) for i in range(spins)]
        jumped = sum(site @ rho @ site.T for site in sites)
        for place, (name, step) in enumerate(zip("abc", (0, -2, 2), strict=True)):
            end = size + step, k + q + step // 2, kk + q + step // 2
            if end in elements and (size or step):
                weight = float(wanted[name].subs({j: Rational(size, 2), n: spins}))
                ends = (ladder_element(place, q, size, level) for level in (k, kk))
                jumped = jumped - weight * math.prod(ends) * elements[end]
        assert np.allclose(jumped, 0, rtol=0, atol=1e-12)

assert factor(even - (n + 1) * (n + 2) * (n + 3) / 6) == 0
assert [unknowns(spins) for spins in (5, 10, 20, 30)] == [420, 6222, 128843, 838864]
assert [collective.subs(M, s) for s in (10, 50, 100)] == [891, 88451, 686901]
assert math.comb(13, 3) ** 2 == 81796


def elements_of(spins, together, **fields):
    noise = [
        kind(side, 0.1, collective=together)
        for kind in (loss, pump, dephasing)
        for side in ("cells", "chargers")
    ]
    problem = doubles(SpinCharger(spins, spins, **fields), dicke(0, spins), noise)
    return len(liouville(problem, starts(problem)).start)


for spins in (1, 2, 5, 10):
    assert elements_of(spins, False) == unknowns(spins)
    assert elements_of(spins, True) == collective.subs(M, spins)
# At γ ≠ 0 the parity of (m − m′) + (n − n′) is left: half of all, and the diagonal.
assert 2 * elements_of(4, False, anisotropy=0.5) == 35**2 + 9
battery = charge(SpinCharger(10, 10), noise=[loss("cells", 1), loss("chargers", 1)])
assert battery.first_peak().value < charge(SpinCharger(10, 10)).first_peak().value
print("all assertions hold")
