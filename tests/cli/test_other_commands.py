"""Commands and options that there are not lead to those that there are."""

import shlex
from pathlib import Path

import pytest
import typer

from gan_cli.cli import app, other_commands
from gan_cli.cli.called import called
from gan_cli.cli.theory.divergences import SHAPES
from gan_cli.divergences.parse import FORMS
from gan_cli.synonyms import COMMAND_WORDS
from tests.conftest import Command

PLACE = {"NAME": "digits", "RUN": "latest"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("delete", "No such command 'delete'. Did you mean 'gan runs --delete'?"),
        ("divergences", "No such command 'divergences'. Did you mean 'gan theory divergences'?"),
        ("theory kl", "No such command 'kl'. Did you mean 'gan theory divergences'?"),
        ("theory ot", "No such command 'ot'. Did you mean 'gan theory optimal-transport'?"),
        (
            "dataset=ring k=5",
            "No such command 'dataset=ring'. Did you mean 'gan train dataset=ring k=5'?",
        ),
        ("theory k=5", "No such command 'k=5'. 'gan theory --help' tells more."),
        ("thory", "No such command 'thory'. Did you mean 'theory'?"),
        ("train -M k=1,5", "-M is no option. Did you mean '--multirun'?"),
        ("train --sweep k=1,5", "--sweep is no option. Did you mean '--multirun'?"),
        ("train --accelerator gpu", "--accelerator is no option. The device is chosen by device="),
        ("train --max_epochs 10", "--max_epochs is no option. Training is counted in steps, each"),
        ("plot S --metric loss", "--metric is no option. Did you mean '--tag'?"),
        ("compare S -t loss", "-t is no option. Did you mean '--tag'?"),
        ("compare S --csv", "--csv is no option. 'gan runs' has it."),
        ("theory dynamics --lr .1", "--lr is no option. Did you mean '--step'?"),
        ("look --logdir a", "--logdir is no option. It is named without an option: gan look a."),
        ("runs --dir=a --json", "--dir is no option. It is named without an option: gan runs a -"),
        ("list theory", "theory: no such group. Did you mean 'gan theory'?"),
        ("describe kl", "kl: no such choice. Did you mean 'gan theory divergences'?"),
        ("runs delete latest", "Runs are deleted by an option: gan runs latest --delete"),
        (
            "runs --csv a.csv",
            "a.csv: no such folder. Printed, it is written by the shell: gan runs",
        ),
    ],
)
def test_what_was_meant_is_told(words: str, told: str, gan: Command) -> None:
    status, out, err = gan(*words.split())
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {told}")


def test_several_folders_of_runs_are_listed_by_the_one_above(gan: Command, empty: Path) -> None:
    for name in ("1", "2"):
        (empty / "sweeps" / name).mkdir(parents=True)
    told = "gan: gan runs lists all below one folder: gan runs sweeps --json\n"
    assert gan("runs", "sweeps/1", "sweeps/2", "--json") == (2, "", told)


def test_every_line_can_be_called() -> None:
    for line in other_commands.INSTEAD:
        words = [PLACE.get(word, word) for word in shlex.split(line)[1:]]
        assert called(app, words).refused is None, line


def test_every_word_stands_for_what_there_is() -> None:
    root = typer.main.get_command(app)
    lines = dict(other_commands._lines(root, "gan"))
    options = {
        name.lstrip("-")
        for line in lines.values()
        for name in called(app, line.split()[1:]).options
    }
    known = {*lines, *options, *SHAPES, *FORMS}
    assert {*COMMAND_WORDS} <= {name.replace("-", "_") for name in known}
