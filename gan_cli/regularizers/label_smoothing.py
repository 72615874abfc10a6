"""One-sided label smoothing."""

from gan_cli.bounds import Fraction
from gan_cli.component import component
from gan_cli.objectives.base import Batch, Discriminator, Key, Objective, Scalar
from gan_cli.regularizers.base import Penalty


@component
class LabelSmoothing(Penalty):
    """D is taught that data are real with probability 1 - s alone, so that it never gets too sure.

    The cross-entropy of the label 1 - s is that of the label 1 plus s D(x), since softplus(-d) is
    softplus(d) - d. Samples keep the label 0, or D's optimum would reward samples that stay put.

    weight: the smoothing s, which is taken from the label of the data.

    Source: Salimans et al. 2016, section 3.4.
    """

    name = "label_smoothing"

    weight: Fraction = 0.1

    def misfit(self, objective: Objective) -> str | None:
        if objective.cross_entropy:
            return None
        return (
            f"it changes the labels of a cross-entropy, and objective={objective.name} has none. "
            "Choose objective=minimax, objective=non_saturating, or objective=f_gan with "
            "objective.divergence=gan or jensen_shannon."
        )

    def penalty(self, D: Discriminator, real: Batch, fake: Batch, key: Key) -> Scalar:
        """E D(x) over the data."""
        return D(real, key).mean()
