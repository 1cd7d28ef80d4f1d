"""The figures of the paper, computed anew: data first, then pictures of them.

``FIGURES`` has them by the words that the command line knows them by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from numerics.model.checks import invalid
from symbattery.paper.figures import (
    best_starts,
    beyond,
    extractable,
    open_batteries,
    size_figures,
    size_maps,
    time_figures,
)
from symbattery.paper.figures.plots import FigureSpec
from symbattery.paper.figures.production import Produced, produce, share_missing

__all__ = ["FIGURES", "FigureSpec", "Produced", "chosen", "produce", "share_missing"]

FIGURES: Mapping[str, tuple[FigureSpec, ...]] = MappingProxyType(
    {
        "2": (size_figures.FIGURE_2,),
        "3": (size_figures.FIGURE_3,),
        "4": (size_figures.FIGURE_4,),
        "5": (size_figures.FIGURE_5,),
        "6": (time_figures.FIGURE_6,),
        "7": (time_figures.FIGURE_7,),
        "8": (time_figures.FIGURE_8,),
        "9": (time_figures.FIGURE_9,),
        "beyond": (beyond.MAXIMA, beyond.ADVANTAGE, extractable.BY_SIZE, extractable.IN_TIME),
        "open": (open_batteries.IN_TIME, open_batteries.MAP, open_batteries.SURVIVING),
        "maps": (size_maps.MAP, size_maps.BEST_START, size_maps.EXTRACTABLE_MAP),
        "best-starts": (best_starts.BEST_STARTS,),
    }
)


def chosen(names: Sequence[str]) -> tuple[FigureSpec, ...]:
    """The figures of some names, or of their files, each once.

    ``"all"`` is all but those that stand apart.

    Raises
    ------
    InvalidArgument
        No name, or one that no figure has.
    """
    words = f"one of {', '.join(FIGURES)} and all"
    if isinstance(names, str) or not names:
        raise invalid("figures", f"be a sequence of names, each {words}", names)
    known = {f.name: (f,) for group in FIGURES.values() for f in group} | dict(FIGURES)
    known["all"] = tuple(f for group in FIGURES.values() for f in group if not f.apart)
    for name in names:
        if name not in known:
            raise invalid("figures", f"each be {words}", name)
    return tuple({figure.name: figure for name in names for figure in known[name]}.values())
