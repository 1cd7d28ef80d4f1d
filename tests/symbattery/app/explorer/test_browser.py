"""The explorer in a browser: what it shows is what Python computes, and everyone can use it."""

import re
from urllib.parse import urlencode

import pytest

import numerics
from numerics import CavityCharger, SpinCharger, dephasing, dicke, fock, loss
from symbattery import solve
from symbattery.app.explorer import write_explorer
from symbattery.symbols import g, omega_0
from tests.site.built import SITE, is_new
from tests.symbattery.app.webdriver import browser, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"no {missing()}")

TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    # The site's page is the same, but for a link.
    page = SITE / "explore" / "explorer.html"
    with browser() as opened:
        folder = tmp_path_factory.mktemp("explorer")
        opened.page = (page if is_new(page) else write_explorer(folder)).as_uri()
        yield opened


@pytest.fixture(autouse=True)
def _fresh(session):
    session.screen(1200, 900)
    session.color_scheme("light")
    session.log()
    yield
    assert session.log() == []


def show(session, **state):
    """What the table of values says, in the words of the page."""
    session.open(f"{session.page}#{urlencode(state)}")
    return values(session)


def values(session):
    code = """
        return Object.fromEntries([...document.querySelectorAll("[data-value]")]
            .map(cell => [cell.dataset.value, cell.textContent]));
    """
    return session.run(code)


def spins(cells, chargers, excited, crosstalk="0", **more):
    return {
        "charger": "spins", "cells": cells, "chargers": chargers, "excited_chargers": excited,
        "charger_crosstalk": crosstalk, **more,
    }  # fmt: skip


def cavity(cells, photons, **more):
    return {"charger": "cavity", "cells": cells, "photons": photons, **more}


def problem(state, number):
    """Model and start, the crosstalk as a number of some type."""
    if state["charger"] == "cavity":
        return CavityCharger(state["cells"]), fock(state["photons"])
    crosstalk = number(state["charger_crosstalk"])
    model = SpinCharger(state["cells"], state["chargers"], charger_crosstalk=crosstalk)
    return model, dicke(0, state["excited_chargers"])


BATTERIES = [
    spins(1, 1, 1), spins(1, 10, 3), spins(1, 1000000, 1000000), spins(1, 9, 4, "0.25"),
    spins(1, 7, 7, "100"),
    spins(2, 1, 1), spins(2, 2, 2), spins(2, 10, 10), spins(2, 10, 6), spins(2, 4, 3),
    spins(2, 1000000, 999998), spins(2, 1000000, 1), spins(2, 10, 8, "0.5", span=8),
    spins(2, 2, 2, "3"), spins(2, 1, 1, "0.7"), spins(2, 6, 1, "0.2"), spins(2, 300, 300, "0.001"),
    spins(2, 12, 5, "20", span=100),
    spins(3, 3, 3), spins(3, 10, 10, span=30), spins(3, 5, 2), spins(3, 5, 1), spins(3, 2, 2),
    spins(3, 100, 70), spins(3, 1000000, 3), spins(3, 250000, 249998),
    spins(4, 4, 4, span=24), spins(4, 3, 3), spins(4, 50, 4), spins(4, 12, 2), spins(4, 12, 3),
    spins(4, 1000000, 1000000), spins(4, 240662, 240660),
    cavity(1, 1), cavity(1, 1000000), cavity(2, 1), cavity(2, 10), cavity(3, 2),
    cavity(3, 3, span=16), cavity(3, 40), cavity(4, 3), cavity(4, 4, span=16), cavity(4, 1000000),
]  # fmt: skip


@pytest.mark.parametrize("state", BATTERIES, ids=lambda s: "-".join(map(str, s.values())))
def test_the_values_are_those_of_the_numerical_engine(session, state):
    """The peaks searched there have nothing in common with the closed forms."""
    charging = numerics.charge(*problem(state, float))
    peak, power = charging.first_peak(), charging.max_power()
    time = float(f"{0.7 * peak.time:.4g}")
    shown = show(session, **state, time=time)

    def near(name, expected):
        return float(shown[name]) == pytest.approx(expected, rel=TOLERANCE)

    assert abs(float(shown["first-peak"]) - peak.value) < TOLERANCE
    assert near("first-peak-time", peak.time)
    assert near("power", power.value)
    assert near("power-time", power.time)
    assert abs(float(shown["energy-at"]) - float(charging.energy(time))) < TOLERANCE
    assert near("power-at", float(charging.power(time)))
    end = max(state.get("span", 4) * peak.time, 1.05 * power.time)
    highest = charging.maximum(until=end)
    assert abs(float(shown["window"]) - highest.value) < TOLERANCE
    assert abs(float(charging.energy(float(shown["window-time"]))) - highest.value) < TOLERANCE


