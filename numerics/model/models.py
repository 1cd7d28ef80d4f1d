r"""Models: a battery of cells, which are spins, and its charger.

A model is a description: numbers, or SymPy symbols where the symbolic engine may keep one. A number
given as text, "0.1" or "1/3", is that number exactly.
``None`` for ``coupling`` or ``frequency`` leaves that unit open: the symbolic engine then
writes :math:`g` and :math:`\omega_0`, the numerics count times in :math:`1/g` and energies in
:math:`\omega_0` (both 1).

A new model is a frozen dataclass that derives from :class:`Model` and says its two sides and its
default start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import Field, dataclass, fields, replace
from typing import Any, ClassVar, Self

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.sides import HALF, CavityMode, ClassicalField, CollectiveSpin, Side
from numerics.model.states import Dicke, Fock, InitialState

__all__ = ["CavityCharger", "ClassicalDrive", "Model", "SpinCharger", "brief", "check_model"]

_LONGEST_SHOWN = 120

_PAPER = (
    "Y. Huangfu and J. Jing, High-capacity and high-power collective charging with spin chargers "
    "(2021), Eqs. "
)

# The checks of the fields that have these names, in the order in which they complain.
_NUMBERS: dict[str, Callable[..., Any]] = {
    "coupling": checks.real,
    "frequency": checks.positive_number,
    "charger_frequency": checks.real,
    "anisotropy": checks.real,
    "cell_crosstalk": checks.real,
    "charger_crosstalk": checks.real,
    "longitudinal": checks.real,
    "cell_longitudinal": checks.real,
    "charger_longitudinal": checks.real,
}


class Model:
    """A battery and a charger, coupled collectively.

    A model has every parameter: the value here where it has no field for it.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    source: ClassVar[str] = ""
    """The paper that the model is from."""

    cells: Any
    chargers: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    charger_frequency: Any = None
    charger_crosstalk: Any = 0
    cell_crosstalk: Any = 0
    longitudinal: Any = 0
    cell_longitudinal: Any = 0
    charger_longitudinal: Any = 0
    cell_spin: Any = HALF
    charger_spin: Any = HALF

    def __post_init__(self) -> None:
        names = [name for name, _ in self.values()]
        for name in ("cell_spin", "charger_spin"):
            if name in names:
                object.__setattr__(self, name, checks.half_integer(name, getattr(self, name)))
        for name in names:
            if name in _NUMBERS:
                object.__setattr__(self, name, checks.exactly(name, getattr(self, name)))
        for name in ("cells", "chargers"):
            if name in names:
                count = checks.positive_integer(name, getattr(self, name), symbolic=True)
                object.__setattr__(self, name, count)
        for name, check in _NUMBERS.items():
            value = getattr(self, name)
            if value is not None or getattr(Model, name) is not None:
                check(name, value, symbolic=True)
        if self.charger_frequency is not None and self.charger.top is None:
            # Its energies have no other bottom.
            checks.positive_number("charger_frequency", self.charger_frequency, symbolic=True)

    def values(self) -> Iterator[tuple[str, Any]]:
        """Every field with its value."""
        for spot in fields(self):
            yield spot.name, getattr(self, spot.name)

    @property
    def battery(self) -> Side:
        """The ladder of the battery: that of its cells, unless a model says another one."""
        return CollectiveSpin(self.cells, self.cell_spin)

    @property
    def charger(self) -> Side:
        """The ladder of the charger."""
        raise NotImplementedError(f"{type(self).__name__} does not say its charger")

    @property
    def number_of_cells(self) -> Any:
        """The cells of the battery, all groups together."""
        return self.battery.members

    @property
    def groups(self) -> tuple[Any, ...]:
        """The groups of equal spins, where these are more than one ladder on either side."""
        return ()

    def default_start(self) -> InitialState:
        """The ideal start."""
        raise NotImplementedError(f"{type(self).__name__} does not say its start")

    def single_cell(self, chargers_per_cell: Any = None) -> Self:
        """One cell with the charger it has to itself in the parallel scheme of Eq. (9).

        Raises
        ------
        InvalidArgument
            There are no cells, or no charger of so many parts.
        """
        if "cells" not in {spot.name for spot in fields(self)}:
            raise invalid("model", "consist of cells for a parallel scheme", self)
        if chargers_per_cell is not None:
            must = f"be left open for a {self.charger.noun}"
            raise invalid("chargers_per_cell", must, chargers_per_cell)
        return replace(self, cells=1)

    @property
    def frequencies(self) -> tuple[Any, Any]:
        """The energies from level to level of both sides; what is left open is 1 or resonant."""
        own, other = 1 if self.frequency is None else self.frequency, self.charger_frequency
        return own, own if other is None else self.charger.quanta_per_level * other


