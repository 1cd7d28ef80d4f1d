r"""Brute force on all :math:`2^{M+N}` amplitudes: the independent judge of both engines.

Everything is built from plain Pauli matrices and Kronecker products, term by term as printed in
Huangfu and Jing (2021), Eqs. (1), (13), (14), (16), (20) and, for the cavity, Eqs. (6) and (A3).
Nothing here knows of collective spins, sectors, ladder factors or conserved quantities, and nothing
is shared with the engines but the *descriptions* of models and states. It is slow on purpose.

A basis state of one spin is ``UP`` = |1⟩ = (1, 0) or ``DOWN`` = |0⟩ = (0, 1), so that
σz = diag(1, −1) as in Eq. (12); cells come before the charger. Of spins s the matrices are 2S, from
m = s down to −s.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from functools import lru_cache, reduce
from numbers import Rational
from types import SimpleNamespace
from typing import Any

import mpmath
import numpy as np
import scipy

from numerics.model.groups import GroupDicke, GroupedSpins, GroupProduct, GroupThermal
from numerics.model.models import CavityCharger, ClassicalDrive, Model, SpinCharger
from numerics.model.oscillator_models import TwoPhotonCharger
from numerics.model.side_states import Level
from numerics.model.states import Dicke, Fock, InitialState, Mixture, Product, Thermal
from numerics.model.superpositions import Amplitudes, Bloch, Gaussian, Superposition

X = np.array([[0, 1], [1, 0]], dtype=complex)
Y = np.array([[0, -1j], [1j, 0]], dtype=complex)
Z = np.array([[1, 0], [0, -1]], dtype=complex)
RAISE, LOWER = (X + 1j * Y) / 2, (X - 1j * Y) / 2
UP, DOWN = np.array([1, 0]), np.array([0, 1])

# Photons beyond the start that the counter-rotating terms (γ > 0) get to climb to. Test models
# keep g/ω_C small enough for that to be plenty; `test_oracle` checks that more change nothing.
CLIMB = 60

REAL = "H is real in this basis: σy comes in pairs"

# The dimension of each spin of some, in their order.
Spins = tuple[int, ...]
Sparse = scipy.sparse.csr_array

# A vector with integer entries, and the weight that makes weight·|v⟩⟨v| a part of ρ(0).
Start = list[tuple[Any, np.ndarray]]


def convert(context: Any, value: Any) -> Any:
    """``value`` in an mpmath context (``mpmath.fp`` for doubles), nothing lost on the way."""
    if isinstance(value, Rational):
        return context.mpf(int(value.numerator)) / int(value.denominator)
    if hasattr(value, "evalf"):
        return context.mpf(value.evalf(max(context.dps, 15) + 10))
    return context.mpf(value)


def together(model: Model) -> int:
    """The number of photons that a cell exchanges at once."""
    return 2 if isinstance(model, TwoPhotonCharger) else 1


def parameters(model: Model, context: Any) -> SimpleNamespace:
    """The numbers of a model: open units are 1, an open charger frequency is resonant."""
    omega_0 = 1 if model.frequency is None else model.frequency
    numbers = {
        "g": 1 if model.coupling is None else model.coupling,
        "omega_0": omega_0,
        "omega_c": model.charger_frequency,
        "gamma": model.anisotropy,
        "g_1": getattr(model, "charger_crosstalk", 0),
        "g_2": model.cell_crosstalk,
        "kappa": model.longitudinal,
        "kappa_1": model.charger_longitudinal,
        "kappa_2": model.cell_longitudinal,
    }
    if model.charger_frequency is None:
        numbers["omega_c"] = convert(context, omega_0) / together(model)
    return SimpleNamespace(**{name: convert(context, value) for name, value in numbers.items()})


def sides(model: Model) -> tuple[Spins, Spins]:
    """The spins of the cells and of the charger."""
    if isinstance(model, GroupedSpins):
        own, every = (sum(group.spins for group in some) for some in (model.cells, model.groups))
        return (2,) * own, (2,) * (every - own)
    cells = (int(2 * model.cell_spin) + 1,) * model.cells
    if isinstance(model, CavityCharger | ClassicalDrive):
        return cells, ()
    return cells, (int(2 * model.charger_spin) + 1,) * model.chargers


@lru_cache
def paulis(dimension: int) -> tuple[np.ndarray, ...]:
    """2S_x, 2S_y, 2S_z of one spin, by ⟨m + 1|S₊|m⟩² = (s − m)(s + m + 1)."""
    if dimension == 2:
        return X, Y, Z
    m = (dimension - 1) / 2 - np.arange(dimension)
    up = np.diag(np.sqrt((m[0] - m[1:]) * (m[0] + m[1:] + 1)), 1).astype(complex)
    return up + up.T, -1j * (up - up.T), np.diag(2 * m).astype(complex)


def _embedded(operators: dict[int, np.ndarray], spins: Spins) -> Sparse:
    """1 ⊗ … with an operator at each of some positions … ⊗ 1."""
    factors = (operators.get(i, scipy.sparse.identity(d)) for i, d in enumerate(spins))
    return scipy.sparse.csr_array(reduce(scipy.sparse.kron, factors, scipy.sparse.identity(1)))


def embed(operators: dict[int, np.ndarray], spins: Spins) -> np.ndarray:
    """The same as an array."""
    return _embedded(operators, spins).toarray()


def site(operator: np.ndarray, position: int, spins: int) -> np.ndarray:
    """1 ⊗ … ⊗ ``operator`` ⊗ … ⊗ 1, of spins-1/2."""
    return embed({position: operator}, (2,) * spins)


def total(operator: np.ndarray, sites: Iterable[int], spins: int) -> np.ndarray:
    """The sum of a one-spin operator over some of the spins-1/2."""
    return sum(_embedded({i: operator}, (2,) * spins) for i in sites).toarray()


def _summed(which: int, sites: range, spins: Spins) -> Sparse:
    """The sum of 2S_x, 2S_y or 2S_z over some of the spins."""
    return sum(_embedded({i: paulis(spins[i])[which]}, spins) for i in sites)


def summed(which: int, sites: range, spins: Spins) -> np.ndarray:
    """The same as an array."""
    return _summed(which, sites, spins).toarray()


def _crosstalk(sites: range, spins: Spins, which: tuple[int, ...] = (0, 1)) -> np.ndarray:
    """Sum as in Eq. (14), without g₁/2: l ≠ j are ordered pairs, each pair comes twice.

    Of spins above 1/2 each with itself, too.
    """
    size = math.prod(spins)
    total = scipy.sparse.csr_array((size, size), dtype=complex)
    for left, right in itertools.product(sites, repeat=2):
        for pauli in which:
            one, other = (paulis(spins[i])[pauli] for i in (left, right))
            if left != right:
                total += _embedded({left: one, right: other}, spins)
            elif spins[left] > 2:
                total += _embedded({left: one @ one}, spins)
    return total.toarray()


@lru_cache(maxsize=64)
def _spin_matrices(cells: Spins, chargers: Spins) -> tuple[np.ndarray, ...]:
    spins = cells + chargers
    battery, charger = range(len(cells)), range(len(cells), len(spins))
    x, y, z = ([_summed(i, side, spins) for side in (battery, charger)] for i in range(3))
    return (
        *(side.toarray() for side in z),
        (x[0] @ x[1]).toarray(),
        (y[0] @ y[1]).toarray(),
        _crosstalk(charger, spins),
        _crosstalk(battery, spins),
        (z[0] @ z[1]).toarray(),
        _crosstalk(charger, spins, (2,)),
        _crosstalk(battery, spins, (2,)),
    )


@lru_cache(maxsize=64)
def _cavity_matrices(cells: Spins, cutoff: int, together: int) -> tuple[np.ndarray, ...]:
    lower = np.diag(np.sqrt(np.arange(1, cutoff + 1)), 1).astype(complex)
    # So many photons are exchanged at once.
    lower = np.linalg.matrix_power(lower, together)
    photons, no_photons = np.diag(np.arange(cutoff + 1)).astype(complex), np.eye(cutoff + 1)
    battery = range(len(cells))
    x, y, z = (summed(i, battery, cells) for i in range(3))
    rotating, counter = (np.kron((x + sign * y) / 2, lower) for sign in (1j, -1j))
    return (
        np.kron(z, no_photons),
        np.kron(np.eye(math.prod(cells)), photons),
        rotating + rotating.conj().T,
        counter + counter.conj().T,
        np.kron(_crosstalk(battery, cells), no_photons),
        np.kron(_crosstalk(battery, cells, (2,)), no_photons),
    )


def _sites(model: GroupedSpins) -> list[range]:
    """The spins of each group: cells, mediators, chargers."""
    ends = list(itertools.accumulate((group.spins for group in model.groups), initial=0))
    return [range(*pair) for pair in itertools.pairwise(ends)]


@lru_cache(maxsize=64)
def _pairs(left: range, right: range, spins: int) -> tuple[np.ndarray, np.ndarray]:
    """Σ σx σx and Σ σy σy over the pairs of spins of two groups."""
    sites = list(itertools.product(left, right))
    x, y = (sum(_embedded({i: p, j: p}, (2,) * spins) for i, j in sites) for p in (X, Y))
    return x.toarray(), y.toarray()


def _group_terms(model: GroupedSpins, context: Any) -> list[tuple[Any, np.ndarray]]:
    """Every spin with its frequency, every pair of spins with the coupling of its groups."""
    p, sites, found = parameters(model, context), _sites(model), []
    spins, layers = sites[-1].stop, [0] * len(model.cells) + [1] * len(model.mediators)
    layers += [2] * len(model.chargers)
    for group, mine in zip(model.groups, sites, strict=True):
        omega = p.omega_0 if group.frequency is None else convert(context, group.frequency)
        found.append((omega / 2, total(Z, mine, spins)))
        if group.crosstalk:
            found.append((convert(context, group.crosstalk) / 2, _crosstalk(mine, (2,) * spins)))
    for a, b in itertools.combinations(range(len(sites)), 2):
        # Neighbouring layers are coupled: cells and chargers where nothing is between them.
        distance = layers[b] - layers[a]
        if model.couplings is not None:
            factor = convert(context, model.couplings[a][b])
        elif distance == (1 if model.mediators else 2):
            one, two = model.groups[a], model.groups[b]
            factor = convert(context, one.coupling) * convert(context, two.coupling)
        else:
            continue
        gamma = p.gamma if distance else 0
        for sign, matrix in zip((1, -1), _pairs(sites[a], sites[b], spins), strict=True):
            found.append((p.g * factor / 2 * (1 + sign * gamma), matrix))
    return found


def terms(model: Model, context: Any, cutoff: int = 0) -> list[tuple[Any, np.ndarray]]:
    """H as (coefficient, matrix) pairs; every matrix entry is ±√integer (±integer for spins)."""
    if isinstance(model, GroupedSpins):
        return _group_terms(model, context)
    p = parameters(model, context)
    if isinstance(model, SpinCharger):
        xx, yy = p.g / 2 * (1 + p.gamma), p.g / 2 * (1 - p.gamma)
        coefficients = (p.omega_0 / 2, p.omega_c / 2, xx, yy, p.g_1 / 2, p.g_2 / 2)
        coefficients += (p.kappa, p.kappa_1, p.kappa_2)
        return list(zip(coefficients, _spin_matrices(*sides(model)), strict=True))
    if isinstance(model, ClassicalDrive):
        (cells, _) = sides(model)
        every = range(len(cells))
        matrices = (
            summed(2, every, cells),
            summed(0, every, cells),
            _crosstalk(every, cells),
            _crosstalk(every, cells, (2,)),
        )
        coefficients = ((p.omega_0 - p.omega_c) / 2, p.g, p.g_2 / 2, p.kappa_2)
        return list(zip(coefficients, matrices, strict=True))
    coefficients = (p.omega_0 / 2, p.omega_c, p.g, p.g * p.gamma, p.g_2 / 2, p.kappa_2)
    matrices = _cavity_matrices(sides(model)[0], cutoff, together(model))
    return list(zip(coefficients, matrices, strict=True))


def hamiltonian(model: Model, cutoff: int = 0) -> np.ndarray:
    """Eq. (1) with Eq. (14), or Eqs. (6) and (A3) for a cavity, as a dense matrix of doubles."""
    every = terms(model, mpmath.fp, cutoff)
    there = [(coefficient, matrix) for coefficient, matrix in every if coefficient]
    return sum((c * matrix for c, matrix in there), start=np.zeros_like(every[0][1]))


# ---------------------------------------------------------------------------------------------
# Initial states: lists of (weight, vector) for the cells and for the charger.


def basis_vector(spins: tuple[int, ...]) -> np.ndarray:
    """Build the product vector with each spin up (1) or down (0)."""
    return reduce(np.kron, (UP if spin else DOWN for spin in spins), np.ones(1, dtype=int))


def dicke_vector(spins: int, up: int) -> np.ndarray:
    """Add up, not normalised, all product vectors with ``up`` of ``spins`` spins up."""
    chosen = itertools.combinations(range(spins), up)
    return sum(basis_vector(tuple(int(i in where) for i in range(spins))) for where in chosen)


def levels(spins: Spins) -> np.ndarray:
    """The number of excitations in each product state of some spins."""
    return np.array([sum(state) for state in itertools.product(*(range(d)[::-1] for d in spins))])


def _dicke_start(context: Any, spins: Spins, up: int) -> Start:
    """S₊ to the power ``up`` on all spins down: √C(2s, k) for k excitations of a spin."""
    if set(spins) <= {2}:
        vector = dicke_vector(len(spins), up)
        return [(context.mpf(1) / int(vector @ vector), vector)]
    ways = [
        math.prod(math.comb(d - 1, d - 1 - i) for i, d in zip(state, spins, strict=True))
        for state in itertools.product(*map(range, spins))
    ]
    total = sum(way for way, level in zip(ways, levels(spins), strict=True) if level == up)
    vector = [
        context.sqrt(way) if level == up else 0
        for way, level in zip(ways, levels(spins), strict=True)
    ]
    return [(context.mpf(1) / total, np.array(vector))]


def _product_start(context: Any, populations: Iterable[Any]) -> Start:
    """⊗ diag(p, 1 − p) as in Eq. (16), written out over all product vectors."""
    p = [convert(context, value) for value in populations]
    start = []
    for state in itertools.product((1, 0), repeat=len(p)):
        weight = context.fprod(x if up else 1 - x for x, up in zip(p, state, strict=True))
        start += [(weight, basis_vector(state))] if weight else []
    return start


def _thermal_spins(
    context: Any, spins: Spins, population: Any, beta: Any, omega: Any, ideal: int
) -> Start:
    """Each spin by itself: exp(−βω/2) up to exp(βω/2) down, shifted so that none overflows."""
    if beta is not None and not set(spins) <= {2}:
        x = convert(context, beta) * omega
        weights = [context.exp(-int(k) * x) for k in levels(spins)]
        return list(zip(np.array(weights) / sum(weights), np.eye(len(weights)), strict=True))
    if beta is not None:
        x = convert(context, beta) * omega
        up, down = context.exp(min(-x, 0)), context.exp(min(x, 0))
        population = up / (up + down)
    if population is None:
        return _dicke_start(context, spins, ideal)
    return _product_start(context, (population,) * len(spins))


def _pure_spins(spins: Spins, state: Any) -> Start:
    """The symmetric state of some spins: Dicke states added up, or one spin after another."""
    if isinstance(state, Level):
        return _dicke_start(mpmath.fp, spins, int(state.level))
    if isinstance(state, Bloch):
        theta, phi = float(state.theta), float(state.phi)
        up, down = np.cos(theta / 2), np.exp(1j * phi) * np.sin(theta / 2)
        # Of 2s halves that are all alike.
        each = [
            np.array([math.comb(d - 1, i) ** 0.5 * up ** (d - 1 - i) * down**i for i in range(d)])
            for d in spins
        ]
        return [(1, reduce(np.kron, each))]
    assert isinstance(state, Amplitudes)
    every = (_dicke_start(mpmath.fp, spins, up)[0][1] for up in range(max(levels(spins)) + 1))
    parts = zip(map(complex, state.amplitudes), every, strict=False)
    vector = sum(value * one / np.linalg.norm(one) for value, one in parts)
    return [(1, vector / np.linalg.norm(vector))]


# Photon numbers that displacing and squeezing are written out for.
_PHOTONS = 160


def _pure_mode(state: Any) -> list[tuple[Any, Any]]:
    """A number of photons, or the amplitudes of all: D(α)S(ξ)|0⟩ by exponentials of matrices."""
    if isinstance(state, Level):
        return [(1, int(state.level))]
    if isinstance(state, Amplitudes):
        vector = np.array([complex(value) for value in state.amplitudes])
        return [(1, vector / np.linalg.norm(vector))]
    assert isinstance(state, Gaussian)
    lower = np.diag(np.sqrt(np.arange(1, _PHOTONS)), 1).astype(complex)
    alpha = complex(state.displacement)
    xi = float(state.squeezing) * np.exp(1j * float(state.angle))
    squeeze = scipy.linalg.expm((np.conj(xi) * lower @ lower - xi * (lower @ lower).T) / 2)
    displace = scipy.linalg.expm(alpha * lower.T - np.conj(alpha) * lower)
    vector = (displace @ squeeze)[:, 0]
    return [(1, vector[: np.flatnonzero(np.abs(vector) > 1e-15)[-1] + 1])]


def _sides(
    model: Model, initial: InitialState, context: Any, digits: int
) -> Iterator[tuple[Any, Start, Start | list[tuple[Any, int]]]]:
    """(Weight, cells, charger) of each product ρ_B ⊗ ρ_C in ρ(0); photons as their number."""
    if isinstance(initial, Mixture):
        for weight, part in initial.parts:
            for own, cells, charger in _sides(model, part, context, digits):
                yield convert(context, weight) * own, cells, charger
        return
    one, p = context.mpf(1), parameters(model, context)
    battery, other = sides(model)
    if isinstance(initial, Superposition):
        cells = _pure_spins(battery, initial.excited_cells)
        spins = isinstance(model, SpinCharger)
        charger = _pure_spins(other, initial.charger) if spins else _pure_mode(initial.charger)
        yield one, cells, charger
    elif isinstance(initial, Dicke | Fock):
        cells = _dicke_start(context, battery, initial.excited_cells)
        if isinstance(initial, Fock):
            yield one, cells, [(one, initial.photons)]
        else:
            yield one, cells, _dicke_start(context, other, initial.excited_chargers or 0)
    elif isinstance(initial, Product):
        cells = _product_start(context, initial.cell_populations)
        yield one, cells, _product_start(context, initial.charger_populations)
    elif isinstance(initial, Thermal):
        up, beta = initial.cell_population, initial.cell_inverse_temperature
        cells = _thermal_spins(context, battery, up, beta, p.omega_0, 0)
        up, beta = initial.charger_population, initial.charger_inverse_temperature
        if isinstance(model, SpinCharger):
            charger = _thermal_spins(context, other, up, beta, p.omega_c, max(levels(other)))
        elif initial.charger_mean_photons is not None:
            # As many photons on average as 1/(e^(βω) − 1).
            mean = convert(context, initial.charger_mean_photons)
            last = math.ceil(digits * math.log(10) / math.log(1 + 1 / float(mean)))
            charger = [(mean**n / (1 + mean) ** (n + 1), n) for n in range(last + 1)]
        elif isinstance(model, ClassicalDrive):
            charger = [(one, 0)]
        elif beta is None:
            charger = [(one, together(model) * max(levels(battery)))]
        else:
            # Bose–Einstein: (1 − x) xⁿ; what is left off weighs less than 10^(−digits).
            x = context.exp(-convert(context, beta) * p.omega_c)
            last = math.ceil(digits * math.log(10) / -math.log(float(x)))
            charger = [((1 - x) * x**n, n) for n in range(last + 1)]
        yield one, cells, charger
    else:
        raise TypeError(f"the oracle does not know the state {initial!r}")


def _group_start(model: GroupedSpins, initial: Any, context: Any) -> Iterator[tuple[Any, Start]]:
    """The weighted products of the states of all groups, each with its weight."""
    if isinstance(initial, Mixture):
        for weight, part in initial.parts:
            for own, whole in _group_start(model, part, context):
                yield convert(context, weight) * own, whole
        return
    mediators = initial.mediators or (None,) * len(model.mediators)
    whole: Start = [(context.mpf(1), np.ones(1, dtype=int))]
    values = (*initial.cells, *mediators, *initial.chargers)
    for group, value in zip(model.groups, values, strict=True):
        if isinstance(initial, GroupDicke) or value is None:
            one = _dicke_start(context, (2,) * group.spins, value or 0)
        elif isinstance(initial, GroupProduct):
            one = _product_start(context, (value,) * group.spins)
        else:
            assert isinstance(initial, GroupThermal)
            omega = parameters(model, context).omega_0
            if group.frequency is not None:
                omega = convert(context, group.frequency)
            one = _thermal_spins(context, (2,) * group.spins, None, value, omega, 0)
        whole = [(w * v, np.kron(a, b)) for w, a in whole for v, b in one]
    yield context.mpf(1), whole


def start(
    model: Model, initial: Any, context: Any = mpmath.fp, digits: int = 18, climb: int = CLIMB
) -> tuple[Start, int]:
    """ρ(0) as weighted vectors of the whole system, and the photon cutoff they are written in."""
    if isinstance(model, GroupedSpins):
        up = tuple(group.spins for group in model.chargers)
        initial = GroupDicke((0,) * len(model.cells), up) if initial is None else initial
        parts = _group_start(model, initial, context)
        return [(weight * w, v) for weight, some in parts for w, v in some], 0
    if initial is None:
        # Eq. (4), or as many photons as cells.
        battery, charger = (max(levels(side)) for side in sides(model))
        if isinstance(model, ClassicalDrive):
            initial = Dicke(0)
        elif isinstance(model, SpinCharger):
            initial = Dicke(0, charger)
        else:
            initial = Fock(photons=together(model) * battery)
    every = list(_sides(model, initial, context, digits))
    cutoff = 0
    if isinstance(model, CavityCharger):
        # At γ = 0 every photon beyond the start comes from a cell: the ladder ends by itself.
        numbers = (number for _, _, charger in every for _, number in charger)
        most = max(n if isinstance(n, int | np.integer) else len(n) - 1 for n in numbers)
        own = together(model) * max(levels(sides(model)[0]))
        cutoff = most + own + (climb if model.anisotropy else 0)
    whole: Start = []
    for weight, cells, charger in every:
        for (w_b, battery), (w_c, other) in itertools.product(cells, charger):
            if isinstance(other, int | np.integer):
                other = np.eye(cutoff + 1, dtype=int)[other]
            elif isinstance(model, CavityCharger):
                other = np.pad(other, (0, cutoff + 1 - len(other)))
            whole.append((weight * w_b * w_c, np.kron(battery, other)))
    return whole, cutoff


def density_matrix(model: Model, initial: InitialState | None = None) -> np.ndarray:
    """ρ(0) written out."""
    vectors = start(model, initial)[0]
    return sum(weight * np.outer(vector, vector.conj()) for weight, vector in vectors)


# ---------------------------------------------------------------------------------------------
# Eq. (7)


@lru_cache(maxsize=4)
def _spectrum(model: Model, cutoff: int) -> tuple[np.ndarray, np.ndarray]:
    matrix = hamiltonian(model, cutoff)
    assert not matrix.imag.any(), REAL
    return np.linalg.eigh(matrix.real)


def number_of_cells(model: Model) -> int:
    """M, of all groups together; of larger spins 2sM."""
    return sum(d - 1 for d in sides(model)[0])


def _cells_up(model: Model) -> np.ndarray:
    """Σ (1 + σz)/2 of the cells in each of their 2^M product states."""
    return levels(sides(model)[0])


def _stored(model: Model, context: Any = mpmath.fp) -> np.ndarray:
    """H_B of each of these states, above all cells down."""
    omega = parameters(model, context).omega_0
    if not isinstance(model, GroupedSpins):
        return omega * _cells_up(model)
    cells, energies = number_of_cells(model), 0
    for group, mine in zip(model.cells, _sites(model), strict=False):
        own = omega if group.frequency is None else convert(context, group.frequency)
        z = np.rint(total(Z, mine, cells).diagonal().real).astype(int)
        energies = energies + own * ((len(mine) + z) // 2)
    return energies


def _probabilities(model: Model, initial: Any, times: np.ndarray, climb: int) -> np.ndarray:
    """Those of the 2^M product states of the cells, at each time and (first) at the start."""
    vectors, cutoff = start(model, initial, climb=climb)
    energies, modes = _spectrum(model, cutoff)
    # ρ(0) = A A†, one column of A for each vector.
    columns = np.array([math.sqrt(weight) * vector for weight, vector in vectors]).T
    in_modes = modes.T @ columns
    squares = [columns.real**2 + columns.imag**2]
    for t in times:
        if np.iscomplexobj(columns):
            moved = modes @ (np.exp(-1j * energies * t)[:, None] * in_modes)
            squares.append(moved.real**2 + moved.imag**2)
            continue
        # exp(−iHt)A in two real products, which is half the work of a complex one.
        real = modes @ (np.cos(energies * t)[:, None] * in_modes)
        squares.append(real**2 + (modes @ (np.sin(energies * t)[:, None] * in_modes)) ** 2)
    size = math.prod(sides(model)[0])
    return np.array([s.sum(axis=1).reshape(size, -1).sum(axis=1) for s in squares])


def energy(model: Model, initial: Any, times: Any, climb: int = CLIMB) -> np.ndarray:
    """E(t) = Tr[ρ(t) H_B] − Tr[ρ(0) H_B]."""
    instants = np.asarray(times, dtype=float)
    stored = _probabilities(model, initial, instants.ravel(), climb) @ _stored(model)
    return (stored[1:] - stored[0]).reshape(instants.shape)


def moments(model: Model, initial: Any, times: Any, order: int, climb: int = CLIMB) -> np.ndarray:
    """⟨H_B^order⟩ above all cells down, at some times."""
    return _probabilities(model, initial, np.asarray(times), climb)[1:] @ _stored(model) ** order


def populations(model: Model, initial: Any, times: Any, climb: int = CLIMB) -> np.ndarray:
    """The probabilities of 0 … M cells up at some times, shape (T, M + 1)."""
    found, up = _probabilities(model, initial, np.asarray(times), climb)[1:], _cells_up(model)
    return np.array([np.bincount(up, weights=row) for row in found])


def _exact(matrix: np.ndarray) -> dict[tuple[int, int], int]:
    """Recover the signed squares of a term's entries: integers, however √n was rounded."""
    assert not matrix.imag.any(), REAL
    squares = np.sign(matrix.real) * matrix.real**2
    whole = np.rint(squares)
    assert np.allclose(squares, whole, rtol=0, atol=1e-9)
    return {(int(i), int(j)): int(whole[i, j]) for i, j in zip(*np.nonzero(whole), strict=True)}


