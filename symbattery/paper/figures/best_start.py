"""The best number of excited charger spins, by climbing from where the chain is symmetric."""

from __future__ import annotations

from functools import cache

from numerics import SpinCharger, charge, dicke

__all__ = ["best_excited"]

# Energies this close, per cell, count as equal.
_TIE = 1e-11


def best_excited(cells: int, chargers: int) -> tuple[int, float]:
    """The number m of charger spins up, from 1 to N, with the highest first peak of E.

    The hops are the same from both ends for m = (M + N)/2, where the wave arrives least spread.
    From there, or from m = N, m climbs while that helps: the height has a single maximum in m
    wherever it was computed for all m. Of equal heights the m first met stays. No m stores more
    than min(M, m), so that most neighbours need not be computed.

    Returns
    -------
    m, E : int, float
        In the unit of the frequency.
    """

    @cache
    def height(excited: int) -> float:
        model = SpinCharger(cells, chargers)
        return charge(model, dicke(0, excited)).first_peak().value

    best = min((cells + chargers) // 2, chargers)
    while True:
        level = height(best) + _TIE * cells
        better = [
            m
            for m in (best - 1, best + 1)
            if 1 <= m <= chargers and min(cells, m) > level and height(m) > level
        ]
        if not better:
            return best, height(best)
        best = max(better, key=height)
