"""Systems whose E(t) is known in closed form, at any size and to any digits."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from mpmath import mp, mpf

from numerics import CavityCharger, SpinCharger, dicke, fock, mixture, product, thermal
from numerics.model.models import Model
from numerics.model.states import InitialState

ClosedForm = tuple[Model, InitialState | None, Callable[[Any], Any]]


def real(value: Any) -> mpf:
    """A rational at the working precision."""
    exact = Fraction(value)
    return mpf(exact.numerator) / exact.denominator


def rabi(t: Any, hop: Any, detuning: Any = 0) -> Any:
    """The probability of the other of two levels; ``hop`` and half the detuning."""
    square = hop**2 + detuning**2
    return hop**2 / square * mp.sin(mp.sqrt(square) * t) ** 2 if hop else mpf(0)


def two_cells(n: int, g: Any, t: Any) -> Any:
    """Eq. (A6) in units of ω₀, in a form in which nothing cancels."""
    s = mp.sin(mp.sqrt(2 * (3 * n - 2)) * g * t / 2) ** 2
    return mpf(4 * n) / (3 * n - 2) * s * (1 + mpf(n - 2) / (3 * n - 2) * s)


def thermal_cavity(t: Any, beta: Any, g: Any) -> Any:
    """A geometric sum of Rabi oscillations."""
    x, last = mp.exp(-beta), int((mp.dps + 5) * mp.log(10) / beta) + 1
    return (1 - x) * mp.fsum(x**n * mp.sin(mp.sqrt(n) * g * t) ** 2 for n in range(1, last))


def eq_17(t: Any, dark: Any) -> Any:
    """At p₀ = 3/10, less a share of its second part."""
    full, half = 2 * mp.sin(mp.sqrt(2) * t) ** 2, mp.sin(2 * t) ** 2
    return full - real("0.3") * (full - (1 - dark) * half)


_PAIR = ("0.7", "1.3")

CLOSED_FORMS: dict[str, ClosedForm] = {
    # Below Eq. (12): e(t) = ω₀ sin²(gt) for every γ.
    **{
        f"one cell and one spin, γ = {gamma}":
            (SpinCharger(1, 1, *_PAIR, gamma), None, lambda t: real("1.3") * rabi(t, real("0.7")))
        for gamma in ("0", "0.2", "0.6", "1")
    },
    "one cell and one spin, detuned": (
        SpinCharger(1, 1, *_PAIR, "0.6", "0.9"), None,
        lambda t: real("1.3") * rabi(t, real("0.7"), real("0.2"))
    ),
    # |00⟩ only ever meets |11⟩, by gγ, two quanta away.
    "counter-rotating pair": (
        SpinCharger(1, 1, *_PAIR, "0.6"), dicke(0, 0),
        lambda t: real("1.3") * rabi(t, real("0.42"), real("1.3"))
    ),
    **{
        f"one cell, {m} of {n} up": (
            SpinCharger(1, n, "0.3"), dicke(0, m),
            lambda t, rate=m * (n - m + 1): rabi(t, real("0.3") * mp.sqrt(rate))
        )
        for n, m in ((5, 2), (60, 31), (7, 0))
    },
    "one cell, detuned from sixty": (
        SpinCharger(1, 60, "0.2", charger_frequency="1.7"), None,
        lambda t: rabi(t, real("0.2") * mp.sqrt(60), real("0.35"))
    ),
    "one excitation of a thousand cells":
        (SpinCharger(1000, 3000, "1/1000"), dicke(0, 1), lambda t: rabi(t, mp.sqrt(3))),
    **{
        f"two cells, {n}": (
            SpinCharger(2, n, "0.1", "1.7"), None,
            lambda t, n=n: real("1.7") * two_cells(n, real("0.1"), t)
        )
        for n in (1, 2, 3, 4, 6, 7, 20, 200, 500)
    },
    # |10⟩ is half singlet, which stays dark: half of the p₀ part of Eq. (17) is too much.
    "Eq. (17), a triplet": (
        SpinCharger(2, 2), mixture([("0.7", dicke(0, 2)), ("0.3", dicke(0, 1))]),
        lambda t: eq_17(t, 0)
    ),
    "Eq. (17), as written":
        (SpinCharger(2, 2), product([0, 0], [1, "0.7"]), lambda t: eq_17(t, mpf(0.5))),
    "one spin of five up":
        (SpinCharger(1, 5), product([0], [1, 0, 0, 0, 0]), lambda t: rabi(t, mp.sqrt(5)) / 5),
    **{
        f"{n} photons": (
            CavityCharger(1, *_PAIR), fock(n),
            lambda t, n=n: real("1.3") * rabi(t, real("0.7") * mp.sqrt(n))
        )
        for n in (0, 1, 5, 9)
    },
    # The one photon comes from the cell.
    "cell in an empty cavity": (
        CavityCharger(1, *_PAIR, 0, "0.9"), fock(0, excited_cells=1),
        lambda t: -real("1.3") * rabi(t, real("0.7"), real("0.2"))
    ),
    # Crosstalk lifts (|01⟩ + |10⟩)/√2 by 2g₂ and leaves |00⟩.
    "crosstalk in a cavity": (
        CavityCharger(2, "0.7", cell_crosstalk="0.4"), fock(0, excited_cells=1),
        lambda t: -rabi(t, real("0.7") * mp.sqrt(2), real("0.4"))
    ),
    "thermal cavity": (
        CavityCharger(1, "0.4"), thermal(charger_inverse_temperature="0.7"),
        lambda t: thermal_cavity(t, real("0.7"), real("0.4"))
    ),
}  # fmt: skip
