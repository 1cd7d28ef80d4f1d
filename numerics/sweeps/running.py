"""A sweep: its points in chunks of like cost, on any executor, into a store and one table."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from numerics.model.checks import invalid
from numerics.observables.table import OBSERVABLES
from numerics.storage.fingerprints import Record
from numerics.storage.processes import Lost
from numerics.storage.runs import Job, chunks, run
from numerics.sweeps.assembly import assembled
from numerics.sweeps.axes import Grid, grid
from numerics.sweeps.points import Point, Request, computed, cost, foreign, key, program, typed
from numerics.sweeps.quantities import requests
from numerics.sweeps.table import Table

__all__ = ["Batch", "records", "sweep"]


@dataclass(frozen=True)
class Batch:
    """Points by their keys, and what is asked of each."""

    points: Mapping[str, Point]
    requests: tuple[Request, ...]

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """The modules that compute the points and are not of this package's."""
        functions = [one.function for one in self.requests if one.function is not None]
        for one in self.requests:
            # A curve by its name, or what a maximum or a mean is of.
            for name in (one.method, dict(one.options).get("quantity")):
                if isinstance(name, str) and name in OBSERVABLES:
                    row = OBSERVABLES[name]
                    functions += [f for f in (row.function, row.weight) if f is not None]
        return foreign(tuple(self.points.values()), functions)

    @cached_property
    def program(self) -> str:
        """The fingerprint of the code that computes the points."""
        return program(self.modules)


def records(
    batches: Sequence[Batch],
    what: str,
    store: str | Path | None,
    *,
    executor: Executor | None = None,
    processes: int | None = None,
    progress: bool = True,
) -> Iterator[dict[str, Record]]:
    """The records of points by key: those of the store at once, then others as they get ready.

    Points of several batches are computed once, the costliest first.

    Parameters
    ----------
    batches : sequence of Batch
    what : str
        The run in a line, for its plan.
    store, executor, processes, progress
        As for :func:`sweep`.

    Raises
    ------
    InvalidArgument
        The store cannot be written, or is wanted for functions that are in no file.
    """
    typed_in = any(typed(batch.modules) for batch in batches)
    if store is not None and typed_in:
        must = "be left out where a function or a class is typed in, and its changes are not seen"
        raise invalid("store", f"{must} (a module has to have it)", str(store))

    def jobs(missing: AbstractSet[str]) -> Iterator[Job]:
        left = set(missing)
        for batch in batches:
            new = {k: point for k, point in batch.points.items() if k in left}
            left -= new.keys()
            costs = {k: cost(point, batch.requests) for k, point in new.items()}
            arguments = (batch.requests, batch.modules, os.getpid())
            for names in chunks(costs):
                seconds = sum(costs[k] for k in names)
                yield Job({k: new[k] for k in names}, computed, arguments, seconds)

    for found in run(
        what,
        {k: batch.program for batch in batches for k in batch.points},
        jobs,
        store,
        executor=executor,
        # What was typed into a notebook is nowhere else.
        processes=1 if typed_in else processes,
        main=any("__main__" in batch.modules for batch in batches),
        progress=progress,
    ):
        yield {k: _lost(one) if isinstance(one, Lost) else one for k, one in found.items()}


def _lost(one: Lost) -> Record:
    return {"values": {}, "errors": {"": f"Lost: {one.reason}"}, "again": True}


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
    every = grid(model, zipped, axes)
    timed = "times" in axes and axes["times"] is not None
    wanted = requests(compute, timed)
    points = [every.point(index) for index in every.indices()]
    keys = [key(point, wanted) for point in points]
    described = _described(every, wanted)
    # Equal points are computed once.
    batch = Batch(dict(zip(keys, points, strict=True)), wanted)
    found: dict[str, Record] = {}
    for done in records(
        [batch], described, store,
        executor=executor, processes=processes, progress=progress,
    ):  # fmt: skip
        found |= done
    return assembled(every, points, wanted, [found[k] for k in keys], batch.program, described)


def _described(every: Grid, wanted: Sequence[Request]) -> str:
    """A sweep in a line."""
    axes = " × ".join(f"{size} {name}" for name, size in every.sizes.items()) or "one point"
    return f"{', '.join(request.name for request in wanted)} of {axes}"
