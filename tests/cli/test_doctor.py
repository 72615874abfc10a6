"""`gan doctor`: what it shows, and what it says where jax is broken."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli import soundness
from gan_cli.canaries import CANARIES
from gan_cli.cli import doctor

Command = Callable[..., Any]

BREAKING = """
import os, signal, sys
from gan_cli import canaries, probe
canaries.CANARIES["batch norm"] = lambda: os.kill(os.getpid(), signal.SIGSEGV)
canaries.CANARIES["counts"] = lambda: canaries.Compared(1.0, 2.0)
probe.main(sys.argv[1:])
"""

ENDLESS = """
import json, sys, time
if "counts" not in sys.argv:
    print(json.dumps({"started": "counts"}), flush=True)
    time.sleep(60)
"""


def test_all_is_in_order(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAX_ENABLE_X64", "0")
    monkeypatch.delenv("GAN_DATA_DIR", raising=False)
    status, out, err = gan("doctor")
    assert (status, err) == (0, "")
    *facts, empty, verdict = out.splitlines()
    assert (empty, verdict) == ("", "Everything is in order.")
    assert all(len(line) <= 80 or len(line.split("  ")[-1].split()) == 1 for line in facts)
    told = [line.split(maxsplit=1)[0] for line in facts if line[0] != " "]
    assert told[:8] == ["gan", "python", *doctor.PACKAGES]
    assert sum(line.startswith("check: ") and line.endswith(" right") for line in facts) == len(
        CANARIES
    )
    assert any(line.split() == ["variable", "JAX_ENABLE_X64=0"] for line in facts)
    assert any(line.startswith("device ") and "cpu" in line for line in facts)


def test_what_is_missing_is_told(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/proc/nowhere")
    monkeypatch.setenv("GAN_DATA_DIR", "/nowhere")
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    status, out, _ = gan("doctor")
    assert status == 0
    assert out.splitlines()[-1] == (
        "Numbers computed here are right, but /proc/nowhere/gan/programs, "
        "/proc/nowhere/gan/images cannot be written, so nothing is kept there, "
        "and $GAN_DATA_DIR names /nowhere, which is no folder."
    )


def test_one_document(gan: Command, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache, data = empty / "cache", empty / "data"
    (cache / "gan" / "images").mkdir(parents=True)
    (cache / "gan" / "images" / "some.npy").write_bytes(bytes(1000))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("GAN_DATA_DIR", str(data))
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    status, out, err = gan("doctor", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert found["sound"] is True
    assert found["wrong_release"] is None
    assert found["canaries"] == dict.fromkeys(CANARIES)
    assert found["caches"] == {
        "compiled programs": {
            "path": str(cache / "gan" / "programs"),
            "bytes": 0,
            "writable": True,
        },
        "images": {"path": str(cache / "gan" / "images"), "bytes": 1000, "writable": True},
    }
    assert not (cache / "gan" / "programs").exists()
    assert (found["data_folder"], found["data"]["mnist"]) == (str(data), False)
    assert found["environment"]["GAN_DATA_DIR"] == str(data)
    assert found["numerics"]["jax"] == found["versions"]["jax"]


@pytest.mark.skipif("GAN_DATA_DIR" not in os.environ, reason="GAN_DATA_DIR is not set")
def test_data_that_is_here(gan: Command) -> None:
    assert json.loads(gan("doctor", "--json").out)["data"]["mnist"] is True


def test_a_canary_that_ends_the_process_and_one_that_is_wrong(
    gan: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "PROBE", [sys.executable, "-c", BREAKING])
    status, out, err = gan("doctor", "--json")
    assert (status, err) == (1, "")
    found = json.loads(out)
    problems = {name: problem for name, problem in found["canaries"].items() if problem}
    assert problems == {
        "batch norm": "ended the process with SIGSEGV",
        "counts": "is wrong in 1 of 1 numbers, the first: 1 where 2 is right",
    }
    assert set(found["canaries"]) == set(CANARIES)
    assert found["verdict"] == (
        f"Do not trust numbers computed here: 2 of the {len(CANARIES)} checks went wrong. "
        f"Install another jax: {soundness.mend()}"
    )


def test_a_probe_without_end_is_given_up(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PROBE", [sys.executable, "-c", ENDLESS])
    monkeypatch.setattr(doctor, "LONGEST", 3)
    found = json.loads(gan("doctor", "--json").out)
    assert found["canaries"] == {"counts": "did not end within 3 seconds"}
    assert not found["sound"]


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("raise ImportError('libjax.so: no such file')", "ImportError: libjax.so: no such file"),
        ("import os; os.abort()", "ended the process with SIGABRT"),
    ],
)
def test_a_jax_that_cannot_be_imported(
    program: str, told: str, shell: Command, empty: Path
) -> None:
    (empty / "jax.py").write_text(f"{program}\n")
    status, out, err = shell("doctor")
    assert (status, err) == (1, "")
    assert out.splitlines()[-1] == (
        f"jax does not work here: {told}. If it has to be installed anew: {soundness.mend()}"
    )
    assert "jaxlib" in out
