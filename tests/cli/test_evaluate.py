"""`gan evaluate`: a run, a file, what is printed and written, and what is refused."""

import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest

from gan_cli.datasets.base import scaled
from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from tests.conftest import Command

RING = ("--dataset", "ring")


@pytest.fixture
def three_modes(empty: Path) -> str:
    """A file with points of three of the ring's eight modes."""
    rng = np.random.default_rng(1)
    centres = Ring().modes().centres[rng.integers(0, 3, 3000)]
    np.savez(empty / "points.npz", samples=centres + 0.05 * rng.normal(size=(3000, 2)))
    return "points.npz"


def test_a_run(gan: Command, run: Path) -> None:
    result = gan("evaluate", "run", "--metric", "modes", "--metric", "mmd")
    assert result.status == 0, result.err
    lines = result.out.splitlines()
    assert lines[0] == "run, step 20, judged by dataset=ring"
    assert lines[1].startswith("modes: None of the 8 modes is there")
    assert lines[-1] == "written  run/evaluation/20.json"
    document = json.loads((run / "evaluation" / "20.json").read_text(encoding="utf-8"))
    assert document["modes"]["captured_perfect"] == 8
    assert document["mmd"]["protocol"]["samples"] == 2000


def test_json_is_one_document_and_what_is_written(gan: Command, run: Path) -> None:
    result = gan("evaluate", "run", "--metric", "modes", "--json")
    written = json.loads((run / "evaluation" / "20.json").read_text(encoding="utf-8"))
    assert json.loads(result.out) == written


def test_a_checkpoint_and_fewer_samples(gan: Command, run: Path) -> None:
    result = gan(
        "evaluate", "run", "--metric", "modes", "--checkpoint", "10", "--samples", "300", "--json"
    )
    assert json.loads(result.out)["modes"]["protocol"]["samples"] == 300
    assert (run / "evaluation" / "10.json").is_file()


def test_a_file_that_another_program_made(gan: Command, three_modes: str) -> None:
    result = gan("evaluate", three_modes, *RING, "--metric", "modes")
    assert result.status == 0, result.err
    assert "modes: 5 of the 8 modes are missing" in result.out
    assert sorted(path.name for path in Path().iterdir()) == ["points.npz"]


def test_the_result_of_a_file_goes_where_it_is_told(gan: Command, three_modes: str) -> None:
    assert gan("evaluate", three_modes, *RING, "--metric", "modes", "--out", "x.json").status == 0
    assert json.loads(Path("x.json").read_text(encoding="utf-8"))["modes"]["captured"] == 3


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("gan_cli.judging.write", full)


@pytest.mark.usefixtures("full_disk")
def test_a_file_that_finds_no_room(gan: Command, three_modes: str) -> None:
    line = ("--metric", "modes", "--samples", "100", "--out", "x.json")
    status, out, err = gan("evaluate", three_modes, *RING, *line)
    assert status == 2
    assert "\nmetric " in out
    assert "written" not in out
    assert err.startswith("gan: x.json cannot be written: the file system at ")
    assert err.endswith(" free. --out FILE names another place.\n")


@pytest.mark.usefixtures("full_disk")
def test_the_numbers_of_a_run_that_finds_no_room_are_told(gan: Command, run: Path) -> None:
    line = ("evaluate", "run", "--metric", "modes", "--samples", "100", "--json")
    status, out, err = gan(*line)
    assert (status, list(json.loads(out))) == (2, ["modes"])
    assert err.startswith("gan: run/evaluation/20.json cannot be written: the file system at ")
    assert not (run / "evaluation").exists()


def test_overrides_of_the_data_set(gan: Command, three_modes: str) -> None:
    result = gan("evaluate", three_modes, *RING, "dataset.count=3", "--metric", "modes", "--json")
    assert json.loads(result.out)["modes"]["of"] == 3


@pytest.mark.parametrize(
    ("few", "protocol"),
    [([], "by the same protocol"), (["--samples", "300"], "by this protocol with 2,500 samples")],
)
def test_published_rows_stand_beside(
    gan: Command, three_modes: str, few: list[str], protocol: str
) -> None:
    result = gan("evaluate", three_modes, "--dataset", "ring_pacgan", "--metric", "modes", *few)
    rows = "GAN: 6.3 modes, 98.2% of high quality, reverse KL 0.45 (PacGAN 2018"
    assert f"published, {protocol}:\n  {rows}" in result.out


