"""The emitted JavaScript in node: against evolutions at 50 digits, and against numerics."""

import itertools
import json
import math
import random
import shutil
import subprocess
from functools import cache
from importlib.resources import files

import mpmath
import pytest

import numerics
from numerics import CavityCharger, SpinCharger, dicke, fock
from symbattery import solve
from symbattery.app.explorer.cases import batteries, units
from symbattery.app.explorer.page import script
from symbattery.output.code.documentation import samples
from symbattery.output.code.program import program
from tests.systems import figures_of_merit, taylor

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="no node")

DIGITS = 50
TOLERANCE = 1e-11
BATTERIES = {battery.key: battery for battery in batteries()}
CASES = tuple(case for battery in BATTERIES.values() for case in battery.cases)
ASKED = {
    "ergotropy": ("ergotropy", {}),
    "local": ("ergotropy", {"sense": "local"}),
    "symmetric": ("ergotropy", {"sense": "symmetric"}),
    "variance": ("energy_variance", {}),
    "entropy": ("entropy", {}),
    "purity": ("purity", {}),
    "negativity": ("negativity", {}),
}
_CHOOSE = """
const chosen = (keys, p) =>
    CASES.find(c => keys.includes(c.key) && c.noise === (p.noise || "") && c.holds(p));
"""


@cache
def emitted():
    folder = files("symbattery.app.explorer") / "templates"
    return script(CASES) + (folder / "search.js").read_text(encoding="utf-8") + _CHOOSE


def node(code, tmp_path):
    """What a program prints as JSON, after the emitted functions and the search for peaks."""
    path = tmp_path / "program.js"
    path.write_text(f"{emitted()}\nconsole.log(JSON.stringify((() => {{{code}}})()));\n")
    made = subprocess.run(["node", path], capture_output=True, text=True, check=True, timeout=120)
    return json.loads(made.stdout)


def parameters(chargers, excited, crosstalk, photons=1):
    return {
        "chargers": chargers, "excited_chargers": excited, "photons": photons,
        "charger_crosstalk": crosstalk, "m": excited, "h": chargers - excited,
    }  # fmt: skip


def starts(source):
    """Batteries and parameters, small and very large."""
    found = []
    for battery in BATTERIES.values():
        # Where powers of N and m would cancel to nothing.
        found += [(battery.key, parameters(N, m, 0)) for N, m in ((240662, 240660), (10**6, 4))]
        for _ in range(24):
            size = int(10 ** source.uniform(0, source.choice([1, 2, 6])))
            near = source.randint(0, 5)
            up = source.choice([size, source.randint(1, size), min(near, size), size - near])
            # A number that is the same as text, for the exact engines.
            crosstalk = source.choice([0, float(f"{10 ** source.uniform(-3, 2):.3g}")])
            crosstalk = crosstalk if battery.crosstalk else 0
            found.append((battery.key, parameters(size, max(0, up), crosstalk, size)))
    return found


def described(key, given):
    battery = BATTERIES[key]
    if battery.cavity:
        return CavityCharger(battery.cells), fock(given["photons"])
    crosstalk = str(given["charger_crosstalk"])
    model = SpinCharger(battery.cells, given["chargers"], charger_crosstalk=crosstalk)
    return model, dicke(0, given["excited_chargers"])


def rate(key, given):
    """Of the size of the fastest hop."""
    if BATTERIES[key].cavity:
        return max(1, given["photons"]) ** 0.5
    return max(1, given["m"] * (given["h"] + 1)) ** 0.5


def test_energies_are_those_of_an_evolution_at_50_digits(tmp_path):
    source = random.Random(7)
    points = [(key, p, source.uniform(0, 6) / rate(key, p)) for key, p in starts(source)]
    keys = {key: [case.key for case in battery.cases] for key, battery in BATTERIES.items()}
    code = f"""const keys = {json.dumps(keys)}, points = {json.dumps(points)};
        return points.map(([key, p, t]) => chosen(keys[key], p).curve(p).at(t).energy);
    """
    found = node(code, tmp_path)
    for (key, given, time), value in zip(points, found, strict=True):
        model, start = described(key, given)
        with mpmath.workdps(DIGITS):
            expected = taylor.energy(model, mpmath.mpf(time), start, digits=DIGITS)
        assert abs(value - float(expected)) < TOLERANCE, (key, given, time)


