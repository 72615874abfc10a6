"""Which of several processes this one is: as the user says, or as its starter does."""

import os

import pytest

from gan_cli.config import Distributed
from gan_cli.errors import UsageError
from gan_cli.hosts import membership
from gan_cli.loading import construct


@pytest.mark.parametrize(
    ("environment", "starter"),
    [
        ({}, None),
        ({"SLURM_JOB_ID": "7", "SLURM_NTASKS": "4"}, None),
        ({"SLURM_STEP_NUM_TASKS": "1", "SLURM_NTASKS": "4"}, None),
        ({"SLURM_STEP_NUM_TASKS": "2"}, "srun"),
        ({"OMPI_COMM_WORLD_SIZE": "1"}, None),
        ({"OMPI_COMM_WORLD_SIZE": "8"}, "mpirun"),
        ({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, None),
        (
            {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "JOB_COMPLETION_INDEX": "0"},
            "the Kubernetes Job",
        ),
        ({"TPU_WORKER_HOSTNAMES": "one"}, None),
        ({"TPU_WORKER_HOSTNAMES": "one,two"}, "the TPU pod"),
    ],
)
def test_several_processes_are_those_that_something_has_started(
    environment: dict[str, str], starter: str | None
) -> None:
    assert membership.started_by(environment) == starter


def test_a_place_that_the_user_names() -> None:
    settings = Distributed(coordinator="[::1]:1234", processes=3, process=2)
    assert membership.place(settings) == ("::1", 1234, 3, 2, None, 300)
    assert membership.place(Distributed(processes=1)) is None


def test_jax_finds_the_place_in_a_step_of_slurm(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("SLURM")]:
        monkeypatch.delenv(name)
    told = {"JOB_ID": 7, "STEP_NODELIST": "node[3,5]", "NTASKS": 2, "PROCID": 1, "LOCALID": 0}
    for name, value in (told | {"STEP_NUM_TASKS": 2, "STEP_NUM_NODES": 2}).items():
        monkeypatch.setenv(f"SLURM_{name}", str(value))
    assert membership.place(Distributed()) == ("node3", 61447, 2, 1, [0], 300)
    assert membership.place(Distributed(processes=1)) is None
    with pytest.raises(UsageError, match=r"processes=3: srun has started 2\. "):
        membership.place(Distributed(processes=3))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"process": 1}, "process=1: goes with distributed.coordinator=HOST:PORT"),
        ({"coordinator": "node1"}, "coordinator=node1: must be the host of process 0 and a free"),
        ({"coordinator": "node1:1"}, "coordinator=node1:1: goes with distributed.processes=N"),
        (
            {"coordinator": "node1:1", "processes": 2, "process": 2},
            "process=2: must be 0 to 1, as distributed.processes=2.",
        ),
        ({"processes": 0}, "processes=0: must be at least 1, or auto."),
    ],
)
def test_a_place_that_cannot_be_is_refused(values: dict[str, object], text: str) -> None:
    with pytest.raises(UsageError) as error:
        construct(Distributed, values, "distributed")
    assert str(error.value).startswith(f"distributed.{text}")


def test_several_processes_that_nothing_started_are_refused() -> None:
    with pytest.raises(UsageError, match=r"no srun, mpirun, Kubernetes Job or TPU pod has started"):
        membership.place(Distributed(processes=4))
