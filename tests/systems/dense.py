"""Sectors as dense matrices: E and its derivatives by all eigenvectors and nested commutators."""

import numpy as np


def derivatives(matrix, levels, sites, weights, times, count=3):
    """E, E', E'', … at some times, summed over weighted starts at sites of a real H."""
    values, vectors = np.linalg.eigh(matrix)
    found = np.zeros((count, len(times)))
    for site, weight in zip(sites, weights, strict=True):
        psi = vectors @ (np.exp(-1j * np.outer(values, times)) * vectors[site][:, None])
        nested = np.diag(levels - levels[site]).astype(complex)
        for row in found:
            row += weight * np.einsum("lt,lm,mt->t", psi.conj(), nested, psi).real
            nested = 1j * (matrix @ nested - nested @ matrix)
    return found
