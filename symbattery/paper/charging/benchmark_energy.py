"""Figs. 2 and 4(a): the energy of the spins against that of the cavity."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symbattery.paper.charging.rows import (
    CHAINS,
    CLOSE,
    EMITS,
    FIRST,
    FROM_THREE,
    FROM_TWO,
    M_PHOTONS,
    WHOLE,
    Row,
    apart,
    chain_energies,
    chain_points,
    emitted_energies,
    photon_energies,
    photon_energies_again,
    spin_energies,
)
from symbattery.paper.judges import landscape as land
from symbattery.paper.ledger.claim import Above, Claim, Reading
from symbattery.paper.ledger.context import Context

__all__ = ["BENCHMARK_ENERGY"]


def _gain(ratio: int, other: Row, part: slice) -> Callable[[Context], float]:
    """The smallest E_max of the spins over that of the cavity, less 1."""
    return lambda c: float((land.energies(c, ratio) / other(c))[part].min() - 1)


def _growth(ratio: int, other: Row, part: slice) -> Callable[[Context], float]:
    """The smallest step, from one M to the next, by which E_max exceeds the cavity's."""
    return lambda c: float(np.diff((land.energies(c, ratio) - other(c))[part]).min())


def _growth_again(ratio: int, part: slice) -> Callable[[Context], float]:
    def compute(c: Context) -> float:
        return float(
            np.diff((np.array(chain_points(ratio)[0]) - photon_energies_again(c))[part]).min()
        )

    return compute


def _coincidence(other: Row) -> Callable[[Context], float]:
    """Largest relative distance of E_max at γ = 0.2, N = M from the cavity's, M = 2…10."""
    return lambda c: float(np.abs(land.energies(c, 1, 0.2) / other(c) - 1)[FROM_TWO].max())


def _coincidence_again(c: Context) -> float:
    mine = np.array([land.direct_first(c, m, 1, 0.2) for m in land.SIZES])
    return float(np.abs(mine / photon_energies_again(c) - 1)[FROM_TWO].max())


def _coincidence_at_ten(c: Context) -> float:
    return land.first(c, 10, 1, 0.2) / land.cavity_first(c, 10) - 1


def _departure(c: Context) -> float:
    """Largest relative distance of E_max at N = M from the cavity's, M = 2…10."""
    return float(np.abs(spin_energies(c, 1) / photon_energies(c) - 1)[FROM_TWO].max())


BENCHMARK_ENERGY = (
    Claim(
        "fig-2.coincide-energy",
        "Sec. II, Fig. 2",
        "E_max of the spins coincides with the cavity's for N/M ≥ 10 (within 1 %)",
        CLOSE,
        Reading(f"{M_PHOTONS}; {FIRST}", apart(spin_energies, photon_energies)),
        witness=Reading(CHAINS, apart(chain_energies, photon_energies_again)),
        instead=Reading(
            f"largest relative distance, {M_PHOTONS}", apart(spin_energies, photon_energies)
        ),
        sources=(
            Reading(
                f"{EMITS} (largest distance, N/M = 10 and 100)",
                apart(spin_energies, emitted_energies),
            ),
            Reading(
                f"{EMITS}, N/M = 100 only",
                lambda c: float(np.abs(land.energies(c, 100) / emitted_energies(c) - 1).max()),
            ),
        ),
    ),
    Claim(
        "fig-2.departs",
        "Sec. II, Fig. 2",
        "at small N/M the spins depart significantly from the cavity (by a twentieth at least)",
        Above("0.05"),
        Reading(f"largest relative distance of E_max, N = M; {M_PHOTONS}; {FIRST}", _departure),
    ),
    Claim(
        "fig-2.twice-energy",
        "Sec. II, Fig. 2",
        "for N/M = 2 E_max becomes gradually larger than the cavity's as M grows",
        Above(),
        Reading(
            f"smallest step of the difference, M = 2…10; {M_PHOTONS}; {FIRST}",
            _growth(2, photon_energies, FROM_TWO),
        ),
        (Reading(EMITS, _growth(2, emitted_energies, FROM_TWO)),),
        witness=Reading(CHAINS, _growth_again(2, FROM_TWO)),
    ),
    Claim(
        "fig-2.same-energy",
        "Sec. II, Fig. 2",
        "for N = M and M ≥ 3 E_max is higher than the cavity's",
        Above(),
        Reading(f"smallest excess; {M_PHOTONS}; {FIRST}", _gain(1, photon_energies, FROM_THREE)),
    ),
    Claim(
        "fig-4a.above",
        "Sec. II, Fig. 4(a)",
        "the isotropic spin charger surpasses the cavity in E_max",
        Above(),
        Reading(
            f"smallest excess, M = 2…10; {M_PHOTONS}; {FIRST}", _gain(1, photon_energies, FROM_TWO)
        ),
    ),
    Claim(
        "fig-4a.grows",
        "Sec. II, Fig. 4(a)",
        "the more so the larger M",
        Above(),
        Reading(
            f"smallest step of the difference; {M_PHOTONS}; {FIRST}",
            _growth(1, photon_energies, FROM_TWO),
        ),
        (Reading(EMITS, _growth(1, emitted_energies, FROM_TWO)),),
        witness=Reading(CHAINS, _growth_again(1, FROM_TWO)),
    ),
    Claim(
        "fig-4a.coincide",
        "Sec. II, Fig. 4(a)",
        "at γ = 0.2 the spins reach almost the E_max of the cavity (within 1 %)",
        CLOSE,
        Reading(f"M = 2…10; {M_PHOTONS}; {FIRST}", _coincidence(photon_energies)),
        (Reading(EMITS, _coincidence(emitted_energies)),),
        witness=Reading(WHOLE, _coincidence_again),
        instead=Reading("relative distance at M = 10", _coincidence_at_ten),
    ),
)
