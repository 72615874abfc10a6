"""`gan train` from the command line to the run directory."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from PIL import Image

import gan_cli
from gan_cli import checkpoints

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]

HEADER = """\
dataset        ring (points in 2 dimensions, drawn anew for every batch)
generator      mlp, 50 parameters
discriminator  mlp, 33 parameters
objective      non_saturating (D measures the Jensen-Shannon divergence)
k              1 D update a step, alternating
training       20 steps of batch 16, seed 0, float32
device         cpu
"""
TAGS = {
    "discriminator/accuracy",
    "discriminator/fake",
    "discriminator/real",
    "divergence/jensen_shannon",
    "gradient_norm/discriminator",
    "gradient_norm/generator",
    "loss/discriminator",
    "loss/generator",
    "speed/steps_per_second",
}
SUMMARY = {
    "status",
    "step",
    "steps",
    "seed",
    "parameters",
    "metrics",
    "wall_seconds",
    "compile_seconds",
    "steps_per_second",
    "device",
    "versions",
    "gradient_evaluations",
    "numerics",
    "data_shape",
    "ended",
    "settings",
}


def rows(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def timeless(run: Path) -> list[dict[str, Any]]:
    """The logged rows without what depends on the machine's speed."""
    timed = ("wall_seconds", "speed/steps_per_second")
    return [{key: value for key, value in row.items() if key not in timed} for row in rows(run)]


def test_what_a_person_reads(gan: Command, tiny: Tiny, empty: Path) -> None:
    status, out, err = gan("train", "device=cpu", *tiny)
    assert (status, err) == (0, "")
    [run] = empty.glob("outputs/????-??-??/??-??-??")
    name = run.relative_to(empty)
    expected = (
        re.escape(f"{HEADER}run            {name}\ncompiling\n")
        + r"step 20/20(  [\d,.]+ steps/s  0 s left)?  D -?\d\.\d{3}  G -?\d\.\d{3}\n"
        + r"completed: step 20 after \d+ s, [\d,.]+ steps/s\n"
        + re.escape(f"run      {name}\nsamples  {name}/samples/step_00000020.png\n")
        + "look     tensorboard --logdir outputs\nsample   gan sample latest\n"
    )
    assert re.fullmatch(expected, out)


def test_what_a_run_directory_holds(ring: Path, tiny: Tiny) -> None:
    names = {str(path.relative_to(ring)) for path in ring.rglob("*") if path.is_file()}
    names = {name for name in names if not name.startswith("checkpoints/")}
    [events] = (name for name in names if name.startswith("events.out.tfevents."))
    assert names == {
        ".hydra/config.yaml",
        ".hydra/gan.txt",
        ".hydra/hydra.yaml",
        ".hydra/overrides.yaml",
        "summary.json",
        "metrics.jsonl",
        "samples/step_00000010.png",
        "samples/step_00000020.png",
        "train.log",
        events,
    }
    assert [path.name for path in sorted((ring / "checkpoints").iterdir())] == ["10", "20"]
    assert yaml.safe_load((ring / ".hydra" / "overrides.yaml").read_text()) == list(tiny)
    assert " completed: step 20 after " in (ring / "train.log").read_text()
    with Image.open(ring / "samples" / "step_00000020.png") as picture:
        picture.load()


def test_the_summary(ring: Path) -> None:
    summary = json.loads((ring / "summary.json").read_text())
    assert set(summary) == SUMMARY
    assert (summary["status"], summary["step"], summary["steps"]) == ("completed", 20, 20)
    assert summary["parameters"] == {"generator": 50, "discriminator": 33}
    assert (summary["seed"], summary["data_shape"]) == (0, [2])
    assert summary["versions"]["gan"] == gan_cli.__version__
    last = rows(ring)[-1]
    assert summary["metrics"] == {tag: last[tag] for tag in TAGS}


def test_the_metrics(ring: Path) -> None:
    logged = rows(ring)
    assert [row["step"] for row in logged] == [10, 20]
    for row in logged:
        assert set(row) == TAGS | {"step", "wall_seconds"}
        assert all(np.isfinite(value) for value in row.values())


