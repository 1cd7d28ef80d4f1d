r"""Energy and its fluctuations: means, cumulants, power, and the work statistics of the charging.

K is the number of excited cells. With :math:`X=S_+J_-` and :math:`Y=S_+J_+` the operator of the
power is :math:`\hat P=i[H,H_B]=-i\omega_0g\,A`, :math:`A=X-X^\dagger+\gamma(Y-Y^\dagger)`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.dynamics.conservation import PrecisionError, is_late, latest
from numerics.model.checks import invalid
from numerics.model.options import CONJUGATE, Need
from numerics.model.resources import Floats
from numerics.observables.amplitudes import Complex
from numerics.observables.battery import Battery
from numerics.observables.table import Observable, average, derivative
from numerics.sectors.starts import distinct

__all__ = ["ROWS", "energy", "power_moments"]


def energy(battery: Battery) -> Floats:
    """E, shape (T,)."""
    return battery.frequency * battery.gain


def _power(battery: Battery) -> Floats:
    stored, times = energy(battery), battery.times
    result = np.divide(stored, times, out=np.zeros_like(stored), where=times != 0)
    if np.any(times == 0) and (battery.problem.noise or battery.start.superposed):
        # Jumps and coherences move E at once.
        begins = battery.dynamics.moments(np.zeros(1)).slope
        result[times == 0] = battery.frequency * begins
    return result


def _variance(battery: Battery) -> Floats:
    return battery.frequency**2 * battery.central_moments[0]


def _standardised(battery: Battery, order: int) -> Floats:
    moments = battery.central_moments
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        # In this order powers of small variances do not vanish.
        return moments[order - 2] / moments[0] / moments[0] ** (order / 2 - 1)


def _fano(battery: Battery) -> Floats:
    variance, mean = battery.central_moments[0], battery.excited
    return np.divide(variance, mean, out=np.ones_like(mean), where=mean > 0)


def power_moments(battery: Battery) -> tuple[Floats, Floats]:
    """The mean and the mean square of the power operator, shape (T,) each."""
    unit = battery.frequency * battery.parameters.coupling
    gamma = battery.parameters.anisotropy
    square = battery.mean(lambda m: _squares(m.coupled(gamma, -1.0)))
    return battery.frequency * battery.moments.slope, unit**2 * square.real


def _squares(psi: Complex) -> Floats:
    """|ψ|²."""
    return psi.real**2 + psi.imag**2


def _power_variance(battery: Battery) -> Floats:
    mean, square = power_moments(battery)
    return square - mean**2


def _switching_work(battery: Battery) -> Floats:
    p, problem = battery.parameters, battery.problem
    if problem.conserved and not problem.noise:
        return p.detuning * battery.gain
    return p.frequency * battery.gain + p.charger_frequency * battery.charged


def _work_distribution(battery: Battery) -> Floats:
    result = np.zeros((len(battery.times), 2 * battery.size - 1))
    begin, group = battery.first_cells, battery.start.group
    if group is not None and len(np.unique(group)) < len(distinct(begin, group)[0][0]):
        must = "be a state of definite numbers of cells for `work_distribution`, which measures it"
        raise invalid("initial", must, battery.problem.initial)
    for k in np.unique(begin).tolist():
        from_k = battery if np.all(begin == k) else None
        p = (
            battery.by_cells(lambda m: m.density, begin == k)
            if from_k is None
            else from_k.populations
        )
        result[:, battery.size - 1 - k : 2 * battery.size - 1 - k] += p
    return result


def _characteristic(battery: Battery, u: Any) -> Complex:
    """The Fourier transform of the distribution.

    Raises
    ------
    PrecisionError
        Doubles do not hold the phases uW.
    """
    most = battery.frequency * battery.size
    if is_late(most, abs(float(u))):
        raise PrecisionError(
            f"`u` must be at most {latest(most):.3g} in size, in double precision for this "
            f"battery, but is {float(u):g}"
        )
    angle = float(u) * battery.frequency * np.arange(1 - battery.size, battery.size)
    chance = _work_distribution(battery)
    return chance @ np.cos(angle) + 1j * (chance @ np.sin(angle))


ROWS = (
    Observable(
        "energy",
        r"E(t)=\omega_0\,(\langle K\rangle_t-\langle K\rangle_0)",
        "``frequency``",
        "The stored energy.",
        "Eq. (7) of Huangfu and Jing (2021), with the bare Hamiltonian of the cells.",
        energy,
        by_populations=False,
        linear=True,
    ),
    Observable(
        "power",
        r"P(t)=E(t)/t",
        "``frequency`` per time",
        "The average power; at t = 0 the rate at which E begins.",
        "Eq. (8) of Huangfu and Jing (2021).",
        _power,
        by_populations=False,
        pace=average,
        needs=frozenset({Need.COUPLING}),
    ),
    Observable(
        "energy_variance",
        r"\mathrm{Var}\,H_B=\omega_0^2\,(\langle K^2\rangle-\langle K\rangle^2)",
        "``frequency``, squared",
        "The variance of the stored energy.",
        "By the populations, about the mean: small variances keep their digits.",
        _variance,
    ),
    Observable(
        "energy_skewness",
        r"\kappa_3/\kappa_2^{3/2}",
        "1",
        "The skewness of the stored energy; nan where its variance is 0.",
        "The cumulants κ of the number of excited cells.",
        lambda battery: _standardised(battery, 3),
    ),
    Observable(
        "energy_kurtosis",
        r"\kappa_4/\kappa_2^2",
        "1",
        "The excess kurtosis of the stored energy; nan where its variance is 0.",
        "The cumulants κ of the number of excited cells.",
        lambda battery: _standardised(battery, 4) - 3,
    ),
    Observable(
        "fano_factor",
        r"\mathrm{Var}\,K/\langle K\rangle",
        "1",
        "The Fano factor of the excited cells; its limit 1 where none is excited.",
        "The variance of the stored energy over ω0 times the energy above all cells down.",
        _fano,
        needs=frozenset({Need.FREQUENCY}),
    ),
    Observable(
        "instantaneous_power",
        r"\dot E(t)=2g\omega_0\,\mathrm{Im}\langle S_+J_-+\gamma S_+J_+\rangle",
        "``frequency`` per time",
        "The instantaneous power.",
        "The mean of the power operator i[H, H_B].",
        lambda battery: battery.frequency * battery.moments.slope,
        by_populations=False,
        pace=derivative(1),
    ),
    Observable(
        "power_variance",
        r"\mathrm{Var}\,\hat P,\quad\hat P=i[H,H_B]",
        "``frequency`` per time, squared",
        "The variance of the power operator.",
        "S. Julià-Farré et al., Phys. Rev. Research 2, 023113 (2020).",
        _power_variance,
        pace=derivative(2),
        needs=frozenset({Need.AMPLITUDES, Need.LADDER}),
    ),
    Observable(
        "switching_work",
        r"\Delta E_B+\Delta E_C",
        "``frequency``",
        "The energy that battery and charger gain together, from switching the coupling.",
        "The bare Hamiltonians of both sides; 0 at resonance for γ = 0.",
        _switching_work,
        by_populations=False,
        linear=True,
        needs=frozenset({Need.CHARGER, Need.LADDER}),
    ),
    Observable(
        "work_distribution",
        r"P(W=n\omega_0),\quad n=-M\dots M",
        "probability",
        "The distribution of the work that charging does on the battery, shape (…, 2M + 1).",
        "Measurements of the bare energy of the cells before and after (two-point scheme).",
        _work_distribution,
        linear=True,
        needs=frozenset({Need.COUNT, Need.FREQUENCY}),
    ),
    Observable(
        "work_characteristic",
        r"\chi(u)=\langle e^{iuW}\rangle",
        "1",
        "The characteristic function of that work, complex.",
        "The Fourier transform of `work_distribution`.",
        _characteristic,
        (CONJUGATE,),
        linear=True,
        needs=frozenset({Need.COUNT, Need.FREQUENCY}),
    ),
    Observable(
        "populations",
        r"p_k(t)",
        "probability",
        "The probabilities of k = 0 … M excited cells, shape (…, M + 1).",
        "Sums over all sectors and starts; weights below 1e-15 in total are left out.",
        lambda battery: battery.populations,
        linear=True,
    ),
)
