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
# # A cell that leaks
#
# **Question.** One cell is charged, and meanwhile it loses what it has at a rate $\Gamma$, and the
# charger at a rate $\kappa$; or its phase is lost. How much energy does it still get, and from
# which rates on does it no longer oscillate?
#
# The state obeys $\dot\rho=-i[H,\rho]+\Gamma\,D[\sigma^-]\rho+\kappa\,D[\tau^-]\rho$ with
# $D[L]\rho=L\rho L^\dagger-\tfrac12\{L^\dagger L,\rho\}$, the cell's $\sigma^-$ and the charger's
# $\tau^-$, and $H$ as in [one cell](single_cell.py) at $\gamma=0$.

# %% tags=["hide-input"]
import numpy as np
from sympy import (
    Function,
    I,
    Matrix,
    Rational,
    Symbol,
    atan,
    cos,
    diff,
    exp,
    eye,
    lambdify,
    limit,
    log,
    nsolve,
    pi,
    simplify,
    sin,
    sqrt,
    symbols,
    zeros,
)
from sympy import kronecker_product as kron

from numerics import CavityCharger, SpinCharger, charge, dephasing, dicke, fock, loss
from symbattery.output.notebook import Columns, panels, show
from symbattery.symbols import omega_0, t

G, Omega, s = symbols("G Omega s", positive=True)
Gamma, kappa, damping = symbols("Gamma kappa lambda", nonnegative=True)

# %% [markdown]
# ## Nothing comes back
#
# One excitation is on the cell, $b$, or on the charger, $c$. A jump leads to the empty state, where
# $H$ is zero and no further jump happens. So within one excitation only the second half of $D$
# acts, and that is a Hamiltonian with imaginary energies,
#
# $$\dot\rho_1=-i(H_{\rm eff}\,\rho_1-\rho_1H_{\rm eff}^\dagger),\qquad
# H_{\rm eff}=\begin{pmatrix}-i\Gamma/2&G\\G&-i\kappa/2\end{pmatrix}:$$
#
# a pure state stays pure, and only its norm decays. $G=g$ for one spin each. With one excitation in
# $N$ charger spins and $M$ cells the states are the *bright* ones, $J_+|0\rangle/\sqrt N$ and
# $S_+|0\rangle/\sqrt M$; $\sum_i\sigma^+_i\sigma^-_i$ counts one excitation wherever it is, so
# that $H_{\rm eff}$ is the same with $G=g\sqrt{MN}$. A cavity with one photon is $N=1$.
#
# But for a common decay $s=(\Gamma+\kappa)/4$ the matrix $-iH_{\rm eff}$ has no trace, so its
# square is a number:

# %%
A = -I * Matrix([[-I * Gamma / 2, G], [G, -I * kappa / 2]])
mean = (Gamma + kappa) / 4
traceless = A + mean * eye(2)
square = simplify(traceless**2)
show({r"(-iH_{\rm eff}+s)^2": square})

# %% [markdown]
# It is $-\Omega^2$ with $\Omega^2=G^2-(\kappa-\Gamma)^2/16$, and the exponential is
# $e^{-st}[\cos\Omega t+(-iH_{\rm eff}+s)\sin(\Omega t)/\Omega]$. From the charged charger:

# %%
U = exp(-mean * t) * (cos(Omega * t) * eye(2) + traceless * sin(Omega * t) / Omega)
b, c = U[:, 1]
E = omega_0 * simplify(b * b.conjugate())
show({"b(t)": b, "E(t)": E})

# %% [markdown]
# Only $\Gamma+\kappa$ and $(\Gamma-\kappa)^2$ are in it: **a leak of the charger costs as much as
# one of the cell**, and equal leaks do not change the frequency.
#
# ## The peak
#
# $e^{-st}\sin\Omega t$ is stationary at $\tan\Omega t=\Omega/s$. There
# $\sin^2\Omega t=\Omega^2/(\Omega^2+s^2)$, and $\Omega^2+s^2=G^2+\Gamma\kappa/4$:

# %%
time = atan(Omega / s) / Omega
peak = G**2 / (G**2 + Gamma * kappa / 4) * exp(-2 * s * time)
frequency = sqrt(G**2 - (kappa - Gamma) ** 2 / 16)
E_max = peak.subs({s: mean, Omega: frequency})
show({"t_*": time, r"E_{\max}/\omega_0": peak})

# %% [markdown]
# At $|\kappa-\Gamma|=4G$ the frequency is zero, $t_*=1/s$; beyond, sine and arctangent are
# hyperbolic ones. There is a peak at *every* rate, as the cell is empty before and after. A little
# loss costs a quarter of a turn's decay, half of it on either side:

