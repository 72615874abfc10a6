"""What an override sets, and how one is written so that Hydra reads the text that was typed."""

from pathlib import Path

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import given, settings
from hypothesis import strategies as st

from gan_cli.composition.overrides import Kind, by_name, key_of, literal, quoted


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


NAMES = (
    *(
        "photos (1)",
        "a=b",
        "tom & co",
        "照片",
        "~/x.npy",
        "~x",
        "#1",
        "it's",
        'a"b',
        "a, b",
        "100%",
    ),
    *("true", "NULL", "Null", "007", "1e3", "1_000", "nan", "2020-01-01", "[old]", "{x: 1}", "(x"),
    *(
        r"a\b",
        r"a\\",
        r"a\ b",
        " x ",
        "glob(*)",
        "sort(1,2)",
        "a:b",
        "$HOME",
        "'a' b",
        "-x",
        "@x",
        "=",
    ),
)
TEXT, ANY = Kind(text=True, optional=True), Kind(text=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_text_is_what_was_typed(name: str) -> None:
    line = literal(f"hydra.run.dir={name}", lambda _: TEXT)
    assert read(line) == name
    assert literal(line, lambda _: TEXT) == line, "what is quoted stays"


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(st.sampled_from("ab' \\\",=[]{}()#:~ü%1.e-"), min_size=1))
def test_any_text_is_what_was_typed_unless_it_is_quoted(name: str) -> None:
    if name[0] not in "'\"" or name[0] != name[-1]:
        assert read(literal(f"hydra.run.dir={name}", lambda _: TEXT)) == name


@pytest.mark.parametrize(
    ("value", "values"),
    [
        ("a,b", ["a", "b"]),
        ("photos (1),照片", ["'photos (1)'", "'照片'"]),
        ("a (b,c),1e3", ["'a (b,c)'", "'1e3'"]),
        ("it's, true", [r"'it\'s'", "'true'"]),
        ("'a,b',null", ["'a,b'", "null"]),
        (r"a\, (b),c", ["'a, (b)'", "c"]),
        ("glob(x*)", ["glob(x*)"]),
        ("${k}/a,b", ["${k}/a", "b"]),
    ],
)
def test_a_comma_separates_the_values_of_a_sweep(value: str, values: list[str]) -> None:
    assert literal(f"p={value}", lambda _: TEXT, swept=True) == f"p={','.join(values)}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("p=null", "p=null"),
        ("p='x'", "p='x'"),
        ("p=${k}/x", "p=${k}/x"),
        ("p=${k}/x (1)", "p='${k}/x (1)'"),
        ("+p=1", "+p='1'"),
        ("~p", "~p"),
        ("p:1", "p:1"),
        ("=1", "=1"),
    ],
)
def test_what_is_hydras_own_stays(line: str, expected: str) -> None:
    assert literal(line, lambda _: TEXT) == expected


@pytest.mark.parametrize(
    "line", ["k=5", "k=[1,2]", "k=1,2", "k=true", "k=range(3)", "dataset=ring"]
)
def test_a_value_that_is_no_text_is_read_by_hydra(line: str) -> None:
    assert literal(line, lambda _: ANY) == literal(line, lambda _: ANY, swept=True) == line


def test_a_value_that_cannot_be_read_is_left_to_the_load() -> None:
    assert literal("k=[1,2", lambda _: ANY) == "k='[1,2'"
    assert literal("a..b=(", lambda _: ANY) == "a..b=("


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("experiment=mine.yaml", "experiment=mine"),
        ("+experiment=[mine.yaml, 'other.yaml']", "+experiment=[mine, 'other']"),
        ("dataset=ring.yaml,grid.yaml", "dataset=ring,grid"),
        ("dataset=choice(ring.yaml,grid)", "dataset=choice(ring,grid)"),
        ("dataset=a.yaml.b", "dataset=a.yaml.b"),
        ("path=table.yaml", "path=table.yaml"),
        ("experiment", "experiment"),
    ],
)
def test_a_choice_that_was_typed_as_a_file_is_told_by_its_name(line: str, named: str) -> None:
    assert by_name(line, lambda key: key in ("experiment", "dataset")) == named
