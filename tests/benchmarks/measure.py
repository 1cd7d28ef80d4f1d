"""Times and memory of what runs."""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_STATUS = Path("/proc/self/status")


def timed(work: Callable[[], Any], repeats: int = 1) -> tuple[float, Any]:
    """The median time of some runs, and the result."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), result


def apart(script: str, *arguments: Any) -> Any:
    """What a script prints as JSON in a process of its own, whose memory is its alone."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def peak_memory() -> int:
    """The largest of this process in bytes; ``ru_maxrss`` would count what its parent had."""
    if _STATUS.exists():
        lines = dict(line.split(":", 1) for line in _STATUS.read_text("utf-8").splitlines())
        if "VmHWM" in lines:
            return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
