"""Commands beside a training that are killed at any moment leave no half of a file."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Begin = Callable[..., "subprocess.Popen[str]"]
Command = Callable[..., Any]

KILLS = 3
LINES = {
    "export": ("export", "run"),
    "evaluate": ("evaluate", "run", "--metric", "modes", "--samples", "500"),
    "delete": ("runs", "runs", "--delete", "--yes"),
}


def is_whole(path: Path) -> bool:
    """Whether a file that a command has written can be read."""
    if path.suffix == ".json":
        return isinstance(json.loads(path.read_text()), dict)
    if path.suffix == ".safetensors":
        from safetensors.numpy import load

        return bool(load(path.read_bytes()))
    if path.suffix == ".stablehlo":
        from jax import export

        return bool(export.deserialize(bytearray(path.read_bytes())).out_avals)
    return path.suffix == ".part" and path.name.startswith(".")


@pytest.mark.faults_long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", LINES)
def test_a_command_that_is_killed_is_given_again(
    name: str, begin: Begin, gan: Command, run: Path, empty: Path
) -> None:
    """Killed at moments that a seed chooses, in the later part of the time that it takes."""
    moments, line = random.Random(name), LINES[name]
    lasted = 0.0
    for number in range(KILLS + 1):
        for folder in ("export", "evaluation"):
            shutil.rmtree(run / folder, ignore_errors=True)
        shutil.rmtree(empty / "runs", ignore_errors=True)
        for copy in "abc":
            shutil.copytree(run, empty / "runs" / copy)
        started = time.monotonic()
        process = begin(*line)
        if not number:
            out, err = process.communicate()
            assert process.returncode == 0, (out, err)
            lasted = time.monotonic() - started
            continue
        time.sleep(moments.uniform(0.6, 1.0) * lasted)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        made = [
            path
            for folder in ("export", "evaluation")
            for path in (run / folder).rglob("*")
            if path.is_file()
        ]
        assert all(is_whole(path) for path in made), made
        status, _, err = gan(*line)
        assert status == 0, err
        if name == "delete":
            assert not [path for path in (empty / "runs").rglob("*") if path.is_file()]
