"""The house: what may load what, where tests stand, and how things are named."""

import ast
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from tests.places import PLACES

ROOT = Path(__file__).parents[1]
PACKAGES = ("numerics", "symbattery")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text("utf-8")) for name, path in SOURCES.items()}
everywhere = pytest.mark.parametrize("module", SOURCES)


CHARGE = "import numerics; numerics.charge(numerics.SpinCharger(2, 3))"
# What waits until something is computed.
LATE = "scipy.linalg scipy.sparse scipy.special numpy.testing numpy.f2py"
NOT_LOADED = {
    "import numerics": f"sympy symbattery matplotlib tqdm flint mpmath {LATE}",
    "import symbattery; symbattery.__version__": "sympy scipy numerics",
    "from symbattery import two_cells": LATE,
    f"{CHARGE}.first_peak()": "sympy symbattery mpmath matplotlib",
    f"{CHARGE}.max_power()": "sympy symbattery mpmath matplotlib",
    "import numerics; numerics.certified.energy(numerics.SpinCharger(2, 3), 1)": "sympy",
    "import symbattery; symbattery.two_cells().energy": "matplotlib",
    "import symbattery.app.cli": "matplotlib latex2mathml",
}


@pytest.mark.parametrize("statement", NOT_LOADED)
def test_a_fresh_interpreter_is_light(statement):
    code = f"import sys; {statement}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(run.stdout.split())
    assert not set(NOT_LOADED[statement].split()) & modules
    assert modules & {*PACKAGES}


@pytest.mark.parametrize("package", PACKAGES)
def test_public_names_exist(package):
    module = import_module(package)
    for name in module.__all__:
        assert getattr(module, name) is not None
        assert name in dir(module)
    assert module.__version__ == VERSION
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = module.no_such_thing


@pytest.mark.parametrize("other", ["numerics.py", "numerics/__init__.py"])
@pytest.mark.parametrize("script", ["script.py", "numerics.py"])
def test_a_file_of_the_users_own_that_is_in_the_way_is_named(other, script, tmp_path):
    """It is named, and not run."""
    place = tmp_path / other
    place.parent.mkdir(exist_ok=True)
    place.write_text("raise SystemExit('it was run')")
    (tmp_path / script).write_text("import symbattery")
    command = [sys.executable, str(tmp_path / script)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 1
    last = run.stderr.splitlines()[-1]
    assert last.startswith("ImportError: `symbattery` must find its own package `numerics`")
    assert str(place if "/" in other else tmp_path / "numerics.py") in last
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "symbattery", "derive", "single-cell"]
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment)
    assert run.returncode == 1
    assert run.stderr == f"{last.removeprefix('ImportError: ')}\n"


def test_a_folder_of_that_name_is_not_in_the_way(tmp_path):
    (tmp_path / "numerics").mkdir()
    code = "import symbattery; print(symbattery.dicke(0, 1))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert "excited_chargers=1" in run.stdout


# Extras that may be missing, or take long to load: imported where they are used.
OPTIONAL = {"jax", "numexpr", "pandas", "xarray", "matplotlib", "tqdm", "latex2mathml", "jinja2"}


def _imported(node):
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").partition(".")[0]}
    return {alias.name.partition(".")[0] for alias in node.names}


@everywhere
def test_imports_stand_at_the_top(module):
    inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    for block in ast.walk(TREES[module]):
        guarded = isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
        if guarded or isinstance(block, inner):
            for node in ast.walk(block):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    assert _imported(node) <= OPTIONAL, f"line {node.lineno}: {ast.unparse(node)}"


def test_every_module_has_its_test():
    """A test of its name where its module stands, or the place that `tests.places` tells."""
    lost = []
    for module in SOURCES:
        package, *folders, name = module.split(".")
        tests = ROOT / "tests" / package
        folder = ".".join([package, *folders])
        place = PLACES.get(module) or PLACES.get(folder) or "nowhere"
        own = tests.joinpath(*folders, f"test_{name}.py").exists()
        if not name.startswith("__") and not own and not list(tests.rglob(place)):
            lost.append(module)
    assert lost == []
    rooms = {module.rpartition(".")[0] for module in SOURCES}
    assert PLACES.keys() - SOURCES.keys() - rooms == set()


QUESTIONS = {"What", "Whether", "How", "Where", "Which", "When", "Why", "Who"}


@everywhere
def test_docstrings_open_with_a_noun(module):
    described = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(TREES[module]):
        if isinstance(node, described) and (text := ast.get_docstring(node)):
            name = getattr(node, "name", module)
            assert text.split()[0].strip(",") not in QUESTIONS, f"{name}: {text.splitlines()[0]}"


# Private words in place of the field's own.
WORDS = (
    "beat|swing|spread|family|families|torus|tilted|crest|bend|jerk|traffic|grain|kept|stamp|piece"
    "|sheet|plate|looks|told|found"
)
BANNED = re.compile(f"(?:{WORDS})s?")


# Those that no local variable has either.
LOCALS = re.compile("(?:beat|swing|spread|torus|tilted|crest|bend|jerk|traffic|grain|piece)s?")


def _defined(tree):
    """Every name that others can meet: functions, classes, arguments, fields, constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        if isinstance(node, ast.Module | ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.Assign | ast.AnnAssign):
                    places = getattr(statement, "targets", [getattr(statement, "target", None)])
                    yield from (name.id for name in places if isinstance(name, ast.Name))


def _words(name):
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)


def _named(names, words):
    return {n for n in names if any(words.fullmatch(word.lower()) for word in _words(n))}


@everywhere
def test_names_are_the_words_of_the_field(module):
    assert _named({*module.split("."), *_defined(TREES[module])}, BANNED) == set()
    used = {node.id for node in ast.walk(TREES[module]) if isinstance(node, ast.Name)}
    assert _named(used, LOCALS) == set()


def test_the_rules_can_be_broken():
    assert _words("_one_TwoThree") == ["one", "Two", "Three"]
    tree = ast.parse("A: int = 1\ndef f(spread):\n    x.kept = 1")
    assert set(_defined(tree)) == {"A", "f", "spread", "kept"}
    assert BANNED.fullmatch("sheets")
    assert not BANNED.fullmatch("piecewise")
    packages = {m.name for p in PACKAGES for m in pkgutil.iter_modules([str(ROOT / p)])}
    assert {"charging", "api"} <= packages
