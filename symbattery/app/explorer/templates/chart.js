// One curve with axes, marks and a cursor, as SVG in the pixels of the place it has.

const SVG = "http://www.w3.org/2000/svg";
const MARGIN_LEFT = 50, MARGIN_RIGHT = 14, MARGIN_TOP = 26, MARGIN_BOTTOM = 34;

function element(parent, name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) {
        made.setAttribute(key, value);
    }
    made.textContent = text ?? "";
    parent.append(made);
}

// The power of ten that an axis is labelled in.
function axisPower(size) {
    const power = Math.floor(Math.log10(size));
    return power < -2 || power > 3 ? power : 0;
}

const RAISED = {"-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹"};
const inPowerOf = power =>
    power === 0 ? "" : ` / 10${[...String(power)].map(digit => RAISED[digit]).join("")}`;

// About so many ticks from a number up to 0 on, in steps of 1, 2 or 5 times a power of ten.
function ticks(first, last, count) {
    const size = last - first, unit = 10 ** axisPower(Math.max(last, -first));
    const power = 10 ** Math.floor(Math.log10(size / count));
    const step = power * [1, 2, 5, 10].find(factor => power * factor * count >= size);
    const places = Math.max(0, -Math.floor(Math.log10(step / unit) + 1e-9));
    const from = Math.ceil(first / step * (1 + 1e-9)), to = Math.floor(last / step * (1 + 1e-9));
    return Array.from({length: 1 + to - from}, (_, i) => (
        {at: (from + i) * step, text: ((from + i) * step / unit).toFixed(Math.min(places, 12)).replace("-", "−")}));
}

// chart: {title, points: [[x, y], …], beside: [[x, y], …], end, bottom, top, marks: [{kind, x, y, text}], level, cursor: [x, y]}
function draw(svg, chart) {
    const width = svg.clientWidth, height = svg.clientHeight;
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const right = width - MARGIN_RIGHT, bottom = height - MARGIN_BOTTOM;
    const X = x => MARGIN_LEFT + (right - MARGIN_LEFT) * x / chart.end;
    const Y = y => bottom - (bottom - MARGIN_TOP) * (y - chart.bottom) / (chart.top - chart.bottom);
    for (const {at, text} of ticks(0, chart.end, Math.max(3, Math.floor(width / 110)))) {
        element(svg, "path", {class: "axis", d: `M${X(at)} ${bottom}v5`});
        element(svg, "text", {x: X(at), y: bottom + 18, "text-anchor": "middle"}, text);
    }
    for (const {at, text} of ticks(chart.bottom, chart.top, 4)) {
        element(svg, "path", {class: "axis", d: `M${MARGIN_LEFT} ${Y(at)}H${right}`});
        element(svg, "text", {x: MARGIN_LEFT - 7, y: Y(at) + 4, "text-anchor": "end"}, text);
    }
    element(svg, "text", {class: "title", x: 4, y: 13}, chart.title + inPowerOf(axisPower(Math.max(chart.top, -chart.bottom))));
    const along = `gt${inPowerOf(axisPower(chart.end))}`;
    element(svg, "text", {class: "title", x: right, y: height - 4, "text-anchor": "end"}, along);
    if (chart.level !== null) {
        element(svg, "path", {class: "supremum", d: `M${MARGIN_LEFT} ${Y(chart.level)}H${right}`});
    }
    for (const [kind, points] of [["beside", chart.beside], ["curve", chart.points]]) {
        const path = points.map(([x, y]) => `${X(x).toFixed(2)} ${Y(y).toFixed(2)}`).join("L");
        if (path) {
            element(svg, "path", {class: kind, d: `M${path}`});
        }
    }
    if (chart.cursor && chart.cursor[0] <= chart.end) {
        const [x, y] = chart.cursor;
        element(svg, "path", {class: "cursor", d: `M${X(x)} ${MARGIN_TOP}V${bottom}`});
        element(svg, "circle", {class: "cursor-dot", cx: X(x), cy: Y(y), r: 3.5});
    }
    for (const mark of chart.marks) {
        const x = X(mark.x), y = Y(mark.y);
        if (mark.kind === "window") {
            element(svg, "path", {class: "mark-window", d: `M${x} ${y - 6}l6 6-6 6-6-6Z`});
        } else {
            element(svg, "circle", {class: "mark", cx: x, cy: y, r: 4});
        }
        const half = mark.text.length * 3.4, most = right - half;
        const place = Math.max(MARGIN_LEFT + half, Math.min(most, x));
        element(svg, "text", {class: "label", x: place, y: y - 9, "text-anchor": "middle"}, mark.text);
    }
    svg.setAttribute("aria-label", chart.summary);
}

// The time under a pointer.
function timeAt(svg, event, end) {
    const box = svg.getBoundingClientRect();
    const width = box.width - MARGIN_LEFT - MARGIN_RIGHT;
    return Math.min(1, Math.max(0, (event.clientX - box.left - MARGIN_LEFT) / width)) * end;
}
