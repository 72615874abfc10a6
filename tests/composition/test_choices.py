"""Choices that there are not, and overrides in vain, with what to write instead."""

import numpy as np
import pytest

from gan_cli.composition import compose
from gan_cli.composition.experiment_defaults import GROUPS as GROUP_NAMES
from tests.refused import OBJECTIVES, OPTIMIZERS, choices, text_of, valid

GROUPS = valid(
    sorted(
        path.name
        for path in compose.conf_directory().iterdir()
        if path.is_dir() and path.name != "hydra"
    )
)


@pytest.mark.parametrize(
    ("override", "text"),
    [
        (
            "objective=f_gan/kl",
            "objective=f_gan/kl: no such objective. "
            f"Did you mean 'objective=f_gan objective.divergence=kl'? {OBJECTIVES}",
        ),
        (
            "objective={wgan,hinge}",
            "objective={wgan,hinge}: only one objective can be chosen. "
            "For a run with each: -m objective=wgan,hinge",
        ),
        ("objective=wgn", f"objective=wgn: no such objective. Did you mean 'wgan'? {OBJECTIVES}"),
        (
            "objective=rsgan",
            f"objective=rsgan: no such objective. Did you mean 'relativistic'? {OBJECTIVES}",
        ),
        (
            "objective=rkl",
            "objective=rkl: no such objective. "
            f"Did you mean 'objective=f_gan objective.divergence=reverse_kl'? {OBJECTIVES}",
        ),
        (
            "optimizer={learning_rate:1e-3,schedule:{kind:cosine}}",
            "optimizer={learning_rate:1e-3,schedule:{kind:cosine}}: its settings are written one "
            "by one: optimizer.learning_rate=0.001 optimizer.schedule.kind=cosine",
        ),
        (
            "objective={clip:3}",
            "objective.clip: no such setting. It is a setting of objective=mmd and objective=wgan.",
        ),
        ("objective=", f"objective=: no such objective. {OBJECTIVES}"),
        (
            "regularizer=none",
            "regularizer=none: no such regularizer. For none at all: regularizer=[]. "
            + valid(choices("regularizer")),
        ),
        (
            "regularizer={}",
            "regularizer={}: no such regularizer. For none at all: regularizer=[]. "
            + valid(choices("regularizer")),
        ),
        (
            "regularizer={r1:{weight:3}}",
            "regularizer={r1:{weight:3}}: choices stand in a list: "
            "regularizer=[r1] regularizer.r1.weight=3",
        ),
        (
            "~regularizer",
            "~regularizer: a group cannot be taken away. For none at all: regularizer=[].",
        ),
        ("metric.fid={}", "metric.fid={}: metric=[fid] chooses the metric."),
        ("objective=[]", f"objective=[]: no such objective. {OBJECTIVES}"),
        ("objective={}", f"objective={{}}: no such objective. {OBJECTIVES}"),
        (
            "optimizer={generator:{}}",
            "optimizer={generator:{}}: an empty mapping changes nothing. "
            "Leave out optimizer.generator.",
        ),
        (
            "optimizer.schedule={}",
            "optimizer.schedule={}: an empty mapping changes nothing. "
            "Leave out optimizer.schedule.",
        ),
        (
            "optimizer.schedule=[]",
            "optimizer.schedule=[]: optimizer.generator.schedule is a group of settings, "
            "not a list.",
        ),
        ("checkpoints=[]", "checkpoints=[]: checkpoints is a group of settings, not a list."),
        ("dataset=", f"dataset=: no such dataset. {valid(choices('dataset'))}"),
        (
            "dataset=cifar10",
            "dataset=cifar10: no such dataset. Your own copy: dataset=images dataset.path=FOLDER "
            f"or dataset=array dataset.path=FILE. {valid(choices('dataset'))}",
        ),
        ("objective=null", f"objective=null: no such objective. {OBJECTIVES}"),
        ("objective=3", f"objective=3: no such objective. {OBJECTIVES}"),
        ("objective=a/b", f"objective=a/b: no such objective. {OBJECTIVES}"),
        (
            "objective=[hing]",
            f"objective=[hing]: no such objective. Did you mean 'hinge'? {OBJECTIVES}",
        ),
        (
            "+objective=wgn",
            f"+objective=wgn: no such objective. Did you mean 'wgan'? {OBJECTIVES}",
        ),
        ("optimizer=adm", f"optimizer=adm: no such optimizer. Did you mean 'adam'? {OPTIMIZERS}"),
        (
            "optimizer/generator=adm",
            "optimizer/generator=adm: no such optimizer/generator. Did you mean 'adam'? "
            + OPTIMIZERS,
        ),
        (
            "hydra/launcher=zzz",
            "hydra/launcher=zzz: no such hydra/launcher. Valid: ",
        ),
        (
            "optimizer/generatr=adam",
            "optimizer/generatr: no such group. Did you mean 'optimizer/generator'? "
            "Valid: optimizer/discriminator, optimizer/generator.",
        ),
        (
            "foo/bar=1",
            f"foo/bar: no such group. {GROUPS}",
        ),
    ],
)
def test_a_choice_or_a_group_that_there_is_not(program, override, text):
    found = text_of(program, override)
    assert found.startswith(text) if text.endswith(": ") else found == text


