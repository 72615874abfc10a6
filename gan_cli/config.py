"""The schema of the whole configuration, and the experiment that it describes."""

import dataclasses
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from annotated_types import Ge, Interval, Le

import gan_cli.architectures
import gan_cli.datasets
import gan_cli.objectives
import gan_cli.optimizers
import gan_cli.regularizers  # noqa: F401  (the five imports register every component)
from gan_cli import metrics
from gan_cli.architectures.base import Architecture
from gan_cli.bounds import MAX_INTEGER, Count, Fraction, NonNegative
from gan_cli.component import component, leaf, static
from gan_cli.datasets.base import Dataset
from gan_cli.errors import UsageError
from gan_cli.hosts import membership
from gan_cli.loading import construct
from gan_cli.metrics.base import Metric
from gan_cli.objectives.base import Objective
from gan_cli.optimizers.base import Optimizers
from gan_cli.regularizers.base import Regularizer

Update = Literal["alternating", "simultaneous", "extra_gradient", "consensus"]
JOINT: tuple[Update, ...] = ("extra_gradient", "consensus")
"""The updates that move both players once a step, from the same point."""

Precision = Literal["float32", "bfloat16"]
Device = Literal["auto", "cpu", "gpu", "tpu"]
Devices = Count | Literal["all"]
Every = Annotated[int, Ge(0), Le(MAX_INTEGER)]
"""A number of steps, such as those between one thing and the next, where 0 is off."""
LONG = 1000
"""The samples of a run of as many steps are judged at its end."""


@component
class Recipe:
    """What decides the numbers of a training step: a pytree that the compiled step takes.

    architecture: the two networks.
    objective: the losses of the game.
    optimizer: the rules by which G and D learn.
    regularizer: what keeps the game stable beside the objective; several may be combined.
    k: the number of discriminator updates per generator update.
    batch_size: the number of examples in a minibatch.
    seed: the seed for every random number in the run.
    update: alternating (Algorithm 1 of the 2014 paper); simultaneous, where D's last update and
        G's update are computed from the same minibatch; or one of two that move both players at
        once and converge where those circle: extra_gradient (Gidel et al. 2019) and consensus
        (Mescheder et al. 2017).
    consensus_weight: the weight gamma of update=consensus, on half the squared norm of both
        gradients.
    unroll: the number of further updates of D that G's gradient is taken through; 0 is off.
    ema: the decay of the moving average of G's parameters and running statistics, with which
        samples are drawn; 0 is off.
    precision: the number format of the networks' arithmetic; parameters and losses stay float32.
    """

    architecture: Architecture
    objective: Objective
    optimizer: Optimizers
    regularizer: Mapping[str, Regularizer] = dataclasses.field(default_factory=dict, hash=False)
    k: Count = 1
    batch_size: Count = 128
    seed: Annotated[int, Interval(ge=0, le=MAX_INTEGER)] = leaf(0)
    update: Update = "alternating"
    consensus_weight: NonNegative = 10.0
    unroll: Every = 0
    ema: Fraction = static(0.999)
    precision: Precision = "float32"


@dataclasses.dataclass(kw_only=True)
class Checkpoints:
    """When states are saved.

    every: the number of steps between checkpoints.
    keep: how many of the newest checkpoints are kept.
    best: the number of a metric, such as modes/reverse_kl, whose best state is kept as well.
    """

    every: Count = 5000
    keep: Count = 2
    best: str | None = None


@dataclasses.dataclass(kw_only=True)
class Distributed:
    """The processes that train one run together, on one host or on many.

    processes: how many there are: auto (as many as srun, mpirun, an indexed Kubernetes Job or a TPU
        pod has started), or a number; 1 trains in this process alone.
    process: the number of this one, from 0, where coordinator is given.
    coordinator: the host of process 0 and a free port there, where the others come to.
    timeout: the number of seconds that the others are waited for.
    """

    processes: Count | Literal["auto"] = "auto"
    process: Every | None = None
    coordinator: str | None = None
    timeout: Count = 300

    def validate(self) -> None:
        if self.coordinator is None:
            if self.process is not None:
                raise UsageError(
                    f"process={self.process}: goes with distributed.coordinator=HOST:PORT, where "
                    "process 0 waits for the others."
                )
            return
        membership.address(self.coordinator)
        if self.processes == "auto" or self.processes == 1 or self.process is None:
            raise UsageError(
                f"coordinator={self.coordinator}: goes with distributed.processes=N, two or more, "
                "and distributed.process=I, the number of this one from 0."
            )
        if self.process >= self.processes:
            raise UsageError(
                f"process={self.process}: must be 0 to {self.processes - 1}, "
                f"as distributed.processes={self.processes}."
            )


