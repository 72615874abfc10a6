"""`gan train -m`: many runs from one command, and what becomes of those that go wrong."""

import json
import math
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from gan_cli.composition.given_twice import changed
from gan_cli.runs import RunDirectory

Command = Callable[..., Any]
Begin = Callable[..., "subprocess.Popen[str]"]
Tiny = tuple[str, ...]

joblib = pytest.mark.skipif(
    not any(each.name == "hydra-joblib-launcher" for each in metadata.distributions()),
    reason="hydra-joblib-launcher is not installed",
)

PAIR = """\
# @package _global_
hydra:
  mode: MULTIRUN
  sweeper:
    params:
      k: 1,2
"""
BROKEN = """\
from pathlib import Path

from gan_cli.runs import RunDirectory
from gan_cli.component import component
from gan_cli.datasets.ring import Ring


@component
class Broken(Ring):
    name = "{name}"

    def sample(self, key, n):
        if n == 17 and Path("s").exists():
            raise RuntimeError("17 is too many")
        return super().sample(key, n)
"""


def summaries(sweep: Path) -> list[dict[str, Any]]:
    """The summary of every member, in their order."""
    return [json.loads(path.read_text()) for path in sorted(sweep.glob("*/summary.json"))]


def wait_for(process: "subprocess.Popen[str]", file: Path) -> None:
    """Waits until a running process has written to a file."""
    while not (file.exists() and file.stat().st_size):
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


def statuses(sweep: Path) -> list[str]:
    return [summary["status"] for summary in summaries(sweep)]


def a_component_that_breaks(folder: Path, name: str) -> list[str]:
    """Options for a data set that fails with batches of 17 once the sweep s has begun."""
    (folder / f"{name}.py").write_text(BROKEN.format(name=name))
    (folder / "mine" / "dataset").mkdir(parents=True)
    (folder / "mine" / "dataset" / f"{name}.yaml").write_text(f"name: {name}\n")
    return ["--import", name, "--config-dir", "mine", f"dataset={name}"]


