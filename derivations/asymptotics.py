# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Large batteries
#
# $M$ cells, empty, are charged by $N=rM$ charger spins, all up, at $\gamma=0$. We derive the laws
# of $E(t)$, of the largest power and of the exponent $\beta=d\ln\eta/d\ln M$ for $M\to\infty$,
# and the next order in $1/M$; exact numerics from $M=10$ to $10^4$ measure what they leave out.

# %%
from math import log as ln
from pathlib import Path

import mpmath
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.special import jv
from sympy import (
    Integer,
    Rational,
    S,
    Symbol,
    cosh,
    diff,
    exp,
    expand,
    factor,
    laguerre,
    lambdify,
    limit,
    log,
    oo,
    simplify,
    solve,
    sqrt,
    symbols,
    tanh,
)

import numerics
from symbattery import single_cell
from symbattery.asymptotics import LargeSize
from symbattery.chains import Couplings, Spin, chain_from
from symbattery.figures import save
from symbattery.implicit import ImplicitRoot
from symbattery.symbols import M, N, g, omega_0, t

UNIT = {g: S.One, omega_0: S.One}


def number(expression):
    """As a float, in units of g and ω₀; each root is evaluated only once."""
    roots = {root: root.evalf(17) for root in expression.atoms(ImplicitRoot)}
    return float(expression.xreplace({**roots, **UNIT}))


# %% [markdown]
# ## The sector
#
# With $k$ excited cells the squared hop from $k$ to $k+1$ is $g^2(k+1)^2(M-k)(N-k)$: symmetric in
# $M$ and $N$, so the number of excitations that go over is the same when battery and charger change
# places. $H$ is real and its diagonal constant, so the amplitudes are $(-i)^ka_k$ with real
# $$\dot a_k=b_{k-1}a_{k-1}-b_ka_{k+1},\qquad b_k=g\,y\sqrt{(\tilde M-y)(\tilde N-y)},$$
# where $y=k+1$ is half-way between the sites $n=k+\frac12$ and $k+\frac32$, and $\tilde M=M+1$,
# $\tilde N=N+1$: seen from the middle of each hop the battery is larger by one cell.

# %%
resonant = Couplings(g, S.Zero, omega_0, omega_0, S.Zero, S.Zero)
hops_squared = chain_from(Spin(Integer(5)), Spin(N), Integer(0), N, resonant).hops_squared
print("M = 5:", [factor(b) for b in hops_squared])

# %% [markdown]
# ## The early stage
#
# With $\tau=\sqrt{\tilde M\tilde N}\,gt$ and $\epsilon=\frac12(1/\tilde M+1/\tilde N)$ the hops are
# $y(1-\epsilon y)+O(\epsilon^2)$ as long as $k\ll M$. To first order in $\epsilon$
# $$a_k=\frac{\tanh^k\tau}{\cosh\tau}\Big[1+\epsilon\Big(\tanh^2\tau
#   +k\Big(1-\frac3{2\cosh^2\tau}\Big)-\frac{k^2}{2\cosh^2\tau}\Big)\Big].$$
# The leading term is two-mode squeezing: $k$ is geometrically distributed with mean $\sinh^2\tau$.

# %%
tau, k, s, n, eps = symbols("tau k s n epsilon", positive=True)
early = tanh(tau) ** 2 + k * (1 - 3 / (2 * cosh(tau) ** 2)) - k**2 / (2 * cosh(tau) ** 2)
T = tanh(tau)
motion = {
    # Both divided by tanh^k/cosh, whose logarithmic derivative is k(1 − T²)/T − T.
    "order 0": k / T - (k + 1) * T - (k * (1 - T**2) / T - T),
    "order 1": k / T * (early.subs(k, k - 1) - early)
    - (k + 1) * T * (early.subs(k, k + 1) - early)
    - k**2 / T + (k + 1) ** 2 * T
    - diff(early, tau),
}  # fmt: skip
residues = {
    name: simplify(expand(left).rewrite(exp).subs(tau, log(n)).together())
    for name, left in motion.items()
}
print("what is left of the equation of motion:", residues)

