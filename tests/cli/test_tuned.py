"""Settings that suit the choice, from the command line to the run directory."""

import re
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

Command = Callable[..., Any]
Tiny = tuple[str, ...]

TABLE = """
- for: {dataset: [ring_pacgan, ring], objective: [minimax, wgan]}
  set: {architecture.latent: 8, optimizer.generator.learning_rate: 0.01}
- for: {objective: wgan}
  set: {optimizer.generator.learning_rate: 0.02}
"""
CHOICE = ["dataset=ring_pacgan", "objective=minimax", "--config-dir", "own"]
UNTUNED = ["optimizer=rmsprop", *CHOICE]
"""What the package's own table has no row for."""
RATE = "optimizer.generator.learning_rate=auto"
TOLD = "latent 8, generator learning rate 0.01 (own/tuned.yaml, row 1)"
SWEEP = ["architecture.latent=auto", RATE, "objective=minimax,wgan", "--config-dir", "own"]


@pytest.fixture
def own(empty: Path) -> Path:
    """A table of the user's own."""
    (empty / "own").mkdir()
    (empty / "own" / "tuned.yaml").write_text(TABLE)
    return empty / "own"


def saved(run: Path) -> Any:
    return yaml.safe_load((run / ".hydra" / "config.yaml").read_text())


def rates(sweep: Path) -> list[float]:
    return [
        saved(member)["optimizer"]["generator"]["learning_rate"]
        for member in sorted(path for path in sweep.iterdir() if path.is_dir())
    ]


def test_the_header_says_what_was_chosen(gan: Command, own: Path) -> None:
    assert f"\ntuned          {TOLD}\n" in gan("train", "--dry-run", "--no-timing", *UNTUNED).out
    assert (
        "tuned"
        not in gan(
            "train", "--dry-run", "--no-timing", "optimizer=rmsprop", "--config-dir", "own"
        ).out
    )


def test_the_configuration_says_what_was_chosen(gan: Command, own: Path) -> None:
    status, out, err = gan("train", "--cfg", "job", *UNTUNED)
    assert (status, out.partition("\n")[0], err) == (0, f"# tuned: {TOLD}", "")
    assert yaml.safe_load(out)["architecture"]["latent"] == 8
    assert not gan("train", "--cfg", "hydra", *UNTUNED).out.startswith("#")
    assert gan("train", "--cfg", "job", "--package", "architecture.latent", *UNTUNED).out == "8\n"


def test_a_run_keeps_what_was_chosen(gan: Command, tiny: Tiny, own: Path, empty: Path) -> None:
    line = [*tiny, "architecture.latent=auto", RATE, *CHOICE, "hydra.run.dir=run"]
    status, out, err = gan("train", *line)
    assert (status, err) == (0, "")
    assert f"\ntuned          {TOLD}\n" in out
    before = saved(empty / "run")
    assert (before["architecture"]["latent"], before["steps"]) == (8, 20)
    typed = yaml.safe_load((empty / "run" / ".hydra" / "overrides.yaml").read_text())
    assert "architecture.latent=auto" in typed
    (own / "tuned.yaml").write_text(f"{TABLE}\n- set: {{architecture: dcgan, ema: 0}}")
    assert gan("train", "--resume", "run", "steps=30").status == 0
    assert saved(empty / "run") == before | {"steps": 30}
    assert gan("sample", "run").status == 0


@pytest.mark.parametrize("launcher", ["side_by_side", "basic", "vmap"])
def test_each_member_gets_its_own_row(
    launcher: str, gan: Command, tiny: Tiny, own: Path, empty: Path
) -> None:
    line = [*tiny, *SWEEP, f"hydra/launcher={launcher}", "hydra.sweep.dir=s"]
    assert gan("train", "-m", *line).status == 0
    assert rates(empty / "s") == [0.01, 0.02]