def hyperparameters(run: Path) -> dict[str, Any]:
    """What the run's event file holds for TensorBoard's HParams table."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

    events = EventAccumulator(str(run))
    events.Reload()
    content = events.SummaryMetadata("_hparams_/session_start_info").plugin_data.content
    start = HParamsPluginData.FromString(content).session_start_info
    return {key: getattr(v, str(v.WhichOneof("kind"))) for key, v in start.hparams.items()}


def test_a_sweep_of_two(gan: Command, tiny: Tiny, empty: Path) -> None:
    status, out, err = gan("train", "-m", *tiny, "seed=3,4")
    assert status == 0
    [sweep] = empty.glob("outputs/sweeps/????-??-??/??-??-??")
    name = sweep.relative_to(empty)
    assert sorted(path.name for path in sweep.iterdir()) == ["0", "1", "multirun.yaml"]
    lines = [line.split("  ") for line in sorted(out.splitlines()) if "completed: step" in line]
    assert [line[-1] for line in lines] == [f"{name}/0", f"{name}/1"]
    assert out.splitlines()[-4:] == [
        "sweep: 2 completed",
        f"list     gan runs {name}",
        f"compare  gan compare {name}",
        f"look     gan look {name}",
    ]
    assert err.splitlines() == [
        f"\t#0 : {' '.join(tiny)} seed=3",
        f"\t#1 : {' '.join(tiny)} seed=4",
    ]
    assert [hyperparameters(sweep / member)["seed"] for member in "01"] == [3, 4]


@pytest.mark.slow
def test_six_runs_tell_apart(gan: Command, tiny: Tiny, empty: Path) -> None:
    sweep = ["objective=minimax,non_saturating,wgan", "k=1,5", "hydra.sweep.dir=s"]
    assert gan("train", "-m", *tiny, *sweep).status == 0
    expected = [
        (objective, k) for objective in ("minimax", "non_saturating", "wgan") for k in (1, 5)
    ]
    listed = json.loads(gan("runs", "s", "--json").out)
    assert [row["overrides"][-2:] for row in listed] == [
        [f"objective={objective}", f"k={k}"] for objective, k in expected
    ]
    table = gan("runs", "s").out.splitlines()
    shown = [" ".join(re.findall(r"(?:objective|k)=\w+", line)) for line in table[2:8]]
    assert shown == [f"objective={objective} k={k}" for objective, k in expected]
    assert table[8].startswith("all: ")
    found = [hyperparameters(empty / "s" / str(member)) for member in range(6)]
    assert [(values["objective"], values["k"]) for values in found] == expected
    assert len({row["metrics"]["loss/generator"] for row in listed}) == 6


@pytest.mark.parametrize(
    ("swept", "members"),
    [
        ("k=1,3,2", ["k=1", "k=3", "k=2"]),
        ("k=range(1,4)", ["k=1", "k=2", "k=3"]),
        ("objective=choice(wgan,hinge)", ["objective=wgan", "objective=hinge"]),
        ("objective=glob(wgan*)", ["objective=wgan", "objective=wgan_gp"]),
        ("seed=0 k=1,2", ["k=1", "k=2"]),
        (
            "architecture.generator_widths=[8],[8,8]",
            ["architecture.generator_widths=[8]", "architecture.generator_widths=[8,8]"],
        ),
        ("", ["no override has several values, such as k=1,5"]),
    ],
)
def test_how_members_are_written(swept: str, members: list[str], gan: Command) -> None:
    status, out, _ = gan("train", "-m", "--dry-run", "--no-timing", "dataset=ring", *swept.split())
    assert status == 0
    named = [line for line in out.splitlines() if line.startswith("member ")]
    assert named == [f"member {number} ({text})" for number, text in enumerate(members)]


def test_two_members_in_one_directory_are_refused(gan: Command, tiny: Tiny, empty: Path) -> None:
    places = ("hydra.sweep.dir=s", "hydra.sweep.subdir=x")
    assert gan("train", "-m", *tiny, "seed=1,2", *places) == (
        2,
        "",
        "gan: members 0 and 1 would both be written to s/x. Give each a directory of its own, as "
        "hydra.sweep.subdir='${hydra.job.num}' does.\n",
    )
    assert list(empty.iterdir()) == []


def test_a_member_writes_over_nobodys_files(gan: Command, tiny: Tiny, empty: Path) -> None:
    mine = empty / "s" / "1" / "samples" / "holiday.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_text("precious")
    status, _, err = gan("train", "-m", *tiny, "seed=1,2", "hydra.sweep.dir=s")
    assert (status, err) == (
        2,
        "gan: s/1/samples/holiday.jpg is no run's, and a run in s/1 would write over it. "
        "Choose another place with hydra.sweep.dir=DIR.\n",
    )
    assert [path.name for path in (empty / "s").iterdir()] == ["1"]


def test_a_sweep_can_be_written_in_the_configuration(gan: Command, empty: Path) -> None:
    (empty / "mine" / "experiment").mkdir(parents=True)
    (empty / "mine" / "experiment" / "pair.yaml").write_text(PAIR)
    line = ["--config-dir", "mine", "experiment=pair", "dataset=ring"]
    status, out, _ = gan("train", "--dry-run", "--no-timing", *line)
    assert status == 0
    assert [line for line in out.splitlines() if line.startswith("member ")] == [
        "member 0 (k=1)",
        "member 1 (k=2)",
    ]


def test_a_member_that_diverges_does_not_stop_the_others(
    gan: Command, plain: Tiny, empty: Path
) -> None:
    rates = ["optimizer=sgd", "optimizer.generator.learning_rate=1e30,1e-4", "hydra.sweep.dir=s"]
    status, out, err = gan("train", "-m", *plain, *rates)
    assert status == 3
    assert statuses(empty / "s") == ["diverged", "completed"]
    assert "\nsweep: 1 completed, 1 diverged\n" in out
    assert "\ns/0: step 2 is not finite: loss/discriminator is nan, " in err
    assert [row["status"] for row in json.loads(gan("runs", "s", "--json").out)] == [
        "diverged",
        "completed",
    ]


def test_a_member_that_fails_does_not_stop_the_others_and_counts_more(
    gan: Command, plain: Tiny, empty: Path
) -> None:
    own = a_component_that_breaks(empty, "broken_here")
    rates = ["optimizer=sgd", "optimizer.generator.learning_rate=1e-4,1e30"]
    status, out, err = gan(
        "train", "-m", *plain, *own, "batch_size=17,16", *rates, "hydra.sweep.dir=s"
    )
    assert status == 1
    assert statuses(empty / "s") == ["failed", "failed", "completed", "diverged"]
    assert "\nsweep: 1 completed, 1 diverged, 2 failed\n" in out
    assert "\ns/0: unexpected RuntimeError: 17 is too many\n" in err
    assert "Traceback" not in err
    assert "Traceback" in (empty / "s" / "0" / "train.log").read_text()
    assert summaries(empty / "s")[0]["reason"] == "RuntimeError: 17 is too many"


def test_a_sweeper_gets_the_optimized_metric(
    gan: Command, plain: Tiny, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hydra._internal.core_plugins.basic_sweeper import BasicSweeper

    got: list[float] = []
    sweep = BasicSweeper.sweep

    def listening(self: BasicSweeper, arguments: list[str]) -> Any:
        results = sweep(self, arguments)
        got.extend(job.return_value for batch in results for job in batch)
        return results

    monkeypatch.setattr(BasicSweeper, "sweep", listening)
    rates = ["optimizer=sgd", "optimizer.generator.learning_rate=1e-4,1e30", "hydra.sweep.dir=s"]
    tag = "discriminator/real"
    gan("train", "-m", *plain, *rates, f"optimized_metric={tag}")
    first, second = got
    assert first == summaries(empty / "s")[0]["metrics"][tag]
    assert math.isnan(second)


SWEEPER = """\
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper


class Two(Sweeper):
    def __init__(self, params=None, max_batch_size=None):
        pass

    def setup(self, *, hydra_context, task_function, config):
        self.config = config
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments):
        parsed = OverridesParser.create().parse_overrides(arguments)
        kept = [o.input_line for o in parsed if not o.is_sweep_override()]
        key, space = next((o.key_or_group, o.value()) for o in parsed if o.is_sweep_override())
        scores = []
        for number, value in enumerate((space.start, space.end)):
            [job] = self.launcher.launch([[*kept, f"{key}={value}"]], initial_job_idx=number)
            scores.append(job.return_value)
        print("scores", *scores)
"""


@pytest.mark.slow
def test_a_sweeper_that_searches(shell: Command, tiny: Tiny, empty: Path) -> None:
    plugins = empty / "path" / "hydra_plugins"
    plugins.mkdir(parents=True)
    (plugins / "two.py").write_text(SWEEPER)
    path = os.pathsep.join([str(empty / "path"), os.environ.get("PYTHONPATH", "")])
    searched = "optimizer.generator.learning_rate=interval(1e-4,1e-2)"
    status, out, err = shell(
        *("train", "-m", *tiny, searched, "hydra.sweep.dir=s"),
        "hydra.sweeper._target_=hydra_plugins.two.Two",
        PYTHONPATH=path,
    )
    assert status == 0, err
    [line] = (line for line in out.splitlines() if line.startswith("scores "))
    scores = [summary["metrics"]["loss/generator"] for summary in summaries(empty / "s")]
    assert [float(text) for text in line.split()[1:]] == scores


@pytest.mark.slow
def test_a_search_by_optuna_goes_on(shell: Command, tiny: Tiny, empty: Path) -> None:
    """The README's command, shorter: what is missing of a study is trained, and nothing again."""
    pytest.importorskip("hydra_plugins.hydra_optuna_sweeper")
    searched = "optimizer.learning_rate=tag(log,interval(1e-4,1e-2))"
    line = [each for each in tiny if ".learning_rate=" not in each]
    study = ("hydra/sweeper=optuna", "hydra.sweeper.n_trials=3", "hydra.sweeper.sampler.seed=1")
    status, _, err = shell("train", "-m", *line, *study, searched, "hydra.sweep.dir=s")
    assert status == 0, err
    before = [summary["metrics"]["loss/generator"] for summary in summaries(empty / "s")]
    shutil.rmtree(empty / "s" / "2")
    assert shell("train", "-m", "--resume", "s").status == 0
    after = [summary["metrics"]["loss/generator"] for summary in summaries(empty / "s")]
    assert len(set(before)) == 3
    assert after == before


@joblib
@pytest.mark.slow
def test_members_in_processes_of_their_own(shell: Command, tiny: Tiny, empty: Path) -> None:
    own = a_component_that_breaks(empty, "broken_there")
    status, out, err = shell(
        *("train", "-m", *tiny, *own, "batch_size=16,17", "hydra.sweep.dir=s"),
        *("hydra/launcher=joblib", "hydra.launcher.n_jobs=2"),
    )
    assert (status, statuses(empty / "s")) == (1, ["completed", "failed"]), err
    assert "\nsweep: 1 completed, 1 failed\n" in out
    assert (
        "WARNING: s/1: a training step cannot be made: sample of dataset 'broken_there': "
        "RuntimeError: 17 is too many (broken_there.py, line "
    ) in err
    assert "Traceback" not in err