def brief(description: Any, longest: int = _LONGEST_SHOWN) -> str:
    """A model or a state in at most a line: what is set, without what is left as it is."""
    given = [
        f"{spot.name}={getattr(description, spot.name)}"
        for spot in fields(description)
        if getattr(description, spot.name) != spot.default
    ]
    shown = f"{type(description).__name__}({', '.join(given)})"
    return shown if len(shown) <= longest else f"{shown[:longest]}…)"


@dataclass(frozen=True)
class SpinCharger(Model):
    r"""Cells charged collectively by charger spins through a Heisenberg XY coupling.

    .. math::

        H &= \frac{\omega_0}{2}\sum_k\sigma^z_k + \frac{\omega_C}{2}\sum_l\tau^z_l
          + g\,[J_-(\gamma S_- + S_+) + \mathrm{h.c.}] \\
          &\quad + g_1\sum_{l\neq j}(\tau^+_l\tau^-_j + \mathrm{h.c.})
          + g_2\sum_{k\neq q}(\sigma^+_k\sigma^-_q + \mathrm{h.c.}) \\
          &\quad + \kappa\sum_{k,l}\sigma^z_k\tau^z_l + \kappa_1\sum_{l\neq j}\tau^z_l\tau^z_j
          + \kappa_2\sum_{k\neq q}\sigma^z_k\sigma^z_q,

    with :math:`S_\pm=\sum_k\sigma^\pm_k`, :math:`J_\pm=\sum_l\tau^\pm_l` (Huangfu and Jing 2021,
    Eqs. (1), (3) and (14); the crosstalk sums run over ordered pairs, as printed there). The
    charger's sum is :math:`g_1(J_+J_-+J_-J_+-N)`; Eq. (15) prints 1 in place of :math:`N`, a
    constant that changes no stored energy.

    Cells and charger spins may be larger than 1/2: :math:`S` and :math:`J` are then sums of spins
    :math:`s`, of :math:`2s` excitations each, :math:`\sigma^z` is :math:`2s^z`, and sums over pairs
    have the terms of each spin with itself, :math:`g_1(J_+J_-+J_-J_+)`, which are no constants.

    Parameters
    ----------
    cells, chargers : int
        The numbers :math:`M` of battery cells and :math:`N` of charger spins.
    coupling : real, optional
        :math:`g`; the unit 1/time when left open.
    frequency : positive, optional
        :math:`\omega_0` of the cells; the unit of energy when left open.
    anisotropy : real
        :math:`\gamma`; 0 is the isotropic, excitation-conserving coupling. Its sign is a choice of
        phases: rotations of both sides by π/2 about z change it.
    charger_frequency : real, optional
        :math:`\omega_C`; resonant with the cells when left open. Turning all charger spins round,
        :math:`\tau^\pm\to\tau^\mp`, changes its sign and makes the exchange counter-rotating:
        :math:`S_+J_++\mathrm{h.c.}` alone, from m charger spins up, is the charging at
        :math:`\gamma=0` with :math:`-\omega_C` and :math:`N-m` of them up.
    charger_crosstalk, cell_crosstalk : real
        :math:`g_1` among the charger spins, :math:`g_2` among the cells.
    longitudinal, charger_longitudinal, cell_longitudinal : real
        The Ising part of the coupling (Heisenberg XXZ): :math:`\kappa` between cells and charger
        spins, :math:`\kappa_1` among the charger spins, :math:`\kappa_2` among the cells.
        :math:`A\,\vec S\cdot\vec J` has :math:`g=A/2` and :math:`\kappa=A/4`.
    cell_spin, charger_spin : half-integer
        The spin :math:`s` of each cell and of each charger spin.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = _PAPER + "(1)-(8)"

    cells: Any
    chargers: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    charger_frequency: Any = None
    charger_crosstalk: Any = 0
    cell_crosstalk: Any = 0
    longitudinal: Any = 0
    cell_longitudinal: Any = 0
    charger_longitudinal: Any = 0
    cell_spin: Any = HALF
    charger_spin: Any = HALF

    @property
    def charger(self) -> CollectiveSpin:
        return CollectiveSpin(self.chargers, self.charger_spin)

    def default_start(self) -> Dicke:
        """Cells down, charger spins up."""
        return Dicke(0, self.charger.top)

    def single_cell(self, chargers_per_cell: Any = None) -> Self:
        if chargers_per_cell is None:
            share, rest = divmod(self.chargers, self.cells)
            if rest:
                raise InvalidArgument(
                    "`chargers_per_cell` must be given where `cells` do not divide `chargers`, but "
                    f"is None with {self.cells} cells and {self.chargers} chargers"
                )
            chargers_per_cell = share
        chargers = checks.positive_integer("chargers_per_cell", chargers_per_cell)
        return replace(self, cells=1, chargers=chargers)


@dataclass(frozen=True)
class CavityCharger(Model):
    r"""Cells charged by one cavity mode: the Tavis–Cummings (:math:`\gamma=0`) or Dicke model.

    .. math::

        H = \omega_C b^\dagger b + \frac{\omega_0}{2}\sum_k\sigma^z_k
          + g\,[b(\gamma S_- + S_+) + \mathrm{h.c.}]
          + g_2\sum_{k\neq q}(\sigma^+_k\sigma^-_q + \mathrm{h.c.})
          + \kappa_2\sum_{k\neq q}\sigma^z_k\sigma^z_q

    (Huangfu and Jing 2021, Eqs. (6) and (A3), where :math:`g` is called :math:`\tilde g`.)
    The fields are those of :class:`SpinCharger`; the photons belong to the initial state. Turning
    the cells round makes the exchange counter-rotating: :math:`S_+b^\dagger+\mathrm{h.c.}` alone
    stores what is lost at :math:`\gamma=0` from all cells up, with :math:`\omega_C+2\omega_0`.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = _PAPER + "(6) and (A3)"

    cells: Any
    coupling: Any = None
    frequency: Any = None
    anisotropy: Any = 0
    charger_frequency: Any = None
    cell_crosstalk: Any = 0
    cell_longitudinal: Any = 0
    cell_spin: Any = HALF

    @property
    def charger(self) -> CavityMode:
        return CavityMode()

    def default_start(self) -> Fock:
        """Cells down, and as many photons as fill them: one for each spin-1/2 (Eq. (4))."""
        return Fock(photons=self.battery.top)


