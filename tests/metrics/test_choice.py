"""Which metrics judge: those of the user's, or those that suit the data."""

import pytest

from gan_cli.datasets.digits import Digits
from gan_cli.datasets.ring import Ring
from gan_cli.errors import UsageError
from gan_cli.metrics import choice


def test_without_names_the_metrics_that_suit_the_data() -> None:
    of_points = {metric.name for metric in choice.chosen([], Ring())}
    of_images = {metric.name for metric in choice.chosen([], Digits())}
    assert of_points - of_images == {"modes", "wasserstein"}
    assert of_images - of_points == {*("fid", "kid", "parzen", "memorisation", "inception_score")}


def test_a_name_twice_is_one_metric() -> None:
    assert [m.name for m in choice.named(["mmd", "modes", "mmd"], Ring())] == ["mmd", "modes"]


def test_no_such_metric() -> None:
    with pytest.raises(UsageError) as error:
        choice.named(["mods"], Ring())
    assert str(error.value).startswith(
        "--metric mods: not a metric. Did you mean 'modes'? Valid: density_coverage, fid, "
    )


def test_a_metric_that_does_not_fit_the_data() -> None:
    with pytest.raises(UsageError) as error:
        choice.named(["parzen"], Ring())
    assert str(error.value) == (
        "--metric parzen: it needs images, so it cannot judge dataset=ring. These can: "
        "density_coverage, fid, kid, mmd, modes, precision_recall, sliced_wasserstein, wasserstein."
    )


def test_a_chosen_metric_keeps_its_settings() -> None:
    [modes] = choice.named(["modes"], Ring())
    assert choice.chosen([modes.taking(77)], Ring())[0].samples == 77


def test_the_tags_say_what_is_better() -> None:
    assert choice.directions(choice.named(["modes"], Ring())) == {
        "modes/captured": "higher",
        "modes/captured_fairly": "higher",
        "modes/high_quality": "higher",
        "modes/reverse_kl": "lower",
    }


def test_pixels_tell_no_classes() -> None:
    assert "inception_score" not in {m.name for m in choice.named([], Digits(), "pixels")}
    with pytest.raises(UsageError) as error:
        choice.named(["inception_score"], Digits(), "pixels")
    assert str(error.value) == (
        "--metric inception_score: pixels tell no classes. "
        "`gan evaluate --extractor classifier` trains what does."
    )
