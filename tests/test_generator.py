"""A trained generator in a notebook: `gan_cli.load`."""

from collections.abc import Callable
from pathlib import Path

import jax
import numpy as np
import pytest

import gan_cli
from gan_cli import checkpoints
from gan_cli.errors import UsageError
from gan_cli.generator import Generator
from gan_cli.runs import RunDirectory, mark
from gan_cli.training.random import Purpose, key_for
from tests.test_trained import SHAPE, by_hand, place, random_state

assert place  # the fixture: a run with checkpoints of steps 10 and 20


@pytest.fixture
def made(place: RunDirectory) -> Generator:
    (place.settings / mark.NAME).touch()
    return gan_cli.load(place.path)


def test_what_is_known_of_it(made: Generator, place: RunDirectory) -> None:
    assert (made.step, made.shape, made.experiment.architecture.latent) == (20, SHAPE, 3)
    assert gan_cli.load(str(place.path), np.int64(10)).step == 10
    assert repr(made) == "Generator(mlp trained on array, step 20, samples of shape (2, 3, 1))"
    np.testing.assert_array_equal(made.sample(np.int64(3), 2), made.sample(3, np.int32(2)))


def test_a_seed_draws_what_the_command_line_draws_and_a_key_what_is_its_own(
    made: Generator,
) -> None:
    key = key_for(7, Purpose.SAMPLES)
    np.testing.assert_array_equal(made.sample(7, 5), made.sample(key, 5))
    np.testing.assert_array_equal(made.sample(key, 5), made.generate(made.latents(key, 5)))
    average = random_state(20).generator.average
    z = np.asarray(made.latents(jax.random.key(1), 4))
    np.testing.assert_allclose(made.sample(jax.random.key(1), 4), by_hand(average, z), rtol=1e-4)


def test_d_says_what_its_parameters_say(made: Generator) -> None:
    x = made.sample(0, 6)
    hidden, output = (random_state(20).discriminator.parameters[k] for k in ("hidden", "output"))
    h = np.maximum(x.reshape(6, -1) @ hidden[0]["kernel"] + hidden[0]["bias"], 0)
    expected = (h @ output["kernel"] + output["bias"])[:, 0]
    np.testing.assert_allclose(made.discriminate(x), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("use", "text"),
    [
        (lambda G: G.generate([["a", "b", "c"]]), "latents of <U1: must be floating-point numbers"),
        (lambda G: G.sample(0, 0), "n=0: must be at least 1 and at most 2147483647."),
        (lambda G: G.sample(0, 2.5), "n=2.5: must be a whole number."),
        (lambda G: G.sample("a", 2), "key='a': must be a whole number."),
        (lambda G: G.sample(-1, 2), "key=-1: must be at least 0 and at most "),
        (lambda G: G.generate(np.zeros((2, 4))), "latents of shape (2, 4): must have the shape"),
        (lambda G: G.discriminate(np.zeros((2, 6))), "samples of shape (2, 6): must have the"),
        (
            lambda G: G.discriminate(np.zeros((2, *SHAPE), np.uint8)),
            "samples of uint8: images are floating-point numbers in [-1, 1], as x / 127.5 - 1 ",
        ),
        (lambda G: G.discriminate(np.full((2, *SHAPE), 255.0)), "samples from 255 to 255: images "),
        (lambda G: G.discriminate(np.full((2, *SHAPE), "x")), "samples of <U1: must be floating"),
    ],
)
def test_what_it_cannot_take(made: Generator, use: Callable[..., object], text: str) -> None:
    with pytest.raises(UsageError) as refused:
        use(made)
    assert str(refused.value).startswith(text)


def test_a_run_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such run directory"):
        gan_cli.load(tmp_path / "none")
    assert checkpoints.steps(tmp_path) == []
    for wrong in ("", None, 3):
        with pytest.raises(UsageError) as refused:
            gan_cli.load(wrong)  # type: ignore[arg-type]
        assert str(refused.value) == f"run={wrong!r}: must be a run directory, or 'latest'."
    with pytest.raises(UsageError, match=r"^x{5000}: File name too long\.$"):
        gan_cli.load("x" * 5000)


def test_components_of_ones_own_are_imported_by_an_argument(place: RunDirectory) -> None:
    (place.settings / mark.NAME).touch()
    place.config.write_text(place.config.read_text().replace("name: mlp", "name: mine"))
    with pytest.raises(UsageError) as refused:
        gan_cli.load(place.path, imports="json")
    wanted = f'load({str(place.path)!r}, imports=["MODULE"])'
    assert str(refused.value).endswith(f" name its Python module: {wanted}.")
