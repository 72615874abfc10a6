"""`gan theory bias`: losses whose estimates are biased, and by how much."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=80, compiles=True, seconds=13, quick={"updates": 40})
def bias(
    distance: Annotated[
        float, typer.Option(min=1e-3, max=1e3, help="How far apart WGAN-GP's two points are.")
    ] = 1.0,
    penalty: Annotated[
        float, typer.Option(min=1e-3, max=1e6, help="The weight lambda of its gradient penalty.")
    ] = 10.0,
    theta: Annotated[
        float, typer.Option(min=0, max=1, help="The parameter theta* of the Bernoulli law.")
    ] = 0.6,
    points: Annotated[
        int, typer.Option(min=1, max=100_000, help="How many points D learns by heart.")
    ] = 256,
    updates: Annotated[
        int, typer.Option(min=40, max=10_000_000, help="How often to update that D.")
    ] = 1000,
    seed: output.Seed = 0,
) -> Findings:
    """Show three biased losses: of a gradient penalty, of a sample, of a training set.

    Critics of WGAN-GP are trained on two points, where the estimate of W_1 is
    too large by W_1^2 / (2 lambda). A Bernoulli model is fitted to samples of
    one, where the Wasserstein distance is least at a wrong parameter and the
    Cramer distance is not (Bellemare et al. 2017). A discriminator learns a
    training set by heart and finds log 2 where G is perfect.
    """
    from gan_cli.theory.bias import bias as measure
    from gan_cli.theory.findings.bias import findings

    return findings(measure(seed, distance, penalty, theta, points, updates))
