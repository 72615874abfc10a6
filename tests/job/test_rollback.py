"""A run that becomes non-finite goes back to its last checkpoint, and on with other numbers."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import pytest

from gan_cli import checkpoints, saved_config
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.errors import Diverged
from gan_cli.interrupts import StopRequest
from gan_cli.job import verification
from gan_cli.logs import scalars
from gan_cli.logs.terminal import Lines
from gan_cli.prepared import Prepared, prepare
from gan_cli.runs import RunDirectory
from gan_cli.training.batches import Batch
from gan_cli.training.feeds import SameSource
from gan_cli.training.random import seed_of
from tests.compiling import unoptimized
from tests.job.test_job import STEPS, VALUES, assert_equal_runs, begin, go, rows, state

SEED = VALUES["seed"]
BROKEN = 25
ANY = -1


class Spoilt(NamedTuple):
    """Points of which one is infinite at step 25, for a run of one seed or of any."""

    points: SyntheticDataset
    seed: int

    def discriminator_batch(self, recipe: Any, step: jax.Array, inner: jax.Array) -> Batch:
        x = self.points.sample(jax.random.fold_in(jax.random.key(recipe.seed), step), 8)
        struck = (step + 1 == BROKEN) & ((recipe.seed == self.seed) | (self.seed == ANY))
        return Batch(x.at[0, 0].set(jnp.where(struck, jnp.inf, x[0, 0])))

    def generator_batch(self, recipe: Any, step: jax.Array) -> Batch:
        return Batch(self.points.sample(jax.random.key(recipe.seed), 8))


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    with unoptimized():
        yield


def spoil(patch: pytest.MonkeyPatch, seed: int) -> None:
    def feed(prepared: Prepared) -> SameSource:
        dataset: Any = prepared.experiment.dataset
        return SameSource(Spoilt(dataset, seed), STEPS)

    patch.setattr(Prepared, "feed", feed)


@pytest.fixture(scope="module")
def rolled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run that was rolled back once, never to be changed."""
    with pytest.MonkeyPatch.context() as patch:
        spoil(patch, SEED)
        path = begin(tmp_path_factory.mktemp("rolled") / "run", on_divergence="rollback")
        go(path)
        yield path


def test_it_goes_back_and_on_with_the_next_stream(rolled: Path) -> None:
    summary = RunDirectory(rolled).read_summary()
    assert (summary["status"], summary["step"]) == ("completed", STEPS)
    [rollback] = summary["rollbacks"]
    assert (rollback["from"], rollback["to"]) == (BROKEN, 20)
    assert rollback["reason"].startswith(f"step {BROKEN} is not finite: loss/discriminator is ")
    assert "the minibatch of data, in D's update 1 of step 25." in rollback["reason"]
    assert not {"reason", "diagnosis"} & set(summary)
    assert summary["seed"] == SEED
    assert [row["step"] for row in rows(rolled)] == list(range(10, STEPS + 1, 10))
    assert [int(state(rolled, step)["stream"]) for step in (40, 50, 60)] == [1, 1, 1]


def test_it_is_verified_in_its_own_stream(rolled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch, SEED)
    prepared = prepare(saved_config.load_run(rolled))
    verdict = verification.verify(RunDirectory(rolled), prepared, Lines(), StopRequest())
    assert (verdict.start, verdict.end, verdict.differences) == (50, STEPS, [])


def test_a_run_that_is_killed_after_a_rollback_is_the_same_run(
    rolled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of what came after step 20 only what is logged is left, as where no checkpoint was saved."""
    path = shutil.copytree(rolled, tmp_path / "run")
    go(begin(tmp_path / "short"), steps=20)
    shutil.rmtree(path / "checkpoints")
    shutil.copytree(tmp_path / "short" / "checkpoints", path / "checkpoints")
    go(path, resume=True)
    assert_equal_runs(path, rolled)
    note = (
        "step 25 was not finite, so the training goes back to step 20 and continues with random "
        "stream 1"
    )
    assert note in capsys.readouterr().out.splitlines()


def test_a_run_goes_on_in_its_stream(rolled: Path, tmp_path: Path) -> None:
    path = shutil.copytree(rolled, tmp_path / "run")
    for step in (50, 60):
        checkpoints.delete(path / "checkpoints", step)
    go(path, resume=True)
    assert_equal_runs(path, rolled)


def test_it_stops_after_so_many_rollbacks(
    rolled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, ANY)
    path = begin(
        tmp_path / "run",
        on_divergence="rollback",
        rollbacks=2,
        checkpoints={"every": 100, "keep": 1},
    )
    with pytest.raises(Diverged):
        go(path)
    summary = RunDirectory(path).read_summary()
    assert (summary["status"], summary["step"]) == ("diverged", BROKEN)
    assert [each["to"] for each in summary["rollbacks"]] == [0, 0]
    assert [row["step"] for row in scalars.read(path / "metrics.jsonl")] == [10, 20, BROKEN]


def test_a_run_stops_at_once_where_it_is_not_asked_to_go_back(rolled: Path, tmp_path: Path) -> None:
    path = begin(tmp_path / "run")
    with pytest.raises(Diverged):
        go(path)
    assert "rollbacks" not in RunDirectory(path).read_summary()


def test_the_seeds_of_streams() -> None:
    assert seed_of(7, 0) == 7
    seeds = [seed_of(seed, stream) for seed in range(9) for stream in range(9)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert seed_of(7, 1) == 184_785_996, "the streams of a run never change"