# %% [markdown]
# ## The classical motion
#
# Once $k\gg1$ the distribution is transported along $\dot n=2b(n)$, that is
# $\dot n=2gn\sqrt{(\tilde M-n)(\tilde N-n)}$. For $1/n$ this is the motion in a linear force:
# with $x\propto e^{2\tau}$, $n\simeq x$ at early times,
# $$n=\frac{x}{(1+px)(1+qx)},\qquad p,q=\frac14\Big(\tilde M^{-1/2}\pm\tilde N^{-1/2}\Big)^2.$$
# For $\tilde M=\tilde N$ it is $x/(1+x/\tilde M)$, the logistic curve, which takes for ever;
# otherwise the smaller side is used up at $x=1/\sqrt{pq}$ and the trajectory turns back.

# %%
a, b, x = symbols("a b x", positive=True)  # 1/√M and 1/√N, √M and √N being those of M+1, N+1
p, q = (a + b) ** 2 / 4, (a - b) ** 2 / 4
path = x / ((1 + p * x) * (1 + q * x))
# x' = 2√(MN) g x; both sides squared, as the root changes its sign at the turning point.
speed = (2 * x * diff(path, x)) ** 2 - (2 * path) ** 2 * (1 - a**2 * path) * (1 - b**2 * path)
# The positive one of the two points is that of the smaller side.
filled = {simplify(path.subs(x, point)) for point in solve(diff(path, x), x)}
print("n at the turning points:", filled)
waves = 1 / (1 + q * x) - 1 / (1 + p * x)

# %% [markdown]
# ## Matching
#
# For $k\sim\cosh^2\tau\gg1$ the squared early amplitudes are a density of $x=sX$,
# $X=\frac12\cosh2\tau\simeq\frac14e^{2\tau}$:
# $$e^{-s}\,[1+\epsilon\,q(s)]\,ds,\qquad q=1-2s+\tfrac12s^2=L_2(s),$$
# after the part of the correction that the trajectory $n=x-\epsilon x^2$ itself explains.

# %%
mean = k / s - Rational(1, 2)  # X, where cosh² τ = k/s
site = k + Rational(1, 2)
leading = k * log(1 - s / k) - log(k / s) + site / mean + log(mean)
at_k = 2 * early.subs(T**2, 1 - 1 / cosh(tau) ** 2).subs(cosh(tau) ** 2, k / s)
carried = 2 * site - site**2 / mean
correction = limit(expand(at_k - carried), k, oo)
print("ln of the ratio to the exponential distribution, times k:", limit(k * leading, k, oo))
print("q(s) =", correction)

# %% [markdown]
# ## The law
#
# The mean of $1/(1+psX)$ over $e^{-s}$ is $ze^zE_1(z)$, $z=1/(pX)$. With $z=e^{-u}$ and the two
# fractions of $n$, therefore,
# $$\frac{E(t)}{M\omega_0}\to f_r(u)=\sqrt r\,[f(u)-f(u-\ln\rho)],\qquad
#   f=1-ze^zE_1(z)=e^zE_2(z),$$
# $$u=2\sqrt r\,Mgt-\Lambda,\quad \Lambda=\ln\frac{16rM}{(1+\sqrt r)^2},\quad
#   \rho=\frac pq=\Big(\frac{1+\sqrt r}{1-\sqrt r}\Big)^2.$$
# A wave of charging is followed, $\ln\rho$ later, by the wave of those that turned back. For $r=1$
# the second one never comes: $f_1=f$, $\Lambda=\ln4M$ (the 4 from $\sinh^2\tau\simeq e^{2\tau}/4$).
# As $(s^2e^{-s})''=2L_2e^{-s}$, two integrations by parts turn the correction into derivatives:
# $$\frac{E}{\omega_0}=\tilde Mf_{\tilde r}(u)+\frac14\Big(1+\frac1r\Big)(f_r''-f_r')-\frac12
#   +O\Big(\frac1M\Big),$$
# with $\tilde M,\tilde N$ in $u$ and $\tilde r=\tilde N/\tilde M$; $\frac12$ is the distance of
# $n$ from $k$.

# %%
u = Symbol("u", real=True)
equal = LargeSize()
print("f(u) =", equal.filling(u), "  u(t) =", equal.argument())
print("r = 2:", LargeSize(2).filling(u))


