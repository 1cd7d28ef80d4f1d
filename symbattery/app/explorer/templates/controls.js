// What is set, what is shown of it, and the address that keeps it.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const byId = id => document.getElementById(id);
const LARGEST_CHARGER = 1e6, LARGEST_CROSSTALK = 100, MOST_SPANS = 100;
const SAMPLES = 600, SAMPLES_PER_PEAK = 40;
const START = {
    charger: "spins", cells: 2, chargers: 10, excited_chargers: 10, photons: 10, charger_crosstalk: 0,
    span: 4, time: 0.3,
};
const state = {...START};

// -- values that a slider stops at --------------------------------------------------------------

const twoDigits = value => Number(value.toPrecision(2));

// About 20 for each factor of ten, from the first to the last.
function logarithmic(first, last) {
    const found = [];
    for (let i = 0; i <= 20 * Math.log10(last / first) + 1e-9; i++) {
        found.push(twoDigits(first * 10 ** (i / 20)));
    }
    return found;
}

// Every number up to 20; beyond, as far apart as they are large.
function counts(most) {
    const small = Array.from({length: Math.min(20, most)}, (_, i) => i + 1);
    return [...small, ...logarithmic(1, most).filter(value => value > 20), most]
        .filter((value, i, all) => all.indexOf(value) === i);
}

