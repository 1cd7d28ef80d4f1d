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
# # Five to eight cells
#
# **Question.** $M$ empty cells are charged by $N$ spins, all up, at $\gamma=0$. Up to four cells
# the frequencies are square roots. How far do formulas with a symbolic $N$ go, and where do they
# end?

# %% tags=["hide-input"]
from itertools import product

import numpy as np
from sympy import N as digits
from sympy import (
    Poly,
    Rational,
    Symbol,
    acos,
    cos,
    expand,
    factor,
    lambdify,
    pi,
    prod,
    simplify,
    sqrt,
    symbols,
)
from sympy.simplify.fu import TR8

from symbattery import SpinCharger, UnsolvedError, solve
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import N

# %% [markdown]
# ## The degree
#
# The chain of $M+1$ levels has the hops $b_k^2=(k+1)^2(M-k)(N-k)$ in units of $g^2$ and no
# diagonal. Adding a level at the end, $\chi_{k+1}=x\,\chi_k-b_{k-1}^2\,\chi_{k-1}$; powers of $x$
# come in steps of two, $\chi(x)=x^{(M+1)\bmod2}\,Q(x^2)$, so the degree in $y=x^2$ is
# $\lceil M/2\rceil$.

# %%
x, y, z = symbols("x y z")


def in_squares(cells):
    """Q(y) with a symbolic N."""
    before, now = Poly(1, x), Poly(x, x)
    for k in range(cells):
        square = (k + 1) ** 2 * (cells - k) * (N - k)
        before, now = now, now * Poly(x, x) - expand(square) * before
    return Poly({power // 2: value for (power,), value in now.terms()}, y)


Q = {cells: in_squares(cells) for cells in range(3, 10)}
show(
    Columns(
        {
            "M": list(Q),
            "degree of Q": [polynomial.degree() for polynomial in Q.values()],
        }
    )
)
show({"Q_5(y)": Q[5].as_expr()})

# %% [markdown]
# A Jacobi matrix with nonzero hops has real and different eigenvalues. So all roots of $Q$ are
# real, and positive. For a cubic this is the *casus irreducibilis*: Cardano's radicals go through
# complex numbers. The cosine of a third of an angle does not.
#
# ## Cubics: five and six cells
#
# Shifted to its centre $s$, the cubic is $z^3-3p\,z-2q$, and with $z=2\sqrt p\cos\theta$ it is the
# cosine of the triple angle:

# %%
p, q, theta = symbols("p q theta", positive=True)
triple = expand(
    TR8(expand((z**3 - 3 * p * z - 2 * q).subs(z, 2 * sqrt(p) * cos(theta))))
)
show({r"z^3-3pz-2q": triple})


# %%
def centred(polynomial):
    """The shift that removes the second coefficient, and the polynomial in z = y - shift."""
    shift = expand(-polynomial.all_coeffs()[1] / polynomial.degree())
    return shift, Poly(polynomial.as_expr().subs(y, z + shift).expand(), z)


def cosines(polynomial):
    """The roots of a cubic with real roots, the largest first."""
    shift, reduced = centred(polynomial)
    _, _, linear, last = reduced.all_coeffs()
    spread, skew = factor(-linear / 3), factor(-last / 2)
    return shift, spread, skew


s_5, p_5, q_5 = cosines(Q[5])
show({"s": s_5, "p": p_5, "q": q_5})

# %% [markdown]
# These three polynomials in $N$ are the formula for five cells:
#
# $$\lambda_r^2=s+2\sqrt p\,\cos\frac{\arccos(q\,p^{-3/2})-2\pi r}3,\qquad r=0,1,2.$$
#
# Six cells have $\chi=x\,Q$ with another cubic $Q$.
#
# ## Quartics: seven and eight cells
#
# Euler wrote the roots of $z^4+\alpha z^2+\beta z+\delta$ as half-sums of three square roots,
# $\frac12(\pm u_1\pm u_2\pm u_3)$ with an even number of minus signs. Multiplied out:

# %%
u = symbols("u_1:4")
signs = [sign for sign in product((1, -1), repeat=3) if prod(sign) == 1]
euler = Poly(
    prod(z - sum(e * v for e, v in zip(sign, u, strict=True)) / 2 for sign in signs), z
)
alpha_u, beta_u, delta_u = euler.all_coeffs()[2:]
show({r"\alpha": factor(alpha_u), r"\beta": factor(beta_u), r"\delta": expand(delta_u)})

# %% [markdown]
# So $w_i=u_i^2$ have the sum $-2\alpha$, the product $\beta^2$, and what is left is
# $w_1w_2+w_1w_3+w_2w_3=\alpha^2-4\delta$: they solve the resolvent cubic
#
# $$w^3+2\alpha w^2+(\alpha^2-4\delta)\,w-\beta^2=0,$$
#
# whose roots are the cosines above, and the sign of $u_1u_2u_3$ is that of $-\beta$. For eight
# cells:

# %%
w = Symbol("w")


def resolvent(polynomial):
    """The shift, β, and the resolvent cubic of a quartic."""
    shift, reduced = centred(polynomial)
    alpha, beta, delta = reduced.all_coeffs()[2:]
    cubic = Poly(w**3 + 2 * alpha * w**2 + (alpha**2 - 4 * delta) * w - beta**2, w)
    return shift, beta, Poly(cubic.as_expr().expand().subs(w, y), y)


shift_8, beta_8, cubic_8 = resolvent(Q[8])
show(
    {
        "s": shift_8,
        r"\alpha": factor(cubic_8.all_coeffs()[1] / 2),
        r"\beta": factor(beta_8),
    }
)

# %% [markdown]
# As functions of $N$, nothing but polynomials, one arccosine and square roots:


# %%
def three_cosines(polynomial):
    """The roots of a cubic as expressions, the largest first."""
    shift, spread, skew = cosines(polynomial)
    third = acos(skew / (spread * sqrt(spread))) / 3
    return [shift + 2 * sqrt(spread) * cos(third - 2 * pi * r / 3) for r in range(3)]


def squared_frequencies(cells):
    """All λ² of 5 to 8 cells as expressions in N."""
    if Q[cells].degree() == 3:
        return three_cosines(Q[cells])
    shift, beta, cubic = resolvent(Q[cells])
    # The smallest w carries the sign: u1 u2 u3 = -β.
    first, second, third = (sqrt(value) for value in three_cosines(cubic))
    third = -beta / (first * second) if beta != 0 else third
    return [shift + (e * first + f * second + h * third) / 2 for e, f, h in signs]


formulas = {cells: squared_frequencies(cells) for cells in (5, 6, 7, 8)}
sizes = np.arange(8, 61)
values = {
    cells: np.sort(
        [lambdify(N, formula)(sizes.astype(float)) for formula in roots], axis=0
    )
    for cells, roots in formulas.items()
}


def eigenvalues(cells, chargers):
    """The positive eigenvalues of the chain, squared, from the matrix itself."""
    k = np.arange(cells)
    hops = (k + 1) * np.sqrt((cells - k) * (chargers - k))
    found = np.linalg.eigvalsh(np.diag(hops, 1) + np.diag(hops, -1))
    return found[(cells + 2) // 2 :] ** 2


# %% tags=["hide-input"]
figure, axes = panels(height=3.1)
for r, square in enumerate(values[8]):
    axes.plot(
        sizes, np.sqrt(square / sizes), color=f"C{r}", label=rf"$\lambda_{r + 1}$"
    )
    exact = [np.sqrt(eigenvalues(8, chargers)[r] / chargers) for chargers in sizes[::6]]
    axes.plot(
        sizes[::6], exact, "o", color=f"C{r}", markersize=4, markerfacecolor="white"
    )
axes.plot(
    [], [], "o", color="0.3", markersize=4, markerfacecolor="white", label="eigenvalues"
)
axes.set(
    xlabel=r"charger spins $N$ (8 cells)",
    ylabel=r"$\lambda_r/\sqrt{N}$",
    ylim=(0, 20.5),
)
axes.legend(ncols=5, frameon=False, loc="upper center", columnspacing=1)
show(figure)

# %% [markdown]
# ## Nine cells: the end
#
# $Q$ has degree five. A formula in radicals with a symbolic $N$ would be one for every $N$. At
# $N=10$ the Galois group of $Q$ over the rationals is

# %%
nine = Poly(Q[9].as_expr().subs(N, 10), y)
group, _ = nine.galois_group()
show(
    Columns(
        {
            "order of the group": [group.order()],
            "all permutations of five roots": [group.is_symmetric],
            "solvable": [group.is_solvable],
        }
    )
)

# %% [markdown]
# It is not solvable, so no radicals exist for $N=10$, and none with a symbolic $N$. (A single $N$
# may be an exception: at $N=M$ the chain is mirror symmetric, and $\chi$ factors once more.)
# From there on the frequencies are named roots of a polynomial.
#
# ## The check

# %%
assert simplify(triple - 2 * (p * sqrt(p) * cos(3 * theta) - q)) == 0
assert simplify(4 * sum(v**2 for v in u) + 8 * alpha_u) == 0
assert simplify(beta_u + prod(u)) == 0
pairs = (u[0] * u[1]) ** 2 + (u[0] * u[2]) ** 2 + (u[1] * u[2]) ** 2
assert simplify(alpha_u**2 - 4 * delta_u - pairs) == 0
for cells, found in values.items():
    exact = np.transpose([eigenvalues(cells, chargers) for chargers in sizes])
    assert np.max(np.abs(found / exact - 1)) < 1e-9
# To 40 digits each λ² is a root, and `symbattery` has the same frequencies.
solutions = {cells: solve(SpinCharger(cells, N)) for cells in range(5, 10)}
for cells, roots in formulas.items():
    assert solutions[cells].form == "radicals"
    definitions = solutions[cells].definitions
    theirs = [v for name, v in definitions.items() if name.name.startswith("lambda")]
    for _ in range(3):
        theirs = [v.xreplace(definitions) for v in theirs]
    theirs = sorted(digits(v.subs(N, 11) ** 2, 40) for v in theirs)
    ours = sorted(digits(root.subs(N, 11), 40) for root in roots)
    for one, other in zip(ours, theirs, strict=True):
        assert abs(one / other - 1) < Rational(1, 10**30)
    assert solutions[cells].verify(digits=50, points=2).digits >= 45
assert group.order() == 120
assert not group.is_solvable
assert solutions[9].form == "roots"
refused = False
try:
    solve(SpinCharger(9, N), form="radicals")
except UnsolvedError:
    refused = True
assert refused
print("all assertions hold")