def average(law, value, weight=lambda s: 1):
    """The mean over the distribution of s of the classical trajectory in units of M, r = N/M."""
    r = mpmath.mpf(law.ratio.p) / law.ratio.q
    z = mpmath.exp(-mpmath.mpf(value))
    other = 0 if r == 1 else ((1 - mpmath.sqrt(r)) / (1 + mpmath.sqrt(r))) ** 2

    def integrand(s):
        w = s / z  # px
        part = (1 + mpmath.sqrt(r)) ** 2 / (4 * r)
        return mpmath.exp(-s) * weight(s) * w / ((1 + w) * (1 + other * w)) / part

    return mpmath.quad(integrand, [0, z, 1, 4, 16, 64, 256])


quadrature = {}
with mpmath.workdps(30):
    for ratio in (1, 2, Rational(1, 2), 10):
        law = LargeSize(ratio)
        bent = (diff(law.filling(u), u, 2) - diff(law.filling(u), u)) / 2
        for value in (-4, 0, 1, 3):
            direct = mpmath.mpmathify(law.filling(value).evalf(30)) - average(law, value)
            second = mpmath.mpmathify(bent.subs(u, value).evalf(30)) - average(
                law, value, lambda s: 1 - 2 * s + s**2 / 2
            )
            quadrature[ratio, value] = max(abs(direct), abs(second))
print("law against quadrature, largest difference:", mpmath.nstr(max(quadrature.values()), 3))

# %% [markdown]
# ## The largest power
#
# $P=E/t\to2\sqrt r\,M^2g\omega_0\,f_r(u)/(u+\Lambda)$ is stationary where
# $h=(u+\Lambda)f_r'-f_r=0$, and $h'=(u+\Lambda)f_r''$. In $\ln x$ the trajectory is proportional to
# $1/(c+\cosh\theta)$, $c=(M+N)/|M-N|$; its second derivative has the sign of
# $\cosh^2\theta-c\cosh\theta-2$, which changes twice ($+,-,+$; once for $r=1$). The average over
# $s$ is a Laplace transform in $1/X$, which diminishes variation, so $f_r''$ changes no more often
# than that. Between the first change and the peak of $f_r$, $h$ falls, and beyond the peak $h<0$:
# there is at most one largest power. (For $t\to0$, where it is not meant, the law itself diverges.)
#
# The trajectory is log-concave in $\ln x$, and so is the density of $\ln s$; then $f_r$ is
# log-concave (Prékopa), and $f_r'/f_r$ falls. As $h=0$ there,
# $$\beta=\frac{d\ln P_{\max}}{d\ln M}-1=1-\frac1{u_*+\Lambda}=1-\frac{f_r'(u_*)}{f_r(u_*)}:$$
# only $\Lambda$ depends on $M$ at the maximum (envelope theorem), with $d\Lambda/d\ln M=1$. So
# $\beta$ grows with $M$, and exceeds a given value beyond
# $M=\frac{(1+\sqrt r)^2}{16r}e^{-u_*+1/(1-\beta)}$.

# %%
theta, c, ch = symbols("theta c ch", positive=True)
bend = simplify(diff(1 / (c + cosh(theta)), theta, 2) * (c + cosh(theta)) ** 3)
bend_sign = expand(bend.rewrite(exp).subs(theta, log(ch)))
hyperbolic = (cosh(theta) ** 2 - c * cosh(theta) - 2).rewrite(exp).subs(theta, log(ch))
# ln P = 2 ln M + ln f(u) − ln(u + Λ), by ln M: u' is how the maximum moves, (ln f)' is stationary.
moved, elapsed = symbols("moved elapsed")
exponent = 2 + moved * (1 / elapsed) - (moved + 1) / elapsed - 1
(root,) = equal.max_power().value.atoms(ImplicitRoot)
print("P_max =", equal.max_power().value, "  where", root.equation)
thresholds = {
    (ratio, beta): LargeSize(ratio).size_for_exponent(beta)
    for ratio in (1, 2)
    for beta in (Rational(9, 10), Rational(19, 20), Rational(99, 100))
}
for (ratio, beta), size in thresholds.items():
    print(f"r = {ratio}: beta > {beta} from M = {size} = {size.evalf(8)} on")

