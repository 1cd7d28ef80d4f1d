# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Three cells
#
# Three cells charged by $N$ spins at $\gamma=0$, all charger spins up. The sector is a chain of
# four levels with zero diagonal: two frequencies.

# %%
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Integer, Matrix, Poly, S, Symbol, eye, factor, sqrt

from numerics import charge
from symbattery import SpinCharger, solve
from symbattery.chains import Couplings, Spin, chain_from
from symbattery.symbols import N, g, omega_0

# %% [markdown]
# ## The chain and its characteristic polynomial
#
# The hops are $b_k^2=g^2(k+1)(M-k)\cdot(k+1)(N-k)$. Because the diagonal is zero, changing the sign
# of every second level changes the sign of $H$: the spectrum is $\pm$ symmetric, and for three
# cells $\chi(x)=Q(x^2)$ with a quadratic $Q$.

# %%
resonant = Couplings(g, S.Zero, omega_0, omega_0, S.Zero, S.Zero)
chain = chain_from(Spin(Integer(3)), Spin(N), Integer(0), N, resonant)
print("squared hops", chain.hops_squared)
x = Symbol("x")
H = Matrix.zeros(4)
for k, hop in enumerate(chain.hops_squared):
    H[k, k + 1], H[k + 1, k] = hop, 1  # similar to the symmetric matrix
chi = Poly((x * eye(4) - H).det(), x)
print("chi(x) =", [factor(a) for a in chi.all_coeffs()])

# %% [markdown]
# ## The frequencies
#
# $\lambda_{1,2}^2=10N-13\mp\sqrt{73N^2-206N+169}$, in units of $g^2$.

# %%
solution = solve(SpinCharger(3, N))
for symbol, value in solution.definitions.items():
    print(symbol, "=", value)
print("E(t) =", solution.energy)

# %% [markdown]
# ## As many charger spins as cells
#
# For $M=N$ the chain reads the same from both ends, and $\chi$ factors once more. For three cells
# $\chi=(x^2-4x-9)(x^2+4x-9)$, so that $\lambda=\sqrt{13}\mp2$. Their ratio is irrational: the
# phases come arbitrarily close to any values (Kronecker), among them those of a full battery, and
# never reach them. The supremum is $3\omega_0$, while the first peak is lower.

# %%
equal = solve(SpinCharger(3, 3))
(motion,) = equal.beats.values()
rates = [equal.definitions[rate] for rate in motion.rates]
print("frequencies", rates)
for kind, until in (("supremum", None), ("first peak", None), ("window", 20)):
    top = equal.maximum(kind, until=until)
    print(f"{kind}: E = {top.value}, t = {top.time}")

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
figure = Figure(figsize=(3.4, 2.3), layout="constrained")
FigureCanvasAgg(figure)
axes = figure.subplots()
times = np.linspace(0, 12, 1500)
energy, numeric = equal.function("energy")(times), charge(SpinCharger(3, 3)).energy(times)
axes.plot(times, energy, linewidth=1, label="closed form")
axes.plot(
    times[::40], numeric[::40], "o", markersize=2.5, markerfacecolor="white", label="numerics"
)
axes.axhline(3, color="0.5", linewidth=0.7, linestyle=":")
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 12), ylim=(0, 3.6))
axes.legend(fontsize=7, ncols=2, frameon=False, loc="upper center")
figure.savefig(folder / "three-cells.png", dpi=300)
print("figure: three-cells.png")

# %% [markdown]
# ## What must hold

# %%
assert all(power % 2 == 0 for (power,) in chi.monoms())
squares = [(solution.definitions[r] ** 2).expand() for r in solution.beats[chain].rates]
assert (squares[0] + squares[1] - (20 * N - 26)).expand() == 0
assert factor(squares[0] * squares[1] - chi.all_coeffs()[-1] / g**4) == 0
assert rates == [sqrt(13) - 2, sqrt(13) + 2]
assert equal.maximum().value == 3 * omega_0
assert not equal.maximum().attained
assert np.abs(energy - numeric).max() < 1e-12
assert energy.max() < 3
assert solution.verify(digits=50, points=4).digits >= 45
print("all assertions hold")
