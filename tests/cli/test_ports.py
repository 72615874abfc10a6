"""A port in use is refused with one that is free."""

import errno
import os
import re
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gan_cli.cli import ports
from gan_cli.errors import GanError

Command = Callable[..., Any]


@pytest.fixture
def server() -> Iterator[socket.socket]:
    """A socket that holds a port of this machine."""
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        yield taken


@pytest.mark.parametrize("does_listen", [True, False])
def test_a_port_in_use_is_refused(does_listen: bool, server: socket.socket) -> None:
    if does_listen:
        server.listen()
    port = server.getsockname()[1]
    with pytest.raises(GanError, match=rf"--port {port}: this port is in use\.") as told:
        ports.check(port)
    free = re.search(r" Write --port (\d+)$", str(told.value))
    assert free is not None
    assert int(free[1]) != port
    ports.check(int(free[1]))


def test_a_free_port_is_taken(server: socket.socket) -> None:
    port = server.getsockname()[1]
    server.close()
    ports.check(port)


def test_a_port_of_the_administrator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def bind(_: socket.socket, address: tuple[str, int]) -> None:
        if address[1] < 1024:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(GanError, match=r"^--port 1: this port is kept for .* Write --port \d{4,}$"):
        ports.check(1)


def test_nothing_is_shown_at_a_port_in_use(server: socket.socket, gan: Command) -> None:
    server.listen()
    port = server.getsockname()[1]
    status, out, err = gan("look", "--port", str(port))
    assert (status, out) == (1, "")
    assert re.fullmatch(rf"gan: --port {port}: this port is in use\. Write --port \d+\n", err)
