"""The names that expressions on the pages may use."""

from __future__ import annotations

from typing import Any

from sympy import S, Tuple

import symbattery
from symbattery.limits.infinite_charger import charger_limit
from symbattery.limits.large_battery import LargeBattery
from symbattery.limits.large_charger import many_chargers
from symbattery.limits.strong_crosstalk import strong_crosstalk
from symbattery.model import symbols
from symbattery.sectors.chains import Chain, Couplings, Spin, chain_from

__all__ = ["value"]


def chain(cells: Any, chargers: Any) -> Chain:
    """The sector of an empty battery and all charger spins up, resonant and at γ = 0."""
    alone = Couplings(symbols.g, S.Zero, symbols.omega_0, symbols.omega_0, S.Zero, S.Zero)
    return chain_from(Spin(S(cells)), Spin(S(chargers)), S.Zero, S(chargers), alone)


_NAMES: dict[str, Any] = {
    **{name: getattr(symbattery, name) for name in symbattery.__all__},
    **{name: getattr(symbols, name) for name in symbols.__all__},
    "Tuple": Tuple,
    "chain": chain,
    "LargeBattery": LargeBattery,
    "charger_limit": charger_limit,
    "many_chargers": many_chargers,
    "strong_crosstalk": strong_crosstalk,
}


def value(expression: str) -> Any:
    """What an expression of a page stands for; pages are as trusted as code."""
    return eval(expression, dict(_NAMES))