@pytest.mark.parametrize(("state", "noise", "key"), [
    (spins(3, 10, 1, noise="loss", Gamma=0.5, kappa=1),
     [loss("cells", 0.5), loss("chargers", 1)], "spins-3-loss-1"),
    (spins(2, 2, 2, noise="loss", Gamma=0.3),
     [loss("cells", 0.3), loss("chargers", 0.3)], "spins-2-loss-2"),
    (cavity(1, 4, noise="dephasing", Gamma_phi=1.5),
     [dephasing("cells", 1.5)], "cavity-1-dephasing-n"),
])  # fmt: skip
def test_open_batteries_are_those_of_the_numerical_engine(session, state, noise, key):
    charging = numerics.charge(*problem({"charger_crosstalk": "0"} | state, float), noise=noise)
    shown = show(session, **state, time=0.4, quantity="entropy")
    assert session.run("return document.documentElement.dataset.ready") == key
    assert float(shown["first-peak"]) == pytest.approx(charging.first_peak().value, rel=1e-8)
    assert float(shown["energy-at"]) == pytest.approx(float(charging.energy(0.4)), abs=1e-9)
    assert float(shown["quantity-at"]) == pytest.approx(float(charging.entropy(0.4)), abs=1e-5)
    assert shown["supremum"] == "no closed form with noise"


def choose(session, name, value):
    code = """
        const chosen = document.getElementById(arguments[0]);
        chosen.value = arguments[1];
        chosen.dispatchEvent(new Event("change"));
    """
    session.run(code, name, value)


def test_noise_is_offered_where_it_has_a_form_and_else_off(session):
    note = "return document.getElementById('noise-note').textContent"
    sliders = """
        return ["Gamma", "kappa", "Gamma_phi", "kappa_phi"].filter(name =>
            !document.querySelector(`.slider[data-name=${name}]`).hidden);
    """
    show(session, **spins(2, 10, 10, "0.5"))
    assert session.run(sliders) == []
    choose(session, "noise", "loss")
    assert session.run("return document.documentElement.dataset.ready") == "spins-2-loss-1"
    assert session.run(sliders) == ["Gamma", "kappa"]
    assert session.run("return document.getElementById('charger_crosstalk').disabled")
    before = values(session)["first-peak"]
    session.press("#Gamma-slider", "right")
    assert float(values(session)["first-peak"]) < float(before)
    session.press("#excited_chargers-slider", "right")
    assert "Noise is off" in session.run(note)
    assert session.run("return document.getElementById('noise').value") == ""
    choose(session, "noise", "dephasing")
    assert session.run("return document.documentElement.dataset.ready") == "spins-1-dephasing-m"
    assert session.run(sliders) == ["Gamma_phi"]
    assert session.run(note) == ""


FORMLESS = "no closed form of this here"
TITLES = {
    "power": "P/(gω₀)", "rate": "(dE/dt)/(gω₀)", "ergotropy": "ℰ/ω₀", "local": "ℰ/ω₀, cell by cell",
    "symmetric": f"ℰ/ω₀, Dicke levels: {FORMLESS}", "variance": "Var E/ω₀²",
    "entropy": "S in nats", "purity": "Tr ρ²", "negativity": f"negativity: {FORMLESS}",
}  # fmt: skip


def test_every_quantity_is_drawn_with_its_unit_or_said_to_have_no_form(session):
    title = "return document.querySelector('#quantity-chart .title').textContent"
    curve = "return document.querySelectorAll('#quantity-chart .curve').length"
    show(session, **spins(2, 2, 2, noise="loss", Gamma=0.3))
    offered = "return [...document.getElementById('quantity').options].map(one => one.value)"
    assert session.run(offered) == list(TITLES)
    for name, expected in TITLES.items():
        choose(session, "quantity", name)
        assert session.run(title) == expected
        assert session.run(curve) == (FORMLESS not in expected)
        assert (values(session)["quantity-at"] == FORMLESS) == (FORMLESS in expected)


def test_a_link_keeps_all_that_is_set(session):
    show(session, **spins(3, 7, 1, noise="loss", Gamma=0.25, kappa=2, span=9, time=0.6))
    choose(session, "quantity", "variance")
    kept = values(session)
    copied = session.run("""
        const found = [];
        navigator.clipboard.writeText = async text => { found.push(text); };
        document.getElementById("link").click();
        return found;
    """)
    link = copied[0]
    assert link.startswith(session.page)
    session.open(link)
    assert values(session) == kept
    ids = ["chargers", "excited_chargers", "quantity", "noise", "Gamma", "kappa", "span", "time"]
    read = f"return {ids}.map(id => document.getElementById(id).value)"
    assert session.run(read) == ["7", "1", "variance", "loss", "0.25", "2", "9", "0.6"]


