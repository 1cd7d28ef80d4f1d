r"""How fast the stored excitations can change: bounds from nested commutators.

By Ehrenfest :math:`E'' = -\langle[H,[H,K]]\rangle` and :math:`E''' = -i\langle[H,[H,[H,K]]]\rangle`
with K the number of excited cells. K is linear in k, so two thirds of these products cancel: at
M = N they are of order M³ and M⁴, while the bandwidth alone would allow M⁵ and M⁷.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from numerics.dynamics import Block, Floats

__all__ = ["block_rates", "commutator_bounds"]


def _with_levels(matrix: sparse.csr_array, levels: Floats) -> sparse.csr_array:
    """[H, K], element by element."""
    elements = sparse.coo_array(matrix)
    change = levels[elements.col] - levels[elements.row]
    return sparse.csr_array(
        (elements.data * change, (elements.row, elements.col)), shape=matrix.shape
    )


def commutator_bounds(matrix: sparse.csr_array, levels: Floats) -> tuple[float, float]:
    """Bounds on the norms of [H, [H, K]] and of [H, [H, [H, K]]], by their row sums."""
    nested, norms = _with_levels(matrix, levels), []
    for _ in range(2):
        nested = matrix @ nested - nested @ matrix
        norms.append(float(np.max(abs(nested).sum(axis=1), initial=0.0)))
    return norms[0], norms[1]


def block_rates(block: Block) -> tuple[float, float]:
    """Bounds on the second and third derivative of all starts of a block together."""
    stack = block.matrices
    matrices = list(stack) if isinstance(stack, np.ndarray) else [stack]
    bounds = np.array(
        [
            commutator_bounds(sparse.csr_array(matrix), levels)
            for matrix, levels in zip(matrices, block.levels, strict=True)
        ]
    )
    bend, jerk = block.weights @ bounds[block.sectors]
    return float(bend), float(jerk)
