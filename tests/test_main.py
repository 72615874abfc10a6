"""The process that `gan` is: quiet, quick the second time, and without what it does not need."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.compiling import unoptimized

Command = Callable[..., Any]

TINY = (
    *("train", "dataset=ring", "architecture.latent=3", "architecture.generator_widths=[8]"),
    *("architecture.discriminator_widths=[8]", "batch_size=16", "samples=4", "steps=4"),
)
LEVEL = "TF_CPP_MIN_LOG_LEVEL"
TORCH = """\
import os
open(os.environ["TOLD"], "a").write("torch\\n")
"""
LISTENING = """\
import json, os
from gan_cli import __main__, cli

main, seen = cli.main, []

def listening():
    import jax
    jax.monitoring.register_event_listener(lambda event, **_: seen.append(event))
    main()

cli.main = listening
try:
    __main__.start()
finally:
    with open(os.environ["TOLD"], "w") as file:
        json.dump({"events": seen, "level": os.environ["TF_CPP_MIN_LOG_LEVEL"]}, file)
"""
"""The command line, which tells of the events that JAX records."""


@pytest.fixture(scope="module", autouse=True)
def _quick() -> Iterator[None]:
    """Compiles without optimizations, which would take longer than these four steps."""
    with unoptimized():
        yield


def go(
    *arguments: str, before: tuple[str, ...] = ("-m", "gan_cli"), **environment: str
) -> subprocess.CompletedProcess[str]:
    """A real process, in which XLA may say what it likes."""
    known = {name: value for name, value in os.environ.items() if name != LEVEL}
    return subprocess.run(
        [sys.executable, *before, *arguments],
        env=known | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_warm_start_compiles_nothing_and_says_nothing(empty: Path) -> None:
    """Every program comes from the cache, whose files stay as they are."""
    programs, told = empty / "programs", empty / "told.json"
    line = (*TINY, f"compile_cache={programs}")

    def start(name: str) -> tuple[dict[str, Any], dict[Path, bytes]]:
        listening = ("-c", LISTENING)
        done = go(*line, f"hydra.run.dir={name}", before=listening, TOLD=str(told))
        assert (done.returncode, done.stderr) == (0, "")
        kept = {path: path.read_bytes() for path in programs.rglob("*-cache")}
        return json.loads(told.read_text()), kept

    def count(seen: dict[str, Any], what: str) -> int:
        return int(seen["events"].count(f"/jax/compilation_cache/{what}"))

    cold, compiled = start("cold")
    assert compiled
    assert count(cold, "cache_misses") == len(compiled)
    warm, kept = start("warm")
    assert kept == compiled
    assert count(warm, "cache_misses") == 0
    assert count(warm, "cache_hits") == count(warm, "compile_requests_use_cache") > 0
    results = [json.loads(Path(f"{name}/summary.json").read_text()) for name in ("cold", "warm")]
    assert results[1]["compile_seconds"] < results[0]["compile_seconds"]
    timed = "speed/steps_per_second"
    metrics = [{**result["metrics"], timed: 0.0} for result in results]
    assert metrics[0] == metrics[1]


@pytest.mark.parametrize(("given", "expected"), [(None, "3"), ("0", "0")])
def test_xla_is_quiet_unless_the_user_wants_to_hear_it(
    given: str | None, expected: str, empty: Path
) -> None:
    told = empty / "told.json"
    environment = {"TOLD": str(told)} | ({LEVEL: given} if given else {})
    done = go("--version", before=("-c", LISTENING), **environment)
    assert done.returncode == 0
    assert json.loads(told.read_text())["level"] == expected


def test_a_training_does_not_import_pytorch(empty: Path) -> None:
    """Though a `torch` is on the path, which TensorBoard and others would import if they could."""
    (empty / "path" / "torch").mkdir(parents=True)
    (empty / "path" / "torch" / "__init__.py").write_text(TORCH)
    told = empty / "told"
    path = os.pathsep.join([str(empty / "path"), os.environ.get("PYTHONPATH", "")])
    done = go(*TINY, "hydra.run.dir=run", PYTHONPATH=path, TOLD=str(told))
    assert (done.returncode, done.stderr) == (0, "")
    assert not told.exists()
    found = go("-c", "import torch", before=(), PYTHONPATH=path, TOLD=str(told))
    assert (found.returncode, told.read_text()) == (0, "torch\n"), "it would have been found"
