"""The console script `gan`: one file a command; nothing here imports jax before a command runs."""

import os
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from gan_cli import __version__, commands
from gan_cli.cli import (
    bench,
    compare,
    data,
    describe,
    doctor,
    evaluate,
    interpolate,
    runs,
    sample,
    theory,
    train,
    usage,
)
from gan_cli.cli import list as listing
from gan_cli.errors import GanError
from gan_cli.interrupts import Interrupted

app = typer.Typer(
    name="gan",
    help="Experiments with generative adversarial networks, from one shell line.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("train")(train.train)
app.command("sample")(sample.sample)
app.command("interpolate")(interpolate.interpolate)
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(compare.compare)
app.command("plot")(compare.plot)
app.command("runs")(runs.runs)
app.command("list")(listing.list_choices)
app.command("describe")(describe.describe)
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
app.add_typer(data.app, name="data")
app.add_typer(theory.app, name="theory")


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gan {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=show_version, help="Show the version and exit."
        ),
    ] = False,
    where: Annotated[
        bool, typer.Option("--traceback", help="Show where in the program an error arose.")
    ] = False,
) -> None:
    """Takes the options of every command; `main` reads --traceback, wherever it stands."""


def main() -> None:
    """Runs the command line; an error that the user can mend is a sentence and an exit status."""
    arguments = train.complete_info(sys.argv[1:])
    commands.forget()
    show = "--traceback" in arguments or os.environ.get("HYDRA_FULL_ERROR") == "1"
    try:
        words = [a for a in arguments if a != "--traceback"]
        sys.exit(app(args=words, prog_name="gan", standalone_mode=False) or 0)
    except Interrupted as ended:
        sys.exit(ended.status)
    except Exception as error:
        if show:
            traceback.print_exc()
        if sentence := _sentence(error, arguments):
            print(f"gan: {sentence}", file=sys.stderr)
        sys.exit(error.status if isinstance(error, GanError) else getattr(error, "exit_code", 1))


def _sentence(error: Exception, words: Sequence[str]) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}."
    if isinstance(error, GanError | OSError):
        return str(error)
    if hasattr(error, "format_message"):  # a usage error of Typer's
        return usage.sentence(error, words)
    return f"unexpected {type(error).__name__}: {error}\ngan: --traceback shows where it arose."
