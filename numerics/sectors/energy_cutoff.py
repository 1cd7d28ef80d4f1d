r"""The energy cutoff of a start at the end of a chain, which is seldom the whole spectrum.

The states :math:`|k\rangle=p_k(H)|0\rangle` of a Jacobi matrix H define its orthonormal
polynomials. From the largest zero of :math:`p_k` on that polynomial grows, so that (Markov)

.. math:: \|\Theta(|H|>\sigma)\,|0\rangle\|^2
          \le\frac{\langle 0|p_k(H)^2|0\rangle}{p_k(\sigma)^2}=\frac{1}{p_k(\sigma)^2}.

Hops grow along the chain of an ideal battery, and the norm of H with them, to :math:`M^2/2` at
M = N. An empty battery reaches only energies of some tens of its first hop, M: of a thousand
eigenvectors ninety matter, of a hundred thousand a hundred and seventy.
"""

from __future__ import annotations

import numpy as np

from numerics.model.resources import Floats

__all__ = ["TAIL", "energy_cutoff"]

TAIL = 1e-17
"""The amplitude that may be left out: far below rounding."""

# The ratio of the energies that are tried, and the number of sites that are tried.
_RATIO, _SITES = 1.02, 2000


def energy_cutoff(hops: Floats) -> float:
    """The energy σ beyond which a start on the first site has an amplitude of less than `TAIL`.

    Parameters
    ----------
    hops : array (L − 1,)
        Positive; the diagonal is zero.

    Returns
    -------
    float
        Infinite where nothing below the norm of the matrix is known to do.
    """
    norm = np.max(hops[:-1] + hops[1:], initial=hops[0])
    count = int(np.log(norm / hops[0]) / np.log(_RATIO))
    energy = norm / _RATIO ** np.arange(count, 0.0, -1.0)
    before, now = np.zeros(count), np.ones(count)
    cutoff, behind = np.inf, 0.0
    for hop in hops[:_SITES].tolist():
        if not len(energy):
            break
        before, now, behind = now, (energy * now - behind * before) / hop, hop
        # Both grow with the energy: which are above the last zero, and which far enough above it.
        low, high = np.count_nonzero(now <= 0), np.count_nonzero(now * TAIL < 1)
        if high < len(energy):
            cutoff = float(energy[high])
        energy, before, now = energy[low:high], before[low:high], now[low:high]
    return cutoff