def test_tensorboard_reads_what_the_metrics_hold(ring: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(ring), size_guidance={"scalars": 0, "images": 0})
    events.Reload()
    assert set(events.Tags()["scalars"]) == TAGS
    assert events.Tags()["images"] == ["samples"]
    for tag in TAGS:
        points = [(event.step, event.value) for event in events.Scalars(tag)]
        assert points == [(row["step"], np.float32(row[tag])) for row in rows(ring)]
    for image in events.Images("samples"):
        png = ring / "samples" / f"step_{image.step:08d}.png"
        assert image.encoded_image_string == png.read_bytes()


def test_the_same_command_gives_the_same_run(
    gan: Command, tiny: Tiny, empty: Path, ring: Path
) -> None:
    assert gan("train", *tiny, "hydra.run.dir=again").status == 0
    again = empty / "again"
    assert timeless(again) == timeless(ring)
    picture = Path("samples") / "step_00000020.png"
    assert (again / picture).read_bytes() == (ring / picture).read_bytes()


def test_another_seed_gives_another_run(gan: Command, tiny: Tiny, empty: Path, ring: Path) -> None:
    assert gan("train", *tiny, "seed=1", "hydra.run.dir=other").status == 0
    assert timeless(empty / "other") != timeless(ring)


def test_the_last_step_is_always_written(gan: Command, tiny: Tiny, empty: Path) -> None:
    rare = ["steps=7", "log_every=5", "sample_every=100", "checkpoints.every=100"]
    assert gan("train", *tiny, *rare, "hydra.run.dir=run").status == 0
    assert [row["step"] for row in rows(empty / "run")] == [5, 7]
    assert [path.name for path in (empty / "run" / "samples").iterdir()] == ["step_00000007.png"]
    assert checkpoints.steps(empty / "run" / "checkpoints") == [7]


def test_a_named_directory_is_taken_as_it_is_but_only_once(
    gan: Command, tiny: Tiny, files: Files
) -> None:
    place = "hydra.run.dir='a run, k=1 \"x\"'"
    result = gan("train", *tiny, place)
    assert result.status == 0
    name = 'a run, k=1 "x"'
    assert f"run      '{name}'\n" in result.out
    before = files()
    assert f"{name}/summary.json" in before
    assert gan("train", *tiny, place) == (
        2,
        "",
        f"gan: {name} already holds a run. Choose another place with hydra.run.dir=DIR, or go on "
        f"with it: gan train --resume '{name}'\n",
    )
    assert files() == before


def test_a_setting_taken_out_has_its_default(gan: Command, files: Files) -> None:
    told = (gan("train", "--dry-run", "--no-timing", *line) for line in ([], ["~k"]))
    with_it, without = (re.sub("[^,]* free", "", each.out) for each in told)  # others take it, too
    assert with_it
    assert without == with_it
    assert "\nk              1 D update a step" in with_it
    assert files() == {}


def test_cfg_shows_the_configuration(gan: Command, files: Files) -> None:
    from gan_cli import config

    status, out, err = gan("train", "--cfg", "job", "dataset=ring", "k=7")
    assert (status, err) == (0, "")
    experiment = config.load(yaml.safe_load(out))
    assert (experiment.dataset.name, experiment.k) == ("ring", 7)
    hydra = yaml.safe_load(gan("train", "--cfg", "hydra").out)
    assert list(hydra) == ["hydra"]
    both = yaml.safe_load(gan("train", "-c", "all").out)
    assert {"hydra", "dataset", "k"} <= set(both)
    assert files() == {}


def test_cfg_shows_a_value_a_part_of_hydra_and_all(gan: Command) -> None:
    assert gan("train", "--cfg", "job", "--package", "k", "k=3") == (0, "3\n", "")
    status, out, _ = gan("train", "--cfg", "hydra", "--package", "hydra.job")
    assert (status, yaml.safe_load(out)["name"]) == (0, "train")
    status, out, _ = gan("train", "--cfg", "job", "--package", "_global_")
    assert (status, yaml.safe_load(out)["k"]) == (0, 1)


