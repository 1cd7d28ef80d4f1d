r"""Hypotheses why a simulation differs from the exact values: an open table, in order of trial.

A hypothesis is a row with one function, which makes of a simulation what it would be if the
hypothesis were true: of other times, another system or quantity, or with something made of the
values in the end. Two of them apply one after the other.
``HYPOTHESES.append(Hypothesis(name, candidates))`` adds one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import least_squares

from numerics.model.noise import Channel
from numerics.model.options import SENSE
from numerics.model.problem import INTERACTIONS
from numerics.model.states import Dicke, Fock, InitialState, Product, Thermal
from numerics.model.superpositions import Gaussian, Superposition, coherent
from numerics.observables.table import OBSERVABLES
from symbattery.testing.simulation import Candidate, Hypothesis, Simulation, Values

__all__ = ["FITTED", "HYPOTHESES"]

# States of a battery that can be written out.
_MOST_STATES = 2**16


def _shifted(s: Simulation) -> Iterator[Candidate]:
    times = s.times.ravel()
    still = "the clock stands still, or nothing is coupled: the values are those of the start"
    yield Candidate(still, lambda: s.at(0 * s.times))
    first = times[0]
    if first:
        meaning = f"the start is at t = {first:g}, the first of `times`, in place of 0"
        yield Candidate(meaning, lambda: s.at(s.times - first))
        if s.name == "power":
            late = f"{meaning}, while E is divided by t"
            yield Candidate(
                late, lambda: s.at(s.times - first).read(lambda o, p: p * o.times / s.times)
            )
    steps = np.diff(times)
    if steps.size and np.allclose(steps, steps[0]):
        for sign, word in ((-1, "late"), (1, "early")):
            step = sign * steps[0]
            meaning = f"the values are one step of {steps[0]:g} {word}"
            yield Candidate(meaning, partial(s.at, s.times + step))
    for factor, word in ((2 * math.pi, "2π"), (1 / (2 * math.pi), "1/2π")):
        meaning = f"times are {word} times as long: frequencies ω and ω/2π are exchanged"
        yield Candidate(meaning, partial(s.at, factor * s.times))


def _units(s: Simulation) -> Iterator[tuple[float, str]]:
    """The energies of the given model that are not the unit of all."""
    model = s.asked.model
    coupling = 1 if model.coupling is None else model.coupling
    for unit, shown in ((float(coupling), "g"), (float(model.frequencies[0]), "ω₀")):
        if unit not in (0, 1):
            yield unit, shown


def _zero(s: Simulation) -> Iterator[Candidate]:
    if s.name != "energy":
        return
    bottom = s.frequency * s.excited_at_start()
    if bottom:
        meaning = "the energy is that above all cells down, not what was gained since the start"
        yield Candidate(
            meaning, lambda: s.read(lambda o, e: e + o.frequency * o.excited_at_start())
        )
    if s.model.battery.spin is not None:
        meaning = "the energy is ⟨H_B⟩ = ω₀⟨Σσᶻ⟩/2 itself, not what was gained since the start"
        yield Candidate(meaning, lambda: s.read(lambda o, e: e + _of_cells(o)))


def _of_cells(s: Simulation) -> float:
    """⟨H_B⟩ at the start, of spins."""
    return s.frequency * (s.excited_at_start() - float(s.model.battery.top) / 2)


def _factors(s: Simulation) -> Iterator[Candidate]:
    m = s.model.battery.top
    scales = [
        (2, "twice the exact ones: ω₀Σσᶻ in place of ω₀Σσᶻ/2, or pairs counted twice"),
        (0.5, "half the exact ones: ω₀Σσᶻ/4, of spins σ/2, in place of ω₀Σσᶻ/2"),
        (-1, "minus the exact ones: up and down, or battery and charger, are exchanged"),
    ]
    if m is not None and m > 1:
        scales += [(1 / m, "those of one cell: the exact ones over M"), (m, "M times the exact")]
    for unit, shown in _units(s):
        scales += [(1 / unit, f"in units of {shown}"), (unit, f"{shown} times the exact ones")]
        if m is not None:
            scales.append((1 / (m * unit), f"in units of M{shown}"))
    if s.name == "entropy":
        scales.append((1 / math.log(2), "in bits, by the logarithm to base 2"))
    for scale, meaning in scales:
        yield Candidate(f"the values are {meaning}", partial(_scaled, s, scale))


def _scaled(s: Simulation, scale: float) -> Simulation:
    return s.read(lambda _, values: scale * values)


_OPERATORS = (
    (2, "σˣτˣ + σʸτʸ in place of σ⁺τ⁻ + h.c. = (σˣτˣ + σʸτʸ)/2, or each pair is counted twice"),
    (0.5, "SˣJˣ + SʸJʸ of spin operators σ/2 in place of S₊J₋ + h.c., or each pair counts half"),
    (4, "σˣ ± iσʸ = 2σ± in place of σ±, Pauli matrices where spin operators are meant"),
    (0.25, "spin operators where Pauli matrices are meant, on both sides"),
)


def _operators(s: Simulation) -> Iterator[Candidate]:
    for factor, meaning in _OPERATORS:
        shown = f"the coupling is {factor} g: {meaning}"
        yield Candidate(shown, partial(s.modelled, coupling=factor * s.coupling))


def _normalised(s: Simulation) -> Iterator[Candidate]:
    sizes = s.numbers
    if len(sizes) == 2:
        sizes |= {"MN": sizes["M"] * sizes["N"], "(M+N)": sizes["M"] + sizes["N"]}
    for name, size in sizes.items():
        for power, shown in ((-0.5, f"/√{name}"), (0.5, f"√{name}"), (-1, f"/{name}"), (1, name)):
            meaning = f"the coupling is g{shown}: it is normalised by the number of spins"
            yield Candidate(meaning, partial(s.modelled, coupling=s.coupling * size**power))


def _unit_of_time(s: Simulation) -> Iterator[Candidate]:
    for unit, shown in _units(s):
        meaning = f"times are those of {shown}t, in units of 1/{shown}"
        yield Candidate(meaning, partial(s.at, s.times / unit))


def _interactions(s: Simulation) -> Iterator[Candidate]:
    ways = (
        (0.5, "counts each pair of spins once (the sum of the model is over ordered pairs)"),
        (2, "counts each pair of spins twice as often"),
        (0, "is left out"),
        (-1, "has the other sign"),
    )
    for name in INTERACTIONS:
        if value := getattr(s.model, name):
            for factor, meaning in ways:
                changed = {name: factor * float(value)}
                yield Candidate(f"`{name}` {meaning}", partial(s.modelled, **changed))


def _frequencies(s: Simulation) -> Iterator[Candidate]:
    own, other = map(float, s.model.frequencies)
    if s.model.charger_frequency is not None:
        given = float(s.model.charger_frequency)
        ways = (
            ("the charger is resonant", None),
            ("the detuning has the other sign", given * (2 * own - other) / (other or 1)),
            ("the frequency of the charger is twice the given one", 2 * given),
            ("the frequency of the charger is half the given one", given / 2),
        )
        for meaning, frequency in ways:
            yield Candidate(meaning, partial(s.modelled, charger_frequency=frequency))
    for factor, shown in ((2, "ωΣσᶻ in place of ωΣσᶻ/2"), (0.5, "ωΣσᶻ/4 in place of ωΣσᶻ/2")):
        changed = {"frequency": factor * own}
        if s.model.charger_frequency is not None:
            changed["charger_frequency"] = factor * float(s.model.charger_frequency)
        yield Candidate(
            f"H has {shown}, while the energy is the right one",
            partial(_rescaled, s, changed, factor**s.power_of_energy),
        )


def _rescaled(s: Simulation, changed: dict[str, float], unit: float) -> Simulation:
    return s.modelled(**changed).read(lambda _, values: values / unit)


def _anisotropy(s: Simulation) -> Iterator[Candidate]:
    if "anisotropy" not in s.model.__dataclass_fields__:
        return
    if s.model.anisotropy:
        meaning = "the counter-rotating terms are left out (γ = 0, rotating-wave approximation)"
        yield Candidate(meaning, partial(s.modelled, anisotropy=0))
    for value in (1, -float(s.model.anisotropy)):
        if value != s.model.anisotropy:
            yield Candidate(f"γ is {value:g}", partial(s.modelled, anisotropy=value))


_RATES: tuple[tuple[str, Callable[[float], float]], ...] = (
    ("twice the rate", lambda rate: 2 * rate),
    ("half the rate", lambda rate: rate / 2),
    ("four times the rate", lambda rate: 4 * rate),
    ("a quarter of the rate", lambda rate: rate / 4),
    ("the square of the rate, whose root belongs before a jump", lambda rate: rate**2),
    ("the root of the rate", lambda rate: math.sqrt(rate)),
)


def _noise(s: Simulation) -> Iterator[Candidate]:
    if not s.noise:
        return
    yield Candidate("there is no noise", partial(s.of, noise=()))
    kinds = {getattr(one, "kind", "bath") for one in s.noise}
    for kind in (*sorted(kinds), None) if len(kinds) > 1 else (None,):
        mine = [kind is None or getattr(one, "kind", "bath") == kind for one in s.noise]
        for meaning, changed in _RATES:
            noise = tuple(
                replace(one, rate=changed(float(one.rate))) if own else one
                for one, own in zip(s.noise, mine, strict=True)
            )
            shown = f"the noise{f' of kind {kind}' if kind else ''} has {meaning}"
            if meaning.startswith("four") and all(
                isinstance(one, Channel) and one.kind == "dephasing"
                for one, own in zip(s.noise, mine, strict=True)
                if own
            ):
                shown += ": jumps σᶻ in place of σᶻ/2"
            yield Candidate(shown, partial(s.of, noise=noise))
    turned = tuple(replace(one, collective=not one.collective) for one in s.noise)
    meaning = "single spins jump where all should together, or the reverse"
    yield Candidate(meaning, partial(s.of, noise=turned))


def _product_of(top: int, up: int) -> tuple[int, ...]:
    return (1,) * up + (0,) * (top - up)


def _starts(s: Simulation) -> Iterator[tuple[str, InitialState]]:
    """Other starts, with what they are."""
    m, n = s.model.battery.top, s.model.charger.top
    ideal = s.model.default_start()
    if s.start != ideal:
        yield "the ideal one, cells down and the charger full", ideal
    match s.start:
        case Dicke(k, c) if c is not None:
            if m is not None and n is not None:
                yield "that with up and down exchanged", Dicke(m - k, n - c)
            yield "that with cells and charger exchanged", Dicke(c, k)
            if m is not None and n is not None:
                dark = "that of single spins up, which is in part dark, and no Dicke state"
                yield dark, Product(_product_of(m, k), _product_of(n, c))
        case Dicke(k, None) if m is not None:
            yield "that with up and down exchanged", Dicke(m - k)
        case Fock(excited_cells=k, photons=photons):
            if m is not None:
                yield "that with up and down exchanged", Fock(photons=photons, excited_cells=m - k)
                yield "that of M photons", Fock(photons=m, excited_cells=k)
            yield (
                "a coherent state of as many photons",
                coherent(mean_photons=photons, excited_cells=k),
            )
        case Product(cells, chargers):
            sides = [[p for p in side if not isinstance(p, tuple)] for side in (cells, chargers)]
            ups = [sum(map(float, side)) for side in sides]
            if all(p in (0, 1) for side in sides for p in side):
                dark = "the Dicke state of as many spins up, which has no dark part"
                yield dark, Dicke(int(ups[0]), int(ups[1]) if chargers else None)
            turned = (tuple(1 - p for p in side) for side in sides)
            yield "that with up and down exchanged", Product(*turned)
        case Thermal(cell_population=cells, charger_population=chargers):
            given = {"cell_population": cells, "charger_population": chargers}
            turned_round = {name: 1 - p for name, p in given.items() if p is not None}
            for changed in ({name: p} for name, p in turned_round.items()):
                shown = f"that with 1 − p for `{next(iter(changed))}`: up and down are exchanged"
                yield shown, replace(s.start, **changed)
            yield "that with up and down exchanged on both sides", replace(s.start, **turned_round)
        case Superposition(charger=Gaussian(displacement=alpha), excited_cells=k):
            photons = round(abs(complex(alpha)) ** 2)
            yield f"the Fock state of {photons} photons", Superposition(photons, k)


def _other_starts(s: Simulation) -> Iterator[Candidate]:
    for meaning, start in _starts(s):
        yield Candidate(f"the start is {meaning}", partial(s.of, start=start))


def _of_interactions(s: Simulation, times: Any) -> Values:
    """The energy of crosstalk and longitudinal coupling among the cells."""
    side, at = s.model.battery, np.atleast_1d(times)
    total = np.zeros(at.size)
    for irrep in s.system.charging.battery_state(at.ravel()):
        levels = irrep.cells - side.bottom(irrep.size)
        element = float(s.model.cell_crosstalk) * side.irrep(irrep.size).crosstalk(levels)
        element = element + float(s.model.cell_longitudinal) * side.polarization(irrep.cells) ** 2
        total += irrep.populations @ element
    return total.reshape(np.shape(times))


def _dressed(s: Simulation) -> Iterator[Candidate]:
    if s.name != "energy":
        return
    if s.model.cell_crosstalk or s.model.cell_longitudinal:
        meaning = "the energy is dressed: that of the bare cells with their interactions"
        yield Candidate(
            meaning,
            lambda: s.read(
                lambda o, e: e + _of_interactions(o, o.times) - _of_interactions(o, np.zeros(()))
            ),
        )
    if not s.noise:
        meaning = "the energy includes that of the coupling: it is what the charger has lost"
        yield Candidate(meaning, lambda: s.read(lambda o, e: e - o.quantity("switching_work")))


def _spectrum(s: Simulation) -> tuple[Values, Values, Values, Values]:
    """⟨K⟩ of ρ and of ρ², ascending eigenvalues of the battery's state, and ascending levels."""
    side, times = s.model.battery, s.times.ravel()
    means, every, copies = np.zeros((2, times.size)), [], []
    for irrep in s.system.charging.battery_state(times):
        count, state = irrep.multiplicity, irrep.state
        if state.ndim == 2:
            values, squares = np.real(state), np.real(state) ** 2
        else:
            values = np.maximum(np.linalg.eigvalsh(state), 0)
            squares = np.sum(np.abs(state) ** 2, axis=2)
        means += np.stack([irrep.populations, squares / count]) @ irrep.cells
        every.append(values / count)
        copies += [count] * values.shape[1]
    if 2 ** int(side.top) > _MOST_STATES:
        raise ValueError("the states of the battery are too many to be written out")
    k = np.arange(int(side.top) + 1)
    symmetric = s.options.get("sense") == "symmetric" and len(every) == 1
    levels = k if symmetric else np.repeat(k, [side.degeneracy(n) for n in k.tolist()])
    values = np.repeat(np.hstack(every), copies, axis=1)
    values = np.pad(values, ((0, 0), (len(levels) - values.shape[1], 0)))
    return means[0], means[1], np.sort(values, axis=1), levels


