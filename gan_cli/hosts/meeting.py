"""How process 0 meets the others: it waits at its address for them, or says who is missing."""

import contextlib
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypedDict, cast

from gan_cli.errors import GanError, UsageError
from gan_cli.hosts.line import WAKE, Line
from gan_cli.hosts.membership import Place
from gan_cli.interrupts import StopRequest
from gan_cli.reading import fits

PATIENCE = 5.0
"""After so many seconds a process says for whom it waits."""
STRANGER = 2.0
"""How many seconds who comes may take to say that it is one of the others."""
LATE = 5.0
"""How many seconds a process 0 that ends early stays, to tell so those that come only then."""


class Hello(TypedDict):
    """What another process says of itself when it comes; see `Place`."""

    process: int
    processes: int
    host: str
    versions: dict[str, str]


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
        GanError: naming those that have not come in time, or one that has ended.
        UsageError: naming one that was started otherwise.
        Interrupted: when the user ended it, also by a signal to one of the others.
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
            _heed(found, stop)
            if (came := _greeted(server, stop)) is not None:
                line, hello = came
                number = hello["process"]
                twice = number in found
                found[-number if twice else number] = Other(line, hello["host"])
                _check(place, hello, versions, twice=twice)
        return found
    except BaseException as error:
        status = getattr(error, "status", 1)
        for other in found.values():
            with contextlib.suppress(OSError):
                other.line.send("ended", status=status)
            other.line.close()
        _send_away(server, place.processes - 1 - len(found), status)
        raise


def _greeted(server: socket.socket, stop: StopRequest) -> tuple[Line, Hello] | None:
    """One of the others that has just come; None where nobody has, or a stranger."""
    try:
        line = Line(server.accept()[0])
    except TimeoutError:
        return None
    told = line.receive_within(time.monotonic() + STRANGER, stop)
    if told is None or told.name != "hello" or not fits(told.values, Hello):
        line.close()
        return None
    return line, cast(Hello, told.values)


def _heed(found: Mapping[int, Other], stop: StopRequest) -> None:
    """Takes the signals of those that have come, and notices their ends."""
    for number, other in found.items():
        if not other.line.arrives():
            continue
        told = other.line.receive_within(time.monotonic() + STRANGER, stop)
        if told is None or told.name != "signal":
            raise GanError(
                f"process {number}, on {other.host}, has ended while process 0 waited for others. "
                "Start the same command again for every process."
            )
        stop.take(int(told.values["number"]))
    stop.obey()


def _send_away(server: socket.socket, count: int, status: int) -> None:
    """Tells those that come late, of which there are `count`, that process 0 ends.

    A second signal, which is raised wherever the program is, ends this too.
    """
    end = time.monotonic() + LATE
    while count > 0 and time.monotonic() < end:
        if (came := _greeted(server, StopRequest())) is not None:
            line, _ = came
            with contextlib.suppress(OSError):
                line.send("ended", status=status)
            line.close()
            count -= 1


def _check(place: Place, told: Hello, versions: Mapping[str, str], *, twice: bool) -> None:
    """Refuses a process that was started otherwise than process 0."""
    number, host = told["process"], told["host"]
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


def _named(numbers: list[int]) -> str:
    """Processes in words, such as "processes 1 and 3"."""
    *first, last = map(str, numbers)
    return f"processes {', '.join(first)} and {last}" if first else f"process {last}"


def _listed(versions: object) -> str:
    return " ".join(f"{k} {v}" for k, v in versions.items()) if isinstance(versions, dict) else "?"
