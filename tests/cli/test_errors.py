"""Bad input: one clear line on standard error, the exit status of the design, nothing written."""

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from gan_cli.composition import given_twice
from gan_cli.config import Experiment
from gan_cli.datasets.mnist import Mnist

CONF = Path(__file__).parents[2] / "conf"

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Row = tuple[str, str]


def choices(group: str) -> str:
    """The names of a group's files, as a message lists them."""
    return "Valid: " + ", ".join(sorted(path.stem for path in (CONF / group).glob("*.yaml"))) + "."


def settings(*more: str) -> str:
    """The keys of the root, as a message lists them."""
    names = {field.name for field in dataclasses.fields(Experiment)}
    return "Valid: " + ", ".join(sorted(names | set(more))) + "."


PLAYERS = (
    "Valid: optimizer.b1, optimizer.b2, optimizer.discriminator, optimizer.eps, "
    "optimizer.generator, optimizer.learning_rate, optimizer.schedule.end, "
    "optimizer.schedule.kind, optimizer.schedule.rate, optimizer.schedule.steps."
)
NO_OVERRIDE = "is not an override: write key=value, such as k=5 or dataset=mnist."
TAGS = (
    "Valid: discriminator/accuracy, discriminator/fake, discriminator/real, "
    "divergence/jensen_shannon, gradient_norm/discriminator, gradient_norm/generator, "
    "loss/discriminator, loss/discriminator/objective, loss/discriminator/r1, "
    "loss/discriminator/r2, loss/generator, speed/steps_per_second."
)

KEYS: list[Row] = [
    (
        "objectve=wgan",
        "objectve: no such setting. Did you mean 'objective'?",
    ),
    ("typo=3", f"typo: no such setting. {settings('experiment')}"),
    ("+typo=3", f"typo: no such setting. {settings()}"),
    ("+objective.clip=3", "objective.clip: no such setting of objective 'non_saturating'. "),
    (
        "optimizer.generatr.learning_rate=1",
        f"optimizer.generatr: no such setting. Did you mean 'optimizer.generator'? {PLAYERS}",
    ),
    (
        "optimizer/gen=adam",
        "optimizer/gen: no such group. Did you mean 'optimizer/generator'? "
        "Valid: optimizer/discriminator, optimizer/generator.",
    ),
    ("k.x=3", "k.x: no such setting. k is a single value."),
    ("+k=3", "+k=3: k is there already. Leave out the +."),
    ("+dataset=ring", "+dataset=ring: dataset is there already. Leave out the +."),
    ("~dataset", "dataset: missing from the configuration."),
    ("k", f"'k' {NO_OVERRIDE} Did you mean 'k=VALUE'?"),
    ("k:3", f"'k:3' {NO_OVERRIDE} Did you mean 'k=3'?"),
    ("=3", f"'=3' {NO_OVERRIDE}"),
    ("k=[1,2", "k=[1,2: must be a whole number."),
    ("k=[1,5]", "k=[1, 5]: must be a whole number. For a run with each: -m k=1,5"),
    (
        "precision=[float32,bfloat16]",
        "precision=[float32,bfloat16]: not a choice. Valid: bfloat16, float32. "
        "For a run with each: -m precision=float32,bfloat16",
    ),
    ("k=3=4", "k=3=4: must be a whole number."),
    (
        "k=${steps",
        "k=${steps: ${ begins a reference, such as ${k}, and this one cannot be read. "
        "Where a text holds these characters, write \\${.",
    ),
    ("k=${foo}", "k=${foo}: k refers to 'foo', and there is no such setting."),
]

