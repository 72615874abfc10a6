"""A web server on this machine, to download from."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

Serve = Callable[..., str]


class Handler(BaseHTTPRequestHandler):
    """Answers with the content of that name; `announced` may claim another length than is sent."""

    def __init__(self, *args, contents, announced, stall, **kwargs):
        self.contents, self.announced, self.stall = contents, announced, stall
        super().__init__(*args, **kwargs)

    def do_GET(self):
        content = self.contents.get(self.path.rpartition("/")[2])
        if content is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(self.announced or len(content)))
        self.end_headers()
        with suppress(ConnectionError):  # the client may have read enough
            self.wfile.write(content)
        self.stall.wait()

    def log_message(self, *args):
        pass


@pytest.fixture
def serve(monkeypatch) -> Iterator[Serve]:
    """Starts a server of {name: bytes} and gives its URL; with stall=True no answer ends."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    servers, stalls = [], []

    def start(contents: dict[str, bytes], announced: int = 0, stall: bool = False) -> str:
        stalls.append(threading.Event())
        if not stall:
            stalls[-1].set()
        handler = partial(Handler, contents=contents, announced=announced, stall=stalls[-1])
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, args=(0.01,)).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/files/"

    yield start
    for event in stalls:
        event.set()
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def dead_mirror(monkeypatch) -> str:
    """A URL where nothing answers."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"
