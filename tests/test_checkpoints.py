"""Checkpoints: back to the bit, and never anything else, whatever happens to their files."""

import gc
import logging
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import tensorstore

from gan_cli import checkpoints, config, reading
from gan_cli.architectures.base import DataSpec
from gan_cli.errors import DataError, UsageError
from gan_cli.training.state import TrainState, outline

OPTIMIZER = {"generator": {"name": "adam"}, "discriminator": {"name": "sgd"}}


def template(**architecture: Any) -> TrainState:
    """The shapes of a state with everything in it: Adam, momentum, batch norm, moving average."""
    experiment = config.load(
        {
            "dataset": {"name": "digits"},
            "architecture": {"name": "dcgan", "filters": 2, "latent": 3} | architecture,
            "objective": {"name": "minimax"},
            "optimizer": OPTIMIZER,
            "ema": 0.9,
        }
    )
    return outline(experiment.recipe, DataSpec((8, 8, 1)))[1]


def filled(shapes: Any, seed: int = 0) -> Any:
    """Random numbers of these shapes and types; every bit pattern of a float may occur."""
    random = np.random.default_rng(seed)
    return jax.tree.map(
        lambda leaf: np.frombuffer(
            random.bytes(leaf.dtype.itemsize * leaf.size), leaf.dtype
        ).reshape(leaf.shape),
        shapes,
    )


def assert_same_bits(found: Any, expected: Any) -> None:
    assert jax.tree.structure(found) == jax.tree.structure(expected)
    for a, b in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


def test_a_state_comes_back_to_the_bit(tmp_path: Path) -> None:
    """NaNs and their payloads, infinities and denormal numbers among it."""
    shapes = template()
    state = filled(shapes)
    checkpoints.save(tmp_path / "checkpoints", 7, state, keep=1)
    assert_same_bits(checkpoints.restore(tmp_path / "checkpoints", 7, shapes), state)


def test_arrays_on_the_device_and_types_of_all_sizes(tmp_path: Path) -> None:
    state = {
        "scalar": jnp.int32(-4),
        "yes": np.bool_(True),
        "unsigned": np.arange(5, dtype=np.uint32) + np.uint32(2**32 - 5),
        "short": jnp.linspace(-1, 1, 6).astype(jnp.bfloat16).reshape(2, 3),
        "bytes": np.arange(256, dtype=np.uint8),
        "nested": {"list": [np.float32(0.1), np.float16(0.1)], "none": None},
        "turned": np.arange(6, dtype=np.float32).reshape(2, 3).T,
    }
    shapes = jax.tree.map(lambda a: jax.ShapeDtypeStruct(np.shape(a), a.dtype), state)
    checkpoints.save(tmp_path, 0, state, keep=1)
    assert_same_bits(checkpoints.restore(tmp_path, 0, shapes), state)


def small(seed: int) -> dict[str, np.ndarray]:
    values = np.random.default_rng(seed).normal(size=(3, 4)).astype(np.float32)
    return {"weights": values, "count": np.int32(seed)}


SHAPES = jax.tree.map(lambda a: jax.ShapeDtypeStruct(a.shape, a.dtype), small(0))


def test_the_newest_are_kept(tmp_path: Path) -> None:
    assert checkpoints.steps(tmp_path / "none") == []
    assert checkpoints.restore_latest(tmp_path / "none", SHAPES) is None
    for step in (90, 100, 1000):
        checkpoints.save(tmp_path, step, small(step), keep=2)
    assert checkpoints.steps(tmp_path) == [100, 1000]
    assert {path.name for path in tmp_path.iterdir()} == {"100", "1000"}
    restored = checkpoints.restore_latest(tmp_path, SHAPES)
    assert restored is not None
    assert (restored.step, restored.damaged) == (1000, [])
    assert_same_bits(restored.state, small(1000))


