"""Every command of the README runs, and its worked example is the code that it shows."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.compiling import unoptimized

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.DOTALL)
LINES = [line for language, text in BLOCKS if language == "sh" for line in text.splitlines()]
COMMANDS = [
    command
    for command in [*re.findall(r"`(gan [^`]+)`", README), *LINES]
    if command.startswith("gan ") and not any(each in command for each in ("...", "RUN", "SWEEP"))
]
[NOTEBOOK] = [text for _, text in BLOCKS if text.startswith("from gan_cli import load\n")]
THEORY = {c for c in COMMANDS if re.fullmatch("gan theory [a-z0-9-]+", c)} - {"gan theory all"}
"""Experiments of the theory as they are, which tests/cli/theory runs."""
ELSEWHERE = THEORY | {
    "gan --install-completion",  # tests/cli/test_completion.py, which has a shell to install it in
    "gan theory all",  # tests/cli/theory/test_everything.py, for a course of two commands
    # tests/metrics/test_stacked_mnist.py, which trains no classifier of MNIST for it
    "gan evaluate latest --metric stacked_mnist",
}
RESULTS = re.compile(r"gan train .*(experiment=|seed='?(range\()?1000|objective=\w+,\w+,)")
"""Trainings that gave the README's results, of which each compiles programs of its own."""


def briefly(command: str) -> list[str]:
    """A command's words, with as few steps as will do."""
    words = [re.sub(r"^steps=\d+$", "steps=4", word) for word in shlex.split(command)[1:]]
    if words[0] == "train" and "--resume" not in words and "--cfg" not in words:
        words = [re.sub(r"range\((1000,)?\d+\)", "range(2)", word) for word in words]
        words = [word for word in words if not re.match(r"steps=|seed=\d+$", word)]
        words += ["steps=2", "batch_size=8"]
    if words[0] == "evaluate" and "--metric" not in words:
        words += ["--metric", "mmd"]  # tests/cli/test_evaluate.py has them all
    if words[0] == "evaluate" and "--samples" not in words:
        words += ["--samples", "200"]
    if words[0] == "bench":
        words += ["--rounds", "1", "--seconds", "0.01", "--no-start"]
    return words


@pytest.fixture
def prepared(empty: Path) -> Path:
    """The files that the README's commands speak of."""
    [python] = [text for language, text in BLOCKS if language == "python" and text != NOTEBOOK]
    [yaml] = [text for language, text in BLOCKS if language == "yaml"]
    (empty / "my_networks.py").write_text(python)
    (empty / "my_conf" / "architecture").mkdir(parents=True)
    (empty / "my_conf" / "architecture" / "residual.yaml").write_text(yaml)
    rng = np.random.default_rng(0)
    for name in ("my_points.npy", "my points (1).npy"):
        np.save(empty / name, rng.normal(size=(64, 2)).astype(np.float32))
    (empty / "my_photos" / "more").mkdir(parents=True)
    for i in range(16):
        pixels = rng.integers(0, 256, (40 + i, 50, 3), np.uint8)
        Image.fromarray(pixels).save(empty / "my_photos" / "more" / f"{i}.jpg")
    return empty


def test_the_readme_has_commands() -> None:
    assert len(COMMANDS) > 20
    assert "gan train dataset=mnist" in COMMANDS
    assert all(command in COMMANDS for command in ELSEWHERE)


@pytest.mark.parametrize(
    "results",
    [
        pytest.param(["--dry-run", "--no-timing"], marks=pytest.mark.product, id="traced"),
        pytest.param([], marks=pytest.mark.long, id="trained"),
    ],
)
@pytest.mark.timeout(1500)
@pytest.mark.usefixtures("prepared")
def test_every_command_runs(gan: Callable[..., Any], results: list[str]) -> None:
    """Compiled without optimizations, which would take longer than these few steps.

    Args:
        results: what is added to the trainings that gave the README's results.
    """
    failed = []
    brief = {
        (*briefly(command), *(results if RESULTS.match(command) else [])): command
        for command in COMMANDS
        if command not in ELSEWHERE
    }
    with unoptimized():
        gan("train", "steps=2", "dataset=digits")
        for words, command in brief.items():
            needs_files = "mnist" in command and "gan data list" not in command
            if needs_files and "GAN_DATA_DIR" not in os.environ:
                continue
            result = gan(*words)
            if result.status != 0:
                failed.append((command, result))
        told: dict[str, Any] = {}
        exec(NOTEBOOK, told)
    assert failed == []
    np.testing.assert_array_equal(told["samples"], told["same"])
    assert np.isfinite(told["scores"]).all()


def test_every_experiment_of_the_theory_has_tests() -> None:
    names = {command.split()[-1] for command in THEORY}
    folders = (ROOT / "tests" / "theory", ROOT / "tests" / "cli" / "theory")
    files = [f"test_{name.replace('-', '_')}.py" for name in sorted(names)]
    assert len(files) > 10
    assert [file for file in files if not any((at / file).exists() for at in folders)] == []


def test_the_readme_says_how_to_ask_for_every_choice() -> None:
    """`gan list` names them all, which tests/cli/test_list.py holds."""
    assert {"gan list", "gan describe", "gan doctor"} <= set(COMMANDS)


@pytest.mark.product
def test_every_program_that_measures_starts() -> None:
    """It imports all that it needs and explains itself; what it measures takes minutes."""
    programs = sorted(set(re.findall(r"`python -m ([\w.]+)", README)))
    assert programs
    for program in programs:
        command = [sys.executable, "-m", program, "--help"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), program


def test_every_picture_is_here_and_small() -> None:
    pictures = [ROOT / name for name in re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)]
    assert pictures
    assert sum(picture.stat().st_size for picture in pictures) < 250_000


def test_every_place_in_the_program_exists() -> None:
    """The places named in code spans, such as `sweep/` and `gan_cli/objectives/hinge.py`."""
    built = README[README.index("## How it is built") : README.index("## Licences")]
    spans = re.findall(r"`([\w./]+)`", built)
    places = [span for span in spans if span.endswith(("/", ".py")) and "NAME" not in span]
    tops = (ROOT, ROOT / "gan_cli", ROOT / "gan_cli" / "objectives")
    assert len(places) > 10
    assert [place for place in places if not any((top / place).exists() for top in tops)] == []


def test_the_import_rule_is_that_of_import_linter() -> None:
    """Each group of modules stands after all that it may import."""
    [told] = re.findall(r"import those before it in this list: (.+?)\. ", README.replace("\n", " "))
    groups = [part.strip("{} ").split(", ") for part in re.findall(r"\{[^}]+\}|\w+", told)]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    height = {name: -i for i, layer in enumerate(layers) for name in layer.split(" | ")}
    heights = [{height[name] for name in group} for group in groups]
    assert all(len(each) == 1 for each in heights)
    assert heights == sorted(heights, key=min)
    assert len(set().union(*heights)) == len(groups) > 5
