// What is set, what is shown of it, and the address that keeps it.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const byId = id => document.getElementById(id);
const LARGEST_CHARGER = 1e6, LARGEST_CROSSTALK = 100, MOST_SPANS = 100;
const SAMPLES = 600, SAMPLES_PER_PEAK = 40;
const START = {
    charger: "spins", cells: 2, chargers: 10, excited_chargers: 10, photons: 10, charger_crosstalk: 0,
    span: 4, time: 0.3, quantity: "ergotropy",
};
const state = {...START};

// -- values that a slider stops at --------------------------------------------------------------

// About 20 for each factor of ten, from the first to the last.
function logarithmic(first, last) {
    const length = 1 + Math.floor(20 * Math.log10(last / first) + 1e-9);
    return Array.from({length}, (_, i) => Number((first * 10 ** (i / 20)).toPrecision(2)));
}

// Every number up to 20; beyond, as far apart as they are large.
function counts(most) {
    const small = Array.from({length: Math.min(20, most)}, (_, i) => i + 1);
    return [...new Set([...small, ...logarithmic(1, most).filter(value => value > 20), most])];
}

// Every number up to 100; beyond, close together at both ends.
function upTo(most) {
    const half = counts(Math.floor(most / 2));
    return most <= 100 ? Array.from({length: most + 1}, (_, i) => i)
        : [0, ...new Set([...half, ...half.map(i => most - i).reverse()]), most];
}

const SPANS = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100];
const CHARGERS = counts(LARGEST_CHARGER);
const CROSSTALKS = [0, ...logarithmic(1e-3, LARGEST_CROSSTALK)];

const SLIDERS = {
    chargers: {whole: true, least: () => 1, most: () => LARGEST_CHARGER, stops: () => CHARGERS},
    excited_chargers: {
        whole: true, least: () => 0, most: () => state.chargers, stops: () => upTo(state.chargers),
    },
    photons: {
        whole: true, least: () => 0, most: () => LARGEST_CHARGER, stops: () => [0, ...CHARGERS],
    },
    charger_crosstalk: {
        whole: false, least: () => 0, most: () => LARGEST_CROSSTALK, stops: () => CROSSTALKS,
    },
    span: {whole: false, least: () => 1, most: () => MOST_SPANS, stops: () => SPANS},
    time: {
        whole: false, least: () => 0, most: () => Infinity,
        stops: () => Array.from({length: 401}, (_, i) => shown.end * i / 400),
    },
};

function nearest(stops, value) {
    const distances = stops.map(stop => Math.abs(stop - value));
    return distances.indexOf(Math.min(...distances));
}

// The number that a text stands for, within the limits; what was set before if it is none.
function read(name, text) {
    const {whole, least, most} = SLIDERS[name];
    const value = Number(text);
    if (String(text).trim() === "" || !Number.isFinite(value)) {
        return state[name];
    }
    const inside = Math.min(most(), Math.max(least(), value));
    return whole ? Math.round(inside) : inside;
}

// The spins up that were asked for stay while their total changes: all of them stay all.
let wanted = Infinity;

function set(name, value) {
    state[name] = value;
    if (name === "excited_chargers") {
        wanted = value === state.chargers ? Infinity : value;
    }
    state.excited_chargers = Math.min(wanted, state.chargers);
}

// -- from what is set to curves and numbers -----------------------------------------------------

function digits(value, count = 12) {
    const rounded = Number(value.toPrecision(count));
    return rounded !== 0 && Math.abs(rounded) < 1e-3 ? rounded.toExponential() : String(rounded);
}

const hasCrosstalk = () => TEXTS.batteries[`${state.charger}-${state.cells}`].crosstalk;

// A form may be written in m and the spins down, h = N - m.
function parameters() {
    const {chargers, excited_chargers, photons} = state;
    const charger_crosstalk = hasCrosstalk() ? state.charger_crosstalk : 0;
    return {chargers, excited_chargers, photons, charger_crosstalk, m: excited_chargers, h: chargers - excited_chargers};
}

function chosen(given) {
    const {cases} = TEXTS.batteries[`${state.charger}-${state.cells}`];
    return cases.map(key => CASES.find(each => each.key === key)).find(each => each.holds(given));
}

const shown = {end: 1};