def test_a_step_is_saved_anew(tmp_path: Path) -> None:
    checkpoints.save(tmp_path, 5, small(1), keep=2)
    checkpoints.save(tmp_path, 5, small(2), keep=2)
    assert_same_bits(checkpoints.restore(tmp_path, 5, SHAPES), small(2))


def test_a_relative_directory_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").mkdir()
    checkpoints.save(Path("a/b"), 5, small(1), keep=2)
    assert_same_bits(checkpoints.restore(Path("a/b"), 5, SHAPES), small(1))


@pytest.mark.parametrize("name", ["[x]", "a\\b", "gs:", "照片 (1)", "it's #1"])
def test_any_name_of_the_directory_will_do(tmp_path: Path, name: str) -> None:
    directory = tmp_path / name / "checkpoints"
    directory.parent.mkdir()
    for step in (10, 20):
        checkpoints.save(directory, step, small(step), keep=1)
    assert [path.name for path in directory.iterdir()] == ["20"]
    assert_same_bits(checkpoints.restore(directory, 20, SHAPES), small(20))


def test_a_checkpoint_is_read_and_saved_where_no_temporary_file_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is whole, so it is never called damaged; only a path that needs a link will not do."""
    for name in ("plain", "[x]"):
        checkpoints.save(tmp_path / name, 10, small(1), keep=1)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    assert_same_bits(checkpoints.restore(tmp_path / "plain", 10, SHAPES), small(1))
    told = (
        r"^no folder for temporary files can be written \(No such file or directory\)\. .* TMPDIR"
    )
    with pytest.raises(UsageError, match=told):
        checkpoints.restore_latest(tmp_path / "[x]", SHAPES)
    checkpoints.save(tmp_path / "plain", 20, small(2), keep=1)
    assert_same_bits(checkpoints.restore(tmp_path / "plain", 20, SHAPES), small(2))
    with pytest.raises(OSError, match="cannot be written: no folder for temporary files"):
        checkpoints.save(tmp_path / "[x]", 20, small(2), keep=1)
    assert checkpoints.steps(tmp_path / "[x]") == [10]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    for step in (10, 20):
        checkpoints.save(tmp_path, step, small(step), keep=2)
    return tmp_path


def test_a_damaged_checkpoint_is_told_and_the_one_before_is_used(saved: Path) -> None:
    for path in (saved / "20").rglob("*"):
        if path.is_file():
            path.write_bytes(b"")
    restored = checkpoints.restore_latest(saved, SHAPES)
    assert restored is not None
    assert restored.step == 10
    assert restored.damaged == [f"checkpoint {saved / '20'} is damaged: it cannot be read."]
    assert_same_bits(restored.state, small(10))

    for path in (saved / "10").rglob("*"):
        if path.is_file():
            path.unlink()
    with pytest.raises(DataError) as error:
        checkpoints.restore_latest(saved, SHAPES, "No checkpoint is left.")
    assert str(error.value) == (
        f"checkpoint {saved / '20'} is damaged: it cannot be read. "
        f"checkpoint {saved / '10'} is damaged: it cannot be read. "
        "No checkpoint is left."
    )


def test_what_is_no_damage_is_told_as_it_is_and_never_passed_over(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of another user, an input error, a JAX that does not start."""
    from orbax.checkpoint import v1 as ocp

    def failing(error: Exception) -> str:
        def fail(*_: Any) -> Any:
            raise error

        monkeypatch.setattr(ocp, "load", fail)
        with pytest.raises(DataError) as told:
            checkpoints.restore_latest(saved, SHAPES)
        return str(told.value)

    where = f"checkpoint {saved / '20'} cannot be read"
    assert failing(RuntimeError("no backend")) == f"{where}: unexpected RuntimeError: no backend"
    assert failing(MemoryError()).startswith(f"{where}: the memory does not suffice.")
    opened = reading.opened

    def closed(path: Path) -> Any:
        if path.name == "manifest.ocdbt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(reading, "opened", closed)
    file = saved / "20" / "state" / "manifest.ocdbt"
    assert failing(ValueError("PERMISSION_DENIED")) == f"{where}. {file}: Permission denied."