@pytest.mark.slow
@pytest.mark.skipif(
    not any(each.name == "hydra-joblib-launcher" for each in metadata.distributions()),
    reason="hydra-joblib-launcher is not installed",
)
def test_each_member_in_a_process_of_its_own_gets_its_own_row(
    shell: Command, tiny: Tiny, own: Path, empty: Path
) -> None:
    launcher = ["hydra/launcher=joblib", "hydra.launcher.n_jobs=2"]
    status, _, err = shell("train", "-m", *tiny, *SWEEP, *launcher, "hydra.sweep.dir=s")
    assert status == 0, err
    assert rates(empty / "s") == [0.01, 0.02]


def test_members_that_differ_in_chosen_numbers_share_a_program(tiny: Tiny, own: Path) -> None:
    from gan_cli.cli import checking
    from gan_cli.composition import compose, requested
    from gan_cli.interrupts import StopRequest
    from gan_cli.sweep.groups import divide

    (own / "tuned.yaml").write_text(
        TABLE + "- for: {dataset: ring_pacgan}\n  set: {optimizer.generator.learning_rate: 0.5}\n"
    )
    line = [*tiny, *SWEEP[:3], "dataset=ring,ring_pacgan", "seed=1,2"]
    with compose.hydra(own) as program:
        members = checking.check(requested.read(program, line, multirun=True), StopRequest())
    chosen = [each.experiment.optimizer.generator.learning_rate for each in members]
    assert chosen == [0.01, 0.01, 0.02, 0.02, 0.5, 0.5, 0.5, 0.5]
    assert [group.numbers for group in divide(members, "vmap", 64)] == [[0, 1, 4, 5], [2, 3, 6, 7]]


def test_the_architecture_of_the_table_is_told(gan: Command) -> None:
    line = ["train", "dataset=mnist", "architecture.filters=8", "--cfg"]
    shown = gan(*line, "job").out
    assert re.match(r"# tuned: architecture dcgan, .+ \(conf/tuned\.yaml, rows .+\)\n", shown)
    assert yaml.safe_load(shown)["architecture"]["filters"] == 8
    hydra = yaml.safe_load(gan(*line, "hydra").out)["hydra"]
    assert hydra["runtime"]["choices"]["architecture"] == "dcgan"
    assert hydra["overrides"]["task"] == line[1:3]


@pytest.mark.parametrize("plus", ["", "+", "++"])
def test_a_setting_of_a_regularizer_that_the_table_chose(plus: str, gan: Command) -> None:
    line = f"{plus}regularizer.r1.weight=.5"
    shown = yaml.safe_load(gan("train", "--cfg", "job", "dataset=ring", line).out)
    weights = {name: each["weight"] for name, each in shown["regularizer"].items()}
    assert weights == {"r1": 0.5, "r2": 0.1}


@pytest.mark.parametrize("plus", ["", "+"])
def test_a_setting_of_a_regularizer_that_nobody_chose(plus: str, gan: Command) -> None:
    refused = (
        2,
        "",
        "gan: regularizer.dragan: regularizer=[auto,dragan] chooses the regularizer first.\n",
    )
    assert gan("train", "dataset=ring", f"{plus}regularizer.dragan.weight=.5") == refused


def test_a_wrong_setting_of_a_regularizer_that_the_table_chose(gan: Command) -> None:
    assert gan("train", "dataset=ring", "regularizer.r1.wieght=.5") == (
        2,
        "",
        "gan: regularizer.r1.wieght: no such setting of regularizer 'r1'. Did you mean 'weight'? "
        "Valid: every, schedule, weight.\n",
    )


def test_auto_where_nothing_is_chosen(gan: Command) -> None:
    assert gan("train", "optimizer.generator.eps=auto") == (
        2,
        "",
        "gan: optimizer.generator.eps=auto: must be a number; "
        "conf/tuned.yaml chooses none for it.\n",
    )
    assert gan("train", "dataset=gaussian", "dataset.centres=auto").err == (
        "gan: dataset.centres=auto: must be a list such as [0.5,0.5]; "
        "conf/tuned.yaml chooses none for it.\n"
    )
