# ---
# jupyter:
#   jupytext:
#     text_representation:
#       format_name: percent
# ---

# %% [markdown]
# # Five to eight cells
#
# $M$ cells charged by $N$ spins at $\gamma=0$, all charger spins up, with a symbolic $N$. The chain
# of $M+1$ levels has zero diagonal, $\chi(x)=x^{(M+1)\bmod2}Q(x^2)$: the squared frequencies solve
# an equation of degree $\lceil M/2\rceil\le4$ up to eight cells, and radicals exist no further.

# %%
from sympy import I, acos, cos

from symbattery import SpinCharger, UnsolvedError, solve
from symbattery.symbols import N

# %% [markdown]
# ## Cubics and quartics with real roots
#
# All roots are real (*casus irreducibilis*), so that Cardano's radicals would be complex. They are
# written with the cosines of one angle instead; a quartic is solved by Euler's resolvent cubic.

# %%
solutions = {cells: solve(SpinCharger(cells, N)) for cells in range(5, 10)}
for cells, solution in solutions.items():
    named = {s: v for s, v in solution.definitions.items() if s.name[0] in "tl"}
    if cells < 9:
        print(f"M = {cells}:", named)

# %% [markdown]
# ## Each against an independent evolution

# %%
checks = {cells: solutions[cells].verify(digits=50, points=2) for cells in range(5, 9)}
for cells, check in checks.items():
    print(f"M = {cells}: {solutions[cells].form}, {check.digits} digits")
print("M = 9:", solutions[9].form)

# %% [markdown]
# ## What must hold

# %%
for cells in range(5, 9):
    definitions = solutions[cells].definitions
    assert solutions[cells].form == "radicals"
    assert sum(symbol.name.startswith("lambda") for symbol in definitions) == (cells + 1) // 2
    assert checks[cells].digits >= 45
    assert any(value.has(acos) for value in definitions.values())
    assert any(value.has(cos) for value in definitions.values())
    assert not any(value.has(I) for value in definitions.values())
assert solutions[9].form == "roots"
try:
    solve(SpinCharger(9, N), form="radicals")
except UnsolvedError as error:
    print(error)
else:
    raise AssertionError("radicals for nine cells and any N")
print("all assertions hold")
