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
# # How much of it can be taken out
#
# **Question.** A battery holds $E=\omega_0\langle K\rangle$ above all cells down, with $K$ excited
# cells. A unitary takes out at most the *ergotropy*. That depends on which unitaries one has:
# rotations of each cell by itself (*local*), those that treat all cells alike (*symmetric*), all of
# them (*full*), or all, chosen after a measurement of the charger's excitations (*daemonic*). Is
#
# $$0\le\mathcal E_{\rm local}\le\mathcal E_{\rm sym}\le\mathcal E_{\rm full}
# \le\mathcal E_{\rm daemonic}\le E$$
#
# true for every state?

# %% tags=["hide-input"]
from itertools import pairwise

import numpy as np
from sympy import Matrix, Rational, diag, eye, simplify, sin, sqrt, symbols, zeros
from sympy import kronecker_product as kron

from symbattery import two_cells
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import N, g, t

# %% [markdown]
# ## Four senses
#
# Sorting is best: what remains after all unitaries on some levels are tried is the *passive* energy
# $\sum_i\lambda^\downarrow_i\epsilon^\uparrow_i$, the largest eigenvalue on the lowest level. In
# units of $\omega_0$ two cells have the levels 0, 1, 1, 2, or 0, 1, 2 in the triplet and 1 in the
# singlet. A symmetric unitary mixes within triplet and singlet; with more cells it acts alike on
# all copies of a total spin, whose blocks are added up first. A local one turns each Bloch vector
# $\vec r$ down, $(r_z+|\vec r|)/2$ is taken.

# %%
up, down = Matrix([1, 0]), Matrix([0, 1])
both, none = kron(up, up), kron(down, down)
triplet = (kron(up, down) + kron(down, up)) / sqrt(2)
K = diag(2, 1, 1, 0)


def pure(vector):
    return vector * vector.H


def extracted(rho, energies):
    """By all unitaries on the levels of the diagonal matrix ``energies``."""
    found = [x for x, times in rho.eigenvals().items() for _ in range(times)]
    pairs = zip(sorted(found), sorted(energies.diagonal())[::-1], strict=True)
    return (rho * energies).trace() - sum(value * level for value, level in pairs)


def symmetric(rho):
    """The singlet is one level: nothing is taken from it."""
    basis = Matrix.hstack(none, triplet, both)
    return extracted(basis.H * rho * basis, diag(0, 1, 2))


def local(rho):
    """A cell is what is left when the other one is traced out."""
    work = 0
    for first in (True, False):
        turn = [kron(s, eye(2)) if first else kron(eye(2), s) for s in (up, down)]
        cell = Matrix(2, 2, lambda i, j, turn=turn: (turn[i].H * rho * turn[j]).trace())
        z = cell[0, 0] - cell[1, 1]
        work += (z + sqrt(z**2 + 4 * cell[0, 1] * cell[1, 0])) / 2
    return simplify(work)


def figures(*outcomes):
    """The four, and E; outcomes are states whose traces are their probabilities."""
    rho = sum(outcomes, zeros(4))
    measured = sum(extracted(outcome, K) for outcome in outcomes)
    return [local(rho), symmetric(rho), extracted(rho, K), measured, (rho * K).trace()]


# %% [markdown]
# ## Why they are in this order
#
# The sets are nested, where all cells are *alike* (the state commutes with permutations): all Bloch
# vectors are equal, so the best local unitary is one rotation of all cells, which is symmetric; and
# doing nothing belongs to every set. One unitary may serve for all outcomes, so a measurement can
# only help. The passive energy of each outcome is at least 0.
#
# In the symmetric subspace at $\gamma=0$ the eigenvalues $\lambda_0\ge\lambda_1\ge\dots$ are the
# populations $p_k$, sorted. Two levels of all $2^M$ hold $1+M$ states, so the full ergotropy is
# $E-\omega_0(1-\lambda_0)$, the symmetric one $E-\omega_0\sum_ii\lambda_i$, and they differ by
# $\omega_0\sum_{i\ge2}(i-1)\lambda_i$.
# The local one is $\max(0,2E-M\omega_0)$: it exchanges the level $k$ with $M-k$, and no order of
# the populations leaves less than the sorted one. The largest of $M+1$ eigenvalues is at least
# their mean, $\lambda_0\ge1/(M+1)$, so that at every size **less than one quantum is locked**,
#
# $$E-\mathcal E_{\rm full}=\omega_0(1-\lambda_0)\le\omega_0\frac{M}{M+1}.$$
#
# If the whole is pure, $\sum C_{kc}|k\rangle|c\rangle$, the outcome $c$ leaves the cells pure, and
# the daemonic ergotropy is all of $E$. The states of battery and charger, $CC^\dagger$ and
# $C^\dagger C$, have the same eigenvalues but for zeros, and so the same entropy:

