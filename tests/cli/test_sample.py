"""`gan sample`: pictures and arrays of what a trained generator draws."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from PIL import Image

from gan_cli import checkpoints
from gan_cli.storage import mount_point
from gan_cli.training.random import Purpose, key_for

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Train = Callable[..., Path]


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        picture.load()
        assert picture.format == "PNG"
        return picture.size


def samples(path: Path) -> np.ndarray:
    with np.load(path) as archive:
        assert archive.files == ["samples"]
        return archive["samples"]


@pytest.fixture
def images(digits: Path, empty: Path) -> Path:
    """A copy of a run on digits: `images` in the working directory."""
    shutil.copytree(digits, empty / "images")
    return Path("images")


def test_a_picture_lies_with_the_run_by_default(gan: Command, images: Path) -> None:
    status, out, err = gan("sample", "images")
    path = images / "samples" / "sample_00000020_seed0_count64.png"
    assert (status, out, err) == (0, f"{path}\n", "")
    assert size(path) == (402, 402)


def test_another_count_or_seed_leaves_earlier_pictures(gan: Command, images: Path) -> None:
    lines = ("--count 4", "--count 9", "--count 9 --seed 1")
    drawn = [gan("sample", "images", *line.split()).out for line in lines]
    assert [Path(out.rstrip("\n")).name for out in drawn] == [
        "sample_00000020_seed0_count4.png",
        "sample_00000020_seed0_count9.png",
        "sample_00000020_seed1_count9.png",
    ]
    assert all(Path(out.rstrip("\n")).is_file() for out in drawn)


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (5, 3, 2), (64, 8, 8)])
def test_a_picture_of_images_is_a_grid(
    count: int, columns: int, rows: int, gan: Command, images: Path
) -> None:
    assert gan("sample", "images", "--count", str(count), "--out", "x.png").status == 0
    width, height = size(Path("x.png"))
    tile = (width - 2) // columns
    assert (width, height) == (2 + columns * tile, 2 + rows * tile)


def test_an_array_holds_images_in_their_own_scale(gan: Command, images: Path) -> None:
    status, out, err = gan("sample", "images", "--count", "300", "--out", "x.npz")
    assert (status, out, err) == (0, "x.npz\n", "")
    drawn = samples(Path("x.npz"))
    assert (drawn.shape, drawn.dtype) == ((300, 8, 8, 1), np.float32)
    assert drawn.min() >= -1
    assert drawn.max() <= 1
    assert len(np.unique(drawn.reshape(300, -1), axis=0)) == 300


def test_the_seed_and_the_place_in_the_row_decide(gan: Command, images: Path) -> None:
    for name, line in {
        "a": "--count 300",
        "b": "--count 300",
        "c": "--count 300 --seed 1",
    }.items():
        assert gan("sample", "images", *line.split(), "--out", f"{name}.npz").status == 0
    a, b, c = (samples(Path(f"{name}.npz")) for name in "abc")
    np.testing.assert_array_equal(a, b)
    assert not np.isclose(a, c).all(axis=(1, 2, 3)).any()


def test_the_arithmetic_is_that_of_the_network(gan: Command, ring: Path) -> None:
    """One hidden layer of ReLU by hand, from the checkpoint's own arrays."""
    from orbax.checkpoint import v1 as ocp

    assert gan("sample", str(ring), "--count", "7", "--seed", "3", "--out", "x.npz").status == 0
    path = (ring / "checkpoints" / "20").resolve()
    weights = {name: np.asarray(value) for name, value in ocp.load(path).items()}
    z = np.asarray(jax.random.normal(key_for(3, Purpose.SAMPLES), (7, 3)))
    hidden = (
        z @ weights["generator/parameters/hidden/0/kernel"]
        + weights["generator/parameters/hidden/0/bias"]
    )
    expected = (
        np.maximum(hidden, 0) @ weights["generator/parameters/output/kernel"]
        + weights["generator/parameters/output/bias"]
    )
    np.testing.assert_allclose(samples(Path("x.npz")), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("command", ["sample", "interpolate", "evaluate"])
def test_a_run_that_can_only_be_read_needs_another_place(
    command: str, gan: Command, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_read(**_: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    with monkeypatch.context() as mounted:
        mounted.setattr(tempfile, "TemporaryFile", only_read)
        status, out, err = gan(command, "run")
    assert (status, out) == (2, "")
    folder = {"evaluate": "run/evaluation"}.get(command, "run/samples")
    assert err == (
        f"gan: {folder} cannot be written: the file system at {mount_point(run)} can only be read. "
        "--out FILE names another place.\n"
    )
    (run / "samples" / "there.png").mkdir()
    if command != "evaluate":
        assert gan(command, "run", "--out", "run/samples/there.png") == (
            2,
            "",
            "gan: --out run/samples/there.png: this is a directory. Name a file in it.\n",
        )


def test_points_are_drawn_over_their_density(gan: Command, run: Path) -> None:
    assert gan("sample", "run", "--out", "x.png").status == 0
    width, height = size(Path("x.png"))
    assert min(width, height) > 200


def test_points_on_the_line_are_a_histogram(gan: Command, train: Train) -> None:
    line = train("dataset=gaussian", "steps=1")
    assert gan("sample", str(line), "--out", "x.png").status == 0
    assert min(size(Path("x.png"))) > 200
    assert gan("sample", str(line), "--count", "9", "--out", "x.npz").status == 0
    assert samples(Path("x.npz")).shape == (9, 1)


def test_an_earlier_checkpoint(gan: Command, run: Path) -> None:
    for step in ("10", "20"):
        assert gan("sample", "run", "--checkpoint", step, "--out", f"{step}.npz").status == 0
    assert gan("sample", "run", "--out", "newest.npz").status == 0
    early, late, newest = (samples(Path(f"{name}.npz")) for name in ("10", "20", "newest"))
    np.testing.assert_array_equal(late, newest)
    assert not np.array_equal(early, late)
    shown = gan("sample", "run", "--checkpoint", "10").out
    assert shown == "run/samples/sample_00000010_seed0_count64.png\n"


def test_a_damaged_checkpoint_is_passed_over(gan: Command, run: Path) -> None:
    shutil.rmtree(run / "checkpoints" / "20" / "state")
    status, out, err = gan("sample", "run")
    path = run.absolute() / "checkpoints" / "20"
    assert (status, out) == (0, "run/samples/sample_00000010_seed0_count64.png\n")
    assert err == (f"checkpoint {path} is damaged: it cannot be read. Using the one of step 10.\n")
    assert gan("sample", "run", "--checkpoint", "20") == (
        4,
        "",
        f"gan: checkpoint {path} is damaged: it cannot be read.\n",
    )


def test_damaged_checkpoints_alone_are_status_4(gan: Command, run: Path) -> None:
    for step in (10, 20):
        shutil.rmtree(run / "checkpoints" / str(step) / "state")
    place = run.absolute() / "checkpoints"
    assert gan("sample", "run") == (
        4,
        "",
        f"gan: checkpoint {place}/20 is damaged: it cannot be read. "
        f"checkpoint {place}/10 is damaged: it cannot be read. "
        "No checkpoint is left to draw with. Move run/checkpoints elsewhere to start "
        "again from step 0: gan train --resume run\n",
    )


def test_images_need_no_data_set(gan: Command, train: Train, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("data")
    pixels = np.random.default_rng(0).integers(0, 256, (64, 8, 8), np.uint8)
    np.save(folder / "x.npy", pixels)
    run = train("dataset=array", f"dataset.path={folder / 'x.npy'}", "steps=1")
    (folder / "x.npy").unlink()
    assert gan("sample", str(run), "--out", "x.png").status == 0
    assert gan("interpolate", str(run), "--out", "y.png").status == 0


def test_latest_is_the_newest_under_outputs(gan: Command, run: Path, empty: Path) -> None:
    (empty / "outputs" / "day").mkdir(parents=True)
    run.rename(empty / "outputs" / "day" / "time")
    assert gan("sample", "latest") == (
        0,
        "outputs/day/time/samples/sample_00000020_seed0_count64.png\n",
        "",
    )


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("run --out x.jpg", "--out x.jpg: the name must end in .png or .npz."),
        ("run --out x", "--out x: the name must end in .png or .npz."),
        ("run --out no/x.png", "--out no/x.png: there is no directory no."),
        ("run --checkpoint 7", "run has no checkpoint of step 7; it has: 10, 20."),
        ("nowhere", "nowhere: no such run directory. 'gan runs' lists the runs there are."),
        (".", ". is not a run, but holds some. List them: gan runs ."),
        ("run/summary.json", "run/summary.json is not a folder, and so no run directory."),
        ("latest", "there is no run under {here}/outputs yet. Start one: gan train"),
        (
            "run --import nothing_of_this_name",
            "--import nothing_of_this_name: ModuleNotFoundError: No module named "
            "'nothing_of_this_name'. Modules are looked for in the current directory and on the "
            "Python path.",
        ),
    ],
)
def test_what_cannot_be_sampled(
    line: str, text: str, gan: Command, run: Path, files: Files, empty: Path
) -> None:
    if text.endswith(". "):
        text += "'gan runs' lists the runs there are."
    before = files()
    expected = f"gan: {text.replace('{here}', str(empty))}\n"
    assert gan("sample", *line.split()) == (2, "", expected)
    assert files() == before


@pytest.mark.parametrize("command", ["sample", "interpolate"])
def test_a_run_without_a_checkpoint(command: str, gan: Command, run: Path, files: Files) -> None:
    for step in checkpoints.steps(run / "checkpoints"):
        shutil.rmtree(run / "checkpoints" / str(step))
    before = files()
    told = (
        "run is completed, but its checkpoints are gone. "
        "Put them back, or train it again: gan train --resume run"
    )
    assert gan(command, "run") == (2, "", f"gan: {told}\n")
    assert files() == before
