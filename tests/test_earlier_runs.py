"""A run of version 0.1.0, kept in tests/data/, is listed, drawn from and gone on with."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from orbax.checkpoint import v1 as ocp

from gan_cli import checkpoints
from gan_cli.numerics import numerics
from gan_cli.training.random import Purpose, key_for

Command = Callable[..., Any]

KEPT = Path(__file__).parent / "data" / "run_0.1.0"
OTHER_JAX = (
    "This run was started with jax 0.0.1 and is resumed with jax {}: its numbers may differ in the "
    "last bits from those of a run that was not interrupted."
)
OTHER_NUMBERS = (
    "This run was started with prng rbg and is resumed with prng threefry2x32: its numbers will "
    "differ from those of a run that was not interrupted."
)


@pytest.fixture
def earlier(empty: Path) -> Path:
    """A copy of that run, of 20 steps on the ring: `run` in the working directory."""
    return shutil.copytree(KEPT, empty / "run").relative_to(empty)


def summary(run: Path) -> dict[str, Any]:
    return dict(json.loads((run / "summary.json").read_text()))


def test_it_is_listed(gan: Command, earlier: Path) -> None:
    status, out, err = gan("runs", "run", "--json")
    assert (status, err) == (0, "")
    [row] = json.loads(out)
    assert (row["status"], row["step"]) == ("completed", 20)


def test_its_generator_draws(gan: Command, earlier: Path) -> None:
    """From the averaged weights, which version 0.1.0 saved under another name."""
    assert gan("sample", "run", "--count", "7", "--out", "x.npz") == (0, "x.npz\n", "")
    with np.load("x.npz") as archive:
        drawn = archive["samples"]
    arrays = ocp.load((KEPT / "checkpoints" / "20").resolve())
    saved = {name: np.asarray(array) for name, array in arrays.items()}
    z = np.asarray(jax.random.normal(key_for(0, Purpose.SAMPLES), (7, 3)))
    hidden = np.maximum(z @ saved["average/hidden/0/kernel"] + saved["average/hidden/0/bias"], 0)
    by_hand = hidden @ saved["average/output/kernel"] + saved["average/output/bias"]
    np.testing.assert_allclose(drawn, by_hand, rtol=1e-4, atol=1e-6)


def test_its_latent_lines_are_drawn(gan: Command, earlier: Path) -> None:
    assert gan("interpolate", "run", "--out", "x.png") == (0, "x.png\n", "")
    assert Path("x.png").read_bytes().startswith(b"\x89PNG")


def test_it_goes_on_and_is_saved_as_runs_are_today(gan: Command, earlier: Path) -> None:
    before = (earlier / "metrics.jsonl").read_text()
    status, out, err = gan("train", "--resume", "run", "steps=30")
    assert (status, err) == (0, "")
    assert "\nresuming from step 20\n" in out
    assert "This run was started with" not in out, "what it was started with is not known"
    assert checkpoints.steps(earlier / "checkpoints") == [20, 30]
    assert (earlier / "metrics.jsonl").read_text().startswith(before)
    now = summary(earlier)
    assert (now["status"], now["step"], now["seed"]) == ("completed", 30, 0)
    assert now["parameters"] == summary(KEPT)["parameters"]
    assert now["numerics"]["prng"] == "threefry2x32"
    assert gan("sample", "run", "--out", "x.png") == (0, "x.png\n", "")
    assert "resuming from step 30" in gan("train", "--resume", "run", "steps=40").out


@pytest.mark.parametrize(
    ("changed", "note"), [({"jax": "0.0.1"}, OTHER_JAX), ({"prng": "rbg"}, OTHER_NUMBERS)]
)
def test_other_numerics_are_told_in_one_line(
    changed: dict[str, str], note: str, gan: Command, earlier: Path
) -> None:
    known = summary(earlier) | {"numerics": numerics() | changed}
    (earlier / "summary.json").write_text(json.dumps(known))
    status, out, _ = gan("train", "--resume", "run", "steps=30")
    assert status == 0
    told = [line for line in out.splitlines() if line.startswith("This run was started with")]
    assert told == [note.format(numerics()["jax"])]