def test_an_experiment_that_there_is_not(program):
    known = valid(choices("experiment"))
    assert text_of(program, "experiment=zzz") == (
        "experiment=zzz: no such experiment. If you have written experiment/zzz.yaml yourself, add "
        f"--config-dir DIR, where DIR is the folder that holds experiment/. {known}"
    )
    near = text_of(program, "experiment=goodfelow2014_mnist")
    assert near == (
        "experiment=goodfelow2014_mnist: no such experiment. "
        f"Did you mean 'goodfellow2014_mnist'? {known}"
    )


@pytest.mark.parametrize("line", ["objective=ring", "architecture=ring"])
def test_a_choice_of_another_group(program, line):
    group = line.partition("=")[0]
    start = f"{line}: no such {group}. Did you mean 'dataset=ring'? Valid: "
    assert text_of(program, line).startswith(start)


def test_the_groups_are_the_folders_of_the_package():
    folders = {path.name for path in compose.conf_directory().iterdir() if path.is_dir()}
    assert folders == set(GROUP_NAMES)


def test_a_folder_whose_name_is_misspelled(tmp_path):
    (tmp_path / "objetive").mkdir()
    (tmp_path / "objetive" / "soft7.yaml").write_text("name: hinge\n")
    with compose.hydra(tmp_path) as program:
        assert text_of(program, "objective=soft7") == (
            f"objective=soft7: no such objective. {tmp_path}/objetive/soft7.yaml is not in a "
            "folder objective/. Rename objetive/, or move it."
        )
        assert text_of(program, "objetive=soft7") == (
            "objetive=soft7: objetive is no group of gan's. Did you mean 'objective'?"
        )


def test_a_group_of_the_users_own(tmp_path):
    (tmp_path / "quick").mkdir()
    (tmp_path / "quick" / "trial.yaml").write_text("# @package _global_\nsteps: 7\n")
    with compose.hydra(tmp_path) as program:
        assert compose.compose(program, ["+quick=trial"]).steps == 7
        assert text_of(program, "quick=trial") == (
            "quick=trial: quick is no group of gan's. A group of your own is added: +quick=trial"
        )


def test_own_data_is_told_with_a_minibatch_that_it_fills(program, empty):
    np.save("few.npy", np.zeros((50, 2), np.float32))
    np.save("many.npy", np.zeros((128, 2), np.float32))
    (empty / "pictures" / "more").mkdir(parents=True)
    for name in ("pictures/a.png", "pictures/more/b.JPG", "pictures/notes.txt", "pictures/.c.png"):
        (empty / name).touch()
    for typed, told in {
        "dataset=few.npy": "dataset=array dataset.path='few.npy' batch_size=50",
        "few.npy": "dataset=array dataset.path='few.npy' batch_size=50",
        "dataset.path=few.npy": "dataset=array dataset.path='few.npy' batch_size=50",
        "dataset=many.npy": "dataset=array dataset.path='many.npy'",
        "dataset=none.npy": "dataset=array dataset.path='none.npy'",
        "dataset=pictures": "dataset=images dataset.path='pictures' batch_size=2",
    }.items():
        assert text_of(program, typed).endswith(f" Your own data: {told}")
