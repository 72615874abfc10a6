"""Tables of settings as files: what is read, and every mistake in one clear sentence."""

from pathlib import Path

import pytest

from gan_cli.errors import UsageError
from gan_cli.tuned import table
from gan_cli.tuned.table import Row


def read(tmp_path, text, *, usual=False):
    (tmp_path / table.FILE).write_text(text)
    return table.read(tmp_path / table.FILE, "mine/tuned.yaml", usual=usual)


def test_rows_in_their_order(tmp_path):
    rows = read(
        tmp_path,
        """
- set: {ema: 0, architecture.latent: 8}
- for: {dataset: [ring, grid], k: 5}
  set: {optimizer.generator.learning_rate: 1e-3}
  leave_out: [regularizer.r1]
""",
    )
    first, second = rows
    assert first == Row("mine/tuned.yaml", 1, {}, {"ema": 0, "architecture.latent": 8}, [])
    assert second == Row(
        "mine/tuned.yaml",
        2,
        {"dataset": ["ring", "grid"], "k": [5]},
        {"optimizer.generator.learning_rate": 0.001},
        ["regularizer.r1"],
    )


def test_a_setting_of_both_optimizers_is_one_of_each_which_may_have_its_own(tmp_path):
    text = """
- for: {optimizer.learning_rate: [1, 2]}
  set: {optimizer.generator.b1: 0, optimizer.b1: 0.5}
  leave_out: [optimizer.b2]
"""
    [row] = read(tmp_path, text)
    assert row.conditions == {
        "optimizer.generator.learning_rate": [1, 2],
        "optimizer.discriminator.learning_rate": [1, 2],
    }
    assert row.settings == {"optimizer.generator.b1": 0, "optimizer.discriminator.b1": 0.5}
    assert row.leave_out == ["optimizer.generator.b2", "optimizer.discriminator.b2"]


def test_nested_settings_are_dotted_keys_and_a_group_of_several_stays_whole(tmp_path):
    text = """
- for: {dataset: {name: ring, std: 1}}
  set: {optimizer: {b1: 0, generator: {schedule: {kind: cosine}}}, regularizer: {r1: {weight: 1}}}
"""
    [row] = read(tmp_path, text)
    assert row.conditions == {"dataset": ["ring"], "dataset.std": [1]}
    assert row.settings == {
        "optimizer.generator.b1": 0,
        "optimizer.discriminator.b1": 0,
        "optimizer.generator.schedule.kind": "cosine",
        "regularizer": {"r1": {"weight": 1}},
    }


def test_the_packages_rows_about_one_component_say_what_is_usual(tmp_path):
    rows = read(
        tmp_path,
        """
- set: {ema: 0, architecture.latent: 8}
- for: {optimizer.generator: sgd}
  set: {optimizer.generator.learning_rate: 0.1, ema: 0.9}
- for: {dataset: ring, architecture: mlp}
  set: {architecture.latent: 2}
""",
        usual=True,
    )
    assert [row.usual for row in rows] == [
        ["ema", "architecture.latent"],
        ["optimizer.generator.learning_rate"],
        [],
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("set: {k: 1}", ": must be a list of rows, such as `- set: {batch_size: 64}`."),
        ("- 3", ", row 1: must be a group of settings with `for` and `set`."),
        (
            "- set: {}\n- sett: {k: 1}",
            ", row 2: a row has no part 'sett'. Did you mean 'set'? Valid: for, leave_out, set.",
        ),
        ("- for: [ring]", ", row 1: `for` must be a group such as {k: 5}."),
        ("- set: 3", ", row 1: `set` must be a group such as {k: 5}."),
        ("- leave_out: k", ", row 1: `leave_out` must be a list of keys."),
        (
            "- for: {datset: ring}",
            ", row 1: 'datset' is no condition. Did you mean 'dataset'? "
            "Valid: architecture, dataset, k, objective, optimizer.",
        ),
        (
            "- for: {dataset: [{name: ring}]}",
            ", row 1: dataset: a condition is a value or a list of them.",
        ),
        (
            "- for: {architecture.latent: 2}\n  set: {architecture: mlp}",
            ", row 1: `for` cannot look at the architecture where `set` chooses it.",
        ),
    ],
)
def test_what_is_wrong_with_a_table(tmp_path, text, told):
    with pytest.raises(UsageError) as refused:
        read(tmp_path, text)
    assert str(refused.value) == f"mine/tuned.yaml{told}"


@pytest.mark.parametrize("text", ["- [", "- set: {a: 1, a: 2}"])
def test_a_file_that_is_no_yaml(tmp_path, text):
    with pytest.raises(UsageError, match=r"^mine/tuned\.yaml cannot be read: while "):
        read(tmp_path, text)


@pytest.mark.parametrize(
    ("folder", "files"),
    [
        (None, ["conf/tuned.yaml"]),
        ("mine", ["conf/tuned.yaml", "mine/tuned.yaml"]),
        ("conf", ["gan's conf/tuned.yaml", "conf/tuned.yaml"]),
        ("gan/conf", ["conf/tuned.yaml"]),
        ("empty", ["conf/tuned.yaml"]),
    ],
)
def test_the_rows_of_the_package_and_of_the_user_are_told_apart(
    folder: str | None, files: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where a folder of the user's has the name of the package's, or is it."""
    monkeypatch.chdir(tmp_path)
    for place in ("gan/conf", "mine", "conf", "empty"):
        Path(place).mkdir(parents=True)
        if place != "empty":
            (Path(place) / table.FILE).write_text("- set: {ema: 0}\n")
    rows = table.both(Path("gan/conf") / table.FILE, Path(folder) if folder else None)
    assert [row.file for row in rows] == files
    assert [row.is_own for row in rows] == [False, True][: len(files)]
    assert [bool(row.usual) for row in rows] == [True, False][: len(files)]
