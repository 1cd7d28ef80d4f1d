"""Test systems: rows of model × start in exact numbers, which every engine takes alike.

`SYSTEMS` are few and each is there for a reason, its name; `spin_models`, `spin_starts`,
`cavity_models` and `cavity_starts` fill whole grids of sizes, couplings and states.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from numerics import (
    CavityCharger,
    ClassicalDrive,
    GroupedSpins,
    SpinCharger,
    SpinGroup,
    TwoPhotonCharger,
    dicke,
    fock,
    group_dicke,
    group_product,
    group_thermal,
    mixture,
    product,
    thermal,
)
from numerics.model.models import Model
from numerics.model.states import InitialState
from tests.systems.oracle import number_of_cells

System = tuple[Model, InitialState | None]

GAMMAS = ("0", "1/5", "1")
VARIANTS = {
    "plain": {},
    "in other units": {"coupling": "0.37", "frequency": "2.3"},
    "charger crosstalk": {"charger_crosstalk": "0.8"},
    "cell crosstalk": {"cell_crosstalk": "-0.45"},
    "detuned": {"coupling": "-0.6", "charger_frequency": "1.9"},
    "all": {
        "coupling": "0.8", "frequency": "1.2", "charger_frequency": "0.7",
        "charger_crosstalk": "-0.3", "cell_crosstalk": "0.55", "longitudinal": "0.4",
        "charger_longitudinal": "0.3", "cell_longitudinal": "-0.2",
    },
}  # fmt: skip
CAVITIES = {
    "plain": {},
    "in other units": {"coupling": "0.37", "frequency": "2.3"},
    "cell crosstalk": {"coupling": "0.5", "cell_crosstalk": "0.35"},
    "all": {
        "coupling": "-0.3", "frequency": "1.2",
        "charger_frequency": "0.8", "cell_crosstalk": "-0.25", "cell_longitudinal": "0.15",
    },
}  # fmt: skip


def one_flipped(spins: int, rest: int, where: int = 0) -> list[int]:
    """All spins as ``rest`` but one, as in Eq. (20)."""
    return [1 - rest if i == where % spins else rest for i in range(spins)]


def spin_models(cells: int, chargers: int) -> Iterator[SpinCharger]:
    """Every variant at every anisotropy."""
    for gamma in GAMMAS:
        for fields in VARIANTS.values():
            yield SpinCharger(cells, chargers, anisotropy=gamma, **fields)


def spin_starts(model: SpinCharger) -> dict[str, InitialState | None]:
    """Every kind of initial state there is, for the sizes of this model."""
    m, n = model.cells, model.chargers
    rng = np.random.default_rng(100 * m + n)
    drawn = [Fraction(int(i), 997) for i in rng.integers(0, 998, m + n)]
    share = Fraction(2, 5)
    eq_19 = [("0.6", dicke(0, n)), *((share / n, dicke(0, up)) for up in range(n))]
    flipped = [product(one_flipped(m, 0, k), [1] * n) for k in range(m)]
    inner = mixture([("1/2", dicke(m, 0)), ("1/2", product(["0.3"] * m, [1] * n))])
    warm = thermal(cell_population="0.1", charger_inverse_temperature="-0.7")
    return {
        "default": None,
        "some dicke": dicke(int(rng.integers(0, m + 1)), int(rng.integers(0, n + 1))),
        "half dicke": dicke((m + 1) // 2, n // 2),
        "next to the end": dicke(1, n - 1),
        "empty": dicke(0, 0),
        "one cell flipped": product(one_flipped(m, 0, 1), [1] * n),
        "one charger flipped": product([0] * m, one_flipped(n, 1, 2)),
        "Eq. (16)": product([0] * m, [1] * (n - 1) + ["0.7"]),
        "any populations": product(drawn[:m], drawn[m:]),
        "thermal": thermal(cell_population="1/7", charger_inverse_temperature="-3/2"),
        "thermal, by temperature": thermal(
            cell_inverse_temperature="0.9", charger_inverse_temperature="-1.6"
        ),
        "thermal cells": thermal(cell_inverse_temperature="-0.4"),
        "thermal charger": thermal(charger_population="0.85"),
        "infinitely hot": thermal(cell_population="0.5", charger_inverse_temperature=0),
        "Eq. (19)": mixture(eq_19),
        "Eq. (21)": mixture([("0.6", dicke(0, n)), *((share / m, one) for one in flipped)]),
        "mixture of mixtures": mixture([("0.25", warm), ("0.35", inner), ("0.4", dicke(0, n - 1))]),
    }


def cavity_models(cells: int, gamma: str = "0") -> Iterator[CavityCharger]:
    """Every variant; the two with small couplings where photons are unbounded."""
    for name, fields in CAVITIES.items():
        if gamma == "0" or name in ("in other units", "all"):
            yield CavityCharger(cells, anisotropy=gamma, **fields)


def cavity_starts(model: CavityCharger) -> dict[str, InitialState | None]:
    """Every kind of initial state a cavity takes."""
    m = model.cells
    hot = thermal(cell_inverse_temperature="0.7", charger_inverse_temperature="1.5")
    return {
        "default": None,
        "vacuum": fock(0, excited_cells=m),
        "photons and cells": fock(m + 2, excited_cells=m // 2),
        "thermal cells": thermal(cell_population="0.3"),
        "thermal cavity": thermal(charger_inverse_temperature=2),
        "both": hot,
        "mixture": mixture([("0.3", fock(1)), ("0.5", fock(2, excited_cells=1)), ("0.2", hot)]),
    }


_FLIPPED = product([1, 0, 0], [1, 1, 1, 0])
_BOTH = thermal(cell_population="0.2", charger_inverse_temperature="-0.9")

# γ = 0: chains of one number of excitations.
CHAINS: dict[str, System] = {
    "mirror, odd length": (SpinCharger(4, 4), None),
    "mirror, even length": (SpinCharger(3, 3, "-0.7", "1.3"), dicke(2, 1)),
    "mirror, mixed": (
        SpinCharger(4, 4),
        mixture([("0.2", dicke(0, 4)), ("0.3", dicke(1, 3)), ("0.5", dicke(4, 0))]),
    ),
    "unequal": (SpinCharger(3, 5), None),
    "from the middle": (SpinCharger(4, 3, "-0.4"), dicke(2, 2)),
    "detuned": (SpinCharger(3, 4, charger_frequency="1.4"), dicke(1, 4)),
    "charger crosstalk": (SpinCharger(3, 4, charger_crosstalk="0.3"), None),
    "cell crosstalk": (SpinCharger(4, 3, cell_crosstalk="-0.4"), dicke(1, 3)),
    "longitudinal": (SpinCharger(3, 4, longitudinal="0.3", cell_longitudinal="-0.1"), dicke(1, 3)),
    "thermal, longitudinal": (SpinCharger(3, 3, charger_longitudinal="0.2"), _BOTH),
    # With crosstalk the sign of the detuning shows.
    "detuned, crosstalk": (
        SpinCharger(3, 4, charger_frequency="1.4", charger_crosstalk="0.2"), None
    ),
    "thermal charger": (SpinCharger(4, 4), thermal(charger_population="0.7")),
    "thermal, detuned": (SpinCharger(3, 4, charger_frequency="1.1"), _BOTH),
    "flipped": (SpinCharger(3, 4), _FLIPPED),
    "product": (SpinCharger(2, 4), product(["0.3", "0.1"], ["0.7", "0.6", "0.9", 0])),
    "mixture": (SpinCharger(4, 4), mixture([("1/4", dicke(0, 4)), ("3/4", dicke(1, 2))])),
    "spins 1 and 3/2": (
        SpinCharger(2, 1, "0.7", cell_spin=1, charger_spin="3/2", cell_longitudinal="0.3"),
        dicke(1, 2),
    ),
    "thermal spins 1": (
        SpinCharger(3, 1, charger_frequency="1.2", cell_spin=1),
        thermal(cell_inverse_temperature="0.8", charger_inverse_temperature="-1.1"),
    ),
    "cavity with spins 3/2": (CavityCharger(2, "0.4", cell_spin="3/2"), fock(4, excited_cells=1)),
    "driven": (
        ClassicalDrive(4, "0.3", charger_frequency="1.2", cell_longitudinal="0.1"), dicke(1)
    ),
    "driven, mixed": (
        ClassicalDrive(3, "-0.4", "1.3", cell_crosstalk="0.2"),
        mixture([("0.3", thermal(cell_population="0.2")), ("0.7", dicke(2))]),
    ),
    "uncoupled": (SpinCharger(2, 2, coupling=0), product([1, "0.3"], [1, 1])),
    "cavity": (CavityCharger(4, "0.4"), None),
    "excited cells in a cavity": (CavityCharger(3), fock(4, excited_cells=1)),
    "detuned cavity": (CavityCharger(3, charger_frequency="0.8", cell_crosstalk="0.3"), fock(5)),
    "thermal cavity, detuned": (
        CavityCharger(3, charger_frequency="1.7"),
        mixture([("0.3", fock(5)), ("0.7", thermal(charger_inverse_temperature=2))]),
    ),
}  # fmt: skip
CHAINS |= {
    "two photons": (TwoPhotonCharger(3, "0.2"), None),
    "two photons, odd": (
        TwoPhotonCharger(2, "-0.3", charger_frequency="0.6"),
        mixture([("1/3", fock(5, excited_cells=1)), ("2/3", fock(4))]),
    ),
    "two photons, thermal": (
        TwoPhotonCharger(2, "0.3", charger_frequency="0.6"), thermal(charger_inverse_temperature=4)
    ),
}  # fmt: skip
# γ ≠ 0: grids of one parity, folded on the mirror.
GRIDS: dict[str, System] = {
    "folded": (SpinCharger(4, 4, "0.3", anisotropy="0.2"), None),
    "folded, from inside": (SpinCharger(4, 4, "0.4", anisotropy="0.3"), dicke(1, 3)),
    "off the mirror": (SpinCharger(4, 4, "0.4", anisotropy="0.3"), dicke(1, 2)),
    "more chargers": (SpinCharger(2, 6, "0.3", anisotropy="0.7"), None),
    "more cells": (SpinCharger(5, 3, "0.3", anisotropy=1), None),
    "weak": (SpinCharger(4, 4, "-0.01", "2.5", anisotropy="0.5"), None),
    "crosstalk": (
        SpinCharger(3, 4, anisotropy="0.4", charger_crosstalk="0.3", cell_crosstalk="-0.2"), None
    ),
    "crosstalk on the mirror": (SpinCharger(4, 4, anisotropy="0.4", charger_crosstalk="0.3"), None),
    "longitudinal on the mirror": (SpinCharger(3, 3, anisotropy="0.4", longitudinal="0.3"), None),
    "detuned grid": (SpinCharger(4, 4, "0.5", anisotropy="0.3", charger_frequency="1.7"), None),
    "far detuned": (SpinCharger(4, 4, anisotropy=1, charger_frequency=3), dicke(2, 1)),
    "mixture of mirrors": (
        SpinCharger(3, 3, "0.5", anisotropy="0.3"),
        mixture([("1/4", dicke(0, 3)), ("1/2", dicke(2, 2)), ("1/4", dicke(1, 2))]),
    ),
    "grid of irreps": (SpinCharger(3, 4, "0.2", anisotropy=-1), _FLIPPED),
    "mostly counter-rotating": (
        SpinCharger(3, 4, "0.1", anisotropy="-2.5", charger_frequency="-0.8"), dicke(1, 2)
    ),
    "folded, counter-rotating": (SpinCharger(3, 3, "0.4", anisotropy=3), None),
    "product grid": (
        SpinCharger(2, 3, anisotropy="0.2"), product(["0.3", "0.1"], ["0.7", "0.6", "0.9"])
    ),
    "thermal grid": (
        SpinCharger(3, 3, anisotropy="0.5", cell_crosstalk="0.1"),
        thermal(cell_population="0.1", charger_population="0.8"),
    ),
    "grid of spins 1": (
        SpinCharger(2, 2, "0.3", anisotropy="0.4", cell_spin=1, charger_spin=1),
        mixture([("1/3", thermal(cell_inverse_temperature=1)), ("2/3", dicke(1, 3))]),
    ),
    "thermal by temperature": (
        SpinCharger(2, 2, "0.3", anisotropy="0.2"),
        thermal(cell_inverse_temperature="0.4", charger_inverse_temperature=-2),
    ),
}  # fmt: skip
# γ ≠ 0 and photons without end: a cutoff that grows.
CUTOFFS: dict[str, System] = {
    "cut cavity": (CavityCharger(3, "0.2", anisotropy="0.4"), None),
    "cut cavity, crosstalk": (
        CavityCharger(2, "0.25", anisotropy=-1, cell_longitudinal="0.2", charger_frequency="1.3"),
        fock(3, excited_cells=1),
    ),
    "cut cavity, mixed": (
        CavityCharger(1, "0.1", anisotropy="-1.5"), mixture([("1/3", fock(0)), ("2/3", fock(2))])
    ),
    "cut two photons": (TwoPhotonCharger(1, "0.03", anisotropy="0.5"), fock(3)),
    "cut cavity, thermal": (
        CavityCharger(2, "0.15", anisotropy="0.3"), thermal(charger_inverse_temperature=2)
    ),
}  # fmt: skip
# Too large for brute force: the engines, and 20 digits, judge each other.
LARGE: dict[str, System] = {
    "long mirror": (SpinCharger(7, 7), None),
    "long": (SpinCharger(5, 8), None),
    "long, from the middle": (SpinCharger(6, 9), dicke(3, 4)),
    "sixty": (SpinCharger(60, 60, "1/60"), None),
    "large folded grid": (SpinCharger(7, 7, "0.3", anisotropy="0.2"), None),
    "large grid, more cells": (SpinCharger(9, 4, "0.1", anisotropy=-4), None),
    "large grid, more chargers": (SpinCharger(3, 9, "0.3", anisotropy="0.7"), None),
}
# Groups of equal spins: what H reaches of grids of all their levels.
_PAIRS = GroupedSpins([2, SpinGroup(1, "1.5")], [2, SpinGroup(2, "-0.5")])
_TABLE = [[0, "0.3", 1, 0], ["0.3", 0, 2, "-0.4"], [1, 2, 0, "0.1"], [0, "-0.4", "0.1", 0]]
_APART = [[0, 0, 1, 0], [0, 0, 0, 2], [1, 0, 0, 0], [0, 2, 0, 0]]
GROUPS: dict[str, System] = {
    "groups": (_PAIRS, None),
    "groups, all fields": (
        GroupedSpins(
            [SpinGroup(2, "0.7", crosstalk="0.3"), 1],
            [SpinGroup(2, frequency="1.3"), SpinGroup(1, "-0.4", crosstalk="-0.2")],
            coupling="0.8", frequency="1.2",
        ),
        group_dicke([1, 0], [1, 1]),
    ),
    "mediator": (GroupedSpins([2], [3], [SpinGroup(1, "0.8")]), None),
    "mediators": (
        GroupedSpins([2, 1], [2], [SpinGroup(1, "0.8"), SpinGroup(1, frequency="0.7")]),
        group_dicke([0, 1], [1], [1, 0]),
    ),
    "matrix of couplings": (GroupedSpins([2, 1], [2, 1], couplings=_TABLE), None),
    "groups apart": (GroupedSpins([2, 1], [1, 2], couplings=_APART), None),
    "uncoupled groups": (GroupedSpins([2], [1, 1], coupling=0), None),
    "grid of groups": (GroupedSpins([2, SpinGroup(1, 2)], [2, 1], anisotropy="0.3"), None),
    "grid of groups, all fields": (
        GroupedSpins(
            [2, SpinGroup(1, crosstalk="0.3")], [SpinGroup(2, frequency="0.7")], [1],
            coupling="-0.6", anisotropy="0.4",
        ),
        group_dicke([1, 0], [2], [1]),
    ),
    "matrix on a grid": (GroupedSpins([2, 1], [2, 1], couplings=_TABLE, anisotropy=1), None),
    "product of groups": (_PAIRS, group_product(["0.3", "0.1"], ["0.7", 1])),
    "thermal groups": (
        GroupedSpins([2, SpinGroup(1, 2)], [2], [SpinGroup(1, frequency="0.8")], anisotropy="0.2"),
        mixture([
            ("0.3", group_thermal(["0.4", 2], [-1], [1])), ("0.7", group_dicke([1, 1], [1]))
        ]),
    ),
}  # fmt: skip
SYSTEMS = CHAINS | GRIDS | CUTOFFS | LARGE | GROUPS


def unit(model: Model) -> float:
    """M ω₀ (2sM ω₀), the most there is to store."""
    return float(number_of_cells(model) * (1 if model.frequency is None else model.frequency))
