"""The readers of files that anybody may have written, each with a whole file of its kind."""

import bz2
import functools
import gzip
import io
import json
import lzma
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from gan_cli import checkpoints, config, decoding, saved_config
from gan_cli.cli import run_rows, sweep_command
from gan_cli.cli.judged import _read as read_samples
from gan_cli.comparison import curves, groups, run
from gan_cli.composition import compose, requested
from gan_cli.composition.compose import conf_directory
from gan_cli.composition.origins import naming_files
from gan_cli.datasets import idx, search
from gan_cli.datasets.array import Array
from gan_cli.datasets.images import Images
from gan_cli.errors import GanError
from gan_cli.files import cache_folder
from gan_cli.locks import lock_file, owner
from gan_cli.logs import scalars
from gan_cli.runs import RunDirectory, evaluations, mark
from gan_cli.tuned import table

EARLIER = Path(__file__).parent / "data" / "run_0.1.0"
CONFIG = (EARLIER / ".hydra" / "config.yaml").read_bytes()
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(5, 3)).astype(np.float32)
PICTURE = Image.fromarray(RNG.integers(0, 256, (6, 5, 3), np.uint8))


class Reader(NamedTuple):
    """A reader: the name of its file, a whole one, and what reads it.

    few: how many changed files the short form tries.
    is_named: whether each refusal names the path; of a setting that was read it names the key.
    """

    file: str
    whole: bytes
    read: Callable[[Path], Any]
    few: int = 40
    is_named: bool = True


def written(save: Callable[..., Any], *what: Any, **how: Any) -> bytes:
    """What a function writes into a file that it is given."""
    file = io.BytesIO()
    save(file, *what, **how)
    return file.getvalue()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
    return file.getvalue()


def run_of(path: Path) -> RunDirectory:
    """The run that a file lies in."""
    inner = path.parent.name in (".hydra", "evaluation")
    return RunDirectory(path.parent.parent if inner else path.parent)


def about(path: Path) -> Any:
    """What `gan runs`, `gan compare` and `gan plot` say of a run."""
    found = run.read(run_of(path).path)
    [group] = groups.grouped([found])
    json.dumps(groups.document([group]), allow_nan=False)
    for tag in {tag for row in found.rows for tag in row}:
        curves.curve([found], tag)
    row = run_rows.read(run_of(path).path)
    return row["metrics"], group.name


def picture(path: Path) -> Any:
    return decoding.channels(path), decoding.pixels(path, (4, 4, 3))


def cached(path: Path) -> Any:
    """The array of a folder of pictures, in the place of whose cache a file is put."""
    dataset = Images(path=str(path.parent), size=4)
    key = dataset._key(path.parent, ["a.png"])
    place = cache_folder() / "images" / f"{key}.npy"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(path.read_bytes())
    try:
        return dataset.split("train")
    except GanError as error:
        raise type(error)(str(error).replace(str(place), str(path))) from error


def composed(*overrides: str) -> Callable[[Path], Any]:
    """Reads a file of `--config-dir conf` by composing and loading an experiment with it."""

    def read(path: Path) -> Any:
        [folder] = [each for each in path.parents if each.name == "conf"]
        with compose.hydra(folder) as program:
            [member] = requested.read(program, overrides, multirun=False).members
            with naming_files(member.config):
                return config.load(compose.plain(member.config))

    return read


CHECKPOINT = EARLIER / "checkpoints" / "20"
PARTS = sorted(path for path in CHECKPOINT.rglob("*") if path.is_file())
NAMES = [f"\n== {path.relative_to(CHECKPOINT)}\n".encode() for path in PARTS]


@functools.cache
def arrays_of_checkpoint() -> dict[str, np.ndarray]:
    from orbax.checkpoint import v1 as ocp

    return {name: np.asarray(array) for name, array in ocp.load(CHECKPOINT.resolve()).items()}


def checkpoint(path: Path) -> Any:
    """Reads a checkpoint whose files lie in one, each behind its name; those without one lack."""
    place = path.parent / "checkpoints" / "20"
    shutil.rmtree(place, ignore_errors=True)
    found = re.split(b"(" + b"|".join(map(re.escape, NAMES)) + b")", path.read_bytes())
    for name, content in zip(found[1::2], found[2::2], strict=True):
        part = place / name.decode().strip().removeprefix("== ")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
    return checkpoints.restore(place.parent, 20, arrays_of_checkpoint())


def photoshop(pixels: np.ndarray) -> bytes:
    height, width, depth = pixels.shape
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, depth, height, width, 8, 3)
    return head + bytes(12) + b"\0\0" + pixels.transpose(2, 0, 1).tobytes()


def mac_icon(image: Image.Image) -> bytes:
    """One picture of 128 x 128; Pillow would write ten."""
    png = written(image.save, "png")
    part = b"ic07" + struct.pack(">I", len(png) + 8) + png
    return b"icns" + struct.pack(">I", len(part) + 8) + part


