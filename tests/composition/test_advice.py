"""The words of other programs: each leads to what there is here, and to nothing else."""

import re

import pytest

from gan_cli.composition import compose
from gan_cli.composition.advice import ADVICE
from gan_cli.composition.compose import Hydra
from gan_cli.divergences.f_functions import ROWS
from gan_cli.keys import ASKED_FOR, keys
from gan_cli.players import of_both
from gan_cli.synonyms import WORDS
from gan_cli.tuned.spelling import Vocabulary, vocabulary


@pytest.fixture(scope="module")
def known(program: Hydra) -> Vocabulary:
    """The names and keys of all configuration files."""
    return vocabulary(program.config_loader._files())


def test_every_word_stands_for_a_key_or_a_choice(program: Hydra, known: Vocabulary) -> None:
    usual = compose.compose(program, [])
    all_keys = {*known.keys, *of_both(usual), *keys(usual), *ASKED_FOR}
    names = {name for group in known.names.values() for name in group}
    parts = {part for key in all_keys for part in key.split(".")}
    ends = {key.rpartition("_")[2] for key in all_keys}
    values = {"gpu", "bfloat16", "float32", "exponential", "wasserstein_1", *ROWS}
    options = {"resume"}
    assert {*WORDS} <= all_keys | names | parts | ends | values | options


def test_no_word_that_is_advised_on_is_a_key(known: Vocabulary) -> None:
    own = {key.rpartition(".")[2] for key in known.keys} - {"name"}
    assert not own & {*ADVICE}


def test_what_is_advised_composes(program: Hydra) -> None:
    found = {
        line for text in ADVICE.values() for line in re.findall(r"\b[a-z.]+=[\w\[,]+\]?", text)
    }
    settable = sorted(line for line in found if not line.endswith(("DIR", "NAME", "METRIC", "=N")))
    assert "precision=bfloat16" in settable
    for line in settable:
        chosen = ["dataset=images"] if line.startswith("dataset.") else []
        compose.compose(program, [*chosen, line])
