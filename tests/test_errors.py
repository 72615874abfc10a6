"""Errors carry the exit status of the command, and name the nearest valid choice."""

import sys
from types import ModuleType

import numpy as np
import pytest

from gan_cli.errors import DataError, Diverged, GanError, UsageError, nearest, sentence


@pytest.mark.parametrize(
    ("kind", "status"), [(GanError, 1), (UsageError, 2), (Diverged, 3), (DataError, 4)]
)
def test_every_kind_of_error_has_its_exit_status(kind, status):
    assert kind("why").status == status
    assert str(kind("why")) == "why"
    assert issubclass(kind, GanError)


@pytest.mark.parametrize(
    ("word", "choices", "phrase"),
    [
        ("wgn", ["wgan", "hinge"], "Did you mean 'wgan'? Valid: hinge, wgan."),
        (
            "learning_rat",
            ["b1", "learning_rate"],
            "Did you mean 'learning_rate'? Valid: b1, learning_rate.",
        ),
        ("zzz", ["wgan", "hinge"], "Valid: hinge, wgan."),
        ("WGAN", ["wgan", "hinge"], "Did you mean 'wgan'? Valid: hinge, wgan."),
        ("wgan-gp", ["wgan", "wgan_gp"], "Did you mean 'wgan_gp'? Valid: wgan, wgan_gp."),
        (
            "a.lr",
            ["a.b2", "a.learning_rate"],
            "Did you mean 'a.learning_rate'? Valid: a.b2, a.learning_rate.",
        ),
        ("cuda:0", ["cpu", "gpu"], "Did you mean 'gpu'? Valid: cpu, gpu."),
        ("a.xy", ["a.b1", "a.b2"], "Valid: a.b1, a.b2."),
        ("", ["b", "a"], "Valid: a, b."),
        ("wgan", [], "Valid: none."),
        (
            "truth/js",
            ["truth/jensen_shannon", "truth/kl"],
            "Did you mean 'truth/jensen_shannon'? Valid: truth/jensen_shannon, truth/kl.",
        ),
        (
            "js",
            ["divergence/jensen_shannon", "truth/jensen_shannon"],
            "Did you mean 'truth/jensen_shannon'? "
            "Valid: divergence/jensen_shannon, truth/jensen_shannon.",
        ),
    ],
)
def test_the_nearest_choice_is_named_and_all_are_listed(word, choices, phrase):
    assert nearest(word, choices) == phrase
    assert nearest(word, iter(choices)) == phrase


def test_what_is_known_to_be_meant_is_told_alone_where_there_is_nothing_to_list():
    assert nearest("path", [], "It is a setting of dataset=array.") == (
        "It is a setting of dataset=array."
    )


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (DataError("a file is missing."), "a file is missing."),
        (PermissionError(13, "Permission denied", "a/b"), "a/b: Permission denied."),
        (OSError(28, "No space left on device"), "No space left on device."),
        (OSError("checkpoint 1 cannot be written."), "checkpoint 1 cannot be written."),
        (
            RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating 9 bytes.\nBuffers: ..."),
            "the memory does not suffice (Out of memory allocating 9 bytes.). "
            "A smaller batch_size, or smaller networks or images, need less.",
        ),
        (
            MemoryError(),
            "the memory does not suffice. "
            "A smaller batch_size, or smaller networks or images, need less.",
        ),
        (
            ModuleNotFoundError("No module named 'ot'"),
            "a package cannot be imported (No module named 'ot'). "
            "'gan doctor' shows what is installed.",
        ),
        (KeyError("k"), "unexpected KeyError: 'k'"),
    ],
)
def test_whatever_was_raised_is_one_sentence(error: Exception, told: str) -> None:
    assert sentence(error) == told


@pytest.mark.parametrize(
    "error",
    [
        lambda module: ModuleNotFoundError("'jaxtyping' is no package", name="jaxtyping.of"),
        lambda module: AttributeError("no attribute 'Float'", name="Float", obj=module),
    ],
)
def test_a_file_in_the_place_of_an_installed_package_is_named(error, monkeypatch):
    other = ModuleType("jaxtyping")
    other.__file__ = "/home/me/jaxtyping.py"
    monkeypatch.setitem(sys.modules, "jaxtyping", other)
    assert sentence(error(other)) == (
        "/home/me/jaxtyping.py has the name of an installed package. Give it another name."
    )


def test_errors_of_installed_packages_and_of_own_modules_are_told_as_they_are():
    assert sentence(AttributeError("no attribute", name="x", obj=np)) == (
        "unexpected AttributeError: no attribute"
    )
    own = ModuleType("mine_of_a_test")
    own.__file__ = "/home/me/mine_of_a_test.py"
    assert sentence(AttributeError("no attribute", name="x", obj=own)) == (
        "unexpected AttributeError: no attribute"
    )