def test_printed_commands_can_be_pasted_where_a_path_has_a_space(gan: Command, tiny: Tiny) -> None:
    line = ["train", *tiny, "steps=1", "hydra.run.dir='my run'"]
    assert gan(*line).out.endswith(
        "look     tensorboard --logdir 'my run'\nsample   gan sample 'my run'\n"
    )
    assert gan(*line).err.endswith("or go on with it: gan train --resume 'my run'\n")


def test_any_file_and_any_directory_will_do(gan: Command, tiny: Tiny, empty: Path) -> None:
    """They are named as they are, checkpoints and a run that goes on elsewhere included."""
    path, place = empty / "a=b (1,2) #照片.npy", "[x] it's\\1"
    np.save(path, np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32))
    words = (*tiny, "dataset=array", f"dataset.path={path.name}", f"hydra.run.dir={place}")
    assert gan("train", *words)[::2] == (0, "")
    assert gan("train", "--resume", place, "steps=30")[::2] == (0, "")
    assert gan("train", "-m", *words[:-1], "seed=1,2", f"hydra.sweep.dir=s {place}").status == 0
    assert gan("train", "-m", "--resume", f"s {place}").out.startswith(f"s {place}: all 2 members")


def test_cfg_shows_a_part_and_resolves_it(gan: Command) -> None:
    status, out, _ = gan("train", "--cfg", "job", "--package", "objective", "objective=wgan")
    assert (status, out.partition("\n")[0]) == (0, "# @package objective")
    assert yaml.safe_load(out)["name"] == "wgan"
    line = ["steps=7", "log_every=${steps}"]
    plain = yaml.safe_load(gan("train", "--cfg", "job", *line).out)
    resolved = yaml.safe_load(gan("train", "--cfg", "job", "--resolve", *line).out)
    assert (plain["log_every"], resolved["log_every"]) == ("${steps}", 7)


@pytest.mark.parametrize(
    ("what", "titles"),
    [
        ("", ["Installed Hydra Plugins", "Config search path", "Defaults Tree", "Defaults List"]),
        ("all", ["Installed Hydra Plugins", "Config search path", "Defaults Tree"]),
        ("config", ["Config search path", "Defaults Tree", "Defaults List"]),
        ("defaults", ["Defaults List"]),
        ("defaults-tree", ["Defaults Tree"]),
        ("plugins", ["Installed Hydra Plugins"]),
        ("searchpath", ["Config search path"]),
    ],
)
def test_info_tells_how_the_configuration_is_composed(
    what: str, titles: list[str], gan: Command, files: Files
) -> None:
    status, out, err = gan("train", "--info", *what.split(), "dataset=ring")
    assert (status, err) == (0, "")
    for title in titles:
        assert re.search(rf"^{title}\n[*=-]+$", out, re.MULTILINE)
    if "Defaults Tree" in titles:
        assert "    dataset: ring\n" in out
    assert files() == {}


def test_hydra_help(gan: Command) -> None:
    status, out, _ = gan("train", "--hydra-help")
    assert (status, out.partition(" ")[0]) == (0, "Hydra")


@pytest.mark.parametrize("command", ["", "train", "sample", "interpolate", "runs", "data"])
def test_every_command_has_a_help(command: str, gan: Command) -> None:
    short, long = gan(*command.split(), "-h"), gan(*command.split(), "--help")
    assert short == long
    assert (short.status, short.err) == (0, "")
    assert f"Usage: gan {command}".strip() in short.out


def test_help_names_commands_and_options(gan: Command) -> None:
    told = gan("-h").out
    for name in ("train", "sample", "interpolate", "runs", "data", "--version", "--traceback"):
        assert f" {name} " in told
    told = gan("train", "-h").out
    for name in (
        "-m",
        "--cfg",
        "--info",
        "--config-dir",
        "--import",
        "--resume",
        "--dry-run",
        "--no-timing",
    ):
        assert f" {name} " in told
    assert "Every setting and its default: gan train --cfg job" in told