@dataclasses.dataclass(kw_only=True)
class Experiment(Recipe):
    """A whole configuration: the recipe, the data, how long to train and what to write.

    dataset: the data set that G learns to imitate.
    steps: the number of generator updates in all.
    log_every: the number of steps between logged scalars.
    sample_every: the number of steps between sample pictures.
    samples: the number of examples in a sample picture.
    theory_every: the number of steps between comparisons with the data's known density; 0 is off.
    theory_distances: which distances are compared beside the usual ones: own (what the game itself
        measures) or all.
    metric: the metrics by which samples are judged; without any, those that suit the data.
    evaluate_every: the number of steps between judgements of G's samples; 0 is off.
    evaluate_end: whether the samples of a run of 1,000 steps or more are judged at its end.
    checkpoints: when states are saved.
    on_divergence: what is done when the training becomes non-finite: stop, or rollback to the last
        checkpoint and go on with other random numbers.
    rollbacks: the most rollbacks of a run before it stops.
    device: where to train.
    devices: among how many devices every minibatch is divided: a number, or all there are. Each of
        several processes has so many.
    distributed: the processes that train the run together.
    resident_mib: the size in MiB beyond which a finite data set is fed from disk.
    compile_cache: where compiled programs are kept: auto (the user's cache), off, or a directory.
    optimized_metric: the scalar tag whose last value a sweeper gets as the run's score.
    members_per_job: the most members of a sweep that an engine such as Slurm gets as one job.
    """

    dataset: Dataset
    steps: Count = 20_000
    log_every: Count = 100
    sample_every: Count = 1000
    samples: Count = 64
    theory_every: Every = 0
    theory_distances: Literal["own", "all"] = "own"
    metric: Mapping[str, Metric] = dataclasses.field(default_factory=dict)
    evaluate_every: Every = 0
    evaluate_end: Literal["auto", "off"] = "auto"
    checkpoints: Checkpoints = dataclasses.field(default_factory=Checkpoints)
    on_divergence: Literal["stop", "rollback"] = "stop"
    rollbacks: Every = 3
    device: Device = "auto"
    devices: Devices = 1
    distributed: Distributed = dataclasses.field(default_factory=Distributed)
    resident_mib: Count = 1024
    compile_cache: str = "auto"
    optimized_metric: str = "loss/generator"
    members_per_job: Count = 1

    @property
    def recipe(self) -> Recipe:
        """The part that a compiled step takes; steps, intervals and paths are not in it."""
        return Recipe(**{f.name: getattr(self, f.name) for f in dataclasses.fields(Recipe)})

    @property
    def judged_at_end(self) -> bool:
        """Whether the samples are judged when the training has ended."""
        return self.evaluate_end == "auto" and self.steps >= LONG

    def validate(self) -> None:
        for key in ("theory_every", "evaluate_every"):
            if (every := getattr(self, key)) % self.log_every:
                raise UsageError(
                    f"{key}={every}: must be 0 (off) or a multiple of log_every={self.log_every}."
                )
        self._check_packs()
        self._check_joint_update()

    def _check_joint_update(self) -> None:
        if self.update not in JOINT:
            return
        if self.k != 1:
            raise UsageError(
                f"k={self.k}: update={self.update} moves both players at once, each once a step. "
                "Set k=1, or choose update=alternating."
            )
        if self.unroll:
            raise UsageError(
                f"unroll={self.unroll}: update={self.update} looks ahead by itself, and its "
                "paper does not unroll D. Set unroll=0, or choose update=alternating."
            )

    def _check_packs(self) -> None:
        size, m = self.batch_size, self.architecture.packing
        if size % m:
            below = size // m * m
            valid = " or ".join(str(n) for n in (below, below + m) if n)
            raise UsageError(
                f"batch_size={size}: must be a multiple of architecture.packing={m}. "
                f"Choose batch_size={valid}."
            )


def load(values: Mapping[str, Any]) -> Experiment:
    """Builds the experiment that a configuration describes, and checks every value.

    Args:
        values: nested plain values, such as the configuration that Hydra composed.

    Raises:
        UsageError: for a key that no component has, a missing key, a wrong type or a wrong value;
            it names the key and the nearest valid one.
    """
    if isinstance(values, Mapping) and values.get("metric"):
        metrics.register()
    return construct(Experiment, values)
