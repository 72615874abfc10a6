import zipfile

import jax.numpy as jnp
import numpy as np
import pytest

from gan_cli.datasets.array import Array
from gan_cli.errors import DataError, UsageError
from gan_cli.loading import construct

RNG = np.random.default_rng(0)
PICTURES = RNG.integers(0, 256, (10, 4, 6), np.uint8)
POINTS = RNG.normal(0, 5, (10, 3))


def saved(folder, array):
    np.save(folder / "mine.npy", array)
    return Array(path=str(folder / "mine.npy"))


def test_uint8_images_get_a_channel_and_stay_on_disk(tmp_path):
    dataset = saved(tmp_path, PICTURES)
    assert (dataset.shape, dataset.levels) == ((4, 6, 1), 255)
    examples = dataset.split("train").examples
    assert isinstance(examples, np.memmap)
    np.testing.assert_array_equal(examples[..., 0], PICTURES)


@pytest.mark.parametrize("channels", [1, 3])
def test_images_may_have_their_channels_last(tmp_path, channels):
    pictures = RNG.integers(0, 256, (5, 4, 6, channels), np.uint8)
    dataset = saved(tmp_path, pictures)
    assert dataset.shape == (4, 6, channels)
    np.testing.assert_array_equal(dataset.split("train").examples, pictures)


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f8", "<f2"])
def test_floats_become_float32_and_stand_as_they_are(tmp_path, dtype):
    points = POINTS.astype(dtype)
    dataset = saved(tmp_path, points)
    assert (dataset.shape, dataset.levels) == ((3,), None)
    examples = dataset.split("train").examples
    assert examples.dtype == np.float32
    np.testing.assert_array_equal(examples, points.astype(np.float32))
    assert isinstance(dataset._examples, np.memmap)


def test_float32_stays_on_disk(tmp_path):
    dataset = saved(tmp_path, POINTS.astype(np.float32))
    assert np.shares_memory(dataset.split("train").examples, dataset._examples)


def test_float_images_lie_in_the_range_of_images(tmp_path):
    pictures = (PICTURES / 127.5 - 1).astype(np.float32)
    np.testing.assert_array_equal(
        saved(tmp_path, pictures).split("train").examples[..., 0], pictures
    )
    pictures[7, 0, 0], pictures[7, 1, 1] = -3, 2.5
    dataset = saved(tmp_path, pictures)
    with pytest.raises(DataError) as caught:
        dataset.split("train")
    assert str(caught.value) == (
        f"{dataset.path}: example 7 (counted from 0) has values from -3 to 2.5. "
        "Float images must lie in [-1, 1]: scale them or store uint8."
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e300])
def test_the_first_example_that_is_not_finite_is_named(tmp_path, value, monkeypatch):
    monkeypatch.setattr("gan_cli.datasets.values.VALUES_AT_ONCE", 6)
    points = POINTS.copy()
    points[7, 1] = points[9, 0] = value
    dataset = saved(tmp_path, points)
    dataset.test = 4
    assert len(dataset.split("train").examples) == 6
    with pytest.raises(DataError) as caught:
        dataset.split("test")
    assert str(caught.value) == (
        f"{dataset.path}: example 7 (counted from 0) has a value that is not a finite float32 "
        "number. Remove it or mend it."
    )


def test_the_ends_are_set_aside(tmp_path):
    dataset = saved(tmp_path, PICTURES)
    dataset.validation, dataset.test = 2, 3
    for name, rows in (("train", slice(5)), ("validation", slice(5, 7)), ("test", slice(7, 10))):
        examples = dataset.split(name).examples
        np.testing.assert_array_equal(examples[..., 0], PICTURES[rows])
        assert dataset.split(name).labels is None


def test_the_only_array_of_an_npz_needs_no_key(tmp_path):
    np.savez(tmp_path / "one.npz", pictures=PICTURES)
    dataset = Array(path=str(tmp_path / "one.npz"))
    np.testing.assert_array_equal(dataset.split("train").examples[..., 0], PICTURES)


def test_a_key_chooses_among_several_arrays(tmp_path):
    np.savez_compressed(tmp_path / "two.npz", pictures=PICTURES, points=POINTS)
    path = str(tmp_path / "two.npz")
    assert Array(path=path, key="points").shape == (3,)
    with pytest.raises(UsageError) as caught:
        _ = Array(path=path, key="picture").shape
    assert str(caught.value) == (
        f"dataset.key=picture: {path} has no such array. "
        "Did you mean 'pictures'? Valid: pictures, points."
    )
    with pytest.raises(UsageError) as caught:
        _ = Array(path=path).shape
    assert str(caught.value) == (
        f"dataset.key is not set: {path} holds several arrays. Valid: pictures, points."
    )


def test_a_key_for_a_npy_is_refused(tmp_path):
    dataset = saved(tmp_path, POINTS)
    dataset.key = "points"
    with pytest.raises(UsageError) as caught:
        _ = dataset.shape
    assert str(caught.value) == (
        f"dataset.key=points: {dataset.path} is a .npy file, whose array has no name. "
        "Leave dataset.key out, or write dataset.key=null."
    )


