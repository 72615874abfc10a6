"""The port of this machine that --port names: what is in use is refused, with one that is free."""

import errno
import os
import socket

from gan_cli.errors import GanError

HOST = "localhost"
LAST = 65535


def check(port: int) -> None:
    """Refuses a port at which nothing can be served.

    Raises:
        GanError: saying why, with the next one that is free.
    """
    if why := _refusal(port):
        others = [*range(port + 1, LAST + 1), *range(LAST, 1023, -1)]
        free = next((other for other in others if _refusal(other) is None), None)
        hint = f" Write --port {free}" if free else ""
        raise GanError(f"--port {port}: {why}.{hint}")


def _refusal(port: int) -> str | None:
    """Why nothing can be served at a port; None where it is free."""
    with socket.socket() as client:
        if client.connect_ex((HOST, port)) == 0:
            return "this port is in use"
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do it
        try:
            server.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return "this port is in use"
            if error.errno == errno.EACCES:
                return "this port is kept for the administrator"
            return os.strerror(error.errno) if error.errno else str(error)
    return None
