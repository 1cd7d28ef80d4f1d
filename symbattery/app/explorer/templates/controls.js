// What is set, what is shown of it, and the address that keeps it.

const TEXTS = JSON.parse(document.getElementById("texts").textContent);
const byId = id => document.getElementById(id);
// Beyond rates of 10 g the first peak is too flat for the search.
const LARGEST_CHARGER = 1e6, LARGEST_CROSSTALK = 100, LARGEST_RATE = 10, MOST_SPANS = 100;
const SAMPLES = 600, SAMPLES_PER_PEAK = 40;
const START = {
    charger: "spins", cells: 2, chargers: 10, excited_chargers: 10, photons: 10, charger_crosstalk: 0,
    noise: "", Gamma: 0.2, kappa: 0.2, Gamma_phi: 0.5, kappa_phi: 0.5,
    span: 4, time: 0.3, quantity: "power",
};
const state = {...START};
// What makes a start one with a form for a kind of noise.
const NOISY = {loss: {excited_chargers: 1, photons: 1}, dephasing: {cells: 1}};
const RATES = ["Gamma", "kappa", "Gamma_phi", "kappa_phi"];

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
// In units of the coupling.
function ratio(most) {
    const stops = [0, ...logarithmic(1e-3, most)];
    return {whole: false, least: () => 0, most: () => most, stops: () => stops};
}