def _extracted(way: str, s: Simulation, _: Values) -> Values:
    """The work with another passive state."""
    mean, of_square, values, levels = _spectrum(s)
    left = values @ levels if way == "active" else values**2 @ levels[::-1]
    work = (of_square if way == "of square" else mean) - left
    return np.asarray(s.frequency * work.reshape(s.times.shape))


_PASSIVE = {
    "active": "the active energy takes the place of the passive one: eigenvalues and levels are "
    "both in ascending order",
    "squared": "the passive energy is that of the eigenvalues of ρ²",
    "of square": "the ergotropy is that of ρ²",
}


def _passive(s: Simulation) -> Iterator[Candidate]:
    if s.name == "ergotropy":
        for way, meaning in _PASSIVE.items():
            yield Candidate(meaning, partial(s.read, partial(_extracted, way)))


def _quantities(s: Simulation) -> Iterator[Candidate]:
    for sense in SENSE.choices if s.name == "ergotropy" else ():
        meaning = f"the values are those of the sense {sense!r} of the ergotropy"
        yield Candidate(meaning, partial(s.named, "ergotropy", sense=sense))
    for name in OBSERVABLES:
        if name != s.name:
            meaning = f"the values are those of `{name}`"
            yield Candidate(meaning, partial(s.named, name))


