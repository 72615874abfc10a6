"""What a diverged training says of what broke first, and of what to try."""

import json

import pytest

from gan_cli.diagnosis import NOUNS, Choices, Finding, Tensor, advice

PLAIN = Choices({"generator": 2e-3, "discriminator": 1e-3}, ["r1"], "float32")


def test_a_finding_names_the_tensor_its_place_and_the_norms_before_it() -> None:
    tensor = Tensor("discriminator", "gradient", "hidden/1/kernel")
    norms = {
        "gradient_norm/discriminator": [9.0, 1.0, 2.5, 30.0, 4e9, float("inf")],
        "gradient_norm/generator": [1.0] * 6,
    }
    finding = Finding(1234, "D's update 2", tensor, norms)
    assert str(finding) == (
        "Replayed, the first tensor that is not finite is the gradient of D's hidden/1/kernel, "
        "in D's update 2 of step 1,234. "
        "Up to that step gradient_norm/discriminator was 1, 2.5, 30, 4e+09, inf."
    )
    record = json.loads(json.dumps(finding.record(), allow_nan=False))
    assert record["norms"]["gradient_norm/discriminator"][-2:] == [4e9, "inf"]
    assert (record["step"], record["kind"], record["name"]) == (1234, "gradient", "hidden/1/kernel")


def test_what_a_step_began_with_has_no_update() -> None:
    finding = Finding(7, "", Tensor("generator", "parameter", "output/bias"), {})
    assert str(finding).endswith("is G's parameter output/bias, at the start of step 7.")


def test_players_whose_parameters_grew_steeply_are_named_and_suspected() -> None:
    largest = {"generator": (0.5, 4.9), "discriminator": (0.25, 1e12)}
    finding = Finding(7, "G's update", Tensor("generator", "loss"), {}, largest)
    assert finding.grown == ["discriminator"]
    assert str(finding).endswith(
        " of step 7. Before that D's largest parameter grew from 0.25 to 1e+12."
    )
    tried = advice(finding.tensor, PLAIN, finding.grown)
    assert tried == "optimizer.discriminator.learning_rate=0.0001"
    nowhere = {"generator": (0.0, 0.0), "discriminator": (1.0, float("nan"))}
    assert finding._replace(largest=nowhere).grown == []


@pytest.mark.parametrize("kind", NOUNS)
def test_every_kind_of_tensor_has_words(kind: str) -> None:
    assert "{" not in str(Tensor("generator", kind, "hidden"))


@pytest.mark.parametrize(
    ("tensor", "chosen", "expected"),
    [
        (
            Tensor("", "minibatch"),
            PLAIN,
            "other data: the examples hold numbers that are not finite",
        ),
        (
            Tensor("discriminator", "loss part", "r1"),
            PLAIN,
            "a lower regularizer.r1.weight",
        ),
        (
            Tensor("discriminator", "loss part", "objective"),
            PLAIN,
            "optimizer.discriminator.learning_rate=0.0001",
        ),
        (
            Tensor("generator", "activation", "hidden/0"),
            PLAIN._replace(precision="bfloat16", regularizers=[]),
            "precision=float32, or optimizer.generator.learning_rate=0.0002, "
            "or a regularizer (gan list regularizer)",
        ),
        (
            None,
            PLAIN,
            "optimizer.generator.learning_rate=0.0002 optimizer.discriminator.learning_rate=0.0001",
        ),
    ],
)
def test_what_to_try_fits_what_broke(tensor: Tensor | None, chosen: Choices, expected: str) -> None:
    assert advice(tensor, chosen) == expected
