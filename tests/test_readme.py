"""Every command of the README runs, and its worked example is the code that it shows."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from PIL import Image

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
LINES = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
COMMANDS = [
    command
    for command in [*re.findall(r"`(gan [^`]+)`", README), *LINES]
    if command.startswith("gan ") and "..." not in command and "RUN" not in command
]
ELSEWHERE = {
    "gan --install-completion",  # tests/cli/test_completion.py, which has a shell to install it in
}


BRIEF = {
    "parallel-lines": ["--updates", "40"],
    "optimal-discriminator": ["--updates", "5"],
    "convergence": ["--steps", "20"],
    "figure1": ["--steps", "100"],
}
"""How an experiment of the theory is made short; tests/cli/theory has each as it is."""


def briefly(command: str) -> list[str]:
    """A command's words, with as few steps as will do."""
    words = [re.sub(r"^steps=\d+$", "steps=4", word) for word in shlex.split(command)[1:]]
    if words[0] == "train" and "--resume" not in words and "--cfg" not in words:
        words = [*(w for w in words if not w.startswith("steps=")), "steps=2", "batch_size=8"]
    if words[:1] == ["theory"] and words[1] in BRIEF:
        words += BRIEF[words[1]]
    if words[0] == "bench":
        words += ["--rounds", "1", "--seconds", "0.01", "--no-start"]
    return words


@pytest.fixture
def prepared(empty: Path) -> Path:
    """The files that the README's commands speak of."""
    [python] = [text for language, text in BLOCKS if language == "python"]
    [yaml] = [text for language, text in BLOCKS if language == "yaml"]
    (empty / "my_networks.py").write_text(python)
    (empty / "my_conf" / "architecture").mkdir(parents=True)
    (empty / "my_conf" / "architecture" / "residual.yaml").write_text(yaml)
    rng = np.random.default_rng(0)
    np.save(empty / "my_points.npy", rng.normal(size=(64, 2)).astype(np.float32))
    (empty / "my_photos" / "more").mkdir(parents=True)
    for i in range(16):
        pixels = rng.integers(0, 256, (40 + i, 50, 3), np.uint8)
        Image.fromarray(pixels).save(empty / "my_photos" / "more" / f"{i}.jpg")
    return empty


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) > 20
    assert "gan train experiment=mnist_dcgan" in COMMANDS
    assert all(command in COMMANDS for command in ELSEWHERE)


@pytest.mark.product
@pytest.mark.timeout(900)
@pytest.mark.usefixtures("prepared")
def test_every_command_runs(gan: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled without optimizations, which would take longer than these few steps."""
    jax.config.update("jax_disable_most_optimizations", True)
    monkeypatch.setenv("JAX_DISABLE_MOST_OPTIMIZATIONS", "1")
    gan("train", "steps=2", "dataset=digits")
    failed = []
    for command in dict.fromkeys(COMMANDS):
        needs_files = "mnist" in command and "gan data list" not in command
        if command in ELSEWHERE or (needs_files and "GAN_DATA_DIR" not in os.environ):
            continue
        result = gan(*briefly(command))
        if result.status != 0:
            failed.append((command, result))
    jax.config.update("jax_disable_most_optimizations", False)
    assert failed == []


def test_every_choice_is_named() -> None:
    conf = Path(__file__).parent.parent / "conf"
    for group in ("dataset", "architecture", "objective", "experiment"):
        for path in (conf / group).glob("*.yaml"):
            assert f"`{path.stem}`" in README, f"{group}={path.stem} is not in the README"
