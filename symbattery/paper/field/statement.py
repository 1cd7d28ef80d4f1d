"""A paper of the field: its statements, and how each is computed by two routes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

import numerics
from numerics.model.models import Model
from numerics.model.states import InitialState
from numerics.model.superpositions import coherent, squeezed
from symbattery.paper.claim import Below, Claim, Context, Reading
from symbattery.paper.judges.brute import Brute

__all__ = [
    "DOUBLED", "OURS", "Charge", "Paper", "engine", "fitted", "judge", "judged", "locked",
    "mean_coherent", "mean_squeezed", "nearer", "peak", "power", "slope", "steps",
]  # fmt: skip


OURS = "abstract; our formula"
"""Where a text says that something is bounded or linked, and the formula is not in it."""
DOUBLED = Below("0.9")
"""What tends to 0 falls by a tenth at least with each doubling of the size."""


@dataclass(frozen=True)
class Charge:
    """From a model and a start to a battery, of the engine or of the judge, once for each."""

    context: Context
    build: Callable[..., Any]

    def __call__(self, model: Model, initial: InitialState | None = None) -> Any:
        key = ("battery", self.build, model, initial)
        return self.context.once(key, lambda: self.build(model, initial))

    def extremum(self, name: str, model: Model, initial: InitialState | None) -> Any:
        """A maximum of that battery."""
        key = (name, self.build, model, initial)
        return self.context.once(key, lambda: getattr(self(model, initial), name)())


engine, judge = (partial(Charge, build=build) for build in (numerics.charge, Brute))


@dataclass(frozen=True)
class Paper:
    """A paper whose statements were read in a public text.

    Attributes
    ----------
    key : str
        Its number on arXiv.
    authors : str
        Empty where the text does not name them.
    title : str
    model : str
        How its statements are read where the text leaves the model open.
    claims : tuple of Claim
        In the order of the text; identifiers begin with the key.
    """

    key: str
    authors: str
    title: str
    model: str
    claims: tuple[Claim, ...]

    @property
    def name(self) -> str:
        """Authors and title."""
        return f"{self.authors}: {self.title}" if self.authors else self.title


def judged(words: str, of: Callable[[Charge], Any]) -> Reading:
    """A reading computed by the engine, and again by the judge."""
    return Reading(words, lambda c: of(engine(c)), again=lambda c: of(judge(c)))


def peak(charge: Charge, model: Model, initial: InitialState | None = None) -> Any:
    """The first maximum of E, with its time."""
    return charge.extremum("first_peak", model, initial)


def power(charge: Charge, model: Model, initial: InitialState | None = None) -> float:
    """The largest average power over all times."""
    return float(charge.extremum("max_power", model, initial).value)


def locked(
    charge: Charge, model: Model, initial: InitialState | None = None, **options: Any
) -> float:
    """1 − W/E at the first maximum of E, with the ergotropy W; of one cell, per cell."""
    battery, best = charge(model, initial), peak(charge, model, initial)
    share = model.cells if "cells" in options else 1
    return 1 - share * float(battery.ergotropy(best.time, **options)) / float(best.value)


def slope(of: Callable[[int], float], low: int, high: int) -> float:
    """The slope of ln of a quantity against ln of the size, between two sizes."""
    return math.log(of(high) / of(low)) / math.log(high / low)


def fitted(of: Callable[[int], float], sizes: Sequence[int]) -> float:
    """The same by least squares over many sizes."""
    return float(np.polyfit(np.log(sizes), np.log([of(size) for size in sizes]), 1)[0])


def steps(values: Iterable[float]) -> float:
    """The smallest step from one value to the next."""
    return float(np.diff(list(values)).min())


def nearer(distances: Iterable[float]) -> float:
    """The largest ratio of one distance from a limit to the one before."""
    return max(after / before for before, after in pairwise(distances))


def mean_coherent(photons: float) -> InitialState:
    """A coherent state of so many photons on average."""
    return coherent(mean_photons=photons)


def mean_squeezed(photons: float) -> InitialState:
    """A squeezed vacuum of so many photons on average."""
    return squeezed(math.asinh(math.sqrt(photons)))