function compute() {
    const given = parameters();
    const made = chosen(given), curve = made.curve(given);
    const attempt = search => {
        try {
            return isConstant(curve) ? {problem: "nothing moves"} : search();
        } catch (error) {
            return {problem: error.message};
        }
    };
    const peak = attempt(() => firstPeak(curve)), power = attempt(() => highestPower(curve));
    const unit = peak.time || power.time || 1;
    const end = Math.max(state.span * unit, 1.05 * (power.time || 0));
    const highest = attempt(() => largestUntil(curve, end));
    const supremum = attempt(() => curve.supremum || {problem: TEXTS.unsolved});
    Object.assign(shown, {given, made, curve, peak, power, highest, supremum, end});
}

// -- showing ------------------------------------------------------------------------------------

function showValues() {
    const {peak, highest, supremum, power, curve} = shown, {time} = state;
    const {energy, populations} = curve.at(time);
    const right = rightDigits(curve, time, energy);
    const readOff = value => right ? {value, time, right} : {problem: TEXTS.late};
    const quantity = QUANTITIES[state.quantity];
    // Differences of probabilities have as many right places as E, and fewer right digits.
    const places = value => right && Math.max(0, Math.min(6, rightDigits(curve, time, value)));
    const beside = quantity ? quantity(populations) : 0;
    const every = {
        "first-peak": peak, window: highest, supremum, power, "energy-at": readOff(energy),
        "power-at": readOff(time > 0 ? energy / time : 0),
        "beside-at": right ? {value: beside, time, right: Math.max(1, places(beside))} : {problem: TEXTS.late},
    };
    const {text} = byId("quantity").selectedOptions[0];
    byId("beside-name").textContent = byId("beside-key").textContent = text;
    byId("beside-name").closest("tr").hidden = byId("beside-key").parentElement.hidden = !quantity;

    for (const [name, found] of Object.entries(every)) {
        const value = document.querySelector(`[data-value="${name}"]`);
        const when = document.querySelector(`[data-value="${name}-time"]`);
        value.textContent = found.problem || digits(found.value, found.right);
        value.colSpan = found.problem ? 2 : 1;
        when.hidden = Boolean(found.problem);
        when.textContent = found.problem ? "" : digits(found.time);
    }
}

function marked(found, kind) {
    const {value, time, problem} = found;
    return problem ? [] : [{kind, x: time, y: value, text: digits(value, 5)}];
}

function showCharts() {
    const {curve, end, peak, power, highest, supremum} = shown;
    const count = Math.max(SAMPLES, Math.ceil(SAMPLES_PER_PEAK * state.span));
    const times = Array.from({length: count + 1}, (_, i) => end * i / count);
    const values = times.map(t => curve.at(t)), energies = values.map(at => at.energy);
    const quantity = QUANTITIES[state.quantity];
    const beside = quantity ? values.map((at, i) => [times[i], quantity(at.populations)]) : [];
    const powers = times.map((t, i) => t > 0 ? energies[i] / t : 0);
    const top = Math.max(highest.value || 0, supremum.value || 0) || 1;
    const again = !peak.problem && !highest.problem && highest.value > peak.value + TIE;
    const {energy} = curve.at(state.time);
    const said = (found, name, words) => found.problem ? `${name}: ${found.problem}`
        : `${name} ${words} ${digits(found.value, 5)} at gt = ${digits(found.time, 5)}`;
    draw(byId("energy-chart"), {
        title: "E/ω₀", points: times.map((t, i) => [t, energies[i]]), beside, end,
        top: 1.15 * Math.max(top, ...beside.map(([, y]) => y)),
        marks: [...marked(peak, "peak"), ...(again ? marked(highest, "window") : [])],
        level: supremum.problem ? null : supremum.value, cursor: [state.time, energy],
        summary: said(peak, "E(t)", "rises to"),
    });
    draw(byId("power-chart"), {
        title: "P/(gω₀)", points: times.map((t, i) => [t, powers[i]]), beside: [], end,
        top: 1.15 * (power.value || 1), marks: marked(power, "peak"), level: null,
        cursor: [state.time, state.time > 0 ? energy / state.time : 0],
        summary: said(power, "P(t)", "is largest,"),
    });
}

const filled = (template, values) =>
    template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function fill(name, key) {
    if (byId(name).dataset.key !== key) {
        byId(name).replaceChildren(byId(`${name}-${key}`).content.cloneNode(true));
        byId(name).dataset.key = key;
    }
}

function showTexts() {
    const {made, given, peak} = shown;
    const text = TEXTS.cases[made.key];
    fill("formula", made.key);
    const at = {...given, time: state.time, peak: peak.problem || `${digits(peak.value)} at gt = ${digits(peak.time)}`};
    byId("latex").textContent = text.latex + filled(TEXTS.comment[state.charger], at);
    byId("python").textContent = text.python + filled(text.run, at);
    byId("symbattery").textContent = filled(text.symbattery, at);
}

