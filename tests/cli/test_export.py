"""`gan export`: the files, read back by their own libraries."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jax import export
from safetensors.numpy import load_file

import gan_cli

Command = Callable[..., Any]
Train = Callable[..., Path]


def program(folder: Path) -> Any:
    return export.deserialize(bytearray((folder / "generator.stablehlo").read_bytes()))


def test_the_program_draws_what_the_run_draws(gan: Command, digits: Path, empty: Path) -> None:
    shutil.copytree(digits, empty / "run")
    status, out, err = gan("export", "run")
    folder = Path("run/export")
    names = ["generator.stablehlo", "generator.safetensors", "generator.json"]
    assert (status, out.split(), err) == (0, [str(folder / name) for name in names], "")
    G, read = gan_cli.load("run"), program(folder)
    assert {"cpu", "cuda", "tpu"} <= set(read.platforms)
    for n in (1, 5):
        z = G.latents(0, n)
        np.testing.assert_allclose(read.call(z), G.generate(z), rtol=1e-5, atol=1e-6)
    told = json.loads((folder / "generator.json").read_text())
    assert told["latents"]["shape"] == ["n", G.experiment.architecture.latent]
    assert told["samples"] == {"shape": ["n", *G.shape], "dtype": "float32", "range": [-1, 1]}


@pytest.mark.parametrize("ema", [0, 0.9])
def test_the_parameters_are_those_that_draw(
    ema: float, gan: Command, train: Train, empty: Path
) -> None:
    run = train(f"ema={ema}", "steps=2", "evaluate_end=off")
    assert gan("export", str(run), "--out", "files/here", "--batch", "3").status == 0
    G = gan_cli.load(run)
    arrays = load_file("files/here/generator.safetensors")
    player = G.pair.state.generator
    drawing = player.average if ema else player.parameters
    assert drawing is not None
    for name in ("kernel", "bias"):
        np.testing.assert_array_equal(arrays[f"parameters.output.{name}"], drawing["output"][name])
    z = G.latents(0, 3)
    np.testing.assert_allclose(program(Path("files/here")).call(z), G.generate(z), rtol=1e-5)
    told = json.loads(Path("files/here/generator.json").read_text())
    assert told["samples"] == {"shape": [3, 2], "dtype": "float32"}, "points have any scale"
    with pytest.raises(ValueError, match="shape"):
        program(Path("files/here")).call(G.latents(0, 4))


def test_an_unknown_checkpoint(gan: Command, digits: Path) -> None:
    status, out, err = gan("export", str(digits), "--checkpoint", "7")
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {digits} has no checkpoint of step 7; it has: ")


def test_nothing_is_exported_through_a_link(gan: Command, digits: Path, empty: Path) -> None:
    folder = digits / "export"
    folder.symlink_to(empty)
    status, out, err = gan("export", str(digits))
    folder.unlink()
    assert (status, out, [*empty.iterdir()]) == (2, "", [])
    assert err.startswith(f"gan: {folder} is a link, and a run, ")
    assert err.endswith(" --out DIR names another place.\n")


@pytest.mark.parametrize("out", [[], ["--out", "files/here"]], ids=["its own folder", "another"])
def test_a_full_disk_leaves_nothing_and_names_the_way(
    out: list[str], gan: Command, digits: Path, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    shutil.copytree(digits, "run")
    before = sorted(empty.rglob("*"))
    monkeypatch.setattr("gan_cli.export.write_atomically", full)
    status, told, err = gan("export", "run", *out)
    assert (status, told) == (2, "")
    assert err.startswith(f"gan: cannot write {out[1] if out else 'run/export'}: the file system ")
    assert err.endswith("Choose another folder with --out DIR.\n")
    assert sorted(empty.rglob("*")) == before
