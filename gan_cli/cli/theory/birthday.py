"""`gan theory birthday RUN`: how many different samples a trained G has."""

from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.options import Checkpoint, Imports, Moved, Run
from gan_cli.cli.theory import output
from gan_cli.errors import UsageError
from gan_cli.theory.findings.base import Findings

if TYPE_CHECKING:
    import numpy as np

    from gan_cli.datasets.base import Dataset

TOLERANCE = (
    "The distance up to which two are duplicates; by default a tenth of the std of the narrowest "
    "mode, or half of the median distance of real examples to their nearest ones."
)


@output.command(place=140, compiles=True, seconds=5, quick={"samples": 500})
def birthday(
    run: Run,
    moved: Moved = None,
    samples: Annotated[
        int, typer.Option(min=100, max=50_000, metavar="N", help="How many samples to draw.")
    ] = 5000,
    tolerance: Annotated[float | None, typer.Option(metavar="DISTANCE", help=TOLERANCE)] = None,
    checkpoint: Checkpoint = None,
    imports: Imports = None,
    seed: output.Seed = 0,
) -> Findings:
    """Estimate how many different samples a trained G has, by the birthday test.

    Among draws from N things two are equal with probability 1/2 from about
    sqrt(2 N log 2) draws on. Duplicates among G's samples, and among as many
    real examples, tell how many each has (Arora and Zhang 2017). The picture
    shows the nearest pairs.
    """
    from gan_cli import runs, trained
    from gan_cli.cli import own_data
    from gan_cli.imports import import_modules
    from gan_cli.theory.birthday import birthday as measure
    from gan_cli.theory.findings.birthday import findings
    from gan_cli.training.random import Purpose, key_for

    import_modules(imports or [])
    place = runs.resolve(run)
    generator = trained.load(place, trained.wanted(checkpoint))
    here = own_data.moved(place, generator.experiment, moved or [], "gan theory birthday")
    with here as dataset:
        real = examples(dataset, samples, seed)
    distance, told, exact = duplicates(dataset, real, tolerance)
    key = key_for(seed, Purpose.SAMPLES)
    drawn = generator.generate(generator.experiment.architecture.sample_latent(key, samples))
    what = f"{place.path}, step {generator.step:,}, trained on dataset={dataset.name}"
    return findings(what, told, measure(drawn, real, distance, exact))


def examples(dataset: "Dataset", n: int, seed: int) -> "np.ndarray":
    """Real examples: n fresh draws, or at most n different ones of a finite data set."""
    import numpy as np

    from gan_cli.datasets import checked
    from gan_cli.datasets.base import FiniteDataset, SyntheticDataset, scaled
    from gan_cli.training.random import Purpose, key_for

    if isinstance(dataset, SyntheticDataset):
        return np.asarray(dataset.sample(key_for(seed, Purpose.THEORY), n))
    assert isinstance(dataset, FiniteDataset)
    stored = checked.split(dataset, "train").examples
    rows = np.sort(np.random.default_rng(seed).permutation(len(stored))[:n])
    return scaled(stored[rows], dataset.levels)


def duplicates(
    dataset: "Dataset", real: "np.ndarray", given: float | None
) -> tuple[float, str, float | None]:
    """The tolerance, where it comes from, and the data's own probability of a duplicate if known.

    Raises:
        UsageError: if the given tolerance is too small to be told from 0.
    """
    import numpy as np

    from gan_cli.datasets.base import Modes
    from gan_cli.datasets.mixture import Mixture
    from gan_cli.theory.birthday import (
        FINEST,
        collision_of_modes,
        spread,
        tolerance_of_examples,
        tolerance_of_modes,
    )

    modes = None
    if isinstance(dataset, Mixture):
        modes = Modes(*(np.asarray(part, np.float64) for part in dataset.modes()))
    if given is not None:
        least = FINEST * spread(real)
        if not least <= given < float("inf"):
            raise UsageError(
                f"--tolerance {given:g}: must be a distance of at least {least:.2g}, which is what "
                "tells samples of this data apart."
            )
        tolerance, told = given, "what --tolerance says"
    elif modes is not None:
        tolerance, told = tolerance_of_modes(modes), "a tenth of the narrowest mode's std"
    else:
        tolerance = tolerance_of_examples(real)
        told = "half the median distance of a real example to its nearest other one"
    exact = None if modes is None else collision_of_modes(modes, tolerance)
    return tolerance, told, exact
