"""Who a process is, so that another one can tell whether it is still there."""

import contextlib
import os
import socket
from pathlib import Path
from typing import NamedTuple

BOOT = Path("/proc/sys/kernel/random/boot_id")
NAMESPACE = Path("/proc/self/ns/pid")


class Owner(NamedTuple):
    """The process that holds a lock.

    host: the name of its machine.
    boot: what tells one start of the machine from the next; empty where that is not known.
    namespace: the container, within which numbers of processes mean something.
    process: its number.
    born: when it started, since numbers are used again; empty where that is not known.
    """

    host: str
    boot: str
    namespace: str
    process: int
    born: str

    @property
    def name(self) -> str:
        """Such as "process 7 on node3"."""
        return f"process {self.process} on {self.host}" if self.process else self.host


def this_process() -> Owner:
    """This process as an owner."""
    process, boot, namespace = os.getpid(), "", ""
    with contextlib.suppress(OSError):  # another system than Linux
        boot = BOOT.read_text(encoding="ascii").strip()
        namespace = str(NAMESPACE.readlink())
    return Owner(socket.gethostname(), boot, namespace, process, _born(process))


def is_here(owner: Owner) -> bool:
    """Whether an owner is a process whose number means something to this one."""
    return owner[:3] == this_process()[:3]


def has_ended(owner: Owner) -> bool:
    """Whether an owner is known to have ended: on this machine, and no longer there."""
    own = this_process()
    if owner.host != own.host:
        return False
    if owner.boot != own.boot:
        return True
    if owner.namespace != own.namespace:
        return False
    try:
        os.kill(owner.process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:  # it is another user's
        return False
    return owner.born != _born(owner.process)


def _born(process: int) -> str:
    """When a process started, in the system's own count; empty where that cannot be told."""
    with contextlib.suppress(OSError, IndexError):
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        return fields.split()[19]
    return ""
