"""The ways in which numerics can evolve a sector, each to be forced where sizes would not ask."""

from __future__ import annotations

import numpy as np
import pytest

from numerics.dynamics import chain_evolution, grid_evolution

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
