"""A key that no configuration has is told with the one that was meant."""

import dataclasses

import pytest

from gan_cli.config import Experiment
from tests.refused import text_of, valid

ROOTS = valid(sorted({field.name for field in dataclasses.fields(Experiment)} | {"experiment"}))
PLAYERS = valid(
    [
        *("optimizer.b1", "optimizer.b2", "optimizer.discriminator", "optimizer.eps"),
        *("optimizer.generator", "optimizer.learning_rate"),
        *(f"optimizer.schedule.{name}" for name in ("end", "kind", "rate", "steps")),
    ]
)


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ("kk=3", "kk: no such setting. Did you mean 'k'?"),
        ("k=3 sed=4 zzz=1", "sed: no such setting. Did you mean 'seed'?"),
        ("~kk", "kk: no such setting. Did you mean 'k'?"),
        (
            "checkpoints.evry=3",
            "checkpoints.evry: no such setting. Did you mean 'checkpoints.every'? "
            "Valid: checkpoints.best, checkpoints.every, checkpoints.keep.",
        ),
        (
            "optimizer.generatr.learning_rate=1",
            "optimizer.generatr: no such setting. Did you mean 'optimizer.generator'? " + PLAYERS,
        ),
        (
            "optimizer.generator.lr=1",
            "optimizer.generator.lr: no such setting. Did you mean "
            "'optimizer.generator.learning_rate'? Valid: optimizer.generator.b1, "
            "optimizer.generator.b2, optimizer.generator.eps, optimizer.generator.learning_rate, "
            "optimizer.generator.schedule.",
        ),
        (
            "optimizer.lr=1",
            f"optimizer.lr: no such setting. Did you mean 'optimizer.learning_rate'? {PLAYERS}",
        ),
        ("lr=1", "lr: no such setting. Did you mean 'optimizer.learning_rate'?"),
        (
            "generator.lr=1",
            "generator: no such setting. Did you mean 'optimizer.generator.learning_rate'?",
        ),
        ("nz=8", "nz: no such setting. Did you mean 'architecture.latent'?"),
        (
            "widths=[8]",
            "widths: no such setting. Did you mean 'architecture.generator_widths' or "
            "'architecture.discriminator_widths'?",
        ),
        (
            "path=x",
            "path: no such setting. Did you mean 'dataset.path', a setting of dataset=array and "
            "dataset=images?",
        ),
        (
            "dataset.path=x",
            "dataset.path: no such setting. It is a setting of dataset=array and dataset=images.",
        ),
        (
            "optimizer/discriminator=sgd optimizer.b1=0",
            "optimizer.b1: optimizer.discriminator has no such setting. Valid: "
            "optimizer.discriminator.learning_rate, optimizer.discriminator.momentum, "
            "optimizer.discriminator.momentum_schedule, optimizer.discriminator.schedule.",
        ),
        (
            "experiment.k=3",
            "experiment.k: an experiment has no settings of its own; k=5 changes one of its.",
        ),
        ("hydra.run=x", "hydra.run=x: hydra.run is a group of settings. Valid: hydra.run.dir."),
        (
            "hydra.launcher=vmap",
            "hydra.launcher=vmap: a choice is written hydra/launcher=vmap",
        ),
        (
            "objective.clip=1 objective=wgan_gp",
            "objective.clip: no such setting. It is a setting of objective=mmd and objective=wgan. "
            "Valid: objective.penalty.",
        ),
        *(
            (
                f"objective.divergence={typed}",
                "objective.divergence: no such setting. It is a setting of objective=f_gan."
                f"{meant}",
            )
            for typed, meant in {
                "rkl": " Write objective=f_gan objective.divergence=reverse_kl",
                "zzz": "",
            }.items()
        ),
        ("gpu=true", "gpu: no such setting. device=gpu trains on a GPU."),
        (
            "optimizer.betas=[0,1]",
            "optimizer.betas: no such setting. Each has a key of its own: optimizer.b1 and "
            f"optimizer.b2. {PLAYERS}",
        ),
        (
            "image_size=64",
            "image_size: no such setting. Did you mean 'dataset.size', a setting of "
            "dataset=fashion_mnist, dataset=images, dataset=mnist and dataset=stacked_mnist?",
        ),
        (
            "momentum=.9",
            "momentum: no such setting. Did you mean 'optimizer.momentum', a setting of "
            "optimizer=sgd?",
        ),
        ("objective.wgan=true", "objective.wgan: no such setting. Did you mean 'objective=wgan'?"),
        (
            "wgan.clip=.01",
            "wgan: no such setting. Did you mean 'objective=wgan objective.clip=VALUE'?",
        ),
        (
            "dcgan.filters=8",
            "dcgan: no such setting. Did you mean 'architecture=dcgan architecture.filters=VALUE'?",
        ),
        (
            "epochs=10",
            "epochs: no such setting. Training is counted in steps, each with one minibatch for "
            "G: write steps=N, where N is epochs * examples / batch_size.",
        ),
        ("wgan=true", "wgan: no such setting. Did you mean 'objective=wgan'?"),
        (
            "lr_scheduler=cosine",
            "lr_scheduler: no such setting. Did you mean 'optimizer.schedule.kind'?",
        ),
        ("log_dir=x", "log_dir: no such setting. Did you mean 'hydra.run.dir'?"),
        (
            "hidden_dim=8",
            "hidden_dim: no such setting. Did you mean 'architecture.generator_widths' or "
            "'architecture.discriminator_widths'?",
        ),
        ("zzz=1", f"zzz: no such setting. {ROOTS}"),
        ("k.foo=3", "k.foo: no such setting. k is a single value."),
        (
            "hydra.run.dri=3",
            "hydra.run.dri: no such setting. Did you mean 'hydra.run.dir'? Valid: hydra.run.dir.",
        ),
    ],
)
def test_a_key_that_no_configuration_has(program, overrides, text):
    assert text_of(program, *overrides.split()) == text
