"""Beyond the paper: its conclusions, asked of the energy that can be extracted."""

from __future__ import annotations

from typing import Any

import numpy as np

from numerics.model.models import CavityCharger, Model, SpinCharger
from numerics.model.states import InitialState
from symbattery.paper.claim import Above, Below, Claim, Compute, Context, Number, Reading
from symbattery.paper.judges import direct, extraction
from symbattery.paper.judges import landscape as land
from symbattery.paper.sections.crosstalk import IDEAL, PAULI, STATES, crosstalk_model
from symbattery.paper.sections.starts import BATTERY, CHARGER

__all__ = ["EXTRACTABLE"]

_SIZES = land.SIZES[1:]
_LOCAL = "by rotations of each cell"
_FULL = "by all unitaries on the battery"
_LARGEST = 50
# The starts of Fig. 7 on all spins, as bits that are down.
_FLIPPED = [(weight, STATES[down]) for weight, down in (
    (0.6, 0b110000), (0.2, 0b010000), (0.2, 0b100000)
)]  # fmt: skip


def _work(
    c: Context, model: Model, times: Any, sense: str = "full", initial: InitialState | None = None
) -> Any:
    """The ergotropy in units of ω₀; times as in the model."""
    return c.charge(model, initial).ergotropy(times, sense=sense)


def _at_peak(
    c: Context, model: Model, sense: str = "full", initial: InitialState | None = None
) -> float:
    """The ergotropy at the first peak of E."""
    time = c.charge(model, initial).first_peak().time
    return float(_work(c, model, time, sense, initial))


def _left(sense: str) -> Compute:
    """E − ergotropy after gt = 0.6, M = N = 2."""
    model = SpinCharger(2, 2, 1)
    return lambda c: float(c.charge(model).energy(0.6) - _work(c, model, 0.6, sense))


def _most_locked(c: Context) -> float:
    """The largest E − ergotropy at first peaks, N = M ≤ 10, every γ."""
    models = [land.spins(m, 1, gamma) for m in land.SIZES for gamma in land.ANISOTROPIES]
    return max(c.first_peak(model) - _at_peak(c, model) for model in models)


def _falls(sense: str) -> Compute:
    """The smallest fall of the ergotropy at first peaks along γ, N = M = 2…10."""
    return lambda c: direct.smallest_fall(
        np.array([_at_peak(c, land.spins(m, 1, gamma), sense) for m in _SIZES])
        for gamma in land.ANISOTROPIES
    )


def _above_cavity(sense: str) -> Compute:
    """The smallest excess of the spins over the cavity, first peaks, N = M = 2…10, γ = 0."""
    return lambda c: min(
        _at_peak(c, land.spins(m), sense) - _at_peak(c, CavityCharger(m, 1), sense) for m in _SIZES
    )


def _power(c: Context, cells: int) -> float:
    """The largest ergotropy over time, M = N, γ = 0, in gω₀."""
    charging = c.charge(SpinCharger(cells, cells, 1))
    return c.once(("ergotropy", cells), lambda: float(charging.max_power("ergotropy").value))


def _eta(cells: int) -> Compute:
    """The ratio of Eq. (10), with the largest power of the ergotropy."""
    return lambda c: _power(c, cells) / (cells * _power(c, 1))


def _eta_of_energy(c: Context) -> float:
    single, most = (c.max_power(SpinCharger(m, m, 1)) for m in (1, _LARGEST))
    return most / (_LARGEST * single)


def _crosstalk_top(sense: str) -> Compute:
    """The largest ergotropy in gt ≤ 10 at g₁ = g."""
    name = f"ergotropy(sense={sense})"
    return lambda c: float(c.charge(crosstalk_model(1.0)).maximum(name, until=10).value)


def _non_ideal(initial: InitialState, sense: str = "full") -> Compute:
    return lambda c: _at_peak(c, IDEAL, sense, initial)


def _order(sense: str) -> Compute:
    """The non-ideal charger less the non-empty battery."""
    one, other = _non_ideal(CHARGER, sense), _non_ideal(BATTERY, sense)
    return lambda c: one(c) - other(c)


def _order_again(_: Context) -> float:
    """The same with Pauli matrices, and populations of chains."""
    curve = direct.pauli_curve(2, 4, _FLIPPED)
    time = direct.first_top(curve, 2.0, 2000)[0]
    states = direct.pauli_states(2, 4)
    rho = sum(w * extraction.reduced(states(start)(np.array([time])), 2) for w, start in _FLIPPED)
    chains = [(w, direct.chain_states(direct.spin_hops(2, 4, up))) for w, up in
        ((0.6, 4), (0.1, 3), (0.1, 2), (0.1, 1))]  # fmt: skip

    def populations(times: direct.Floats) -> direct.Floats:
        p = np.zeros((3, len(times)))
        p[0] += 0.1
        for weight, moved in chains:
            found = np.abs(moved(times)) ** 2
            p[: len(found)] += weight * found
        return p

    top = direct.first_top(lambda times: np.arange(3) @ populations(times), 2.0, 2000)[0]
    p = populations(np.array([top]))[:, 0]
    return extraction.extracted(np.diag(p), [0, 1, 2], [0, 1, 1, 2]) - extraction.of_cells(rho)