CHOICES: list[Row] = [
    (
        "objective=wgn",
        f"objective=wgn: no such objective. Did you mean 'wgan'? {choices('objective')}",
    ),
    ("dataset=null", f"dataset=null: no such dataset. {choices('dataset')}"),
    (
        "experiment=xyz",
        "experiment=xyz: no such experiment. If you have written experiment/xyz.yaml yourself, "
        "add --config-dir DIR, where DIR is the folder that holds experiment/. "
        + choices("experiment"),
    ),
    (
        "optimizer/generator=adm",
        "optimizer/generator=adm: no such optimizer/generator. Did you mean 'adam'? "
        + choices("optimizer/generator"),
    ),
    (
        "regularizer=[r1,r3]",
        "regularizer=[r1,r3]: no such regularizer. If you have written regularizer/r3.yaml "
        "yourself, add --config-dir DIR, where DIR is the folder that holds regularizer/. "
        + choices("regularizer"),
    ),
    (
        "regularizer=[] regularizer.r1.weight=0.1",
        "regularizer.r1.weight: regularizer=[r1] chooses the regularizer first.",
    ),
    (
        "regularizer=r1 regularizer.r1.wight=0.1",
        "regularizer.r1.wight: no such setting. Did you mean 'regularizer.r1.weight'? "
        "Valid: regularizer.r1.every, regularizer.r1.schedule, regularizer.r1.weight.",
    ),
    (
        "regularizer=r1 regularizer.r1.weight=-1",
        "regularizer.r1.weight=-1.0: must be at least 0.",
    ),
    ("device=gpuu", "device=gpuu: not a choice. Did you mean 'gpu'? Valid: auto, cpu, gpu, tpu."),
    (
        "update=both",
        "update=both: not a choice. Valid: alternating, consensus, extra_gradient, simultaneous.",
    ),
    (
        "update=extra_gradient k=5",
        "k=5: update=extra_gradient moves both players at once, each once a step. "
        "Set k=1, or choose update=alternating.",
    ),
    (
        "update=consensus unroll=2",
        "unroll=2: update=consensus looks ahead by itself, and its paper does not unroll D. "
        "Set unroll=0, or choose update=alternating.",
    ),
    ("consensus_weight=-1", "consensus_weight=-1.0: must be at least 0."),
    ("unroll=-1", "unroll=-1: must be at least 0."),
    ("device=cuda", "device=cuda: not a choice. Did you mean 'gpu'? Valid: auto, cpu, gpu, tpu."),
    (
        "device=cpu,gpu",
        "device=cpu,gpu: only one can be chosen. For a run with each: -m device=cpu,gpu",
    ),
    (
        "precision=half",
        "precision=half: not a choice. Did you mean 'bfloat16'? Valid: bfloat16, float32.",
    ),
    (
        "optimizer.generator.schedule.kind=step",
        "optimizer.generator.schedule.kind=step: not a choice. "
        "Valid: constant, cosine, exponential, linear.",
    ),
    (
        "optimized_metric=loss/gen",
        f"optimized_metric=loss/gen: no such scalar. Did you mean 'loss/generator'? {TAGS} "
        "The numbers of a metric need evaluate_every=N.",
    ),
]

VALUES: list[Row] = [
    ("k=abc", "k=abc: must be a whole number."),
    ("k=", "k=: must be a whole number."),
    ("k=null", "k=null: must be a whole number."),
    ("k=true", "k=true: must be a whole number."),
    ("k=1e3", "k=1e3: must be a whole number, without point or exponent: 1000."),
    ("k=0", "k=0: must be at least 1."),
    ("++k=0", "k=0: must be at least 1."),
    ("steps=0", "steps=0: must be at least 1."),
    ("steps=3000000000", "steps=3000000000: must be at most 2147483647."),
    ("batch_size=0", "batch_size=0: must be at least 1."),
    ("checkpoints.every=0", "checkpoints.every=0: must be at least 1."),
    ("checkpoints=3", "checkpoints=3: must be a group of settings, not a single value."),
    ("seed=-1", "seed=-1: must be between 0 and 2147483647."),
    ("seed=2147483648", "seed=2147483648: must be between 0 and 2147483647."),
    ("ema=1", "ema=1.0: must be at least 0 and less than 1."),
    ("ema=high", "ema=high: must be a number."),
    (
        "optimizer.generator.learning_rate=-1",
        "optimizer.generator.learning_rate=-1.0: must be at least 0.",
    ),
    (
        "optimizer.discriminator.learning_rate=nan",
        "optimizer.discriminator.learning_rate=nan: must be a finite number of single precision.",
    ),
    (
        "architecture.generator_widths=wide",
        "architecture.generator_widths=wide: must be a list such as [128,128].",
    ),
    (
        "architecture.generator_widths=[8,b]",
        "architecture.generator_widths[1]=b: must be a whole number.",
    ),
    (
        "architecture.generator_widths=[8,0]",
        "architecture.generator_widths[1]=0: must be at least 1.",
    ),
    ("dataset=ring dataset.radius=-1", "dataset.radius=-1.0: must be above 0."),
]