# %% [markdown]
# ## Exact numerics
#
# $e^{tA}$ of the real antisymmetric chain by its Chebyshev series, and Newton's method for the
# maxima, with $E'$ and $E''$ from the same amplitudes. `numerics.charge` is the judge up to
# $M=1000$.


# %%
class Exact:
    """M cells charged by N spins, in units of g and ω₀."""

    def __init__(self, cells, chargers):
        levels = np.arange(min(cells, chargers), dtype=float)
        self.hops = (levels + 1) * np.sqrt((cells - levels) * (chargers - levels))
        self.filled = np.arange(len(self.hops) + 1.0)
        self.time, self.state = 0.0, (self.filled == 0).astype(float)

    def slope(self, state):
        result = np.zeros_like(state)
        result[1:] = self.hops * state[:-1]
        result[:-1] -= self.hops * state[1:]
        return result

    def move(self, time):
        radius = 2 * np.max(self.hops)
        reach = radius * (time - self.time)
        orders = np.arange(int(abs(reach) + 12 * abs(reach) ** (1 / 3)) + 40)
        bessel = jv(orders, abs(reach)) * np.sign(reach) ** orders
        before, now = self.state, self.slope(self.state) / radius
        total = bessel[0] * before + 2 * bessel[1] * now
        for weight in 2 * bessel[2:]:
            before, now = now, 2 / radius * self.slope(now) + before
            total += weight * now
        self.time, self.state = time, total

    def moments(self):
        once = self.slope(self.state)
        twice = self.slope(once)
        energy = self.filled @ self.state**2
        return (
            energy,
            2 * self.filled @ (self.state * once),
            2 * self.filled @ (once**2 + self.state * twice),
        )

    def energy(self, time):
        self.move(time)
        return self.moments()[0]

    def largest_power(self, near):
        self.move(near)
        for _ in range(8):
            energy, first, second = self.moments()
            step = (energy / self.time - first) / second
            self.move(self.time + step)
            if abs(step) < 1e-9 * self.time:
                break
        return self.moments()[0] / self.time

    def first_peak(self, near):
        self.move(near)
        for _ in range(8):
            _, first, second = self.moments()
            self.move(self.time - first / second)
            if abs(first / second) < 1e-9 * self.time:
                break
        return self.moments()[0]


RATIOS = {
    Integer(1): (10, 30, 100, 300, 1000, 3000, 10000),
    Integer(2): (10, 100, 1000, 3000),
    Rational(1, 2): (10, 100, 1000, 3000),
    Integer(10): (10, 30, 100, 300, 1000),
}
table, judged = {}, {}
for ratio, sizes in RATIOS.items():
    print(
        f"r = {ratio}\n{'M':>6} {'exact P_max':>17} {'law':>17} {'error':>10} {'M*error':>8}",
        end="",
    )
    print(f" {'next order':>17} {'error':>10} {'M^2*error':>9}")
    for size in sizes:
        law = LargeSize(ratio)
        powers = [law.max_power(size, order=order) for order in (0, 1)]
        exact = Exact(size, int(ratio * size)).largest_power(number(powers[1].time))
        first, second = (number(power.value) for power in powers)
        table[ratio, size] = exact, first / exact - 1, second / exact - 1
        print(
            f"{size:6} {exact:17.8f} {first:17.8f} {first / exact - 1:10.2e} "
            f"{size * (first / exact - 1):8.4f} {second:17.8f} {second / exact - 1:10.2e} "
            f"{size**2 * (second / exact - 1):9.4f}"
        )
        if size <= (1000 if ratio == 1 else 100):
            charged = numerics.charge(numerics.SpinCharger(size, int(ratio * size)))
            judged[ratio, size] = exact / charged.max_power().value - 1
print("against numerics.charge:", max(abs(value) for value in judged.values()))

# %% [markdown]
# The error of the law falls like $1/M$, that of the next order like $1/M^2$ up to a logarithm (for
# $r=10$ it changes sign near $M=300$). For $r=1$ the next order says what $M$ times the error tends
# to: at the root it is $-1-\beta+(1+f'-f'')/(2f)\to-\frac32$, because $f\to1$ and $\beta\to1$,
# slowly, like $1/\ln M$.

