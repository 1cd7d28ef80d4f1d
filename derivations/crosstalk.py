# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Crosstalk among the charger spins
#
# Two cells, $N$ charger spins that are coupled to one another (Huangfu and Jing 2021, Eqs. (14),
# (15)). The charger's own Hamiltonian $g_1(J_+J_-+J_-J_+-N)$ is diagonal in a sector, so the chain
# of three levels gets a diagonal, and its frequencies solve a cubic. (Eq. (15) prints
# $\mathcal I$ in place of $N\,\mathcal I$, a constant without effect.)

# %%
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from sympy import Integer, Rational, S, limit, oo, pi, sin

from numerics import charge
from symbattery import SpinCharger, solve
from symbattery.chains import Couplings, Spin, chain_from
from symbattery.strong_crosstalk import strong_crosstalk
from symbattery.symbols import N, g, g_1, omega_0, t

# %% [markdown]
# ## The chain
#
# $J_+J_-+J_-J_+=2j(j+1)-2J_z^2$. All charger spins up, level $k$ lies
# $a_1=2(N-1)g_1$ and $a_2=4(N-2)g_1$ above the start.

# %%
couplings = Couplings(g, S.Zero, omega_0, omega_0, g_1, S.Zero)
chain = chain_from(Spin(Integer(2)), Spin(N), Integer(0), N, couplings)
print("squared hops", chain.hops_squared, "\ndiagonal", chain.diagonal)

# %% [markdown]
# ## The exact motion
#
# Three real roots $x_r$ of a cubic, written with cosines. With $\sum_rA_{kr}=0$ for $k\ne0$,
# $$E(t)=\omega_0\sum_{r<s}B_{rs}\sin^2\frac{(x_s-x_r)t}{2},\qquad
#   B_{rs}=-4\sum_kk\,A_{kr}A_{ks}.$$

# %%
solution = solve(SpinCharger(2, N, charger_crosstalk=g_1))
for symbol, value in solution.definitions.items():
    print(symbol, "=", value)
print("E(t) =", solution.energy)

# %% [markdown]
# ## Strong crosstalk
#
# For $g_1\gg g$ and $N\ge3$ both other levels are far away. The first one is reached with
# $|c_1|^2\simeq(4b_0^2/a_1^2)\sin^2(a_1t/2)$, the second one only with $|c_2|^2=O(g^4/g_1^4)$:
# $$E(t)\simeq\frac{2N}{(N-1)^2}\,\frac{g^2}{g_1^2}\,\omega_0\sin^2\big((N-1)g_1t\big).$$
# For $N=4$ this is $\tfrac89(g/g_1)^2$: 0.9 per cent of a full charge at $g_1/g=7$.
#
# For $N=2$ the second level is *resonant*, $a_2=0$: the crosstalk energy is the same with both
# charger spins up and both down. Then strong crosstalk does not decouple the battery. The two
# levels exchange their population through the one between, at the rate $b_0b_1/a_1=2g^2/g_1$, with
# equal shifts: the battery is charged fully, at $t\simeq\pi g_1/(4g^2)$. In general level $k$ lies
# at $a_k=2k(N-k)g_1$, level $N$ is resonant, and $M=N$ cells are charged fully by the mirror
# symmetry of the chain, at $t\simeq\pi(2g_1)^{N-1}/(2N^2g^N)$.

# %%
b0, _ = chain.hops_squared
a1, a2 = chain.diagonal[1:]
law = (4 * b0 / a1**2).factor() * omega_0
print("strong-crosstalk law: E_max =", law)
expanded = strong_crosstalk(SpinCharger(2, N, charger_crosstalk=g_1))
print("next order:", expanded.maximum(), "\nsupremum:  ", expanded.maximum("supremum"))
for exception in expanded.resonances:
    print("resonance: ", exception)


def numbers(chargers, ratio):
    """The model with g = omega_0 = 1."""
    return SpinCharger(2, chargers, 1, 1, charger_crosstalk=ratio)


peaks = {}
for ratio in (Rational(1, 10), 1, 7, 10, 100):
    peaks[ratio] = solve(numbers(4, ratio)).maximum("first peak", digits=15).value
    exact, strong = peaks[ratio], law.subs({N: 4, g: 1, g_1: ratio, omega_0: 1})
    print(f"N = 4, g1/g = {ratio}: first peak {exact}, law {strong.evalf(6)}")
for ratio in (10, 100):
    slow = charge(numbers(2, ratio)).max_energy(until=2 * ratio)
    print(f"N = 2, g1/g = {ratio}: E = {slow.value:.6f} at t = {slow.time:.4f}",
          f"(pi g1/4 = {np.pi * ratio / 4:.4f})")  # fmt: skip

# %%
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
figure = Figure(figsize=(3.4, 2.3), layout="constrained")
FigureCanvasAgg(figure)
axes = figure.subplots()
times = np.linspace(0, 5, 800)
for ratio, style in ((0.1, "-"), (1, "--"), (10, ":")):
    f = solution.function("energy", chargers=4, charger_crosstalk=ratio)
    axes.plot(times, f(times), style, linewidth=1, label=f"$g_1/g={ratio}$")
axes.set(xlabel=r"$gt$", ylabel=r"$E(t)/\omega_0$", xlim=(0, 5), ylim=(0, 2.3))
axes.legend(fontsize=7, ncols=3, frameon=False, loc="upper center", columnspacing=1)
figure.savefig(folder / "crosstalk.png", dpi=300)
print("figure: crosstalk.png")

# %% [markdown]
# ## What must hold

# %%
assert (a1 - 2 * (N - 1) * g_1).expand() == 0
assert (a2 - 4 * (N - 2) * g_1).expand() == 0
assert (law - 2 * N / (N - 1) ** 2 * g**2 / g_1**2 * omega_0).simplify() == 0
assert solution.verify(digits=50, points=4).digits >= 45
assert expanded.first_peak[0] == expanded.supremum[0] == (law * g_1**2 / g**2 / omega_0).factor()
assert expanded.condition == (N >= 3)
# N = M: the product of all hops over that of all levels between.
for size in (1, 2, 3, 4):
    model = SpinCharger(size, size, charger_crosstalk=g_1)
    (full,) = strong_crosstalk(model).resonances
    assert full.value == size * omega_0
    assert (full.time - pi * (2 * abs(g_1)) ** (size - 1) / (2 * size**2 * g**size)).simplify() == 0
for chargers in (3, 4, 9):
    errors = []
    for ratio in (20, 200):
        exact = solve(numbers(chargers, ratio)).maximum("first peak", digits=15).value
        at = {N: chargers, g: 1, g_1: ratio, omega_0: 1}
        errors.append(abs(exact / law.subs(at).evalf(15) - 1))
    # The next order is smaller by (g/g1)^2.
    assert 90 < errors[0] / errors[1] < 110
assert abs(peaks[Rational(1, 10)] - 1.91) < 0.005
assert abs(peaks[1] - 0.85) < 0.005
assert abs(peaks[7] / 2 - 0.01) < 0.001
resonant = charge(numbers(2, 100)).max_energy(until=200)
assert resonant.value > 1.999
assert abs(resonant.time / (25 * np.pi) - 1) < 0.02
assert limit(law.subs(N, 4), g_1, oo) == 0
assert solution.energy.has(sin)
assert solution.energy.subs(t, 0) == 0
print("all assertions hold")