FIT: list[Row] = [
    (
        "batch_size=1398",
        "batch_size=1398: dataset 'digits' has only 1397 training examples. "
        "Set batch_size=1397 or less.",
    ),
    (
        "dataset=ring architecture=dcgan",
        "architecture=dcgan draws square images, and this data set has examples of shape (2,). "
        "Choose architecture=mlp or architecture=maxout.",
    ),
    (
        "architecture=dcgan dataset=mnist dataset.size=30",
        "dataset.size=30: not a choice. Valid: 28, 32.",
    ),
    (
        "dataset=images",
        "dataset.path is not set: add dataset.path=FOLDER, a folder of your images.",
    ),
    (
        "dataset=array",
        "dataset.path is not set: add dataset.path=FILE, a .npy or .npz file of yours.",
    ),
]

SWEEPS: list[Row] = [
    (
        "k=1,2",
        "k=1,2: several values need -m (one run each); "
        "a list is written in brackets, a text in quotes.",
    ),
    ("-m k=1,0", "member 1 (k=0): k=0: must be at least 1."),
    (
        "-m k=1,2 objective=wgan,wgn",
        "member 1 (k=1 objective=wgn): objective=wgn: no such objective. "
        f"Did you mean 'wgan'? {choices('objective')}",
    ),
    (
        "-m dataset=ring architecture=mlp,dcgan",
        "member 1 (architecture=dcgan): architecture=dcgan draws square images, and this data set "
        "has examples of shape (2,). Choose architecture=mlp or architecture=maxout.",
    ),
    ("hydra.mode=MULTIRUN k=1,0", "member 1 (k=0): k=0: must be at least 1."),
    ("-m k=range(1,1)", "k=range(1,1): matches nothing."),
    (
        "-m objective=glob(x*)",
        f"objective=glob(x*): matches nothing. {choices('objective')}",
    ),
    (
        "-m k=interval(1,2)",
        "k=interval(1,2): needs a sweeper that searches. "
        "Without one, list the values: k=1,2 or k=range(1,3).",
    ),
    (
        "-m hydra.sweeper.parms=1",
        "hydra.sweeper.parms: no such setting. Did you mean 'hydra.sweeper.params'? Valid: "
        "hydra.sweeper._target_, hydra.sweeper.max_batch_size, hydra.sweeper.params.",
    ),
    ("-m --cfg job", "--multirun shows no configuration: leave out -m, or --cfg and --info."),
]

RESUME_ALONE = "--resume goes on as it was saved: --cfg, --info and --hydra-help do not go with it."

PARTS = (
    "Valid: architecture, batch_size, checkpoints, compile_cache, consensus_weight, dataset, "
    "device, devices, distributed, ema, evaluate_end, evaluate_every, k, log_every, "
    "members_per_job, objective, on_divergence, optimized_metric, optimizer, precision, "
    "regularizer, resident_mib, rollbacks, sample_every, "
    "samples, seed, steps, theory_distances, theory_every, unroll, update."
)