LONG = (
    "steps=100000000",
    "log_every=1000",
    "sample_every=100000000",
    "checkpoints.every=100000000",
    "hydra.sweep.dir=s",
)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_ends_the_whole_sweep(
    number: int, status: int, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    process = begin("train", "-m", *tiny, *LONG, "seed=0,1")
    wait_for(process, empty / "s" / "0" / "metrics.jsonl")
    os.killpg(process.pid, number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert out.splitlines()[-2:] == [
        "sweep: 1 interrupted, 1 not begun",
        "go on    gan train -m --resume s",
    ]
    assert statuses(empty / "s") == ["interrupted"]
    [saved] = (empty / "s" / "0" / "checkpoints").iterdir()
    assert int(saved.name) == summaries(empty / "s")[0]["step"]


@pytest.mark.faults
def test_what_insists_ends_members_side_by_side_at_once(
    gan: Command, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    """Nothing that their threads do meanwhile fails, so they can go on."""
    process = begin("train", "-m", *tiny, *changed(LONG, ["checkpoints.every=100"]), "seed=0,1")
    wait_for(process, empty / "s" / "0" / "metrics.jsonl")
    os.kill(process.pid, signal.SIGTERM)
    time.sleep(0.02)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode in (130, 143), err  # of two that wait Python takes SIGINT first
    assert out.endswith("sweep: 1 interrupted, 1 not begun\ngo on    gan train -m --resume s\n")
    assert "RuntimeError" not in err
    assert "cannot" not in err
    listed = json.loads(gan("runs", "s", "--json").out)
    assert {row["status"] for row in listed} == {"interrupted"}


@joblib
@pytest.mark.faults
def test_a_signal_ends_a_sweep_of_processes(
    gan: Command, begin: Begin, tiny: Tiny, empty: Path
) -> None:
    launcher = ["hydra/launcher=joblib", "hydra.launcher.n_jobs=3"]  # one waits for work
    process = begin("train", "-m", *tiny, *LONG, *launcher, "seed=0,1")
    for member in "01":
        wait_for(process, empty / "s" / member / "metrics.jsonl")
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    listed = json.loads(gan("runs", "s", "--json").out)
    assert {row["status"] for row in listed} == {"interrupted"}


def test_the_commands_of_a_sweep_can_be_pasted_where_its_path_has_a_space(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from gan_cli.cli.launch import finish_sweep

    finish_sweep(Path("my sweep"), 0)
    assert capsys.readouterr().out.splitlines()[1:] == [
        "list     gan runs 'my sweep'",
        "compare  gan compare 'my sweep'",
        "look     gan look 'my sweep'",
    ]


@pytest.mark.slow
def test_members_train_side_by_side_on_devices_of_their_own(
    shell: Command, tiny: Tiny, empty: Path
) -> None:
    own = ["objective=minimax,wgan", "seed=1,2", "hydra.sweep.dir=s"]
    status, out, err = shell("train", "-m", *tiny, *own, JAX_NUM_CPU_DEVICES="2")
    assert status == 0, err
    assert statuses(empty / "s") == ["completed"] * 4
    assert sorted(line[:2] for line in out.splitlines() if "completed: step" in line) == [
        "#0",
        "#1",
        "#2",
        "#3",
    ]
    assert shell("train", "-m", *tiny, *own[:2], "hydra/launcher=basic").status == 0
    [basic] = (empty / "outputs" / "sweeps").glob("*/*")
    for member in "0123":
        beside, alone = (
            list(map(json.loads, (folder / member / "metrics.jsonl").read_text().splitlines()))
            for folder in (empty / "s", basic)
        )
        for one, other in zip(beside, alone, strict=True):
            assert one["loss/generator"] == other["loss/generator"]
            assert one["loss/discriminator"] == other["loss/discriminator"]


def test_a_reference_in_a_sweep_is_to_the_members_own_value(
    gan: Command, tiny: Tiny, empty: Path
) -> None:
    lines = [line for line in tiny if not line.startswith("steps=")]
    sweep = ("k=1,2", "steps=${k}", "seed=${k},7", "dataset.std=${k}", "hydra.sweep.dir=s")
    status, out, err = gan("train", "-m", *lines, *sweep)
    assert status == 0, err
    recorded = [RunDirectory(empty / "s" / str(n)).read_overrides() for n in range(4)]
    own = [line for line in recorded[2] if line not in lines]
    assert own == ["k=2", "steps=2", "seed=2", "dataset.std=2"]
    assert "$" not in json.dumps(recorded) + out + err
    assert [summary["steps"] for summary in summaries(empty / "s")] == [1, 1, 2, 2]