@pytest.mark.parametrize("behind_a_link", [False, True])
def test_what_is_no_file_is_named_and_not_waited_for(saved: Path, behind_a_link: bool) -> None:
    """A pipe without a writer, in the place of each file; the checkpoint before is used."""
    pipe = saved / "pipe"
    os.mkfifo(pipe)
    for path in files(saved / "20"):
        content = path.read_bytes()
        path.unlink()
        path.symlink_to(pipe) if behind_a_link else os.mkfifo(path)
        restored = checkpoints.restore_latest(saved, SHAPES)
        assert restored is not None
        assert (restored.step, restored.damaged) == (
            10,
            [f"checkpoint {saved / '20'} is damaged: {path} is a pipe or a device."],
        )
        path.unlink()
        path.write_bytes(content)
    assert_same_bits(checkpoints.restore(saved, 20, SHAPES), small(20))


def test_a_file_too_large_to_be_read_whole_is_named_and_not_read(saved: Path) -> None:
    """It takes no room on the disk; only arrays, which are read in pieces, may be so large."""
    for path in files(saved / "20"):
        size = path.stat().st_size
        os.truncate(path, 2**33)
        restored = checkpoints.restore_latest(saved, SHAPES)
        assert restored is not None
        if path.parent.name == "d":
            assert (restored.step, restored.damaged) == (20, [])
        else:
            assert (restored.step, restored.damaged) == (
                10,
                [f"checkpoint {saved / '20'} is damaged: {path} holds more than 16,777,216 bytes."],
            )
        os.truncate(path, size)
    assert_same_bits(checkpoints.restore(saved, 20, SHAPES), small(20))


def test_lists_within_lists_without_end_are_damage(saved: Path) -> None:
    (saved / "20" / "_CHECKPOINT_METADATA").write_text("[" * 200_000)
    restored = checkpoints.restore_latest(saved, SHAPES)
    assert restored is not None
    assert (restored.step, restored.damaged) == (
        10,
        [f"checkpoint {saved / '20'} is damaged: it cannot be read."],
    )


def test_links_to_files_are_followed_and_links_to_folders_are_not(saved: Path) -> None:
    checkpoint, elsewhere = saved / "20", saved.with_name("elsewhere")
    (checkpoint / "state" / "manifest.ocdbt").rename(elsewhere)
    (checkpoint / "state" / "manifest.ocdbt").symlink_to(elsewhere)
    assert_same_bits(checkpoints.restore(saved, 20, SHAPES), small(20))
    (checkpoint / "state").rename(saved / "state")
    (checkpoint / "state").symlink_to(saved / "state")
    with pytest.raises(DataError) as refused:
        checkpoints.restore_latest(saved, SHAPES)
    assert str(refused.value) == (
        f"checkpoint {checkpoint} cannot be read. {checkpoint / 'state'} is a link to a folder: "
        "put the folder itself in its place."
    )


def test_a_changed_number_is_told(saved: Path) -> None:
    """Saved as a whole checkpoint of other numbers under the digest of the first."""
    from orbax.checkpoint import v1 as ocp

    metadata = ocp.metadata(saved / "20").custom_metadata
    other = small(20)
    other["weights"][1, 2] = np.nextafter(other["weights"][1, 2], np.float32(9))
    arrays = {name: np.asarray(value) for name, value in other.items()}
    ocp.save(saved / "20", arrays, overwrite=True, custom_metadata=metadata)
    with pytest.raises(DataError) as error:
        checkpoints.restore(saved, 20, SHAPES)
    assert str(error.value) == f"checkpoint {saved / '20'} is damaged: its contents have changed."


