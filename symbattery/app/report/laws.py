r"""The main results, and the laws of charging: statements in LaTeX, as docs/laws.md has them.

Units are :math:`\hbar=1`; K is the number of excited cells.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LAWS", "RESULTS", "Law", "Result", "Table"]


@dataclass(frozen=True)
class Result:
    """A main result: a sentence in LaTeX with one formula, and what is proven of it."""

    statement: str
    standing: str


@dataclass(frozen=True)
class Table:
    """Rows of LaTeX below a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Law:
    """A law: its statement in LaTeX, what is proven of it, and the functions that compute it."""

    title: str
    statement: str
    standing: str
    functions: tuple[str, ...]
    table: Table | None = None


RESULTS = (
    Result(
        r"No battery is faster than its mean field: "
        r"$P_{\max}\le\mu\,g\omega_0\sqrt{MN}/\mathrm{arsinh}\,\sqrt\mu$ with $\mu=\min(M,N)$, "
        r"spins up, $\gamma=0$.",
        "Proven.",
    ),
    Result(
        r"Counter-rotating terms do not speed up the populations: "
        r"$\sum_k\dot p_k^2/p_k\le4g^2MN$ from spins up at every $\gamma$, equal at $\gamma=0$.",
        "Proven.",
    ),
    Result(
        r"The entanglement is largest at half charge: $S_{\max}\simeq\ln M-0.144987+1.30503/M$ "
        r"for large $M=N$.",
        "Proven, given the state; its limit is derived, not rigorously proven.",
    ),
    Result(
        r"The best start has no logarithm in its power: $P_{\max}\to0.312426\,M^2g\omega_0$ for "
        r"large $M=N$, 77 \% of the spins up.",
        "Argued, not proven.",
    ),
    Result(
        r"An exponent of 0.99 is out of reach: that of the average power, all spins up, is "
        r"$\beta=0.911706$ at 1000 cells (proven), and 0.99 at $1.45\cdot10^{40}$.",
        "The last by a law that is derived, not proven.",
    ),
)

