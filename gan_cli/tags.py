"""The tags of what a run logs, and the settings that name one of them."""

from collections.abc import Sequence

from gan_cli.config import Experiment
from gan_cli.datasets.mixture import Mixture
from gan_cli.errors import UsageError, nearest
from gan_cli.training import step
from gan_cli.training.loop import SPEED


def check(experiment: Experiment) -> None:
    """Refuses what cannot be measured, and a score or a best state by what is not."""
    measured, known = _measured(experiment), of_scalars(experiment)
    scored, best = experiment.optimized_metric, experiment.checkpoints.best
    off = "" if experiment.evaluate_every else " The numbers of a metric need evaluate_every=N."
    if scored not in known:
        raise UsageError(
            f"optimized_metric={scored}: no such scalar. {nearest(scored, known)}{off}"
        )
    if best is not None and best not in measured:
        valid = f" {nearest(best, measured)}" if measured else off
        raise UsageError(f"checkpoints.best={best}: no number of a metric by that name.{valid}")


def of_scalars(experiment: Experiment) -> tuple[str, ...]:
    """The tags of all scalars that a run logs."""
    measured = _measured(experiment)
    return (*step.tags(experiment.recipe), SPEED, *_compared(experiment), *measured)


def _compared(experiment: Experiment) -> Sequence[str]:
    """The tags of a comparison with the known density; none where it is off."""
    dataset = experiment.dataset
    if not experiment.theory_every:
        return []
    if not isinstance(dataset, Mixture) or len(dataset.modes().centres[0]) > 2:
        raise UsageError(
            f"theory_every: the density of dataset '{dataset.name}' is not known. "
            "Choose dataset=gaussian, ring or grid, or theory_every=0."
        )
    from gan_cli.theory import live  # it needs SciPy, which others need not wait for

    return live.tags(experiment.recipe, experiment.theory_distances)


def _measured(experiment: Experiment) -> Sequence[str]:
    """The tags of the metrics by which samples are judged; none where that is off."""
    if not (experiment.evaluate_every or experiment.metric):
        return []
    from gan_cli.metrics import choice  # they need SciPy, which others need not wait for

    metrics = choice.chosen([*experiment.metric.values()], experiment.dataset)
    return list(choice.directions(metrics)) if experiment.evaluate_every else []