OPTIONS: list[Row] = [
    ("--resolve", "--resolve and --package go with --cfg."),
    ("--package objective", "--resolve and --package go with --cfg."),
    (
        "--cfg job --package optimizer.generater",
        "--package optimizer.generater: no such part. Did you mean 'optimizer.generator'? Valid: "
        "optimizer.discriminator, optimizer.generator.",
    ),
    (
        "--cfg job --package checkpoints.every.x",
        "--package checkpoints.every.x: no such part. Did you mean 'checkpoints'?",
    ),
    ("--cfg job --package [", f"--package [: no such part. {PARTS}"),
    ("--cfg job --package hydra.run", f"--package hydra.run: no such part. {PARTS}"),
    ("--cfg hydra --package dataset", "--package dataset: no such part. Valid: hydra."),
    (
        "--cfg hydra --package hydra.rum",
        "--package hydra.rum: no such part. Did you mean 'hydra.run'? Valid: hydra.callbacks, "
        "hydra.env, hydra.hydra_logging, hydra.job, "
        "hydra.job_logging, hydra.launcher, hydra.mode, hydra.output_subdir, hydra.overrides, "
        "hydra.run, hydra.runtime, hydra.searchpath, hydra.sweep, hydra.sweeper, hydra.verbose.",
    ),
    ("--cfg job --info all", "--cfg and --info cannot be shown together."),
    ("--hydra-help --dry-run", "--hydra-help and --dry-run cannot be shown together."),
    ("--hydra-help kk=5", "kk: no such setting. Did you mean 'k'?"),
    (
        "-m hydra.run.dir=x seed=1,2",
        "hydra.run.dir=x: it is for a single run. A sweep is written to hydra.sweep.dir=DIR, and "
        "its members to hydra.sweep.subdir=NAME in it.",
    ),
    (
        "-m hydra.sweep.subdir=${foo} seed=1,2",
        "hydra.sweep.subdir refers to 'foo', and there is no such setting.",
    ),
    (
        "hydra.sweep.dir=x",
        "hydra.sweep.dir=x: it is for a sweep (-m). A single run is written to hydra.run.dir=DIR.",
    ),
    ("--take-over", "--take-over goes with --resume."),
    ("--config-dir nowhere", "--config-dir nowhere: no such directory."),
    (
        "--import nothing_of_this_name",
        "--import nothing_of_this_name: ModuleNotFoundError: No module named "
        "'nothing_of_this_name'. Modules are looked for in the current directory and on the "
        "Python path.",
    ),
    (
        "--import my_networks.py",
        "--import my_networks.py: write it as Python does: --import my_networks",
    ),
    (
        "--steps 100",
        "--steps is no option. Settings are written without dashes: gan train steps=100",
    ),
    ("-steps=9", "-steps is no option. Settings are written without dashes: gan train steps=9"),
    ("-resume x", "-resume is no option. One with a whole word has two dashes: --resume"),
    (
        "--lr=1e-3",
        "--lr is no option. Settings are written without dashes: "
        "gan train optimizer.learning_rate=1e-3",
    ),
    ("--resume nowhere", "nowhere: no such run directory. 'gan runs' lists the runs there are."),
    ("--resume .", ". is not a run directory: it has no .hydra/config.yaml."),
    ("--resume latest", "there is no run under {here}/outputs yet. Start one: gan train"),
    (
        "--resume latest --config-dir {here}",
        "--config-dir does not go with --resume: a run keeps its whole configuration. With -m, for "
        "a sweep, it does.",
    ),
    ("--resume latest --cfg job", RESUME_ALONE),
    (
        "--resume s -m --dry-run --take-over",
        "--dry-run only looks at a run: leave out --take-over.",
    ),
    (
        "--resume latest -m",
        "there is no sweep under {here}/outputs yet. Start one: gan train -m 'seed=range(3)'",
    ),
    ("--resume s -m", "s: no such directory."),
    (
        "-m hydra/launcher=vmap hydra.launcher.mode=vmpa seed=1,2",
        "hydra.launcher.mode=vmpa: not a choice. "
        "Did you mean 'vmap'? Valid: auto, loop, spread, vmap.",
    ),
    (
        "-m hydra/launcher=vmap hydra.launcher.max_lanes=0 seed=1,2",
        "hydra.launcher.max_lanes=0: must be at least 1.",
    ),
]


@pytest.mark.parametrize(
    ("line", "text"), KEYS + CHOICES + VALUES + FIT + SWEEPS + OPTIONS, ids=lambda row: row[:40]
)
def test_bad_usage_is_one_sentence_and_status_2(
    line: str, text: str, gan: Command, files: Files, empty: Path
) -> None:
    if text.endswith(". "):
        text += "Valid: none."
    status, out, err = gan("train", *line.split())
    assert (status, out, err) == (2, "", f"gan: {text.replace('{here}', str(empty))}\n")
    assert files() == {}


