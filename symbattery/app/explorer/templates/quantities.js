// What may be shown beside E: a function of the probabilities p[k] of k excited cells, which are the
// eigenvalues of the battery's state, because it starts with all cells down and keeps excitations.

const total = (p, weight) => p.reduce((sum, value, k) => sum + value * weight(k), 0);
const falling = p => [...p].sort((a, b) => b - a);

const QUANTITIES = {
    energy: null,
    ergotropy: p => total(p, k => Math.max(0, k - 1)) + Math.max(...p) - p[0],
    symmetric: p => total(p, k => k) - total(falling(p), i => i),
    local: p => Math.max(0, total(p, k => 2 * k - p.length + 1)),
    entropy: p => p.reduce((sum, value) => sum - (value > 0 ? value * Math.log(value) : 0), 0),
    variance: p => {
        const mean = total(p, k => k);
        return total(p, k => (k - mean) ** 2);
    },
};
