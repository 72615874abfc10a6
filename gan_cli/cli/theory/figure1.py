"""`gan theory figure1`: a training on the line, drawn as in Figure 1 of the 2014 paper."""

from typing import Annotated

import typer

from gan_cli.cli.theory import output
from gan_cli.theory.findings.base import Findings


@output.command(place=50, compiles=True, seconds=20, quick={"steps": 100})
def figure1(
    steps: Annotated[
        int, typer.Option(min=100, max=10_000_000, help="How many steps to train G and D together.")
    ] = 2000,
    seed: output.Seed = 0,
) -> Findings:
    """Watch p_g become p_data in a training on the line (Figure 1 of the 2014 paper).

    G and D are trained on the one-dimensional data set `gaussian`: first D alone,
    then both. The data, p_g, D and the map from z to x = G(z) are drawn at four
    moments (a PNG) and throughout the training (a GIF).
    """
    from gan_cli.theory.figure1 import figure1 as train
    from gan_cli.theory.findings.figure1 import findings

    return findings(train(seed, steps))
