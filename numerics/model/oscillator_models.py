r"""Models with oscillators: two-photon exchange, oscillator batteries, coupled oscillators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from numerics.model.models import CavityCharger, Model
from numerics.model.sides import CollectiveSpin, Oscillator, TwoPhotonMode
from numerics.model.states import Dicke, Fock

__all__ = ["CoupledOscillators", "OscillatorBattery", "TwoPhotonCharger"]

_ANDOLINA = "G. M. Andolina et al., Phys. Rev. B 98, 205423 (2018)"


@dataclass(frozen=True)
class TwoPhotonCharger(CavityCharger):
    r"""Cells charged by a cavity mode that they exchange pairs of photons with.

    .. math::

        H = \omega_C b^\dagger b + \frac{\omega_0}{2}\sum_k\sigma^z_k
          + g\,[b^2(\gamma S_- + S_+) + \mathrm{h.c.}] + \dots

    (A. Crescente et al., Phys. Rev. B 102, 245407 (2020)), with the other terms and the fields of
    :class:`CavityCharger`. It is resonant at :math:`\omega_C=\omega_0/2`, which an open
    ``charger_frequency`` means.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = "A. Crescente et al., Phys. Rev. B 102, 245407 (2020)"

    @property
    def charger(self) -> TwoPhotonMode:  # type: ignore[override]
        return TwoPhotonMode()

    def default_start(self) -> Fock:
        """As many pairs of photons as cells, which are down."""
        return Fock(photons=2 * self.battery.top)


@dataclass(frozen=True)
class OscillatorBattery(Model):
    r"""An oscillator charged by spins.

    .. math::

        H = \omega_0\,a^\dagger a + \frac{\omega_C}{2}\sum_l\tau^z_l
          + g\,(a^\dagger J_-+\mathrm{h.c.})
          + g_1\sum_{l\neq j}(\tau^+_l\tau^-_j + \mathrm{h.c.})
          + \kappa_1\sum_{l\neq j}\tau^z_l\tau^z_j

    With one spin it is a two-level charger (G. M. Andolina et al., Phys. Rev. B 98, 205423 (2018)).
    ``excited_cells`` of a start counts the quanta in the oscillator, whose energies have no end: it
    has no capacity, and of its ergotropies "full" and "symmetric" are one.

    Parameters
    ----------
    chargers : int
        The number :math:`N` of charger spins.
    coupling, frequency, charger_frequency, charger_crosstalk, charger_longitudinal
        As for :class:`SpinCharger`.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = _ANDOLINA

    chargers: Any
    coupling: Any = None
    frequency: Any = None
    charger_frequency: Any = None
    charger_crosstalk: Any = 0
    charger_longitudinal: Any = 0

    @property
    def battery(self) -> Oscillator:
        return Oscillator()

    @property
    def charger(self) -> CollectiveSpin:
        return CollectiveSpin(self.chargers)

    def default_start(self) -> Dicke:
        """The oscillator in its ground state, charger spins up."""
        return Dicke(0, self.chargers)


@dataclass(frozen=True)
class CoupledOscillators(Model):
    r"""An oscillator charged by another one.

    .. math::

        H = \omega_0\,a^\dagger a + \omega_C\,b^\dagger b + g\,(a^\dagger b+\mathrm{h.c.})

    (G. M. Andolina et al., Phys. Rev. B 98, 205423 (2018)). On resonance from n photons
    :math:`E=n\,\omega_0\sin^2gt`. The start is one of a cavity, such as `fock` (with
    ``excited_cells`` the quanta in the battery), `coherent` or `thermal`.

    Parameters
    ----------
    coupling, frequency, charger_frequency
        As for :class:`SpinCharger`.

    Raises
    ------
    InvalidArgument
        A field is not what it must be.
    """

    source: ClassVar[str] = _ANDOLINA

    coupling: Any = None
    frequency: Any = None
    charger_frequency: Any = None

    @property
    def battery(self) -> Oscillator:
        return Oscillator()

    @property
    def charger(self) -> Oscillator:
        return Oscillator()

    def default_start(self) -> Fock:
        """One quantum in the charger, none in the battery."""
        return Fock(photons=1)
