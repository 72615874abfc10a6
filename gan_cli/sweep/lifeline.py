"""What ties members in processes of their own to the command that started them.

Two files in a folder for temporary files: the command holds the lock on `alive` as long as it
lives, and whoever is asked to stop, the command or a member, writes the signal into it. Every
member that trains shares the lock on `busy`. So no process need know another one, whoever started
it, and a command that is killed is noticed as well. On another machine the files do not exist;
there the scheduler ends the members.
"""

import contextlib
import fcntl
import functools
import importlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from gan_cli.interrupts import INSISTENT, NOTICES, Interrupted, StopRequest, stop_request

ALIVE, BUSY = "alive", "busy"
GONE = signal.SIGTERM
"""The signal that the end of the command stands for."""

TRACKERS = (
    "multiprocessing.resource_tracker",
    "joblib.externals.loky.backend.resource_tracker",
)
"""What joblib would start with the first process; both let signals in again when they start."""

OVER = 255
"""Is written where a signal would be once the command has no more members."""


class Tie(StopRequest):
    """The stop request of all members in one process, which the command's signals and end reach."""

    notice = staticmethod(lambda _: b"")  # the command says it

    def __init__(self, folder: Path) -> None:
        """Opens the command's files.

        Raises:
            FileNotFoundError: on another machine than the command's, or after its end.
        """
        self.folder = folder
        self._alive = os.open(folder / ALIVE, os.O_RDWR)  # until the process ends
        super().__init__(functools.partial(_write, self._alive))

    def __call__(self) -> bool:
        if self.signal is None:
            number = _written(self._alive)
            if number:
                self.signal = number
            elif self._command_is_gone():
                self.signal = GONE
        return self.signal is not None

    def _command_is_gone(self) -> bool:
        try:
            fcntl.flock(self._alive, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(self._alive, fcntl.LOCK_UN)
        return True

    @contextlib.contextmanager
    def locked(self, name: str, how: int) -> Iterator[None]:
        """Holds a lock on one of the files once that is possible, if the command has left them."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(FileNotFoundError):
                file = stack.enter_context((self.folder / name).open("rb+"))
                fcntl.flock(file, how)
            yield

    def end_with_the_command(self) -> None:
        """Waits for the command's end, and ends this process then if members are left behind.

        A process that waits for work would otherwise stay for minutes.
        """
        with self.locked(ALIVE, fcntl.LOCK_SH):
            if _written(self._alive) == OVER:
                return
        with self.locked(BUSY, fcntl.LOCK_EX):
            shutil.rmtree(self.folder, ignore_errors=True)
        os._exit(128 + GONE)


@contextlib.contextmanager
def hold(stop: StopRequest) -> Iterator[Path]:
    """Lets the members of a command know of its signals and of its end.

    Args:
        stop: the command's own request.

    Yields:
        The folder that ties the members to the command.

    Raises:
        Interrupted: in the place of an error of the launcher's whose members were asked to stop.
    """
    with tempfile.TemporaryDirectory(prefix="gan-sweep-", ignore_cleanup_errors=True) as name:
        (Path(name) / BUSY).touch()
        with (Path(name) / ALIVE).open("xb+", buffering=0) as alive:
            fcntl.flock(alive, fcntl.LOCK_EX)
            stop.passed_on = functools.partial(_write, alive.fileno())
            try:
                stop.obey()
                yield Path(name)
            except Exception as error:
                if number := _written(alive.fileno()):
                    raise Interrupted(number) from error
                raise
            finally:
                stop.passed_on = None
                _write(alive.fileno(), OVER)


@contextlib.contextmanager
def deaf_children() -> Iterator[None]:
    """Lets processes that are started meanwhile hear no signal before they train a member.

    One that waits for work would end with an error at a Ctrl-C, and its launcher would kill those
    that are saving their state. This process hears signals on a thread that does nothing else.
    """
    over = threading.Event()
    threading.Thread(target=over.wait, name="signals", daemon=True).start()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (*INSISTENT, *NOTICES))
    try:
        for tracker in TRACKERS:
            with contextlib.suppress(ImportError):
                importlib.import_module(tracker).ensure_running()
        signal.pthread_sigmask(signal.SIG_BLOCK, INSISTENT)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        over.set()


@contextlib.contextmanager
def member(folder: Path | None) -> Iterator[StopRequest]:
    """The stop request of a member in a process of its own.

    Args:
        folder: what ties it to its command; None where nothing does.

    Raises:
        Interrupted: instead of a member that begins after the request. It is raised once no other
            member trains, since a launcher kills them all then.
    """
    tie = _tie(folder) if folder is not None else None
    if tie is None:
        with stop_request() as stop:
            yield stop
        return
    try:
        with tie.locked(BUSY, fcntl.LOCK_SH):
            tie.obey()
            yield tie
    except Interrupted:
        with tie.locked(BUSY, fcntl.LOCK_EX):
            pass
        raise


@functools.cache
def _tie(folder: Path) -> Tie | None:
    """This process's tie to its command, which takes all signals from now on.

    Returns:
        The tie; None on another machine than the command's.
    """
    try:
        tie = Tie(folder)
    except FileNotFoundError:
        return None
    _listening.enter_context(stop_request(tie))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (*INSISTENT, *NOTICES))
    threading.Thread(target=tie.end_with_the_command, name="command's end", daemon=True).start()
    return tie


_listening = contextlib.ExitStack()


def _write(descriptor: int, number: int) -> None:
    """Writes a signal, or that there are no more members, unless one is written already."""
    if not _written(descriptor):
        os.pwrite(descriptor, bytes([number]), 0)


def _written(descriptor: int) -> int:
    """The signal that is written; 0 where there is none."""
    return next(iter(os.pread(descriptor, 1, 0)), 0)
