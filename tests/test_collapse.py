"""Signs of collapse: each is told once it has held for a while, and then no more."""

from collections.abc import Mapping

import numpy as np
import pytest

from gan_cli.collapse import REMEDIES, Notice, Watch

RANDOM = np.random.default_rng(0)
DATA = RANDOM.normal(size=(500, 2)).astype(np.float32)
SOUND = {
    "discriminator/accuracy": 0.8,
    "gradient_norm/generator": 0.1,
    "gradient_norm/discriminator": 0.1,
}
SAME = np.full((64, 2), 0.7, np.float32) + RANDOM.normal(scale=0.01, size=(64, 2))
IMAGES = RANDOM.uniform(-1, 1, size=(100, 8, 8, 1))


def logged(values: Mapping[str, float], steps: range) -> list[Notice]:
    watch = Watch(DATA)
    return [found for step in steps for found in watch.scalars(step, SOUND | values)]


def drawn(samples: np.ndarray, steps: range, data: np.ndarray = DATA) -> list[Notice]:
    watch = Watch(data)
    return [found for step in steps for found in watch.samples(step, samples)]


@pytest.mark.parametrize(
    ("values", "sign"),
    [
        ({"discriminator/accuracy": 1.0}, "accuracy_pinned"),
        ({"discriminator/fake": 0.6, "discriminator/real": 0.5}, "discriminator_fooled"),
        ({"gradient_norm/generator": 0.0}, "generator_still"),
        ({"gradient_norm/discriminator": 1e-8}, "discriminator_still"),
    ],
)
def test_a_sign_in_the_scalars_is_told_once_after_ten_rows_and_a_thousand_steps(
    values: dict[str, float], sign: str
) -> None:
    assert logged({}, range(100, 20_000, 100)) == []
    [found] = logged(values, range(200, 20_000, 100))
    assert (found.step, found.sign) == (1200, sign)
    assert "since step 200" in found.text
    assert found.text.endswith(REMEDIES[sign])
    [seldom] = logged(values, range(1000, 20_000, 1000))
    assert seldom.step == 10_000


def test_a_setting_of_the_objective_is_named_first_where_it_helps() -> None:
    watch = Watch(DATA, remedy="objective.generator=non_saturating")
    told = [watch.samples(step, DATA + 50) for step in range(1000, 4000, 1000)]
    [apart] = told[-1]
    assert "Try objective.generator=non_saturating, a higher optimizer.disc" in apart.text
    pinned = {"discriminator/accuracy": 1.0, "gradient_norm/generator": 0.0}
    rows = [watch.scalars(step, SOUND | pinned) for step in range(100, 1200, 100)]
    texts = {found.sign: found.text for found in rows[-1]}
    assert "Try objective.generator=non_saturating, objective" in texts["generator_still"]
    assert texts["accuracy_pinned"].endswith(REMEDIES["accuracy_pinned"])


def test_a_measured_divergence_of_which_only_a_bound_is_known_is_told_after_three_looks() -> None:
    bound = {"divergence/kl": 40.0, "truth/kl": 6.9, "at_least/kl": 1.0}
    watch = Watch(DATA)
    rows = [SOUND | (bound if step % 500 == 0 else {}) for step in range(100, 5000, 100)]
    told = [watch.scalars(step, row) for step, row in zip(range(100, 5000, 100), rows, strict=True)]
    [found] = [each for notices in told for each in notices]
    assert (found.step, found.sign) == (1500, "truth_unknown")
    assert "truth/kl is at least 6.9 beside D's own estimate 40." in found.text
    assert logged(bound | {"at_least/kl": 0.0}, range(500, 5000, 500)) == []
    other = {"divergence/jensen_shannon": 0.6, "truth/kl": 6.9, "at_least/kl": 1.0}
    assert logged(other, range(500, 5000, 500)) == [], "it is not what D measures"


@pytest.mark.parametrize(
    ("samples", "sign"), [(SAME, "samples_same"), (DATA + 50, "samples_apart")]
)
def test_a_sign_in_the_samples_is_told_once_after_three_pictures(
    samples: np.ndarray, sign: str
) -> None:
    [found] = drawn(samples, range(1000, 9000, 1000))
    assert (found.step, found.sign) == (3000, sign)
    [early] = drawn(samples, range(10, 9000, 10))
    assert early.step == 1010, "three pictures within a few steps are too few steps"


def test_some_modes_of_many_and_samples_that_are_not_finite_are_no_sign() -> None:
    half = np.concatenate([SAME, DATA[:40]])
    assert drawn(half, range(1000, 9000, 1000)) == []
    assert drawn(DATA[:64] * np.nan, range(1000, 9000, 1000)) == []
    assert drawn(SAME, range(1000, 9000, 1000), data=np.ones((9, 2))) == []


def test_images_that_are_all_the_same_are_a_sign() -> None:
    [found] = drawn(IMAGES[:1].repeat(64, axis=0), range(1000, 9000, 1000), IMAGES)
    assert found.sign == "samples_same"
    assert drawn(IMAGES[:64], range(1000, 9000, 1000), IMAGES) == []


def test_a_sign_that_goes_away_is_counted_anew() -> None:
    watch = Watch(DATA)
    pinned = SOUND | {"discriminator/accuracy": 1.0}
    for step in range(100, 1100, 100):
        assert watch.scalars(step, pinned) == []
    assert watch.scalars(1100, SOUND) == []
    assert all(watch.scalars(step, pinned) == [] for step in range(1200, 2200, 100))
    assert [found.step for found in watch.scalars(2200, pinned)] == [2200]


def test_what_was_told_before_a_resume_is_not_told_again() -> None:
    watch = Watch(DATA, frozenset({"samples_same"}))
    assert [watch.samples(step, SAME) for step in range(1000, 6000, 1000)] == [[]] * 5


def test_of_few_samples_nothing_is_told() -> None:
    assert drawn(IMAGES[:1], range(1000, 9000, 1000), IMAGES) == []
