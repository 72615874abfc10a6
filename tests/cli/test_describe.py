"""`gan describe`: everything about a choice, from its docstring, its fields and its YAML file."""

import dataclasses
import json
import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import jax
import numpy as np
import pytest
from annotated_types import Ge, Gt, Interval, Lt
from PIL import Image

from gan_cli.cli import describe
from gan_cli.component import REGISTRY
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL
from gan_cli.prepared import Prepared
from gan_cli.reference import docstrings, entries, files

Command = Callable[..., Any]

KNOWN = files.choices()
ALL = [(group, name) for group, names in KNOWN.items() for name in names]
OF_A_TRAINING = [(group, name) for group, name in ALL if group != "metric"]
COMPONENTS = [
    (group, name) for group, name in OF_A_TRAINING if entries.describe(group, name, KNOWN).component
]
FILES = {"mnist", "fashion_mnist", "stacked_mnist"}

OWN = '''
"""An objective of the user's own."""

from typing import Annotated

from annotated_types import Gt

from gan_cli.component import component
from gan_cli.objectives.minimax import Minimax


@component
class Tempered(Minimax):
    """Minimax with outputs [divided] by a temperature.

    The maths:

        D(x) / t

    temperature: what D's outputs
        are divided by.

    Source: nobody 2026,
        equation 1.
    """

    name = "tempered_of_a_test"

    temperature: Annotated[float, Gt(0)] = 2.0
'''


@pytest.fixture
def own(empty: Path) -> list[str]:
    """A module and a YAML file of the user's own; returns the options that reach them."""
    (empty / "own_objective_of_a_test.py").write_text(OWN)
    (empty / "own" / "objective").mkdir(parents=True)
    (empty / "own" / "objective" / "tempered_of_a_test.yaml").write_text(
        "# Try it with k=5\nname: tempered_of_a_test\ntemperature: 2.0\n"
    )
    return ["--import", "own_objective_of_a_test", "--config-dir", "own"]


@pytest.fixture
def forget() -> Any:
    """Takes the user's own component out of the registry and its module away again."""
    yield
    REGISTRY["objective"].pop("tempered_of_a_test", None)
    sys.modules.pop("own_objective_of_a_test", None)


