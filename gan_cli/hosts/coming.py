"""How another process than 0 comes to it, and waits until it begins, or says why it does not."""

import contextlib
import socket
import sys
import time
from collections.abc import Mapping
from typing import TypedDict

from gan_cli.errors import GanError
from gan_cli.hosts.line import WAKE, Line
from gan_cli.hosts.meeting import PATIENCE
from gan_cli.hosts.membership import Place
from gan_cli.interrupts import Interrupted, StopRequest
from gan_cli.reading import fits

ANSWER = 10.0
"""How many seconds after `distributed.timeout` process 0 has said that it begins, or ends."""
HEED = 5.0
"""How many seconds process 0 may take to answer a signal that another process got."""


class Begin(TypedDict):
    """Where JAX's own service is reached on the host of process 0."""

    port: int


class Ended(TypedDict):
    """The exit status of process 0."""

    status: int


def join(place: Place, versions: Mapping[str, str], stop: StopRequest) -> Line:
    """Another process comes to process 0, once that waits.

    Returns:
        What may be the connection to it, which `begun` tells.

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


def begun(place: Place, line: Line, stop: StopRequest) -> int:
    """Another process waits until process 0 begins, once all have come to it.

    Args:
        place: that of this process.
        line: see `join`.
        stop: whether the user asked to stop, which process 0 is told of.

    Returns:
        The port of JAX's own service on the host of process 0.

    Raises:
        SystemExit: with the exit status of process 0, where that ends, and says why.
        GanError: if what was reached does not answer, has ended, or is another program.
        Interrupted: when the user ended it, and process 0 does not answer.
    """
    waited = place.timeout + ANSWER
    end = time.monotonic() + waited
    try:
        told = line.receive_within(end, stop)
    except Interrupted:
        with contextlib.suppress(OSError):
            line.send("signal", number=stop.signal)
        told = line.receive_within(time.monotonic() + HEED, StopRequest())
        if told is None:
            raise
    other = f"Choose another port for every process: distributed.coordinator={place.host}:PORT"
    if told is None and time.monotonic() >= end:
        raise GanError(
            f"what was reached at {place.address} has not answered within {waited:g} s: another "
            f"program waits there, or process 0 hangs. {other}"
        )
    if told is not None and told.name == "ended" and fits(told.values, Ended):
        raise SystemExit(told.values["status"])
    if told is None or told.name != "begin" or not fits(told.values, Begin):
        raise GanError(
            f"process 0 at {place.address} has ended without a word before it began, or another "
            f"program waits there. Start the same command again for every process. {other}"
        )
    return int(told.values["port"])
