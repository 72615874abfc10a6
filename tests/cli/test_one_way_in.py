"""A command composes its configuration once, loads it once and prepares it once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hydra._internal.config_loader_impl import ConfigLoaderImpl

from gan_cli import config, prepared

Command = Callable[..., Any]
Tiny = tuple[str, ...]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a configuration is composed, loaded and prepared."""
    seen: Counter[str] = Counter()

    def count(owner: Any, name: str, what: str) -> None:
        before = getattr(owner, name)

        def counting(*arguments: Any, **named: Any) -> Any:
            seen[what] += 1
            return before(*arguments, **named)

        monkeypatch.setattr(owner, name, counting)

    count(ConfigLoaderImpl, "_load_configuration_impl", "composed")
    count(config, "load", "loaded")
    count(prepared, "outline", "prepared")
    return seen


def test_a_run(gan: Command, tiny: Tiny, calls: Counter[str]) -> None:
    assert gan("train", *tiny).status == 0
    assert calls == {"composed": 1, "loaded": 1, "prepared": 1}


def test_a_dry_run(gan: Command, tiny: Tiny, calls: Counter[str]) -> None:
    assert gan("train", "--dry-run", "--no-timing", *tiny).status == 0
    assert calls == {"composed": 1, "loaded": 1, "prepared": 1}


@pytest.mark.parametrize("launcher", ["basic", "vmap"])
def test_a_sweep_of_three(launcher: str, gan: Command, tiny: Tiny, calls: Counter[str]) -> None:
    """What the members have in common is composed once more, for the sweeper."""
    line = ["train", "-m", f"hydra/launcher={launcher}", *tiny, "seed=1,2,3"]
    assert gan(*line).status == 0
    assert calls == {"composed": 4, "loaded": 3, "prepared": 3}


def test_a_resume(gan: Command, run: Path, calls: Counter[str]) -> None:
    assert gan("train", "--resume", "run", "steps=30").status == 0
    assert calls == {"loaded": 1, "prepared": 1}


def test_a_sweep_that_is_resumed(
    gan: Command, tiny: Tiny, empty: Path, calls: Counter[str]
) -> None:
    assert gan("train", "-m", *tiny, "seed=1,2,3", "hydra.sweep.dir=s").status == 0
    for member in "02":
        (empty / "s" / member / ".hydra" / "config.yaml").unlink()
    calls.clear()
    assert gan("train", "-m", "--resume", "s").status == 0
    assert calls == {"composed": 4, "loaded": 2, "prepared": 2}
