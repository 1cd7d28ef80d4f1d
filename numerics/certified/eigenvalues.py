r"""Eigenvalues of Hermitian matrices with proven radii, however degenerate they are.

Any numbers :math:`D` and any square matrix :math:`Q` prove their own worth as eigenvalues and
eigenvectors of A: with :math:`\|Q^\dagger Q-1\|\le\eta` the eigenvalues of :math:`QDQ^\dagger` are
those of :math:`D`, each times a number in :math:`[1-\eta,1+\eta]` (Ostrowski), and those of A are
no farther from them, in order, than :math:`\|A-QDQ^\dagger\|` (Weyl). Norms are Frobenius'.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import mpmath
from flint import acb, acb_mat, arb, ctx
from mpmath import mpc

from numerics.certified.exact import inflated, upper
from numerics.model.resources import require_time

__all__ = ["Block", "add", "eigenvalues", "require_eigenvalues"]

Block = dict[tuple[int, int], acb]
"""The elements of a Hermitian matrix by row and column, both triangles; others vanish."""

# Of one matrix of n rows: n³ times this, at some hundred bits.
_SECONDS, _BITS = 8e-5, 500


def add(block: Block, row: int, column: int, value: acb) -> None:
    """An element, and its mirror image, added to what is there."""
    block[row, column] = block.get((row, column), acb(0)) + value
    if row != column:
        block[column, row] = block.get((column, row), acb(0)) + value.conjugate()


def require_eigenvalues(sizes: Mapping[int, int], bits: int) -> None:
    """Refuse eigenvalues that take too long: of so many matrices of each size."""
    seconds = sum(count * size**3 for size, count in sizes.items()) * _SECONDS * (1 + bits / _BITS)
    require_time(seconds, "The proof of all eigenvalues", "fewer cells or spins would do")


def _norm(matrix: acb_mat) -> arb:
    """At least the Frobenius norm."""
    return upper(
        sum(
            (
                upper(z.real) * upper(z.real) + upper(z.imag) * upper(z.imag)
                for z in matrix.entries()
            ),
            arb(0),
        ).sqrt()
    )


def _rough(matrix: acb_mat) -> tuple[list[arb], acb_mat]:
    """About the eigenvalues and the eigenvectors; exact numbers."""
    number = mpmath.mp.make_mpf
    with mpmath.workprec(ctx.prec):
        rows = [[mpc(*(number(p.mid()._mpf_) for p in (z.real, z.imag))) for z in row]
                for row in matrix.tolist()]  # fmt: skip
        values, vectors = mpmath.mp.eighe(mpmath.matrix(rows))
    exact = partial(map, lambda x: arb(x.real).mid())
    columns = [[acb(*exact((z.real, z.imag))) for z in row] for row in vectors.tolist()]
    return list(exact(values)), acb_mat(columns)


def _of_matrix(matrix: acb_mat) -> list[arb]:
    size = matrix.nrows()
    if size == 1:
        return [matrix[0, 0].real]
    values, vectors = _rough(matrix)
    adjoint = vectors.conjugate().transpose()
    scaled = acb_mat([[v * z for v, z in zip(values, row, strict=True)]
                      for row in vectors.tolist()])  # fmt: skip
    one = acb_mat(size, size, [int(i % (size + 1) == 0) for i in range(size * size)])
    error, skew = _norm(matrix - scaled * adjoint), _norm(adjoint * vectors - one)
    if not skew < 1:
        raise ArithmeticError("the eigenvectors are so rough that they prove nothing")
    return [inflated(v * inflated(arb(1), skew), error) for v in values]


def eigenvalues(block: Block) -> list[arb]:
    """The eigenvalues of a matrix, from each group of connected rows by itself."""
    rows = sorted({row for row, _ in block})
    neighbours: dict[int, set[int]] = {row: set() for row in rows}
    for row, column in block:
        neighbours[row].add(column)
    found = []
    while rows:
        group, waiting = set(), [rows[0]]
        while waiting:
            row = waiting.pop()
            if row not in group:
                group.add(row)
                waiting += neighbours[row]
        rows = [row for row in rows if row not in group]
        inside = sorted(group)
        elements = [[block.get((i, j), acb(0)) for j in inside] for i in inside]
        found += _of_matrix(acb_mat(elements))
    return found
