"""Names in a table of one's own, checked against the files that there are."""

import pytest

from gan_cli.composition import compose
from gan_cli.errors import UsageError


def refusal(tmp_path, row):
    (tmp_path / "tuned.yaml").write_text(f"- {row}\n")
    with pytest.raises(UsageError) as refused, compose.hydra(tmp_path):
        pass
    return str(refused.value).removeprefix(f"{tmp_path}/tuned.yaml, row 1: ")


@pytest.mark.parametrize(
    ("row", "start"),
    [
        (
            "for: {dataset: rng}",
            "dataset: rng: there is no such dataset. Did you mean 'ring'? Valid: array, digits, ",
        ),
        (
            "for: {optimizer.generator: [adam, sdg]}",
            "optimizer.generator: sdg: there is no such optimizer. Did you mean 'sgd'? Valid: ",
        ),
        (
            "for: {dataset.sides: 10}",
            "there is no setting 'dataset.sides'. Did you mean 'dataset.side'?",
        ),
        (
            "set: {architecture: dcgann}",
            "architecture=dcgann: no such architecture. Did you mean 'dcgan'? Valid: dcgan, ",
        ),
        (
            "set: {architecture.laten: 8}",
            "there is no setting 'architecture.laten'. Did you mean 'architecture.latent'?",
        ),
        (
            "set: {optimizer.discriminator.laerning_rate: 1}",
            "there is no setting 'optimizer.discriminator.laerning_rate'. "
            "Did you mean 'optimizer.discriminator.learning_rate'?",
        ),
        ("set: {zzz: 8}", "there is no setting 'zzz'."),
        (
            "set: {k: 5}",
            "k cannot be set here, since no file leaves it at `auto`. Set it in an experiment or "
            "on the command line.",
        ),
        (
            "set: {objective: wgan}",
            "a row cannot choose the objective. Choose it in an experiment or on the command line.",
        ),
        ("set: {metric: {fid: {}}}", "a row cannot choose the metric. Choose it in an experiment"),
        ("set: {architecture: [mlp]}", "architecture=['mlp']: no such architecture. Valid: dcgan"),
        ("set: {ema: auto}", "ema: `auto` is what a row replaces. Set a value."),
        (
            "set: {regularizer: {r1: {weight: auto}}}",
            "regularizer.r1.weight: `auto` is what a row replaces. Set a value.",
        ),
        (
            "set: {regularizer: {r1: 5}}",
            "regularizer.r1: must be a group of settings, of which {} changes none.",
        ),
        (
            "set: {regularizer: [r1]}",
            "regularizer: must be a group such as {NAME: {}}, or {} for none at all.",
        ),
        ("set: {regularizer: {r1: {name: r2}}}", "there is no 'regularizer.r1.name'."),
        ("for: {dataset: [[ring]]}", "dataset: ['ring']: there is no such dataset. Did "),
        ("for: {dataset: {name: rng}}", "dataset: rng: there is no such dataset. Did you mean 'ri"),
        (
            "for: {k: [1, five]}",
            'k: "five": must be a number, or a list of numbers such as [1, 2, 5].',
        ),
        ("for: {k: 1..5}", 'k: "1..5": must be a number, or a list of numbers such as [1, 2, 5].'),
        ("for: {dataset.side: null}", "dataset.side: null: must be a number, or a list of num"),
        ("set: {regularizer: {drogan: {}}}", "there is no 'regularizer.drogan'. Did you mean 'r"),
        (
            "set: {regularizer: {r1: {wieght: 1}}}",
            "there is no 'regularizer.r1.wieght'. Did you mean 'regularizer.r1.weight'?",
        ),
        ("leave_out: [regularizer.xyz]", "there is no 'regularizer.xyz'."),
        ("leave_out: [architecture.laten]", "there is no 'architecture.laten'. Did you mean "),
    ],
)
def test_what_there_is_not(tmp_path, row, start):
    assert refusal(tmp_path, row).startswith(start)


@pytest.mark.parametrize(
    "row",
    [
        "{for: {dataset: [ring, ring_pacgan], k: 5}, set: {steps: 5, regularizer: {}}}",
        "{for: {dataset.side: 10, optimizer/generator: adam}, set: {optimizer.generator.b1: 0}}",
        "{set: {regularizer: {r1: {weight: 1, schedule: {kind: linear}}}}}",
        "{for: {dataset.centres: [[0.2, 0.8]]}, set: {batch_size: 64}}",
        "{for: {dataset: {name: grid, side: 5}}, set: {optimizer: {generator: {b1: 0}}}}",
        "{leave_out: [regularizer.r1, regularizer.r2.weight, architecture.latent]}",
        "{for: {optimizer.discriminator.b1: 0}, set: {optimizer.discriminator.learning_rate: 1}}",
        "{for: {optimizer.b1: 0}, set: {optimizer.learning_rate: 1}, leave_out: [optimizer.b2]}",
    ],
)
def test_what_there_is(tmp_path, row):
    (tmp_path / "tuned.yaml").write_text(f"- {row.replace('optimizer/', 'optimizer.')}\n")
    with compose.hydra(tmp_path):
        pass
