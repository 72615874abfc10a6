import pytest

from gan_cli.datasets.atomic import atomic_file
from gan_cli.errors import DataError


def test_the_file_appears_whole_at_the_end(tmp_path):
    path = tmp_path / "new" / "file"
    with atomic_file(path) as out:
        out.write(b"half")
        assert not path.exists()
        out.write(b" and half")
    assert path.read_bytes() == b"half and half"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("raised", [ValueError, KeyboardInterrupt])
def test_what_is_raised_leaves_the_old_file_and_nothing_else(tmp_path, raised):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def begin():
        with atomic_file(path) as out:
            out.write(b"new")
            raise raised

    with pytest.raises(raised):
        begin()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / "file" / "below"
    with pytest.raises(DataError) as caught, atomic_file(path):
        pass
    assert str(caught.value) == f"{path} cannot be written: File exists."