def test_late_values_are_shown_as_far_as_they_are_right(session):
    energy = solve(SpinCharger(2, 10)).function("energy", "mpmath")
    shown = show(session, **spins(2, 10, 10), time=1e6)["energy-at"]
    assert 8 <= len(shown) <= 12
    assert abs(float(shown) - float(energy(1e6))) < 10.0 ** (2 - len(shown))
    assert "no digit is right" in show(session, **spins(2, 10, 10), time=1e18)["energy-at"]


@pytest.mark.parametrize(
    "state",
    [
        spins(1, 10, 3), spins(1, 9, 4, "0.25"), spins(2, 1, 1), spins(2, 10, 10), spins(2, 10, 6),
        spins(2, 40, 1), spins(2, 4, 3), spins(2, 1000, 2), spins(3, 5, 2), spins(4, 12, 2),
        spins(2, 6, 1, "0.2"), cavity(1, 7), cavity(2, 1), cavity(2, 10), cavity(3, 2),
        cavity(4, 1),
    ],
    ids=lambda s: "-".join(map(str, s.values())),
)  # fmt: skip
def test_the_supremum_is_that_of_the_solution(session, state):
    top = solve(*problem(state, str)).explicit().maximum("supremum")
    units = {g: 1, omega_0: 1}
    shown = show(session, **state)
    assert abs(float(shown["supremum"]) - float(top.value.subs(units))) < TOLERANCE
    time = float(top.time.subs(units))
    assert float(shown["supremum-time"]) == pytest.approx(time, rel=TOLERANCE)


def test_what_has_no_closed_form_is_said(session):
    assert "no formula holds for all sizes" in show(session, **spins(3, 10, 10))["supremum"]
    assert "quartic" in session.run("return document.getElementById('crosstalk-note').textContent")
    assert session.run("return document.getElementById('charger_crosstalk-slider').disabled")
    show(session, **spins(2, 10, 10))
    assert not session.run("return document.getElementById('charger_crosstalk-slider').disabled")


@pytest.mark.parametrize("state", [spins(3, 10, 0), spins(2, 4, 0, "0.5"), cavity(4, 0)])
def test_without_an_excitation_nothing_moves(session, state):
    shown = show(session, **state)
    assert shown["first-peak"] == shown["power"] == "nothing moves"
    assert shown["energy-at"] == shown["power-at"] == "0"


def test_the_formula_shown_is_that_of_the_start(session):
    show(session, **spins(2, 10, 10))
    assert session.run("return document.documentElement.dataset.ready") == "spins-2-all"
    assert "16 N" in session.run("return document.getElementById('latex').textContent")
    assert session.run("return document.querySelectorAll('#formula math').length") >= 3
    assert session.run("return document.getElementById('domain').textContent").count("m=N") == 1
    show(session, **spins(3, 10, 2))
    assert session.run("return document.documentElement.dataset.ready") == "spins-3-2"


def test_sliders_move_with_the_keys(session):
    show(session, **spins(2, 10, 10))
    read = "return ['chargers', 'excited_chargers'].map(id => document.getElementById(id).value)"
    before = values(session)
    session.press("#chargers-slider", "right", "right")
    assert session.run(read) == ["12", "12"]  # all charger spins stay up
    assert values(session)["first-peak"] != before["first-peak"]
    session.press("#excited_chargers-slider", "left", "left", "left")
    assert session.run(read) == ["12", "9"]
    session.press("#excited_chargers-slider", "home")
    assert values(session)["first-peak"] == "nothing moves"
    session.press("#excited_chargers-slider", "end")
    assert session.run(read) == ["12", "12"]
    session.press("#excited_chargers-slider", *["left"] * 4)
    session.press("#chargers-slider", *["left"] * 9, *["right"] * 7)
    assert session.run(read) == ["10", "8"]
    session.press("#excited_chargers-slider", "end")
    session.press("#charger_crosstalk-slider", "right")
    assert session.run("return document.documentElement.dataset.ready") == "spins-2-crosstalk-all"
    session.press("[name=cells]:checked", "right")
    assert session.run("return document.documentElement.dataset.ready") == "spins-3-all"
    session.press("[name=charger]:checked", "right")
    assert session.run("return document.documentElement.dataset.ready") == "cavity-3-n"
    later = "return new Promise(done => setTimeout(() => done(location.hash), 500))"
    assert "charger=cavity&cells=3" in session.run(later)
    kept = values(session)
    session.run("location.reload()")
    assert values(session) == kept


