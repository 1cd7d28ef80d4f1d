"""Examples in docstrings run, and print what they say."""

import doctest
import pkgutil
from importlib import import_module

import pytest

PACKAGES = ("numerics", "symbattery")


def modules():
    for package in PACKAGES:
        yield package
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                yield found.name


EXAMPLES = [
    test
    for name in modules()
    for test in doctest.DocTestFinder(exclude_empty=True).find(import_module(name))
    if test.examples
]


@pytest.mark.parametrize("test", EXAMPLES, ids=lambda test: test.name)
def test_example(test):
    assert not any(example.options.get(doctest.SKIP) for example in test.examples)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    runner.run(test)
    assert runner.failures == 0


def test_examples_are_found():
    assert {"numerics", "numerics.certified"} <= {test.name for test in EXAMPLES}
