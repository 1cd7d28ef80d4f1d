r"""Digits that are proven: energies, their peaks, populations and the battery's state.

Nothing here is rounded without being accounted for. Amplitudes are propagated in fixed-point
integers with an error that is bounded beforehand (:mod:`numerics.certified.evolution`), the
truncated series is bounded by its own residual, and balls (python-flint) carry the rest. Numbers
must be exact: strings, Fractions, integers, mpf, or balls. The float 0.1 is refused, because it is
not one tenth.

>>> import numerics
>>> model = numerics.SpinCharger(cells=2, chargers=3, coupling="0.1")
>>> print(numerics.certified.energy(model, "1/3", digits=20))
0.00666172328384138839167739634 ± 2.9e-28
"""

from numerics.certified.energies import check, energy, populations
from numerics.certified.exponents import exponent
from numerics.certified.figures_of_merit import (
    energy_variance,
    entropy,
    ergotropy,
    negativity,
    purity,
)
from numerics.certified.peaks import first_peak, max_power
from numerics.certified.results import CertifiedPeak, Check, Enclosure, NotCertifiedError

__all__ = [
    "CertifiedPeak",
    "Check",
    "Enclosure",
    "NotCertifiedError",
    "check",
    "energy",
    "energy_variance",
    "entropy",
    "ergotropy",
    "exponent",
    "first_peak",
    "max_power",
    "negativity",
    "populations",
    "purity",
]
