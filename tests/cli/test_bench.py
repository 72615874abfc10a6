"""`gan bench`: a table, or one document, and nothing left behind."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Tiny = tuple[str, ...]

BRIEF = ("--no-start", "--rounds", "2", "--seconds", "0.01")
SPREAD = {"median", "lowest", "highest"}
LANES = "must be whole numbers from 1 to 4096, such as 1,4,16,64."


def test_the_table(gan: Command, tiny: Tiny, files: Files) -> None:
    status, out, err = gan("bench", *BRIEF, "device=cpu", "k=3", *tiny)
    assert status == 0
    lines = [line.rstrip() for line in out.splitlines()]
    names = [re.split("  +", line)[0] for line in lines]
    assert names == [
        "dataset",
        "generator",
        "discriminator",
        "objective",
        "k",
        "training",
        "device",
        "what",
        "training",
        "examples",
        "work of a step",
        "achieved",
        "best matrix product",
        "share of that",
        "peak memory",
    ]
    number, extremes = r"[\d.,]+", r"[\d.,]+ ?[kMGT]? to [\d.,]+ ?[kMGT]?"
    for line, pattern in zip(
        lines[8:],
        [
            rf"training +{number} steps/s +{extremes} +one training by itself",
            rf"examples +{number} examples/s +{extremes} +of the data, k x batch = 48 a step",
            rf"work of a step +{number} kFLOP +\d+ % of it in matrix products and convolutions",
            rf"achieved +{number} [kMG]FLOP/s +{extremes} +work of a step x steps/s",
            rf"best matrix product +{number} [MGT]FLOP/s +{extremes} +float32, \d+ x \d+, "
            r"the quickest of [\d, ]+",
            r"share of that +\d+ % +\d+ % to \d+ % +achieved / best matrix product",
            rf"peak memory +{number} MiB +of this process, after training alone",
        ],
        strict=True,
    ):
        assert re.fullmatch(pattern, line), line
    assert err.splitlines()[:2] == ["compiling the training", "compiling matrix products"]
    assert files() == {}


@pytest.mark.slow
def test_one_document(gan: Command, tiny: Tiny, files: Files) -> None:
    overrides = ["device=cpu", "dataset=digits", *tiny[1:]]
    status, out, _ = gan("bench", *BRIEF, "--json", "--lanes", "2,1,2", *overrides)
    assert status == 0
    found = json.loads(out)
    assert list(found) == [
        "overrides",
        "experiment",
        "device",
        "versions",
        "rounds",
        "seconds",
        "first_step",
        "steps_per_second",
        "examples_per_step",
        "flops_per_step",
        "flops_per_second",
        "product_flops_per_second",
        "share_of_best_product",
        "peak_memory",
        "lanes",
    ]
    assert (found["overrides"], found["first_step"]) == (overrides, None)
    assert found["experiment"]["dataset"].startswith("digits (")
    assert (found["rounds"], found["seconds"], found["examples_per_step"]) == (2, 0.01, 16)
    assert set(found["flops_per_step"]) == {"products", "other"}
    work = sum(found["flops_per_step"].values())
    for key in SPREAD:
        achieved = work * found["steps_per_second"][key]
        assert found["flops_per_second"][key] == pytest.approx(achieved)
    best = max(speed["median"] for speed in found["product_flops_per_second"].values())
    share = found["share_of_best_product"]
    assert share["lowest"] <= share["median"] <= share["highest"] < 1
    assert share["median"] == pytest.approx(found["flops_per_second"]["median"] / best, rel=0.5)
    one, two = found["lanes"]
    assert (one["lanes"], one["form"], two["lanes"], two["form"]) == (1, "alone", 2, "vmap")
    assert one["member_steps_per_second"] == found["steps_per_second"]
    assert one["ratio_to_alone"] == dict.fromkeys(SPREAD, 1.0)
    assert two["member_steps_per_second"]["lowest"] > 0
    assert files() == {}


@pytest.mark.slow
def test_the_time_to_the_first_step(gan: Command, tiny: Tiny, files: Files) -> None:
    """Settings of the user's that a training of one step would heed are not in its way."""
    own = "hydra.run.dir=here", "compile_cache=off", "hydra.mode=MULTIRUN"
    options = "--rounds", "1", "--seconds", "0.01", "--json"
    status, out, err = gan("bench", *options, "device=cpu", *tiny, *own)
    assert status == 0
    assert err.startswith("two trainings of one step, as new processes\n")
    found = json.loads(out)["first_step"]
    assert list(found) == ["cold", "warm"]
    for start in found.values():
        assert 0 < start["compile_seconds"] < start["wall_seconds"]
    assert files() == {}


def test_a_training_of_one_step_that_fails(gan: Command, files: Files) -> None:
    """What only a device or the data can tell is told by the first process that asks."""
    status, out, err = gan("bench", "dataset=array", "dataset.path=missing.npy")
    assert (status, out) == (4, "")
    assert err.splitlines()[0] == "two trainings of one step, as new processes"
    trained = gan("train", "dataset=array", "dataset.path=missing.npy")
    assert (trained.status, err.splitlines()[1:]) == (4, trained.err.splitlines())
    assert files() == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--lanes", "0"], f"--lanes 0: {LANES}"),
        (["--lanes", "4,many"], f"--lanes 4,many: {LANES}"),
        (["--lanes", "1,,2"], f"--lanes 1,,2: {LANES}"),
        (["--lanes", "-4"], f"--lanes -4: {LANES}"),
        (["--lanes", "5000"], f"--lanes 5000: {LANES}"),
        (["--seconds", "0"], "--seconds 0: must be more than 0 and at most 600."),
        (["--seconds", "nan"], "--seconds nan: must be more than 0 and at most 600."),
        (["--rounds", "0"], "--rounds 0: must be at least 1. 'gan bench --help' tells more."),
        (
            ["k=1,5"],
            "k=1,5: several values need -m (one run each); a list is written in brackets, a text "
            "in quotes.",
        ),
        (["--config-dir", "nowhere"], "--config-dir nowhere: no such directory."),
        (["--no-start", "batch_size=0"], "batch_size=0: must be at least 1."),
        (
            ["--no-start", "batch_size=5000"],
            "batch_size=5000: dataset 'digits' has only 1397 training examples. "
            "Set batch_size=1397 or less.",
        ),
    ],
)
def test_what_cannot_be_measured(
    gan: Command, files: Files, arguments: list[str], message: str
) -> None:
    assert gan("bench", *arguments) == (2, "", f"gan: {message}\n")
    assert files() == {}


def test_lanes_of_data_that_stays_on_disk(gan: Command, empty: Path) -> None:
    points = np.zeros((2**18, 2), np.float32)
    np.save(empty / "points.npy", points)
    overrides = "dataset=array", "dataset.path=points.npy", "resident_mib=1", "device=cpu"
    status, _, err = gan("bench", *BRIEF, "--json", "--lanes", "2", *overrides)
    assert status == 2
    assert err == (
        "gan: --lanes: the data set is larger than resident_mib, and lanes need it on the device. "
        "Leave out --lanes, or raise resident_mib.\n"
    )


def test_the_command_line_imports_no_jax() -> None:
    program = "import sys, gan_cli.cli; print({'jax', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr
