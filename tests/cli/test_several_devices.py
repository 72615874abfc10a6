"""`devices=N`: what is refused, and runs that go on with another number of devices."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
Tiny = tuple[str, ...]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "2",
            "only 1 cpu device is here. Set devices=1, or JAX_NUM_CPU_DEVICES=2 in the "
            "environment, which divides the CPU.",
        ),
        ("0", "must be at least 1, or all."),
        ("some", "must be a whole number, or all."),
    ],
)
def test_what_cannot_be_is_refused(gan: Command, tiny: Tiny, value: str, message: str) -> None:
    command = ("train", "--dry-run", "--no-timing", "device=cpu", *tiny, f"devices={value}")
    assert gan(*command) == (2, "", f"gan: devices={value}: {message}\n")


def rows(run: str) -> list[dict[str, float]]:
    return [json.loads(line) for line in Path(run, "metrics.jsonl").read_text().splitlines()]


@pytest.mark.slow
def test_a_run_goes_on_with_another_number_of_devices(
    gan: Command, shell: Command, tiny: Tiny
) -> None:
    own = (*tiny, "device=cpu")
    status, out, _ = shell("train", *own, "devices=4", "hydra.run.dir=run", JAX_NUM_CPU_DEVICES="4")
    assert (status, "4 x cpu, each with 4 of a batch" in out) == (0, True)
    status, out, _ = gan("verify", "run")
    assert (status, "\nhere       devices 1, not 4\n" in out) == (0, True)
    status, _, err = gan("train", "--resume", "run", "steps=30")
    assert (status, err.startswith("gan: devices=4: only 1 cpu device is here.")) == (2, True)
    status, out, _ = gan("train", "--resume", "run", "steps=30", "devices=1")
    assert status == 0
    assert "was started with devices 4 and is resumed with devices 1: its numbers may" in out
    go_on = ("train", "--resume", "run", "steps=40", "devices=all")
    assert shell(*go_on, JAX_NUM_CPU_DEVICES="4").status == 0
    assert json.loads(Path("run/summary.json").read_text())["numerics"]["devices"] == "4"

    assert gan("train", *own, "steps=40", "hydra.run.dir=alone").status == 0
    for one, other in zip(rows("alone"), rows("run"), strict=True):
        for tag in one.keys() - {"wall_seconds", "speed/steps_per_second"}:
            assert one[tag] == pytest.approx(other[tag], rel=1e-4, abs=1e-5), tag


@pytest.mark.long
def test_members_of_a_sweep_on_two_devices_are_rolled_back_and_verified(
    shell: Command, tiny: Tiny
) -> None:
    """One member trains, the other diverges each time; what was trained comes out the same."""
    line = (*(each for each in tiny if ".b1=" not in each and ".b2=" not in each), "device=cpu")
    own = ("optimizer=sgd", "optimizer.learning_rate=1e-3,1e30", "devices=2", "hydra.sweep.dir=s")
    rolling = ("on_divergence=rollback", "rollbacks=1")
    two = {"JAX_NUM_CPU_DEVICES": "2"}
    status, _, err = shell("train", "-m", *line, *own, *rolling, **two)
    sound, wild = (json.loads(Path("s", each, "summary.json").read_text()) for each in "01")
    assert (status, sound["status"], wild["status"]) == (3, "completed", "diverged"), err
    assert sound["numerics"]["devices"] == wild["numerics"]["devices"] == "2"
    assert len(wild["rollbacks"]) == 1
    status, out, err = shell("verify", "s/0", **two)
    assert (status, "\nidentical  parameters and scalars are equal to the bit\n" in out) == (
        0,
        True,
    )
    status, _, err = shell("verify", "s/1", **two)
    assert (status, "gan: s/1 has no checkpoint, since it diverged: " in err) == (2, True)
