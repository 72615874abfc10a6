"""The GPU's benchmark: its works are those of the others, and it needs nothing but a training."""

import dataclasses
import os
import re
import subprocess
import sys
from pathlib import Path

import jax
import pytest

from gan_cli import config
from tests.benchmarks import exactness, gpu, ours, synthetic
from tests.benchmarks.gpu_bench import Bench, Task
from tests.benchmarks.gpu_tasks import tasks

ROOT = Path(__file__).resolve().parents[2]
BLOCKER = """
import sys

NOT_THERE = {"scipy", "ot", "PIL", "matplotlib", "sklearn", "hydra", "omegaconf"}


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in NOT_THERE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


sys.meta_path.insert(0, Blocker())
"""
RATE = r"[\d,]+ (member-)?steps/s \([\d,]+ to [\d,]+\)"
ROWS = {
    "device": [r".+ CPU cores", r"jax [\d.]+, .+", r"the factors of float32 products are .+"],
    "products": [r"(float32|float32 in full|bfloat16) 512x512: [\d.]+ TFLOP/s.*"],
    "mnist-mlp alone": [rf"(float32|bfloat16) {RATE}; [\d.]+ MFLOP a step, .+% of the product .+"],
    "ring lanes": [rf"(1 lane|4 lanes) {RATE}, [\d.]+ \([\d.]+ to [\d.]+\) times one training"],
    "mnist-mlp again": [r"two runs of 20 steps are equal to the bit \(\w{16}\)"],
    "mnist-mlp resumed": [r"20 steps in one go and .+ are equal to the bit \(\w{16}\)"],
    "mnist-mlp start": [
        r"(cold|warm|cold again): [\d.]+ s to the first step",
        r"processes that (share compiled programs|compile their own) are equal to the bit .+",
    ],
    "mnist-mlp deterministic": [rf"{RATE}; two processes are equal to the bit .+"],
}
"""What every row of a task is, of those whose rows are known."""


def rows(directory: Path, *arguments: str) -> dict[str, list[str]]:
    """The rows that the benchmark prints where only what a training needs can be imported."""
    (directory / "sitecustomize.py").write_text(BLOCKER)
    done = subprocess.run(
        [sys.executable, "tests/benchmarks/gpu.py", "--small", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{directory}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = {}
    for line in done.stdout.splitlines():
        if not line.startswith("  ("):
            name, _, row = line.partition(": ")
            found.setdefault(name, []).append(row)
    return found


def assert_known(found: dict[str, list[str]]) -> None:
    for name, printed in found.items():
        for row in printed:
            assert any(re.fullmatch(known, row) for known in ROWS[name]), f"{name}: {row}"


@pytest.mark.slow
def test_it_needs_nothing_but_a_training(tmp_path):
    names = ["device", "products", "mnist-mlp again", "mnist-mlp resumed"]
    found = rows(tmp_path, "--only", *names)
    assert list(found) == names
    assert_known(found)


@pytest.mark.long
def test_its_rows(tmp_path):
    found = rows(tmp_path, "--seconds", "280", "--only", *ROWS)
    assert list(found) == list(ROWS)
    assert_known(found)
    assert [len(printed) for printed in found.values()] == [3, 3, 2, 2, 1, 1, 5, 1]


@pytest.mark.gpu
def test_all_its_rows_on_a_gpu(tmp_path):
    if not any(device.platform == "gpu" for device in jax.devices()):
        pytest.skip("JAX finds no GPU here")
    found = rows(tmp_path, "--seconds", "280")
    assert list(found) == [task.name for task in tasks()]
    assert "(cuda" in found["device"][0] or "(gpu" in found["device"][0]


@pytest.mark.parametrize("work", synthetic.WORKS)
def test_its_works_are_those_of_the_other_benchmarks(work):
    described = config.load(synthetic.values(work))
    composed = ours.experiment(work)
    assert described.recipe == composed.recipe
    assert dataclasses.replace(described.dataset) == composed.dataset
    told, theirs = synthetic.settings(described), ours.settings(work)
    for part in ("architecture", "objective", "optimizer", "batch_size", "update", "k", "ema"):
        assert told[part] == theirs[part]


def test_pixels_are_grey_blobs():
    images = synthetic.blobs(100, 28)
    assert images.shape == (100, 28, 28, 1)
    assert images.max() > 240
    assert images.mean() < 80
    assert len({image.tobytes() for image in images}) == 100


def test_a_digest_is_of_every_bit(tmp_path):
    prepared = synthetic.ready(synthetic.values("ring", small=True, compile_cache="off"))
    few, more = synthetic.trained(prepared, 2), synthetic.trained(prepared, 3)
    assert synthetic.digest(few) == synthetic.digest(synthetic.trained(prepared, 2))
    assert synthetic.digest(few) != synthetic.digest(more)
    later = few._replace(step=few.step + 1)
    assert synthetic.digest(few) != synthetic.digest(later)


def test_a_resumed_training_starts_from_its_checkpoint(monkeypatch):
    prepared = synthetic.ready(synthetic.values("ring", small=True, compile_cache="off"))
    one_go, parts = exactness.resumed(prepared, 8)
    assert one_go == parts == synthetic.digest(synthetic.trained(prepared, 8))
    restore = exactness.checkpoints.restore

    def changed(directory, step, template):
        state = restore(directory, step, template)
        return jax.tree.map(lambda x: x + x.dtype.type(step == 4 and x.ndim > 0), state)

    monkeypatch.setattr(exactness.checkpoints, "restore", changed)
    one_go, parts = exactness.resumed(prepared, 8)
    assert one_go != parts


def broken(bench: Bench):
    yield "before"
    raise ValueError("some words\nand why")


def endless(bench: Bench):
    while True:
        pass


@pytest.mark.parametrize(
    ("task", "left", "said"),
    [
        (Task("a", 5, broken), 9, ["a: before", "a: failed with ValueError: and why"]),
        (Task("a", 9, broken), 3, ["a: left out, since only 3 s are left"]),
        (Task("a", 0.2, endless), 9, ["a: failed with TimeoutError: it took more than 0 s"]),
    ],
)
def test_a_task_that_does_not_end_well_is_one_line(capsys, task, left, said):
    end = gpu.time.monotonic() + left + 0.1
    gpu.perform(task, Bench(True, "off", ""), end)
    printed = capsys.readouterr().out.splitlines()
    assert [line for line in printed if not line.startswith("  (")] == said
