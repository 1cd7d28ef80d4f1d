"""The backends that are installed, each as a fixture."""

import pytest


def usable(name):
    """The package of a backend, ready; the test is skipped without it."""
    if name not in ("jax", "numexpr"):
        return None
    package = pytest.importorskip(name, reason=f"the extra {name} is not installed")
    if name == "jax":
        package.config.update("jax_enable_x64", True)
    return package


@pytest.fixture(params=["numpy", "math", "numexpr", "jax"])
def backend(request):
    usable(request.param)
    return request.param


@pytest.fixture
def jax():
    return usable("jax")
