r"""The battery of a system of groups: levels are those of all of its groups together.

Its state is a sum over the total spins of the groups. In each it is a matrix over all levels, in
blocks of one number of excited cells at γ = 0, and of one parity of it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from numerics.dynamics.interface import Wave
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.groups import SpinGroups
from numerics.model.options import Need
from numerics.model.resources import Floats, Integers, require
from numerics.observables.amplitudes import Complex, Irrep, Motion
from numerics.observables.battery import Battery
from numerics.sectors.groups import interactions

__all__ = ["GroupedBattery"]

# Bytes of one element of a density matrix, with what is made of it.
_BYTES = 48
_NO_LADDER = (
    "`needs` must have Need.LADDER for what groups of spins have no ladder for, but has not"
)


@dataclass(frozen=True)
class GroupedBattery(Battery):
    """The battery of several groups at some times."""

    @property
    def _groups(self) -> SpinGroups:
        side = self.problem.battery
        assert isinstance(side, SpinGroups)
        return side

    @cached_property
    def _stored(self) -> Floats:
        """The frequencies of the groups over ω0."""
        return interactions(self.problem).stored[: len(self._groups.sizes)]

    @property
    def _equal(self) -> bool:
        """All cells have the frequency of the model."""
        return bool(np.all(self._stored == 1))

    @property
    def lacks(self) -> frozenset[Need]:
        own = {Need.LADDER} if self._equal else {Need.LADDER, Need.FREQUENCY}
        return super().lacks | own

    @property
    def known(self) -> str:
        where = "groups" if self._equal else "groups of cells of different frequencies"
        return f"one that is known of {where}"

    def unknown(
        self, name: str, needs: frozenset[Need], options: Mapping[str, Any]
    ) -> InvalidArgument | None:
        if (error := super().unknown(name, needs, options)) is not None:
            return error
        for option, only in (("sense", "full"), ("cells", None), ("part", None)):
            if options.get(option, only) != only:
                must = f"be {only or 'left out'} for groups of cells"
                return invalid(option, must, options[option])
        return None

    @property
    def numbers(self) -> int:
        return max(len(self._groups.levels(int(label))) ** 2 for label in self.levels.spin)

    @cached_property
    def rows(self) -> Floats:
        return self.dynamics.populations(self.times, self.levels.count).T

    @cached_property
    def _energies(self) -> Floats:
        """The stored energy of each of `levels` over ω0, (R,)."""
        every = [
            (self._groups.levels(label) + self._groups.bottoms(label)) @ self._stored
            for label in self.levels.spin.tolist()
        ]
        return np.concatenate(every)

    @cached_property
    def occupied(self) -> tuple[Integers, Floats]:
        cells = np.arange(self.size)
        result = np.zeros((len(self.times), self.size))
        np.add.at(result.T, self.levels.cells, self.rows.T)
        return cells, result

    @cached_property
    def central_moments(self) -> tuple[Floats, Floats, Floats]:
        p, energies = self.rows, self._energies
        away = energies - (p @ energies / p.sum(axis=1))[:, None]
        weighted = p * away**2
        return (
            weighted.sum(axis=1), np.vecdot(weighted, away), np.vecdot(weighted, away**2),
        )  # fmt: skip

    @property
    def _first_rows(self) -> Integers:
        return self.levels.row(self.start.cell_spin, self.start.cell_level)

    @property
    def first_cells(self) -> Integers:
        return self.levels.cells[self._first_rows]

    @cached_property
    def excited_at_first(self) -> float:
        return float(self.start.weight @ self._energies[self._first_rows])

    @cached_property
    def exchange(self) -> Complex:
        raise InvalidArgument(_NO_LADDER)

    @cached_property
    def pair_creation(self) -> Complex:
        raise InvalidArgument(_NO_LADDER)

    @cached_property
    def flow(self) -> Floats:
        raise InvalidArgument(_NO_LADDER)

    def _motions(self) -> Iterator[Motion]:
        return map(self._motion, self.dynamics.waves(self.times))

    def _motion(self, wave: Wave) -> Motion:
        (first, *_), rest = wave.numbers, self.problem.charger
        assert isinstance(rest, SpinGroups)
        cells = self._groups.excited(int(self.start.cell_spin[first]))[None, :, None]
        quanta = rest.excited(int(self.start.charger_spin[first]))[None, None]
        k, c = np.arange(cells.size)[None, :, None], np.arange(quanta.size)[None, None]
        none = np.zeros((1, 1, 1))
        return Motion(wave, self.start.weight[wave.numbers], k, c, none, none, cells, quanta)

    def _classes(self, cells: Integers) -> list[Integers]:
        """The levels between which the battery's state has elements."""
        kinds = cells if self.problem.conserved else cells % 2
        return [np.flatnonzero(kinds == kind) for kind in np.unique(kinds)]

    @cached_property
    def schmidt(self) -> Floats:
        result = np.zeros((len(self.times), 0))
        for motion in self.motions():
            psi, parts = np.moveaxis(motion.wave.psi[0], -1, 0), []
            for some in self._classes(motion.cells.ravel()):
                block = psi[:, some]
                used = np.flatnonzero(np.any(block, axis=(0, 1)))
                values = np.linalg.svd(block[:, :, used], compute_uv=False)
                parts.append(np.pad(values, ((0, 0), (0, len(some) - values.shape[1]))))
            roots = np.hstack(parts)
            if not result.size:
                result = np.zeros((len(self.times), roots.shape[1]))
            result[motion.wave.window] = roots
        return result

    @cached_property
    def irreps(self) -> list[Irrep]:
        found: list[Irrep] = []
        place: dict[int, list[tuple[Integers, Complex]]] = {}
        size = sum(
            len(some) ** 2
            for label in self.levels.spin.tolist()
            for some in self._classes(self._groups.excited(label))
        )
        require(_BYTES * len(self.times) * size, "The battery's state")
        for label in self.levels.spin.tolist():
            cells = self._groups.excited(label)
            for some in self._classes(cells):
                shape = (len(self.times), len(some), len(some))
                state: Complex = np.zeros(shape, dtype=np.complex128)
                place.setdefault(label, []).append((some, state))
                count = self._groups.multiplicity(label)
                found.append(Irrep(self._groups.irrep_sizes(label), count, cells[some], state))
        for motion in self.motions():
            psi = np.moveaxis(motion.wave.psi, -1, 1)
            for spin, weight, one in zip(self._spins(motion), motion.weight, psi, strict=True):
                for some, state in place[spin]:
                    part = one[:, some]
                    state[motion.wave.window] += weight * (part @ part.conj().swapaxes(1, 2))
        return found
