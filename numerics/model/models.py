r"""What is charged by what: a battery of spin-1/2 cells and its charger.

A model is a description: numbers, or SymPy symbols where the symbolic engine may keep one. A number
given as text, "0.1" or "1/3", is that number exactly.
``None`` for ``coupling`` or ``frequency`` leaves that unit open: the symbolic engine then
writes :math:`g` and :math:`\omega_0`, the numerics count times in :math:`1/g` and energies in
:math:`\omega_0` (both 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numerics.model import checks

__all__ = ["CavityCharger", "Model", "SpinCharger", "check_model"]


_NUMBERS = (
    "coupling",
    "frequency",
    "anisotropy",
    "charger_frequency",
    "charger_crosstalk",
    "cell_crosstalk",
)


def _check_common(model: SpinCharger | CavityCharger) -> None:
    for name in _NUMBERS:
        if hasattr(model, name):
            object.__setattr__(model, name, checks.exactly(name, getattr(model, name)))
    object.__setattr__(model, "cells", checks.positive_integer("cells", model.cells, symbolic=True))
    if model.coupling is not None:
        checks.real("coupling", model.coupling, symbolic=True)
    if model.frequency is not None:
        checks.positive_number("frequency", model.frequency, symbolic=True)
    if model.charger_frequency is not None:
        checks.positive_number("charger_frequency", model.charger_frequency, symbolic=True)
    checks.probability("anisotropy", model.anisotropy, symbolic=True)
    checks.real("cell_crosstalk", model.cell_crosstalk, symbolic=True)


@dataclass(frozen=True)
class SpinCharger:
    r"""Cells charged collectively by charger spins through a Heisenberg XY coupling.

    .. math::

        H = \frac{\omega_0}{2}\sum_k\sigma^z_k + \frac{\omega_C}{2}\sum_l\tau^z_l
          + g\,[J_-(\gamma S_- + S_+) + \mathrm{h.c.}]
          + g_1\sum_{l\neq j}(\tau^+_l\tau^-_j + \mathrm{h.c.})
          + g_2\sum_{k\neq q}(\sigma^+_k\sigma^-_q + \mathrm{h.c.}),

    with :math:`S_\pm=\sum_k\sigma^\pm_k`, :math:`J_\pm=\sum_l\tau^\pm_l` (Huangfu and Jing 2021,
    Eqs. (1), (3) and (14); the crosstalk sums run over ordered pairs, as printed there). The
    charger's sum is :math:`g_1(J_+J_-+J_-J_+-N)`; Eq. (15) prints 1 in place of :math:`N`, a
    constant that changes no stored energy.

    Parameters
    ----------
    cells, chargers : int
        The numbers :math:`M` of battery cells and :math:`N` of charger spins.
    coupling : real, optional
        :math:`g`; the unit 1/time when left open.
    frequency : positive, optional
        :math:`\omega_0` of the cells; the unit of energy when left open.
    anisotropy : real in [0, 1]
        :math:`\gamma`; 0 is the isotropic, excitation-conserving coupling.
    charger_frequency : positive, optional
        :math:`\omega_C`; resonant with the cells when left open.
    charger_crosstalk, cell_crosstalk : real
        :math:`g_1` among the charger spins, :math:`g_2` among the cells.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    cells: Any
    chargers: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    charger_frequency: Any = None
    charger_crosstalk: Any = 0
    cell_crosstalk: Any = 0

    def __post_init__(self) -> None:
        _check_common(self)
        object.__setattr__(
            self, "chargers", checks.positive_integer("chargers", self.chargers, symbolic=True)
        )
        checks.real("charger_crosstalk", self.charger_crosstalk, symbolic=True)


@dataclass(frozen=True)
class CavityCharger:
    r"""Cells charged by one cavity mode: the Tavis–Cummings (:math:`\gamma=0`) or Dicke model.

    .. math::

        H = \omega_C b^\dagger b + \frac{\omega_0}{2}\sum_k\sigma^z_k
          + g\,[b(\gamma S_- + S_+) + \mathrm{h.c.}]
          + g_2\sum_{k\neq q}(\sigma^+_k\sigma^-_q + \mathrm{h.c.})

    (Huangfu and Jing 2021, Eqs. (6) and (A3), where :math:`g` is called :math:`\tilde g`.)
    The fields are those of :class:`SpinCharger`; the photons belong to the initial state.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    cells: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    charger_frequency: Any = None
    cell_crosstalk: Any = 0

    def __post_init__(self) -> None:
        _check_common(self)


Model = SpinCharger | CavityCharger


def check_model(model: Any) -> Model:
    """Return the model, if it is one.

    Raises
    ------
    InvalidArgument
        It is not.
    """
    if not isinstance(model, Model):
        raise checks.invalid("model", "be a SpinCharger or a CavityCharger", model)
    return model