def files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def damages(content: bytes) -> list[bytes | None]:
    """Gone, emptied, cut short, too long, and with one bit changed at many places."""
    flipped: list[bytes | None] = [
        content[:i] + bytes([content[i] ^ 1 << i % 8]) + content[i + 1 :]
        for i in range(0, len(content), max(1, len(content) // 5))
    ]
    return [None, b"", content[: len(content) // 2], content[:-1], content + b"\0", *flipped]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of Orbax's threads
def test_no_damage_ever_gives_another_state(saved: Path) -> None:
    """Each file that matters is found out; the rest is Orbax's own and changes nothing."""
    logging.getLogger().setLevel(logging.CRITICAL)
    found_out = set()
    for path in files(saved / "20"):
        content = path.read_bytes()
        for damage in damages(content):
            path.unlink() if damage is None else path.write_bytes(damage)
            try:
                assert_same_bits(checkpoints.restore(saved, 20, SHAPES), small(20))
            except DataError as error:
                assert str(error).startswith(f"checkpoint {saved / '20'} is damaged: ")
                found_out.add(path.relative_to(saved / "20").as_posix())
            path.write_bytes(content)
    assert_same_bits(checkpoints.restore(saved, 20, SHAPES), small(20))
    assert {"_CHECKPOINT_METADATA", "state/_METADATA", "state/manifest.ocdbt"} <= found_out
    assert any(name.startswith("state/d/") for name in found_out)
    gc.collect()


def test_what_is_no_step_is_no_checkpoint(tmp_path: Path) -> None:
    for name in ("0", "20", "٣", "²", "007", "x", "5.tmp", "9" * 30):
        (tmp_path / name).mkdir()
    assert checkpoints.steps(tmp_path) == [0, 20]


def test_an_empty_directory_is_a_damaged_checkpoint(saved: Path) -> None:
    (saved / "30").mkdir()
    (saved / "40").write_text("a file")
    restored = checkpoints.restore_latest(saved, SHAPES)
    assert restored is not None
    assert restored.step == 20
    assert restored.damaged == [
        f"checkpoint {saved / '40'} is damaged: it cannot be read.",
        f"checkpoint {saved / '30'} is damaged: it cannot be read.",
    ]


@pytest.mark.parametrize("keep", [1, 2])
def test_damaged_later_checkpoints_never_crowd_out_a_new_one(saved: Path, keep: int) -> None:
    (saved / "30").mkdir()
    checkpoints.save(saved, 25, small(25), keep)
    assert checkpoints.steps(saved) == [20, 25][-keep:]
    restored = checkpoints.restore_latest(saved, SHAPES)
    assert restored is not None
    assert (restored.step, restored.damaged) == (25, [])


def without_average(state: TrainState) -> TrainState:
    player = state.generator._replace(average=None, average_statistics=None)
    return state._replace(generator=player)


def test_a_state_of_other_networks_is_refused(tmp_path: Path) -> None:
    state = filled(template())
    checkpoints.save(tmp_path, 3, state, keep=1)
    for other, where in [
        (template(latent=4), "generator/parameters/dense/kernel"),
        (without_average(template()), "generator/average/dense/kernel"),
        (template()._replace(step=jax.ShapeDtypeStruct((), jnp.uint32)), "step"),
    ]:
        for restore in (
            lambda shapes=other: checkpoints.restore(tmp_path, 3, shapes),
            lambda shapes=other: checkpoints.restore_latest(tmp_path, shapes),
        ):
            with pytest.raises(UsageError) as error:
                restore()
            assert str(error.value) == (
                f"checkpoint {tmp_path / '3'} is of other networks or optimizers than the "
                f"configuration's: they differ in {where}."
            )


def test_what_a_killed_process_left_is_discarded(saved: Path) -> None:
    left = saved / "30.orbax-checkpoint-tmp" / "state"
    left.mkdir(parents=True)
    (left / "half").write_bytes(b"...")
    assert checkpoints.steps(saved) == [10, 20]
    checkpoints.discard_unfinished(saved)
    assert {path.name for path in saved.iterdir()} == {"10", "20"}
    checkpoints.discard_unfinished(saved / "none")


def test_where_nothing_can_be_written_it_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "checkpoints").write_text("in the way")
    with pytest.raises(FileExistsError, match="checkpoints"):
        checkpoints.save(tmp_path / "checkpoints", 1, small(1), keep=1)


UNWRITABLE = """
import sys
from pathlib import Path
import numpy as np
from gan_cli import checkpoints
try:
    checkpoints.save(Path(sys.argv[1]), 1, {"none": np.zeros((0, 3), np.float32)}, keep=1)
except OSError as error:
    print(error)
"""


def test_what_orbax_cannot_write_is_told(tmp_path: Path) -> None:
    """In a process of its own, since Orbax leaves half-done work behind."""
    command = [sys.executable, "-c", UNWRITABLE, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    told = f"checkpoint {tmp_path / '1'} cannot be written: Cannot save arrays with zero size: "
    assert done.stdout.startswith(told)
    assert checkpoints.steps(tmp_path) == []


KILLED = """
import sys
from pathlib import Path
import numpy as np
from gan_cli import checkpoints
for step in range(1, 10_000):
    checkpoints.save(Path(sys.argv[1]), step % 7, {"a": np.full(200_000, step, np.int32)}, 2)
    print(step, flush=True)
"""


@pytest.mark.faults
@pytest.mark.parametrize("delay", [0.0, 0.003, 0.01, 0.02, 0.03])
def test_a_killed_process_leaves_whole_checkpoints_alone(tmp_path: Path, delay: float) -> None:
    """Killed at any time, while it writes, replaces and deletes: what bears a name is whole."""
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(9):
            assert process.stdout.readline()
        time.sleep(delay)
        process.kill()
    checkpoints.discard_unfinished(tmp_path)
    found = checkpoints.steps(tmp_path)
    assert found
    shapes = {"a": jax.ShapeDtypeStruct((200_000,), np.int32)}
    for step in found:
        restored = checkpoints.restore(tmp_path, step, shapes)
        assert restored["a"].min() == restored["a"].max()


BOMB = {
    "driver": "zarr3",
    "metadata": {
        "data_type": "float32",
        "fill_value": 0,
        "codecs": [{"name": "bytes"}, {"name": "zstd", "configuration": {"level": 1}}],
    },
}


@pytest.mark.faults
@pytest.mark.parametrize(("shape", "piece"), [(2**34, 2**34), (12, 2**34)], ids=["array", "piece"])
def test_a_few_bytes_that_stand_for_64_gib(tmp_path: Path, shape: int, piece: int) -> None:
    """As in a stranger's run: refused before any memory is taken for them."""
    checkpoints.save(tmp_path, 5, small(5), keep=1)
    store = {"driver": "ocdbt", "base": f"file://{tmp_path}/5/state/"}
    grid = {"name": "regular", "configuration": {"chunk_shape": [piece]}}
    described = BOMB["metadata"] | {"shape": [shape], "chunk_grid": grid}
    bomb = BOMB | {"kvstore": store, "path": "weights/", "metadata": described}
    tensorstore.open(bomb, create=True, delete_existing=True).result()
    with pytest.raises(UsageError) as refused:
        checkpoints.restore(tmp_path, 5, SHAPES)
    assert str(refused.value) == (
        f"checkpoint {tmp_path}/5 is of other networks or optimizers than the configuration's: "
        "its arrays take 64.0 GiB, and those of the configuration 52 bytes."
    )


def test_a_checkpoint_that_lies_elsewhere_loses_its_link_alone(tmp_path: Path) -> None:
    elsewhere, directory = tmp_path / "elsewhere", tmp_path / "checkpoints"
    for folder in (elsewhere, directory):
        folder.mkdir()
    for name in ("30", f"20{checkpoints.DELETED}"):
        (elsewhere / name).mkdir()
        (directory / name).symlink_to(elsewhere / name)
    checkpoints.discard_unfinished(directory)
    assert [path.name for path in directory.iterdir()] == ["30"]
    checkpoints.delete(directory, 30)
    assert not [*directory.iterdir()]
    assert len([*elsewhere.iterdir()]) == 2
