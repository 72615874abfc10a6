"""What a run that goes on from a checkpoint still knows of what it logged."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from gan_cli.job import starting
from gan_cli.logs.scalars import ScalarFile
from gan_cli.runs import RunDirectory


def test_each_scalar_up_to_the_checkpoint_keeps_its_last_value(tmp_path: Path) -> None:
    """Also one that is logged less often than the others; none of a later step stays."""
    place = RunDirectory(tmp_path)
    file = ScalarFile(place.metrics)
    for step in (10, 20, 30, 40):
        truth = {"truth/kl": step / 100} if step % 20 == 0 else {}
        file.write(step, step / 10, {"loss/generator": float(step), **truth})
    file.close()
    run: Any = SimpleNamespace(
        place=place,
        prepared=SimpleNamespace(
            experiment=SimpleNamespace(steps=100, log_every=10, sample_every=10)
        ),
        summary={"wall_seconds": 0.0, "metrics": {"loss/generator": 40.0, "truth/kl": 0.4}},
    )
    assert starting._forget(run, 30) == 40
    assert run.summary == {
        "step": 30,
        "wall_seconds": 3.0,
        "metrics": {"loss/generator": 30.0, "truth/kl": 0.2},
    }
