"""The console script `gan`: one file a command; nothing here imports jax before a command runs."""

import contextlib
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import Annotated

import typer

from gan_cli import __version__, commands, environment
from gan_cli.cli import (
    bench,
    compare,
    completion,
    data,
    describe,
    doctor,
    evaluate,
    export,
    flags,
    interpolate,
    keyboard,
    look,
    pasted,
    runs,
    sample,
    taken_apart,
    theory,
    train,
    usage,
    verify,
)
from gan_cli.cli import list as listing
from gan_cli.cli.called import called
from gan_cli.console import showing
from gan_cli.errors import GanError, sentence
from gan_cli.interrupts import Interrupted, end
from gan_cli.logs import streams

ROOMY = 80
"""Terminals of fewer columns get help without frames, in which words would be broken."""

CTRL_C = 128 + signal.SIGINT
"""The status that Typer gives a command which Ctrl-C ended, and which has said nothing of it."""

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
app.command("export")(export.export)
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(compare.compare)
app.command("plot")(compare.plot)
app.command("verify")(verify.verify)
app.command("runs")(runs.runs)
app.command("look")(look.look)
app.command("list")(listing.list_choices)
app.command("describe")(describe.describe)
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
app.add_typer(data.app, name="data")
app.add_typer(theory.app, name="theory")
flags.take_no_values(app, data.app, theory.app)


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
    completion.join_words()
    arguments = train.complete_info(sys.argv[1:])
    framed = not os.environ.get("NO_COLOR") and shutil.get_terminal_size().columns >= ROOMY
    app.rich_markup_mode = "rich" if framed else None
    show = "--traceback" in arguments or os.environ.get("HYDRA_FULL_ERROR") == "1"
    words = [a for a in arguments if a != "--traceback"]
    commands.begin(words)
    with (
        showing("stdout"),
        showing("stderr"),
        streams.lasting("stderr"),
        streams.read("stdout"),
    ):
        try:
            status = _run(words, show=show)
        except Interrupted as ended:
            status = ended.status
            with contextlib.suppress(OSError, Interrupted):  # nobody may be reading any more
                streams.finish()
    end(status)


def _run(words: Sequence[str], *, show: bool) -> int:
    """Runs a command, says what went wrong, and returns the exit status."""
    try:
        status = int(app(args=[*words], prog_name="gan", standalone_mode=False) or 0)
        if status == CTRL_C:
            print("gan: interrupted", file=sys.stderr)
        streams.finish()
    except Exception as raised:
        if show:
            traceback.print_exc()
        return _report(environment.refusal(raised) or raised, words)
    return status


def _report(error: Exception, words: Sequence[str]) -> int:
    """Says what went wrong, and returns the exit status."""
    with contextlib.suppress(OSError, Interrupted):  # nobody may be reading any more
        sys.stdout.flush()  # what was printed before comes before it where both go the same way
    if told := _told(error, words):
        print(f"gan: {told}", file=sys.stderr)
    with contextlib.suppress(OSError):  # it may be what was told of
        streams.finish()
    return error.status if isinstance(error, GanError) else int(getattr(error, "exit_code", 1))


def _told(error: Exception, words: Sequence[str]) -> str:
    """What is said of an error; nothing where a command has said it already."""
    told = _cause(error, words)
    if plain := keyboard.line(words, told, app):
        if refused := called(app, plain).refused:
            return usage.sentence(refused, plain)
        tells_another = ": gan " in told
        return f"{'' if tells_another else told} {keyboard.advice(plain)}".lstrip()
    if line := pasted.meant(told, words):
        return line
    options = called(app, words).options if told else {}
    return taken_apart.meant(told, words, options) or told


def _cause(error: Exception, words: Sequence[str]) -> str:
    if not hasattr(error, "format_message"):
        said = sentence(error)
        unexpected = said.startswith("unexpected ")
        return f"{said}\ngan: --traceback shows where it arose." if unexpected else said
    return usage.sentence(error, words)  # a usage error of Typer's