const SLIDERS = {
    chargers: {whole: true, least: () => 1, most: () => LARGEST_CHARGER, stops: () => CHARGERS},
    excited_chargers: {
        whole: true, least: () => 0, most: () => state.chargers, stops: () => upTo(state.chargers),
    },
    photons: {
        whole: true, least: () => 0, most: () => LARGEST_CHARGER, stops: () => [0, ...CHARGERS],
    },
    charger_crosstalk: ratio(LARGEST_CROSSTALK),
    ...Object.fromEntries(RATES.map(name => [name, ratio(LARGEST_RATE)])),
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

const battery = () => TEXTS.batteries[`${state.charger}-${state.cells}`];
const hasCrosstalk = () => battery().crosstalk && state.noise === "";

// A form may be written in m and the spins down, h = N - m.
function parameters() {
    const {chargers, excited_chargers, photons} = state;
    const charger_crosstalk = hasCrosstalk() ? state.charger_crosstalk : 0;
    const rates = Object.fromEntries(RATES.map(name => [name, state[name]]));
    return {
        chargers, excited_chargers, photons, charger_crosstalk, ...rates,
        m: excited_chargers, h: chargers - excited_chargers,
    };
}

function chosen(noise, given) {
    const every = battery().cases.map(key => CASES.find(each => each.key === key));
    return every.find(each => each.noise === noise && each.holds(given));
}

// Where there is no form with this noise, it is off, and this was it.
let refused = "";

function settle() {
    refused = chosen(state.noise, parameters()) ? "" : state.noise;
    state.noise = refused ? "" : state.noise;
}

function setNoise(noise) {
    state.noise = noise;
    if (!chosen(noise, parameters())) {
        Object.entries(NOISY[noise]).forEach(([name, value]) => set(name, value));
    }
    if (!chosen(noise, parameters())) {
        set("excited_chargers", 1);
        set("photons", 1);
    }
}

const shown = {end: 1};

function compute() {
    settle();
    const given = parameters();
    const made = chosen(state.noise, given), curve = made.curve(given);
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
    const supremum = attempt(() => curve.supremum || {problem: state.noise ? TEXTS.noisy : TEXTS.unsolved});
    Object.assign(shown, {given, made, curve, peak, power, highest, supremum, end});
}

// The quantity below E as a function of the time and of what is known then; null without a form.
function quantity() {
    if (state.quantity === "power") {
        return (time, at) => time > 0 ? at.energy / time : 0;
    }
    if (state.quantity === "rate") {
        return (time, at) => at.slope;
    }
    const formula = shown.made.state[state.quantity];
    return formula && ((time, at) => formula(at.populations));
}

// -- showing ------------------------------------------------------------------------------------

function showValues() {
    const {peak, highest, supremum, power, curve} = shown, {time} = state;
    const at = curve.at(time), {energy} = at, of = quantity();
    const right = rightDigits(curve, time, energy);
    const readOff = value => right ? {value, time, right} : {problem: TEXTS.late};
    // Differences of probabilities have as many right places as E, and fewer right digits.
    const places = value => right && Math.max(0, Math.min(6, rightDigits(curve, time, value)));
    const value = of ? of(time, at) : 0;
    const every = {
        "first-peak": peak, window: highest, supremum, power, "energy-at": readOff(energy),
        "power-at": readOff(time > 0 ? energy / time : 0),
        "quantity-at": of === null ? {problem: TEXTS.formless}
            : right ? {value, time, right: Math.max(1, places(value))} : {problem: TEXTS.late},
    };
    byId("quantity-name").textContent = TEXTS.quantities[state.quantity].axis;
    byId("quantity-name").closest("tr").hidden = state.quantity === "power";

    for (const [name, found] of Object.entries(every)) {
        const cell = document.querySelector(`[data-value="${name}"]`);
        const when = document.querySelector(`[data-value="${name}-time"]`);
        cell.textContent = found.problem || digits(found.value, found.right);
        cell.colSpan = found.problem ? 2 : 1;
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
    const values = times.map(t => curve.at(t)), energies = values.map((at, i) => [times[i], at.energy]);
    const top = Math.max(highest.value || 0, supremum.value || 0) || 1;
    const again = !peak.problem && !highest.problem && highest.value > peak.value + TIE;
    const at = curve.at(state.time);
    const said = (found, name, words) => found.problem ? `${name}: ${found.problem}`
        : `${name} ${words} ${digits(found.value, 5)} at gt = ${digits(found.time, 5)}`;
    draw(byId("energy-chart"), {
        title: "E/ω₀", points: energies, beside: [], end, bottom: 0, top: 1.15 * top,
        marks: [...marked(peak, "peak"), ...(again ? marked(highest, "window") : [])],
        level: supremum.problem ? null : supremum.value, cursor: [state.time, at.energy],
        summary: said(peak, "E(t)", "rises to"),
    });
    const of = quantity(), {axis, label, work} = TEXTS.quantities[state.quantity];
    const points = of ? values.map((each, i) => [times[i], of(times[i], each)]) : [];
    const beside = of && work ? energies : [];
    const heights = [...points, ...beside].map(([, y]) => y);
    const largest = Math.max(0, ...heights), least = Math.min(0, ...heights), room = 0.15 * (largest - least);
    const isPower = state.quantity === "power";
    draw(byId("quantity-chart"), {
        title: of ? axis : `${axis}: ${TEXTS.formless}`, points, beside, end,
        bottom: least < -TIE ? least - room / 2 : 0,
        top: (isPower && power.value ? 1.15 * power.value : largest + room) || 1,
        marks: isPower ? marked(power, "peak") : [], level: null,
        cursor: of ? [state.time, of(state.time, at)] : null,
        summary: !of ? `${label}: ${TEXTS.formless}`
            : isPower ? said(power, "P(t)", "is largest,") : `${label}, up to ${digits(largest, 5)}`,
    });
    byId("beside-key").hidden = beside.length === 0;
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
    byId("latex").textContent = text.latex + filled(text.comment, at);
    byId("python").textContent = text.python + filled(text.run, at);
    byId("symbattery").textContent = filled(text.symbattery, at);
}

function showControls() {
    document.querySelector(`[name=charger][value=${state.charger}]`).checked = true;
    document.querySelector(`[name=cells][value="${state.cells}"]`).checked = true;
    byId("quantity").value = state.quantity;
    const spins = state.charger === "spins";
    byId("noise").value = state.noise;
    const {rates} = shown.made;
    const visible = {
        chargers: spins, excited_chargers: spins, photons: !spins, charger_crosstalk: spins,
        ...Object.fromEntries(RATES.map(name => [name, rates.includes(name)])),
    };
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
    byId("crosstalk-note").textContent = hasCrosstalk() ? "" : state.noise ? TEXTS.uncrossed : TEXTS.crosstalk;
    const one = state.noise === "loss" && !rates.includes("kappa");
    byId("noise-note").textContent = refused ? TEXTS.refused : one ? TEXTS.equal : state.noise ? "" : TEXTS.offered;
    fill("domain", shown.made.key);
}

// All that is set, as the end of an address.
function fragment() {
    const own = state.charger === "spins" ? ["chargers", "excited_chargers", "charger_crosstalk"] : ["photons"];
    const noise = state.noise ? ["noise", ...shown.made.rates] : [];
    const names = ["charger", "cells", ...own, ...noise, "span", "time", "quantity"];
    return `#${names.map(name => `${name}=${state[name]}`).join("&")}`;
}

function keep() {
    try {
        history.replaceState(null, "", fragment());
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
    for (const [name, known] of [["quantity", TEXTS.quantities], ["noise", NOISY]]) {
        if (Object.hasOwn(known, given.get(name))) {
            state[name] = given.get(name);
        }
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
    byId("linked").textContent = "";
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
for (const id of ["energy-chart", "quantity-chart"]) {
    const readOff = event => change("time", Number(timeAt(byId(id), event, shown.end).toPrecision(4)));
    listen(byId(id), "pointerdown", readOff);
    listen(byId(id), "pointermove", event => event.buttons > 0 && readOff(event));
}

listen(byId("quantity"), "change", event => change("quantity", event.target.value));
listen(byId("noise"), "change", event => {
    setNoise(event.target.value);
    change("noise", state.noise);
});

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

listen(byId("link"), "click", async () => {
    keep();
    await copy(location.href.split("#")[0] + fragment());
    byId("linked").textContent = "Copied.";
});

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
