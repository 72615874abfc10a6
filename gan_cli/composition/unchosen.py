"""Settings of a component, such as those of regularizer.r1, that nothing chooses."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hydra.core.default_element import ConfigDefault
from omegaconf import DictConfig, OmegaConf, open_dict

from gan_cli.composition.experiment_defaults import EXPERIMENT, choice
from gan_cli.composition.overrides import key_of, typed
from gan_cli.errors import UsageError
from gan_cli.keys import SEVERAL
from gan_cli.tuned.choice import NotChosen


def settle(config: DictConfig) -> None:
    """Takes away what files set of components that the user's own choice leaves out.

    Args:
        config: one run's configuration, in which nothing is `auto` any more.

    Raises:
        NotChosen: naming a component that has settings, and that neither file nor user chose.
    """
    lines = typed(config)
    for group in SEVERAL:
        components = {
            str(name): own
            for name, own in (config.get(group) or {}).items()
            if isinstance(own, DictConfig)
        }
        said = [line.partition("=")[2] for line in lines if key_of(line) == group]
        written = re.findall(r"\w+", " ".join(said))  # files, of which one may lack its name
        chosen = [name for name, own in components.items() if "name" in own or name in written]
        for name in components:
            if name in chosen or not components[name]:
                continue
            if not said or any(key_of(line).startswith(f"{group}.{name}.") for line in lines):
                raise NotChosen(group, name, [*chosen, name])
            with open_dict(config):
                del config[group][name]


@contextmanager
def naming_file(config: DictConfig, files: Any) -> Iterator[None]:
    """Names the file of an experiment in an error about settings that stand in it.

    Args:
        config: what is composed, Hydra's part included.
        files: Hydra's files, as `loader.Files` reads them.
    """
    try:
        yield
    except NotChosen as error:
        key = f"{error.group}.{error.name}"
        file = _file(files, f"{EXPERIMENT}/{config.hydra.runtime.choices.get(EXPERIMENT)}", key)
        lines = typed(config)
        if file is None or any(key_of(line).startswith(f"{key}.") for line in lines):
            raise
        given = [line for line in lines if key_of(line) == error.group]
        if given:
            choices = ",".join(error.choice)
            raise UsageError(
                f"{given[-1]}: {file} sets {key}, which is then not chosen. "
                f"Write {error.group}=[{choices}], or take its settings away too: ~{key}"
            ) from error
        raise UsageError(
            f"{file}: it sets {key}, and nothing chooses that {error.group}. "
            f"A file chooses in its defaults: '- {choice(error.group, error.choice)}'."
        ) from error


def _file(files: Any, path: str, key: str) -> str | None:
    """The file that sets a dotted key: an experiment's, or one of those that its defaults name."""
    found = files.read(path)
    if found is None:
        return None
    if isinstance(found.config, DictConfig) and OmegaConf.select(found.config, key) is not None:
        return f"{found.path.removeprefix('file://')}/{path}.yaml"
    folder = path.rpartition("/")[0]
    below = [
        name if name.startswith("/") else f"{folder}/{name}"
        for each in found.defaults_list or ()
        if isinstance(each, ConfigDefault) and (name := str(each.path)) != "_self_"
    ]
    return next(filter(None, (_file(files, each.lstrip("/"), key) for each in below)), None)
