"""Joins the processes of a run, and starts JAX in all of them, before any device is touched."""

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from importlib import metadata

from gan_cli.errors import sentence
from gan_cli.hosts import coming, meeting, membership
from gan_cli.hosts.company import Company, Follower, Leader
from gan_cli.hosts.membership import Place, Settings
from gan_cli.hosts.relay import relay
from gan_cli.interrupts import Interrupted, StopRequest

NEVER = 10**6
"""A time-out of JAX's in seconds, for what is noticed in another way."""
MOMENT = 60
"""How many seconds JAX's own meeting may take, once all processes are there."""
ALIKE = ("gan-cli", "jax", "jaxlib")


@contextlib.contextmanager
def joined(settings: Settings, stop: StopRequest) -> Iterator[Company | None]:
    """Joins this process to the others of a run, for as long as the run takes.

    Args:
        settings: see `config.Distributed`.
        stop: whether the user asked to stop.

    Yields:
        What it is among them; None where it trains by itself, and nothing is started.

    Raises:
        GanError: if the others are not there in time, or were started otherwise.
        Interrupted: when the user ended it.
    """
    place = membership.place(settings)
    if place is None:
        yield None
    elif place.process:
        with _following(place, stop) as follower:
            yield follower
    else:
        with _leading(place, stop) as leader:
            yield leader


def _versions() -> dict[str, str]:
    return {name: metadata.version(name) for name in ALIKE}


@contextlib.contextmanager
def _leading(place: Place, stop: StopRequest) -> Iterator[Leader]:
    """Process 0: the others end when it does, and with its exit status."""
    with meeting.listening(place) as server:
        others = meeting.gather(place, server, _versions(), stop)
    leader = Leader(others, stop)
    status = 0
    try:
        port = _free_port()
        leader.order("begin", port=port)
        _start(place, f"{place.host}:{port}")
        yield leader
    except BaseException as error:
        status = getattr(error, "status", 1)
        raise
    finally:
        leader.dismiss(status)


@contextlib.contextmanager
def _following(place: Place, stop: StopRequest) -> Iterator[Follower]:
    """Another process; it ends here, since what JAX does at a program's end waits for process 0."""
    line = coming.join(place, _versions(), stop)
    port = coming.begun(place, line, stop)
    status = 1
    follower = Follower(line, stop)
    try:
        own = relay(place.host, port)
        _start(place, f"127.0.0.1:{own}")
        yield follower
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException as error:
        status = getattr(error, "status", 1)
        if isinstance(error, Interrupted):
            follower.refuse(f"it was asked to stop at once ({error}).", status)
        else:
            follower.refuse(sentence(error), status)
            print(f"gan: {sentence(error)}", file=sys.stderr)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)


def _start(place: Place, coordinator: str) -> None:
    """Starts JAX as one of several processes, all of which are there.

    Args:
        place: that of this process.
        coordinator: where JAX's own service in process 0 is reached.
    """
    import jax

    os.environ["no_grpc_proxy"] = place.host  # noqa: SIM112  (gRPC reads it in small letters)
    jax.config.update("jax_check_proxy_envs", False)
    jax.config.update("jax_enable_preemption_service", False)  # it would take SIGTERM for itself
    jax.config.update("jax_enable_recoverability", True)  # else JAX ends the program at once
    if jax.config.values.get("jax_cpu_collectives_implementation") in (None, "none"):
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
    jax.distributed.initialize(
        coordinator,
        place.processes,
        place.process,
        place.local_devices,
        cluster_detection_method="deactivate",
        initialization_timeout=MOMENT,
        heartbeat_timeout_seconds=NEVER,
        shutdown_timeout_seconds=MOMENT,
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("", 0))
        port: int = found.getsockname()[1]
        return port