@pytest.mark.slow
def test_the_labels_of_a_data_set_give_features(gan: Command) -> None:
    np.savez("digits.npz", samples=scaled(Digits().split("validation").examples, 16))
    digits = ("digits.npz", "--dataset", "digits", "--metric", "fid")
    trained = gan("evaluate", *digits)
    assert trained.status == 0, trained.err
    assert trained.out.splitlines()[1].startswith(
        "features  a classifier of dataset=digits (train split, version 3), test accuracy 9"
    )
    by_classifier = json.loads(gan("evaluate", *digits, "--json").out)["fid"]
    by_pixels = json.loads(gan("evaluate", *digits, "--extractor", "pixels", "--json").out)["fid"]
    assert by_classifier["extractor"] == "classifier"
    assert by_classifier["protocol"]["extractor_accuracy"] >= 0.97
    assert by_pixels["extractor"] == "pixels"
    assert by_pixels["value"] != by_classifier["value"]


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (
            ("points.npz",),
            2,
            "gan: points.npz: --dataset NAME says by which data set to judge it.",
        ),
        (
            ("points.npz", *RING, "--checkpoint", "3"),
            2,
            "gan: --checkpoint goes with a run, and not with a file.",
        ),
        (
            ("points.npz", *RING, "k=5"),
            2,
            "gan: k=5: gan evaluate takes overrides of the data set alone.",
        ),
        (
            ("points.npz", *RING, "--extractor", "classifier"),
            2,
            "gan: --extractor classifier: there are no labels to learn in dataset=ring. "
            "Use --extractor pixels.",
        ),
        (("none.npz", *RING), 4, "gan: none.npz cannot be read: No such file or directory."),
        (
            ("broken.npz", *RING),
            4,
            "gan: broken.npz cannot be read: it is no .npz file of numbers, or it is damaged.",
        ),
        (("pipe.npz", *RING), 4, "gan: pipe.npz cannot be read: it is a pipe or a device."),
        (
            ("other.npz", *RING),
            2,
            "gan: other.npz holds no array `samples`; it holds: x. np.savez(FILE, samples=array) "
            "writes one.",
        ),
        (
            ("points.npz", "dataset=gaussian"),
            2,
            "gan: The samples have the shape (3000, 2), and those of dataset=gaussian have (N, 1). "
            "A data set of examples of their own shape can judge them.",
        ),
        (
            ("sub/points.npy", *RING),
            2,
            "gan: sub/points.npy: gan evaluate judges a run or an .npz file with one array "
            "`samples`. In Python: import numpy as np; "
            "np.savez('sub/points.npz', samples=np.load('sub/points.npy')). "
            "Then: gan evaluate sub/points.npz dataset=ring",
        ),
        (
            ("sub", *RING),
            2,
            "gan: sub: gan evaluate judges a run or an .npz file with one array `samples`. "
            "In Python: import numpy as np; np.savez('sub.npz', samples=ARRAY). "
            "Then: gan evaluate sub.npz dataset=ring",
        ),
        (
            ("points.pkl",),
            2,
            "gan: points.pkl: gan evaluate judges a run or an .npz file with one array `samples`. "
            "In Python: import numpy as np; np.savez('points.npz', samples=ARRAY). "
            "Then: gan evaluate points.npz --dataset NAME",
        ),
        (
            ("points.npz", *RING, "--out", "no/x.json"),
            2,
            "gan: --out no/x.json: there is no directory no.",
        ),
    ],
)
def test_what_is_refused(
    gan: Command, three_modes: str, arguments: tuple[str, ...], status: int, said: str
) -> None:
    Path("broken.npz").write_bytes(b"PK\x03\x04 and no more")
    os.mkfifo("pipe.npz")
    Path("sub").mkdir()
    np.save("sub/points.npy", np.zeros((9, 2)))
    Path("points.pkl").touch()
    np.savez("other.npz", x=np.zeros(3))
    result = gan("evaluate", *arguments)
    assert (result.status, result.out, result.err) == (status, "", f"{said}\n")


@pytest.mark.parametrize(
    ("words", "written"),
    [
        (("dataset=gaussian",), "dataset=gaussian"),
        (("--dataset", "gaussian", "dataset.std=[2]"), "dataset=gaussian dataset.std=[2]"),
    ],
)
def test_a_run_is_judged_by_examples_of_its_shape(
    words: tuple[str, ...], written: str, gan: Command, run: Path
) -> None:
    told = (
        f"gan: {written}: the examples then have the shape (1,), and the samples of run have (2,). "
        "Judge it by its own data: gan evaluate run\n"
    )
    assert gan("evaluate", "run", *words) == (2, "", told)
