r"""Noise: loss, pumping and dephasing of cells and charger, spin by spin or collectively.

A channel of rate :math:`\Gamma` adds :math:`\Gamma\sum_i D[L_i]\rho`,
:math:`D[L]\rho=L\rho L^\dagger-\tfrac12\{L^\dagger L,\rho\}`, with :math:`L_i=\sigma^-_i`,
:math:`\sigma^+_i` or :math:`\sigma^z_i/2` of every spin of a side; where it is collective the sum
of these is the only jump. A cavity loses by :math:`b`, gains by :math:`b^\dagger`, and is dephased
by :math:`b^\dagger b`.

A new kind of noise is a frozen dataclass that derives from :class:`Noise` and says its jumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.models import Model
from numerics.model.sides import HALF

__all__ = [
    "STEPS",
    "Bath",
    "Channel",
    "Jump",
    "Noise",
    "bath",
    "check_noise",
    "dephasing",
    "loss",
    "pump",
]

STEPS = {"loss": -1, "pump": +1, "dephasing": 0}
"""The excitations that each kind of channel adds."""

_SIDES = {"cells": "battery", "chargers": "charger", "cavity": "charger"}


class Jump(NamedTuple):
    r"""A kind of jump as an engine reads it.

    Its rate is ``rate``; of a bath, times :math:`\bar n` where a jump adds an excitation and
    :math:`\bar n+1` where it takes one, :math:`\bar n=1/(e^x-1)` with x = ``exponent``.
    """

    side: str  # of the model: "battery" or "charger"
    step: int  # the excitations that it adds
    rate: Any
    collective: bool
    exponent: Any = None


@dataclass(frozen=True)
class Noise:
    """Noise of one side, "cells", "chargers" or "cavity", with a rate in 1/time."""

    side: Any
    rate: Any
    collective: Any = False

    def __post_init__(self) -> None:
        checks.choice("side", self.side, tuple(_SIDES))
        object.__setattr__(self, "rate", checks.exactly("rate", self.rate))
        checks.non_negative("rate", self.rate, symbolic=True)
        checks.truth("collective", self.collective)

    @property
    def name(self) -> str:
        """The kind of noise in a word."""
        return type(self).__name__.lower()

    def __str__(self) -> str:
        """The noise as it is called in Python."""
        last = ["collective=True"] if self.collective else []
        return f"{self.name}({', '.join([self.side, *map(str, self._numbers), *last])})"

    @property
    def _numbers(self) -> tuple[Any, ...]:
        return (self.rate,)

    def jumps(self, model: Model) -> Iterator[Jump]:
        """The kinds of jumps in a model."""
        raise NotImplementedError(f"{type(self).__name__} does not say its jumps")

    def check(self, model: Model) -> None:
        """Refuse a model that has no such side.

        Raises
        ------
        InvalidArgument
            A cavity where there are spins, or the reverse, or one whose ladder is not that of b.
        """
        if not model.charger.distinguishable:
            raise invalid("model", "have a charger with levels of its own for noise", model)
        if any(side.spin not in (None, HALF) for side in (model.battery, model.charger)):
            raise invalid("model", "have no spins above 1/2 for noise", model)
        charger = "cavity" if model.charger.spins is None else "chargers"
        if self.side not in ("cells", charger):
            raise invalid("side", f"be cells or {charger} for this model", self.side)
        ladder = getattr(model, _SIDES[self.side])
        if ladder.top is None and ladder.distinguishable and not ladder.linear:
            must = f"be another one than a {ladder.noun}, whose jumps are not those of its ladder"
            raise invalid("side", must, self.side)


@dataclass(frozen=True)
class Channel(Noise):
    """One kind of jump: loss, pump or dephasing."""

    kind: Any = "loss"

    def __post_init__(self) -> None:
        super().__post_init__()
        checks.choice("kind", self.kind, tuple(STEPS))

    @property
    def name(self) -> str:
        return str(self.kind)

    def jumps(self, model: Model) -> Iterator[Jump]:
        yield Jump(_SIDES[self.side], STEPS[self.kind], self.rate, self.collective)


@dataclass(frozen=True)
class Bath(Noise):
    """A thermal bath: loss and pumping, in detailed balance at the frequency of the side."""

    temperature: Any = None

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "temperature", checks.exactly("temperature", self.temperature))
        checks.positive_number("temperature", self.temperature, symbolic=True)

    @property
    def _numbers(self) -> tuple[Any, ...]:
        return self.rate, self.temperature

    def check(self, model: Model) -> None:
        super().check(model)
        frequency = model.frequencies[self.side != "cells"]
        if (frequency <= 0) == True:  # noqa: E712  # a symbol may have no sign
            raise invalid("charger_frequency", "be positive for a bath of the chargers", frequency)

    def jumps(self, model: Model) -> Iterator[Jump]:
        side = _SIDES[self.side]
        frequency = model.frequencies[side == "charger"]
        for step in (-1, +1):
            yield Jump(side, step, self.rate, self.collective, frequency / self.temperature)


def loss(side: Any, rate: Any, *, collective: Any = False) -> Channel:
    r"""Loss of excitations: jumps :math:`\sigma^-_i`, or :math:`b` of a cavity.

    Parameters
    ----------
    side : {"cells", "chargers", "cavity"}
    rate : non-negative
        :math:`\Gamma`, in 1/time.
    collective : bool
        :math:`\sum_i\sigma^-_i` is the only jump.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return Channel(side, rate, collective, "loss")


def pump(side: Any, rate: Any, *, collective: Any = False) -> Channel:
    r"""Incoherent pumping: jumps :math:`\sigma^+_i`, or :math:`b^\dagger`; see :func:`loss`.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return Channel(side, rate, collective, "pump")


def dephasing(side: Any, rate: Any, *, collective: Any = False) -> Channel:
    r"""Dephasing: jumps :math:`\sigma^z_i/2`, or :math:`b^\dagger b`; see :func:`loss`.

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return Channel(side, rate, collective, "dephasing")


def bath(side: Any, rate: Any, temperature: Any, *, collective: Any = False) -> Bath:
    r"""A thermal bath: loss with :math:`\Gamma(\bar n+1)`, pumping with :math:`\Gamma\bar n`.

    :math:`\bar n=1/(e^{\omega/T}-1)` at the frequency :math:`\omega` of the side.

    Parameters
    ----------
    side, rate, collective
        As for :func:`loss`.
    temperature : positive
        :math:`T`, in units of energy (:math:`k_B=1`).

    Raises
    ------
    InvalidArgument
        An argument is not what it must be.
    """
    return Bath(side, rate, collective, temperature)


def check_noise(model: Model, noise: Iterable[Any]) -> tuple[Noise, ...]:
    """The noise of a model, checked against it.

    Raises
    ------
    InvalidArgument
        An entry is no noise, has no such side, or a side has both a bath and pumping of its own.
    """
    given = tuple(checks.entries("noise", noise, "be a sequence of loss, pump, dephasing or bath"))
    for i, one in enumerate(given):
        if not isinstance(one, Noise):
            raise invalid(f"noise[{i}]", "be loss, pump, dephasing or bath", one)
        one.check(model)
    if given and model.groups:
        raise invalid("noise", "be left out for groups of spins", given)
    pumped = {one.side for one in given if isinstance(one, Channel) and one.kind == "pump"}
    for one in given:
        if isinstance(one, Bath) and one.side in pumped:
            raise InvalidArgument(
                f"`noise` must have a bath or pumping of the {one.side}, but has both: a bath pumps"
            )
    return given
