"""Which of several processes this one is: as the user says, or as JAX finds it in the environment.

JAX's private names are used in this file alone.
"""

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from gan_cli.errors import UsageError

ALONE = "distributed.processes=1 lets each of them train by itself"
BY_HAND = "distributed.coordinator=HOST:PORT distributed.processes=N distributed.process=I"


class Settings(Protocol):
    """See `config.Distributed`."""

    processes: Any
    process: int | None
    coordinator: str | None
    timeout: int


class Place(NamedTuple):
    """One process among those that train a run together.

    host, port: where process 0 waits for the others.
    processes: how many there are.
    process: the number of this one, from 0.
    local_devices: which devices of its host are its own; None for all that it sees.
    timeout: how many seconds the others are waited for.
    """

    host: str
    port: int
    processes: int
    process: int
    local_devices: list[int] | None
    timeout: int

    @property
    def address(self) -> str:
        """Where process 0 waits, such as node1:1234."""
        return f"{self.host}:{self.port}"


def place(settings: Settings) -> Place | None:
    """The place of this process among several; None where it trains by itself.

    Raises:
        UsageError: if several processes are wanted or were started, and it cannot be told which of
            them this one is.
    """
    if settings.processes == 1:
        return None
    if settings.coordinator is not None:
        assert settings.process is not None
        host, port = address(settings.coordinator)
        return Place(host, port, settings.processes, settings.process, None, settings.timeout)
    starter = started_by(os.environ)
    if starter is None and settings.processes == "auto":
        return None
    if starter is None:
        raise UsageError(
            f"distributed.processes={settings.processes}: no srun, mpirun, Kubernetes Job or TPU "
            f"pod has started this process. Say where process 0 waits, and which this is: "
            f"{BY_HAND.replace('=N', f'={settings.processes}')}"
        )
    found = _found(starter, settings)
    if settings.processes not in ("auto", found.processes):
        raise UsageError(
            f"distributed.processes={settings.processes}: {starter} has started "
            f"{found.processes}. Leave the setting out; {ALONE}."
        )
    return found if found.processes > 1 else None


def address(text: str) -> tuple[str, int]:
    """The host and the port of an address such as node1:1234.

    Raises:
        UsageError: if it is none.
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 2**16:
        raise UsageError(
            f"coordinator={text}: must be the host of process 0 and a free port there, such as "
            "node1:12345."
        )
    return host.removeprefix("[").removesuffix("]"), int(port)


def started_by(environment: Mapping[str, str]) -> str | None:
    """What has started several processes of which this is one, or None.

    The shell of a Slurm allocation, and a job or a step of one task, are a process by itself.
    """

    def count(variable: str) -> int:
        told = environment.get(variable, "")
        return int(told) if told.isdecimal() else 1

    if count("SLURM_STEP_NUM_TASKS") > 1:
        return "srun"
    if count("OMPI_COMM_WORLD_SIZE") > 1:
        return "mpirun"
    if "KUBERNETES_SERVICE_HOST" in environment and "JOB_COMPLETION_INDEX" in environment:
        return "the Kubernetes Job"
    hosts = environment.get("TPU_PROCESS_ADDRESSES", environment.get("TPU_WORKER_HOSTNAMES", ""))
    return "the TPU pod" if "," in hosts or _on_a_tpu() else None


def _on_a_tpu() -> bool:
    """Whether this is a machine of Google's with a TPU, which JAX knows once it is imported."""
    init = sys.modules.get("jax._src.cloud_tpu_init")
    return bool(getattr(init, "running_in_cloud_tpu_vm", False))


def _found(starter: str, settings: Settings) -> Place:
    """The place of this process as JAX finds it."""
    from jax._src import clusters

    try:
        detect = clusters.ClusterEnv.auto_detect_unset_distributed_params
        where, processes, process, devices = detect(None, None, None, None, None, settings.timeout)
        if where is None or processes is None or process is None:
            raise LookupError("it knows no such environment")
    except Exception as error:  # whatever a service that JAX asks, or its library, raises
        reason = " ".join(str(error).split()).rstrip(".")
        raise UsageError(
            f"{starter} has started several processes, and JAX cannot tell where they meet: "
            f"{reason}. Say it: {BY_HAND}; {ALONE}."
        ) from error
    host, port = address(where)
    own = None if "JAX_LOCAL_DEVICE_IDS" in os.environ or devices is None else [*devices]
    return Place(host, port, processes, process, own, settings.timeout)
