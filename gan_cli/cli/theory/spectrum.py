"""`gan theory spectrum RUN`: the eigenvalues of the game around a checkpoint."""

from typing import TYPE_CHECKING, Annotated

import typer

from gan_cli.cli.options import Checkpoint, Imports, Moved, Run
from gan_cli.cli.theory import output
from gan_cli.errors import UsageError
from gan_cli.theory.findings.base import Findings

if TYPE_CHECKING:
    import numpy as np

    from gan_cli.datasets.base import Dataset


@output.command(place=137, compiles=True, seconds=20, quick={"samples": 64})
def spectrum(
    run: Run,
    moved: Moved = None,
    samples: Annotated[
        int,
        typer.Option(
            min=16, max=4096, metavar="N", help="The examples, and samples, in the batch."
        ),
    ] = 256,
    checkpoint: Checkpoint = None,
    imports: Imports = None,
    seed: output.Seed = 0,
) -> Findings:
    """Show whether gradient descent is stable around a checkpoint, by the game's eigenvalues.

    They are those of the Jacobian of the joint gradient field, with the run's
    own objective and regularizers, on one large batch in float64: the 20 of
    largest modulus, of largest real part and of largest imaginary part. A
    positive real part drives both players away, and a large imaginary part
    makes them circle (Mescheder et al. 2017, "The numerics of GANs"). Some 400
    to 900 products with the Jacobian are taken: seconds for points, on one core
    many minutes for networks of images, fewer with --samples 64.
    """
    import dataclasses

    import numpy as np

    from gan_cli import runs, trained
    from gan_cli.cli import own_data
    from gan_cli.imports import import_modules
    from gan_cli.theory.dirac import float64
    from gan_cli.theory.findings.spectrum import findings
    from gan_cli.theory.gradient_field import field_of
    from gan_cli.theory.spectrum import MOST, examine

    import_modules(imports or [])
    place = runs.resolve(run)
    found = trained.load(place, trained.wanted(checkpoint))
    what = f"{place.path}, step {found.step:,}"
    size = sum(map(parameters, (found.state.generator, found.state.discriminator)))
    if size > MOST:
        raise UsageError(
            f"{place.path} has {size:,} parameters, and eigenvectors of more than {MOST:,} do not "
            "fit into the memory that this command may take. Choose a run with smaller networks."
        )
    here = own_data.moved(place, found.experiment, moved or [], "gan theory spectrum")
    with here as dataset:
        x = batch(dataset, found.experiment.architecture.packing, samples, seed)
    recipe = dataclasses.replace(found.experiment.recipe, seed=seed)
    with float64():
        field = field_of(found.networks, recipe, found.state, x)
        if not np.isfinite(field.value).all():
            raise UsageError(
                f"{what}: the gradients there are not finite. Choose an earlier checkpoint with "
                "--checkpoint STEP."
            )
        told = examine(field, np.random.default_rng(seed))
    return findings(what, found.experiment, len(x), told)


def parameters(player: object) -> int:
    """How many parameters a player has."""
    from gan_cli.training.state import count

    return count(player.parameters)  # type: ignore[attr-defined]


def batch(dataset: "Dataset", pack: int, n: int, seed: int) -> "np.ndarray":
    """About n real examples: whole packs, and no more than a finite data set has.

    Raises:
        UsageError: if the data does not fill a pack.
    """
    from gan_cli.cli.theory.birthday import examples

    x = examples(dataset, -(-n // pack) * pack, seed)
    whole = len(x) // pack * pack
    if not whole:
        raise UsageError(f"the data has {len(x)} examples, and D judges packs of {pack}.")
    return x[:whole]
