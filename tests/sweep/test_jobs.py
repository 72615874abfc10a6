"""Which jobs an engine gets, and that each member in one is what it would be by itself."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import cloudpickle
import pytest
from hydra._internal.hydra import Hydra
from hydra.core.hydra_config import HydraConfig
from hydra.core.utils import run_job
from hydra.plugins.launcher import Launcher
from hydra.types import HydraContext
from omegaconf import DictConfig, OmegaConf, open_dict

from gan_cli import config, runs
from gan_cli.composition import compose, hydra_tasks, requested
from gan_cli.config import Experiment
from gan_cli.errors import UsageError
from gan_cli.prepared import prepare
from gan_cli.sweep.jobs import JobsLauncher, divided
from gan_cli.sweep.task import MemberTask

TINY = (
    *("dataset=ring", "architecture.latent=3", "architecture.generator_widths=[8]"),
    *("architecture.discriminator_widths=[8]", "batch_size=16", "samples=4", "steps=4"),
    *("log_every=2", "sample_every=4", "checkpoints.every=4", "hydra.sweep.dir=s"),
    "hydra/launcher=basic",
)


class Engine(Launcher):
    """Composes and runs each job as engines do in another process, with a task that was pickled."""

    def __init__(self) -> None:
        self.got: list[list[str]] = []

    def setup(self, *, hydra_context: Any, task_function: Any, config: Any) -> None:
        self.context, self.task, self.base = hydra_context, task_function, config

    def launch(self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int) -> Any:
        task = cloudpickle.loads(cloudpickle.dumps(self.task))
        done = []
        for number, overrides in enumerate(job_overrides, initial_job_idx):
            self.got.append(list(overrides))
            job = self.context.config_loader.load_sweep_config(self.base, list(overrides))
            with open_dict(job):
                job.hydra.job.id, job.hydra.job.num = f"job_{number}", number
            done.append(
                run_job(
                    hydra_context=self.context,
                    task_function=task,
                    config=job,
                    job_dir_key="hydra.sweep.dir",
                    job_subdir_key="hydra.sweep.subdir",
                )
            )
        return done


Sweep = Callable[..., Engine]


@pytest.fixture
def sweep(empty: Path) -> Iterator[Sweep]:
    """Runs a sweep with some groups of its members, and returns the engine that got the jobs."""
    with compose.hydra() as program:
        yield partial(_sweep, program)
    HydraConfig.instance().cfg = None


def _sweep(program: Hydra, *lines: str, groups: Sequence[Sequence[int]]) -> Engine:
    base = requested.read(program, [*TINY, *lines], multirun=True).base
    assert base is not None
    task, engine = MemberTask([]), Engine()

    def through(made: Launcher) -> Launcher:
        context = HydraContext(program.config_loader, callbacks=made.hydra_context.callbacks)  # type: ignore[attr-defined]
        engine.setup(hydra_context=context, task_function=task, config=base)
        members = partial(program.config_loader.load_sweep_config, base)
        return JobsLauncher(engine, members, groups, task.tell)

    hydra_tasks.sweep(program, base, Path("s"), task, through)
    return engine


def summaries() -> dict[str, Any]:
    return {
        run.name: json.loads((run / "summary.json").read_text()) for run in runs.find(Path("s"))
    }


def test_only_what_is_missing_is_a_job_and_keeps_its_number(sweep: Sweep) -> None:
    engine = sweep("seed=5,6,7", groups=[[1], [2]])
    assert [[job[-2], job[-1]] for job in engine.got] == [
        ["seed=6", "hydra.sweep.subdir='1'"],
        ["seed=7", "hydra.sweep.subdir='2'"],
    ]
    assert {name: told["seed"] for name, told in summaries().items()} == {"1": 6, "2": 7}
    saved = OmegaConf.load("s/2/.hydra/hydra.yaml").hydra
    assert (saved.job.num, saved.job.id, saved.sweep.subdir) == (2, "job_1", 2)
    assert "hydra.sweep.subdir='2'" not in saved.overrides.hydra


def test_members_of_one_job_train_as_one_program(sweep: Sweep) -> None:
    engine = sweep("seed=5,6,7", groups=[[0, 2]])
    assert [job[-1] for job in engine.got] == ["hydra.sweep.subdir='.jobs/0'"]
    told = summaries()
    assert {name: each["seed"] for name, each in told.items()} == {"0": 5, "2": 7}
    assert {each["status"] for each in told.values()} == {"completed"}
    assert {each["numerics"]["lanes"] for each in told.values()} == {"vmap"}


def test_a_member_that_is_over_is_not_trained_again_with_its_group(sweep: Sweep) -> None:
    sweep("seed=5,6,7", groups=[[0]])
    logged = Path("s/0/train.log")  # which stays open in this process
    files = [path for path in Path("s/0").rglob("*") if path != logged]
    before = {path: path.stat().st_mtime_ns for path in files}
    sweep("seed=5,6,7", groups=[[0, 1, 2]])
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert sorted(summaries()) == ["0", "1", "2"]


def test_jobs_do_not_span_batches(sweep: Sweep) -> None:
    engine = sweep("seed=5,6,7", "hydra.sweeper.max_batch_size=1", groups=[[0, 2]])
    assert [job[-1] for job in engine.got] == ["hydra.sweep.subdir='0'", "hydra.sweep.subdir='2'"]


def test_a_member_may_have_a_directory_with_a_name(sweep: Sweep) -> None:
    sweep("seed=5,6", "hydra.sweep.subdir='seed-${seed}'", groups=[[1]])
    assert list(summaries()) == ["seed-6"]


def test_members_of_one_structure_share_a_job(make_members: Callable[..., Any]) -> None:
    missing = make_members({"k": 1, "seed": 1}, {"k": 2}, {"k": 1}, {"k": 1, "seed": 3})
    assert divided(missing, 1) == [[10], [11], [12], [13]]
    assert divided(missing, 4) == [[10, 12, 13], [11]]
    assert divided(missing, 2) == [[10, 12], [13], [11]]


@pytest.fixture
def make_members(make: Callable[..., Experiment]) -> Callable[..., Any]:
    """Prepared members with the numbers 10, 11, ..."""
    return lambda *changes: {
        number: prepare(make(**each)) for number, each in enumerate(changes, 10)
    }


def test_a_search_that_chooses_another_member_is_refused(empty: Path) -> None:
    """Its directory holds the one that was chosen before."""

    def member(program: Hydra, seed: int) -> DictConfig:
        command = requested.read(program, [*TINY, f"seed={seed},9"], multirun=True)
        found = command.members[0].config
        with open_dict(found):
            found.hydra.job.id = found.hydra.job.num = 0
        return found

    with compose.hydra() as program:
        first, other = member(program, 1), member(program, 2)
        HydraConfig.instance().set_config(first)
        score = MemberTask([])(compose.without_hydra(first))
        assert MemberTask([])(compose.without_hydra(first)) == score
        HydraConfig.instance().set_config(other)
        for task in (MemberTask([]), lambda _: MemberTask([]).together([other], "auto", 8)):
            with pytest.raises(UsageError) as error:
                task(compose.without_hydra(other))
            assert str(error.value).startswith(
                "s/0 was started with seed=1, and the search now chooses seed=2. "
            )
    HydraConfig.instance().cfg = None
    assert config.Experiment.members_per_job == 1


def test_the_process_of_a_job_keeps_xla_quiet_before_jax_is_imported() -> None:
    """In the environment of another command, as in a worker of a running Ray cluster."""
    code = (
        "import sys, os, gan_cli.sweep; "
        "print(os.environ['TF_CPP_MIN_LOG_LEVEL'], 'jax' in sys.modules)"
    )
    bare = {name: text for name, text in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=bare, check=True)
    assert done.stdout == "3 False\n"
