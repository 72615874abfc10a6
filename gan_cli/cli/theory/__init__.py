"""`gan theory`: one command for each statement of the theory, found among the files here."""

import importlib
import pkgutil

import typer

from gan_cli.cli.theory import output

app = typer.Typer(
    help="Run the theory: divergences, the optimal discriminator, -log 4, convergence.",
    no_args_is_help=True,
)
for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
for _, run in sorted(output.COMMANDS, key=lambda each: each[0]):
    app.command()(run)
