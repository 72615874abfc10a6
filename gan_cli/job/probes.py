"""What examines the states of a training: the known density, and metrics of G's samples."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from gan_cli.datasets.mixture import Mixture
from gan_cli.job.recorder import Probe
from gan_cli.prepared import Prepared

if TYPE_CHECKING:  # both need SciPy, which others need not wait for
    from gan_cli.job.validation import Validation
    from gan_cli.theory.live import Truth


class Probes(NamedTuple):
    """What examines states; None for what an experiment does not ask for."""

    theory: "Truth | None"
    evaluation: "Validation | None"

    def by_name(self) -> dict[str, Probe]:
        """Those that there are."""
        found = {"theory": self.theory, "evaluation": self.evaluation}
        return {name: probe for name, probe in found.items() if probe is not None}


def probes_of(prepared: Prepared, note: Callable[[str], None]) -> Probes:
    """The probes that an experiment asks for.

    Args:
        prepared: the experiment.
        note: is told what one waits for where an extractor has to be trained first.
    """
    experiment, networks = prepared.experiment, prepared.networks
    truth, judge = None, None
    if experiment.theory_every and isinstance(experiment.dataset, Mixture):
        from gan_cli.theory import live

        recipe, distances = experiment.recipe, experiment.theory_distances
        truth = live.Truth(networks, recipe, experiment.dataset, distances)
    if experiment.evaluate_every:
        from gan_cli.job import validation

        judge = validation.of(networks, experiment, note)
    return Probes(truth, judge)