def test_no_digit_is_shown_that_is_not_right(tmp_path):
    """At any time; and at most three that are right are kept back, where most rates are simple."""
    source = random.Random(11)
    late = [("spins-2", parameters(10, 10, 0), 1e15), ("spins-2", parameters(10, 10, 0), 1e9)]
    small = [point for point in starts(source) if max(point[1].values()) < 1000]
    points = [
        (key, p, 10 ** source.uniform(-9, 16) / rate(key, p)) for key, p in source.sample(small, 30)
    ] + late
    keys = {key: [case.key for case in battery.cases] for key, battery in BATTERIES.items()}
    code = f"""const keys = {json.dumps(keys)}, points = {json.dumps(points)};
        return points.map(([key, p, t]) => {{
            const curve = chosen(keys[key], p).curve(p), value = curve.at(t).energy;
            return [value, rightDigits(curve, t, value)];
        }});
    """
    for (key, given, time), (value, digits) in zip(points, node(code, tmp_path), strict=True):
        # An evolution over so many periods takes too long.
        energy = solve(*described(key, given)).function("energy", "mpmath")
        with mpmath.workdps(DIGITS):
            expected = energy(mpmath.mpf(time))
        unit = abs(value) * 10.0 ** (1 - digits)
        assert digits == 0 or abs(value - float(expected)) <= unit, (key, given, time)
        phase = rate(key, given) * time
        if given["charger_crosstalk"] == 0 and abs(value) > 0.1 and phase < 1e9:
            assert digits >= min(12, 11 - math.log10(max(1, phase))), (key, given, time)


@pytest.fixture(scope="module")
def around(tmp_path_factory):
    """Five points close together about some values at 50 digits, by case."""
    checks = {}
    for case in CASES:
        fixed = units(case.computed)
        single = program(case.computed, "energy", fixed)
        made = samples(case.computed, single, fixed)
        pairs = zip(made.points, made.values, strict=True)
        rows = [[float(x) for x in (*point, *value)] for point, value in pairs]
        checks[case.key] = ["t", *single.arguments], made.tolerance, rows
    code = (
        f"const checks = {json.dumps(checks)};"
        + """
        return Object.fromEntries(CASES.map(made => [made.key, checks[made.key][2].map(row => {
            const [names, tolerance] = checks[made.key];
            const p = Object.fromEntries(names.map((name, i) => [name, row[i]]));
            const curve = made.curve(p), most = bounds(curve);
            const h = isConstant(curve) ? 1e-3 : 1e-3 * most.curvature / most.third;
            const around = [-2, -1, 0, 1, 2].map(i => curve.at(p.t + i * h));
            return {row, h, around, most, ceiling: curve.ceiling, tolerance};
        })]));
    """
    )
    return node(code, tmp_path_factory.mktemp("node"))


@pytest.mark.parametrize("key", [case.key for case in CASES])
def test_slope_and_curvature_are_derivatives_and_bounded(key, around):
    assert len(around[key]) >= 4
    for made in around[key]:
        points, h, most = made["around"], made["h"], made["most"]
        here = points[2]
        assert abs(here["energy"] - made["row"][-1]) <= made["tolerance"]
        assert here["energy"] <= made["ceiling"] + 1e-12
        assert abs(here["curvature"]) <= most["curvature"] * (1 + 1e-12)
        for name, slope in (("energy", "slope"), ("slope", "curvature")):
            before2, before, _, after, after2 = (each[name] for each in points)
            difference = (before2 - 8 * before + 8 * after - after2) / (12 * h)
            size = most["curvature"] ** 2 / most["third"] if most["third"] else 1
            size = size if slope == "slope" else most["curvature"]
            assert abs(difference - here[slope]) <= 1e-8 * size
        max_third_derivative = (points[3]["curvature"] - points[1]["curvature"]) / (2 * h)
        assert abs(max_third_derivative) <= most["third"] * (1 + 1e-3)


def test_every_start_has_exactly_the_form_that_holds(tmp_path):
    """Whatever the sliders say there is a form, and every form that claims to hold agrees."""
    grid = [
        parameters(N, m, crosstalk, m)
        for N, crosstalk in itertools.product((1, 2, 3, 4, 5, 9), (0, 0.3))
        for m in range(N + 1)
    ]
    for battery in BATTERIES.values():
        keys = [case.key for case in battery.cases]
        usable = [p for p in grid if battery.crosstalk or p["charger_crosstalk"] == 0]
        code = f"""
            return {json.dumps(usable)}.map(p => CASES
                .filter(c => {json.dumps(keys)}.includes(c.key) && c.noise === "" && c.holds(p))
                .filter(c => p.charger_crosstalk === 0 || c.key.includes("crosstalk"))
                .map(c => c.curve(p).at(0.37).energy));
        """
        for given, energies in zip(usable, node(code, tmp_path), strict=True):
            assert energies, (battery.key, given)
            assert max(energies) - min(energies) < 1e-12, (battery.key, given)


