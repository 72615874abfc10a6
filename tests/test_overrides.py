"""What an override sets, and how one is written so that Hydra reads the same path."""

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_cli.overrides import key_of, quoted


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("k=5", "k"),
        ("objective.clip=1e-2", "objective.clip"),
        ("optimizer/generator=sgd", "optimizer/generator"),
        ("+launcher.jobs=2", "launcher.jobs"),
        ("++a.b=true", "a.b"),
        ("~ema", "ema"),
        ("name=a=b", "name"),
        ("k=", "k"),
    ],
)
def test_the_key(line: str, key: str) -> None:
    assert key_of(line) == key


def read(line: str) -> str:
    [override] = OverridesParser.create().parse_overrides([line])
    assert (override.key_or_group, override.is_sweep_override()) == ("hydra.run.dir", False)
    return str(override.value())


@pytest.mark.parametrize(
    "path", ["my run", "it's", 'a"b', "a,b", "k=1", "[x]", "true", r"a\b", r"a\'b", "a\\", r"\\x\\"]
)
def test_hydra_reads_the_path_that_was_quoted(path: str) -> None:
    assert read(quoted("hydra.run.dir", Path(path))) == path


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("ab' \\\",=[]{}()$#:~ü%"), min_size=1))
def test_hydra_reads_any_path_that_was_quoted(path: str) -> None:
    assert read(quoted("hydra.run.dir", Path(path))) == path
