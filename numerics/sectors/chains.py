r"""Sectors at γ = 0: weighted starts in Jacobi matrices, and bounds on their motion.

Constants within a sector are dropped: with the total excitation conserved, the bare frequencies
leave only the detuning :math:`(\omega_0-\omega_C)k`.

With :math:`H_{k,k+1}=b_k`, :math:`H_{kk}=a_k` and K counting excited cells, the commutators are
banded: :math:`[H,[H,K]]` has the diagonal :math:`-2F_k`, :math:`F_k=b_k^2-b_{k-1}^2`, and beside it
:math:`e_k=(a_k-a_{k+1})b_k`; one more adds :math:`x_k=-2b_k(F_{k+1}-F_k)+(a_k-a_{k+1})e_k` beside
the diagonal and :math:`y_k=b_ke_{k+1}-e_kb_{k+1}` two away. So :math:`E'` and :math:`E''` are local
sums over one state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from numerics.model.problem import Problem
from numerics.model.resources import Floats, Integers, require, slices
from numerics.sectors.operator import Amplitudes
from numerics.sectors.starts import (
    Complex,
    Levels,
    Start,
    chain_ends,
    distinct,
    levels,
    vectors,
)

__all__ = ["TAIL", "Chains", "chains", "energy_cutoff"]

# Chains shorter than this are not worth less than their whole spectrum.
_LONG = 256
# Bytes for each site of a sector, and for each start: matrices, bounds, and states on the way.
_BYTES, _BYTES_OF_START = 160, 200
# Elements below are far from overflow as 64-bit integers.
_LARGEST = 2.0**60

TAIL = 1e-17
"""The amplitude that may be left out: far below rounding."""

# The ratio of the energies that are tried, and the number of sites that are tried.
_RATIO, _SITES = 1.02, 2000


def _beside(bands: Floats, width: int, distance: int = 1) -> Floats:
    """Row sums of |a band| and of its transpose, ``bands`` (B, L − distance)."""
    sums = np.zeros((len(bands), width))
    if bands.shape[1]:
        sums[:, : width - distance] += np.abs(bands)
        sums[:, distance:] += np.abs(bands)
    return sums


@dataclass(frozen=True)
class Chains:
    """Sectors of equal dimension L: B Jacobi matrices, and S weighted starts in them.

    From site to site one more cell is excited. Constants are dropped: the largest and the least
    element of a diagonal are opposite. Start number s is basis state ``sites[s]`` of sector
    ``sectors[s]``.
    """

    diagonal: Floats  # (B, L)
    hops: Floats  # (B, L − 1)
    sectors: Integers  # (S,), as the next two; ascending
    sites: Integers
    weights: Floats
    # The row of the first site among all `levels`, and which of all starts each is, (S,).
    first_row: Integers | int = 0
    numbers: Integers | int = 0
    # Superpositions on the sites, normalised, (S, L), if there are any; ``sites`` are their heads.
    vectors: Complex | None = None

    @property
    def length(self) -> int:
        return int(self.diagonal.shape[1])

    @cached_property
    def chiral(self) -> bool:
        """No site has an energy of its own, so that the spectrum is ± symmetric."""
        return not np.any(self.diagonal)

    @property
    def gains(self) -> Floats:
        """K − k_s for every start and basis state, shape (S, L)."""
        return np.arange(float(self.length)) - self.means[:, None]

    @property
    def means(self) -> Floats:
        """The mean site of each start, (S,)."""
        if self.vectors is None:
            return self.sites.astype(np.float64)
        return np.abs(self.vectors) ** 2 @ np.arange(float(self.length))

    @property
    def energies(self) -> Floats:
        """The diagonal elements at the starts, (S,)."""
        return self.diagonal[self.sectors, self.sites]

    @property
    def rows(self) -> Integers:
        """The row among all `levels` of every basis state of every start, (S, L)."""
        return np.broadcast_to(self.first_row, len(self.sites))[:, None] + np.arange(self.length)

    @property
    def most_gained(self) -> Floats:
        """The largest gain of each start, (S,)."""
        return (self.length - 1.0) - self.means

    @property
    def most_moved(self) -> Floats:
        """The largest size of a gain of each start, (S,)."""
        return np.maximum(self.most_gained, self.means)

    @cached_property
    def force(self) -> Floats:
        """F_k, shape (B, L): for a zero diagonal, E'' is the mean of 2F."""
        squares = np.pad(self.hops**2, ((0, 0), (1, 1)))
        return np.diff(squares, axis=1)

    @cached_property
    def detuned(self) -> Floats:
        """e_k, shape (B, L − 1)."""
        return -np.diff(self.diagonal, axis=1) * self.hops

    def _nested(self) -> tuple[Floats, Floats]:
        """x_k and y_k."""
        steps = np.diff(self.diagonal, axis=1)
        beside = -2 * self.hops * np.diff(self.force, axis=1) - steps * self.detuned
        e, b = self.detuned, self.hops
        return beside, b[:, :-1] * e[:, 1:] - e[:, :-1] * b[:, 1:]

    def rates(self, largest: Floats | None = None) -> tuple[float, float]:
        r"""Bounds on \|E''\| and \|E'''\| of all starts together.

        By row sums of the commutators; and where ``largest`` (S, L) bounds :math:`|\psi_k|`, by
        :math:`\sum_{kl}|O_{kl}|r_kr_l`, whichever is less.
        """
        beside, further = self._nested()
        mine = self.sectors
        second = (np.abs(2 * self.force) + _beside(self.detuned, self.length)).max(axis=1)[mine]
        third = self.max_third_derivatives().max(axis=1)[mine]
        if largest is not None:
            one, two = largest[:, :-1] * largest[:, 1:], largest[:, :-2] * largest[:, 2:]
            force, detuned, near, far = (
                np.abs(band[mine]) for band in (self.force, self.detuned, beside, further)
            )
            sums = (force * largest**2).sum(axis=1) + (detuned * one).sum(axis=1)
            second = np.minimum(second, 2 * sums)
            third = np.minimum(third, 2 * ((near * one).sum(axis=1) + (far * two).sum(axis=1)))
        return float(self.weights @ second), float(self.weights @ third)

    def max_third_derivatives(self) -> Floats:
        """Row sums of [H, [H, [H, K]]], sector by sector, shape (B, L)."""
        beside, further = self._nested()
        return _beside(beside, self.length) + _beside(further, self.length, 2)

    def part(self, chosen: slice | npt.NDArray[np.intp]) -> Chains:
        """Some of the starts, each with a copy of its sector."""
        mine = self.sectors[chosen]
        return Chains(
            self.diagonal[mine],
            self.hops[mine],
            np.arange(len(mine)),
            self.sites[chosen],
            self.weights[chosen],
            np.broadcast_to(self.first_row, len(self.sites))[chosen],
            np.broadcast_to(self.numbers, len(self.sites))[chosen],
            None if self.vectors is None else self.vectors[chosen],
        )

    def portions(self, sectors: int) -> Iterator[Chains]:
        """All starts, those of so many sectors at a time; they are in order of their sectors."""
        first_row = np.broadcast_to(self.first_row, len(self.sites))
        numbers = np.broadcast_to(self.numbers, len(self.sites))
        for part in slices(len(self.hops), sectors):
            mine = slice(*np.searchsorted(self.sectors, [part.start, part.stop]))
            yield Chains(
                self.diagonal[part],
                self.hops[part],
                self.sectors[mine] - part.start,
                self.sites[mine],
                self.weights[mine],
                first_row[mine],
                numbers[mine],
                None if self.vectors is None else self.vectors[mine],
            )

    @property
    def radii(self) -> Floats:
        """Bounds on the norms of the matrices, shape (B,)."""
        sums = np.abs(self.diagonal) + _beside(self.hops, self.length)
        return sums.max(axis=1)

    @cached_property
    def cutoffs(self) -> Floats:
        """Energies beyond which no start has an amplitude of note, shape (B,); infinite or less.

        Known for starts at the ends of long chains without diagonal.
        """
        cutoffs = np.full(len(self.hops), np.inf)
        last = self.length - 1
        ends = np.isin(self.sites, (0, last))
        if not self.chiral or self.length < _LONG or not np.all(ends) or self.vectors is not None:
            return cutoffs
        for sector, hops in enumerate(self.hops):
            sites = np.unique(self.sites[self.sectors == sector])
            cutoffs[sector] = max(
                energy_cutoff(np.abs(hops[:: 1 if site == 0 else -1])) for site in sites
            )
        return cutoffs

    def moments(self, psi: Amplitudes) -> Floats:
        """The four moments (4, T) of states of shape (S, L, T), for any diagonal."""
        weight, mine = self.weights[:, None], self.sectors
        gains, density = weight * self.gains, psi.real**2 + psi.imag**2
        (left_re, right_re), (left_im, right_im) = (
            (part[:, :-1], part[:, 1:]) for part in (psi.real, psi.imag)
        )
        real = left_re * right_re + left_im * right_im
        imag = left_re * right_im - left_im * right_re
        force, hops, detuned = (
            2 * weight * band[mine] for band in (self.force, self.hops, self.detuned)
        )
        return np.stack(
            [
                np.einsum("sl,slt->t", gains, density),
                -np.einsum("sl,slt->t", hops, imag),
                np.einsum("sl,slt->t", force, density) - np.einsum("sl,slt->t", detuned, real),
                np.einsum("sl,slt->t", np.abs(gains), density),
            ]
        )


def chains(
    problem: Problem[float], start: Start, reached: Levels | None = None
) -> Iterator[Chains]:
    """The sectors at γ = 0: (irrep, irrep, total excitation), those of equal length stacked.

    ``reached`` are the `levels` that rows are counted in, of this start if left out.

    Raises
    ------
    TooLargeError
        They do not fit into memory.
    """
    p, reached = problem.parameters, levels(problem, start) if reached is None else reached
    total = start.cell_level + start.charger_level
    (cell_spin, charger_spin, total), index = distinct(start.cell_spin, start.charger_spin, total)
    first, last = chain_ends(problem, cell_spin, charger_spin, total)
    lengths = (last - first + 1).astype(np.float64)
    require(
        int(_BYTES * lengths.sum() + _BYTES_OF_START * len(index)),
        f"`model` with `cells` = {problem.battery.top} in this state",
    )
    length = lengths.astype(np.int64)
    # By length, and then by sector.
    order = np.lexsort((index, length[index]))
    ends = np.searchsorted(length[index], np.unique(length), side="right", sorter=order)
    for mine in np.split(order, ends[:-1]):
        size = int(length[index[mine[0]]])
        if size == 1:
            continue
        members, sectors = np.unique(index[mine], return_inverse=True)
        low = first[members, None]
        k = low + np.arange(size)
        c = total[members, None] - k
        battery = problem.battery.irrep(cell_spin[members, None])
        charger = problem.charger.irrep(charger_spin[members, None])
        diagonal: Floats = np.tile(p.detuning * np.arange(size), (len(members), 1))
        for strength, element in p.interactions(battery, charger):
            # Differences are taken of integers: what is common to all sites may be far larger.
            own = _exact(element, k, c)
            diagonal += strength * (own - own[:, :1]).astype(np.float64)
        middle = (diagonal.min(axis=1) + diagonal.max(axis=1)) / 2
        # ⟨k+1, c−1| H |k, c⟩
        up, down = _exact(battery.raising, k[:, :-1]), _exact(charger.raising, c[:, :-1] - 1)
        hops = p.coupling * np.sqrt(up.astype(np.float64) * down.astype(np.float64))
        alike, place = _alike(np.hstack([diagonal - middle[:, None], hops]))
        sites = (start.cell_level[mine] - first[index[mine]]).astype(np.int64)
        found = vectors(start[mine], sectors, sites, size)
        weights, states = start.weight[mine], None
        if found is not None:
            mine, sectors, sites = mine[found.heads], sectors[found.heads], sites[found.heads]
            weights, states = found.weights, found.amplitudes
        order_of_sectors = np.argsort(place[sectors], kind="stable")
        mine = mine[order_of_sectors]
        yield Chains(
            diagonal=(diagonal - middle[:, None])[alike],
            hops=hops[alike],
            sectors=place[sectors][order_of_sectors],
            sites=sites[order_of_sectors],
            weights=weights[order_of_sectors],
            first_row=reached.row(start.cell_spin[mine], first[index[mine]]),
            numbers=mine,
            vectors=None if states is None else states[order_of_sectors],
        )


def _alike(rows: Floats) -> tuple[Integers, Integers]:
    """Representatives of equal rows, and which is that of each row.

    Of two equal sides, spins j and J with n excitations and J and j with 2j + 2J − n are one chain.
    """
    keys = (rows * np.sin(np.arange(1, rows.shape[1] + 1))).sum(axis=1)
    _, some, place = np.unique(keys, return_index=True, return_inverse=True)
    if not np.array_equal(rows[some][place], rows):
        some = place = np.arange(len(rows))
    return some, place


def _exact(element: Callable[..., Integers], *levels: Integers) -> Integers:
    """The integers that ladders have at some levels, however large they are."""
    if np.max(np.abs(element(*(level.astype(np.float64) for level in levels)))) < _LARGEST:
        return element(*levels)
    return element(*(level.astype(object) for level in levels))


def energy_cutoff(hops: Floats) -> float:
    r"""The energy σ beyond which a start on the first site has an amplitude of less than `TAIL`.

    The states :math:`|k\rangle=p_k(H)|0\rangle` of a Jacobi matrix H define its orthonormal
    polynomials. From the largest zero of :math:`p_k` on that polynomial grows, so that (Markov)

    .. math:: \|\Theta(|H|>\sigma)\,|0\rangle\|^2
        \le\langle 0|p_k(H)^2|0\rangle/p_k(\sigma)^2=1/p_k(\sigma)^2.

    Hops grow along the chain of an ideal battery, and the norm of H with them:
    of a thousand eigenvectors ninety matter, of a hundred thousand a hundred and seventy.

    ``hops`` (L − 1,) are positive, the diagonal is zero. The result is infinite where nothing below
    the norm of the matrix is known to do.
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
