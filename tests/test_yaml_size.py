"""What a YAML file stands for is counted before it is read, however few lines it has."""

import time
from pathlib import Path

import pytest

from gan_cli.reading import yaml_fault

BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefghijklm", "bcdefghijklmn", strict=True)
)
MANY = "it stands for more than 100,000 values, aliases such as *a included"
DEEP = "its values are nested more than 50 levels deep"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, MANY),
        ("a: &a [*a]\n", "*a refers to the very value that it is in"),
        ("a: " + "[" * 5000 + "]" * 5000, DEEP),
        ("- " * 5000 + "1\n", DEEP),
        ("- " * 51 + "1\n", DEEP),
        ("- &a0 [1]\n" + "".join(f"- &a{i} [*a{i - 1}]\n" for i in range(1, 60)), DEEP),
        ("".join(f"{' ' * n}a:\n" for n in range(60)) + " " * 60 + "b: 1\n", DEEP),
        (f"seed: {'1' * 5000}\n", "a number has 5,000 digits, and 308 are allowed"),
        ("- 1\n" * 100_001, MANY),
    ],
)
def test_what_is_too_large_is_told_at_once(text: str, told: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    begin = time.perf_counter()
    assert yaml_fault(file) == told
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {b: 1, c: [2, 3]}\nd: *a\ne:\n  <<: *a\n",
        "a: [1, 2\n",  # no YAML, which its reader says
        "a: *unknown\n",
        f"seed: {'1' * 308}\n",
        "- " * 50 + "1\n",
        "",
    ],
)
def test_other_files_are_left_to_their_readers(text: str, tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(text)
    assert yaml_fault(file) is None


def test_so_are_missing_files_and_another_encoding_is_told(tmp_path: Path) -> None:
    assert yaml_fault(tmp_path / "none.yaml") is None
    (tmp_path / "x.yaml").write_bytes("k: 3".encode("utf-16"))
    assert yaml_fault(tmp_path / "x.yaml") == "it is not in UTF-8, in which an editor can save it"
