"""Parts of an experiment that must fit one another before anything is built."""

from gan_cli.architectures.base import DataSpec
from gan_cli.config import Experiment
from gan_cli.errors import UsageError


def check_regularizers_fit(experiment: Experiment, spec: DataSpec) -> None:
    """Refuses a regularizer that does not fit the objective, and slopes that D does not have."""
    objective, regularizers = experiment.objective, experiment.regularizer
    for name, regularizer in regularizers.items():
        if reason := regularizer.misfit(objective):
            raise UsageError(f"regularizer={name}: {reason}")
    if not experiment.architecture.mixes_examples(spec):
        return
    chosen = {f"objective={objective.name}": objective.takes_slopes}
    chosen |= {f"regularizer={name}": each.takes_slopes for name, each in regularizers.items()}
    for choice, takes_slopes in chosen.items():
        if takes_slopes:
            raise UsageError(
                f"{choice}: it needs the slope of D at a single example, and with batch norm D's "
                "output for an example depends on the whole minibatch. "
                f"{experiment.architecture.without_batch_norm}"
            )


def check_shares(experiment: Experiment, count: int) -> None:
    """Refuses minibatches that cannot be divided evenly among the devices, packs included."""
    size, m = experiment.batch_size, experiment.architecture.packing
    if count == 1 or size % (count * m) == 0:
        return
    below = size // (count * m) * count * m
    valid = " or ".join(str(n) for n in (below, below + count * m) if n)
    packs = f" packs of {m}" if m > 1 else ""
    raise UsageError(
        f"batch_size={size}: {count} devices cannot share its{packs or ' examples'} evenly. "
        f"Choose batch_size={valid}."
    )