def sun_raster(pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    rows = b"".join(row.tobytes() + bytes(row.size % 2) for row in pixels)
    return struct.pack(">8I", 0x59A66A95, width, height, 24, len(rows), 1, 0, 0) + rows


IDX = struct.pack(">IIII", 2051, 2, 3, 5) + bytes(range(30))
OWNER = owner.this_process()._asdict() | {"beat": 1.0}
MULTIRUN = CONFIG + b"hydra:\n  overrides:\n    task: [seed=1]\n    hydra: [hydra.sweep.dir=s]\n"
HYDRA = b"hydra:\n  run: {dir: x}\n  runtime:\n    cwd: /home/me\n    choices: {dataset: ring}\n"
JUDGED = {"fid": {"value": 1.5, "value_low": 1, "extractor": None, "protocol": {"samples": 3}}}
TABLE = (
    b"- for: {dataset: ring, k: [1, 2]}\n  set: {optimizer.learning_rate: 0.1, k: 3}\n- set: {}\n"
)

OWN_TABLE = b"- for: {dataset: ring, k: [1, 2]}\n  set: {optimizer.learning_rate: 0.1, ema: 0.9}\n"
EXPERIMENT = b"""# @package _global_
defaults:
  - override /dataset: ring
  - override /objective: wgan
  - override /regularizer: [gradient_penalty]
k: 3
dataset: {count: 5}
optimizer: {learning_rate: 1e-4, discriminator: {b1: 0}}
"""
QOI = struct.pack(">4sIIBB", b"qoif", 2, 2, 3, 0) + b"\xfe\1\2\3\xc0\x55\xa8\x88" + bytes(7) + b"\1"
XPM = b"""/* XPM */
static char *a[] = {
"3 2 2 1",
"a c #ff0000",
"b c #00ff00",
"aba",
"bab"
};
"""

READERS = {
    "metrics": Reader(
        "metrics.jsonl", (EARLIER / "metrics.jsonl").read_bytes(), lambda p: scalars.read(p)
    ),
    "summary": Reader(
        "summary.json",
        (EARLIER / "summary.json").read_bytes(),
        lambda p: (run_of(p).read_summary(), about(p)),
    ),
    "record": Reader(
        f"checkpoints/20/{checkpoints.METADATA}",
        json.dumps({"custom_metadata": {"record": {"settings": {"k": 1}}}}).encode(),
        lambda p: checkpoints.read_record(p.parents[1], 20),
    ),
    "rows": Reader("metrics.jsonl", (EARLIER / "metrics.jsonl").read_bytes(), about),
    "evaluation": Reader(
        "evaluation/20.json",
        json.dumps(JUDGED).encode(),
        lambda p: (evaluations.newest(run_of(p)), about(p)),
    ),
    "configuration": Reader(
        ".hydra/config.yaml", CONFIG, lambda p: (saved_config.load_run(run_of(p).path), about(p))
    ),
    "hydra": Reader(
        ".hydra/hydra.yaml", HYDRA, lambda p: saved_config.saved_values(run_of(p).path)
    ),
    "overrides": Reader(
        ".hydra/overrides.yaml",
        b"- k=5\n- dataset=ring\n- 'x: y'\n",
        lambda p: run_of(p).read_overrides(),
    ),
    "mark": Reader(
        ".hydra/config.yaml", CONFIG, lambda p: mark.is_gans(p.parent, p.parent.parent / "none")
    ),
    "sweep": Reader("multirun.yaml", MULTIRUN, lambda p: sweep_command.read(p.parent, ())),
    "table": Reader("tuned.yaml", TABLE, lambda p: table.read(p, str(p), usual=True)),
    "lock": Reader(
        "x.gan-lock", json.dumps(OWNER).encode(), lambda p: lock_file._silent(lock_file._read(p))
    ),
    "npy": Reader("a.npy", written(np.save, POINTS), lambda p: Array(path=str(p)).split("train")),
    "npz": Reader(
        "a.npz",
        written(np.savez_compressed, samples=POINTS, b=POINTS.T),
        lambda p: (Array(path=str(p), key="samples").split("train"), read_samples(p)),
    ),
    "stored npz": Reader("a.npz", written(np.savez, samples=POINTS), read_samples),
    "cache": Reader("cache.npy", written(np.save, np.zeros((1, 4, 4, 3), np.uint8)), cached),
    "idx": Reader("a.idx", IDX, lambda p: idx.decode(p.read_bytes(), p)),
    **{
        f"packed {i}": Reader("a", pack(IDX * 3), lambda p: search.unpacked(p.read_bytes(), p))
        for i, pack in enumerate((gzip.compress, bz2.compress, lzma.compress, zipped))
    },
    "checkpoint": Reader(
        "all",
        b"".join(n + p.read_bytes() for n, p in zip(NAMES, PARTS, strict=True)),
        checkpoint,
        10,
    ),
    "experiment of one's own": Reader(
        "conf/experiment/mine.yaml", EXPERIMENT, composed("experiment=mine"), 4, False
    ),
    "choice of one's own": Reader(
        "conf/architecture/mine.yaml",
        (conf_directory() / "architecture" / "mlp.yaml").read_bytes(),
        composed("architecture=mine"),
        4,
        False,
    ),
    "table of one's own": Reader("conf/tuned.yaml", OWN_TABLE, composed("dataset=ring"), 4),
    **{
        kind: Reader(f"a.{kind}", written(PICTURE.save, kind), picture)
        for kind in (
            *("png", "jpeg", "gif", "tiff", "webp", "bmp", "ppm", "tga", "ico", "pcx", "avif"),
            *("dds", "dib", "jpeg2000", "mpo", "sgi"),
        )
    },
    **{
        kind: Reader(f"a.{kind}", written(PICTURE.convert("1").save, kind), picture)
        for kind in ("msp", "xbm")
    },
    "psd": Reader("a.psd", photoshop(np.asarray(PICTURE)), picture),
    "sun": Reader("a.sun", sun_raster(np.asarray(PICTURE)), picture),
    "icns": Reader("a.icns", mac_icon(Image.new("RGB", (128, 128), "red")), picture),
    "qoi": Reader("a.qoi", QOI, picture),
    "xpm": Reader("a.xpm", XPM, picture),
}
