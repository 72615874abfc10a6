"""Carries what JAX says to process 0, so that JAX does not end a process when process 0 is gone.

JAX's own connection to its service in process 0 ends the program at once, with a dump of its
memory, when it breaks. Through this relay it stays open, and the process ends with a sentence.
"""

import contextlib
import socket
import threading


def relay(host: str, port: int) -> int:
    """Starts carrying connections to a port of a host until the process ends.

    Returns:
        The port of this host that stands for it.
    """
    server = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_serve, args=(server, host, port), name="relay", daemon=True).start()
    own: int = server.getsockname()[1]
    return own


def _serve(server: socket.socket, host: str, port: int) -> None:
    """Carries every connection in both directions."""
    kept = []
    while True:
        near, _ = server.accept()
        kept.append(near)
        with contextlib.suppress(OSError):  # process 0 is gone: the connection stays, and is silent
            far = socket.create_connection((host, port))
            kept.append(far)
            for pair in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=pair, name="relay", daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Carries bytes until one of the ends is gone, and closes neither."""
    with contextlib.suppress(OSError):
        while part := source.recv(2**16):
            target.sendall(part)