def test_a_press_on_a_curve_reads_it_off(session):
    show(session, **spins(2, 10, 10))
    session.run("""
        const chart = document.getElementById("quantity-chart");
        const box = chart.getBoundingClientRect();
        chart.dispatchEvent(new PointerEvent("pointerdown", {clientX: box.left + box.width / 2}));
    """)
    shown = values(session)
    time = float(shown["energy-at-time"])
    assert 0.3 < time < 4 * float(shown["first-peak-time"])
    charging = numerics.charge(SpinCharger(2, 10))
    assert abs(float(shown["energy-at"]) - float(charging.energy(time))) < TOLERANCE


def test_every_control_has_a_name_and_a_place_in_the_order(session):
    show(session, **spins(2, 10, 10))
    unnamed = session.run("""
        return [...document.querySelectorAll("input, button")].filter(control =>
            !(control.labels && control.labels.length) && !control.ariaLabel
            && !control.textContent.trim()).map(control => control.id);
    """)
    assert unnamed == []
    others = "return document.querySelectorAll('[tabindex]:not([tabindex=\"0\"])').length"
    assert session.run(others) == 0
    assert "1.8367" in session.run("return document.getElementById('energy-chart').ariaLabel")


@pytest.mark.parametrize("typed", ["", "-3", "1e99", "2.5", "word"])
def test_a_number_that_is_none_harms_nothing(session, typed):
    show(session, **spins(2, 10, 10))
    session.clear("#chargers")
    session.press("#chargers", *typed, "enter")
    kept = int(session.run("return document.getElementById('chargers').value"))
    assert 1 <= kept <= 10**6
    assert float(values(session)["first-peak"]) > 0
    every = dict.fromkeys(("chargers", "excited_chargers", "span"), typed)
    shown = show(session, charger="spins", cells=9, **every)
    assert shown["first-peak"] == "nothing moves" or float(shown["first-peak"]) > 0


@pytest.mark.parametrize("width", [320, 390, 768, 1200])
@pytest.mark.parametrize(
    "state",
    [spins(2, 10, 8, "0.5"), spins(4, 100, 70), spins(2, 2, 2, noise="loss", quantity="symmetric")],
)
def test_nothing_is_wider_than_the_screen(session, width, state):
    session.screen(width, 844)
    show(session, **state)
    session.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert session.run("return window.innerWidth") == width
    assert session.run("return document.documentElement.scrollWidth") <= width


def test_dark_and_light(session):
    colors = """
        const style = getComputedStyle(document.body);
        return [style.backgroundColor, style.color];
    """
    session.color_scheme("dark")
    show(session, **spins(2, 10, 10))
    dark = session.run(colors)
    session.color_scheme("light")
    light = session.run(colors)
    assert dark != light
    # The setting of the documentation around the page wins.
    for theme, wanted in (("dark", dark), ("light", light)):
        session.color_scheme("light" if theme == "dark" else "dark")
        session.run("localStorage.setItem('theme', arguments[0])", theme)
        show(session, **spins(2, 10, 10))
        assert session.run(colors) == wanted
    session.run("localStorage.removeItem('theme')")


def contrast(one, other):
    """Of two colours rgb(…), by the definition of WCAG 2."""

    def luminance(color):
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_text_can_be_read(session, scheme):
    session.color_scheme(scheme)
    show(session, **spins(2, 10, 10))
    pairs = session.run("""
        const style = selector => getComputedStyle(document.querySelector(selector));
        const paper = style("body").backgroundColor, panel = style("#formulas").backgroundColor;
        const button = style("input:checked + span");
        return [[style("body").color, paper], [style("footer").color, paper],
            [style("#domain").color, panel], [style("#formula").color, panel],
            [button.color, button.backgroundColor],
            [style("svg text").fill, paper], [style(".curve").stroke, paper]];
    """)
    for one, other in pairs:
        assert contrast(one, other) >= 4.5


def test_no_network_is_asked_for(session):
    show(session, **spins(2, 10, 10))
    asked = session.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in asked if not name.startswith("data:")] == []


def test_texts_can_be_copied(session):
    show(session, **spins(2, 10, 7, time=0.25))
    copied = session.run("""
        document.querySelectorAll("details").forEach(each => each.open = true);
        const found = [];
        navigator.clipboard.writeText = async text => { found.push(text); };
        document.querySelectorAll("[data-copy]").forEach(button => button.click());
        return found;
    """)
    latex, python, _ = copied
    assert r"\begin{align*}" in latex
    assert "% N = 10, m = 7" in latex
    assert "print(energy(0.25, h=3, excited_chargers=7" in python
