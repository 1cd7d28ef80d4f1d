"""Every claim computed again, and against a judge of its own that shares no code with it.

The judges use Pauli matrices, ladder matrices found by walking, Runge–Kutta steps, mpmath and
numbers derived by hand. None imports ``symbattery``. What a verdict rests on is judged too: the
reading under which a claim holds, and, where it does not hold, every other reading, what holds
instead, and one calculation that gives what is printed. The second routes of the package itself
(``judges``: ``direct``, ``landscape``, ``pauli``) must agree with the first ones.
"""

import ast
from pathlib import Path

import numpy as np
import pytest
from sympy import MatrixBase, sympify

from numerics import CavityCharger, SpinCharger, dicke, product
from symbattery.paper import Verdict, claims
from symbattery.paper.claim import Zero
from symbattery.paper.ledger import record, stored
from tests.symbattery.paper import judges
from tests.symbattery.paper.judges import histories
from tests.symbattery.paper.judges.register import JUDGES, NOTHING, POINT, XI, value
from tests.symbattery.paper.records import close
from tests.systems import oracle

HERE = Path(__file__).parent
NAMES = [claim.identifier for claim in claims()]
KEPT = {one["identifier"]: one for one in stored(HERE.parents[2])}


def part_of(outcome, part):
    """The result that belongs to the name of a part."""
    kind, _, index = part.partition(" ")
    many = {"reading": outcome.readings, "source": outcome.sources, "compared": outcome.compared}
    single = {"plain": outcome.result, "instead": outcome.instead}
    return many[kind][int(index)] if index else single[kind]


def at_point(result):
    """A result as complex numbers, with the numbers of the point for its symbols."""
    entries = list(result) if isinstance(result, MatrixBase) else [sympify(result)]
    values = {**POINT, "xi": XI}
    return np.array([complex(e.subs({s: values[s.name] for s in e.free_symbols})) for e in entries])


@pytest.mark.parametrize(("name", "part"), JUDGES, ids=map(" ".join, JUDGES))
def test_judged(name, part, outcomes):
    outcome, (find, tolerance) = outcomes(name), JUDGES[name, part]
    assert not outcome.failure
    found, expected = at_point(part_of(outcome, part)), value(find)
    if found.size == expected.size:
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    else:
        # Of other sizes: two sides of an equation that are equal.
        assert np.abs(found).max() < NOTHING
        assert np.abs(expected).max() == 0
    printed = outcome.claim.printed
    if not part.startswith(("instead", "compared")) and not isinstance(printed, Zero):
        assert expected.size == 1
        assert printed.agrees(expected[0].real) == printed.agrees(part_of(outcome, part))


def needed(name):
    """The parts that the verdict rests on."""
    kept = KEPT[name]
    parts = {"plain"}
    if kept["verdict"] == Verdict.READING.value:
        # One that agrees, and one that does not: the plain one is either.
        other = not kept["plain"]["agrees"]
        parts.add(f"reading {[one['agrees'] for one in kept['readings']].index(other)}")
    if kept["verdict"] == Verdict.FAILS.value:
        parts |= {f"reading {i}" for i in range(len(kept["readings"]))} | {"instead"}
        origins = [i for i, one in enumerate(kept["sources"]) if one["agrees"]]
        parts |= {f"source {i}" for i in origins[:1]}
    return parts | {f"compared {i}" for i in range(len(kept.get("compared", ())))}


@pytest.mark.parametrize("name", NAMES)
def test_no_claim_is_without_a_judge(name):
    assert needed(name) <= {part for claim, part in JUDGES if claim == name}


def test_no_judge_is_without_a_claim():
    assert {name for name, _ in JUDGES} <= set(NAMES)


@pytest.mark.parametrize(
    "path", sorted(Path(judges.__path__[0]).glob("*.py")), ids=lambda p: p.stem
)
def test_judges_share_nothing_with_the_claims(path):
    """Neither symbattery nor an engine: only the descriptions of models and states."""
    modules = [
        name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        )
    ]  # fmt: skip
    shared = [m for m in modules if m.split(".")[0] in ("symbattery", "numerics", "sympy")]
    assert set(shared) <= {"numerics.model.models", "numerics.model.states"}


def test_judges_walk_as_brute_force_does():
    """E by ladder matrices, against Pauli matrices."""
    times = np.linspace(0, 4, 9)
    more = {"charger_crosstalk": 0.4, "cell_crosstalk": -0.2}
    for history, model, initial in (
        (histories.spins(2, 4, 0.3, 1.0, 0.4, -0.2), SpinCharger(2, 4, 1, 1, 0.3, **more), None),
        (histories.spins(3, 3, up=2, excited=1), SpinCharger(3, 3, 1), dicke(1, 2)),
        (histories.flipped(2, 4), SpinCharger(2, 4, 1), product([1, 0], [1] * 4)),
        (histories.cavity(2), CavityCharger(2, 1), None),
    ):
        brute = oracle.energy(model, initial, times)
        np.testing.assert_allclose(history.energy(times), brute, rtol=0, atol=1e-12)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.identifier)
def test_computed_again(claim, outcomes):
    found = outcomes(claim.identifier)
    assert not found.failure
    assert close(KEPT[claim.identifier], record(found))
    if claim.witness is not None:
        assert found.routes_agree
    if found.verdict is Verdict.FAILS:
        assert claim.witness is not None
        assert claim.instead is not None
