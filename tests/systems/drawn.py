"""Models and states at random, for Hypothesis: in floats, or in rationals for exact engines."""

from fractions import Fraction

from hypothesis import strategies as st

from numerics import CavityCharger, SpinCharger, dicke, fock, mixture, product, thermal


def rationals(low: int, high: int) -> st.SearchStrategy[Fraction]:
    """Of any denominator: none is better than another."""
    return st.builds(
        lambda n, d: low + Fraction(n % (d * (high - low) + 1), d),
        st.integers(0, 10**9),
        st.integers(1, 97),
    )


def populations(numbers=st.floats):
    return st.sampled_from([0, 1]) | numbers(0, 1)


@st.composite
def spin_models(draw, numbers=st.floats, spins=(5, 6), most=11, isotropic=False):
    """Every field at random, or left out."""
    cells = draw(st.integers(1, spins[0]))
    couplings, frequencies = numbers(-2, 2), st.none() | numbers(1, 30).map(lambda x: x / 10)
    return SpinCharger(
        cells,
        draw(st.integers(1, min(spins[1], most - cells))),
        coupling=draw(st.none() | couplings),
        frequency=draw(frequencies),
        anisotropy=0 if isotropic else draw(st.just(0) | numbers(-2, 2)),
        charger_frequency=draw(frequencies),
        charger_crosstalk=draw(st.just(0) | couplings),
        cell_crosstalk=draw(st.just(0) | couplings),
        longitudinal=draw(st.just(0) | couplings),
        charger_longitudinal=draw(st.just(0) | couplings),
        cell_longitudinal=draw(st.just(0) | couplings),
    )


def products(model, numbers=st.floats):
    """Products of populations, one for each spin."""
    sides = (model.cells, model.chargers)
    lists = (st.lists(populations(numbers), min_size=n, max_size=n) for n in sides)
    return st.builds(product, *lists)


@st.composite
def _mixtures(draw, parts):
    """Mixtures of one to three parts, of any weights."""
    some = draw(st.lists(st.tuples(st.integers(1, 9), parts), min_size=1, max_size=3))
    total = sum(weight for weight, _ in some)
    return mixture([(Fraction(weight, total), state) for weight, state in some])


def spin_states(model, numbers=st.floats, nested=True):
    """Any state of this model; mixtures of all kinds, or of definite excitations."""
    betas, p = numbers(-5, 5), populations(numbers)
    pairs = st.builds(dict, cell_population=p, charger_inverse_temperature=betas) | st.builds(
        dict, charger_population=p, cell_inverse_temperature=betas
    )
    pure = st.builds(dicke, st.integers(0, model.cells), st.integers(0, model.chargers))
    kinds = st.one_of(pure, products(model, numbers), pairs.map(lambda fields: thermal(**fields)))
    return st.one_of(kinds, _mixtures(kinds if nested else pure))


@st.composite
def spin_problems(draw, numbers=st.floats, spins=(4, 4), most=8, nested=True):
    """A model and a state, or none."""
    model = draw(spin_models(numbers, spins, most))
    return model, draw(st.none() | spin_states(model, numbers, nested))


@st.composite
def cavity_problems(draw, numbers=st.floats, cells=3, photons=9):
    """A cavity at γ = 0, which conserves the number of excitations."""
    frequencies = numbers(1, 30).map(lambda x: x / 10)
    model = CavityCharger(
        draw(st.integers(1, cells)),
        coupling=draw(numbers(-2, 2)),
        frequency=draw(st.none() | frequencies),
        charger_frequency=draw(st.none() | frequencies),
        cell_crosstalk=draw(st.just(0) | numbers(-2, 2)),
    )
    pure = st.builds(
        lambda n, k: fock(n, excited_cells=k), st.integers(0, photons), st.integers(0, model.cells)
    )
    return model, draw(st.none() | pure | _mixtures(pure))
