"""The backends that are installed, each as a fixture."""

from importlib.util import find_spec

import pytest

# As wheels of its index torch is half a gigabyte, so that no extra of the tests has it: where it is
# not installed its tests are left out, not skipped.
TORCH = ["torch"] if find_spec("torch") else []
collect_ignore = [] if TORCH else ["test_tensors.py"]


def usable(name):
    """The package of a backend, ready; the test is skipped without it."""
    if name not in ("jax", "numexpr"):
        return None
    package = pytest.importorskip(name, reason=f"the extra {name} is not installed")
    if name == "jax":
        package.config.update("jax_enable_x64", True)
    return package


@pytest.fixture(params=["numpy", "math", "numexpr", "jax", *TORCH])
def backend(request):
    usable(request.param)
    return request.param


@pytest.fixture
def jax():
    return usable("jax")
