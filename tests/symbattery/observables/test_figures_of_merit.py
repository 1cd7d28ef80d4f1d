"""Figures of merit: against density matrices of all spins, limits, backends, options, bad input."""

import math
from functools import cache, reduce
from itertools import product as every_product

import mpmath
import numpy as np
import pytest
from sympy import Max, Piecewise, Rational, S, Symbol, lambdify, oo

from symbattery import (
    CavityCharger,
    InvalidArgument,
    SpinCharger,
    UnsolvedError,
    dicke,
    from_json,
    product,
    single_cell,
    solve,
    thermal,
    thermal_charger,
    to_json,
    two_cells,
)
from symbattery.observables.quantities import quantities
from symbattery.symbols import N, g, g_1, omega_0, p_1, t

OMEGA = 1.25
RAISING = np.array([[0, 0], [1, 0]])  # of (down, up)


def spin(operator, place, spins):
    return reduce(np.kron, [operator if i == place else np.eye(2) for i in range(spins)])


@cache
def operators(cells, chargers):
    """Collective raising operators and excitation numbers of both sides, and of single spins."""
    spins = cells + chargers
    each = [spin(RAISING, i, spins) for i in range(spins)]
    up = [e @ e.T for e in each]
    return (sum(each[:cells]), sum(each[cells:]), sum(up[:cells]), sum(up[cells:]))


class Dense:
    """The state of all spins at a time, as a density matrix from independent spins or levels."""

    def __init__(self, cells, chargers, start, time, charger_crosstalk=0.0):
        self.cells, self.chargers = cells, chargers
        s, j, self.k, self.c = operators(cells, chargers)
        crosstalk = charger_crosstalk * (j @ j.T + j.T @ j)
        self.h = s @ j.T + j @ s.T + crosstalk + OMEGA * (self.k + self.c)
        values, vectors = np.linalg.eigh(self.h)
        u = vectors @ np.diag(np.exp(-1j * values * time)) @ vectors.T
        self.rho = u @ start @ u.conj().T
        self.start, self.s, self.j = start, s, j

    def mean(self, operator, state=None):
        return np.trace(operator @ (self.rho if state is None else state))

    def battery(self, spins=None):
        """The reduced state of some of the cells."""
        kept = 2 ** (spins or self.cells)
        rest = self.rho.shape[0] // kept
        return np.einsum("iaja->ij", self.rho.reshape(kept, rest, kept, rest))

    def ergotropy(self, spins=None):
        state = self.battery(spins)
        levels = np.array([sum(bits) for bits in every_product((0, 1), repeat=spins or self.cells)])
        values = np.sort(np.linalg.eigvalsh(state))[::-1]
        return OMEGA * (np.diag(state).real @ levels - values @ np.sort(levels))

    def concurrence(self, places):
        """Wootters' formula for two spins."""
        spins = self.cells + self.chargers
        shape = [2] * (2 * spins)
        order = [*places, *(i for i in range(spins) if i not in places)]
        moved = self.rho.reshape(shape).transpose(*order, *(spins + i for i in order))
        rest = 2 ** (spins - 2)
        two = np.einsum("iaja->ij", moved.reshape(4, rest, 4, rest))
        flip = np.fliplr(np.diag([-1, 1, 1, -1])).astype(float)
        roots = np.sqrt(np.abs(np.linalg.eigvals(two @ flip @ two.conj() @ flip)))
        roots = np.sort(roots)[::-1]
        return max(0.0, roots[0] - roots[1:].sum())


def levels(cells, chargers, up, charged):
    """A product of Dicke states as a density matrix."""
    vectors = []
    for spins, count in ((cells, up), (chargers, charged)):
        bits = [sum(b) for b in every_product((0, 1), repeat=spins)]
        vector = np.array([b == count for b in bits], dtype=float)
        vectors.append(vector / np.linalg.norm(vector))
    psi = np.kron(*vectors)
    return np.outer(psi, psi)


def independent(populations):
    return reduce(np.kron, [np.diag([1 - p, p]) for p in populations])