@pytest.mark.parametrize(
    ("array", "advice"),
    [
        (PICTURES.astype(np.int64), " array.astype('uint8') holds whole numbers from 0 to 255 as "),
        (PICTURES.reshape(10, -1), " array.reshape(-1, H, W) holds images of H x W pixels, and "),
        (PICTURES.reshape(10, 2, 3, 4), ""),
        (POINTS.astype(np.int64), " array.astype('float32') holds points."),
        (POINTS[:, 0], " array[:, None] holds each number as a point on the line."),
        (POINTS[:, 0].astype(int), " array[:, None].astype('float32') holds each number as a "),
        (np.array(["text"]), ""),
        (np.uint8(3), ""),
    ],
)
def test_an_array_of_another_kind_is_refused_with_what_to_do(tmp_path, array, advice):
    dataset = saved(tmp_path, array)
    with pytest.raises(DataError) as caught:
        _ = dataset.shape
    told, points, told_advice = str(caught.value).partition("float points (N, D).")
    assert told + points == (
        f"{dataset.path} holds {array.dtype} values of shape {array.shape}. It must hold uint8 "
        "images (N, H, W) or (N, H, W, 1 or 3), float images of such a shape, or float points "
        "(N, D)."
    )
    assert told_advice.startswith(advice)
    assert bool(told_advice) == bool(advice)


def test_an_empty_array_is_refused(tmp_path):
    dataset = saved(tmp_path, np.zeros((0, 3)))
    with pytest.raises(DataError) as caught:
        _ = dataset.shape
    assert str(caught.value) == f"{dataset.path} is empty: its shape is (0, 3)."


def npz_with_damage(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"\x93NUMPY no header")


def npy_cut_short(path):
    np.save(path.with_suffix(".npy"), PICTURES)
    path.write_bytes(path.with_suffix(".npy").read_bytes()[:-1])


def npy_of_objects(path):
    np.save(path.with_suffix(".npy"), np.array([{}, []], object))
    path.write_bytes(path.with_suffix(".npy").read_bytes())


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("1,2,3\n"),
        npz_with_damage,
        npy_cut_short,
        npy_of_objects,
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path, write):
    path = tmp_path / "mine"
    write(path)
    with pytest.raises(DataError) as caught:
        _ = Array(path=str(path)).shape
    assert str(caught.value) == (
        f"{path} cannot be read: it is damaged, or no .npy or .npz file of plain numbers."
    )


def test_a_file_that_may_not_be_read_is_not_called_damaged(tmp_path, monkeypatch):
    path = tmp_path / "mine.npy"
    path.touch()

    def closed(*_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(np, "load", closed)
    with pytest.raises(DataError) as caught:
        _ = Array(path=str(path)).shape
    assert str(caught.value) == f"{path} cannot be read: Permission denied."


def test_an_npz_without_arrays_is_refused(tmp_path):
    path = tmp_path / "none.npz"
    np.savez(path)
    with pytest.raises(DataError) as caught:
        _ = Array(path=str(path)).shape
    assert str(caught.value) == f"{path} holds no arrays."


def test_a_path_must_be_given_and_there(tmp_path):
    with pytest.raises(UsageError) as caught:
        construct(Array, {})
    assert str(caught.value) == (
        "path is not set: add dataset.path=FILE, a .npy or .npz file of yours."
    )
    with pytest.raises(DataError) as missing:
        _ = Array(path=str(tmp_path / "none.npy")).shape
    assert str(missing.value) == (
        f"{tmp_path / 'none.npy'} is not a file. "
        "dataset.path must name a .npy or .npz file of yours."
    )


@pytest.mark.parametrize("split", ["validation", "test"])
def test_negative_sizes_are_refused(split):
    construct(Array, {"path": "mine.npy", split: 0})
    with pytest.raises(UsageError) as caught:
        construct(Array, {"path": "mine.npy", split: -1})
    assert str(caught.value) == f"{split}=-1: must be at least 0."


def test_a_link_to_nothing_is_told(tmp_path):
    (tmp_path / "x.npy").symlink_to("gone.npy")
    with pytest.raises(DataError, match=r"x\.npy is a link to gone\.npy, which is not there\. "):
        _ = Array(path=str(tmp_path / "x.npy")).shape


def test_a_type_that_numpy_does_not_know_is_told(tmp_path):
    np.save(tmp_path / "x.npy", np.zeros((9, 2), jnp.bfloat16))
    with pytest.raises(DataError, match=r"such as bfloat16, is saved as float32\.$"):
        _ = Array(path=str(tmp_path / "x.npy")).shape


def test_files_are_the_same_data_under_the_same_key_alone(tmp_path):
    path = str(tmp_path / "x.npz")
    np.savez(path, a=POINTS, b=POINTS[::-1])
    found = {key: Array(path=path, key=key).manifest() for key in ("a", "b")}
    assert found["a"] != found["b"]
    assert found["a"] == Array(path=path, key="a").manifest()
