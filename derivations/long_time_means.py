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
# # The energy in the long run
#
# **Question.** *M* cells, *N* charger spins, all up, $\gamma=0$. The energy never settles, but what
# is its mean over all times, for any *M*? Is there a formula, and what becomes of it in large
# batteries?

# %% tags=["hide-input"]
from fractions import Fraction

import numpy as np
from scipy.integrate import quad
from scipy.special import digamma
from sympy import Matrix, Poly, factor, factor_list, fraction, zeros

from numerics import SpinCharger, charge
from symbattery import solve
from symbattery.limits.long_time_means import long_time_energy, long_time_law
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import N, omega_0

# %% [markdown]
# ## A projection
#
# $H$ is a chain, whose levels are all different. What is left of the state after a long time is
# its projection onto the functions of $H$: $\overline\rho=\sum_rP_r\rho P_r$, as the phases between
# levels average out. Functions of $H$ are spanned by its powers, and the projection onto a span is
# that of least squares, with ${\rm Tr}\,AB$ as the product of two operators:
#
# $$\overline K={\rm Tr}\,K\overline\rho=\sum_{ab}\mu_a(G^{-1})_{ab}\kappa_b,\quad
#   \mu_a=\langle s|H^{a}|s\rangle,\ \kappa_b={\rm Tr}\,KH^{b},\ G_{ab}={\rm Tr}\,H^{a+b}.$$
#
# A chain without a diagonal changes sign under $(-1)^K$, while $K$ does not: only even powers
# count, $H^{2a}$ with $a=0,\dots,\lfloor M/2\rfloor$. By Cramer's rule
#
# $$\overline K=-\frac1{\det G}\det\begin{pmatrix}0&\mu^T\\\kappa&G\end{pmatrix},$$
#
# for every *M*: a ratio of determinants of traces, which are polynomials in *N*.


# %%
def squared(cells, chargers):
    """H² in units of g², written for states that make its elements polynomials."""
    matrix = zeros(cells + 1, cells + 1)
    for k in range(cells):
        matrix[k + 1, k], matrix[k, k + 1] = (
            1,
            (k + 1) ** 2 * (cells - k) * (chargers - k),
        )
    return matrix * matrix


def mean(cells, chargers):
    """The mean of K by the determinants."""
    half = cells // 2 + 1
    powers = [Matrix.eye(cells + 1)]
    for _ in range(2 * half - 2):
        powers.append((powers[-1] * squared(cells, chargers)).expand())
    traces = [sum(power[k, k] for k in range(cells + 1)) for power in powers]
    moments = [power[0, 0] for power in powers[:half]]
    counts = [sum(k * power[k, k] for k in range(cells + 1)) for power in powers[:half]]
    gram = Matrix(half, half, lambda a, b: traces[a + b])
    bordered = Matrix([[0, *moments]]).col_join(Matrix(half, 1, counts).row_join(gram))
    return factor(-bordered.det(method="berkowitz") / gram.det(method="berkowitz"))


formulas = {cells: mean(cells, N) for cells in (1, 2, 3, 4)}
show({rf"\overline K,\ M={cells}": formula for cells, formula in formulas.items()})

# %% [markdown]
# ## Is there a formula in M?
#
# A product of linear factors, as hypergeometric sums have, would have a denominator of linear
# factors. It has none from three cells on: what remains after cancelling is irreducible over the
# rationals, of a degree that grows.

# %%
recurrent = {cells: factor(long_time_energy(cells) / omega_0) for cells in (3, 4, 5, 6)}
degrees = {
    cells: sorted(
        factor_.as_poly(N).degree() for factor_, _ in factor_list(fraction(f)[1])[1]
    )
    for cells, f in recurrent.items()
}
show(
    Columns(
        {
            "M": list(degrees),
            "degrees of the factors": [str(d) for d in degrees.values()],
        }
    )
)