@pytest.mark.parametrize("line", ["--cfg job", "--info defaults", "--dry-run", "-m --dry-run"])
def test_what_only_shows_refuses_bad_overrides_too(line: str, gan: Command, files: Files) -> None:
    text = f"objective=wgn: no such objective. Did you mean 'wgan'? {choices('objective')}"
    assert gan("train", *line.split(), "objective=wgn") == (2, "", f"gan: {text}\n")
    assert files() == {}


def test_a_device_that_is_not_there(gan: Command, files: Files) -> None:
    import jax

    here = ", ".join(sorted({device.platform for device in jax.devices()}))
    assert gan("train", "device=tpu") == (
        2,
        "",
        f"gan: device=tpu: JAX finds none here, only {here}. "
        "Use device=auto, or install JAX for that device.\n",
    )
    assert files() == {}


@pytest.mark.parametrize("key", ["hydra.run.dir", "hydra.sweep.dir"])
def test_a_place_that_cannot_be_written(key: str, gan: Command, files: Files, empty: Path) -> None:
    (empty / "file").write_text("")
    before = files()
    sweep = ["-m"] if "sweep" in key else []
    assert gan("train", *sweep, f"{key}=file/run") == (
        2,
        "",
        f"gan: cannot write file/run: file is not a folder. Choose another place with {key}=DIR.\n",
    )
    assert files() == before


def no_network(here: Path) -> None:
    """Nothing: the mirror of these tests does not answer."""


def one_image(here: Path) -> None:
    np.save(here / "data.npy", np.zeros((1, 8, 8), np.uint8))


def truncated(here: Path) -> None:
    (here / "mnist").mkdir()
    for file in Mnist.files:
        (here / "mnist" / file.name).write_bytes(bytes(1000))


def tampered(here: Path) -> None:
    (here / "mnist").mkdir()
    for file in Mnist.files:
        (here / "mnist" / file.name).write_bytes(bytes(file.size))


def no_image(here: Path) -> None:
    (here / "images").mkdir()


def other_files(here: Path) -> None:
    no_image(here)
    (here / "images" / "notes.txt").write_text("no image")


def images(here: Path, modes: str) -> None:
    no_image(here)
    for number, mode in enumerate(modes.split()):
        Image.new(mode, (8, 8)).save(here / "images" / f"{number}.png")


def mixed(here: Path) -> None:
    images(here, "L RGB L")


def corrupt(here: Path) -> None:
    images(here, "L L L")
    path = here / "images" / "1.png"
    path.write_bytes(path.read_bytes()[:40])


def array(here: Path, **arrays: np.ndarray) -> None:
    np.savez(here / "data.npz", **arrays)


def two_arrays(here: Path) -> None:
    array(here, images=np.zeros((4, 2)), labels=np.zeros((4, 2)))


def with_nan(here: Path) -> None:
    array(here, x=np.array([[0, 1], [0, np.nan]]))


def beyond(here: Path) -> None:
    array(here, x=np.linspace(0, 255, 2 * 8 * 8).reshape(2, 8, 8))


def texts(here: Path) -> None:
    array(here, x=np.array([["a", "b"]]))


def no_archive(here: Path) -> None:
    (here / "data.npz").write_bytes(b"PK\3\4 and no more")


MNIST = "dataset=mnist dataset.root={here}"
IMAGES = "dataset=images dataset.path=images"
ARRAY = "dataset=array dataset.path=data.npz"