def _at_rest(sense: str) -> Compute:
    return lambda c: float(_work(c, IDEAL, 0.0, sense, BATTERY))


EXTRACTABLE = (
    Claim("beyond.reversal", "beyond, beside Sec. I",
        "everything that was stored can be taken out", Below("1e-9"),
        Reading(f"$(E - \\mathcal E)/\\omega_0$ at $gt = 0.6$, $M = N = 2$; {_FULL}",
            _left("full")),
        (Reading("after the excitations of the charger were measured", _left("daemonic")),)),
    Claim("beyond.locked", "beyond, beside Fig. 4(a)",
        "at the first peak less than one quantum is locked, for each $\\gamma$ of the figure",
        Below("1"),
        Reading(r"largest $(E - \mathcal E)/\omega_0$, $N = M = 1 \dots 10$", _most_locked)),
    Claim("beyond.anisotropy", "beyond, beside Fig. 4(a)",
        r"a smaller $\gamma$ lets more be extracted at the first peak, $N = M$", Above(),
        Reading(rf"smallest fall along $\gamma$, $M = 2 \dots 10$; {_FULL}", _falls("full")),
        (Reading(_LOCAL, _falls("local")),)),
    Claim("beyond.cavity", "beyond, beside Fig. 4(a)",
        "from as many spins more can be extracted than from the cavity with $M$ photons", Above(),
        Reading(rf"smallest excess, first peaks, $M = 2 \dots 10$, $\gamma = 0$; {_FULL}",
            _above_cavity("full")),
        (Reading(_LOCAL, _above_cavity("local")),)),
    Claim("beyond.advantage", "beyond, beside Eq. (10)",
        r"the collective advantage of $\mathcal E/t$ grows with the size as that of $E/t$ does",
        Above(),
        Reading(rf"smallest step of $\eta_{{\mathcal E}}$, $M = N = 1$, 2, 5, 10, 20, {_LARGEST}",
            lambda c: direct.smallest_step(_eta(m)(c) for m in (1, 2, 5, 10, 20, _LARGEST))),
        compared=(
            Reading(rf"$\eta_{{\mathcal E}}$ at $M = {_LARGEST}$", _eta(_LARGEST)),
            Reading(r"$\eta$ of Eq. (10) there", _eta_of_energy))),
    Claim("beyond.crosstalk", "beyond, beside Fig. 6(a)",
        "with $g_1 = g$ some of the energy can still be extracted", Above("1e-9"),
        Reading(rf"largest $\mathcal E/\omega_0$ in $gt \le 10$; {_FULL}", _crosstalk_top("full")),
        (Reading(_LOCAL, _crosstalk_top("local")),)),
    Claim("beyond.worse", "beyond, beside Fig. 7(a)",
        "from non-empty batteries less can be extracted than from those of non-ideal chargers",
        Above(),
        Reading(f"difference in $\\omega_0$ at the first peaks of $E$; {_FULL}", _order("full")),
        (Reading(_LOCAL, _order("local")),),
        witness=Reading(f"{PAULI}; written-down chains", _order_again),
        instead=Reading(r"$\mathcal E/\omega_0$ of the non-empty battery", _non_ideal(BATTERY)),
        compared=(Reading("of the one with non-ideal chargers", _non_ideal(CHARGER)),)),
    Claim("beyond.passive", "beyond, beside Eq. (21)",
        "the mixture of empty and once excited cells is passive", Below("1e-12"),
        Reading(_FULL, _at_rest("full")), (Reading(_LOCAL, _at_rest("local")),)),
    Claim("beyond.single", "beyond, beside Eq. (20)",
        r"$|01\rangle$ by itself is not: unitaries that treat both cells alike take out half a "
        "quantum, a rotation of one cell all of it", Number("0.5"),
        Reading(r"from $|01\rangle$ within triplet and singlet, in $\omega_0$",
            lambda _: extraction.symmetric_of_two(extraction.pure([0, 1, 0, 0]))),
        compared=(Reading("by rotations of single cells",
            lambda _: extraction.local_of_two(extraction.pure([0, 1, 0, 0]))),)),
)  # fmt: skip
