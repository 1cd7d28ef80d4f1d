"""A short run of the installed wheel: derive, evaluate, verify, and both packages typed."""

import sys
from importlib.resources import files

import numerics
import symbattery

solution = symbattery.two_cells()
value = solution.function("energy", chargers=4)(1.0)
charged = numerics.charge(numerics.SpinCharger(2, 4)).energy(1.0)
assert abs(value - charged) < 1e-14, (value, charged)
assert solution.verify(digits=30, points=2).digits >= 28
for package in ("numerics", "symbattery"):
    assert files(package).joinpath("py.typed").is_file()
print(f"Python {sys.version.split()[0]}: {symbattery.__name__} works from its wheel")
