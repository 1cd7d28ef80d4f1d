"""All figures, by the words that the command line knows them by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from numerics.model.checks import invalid
from symbattery.paper.figures import (
    beyond_advantage,
    beyond_map,
    beyond_maxima,
    figure2,
    figure3,
    figure4,
    figure5,
    figure6,
    figure7,
    figure8,
    figure9,
)
from symbattery.paper.figures.table_tasks import FigureSpec

__all__ = ["SHEETS", "chosen"]

_PAPER = (figure2, figure3, figure4, figure5, figure6, figure7, figure8, figure9)
SHEETS: Mapping[str, tuple[FigureSpec, ...]] = MappingProxyType(
    {
        **{str(number): (module.SHEET,) for number, module in enumerate(_PAPER, 2)},
        "beyond": (
            beyond_maxima.SHEET,
            beyond_advantage.SHEET,
            beyond_map.LANDSCAPE,
            beyond_map.BEST,
        ),
    }
)


def chosen(names: Sequence[str]) -> tuple[FigureSpec, ...]:
    """The figures of some names, each once; ``"all"`` is all of them.

    Raises
    ------
    InvalidArgument
        No name, or one that no figure has.
    """
    words = "one of 2 ... 9, 'beyond' and 'all'"
    if isinstance(names, str) or not names:
        raise invalid("figures", f"be a sequence of names, each {words}", names)
    for name in names:
        if name != "all" and name not in SHEETS:
            raise invalid("figures", f"each be {words}", name)
    wanted = SHEETS if "all" in names else dict.fromkeys(names)
    return tuple(figure_spec for name in wanted for figure_spec in SHEETS[name])
