"""The dynamics that suit a battery and its start."""

from __future__ import annotations

import numpy as np

from numerics.dynamics.chain_evolution import ChainDynamics, SuperposedDynamics
from numerics.dynamics.conservation import refuse_weak
from numerics.dynamics.eigenvectors import DetunedPropagator
from numerics.dynamics.grid_evolution import SectorEvolution, grid_propagators
from numerics.dynamics.interface import BoundedDynamics
from numerics.dynamics.lindblad import OpenEvolution
from numerics.dynamics.open_cutoff import CutoffEvolution
from numerics.dynamics.photon_cutoff import CutoffDynamics
from numerics.model.problem import Problem
from numerics.model.resources import require
from numerics.sectors.chains import chains
from numerics.sectors.groups import interactions, sectors
from numerics.sectors.lindblad_terms import jumps
from numerics.sectors.liouville import endless, liouville
from numerics.sectors.starts import Start

__all__ = ["closed_dynamics", "open_dynamics", "require_resolved"]

# Bytes of an element of eigenvectors, with the work of finding them.
_ELEMENT = 16
# Bytes of each state at γ ≠ 0, at least.
_BYTES = 100


def closed_dynamics(problem: Problem[float], start: Start, tolerance: float) -> BoundedDynamics:
    """The dynamics without noise.

    Raises
    ------
    TooLargeError
        The sectors do not fit into memory.
    """
    if problem.parameters.coupling == 0 and not problem.grouped:
        return SectorEvolution([])
    if problem.chained:
        if start.superposed and not start.shared:
            return SuperposedDynamics.of(problem, start)
        stacks = list(chains(problem, start))
        if not start.superposed:
            return ChainDynamics(stacks)
        elements = sum(stack.diagonal.size * stack.length for stack in stacks)
        require(_ELEMENT * elements, "The eigenvectors of superpositions that share sectors")
        return SectorEvolution([DetunedPropagator(stack) for stack in stacks])
    if not problem.grouped:
        _require_grid(problem, start)
    if problem.counter_rotating:
        return CutoffDynamics(problem, start, tolerance)
    every = grid_propagators(list(sectors(problem, start)))
    return SectorEvolution([propagator for sector in every for propagator in sector])


def open_dynamics(problem: Problem[float], start: Start, tolerance: float) -> OpenEvolution:
    """The dynamics with noise.

    Raises
    ------
    TooLargeError
        The elements of the state do not fit into memory.
    """
    if problem.battery.top is not None and endless(problem, jumps(problem)):
        return CutoffEvolution.of(problem, start, tolerance)
    return OpenEvolution(liouville(problem, start))


def _require_grid(problem: Problem[float], start: Start) -> None:
    """Refuse sides that are so large that integers would overflow before memory does."""
    size = float(np.max(start.cell_spin)) + 1
    if problem.charger.top is not None:
        size *= float(np.max(start.charger_spin)) + 1
    if size > 2**60:
        require(int(_BYTES * size / 2), f"this battery, with sectors of {size / 2:.3g} states,")


def require_resolved(dynamics: BoundedDynamics, problem: Problem[float]) -> None:
    """Refuse dynamics of which rounding hides how E moves.

    Raises
    ------
    PrecisionError
        The coupling is so weak, absolutely or against other energies.
    """
    if isinstance(dynamics, ChainDynamics):
        for stack in dynamics.stacks:
            hops, energies = np.abs(stack.hops), np.abs(stack.diagonal)
            refuse_weak(float(np.min(hops)), float(np.max(energies)))
        return
    p = problem.parameters
    weakest = abs(p.coupling) * max(1.0, abs(p.anisotropy))
    if problem.grouped:
        weakest = interactions(problem).weakest
    if weakest and dynamics.bandwidth:
        refuse_weak(weakest, dynamics.bandwidth / 2)