PEAKS = [
    ("spins-1", parameters(7, 3, 0.4), 20), ("spins-2", parameters(6, 5, 0), 20),
    ("spins-2", parameters(2, 2, 30.0), 400), ("spins-2", parameters(30, 30, 1.5), 100),
    ("spins-2", parameters(400, 200, 0.01), 40), ("spins-3", parameters(3, 3, 0), 60),
    ("spins-3", parameters(5, 4, 0), 60), ("spins-4", parameters(4, 4, 0), 60),
    ("spins-4", parameters(300, 299, 0), 60), ("cavity-3", parameters(1, 1, 0, 3), 60),
    ("cavity-4", parameters(1, 1, 0, 5), 60),
]  # fmt: skip


@pytest.mark.parametrize(("key", "given", "peaks"), PEAKS, ids=str)
def test_no_peak_is_missed(key, given, peaks, tmp_path):
    charging = numerics.charge(*described(key, given))
    first, power = charging.first_peak(), charging.max_power()
    end = peaks * first.time
    highest = charging.maximum(until=end)
    keys = [case.key for case in BATTERIES[key].cases]
    code = f"""const p = {json.dumps(given)}, curve = chosen({json.dumps(keys)}, p).curve(p);
        return [firstPeak(curve), highestPower(curve), largestUntil(curve, {end!r})];
    """
    found = node(code, tmp_path)
    for made, expected in zip(found, (first, power, highest), strict=True):
        assert made["value"] == pytest.approx(expected.value, rel=1e-11, abs=1e-11)
        assert made["time"] == pytest.approx(expected.time, rel=1e-9)


@pytest.mark.parametrize(("key", "chargers", "excited", "crosstalk"), [
    ("spins-1", 4, 3, 0), ("spins-2", 5, 5, 0.4), ("spins-2", 4, 3, 0), ("spins-3", 3, 3, 0),
    ("spins-4", 2, 2, 0), ("spins-4", 3, 3, 0),
])  # fmt: skip
def test_quantities_are_those_of_all_spins(key, chargers, excited, crosstalk, tmp_path):
    times = [0.0, 0.17, 0.6, 1.3]
    found = told(key, parameters(chargers, excited, crosstalk), times, tmp_path)
    model = SpinCharger(BATTERIES[key].cells, chargers, 1, 1, charger_crosstalk=crosstalk)
    for name, (quantity, options) in ASKED.items():
        wanted = figures_of_merit.quantity(quantity, model, dicke(0, excited), times, **options)
        assert [at[name] for at in found] == pytest.approx(list(wanted), abs=1e-11), name


def told(key, given, times, tmp_path):
    """Energies and quantities at some times."""
    keys = [case.key for case in BATTERIES[key].cases]
    code = f"""
        const p = {json.dumps(given)}, made = chosen({json.dumps(keys)}, p), curve = made.curve(p);
        const every = Object.entries(made.state);
        return {json.dumps(times)}.map(t => {{
            const {{energy, populations}} = curve.at(t);
            const own = every.map(([name, formula]) => [name, formula && formula(populations)]);
            return Object.fromEntries([["energy", energy], ...own]);
        }});
    """
    return node(code, tmp_path)


def noisy(key, chargers, excited, **rates):
    kind = "loss" if "Gamma" in rates else "dephasing"
    return key, parameters(chargers, excited, 0, excited) | rates | {"noise": kind}