# %%
rate = Symbol("r", positive=True)
first = {"cell": {Gamma: rate, kappa: 0}, "both": {Gamma: rate, kappa: rate}}
orders = {}
for name, case in first.items():
    small = E_max.subs(case).subs(G, 1)
    orders[name] = sum(limit(diff(small, rate, n), rate, 0) * rate**n for n in (0, 1))
critical = limit(peak.subs({Gamma: 4 * G, kappa: 0, s: G}), Omega, 0)
show({rf"E_{{\max}},\ \text{{{k}}}": v for k, v in orders.items()})
show({r"E_{\max}/\omega_0\ \text{at}\ \Gamma=4G": critical})

# %% [markdown]
# ## The phase is lost
#
# Jumps $\sigma^z/2$ with the rate $\Gamma_\phi$ take no energy. Of one cell and $N$ spins, all up,
# the states $|0,N\rangle$ and $|1,N-1\rangle$ are still two levels, $G=g\sqrt N$, but their
# coherence decays with $\lambda=\Gamma_\phi/2$. With $w$ the difference of their probabilities and
# $v$ twice the imaginary part of the coherence these are Bloch's equations:

# %%
cell, charger, imaginary = (Function(name)(t) for name in ("p", "q", "y"))
rho = Matrix([[cell, I * imaginary], [-I * imaginary, charger]])
H = Matrix([[0, G], [G, 0]])
Z = Matrix([[1, 0], [0, -1]]) / 2
rate_phi = 2 * damping
motion = -I * (H * rho - rho * H) + rate_phi * (Z * rho * Z - rho / 4)
motion = motion.applyfunc(lambda entry: simplify(entry.expand()))
show({r"\dot p": motion[0, 0], r"\dot q": motion[1, 1], r"i\dot y": motion[0, 1]})

# %% [markdown]
# Together $\ddot w+\lambda\dot w+4G^2w=0$ for $w=q-p$, a damped oscillation from $w=1$, $\dot w=0$.
# The energy $\omega_0(1-w)/2$ is

# %%
wave = cos(Omega * t) + damping / (2 * Omega) * sin(Omega * t)
w = exp(-damping * t / 2) * wave
dephased = omega_0 * (1 - w) / 2
show({r"E(t)": dephased, r"\Omega^2": 4 * G**2 - damping**2 / 4})
slope = simplify(diff(w, t) * exp(damping * t / 2))
show({r"e^{\lambda t/2}\,\dot w": slope})

# %% [markdown]
# The peaks are at $\Omega t=\pi,3\pi,\dots$, the first one
# $E_{\max}=\tfrac12\omega_0(1+e^{-\pi\lambda/2\Omega})$. From $\lambda=4G$ on there is none: $E$
# creeps up to $\omega_0/2$, the less quickly the larger $\lambda$. That half is passive: nothing
# can be taken out of it.
#
# Nine tenths are left at

# %%
ninety = Rational(9, 10)
half_wave = log(1 / (2 * ninety - 1)) / pi  # λ/(2Ω)
most_dephased = 4 * half_wave / sqrt(1 + half_wave**2)
lossy = nsolve(E_max.subs({Gamma: rate, kappa: 0, G: 1}) - ninety, rate, 0.13, prec=20)
both = nsolve(
    E_max.subs({Gamma: rate, kappa: rate, G: 1}) - ninety, rate, 0.06, prec=20
)
show(
    Columns(
        {
            "nine tenths at": ["loss of one side", "loss of both", "dephasing of one"],
            "rate/G": [float(lossy), float(both), float(2 * most_dephased)],
        }
    )
)

# %% tags=["hide-input"]
figure, (upper, lower) = panels(2, height=2.7)
times = np.linspace(0, 6, 400)
for leak, style in ((0.0, ":"), (0.5, "-"), (4.0, "--"), (10.0, "-.")):
    turn = np.emath.sqrt(1 - leak**2 / 16)
    wave = times * np.sinc(turn * times / np.pi)  # sin(Ωt)/Ω, also at Ω = 0
    curve = np.exp(-leak * times / 2) * np.real(wave**2)
    upper.plot(times, curve, style, label=rf"$\Gamma={leak:g}\,G$")
