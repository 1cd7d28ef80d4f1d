r"""All sectors of a battery together, each by the propagator that suits it.

:math:`H` is real in the basis of excitation numbers, so all arithmetic is real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from numerics.chebyshev import ChebyshevPropagator
from numerics.dynamics import Block, Dynamics, Floats, Moments, Propagator, slices
from numerics.spectral import SpectralPropagator

__all__ = ["DENSE_LIMIT", "Evolution", "propagators"]

DENSE_LIMIT = 600
"""Up to this dimension all eigenvectors are cheaper than propagation."""

# Starts that one Chebyshev propagator carries: each needs vectors of its own.
_STARTS = 8


def propagators(block: Block) -> list[Propagator]:
    """The propagators that suit a block: one for a stack, several for many starts at large size."""
    if isinstance(block.matrices, np.ndarray) or block.matrices.shape[0] <= DENSE_LIMIT:
        return [SpectralPropagator(block)]
    return [
        ChebyshevPropagator(
            replace(
                block,
                sectors=block.sectors[part],
                sites=block.sites[part],
                weights=block.weights[part],
            )
        )
        for part in slices(len(block.sites), _STARTS)
    ]


@dataclass(frozen=True)
class Evolution:
    """All sectors together."""

    propagators: Sequence[Dynamics]

    @property
    def bandwidth(self) -> float:
        return max((p.bandwidth for p in self.propagators), default=0.0)

    @property
    def ceiling(self) -> float:
        return sum(p.ceiling for p in self.propagators)

    @property
    def bend(self) -> float:
        return sum(p.bend for p in self.propagators)

    @property
    def jerk(self) -> float:
        return sum(p.jerk for p in self.propagators)

    def excitation(self, times: Floats) -> Floats:
        return sum((p.excitation(times) for p in self.propagators), np.zeros(len(times)))

    def moments(self, times: Floats) -> Moments:
        total = np.zeros((4, len(times)))
        for propagator in self.propagators:
            total += np.stack(propagator.moments(times))
        return Moments(*total)
