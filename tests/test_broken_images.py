"""What is wrong with a file that is no image is told by its content."""

from pathlib import Path

import pytest
from PIL import UnidentifiedImageError

from gan_cli.broken_images import complaint, why


@pytest.mark.parametrize(
    ("content", "error", "told"),
    [
        (b"", UnidentifiedImageError("a"), "empty"),
        (b"\n <!DOCTYPE html>", UnidentifiedImageError("a"), "a web page"),
        (b"<html>404", UnidentifiedImageError("a"), "a web page"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:1",
            UnidentifiedImageError("a"),
            "a pointer of Git LFS, which `git lfs pull` replaces by the image",
        ),
        (b"hello", UnidentifiedImageError("a"), "damaged, or no image of a known format"),
        (b"\x89PNG", OSError("image file is\ntruncated."), "image file is truncated"),
        (b"\x89PNG", ValueError(), "damaged"),
    ],
)
def test_the_reason(content: bytes, error: Exception, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(content)
    assert why(tmp_path / "a.png", error) == told


def test_files_are_named_by_reason() -> None:
    broken = {f"{i}.png": "empty" for i in range(5)} | {"x.png": "damaged"}
    start = "of the 9 images in f cannot be decoded: "
    end = ". Mend them, or move them elsewhere."
    assert complaint(Path("f"), broken, 9) == (
        f"6 {start}empty (0.png, 1.png, 2.png and 2 more); damaged (x.png){end}"
    )
    broken = {f"{i}.png": f"damaged at {i}" for i in range(5)}
    assert complaint(Path("f"), broken, 9) == (
        f"5 {start}damaged at 0 (0.png); damaged at 1 (1.png); damaged at 2 (2.png); "
        f"2 more reasons{end}"
    )
