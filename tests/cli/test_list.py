"""`gan list`: every choice of every group, with what each is for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gan_cli.composition import compose
from gan_cli.composition.compose import conf_directory

Command = Callable[..., Any]

CONF = conf_directory()
GROUPS = sorted({path.name for path in CONF.iterdir() if path.is_dir()} - {"hydra"})


def test_every_file_of_every_group_is_listed_with_its_purpose(shell: Command) -> None:
    """In a process of its own, where no other test has made components known."""
    status, out, err = shell("list", "--json")
    assert (status, err) == (0, "")
    listed = json.loads(out)
    assert list(listed) == GROUPS
    for group, purposes in listed.items():
        assert list(purposes) == sorted(path.stem for path in (CONF / group).glob("*.yaml"))
        assert all(purposes.values()), group


def test_one_group(gan: Command) -> None:
    listed = json.loads(gan("list", "objective", "--json").out)
    assert list(listed) == ["objective"]
    assert listed["objective"] == json.loads(gan("list", "--json").out)["objective"]


def test_a_purpose_is_the_docstrings_first_line_or_the_files_first_sentence(gan: Command) -> None:
    from gan_cli.objectives.wgan import Wgan

    listed = json.loads(gan("list", "--json").out)
    assert listed["objective"]["wgan"] == (Wgan.__doc__ or "").splitlines()[0]
    assert listed["experiment"]["goodfellow2014_mnist"] == (
        "Goodfellow et al. 2014, the MNIST row of Table 1: the settings of the authors' code."
    )


@pytest.mark.parametrize("columns", ["60", "80"])
def test_the_lines_fit_the_terminal(
    columns: str, gan: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    status, out, err = gan("list")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= int(columns)
    heads = [line.split()[0] for line in out.splitlines() if line and not line.startswith(" ")]
    assert heads[: len(GROUPS) + 1] == [*GROUPS, "Everything"]
    with compose.hydra() as program:
        launchers = program.config_loader.get_group_options("hydra/launcher")
    assert all(name in out[out.index("Everything") :] for name in launchers)
    listed = json.loads(gan("list", "--json").out)
    words = " ".join(out.split())
    for purposes in listed.values():
        for name, purpose in purposes.items():
            assert f"{name} {' '.join(purpose.split())}" in words  # brackets are not markup


def test_an_unknown_group(gan: Command) -> None:
    assert gan("list", "objectives") == (
        2,
        "",
        f"gan: objectives: no such group. Did you mean 'objective'? Valid: {', '.join(GROUPS)}.\n",
    )


def test_a_choice_in_the_place_of_a_group(gan: Command) -> None:
    told = "mnist: no such group. It is a choice: gan describe dataset=mnist."
    assert gan("list", "mnist").err.startswith(f"gan: {told} Valid: ")


@pytest.mark.parametrize("name", ["", " "])
def test_a_name_that_cannot_be_seen(name: str, gan: Command) -> None:
    assert gan("list", name).err.startswith(f"gan: '{name}': no such group. Valid: ")
    assert gan("data", "verify", name).err.startswith(f"gan: '{name}': no such data set. Valid: ")
    assert gan("compare", name).err.startswith(f"gan: '{name}': there is no run. ")
    assert gan("train", "--import", name).err == "gan: --import: the name of a module is empty.\n"


def test_the_launchers_are_told_of(gan: Command) -> None:
    status, _, err = gan("list", "hydra/launcher")
    assert (status, "hydra/launcher=NAME, which is side_by_side" in err) == (2, True)
    status, _, err = gan("list", "sweeper")
    assert (status, "hydra/sweeper=NAME, which is basic" in err) == (2, True)


def test_a_directory_that_is_not_there(gan: Command) -> None:
    assert gan("list", "--config-dir", "nowhere") == (
        2,
        "",
        "gan: --config-dir nowhere: no such directory.\n",
    )


def test_the_users_own_files(gan: Command, empty: Path) -> None:
    for group, name, header in [
        ("dataset", "narrow", "# A ring that is narrow. It has six modes."),
        ("mine", "first", "# A group of the user's own"),
    ]:
        (empty / "own" / group).mkdir(parents=True, exist_ok=True)
        (empty / "own" / group / f"{name}.yaml").write_text(f"{header}\nname: ring\ncount: 6\n")
    listed = json.loads(gan("list", "--config-dir", "own", "--json").out)
    assert listed["dataset"]["narrow"] == "A ring that is narrow."
    assert listed["mine"] == {"first": "A group of the user's own."}
    (empty / "own" / "dataset" / "ring.yaml").write_text("name: ring\ncount: 6\n")
    for command in ("list", "describe dataset=ring"):
        status, out, err = gan(*command.split(), "--config-dir", "own")
        assert (status, out) == (2, "")
        assert err.startswith("gan: own/dataset/ring.yaml would not be read: gan has a file of")


@pytest.mark.parametrize("command", ["list", "describe", "doctor"])
def test_the_help_imports_no_jax(command: str, shell: Command, empty: Path) -> None:
    (empty / "jax.py").write_text("raise SystemExit('jax was imported')\n")
    status, out, err = shell(command, "--help")
    assert (status, err) == (0, "")
    assert f"gan {command}" in out
