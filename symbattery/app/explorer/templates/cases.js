"use strict";

// Functions of the probabilities p of the levels; null where there is no closed form.
const STATES = [
{% for formulas in states %}
{
{% for word, formula in formulas.items() %}
    {{ word }}: {{ formula if formula == "null" else "p => " ~ formula }},
{% endfor %}
},
{% endfor %}
];

// Each case says where it holds, and makes a curve of its parameters: E with slope and curvature,
// probabilities, bounds on the size of its second and third derivative and of itself, the time of
// the last peak that can be told from rest, the size of terms that cancel, the supremum where that is a closed form.
const CASES = [
{% for case in cases %}
{
    key: {{ case.key | tojson }},
    noise: {{ case.noise | tojson }},
    rates: {{ case.rates | tojson }},
    state: STATES[{{ states.index(case.quantities) }}],
    holds: ({ {{- case.settings | join(", ") -}} }) => {{ case.holds }},
    curve({ {{- case.parameters | join(", ") -}} }) {
        {{ case.constants | indent(8) }}
        return {
            curvature_bounds: [{{ case.curvature_bounds | join(", ") }}],
            third_derivative_bounds: [{{ case.third_derivative_bounds | join(", ") }}],
            ceiling: {{ case.ceiling }},
            last: {{ case.last }},
            amplitudes: [{{ case.amplitudes | join(", ") }}],
            supremum: {{ case.supremum }},
            at(t) {
                {{ case.body | indent(16) }}
                return {
{% for name, value in case["values"].items() %}
                    {{ name }}: {{ value }},
{% endfor %}
                    populations: [{{ case.populations | join(", ") }}],
                };
            },
        };
    },
},
{% endfor %}
];

if (typeof module !== "undefined") {
    module.exports = {CASES};
}
