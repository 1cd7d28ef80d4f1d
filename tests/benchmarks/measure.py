"""Times and memory of what runs, and QuTiP to compare with."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

_STATUS = Path("/proc/self/status")


def timed(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """The median time of some runs, and the result."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), result


def growth(sizes: Any, seconds: Any) -> tuple[str, float]:
    """The times by size as text, and the exponent of a logarithmic fit."""
    table = ", ".join(f"{m}: {s:.3f} s" for m, s in zip(sizes, seconds, strict=True))
    return table, np.polyfit(np.log(sizes), np.log(seconds), 1)[0]


def apart(script: str, *arguments: Any, timeout: float | None = None) -> Any:
    """What a script prints as JSON in a process of its own, whose memory is its alone."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2],
        capture_output=True, text=True, check=True, timeout=timeout,
    )  # fmt: skip
    return json.loads(done.stdout)


def peak_memory() -> int:
    """The largest of this process in bytes; ``ru_maxrss`` would count what its parent had."""
    if _STATUS.exists():
        lines = dict(line.split(":", 1) for line in _STATUS.read_text("utf-8").splitlines())
        if "VmHWM" in lines:
            return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def sesolve(matrix: Any, levels: Any, site: int, **options: Any) -> Callable[..., Any]:
    """QuTiP's solution with E, from a site or another state, as a function of times."""
    qutip = pytest.importorskip("qutip", minversion="5", reason="QuTiP 5 is in the extra `bench`")
    hamiltonian = qutip.Qobj(sparse.csr_matrix(matrix, dtype=complex))
    excited = qutip.Qobj(sparse.csr_matrix(sparse.diags_array(levels), dtype=complex))

    def solved(times: Any, state: Any = None, store: bool = False) -> Any:
        chosen = {"nsteps": 10**7, "progress_bar": "", "store_states": store, **options}
        start = qutip.basis(len(levels), site) if state is None else state
        return qutip.sesolve(hamiltonian, start, times, e_ops=[excited], options=chosen)

    return solved