upper.set(
    xlabel="$Gt$", ylabel=r"$E/\omega_0$", ylim=(0, 1.02), title="loss of the cell"
)
upper.legend(frameon=False)
rates = np.linspace(0.01, 3.9, 60)
for name, case, style in (("cell", first["cell"], "-"), ("both", first["both"], "--")):
    values = lambdify(rate, E_max.subs(case).subs(G, 1))(rates)
    lower.plot(rates, values, style, label=f"loss, {name}")
dephased_peaks = (1 + np.exp(-np.pi * rates / np.sqrt(64 - rates**2))) / 2
lower.plot(rates, dephased_peaks, ":", label="dephasing, cell")
lower.set(xlabel="rate$/G$", ylabel=r"$E_{\max}/\omega_0$", ylim=(0, 1.02))
lower.legend(frameon=False)
show(figure)

# %% [markdown]
# ## The check
#
# The formulas in the master equation of two spins; a few cells and a few charger spins, and a
# cavity, by `numerics`, which knows nothing of bright states.

# %%
minus = Matrix([[0, 0], [1, 0]])  # in the basis (up, down)
sigma, tau = kron(minus, eye(2)), kron(eye(2), minus)
H_two = G * (sigma.T * tau + tau.T * sigma)
state = zeros(4)
state[1:3, 1:3] = Matrix([b, c]) * Matrix([b, c]).H
state[3, 3] = 1 - state[1, 1] - state[2, 2]


def dissipated(jump):
    number = jump.T * jump
    return jump * state * jump.T - (number * state + state * number) / 2


lindblad = -I * (H_two * state - state * H_two)
lindblad += Gamma * dissipated(sigma) + kappa * dissipated(tau)
point = {G: Rational(6, 5), Gamma: Rational(3, 10), kappa: Rational(7, 5)}
turned = {Omega: frequency.subs(point)}
residue = (diff(state, t) - lindblad).subs(point).subs(turned)
assert all(entry.rewrite(exp).expand() == 0 for entry in residue)
assert (square + frequency**2 * eye(2)).applyfunc(simplify).is_zero_matrix
assert simplify(mean**2 + frequency**2 - G**2 - Gamma * kappa / 4) == 0
assert simplify(diff(exp(-s * t) * sin(Omega * t), t).subs(t, time)) == 0
assert orders == {"cell": 1 - pi * rate / 4, "both": 1 - pi * rate / 2}
assert critical == exp(-2)
assert motion[1, 1] == -motion[0, 0] == 2 * G * imaginary
assert simplify(motion[0, 1] / I - G * (cell - charger) + damping * imaginary) == 0
damped = diff(w, t, 2) + damping * diff(w, t) + 4 * G**2 * w
assert simplify(damped.subs(G, sqrt(Omega**2 + damping**2 / 4) / 2)) == 0
times = np.linspace(0, 3, 31)
for own, other, cells, chargers in ((0.4, 1.1, 1, 1), (0.3, 0.3, 3, 2), (9, 0, 1, 3)):
    size = cells * chargers
    turn = np.emath.sqrt(size - (own - other) ** 2 / 16)
    fall = np.exp(-(own + other) * times / 2)
    wanted = size * fall * np.real((np.sin(turn * times) / turn) ** 2)
    cases = [(SpinCharger(cells, chargers), dicke(0, 1), "chargers")]
    cases += [(CavityCharger(cells), fock(1), "cavity")] if chargers == 1 else []
    for model, start, side in cases:
        battery = charge(model, start, noise=[loss("cells", own), loss(side, other)])
        assert np.allclose(battery.energy(times), wanted, rtol=0, atol=1e-13)
        values = {Gamma: own, kappa: other, G: np.sqrt(size)}
        top = complex(E_max.subs(values)).real
        assert abs(battery.first_peak().value - top) < 1e-12
for chargers, phase in ((1, 0.7), (4, 2.0)):
    battery = charge(SpinCharger(1, chargers), noise=[dephasing("cells", phase)])
    values = {damping: phase / 2, Omega: np.sqrt(4 * chargers - phase**2 / 16)}
    curve = lambdify(t, dephased.subs(values | {omega_0: 1}))(times)
    assert np.allclose(battery.energy(times), curve, rtol=0, atol=1e-13)
    assert abs(battery.first_peak().time - np.pi / values[Omega]) < 1e-7
for noise in (
    [loss("cells", float(lossy))],
    [loss("chargers", float(lossy))],
    [loss("cells", float(both)), loss("chargers", float(both))],
    [dephasing("cells", float(2 * most_dephased))],
):
    assert abs(charge(SpinCharger(1, 1), noise=noise).first_peak().value - 0.9) < 1e-12
print("all assertions hold")
