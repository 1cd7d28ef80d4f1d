"""A sweep: its points in chunks of like cost, on any executor, into a store and one table."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import blas
from numerics.observables.table import OBSERVABLES
from numerics.storage.cache import Record
from numerics.storage.chunks import ChunkStore
from numerics.storage.processes import Lost, Task, submitted, survivors
from numerics.sweeps.assembly import assembled
from numerics.sweeps.axes import Grid, grid
from numerics.sweeps.points import Point, Request, computed, cost, foreign, key, program, typed
from numerics.sweeps.quantities import requests
from numerics.sweeps.table import Table

__all__ = ["chunks", "sweep"]

# Estimated seconds of a chunk: no less, so that its way costs little beside it; no more, so that an
# interruption does; and between these so many chunks in all, so that no worker waits for another.
_SHORTEST, _LONGEST, _MANY = 0.1, 10.0, 200
# What takes less is done by the time that processes have started.
_QUICK = 2.0


def sweep(
    model: Any,
    *,
    compute: Any,
    zipped: Any = (),
    executor: Executor | None = None,
    processes: int | None = None,
    store: str | Path | None = None,
    progress: bool = True,
    **axes: Any,
) -> Table:
    r"""Quantities of many batteries, in a table with labelled axes.

    Parameters
    ----------
    model : Model, class of models, or sequence of these
        The fields of a class come from ``axes``; of a model they replace its own.
    compute : sequence
        Names of what :class:`numerics.Charging` can do, with options in brackets: curves such as
        "energy" and "ergotropy(sense=local)", maxima such as "max_power", "first_peak",
        "maximum(until=10)", "max_power(quantity=ergotropy)", or "mean", "steady" and
        "speed_limits". A tuple has times of its own or a mapping of options besides:
        ``("ergotropy", times, {"sense": "local"})``. A function of a module gets the `Charging` and
        its options, and returns a number or an array.
    zipped : sequence of sequences of str
        Groups of axes whose values run together; all others are combined.
    executor : concurrent.futures.Executor, optional
        Anything with its ``submit``: threads, or the executors of Dask, mpi4py, loky, submitit.
    processes : int, optional
        Without an executor: as many processes, of all cores if left out.
    store : path, optional
        A folder for what is finished, from which an interrupted sweep goes on. What is there from
        the same code is not computed again, whatever the other axes are. Where the disk gets full,
        a warning says that nothing more is stored.
    progress : bool
        A line on the standard error, if that is a terminal.
    **axes
        Fields of the model, ``start``, ``noise``, ``times`` and ``tolerance`` (of
        :func:`numerics.charge`): each a value, a sequence of values, which is an axis, or a
        function of others, whose arguments have their names. Further names are for functions.

    Returns
    -------
    Table

    Raises
    ------
    InvalidArgument
        An argument is not what it must be, the store cannot be written, or is wanted for functions
        that are in no file. What goes wrong at one point is one of the ``failures`` of the table.
    """
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise invalid("executor", "have the interface of concurrent.futures.Executor", executor)
    if processes is not None:
        checks.positive_integer("processes", processes)
    checks.truth("progress", progress)
    every = grid(model, zipped, axes)
    timed = "times" in axes and axes["times"] is not None
    wanted = requests(compute, timed)
    points = [every.point(index) for index in every.indices()]
    keys = [key(point, wanted) for point in points]
    rows = [OBSERVABLES[r.method] for r in wanted if r.function is None and r.method in OBSERVABLES]
    functions = [*(row.function for row in rows), *(r.function for r in wanted if r.function)]
    modules = foreign(points, functions)
    if store is not None and typed(modules):
        must = "be left out where a function or a class is typed in, and its changes are not seen"
        raise invalid("store", f"{must} (a module has to have it)", str(store))
    version, described = program(modules), _described(every, wanted)
    kept = None if store is None else ChunkStore.of(store, version)
    found: dict[str, Record] = {}
    if kept is not None:
        kept.plan(described, keys)
        found = kept.records(keys)
    # Equal points are computed once.
    missing = {k: p for k, p in zip(keys, points, strict=True) if k not in found}
    costs = {k: cost(point, wanted) for k, point in missing.items()}
    quick = processes is None and sum(costs.values()) < _QUICK
    # What was typed into a notebook is nowhere else.
    if quick or typed(modules):
        processes = 1

    def run(tasks: Sequence[Task[list[Record]]]) -> Iterator[tuple[int, list[Record] | Lost]]:
        if executor is not None:
            return submitted(tasks, executor)
        return survivors(tasks, processes, program="__main__" in modules)

    with blas().limit(limits=1), _bar(len(found), len(set(keys)), progress) as advance:
        for done in _finished(missing, chunks(costs), wanted, modules, run):
            found |= done
            whole = {k: r for k, r in done.items() if "again" not in r}
            try:
                if kept is not None and whole:
                    kept.keep(whole)
            except InvalidArgument as error:
                # A full disk does not take along what has been computed.
                warnings.warn(f"nothing more is stored: {error}", stacklevel=2)
                kept = None
            advance(len(done))
    records = [found[k] for k in keys]
    return assembled(every, points, wanted, records, version, described)


def _described(every: Grid, wanted: Sequence[Request]) -> str:
    """A sweep in a line."""
    axes = " × ".join(f"{size} {name}" for name, size in every.sizes.items()) or "one point"
    return f"{', '.join(request.name for request in wanted)} of {axes}"


@contextmanager
def _bar(done: int, total: int, shown: bool) -> Iterator[Callable[[int], Any]]:
    from tqdm import tqdm

    quiet = None if shown else True
    with tqdm(total=total, initial=done, disable=quiet, leave=False, unit="point") as bar:
        yield bar.update


def _finished(
    missing: Mapping[str, Point],
    waiting: Sequence[tuple[str, ...]],
    wanted: Sequence[Request],
    modules: Sequence[str],
    run: Callable[[Sequence[Task[list[Record]]]], Iterator[tuple[int, list[Record] | Lost]]],
) -> Iterator[dict[str, Record]]:
    """The records of points by key, as chunks get ready.

    What a worker took along when it ended is tried once more, each point for itself.
    """
    last = False
    while waiting:
        lost: list[tuple[str, ...]] = []
        tasks = [
            Task(computed, (tuple(missing[k] for k in names), tuple(wanted), modules, os.getpid()))
            for names in waiting
        ]
        for number, result in run(tasks):
            names = waiting[number]
            if not isinstance(result, Lost):
                yield dict(zip(names, result, strict=True))
            elif last:
                errors = {"": f"Lost: {result.reason}"}
                yield {k: {"values": {}, "errors": errors, "again": True} for k in names}
            else:
                lost += [(k,) for k in names]
        waiting, last = lost, True


def chunks(costs: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Groups of points of about the same cost, the costliest first.

    A point that costs more than a group has it to itself.
    """
    most = min(max(sum(costs.values()) / _MANY, _SHORTEST), _LONGEST)
    groups: list[tuple[str, ...]] = []
    group: list[str] = []
    total = 0.0
    for name in sorted(costs, key=lambda name: -costs[name]):
        if group and total + costs[name] > most:
            groups.append(tuple(group))
            group, total = [], 0.0
        group.append(name)
        total += costs[name]
    return [*groups, tuple(group)] if group else groups