@pytest.mark.parametrize(("group", "name"), ALL, ids=map("=".join, ALL))
def test_every_choice_is_described_in_full(group: str, name: str, gan: Command) -> None:
    status, out, err = gan("describe", f"{group}={name}", "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert (found["name"], bool(found["purpose"])) == (f"{group}={name}", True)
    fields = {"key", "type", "default", "meaning"}
    assert all(set(setting) == fields for setting in found["settings"])
    first, *_, last = describe.lines(entries.describe(group, name, KNOWN))
    assert (first, last) == (f"{group}={name}", f"Example  {found['example']}")


@pytest.mark.parametrize(("group", "name"), COMPONENTS, ids=map("=".join, COMPONENTS))
def test_the_settings_are_those_of_the_configuration(group: str, name: str, gan: Command) -> None:
    """Each is shown as an override that changes nothing, and none is left out."""
    entry = entries.describe(group, name, KNOWN)
    untuned = [] if group in ("dataset", "architecture") else ["architecture=maxout"]
    plain = gan("train", "--cfg", "job", *untuned, f"{group}={name}").out
    overrides = [
        f"{prefix}{entries.override(setting).removeprefix(entry.prefixes[0])}"
        for setting in entry.settings
        for prefix in entry.prefixes
    ]
    shown = gan("train", "--cfg", "job", *untuned, f"{group}={name}", *overrides)
    assert shown == (0, plain, "")
    stated = files.read(KNOWN[group][name]).values
    leaves = {prefix.removeprefix(f"{group}.") for prefix in entry.prefixes} | {"name", "defaults"}
    listed = {setting.key.removeprefix(entry.prefixes[0]) for setting in entry.settings}
    assert listed >= {key for key, _ in entries._flat(stated)} - leaves


@pytest.mark.parametrize(("group", "name"), OF_A_TRAINING, ids=map("=".join, OF_A_TRAINING))
def test_the_example_works(
    group: str, name: str, gan: Command, empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the tracing of a step, which tests/training has for every component."""
    monkeypatch.setattr(Prepared, "rehearse", lambda _: jax.make_jaxpr(jax.numpy.sin)(1.0))
    entry = entries.describe(group, name, KNOWN)
    chosen = {setting.default for setting in entry.settings if setting.type == "choice"} | {name}
    if FILES & chosen and "GAN_DATA_DIR" not in os.environ:
        pytest.skip("GAN_DATA_DIR is not set")
    np.savez(empty / "examples.npz", np.zeros((200, 2)))
    (empty / "folder").mkdir()
    for number in range(130):
        Image.new("L", (8, 8)).save(empty / "folder" / f"{number}.png")
    assert entry.example is not None
    command, *arguments = shlex.split(entry.example)
    assert command == "gan"
    assert f"{group}={name}" in arguments
    assert gan(*arguments, "--dry-run", "--no-timing").status == 0


def test_a_component_in_full(gan: Command) -> None:
    status, out, err = gan("describe", "objective=wgan_gp")
    assert (status, err) == (0, "")
    first, *_ = out.splitlines()
    assert first == "objective=wgan_gp"
    assert "\n  discriminator_loss  E D(G(z)) - E D(x) + lambda E (|grad D| - 1)^2 " in out
    assert "\n  objective.penalty=auto\n      (number, at least 0; auto is 10.0, " in out
    assert "the weight lambda of the gradient penalty" in out
    assert "\nSource   Gulrajani et al. 2017, equation 3 and Algorithm 1." in out
    assert out.endswith("\nExample  gan train objective=wgan_gp\n")


def test_a_name_that_one_group_has_needs_no_group(gan: Command) -> None:
    assert gan("describe", "wgan") == gan("describe", "objective=wgan")


def test_a_preset_shows_its_own_values_and_the_component_behind_it(gan: Command) -> None:
    found = json.loads(gan("describe", "dataset=ring_pacgan", "--json").out)
    assert found["component"] == "gan_cli.datasets.ring.Ring"
    assert found["purpose"] == "The ring of Lin et al. 2018 (PacGAN), section 4.1."
    assert found["explanation"][0].startswith("dataset=ring: ")
    values = {setting["key"]: setting["default"] for setting in found["settings"]}
    assert values == {"dataset.count": 8, "dataset.radius": 1.0, "dataset.std": 0.01}


def test_an_experiment_shows_what_it_sets_with_meanings(gan: Command) -> None:
    found = json.loads(gan("describe", "gulrajani2017_ring", "--json").out)
    assert (found["component"], found["example"]) == (
        None,
        "gan train experiment=gulrajani2017_ring",
    )
    settings = {setting["key"]: setting for setting in found["settings"]}
    assert settings["dataset"]["default"] == "ring_wgan_gp"
    assert settings["architecture.generator_widths"]["default"] == [512, 512, 512]
    assert settings["k"]["default"] == 5
    assert settings["k"]["meaning"] == "discriminator updates per generator update"
    assert settings["objective.penalty"]["default"] == 0.1
    assert "lambda" in settings["objective.penalty"]["meaning"]
    assert settings["optimizer.discriminator.b2"]["type"].startswith("number")
    assert "\nWhat it sets\n" in gan("describe", "gulrajani2017_ring").out


def test_both_players_of_an_optimizer(gan: Command) -> None:
    found = json.loads(gan("describe", "optimizer=adam", "--json").out)
    assert found["prefixes"] == ["optimizer.generator.", "optimizer.discriminator."]
    keys = [setting["key"] for setting in found["settings"]]
    assert {"optimizer.generator.b1", "optimizer.generator.schedule.kind"} < set(keys)
    assert all(key.startswith("optimizer.generator.") for key in keys)
    assert "those of optimizer.discriminator are the same" in gan("describe", "adam").out


def test_a_penalty_says_what_it_computes_and_has_a_key_of_its_own(gan: Command) -> None:
    found = json.loads(gan("describe", "regularizer=r1", "--json").out)
    assert found["formulas"] == {"penalty": "E |grad D(x)|^2 / 2 over the data."}
    keys = [setting["key"] for setting in found["settings"]]
    assert keys[:2] == ["regularizer.r1.weight", "regularizer.r1.every"]
    assert found["example"] == "gan train regularizer=r1 regularizer.r1.weight=10.0"


def test_without_an_argument_the_settings_of_no_group(gan: Command) -> None:
    found = json.loads(gan("describe", "--json").out)
    settings = {setting["key"]: setting for setting in found["settings"]}
    root = files.read(files.conf_directory() / "config.yaml").values
    stated = {key for key, _ in entries._flat(root) if not key.startswith("hydra.")}
    groups = {"dataset", "architecture", "objective", "optimizer", *SEVERAL}
    assert set(settings) == stated | groups
    assert settings["dataset"]["default"] == "digits"
    assert settings["steps"]["default"] == "auto"
    assert settings["steps"]["type"] == (
        "whole number, at least 1; at most 2147483647; "
        "auto is 20000, or what suits the other choices"
    )
    assert settings["steps"]["meaning"] == "generator updates in all"
    assert all(setting["meaning"] for setting in settings.values())
    assert gan(*shlex.split(found["example"])[1:], "--dry-run", "--no-timing").status == 0


def test_the_users_own_component(
    gan: Command, own: list[str], forget: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, out, err = gan("describe", "tempered_of_a_test", *own)
    assert (status, err) == (0, "")
    assert out == (
        "objective=tempered_of_a_test\n"
        "Minimax with outputs [divided] by a temperature.\n"
        "\n"
        "The maths:\n"
        "\n"
        "    D(x) / t\n"
        "\n"
        "Try it with k=5\n"
        "\n"
        "What it computes\n"
        "  discriminator_loss  -E log D(x) - E log(1 - D(G(z))).\n"
        "  generator_loss      E log(1 - D(G(z))).\n"
        "  unrolled_loss       E log D(x) + E log(1 - D(G(z))).\n"
        "\n"
        "Settings and defaults\n"
        "  objective.temperature=2.0               (number, above 0)\n"
        "      what D's outputs are divided by.\n"
        "\n"
        "Source   nobody 2026, equation 1.\n"
        "\n"
        "Example  gan train --import=own_objective_of_a_test --config-dir=own "
        "objective=tempered_of_a_test objective.temperature=2.0\n"
    )
    example = shlex.split(out.splitlines()[-1].removeprefix("Example  gan "))
    assert gan(*example, "--dry-run", "--no-timing").status == 0
    listed = json.loads(gan("list", "objective", "--json", *own).out)
    assert "tempered_of_a_test" in listed["objective"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("steps: abc", "steps=abc: must be a whole number. It stands in own/experiment/mine.yaml"),
        (
            "defaults:\n- override /objective: nosuch",
            "it chooses objective=nosuch, and there is no",
        ),
        ("steps: 3", ""),
    ],
)
def test_what_cannot_be_chosen_has_no_example(
    text: str, why: str, gan: Command, empty: Path
) -> None:
    (empty / "own" / "experiment").mkdir(parents=True)
    file = empty / "own" / "experiment" / "mine.yaml"
    file.write_text(f"# @package _global_\n# A trial.\n{text}\n")
    status, out, err = gan("describe", "experiment=mine", "--config-dir", "own")
    assert (status, err) == (0, "")
    told = " ".join(out.split())
    assert ("Example" in out, "It cannot be chosen." in told) == (not why, bool(why))
    assert why.replace("own/", f"{empty}/own/") in told


def test_a_component_without_a_file_says_how_to_choose_it(
    gan: Command, own: list[str], forget: None
) -> None:
    status, out, err = gan("describe", "tempered_of_a_test", *own[:2])
    assert (status, err) == (0, "")
    assert "Write GROUP/NAME.yaml" in out
    assert "Example" not in out


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("objective=wgn", "objective=wgn: no such objective. Did you mean 'wgan'? Valid: cramer, "),
        ("objectiv=wgan", "'objectiv': no such group. Did you mean 'objective'? Valid: "),
        ("wgann", "wgann: no such choice. Did you mean 'wgan'?"),
        ("launcher", "launcher: it is Hydra's own. What trains the members of a sweep: "),
        ("=wgan", "'': no such group. "),
        ("objective", "objective is a group. Its choices: gan list objective"),
        ("architecture.laten", "architecture.laten: no such setting. Did you mean 'architecture."),
        ("checkpoints.zzz", "checkpoints.zzz: no such setting."),
        ("", "'': no such choice. "),
        (" ", "' ': no such choice. "),
    ],
)
def test_an_unknown_choice(target: str, text: str, gan: Command) -> None:
    status, out, err = gan("describe", target)
    assert (status, out) == (2, "")
    assert err.startswith(f"gan: {text}")
    assert err.count("\n") == 1


def test_a_setting(gan: Command) -> None:
    status, out, err = gan("describe", "architecture.filters")
    assert (status, err) == (0, "")
    assert out == (
        "architecture.filters=32  (whole number, at least 1)\n"
        "  the channels of the layer next to the image; they double with every halving.\n"
        "  A setting of architecture=dcgan.\n"
    )
    assert "architecture=dcgan, " in gan("describe", "architecture.packing").out
    assert gan("describe", "k").out.startswith("k=1  (whole number, at least 1; at most ")
    found = json.loads(gan("describe", "optimizer.discriminator.b1", "--json").out)
    choices = [each["choices"] for each in found]
    assert choices == [["optimizer=adam"], ["optimizer=optimistic_adam"]]


def test_a_setting_of_both_players(gan: Command) -> None:
    first, *rest = gan("describe", "optimizer.b1").out.splitlines()
    assert first == "optimizer.b1=0.5  (number, at least 0 and less than 1)"
    told = " ".join("".join(rest).split())
    assert "for both players. A setting of optimizer=adam." in told
    assert told.endswith("for both players. A setting of optimizer=optimistic_adam.")


def test_no_line_is_wider_than_the_terminal(gan: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for target in ("architecture=mlp", "optimizer=adam", "objective=wgan", "architecture.latent"):
        assert max(map(len, gan("describe", target).out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("k=5", "k=5: k is no group. The setting: gan describe k"),
        ("lr", "lr: no such choice. The setting: gan describe optimizer.learning_rate"),
        ("hydra.run.dir", "hydra.run.dir: it is Hydra's own. Its settings: gan train --cfg hydra"),
        ("model", "model: no such choice. Its choices: gan list architecture"),
        (
            "epochs",
            "epochs: no such choice. Training is counted in steps, each with one minibatch for G: "
            "write steps=N, where N is epochs * examples / batch_size.",
        ),
        (
            "optimizer.lr",
            "optimizer.lr: no such setting. Did you mean 'optimizer.learning_rate'?",
        ),
    ],
)
def test_a_word_that_stands_for_a_setting(target: str, text: str, gan: Command) -> None:
    assert gan("describe", target) == (2, "", f"gan: {text}\n")


def test_the_table_of_settings(gan: Command, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (empty / "tuned.yaml").write_text(
        "- for: {k: [4, 5]}\n  set: {regularizer: {r1: {weight: 3}}}\n"
    )
    status, out, err = gan("describe", "tuned", "--config-dir", ".")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "conf/tuned.yaml, row 1: always\n  architecture=mlp  steps=20000" in out
    assert out.endswith(
        "tuned.yaml, row 1: k 4 or 5\n  regularizer=[r1]  regularizer.r1.weight=3\n"
    )
    found = json.loads(gan("describe", "tuned", "--json").out)
    assert found[1]["conditions"] == {"architecture": ["dcgan", "maxout"]}
    assert found[1]["settings"] == ["architecture.latent=100"]


def test_a_group_within_a_component(gan: Command) -> None:
    out = gan("describe", "regularizer.r1.schedule").out
    heads = [line.split("=")[0] for line in out.splitlines() if line.startswith("regularizer")]
    assert heads == [f"regularizer.r1.schedule.{key}" for key in ("kind", "steps", "end", "rate")]


def test_a_name_that_several_groups_have() -> None:
    known: files.Choices = {"dataset": {"a": None}, "objective": {"a": None}}
    with pytest.raises(UsageError) as refusal:
        files.find("a", known)
    assert str(refusal.value) == ("a: several groups have it. Write dataset=a or objective=a.")
    assert files.find("objective=a", known) == ("objective", "a")


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (int, "whole number"),
        (bool, "true or false"),
        (Annotated[int, Ge(1)], "whole number, at least 1"),
        (Annotated[float, Interval(ge=0, lt=1)], "number, at least 0 and less than 1"),
        (Annotated[float, Gt(0), Lt(2)], "number, above 0; less than 2"),
        (Annotated[str, "a note"], "text"),
        (tuple[Annotated[int, Ge(1)], ...], "list, each a whole number, at least 1"),
        (str | None, "text or null"),
        (Literal["auto", "cpu", "gpu"], "auto, cpu or gpu"),
    ],
)
def test_types_in_words(hint: Any, words: str) -> None:
    assert entries.type_name(hint) == words


def test_the_parts_of_a_docstring() -> None:
    @dataclasses.dataclass
    class Base:
        """Base.

        inherited, changed: meanings of the base.
        """

        inherited: int = 0
        changed: int = 0

    @dataclasses.dataclass
    class Derived(Base):
        """The purpose.

        A paragraph
        of two lines, with words: no field.

        changed: a meaning
            of two lines.
        own: one line.

        The last paragraph.

        Source: a paper,
            equation 2.
        """

        own: int = 0

    assert docstrings.read(Derived) == (
        "The purpose.",
        ["A paragraph of two lines, with words: no field.", "The last paragraph."],
        {
            "inherited": "meanings of the base.",
            "changed": "a meaning of two lines.",
            "own": "one line.",
        },
        "a paper, equation 2.",
    )


def test_a_class_without_a_docstring_says_nothing() -> None:
    @dataclasses.dataclass
    class Silent:
        field: int = 0

    assert docstrings.read(Silent) == ("", [], {}, "")


def test_comments_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("# one\n# two\na: 1  # first\nb:   # second\n  c: x # third\nd: 2\n# no\n")
    assert files.read(path) == (
        ["one", "two"],
        {"a": 1, "b": {"c": "x"}, "d": 2},
        {"a": "first", "b": "second", "b.c": "third", "d": ""},
    )
