"""How the processes meet: process 0 waits at its address for the others, or says who is missing."""

import contextlib
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from gan_cli.errors import GanError, UsageError
from gan_cli.hosts.line import WAKE, Line
from gan_cli.hosts.membership import Place
from gan_cli.interrupts import StopRequest

PATIENCE = 5.0
"""After so many seconds a process says for whom it waits."""
STRANGER = 2.0
"""How many seconds who comes may take to say that it is one of the others."""


class Other(NamedTuple):
    """Another process as process 0 knows it: its connection, and the name of its host."""

    line: Line
    host: str


@contextlib.contextmanager
def listening(place: Place) -> Iterator[socket.socket]:
    """A socket at the address of process 0, on every network that its host is in.

    Raises:
        UsageError: if the port is taken.
    """
    both = socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both else socket.AF_INET
    try:
        server = socket.create_server(("", place.port), family=family, dualstack_ipv6=both)
    except OSError as error:
        raise UsageError(
            f"process 0 cannot wait at {place.address}: {error.strerror}. Choose another port: "
            f"distributed.coordinator={place.host}:PORT"
        ) from error
    server.settimeout(WAKE)
    with server:
        yield server


def gather(
    place: Place, server: socket.socket, versions: Mapping[str, str], stop: StopRequest
) -> dict[int, Other]:
    """Process 0 waits for all others.

    Args:
        place: that of process 0.
        server: see `listening`.
        versions: of the packages that all processes must have alike.
        stop: whether the user asked to stop.

    Returns:
        The others by their number.

    Raises:
        GanError: naming those that have not come in time.
        UsageError: naming one that was started otherwise.
        Interrupted: when the user ended it.
    """
    found: dict[int, Other] = {}
    begin, told = time.monotonic(), False
    try:
        while missing := sorted(set(range(1, place.processes)) - set(found)):
            stop.obey()
            waited = time.monotonic() - begin
            if waited > place.timeout:
                raise GanError(
                    f"{_named(missing)} of {place.processes} did not come to {place.address} "
                    f"within {place.timeout} s. Start the same command for every process, each "
                    f"with its own distributed.process, and let port {place.port} through; "
                    f"distributed.timeout={2 * place.timeout} waits longer."
                )
            if waited > PATIENCE and not told:
                told = True
                print(f"waiting at {place.address} for {_named(missing)}", file=sys.stderr)
            with contextlib.suppress(TimeoutError):
                line = Line(server.accept()[0])
                hello = line.receive_within(time.monotonic() + STRANGER, stop)
                if hello is None or hello.name != "hello":
                    line.close()
                    continue
                number = int(hello.values["process"])
                other = Other(line, str(hello.values["host"]))
                twice = number in found
                found[-number if twice else number] = other
                _check(place, number, other.host, hello.values, versions, twice=twice)
        return found
    except BaseException as error:
        status = getattr(error, "status", 1)
        for other in found.values():
            with contextlib.suppress(OSError):
                other.line.send("ended", status=status)
            other.line.close()
        raise


def _check(
    place: Place,
    number: int,
    host: str,
    told: Mapping[str, object],
    versions: Mapping[str, str],
    *,
    twice: bool,
) -> None:
    """Refuses a process that was started otherwise than process 0."""
    if told["processes"] != place.processes or not 0 < number < place.processes:
        raise UsageError(
            f"{host} has started process {number} of {told['processes']}, and process 0 waits for "
            f"{place.processes - 1} more of {place.processes}. Give all of them the same "
            "distributed.processes, and each its own distributed.process."
        )
    if twice:
        raise UsageError(
            f"process {number} of {place.processes} was started twice, the second time on {host}. "
            "Give each its own distributed.process."
        )
    if told["versions"] != dict(versions):
        raise UsageError(
            f"process {number} on {host} has {_listed(told['versions'])}, and process 0 has "
            f"{_listed(versions)}. Install the same versions on every host."
        )


def join(place: Place, versions: Mapping[str, str], stop: StopRequest) -> Line:
    """Another process comes to process 0, once that waits.

    Raises:
        GanError: if process 0 is not reached in time.
        Interrupted: when the user ended it.
    """
    begin, told = time.monotonic(), False
    reason = ""
    while (waited := time.monotonic() - begin) < place.timeout:
        stop.obey()
        if waited > PATIENCE and not told:
            told = True
            print(
                f"waiting for process 0 at {place.address}: it has not begun, or has ended already",
                file=sys.stderr,
            )
        try:
            line = Line(socket.create_connection((place.host, place.port), timeout=PATIENCE))
            line.send(
                "hello",
                process=place.process,
                processes=place.processes,
                host=socket.gethostname(),
                versions=dict(versions),
            )
            return line
        except OSError as error:
            reason = str(error.strerror or error)
            time.sleep(WAKE)
    raise GanError(
        f"process 0 of {place.processes} was not reached at {place.address} within "
        f"{place.timeout} s ({reason}): it was not started, or it was stopped before. Start the "
        f"same command for process 0 on that host, and let port {place.port} through; "
        f"distributed.timeout={2 * place.timeout} waits longer."
    )


def _named(numbers: list[int]) -> str:
    """Processes in words, such as "processes 1 and 3"."""
    *first, last = map(str, numbers)
    return f"processes {', '.join(first)} and {last}" if first else f"process {last}"


def _listed(versions: object) -> str:
    return " ".join(f"{k} {v}" for k, v in versions.items()) if isinstance(versions, dict) else "?"
