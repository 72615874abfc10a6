"""Which releases of jax are refused, with what words, and by which commands."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from gan_cli import soundness
from gan_cli.errors import UsageError

Command = Callable[..., Any]
WRONG = f"{soundness.WRONG_ROWS} and {soundness.CRASHES}"


@pytest.fixture
def versions(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The installed packages, for a test to change."""
    found: dict[str, str] = {}

    def version(name: str) -> str:
        if name not in found:
            raise metadata.PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(metadata, "version", version)
    return found


@pytest.mark.parametrize(
    ("jax", "jaxlib", "told"),
    [
        ("0.10.2", "0.10.2", f"jaxlib 0.10.2 {WRONG}."),
        ("0.10.1", "0.10.2", f"jaxlib 0.10.2 {WRONG}."),
        ("0.10.2", "0.10.1", f"jax 0.10.2 {WRONG}."),
        ("0.11.0", "0.11.0", f"jaxlib 0.11.0 {soundness.CRASHES}."),
        ("0.11.1", "0.11.0+cuda12", f"jaxlib 0.11.0 {soundness.CRASHES}."),
    ],
)
def test_a_release_that_is_known_to_be_wrong(
    jax: str, jaxlib: str, told: str, versions: dict[str, str]
) -> None:
    versions |= {"jax": jax, "jaxlib": jaxlib}
    with pytest.raises(UsageError) as refusal:
        soundness.refuse_wrong_jax()
    assert str(refusal.value) == f"{told} Install another: {soundness.mend()}"
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("version", ["0.10.1", "0.11.1", "0.11.2", "0.12.0.1", None])
def test_other_releases_and_none_at_all(version: str | None, versions: dict[str, str]) -> None:
    if version:
        versions |= {"jax": version, "jaxlib": version}
    soundness.refuse_wrong_jax()
    assert soundness.wrong_jax() is None


@pytest.mark.parametrize(
    ("python", "plugin", "packages"),
    [
        ((3, 11), None, "jax==0.10.1 jaxlib==0.10.1"),
        ((3, 12), None, "'jax>=0.11.1' 'jaxlib>=0.11.1'"),
        ((3, 13), "jax-cuda13-plugin", "'jax[cuda13]>=0.11.1' 'jaxlib>=0.11.1'"),
    ],
)
def test_the_command_that_mends_it(
    python: tuple[int, int],
    plugin: str | None,
    packages: str,
    versions: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "version_info", python)
    monkeypatch.setattr(sys, "executable", "/my python/bin/python")
    if plugin:
        versions[plugin] = "1"
    assert soundness.mend() == f"'/my python/bin/python' -m pip install {packages}"


def test_what_the_package_requires_leaves_out_the_same_releases() -> None:
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())
    required = project["project"]["dependencies"]
    [jax] = [line.split(",") for line in required if line.startswith("jax>")]
    assert {part[2:] for part in jax if part.startswith("!=")} == set(soundness.KNOWN_WRONG)


def test_no_jax_is_imported_to_look() -> None:
    program = (
        "import sys; from gan_cli.soundness import refuse_wrong_jax; refuse_wrong_jax();"
        "print('jax' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> str:
    """Makes the installed jax a release that is known to be wrong; returns the refusal."""
    version = metadata.version("jaxlib")
    monkeypatch.setitem(soundness.KNOWN_WRONG, version, "computes wrong numbers")
    text = f"jaxlib {version} computes wrong numbers. Install another: {soundness.mend()}"
    return f"gan: {text}\n"


@pytest.mark.parametrize(
    "line",
    [
        "train steps=1",
        "train -m k=1,2 steps=1",
        "sample latest",
        "interpolate latest",
        "bench k=5",
        "theory divergences",
        "theory figure1",
    ],
)
def test_commands_that_compute_refuse_it(line: str, gan: Command, wrong: str) -> None:
    assert gan(*line.split()) == (2, "", wrong)
    assert not any(Path.cwd().iterdir())


def test_a_resume_refuses_it(gan: Command, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as sound:
        sound.delitem(soundness.KNOWN_WRONG, metadata.version("jaxlib"))
        assert gan("train", "steps=1", "dataset=ring").status == 0
    assert gan("train", "--resume", "latest", "steps=2") == (2, "", wrong)


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "sample --help",
        "list",
        "describe wgan",
        "data list",
        "runs .",
        "train --cfg job",
        "theory --help",
    ],
)
def test_commands_that_only_read_go_on(line: str, gan: Command, wrong: str) -> None:
    status, out, err = gan(*line.split())
    assert (status, err) == (0, "")
    assert out


def test_the_doctor_tells_and_fails(gan: Command, wrong: str) -> None:
    status, out, err = gan("doctor", "--json")
    assert (status, err) == (1, "")
    found = json.loads(out)
    assert found["wrong_release"] == wrong.removeprefix("gan: ").rstrip("\n")
    assert found["verdict"] == f"gan refuses to compute here: {found['wrong_release']}"
    assert not found["sound"]
