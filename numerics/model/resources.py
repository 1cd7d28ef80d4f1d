"""How much memory there is, and the refusal of what cannot fit, before anything is allocated."""

from __future__ import annotations

import os
from pathlib import Path

from numerics.model.checks import InvalidArgument

__all__ = ["TooLargeError", "available", "require"]

_MEMINFO = Path("/proc/meminfo")
_CONTROL_GROUP = Path("/sys/fs/cgroup/memory.max")


class TooLargeError(InvalidArgument):
    """The problem cannot fit in the memory of this machine; the message says what it needs."""


def available() -> int:
    """The bytes that can still be had; where the system does not say, 8 GB."""
    found = [8 * 2**30]
    if _MEMINFO.exists():
        lines = dict(line.split(":", 1) for line in _MEMINFO.read_text().splitlines())
        found = [int(lines.get("MemAvailable", lines["MemTotal"]).split()[0]) * 1024]
    elif hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    if _CONTROL_GROUP.exists() and (limit := _CONTROL_GROUP.read_text().strip()).isdigit():
        found.append(int(limit))
    return min(found)


def require(size: int, what: str) -> None:
    """Refuse what needs ``size`` bytes where there are fewer.

    Raises
    ------
    TooLargeError
        With the estimate and what is there.
    """
    there = available()
    if size > there:
        raise TooLargeError(
            f"{what} needs about {_shown(size)} of memory, and {_shown(there)} are available"
        )


def _shown(size: int) -> str:
    for unit in ("kB", "MB", "GB", "TB"):
        size_in_unit = size / 1000 ** (1 + ["kB", "MB", "GB", "TB"].index(unit))
        if size_in_unit < 1000:
            break
    return f"{size_in_unit:.3g} {unit}"
