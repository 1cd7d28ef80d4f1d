"""The best number of excited charger spins, by climbing from where the chain is symmetric."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from symbattery.paper.figures.first_peaks import first_peak_heights

__all__ = ["best_excited"]

# Energies this close, per cell, count as equal.
_TIE = 1e-11


def best_excited(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The number m of charger spins up, from 1 to N, with the highest first peak of E.

    The hops are the same from both ends for m = (M + N)/2, where the wave arrives least spread.
    From there, or from m = N, m climbs while that helps: the height has a single maximum in m
    wherever it was computed for all m. Of equal heights the m first met stays.

    Parameters
    ----------
    pairs : iterable of (M, N)
        All climb side by side.

    Returns
    -------
    dict
        From (M, N) to m.
    """
    best = {(cells, spins): min((cells + spins) // 2, spins) for cells, spins in pairs}
    known: dict[tuple[int, int, int], float] = {}
    climbing = list(best)
    while climbing:
        near = [(*pair, best[pair] + way) for pair in climbing for way in (-1, 0, 1)]
        wanted = [key for key in near if 1 <= key[2] <= key[1] and key not in known]
        if wanted:
            heights = first_peak_heights(*np.array(wanted).T)
            known |= zip(wanted, heights.tolist(), strict=True)
        climbed = []
        for pair in climbing:
            m = best[pair]
            level = known[*pair, m] + _TIE * pair[0]
            better = {n: known.get((*pair, n), 0.0) for n in (m - 1, m + 1)}
            top = max(better, key=lambda n: better[n])
            if better[top] > level:
                best[pair] = top
                climbed.append(pair)
        climbing = climbed
    return best
