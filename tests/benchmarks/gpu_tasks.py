"""The tasks of `gpu.py`, the most important ones first."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from typing import Any

import jax
import numpy as np

from gan_cli.bench import flops
from gan_cli.bench.rounds import take_turns
from gan_cli.bench.speed import Training, alone, together
from gan_cli.soundness import wrong_jax
from gan_cli.training.game import Game
from tests.benchmarks import exactness, synthetic
from tests.benchmarks.device import data_sheet, product_rate, rounds_to_tf32
from tests.benchmarks.gpu_bench import Bench, Task, same
from tests.benchmarks.gpu_processes import (
    DETERMINISTIC,
    IN_A_GRAPH,
    beside_torch,
    starts,
    with_options,
)
from tests.benchmarks.timing import words

PACKAGES = ("jax", "jaxlib", "flax", "optax", "orbax-checkpoint", "numpy", "torch")
IMAGE_WORKS = ("mnist-mlp", "maxout", "dcgan")
FULL = "float32 in full"


def tasks() -> list[Task]:
    """All tasks in their order."""
    each = functools.partial
    return [
        Task("device", 40, device),
        Task("products", 30, products),
        *(Task(f"{w} alone", 80, each(speed, w, ("float32", "bfloat16"))) for w in IMAGE_WORKS),
        Task("ring lanes", 80, each(side_by_side, "ring")),
        Task("mnist-mlp lanes", 100, each(side_by_side, "mnist-mlp")),
        Task("mnist-mlp again", 20, each(again, "mnist-mlp")),
        Task("mnist-mlp resumed", 30, each(resume, "mnist-mlp")),
        *(Task(f"{w} and PyTorch", 80, each(beside_torch, w)) for w in ("ring", *IMAGE_WORKS)),
        Task("mnist-mlp start", 80, each(starts, "mnist-mlp")),
        Task("dcgan again", 20, each(again, "dcgan")),
        Task("mnist-mlp loop in a graph", 60, each(with_options, "mnist-mlp", IN_A_GRAPH)),
        Task("dcgan deterministic", 60, each(with_options, "dcgan", DETERMINISTIC)),
        Task("mnist-mlp deterministic", 60, each(with_options, "mnist-mlp", DETERMINISTIC)),
        *(Task(f"{w} in full", 60, each(speed, w, (FULL,))) for w in ("mnist-mlp", "dcgan")),
    ]


def device(bench: Bench) -> Iterator[str]:
    """What computes, and with which versions."""
    found = jax.devices()[0]
    size = (found.memory_stats() or {}).get("bytes_limit")
    memory = f"{size / 2**30:.1f} GiB for JAX" if size else "its memory is not told"
    yield f"{found.device_kind} ({found.platform}), {memory}, {os.cpu_count()} CPU cores"
    versions = []
    for package in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            versions.append(f"{package} {metadata.version(package)}")
    yield f"{', '.join(versions)}; {wrong_jax() or 'no known fault in this jax'}"
    form = "rounded to TF32" if rounds_to_tf32() else "not rounded to TF32"
    yield f"the factors of float32 products are {form} at JAX's default precision"


def products(bench: Bench) -> Iterator[str]:
    """The quickest matrix products."""
    size = bench.size
    for form in ("float32", FULL, "bfloat16"):
        rate, best = product_rate(form, size), data_sheet(form)
        share = f", {rate / best:.0%} of the data sheet's {best / 1e12:,.1f}" if best else ""
        yield f"{form} {size}x{size}: {rate / 1e12:,.3g} TFLOP/s{share}"


def speed(work: str, forms: Sequence[str], bench: Bench) -> Iterator[str]:
    """Steps a second of one training, and what share of the device's peak that is."""
    contenders: dict[str, Callable[[], float]] = {}
    counts = {}
    for form in forms:
        prepared = bench.ready(work, precision=form.split()[0])
        with precision(form):
            training = alone(prepared, bench.seconds)
            game = Game(prepared.networks, prepared.experiment.recipe, training.source)
            counts[form] = flops.of_step(game, prepared.abstract).total
        contenders[form] = functools.partial(in_form, form, training)
    rates = take_turns(contenders, bench.rounds, lambda: None)
    size = bench.size
    for form, measured in rates.items():
        done = counts[form] * float(np.median(measured))
        shares = f"{done / product_rate(form, size):.2%} of the product of {size}x{size}"
        if best := data_sheet(form):
            shares += f", {done / best:.2%} of the data sheet's peak"
        yield (
            f"{form} {words(list(measured), 'steps/s', 0)}; {counts[form] / 1e6:,.1f} MFLOP a "
            f"step, {done / 1e12:.3g} TFLOP/s, {shares}"
        )


def precision(form: str) -> Any:
    """Lets float32 products be computed in full where a form asks for that."""
    return jax.default_matmul_precision("highest") if form == FULL else contextlib.nullcontext()


def in_form(form: str, training: Training) -> float:
    with precision(form):
        return training()


def side_by_side(work: str, bench: Bench) -> Iterator[str]:
    """Member-steps a second of lanes, and their ratio to one training alone in the same rounds."""
    prepared = bench.ready(work)
    one = alone(prepared, bench.seconds)
    for number in bench.lanes:
        many = one if number == 1 else together(prepared, one.source, number, bench.seconds)
        rates = take_turns({"one": one, "many": many}, bench.rounds, lambda: None)
        yield (
            f"{number} lane{'s' * (number > 1)} {words(list(rates['many']), 'member-steps/s', 0)}, "
            f"{words(list(rates['many'] / rates['one']))} times one training"
        )
        del many


def again(work: str, bench: Bench) -> Iterator[str]:
    """Whether two trainings of one seed in this process are the same to the bit."""
    prepared = bench.ready(work)
    first, second = (synthetic.digest(synthetic.trained(prepared, bench.steps)) for _ in range(2))
    yield f"two runs of {bench.steps} steps are {same(first, second)}"


def resume(work: str, bench: Bench) -> Iterator[str]:
    """Whether a resumed training is the same to the bit as one in one go."""
    one_go, parts = exactness.resumed(bench.ready(work), bench.steps)
    yield f"{bench.steps} steps in one go and from a checkpoint half-way are {same(one_go, parts)}"
