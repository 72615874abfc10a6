"""Which members of a sweep share a program, in what form, and how much memory it takes."""

from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import jax

from gan_cli.config import Experiment
from gan_cli.datasets.base import SyntheticDataset
from gan_cli.errors import UsageError, nearest
from gan_cli.prepared import Prepared
from gan_cli.sweep.lanes import Form, is_shared, run_lanes
from gan_cli.training.chunk import Window
from gan_cli.training.game import Game

MODES = ("auto", "vmap", "loop", "spread")
LOG_EVERY = 100


class Group(NamedTuple):
    """Members that train at once.

    numbers: the members' places among all members.
    lanes: the number of lanes of their program; surplus lanes duplicate the last member, and their
        results are discarded.
    form: the form of the program, or None where the members train one after another, each by
        itself.
    """

    numbers: list[int]
    lanes: int
    form: Form | None


def divide(members: Sequence[Prepared], mode: str, max_lanes: int) -> list[Group]:
    """Divides a sweep into groups that train as one program each, in the order of their members.

    Args:
        members: the members.
        mode: a form, or auto for the one that was the quickest where it was measured.
        max_lanes: the most lanes of one program; more members of one structure become several
            groups.

    Raises:
        UsageError: for an unknown mode, or a number of lanes below 1 or too low for `spread`.
    """
    if mode not in MODES:
        raise UsageError(f"hydra.launcher.mode={mode}: not a choice. {nearest(mode, MODES)}")
    if max_lanes < 1:
        raise UsageError(f"hydra.launcher.max_lanes={max_lanes}: must be at least 1.")
    alike: dict[Hashable, list[int]] = {}
    for number, prepared in enumerate(members):
        alike.setdefault(structure(prepared), []).append(number)
    found = []
    for numbers in alike.values():
        first = members[numbers[0]]
        experiment = first.experiment
        by_itself = first.stays_on_disk or first.layout.size > 1
        if len(numbers) == 1 or by_itself or experiment.on_divergence == "rollback":
            found.append(Group(numbers, 1, None))
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
        found += [Group(numbers[i : i + size], lanes, form) for i in range(0, len(numbers), size)]
    return found


def structure(prepared: Prepared) -> Hashable:
    """What members must have in common to share one program and its chunks.

    The program is compiled for the networks and for the structure of everything that the step
    takes. A chunk ends where something is due, so that must be at the same steps for all members.
    """
    experiment = prepared.experiment
    return (
        prepared.networks,
        jax.tree.structure(experiment.recipe),
        _source(experiment),
        experiment.steps,
        experiment.log_every,
        experiment.sample_every,
        experiment.checkpoints.every,
        experiment.theory_every,
        experiment.evaluate_every,
        experiment.samples,
        experiment.on_divergence,
        prepared.device,
        prepared.layout,
    )


def _source(experiment: Experiment) -> Any:
    """A distribution may differ in its numbers; a finite set is shared, so it must be the same."""
    dataset: Any = experiment.dataset
    synthetic = isinstance(dataset, SyntheticDataset)
    return jax.tree.structure(dataset) if synthetic else dataset


def choose_form(prepared: Prepared) -> Form:
    """The quickest form, by measurement.

    Several devices each take a share of the lanes. A GPU or TPU runs them by vmap, since lanes fill
    it. So does a CPU, except with convolutions: there one lane fills the cores, and the patches of
    many lanes do not fit into the cache. For dcgan at 32x32, 4 lanes did .97 of one lane's steps in
    turn and .79 beside one another; for mlp it was .79 and .97.
    """
    if len(peers(prepared)) > 1:
        return "spread"
    players = prepared.abstract.generator, prepared.abstract.discriminator
    kernels = jax.tree.leaves([player.parameters for player in players])
    convolutional = any(kernel.ndim == 4 for kernel in kernels)
    return "loop" if prepared.device.platform == "cpu" and convolutional else "vmap"


def peers(prepared: Prepared) -> list[jax.Device]:
    """All of this process's devices of the kind that the experiment is for."""
    found: list[jax.Device] = jax.local_devices(backend=prepared.device.platform)
    return found


def memory(prepared: Prepared, group: Group) -> int:
    """The bytes that a group's program takes, on all its devices together.

    This is what the compiler plans, and two copies of the states: one that waits to be saved, and
    one to replay a lane from that diverges. The program that draws sample pictures is smaller.
    """

    def many(tree: Any) -> Any:
        return jax.tree.map(lambda x: jax.ShapeDtypeStruct((group.lanes, *x.shape), x.dtype), tree)

    experiment, states = prepared.experiment, many(prepared.abstract)
    source = jax.eval_shape(lambda: prepared.feed().at(0)[0])
    recipes = many(jax.eval_shape(lambda: experiment.recipe))
    game = Game(prepared.networks, recipes, source if is_shared(source) else many(source))
    window = Window(1, LOG_EVERY, experiment.steps)
    lowered: Any = run_lanes.lower(game, states, window, group.form, None)
    planned = lowered.compile().memory_analysis()
    copies = 2 * sum(leaf.size * leaf.dtype.itemsize for leaf in jax.tree.leaves(states))
    kept = planned.argument_size_in_bytes + planned.output_size_in_bytes + copies
    return int(kept + planned.temp_size_in_bytes - planned.alias_size_in_bytes)
