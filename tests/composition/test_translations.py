"""What OmegaConf refuses is told with the setting that it is about."""

import pytest
from omegaconf import OmegaConf
from omegaconf.errors import OmegaConfBaseException

from gan_cli.composition.translations import translated

KEYS = ("steps", "optimizer.generator.learning_rate")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${stpes}", "a refers to 'stpes', and there is no such setting. Did you mean 'steps'?"),
        (
            "${lr}",
            "a refers to 'lr', and there is no such setting. "
            "Did you mean 'optimizer.generator.learning_rate'?",
        ),
        (
            "${hydra.job.num}",
            "a refers to 'hydra.job.num', and there is no such setting. "
            "Hydra's own are written ${hydra:job.num}.",
        ),
        ("${oc.env:NOT_SET}", "a refers to the environment variable NOT_SET, which is not set."),
        (
            "${nope:3}",
            "a refers to 'nope:', which is no function. "
            "Valid: hydra, now, oc.decode, oc.env, oc.select, python_version.",
        ),
        ("${b}", "a refers to 'b', which has no value."),
        ("${a}", "a refers to itself."),
        (
            "${oc.decode:'['}",
            "a holds a reference that cannot be resolved: mismatched input '<EOF>' expecting",
        ),
    ],
)
def test_what_a_reference_stands_for(text: str, told: str) -> None:
    config = OmegaConf.create({"a": text, "b": "???"})
    with pytest.raises(OmegaConfBaseException) as raised:
        OmegaConf.to_container(config, resolve=True)
    found = translated(str(raised.value).splitlines()[0], "a", KEYS)
    assert found is not None
    assert found.startswith(told)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Value 'x' of type 'str' could not be converted to Integer", "a must be a whole number."),
        ("Value 'x' is not a valid bool (type str)", "a must be true or false."),
        ("Invalid value 'x', expected one of [RUN, MULTIRUN]", "a is not a choice. Valid: RUN, "),
        ("Key 'rate' is not in struct", "there is no setting 'rate' in it."),
    ],
)
def test_what_a_value_must_be(message: str, told: str) -> None:
    assert (translated(message, "a") or "").startswith(told)


def test_an_override_in_a_file_of_what_is_not_chosen() -> None:
    message = "In 'experiment/a': Could not override 'stps'. No match in the defaults list."
    assert translated(message, "it", KEYS) == (
        "a file overrides 'stps', and nothing is chosen in such a group before. "
        "Did you mean 'steps'?"
    )


def test_what_is_not_known() -> None:
    assert translated("Something else", "a") is None
