"""The settings of a run in TensorBoard's table."""

from pathlib import Path

from gan_cli import config
from gan_cli.job.hyperparameters import hyperparameters
from gan_cli.runs import RunDirectory
from tests.values import MLP, SMALL


def test_hyperparameters_are_written_as_they_are_typed(tmp_path: Path) -> None:
    r1 = {"name": "r1", "weight": 0.5}
    experiment = config.load(
        SMALL
        | {"architecture": MLP | {"generator_widths": [8, 16]}, "regularizer": {"r1": r1}, "k": 2}
    )
    place = RunDirectory(tmp_path)
    typed = ("k=2", "regularizer=r1", "regularizer.r1.weight=.5", "architecture.generator_widths=")
    place.write_settings(
        {
            "config.yaml": "k: 2\n",
            "overrides.yaml": "".join(f"- '{line}'\n" for line in typed),
        }
    )
    found = hyperparameters(experiment, place)
    assert found["architecture.generator_widths"] == "[8,16]"
    assert found["regularizer"] == "[r1]"
    assert (found["regularizer.r1.weight"], found["k"]) == (0.5, 2)
    assert found["optimizer.generator.learning_rate"] == 0.01
