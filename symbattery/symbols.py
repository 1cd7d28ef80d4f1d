r"""The symbols of the closed forms, with the assumptions their derivations use.

``t`` is time, ``g`` the coupling, ``omega_0`` and ``omega_C`` the frequencies of cells and
charger, ``M`` cells, ``N`` charger spins, ``m`` charger spins excited at the start, ``n`` photons,
``gamma`` the anisotropy, ``g_1`` and ``g_2`` the crosstalk among charger spins and cells, ``kappa``
the longitudinal coupling of both sides and ``kappa_1`` and ``kappa_2`` that among each,
``p_1`` the excited population of a thermal charger spin, and ``xi`` the dimensionless frequency.
"""

from sympy import Symbol

__all__ = [
    "M", "N", "g", "g_1", "g_2", "gamma", "kappa", "kappa_1", "kappa_2", "m", "n", "omega_0",
    "omega_C", "p_1", "t", "xi",
]  # fmt: skip

t = Symbol("t", real=True)
g = Symbol("g", positive=True)
omega_0 = Symbol("omega_0", positive=True)
omega_C = Symbol("omega_C", positive=True)
M = Symbol("M", integer=True, positive=True)
N = Symbol("N", integer=True, positive=True)
m = Symbol("m", integer=True, positive=True)
n = Symbol("n", integer=True, positive=True)
gamma = Symbol("gamma", real=True)
g_1 = Symbol("g_1", real=True)
g_2 = Symbol("g_2", real=True)
kappa = Symbol("kappa", real=True)
kappa_1 = Symbol("kappa_1", real=True)
kappa_2 = Symbol("kappa_2", real=True)
p_1 = Symbol("p_1", nonnegative=True)
xi = Symbol("xi", positive=True)