@dataclass(frozen=True)
class ClassicalDrive(Model):
    r"""Cells driven by a classical field, in the frame that rotates with it.

    .. math::

        H = \frac{\omega_0-\omega_C}{2}\sum_k\sigma^z_k + g\sum_k\sigma^x_k
          + g_2\sum_{k\neq q}(\sigma^+_k\sigma^-_q + \mathrm{h.c.})
          + \kappa_2\sum_{k\neq q}\sigma^z_k\sigma^z_q

    The Rabi frequency is :math:`\Omega=2g`, and :math:`\omega_C` (``charger_frequency``) the
    frequency of the field. All-to-all interactions :math:`\lambda S_z^2` (Lipkin, Meshkov, Glick)
    are :math:`\kappa_2=\lambda/4`. The cells stay in a pure state if they start in one; their
    coherences are those of the rotating frame. Energies are those of the bare cells, as always.
    T. P. Le et al., Phys. Rev. A 97, 022106 (2018); S. Julià-Farré et al., Phys. Rev. Research 2,
    023113 (2020).

    The fields are those of :class:`CavityCharger`.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = "T. P. Le et al., Phys. Rev. A 97, 022106 (2018)"

    cells: Any
    coupling: Any = None
    frequency: Any = None
    charger_frequency: Any = None
    cell_crosstalk: Any = 0
    cell_longitudinal: Any = 0
    cell_spin: Any = HALF

    @property
    def charger(self) -> ClassicalField:
        return ClassicalField()

    def default_start(self) -> Dicke:
        """Cells down."""
        return Dicke(0)


def check_model(model: Any) -> Model:
    """Return the model, if it is one.

    Raises
    ------
    InvalidArgument
        It is not.
    """
    if not isinstance(model, Model):
        raise invalid("model", "be a model, such as SpinCharger(2, 3)", model)
    return model