NOISY = [
    noisy("spins-1", 4, 1, Gamma=0.3, kappa=0.9), noisy("spins-1", 1, 1, Gamma=10, kappa=0),
    noisy("spins-2", 7, 1, Gamma=0, kappa=2), noisy("spins-3", 5, 1, Gamma=0.2, kappa=0.7),
    noisy("spins-4", 1, 1, Gamma=0.05, kappa=0.01), noisy("spins-4", 3, 1, Gamma=0, kappa=0),
    noisy("spins-2", 2, 2, Gamma=0.4), noisy("spins-2", 2, 2, Gamma=10),
    noisy("spins-2", 2, 2, Gamma=0.001), noisy("spins-1", 3, 2, Gamma_phi=0.8),
    noisy("spins-1", 5, 4, Gamma_phi=0), noisy("spins-1", 1, 1, Gamma_phi=0.7, kappa_phi=1.3),
    noisy("spins-1", 1, 1, Gamma_phi=10, kappa_phi=0), noisy("cavity-1", 1, 5, Gamma_phi=2),
    noisy("cavity-1", 1, 1, Gamma=1, kappa=0.2), noisy("cavity-3", 1, 1, Gamma=0.1, kappa=4),
]  # fmt: skip


def charged(key, given):
    """The numerical engine with the same noise."""
    side = "cavity" if BATTERIES[key].cavity else "chargers"
    kind = {"loss": numerics.loss, "dephasing": numerics.dephasing}[given["noise"]]
    names = ("Gamma", "kappa") if given["noise"] == "loss" else ("Gamma_phi", "kappa_phi")
    own, other = (given.get(name) for name in names)
    if given["noise"] == "loss":
        other = own if other is None else other
    every = [kind("cells", own), *([kind(side, other)] if other else [])]
    return numerics.charge(*described(key, given), noise=every)


@pytest.mark.parametrize(("key", "given"), NOISY, ids=str)
def test_open_batteries_are_those_of_the_numerical_engine(key, given, tmp_path):
    times = [0.0, 0.02, 0.31, 0.9, 2.5, 7.0]
    charging = charged(key, given)
    found = told(key, given, times, tmp_path)
    refused = {"negativity", *(["symmetric"] if given["excited_chargers"] == 2 else [])}
    assert found[0].keys() == {"energy", *ASKED}
    for name, (quantity, options) in {"energy": ("energy", {}), **ASKED}.items():
        if name in refused and found[0][name] is None:
            continue
        wanted = getattr(charging, quantity)(times, **options)
        assert [at[name] for at in found] == pytest.approx(list(wanted), abs=2e-9), name


@pytest.mark.parametrize(("key", "given"), NOISY, ids=str)
def test_peaks_of_open_batteries_are_those_of_the_numerical_engine(key, given, tmp_path):
    charging = charged(key, given)
    keys = [case.key for case in BATTERIES[key].cases]
    code = f"""const p = {json.dumps(given)}, curve = chosen({json.dumps(keys)}, p).curve(p);
        const said = f => {{ try {{ return f(curve); }} catch (told) {{ return told.message; }} }};
        return [said(firstPeak), highestPower(curve), largestUntil(curve, 9)];
    """
    first, power, highest = node(code, tmp_path)
    wanted = charging.max_power()
    assert power["value"] == pytest.approx(wanted.value, rel=1e-8)
    assert power["time"] == pytest.approx(wanted.time, rel=1e-4)
    top = charging.maximum(until=9)
    assert highest["value"] == pytest.approx(top.value, abs=1e-8)
    if first == "E(t) comes to rest without a peak":
        assert given["noise"] == "dephasing"
        assert top.time == pytest.approx(9)
    else:
        assert first["value"] == pytest.approx(charging.first_peak().value, rel=1e-8)


def test_no_digit_of_an_open_battery_is_shown_that_is_not_right(tmp_path):
    points = [(key, p, time) for key, p in NOISY for time in (0.02, 1.7, 30.0)]
    keys = {key: [case.key for case in battery.cases] for key, battery in BATTERIES.items()}
    code = f"""const keys = {json.dumps(keys)}, points = {json.dumps(points)};
        return points.map(([key, p, t]) => {{
            const made = chosen(keys[key], p), curve = made.curve(p), value = curve.at(t).energy;
            return [made.key, value, rightDigits(curve, t, value)];
        }});
    """
    cases = {case.key: case for case in CASES}
    for (_, given, time), (key, value, digits) in zip(points, node(code, tmp_path), strict=True):
        energy = cases[key].computed.function("energy", "mpmath")
        own = {name: given.get(name, 1) for name in energy.arguments}
        with mpmath.workdps(DIGITS):
            expected = energy(mpmath.mpf(time), **own)
        assert abs(value - float(expected)) <= abs(value) * 10.0 ** (1 - digits), (key, given, time)
        assert digits >= 10 or time > 1, (key, given, time)
