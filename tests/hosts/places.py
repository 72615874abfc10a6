"""The processes of the tests, which meet on this host."""

from gan_cli.hosts.membership import Place

VERSIONS = {"jax": "1"}


def place(process: int, port: int, processes: int = 3, timeout: int = 5) -> Place:
    return Place("localhost", port, processes, process, None, timeout)
