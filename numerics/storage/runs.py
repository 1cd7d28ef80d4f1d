"""Runs: jobs on any workers, whose results are stored as soon as they are there."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

from numerics.model import checks
from numerics.model.checks import InvalidArgument, invalid
from numerics.model.resources import blas
from numerics.storage.chunks import ChunkStore
from numerics.storage.processes import Lost, Task, submitted, survivors

__all__ = ["Job", "Results", "chunks", "run"]

Results = dict[str, Any]
"""Results by their keys; those that are stored are records."""

# Estimated seconds of a chunk: no less, so that its way costs little beside it; no more, so that an
# interruption does; and between these so many chunks in all, so that no worker waits for another.
_SHORTEST, _LONGEST, _MANY = 0.1, 10.0, 200
# What takes less is done by the time that processes have started.
_QUICK = 2.0


@dataclass(frozen=True)
class Job:
    """Results that are computed together.

    Attributes
    ----------
    inputs : mapping
        What each is computed from, by its key, in which is all that it depends on but the program.
    work : callable
        A function of a module. It gets the inputs and the ``arguments``, and yields results by key,
        some at once, as soon as they are there. A record with the key "again" is not stored.
    arguments : tuple
    seconds : float
        About how long it takes, where that is known.
    """

    inputs: Mapping[str, Any]
    work: Callable[..., Iterable[Results]]
    arguments: tuple[Any, ...] = ()
    seconds: float = inf


def run(
    what: str,
    programs: Mapping[str, str],
    jobs: Callable[[AbstractSet[str]], Iterable[Job]],
    store: str | Path | None = None,
    *,
    executor: Executor | None = None,
    processes: int | None = None,
    main: bool = True,
    unit: str = "point",
    progress: bool = True,
) -> Iterator[Results]:
    """Results by key: all that are stored at once, then others as they get ready.

    What a worker took along when it ended is tried once more, each result for itself; what is
    lost again is :class:`~numerics.storage.processes.Lost`.

    Parameters
    ----------
    what : str
        The run in a line, for those who ask how far it is.
    programs : mapping of str to str
        The keys of all results, and the fingerprint of the code that computes each.
    jobs : callable
        From the keys of those that are missing; the longest are begun first.
    store : path, optional
        A folder. Each result is there before it is here; where the disk gets full, a warning says
        that nothing more is stored.
    executor : concurrent.futures.Executor, optional
    processes : int, optional
        Without an executor: as many processes, of all cores if left out.
    main : bool
        The processes import the program that started them.
    unit : str
        The word for a result in the line of progress.
    progress : bool
        That line on the standard error, if this is a terminal.

    Raises
    ------
    InvalidArgument
        The store cannot be written, or another argument is not one of the above.
    """
    if executor is not None and not callable(getattr(executor, "submit", None)):
        raise invalid("executor", "have the interface of concurrent.futures.Executor", executor)
    if processes is not None:
        checks.positive_integer("processes", processes)
    checks.truth("progress", progress)
    kept = None if store is None else ChunkStore.of(store, programs)
    found: Results = {}
    if kept is not None:
        kept.plan(what)
        found = kept.records()
    yield found
    waiting = sorted(jobs(programs.keys() - found.keys()), key=lambda job: -job.seconds)
    if processes is None and sum(job.seconds for job in waiting) < _QUICK:
        processes = 1

    def arriving(
        tasks: Sequence[Task[Results]], last: bool
    ) -> Iterator[tuple[int, Results | Lost]]:
        if executor is not None:
            return submitted(tasks, executor)
        # What has ended a process must not end this one.
        return survivors(tasks, processes, main, here=not last)

    from tqdm import tqdm

    total = len(found) + sum(len(job.inputs) for job in waiting)
    quiet = None if progress else True
    with (
        blas().limit(limits=1),
        tqdm(total=total, initial=len(found), unit=unit, leave=False, disable=quiet) as bar,
    ):
        for results in _finished(waiting, arriving):
            kept = _stored(kept, results)
            bar.update(len(results))
            yield results


def _finished(
    jobs: Sequence[Job],
    arriving: Callable[[Sequence[Task[Results]], bool], Iterator[tuple[int, Results | Lost]]],
) -> Iterator[Results]:
    last = False
    while jobs:
        tasks = [Task(job.work, (job.inputs, *job.arguments)) for job in jobs]
        left = [dict(job.inputs) for job in jobs]
        again: list[Job] = []
        for number, results in arriving(tasks, last):
            if not isinstance(results, Lost):
                for key in results:
                    left[number].pop(key, None)
                yield results
            elif last:
                yield dict.fromkeys(left[number], results)
            else:
                again += [replace(jobs[number], inputs={k: v}) for k, v in left[number].items()]
        jobs, last = again, True


def _stored(store: ChunkStore | None, results: Results) -> ChunkStore | None:
    """The store, once it has the results; none if it cannot have them."""
    if store is None:
        return None
    whole = {k: r for k, r in results.items() if not isinstance(r, Lost) and "again" not in r}
    try:
        if whole:
            store.keep(whole)
    except InvalidArgument as error:
        # A full disk does not take along what has been computed.
        warnings.warn(f"nothing more is stored: {error}", stacklevel=3)
        return None
    return store


def chunks(costs: Mapping[str, float]) -> list[tuple[str, ...]]:
    """Groups of keys of about the same cost, the costliest first.

    What costs more than a group has one to itself.
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
