"""An interrupted run ends at once, long before its work is done."""

import os
import signal
import subprocess
import sys
import time

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="interrupts are sent as POSIX signals")

WORK = {
    "a window searched": "charge(SpinCharger(2, 3)).maximum(until=8e5)",
    "a grid": "charge(SpinCharger(400, 400, anisotropy=0.3)).energy(3.0)",
    "a chain carried along": "charge(SpinCharger(30000, 30000), dicke(1, 29999)).energy(1e-2)",
    "certified digits": "certified.energy(SpinCharger(60, 60, anisotropy='1/5'), 4, digits=600)",
}
# A process that runs behind a shell may have been started with interrupts ignored.
_PROGRAM = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from numerics import SpinCharger, certified, charge, dicke
charge(SpinCharger(60, 60, anisotropy=0.2)).energy(0.1)  # everything is loaded
print("begun", flush=True)
{work}
print("finished", flush=True)
"""


@pytest.mark.parametrize("name", WORK)
def test_an_interrupt_ends_the_run(name):
    program = [sys.executable, "-c", _PROGRAM.format(work=WORK[name])]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(program, **pipes) as process:
        assert process.stdout.readline() == "begun\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        try:
            # The time-out is far below what is left of the work, and far above what is needed.
            out, errors = process.communicate(timeout=8)
        finally:
            process.kill()
    assert out == ""
    assert errors.rstrip().endswith("KeyboardInterrupt")
    assert process.returncode == -signal.SIGINT
