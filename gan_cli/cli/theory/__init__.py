"""`gan theory`: one command a statement of the theory, each with numbers and a picture."""

import typer

from gan_cli.cli.theory import (
    convergence,
    divergences,
    figure1,
    global_optimum,
    optimal_discriminator,
    parallel_lines,
)

app = typer.Typer(
    help="The theory, run: divergences, the optimal discriminator, -log 4, convergence.",
    no_args_is_help=True,
)
app.command("divergences")(divergences.divergences)
app.command("parallel-lines")(parallel_lines.parallel_lines)
app.command("figure1")(figure1.figure1)
app.command("optimal-discriminator")(optimal_discriminator.optimal_discriminator)
app.command("global-optimum")(global_optimum.global_optimum)
app.command("convergence")(convergence.convergence)