// Every number up to 100; beyond, close together at both ends.
function upTo(most) {
    if (most <= 100) {
        return Array.from({length: most + 1}, (_, i) => i);
    }
    const half = counts(Math.floor(most / 2));
    return [0, ...new Set([...half, ...half.map(i => most - i).reverse()]), most];
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
    let best = 0;
    stops.forEach((stop, i) => {
        best = Math.abs(stop - value) < Math.abs(stops[best] - value) ? i : best;
    });
    return best;
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

function attempt(search) {
    try {
        return search();
    } catch (error) {
        return {problem: error.message};
    }
}

const shown = {end: 1};

function compute() {
    const given = parameters();
    const made = chosen(given), curve = made.curve(given);
    const nothing = {problem: "nothing moves"};
    const still = isConstant(curve);
    const peak = still ? nothing : attempt(() => firstPeak(curve));
    const power = still ? nothing : attempt(() => highestPower(curve));
    const unit = peak.time || power.time || 1;
    const end = Math.max(state.span * unit, 1.05 * (power.time || 0));
    const highest = still ? nothing : attempt(() => largestUntil(curve, end));
    const supremum = still ? nothing : curve.supremum || {problem: TEXTS.unsolved};
    Object.assign(shown, {given, made, curve, peak, power, highest, supremum, end});
}

// -- showing ------------------------------------------------------------------------------------

function show(name, found) {
    const value = document.querySelector(`[data-value="${name}"]`);
    const time = document.querySelector(`[data-value="${name}-time"]`);
    value.textContent = found.problem || digits(found.value);
    value.colSpan = found.problem ? 2 : 1;
    time.hidden = Boolean(found.problem);
    time.textContent = found.problem ? "" : digits(found.time);
}

function showValues() {
    show("first-peak", shown.peak);
    show("window", shown.highest);
    show("supremum", shown.supremum);
    show("power", shown.power);
    const energy = shown.curve.at(state.time).energy;
    show("energy-at", {value: energy, time: state.time});
    show("power-at", {value: state.time > 0 ? energy / state.time : 0, time: state.time});
}

function marked(found, kind, before) {
    return found.problem ? [] : [{kind, x: found.time, y: found.value, text: `${before}${digits(found.value, 5)}`}];
}

function showCharts() {
    const {curve, end, peak, power, highest, supremum} = shown;
    const count = Math.max(SAMPLES, Math.ceil(SAMPLES_PER_PEAK * state.span));
    const times = Array.from({length: count + 1}, (_, i) => end * i / count);
    const energies = times.map(t => curve.at(t).energy);
    const powers = times.map((t, i) => t > 0 ? energies[i] / t : 0);
    const top = Math.max(highest.value || 0, supremum.value || 0) || 1;
    const again = !peak.problem && !highest.problem && highest.value > peak.value + TIE;
    const {energy} = curve.at(state.time);
    draw(byId("energy-chart"), {
        title: "E/ω₀", points: times.map((t, i) => [t, energies[i]]), end, top: 1.15 * top,
        marks: [...marked(peak, "peak", ""), ...(again ? marked(highest, "window", "") : [])],
        level: supremum.problem ? null : supremum.value, cursor: [state.time, energy],
        summary: peak.problem ? `E(t): ${peak.problem}`
            : `E(t) rises to ${digits(peak.value, 5)} at gt = ${digits(peak.time, 5)}`,
    });
    draw(byId("power-chart"), {
        title: "P/(gω₀)", points: times.map((t, i) => [t, powers[i]]), end,
        top: 1.15 * (power.value || 1), marks: marked(power, "peak", ""), level: null,
        cursor: [state.time, state.time > 0 ? energy / state.time : 0],
        summary: power.problem ? `P(t): ${power.problem}`
            : `P(t) is largest, ${digits(power.value, 5)}, at gt = ${digits(power.time, 5)}`,
    });
}

const filled = (template, values) =>
    template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function showTexts() {
    const {made, given, peak} = shown;
    const text = TEXTS.cases[made.key];
    if (byId("formula").dataset.key !== made.key) {
        const template = byId(`formula-${made.key}`);
        byId("formula").replaceChildren(template.content.cloneNode(true));
        byId("formula").dataset.key = made.key;
    }
    const at = {...given, time: state.time, peak: peak.problem || `${digits(peak.value)} at gt = ${digits(peak.time)}`};
    byId("latex").textContent = text.latex + filled(TEXTS.comment[state.charger], at);
    byId("python").textContent = text.python + filled(text.run, at);
    byId("symbattery").textContent = filled(text.symbattery, at);
}

function showControls() {
    document.querySelector(`[name=charger][value=${state.charger}]`).checked = true;
    document.querySelector(`[name=cells][value="${state.cells}"]`).checked = true;
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
    byId("domain").replaceChildren(byId(`domain-${shown.made.key}`).content.cloneNode(true));
}

function keep() {
    const own = state.charger === "spins" ? ["chargers", "excited_chargers", "charger_crosstalk"] : ["photons"];
    const names = ["charger", "cells", ...own, "span", "time"];
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
    const battery = `${given.get("charger")}-${given.get("cells")}`;
    if (battery in TEXTS.batteries) {
        state.charger = given.get("charger");
        state.cells = Number(given.get("cells"));
    }
    for (const name of Object.keys(SLIDERS)) {
        if (given.has(name)) {
            set(name, read(name, given.get(name)));
        }
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

for (const name of Object.keys(SLIDERS)) {
    byId(name).addEventListener("change", event => {
        change(name, read(name, event.target.value));
    });
    byId(`${name}-slider`).addEventListener("input", event => {
        change(name, SLIDERS[name].stops()[Number(event.target.value)]);
    });
}
for (const name of ["charger", "cells"]) {
    for (const button of document.querySelectorAll(`[name=${name}]`)) {
        button.addEventListener("change", () => {
            change(name, name === "cells" ? Number(button.value) : button.value);
        });
    }
}
for (const id of ["energy-chart", "power-chart"]) {
    const readOff = event => change("time", Number(timeAt(byId(id), event, shown.end).toPrecision(4)));
    byId(id).addEventListener("pointerdown", readOff);
    byId(id).addEventListener("pointermove", event => {
        if (event.buttons > 0) {
            readOff(event);
        }
    });
}

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
    button.addEventListener("click", async () => {
        await copy(byId(button.dataset.copy).textContent);
        byId("copied").textContent = `Copied: ${button.closest("details").querySelector("summary").textContent}.`;
    });
}

byId("controls").addEventListener("submit", event => event.preventDefault());
window.addEventListener("hashchange", () => {
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
