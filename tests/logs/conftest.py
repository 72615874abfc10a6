"""Three small runs on disk, and a real TensorBoard server over them."""

import io
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from gan_cli.logs.tensorboard import EventFile

RUNS: dict[str, dict[str, str | int | float | bool]] = {
    "ring": {"dataset": "ring", "objective": "wgan", "k": 5, "objective.clip": 0.01},
    "digits": {"dataset": "digits", "objective": "minimax", "k": 1, "ema": True},
    "grid": {"dataset": "grid", "objective": "hinge", "k": 1, "ema": False},
}


def _png(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "png")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def picture() -> Callable[[int], bytes]:
    """The PNG that the runs hold as their samples at a step."""
    return _png


@pytest.fixture(scope="session")
def runs() -> dict[str, dict[str, str | int | float | bool]]:
    """The hyperparameters of each run of `logdir`."""
    return RUNS


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of 30 steps; `ring` was stopped after step 50, resumed from 20 and ran to 30."""
    root = tmp_path_factory.mktemp("outputs")
    for number, (name, hparams) in enumerate(RUNS.items()):
        events = EventFile(root / name)
        events.hparams(hparams)
        events.text("configuration", f"# {name}\n```yaml\nk: {hparams['k']}\n```\n")
        for step in range(0, 60 if name == "ring" else 40, 10):
            events.scalars(step, {"loss/generator": step + number, "speed/steps_per_second": 9.0})
            events.image(step, "samples", _png(step))
        events.close()
    events = EventFile(root / "ring", purge_step=21)
    events.scalars(30, {"loss/generator": -1.0, "speed/steps_per_second": 9.0})
    events.image(30, "samples", _png(30))
    events.close()
    return root


@pytest.fixture(scope="session")
def board(logdir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a TensorBoard that shows `logdir`."""
    log = tmp_path_factory.mktemp("tensorboard") / "log"
    command = [sys.executable, "-m", "tensorboard.main", "--logdir", str(logdir)]
    command += ["--host", "127.0.0.1", "--port", "0"]
    with log.open("w") as sink:
        server = subprocess.Popen(command, stdout=sink, stderr=sink)
        try:
            yield _address(server, log)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _address(server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"TensorBoard \S+ at (http://\S+?)/ ", log.read_text())
        if found:
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"TensorBoard did not start:\n{log.read_text()}")
