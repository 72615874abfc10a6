"""The processes that a command has started."""

import contextlib
import subprocess
import time
from pathlib import Path


def left_of(process: "subprocess.Popen[str]", seconds: float = 20.0) -> list[int]:
    """The processes of a command's group that are still there, so many seconds later at most."""
    deadline, found = time.monotonic() + seconds, [process.pid]
    while found and time.monotonic() < deadline:
        time.sleep(0.1)
        found = group(process.pid)
    return found


def group(number: int) -> list[int]:
    """The living processes of a process group."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):  # it has just ended
            state, _, own = (each / "stat").read_text().rpartition(")")[2].split()[:3]
            if int(own) == number and state != "Z":
                found.append(int(each.name))
    return found
