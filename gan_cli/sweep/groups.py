"""Which members of a sweep share a program, in what form, and how much memory it takes."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import jax

from gan_cli.config import Experiment
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.errors import UsageError, nearest
from gan_cli.problem import Problem, feed, stays_on_disk
from gan_cli.sweep.lanes import Form, run_lanes

MODES = ("auto", "vmap", "loop", "spread")
LOG_EVERY = 100


class Batch(NamedTuple):
    """Members that train at once.

    numbers: which, by their place among the problems. lanes: of the program; those beyond the
    members repeat the last one, and nobody looks at them. form: of the program, or None where the
    members train one after another, each by itself.
    """

    numbers: list[int]
    lanes: int
    form: Form | None


def batches(problems: Sequence[Problem], mode: str, max_lanes: int) -> list[Batch]:
    """The programs of a sweep, in the order of their first members.

    Args:
        problems: the members.
        mode: a form, or auto: the one that was the quickest where it was measured.
        max_lanes: the most lanes of one program; a larger group becomes several batches.

    Raises:
        UsageError: for an unknown mode, or a number of lanes below 1 or too low for `spread`.
    """
    if mode not in MODES:
        raise UsageError(f"hydra.launcher.mode={mode}: not a choice. {nearest(mode, MODES)}")
    if max_lanes < 1:
        raise UsageError(f"hydra.launcher.max_lanes={max_lanes}: must be at least 1.")
    groups: dict[Hashable, list[int]] = {}
    for number, problem in enumerate(problems):
        groups.setdefault(structure(problem), []).append(number)
    found = []
    for numbers in groups.values():
        first = problems[numbers[0]]
        if len(numbers) == 1 or stays_on_disk(first.experiment):
            found.append(Batch(numbers, 1, None))
            continue
        form: Form = choose_form(first) if mode == "auto" else mode  # type: ignore[assignment]
        unit = len(peers(first)) if form == "spread" else 1
        if max_lanes < unit:
            if mode == "spread":
                raise UsageError(
                    f"hydra.launcher.max_lanes={max_lanes}: to spread over {unit} devices takes "
                    f"at least {unit} lanes. Raise it, or choose hydra.launcher.mode=vmap."
                )
            form, unit = "vmap", 1
        parts = -(-len(numbers) // (max_lanes // unit * unit))
        size = -(-len(numbers) // parts)
        lanes = -(-size // unit) * unit
        found += [Batch(numbers[i : i + size], lanes, form) for i in range(0, len(numbers), size)]
    return found


def structure(problem: Problem) -> Hashable:
    """What members must have in common to share one program and its chunks.

    The program is compiled for the networks and for the structure of all that the step takes. The
    chunks are cut where something is due, so that must be at the same steps.
    """
    experiment = problem.experiment
    return (
        problem.networks,
        jax.tree.structure(experiment.recipe),
        _source(experiment),
        experiment.steps,
        experiment.log_every,
        experiment.sample_every,
        experiment.checkpoints.every,
        experiment.theory_every,
        experiment.samples,
        problem.device,
    )


def _source(experiment: Experiment) -> Any:
    """A distribution may differ in its numbers; a finite set is shared, so it must be the same."""
    dataset: Any = experiment.dataset
    synthetic = isinstance(dataset, SyntheticDataset)
    return jax.tree.structure(dataset) if synthetic else dataset


def choose_form(problem: Problem) -> Form:
    """The quickest form, by measurement.

    Several devices: each takes its share of the lanes. A GPU or TPU: vmap, since lanes fill it.
    A CPU: vmap too, but for convolutions, where one lane fills the cores and the patches of many
    lanes no longer fit into the cache: 4 lanes of dcgan at 32x32 did .97 of one lane's steps in
    turn and .79 beside one another; for mlp the two did .79 and .97.
    """
    if len(peers(problem)) > 1:
        return "spread"
    kernels = jax.tree.leaves((problem.abstract.generator, problem.abstract.discriminator))
    convolutional = any(kernel.ndim == 4 for kernel in kernels)
    return "loop" if problem.device.platform == "cpu" and convolutional else "vmap"


def peers(problem: Problem) -> list[jax.Device]:
    """All of this process's devices of the kind that the problem is for."""
    found: list[jax.Device] = jax.local_devices(backend=problem.device.platform)
    return found


def memory(problem: Problem, batch: Batch) -> int:
    """The bytes that a batch's program takes, on all its devices together.

    As the compiler plans them, with the copy of the states that waits to be saved; sample pictures
    are drawn by a smaller program.
    """
    lanes = batch.lanes

    def many(tree: Any) -> Any:
        return jax.tree.map(lambda x: jax.ShapeDtypeStruct((lanes, *x.shape), x.dtype), tree)

    experiment = problem.experiment
    recipe = jax.eval_shape(lambda recipe: recipe, experiment.recipe)
    source = jax.eval_shape(lambda: feed(experiment).at(0)[0])
    shared = not isinstance(experiment.dataset, SyntheticDataset)
    planned: Any = (
        run_lanes.lower(
            problem.networks,
            shared,
            batch.form,
            None,
            many(recipe),
            source if shared else many(source),
            many(problem.abstract),
            1,
            LOG_EVERY,
            experiment.steps,
        )
        .compile()
        .memory_analysis()
    )
    copies = sum(
        leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(many(problem.abstract))
    )
    kept = planned.argument_size_in_bytes + planned.output_size_in_bytes + copies
    return int(kept + planned.temp_size_in_bytes - planned.alias_size_in_bytes)
