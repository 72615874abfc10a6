"""What the comments of a YAML file tell."""

import pytest

from gan_cli.composition.comments import alternatives, comments, line_numbers


def test_the_comment_of_each_key() -> None:
    lines = ["# About it", "k: 1  # how often", "a:  # a group", "  b: x", "  c: [1] # two words"]
    assert comments(lines) == {"k": "how often", "a": "a group", "a.b": "", "a.c": "two words"}
    assert line_numbers("\n".join(lines)) == {"k": 2, "a": 3, "a.b": 4, "a.c": 5}


def test_the_line_of_keys_that_share_one() -> None:
    text = "a: {b: 1, c: {d: 2}}\ne: &x {f: 3}\ng: *x\n"
    assert line_numbers(text) == {
        "a": 1, "a.b": 1, "a.c": 1, "a.c.d": 1, "e": 2, "e.f": 2, "g": 3, "g.f": 2,
    }  # fmt: skip
    assert line_numbers("") == {}


@pytest.mark.parametrize(
    ("comment", "value", "names"),
    [
        ("relu, tanh or silu", "relu", ["relu", "tanh", "silu"]),
        ("where: auto, cpu, gpu or tpu", "auto", ["auto", "cpu", "gpu", "tpu"]),
        ("alternating (Algorithm 1, k) or other (x)", "alternating", ["alternating", "other"]),
        ("grey, rgb, or auto, which is either", "auto", ["grey", "rgb", "auto"]),
        ("28, or 32 with a border", "28", ["28", "32"]),
        ("auto (the cache), off, or a directory", "auto", []),
        ("the mass of each mode, or one number for all", "0.5", []),
        ("relu or tanh", "silu", []),
        ("how often", "1", []),
    ],
)
def test_the_choices_that_a_comment_lists(comment: str, value: str, names: list[str]) -> None:
    assert alternatives(comment, value) == names