# %%
x, half, q = symbols("x S q")
C = Matrix(2, 3, symbols("c_:6"))
battery, charger = (s.charpoly(x).as_expr() for s in (C * C.T, C.T * C))
show({r"\chi_C(x)/\chi_B(x)": simplify(charger / battery)})

# %% [markdown]
# ## Two cells while they are charged
#
# From [two cells](two_cells.py), with $S=\sin^2(\Omega t/2)$ and $q=b_0^2/\Omega^2=N/(3N-2)$:

# %%
p = [(1 - 2 * q * half) ** 2, 4 * q * half * (1 - half), 4 * q * (1 - q) * half**2]
show({f"p_{k}": p[k] for k in range(3)} | {r"E/\omega_0": p[1] + 2 * p[2]})


def senses(populations):
    """Local, symmetric, full, daemonic, for numbers in an array (3, …)."""
    stored = populations[1] + 2 * populations[2]
    low, middle, _ = np.sort(populations, axis=0)
    left = middle + 2 * low, middle + low
    return [np.maximum(0, 2 * stored - 2), *(stored - x for x in left), stored]


# %% tags=["hide-input"]
figure, axes = panels(height=3)
times = np.linspace(0, 2.25, 400)
sine = np.sin(np.sqrt(5) * times) ** 2  # N = 4: Ω = 2√5 g
four = np.array([1 - 0.8 * sine, 1.6 * (1 - sine), 0.96 * sine])
four *= np.array([1 - 0.8 * sine, sine, sine])
labels = ("local", "symmetric", "full", "daemonic, $E$")
styles = (":", "-.", "--", "-")
for work, label, style in zip(senses(four), labels, styles, strict=True):
    axes.plot(times, work, style, label=label)
axes.set(xlabel=r"$gt$", ylabel=r"$\mathcal{E}/\omega_0$", ylim=(-0.05, 2.4))
axes.legend(ncols=4, frameon=False, loc="upper center")
show(figure)

# %% [markdown]
# ## Where it fails
#
# * *Unequal cells.* One up, one down: a local rotation takes all; the state is half a singlet, from
#   which no symmetric unitary takes anything.
# * *Mixed starts.* Of a hot battery everything is locked, more than $M/(M+1)$.
# * *A charger outside its symmetric subspace.* Pure, but the excitations do not say everything: in
#   $(|11\rangle|{\rm triplet}\rangle+|00\rangle|{\rm singlet}\rangle)/\sqrt2$ there is one outcome.
# * *Some of the cells.* Unitaries on $n$ cells are unitaries on $M$, so
#   $\mathcal E_n+\mathcal E_{M-n}\le\mathcal E_M$; but in the triplet each cell alone is passive.

# %%
table = {
    "one up, one down": figures(pure(kron(up, down))),
    "hot": figures(eye(4) / 4),
    "one outcome": figures((pure(both) + pure(none)) / 2),
    "triplet": figures(pure(triplet)),
}
names = "local", "symmetric", "full", "daemonic", "E"
columns = dict(zip(names, zip(*table.values(), strict=True), strict=True))
show(Columns({"state": list(table)} | columns))

# %% [markdown]
# ## The check
#
# Matrices against sorted populations, the order also with coherence, and `symbattery`.

# %%
ladder = [none, triplet, both]
for i, j in np.ndindex(5, 5):
    shares = [Rational(n, 8) for n in (i, j, 8 - i - j)]
    outcomes = [share * pure(v) for share, v in zip(shares, ladder, strict=True)]
    order = figures(*outcomes)
    wanted = senses(np.array(shares, dtype=float))
    assert np.allclose(np.array(order[:4], dtype=float), wanted, rtol=0, atol=1e-14)
    assert all(a <= b for a, b in pairwise([0, *order]))
    assert order[-1] - order[2] <= Rational(2, 3)
for weights in ((1, 2, 2), (2, -1, 2), (-6, 3, 2), (0, 3, 4), (4, 1, 8)):
    vector = sum((w * v for w, v in zip(weights, ladder, strict=True)), zeros(4, 1))
    order = figures(3 * pure(vector) / (4 * vector.dot(vector)), eye(4) / 16)
    assert all(a <= b for a, b in pairwise([0, *order]))
assert table["one up, one down"] == [1, Rational(1, 2), 1, 1, 1]
assert table["hot"] == [0, 0, 0, 0, 1]
assert table["one outcome"] == [0, *[Rational(1, 2)] * 3, 1]
assert table["triplet"] == [0, 1, 1, 1, 1]
assert extracted(eye(2) / 2, diag(1, 0)) == 0  # a cell of the triplet
assert simplify(charger - x * battery) == 0
assert simplify(sum(p) - 1) == 0
package = two_cells().explicit()
moving = {half: sin(sqrt(2 * (3 * N - 2)) * g * t / 2) ** 2, q: N / (3 * N - 2)}
for k, value in enumerate(p):
    assert simplify(package.populations[k] - value.subs(moving)) == 0
print("all assertions hold")
