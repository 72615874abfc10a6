"""`evaluate_every` and `checkpoints.best`: judged while trained, at no cost in bits."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from gan_cli import checkpoints, standard, trained
from gan_cli.datasets.base import Split
from gan_cli.datasets.digits import Digits
from gan_cli.job import validation
from gan_cli.metrics import choice
from gan_cli.runs import RunDirectory
from gan_cli.training.random import Purpose, key_for
from tests.conftest import Command

Tiny = tuple[str, ...]
JUDGED = ("evaluate_every=10", "metric=[modes,wasserstein]", "metric.modes.samples=300")
BEST = (*JUDGED, "checkpoints.best=wasserstein/value")


def rows(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def losses(run: Path) -> list[tuple[float, float]]:
    return [(row["loss/generator"], row["loss/discriminator"]) for row in rows(run)]


def summary(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "summary.json").read_text())
    return found


def test_the_numbers_stand_in_the_rows_beside_what_real_data_score(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    status, out, err = gan("train", *tiny, *JUDGED, "log_every=5", "hydra.run.dir=run")
    assert status == 0, err
    known = {f"modes/{name}" for name in ("captured", "captured_fairly", "high_quality")}
    known |= {"modes/reverse_kl", "wasserstein/value"}
    known |= {f"{tag}_perfect" for tag in known}
    for row in rows(empty / "run"):
        found = {tag for tag in row if tag.startswith(("modes/", "wasserstein/"))}
        assert found == (known if row["step"] % 10 == 0 else set())
    assert rows(empty / "run")[-1]["modes/captured_perfect"] == 8
    assert summary(empty / "run")["evaluation_seconds"] > 0
    assert "\njudging  " in out


def test_the_training_is_the_same_to_the_bit(gan: Command, tiny: Tiny, empty: Path) -> None:
    assert gan("train", *tiny, *BEST, "ema=.9", "hydra.run.dir=on").status == 0
    assert gan("train", *tiny, "ema=.9", "hydra.run.dir=off").status == 0
    assert losses(empty / "on") == losses(empty / "off")
    on, off = (trained.load(RunDirectory(empty / run)).state for run in ("on", "off"))
    jax.tree.map(np.testing.assert_array_equal, on, off)


def test_the_test_split_is_never_read(
    gan: Command, tiny: Tiny, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    validation._standard.cache_clear()
    validation._perfect.cache_clear()
    read, split = [], Digits.split

    def spy(self: Digits, name: Any) -> Split:
        read.append(name)
        return split(self, name)

    monkeypatch.setattr(Digits, "split", spy)
    own = ["dataset=digits", "evaluate_every=10", "metric=mmd", "hydra.run.dir=run"]
    status, _, err = gan("train", *tiny, *own)
    assert status == 0, err
    assert set(read) == {"train", "validation"}


def test_what_is_logged_is_what_the_metric_says(gan: Command, tiny: Tiny, empty: Path) -> None:
    """Samples of the last checkpoint, drawn here, get the numbers of the last row."""
    assert gan("train", *tiny, *JUDGED, "seed=4", "hydra.run.dir=run").status == 0
    made = trained.load(RunDirectory(empty / "run"))
    key = key_for(4, Purpose.VALIDATION, 20)
    samples = made.generate(made.experiment.architecture.sample_latent(key, 1000))
    real = standard.reference(made.experiment.dataset, "validation")
    [metric] = choice.named(["wasserstein"], made.experiment.dataset)
    assert rows(empty / "run")[-1]["wasserstein/value"] == pytest.approx(
        metric.measure(samples, real)["value"]
    )


def test_the_best_state_is_kept_and_drawn_with(gan: Command, tiny: Tiny, empty: Path) -> None:
    own = [*BEST, "steps=60", "optimizer.generator.learning_rate=.02", "checkpoints.keep=1"]
    status, out, err = gan("train", *tiny, *own, "hydra.run.dir=run")
    assert status == 0, err
    values = {row["step"]: row["wasserstein/value"] for row in rows(empty / "run")}
    best = min(values, key=lambda step: values[step])
    assert checkpoints.steps(empty / "run" / "checkpoints" / "best") == [best]
    expected = {"tag": "wasserstein/value", "value": values[best], "step": best}
    assert summary(empty / "run")["best"] == expected
    assert f"best     wasserstein/value {values[best]:.4g} at step {best}" in out
    assert "sample   gan sample run --checkpoint best" in out
    drawn = gan("sample", "run", "--checkpoint", "best", "--out", "best.npz")
    assert drawn.status == 0, drawn.err
    judged = gan("evaluate", "run", "--checkpoint", "best", "--metric", "wasserstein", "--json")
    assert (empty / "run" / "evaluation" / f"{best}.json").is_file()
    assert json.loads(judged.out)["wasserstein"]["value"] == pytest.approx(values[best], rel=0.3)


def test_a_resumed_run_keeps_the_best_state_of_a_run_in_one_go(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    own = [*BEST, "checkpoints.every=20", "hydra.run.dir=run"]
    assert gan("train", *tiny, *own, "steps=60").status == 0
    shutil.move("run", "whole")
    assert gan("train", *tiny, *own, "steps=40").status == 0
    for step in (30, 35):  # what a process that was killed later would have left
        shutil.copytree("run/checkpoints/40", f"run/checkpoints/best/{step + 20}")
    status, _, err = gan("train", "--resume", "run", "steps=60")
    assert status == 0, err
    best = [checkpoints.steps(Path(run) / "checkpoints" / "best") for run in ("run", "whole")]
    assert best[0] == best[1]
    values = [
        json.loads((Path(run) / "summary.json").read_text())["best"] for run in ("run", "whole")
    ]
    assert values[0] == values[1]


def test_no_best_state_was_kept(gan: Command, run: Path) -> None:
    assert gan("sample", "run", "--checkpoint", "best") == (
        2,
        "",
        "gan: run has kept no best checkpoint. A training keeps one with evaluate_every=N and "
        "checkpoints.best=METRIC/NUMBER, such as modes/reverse_kl.\n",
    )
    assert gan("sample", "run", "--checkpoint", "newest") == (
        2,
        "",
        "gan: --checkpoint newest: must be the step of a checkpoint, or best.\n",
    )


@pytest.mark.parametrize("launcher", ["basic", "vmap"])
def test_every_member_of_a_sweep_is_judged(
    launcher: str, gan: Command, tiny: Tiny, empty: Path
) -> None:
    line = ["train", "-m", f"hydra/launcher={launcher}", *tiny, *BEST, "hydra.sweep.dir=s"]
    status, _, err = gan(*line, "seed=1,2", "optimized_metric=wasserstein/value")
    assert status == 0, err
    assert gan("train", *tiny, *BEST, "seed=2", "hydra.run.dir=alone").status == 0
    one, other, alone = (rows(empty / each)[-1] for each in ("s/0", "s/1", "alone"))
    assert one["wasserstein/value"] != other["wasserstein/value"]
    assert other["wasserstein/value"] == pytest.approx(alone["wasserstein/value"], rel=1e-4)
    for member in "01":
        assert checkpoints.steps(empty / "s" / member / "checkpoints" / "best")


LONG = ("steps=1000", "log_every=500", "sample_every=1000", "checkpoints.every=1000")


def test_a_long_run_is_judged_at_its_end(gan: Command, tiny: Tiny, empty: Path) -> None:
    own = [*LONG, "metric=modes", "hydra.run.dir=run"]
    status, out, err = gan("train", *tiny, *own)
    assert status == 0, err
    path = empty / "run" / "evaluation" / "1000.json"
    assert out.splitlines()[-1] == "judged   run/evaluation/1000.json"
    assert "\nmodes: " in out
    at_end = json.loads(path.read_text())
    assert gan("evaluate", "run", "--metric", "modes").status == 0
    assert json.loads(path.read_text()) == at_end
    shown = json.loads(gan("runs", "run", "--json").out)[0]["metrics"]
    assert shown["modes/captured"] == at_end["modes"]["captured"]


def test_the_table_of_settings_shows_what_the_end_found(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    assert gan("train", *tiny, *LONG, "metric=modes", "hydra.run.dir=run").status == 0
    events = EventAccumulator(str(empty / "run"))
    events.Reload()
    [event] = events.Scalars("modes/high_quality")
    written = json.loads((empty / "run" / "evaluation" / "1000.json").read_text())
    assert (event.step, event.value) == (
        1000,
        pytest.approx(written["modes"]["high_quality"]),
    )


def test_it_can_be_left_out(gan: Command, tiny: Tiny, empty: Path) -> None:
    status, out, _ = gan("train", *tiny, *LONG, "evaluate_end=off", "hydra.run.dir=run")
    assert status == 0
    assert not (empty / "run" / "evaluation").exists()
    assert "judged" not in out


def test_a_run_without_examples_to_judge_by_is_complete_all_the_same(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    np.save("mine.npy", np.random.default_rng(0).normal(size=(64, 2)).astype(np.float32))
    own = ["dataset=array", "dataset.path=mine.npy", *LONG, "hydra.run.dir=run"]
    status, out, err = gan("train", *tiny, *own)
    assert status == 0, err
    assert "\nnot judged: dataset=array keeps no examples in its " in out


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "evaluate_every=15",
            "evaluate_every=15: must be 0 (off) or a multiple of log_every=10.",
        ),
        (
            "evaluate_every=10 metric=parzen",
            "metric=parzen: it needs images, so it cannot judge dataset=ring. These can: ",
        ),
        (
            "metric=mods",
            "metric=mods: no such metric. Did you mean 'modes'? Valid: density_coverage, ",
        ),
        (
            "metric=modes metric.modes.samples=0",
            "metric.modes.samples=0: must be at least 1.",
        ),
        (
            "checkpoints.best=modes/reverse_kl",
            "checkpoints.best=modes/reverse_kl: no number of a metric by that name. "
            "The numbers of a metric need evaluate_every=N.",
        ),
        (
            "evaluate_every=10 metric=modes checkpoints.best=modes/reverse",
            "checkpoints.best=modes/reverse: no number of a metric by that name. "
            "Did you mean 'modes/reverse_kl'? Valid: modes/captured, ",
        ),
        (
            "optimized_metric=modes/reverse_kl",
            "optimized_metric=modes/reverse_kl: no such scalar. ",
        ),
    ],
)
def test_what_cannot_be_judged(line: str, text: str, gan: Command, tiny: Tiny) -> None:
    status, out, err = gan("train", *tiny, *line.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {text}"), err


def test_a_setting_has_one_type_in_the_table(gan: Command, tiny: Tiny, empty: Path) -> None:
    from tests.cli.test_sweep import hyperparameters

    rates = "optimizer.generator.learning_rate=1,1e-3"
    assert gan("train", "-m", *tiny, rates, "k=1,2", "hydra.sweep.dir=s").status == 0
    values = [hyperparameters(empty / "s" / str(member)) for member in range(4)]
    key = "optimizer.generator.learning_rate"
    assert (
        {type(value[key]) for value in values} == {type(value["k"]) for value in values} == {float}
    )
    assert [value[key] for value in values] == [1, 1, pytest.approx(0.001), pytest.approx(0.001)]
    assert {value["dataset"] for value in values} == {"ring"}


def test_the_end_trains_no_classifier_and_says_what_does(
    gan: Command, tiny: Tiny, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(empty / "cache"))
    own = ["dataset=digits", *LONG, "metric=[mmd,fid]", "hydra.run.dir=run"]
    status, out, err = gan("train", *tiny, *own)
    assert status == 0, err
    assert out.splitlines()[-2:] == [
        "judged   run/evaluation/1000.json",
        "judge    gan evaluate run  (trains a classifier once, for fid)",
    ]
    assert set(json.loads((empty / "run" / "evaluation" / "1000.json").read_text())) == {"mmd"}
    assert not (empty / "cache" / "gan" / "classifiers").exists()


def test_a_short_run_waits_for_no_metric(shell: Command, tiny: Tiny) -> None:
    """In a process of its own, which has not imported them for another reason."""
    code = "import atexit, sys; atexit.register(lambda: print('ot' in sys.modules))"
    Path("sitecustomize.py").write_text(code)
    assert shell("train", *tiny, PYTHONPATH=f".:{os.environ.get('PYTHONPATH', '')}").out.endswith(
        "False\n"
    )
