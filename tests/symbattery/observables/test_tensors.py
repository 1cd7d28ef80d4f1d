"""Emitted functions of torch's tensors on a CPU: batched, and differentiable by all arguments."""

import mpmath
import numpy as np
import pytest
import torch

from symbattery import InvalidArgument, SpinCharger, solve, thermal, two_cells
from symbattery.symbols import N, g_1, p_1
from tests.symbattery.observables.test_backends import CASES

TIMES = np.array([0.0, 1e-9, 1e-4, 0.3, 1.7, 4.0])
SOME = ("one cell", "two cells, crosstalk", "thermal", "sum, two cells", "5 cells",
        "nine cells, roots")  # fmt: skip


@pytest.fixture(params=SOME)
def case(request):
    build, parameters = CASES[request.param]
    return build(), parameters


@pytest.mark.parametrize("quantity", ["energy", "power"])
def test_values_and_gradients(case, quantity):
    solution, parameters = case
    f, plain, exact = (
        solution.function(quantity, b, **parameters) for b in ("torch", "numpy", "mpmath")
    )
    times = torch.tensor(TIMES, requires_grad=True)
    values = f(times)
    assert values.dtype is torch.float64
    np.testing.assert_allclose(values.detach().numpy(), plain(TIMES), rtol=1e-14, atol=1e-30)
    values.sum().backward()
    with mpmath.workdps(50):
        slopes = [float(mpmath.diff(exact, mpmath.mpf(t))) for t in TIMES[1:].tolist()]
    scale = max(map(abs, slopes))
    np.testing.assert_allclose(times.grad[1:].numpy(), slopes, rtol=0, atol=1e-12 * scale)
    assert torch.isfinite(times.grad).all()


def test_batches_and_their_gradients(case):
    solution, parameters = case
    f = solution.function("energy", "torch", **parameters)
    times = torch.tensor(TIMES)
    assert torch.equal(torch.func.vmap(f)(times), f(times))
    each = torch.stack([torch.func.grad(f)(t) for t in times])
    torch.testing.assert_close(torch.func.vmap(torch.func.grad(f))(times), each)


def test_parameters_broadcast_and_are_differentiated_by():
    f, exact = (
        solve(SpinCharger(2, N, charger_crosstalk=g_1)).function("energy", b)
        for b in ("torch", "mpmath")
    )
    sizes = torch.tensor([[3.0], [4.0]])
    both = f(torch.tensor(TIMES), sizes, charger_crosstalk=0.25)
    assert both.shape == (2, 6)
    assert float(both[1, 3]) == pytest.approx(
        float(exact(0.3, 4, charger_crosstalk=0.25)), rel=1e-14
    )
    crosstalk = torch.tensor(0.25, dtype=torch.float64, requires_grad=True)
    f(0.3, 4, charger_crosstalk=crosstalk).backward()
    with mpmath.workdps(40):
        right = mpmath.diff(lambda value: exact(0.3, 4, charger_crosstalk=value), mpmath.mpf(0.25))
    assert float(crosstalk.grad) == pytest.approx(float(right), rel=1e-12)
    slope = torch.func.grad(lambda c: f(0.3, 4, coupling=c, charger_crosstalk=0.25))
    assert torch.isfinite(slope(torch.tensor(1.25)))


def test_bad_input():
    f = two_cells().function("energy", "torch")
    for wrong in (torch.tensor([True]), torch.tensor([1j]), torch.tensor([np.nan]), [np.inf]):
        with pytest.raises(InvalidArgument, match="`time` must be finite real numbers"):
            f(wrong, 4)
    for size in (0.5, torch.tensor(0.5), torch.tensor(-1.0, requires_grad=True)):
        with pytest.raises(InvalidArgument, match="`chargers` must be"):
            f(0.3, size)
    roots = solve(SpinCharger(3, N), form="roots").function("energy", "torch")
    with pytest.raises(InvalidArgument, match="numbers outside of torch's tracing"):
        roots(0.7, torch.tensor(5.0, requires_grad=True))
    hot = solve(SpinCharger(2, N), thermal(charger_population=p_1)).function("energy", "torch")
    with pytest.raises(InvalidArgument, match="`chargers` must be a number outside of torch's"):
        hot(0.7, chargers=torch.tensor(5.0, requires_grad=True), charger_population=0.25)
    time = torch.tensor([0.5, 0.7], requires_grad=True)
    with pytest.raises(InvalidArgument, match="be one number where others are traced"):
        hot(time, chargers=[3, 4], charger_population=0.25)
