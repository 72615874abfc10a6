"""The keys of a configuration, and the one that a word stands for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from omegaconf import DictConfig

from gan_cli.players import OPTIMIZER, PLAYERS, of_both
from gan_cli.synonyms import SYNONYMS, same

SEVERAL = ("metric", "regularizer")
"""The groups of which a run may choose several; each choice stands under its own name."""
OF_EVERY = {"architecture": ("latent", "packing", "prior", "spectral_norm")}
"""What each choice of a group has, also where the file of one of the user's own leaves it out."""
NOTHING = ("", "false", "no", "none", "null", "off")
"""How people write that they want nothing of a group."""
ASKED_FOR = ("hydra.run.dir", "hydra.sweep.dir", "hydra.verbose")
"""The settings of Hydra's own that people look for."""
OF_ONE = tuple(f"{OPTIMIZER}.{player}." for player in PLAYERS)


def keys(config: DictConfig, path: str = "") -> list[str]:
    """The dotted keys of a configuration, groups of settings among them, without Hydra's part."""
    found = []
    for key in config:
        if key not in ("hydra", "name"):
            node = config._get_node(key)
            found.append(f"{path}{key!s}")
            if isinstance(node, DictConfig) and not node._is_none():
                found += keys(node, f"{path}{key!s}.")
    return found


def flat(values: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    """The single values of nested settings, each with its dotted key."""
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{within}{key}.")
        else:
            yield f"{within}{key}", value


def namesakes(word: str, config: DictConfig) -> list[str]:
    """The keys whose last part is that of a word, or what it is called here; the outermost first.

    A setting that both players have is told once, unless the word names a player.
    """
    ends = _ends(config)
    head, _, last = word.rpartition(".")
    called = same(last, {*ends.values(), *ends})
    if called in ends and "." in str(called):
        return [str(called)]
    within = [key for key in ends if head and key.endswith(f".{head}.{called}")]
    return within or _outermost([key for key in _alone(ends, config) if ends[key] == called])


def ending_with(word: str, config: DictConfig) -> list[str]:
    """The keys that end with a word or what it is called here, such as generator_widths, widths."""
    ends, last = _ends(config), word.rpartition(".")[2]
    endings = tuple(f"_{name}" for name in (last, *SYNONYMS.get(last, ())))
    return _outermost([key for key in _alone(ends, config) if ends[key].endswith(endings)])


def _ends(config: DictConfig) -> dict[str, str]:
    """The last part of each key, those among them that set something for both players."""
    return {key: key.rpartition(".")[2] for key in [*of_both(config), *keys(config), *ASKED_FOR]}


def _alone(found: Iterable[str], config: DictConfig) -> list[str]:
    """Keys without those of a player that have one for both."""
    shared = of_both(config)
    return [key for key in found if key in shared or not _is_shared(key, shared)]


def _outermost(found: Iterable[str]) -> list[str]:
    return sorted(found, key=lambda key: key.count("."))


def _is_shared(key: str, shared: list[str]) -> bool:
    """Whether a player's key has one that sets it for both."""
    own = next((one for one in OF_ONE if key.startswith(one)), None)
    return own is not None and f"{OPTIMIZER}.{key.removeprefix(own)}" in shared
