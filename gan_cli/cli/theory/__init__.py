"""`gan theory`: one command for each statement of the theory, found among the files here."""

import importlib
import pkgutil

import typer

from gan_cli.cli.theory import course, everything

app = typer.Typer(help="Run the theory of GANs; without a command, list all in order of a course.")


@app.callback(invoke_without_command=True)
def theory(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        course.show()


for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
for lesson in course.course():
    app.command()(lesson.command)
app.command("all")(everything.everything)