# %%
limits = {}
for power in (4, 12, 100):
    first, second = (equal.max_power(10**power, order=order) for order in (0, 1))
    quotient = first.value / second.value
    roots = {root: root.evalf(150) for root in quotient.atoms(ImplicitRoot)}
    limits[power] = float((10**power * (quotient.xreplace(roots) - 1)).evalf(20))
    print(f"M = 10^{power}: M*error = {limits[power]:.4f}")

# %% [markdown]
# ## The curve E(t) and its first peak
#
# The law misses $E$ by a cell or two out of $M$: for $r=1$ up to the first peak (which comes near
# $u=\ln M+2$, where the last cells are filled, and which the law has not), for $r\ne1$ through
# the peak. At fixed $u$ the next order misses $O(1/M)$ of a cell.

# %%
curves = {}
for ratio, size in ((1, 100), (1, 1000), (2, 100), (2, 1000), (10, 100), (10, 1000)):
    law = LargeSize(ratio)
    scale, offset = 2 * float(sqrt(law.ratio)) * size, float(law.lag(size))
    charged = numerics.charge(numerics.SpinCharger(size, ratio * size))
    end = scale * charged.first_peak().time - offset if ratio == 1 else 4
    points = np.linspace(-4, end, 33)
    times = (points + offset) / scale
    functions = [lambdify(t, law.energy(size, order).subs(UNIT), "mpmath") for order in (0, 1)]
    exact = charged.energy(times)
    missed = [np.abs([float(f(mpmath.mpf(v))) for v in times] - exact) for f in functions]
    curves[ratio, size] = np.max(missed[0]), np.max(missed[1][points <= 4])
    print(
        f"r = {ratio}, M = {size}: |E - law|/omega_0 < {curves[ratio, size][0]:.3f} for "
        f"-4 < u < {end:.2f}; next order < {curves[ratio, size][1]:.5f} for -4 < u < 4"
    )

peaks = {}
for ratio in (2, 10):
    law = LargeSize(ratio)
    print(f"r = {ratio}: first peak of E/(M omega_0) tends to",
          (law.max_energy().value / (M * omega_0)).evalf(12))  # fmt: skip
    for size in (30, 300, 1000):
        top = law.max_energy(size)
        exact = Exact(size, ratio * size).first_peak(number(top.time))
        peaks[ratio, size] = number(top.value) / exact - 1
        print(f"  M = {size}: {exact / size:.8f}, M*error = {size * peaks[ratio, size]:.4f}")

# %% [markdown]
# ## The exponent
#
# Central differences of exact $\ln P_{\max}$ in $\ln M$, at $N=M$, beside the law. The paper prints
# $\beta\approx0.81$, $0.87$, $0.99$ at $M=20$, $100$, $1000$. The first two are the exact slopes;
# at $M=1000$ the slope is $0.912$. The law reaches $0.95$ beyond two million cells and $0.99$
# beyond $10^{40}$.

# %%
parallel = number(single_cell(1).max_power().value)
slopes = {}
for size, step in ((10, 1), (20, 1), (100, 4), (1000, 40), (10000, 400)):
    ends = [
        Exact(end, end).largest_power(number(equal.max_power(end, order=1).time))
        for end in (size - step, size + step)
    ]
    slope = ln(ends[1] / ends[0]) / ln((size + step) / (size - step)) - 1
    slopes[size] = slope, number(equal.exponent(size))
    line = f"M = {size}: beta = {slope:.5f}, law {slopes[size][1]:.5f}"
    if (1, size) in table:
        line += f"; eta = {table[1, size][0] / (size * parallel):.5f}"
    print(line)

