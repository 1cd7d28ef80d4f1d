"""Work on several processes: every result once, failures told, nobody left behind."""

import os
import subprocess
import sys
import time

import pytest

from numerics.storage.processes import Lost, Task, survivors


def squares(first, last):
    yield from (n * n for n in range(first, last))


def broken(kind):
    yield 1
    if kind == "exit":
        os._exit(3)
    raise ZeroDivisionError("no more")


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_result_of_every_task_once_and_in_its_order(processes):
    tasks = [Task(squares, (10 * i, 10 * i + i)) for i in range(4)]
    found = {i: [] for i in range(4)}
    for number, result in survivors(tasks, processes):
        found[number].append(result)
    assert found == {i: list(squares(10 * i, 10 * i + i)) for i in range(4)}


@pytest.mark.parametrize(
    ("kind", "reason"), [("exit", "ended with code 3"), ("raise", "ZeroDivisionError: no more")]
)
def test_a_task_that_fails_does_not_take_the_others_with_it(kind, reason):
    tasks = [Task(broken, (kind,)), *(Task(squares, (i, i + 1)) for i in range(3))]
    found = list(survivors(tasks, 2))
    lost = [(i, one) for i, one in found if isinstance(one, Lost)]
    assert [i for i, _ in lost] == [0]
    assert reason in lost[0][1].reason
    assert sorted((i, one) for i, one in found if not isinstance(one, Lost)) == [
        (0, 1), (1, 0), (2, 1), (3, 4),
    ]  # fmt: skip


def slow(folder):
    open(os.path.join(folder, str(os.getpid())), "w").close()
    yield 0
    time.sleep(300)
    yield 1


KILLED = """
import os, sys
from numerics.storage.processes import Task, survivors
from tests.numerics.storage.test_processes import slow
if __name__ == "__main__":
    for number, result in survivors([Task(slow, (sys.argv[1],))] * 2, 2):
        os.kill(os.getpid(), 9)
"""


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as stream:
            return stream.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="processes are seen in /proc")
def test_processes_end_with_their_parent(tmp_path):
    """In the middle of a task, when it is killed."""
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    (tmp_path / "seen").mkdir()
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    run = subprocess.run([sys.executable, str(script), str(tmp_path / "seen")], env=environment)
    assert run.returncode == -9
    workers = [path.name for path in (tmp_path / "seen").iterdir()]
    assert workers
    deadline = time.monotonic() + 60
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(alive(worker) for worker in workers)
