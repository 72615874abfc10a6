"""A connection between two of the processes, which carries messages with arrays behind them."""

import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from gan_cli.interrupts import StopRequest
from gan_cli.reading import json_value

SIZES = struct.Struct("!IQ")
LARGEST = 2**24
"""The most bytes of a message; who sends more is a stranger."""
WAKE = 0.2
"""How often a process that waits looks whether it was asked to stop, in seconds."""

ALIVE = {"TCP_KEEPIDLE": 10, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 4, "TCP_USER_TIMEOUT": 30_000}
"""How the system finds out, within half a minute, that a host of the others is gone."""


class Message(NamedTuple):
    """What was sent: a name, values that JSON has, and bytes."""

    name: str
    values: dict[str, Any]
    payload: bytes = b""


class Line:
    """One end of a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._sending = threading.Lock()
        connection.settimeout(None)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for name, value in ALIVE.items():
            if (option := getattr(socket, name, None)) is not None:  # not every system has all
                connection.setsockopt(socket.IPPROTO_TCP, option, value)

    def send(self, name: str, payload: bytes = b"", **values: Any) -> None:
        """Sends a message.

        Raises:
            OSError: if the other end is gone.
        """
        text = json.dumps([name, values]).encode()
        with self._sending:
            self._socket.sendall(SIZES.pack(len(text), len(payload)) + text)
            if payload:
                self._socket.sendall(payload)

    def receive(self) -> Message | None:
        """Waits for a message; None once the other end is gone, or is none of ours."""
        return self._message(lambda: True)

    def receive_within(self, deadline: float, stop: StopRequest) -> Message | None:
        """Waits for a message without bytes behind it until a time of `time.monotonic`.

        Returns:
            The message; None where no whole one has come, or the other end is gone or none of ours.

        Raises:
            Interrupted: when the user ended it.
        """

        def arrives() -> bool:
            while time.monotonic() < deadline:
                stop.obey()
                if self.arrives(WAKE):
                    return True
            return False

        return self._message(arrives, most_behind=0)

    def arrives(self, seconds: float = 0.0) -> bool:
        """Whether something is there to be received within some seconds, if only the end."""
        return bool(select.select([self._socket], [], [], seconds)[0])

    def close(self) -> None:
        self._socket.close()

    def _message(
        self, arrives: Callable[[], bool], most_behind: int | None = None
    ) -> Message | None:
        """The next message; None where it is none of ours, or nothing more of it arrives."""
        head = self._exactly(SIZES.size, arrives)
        if head is None:
            return None
        size, behind = SIZES.unpack(head)
        if size > LARGEST or (most_behind is not None and behind > most_behind):
            return None
        text = self._exactly(size, arrives)
        payload = self._exactly(behind, arrives) if text is not None else None
        if text is None or payload is None:
            return None
        try:
            name, values = json_value(text)
            return Message(str(name), dict(values), payload)
        except (ValueError, TypeError):
            return None

    def _exactly(self, size: int, arrives: Callable[[], bool]) -> bytes | None:
        """So many bytes; None where the other end is gone before, or nothing more arrives."""
        taken = bytearray()
        while len(taken) < size:
            try:
                part = self._socket.recv(min(size - len(taken), 2**20)) if arrives() else b""
            except OSError:
                return None
            if not part:
                return None
            taken += part
        return bytes(taken)