def test_version(gan: Command) -> None:
    assert gan("--version") == (0, f"gan {gan_cli.__version__}\n", "")


@pytest.mark.parametrize("experiment", ["gulrajani2017_ring", "gulrajani2017_grid"])
def test_an_experiment_sets_many_values_and_an_override_wins(
    experiment: str, gan: Command, files: Files
) -> None:
    changes = ("k=3", "unroll=2", "steps=11")
    status, out, err = gan(
        "train", "--dry-run", "--no-timing", f"experiment={experiment}", *changes
    )
    assert (status, err) == (0, "")
    assert "\nobjective      wgan_gp (D measures the Wasserstein-1 distance)\n" in out
    assert "\nk              3 D updates a step, alternating, G's gradient through 2 more\n" in out
    assert "\ntraining       11 steps of batch 256, seed 0, float32\n" in out
    assert files() == {}


@pytest.mark.parametrize("arguments", ["-h", "train -h", "sample -h", "runs ."])
def test_a_light_command_imports_nothing_heavy(arguments: str, shell: Command) -> None:
    status, _, err = shell(*arguments.split(), PYTHONPROFILEIMPORTTIME="1")
    assert status == 0
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in err.splitlines()}
    assert "typer" in imported
    assert not imported & {"jax", "numpy", "flax", "hydra", "matplotlib", "orbax", "tensorboard"}


def test_a_training_that_is_not_finite_ends_with_3(gan: Command, plain: Tiny, empty: Path) -> None:
    rates = ["optimizer=sgd", "optimizer.generator.learning_rate=1e30"]
    status, out, err = gan("train", *plain, *rates, "hydra.run.dir=run")
    assert status == 3
    reason = (
        "step 2 is not finite: loss/discriminator is nan, loss/generator is nan, "
        "gradient_norm/discriminator is nan, gradient_norm/generator is nan. "
        "No checkpoint was saved. Replayed, the first tensor that is not finite is the output of "
        "G's layer output, in D's update 1 of step 2. Up to that step gradient_norm/generator was "
    )
    assert err.startswith(f"gan: {reason}")
    assert "\ndiverged: step 2 after " in out
    summary = json.loads((empty / "run" / "summary.json").read_text())
    assert (summary["status"], summary["step"]) == ("diverged", 2)
    assert err == f"gan: {summary['reason']}\n"
    assert checkpoints.steps(empty / "run" / "checkpoints") == []


OWN = """\
from flax import nnx

from gan_cli.architectures.base import Architecture
from gan_cli.component import component


@component
class Line(Architecture):
    name = "{name}"
    width: int = 4

    def generator(self, data, rngs):
        return Straight(self.latent, data, rngs)

    def discriminator(self, data, rngs):
        return Judge(data, rngs)


class Straight(nnx.Module):
    def __init__(self, latent, data, rngs):
        self.linear = nnx.Linear(latent, data.size, rngs=rngs)

    def __call__(self, z, *, train):
        return self.linear(z)


class Judge(nnx.Module):
    def __init__(self, data, rngs):
        self.linear = nnx.Linear(data.size, 1, rngs=rngs)

    def __call__(self, x, *, key):
        return self.linear(x)[:, 0]
"""


def test_an_architecture_of_ones_own(gan: Command, empty: Path) -> None:
    (empty / "own_line.py").write_text(OWN.format(name="own_line"))
    (empty / "mine" / "architecture").mkdir(parents=True)
    (empty / "mine" / "architecture" / "own_line.yaml").write_text(
        "name: own_line\nlatent: 2\nwidth: 4\n"
    )
    own = ["--config-dir", "mine", "architecture=own_line", "dataset=ring", "steps=3", "samples=4"]
    place = "hydra.run.dir=run"
    status, out, err = gan("train", *own, place)
    assert (status, out) == (2, "")
    assert err.startswith("gan: architecture.name=own_line: no such architecture is known. Valid: ")
    assert err.endswith(
        " If the architecture is your own code, name its Python module: --import MODULE.\n"
    )

    status, out, err = gan("train", "--import", "own_line", *own, place)
    assert (status, err) == (0, "")
    assert "\ngenerator      own_line, 6 parameters\n" in out
    assert out.endswith("\nsample   gan sample --import=own_line run\n")
    assert gan("sample", "run", "--import", "own_line", "--out", "own.png").status == 0
    shown = gan("train", "--import", "own_line", "--resume", "run", "steps=4").out
    assert "\ncompleted: step 4 after " in shown