def by_matrices(dense, symmetric):
    """Every quantity from the density matrix."""
    m, k = dense.cells, dense.k
    rho, battery = dense.rho, dense.battery()
    mean_k = dense.mean(k).real
    central = [dense.mean(np.linalg.matrix_power(k - mean_k * np.eye(len(k)), n)).real
               for n in range(5)]  # fmt: skip
    values = np.linalg.eigvalsh(battery)
    values = np.where(values > 1e-13, values, 0)
    power = 1j * OMEGA * (dense.h @ k - k @ dense.h)
    mean_power = dense.mean(power).real
    full, total, both = dense.ergotropy(), OMEGA * mean_k, k + dense.c
    slots = np.sort([sum(b) for b in every_product((0, 1), repeat=m)])
    found = {
        "energy_variance": OMEGA**2 * central[2],
        "energy_skewness": central[3] / central[2] ** 1.5,
        "energy_kurtosis": central[4] / central[2] ** 2 - 3,
        "fano_factor": central[2] / mean_k,
        "instantaneous_power": mean_power,
        "power_variance": dense.mean(power @ power).real - mean_power**2,
        "switching_work": OMEGA * (dense.mean(both) - dense.mean(both, dense.start)).real,
        "ergotropy": full,
        "ergotropy(part=incoherent)": full,
        "ergotropy(part=coherent)": 0,
        "ergotropy(cells=1)": dense.ergotropy(1),
        "ergotropy(sense=local)": m * dense.ergotropy(1),
        "locked_energy": total - full,
        "locked_energy(sense=local)": total - m * dense.ergotropy(1),
        "extractable_fraction": full / total,
        "passive_energy": total - full - OMEGA * m / 2,
        "capacity": OMEGA * (np.sort(values) @ slots - np.sort(values)[::-1] @ slots),
        "entropy": -sum(v * math.log(v) for v in values if v > 1e-14),
        "entropy(order=2)": -math.log((values**2).sum()),
        "entropy(order=1/2)": 2 * math.log(np.sqrt(np.abs(values)).sum()),
        "entropy(order=inf)": -math.log(values.max()),
        "purity": (values**2).sum(),
        "coherence": abs(dense.mean(dense.s @ dense.j.T)),
        "quantum_fisher_information": fisher(battery, m),
    }  # fmt: skip
    if m > 1:
        found["concurrence"] = dense.concurrence((0, 1))
    if m > 2 and symmetric:
        found["ergotropy(cells=2)"] = dense.ergotropy(2)
    if abs(np.trace(rho @ rho) - 1) < 1e-12:
        size = 2**m
        partial = rho.reshape(size, -1, size, rho.shape[0] // size).swapaxes(0, 2)
        negative = np.linalg.eigvalsh(partial.reshape(rho.shape))
        found["negativity"] = -negative[negative < 0].sum()
        found["schmidt_number"] = 1 / found["purity"]
        found["concurrence(between=cell-charger)"] = dense.concurrence((0, m))
        found["ergotropy(sense=daemonic)"] = total
        found["locked_energy(sense=daemonic)"] = 0
        found["extractable_fraction(sense=daemonic)"] = 1
    return found


def fisher(state, cells):
    x = sum(spin(np.array([[0, 0.5], [0.5, 0]]), i, cells) for i in range(cells))
    values, vectors = np.linalg.eigh(state)
    elements = np.abs(vectors.conj().T @ x @ vectors) ** 2
    plus = values[:, None] + values[None, :]
    minus = values[:, None] - values[None, :]
    return sum(
        2 * minus[a, b] ** 2 / plus[a, b] * elements[a, b]
        for a, b in np.argwhere(plus > 1e-13)
    )  # fmt: skip


def spins(cells, chargers, start=None, **model):
    return solve(SpinCharger(cells, chargers, 1, OMEGA, **model), start)


CASES = {
    "one cell": (lambda: spins(1, 3), lambda: levels(1, 3, 0, 3), {}),
    "two cells": (lambda: spins(2, 3), lambda: levels(2, 3, 0, 3), {}),
    "from the middle": (lambda: spins(3, 3, dicke(1, 2)), lambda: levels(3, 3, 1, 2), {}),
    "three cells": (lambda: spins(3, 3), lambda: levels(3, 3, 0, 3), {}),
    "crosstalk": (lambda: spins(2, 3, charger_crosstalk=Rational(3, 8)),
                  lambda: levels(2, 3, 0, 3), {"charger_crosstalk": 0.375}),
    "thermal charger": (lambda: spins(2, 2, product([0, 0], [1, "3/8"])),
                        lambda: independent([0, 0, 1, 0.375]), {}),
    "thermal cells": (lambda: spins(2, 3, thermal(cell_population="1/4")),
                      lambda: independent([0.25, 0.25, 1, 1, 1]), {}),
    "three thermal cells": (lambda: spins(3, 2, thermal(cell_population="5/8")),
                            lambda: independent([0.625] * 3 + [1] * 2), {}),
}  # fmt: skip


@pytest.fixture(params=CASES, scope="module")
def case(request):
    build, start, crosstalk = CASES[request.param]
    solution = build()
    return solution, lambda time: Dense(
        int(solution.model.cells), int(solution.model.chargers), start(), time, **crosstalk
    )


def test_every_row_from_density_matrices(case):
    solution, dense = case
    for time in (0.37, 1.9):
        expected = by_matrices(dense(time), not is_mixed(solution))
        for name, value in expected.items():
            assert solution.function(name)(time) == pytest.approx(
                value, abs=2e-7 if "concurrence" in name else 1e-11
            ), name
    missing = set(quantities(solution).requests) - set(expected)
    assert {name.partition("(")[0] for name in missing} <= {
        "energy", "power", "work_variance", "work_characteristic", "fisher_information",
        "speed_ratio", "ergotropy", "locked_energy", "extractable_fraction", "negativity",
    }  # fmt: skip


def is_mixed(solution):
    """The cells are in several total spins."""
    return len({branch.bottom for branch in solution.branches}) > 1


def test_symmetric_sense_sorts_the_levels_and_work_has_its_variance(case):
    solution, _ = case
    time = 1.9
    if is_mixed(solution):
        for name in ("ergotropy(sense=symmetric)", "work_variance"):
            with pytest.raises(UnsolvedError, match="symmetric levels"):
                solution.function(name)
        return
    p = np.array([solution.function(f"p{k}")(time) if k in solution.populations else 0.0
                  for k in range(int(solution.model.cells) + 1)])  # fmt: skip
    k = np.arange(len(p))
    passive = k @ np.sort(p)[::-1]
    assert solution.function("ergotropy", sense="symmetric")(time) == pytest.approx(
        OMEGA * (k @ p - passive), abs=1e-13
    )
    assert solution.function("locked_energy", sense="symmetric")(time) == pytest.approx(
        OMEGA * passive, abs=1e-13
    )
    work = k - 1 + (k == p.argmax())
    assert solution.function("work_variance")(time) == pytest.approx(
        OMEGA**2 * (p @ work**2 - (p @ work) ** 2), abs=1e-12
    )
    assert p @ work * OMEGA == pytest.approx(solution.function("ergotropy")(time), abs=1e-12)


def test_inequalities_between_the_senses(case):
    solution, _ = case
    times = np.linspace(0, 4, 41)
    known = [name for name in ("local", "symmetric", "full", "daemonic")
             if f"ergotropy(sense={name})" in quantities(solution)]  # fmt: skip
    rows = [solution.function("ergotropy", sense=name)(times) for name in known]
    total = OMEGA * sum(k * solution.function(f"p{k}")(times) for k in solution.populations)
    for lower, upper in zip([0 * times, *rows], [*rows, total], strict=True):
        assert (lower <= upper + 1e-13).all()
    cells = int(solution.model.cells)
    if "symmetric" in known:
        locked = solution.function("locked_energy")(times)
        assert (locked <= OMEGA * cells / (cells + 1) + 1e-13).all()


def test_fisher_information_and_speed_from_derivatives(case):
    solution, _ = case
    p = {k: solution.function(f"p{k}", "mpmath") for k in solution.populations}
    with mpmath.workdps(40):
        time = mpmath.mpf("0.73")
        rates = {k: mpmath.diff(f, time) for k, f in p.items()}
        fisher = mpmath.fsum(rates[k] ** 2 / p[k](time) for k in p)
        power = OMEGA * mpmath.fsum(k * rate for k, rate in rates.items())
        ratio = power**2 / fisher / solution.function("variance", "mpmath")(time)
        assert solution.function("instantaneous_power", "mpmath")(time) == pytest.approx(
            power, rel=1e-13
        )
        assert solution.function("fisher_information", "mpmath")(time) == pytest.approx(
            fisher, rel=1e-13
        )
        assert solution.function("speed_ratio", "mpmath")(time) == pytest.approx(ratio, rel=1e-13)
        assert ratio <= 1


def test_fisher_information_of_dicke_starts_is_constant():
    assert two_cells().fisher_information == 8 * N * g**2
    assert solve(SpinCharger(3, 5), dicke(1, 3)).fisher_information == 240 * g**2
    assert t in solve(SpinCharger(2, N, charger_crosstalk=g_1)).fisher_information.free_symbols


def test_work_of_the_charging():
    s = solve(SpinCharger(3, 5), dicke(1, 3))
    assert s.work_distribution == {k - 1: p for k, p in s.populations.items()}
    value = s.function("work_characteristic", u=0.3)(0.8, frequency=2.0)
    p = {w: s.function(f"p{w + 1}")(0.8) for w in s.work_distribution}
    assert value == pytest.approx(sum(q * np.exp(0.6j * w) for w, q in p.items()), abs=1e-15)
    u = Symbol("u", real=True)
    written = s.quantity("work_characteristic", u=u)
    assert u in written.free_symbols
    written = written.subs([*s.definitions.items()][::-1]).subs({u: 0.3, t: 0.8, omega_0: 2, g: 1})
    assert complex(written) == pytest.approx(value, abs=1e-13)


NAMES = (
    "ergotropy", "ergotropy(sense=symmetric)", "locked_energy", "capacity", "work_variance",
    "entropy", "entropy(order=1/2)", "entropy(order=2)", "entropy(order=inf)", "negativity",
    "concurrence", "concurrence(between=cell-charger)", "coherence", "instantaneous_power",
    "fano_factor", "speed_ratio", "fisher_information", "work_characteristic", "energy_kurtosis",
)  # fmt: skip
SMALL = {
    "two cells": (two_cells, {"chargers": 9}),
    "four cells": (lambda: solve(SpinCharger(4, N)), {"chargers": 9}),
    "detuned": (lambda: solve(SpinCharger(2, N, charger_crosstalk=g_1)),
                {"chargers": 9, "charger_crosstalk": 0.125}),
    "from the middle": (lambda: solve(SpinCharger(3, 5), dicke(1, 3)), {}),
}  # fmt: skip


@pytest.mark.parametrize("build", SMALL)
@pytest.mark.parametrize("name", NAMES)
def test_thirteen_digits_at_small_times(build, name):
    solution, given = SMALL[build][0](), SMALL[build][1]
    f, exact = (solution.function(name, b, **given) for b in ("numpy", "mpmath"))
    times = np.geomspace(1e-12, 1e-2, 12)
    values = f(times)
    with mpmath.workdps(60):
        for time, value in zip(times, values, strict=True):
            right = exact(mpmath.mpf(float(time)))
            assert abs(mpmath.mpmathify(complex(value)) - right) <= 1e-13 * abs(right)


def test_quotients_where_nothing_moves():
    s = solve(SpinCharger(2, 2), dicke(0, 0))
    for name, value in (("fano_factor", 1), ("extractable_fraction", 0), ("speed_ratio", 0)):
        assert s.quantity(name) == value
        assert s.function(name)(0.7) == value


@pytest.mark.parametrize("order", ["1.000000000001", "0.9999999999", "1e-300", "30", "100"])
@pytest.mark.parametrize("cells", [2, 3])
def test_orders_near_that_of_von_neumann_and_far_from_it(cells, order):
    """Probabilities in several equal parts, and of powers that are no doubles."""
    for start in (None, thermal(cell_population="0.2", charger_population="0.9")):
        s = solve(SpinCharger(cells, 2), start)
        f = s.function(f"entropy(order={order})")
        printed = s.quantity("entropy", order=order)
        if order.isdigit():
            assert from_json(to_json(s, names=[f.name])).quantities[f.name] == printed
        with mpmath.workdps(400):
            exact = lambdify([t, g], printed.xreplace(s.definitions), "mpmath", cse=True)
            for time in (1e-3, 0.7, 2.2):
                assert f(time) == pytest.approx(float(exact(mpmath.mpf(time), 1)), rel=1e-12)


@pytest.mark.parametrize("backend", ["math", "numexpr", "jax"], indirect=True)
@pytest.mark.parametrize("name", NAMES)
def test_every_backend(name, backend):
    f, other = (two_cells(5).function(name, b) for b in (backend, "mpmath"))
    for time in (1e-7, 0.75):
        assert complex(f(time)) == pytest.approx(complex(other(time)), rel=1e-11)


def test_values_at_the_start():
    s = two_cells(5)
    zero = (
        "ergotropy", "entropy", "entropy(order=1/2)", "negativity", "coherence", "concurrence",
        "extractable_fraction", "instantaneous_power", "work_variance", "switching_work",
    )  # fmt: skip
    for name in zero:
        for backend in ("numpy", "mpmath", "math"):
            assert s.function(name, backend)(0) == 0
    for name in ("fano_factor", "speed_ratio", "purity", "schmidt_number"):
        assert s.function(name)(0) == 1
    for backend in ("numpy", "mpmath", "math"):
        assert math.isnan(s.function("energy_skewness", backend)(0))
    # From the middle the battery moves up and down.
    ratio = solve(SpinCharger(3, 5), dicke(1, 3)).function("speed_ratio", "mpmath")
    assert 0 < ratio(0) < 1
    assert ratio(0) == pytest.approx(ratio(mpmath.mpf("1e-30")), rel=1e-13)


def test_texts_and_keywords_are_the_same_quantity():
    s = two_cells()
    assert s.ergotropy() == s.ergotropy("full") == s.quantity("ergotropy(sense=full)")
    assert s.ergotropy("local") == s.quantity("ergotropy", sense="local")
    assert s.ergotropy(cells=1) == s.quantity("ergotropy( cells = 1 )")
    assert s.entropy(order=2) == s.entropy(2.0) == s.quantity("entropy(order=2)")
    assert s.entropy(oo) == s.quantity("entropy(order=inf)")
    f = s.function("ergotropy", sense="local", chargers=4)
    assert (f.name, f.arguments) == ("ergotropy(sense=local)", ("coupling", "frequency"))
    assert "(sense = local)" in f.__doc__
    assert s.latex("ergotropy", sense="local") == s.latex("ergotropy(sense=local)")
    text = s.source("entropy", "python", order=2, chargers=4)
    assert text == s.source("entropy(order=2)", "python", chargers=4)
    assert "def entropy_order_2(t, coupling)" in text
    read = from_json(to_json(s, names=["ergotropy", "ergotropy(sense = local)"])).quantities
    assert read["ergotropy(sense=local)"] == s.ergotropy("local")
    assert read["ergotropy"].has(Max)
    assert repr(s.ergotropy) == "ergotropy(sense, cells, part)"


def test_one_cell_as_an_author_writes_it():
    s, phase = single_cell(), (N**S.Half) * g * t
    from sympy import cos, log, sin

    up, down = sin(phase) ** 2, cos(phase) ** 2
    assert str(s.ergotropy()) == f"omega_0*Max(0, {up - down})"
    assert s.entropy() == -up * log(up) - down * log(down)
    assert s.locked_energy().rewrite(Piecewise).has(Piecewise)
    assert s.latex("ergotropy").count(r"\max") == 1


@pytest.mark.parametrize(("chargers", "pieces"), [(1, 3), (2, 5), (14, 5), (15, 3)])
def test_intervals_of_the_largest_population(chargers, pieces):
    """From 15 charger spins on one excited cell is never the likeliest number."""
    s = two_cells(chargers)
    found = s.intervals("ergotropy")
    assert len(found.branches) == pieces
    f, period = s.function("ergotropy"), float(found.period.subs(g, 1))
    whole = found.piecewise.subs({g: 1, omega_0: 1})
    for time in np.linspace(0.01, 0.99, 23) * period:
        assert f(time) == pytest.approx(float(whole.subs(t, time).n()), abs=1e-14)
    for crossing in found.crossings:
        p = sorted(s.function(f"p{k}")(float(crossing.subs(g, 1))) for k in s.populations)
        assert p[-1] == pytest.approx(p[-2], abs=1e-14)


def test_intervals_of_one_cell_for_every_number_of_spins():
    found = single_cell().intervals("locked_energy")
    quarter = S.Pi / (4 * N**S.Half * g)
    assert [(c - n * quarter).simplify() for c, n in zip(found.crossings, (1, 3), strict=True)] == [
        0,
        0,
    ]


UNEQUAL = lambda: solve(SpinCharger(2, 4), product([1, 0], [1] * 4))  # noqa: E731


@pytest.mark.parametrize(
    ("build", "name", "options", "message"),
    [
        (two_cells, "ergotropies", {}, "`name` must be one of 'energy'"),
        (two_cells, "ergotropy(", {}, "`name` must be a name, perhaps with options"),
        (two_cells, "ergotropy(local)", {}, "`name` must be a name, perhaps with options"),
        (two_cells, "ergotropy(sense=best)", {}, "`sense` must be one of 'full', 'symmetric'"),
        (two_cells, "ergotropy", {"sense": 3}, "`sense` must be one of 'full', 'symmetric'"),
        (two_cells, "ergotropy", {"cells": 3}, "`cells` must be at most the number of cells, 2"),
        (two_cells, "ergotropy", {"cells": 0}, "`cells` must be a positive integer"),
        (two_cells, "ergotropy", {"part": "quantum"}, "`part` must be one of 'coherent'"),
        (two_cells, "ergotropy(sense=local, part=coherent)", {}, "`sense` must be full or symm"),
        (two_cells, "ergotropy(sense=local)", {"sense": "full"}, "`sense` must be given once"),
        (two_cells, "entropy", {"order": 0}, "`order` must be a positive number"),
        (two_cells, "entropy(order=1e9)", {}, "`order` must be at most 100, or infinity, to have"),
        (two_cells, "entropy(order=-1)", {}, "`order` must be a positive number"),
        (two_cells, "entropy(sense=full)", {}, "`sense` must be an option of entropy"),
        (two_cells, "energy(order=2)", {}, "`order` must be an option of energy, which has no"),
        (two_cells, "concurrence(between=chargers)", {}, "`between` must be one of 'cells'"),
        (two_cells, 7, {}, "`name` must be one of"),
        (UNEQUAL, "ergotropy", {}, "`ergotropy` must be asked of cells that start alike"),
        (UNEQUAL, "entropy", {}, "`entropy` must be asked of cells that start alike"),
        (UNEQUAL, "purity", {}, "`purity` must be asked of cells that start alike"),
        (UNEQUAL, "capacity", {}, "`capacity` must be asked of cells that start alike"),
        (UNEQUAL, "concurrence", {}, "`concurrence` must be asked of cells that start alike"),
        (UNEQUAL, "quantum_fisher_information", {}, "must be asked of cells that start alike"),
        (lambda: solve(SpinCharger(2, 2), dicke(0, 0)), "energy_skewness", {}, "`initial` must"),
        (lambda: solve(SpinCharger(2, 2), dicke(0, 0)), "energy_kurtosis", {}, "`initial` must"),
        (thermal_charger, "negativity", {}, "`negativity` must be asked of a pure start"),
        (thermal_charger, "schmidt_number", {}, "`schmidt_number` must be asked of a pure start"),
        (thermal_charger, "ergotropy(sense=daemonic)", {}, "must be asked of a pure start"),
        (thermal_charger, "locked_energy(sense=daemonic)", {}, "`locked_energy` must be asked"),
        (thermal_charger, "concurrence(between=cell-charger)", {}, "asked of a pure start"),
        (single_cell, "concurrence", {}, "`between` must be cell-charger"),
        (lambda: solve(CavityCharger(2)), "concurrence(between=cell-charger)", {}, "of spins"),
        (
            lambda: solve(SpinCharger(6, 6)),
            "ergotropy(sense=symmetric)",
            {},
            "at most 5 excitations",
        ),
        (lambda: single_cell(3, anisotropy=p_1), "coherence", {}, "a model with anisotropy 0"),
    ],
)
def test_bad_input(build, name, options, message):
    solution = build()
    for ask in (solution.quantity, solution.function, solution.latex):
        with pytest.raises((InvalidArgument, UnsolvedError), match=message):
            ask(name, **options)


def test_more_bad_input():
    s = two_cells()
    for ask, message in (
        (lambda: s.quantity("energy", chargers=3), "`chargers` must be an option of energy"),
        (lambda: s.latex("energy", colour=3), "`colour` must be an option of energy"),
        (lambda: s.latex("maximum", sense="full"), "`sense` must be left out"),
        (lambda: s.ergotropy("full", None, None, 1), "must have at most 3 options, but has 4"),
        (lambda: s.ergotropy("full", sense="full"), "`sense` must be given once"),
        (lambda: s.ergotropy(order=2), "`order` must be an option of ergotropy"),
        (lambda: s.intervals("energy"), "`name` must be a quantity with several branches"),
        (lambda: s.function("work_characteristic", u=Symbol("u", real=True)), "`u` must be a numb"),
    ):
        with pytest.raises(InvalidArgument, match=message):
            ask()
    for solution in (s, solve(SpinCharger(3, 3))):
        with pytest.raises(UnsolvedError, match="numbers"):
            solution.intervals("capacity")


def test_rows_that_are_not_exact_are_not_listed():
    assert "ergotropy" not in quantities(UNEQUAL())
    assert "energy_variance" in quantities(UNEQUAL())
    assert "negativity" not in quantities(thermal_charger())
    assert "ergotropy(sense=local)" in list(quantities(thermal_charger()))
