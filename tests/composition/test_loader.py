"""What the table chooses where a configuration says auto, and what it reads."""

import dataclasses
import pickle
from collections import Counter
from pathlib import Path

import pytest
from hydra._internal.config_repository import ConfigRepository
from hydra.plugins.config_source import ConfigResult

from gan_cli import config
from gan_cli.architectures.base import Architecture
from gan_cli.composition import compose, requested
from gan_cli.errors import UsageError
from gan_cli.tuned import configuration
from tests.refused import choices, sweep_text_of, valid, words


@pytest.fixture
def table(tmp_path):
    """A table of the user's own that chooses by data set, objective and k."""
    (tmp_path / "tuned.yaml").write_text(
        "- set: {batch_size: 64}\n"
        "- for: {dataset: ring_pacgan}\n"
        "  set:\n"
        "    architecture.latent: 8\n"
        "    optimizer.generator.learning_rate: 1.0e-3\n"
        "    optimizer.generator.b1: 0.0\n"
        "- for: {dataset: ring_pacgan, objective: wgan, k: 5}\n"
        "  set: {optimizer.generator.learning_rate: 1.0e-4}\n"
    )
    return tmp_path


def rate(config):
    return config.optimizer.generator.learning_rate


def test_what_suits_the_choice_replaces_auto(table):
    with compose.hydra(table) as program:
        made = compose.compose(program, ["dataset=ring_pacgan", "architecture=maxout"])
        assert (made.architecture.latent, rate(made), made.batch_size) == (8, 0.001, 64)
        assert configuration.told(made) == (
            "batch size 64, latent 8, generator learning rate 0.001, generator b1 0 "
            f"({table}/tuned.yaml, rows 1 and 2)"
        )
        assert (
            rate(compose.compose(program, ["dataset=ring_pacgan", "objective=wgan", "k=5"]))
            == 0.0001
        )
        assert compose.compose(program, ["dataset=ring"]).batch_size == 64


def test_every_override_wins(table):
    lines = ["dataset=ring_pacgan", "architecture.latent=2", "batch_size=32"]
    with compose.hydra(table) as program:
        made = compose.compose(program, [*lines, "optimizer=sgd"])
        assert (made.architecture.latent, made.batch_size) == (2, 32)
        assert "b1" not in made.optimizer.generator
        assert configuration.told(made) == (
            f"generator learning rate 0.001 ({table}/tuned.yaml, row 2), left out b1"
        )
        kept = compose.compose(program, [*lines, "experiment=mnist_dcgan", "dataset=ring_pacgan"])
        assert (rate(kept), kept.steps) == (0.0002, 4000)


def test_a_reference_to_what_is_chosen(table):
    line = "optimizer.discriminator.learning_rate=${optimizer.generator.learning_rate}"
    with compose.hydra(table) as program:
        made = compose.compose(program, ["dataset=ring_pacgan", line, "k=${oc.decode:'5'}"])
        assert made.optimizer.discriminator.learning_rate == rate(made) == 0.001
        made = compose.compose(
            program, ["dataset=ring_pacgan", "objective=wgan", "k=${oc.decode:'5'}"]
        )
        assert rate(made) == 0.0001


def test_each_member_gets_what_suits_it(table):
    lines = ["dataset=ring_pacgan", "objective=minimax,wgan", "k=5"]
    swept = "optimizer.generator.learning_rate=auto,0.5"
    with compose.hydra(table) as program:
        command = requested.read(program, [*lines, swept], multirun=True)
        assert [rate(member.config) for member in command.members] == [0.001, 0.5, 0.0001, 0.5]
        assert command.base is not None
        assert rate(command.base) == "auto"


@pytest.mark.usefixtures("newest_classes")
def test_another_process_chooses_the_same(table):
    with compose.hydra(table) as program:
        command = requested.read(program, ["dataset=ring_pacgan", "seed=1,2"], multirun=True)
        there = pickle.loads(pickle.dumps(program.config_loader))
        assert there.members == {}
        again = there.load_sweep_config(command.base, ["dataset=ring_pacgan", "seed=2"])
        assert compose.plain(again) == compose.plain(command.members[1].config)
        assert configuration.told(again) == configuration.told(command.members[1].config)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("", "mlp"),
        ("dataset=mnist", "dcgan"),
        ("architecture=auto dataset=mnist", "dcgan"),
        ("dataset=mnist architecture.filters=64", "dcgan"),
        ("dataset=mnist objective=wgan_gp architecture.filters=8", "dcgan"),
        ("dataset=mnist architecture=mlp architecture.generator_widths=[8]", "mlp"),
        ("objective=wgan_gp architecture=dcgan", "dcgan"),
        ("experiment=gulrajani2017_ring dataset=mnist", "mlp"),
    ],
)
def test_the_architecture_suits_where_nobody_chose_one(program, line, name):
    made = compose.compose(program, line.split())
    assert made.architecture.name == made.hydra.runtime.choices.architecture == name
    assert made.hydra.overrides.task == line.split()


@pytest.fixture
def networks(tmp_path):
    """A table and an experiment of the user's own, by which networks are chosen."""
    (tmp_path / "tuned.yaml").write_text(
        "- for: {dataset: digits, k: 5}\n  set: {architecture: maxout}\n"
    )
    (tmp_path / "experiment").mkdir()
    head = "# @package _global_\ndefaults:\n  - override /dataset: mnist\n"
    chosen = "  - override /architecture: mlp\narchitecture: {generator_widths: [8]}\n"
    (tmp_path / "experiment" / "open.yaml").write_text(f"{head}architecture: {{filters: 8}}\n")
    (tmp_path / "experiment" / "chosen.yaml").write_text(head + chosen)
    return tmp_path