@pytest.mark.parametrize("option", [["--dry-run", "--no-timing"], []])
def test_what_does_not_fit_is_told_before_anything_is_written(
    option: list[str], gan: Command, empty: Path, files: Files
) -> None:
    name = f"column_{len(option)}"
    (empty / f"{name}.py").write_text(OWN.format(name=name).replace("(x)[:, 0]", "(x)"))
    (empty / "mine" / "architecture").mkdir(parents=True)
    (empty / "mine" / "architecture" / f"{name}.yaml").write_text(f"name: {name}\nlatent: 2\n")
    before = files()
    own = ["--config-dir", "mine", "--import", name, f"architecture={name}", "dataset=ring"]
    assert gan("train", *option, *own, "batch_size=8") == (
        2,
        "",
        f"gan: the discriminator of architecture '{name}' gave the shape (8, 1) for 8 examples. "
        "It must be (8,), one number for each.\n",
    )
    assert {path for path in files() if "pycache" not in path} == set(before)


def test_a_configuration_directory_of_ones_own_adds_choices(gan: Command, empty: Path) -> None:
    (empty / "mine" / "dataset").mkdir(parents=True)
    (empty / "mine" / "dataset" / "wide_ring.yaml").write_text("name: ring\nradius: 5.0\n")
    own = ["--config-dir", "mine", "dataset=wide_ring"]
    status, out, err = gan("train", "--cfg", "job", "--package", "dataset", *own)
    assert (status, err) == (0, "")
    assert yaml.safe_load(out) == {"name": "ring", "radius": 5.0}
    assert gan("train", "--dry-run", "--no-timing", *own).status == 0


def test_hydra_may_change_into_the_run_directory(gan: Command, tiny: Tiny, empty: Path) -> None:
    status, out, err = gan("train", *tiny, "hydra.run.dir=run", "hydra.job.chdir=true")
    assert (status, err) == (0, "")
    assert f"\nrun      {empty / 'run'}\n" in out
    assert json.loads((empty / "run" / "summary.json").read_text())["status"] == "completed"
    sweep = ["seed=1,2", "hydra.sweep.dir=s", "hydra.job.chdir=true"]
    assert gan("train", "-m", *tiny, *sweep).status == 0
    assert [row["status"] for row in json.loads(gan("runs", "s", "--json").out)] == [
        "completed",
        "completed",
    ]


def test_directories_may_be_named_by_settings(gan: Command, tiny: Tiny, empty: Path) -> None:
    assert gan("train", *tiny, "hydra.run.dir=${dataset.name}_${seed}").status == 0
    assert gan("train", "--resume", "ring_0", "steps=30").status == 0
    sweep = ["k=1,2", "hydra.sweep.dir=s/${dataset.name}", "hydra.sweep.subdir=k${k}"]
    assert gan("train", "-m", *tiny, *sweep).status == 0
    assert sorted(path.name for path in (empty / "s/ring").glob("k?")) == ["k1", "k2"]


@pytest.mark.parametrize("options", [(), ("-m",), ("--dry-run",), ("--cfg", "job")])
def test_a_setting_that_is_given_twice_is_refused(options, gan: Command, empty: Path) -> None:
    told = "gan: k is given twice, as k=1 and k=5. Give it once. For a run with each: -m k=1,5\n"
    assert gan("train", *options, "k=1", "k=5") == (2, "", told)
    assert list(empty.iterdir()) == []
