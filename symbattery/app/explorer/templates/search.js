// Peaks of E(t) and of P(t) = E/t, none missed. A function f with |f'| <= D1 and |f''| <= D2 has no
// zero within h of c if |f(c)| > h|f'(c)| + h²D2/2, and at most one if |f'(c)| > hD2; otherwise the
// interval is halved. For E the function is E', for P it is tE' - E.

const MARGIN = 1e-9;
const MOST_INTERVALS = 1e5;
const LEVEL = 1e-7;
const TIE = 1e-12;
const ROUNDING = 8 * Number.EPSILON;
const MOST_DIGITS = 12;

// What is sought: its height, a function of the sign of its slope, and bounds on that function.
const ENERGY = {
    divisor: t => 1,
    height: (t, at) => at.energy,
    sign: (t, at) => at.slope,
    turn: (t, at) => at.curvature,
    twist: (until, most) => most.third,
    rounding: (until, most) => MARGIN * most.curvature ** 2 / most.third,
};
const POWER = {
    divisor: t => t,
    height: (t, at) => at.energy / t,
    sign: (t, at) => t * at.slope - at.energy,
    turn: (t, at) => t * at.curvature,
    twist: (until, most) => most.curvature + until * most.third,
    rounding: (until, most) => MARGIN * most.curvature * Math.min(until, most.curvature / most.third) * until,
};

const largest = values => Math.max(0, ...values);

function bounds(curve) {
    return {curvature: largest(curve.curvature_bounds), third: largest(curve.third_derivative_bounds)};
}

// Intervals in order of time, each with one falling zero of the sign. There are no others but where
// the curve is level to all digits over a width of 1e-7 of its own scale: such are yielded as well,
// marked, because E at the end of a window may just be at rest. Left out is what cannot be higher
// than the best, which may rise meanwhile.
function* brackets(curve, sought, start, end, best = {value: -Infinity}) {
    const most = bounds(curve);
    const waiting = [[start, end]];
    for (let i = 0; waiting.length > 0; i++) {
        if (i > MOST_INTERVALS) {
            throw new Error("the peaks lie too close together to be separated");
        }
        const [a, b] = waiting.pop();
        const c = (a + b) / 2, h = (b - a) / 2;
        const here = curve.at(c);
        const turn = Math.abs(sought.turn(c, here));
        const small = sought.rounding(b, most), twist = sought.twist(b, most);
        const reach = here.energy + h * Math.abs(here.slope) + h * h * most.curvature / 2;
        if (reach < best.value * sought.divisor(a) - TIE) {
            continue;
        }
        if (Math.abs(sought.sign(c, here)) > h * turn + h * h * twist / 2 + small) {
            continue;
        }
        if (turn > h * twist * (1 + MARGIN)) {
            const left = sought.sign(a, curve.at(a)), right = sought.sign(b, curve.at(b));
            if (Math.min(Math.abs(left), Math.abs(right)) > small) {
                yield* left > 0 && right < 0 ? [[a, b]] : [];
                continue;
            }
        }
        if (b - a < LEVEL * most.curvature / most.third) {
            yield [a, b, true];
            continue;
        }
        waiting.push([c, b], [a, c]);
    }
}

// The falling zero between a and b, to the last digit.
function refined(curve, sought, [a, b, level]) {
    for (;;) {
        const c = (a + b) / 2;
        if (c <= a || c >= b || level) {
            return {time: c, value: sought.height(c, curve.at(c))};
        }
        [a, b] = sought.sign(c, curve.at(c)) > 0 ? [c, b] : [a, c];
    }
}

// A time before which E' has one sign, because the curvature at 0 keeps its own.
function begin(curve) {
    return Math.abs(curve.at(0).curvature) / (2 * bounds(curve).third);
}

// The digits of E(t), and of E/t, that are right: each frequency is off by some units in its last
// place, and the phase by as much times t, and terms that cancel by theirs. The slope is at most the
// square root of range times curvature, and from rest the curvature times t.
function rightDigits(curve, time, value) {
    const {curvature} = bounds(curve);
    const slope = Math.min(Math.sqrt(curve.ceiling * curvature), time * curvature);
    const error = ROUNDING * (Math.max(Math.abs(value), ...curve.amplitudes) + time * slope);
    return error > 0 ? Math.max(0, Math.min(MOST_DIGITS, Math.floor(Math.log10(Math.abs(value) / error)))) : MOST_DIGITS;
}

const isConstant = curve => bounds(curve).curvature === 0;

// Growing spans of time, from the first in which anything can happen.
function* spans(curve, last = Infinity) {
    const most = bounds(curve);
    let start = begin(curve), span = 8 * most.curvature / most.third;
    for (let i = 0; i < 64 && start < last; i++) {
        yield [start, Math.min(start + span, last)];
        start += span;
        span *= 2;
    }
}

function firstPeak(curve) {
    for (const [start, end] of spans(curve, curve.last)) {
        for (const bracket of brackets(curve, ENERGY, start, end)) {
            if (bracket[2]) {
                throw new Error("E(t) rests before its first peak");
            }
            return refined(curve, ENERGY, bracket);
        }
    }
    throw new Error("E(t) comes to rest without a peak");
}

// The largest E in [0, end], both included; of equal ones the earliest.
function largestUntil(curve, end) {
    const until = Math.min(end, curve.last);
    const best = {value: curve.at(end).energy}, every = [];
    for (const bracket of begin(curve) < until ? brackets(curve, ENERGY, begin(curve), until, best) : []) {
        every.push(refined(curve, ENERGY, bracket));
        best.value = Math.max(best.value, every.at(-1).value);
    }
    return every.reduceRight(
        (highest, peak) => peak.value >= highest.value - TIE ? peak : highest,
        {time: end, value: curve.at(end).energy},
    );
}

// The largest P of all times: no later time reaches more than the largest E over t.
function highestPower(curve) {
    const best = {value: -Infinity};
    for (const [start, end] of spans(curve)) {
        for (const bracket of brackets(curve, POWER, start, end, best)) {
            const peak = refined(curve, POWER, bracket);
            Object.assign(best, peak.value > best.value ? peak : {});
        }
        if (curve.ceiling / end < best.value) {
            break;
        }
    }
    if (best.value === -Infinity) {
        throw new Error("no largest power was found");
    }
    return best;
}
