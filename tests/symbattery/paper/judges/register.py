"""Where judges are kept: one value each, found without the claim's own function.

A judge is named by the claim and by the part of it that it finds again: ``plain``, ``reading 0``,
``instead`` or ``source 0``. Expressions are compared at the numbers of ``POINT``, which stand for
the symbols of the same name.
"""

import math

import numpy as np

POINT = {"g": 0.7, "omega_0": 1.3, "gamma": 0.37, "N": 5, "t": 0.9, "p_1": 0.3}
G, OMEGA, GAMMA, N, T, P1 = POINT.values()
XI = math.sqrt(2 * (3 * N - 2))
# Below this a number is rounding.
NOTHING = 1e-10
# By claim and part: a function without arguments, and the tolerance of its result.
JUDGES = {}


def value(find):
    """What a judge finds, as complex numbers in a row."""
    found = np.asarray(find(), dtype=complex).ravel()
    return np.where(np.abs(found) < NOTHING, 0, found)


def judges(table, tolerance=1e-8):
    """Enter functions without arguments, by claim and parts: "V.full" or "V.full: reading 0"."""
    for key, find in table.items():
        name, _, parts = key.partition(": ")
        for part in (parts or "plain").split(", "):
            assert (name, part) not in JUDGES
            JUDGES[name, part] = find, tolerance


def judge(key, tolerance=1e-8):
    """Enter a function without arguments as one of these."""
    return lambda find: judges({key: find}, tolerance)
