"""Every reader of a file gives a value or refuses in a sentence that names the file: fuzzed.

Each begins with a file that is whole and changes its bytes, its words and its lines. The short form
tries 100 changed files of each kind, the long one 10,000.
"""

import bz2
import gzip
import io
import json
import lzma
import os
import re
import struct
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from gan_cli import comparison, decoding, saved_config
from gan_cli.cli import run_rows, sweep_command
from gan_cli.cli.judge import _read as read_samples
from gan_cli.datasets import idx, search
from gan_cli.datasets.array import Array
from gan_cli.datasets.images import Images
from gan_cli.errors import GanError
from gan_cli.files import cache_folder
from gan_cli.logs import scalars
from gan_cli.runs import RunDirectory, evaluations, lock_file, mark
from gan_cli.tuned import table

EARLIER = Path(__file__).parent / "data" / "run_0.1.0"
CONFIG = (EARLIER / ".hydra" / "config.yaml").read_bytes()
RNG = np.random.default_rng(0)
POINTS = RNG.normal(size=(5, 3)).astype(np.float32)
PICTURE = Image.fromarray(RNG.integers(0, 256, (6, 5, 3), np.uint8))


class Reader(NamedTuple):
    """A reader: the name of its file, a whole one, and what reads it."""

    file: str
    whole: bytes
    read: Callable[[Path], Any]


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
    found = comparison.read(run_of(path).path)
    [group] = comparison.grouped([found])
    json.dumps(comparison.document([group]), allow_nan=False)
    for tag in {tag for row in found.rows for tag in row}:
        comparison.curve([found], tag)
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


IDX = struct.pack(">IIII", 2051, 2, 3, 5) + bytes(range(30))
OWNER = lock_file.this_process()._asdict() | {"beat": 1.0}
MULTIRUN = CONFIG + b"hydra:\n  overrides:\n    task: [seed=1]\n    hydra: [hydra.sweep.dir=s]\n"
HYDRA = b"hydra:\n  run: {dir: x}\n  runtime:\n    cwd: /home/me\n    choices: {dataset: ring}\n"
JUDGED = {"fid": {"value": 1.5, "value_low": 1, "extractor": None, "protocol": {"samples": 3}}}
TABLE = (
    b"- for: {dataset: ring, k: [1, 2]}\n  set: {optimizer.learning_rate: 0.1, k: 3}\n- set: {}\n"
)

READERS = {
    "metrics": Reader(
        "metrics.jsonl", (EARLIER / "metrics.jsonl").read_bytes(), lambda p: scalars.read(p)
    ),
    "summary": Reader(
        "summary.json",
        (EARLIER / "summary.json").read_bytes(),
        lambda p: (run_of(p).read_summary(), about(p)),
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
    **{
        kind: Reader(f"a.{kind}", written(PICTURE.save, kind), picture)
        for kind in ("png", "jpeg", "gif", "tiff", "webp", "bmp", "ppm", "tga", "ico", "pcx")
    },
}

ODD = [
    *(b"", b"\0", b"\xff\xfe", b"\n", b"'", b'"', b"{", b"[]", b"{}", b"null", b"true", b'"x"'),
    *(b"-1", b"0", b"1e999", b"NaN", b".inf", b"9" * 400, b"9" * 5000, b"[" * 1200, b"\\ud800"),
    *(
        b"${x}",
        b"${a}${a}",
        b"${oc.env:NONE}",
        b"&a [*a]",
        b"!!binary eA==",
        b"!!int ''",
        b"2020-99-99",
    ),
    *(b"!!python/object/apply:os.system [exit]", b"? [a]\n: b", b"---\n", b"~", b"\xd9\xa3"),
]
PLACE = st.floats(0, 1, exclude_max=True)
CHANGE = st.tuples(
    st.sampled_from(["cut", "flip", "insert", "word", "line", "repeat"]),
    PLACE,
    PLACE,
    st.one_of(st.sampled_from(ODD), st.binary(min_size=1, max_size=4)),
)


def changed(whole: bytes, change: tuple[str, float, float, bytes]) -> bytes:
    """A file with one change."""
    kind, first, second, text = change
    start, end = sorted((int(first * len(whole)), int(second * len(whole))))
    if kind == "cut":
        return whole[:start] if text < b"0" else whole[:start] + whole[end:]
    if kind == "flip":
        return (
            whole[:start] + bytes([whole[start] ^ (1 + int(second * 255))]) + whole[start + 1 :]
            if whole
            else b""
        )
    if kind == "insert":
        return whole[:start] + text + whole[start:]
    if kind == "repeat":
        return whole[:end] + whole[start:]
    parts = re.split(rb"(\n)" if kind == "line" else rb"([\w.+-]+)", whole)
    parts[int(first * len(parts))] = text
    return b"".join(parts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of which each reader has its own copy."""
    return tmp_path_factory.mktemp("readers")


def whole_run(folder: Path) -> None:
    """The other files of a run, so that what is read of it is decided by one."""
    for name in ("summary", "configuration", "overrides", "hydra", "evaluation", "metrics"):
        path = folder / READERS[name].file
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(READERS[name].whole)
    PICTURE.save(folder / "a.png")


def fuzz(name: str, folder: Path, examples: int) -> Counter[str]:
    """Reads changed files, and counts what came of them."""
    reader, found = READERS[name], Counter[str]()
    root = folder / name
    whole_run(root)
    path = root / reader.file
    path.write_bytes(reader.whole)
    assert reader.read(path) is not None, "the whole file is read"

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(CHANGE, min_size=1, max_size=3))
    def read(changes: list[tuple[str, float, float, bytes]]) -> None:
        content = reader.whole
        for change in changes:
            content = changed(content, change)
        path.write_bytes(content)
        try:
            reader.read(path)
            found["read"] += 1
        except GanError as error:
            assert str(root) in str(error), error
            found["refused"] += 1

    read()
    return found


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow's, which go to the log
@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_named(name: str, folder: Path) -> None:
    assert fuzz(name, folder, 100).total() >= 90


@pytest.mark.parametrize(
    "name", [name for name in READERS if not name.startswith(("idx", "packed", "cache"))]
)
@pytest.mark.parametrize("kind", ["pipe", "folder"])
def test_what_is_no_file_is_named_and_not_waited_for(name: str, kind: str, folder: Path) -> None:
    """A pipe without a writer would be waited for without end."""
    reader, root = READERS[name], folder / f"{kind} {name}"
    whole_run(root)
    path = root / reader.file
    path.unlink(missing_ok=True)
    os.mkfifo(path) if kind == "pipe" else path.mkdir()
    with pytest.raises((GanError, OSError)) as refused:
        reader.read(path)
    assert str(root) in str(refused.value)


@pytest.mark.faults_long
@pytest.mark.timeout(0)
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("name", READERS)
def test_ten_thousand_changed_files_are_read_or_named(name: str, folder: Path) -> None:
    found = fuzz(name, folder, 10_000)
    print(f"{name}: {dict(found)}")
    assert found.total() >= 9_000
