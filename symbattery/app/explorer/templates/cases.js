"use strict";

// Each case says where it holds, and makes a curve of its parameters: E with slope and curvature,
// the probabilities of 0, 1, … excited cells,
// bounds on the size of its second and third derivative and of itself, the supremum where that is a
// closed form. Checks are values at 50 digits.
const CASES = [
{% for case in cases %}
{
    key: {{ case.key | tojson }},
    holds: ({ {{- case.settings | join(", ") -}} }) => {{ case.holds }},
    curve({ {{- case.parameters | join(", ") -}} }) {
        {{ case.constants | indent(8) }}
        return {
            curvature_bounds: [{{ case.curvature_bounds | join(", ") }}],
            third_derivative_bounds: [{{ case.third_derivative_bounds | join(", ") }}],
            ceiling: {{ case.ceiling }},
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
    arguments: {{ case.arguments | tojson }},
    tolerance: {{ case.tolerance }},
    checks: [
{% for row in case.checks %}
        [{{ row | join(", ") }}],
{% endfor %}
    ],
},
{% endfor %}
];

if (typeof module !== "undefined") {
    module.exports = {CASES};
}