# %% [markdown]
# That excludes such products up to six cells; that the degrees grow for ever is not proven.
#
# One case is simple for all *M*. With $m=(M+N)/2$ charger spins up, [the best
# start](best_start.py), the chain is its own mirror image, so is each of its levels, and
# $\overline K=M/2$. $N=M$ with all spins up is the same case.
#
# ## Large batteries
#
# Near $k=0$ the hops are $A(k+1)$, $A=g\sqrt{MN}$, and the weights of the start on the levels
# $x$ are those of the Meixner–Pollaczek polynomials, $w(s)\,ds=ds/\cosh\pi s$, $s=x/2A$. Their
# phase at large $k$, $s\ln2k-\arg\Gamma(\frac12+is)$, is the time to climb to $k$ at the energy
# $x$: $\frac1{2A}[\ln2k-{\rm Re}\,\psi(\frac12+is)]$. The classical orbit
# ([large batteries](asymptotics.py)), $k=x/(1+px)(1+qx)$ with $x\propto e^{2At}$, runs to
# $\min(M,N)$ and back to $k$ within $-\frac1{2A}\ln(pqk^2)$, $pq=(N-M)^2/(4MN)^2$. Its
# $\int k\,dt$ is $\frac2g{\rm artanh}\sqrt{M/N}$ for $M<N$, and one period takes
#
# $$T(s)=\frac1A\Big[\ln\frac{8MN}{|N-M|}-{\rm Re}\,\psi\big(\tfrac12+is\big)\Big].$$
#
# The mean over a level is that over its orbit, hence
#
# $$\overline K\simeq2\sqrt{MN}\,{\rm artanh}\sqrt{\frac MN}\int_{-\infty}^\infty
#   \frac{ds}{\cosh\pi s}\frac1{\ln\frac{8MN}{|N-M|}-{\rm Re}\,\psi(\frac12+is)}-\frac12,$$
#
# with $M+1$, $N+1$ for *M* and *N*, and the $\frac12$, as in the law of $E(t)$. At $N=M$
# the battery is half full in the mean. At a fixed ratio $N/M\ne1$ it is empty most of the time, and
# the mean falls like $1/\ln M$. This is semiclassical, and measured here rather than proven.


# %%
def law(cells, chargers):
    """The law for N > M."""
    a, b = cells + 1, chargers + 1
    lag = np.log(8 * a * b / (b - a))
    share, _ = quad(
        lambda s: 1 / np.cosh(np.pi * s) / (lag - digamma(0.5 + 1j * s).real),
        -12,
        12,
        points=[0],
    )
    return 2 * np.sqrt(a * b) * np.arctanh(np.sqrt(a / b)) * share - 0.5


rows = []
for ratio in (2, 10):
    for cells in (10, 100, 1000):
        exact = charge(SpinCharger(cells, ratio * cells)).mean("energy")
        rows.append((ratio, cells, exact / cells, law(cells, ratio * cells) - exact))
headings = ("N/M", "M", "mean/(Mω₀)", "law − mean")
show(Columns(dict(zip(headings, zip(*rows, strict=True), strict=True))))

# %% tags=["hide-input"]
figure, axes = panels(height=2.9)
sizes = np.unique(np.geomspace(4, 300, 10).astype(int))
for number, ratio in enumerate((2, 10)):
    found = [
        charge(SpinCharger(int(n), int(ratio * n))).mean("energy") / n for n in sizes
    ]
    axes.semilogx(sizes, found, "o", color=f"C{number}", label=f"exact, $N={ratio}M$")
    axes.semilogx(sizes, [law(n, ratio * n) / n for n in sizes], color=f"C{number}")
axes.axhline(0.5, color="0.6", linestyle=":", label="$N=M$")
axes.set(xlabel="cells $M$", ylabel=r"mean of $E/(M\omega_0)$")
axes.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check

# %%
assert factor(formulas[2] - N * (15 * N - 14) / (2 * (3 * N - 2) ** 2)) == 0
for cells, formula in formulas.items():
    assert factor(formula - solve(SpinCharger(cells, N)).mean("energy") / omega_0) == 0
    if cells in recurrent:
        assert factor(formula - recurrent[cells]) == 0
assert [max(d) for d in degrees.values()] == [2, 2, 6, 6]
for cells in (3, 6):
    _, factors = factor_list(fraction(recurrent[cells])[1])
    assert all(Poly(factor_, N).is_irreducible for factor_, _ in factors)
for cells, chargers in ((2, 5), (5, 5), (6, 9)):
    rational = long_time_energy(cells, chargers) / omega_0
    spectral = charge(SpinCharger(cells, chargers)).mean("energy")
    assert abs(float(rational) - spectral) < 1e-12
    assert Fraction(str(mean(cells, chargers))) == Fraction(str(rational))
assert long_time_energy(5, 9, 7) == 5 * omega_0 / 2
assert abs(float(long_time_law(100, 200)) - law(100, 200)) < 1e-9
for ratio in (2, 10):
    missed = [abs(error) for r, _, _, error in rows if r == ratio]
    assert 0.05 > missed[0] > missed[1] > missed[2]
print("all assertions hold")
