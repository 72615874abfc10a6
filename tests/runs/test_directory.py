"""The places of a run's files, and which of them are results."""

from pathlib import Path

import pytest

from gan_cli.errors import UsageError
from gan_cli.runs import RunDirectory


def test_the_command_that_goes_on_can_be_pasted() -> None:
    assert RunDirectory(Path("a/b")).resume_command == "gan train --resume a/b"
    assert RunDirectory(Path("my run")).resume_command == "gan train --resume 'my run'"


def test_sample_pictures_sort_by_name_as_by_step(place: RunDirectory) -> None:
    place.samples.mkdir()
    steps = [5, 1000, 20_000, 123_456_789, 2_000_000_000]
    assert place.sample(1000) == Path("run/samples/step_00001000.png")
    for step in reversed(steps):
        place.sample(step).touch()
    (place.samples / ".step_00000007.png.tmp").touch()
    for name in ("step_x.png", "step_٠٠٠٠٠٠٠٣.png", "step_7.png", "step_000000008.png"):
        (place.samples / name).touch()
    place.sample(9).mkdir()
    assert place.sample_steps() == steps
    assert RunDirectory(Path("none")).sample_steps() == []


@pytest.mark.parametrize("name", ["metrics.jsonl", "samples/step_00000001.png", "checkpoints/1"])
def test_a_row_a_picture_and_a_checkpoint_are_results(name: str, place: RunDirectory) -> None:
    path = place.path / name
    path.parent.mkdir(exist_ok=True)
    place.metrics.touch()
    assert not place.holds_results(), "an empty file and an empty folder are none"
    path.write_text("something")
    assert place.holds_results()


def test_settings_start_the_runs_own_files_anew(place: RunDirectory) -> None:
    for name in ("summary.json", "metrics.jsonl", "events.out.tfevents.1.gan", "notes.txt"):
        (place.path / name).write_text("old")
    (place.samples / "below").mkdir(parents=True)
    place.write_settings({"config.yaml": "k: 1\n"})
    left = sorted(path.relative_to(place.path).as_posix() for path in place.path.rglob("*"))
    assert left == [".hydra", ".hydra/config.yaml", ".hydra/gan.txt", "notes.txt"]
    assert not place.is_cut_off()


@pytest.mark.parametrize(
    "name",
    [
        *("train.log", "summary.json", "metrics.jsonl", "samples", "checkpoints"),
        *("checkpoints/best", ".hydra"),
    ],
)
def test_nothing_is_written_through_a_link(name: str, place: RunDirectory) -> None:
    (place.path / name).parent.mkdir(exist_ok=True)
    (place.path / name).symlink_to("/nowhere")
    with pytest.raises(UsageError) as refused, place.lock():
        pass
    assert str(refused.value) == (
        f"run/{name} is a link, and a run, which may be anybody's, writes in its own directory "
        "alone. Put what it leads to in its place. To keep a run on another disk, put all of run "
        "there and a link to it here, or start it there with hydra.run.dir=DIR."
    )