DATA: list[tuple[Callable[[Path], None], str, int, str]] = [
    (
        no_network,
        MNIST,
        4,
        "train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz cannot be fetched into "
        "{here}/mnist (http://127.0.0.1:9: [Errno 111] Connection "
        "refused). Check the network, put the files there yourself, or let dataset.root or "
        "GAN_DATA_DIR name the folder that holds mnist/.",
    ),
    (
        one_image,
        "dataset=array dataset.path=data.npy batch_size=2",
        2,
        "batch_size=2: dataset 'array' has only 1 training example. Set batch_size=1.",
    ),
    (
        truncated,
        MNIST,
        4,
        "{here}/mnist/train-images-idx3-ubyte.gz is damaged: it has 1000 bytes, not 9912422. "
        "Delete it or run `gan data fetch mnist --root {here}`.",
    ),
    (
        tampered,
        MNIST,
        4,
        "{here}/mnist/train-images-idx3-ubyte.gz is damaged: its SHA-256 begins with "
        "5cf9227f08ba, not 440fcabf73cc. Delete it or run `gan data fetch mnist --root {here}`.",
    ),
    (
        no_network,
        IMAGES,
        4,
        "{here}/images is not a folder. dataset.path must name one with images in it.",
    ),
    (
        no_image,
        IMAGES,
        4,
        "{here}/images holds no files. Images such as PNG, JPEG or WebP are needed.",
    ),
    (
        other_files,
        IMAGES,
        4,
        "{here}/images holds no images, only 1 other file (.txt). "
        "Images such as PNG, JPEG or WebP are needed.",
    ),
    (
        mixed,
        IMAGES,
        4,
        "{here}/images holds 2 grey and 1 colour images. "
        "Set dataset.colour=grey or dataset.colour=rgb.",
    ),
    (
        corrupt,
        IMAGES,
        4,
        "1 of the 3 images in {here}/images cannot be decoded: damaged, or no image of a known "
        "format (1.png). Mend them, or move them elsewhere.",
    ),
    (
        no_network,
        ARRAY,
        4,
        "data.npz is not a file. dataset.path must name a .npy or .npz file of yours.",
    ),
    (
        two_arrays,
        ARRAY,
        2,
        "dataset.key is not set: data.npz holds several arrays. Valid: images, labels.",
    ),
    (
        two_arrays,
        f"{ARRAY} dataset.key=image",
        2,
        "dataset.key=image: data.npz has no such array. Did you mean 'images'? "
        "Valid: images, labels.",
    ),
    (
        with_nan,
        ARRAY,
        4,
        "data.npz: example 1 (counted from 0) has a value that is not a finite float32 number. "
        "Remove it or mend it.",
    ),
    (
        beyond,
        ARRAY,
        4,
        "data.npz: example 0 (counted from 0) has values from 0 to 126.496. "
        "Float images must lie in [-1, 1]: scale them or store uint8.",
    ),
    (
        texts,
        ARRAY,
        4,
        "data.npz holds <U1 values of shape (1, 2). It must hold uint8 images (N, H, W) or "
        "(N, H, W, 1 or 3), float images of such a shape, or float points (N, D).",
    ),
    (
        no_archive,
        ARRAY,
        4,
        "data.npz cannot be read: it is damaged, or no .npy or .npz file of plain numbers.",
    ),
]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of numpy.load
@pytest.mark.parametrize(("prepare", "line", "status", "text"), DATA)
def test_bad_data_is_named(
    prepare: Callable[[Path], None],
    line: str,
    status: int,
    text: str,
    gan: Command,
    files: Files,
    empty: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Mnist, "mirrors", ("http://127.0.0.1:9",))
    monkeypatch.setenv("no_proxy", "*")
    prepare(empty)
    before = files()
    words = line.replace("{here}", str(empty)).split()
    found, out, err = gan("train", *given_twice.changed(["batch_size=1"], words))
    assert (found, out, err) == (status, "", f"gan: {text.replace('{here}', str(empty))}\n")
    assert files() == before


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("trian", "No such command 'trian'. Did you mean 'train'?"),
        ("train --dryrun", "--dryrun is no option. Did you mean '--dry-run'?"),
        ("train --continue", "--continue is no option. Did you mean '--resume'?"),
        (
            "export latest --lr 1",
            "--lr is no option. Valid: --batch, --checkpoint, --import, --out.",
        ),
        ("train --cfg jobs", "--cfg jobs: must be one of 'job', 'hydra', 'all'."),
        ("sample", "Missing argument 'RUN'"),
        ("sample latest --count 0", "--count 0: must be at least 1."),
        ("sample latest --out", "Option '--out' requires an argument."),
        ("sample latest --seed=x", "--seed x: must be a whole number."),
        ("interpolate latest --columns 1", "--columns 1: must be at least 2."),
    ],
)
def test_a_command_line_that_is_no_command(
    line: str, text: str, gan: Command, files: Files
) -> None:
    status, out, err = gan(*line.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {text}")
    command = "gan" if line == "trian" else f"gan {line.split()[0]}"
    assert err.endswith(f" '{command} --help' tells more.\n")
    assert err.count("\n") == 1
    assert files() == {}


@pytest.mark.parametrize("line", ["", "data"])
def test_no_command_at_all_shows_the_help(line: str, gan: Command) -> None:
    status, out, err = gan(*line.split())
    assert (status, err) == (2, "")
    assert out.split()[:3] == ["Usage:", "gan", line or "[OPTIONS]"]


def test_an_import_that_is_broken_says_why(gan: Command, empty: Path) -> None:
    (empty / "half_done_module.py").write_text("x = 1 / 0\n")
    assert gan("train", "--import", "half_done_module") == (
        2,
        "",
        "gan: --import half_done_module: ZeroDivisionError: division by zero "
        "(half_done_module.py, line 1).\n",
    )


@pytest.mark.parametrize(
    "line", ["--traceback train k=0", "train k=0 --traceback", "train --traceback k=0"]
)
def test_traceback_shows_where_an_error_arose(line: str, gan: Command) -> None:
    status, out, err = gan(*line.split())
    assert (status, out) == (2, "")
    assert err.startswith("Traceback (most recent call last):")
    assert err.endswith("\ngan: k=0: must be at least 1.\n")


def test_hydra_full_error_shows_it_too(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    status, _, err = gan("train", "objective=wgn")
    assert status == 2
    assert err.startswith("Traceback (most recent call last):")
    assert err.splitlines()[-1].startswith("gan: objective=wgn: no such objective.")


def test_an_error_of_the_program_says_so_in_two_lines(
    gan: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gan_cli import runs

    monkeypatch.setattr(runs, "find", lambda _: 1 / 0)
    assert gan("runs", ".") == (
        1,
        "",
        "gan: unexpected ZeroDivisionError: division by zero\n"
        "gan: --traceback shows where it arose.\n",
    )


def test_a_real_process_ends_alike(shell: Command, files: Files) -> None:
    assert shell("train", "k=0") == (2, "", "gan: k=0: must be at least 1.\n")
    assert files() == {}


@pytest.mark.parametrize("key", ["hydra.run.dir", "hydra.sweep.dir"])
def test_a_directory_without_a_name(gan: Command, key: str, empty: Path) -> None:
    said = f"gan: {key}=: a directory is missing. {key}=. is this one.\n"
    sweep = ["-m"] if "sweep" in key else []
    assert gan("train", *sweep, f"{key}=") == (2, "", said)
    assert list(empty.iterdir()) == []


def test_a_file_that_is_no_yaml(gan: Command, empty: Path) -> None:
    (empty / "mine" / "objective").mkdir(parents=True)
    (empty / "mine" / "objective" / "own.yaml").write_text("name: [")
    (empty / "mine" / "objective" / "old.yaml").write_bytes("name: hinge\n".encode("utf-16"))
    status, out, err = gan("describe", "objective=own", "--config-dir", "mine")
    assert (status, out) == (2, "")
    assert err.startswith("gan: mine/objective/own.yaml is no valid YAML: ")
    assert len(err.splitlines()) == 1
    why = "cannot be read: it is not in UTF-8, in which an editor can save it.\n"
    for command, folder in (("describe", "mine"), ("train", empty / "mine")):
        status, out, err = gan(command, "objective=old", "--config-dir", "mine")
        assert (status, out, err) == (2, "", f"gan: {folder}/objective/old.yaml {why}")
    status, out, err = gan("list", "objective", "--config-dir", "mine", "--json")
    listed = json.loads(out)["objective"]
    assert (status, err) == (0, "")
    assert listed["own"].startswith("mine/objective/own.yaml is no valid YAML: while parsing")
    assert listed["wgan"], "one that is broken hides no other"
