"""The sectors of a system, and the ways to evolve them, to be forced where sizes do not ask."""

import numpy as np
import pytest

from numerics.dynamics import chain_evolution, grid_evolution
from numerics.model.models import Model
from numerics.model.problem import doubles
from numerics.model.states import InitialState
from numerics.sectors.chains import Chains, chains
from numerics.sectors.grids import Grid, grids
from numerics.sectors.starts import starts

WAYS = ("as chosen", "eigenvectors", "recurrences")


def force(way: str, patch: pytest.MonkeyPatch) -> None:
    """Chains by eigenvectors or Chebyshev recurrences at any size, and so grids."""
    if way == "eigenvectors":
        patch.setattr(chain_evolution, "_CHEAP", np.inf)
        patch.setattr(grid_evolution, "DENSE_LIMIT", 10**6)
    if way == "recurrences":
        patch.setattr(chain_evolution, "_CHEAP", -1.0)
        patch.setattr(chain_evolution, "_EACH", 1e9)
        patch.setattr(grid_evolution, "DENSE_LIMIT", 0)


def chains_of(model: Model, initial: InitialState | None = None) -> list[Chains]:
    """The chains that a system falls into at γ = 0."""
    problem = doubles(model, initial)
    return list(chains(problem, starts(problem)))


def grids_of(
    model: Model, initial: InitialState | None = None, cutoff: int | None = None
) -> list[Grid]:
    """The grids that a system falls into at γ ≠ 0."""
    problem = doubles(model, initial)
    return list(grids(problem, starts(problem), cutoff))