def precise_hamiltonian(model: Model, cutoff: int = 0) -> np.ndarray:
    """H at mpmath's working precision, as an array of objects."""
    total: Any = 0
    for coefficient, matrix in terms(model, mpmath.mp, cutoff):
        entries = np.zeros(matrix.shape, dtype=object)
        for where, square in _exact(matrix).items():
            entries[where] = coefficient * mpmath.sign(square) * mpmath.sqrt(abs(square))
        total = total + entries
    return total


def precise_energy(
    model: Model, initial: Any, time: Any, digits: int = 50, climb: int = CLIMB
) -> mpmath.mpf:
    """E(t) to ``digits`` digits: the Taylor series of exp(−iHt) on every vector of ρ(0).

    The series is summed in integers of unit 2^(−bits): mpmath's own matrices are too slow. Its
    terms grow to e^‖Ht‖ before they shrink, but in a fixed unit that cancels without loss: an
    error made at order k reaches the sum as k!·φₖ(−iHt), which is at most 1 in norm.
    """
    bits = int(math.log2(10) * digits) + 96
    with mpmath.workprec(bits + 64):
        vectors, cutoff = start(model, initial, mpmath.mp, digits + 5, climb)
        scale = convert(mpmath.mp, time) * mpmath.mpf(2) ** bits
        entries = precise_hamiltonian(model, cutoff)
        # Row by row only what is not zero, padded to the fullest row.
        width = int((entries != 0).sum(axis=1).max())
        column = np.argsort(entries == 0, axis=1, kind="stable")[:, :width]
        rounded = np.frompyfunc(lambda entry: int(mpmath.nint(entry * scale)), 1, 1)
        value = rounded(np.take_along_axis(entries, column, axis=1))
        term = np.array([vector for _, vector in vectors], dtype=object).T * 2**bits
        # Σ (−i)^k (Ht)^k / k!: even orders make the cosine, odd ones the sine.
        parts = [term.copy(), np.zeros_like(term)]
        for order in itertools.count(1):
            products = sum(value[:, k, None] * term[column[:, k]] for k in range(width))
            term = (products >> bits) // order
            # A shift rounds down: what once was zero may stay at −1 for ever.
            if all(abs(x) <= 1 for x in term.flat):
                break
            sign = -1 if order % 4 in (2, 3) else 1
            parts[order % 2] = parts[order % 2] + sign * term
        probabilities = parts[0] ** 2 + parts[1] ** 2
        stored = _stored(model, mpmath.mp)
        stored = np.repeat(stored, len(probabilities) // len(stored))
        result = mpmath.mpf(0)
        for index, (weight, vector) in enumerate(vectors):
            after = sum(
                e * p for e, p in zip(stored, probabilities[:, index].tolist(), strict=True)
            )
            before = sum(e * int(v) ** 2 for e, v in zip(stored, vector, strict=True))
            result += weight * (after / mpmath.mpf(2) ** (2 * bits) - before)
    with mpmath.workdps(digits + 10):
        return +result