LAWS = (
    Law(
        "No battery is faster than its mean field",
        r"""A sector at $\gamma=0$ is a chain of $k$ excited cells with the hops $h_k$ and energies
$\Delta_k$ of its own. From any level, with any detuning, crosstalk and longitudinal coupling, and
for any factors $a_{k+1}b_k=h_k^2$ with least concave functions $\hat a,\hat b$ above them,
\begin{align*}
\langle\dot K\rangle^2+\langle\Delta\rangle^2 & \le4\,
\hat a(\langle K\rangle)\,\hat b(\langle K\rangle),
\end{align*}
so that $\langle K\rangle$ stays below the solution of the equality.""",
        "Proven.",
        ("numerics.energy_bound", "numerics.power_bound"),
        Table(
            ("Charger", r"Bound on $E/\omega_0$", r"Bound on $P_{\max}$"),
            (
                (
                    "$N$ spins up",
                    r"$\sinh^2(g\sqrt{MN}\,t)$",
                    r"$\mu\omega_0g\sqrt{MN}/\mathrm{arsinh}\,\sqrt\mu$, $\mu=\min(M,N)$",
                ),
                (
                    "$m$ of $N$ spins up",
                    r"$\frac ac\sinh^2(g\sqrt{Mc}\,t)$, $a=m(N-m+1)$, $c=\max(0,2m-N-2)$",
                    r"$\mu\omega_0g\sqrt{Mc}/\mathrm{arsinh}\,\sqrt{\mu c/a}$, $\mu=\min(M,m)$; "
                    r"$\omega_0g\sqrt{\mu Ma}$ for $c=0$",
                ),
                (
                    "any state of $N$ spins",
                    r"$\frac{\langle J_+J_-\rangle}N\sinh^2(g\sqrt{MN}\,t)$; thermal: $p\sinh^2$",
                    "",
                ),
                (
                    r"detuned by $\delta$, spins up",
                    r"$\frac{4G^2}{4G^2-\delta^2}\sinh^2\frac{\sqrt{4G^2-\delta^2}\,t}2$, "
                    r"$G=g\sqrt{MN}$; for $\vert\delta\vert>2G$ up to its top",
                    "",
                ),
                (
                    "$n$ photons",
                    r"$\mu\sin^2(g\sqrt{\max(M,n)}\,t)$ up to its top",
                    r"$0.72462\,\mu\omega_0g\sqrt{\max(M,n)}$, $\mu=\min(M,n)$",
                ),
                (
                    r"spins up, $\gamma\ne0$",
                    r"$\sinh^2(g\sqrt{MN}\,(1+\vert\gamma\vert)\,t)$",
                    r"$M\omega_0g\sqrt{MN}\,(1+\vert\gamma\vert)/\mathrm{arsinh}\,\sqrt M$",
                ),
            ),
        ),
    ),
    Law(
        "The Fisher information of the populations",
        r"""$I_E=\sum_k\dot p_k^2/p_k$ bounds the power, $\dot E^2\le I_E\,\mathrm{Var}\,H_B$
(Phys. Rev. Research 2, 023113, 2020). For every model and every mixture of levels $b$, at all
times,
\begin{align*}
I_E(t) & \le4\sum_bw_b\,\mathrm{Var}_bH,
\end{align*}
which no time changes; from all $N$ spins up it is $4g^2MN$ at every $\gamma$, detuning and
crosstalk.""",
        r"Proven. At $\gamma=0$, on resonance and without crosstalk a Dicke start has it at all "
        "times.",
        ("numerics.fisher_information_bound",),
    ),
    Law(
        "The state of a large battery",
        r"""$M=N$ cells and spins, all up, $\gamma=0$, resonance: with $z=4Me^{-2Mgt}$, $x=K/M$ and
$e=e^zE_1(z)$ the limits of the table hold, and the entanglement is largest at half charge,
\begin{align*}
S_{\max} & =\ln M+1-\ln z_*-\frac1{z_*}+\frac{1+z_*/2}M+O\Big(\frac1{M^2}\Big),
\end{align*}
with $2z_*e^{z_*}E_1(z_*)=1$, $z_*=0.610057791834874$.""",
        "Proven, given the distribution and its next order. The distribution is derived: its "
        r"distance from the exact amplitudes is bounded for each $M$, from 30 to 3000 cells.",
        ("symbattery.large_battery",),
        Table(
            ("", "Limit"),
            (
                (
                    "density of $x$",
                    r"$\rho=\frac z{(1-x)^2}e^{-zx/(1-x)}$",
                ),
                (r"$E/M\omega_0$", r"$\langle x\rangle=1-ze$"),
                (
                    r"variance$/M^2\omega_0^2$",
                    r"$\langle x^2\rangle-\langle x\rangle^2$, $\langle x^2\rangle=1-2ze+z-z^2e$",
                ),
                ("entropy", r"$\ln M+1-\ln z-2e$"),
                ("$M$ purity", r"$\frac z2+\frac12+\frac1{4z}$"),
                ("negativity", r"$\frac M2ze^zE_1(\frac z2)^2$"),
                (r"$Mp_{\max}$", r"$\frac4ze^{z-2}$, and $z$ from $z=2$ on"),
                ("ergotropy, all unitaries", r"$E-\omega_0(1-p_{\max})$"),
                ("ergotropy, local", r"$\max(0,2E-M\omega_0)$"),
                (
                    "ergotropy, Dicke levels",
                    r"$E-M\omega_0\int x\,\rho^\downarrow dx$, 0 for $z\ge2$",
                ),
            ),
        ),
    ),
    Law(
        "The best start for the energy",
        r"""$M$ cells, empty, $N\ge M$ charger spins, $\gamma=0$, resonance. From $m=(M+N)/2$ of
them up the first peak is
\begin{align*}
\frac E{\omega_0} & =M-\frac{27\pi^2}{16}\binom M3\frac1{(N+1)^4}
\Big[1+\frac{3M(M-1)}{4(N+1)^2}+O(N^{-4})\Big].
\end{align*}""",
        "Derived for every $M$ by perturbation theory. How large $N$ must be for an integer "
        "nearest to $(M+N)/2$ to be best is not proven.",
        ("symbattery.balanced_start", "numerics.best_excited"),
    ),
    Law(
        "The best start for the power",
        r"""For $N\gg M$ the largest average power has
\begin{align*}
m & =\frac{M+N}2-\frac{M-1}{1+\theta^2},\qquad\tan\frac\theta2=\theta\ (\theta=2.3311).
\end{align*}
In large batteries, $N=rM$, the best $m$ is a fixed part of $N$, and
\begin{align*}
P_{\max} & \to c_r\,g\omega_0MN,\qquad c_1=0.312426\ (m=0.76866N),\quad c_\infty=0.362306\ (m=N/2).
\end{align*}""",
        "The first by perturbation theory. That fluctuations do not change the leading term of the "
        "second is argued, not proven.",
        ("symbattery.balanced_start", "symbattery.best_power"),
    ),
    Law(
        "Long-time means",
        r"""The mean energy over all times, all $N\ge M$ charger spins up, is for every $M$ a ratio
of determinants of traces,
\begin{align*}
\overline E & =\omega_0\,\mu^TG^{-1}\kappa,
\end{align*}
$\mu_a=\langle s|H^{2a}|s\rangle$, $\kappa_a=\mathrm{Tr}\,KH^{2a}$,
$G_{ab}=\mathrm{Tr}\,H^{2(a+b)}$,
$a,b=0,\dots,\lfloor M/2\rfloor$: a rational function of $N$, such as
$\frac{N(15N-14)}{2(3N-2)^2}$ for two cells. From $m=(M+N)/2$ it is $M\omega_0/2$ for every $M$.""",
        r"Proven. The law of large batteries, \texttt{long\_time\_law}, is semiclassical.",
        ("symbattery.long_time_energy", "symbattery.long_time_law"),
    ),
    Law(
        "The exponent of collective charging",
        r"""$\eta\propto M^\beta$ at $N=M$. With $\Lambda=\ln4M$ and Lambert's function,
\begin{align*}
\beta & =1-\frac1\Lambda+\frac{u_1}{\Lambda^2}-\frac{u_1^2-u_2}{\Lambda^3}
+O\Big(\frac{u_1^3}{\Lambda^4}\Big), \\
u_1 & =1+\gamma_E-W_{-1}\Big(-\frac{e^{1+\gamma_E}}\Lambda\Big)\sim\ln\Lambda,
\end{align*}
with $u_2$ in the function.""",
        "That the law behind it is the limit is derived, not proven. The slopes of "
        r"\texttt{certified.exponent} are proven and do not rest on it.",
        ("symbattery.exponent_series", "numerics.certified.exponent"),
    ),
    Law(
        "Weak anisotropy",
        r"""From all charger spins up, on resonance, at fixed $gt$ and with the energies $E_0$, hops
$h_k$ of $\gamma=0$,
\begin{align*}
E & =E_0+\Big(\frac{\gamma g}{2\omega_0}\Big)^2\Big[\sum_k\rho_k\frac{\partial E_0}{\partial\ln h_k}
-\omega_0(N-M)\langle K(K+1)\rangle_0\Big] \\
& \quad+O\Big(\gamma^2\frac{g^3}{\omega_0^3}\Big)+O(\gamma^4),\\
\rho_k & =-2MN+(M+N)(3k+1)-6k(k+1),
\end{align*}
closed for up to three cells and any $N$.""",
        "By averaging over the fast terms; judged by brute force over three decades of "
        r"$g/\omega_0$. The orders of the remainders are those of perturbation theory at fixed "
        "$gt$.",
        ("symbattery.weak_anisotropy",),
    ),
)
"""Of what docs/laws.md says, the statements; proofs and what is not known stand there."""
