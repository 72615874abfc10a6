"""Which extractor gives the features of a data set's examples."""

from collections.abc import Callable

from gan_cli.datasets.base import Dataset, FiniteDataset
from gan_cli.datasets.stacked_mnist import StackedMnist
from gan_cli.errors import UsageError
from gan_cli.features import classifier
from gan_cli.features.base import Extractor, ExtractorName, Pixels
from gan_cli.features.channels import Channels


def suiting(dataset: Dataset) -> ExtractorName:
    """The extractor of a data set where nobody names one: the classifier where there are labels."""
    return "pixels" if classifier.misfit(dataset) else "classifier"


def ready(dataset: Dataset) -> Extractor | None:
    """The extractor that suits a data set, or None if it would have to be trained first."""
    if suiting(dataset) == "pixels":
        return Pixels()
    assert isinstance(dataset, FiniteDataset)
    if isinstance(dataset, StackedMnist):
        digits = classifier.cached(dataset.digits)
        return digits and Channels(digits)
    return classifier.cached(dataset)


def extractor(name: ExtractorName, dataset: Dataset, note: Callable[[str], None]) -> Extractor:
    """The extractor of that name for a data set; a classifier is trained if it was not before.

    Args:
        name: pixels or classifier.
        dataset: the data set whose examples it looks at.
        note: is told, in one line each, what one waits for.

    Raises:
        UsageError: if no classifier can learn the data set's labels.
    """
    if name == "pixels":
        return Pixels()
    check(name, dataset)
    assert isinstance(dataset, FiniteDataset)
    if isinstance(dataset, StackedMnist):
        return Channels(classifier.trained(dataset.digits, note))
    return classifier.trained(dataset, note)


def check(name: ExtractorName, dataset: Dataset) -> None:
    """Refuses an extractor that a data set cannot have.

    Raises:
        UsageError: if no classifier can learn the data set's labels.
    """
    if name == "classifier" and (reason := classifier.misfit(dataset)):
        raise UsageError(
            f"--extractor classifier: {reason} in dataset={dataset.name}. Use --extractor pixels."
        )