def test_an_architecture_that_only_the_whole_configuration_tells(networks):
    """Its settings are those of another one than the names in the overrides make likely."""
    five = "k=${oc.decode:'5'}"
    with compose.hydra(networks) as program:
        made = compose.compose(program, [five, "architecture.pieces=3"])
        assert (made.architecture.name, made.architecture.pieces) == ("maxout", 3)
        assert configuration.told(made) == (f"architecture maxout ({networks}/tuned.yaml, row 1)")
        assert compose.compose(program, ["k=5", "dataset=mnist"]).architecture.name == "dcgan"
        for name, expected in {"open": "dcgan", "chosen": "mlp"}.items():
            made = compose.compose(program, [f"experiment={name}"])
            assert made.architecture.name == expected
            config.load(compose.plain(made))


def test_each_member_gets_the_architecture_that_suits_it(program):
    swept, own = "dataset=mnist,fashion_mnist", "architecture.filters=8"
    command = requested.read(program, [own, swept], multirun=True)
    assert [each.config.architecture.filters for each in command.members] == [8, 8]
    assert command.base is not None
    assert command.base.hydra.overrides.task == [own, swept]
    command = requested.read(program, ["dataset=ring,mnist"], multirun=True)
    assert [each.config.architecture.name for each in command.members] == ["mlp", "dcgan"]
    assert sweep_text_of(program, own, "dataset=mnist,ring").startswith(
        "member 1 (dataset=ring): architecture.filters: no such setting. "
    )


def test_an_architecture_that_there_is_not_in_a_table(tmp_path):
    (tmp_path / "tuned.yaml").write_text("- set: {architecture: dcgann}\n")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    known = [name for name in choices("architecture") if name != "auto"]
    assert words(refused) == (
        f"{tmp_path}/tuned.yaml, row 1: architecture=dcgann: no such architecture. "
        f"Did you mean 'dcgan'? {valid(known)}"
    )


def test_a_mistake_in_a_table_of_ones_own(tmp_path):
    (tmp_path / "tuned.yaml").write_text("- sett: {}\n")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    assert words(refused) == (
        f"{tmp_path}/tuned.yaml, row 1: a row has no part 'sett'. "
        "Did you mean 'set'? Valid: for, leave_out, set."
    )


def test_a_sweep_reads_each_file_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many members there are."""
    read: Counter[str] = Counter()
    load = ConfigRepository.load_config

    def counted(files: ConfigRepository, config_path: str) -> ConfigResult | None:
        read[config_path] += 1
        return load(files, config_path)

    monkeypatch.setattr(ConfigRepository, "load_config", counted)
    with compose.hydra() as program:
        found = requested.read(program, ["dataset=ring", "seed=range(3)"], multirun=True)
    assert [member.config.seed for member in found.members] == [0, 1, 2]
    assert set(read.values()) == {1}


def test_what_every_choice_has_is_set_where_the_file_of_ones_own_leaves_it_out(tmp_path):
    (tmp_path / "architecture").mkdir()
    (tmp_path / "architecture" / "mine.yaml").write_text("name: mlp\nlatent: 4\n")
    with compose.hydra(tmp_path) as program:
        made = compose.compose(program, ["architecture=mine", "architecture.packing=2"])
        with pytest.raises(UsageError) as refused:
            compose.compose(program, ["architecture=mine", "architecture.filters=2"])
    assert made.architecture == {"name": "mlp", "latent": 4, "packing": 2}
    told, _, valid = words(refused).partition(" Valid: ")
    assert told.startswith("architecture.filters: no such setting. It is a setting of ")
    own = ("latent", "packing", "prior", "spectral_norm")
    assert valid == f"{', '.join(f'architecture.{name}' for name in own)}."
    assert own == tuple(sorted(field.name for field in dataclasses.fields(Architecture)))


def test_a_table_in_a_folder_with_the_name_of_the_packages_is_checked_and_told_apart(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "conf"
    own.mkdir()
    for row, said in (
        ("{for: {dataset: ring}, set: {batch: 7}}", "there is no setting 'batch'."),
        ("{for: {dataset: rong}, set: {k: 7}}", "dataset: rong: there is no such dataset."),
    ):
        (own / "tuned.yaml").write_text(f"- {row}\n")
        with pytest.raises(UsageError) as refused, compose.hydra(Path("conf")):
            pass
        assert str(refused.value).startswith(f"conf/tuned.yaml, row 1: {said}")
    (own / "tuned.yaml").write_text("- {for: {dataset: ring}, set: {batch_size: 7}}\n")
    with compose.hydra(Path("conf")) as program:
        made = compose.compose(program, ["dataset=ring"])
    told = configuration.told(made)
    assert (made.batch_size, told.count("row")) == (7, 2)
    assert "(conf/tuned.yaml, row 1; gan's conf/tuned.yaml, row" in told


@pytest.mark.parametrize("line", ["dataset=ring_pacgan", "experiment=mine"])
def test_a_choice_that_is_written_as_a_file_is_the_choice(line, tmp_path):
    """Which the table knows by its name."""
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(
        "# @package _global_\ndefaults:\n  - override /dataset: ring_pacgan.yaml\n"
    )
    with compose.hydra(tmp_path) as program:
        made = compose.compose(program, [f"{line}.yaml"])
        [member] = requested.read(program, [f"{line}.yaml"], multirun=True).members
    assert made.hydra.runtime.choices.dataset == "ring_pacgan"
    assert made.hydra.overrides.task == member.config.hydra.overrides.task == [line]
    assert configuration.told(made).endswith("18)")
