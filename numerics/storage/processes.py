"""Work on several processes, each result handed over as soon as it is there.

The processes end with their parent, however it ends: each watches it. The executors of the standard
library, joblib and loky hand over one result a task, and lose all tasks with one process.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from threading import Thread, current_thread, main_thread
from types import ModuleType
from typing import Any, Generic, TypeVar

from numerics.model.resources import blas

__all__ = ["Lost", "Task", "WorkFailed", "cores", "submitted", "survivors"]

T = TypeVar("T")

# Seconds between two looks at the futures of an executor.
_PAUSE = 0.005


def cores() -> int:
    """The number of processes that may run at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class WorkFailed(RuntimeError):
    """A task raised an exception, or its process ended; the message says which."""


@dataclass(frozen=True)
class Task(Generic[T]):
    """A function of a module (it has to travel) with its arguments; it yields its results."""

    work: Callable[..., Iterable[T]]
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Lost:
    """In place of further results: the process of a task has ended."""

    reason: str


def survivors(
    tasks: Sequence[Task[T]],
    processes: int | None = None,
    program: bool = True,
    here: bool = True,
) -> Iterator[tuple[int, T | Lost]]:
    """The number of a task and one of its results, as they get ready; Lost for one that failed.

    Parameters
    ----------
    tasks : sequence of Task
        Begun in this order.
    processes : int, optional
        As many as there are cores.
    program : bool
        Without it the processes do not import the program that started them, so that it needs no
        guard ``if __name__ == "__main__"``; nothing of a task may be defined there.
    here : bool
        With one process, or one task, all is done in this process, where a failure is the caller's.
    """
    processes = min(processes or cores(), len(tasks))
    if processes <= 1 and here:
        # As in a process of its own, so that results do not depend on where they are computed.
        with blas().limit(limits=1):
            for number, task in enumerate(tasks):
                for result in task.work(*task.arguments):
                    yield number, result
        return
    waiting = deque(enumerate(tasks))
    busy: dict[Connection, tuple[BaseProcess, int]] = {}

    def hand_out(pipe: Connection, process: BaseProcess) -> None:
        """Send the next task, or that there is none."""
        number, task = waiting.popleft() if waiting else (-1, None)
        pipe.send(task)
        busy[pipe] = process, number

    try:
        for _ in range(processes):
            hand_out(*_started(program))
        while busy:
            for pipe in wait(list(busy)):
                assert isinstance(pipe, Connection)
                process, number = busy[pipe]
                try:
                    done, result = pipe.recv()
                except (EOFError, ConnectionError):
                    del busy[pipe]
                    process.join()
                    pipe.close()
                    if number >= 0:
                        yield number, Lost(f"the process ended with code {process.exitcode}")
                        if waiting:
                            hand_out(*_started(program))
                    continue
                if done:
                    hand_out(pipe, process)
                if result is not None:
                    yield number, result
    finally:
        for pipe, (process, _) in busy.items():
            process.terminate()
            process.join()
            pipe.close()


def submitted(tasks: Sequence[Task[T]], executor: Executor) -> Iterator[tuple[int, T | Lost]]:
    """As :func:`survivors`, by an executor; the results of a task arrive together.

    Futures need no more than ``done``, ``result`` and ``cancel``, so that those of clusters, which
    are none of the standard library, serve as well.
    """
    waiting: dict[Any, int] = {}
    try:
        for number, task in enumerate(tasks):
            try:
                waiting[executor.submit(_listed, task)] = number
            # A pool that has lost a worker takes no more.
            except RuntimeError as error:
                yield number, Lost(f"{type(error).__name__}: {error}")
        while waiting:
            ready = [future for future in waiting if future.done()]
            for future in ready:
                number = waiting.pop(future)
                try:
                    found = future.result()
                # Whatever it is, the others go on.
                except Exception as error:
                    yield number, Lost(f"{type(error).__name__}: {error}")
                    continue
                for result in found:
                    yield number, result
            if not ready:
                time.sleep(_PAUSE)
    finally:
        for future in waiting:
            future.cancel()


def _listed(task: Task[T]) -> list[T]:
    return list(task.work(*task.arguments))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started here ignore interruptions, which are for the parent."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _alone() -> Iterator[None]:
    """Processes that are started here do not import the program."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _started(program: bool) -> tuple[Connection, BaseProcess]:
    # Fresh processes: a copy of one that has threads may hang.
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there,), daemon=True)
    with _uninterrupted(), nullcontext() if program else _alone():
        process.start()
    there.close()
    return here, process


def _work(pipe: Connection) -> None:
    """The work of a process: tasks one after another, until there are no more."""
    # An interruption is the parent's to handle, and one BLAS thread for each process is enough.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    blas().limit(limits=1)
    Thread(target=_end_with_parent, daemon=True).start()
    try:
        while (task := pipe.recv()) is not None:
            try:
                for result in task.work(*task.arguments):
                    pipe.send((False, result))
            # Whatever it is, the parent has to know.
            except Exception as error:
                pipe.send((True, Lost(f"{type(error).__name__}: {error}")))
            else:
                pipe.send((True, None))
    except (EOFError, ConnectionError):
        return


def _end_with_parent() -> None:
    """Nobody is left who would take a result, and a task may be long."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
