from pathlib import Path

from gan_cli.cli import measure


def test_a_measurement_of_more_steps_is_one_of_the_same_program() -> None:
    words = measure._command(["steps=9", "k=3", "hydra.run.dir=mine"], [], None)(
        Path("c"), Path("r")
    )
    own = ["steps=1", "hydra.mode=RUN", "compile_cache='c'", "hydra.run.dir='r'"]
    assert words == ["train", "k=3", *own]
