r"""Open batteries against QuTiP: a product of two permutation-symmetric Liouvillians of its own.

``python -m pytest tests/benchmarks/test_open_batteries.py --benchmark-enable -s`` prints ratios of
medians, each with the generator built anew. In an ordinary run one small case runs once.
"""

import numpy as np
import pytest

from numerics import SpinCharger, charge, dephasing, loss
from tests.benchmarks.measure import timed
from tests.benchmarks.test_figures_of_merit import shown

RATES = {"loss": 0.1, "dephasing": 0.05}


def ours(model, times):
    noise = [loss("cells", RATES["loss"]), dephasing("chargers", RATES["dephasing"])]
    return charge(model, noise=noise).energy(times)


def piqs(model, times):
    """As its users write it, with tolerances that just reach 1e-9."""
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    dicke = pytest.importorskip("qutip.piqs.piqs")
    size = model.cells
    own, other = dicke.Dicke(size), dicke.Dicke(size)
    own.emission, other.dephasing = RATES["loss"], RATES["dephasing"]
    raising = dicke.jspin(size, "+", basis="dicke")
    coupling = qutip.tensor(raising, raising.dag())
    one = qutip.qeye(raising.shape[0])
    generator = qutip.liouvillian(coupling + coupling.dag())
    for side, place in ((own, 0), (other, 1)):
        parts = [qutip.to_super(one)] * 2
        parts[place] = side.lindbladian()
        generator = generator + qutip.super_tensor(*parts)
    start = qutip.tensor(
        dicke.dicke(size, size / 2, -size / 2), dicke.dicke(size, size / 2, size / 2)
    )
    number = dicke.jspin(size, "z", basis="dicke") + size / 2 * one
    options = {"nsteps": 10**7, "progress_bar": "", "rtol": 1e-9, "atol": 1e-10}
    excited = qutip.tensor(number, one)
    return np.real(
        qutip.mesolve(generator, start, times, e_ops=[excited], options=options).expect[0]
    )


@pytest.mark.parametrize("cells", [5, 6])
def test_against_a_product_of_liouvillians(benchmark, cells):
    cells = 2 if benchmark.disabled else cells
    model = SpinCharger(cells, cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)
    error = np.abs(ours(model, times) - piqs(model, times)).max()
    assert error < 1e-6 * cells
    case = f"open, M = N = {cells}, 201 times, QuTiP's error {error / cells:.0e} M ω0"
    shown(benchmark, case, lambda: piqs(model, times), lambda: ours(model, times), 3, "ours")


@pytest.mark.parametrize("cells", [10, 20])
def test_larger(benchmark, cells):
    cells = 3 if benchmark.disabled else cells
    model = SpinCharger(cells, cells)
    times = np.linspace(0, 1.5 * charge(model).first_peak().time, 201)
    benchmark.pedantic(lambda: ours(model, times), rounds=1)
    if not benchmark.disabled:
        print(
            f"\nopen, M = N = {cells}, 201 times: {timed(lambda: ours(model, times), 3)[0]:.3g} s"
        )
