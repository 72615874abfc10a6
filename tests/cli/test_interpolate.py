"""`gan interpolate`: rows of images from one latent to another."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from PIL import Image, ImageColor

from gan_cli.training.random import Purpose, key_for

Command = Callable[..., Any]
Files = Callable[[], dict[str, bytes]]
Train = Callable[..., Path]

BORDER = 2


def tiles(path: Path, rows: int, columns: int) -> np.ndarray:
    """The pictures in a grid, as (rows, columns, side, side)."""
    with Image.open(path) as picture:
        pixels = np.asarray(picture.convert("L"))[BORDER:, BORDER:]
    height, width = pixels.shape
    assert (height % rows, width % columns) == (0, 0)
    cut = pixels.reshape(rows, height // rows, columns, width // columns).swapaxes(1, 2)
    return cut[:, :, :-BORDER, :-BORDER]


def test_the_ends_of_a_row_are_what_g_draws_of_its_latents(gan: Command, digits: Path) -> None:
    from gan_cli.runs import RunDirectory
    from gan_cli.trained import load

    line = "--rows 3 --columns 5 --seed 7 --out x.png"
    assert gan("interpolate", str(digits), *line.split()) == (0, "x.png\n", "")
    drawn = tiles(Path("x.png"), 3, 5)
    trained = load(RunDirectory(digits))
    z = jax.random.normal(key_for(7, Purpose.LINES), (6, 3))
    middle = (z[:3] + z[3:]) / 2
    for column, latents in {0: z[:3], 2: middle, 4: z[3:]}.items():
        levels = np.rint((trained.generate(latents)[..., 0] + 1) * 127.5)
        scale = drawn.shape[2] // 8
        enlarged = levels.repeat(scale, axis=1).repeat(scale, axis=2)
        assert np.abs(drawn[:, column] - enlarged).max() <= 1


def test_images_change_step_by_step_along_a_row(gan: Command, digits: Path) -> None:
    assert gan("interpolate", str(digits), "--columns", "20", "--out", "x.png").status == 0
    drawn = tiles(Path("x.png"), 8, 20).astype(float)
    steps = np.abs(np.diff(drawn, axis=1)).mean(axis=(2, 3))
    across = np.abs(drawn[:, 0] - drawn[:, -1]).mean(axis=(1, 2))
    assert (steps.max(axis=1) < across).all()
    assert (steps.min(axis=1) > 0).all()


def test_the_seed_decides(gan: Command, digits: Path) -> None:
    pictures = []
    for seed in ("0", "0", "1"):
        assert gan("interpolate", str(digits), "--seed", seed, "--out", "x.png").status == 0
        pictures.append(Path("x.png").read_bytes())
    assert pictures[0] == pictures[1] != pictures[2]


@pytest.mark.parametrize("dataset", ["ring", "gaussian"])
def test_points_of_a_row_are_connected(dataset: str, gan: Command, train: Train) -> None:
    """A line's own colour covers more than its ends and dots could."""
    from gan_cli.plots.latent_lines import COLOURS

    run = train(f"dataset={dataset}", "steps=1")
    line = ("--rows", "1", "--columns", "2", "--out", "x.png")
    assert gan("interpolate", str(run), *line).status == 0
    with Image.open("x.png") as picture:
        axes = np.asarray(picture.convert("RGB"), dtype=int)[100:]
    coloured = np.abs(axes - ImageColor.getrgb(COLOURS[0])).max(axis=2) < 25
    columns = np.flatnonzero(coloured.any(axis=0))
    assert np.ptp(columns) > 20
    assert np.diff(columns).max() < 12, "no gap but the white middle of the ring"


def test_points_are_drawn_too_and_lie_with_the_run(gan: Command, run: Path) -> None:
    path = run / "samples" / "interpolation_00000010_seed0.png"
    assert gan("interpolate", "run", "--checkpoint", "10") == (0, f"{path}\n", "")
    with Image.open(io.BytesIO(path.read_bytes())) as picture:
        assert min(picture.size) > 200


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("run --out x.npz", "--out x.npz: the name must end in .png."),
        ("run --out no/x.png", "--out no/x.png: there is no directory no."),
        ("run --checkpoint 7", "run has no checkpoint of step 7; it has: 10, 20."),
        ("nowhere", "nowhere: no such run directory. 'gan runs' lists the runs there are."),
    ],
)
def test_what_cannot_be_interpolated(
    line: str, text: str, gan: Command, run: Path, files: Files
) -> None:
    before = files()
    assert gan("interpolate", *line.split()) == (2, "", f"gan: {text}\n")
    assert files() == before
