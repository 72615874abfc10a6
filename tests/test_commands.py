"""Commands that are printed work as they stand."""

from pathlib import Path

from gan_cli import commands


def test_options_are_given_again() -> None:
    commands.give(["mine", "other.nets"])
    commands.give(["mine"], Path("my conf"))
    run = Path("outputs/1")
    assert commands.resume(run) == "gan train --import=mine --import=other.nets --resume outputs/1"
    assert commands.resume_sweep(run) == (
        "gan train -m --import=mine --import=other.nets '--config-dir=my conf' --resume outputs/1"
    )
    assert commands.sample("latest") == "gan sample --import=mine --import=other.nets latest"
    commands.begin(["verify", "a run", "--json"])
    assert commands.again("dataset.path=PLACE") == ("gan verify 'a run' --json dataset.path=PLACE")
    assert commands.resume(run) == "gan train --resume outputs/1"


def test_a_path_is_a_path() -> None:
    assert commands.resume(Path("it's (1)")) == """gan train --resume 'it'"'"'s (1)'"""
    assert commands.sample(Path("-x")) == "gan sample ./-x"
    assert commands.sample(Path("latest")) == "gan sample ./latest"
    assert commands.tensorboard(Path("a=b, c")) == "tensorboard --logdir 'a=b, c'"


def test_a_path_is_printed_as_it_can_be_pasted() -> None:
    assert commands.path(Path("outputs/1")) == "outputs/1"
    assert commands.path(Path("p 1/a.png")) == "'p 1/a.png'"
    assert commands.path(Path("-x")) == "./-x"