def _fitted(s: Simulation) -> Iterator[Candidate]:
    exact = s.exact()
    if not np.all(np.isfinite(s.values)) or not np.all(np.isfinite(exact)):
        return
    # One number fits one value, whatever it is.
    if np.count_nonzero(exact) < 2:
        return
    size = np.vdot(exact, exact).real
    if size:
        factor = float(np.vdot(exact, s.values).real / size)
        yield Candidate(
            f"the values are {factor:.6g} times the exact ones", partial(_scaled, s, factor)
        )
    constant = float(np.mean(s.values - exact).real) if exact.size else 0.0
    meaning = f"the values have a constant {constant:.6g} on top"
    yield Candidate(meaning, lambda: s.read(lambda _, values: values + constant))
    shift = _best(s, 0.0, lambda x: s.at(s.times + x))
    yield Candidate(f"the clock is shifted: t {shift:+.6g}", lambda: s.at(s.times + shift))
    scale = _best(s, 1.0, lambda x: s.modelled(coupling=x * s.coupling))
    meaning = f"the coupling is {scale:.6g} g"
    yield Candidate(meaning, lambda: s.modelled(coupling=scale * s.coupling))


def _best(s: Simulation, first: float, changed: Callable[[float], Simulation]) -> float:
    """The number that fits best, near a first one."""

    def deviations(x: Values) -> Values:
        off = np.ravel(changed(float(x[0])).exact() - s.values)
        return np.concatenate([off.real, off.imag])

    try:
        return float(least_squares(deviations, [first], xtol=1e-14, ftol=1e-14).x[0])
    except (ValueError, ArithmeticError):
        return first


FITTED = Hypothesis("one number that is fitted", _fitted)
"""The only row that is no part of a pair: with a number of its own much would fit."""

HYPOTHESES: list[Hypothesis] = [
    Hypothesis("another clock", _shifted),
    Hypothesis("another zero of the energy", _zero),
    Hypothesis("a factor in the coupling", _operators),
    Hypothesis("a normalised coupling", _normalised),
    Hypothesis("another unit of time", _unit_of_time),
    Hypothesis("other interactions", _interactions),
    Hypothesis("other frequencies", _frequencies),
    Hypothesis("another anisotropy", _anisotropy),
    Hypothesis("other noise", _noise),
    Hypothesis("another start", _other_starts),
    Hypothesis("another energy", _dressed),
    Hypothesis("another passive state", _passive),
    Hypothesis("another quantity", _quantities),
    Hypothesis("a factor in the values", _factors),
    FITTED,
]
"""The rows, in the order in which they are tried."""