# %%
figure = Figure(figsize=(3.4, 4.4), layout="constrained")
FigureCanvasAgg(figure)
upper, lower = figure.subplots(2, 1)
grid = np.linspace(-4, 5, 181)
for colour, ratio in (("C0", 1), ("C1", 2), ("C2", 10)):
    law = LargeSize(ratio)
    filling = lambdify(u, law.filling(u), "mpmath")
    upper.plot(
        grid, [float(filling(v)) for v in grid], color=colour, linewidth=1, label=f"$r={ratio}$"
    )
    for marker, size in (("s", 10), ("o", 100)):
        exact = Exact(size, ratio * size)
        scale, offset = 2 * float(sqrt(law.ratio)) * size, float(law.lag(size))
        shown = grid[(grid > -offset) & (grid < 4)][10::16]
        filled_to = [exact.energy((v + offset) / scale) / size for v in shown]
        upper.plot(
            shown, filled_to, marker, color=colour, markersize=3, markerfacecolor="white",
            markeredgewidth=0.7,
        )  # fmt: skip
    sizes = RATIOS[Integer(ratio)]
    for column, line in ((1, "o-"), (2, "o--")):
        lower.loglog(
            sizes, [abs(table[ratio, size][column]) for size in sizes], line, color=colour,
            markersize=3, linewidth=1,
        )  # fmt: skip
upper.plot([], [], "s", color="0.3", markersize=3, markerfacecolor="white", label="$M=10$")
upper.plot([], [], "o", color="0.3", markersize=3, markerfacecolor="white", label="$M=100$")
upper.set_xlabel(r"$u=2\sqrt{r}\,Mgt-\Lambda$")
upper.set_ylabel(r"$E/(M\omega_0)$")
upper.set_xlim(-4, 5)
upper.set_ylim(bottom=0)
lower.plot([], [], "-", color="0.3", linewidth=1, label="law")
lower.plot([], [], "--", color="0.3", linewidth=1, label="next order")
lower.legend(fontsize=7, frameon=False, loc="lower left")
lower.set_xlabel("$M$")
lower.set_ylabel(r"relative error of $P_{\max}$")
for axes in (upper, lower):
    axes.tick_params(direction="in", top=True, right=True, labelsize=8)
figure.legend(
    *upper.get_legend_handles_labels(), loc="outside upper center", ncols=5, fontsize=7,
    frameon=False, handlelength=1.2, columnspacing=0.8,
)  # fmt: skip
folder = Path(globals().get("__file__", "derivations/here")).resolve().parent / "figures"
folder.mkdir(exist_ok=True)
print("figure:", save(figure, folder, "asymptotics")[1].name)

# %% [markdown]
# ## What must hold

# %%
assert all(expand(h - g**2 * (i + 1) ** 2 * (5 - i) * (N - i)) == 0
           for i, h in enumerate(hops_squared))  # fmt: skip
assert set(residues.values()) == {0}
assert factor(speed) == 0
assert filled == {a**-2, b**-2}
assert simplify(waves / (a * b) - path) == 0
assert limit(k * leading, k, oo) == 0
assert expand(correction - laguerre(2, s)) == 0
assert expand((diff(s**2 * exp(-s), s, 2) / exp(-s)) - 2 * laguerre(2, s)) == 0
assert max(quadrature.values()) < mpmath.mpf(10) ** -27
assert simplify(bend_sign - hyperbolic) == 0
assert simplify(exponent - (1 - 1 / elapsed)) == 0
assert all(abs(errors) < 1e-9 for errors in judged.values())
for ratio, sizes in RATIOS.items():
    # M times the error settles, M² times that of the next order grows no faster than ln M.
    settled = [size * table[ratio, size][1] for size in sizes]
    assert 1 < settled[-1] / settled[-2] < 1.04
    assert all(abs(table[ratio, size][2]) < 0.7 * ln(size) / size**2 for size in sizes)
assert -1.5 < limits[100] < limits[12] < limits[4] < -1.3
for ratio in (1, 2, 10):
    assert curves[ratio, 1000][0] < 1.6
    assert curves[ratio, 1000][1] < 0.11 * curves[ratio, 100][1] < 0.01
for ratio in (2, 10):
    assert abs(1000 * peaks[ratio, 1000] - 300 * peaks[ratio, 300]) < 0.01
assert all(abs(exact - law) < 1.5 / size for size, (exact, law) in slopes.items())
assert [round(slopes[size][0], 2) for size in (20, 100, 1000)] == [0.81, 0.87, 0.91]
assert thresholds[1, Rational(19, 20)].evalf() > 2 * 10**6
assert thresholds[1, Rational(99, 100)].evalf() > 10**40
print("all assertions hold")