function showControls() {
    document.querySelector(`[name=charger][value=${state.charger}]`).checked = true;
    document.querySelector(`[name=cells][value="${state.cells}"]`).checked = true;
    byId("quantity").value = state.quantity;
    const spins = state.charger === "spins";
    const visible = {chargers: spins, excited_chargers: spins, photons: !spins, charger_crosstalk: spins};
    for (const [name, {stops, least, most}] of Object.entries(SLIDERS)) {
        document.querySelector(`.slider[data-name=${name}]`).hidden = visible[name] === false;
        const number = byId(name), slider = byId(`${name}-slider`), every = stops();
        const value = name === "charger_crosstalk" && !hasCrosstalk() ? 0 : state[name];
        number.value = digits(value);
        number.min = least();
        number.max = Number.isFinite(most()) ? most() : "";
        slider.min = 0;
        slider.max = every.length - 1;
        slider.value = nearest(every, value);
        slider.setAttribute("aria-valuetext", digits(value, 6));
    }
    for (const id of ["charger_crosstalk", "charger_crosstalk-slider"]) {
        byId(id).disabled = !hasCrosstalk();
    }
    byId("crosstalk-note").textContent = hasCrosstalk() ? "" : TEXTS.crosstalk;
    fill("domain", shown.made.key);
}

function keep() {
    const own = state.charger === "spins" ? ["chargers", "excited_chargers", "charger_crosstalk"] : ["photons"];
    const names = ["charger", "cells", ...own, "span", "time", "quantity"];
    const address = `#${names.map(name => `${name}=${state[name]}`).join("&")}`;
    try {
        history.replaceState(null, "", address);
    } catch {
        // Some browsers refuse this for a page from the file system, which works without it.
    }
}

function restore() {
    const given = new URLSearchParams(location.hash.slice(1));
    Object.assign(state, START);
    wanted = Infinity;
    const charger = given.get("charger"), cells = given.get("cells");
    if (`${charger}-${cells}` in TEXTS.batteries) {
        Object.assign(state, {charger, cells: Number(cells)});
    }
    if (Object.hasOwn(QUANTITIES, given.get("quantity"))) {
        state.quantity = given.get("quantity");
    }
    for (const name of Object.keys(SLIDERS).filter(name => given.has(name))) {
        set(name, read(name, given.get(name)));
    }
}

function refresh() {
    compute();
    showControls();
    showValues();
    showCharts();
    showTexts();
    document.documentElement.dataset.ready = shown.made.key;
}

// Browsers limit how often the address may change: it follows once nothing moves any more.
let keeping = 0;

function change(name, value) {
    set(name, value);
    refresh();
    clearTimeout(keeping);
    keeping = setTimeout(keep, 200);
}

const listen = (element, kind, act) => element.addEventListener(kind, act);

for (const [name, {stops}] of Object.entries(SLIDERS)) {
    listen(byId(name), "change", event => change(name, read(name, event.target.value)));
    listen(byId(`${name}-slider`), "input", event => change(name, stops()[event.target.value]));
}
for (const button of document.querySelectorAll("[name=charger], [name=cells]")) {
    const {name, value} = button;
    listen(button, "change", () => change(name, name === "cells" ? Number(value) : value));
}
for (const id of ["energy-chart", "power-chart"]) {
    const readOff = event => change("time", Number(timeAt(byId(id), event, shown.end).toPrecision(4)));
    listen(byId(id), "pointerdown", readOff);
    listen(byId(id), "pointermove", event => event.buttons > 0 && readOff(event));
}

listen(byId("quantity"), "change", event => change("quantity", event.target.value));

async function copy(text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const area = document.createElement("textarea");
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand("copy");
        area.remove();
    }
}
for (const button of document.querySelectorAll("[data-copy]")) {
    listen(button, "click", async () => {
        await copy(byId(button.dataset.copy).textContent);
        byId("copied").textContent = `Copied: ${button.closest("details").querySelector("summary").textContent}.`;
    });
}

listen(byId("controls"), "submit", event => event.preventDefault());
listen(window, "hashchange", () => {
    restore();
    refresh();
});
new ResizeObserver(() => showCharts()).observe(byId("curves"));
try {
    // What the documentation around this page was set to.
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
} catch {
    document.documentElement.dataset.theme = "auto";
}
restore();
refresh();
